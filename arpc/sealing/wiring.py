"""What git has to be told so that it seals: settings, attributes and hooks, of a clone and of a computer.

A clone carries none of it by itself, and what its own files say can be changed by whoever can push to it.
So the attributes lie in the clone's `info/attributes`, which outranks its files, and the same lies in a
template from which git makes every new clone on this computer.
"""

import os
import shlex
import sys
import sysconfig
from pathlib import Path

from arpc import disk, plainfiles
from arpc.errors import ArpcError
from arpc.resources import package
from arpc.sealing.here import FIRST_PERSON

ATTRIBUTES = (
    "cases/C-????????/** filter=arpc diff=arpc merge=arpc"
    " -text -eol -ident -working-tree-encoding -export-subst"
)
PLAIN_ATTRIBUTES = "cases/C-????????/** merge=arpc"
"""In a service that is kept plain records are merged in the same way, and nothing else is done to them."""
HOOKS = ("pre-commit", "pre-merge-commit", "commit-msg", "pre-push")
ON_SERVER = "pre-receive"


def command(*words: str) -> str:
    """How git starts what seals, for a shell: by absolute paths, shut off from all settings of Python."""
    folders = dict.fromkeys([str(package().parent), *_libraries()])
    entry = [
        _python(),
        "-I",
        "-S",
        str(package() / "entry.py"),
        os.pathsep.join(folders),
        "--",
    ]
    return " ".join([*(shlex.quote(_slashed(each)) for each in entry), *words])


def settings() -> dict[str, str]:
    """Git's settings: sealing by one process for all files, and nothing plain kept by git on the side."""
    return {
        "filter.arpc.process": command("process"),
        "filter.arpc.clean": command("clean", "%f"),
        "filter.arpc.smudge": command("smudge", "%f"),
        "filter.arpc.required": "true",
        "diff.arpc.textconv": "cat",
        "diff.arpc.binary": "true",
        "diff.arpc.cachetextconv": "false",
        "merge.arpc.name": "records, entry by entry",
        "merge.arpc.driver": command("merge", "%O", "%A", "%B", "%P"),
        "rerere.enabled": "false",
        "commit.verbose": "false",
        "core.autocrlf": "false",
        "core.looseCompression": "0",  # sealed text does not shrink; trying took longer than sealing
    }


def merging() -> dict[str, str]:
    """What of it brings two versions of a record together."""
    return {key: value for key, value in settings().items() if key.startswith("merge.arpc.")}


def for_every_clone() -> dict[str, str]:
    """What of it may be said for all repositories of a user: nothing that changes how others work."""
    ours = ("filter.arpc.", "diff.arpc.", "merge.arpc.")
    return {key: value for key, value in settings().items() if key.startswith(ours)}


def lay_attributes(git: Path, wanted: str = ATTRIBUTES) -> None:
    """See to it that nothing in a clone's files can switch sealing off, or what else is wanted."""
    path = git / "info" / "attributes"
    lines = _text(path).splitlines() if path.is_file() else []
    if lines[-1:] != [wanted]:
        kept = [line for line in lines if line != wanted]
        _write(path, "".join(f"{line}\n" for line in [*kept, wanted]))


def lay_hooks(folder: Path, names: tuple[str, ...] = HOOKS) -> None:
    """Write the hooks into a folder of hooks.

    Raises:
        ArpcError: There is another hook of that name, which would be lost.
    """
    for name in names:
        path = folder / name
        if path.exists() and _MARK not in _text(path):
            hint = f"call `{command('hook', name)}` from it, or take it away"
            raise ArpcError(f"there is a {name} hook here already", hint)
    for name in names:
        _write(folder / name, hook(name), 0o755)


def own_hooks(git: Path) -> Path:
    """A folder of a clone with our hooks and no others, made or mended where it must be; its path.

    They are for what arpc itself does, and it says no more than ids: its messages are not looked through,
    or nobody called Case or New could have a record.
    """
    folder = git / "arpc" / "hooks"
    for name in (name for name in HOOKS if name != "commit-msg"):
        path = folder / name
        if not path.is_file() or _text(path) != hook(name):
            _write(path, hook(name), 0o755)
    return folder.absolute()


def _text(path: Path) -> str:
    return plainfiles.read_whole(path).decode("utf-8", "replace")


def hook(name: str) -> str:
    """The text of a hook; where arpc was taken from the computer it stops only what is a sealed service."""
    python = shlex.quote(_slashed(_python()))
    return (
        f"#!/bin/sh\n{_MARK}\nif [ ! -x {python} ]; then\n"
        f"  [ -e {FIRST_PERSON} ] || exit 0\n"
        '  echo "arpc: it is not on this computer any more, and nothing is stored without it" >&2\n'
        f'  exit 1\nfi\nexec {command("hook", name)} "$@"\n'
    )


_MARK = "# Written by arpc: nothing plain is stored or sent."


def lay_template(folder: Path) -> None:
    """Write a template from which git makes clones that seal from the first moment.

    Raises:
        ArpcError: There are other hooks in it, which would be lost.
    """
    lay_attributes(folder)
    lay_hooks(folder / "hooks")


def _python() -> str:
    """The interpreter under one name, however this process was started: what git was told is compared."""
    if sys.prefix == sys.base_prefix:
        return str(Path(sys.executable).resolve())
    inside = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    return str(Path(sys.prefix, *inside))


def _libraries() -> list[str]:
    paths = sysconfig.get_paths()
    return [paths["purelib"], paths["platlib"]]


def _slashed(path: str) -> str:
    """A path as the shell of Git for Windows takes it."""
    return path.replace("\\", "/") if sys.platform == "win32" else path


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    disk.make_folder(path.parent)
    disk.replace(path, text.encode("utf-8"), mode)
