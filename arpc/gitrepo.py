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
    if is_repository(folder):
        _refuse_programs(folder)
    return _run(folder, "config", "--get", "user.email", fine=(0, 1)).strip()


def staged_files(root: Path) -> list[str]:
    """The files that the next commit changes, below the repository, with forward slashes.

    Raises:
        ArpcError: This is no repository, or its own git settings would run programs.
    """
    if not is_repository(root):
        raise ArpcError("this folder is no git repository", "`git init` makes it one")
    _refuse_programs(root)
    base = _tip(root) or _EMPTY_TREE
    listed = _run(root, "diff", "--cached", "--name-only", "-z", "--no-renames", base)
    return [name for name in listed.split("\0") if name]


def files_at(root: Path, place: str, folder: str) -> dict[str, bytes | None]:
    """The files below a folder as git keeps them; None for what is no plain file.

    Args:
        root: The repository.
        place: "index" for what is staged, or "tip" for the last commit.
        folder: The folder, below the repository; paths in the answer are below it.
    """
    below = f"{folder}/"
    if place == "index":
        listed = _run(root, "ls-files", "--stage", "-z", "--", below)
    elif tip := _tip(root):
        listed = _run(root, "ls-tree", "-r", "-z", tip, "--", below)
    else:
        return {}
    entries = []
    for line in filter(None, listed.split("\0")):
        about, _, name = line.partition("\t")
        fields = about.split()
        entries.append((name.removeprefix(below), fields[0], fields[1 if place == "index" else 2]))
    contents = _contents(root, [digest for _, mode, digest in entries if mode in _PLAIN_FILES])
    return {
        name: contents[digest] if mode in _PLAIN_FILES else None for name, mode, digest in entries
    }


_PLAIN_FILES = ("100644", "100755")
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # git's name for a tree with nothing in it


def _tip(root: Path) -> str:
    return _run(root, "rev-parse", "--verify", "--quiet", "HEAD", fine=(0, 1)).strip()


def _contents(root: Path, digests: list[str]) -> dict[str, bytes]:
    """The bytes of objects, by one process for all of them."""
    raw = _ask(root, "cat-file", "--batch", said="".join(f"{d}\n" for d in digests).encode())
    found, at = {}, 0
    for digest in digests:
        end = raw.index(b"\n", at)
        size = int(raw[at:end].split()[2])
        found[digest] = raw[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def _refuse_programs(folder: Path) -> None:
    if found := foreign_settings(folder):
        hint = "take them out of its .git/config if you did not put them there"
        raise ArpcError(f"this folder's git settings run programs: {', '.join(found)}", hint)


def foreign_settings(folder: Path) -> list[str]:
    """Names of settings in a folder's own git configuration that would run programs."""
    listed = _run(
        folder, "config", "--local", "--includes", "--name-only", "--list", fine=(0, 1, 128)
    )
    return sorted({name for name in listed.splitlines() if _RUNS_PROGRAMS.match(name)})


def _run(folder: Path, *arguments: str, fine: tuple[int, ...] = (0,)) -> str:
    return _ask(folder, *arguments, fine=fine).decode("utf-8", "replace")


def _ask(folder: Path, *arguments: str, fine: tuple[int, ...] = (0,), said: bytes = b"") -> bytes:
    program = shutil.which("git")
    if program is None:
        raise ArpcError("git is not on this computer", "install git to keep a history")
    try:
        done = subprocess.run(
            [program, *_QUIET, *arguments],
            cwd=folder,
            input=said,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise ArpcError("git did not answer", "try `git status` in the folder") from None
    if done.returncode not in fine:
        raise ArpcError(f"git {arguments[0]} failed", "try the same with git itself")
    return done.stdout
