"""Reading: one page for whoever is on duty, any record, everything about a person."""

import re
from pathlib import Path

import pytest

from arpc import loading
from arpc.pages import record
from tests.conftest import EXAMPLES, ROOT, Run, change

GOLDEN = ROOT / "tests" / "golden" / "show"
PAGES = {
    "duty-england": ("C-FK",),
    "duty-scotland": ("C-HB",),
    "session": ("C-FK", "N-004"),
    "statement": ("C-FK", "N-004#S3"),
    "allegation": ("C-FK", "A-02"),
    "judgement": ("C-FK", "J-01#J1"),
    "child": ("C-FK", "P-03"),
    "convicted-man": ("C-HB", "P-01"),
}
E01 = "cases/C-FK6SY95T/escalations/E-01.yaml"


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_read_in_review(practice: Path, run: Run, golden, name: str) -> None:
    code, out, _ = run("show", *PAGES[name])
    assert code == 0
    golden(GOLDEN / f"{name}.txt", out)


def every_id() -> list[tuple[str, str]]:
    cases = sorted((EXAMPLES / "cases").iterdir())
    return [(c.name, r.id) for c in cases for r in loading.load(c, "").file.records]


@pytest.mark.parametrize(("columns", "turn"), [(60, 0), (80, 1), (100, 2)])
def test_nothing_is_wider_than_the_screen(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch, columns: int, turn: int
) -> None:
    """Both cases at every width, and every record at one of them."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in (("C-FK",), ("C-HB",), *every_id()[turn::3]):
        code, out, _ = run("show", *words)
        assert code == 0
        assert max(map(len, out.splitlines())) <= columns, words
        assert "\x1b" not in out


@pytest.mark.parametrize("case", ["C-FK6SY95T", "C-HB6GD1GT"])
def test_a_record_is_shown_whole(practice: Path, run: Run, case: str) -> None:
    """Every text that somebody wrote stands on the page of its record, in order."""
    for made in loading.load(practice / "cases" / case, "").file.records:
        if made.kind.name == "person":
            continue
        shown = squeezed(run("show", case, made.key).out)
        for _, text in made.prose:
            for part in text.split("\n\n"):
                plain = re.sub(r"\W", "", part.replace("_", " "))
                assert plain in shown or is_word(part), (made.id, part)


def squeezed(text: str) -> str:
    return re.sub(r"\W", "", text.replace("_", " "))


def is_word(text: str) -> bool:
    """A word of the schema, an id or a date, which is printed in words."""
    return bool(re.fullmatch(r"[a-z_0-9]+|[A-Z]{1,2}(-?[0-9]+)?(#[A-Z][0-9]+)?|[0-9-]+", text))


def test_every_place_on_a_persons_page_is_where_it_says(practice: Path, run: Run) -> None:
    shown = " ".join(run("show", "C-FK", "P-03").out.split())
    found = re.findall(r"[A-Z]-\d+#(S\d+) .*? (cases/\S+\.yaml):(\d+):5", shown)
    assert len(found) > 25
    for entry, file, line in found:
        text = (practice / file).read_text("utf-8").splitlines()[int(line) - 1]
        assert text == f"  - id: {entry}"


def test_what_is_unproved_is_always_called_alleged(practice: Path, run: Run) -> None:
    statuses = (
        *("alleged_nfa_police", "alleged_nfa_prosecutor", "alleged_not_reported", "acquitted"),
        *("finding_not_made", "withdrawn", "concern_only", "unknown"),
    )
    path = practice / "cases/C-FK6SY95T/basis/A-01.yaml"
    text = path.read_text("utf-8")
    for status in statuses:
        path.write_text(text.replace("alleged_nfa_police", status), "utf-8")
        for words in ((), ("A-01",), ("P-07",)):
            assert "ALLEGED, not proved" in run("show", "C-FK", *words).out
        assert "PROVED," not in run("show", "C-FK").out


def test_an_open_concern_stands_on_the_page_until_it_is_closed(practice: Path, run: Run) -> None:
    assert "none recorded; the last, E-01, was closed" in run("show", "C-FK").out
    change(practice / E01, "closed: 2026-05-14\n", "")
    assert "E-01  contact breach, 23 April 2026, Ruby Osei, Jonah Osei:" in run("show", "C-FK").out


def test_what_nobody_may_read_is_named_by_record_and_not_by_its_words(
    practice: Path, run: Run
) -> None:
    path = practice / "cases/C-FK6SY95T/sessions/N-008.yaml"
    change(path, "    not_for: [man]", "    share: none\n    not_for: [man]")
    out = " ".join(run("show", "C-FK").out.split())
    assert "not for anybody, in part or whole: N-008" in out
    assert "said by Carly Whitham (P-02); for nobody, not for the man" in run(
        "show", "C-FK", "N-008"
    ).out.replace("\n", " ")


def test_a_case_of_which_little_is_known_says_so(practice: Path, run: Run) -> None:
    folder = practice / "cases/C-FK6SY95T"
    for name in ("basis", "arrangements", "sessions", "escalations"):
        for path in (folder / name).iterdir():
            path.unlink()
    (folder / "referral.yaml").unlink()
    out = run("show", "C-FK").out
    assert "proved: none recorded" in out
    assert out.count("not recorded") >= 6
    assert out.count("none recorded") >= 6


def test_a_record_that_cannot_be_relied_on_is_named_on_the_page(practice: Path, run: Run) -> None:
    change(practice / "cases/C-FK6SY95T/case.yaml", "nation: england", "nation: narnia")
    change(practice / E01, "type: contact_breach", "type: [")
    code, out, _ = run("show", "C-FK")
    assert code == 0
    assert f"Not on this page\n  cases/C-FK6SY95T/case.yaml cannot be relied on\n  {E01}" in out
    code, _, err = run("show", "C-FK", "E-01")
    assert (code, f"{E01} cannot be relied on" in err) == (2, True)


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (("C-FK", "N-99"), "N-99 does not exist in C-FK6SY95T", "near it: N-009"),
        (("C-FK", "N-004#S9"), "N-004#S9 does not exist", "N-004#S"),
        (("C-FK", "P-0"), "9 ids begin with P-0", "one of P-01, P-02"),
        (("C-FK", "N-001", "S1"), "too many words", "name the case"),
        (("P-03",), "which case?", "`arpc list` shows them"),
        (("C-ZZ",), "no such case", "`arpc list`"),
    ],
)
def test_a_slip_is_answered_with_what_to_do(
    practice: Path, run: Run, words: tuple[str, ...], message: str, hint: str
) -> None:
    code, out, err = run("show", *words)
    assert (code, out) == (2, "")
    assert message in err
    assert hint in err


@pytest.mark.parametrize(
    "words", ["N-004", "n-004", "sessions/N-004.yaml", "referral", "case", "P-03"]
)
def test_inside_its_folder_a_case_need_not_be_named(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(practice / "cases/C-FK6SY95T")
    assert run("show", words).code == 0
    assert "C-FK6SY95T on 10 June 2026" in run("show").out


def test_the_beginning_of_an_id_will_do_where_only_one_begins_so(practice: Path) -> None:
    file = loading.load(practice / "cases/C-FK6SY95T", "").file
    assert record.find(file, "j-").id == "J-01"
    assert record.find(file, "N-013#s6").citation == "N-013#S6"
    assert record.find(file, "N-004#S3").citation == "N-004#S3"


def test_help_says_that_words_of_records_are_shown(run: Run) -> None:
    assert "prints the words of records" in " ".join(run("show", "--help").out.split())
