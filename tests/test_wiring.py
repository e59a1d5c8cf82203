"""What git is told so that it seals: its settings, the attributes and the hooks, and what of others stays."""

import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from arpc.errors import ArpcError
from arpc.sealing import wiring
from tests.sealed import git


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def test_the_attributes_stand_last_and_once_and_what_others_laid_there_stays(
    tmp_path: Path,
) -> None:
    path = tmp_path / "info" / "attributes"
    wiring.lay_attributes(tmp_path)
    assert lines(path) == [wiring.ATTRIBUTES]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644 or sys.platform == "win32"
    path.write_text(f"{wiring.ATTRIBUTES}\n*.pdf binary\ncases/** -filter\n")
    wiring.lay_attributes(tmp_path)
    wiring.lay_attributes(tmp_path)
    assert lines(path) == ["*.pdf binary", "cases/** -filter", wiring.ATTRIBUTES]


def test_attributes_that_are_as_they_should_be_are_not_written_again(tmp_path: Path) -> None:
    wiring.lay_attributes(tmp_path, wiring.PLAIN_ATTRIBUTES)
    before = (tmp_path / "info" / "attributes").stat().st_ino
    wiring.lay_attributes(tmp_path, wiring.PLAIN_ATTRIBUTES)
    assert (tmp_path / "info" / "attributes").stat().st_ino == before


def test_every_hook_is_one_that_git_can_start(tmp_path: Path) -> None:
    wiring.lay_hooks(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(wiring.HOOKS)
    for path in tmp_path.iterdir():
        assert path.read_text() == wiring.hook(path.name)
        assert stat.S_IMODE(path.stat().st_mode) == 0o755 or sys.platform == "win32"


def test_a_hook_of_somebody_else_is_kept_and_none_of_ours_is_laid_beside_it(tmp_path: Path) -> None:
    (tmp_path / "pre-push").write_text("#!/bin/sh\nmake test\n")
    with pytest.raises(ArpcError, match="there is a pre-push hook here already") as refused:
        wiring.lay_hooks(tmp_path)
    assert wiring.command("hook", "pre-push") in refused.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["pre-push"]


def test_hooks_of_ours_are_brought_up_to_date(tmp_path: Path) -> None:
    wiring.lay_hooks(tmp_path)
    (tmp_path / "pre-push").write_text(wiring.hook("pre-push").replace("exec", "exec /old/python"))
    wiring.lay_hooks(tmp_path)
    assert (tmp_path / "pre-push").read_text() == wiring.hook("pre-push")


def test_what_arpc_itself_commits_goes_by_hooks_of_its_own_which_look_into_no_message(
    tmp_path: Path,
) -> None:
    folder = wiring.own_hooks(tmp_path)
    assert folder == tmp_path / "arpc" / "hooks"
    assert sorted(p.name for p in folder.iterdir()) == [
        "pre-commit",
        "pre-merge-commit",
        "pre-push",
    ]
    (folder / "pre-commit").write_text("#!/bin/sh\nexit 0\n")
    (folder / "pre-push").unlink()
    untouched = (folder / "pre-merge-commit").stat().st_ino
    wiring.own_hooks(tmp_path)
    for path in folder.iterdir():
        assert path.read_text() == wiring.hook(path.name)
        assert path.stat().st_mode & 0o111 or sys.platform == "win32"
    assert (folder / "pre-merge-commit").stat().st_ino == untouched


def test_a_clone_made_from_the_template_seals_from_the_first_moment(tmp_path: Path) -> None:
    wiring.lay_template(tmp_path / "template")
    git(tmp_path, "init", "-q", f"--template={tmp_path / 'template'}", "clone")
    assert lines(tmp_path / "clone" / ".git" / "info" / "attributes") == [wiring.ATTRIBUTES]
    assert (tmp_path / "clone" / ".git" / "hooks" / "pre-commit").is_file()


def test_nothing_that_is_said_for_all_of_a_users_repositories_changes_the_others() -> None:
    assert {key.rpartition(".")[0] for key in wiring.for_every_clone()} == {
        "filter.arpc",
        "diff.arpc",
        "merge.arpc",
    }
    assert {*wiring.merging()} == {"merge.arpc.name", "merge.arpc.driver"}
    assert wiring.settings().keys() > wiring.for_every_clone().keys()


def test_git_starts_the_interpreter_under_one_name_whichever_started_arpc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [inside, *_] = shlex.split(wiring.command("process"))
    assert Path(inside).parent.parent == Path(sys.prefix)
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    [outside, *_] = shlex.split(wiring.command("process"))
    assert outside == str(Path(sys.executable).resolve())


@pytest.mark.skipif(sys.platform == "win32", reason="the other system is put on")
def test_paths_are_such_as_the_shell_of_git_takes_on_each_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "prefix", "/opt/one\\name")
    assert shlex.split(wiring.command())[0] == "/opt/one\\name/bin/python"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "prefix", "C:\\arpc")
    assert shlex.split(wiring.command())[0] == "C:/arpc/Scripts/python.exe"


def test_what_git_starts_is_shut_off_from_what_lies_around_it(tmp_path: Path) -> None:
    """Neither a module in the folder where git stands nor a setting of Python is taken for one of ours."""
    for name in ("arpc", "time", "pathlib", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken from the folder')\n")
    hook = shlex.split(wiring.command("hook", "pre-commit"))
    around = {"PYTHONPATH": str(tmp_path), "PYTHONSTARTUP": str(tmp_path / "arpc.py")}
    done = subprocess.run(hook, cwd=tmp_path, env=around, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
