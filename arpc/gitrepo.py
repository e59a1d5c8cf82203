"""The one git wrapper: the few things that arpc asks of git, and none that a folder may slip in.

A folder that somebody sent may carry git settings that run programs. They are looked for before
anything is run in it, and what runs is told to leave hooks, pagers and watchers alone.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from arpc.errors import ArpcError

_RUNS_PROGRAMS = re.compile(
    r"(?:filter\..*|diff\..*\.(?:textconv|command)|diff\.external|core\.(?:fsmonitor|hookspath"
    r"|sshcommand|pager|editor|attributesfile|worktree|gitproxy)|gpg\.(?:.*\.)?program"
    r"|include(?:if)?\..*|credential\..*|remote\..*\.(?:uploadpack|receivepack|vcs)"
    r"|submodule\..*\.update)\Z",
    re.IGNORECASE,
)
_QUIET = ("--no-pager", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
_SECONDS = 20


def is_available() -> bool:
    """Whether git is on this computer."""
    return shutil.which("git") is not None


def is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a git work tree."""
    return (folder / ".git").exists()


def start(folder: Path) -> None:
    """Make a folder a git repository with the branch main.

    Raises:
        ArpcError: git refuses.
    """
    _run(folder, "init", "--quiet", "--initial-branch=main", "--template=")
    _run(folder, "config", "core.fsync", "all")
    _run(folder, "config", "core.autocrlf", "false")


def user_email(folder: Path) -> str:
    """The e-mail address that git knows the user by, or "".

    Raises:
        ArpcError: The folder's own git settings would run programs.
    """
    if not is_available():
        return ""
    if is_repository(folder) and (found := foreign_settings(folder)):
        hint = "take them out of its .git/config if you did not put them there"
        raise ArpcError(f"this folder's git settings run programs: {', '.join(found)}", hint)
    return _run(folder, "config", "--get", "user.email", fine=(0, 1)).strip()


def foreign_settings(folder: Path) -> list[str]:
    """Names of settings in a folder's own git configuration that would run programs."""
    listed = _run(
        folder, "config", "--local", "--includes", "--name-only", "--list", fine=(0, 1, 128)
    )
    return sorted({name for name in listed.splitlines() if _RUNS_PROGRAMS.match(name)})


def _run(folder: Path, *arguments: str, fine: tuple[int, ...] = (0,)) -> str:
    program = shutil.which("git")
    if program is None:
        raise ArpcError("git is not on this computer", "install git to keep a history")
    try:
        done = subprocess.run(
            [program, *_QUIET, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise ArpcError("git did not answer", "try `git status` in the folder") from None
    if done.returncode not in fine:
        raise ArpcError(f"git {arguments[0]} failed", "try the same with git itself")
    return done.stdout.decode("utf-8", "replace")
