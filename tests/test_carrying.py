"""A new analysis or follow-up begins as the last one ended, and waits to be confirmed part by part."""

from pathlib import Path

import pytest

from arpc import loading, yamldoc
from tests.conftest import ENGLAND, SCOTLAND, Run


@pytest.fixture(autouse=True)
def _drever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARPC_STAFF", "RD")


def test_a_new_analysis_begins_as_the_last_one_ended(practice: Path, run: Run) -> None:
    folder = practice / "cases" / SCOTLAND
    code, out, err = run("add", "analysis", "--case", SCOTLAND)
    assert code == 0, err
    assert "it begins as J-02 ended; take out of `carried` what you looked at again" in out
    text = (folder / "analysis/J-03.yaml").read_text("utf-8")
    made, before = (
        yamldoc.read("", (folder / f"analysis/{n}.yaml").read_bytes()).doc for n in ("J-03", "J-02")
    )
    assert made and before
    assert (made.data["id"], made.data["status"], made.data["date"]) == (
        "J-03",
        "draft",
        "2026-06-10",
    )
    for key in ("summary", "factors", "judgements", "recommendations", "gaps", "carers"):
        assert made.data[key] == before.data[key]
    assert not {"copies", "letters", "written"} & set(made.data), "these are of their own time"
    waiting = made.data["carried"]["unconfirmed"]
    assert made.data["carried"]["from"] == "J-02"
    assert {"summary", "F1", "J1", "R1", "gaps", "carers", "contact"} <= set(waiting)
    assert text.count("\n\n\n") == 0


def test_it_cannot_be_finished_before_each_part_was_looked_at(practice: Path, run: Run) -> None:
    run("add", "analysis", "--case", SCOTLAND)
    code, out, _ = run("finish", "J-03", "--case", SCOTLAND)
    assert (code, "parts of J-02 unconfirmed: summary, " in out.replace("\n", " ")) == (1, True)
    path = practice / f"cases/{SCOTLAND}/analysis/J-03.yaml"
    text = path.read_text("utf-8")
    head, _, tail = text.partition("  unconfirmed:\n")
    path.write_text(f"{head}  unconfirmed: []\n", "utf-8")
    assert tail.startswith("    - summary\n")
    assert run("finish", "J-03", "--case", SCOTLAND).code == 0


def test_a_follow_up_carries_the_areas_and_asks_everything_of_its_own_time_anew(
    practice: Path, run: Run
) -> None:
    run("add", "followup", "point=meeting_3y", "--case", SCOTLAND)
    made = loading.load(practice / "cases" / SCOTLAND, SCOTLAND).file.followups[-1]
    assert (made.id, made.point, made.done, made.harm) == ("F-05", "meeting_3y", None, "")
    assert [area.area for area in made.areas] == list(made.unconfirmed)
    assert made.carried_from == "F-03"


def test_the_first_of_its_kind_and_a_fresh_one_begin_from_nothing(practice: Path, run: Run) -> None:
    assert "begins as" not in run("add", "followup", "--case", ENGLAND).out
    assert "begins as" not in run("add", "analysis", "--fresh", "--case", SCOTLAND).out
    text = (practice / f"cases/{SCOTLAND}/analysis/J-03.yaml").read_text("utf-8")
    assert "\ncarried:" not in text


def test_a_case_with_something_carried_is_otherwise_sound(practice: Path, run: Run) -> None:
    run("add", "analysis", "--case", SCOTLAND)
    assert run("validate", SCOTLAND).code == 0


def test_a_draft_that_waits_already_is_named_before_another_is_made(
    practice: Path, run: Run
) -> None:
    said = "is a draft already: `arpc edit"
    assert said not in run("add", "analysis", "--case", SCOTLAND).err
    assert "J-03 is a draft already: `arpc edit J-03`" in run("add", "analysis", "-c", SCOTLAND).err
    assert said not in run("add", "supervision", "-c", SCOTLAND, "--as", "AS").err
    ran = run("add", "supervision", "note=We talked.", "-c", SCOTLAND, "--as", "AS")
    assert "V-09 is a draft already" in ran.err
    ran = run("add", "supervision", "-c", SCOTLAND, "--as", "AS")
    assert "V-09 is a draft already: `arpc edit V-09`" in ran.err and "V-10" not in ran.err
