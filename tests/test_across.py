"""Across cases: who may stand in two of them, links on both sides, history copied with its source."""

from pathlib import Path

import pytest

from arpc import likeness, loading
from tests.conftest import ENGLAND, SCOTLAND, Run, with_header


@pytest.fixture(autouse=True)
def _kassar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARPC_STAFF", "LK")


def two(tmp_path: Path, one: str, other: str) -> tuple[str, ...]:
    """The reasons why the persons of two cases may be one."""
    files = []
    for name, text in (("C-7K3Q9X2F", one), ("C-HB6GD1GT", other)):
        folder = tmp_path / name
        for file, content in {"case.yaml": "", "people/P-01.yaml": text}.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(with_header(file, content).replace("C-7K3Q9X2F", name), "utf-8")
        loaded = loading.load(folder, name)
        assert loaded.findings == ()
        files.append(loaded.file)
    found = likeness.find(files)
    return found[0].reasons if found else ()


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ("name: Zoë Brown", "name: BROWN Zoe", ("the same name",)),
        ("name: Zoe Brown", "name: Zoe Browne", ()),
        ("name: Zoe Brown\nknown_as: [Zo]", "name: Zo", ("a name that both are known by",)),
        (
            "name: Zoe Brown\nborn: 1980-02-03",
            "name: Zoe Brown\nborn: 1980-02-03",
            ("the same name", "the same date of birth"),
        ),
        ("name: Zoe Brown\nborn: 1980-02-03", "name: Zoe Brown\nborn: 1980-02-04", ()),
        ("name: Zoe Brown\nborn: 1980-02-03", "name: Zoe Brown\nborn: 1980", ("the same name",)),
        (
            "name: Zoe Brown\nborn: 1980-02-03",
            "name: Zoe Green\nborn: 1980-02-03",
            ("the same date of birth", "a part of a name in common"),
        ),
        ("name: Zoe Brown\nborn: 1980-02-03", "name: Ann Green\nborn: 1980-02-03", ()),
        (
            "name: Zoe Brown\nroles: [professional]",
            "name: Zoe Brown\nroles: [professional]",
            (),
        ),
        ("name:", "name:", ()),
    ],
)
def test_two_may_be_one_by_names_and_date_of_birth(tmp_path: Path, one, other, reasons) -> None:
    assert two(tmp_path, f"{one}\n", f"{other}\n") == reasons


def test_alike_names_nobody_and_says_whether_the_cases_are_linked(practice: Path, run: Run) -> None:
    assert run("alike")[1] == "nobody in two cases, as far as names and dates of birth show\n"
    path = practice / f"cases/{SCOTLAND}/people/P-01.yaml"
    text = path.read_text("utf-8").replace("name: Alexander Rennie", "name: neil STANWORTH")
    path.write_text(text.replace("born: 1972", "# born: 1972"), "utf-8")
    _, out, _ = run("alike")
    assert out.startswith(f"{ENGLAND} P-01 and {SCOTLAND} P-01, not linked\n    the same name\n")
    assert "tanworth" not in out.casefold()
    assert run("link", SCOTLAND, "-c", ENGLAND, "--why", "Same man.")[0] == 0
    assert f"{SCOTLAND} P-01, linked\n" in run("alike", ENGLAND)[1]


def test_a_link_stands_in_both_cases_once(practice: Path, run: Run) -> None:
    words = ["link", SCOTLAND, "-c", ENGLAND, "--how", "same_man", "--why", "His own account."]
    assert run(*words)[0] == 0
    for here, there in ((ENGLAND, SCOTLAND), (SCOTLAND, ENGLAND)):
        [entry] = loading.load(practice / "cases" / here, "").file.case.data["links"]
        assert (entry["case"], entry["how"], entry["by"]) == (there, "same_man", "LK")
        assert f"linked to {there}: same man" in run("status", here)[1]
    assert "are linked already" in run(*words)[2]
    assert run("validate", "--strict")[0] == 0


def test_history_is_carried_over_as_a_draft_that_names_its_source(practice: Path, run: Run) -> None:
    _, out, _ = run("new-case", "--man", "Alexander Rennie", "--child", "A", "--carer", "B")
    new = out.split("cases/")[1].split()[0]
    code, out, err = run(
        *("link", SCOTLAND, "-c", new, "--how", "re_referral", "--why", "Referred again."),
        *("--carry", "P-01", "--carry", "A-01"),
    )
    assert code == 0, err
    assert "carried over into P-01, A-01: read it, then finish it\n" in out
    file = loading.load(practice / "cases" / new, "").file
    source = loading.load(practice / "cases" / SCOTLAND, "").file
    man, basis = file.places["P-01"].data, file.places["A-01"].data
    assert (man["name"], man["status"]) == ("Alexander Rennie", "draft")
    assert man["background"].strip() == source.places["P-01"].data["background"].strip()
    assert basis["what"].strip() == source.places["A-01"].data["what"].strip()
    assert not basis["evidence"] and not basis["positions"]
    for data, old in ((man, "P-01"), (basis, "A-01")):
        assert data["copied"] == {"from": SCOTLAND, "id": old, "date": "2026-06-10"}
    assert run("validate", new)[0] == 0


def test_nothing_else_is_carried_over(practice: Path, run: Run) -> None:
    before = (practice / f"cases/{ENGLAND}/people/P-01.yaml").read_bytes()
    _, _, err = run("link", SCOTLAND, "-c", ENGLAND, "--why", "x", "--carry", "P-03")
    assert "P-03 cannot be carried over" in err
    assert not loading.load(practice / "cases" / ENGLAND, "").file.case.data.get("links")
    assert (practice / f"cases/{ENGLAND}/people/P-01.yaml").read_bytes() == before


def test_a_new_case_says_where_somebody_may_be_already(practice: Path, run: Run) -> None:
    _, _, err = run("new-case", "--man", "stanworth neil", "--child", "A", "--carer", "B")
    assert f"somebody of this case may be in {ENGLAND} too: `arpc alike`" in err
