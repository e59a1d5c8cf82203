"""What somebody else may put into a service folder: each a name, and what spoils a copy of the examples.

No text that a record holds may come out in an error: `SECRET` stands in for it.
"""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conftest import with_header
from tests.hostile.commands import CASE

SECRET = "Quillfeather"
"""A word that a record holds, and no message may."""
Spoil = Callable[[Path], object]

FILES = {
    "a record": f"cases/{CASE}/sessions/N-001.yaml",
    "a case record": f"cases/{CASE}/case.yaml",
    "a list of readings": f"cases/{CASE}/confirmations.yaml",
    "what undo needs": f"cases/{CASE}/.arpc.undo",
    "an attachment": f"cases/{CASE}/sessions/N-002-1.png",
    "a sign-off": f"cases/{CASE}/signed/N-001.signed.1.txt",
    "the service file": "service.yaml",
    "the register": "register.yaml",
    "bank holidays": "bank-holidays.json",
    "a template": "templates/assessment.md.j2",
    "a log of access": f"access/{CASE}/0001.txt",
    "a note of shredding": f"shredded/{CASE}.txt",
    "settings for git": ".gitattributes",
    "git's own settings": ".git/config",
    "a bundle": "hostile.bundle",
    "a referral to start from": "letter.yaml",
    "a letter to attach": "letter.pdf",
}
FOLDERS = {
    "a folder of records": f"cases/{CASE}/sessions",
    "a case": f"cases/{CASE}",
    "the cases": "cases",
    "templates": "templates",
    "sign-offs": f"cases/{CASE}/signed",
    "logs of access": "access",
    "git": ".git",
    "what is made": f"cases/{CASE}/out",
}


def _away(path: Path) -> Path:
    """A path at which nothing lies, in a folder that is there."""
    if path.is_dir() and not path.is_symlink():
        path.rename(path.with_name(f".{path.name}.aside"))
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(20_000_000_000)


def _unreadable(path: Path) -> None:
    path.write_text(SECRET)
    path.chmod(0)


THINGS: dict[str, Spoil] = {
    "a link to a file elsewhere": lambda path: path.symlink_to("/etc/passwd"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to a pipe": lambda path: (os.mkfifo(f"{path}.pipe"), path.symlink_to(f"{path}.pipe")),
    "a link to zeros without end": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": lambda path: os.mkfifo(path),
    "a socket": _socket,
    "a folder": lambda path: path.mkdir(),
    "twenty gigabytes": _sparse,
    "a file that nobody may read": _unreadable,
    "bytes that are no text": lambda path: path.write_bytes(bytes(range(256)) * 16),
}


def _put(path: str, thing: str) -> Spoil:
    return lambda folder: THINGS[thing](_away(folder / path))


def of_things(files: dict[str, str] = FILES) -> Iterator[tuple[str, Spoil]]:
    """Yield what is no plain file, or none that can be read, in the place of each file and folder."""
    for what, path in files.items():
        yield from ((f"{what} is {thing}", _put(path, thing)) for thing in THINGS)
    places = [thing for thing in THINGS if thing != "a folder"]
    for what, path in FOLDERS.items():
        yield from ((f"{what} is {thing}", _put(path, thing)) for thing in places)


_MEGABYTE = 1024 * 1024 - 200

TEXTS: dict[str, str | bytes] = {
    "open brackets": "[" * _MEGABYTE,
    "open braces": "{a: " * (_MEGABYTE // 4),
    "nested lists": "- " * (_MEGABYTE // 2),
    "question marks": "? " * (_MEGABYTE // 2),
    "colons": ": " * (_MEGABYTE // 2),
    "quotes": '"' * _MEGABYTE,
    "a quote that is never closed": "note: '" + "x\n" * 500_000,
    "block scalars": "a: |\n" * 200_000,
    "many blocks": "".join(f"k{n}: |\n  x\n" for n in range(60_000)),
    "aliases": "a: &a [x, x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(50_000)),
    "a whole number without end": f"pages: {'9' * 1_000_000}",
    "a long key": f"? {'k' * 1_000_000}\n: x",
    "many keys": "".join(f"k{n}: v\n" for n in range(49_000)),
    "many equal keys": "note: x\n" * 49_000,
    "many statements": "statements:\n"
    + "".join(f"  - {{id: S{n}, told: x}}\n" for n in range(9_000)),
    "many statements with one id": "statements:\n" + "  - {id: S1, told: x}\n" * 9_000,
    "statements that are no entries": "statements:\n" + "  - []\n" * 40_000,
    "a million citations": "note: |\n  " + "N-001#S1 " * 110_000,
    "a million names": "note: |\n  " + "Neil Stanworth " * 65_000,
    "one long word": f"note: {'x' * 1_000_000}",
    "one long line of spaces": f'note: "{" " * 1_000_000}"',
    "line ends": "note: |\n" + "\n" * 1_000_000 + "  x",
    "apostrophes": "note: |\n  " + "'" * 1_000_000,
    "brackets in a note": "note: |\n  " + "[" * 500_000 + "](" * 200_000,
    "stars in a note": "note: |\n  " + "*a " * 330_000,
    "hashes in a note": "note: |\n  " + "#S" * 500_000,
    "numbers in a note": "note: |\n  " + "1" * 1_000_000,
    "dates in a note": "note: |\n  " + "2026-03-04 " * 90_000,
    "zeros": b"\0" * 1_000_000,
    "a byte order mark": b"\xef\xbb\xbf" * 300_000,
    "UTF-16": ("note: " + SECRET * 50_000).encode("utf-16"),
    "lone surrogates": b"note: \xed\xa0\x80" * 50_000,
    "overlong forms": b"note: \xc0\xaf" * 50_000,
    "marks upon marks": "note: |\n  e" + "\u0301" * 500_000,
    "letters that fold to many": "note: |\n  " + "\ufdfa" * 300_000,
    "letters written in two ways": "note: |\n  " + "e\u0301\u00e9" * 200_000,
    "zero width": "note: |\n  a" + "\u200b" * 300_000,
    "Hangul": "note: |\n  " + "\u1112\u1161\u11ab" * 100_000,
    "deep pointers": "statements:\n" + "".join("  " * n + f"- a{n}:\n" for n in range(1, 23)),
    "conflict marks": "<<<<<<< a\n=======\n>>>>>>> b\n" * 30_000,
    "many documents": "---\nnote: x\n" * 80_000,
    "comments": "# x\n" * 250_000,
    "tags": "note: !!python/object/apply:os.system ['touch /tmp/hostile']\n",
    "a merge key": "<<: {note: x}\n",
    "an unknown key with a record's text": f"{SECRET.lower()}: {SECRET}\nwith: {SECRET}\nwho: [{SECRET}]",
    "values of the wrong sort": f"with: [{SECRET}]\nwho: {SECRET}\ntime: {SECRET}\nconcern: {SECRET}",
    "a text where none can be read": f"note: '{SECRET}",
    "colon in a text": f"note: {SECRET}: {SECRET}: {SECRET}",
}


def _session(text: str | bytes) -> Spoil:
    def spoil(folder: Path) -> None:
        head = with_header("sessions/N-050.yaml", "").replace("C-7K3Q9X2F", CASE)
        raw = text if isinstance(text, bytes) else (head + text).encode("utf-8")
        (folder / f"cases/{CASE}/sessions/N-050.yaml").write_bytes(raw)
        _put_everywhere(folder, raw)

    return spoil


def _put_everywhere(folder: Path, raw: bytes) -> None:
    """The same for what is given to commands that start with a file, or read one that is not there yet."""
    (folder / "letter.yaml").write_bytes(raw)


def of_texts() -> Iterator[tuple[str, Spoil]]:
    """Yield a megabyte or less of what is slow, deep, wide or unreadable, in a record."""
    yield from ((f"a record of {name}", _session(text)) for name, text in TEXTS.items())
    for name in (
        "open brackets",
        "many keys",
        "zeros",
        "a million names",
        "values of the wrong sort",
    ):
        text = TEXTS[name]
        raw = text if isinstance(text, bytes) else text.encode()
        for what in ("the service file", "the register", "a list of readings", "bank holidays"):
            yield f"{what} of {name}", _write(FILES[what], raw)


def _write(path: str, raw: bytes | str) -> Spoil:
    def spoil(folder: Path) -> None:
        to = folder / path
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogateescape"))

    return spoil


_ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m"
_NAMES = {
    "an escape": f"N-0{_ESCAPES}.yaml",
    "a line break": "N-001\nN-002.yaml",
    "a carriage return": "N-001\rN-002.yaml",
    "mirrored letters": "N-\u202elmay.100.yaml",
    "bytes that are no text": os.fsdecode(b"N-\xff\xfe.yaml"),
    "as many letters as a name may have": "N" * 250 + ".yaml",
    "a dash": "-rf.yaml",
    "a name that Windows keeps": "con.yaml",
    "zero width": "N-001\u200b.yaml",
    "a percent sign": "N-%s%n{0}.yaml",
    "brackets": "[N-001].yaml",
    "a tab": "N-\t001.yaml",
    "a lone surrogate": os.fsdecode(b"N-\xed\xa0\x80.yaml"),
    "another form of a letter": "N-e\u0301.yaml",
}


def of_names() -> Iterator[tuple[str, Spoil]]:
    """Yield names of files and folders that a terminal, git or a program may take for something else."""
    for what, name in _NAMES.items():
        path = f"cases/{CASE}/sessions/{name}"
        yield f"a record called by {what}", _write(path, "session: arpc/1\n")
        yield f"a case called by {what}", _case_called(name.removesuffix(".yaml"))
    yield "fifty thousand files in a folder", _many_files
    yield "five hundred cases of nothing", _many_cases  # more of them are no attack: benchmarks/
    yield "a folder in a folder, a hundred deep", _deep


def _case_called(name: str) -> Spoil:
    return lambda folder: (folder / "cases" / CASE).rename(folder / "cases" / name[:250])


def _many_files(folder: Path) -> None:
    inner = folder / f"cases/{CASE}/documents"
    for number in range(50_000):
        (inner / f"D-{number}.txt").touch()


def _many_cases(folder: Path) -> None:
    for number in range(500):
        (folder / "cases" / f"C-{number:08}").mkdir()


def _deep(folder: Path) -> None:
    (folder / f"cases/{CASE}/sessions" / "/".join(["a"] * 100)).mkdir(parents=True)


def everything() -> dict[str, Spoil]:
    """All of it, by name."""
    from tests.hostile import meanings, programs

    return dict(
        [*of_things(), *of_texts(), *of_names(), *meanings.everything(), *programs.everything()]
    )
