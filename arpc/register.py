"""The plain register: what falls due in each case, for the days on which a case cannot be read.

A line holds a case id, a clock, what it is about (as ids), a day and an owner, and nothing else, so
that it may stay plain where records are encrypted. Only `arpc due --register` writes it.
"""

from collections.abc import Collection, Container, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import kinds, schema, writer, yamldoc
from arpc.due import Item
from arpc.errors import ArpcError
from arpc.findings import Location, Severity
from arpc.loading import read_bytes
from arpc.provisions import Clock, Due

FILE = "register.yaml"
_HEAD = """\
register: arpc/1
# Case, clock, what it is about, day, owner. Written by `arpc due --register`; not edited by hand.
due:
"""
_NOT_READABLE = "case not readable here: from the register"

Name = tuple[str, str, str]
Unsure = Mapping[str, Collection[str]]
"""The clocks of which nothing can be said now, by case that was read; another was not read."""


class Entry(NamedTuple):
    """One line of the register."""

    case: str
    clock: str
    subject: str
    by: date
    owner: str
    line: int = 0

    @property
    def name(self) -> Name:
        """What it is about, for ever."""
        return self.case, self.clock, self.subject

    def __str__(self) -> str:
        return f"{self.case} {self.clock} {self.subject} {self.by} {self.owner}"


class Moved(NamedTuple):
    """Something that falls due on another day than the register said."""

    item: Item
    was: date


class Update(NamedTuple):
    """What writing the register changed."""

    moved: tuple[Moved, ...]
    new: int
    settled: int
    kept: int
    """Lines of what could not be read, left as they stood."""
    total: int


def read(root: Path) -> list[Entry]:
    """Return the lines of a service's register; none where there is no such file.

    Raises:
        ArpcError: It cannot be read.
    """
    return _read(root / FILE)[1]


def from_register(
    entries: Iterable[Entry],
    found: Container[Name],
    unsure: Unsure,
    only: Iterable[Clock],
    day: date,
) -> list[Item]:
    """Return what only the register tells of: its case, or a record of it, cannot be read now.

    `found` are the names of what falls due in the cases that were read.
    """
    known = {clock.id: clock for clock in only}
    return [
        _as_item(entry, known[entry.clock], day)
        for entry in entries
        if entry.clock in known and entry.name not in found and _is_hidden(entry, unsure)
    ]


def with_moves(entries: Iterable[Entry], items: Iterable[Item]) -> list[Item]:
    """Return items that say on which other day the register still has them."""
    were = {entry.name: entry.by for entry in entries}
    return [
        item._replace(was=were[known_as])
        if (known_as := name_of(item)) in were and were[known_as] != item.due.by
        else item
        for item in items
    ]


def write(root: Path, items: Iterable[Item], unsure: Unsure) -> Update:
    """Write the register anew; what cannot be read now stays as it stood.

    Args:
        root: The service folder.
        items: What falls due in all cases that were read.
        unsure: The clocks of which nothing can be said now, by case that was read.

    Raises:
        ArpcError: It cannot be read or written; then it is untouched.
    """
    with writer.locked(root):
        raw, before = _read(root / FILE)
        found = {name_of(item): item for item in items}
        kept = [e for e in before if e.name not in found and _is_hidden(e, unsure)]
        lines = [Entry(*name, i.due.by, i.clock.owner) for name, i in found.items()]
        entries = sorted([*lines, *kept], key=lambda entry: entry[:4])
        text = _HEAD + "".join(f"  - {entry}\n" for entry in entries)
        schema.sound(FILE, text, kinds.kind("register"))
        if text.encode("utf-8") != raw:
            writer.put(root / FILE, text, raw)
    were = {entry.name: entry.by for entry in before}
    return Update(
        moved=tuple(
            Moved(item, were[name])
            for name, item in sorted(found.items(), key=lambda pair: pair[0])
            if name in were and were[name] != item.due.by
        ),
        new=sum(name not in were for name in found),
        settled=len(before) - len(kept) - sum(name in were for name in found),
        kept=len(kept),
        total=len(entries),
    )


def _read(path: Path) -> tuple[bytes | None, list[Entry]]:
    if not path.is_file():
        return None, []
    raw = read_bytes(path)
    reading = yamldoc.read(FILE, raw)
    faults = list(reading.findings)
    if reading.doc:
        faults += schema.check(reading.doc, kinds.kind("register"))
    error = next((fault for fault in faults if fault.severity is Severity.ERROR), None)
    if error or reading.doc is None:
        raise _broken(error.where if error else Location(FILE))
    entries = []
    for number, line in enumerate(reading.doc.data.get("due") or ()):
        case, clock, subject, by, owner = line.split(" ")
        where = reading.doc.locate(("due", number))
        try:
            entries.append(Entry(case, clock, subject, date.fromisoformat(by), owner, where.line))
        except ValueError:
            raise _broken(where) from None
    return raw, entries


def _broken(where: Location) -> ArpcError:
    hint = (
        "bring back an earlier version; or take it away, and what it kept of unread cases is lost"
    )
    return ArpcError(f"{where}: the register cannot be read", hint)


def name_of(item: Item) -> Name:
    """By what a line of the register is known: the case, the clock, and what it is about."""
    return item.case, item.clock.id, item.due.subject


def _is_hidden(entry: Entry, unsure: Unsure) -> bool:
    """Whether nothing can be said of an entry now, so that its line has to do."""
    return entry.case not in unsure or entry.clock in unsure[entry.case]


def _as_item(entry: Entry, clock: Clock, day: date) -> Item:
    where = Location(FILE, entry.line)
    what = f"{clock.id} {entry.subject}"
    due = Due(entry.by, what, where, entry.subject, entry.by, note=_NOT_READABLE)
    return Item(entry.case, clock, due, day, in_register_only=True)
