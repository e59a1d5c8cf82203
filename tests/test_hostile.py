"""What somebody else may have put into a folder is refused or printed harmlessly, and no command hangs.

A sample of `python -m tests.hostile.measure`, which tries everything with every command and says what it took.
"""

import json
import subprocess
import sys
from pathlib import Path

import icalendar
import pytest

from tests.conftest import ROOT, Run
from tests.hostile import inputs, meanings, programs
from tests.hostile.commands import CASE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are given by fork")

SAMPLES = {
    "no plain files": (
        *("a record is a pipe", "a record is twenty gigabytes"),
        *("the service file is twenty gigabytes", "a template is a pipe"),
    ),
    "texts": (
        *(
            "a record of block scalars",
            "a record of a million names",
            "the service file of many keys",
        ),
        "a record of an unknown key with a record's text",
    ),
    "names and meanings": (
        *("a record called by bytes that are no text", "a case called by a line break"),
        *("everything on 9999-12-31", "thirty in a ring of parents"),
    ),
    "programs": (
        *("a template that loops in loops", "a repository that sets filter.x.process"),
        *("a repository that sets core.excludesFile", "a repository that points to a device"),
    ),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_nothing_that_others_may_have_written_stops_a_command_or_speaks_through_it(
    sample: str,
) -> None:
    words = [sys.executable, "-m", "tests.hostile.measure", "--few", *SAMPLES[sample]]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_that_is_hostile_can_be_made(practice: Path) -> None:
    everything = inputs.everything()
    assert len(everything) > 300
    assert {name for names in SAMPLES.values() for name in names} <= set(everything)


def test_schemas_and_patterns_are_the_tools_own_alone(practice: Path, run: Run) -> None:
    before = run("validate", "--format", "json", CASE).out
    inputs.everything()["a folder of schemas and patterns of its own"](practice)
    (practice / f"cases/{CASE}/sessions/N-060.yaml").unlink()
    told = json.loads(run("validate", "--format", "json").out)["findings"]
    of_service = [f["message"] for f in told if f["file"] == "service.yaml"]
    assert len(of_service) == 2 and all("unknown key" in each for each in of_service)
    strays = {f["rule"] for f in told if "/schemas/" in f["file"]}
    assert strays <= {"file-of-no-kind"}
    assert json.loads(before)["findings"] == [f for f in told if f["file"] in before]


def test_no_line_of_a_text_becomes_a_line_of_a_calendar(practice: Path, run: Run) -> None:
    before = run("due", "--format", "ics").out
    meanings.calendar_lines()(practice)
    after = run("due", "--format", "ics").out
    wanted = [{line.partition(":")[0] for line in text.splitlines()} for text in (before, after)]
    assert wanted[1] <= {*wanted[0]} | {line for line in wanted[1] if line.startswith(" ")}
    events = icalendar.Calendar.from_ical(after).walk("VEVENT")
    assert len(events) == after.count("\r\nBEGIN:VEVENT\r\n")
    assert {str(event["SUMMARY"]) for event in events}.isdisjoint({"b"})


def test_a_pipe_of_a_folder_is_said_to_be_one_and_git_is_not_started(
    practice: Path, run: Run
) -> None:
    everything = inputs.everything()
    everything["a repository whose attributes are a pipe"](practice)
    told = run("history", CASE)
    assert told.code == 2
    assert ".git/info/attributes is nothing that git should read" in told.err


def test_what_a_folder_includes_into_gits_settings_is_not_read(practice: Path, run: Run) -> None:
    inputs.everything()["a repository that sets include.path"](practice)
    told = run("status", CASE, "--as-known-on", "2026-06-01")
    assert told.code == 2
    assert "git settings run programs: include.path" in told.err


def test_no_filter_of_a_folder_opens_its_history(practice: Path, run: Run) -> None:
    inputs.everything()["a repository that sets filter.x.process"](practice)
    assert run("history", CASE, "N-001").code in (0, 2)
    assert run("undo", CASE).code == 2
    assert not Path(programs.RAN).exists()


def test_a_commit_of_a_year_that_no_calendar_has_is_told_of(practice: Path, run: Run) -> None:
    programs.git(practice, "init", "--quiet", "--initial-branch=main")
    programs.git(practice, "add", "--all")
    far = {f"GIT_{role}_DATE": "@999999999999 +0000" for role in ("AUTHOR", "COMMITTER")}
    programs.git(practice, "commit", "--quiet", "-m", "all", **far)
    for words in (("history", CASE), ("status", CASE, "--as-known-on", "2026-06-01")):
        told = run(*words)
        assert told.code == 2
        assert "a commit here is of a day that there is not" in told.err


def test_an_author_who_is_called_by_a_separator_is_shown(practice: Path, run: Run) -> None:
    inputs.everything()["a repository with an author of escapes"](practice)
    told = run("history", CASE)
    assert told.code == 0
    assert "[31mEve\\x07\\u202e\\ttab" in told.out  # git itself takes the first away
