"""Which files were brought together from two versions, and nobody in this clone has said to have read since."""

from contextlib import suppress
from pathlib import Path

from arpc import disk, plainfiles

_UNREAD = "arpc/merged"


def note_unread(git: Path, path: str) -> None:
    """Remember that a file was brought together from two, and that nobody has read it since."""
    with suppress(OSError):
        (git / _UNREAD).parent.mkdir(exist_ok=True)
        with (git / _UNREAD).open("a", encoding="utf-8") as stream:
            stream.write(f"{path}\n")


def unread(git: Path) -> list[str]:
    """The files that were brought together from two and that nobody has said to have read."""
    try:
        return sorted(
            {*filter(None, plainfiles.read_whole(git / _UNREAD).decode("utf-8").split("\n"))}
        )
    except FileNotFoundError:
        return []


def note_read(git: Path, paths: set[str]) -> None:
    """Remember that somebody has read files again that were brought together from two."""
    left = [path for path in unread(git) if path not in paths]
    disk.make_folder((git / _UNREAD).parent)
    disk.replace(git / _UNREAD, "".join(f"{path}\n" for path in left).encode("utf-8"), 0o644)
