"""What is checked of git: its settings, its hooks, what is half done in it, and what it keeps."""

import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from arpc import disk, gitrepo, halfway, placing
from arpc.doctoring.words import Place, State, Told, named
from arpc.sealing import wiring

_PASSWORD = re.compile(r"[a-z+]+://[^/@\s]*:[^/@\s]+@")
_HALF_DONE = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "BISECT_LOG": "a bisection",
}
# Git's, and not our own, whose name begins with a dot: that is a file that stays.
_LOCKS = ("[!.]*.lock", "refs/**/*.lock", "reftable/*.lock")
_MINUTES = 10  # what git does with a lock takes seconds


def git_settings(at: Place) -> Iterator[Told]:
    """Whether git's settings run foreign programs, undo sealing, or tell a password.

    A folder that somebody sent can bring settings with it; arpc runs none of them, but git does.
    """
    if at.root is None or not _has_git(at):
        return
    told = gitrepo.all_told(at.root)
    fine = True
    if foreign := gitrepo.foreign_settings(at.root):
        fine = False
        hint = (
            "take them out of .git/config if you did not put them there; `arpc install` writes ours"
        )
        yield Told(State.PROBLEM, f"settings here run programs: {named(foreign)}", hint)
    if at.is_sealed:
        ours = {key.lower(): value for key, value in wiring.settings().items()}
        if other := sorted(key for key, value in ours.items() if told.get(key) != value):
            fine = False
            found = f"git is not told to seal as this arpc does: {named(other)}"
            yield Told(State.PROBLEM, found, "arpc install")
        attributes = at.git / "info" / "attributes" if at.git else Path()
        lines = attributes.read_text("utf-8").splitlines() if attributes.is_file() else []
        if lines[-1:] != [wiring.ATTRIBUTES]:
            fine = False
            yield Told(State.PROBLEM, "git is not told which files are sealed", "arpc install")
    elif told.get("core.autocrlf", "false") not in ("false", "input"):
        fine = False
        hint = "git config core.autocrlf false"
        yield Told(State.NOTE, "git writes line ends anew: final records differ by them", hint)
    if secret := [k for k, v in told.items() if k.startswith("remote.") and _PASSWORD.match(v)]:
        fine = False
        hint = "`git remote set-url` without it, and change the password; ssh needs none"
        yield Told(State.PROBLEM, f"a password lies readable in {named(secret)}", hint)
    if fine:
        yield Told(State.OK, "git's settings are as they should be")


def hooks(at: Place) -> Iterator[Told]:
    """Whether git asks arpc before it stores or sends anything, and runs nothing else."""
    if at.root is None or at.git is None or not _has_git(at):
        return
    folder = at.git / "hooks"
    others = sorted(path.name for path in folder.glob("*") if path.suffix != ".sample")
    fine = True
    if at.is_sealed:
        if elsewhere := gitrepo.all_told(at.root).get("core.hookspath"):
            fine = False
            hint = "git config --unset core.hooksPath; it may stand in ~/.gitconfig"
            yield Told(State.WARNING, f"git looks for hooks elsewhere: {elsewhere}", hint)
        for name in wiring.HOOKS:
            others = [each for each in others if each != name]
            if why := _not_ours(folder / name, name):
                fine = False
                yield Told(State.PROBLEM, f"the {name} hook {why}", "arpc install")
    if others:
        fine = False
        hint = "look at them in .git/hooks, and take away what you did not put there"
        yield Told(State.NOTE, f"hooks that are not arpc's: {named(others)}", hint)
    if fine:
        yield Told(State.OK, "git's hooks are as they should be")


def new_clones(at: Place) -> Iterator[Told]:
    """Whether git seals in every clone that is made on this computer, from its first moment."""
    if not gitrepo.is_available() or not (at.is_sealed or at.root is None):
        return
    own = gitrepo.told(at.home, "init.templateDir")
    hook = Path(own).expanduser() / "hooks" / wiring.HOOKS[0] if own else None
    if hook and hook.is_file() and hook.read_text("utf-8", "replace") == wiring.hook(hook.name):
        yield Told(State.OK, "every new clone on this computer seals")
    else:
        yield Told(
            State.NOTE, "new clones on this computer do not seal of themselves", "arpc install"
        )


def half_done(at: Place) -> Iterator[Told]:
    """Whether git was stopped in the middle of something."""
    if at.root is None or at.git is None or not _has_git(at):
        return
    begun = sorted({what for name, what in _HALF_DONE.items() if (at.git / name).exists()})
    locks = [path for pattern in _LOCKS for path in sorted(at.git.glob(pattern))]
    old = [path.relative_to(at.git).as_posix() for path in locks if _is_old(path, at.now)]
    if is_ours := halfway.is_noted(at.root):
        yield Told(
            State.WARNING, "a save was stopped half-way", "`arpc save` puts it right, and goes on"
        )
    elif begun:
        hint = "`git status` says how it is ended, or given up"
        yield Told(State.WARNING, f"{' and '.join(begun)} is half done in git", hint)
    if old:
        hint = f"if no git is at work here: delete .git/{old[0]}"
        yield Told(State.WARNING, f"git was stopped, and left {named(old)}", hint)
    if not begun and not old and not is_ours:
        yield Told(State.OK, "nothing is half done in git")


def history(at: Place) -> Iterator[Told]:
    """Whether git can read its own history: a power cut or a failing disk may leave it in pieces."""
    if at.root is None or not _has_git(at):
        return
    if damage := gitrepo.damage(at.root):
        yield Told(State.PROBLEM, str(damage), damage.hint)
    else:
        yield Told(State.OK, "git can read its history")


def looked_at(at: Place) -> Iterator[Told]:
    """Whether git looks at every file: what it is told to pass over is never saved."""
    if at.root is None or not _has_git(at):
        return
    if found := gitrepo.unseen(at.root):
        path, remedy = found
        what = f"git is told not to look at {path}: what changes in it is not saved"
        yield Told(State.PROBLEM, what, remedy)
    else:
        yield Told(State.OK, "git looks at every file that it keeps")


def kept_by_git(at: Place) -> Iterator[Told]:
    """Whether git keeps a file that has no place here: it never forgets a path, or what a name in it says."""
    if at.root is None or not _has_git(at):
        return
    known = gitrepo.known_files(at.root)
    stray = [path for path in known if not placing.has_place(path)]
    if left := [path for path in stray if disk.LEFT_OVER.fullmatch(path.rpartition("/")[2])]:
        hint = f"git rm --cached {left[0]}"
        yield Told(State.WARNING, f"git keeps what a writer left behind: {named(left)}", hint)
    elif stray:
        many = f"{len(stray)} files" if len(stray) > 1 else "1 file"
        hint = "`git ls-files` lists them; `git rm --cached FILE`, and move them out of the folder"
        yield Told(State.NOTE, f"git keeps {many} that have no place in a service", hint)
    else:
        yield Told(State.OK, f"each of the {len(known)} files that git keeps has its place")


def _has_git(at: Place) -> bool:
    return bool(at.root and gitrepo.is_available() and gitrepo.is_repository(at.root))


def _not_ours(path: Path, name: str) -> str:
    """What is wrong with a hook; "" where it is ours."""
    if not path.is_file():
        return "is not there"
    if path.read_text("utf-8", "replace") != wiring.hook(name):
        return "is another, or of another arpc"
    if sys.platform != "win32" and not os.access(path, os.X_OK):
        return "cannot be run"
    return ""


def _is_old(lock: Path, now: datetime) -> bool:
    try:
        return now.timestamp() - lock.stat().st_mtime > _MINUTES * 60
    except OSError:
        return False
