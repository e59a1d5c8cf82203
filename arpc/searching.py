"""`arpc find`: words in the names and prose of many cases, whatever their accents and case.

Bytes are looked through first, without reading them as YAML: only a file that holds every word
somewhere is read, newest first and no more of them than are asked for.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from arpc import kinds, loading, plainfiles, records, yamldoc
from arpc.findings import Location
from arpc.kinds import Field, Kind
from arpc.loading import Folder
from arpc.yamldoc import MAX_BYTES, YamlDoc

_DATE = re.compile(rb"^date: *[\"']?([0-9-]{10})", re.MULTILINE)
_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")
_ASCII = bytes(range(128))
_ESCAPES = (b"x", b"u", b"\n", b"\r")
"""What may follow a backslash inside a word in double quotes, in small letters."""
_QUOTING = re.compile(r"[\s'\"\\/]+")
"""What may be written otherwise in a file than it is read."""
_MANY = 40  # different letters, from which on the whole text is folded at once


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


def fold(text: str) -> str:
    """Return a text without accents and case, and with one sort of apostrophe."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def folded(words: Iterable[str]) -> tuple[str, ...]:
    """Return what is looked for: each word folded, white space inside one as a single space."""
    found = (" ".join(fold(word).split()) for word in words)
    return tuple(dict.fromkeys(word for word in found if word))


def scan(folders: Iterable[Folder], words: Sequence[str]) -> Scan:
    """Look through every file of these cases for the folded `words`."""
    return together(map(ready(words), folders))


def ready(words: Sequence[str]) -> Callable[[Folder], Scan]:
    """A function that looks through every file of one case for the folded `words`."""
    needles = [part.encode() for word in words for part in _QUOTING.split(word)]

    def scan_case(folder: Folder) -> Scan:
        files, lost = _files(folder)
        count = len(files) + len(lost)
        found: list[Candidate] = []
        if _may_hold(b"\0".join(files.values()), needles):
            for name, raw in files.items():
                try:
                    holds = _holds(raw, needles)
                except UnicodeDecodeError:
                    lost.append(_join(folder.shown, name))
                    continue
                if holds:
                    day = _DATE.search(raw)
                    found.append(Candidate(day[1].decode() if day else "", folder, name))
        return Scan(tuple(found), tuple(lost), count)

    return scan_case


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
    """The bytes of every YAML file of a case, and what could not be read."""
    found, lost = {}, []
    base = f"{folder.path}{os.sep}"
    for name, is_plain in loading.files_in(folder.path):
        if not name.endswith(".yaml"):
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
        if not (leaf.field and isinstance(leaf.value, str) and _is_searched(leaf.field)):
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


def _is_searched(field: Field) -> bool:
    """Whether a field holds names or prose, alone or in a list, and not a word, an id or a date."""
    in_list = field.path[-1] == "*" and not field.words and "pattern" not in field.schema
    return field.is_prose or in_list


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


def _may_hold(case: bytes, needles: Iterable[bytes]) -> bool:
    """Whether the files of a case together hold every word, or one of them has to be looked at."""
    try:
        return _holds(case, needles)
    except UnicodeDecodeError:
        return True


def _holds(raw: bytes, needles: Iterable[bytes]) -> bool:
    """Whether every word stands somewhere in bytes; what holds letters as escapes may hold any.

    Raises:
        UnicodeDecodeError: It is not UTF-8.
    """
    plain = raw.lower()
    if not plain.isascii():
        plain = _fold_foreign(plain)
    return all(needle in plain for needle in needles) or _has_escapes(plain)


def _has_escapes(plain: bytes) -> bool:
    """Whether a letter or a line break may be written in a way that hides a word."""
    place = plain.find(b"\\")
    while place >= 0:
        if plain[place + 1 : place + 2] in _ESCAPES:
            return True
        place = plain.find(b"\\", place + 2)
    return False


def _fold_foreign(plain: bytes) -> bytes:
    """Fold what is not ASCII, letter by letter: a text has many letters, but few that differ."""
    foreign = {*plain.translate(None, _ASCII).decode()}
    if len(foreign) > _MANY:
        return fold(plain.decode()).encode()
    for character in foreign:
        old, new = _folding(character)
        if old != new:
            plain = plain.replace(old, new)
    return plain


@cache
def _folding(character: str) -> tuple[bytes, bytes]:
    return character.encode(), fold(character).encode()


def _join(folder: str, name: str) -> str:
    return name if folder in ("", ".") else f"{folder}/{name}"
