"""Findings for other programs, and the commit hook that refuses only what a commit makes worse."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from sarif_pydantic import Sarif

from arpc import practising
from tests.conftest import ENGLAND, ROOT, Run, change


@pytest.fixture
def committed(practice: Path) -> Path:
    """A copy of the practice folder in git, all of it committed; we stand in it."""
    git(practice, "init", "-q")
    commit(practice)
    return practice


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "records")


def session(folder: Path, number: int) -> Path:
    return folder / f"cases/{ENGLAND}/sessions/N-{number:03d}.yaml"


def test_findings_as_sarif_are_read_by_a_sarif_library(committed: Path, run: Run) -> None:
    change(session(committed, 1), "with: man", "with: mann")
    (committed / f"cases/{ENGLAND}/sessions/ä b.yaml").write_text("x: y\n")
    code, out, _ = run("validate", "--format", "sarif")
    assert code == 1
    found = Sarif.model_validate(json.loads(out))
    assert found.version == "2.1.0"
    results = {r.rule_id: r for r in found.runs[0].results}
    place = results["not-a-permitted-word"].locations[0].physical_location
    assert place.artifact_location.uri == f"cases/{ENGLAND}/sessions/N-001.yaml"
    assert (place.region.start_line, place.region.start_column) == (8, 7)
    assert results["not-a-permitted-word"].level.value == "error"
    stray = results["file-of-no-kind"].locations[0].physical_location.artifact_location.uri
    assert stray.endswith("sessions/%C3%A4%20b.yaml")


def test_findings_for_github_are_one_escaped_command_a_line(committed: Path, run: Run) -> None:
    change(session(committed, 1), "with: man", "with: mann")
    _, out, _ = run("validate", "--format", "github")
    [line] = [line for line in out.splitlines() if "not-a-permitted-word" in line]
    assert line.startswith(
        f"::error file=cases/{ENGLAND}/sessions/N-001.yaml,line=8,col=7,"
        "title=not-a-permitted-word (practice)::found mann, expected a permitted word; did you"
    )
    assert all(line.startswith("::") for line in out.splitlines())


def test_the_hook_definition_is_one_that_pre_commit_reads() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def test_a_commit_that_makes_nothing_worse_passes(committed: Path, run: Run) -> None:
    path = committed / f"cases/{ENGLAND}/people/P-09.yaml"
    change(path, "contact: |\n", "contact: |\n  By letter only.\n")
    git(committed, "add", "-A")
    assert run("validate", "--staged")[0] == 0


def test_what_a_commit_makes_worse_is_refused_and_what_stood_there_is_not(
    committed: Path, run: Run
) -> None:
    change(session(committed, 1), "with: man", "with: mann")
    commit(committed)
    change(session(committed, 2), "with: carer", "with: carrer")
    change(session(committed, 1), "where: ", "# moved down a line\nwhere: ")
    git(committed, "add", "-A")
    change(session(committed, 3), "with: agency", "with: agenci")  # not staged
    code, out, err = run("validate", "--staged")
    assert code == 1
    assert "N-002.yaml:8:7: error: found carrer" in out
    assert "mann" not in out and "agenci" not in out
    assert "stood there before this commit" in err


@pytest.mark.skipif(sys.platform == "win32", reason="the hook is a script")
@pytest.mark.parametrize("words", [("-a",), ("--only",)], ids=" ".join)
def test_a_hook_sees_what_is_committed_without_being_staged_first(
    committed: Path, words: tuple[str, ...]
) -> None:
    """Git makes a list of its own for such a commit, and says to the hook where it lies."""
    hook = committed / ".git/hooks/pre-commit"
    command = shlex.join([sys.executable, "-m", "arpc", "validate", "--staged"])
    hook.write_text(f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {command}\n")
    hook.chmod(0o755)
    wrong = session(committed, 2)
    change(wrong, "with: carer", "with: carrer")
    paths = [str(wrong)] if words == ("--only",) else []
    by = ("-c", "user.name=LK", "-c", "user.email=lk@example.org")
    command_line = ["git", *by, "commit", "-m", "x", *words, *paths]
    done = subprocess.run(command_line, cwd=committed, capture_output=True, text=True, check=False)
    assert (done.returncode, "found carrer" in done.stdout + done.stderr) == (1, True)


def test_somebody_may_mend_one_of_several_broken_files(committed: Path, run: Run) -> None:
    for number in (1, 2):
        change(session(committed, number), "with: ", "with: x")
    commit(committed)
    change(session(committed, 1), "with: x", "with: ")
    git(committed, "add", "-A")
    assert run("validate", "--staged")[0] == 0


def test_the_first_commit_of_all_counts_everything(tmp_path: Path, run: Run, monkeypatch) -> None:
    folder = tmp_path / "new"
    practising.copy(folder)
    monkeypatch.chdir(folder)
    git(folder, "init", "-q")
    change(session(folder, 1), "with: man", "with: mann")
    git(folder, "add", "-A")
    code, out, _ = run("validate", "--staged")
    assert code == 1 and "found mann" in out


def test_outside_of_git_it_says_so(tmp_path: Path, run: Run, monkeypatch) -> None:
    practising.copy(tmp_path / "plain")
    monkeypatch.chdir(tmp_path / "plain")
    code, _, err = run("validate", "--staged")
    assert code == 2 and "this folder is no git repository" in err
