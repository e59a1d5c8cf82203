"""`arpc find`: words in the names and prose of many cases, whatever their accents and case.

Bytes are looked through first, without reading them as YAML, and of cases that were looked through before only
those that may hold every word. Only a file that holds every word somewhere is read, newest first and no more
of them than are asked for.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from arpc import kinds, loading, plainfiles, records, sifting, surveying, yamldoc
from arpc.findings import Location
from arpc.kinds import Kind
from arpc.loading import Folder
from arpc.sifting import fold
from arpc.surveying import Memory, Policy
from arpc.yamldoc import MAX_BYTES, YamlDoc

_DATE = re.compile(rb"^date: *[\"']?([0-9-]{10})", re.MULTILINE)


class Candidate(NamedTuple):
    """A file in which every word stands somewhere."""

    on: str
    """Its record's date, "" where none was seen."""
    folder: Folder
    name: str
    """Its path below the case folder."""

    @property
    def shown(self) -> str:
        """Its path as it is printed."""
        return _join(self.folder.shown, self.name)


class Hit(NamedTuple):
    """A text in which every word stands."""

    where: Location
    """The line in which they begin."""
    at: str
    """How the record or its entry is cited, e.g. "N-004#S2"."""
    text: str
    """All of it, on one line."""
    start: int
    """Where in `text` they begin."""


class Scan(NamedTuple):
    """What came of looking through the bytes of every file."""

    candidates: tuple[Candidate, ...]
    """Newest first."""
    unreadable: tuple[str, ...]
    files: int
    """How many files were looked through."""


def folded(words: Iterable[str]) -> tuple[str, ...]:
    """Return what is looked for: each word folded, white space inside one as a single space."""
    found = (" ".join(fold(word).split()) for word in words)
    return tuple(dict.fromkeys(word for word in found if word))


def scan(folders: Iterable[Folder], words: Sequence[str]) -> Scan:
    """Look through every file of these cases for the folded `words`."""
    wanted = sifting.pieces(words)
    return together(_scan(folder, wanted) for folder in folders)


def ready(
    words: Sequence[str], policy: Policy, root: Path, memory: Memory | None
) -> Callable[[Folder], Scan]:
    """A function that looks through every file of one case for the folded `words`.

    A case of which it is remembered that it cannot hold them is passed over; see `surveying.ready`.
    """
    wanted = sifting.pieces(words)
    passed_over = surveying.sifted(wanted, policy, root, memory)

    def scan_case(folder: Folder) -> Scan:
        without = passed_over(str(folder.path))
        return Scan((), (), without) if without else _scan(folder, wanted)

    return scan_case


def _scan(folder: Folder, wanted: Sequence[bytes]) -> Scan:
    files, lost = _files(folder)
    count = len(files) + len(lost)
    found: list[Candidate] = []
    if sifting.may_hold(b"\0".join(files.values()), wanted):
        for name, raw in files.items():
            try:
                holds = sifting.holds(raw, wanted)
            except UnicodeDecodeError:
                lost.append(_join(folder.shown, name))
                continue
            if holds:
                day = _DATE.search(raw)
                found.append(Candidate(day[1].decode() if day else "", folder, name))
    return Scan(tuple(found), tuple(lost), count)


def together(scans: Iterable[Scan]) -> Scan:
    """What came of looking through several cases."""
    found: list[Candidate] = []
    lost: list[str] = []
    files = 0
    shared: dict[str, str] = {}  # days and paths: in thousands of cases the same, over and over
    for each in scans:
        found += (
            Candidate(shared.setdefault(on, on), folder, shared.setdefault(name, name))
            for on, folder, name in each.candidates
        )
        lost += each.unreadable
        files += each.files
    found.sort(key=lambda each: each.on, reverse=True)
    return Scan(tuple(found), tuple(lost), files)


def _files(folder: Folder) -> tuple[dict[str, bytes], list[str]]:
    """The bytes of every file of a case that may hold words, and what could not be read."""
    found, lost = {}, []
    base = f"{folder.path}{os.sep}"
    for name, is_plain in loading.files_in(folder.path):
        if not kinds.is_searched(name):
            continue
        try:
            if not is_plain:
                raise OSError
            found[name] = plainfiles.read(base + name, MAX_BYTES)
        except OSError:
            lost.append(_join(folder.shown, name))
    return found, lost


def hits(found: Candidate, words: Sequence[str]) -> list[Hit] | None:
    """Return every text of a file in which all words stand; None if it cannot be read as a record."""
    kind = kinds.kind_of_file(found.name) or kinds.ledger_of_file(found.name)
    if kind is None:
        return None
    doc = yamldoc.read(found.shown, loading.read_bytes(found.folder.path / found.name)).doc
    return list(_hits(doc, kind, found.name, words)) if doc else None


def _hits(doc: YamlDoc, kind: Kind, name: str, words: Sequence[str]) -> Iterator[Hit]:
    record = records.make(doc, kind)
    at = "case" if kind.name == "case" else kind.id_in(name)
    for leaf in record.leaves:
        if not (leaf.field and isinstance(leaf.value, str) and leaf.field.is_searched):
            continue
        text = " ".join(leaf.value.split())
        plain = fold(text)
        if not all(word in plain for word in words):
            continue
        first = _closest(plain, words)
        start = _unfolded(text, first)
        end = _unfolded(text, first + len(next(w for w in words if plain.startswith(w, first))))
        where = doc.locate_words(leaf.pointer, text[start:end])
        yield Hit(where, f"{at}{_entry(record.data, leaf.pointer)}", text, start)


def _entry(data: object, pointer: Sequence[str | int]) -> str:
    """The id of the entry that a pointer leads into, as it is cited; "" if it has none."""
    try:
        entry = data[pointer[0]][pointer[1]]["id"]  # type: ignore[index]
    except (LookupError, TypeError):
        return ""
    return f"#{entry}" if isinstance(entry, str) else ""


def _closest(plain: str, words: Sequence[str]) -> int:
    """Where the words stand nearest to each other: the place of the one that comes first."""
    places = [[m.start() for m in re.finditer(re.escape(word), plain)] for word in words]
    spans = []
    for start in sorted({place for each in places for place in each}):
        later = [next((p for p in each if p >= start), None) for each in places]
        ends = [place for place in later if place is not None]
        if len(ends) == len(places):
            spans.append((max(ends) - start, start))
    return min(spans)[1]


def _unfolded(text: str, place: int) -> int:
    """Where in a text the character stands that is at `place` when it is folded."""
    length = 0
    for index, character in enumerate(text):
        if length >= place and not unicodedata.combining(character):
            return index
        length += len(fold(character))
    return len(text)


def _join(folder: str, name: str) -> str:
    return name if folder in ("", ".") else f"{folder}/{name}"
