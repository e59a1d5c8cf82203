"""What each of many cases comes to: what is wrong in it, what falls due, and whose it is.

It is worked out of a case's records, of today and of the service's policy, and holds ids, dates and places, but no
name and no text of a record, so that `arpc.recall` may keep it from one command to the next. Whether it was
worked out now or before makes no difference to what is said.
"""

import hashlib
import marshal
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache, cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from arpc import __version__, kinds, loading, resources, sifting
from arpc.findings import Finding, Gate, Given, Location, Severity, in_order
from arpc.loading import Folder, Loaded
from arpc.service import Service
from arpc.turning import Today, Turn

if TYPE_CHECKING:
    from arpc.due import Item
    from arpc.recall import Files, Known, Recall

_SEVERITIES = tuple(Severity)
_GATES = tuple(Gate)  # in their order
_MARK = 12  # bytes of a digest; enough that no two of some million names have the same
_LIBRARIES = ("jsonschema_rs", "yaml")  # which decide what a file says and whether it is sound


class Memory(NamedTuple):
    """Where what was worked out is kept; see `Recall`."""

    folder: Path
    keys: Path


class Found(NamedTuple):
    """What is wrong in a case."""

    findings: tuple[Finding, ...]
    left_out: Mapping[Gate, int]
    """How many errors there are by gate of which nothing is among the findings."""
    answered: tuple[tuple[Finding, Given], ...]
    files: int
    is_locked: bool


class Coming(NamedTuple):
    """What falls due in a case, and whose it is."""

    items: "tuple[Item, ...]"
    """By all clocks, soonest first."""
    unsure: frozenset[str]
    """The clocks of which nothing can be said now."""
    damaged: tuple[str, ...]
    """The files that cannot be relied on."""
    case: str
    stage: str
    lead: str
    second: str
    manager: str
    opened: date | None
    is_known: bool
    """Whether its own record says whose it is."""
    is_locked: bool


class Marks(NamedTuple):
    """What people of a case have in common with whoever may be the same."""

    digests: frozenset[bytes]
    """Of names and days of birth, such that only this computer can make them."""
    damaged: tuple[str, ...]
    """The files that cannot be relied on."""
    is_locked: bool


class Policy(NamedTuple):
    """What, besides a case's own files, it depends on what a case comes to."""

    service: Service
    today: date


def ready(
    parts: tuple[str, ...], policy: Policy, root: Path, memory: Memory | None
) -> Callable[[str], tuple[bytes, ...]]:
    """A function that works out of a case folder these parts of what it comes to, or recalls them.

    What it gives of each is read by the function of the part's name: `found`, `coming` or `marks`.

    Args:
        parts: "found", "coming", "marks".
        policy: What else it depends on.
        root: The service folder, or what the case lies in.
        memory: Where to keep it; None works it out anew and keeps nothing.

    Raises:
        OSError: A file of the case cannot be read.
    """
    kept_here = recall(memory, root)
    rests_on = kept_here.digest(_tool(), policy.service.raw) if kept_here else b""
    hidden = kept_here.digest if kept_here else _plain_digest
    places = sifting.Places(hidden)

    def survey(place: str) -> tuple[bytes, ...]:
        known = kept_here.case(place, may_read=True) if kept_here else None
        kept = {part: known.part(part, rests_on, policy.today) for part in parts} if known else {}
        missing = [part for part in parts if kept.get(part) is None]
        if missing:
            turn = Turn(policy.today)  # one for all, since records remember what was asked of them
            only = ("case", "person") if missing == ["marks"] else ()
            files = _files(known) if known else None
            case = _Case(Path(place), files, only, Today.of(turn), policy.service, hidden, places)
            if files is not None and not only:  # all of them were read, and `find` is to know of it
                missing = [*missing, "words"]
            made = {part: marshal.dumps(_PARTS[part](case)) for part in missing}
            case.let_go()
            if known and files is not None:
                known.keep(made, rests_on, policy.today, turn.until)
            kept.update(made)
        return tuple(kept[part] or b"" for part in parts)

    return survey


def recalled(
    parts: tuple[str, ...], policy: Policy, root: Path, memory: Memory
) -> Callable[[str], tuple[bytes, ...] | None]:
    """A function that recalls these parts of a case folder which nobody touched; None of any other.

    It reads no file and works nothing out. For the arguments see `ready`.
    """
    kept_here = recall(memory, root)
    if kept_here is None:
        return lambda _: None
    rests_on = kept_here.digest(_tool(), policy.service.raw)

    def recalled_of(place: str) -> tuple[bytes, ...] | None:
        known = kept_here.case(place, may_read=False)
        kept = [known.part(part, rests_on, policy.today) for part in parts]
        found = tuple(part for part in kept if part is not None)
        return found if len(found) == len(kept) else None

    return recalled_of


def sifted(
    wanted: Sequence[bytes], policy: Policy, root: Path, memory: Memory | None
) -> Callable[[str], int]:
    """A function that tells how many files of a case folder need no look: all of them, or none.

    It goes by what was worked out besides anything else, and works nothing out: to look is as quick.

    Args:
        wanted: What a file of it would have to hold, as `sifting.pieces` gives it.
        policy: See `ready`.
        root: See `ready`.
        memory: See `ready`; None looks at everything.
    """
    kept_here = recall(memory, root)
    if kept_here is None:
        return lambda _: 0
    rests_on = kept_here.digest(_tool(), policy.service.raw)
    asked = sifting.asked(wanted, sifting.Places(kept_here.digest))

    def passed_over(place: str) -> int:
        known = kept_here.case(place, may_read=False)
        raw = known.part("words", rests_on, policy.today)
        if raw is None:
            return 0
        made, files = marshal.loads(raw)
        return 0 if sifting.lets_through(made, asked) else int(files)

    return passed_over


class _Case:
    """All of which a part is worked out."""

    def __init__(
        self,
        folder: Path,
        files: "Files | None",
        only: Collection[str],
        today: Today,
        service: Service,
        hidden: Callable[[bytes], bytes],
        places: sifting.Places,
    ) -> None:
        self.files = files or []
        """The bytes of its files, where they were read to be remembered."""
        self.today = today
        self.service = service
        self.hidden = hidden
        """A digest of what may be compared and never be kept."""
        self.places = places
        self._load = partial(loading.load, folder, folder.absolute().name, only, files)

    @cached_property
    def loaded(self) -> Loaded:
        """Its records, once they are asked for."""
        return self._load()

    def let_go(self) -> None:
        """Give back the memory."""
        if "loaded" in self.__dict__:
            self.loaded.file.let_go()


def _plain_digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=32).digest()


def found(raw: bytes, folder: Folder, aim: Gate | None = None) -> Found:
    """Read what was worked out as "found"; with an aim, leave out what does not count for it."""
    by_gate, answered, files, is_locked = marshal.loads(raw)
    naming = folder.naming
    left_out: dict[Gate, int] = {}
    kept: list[Finding] = []
    for number, errors, rows in by_gate:
        gate = _GATES[number]
        if aim is None or gate.counts_for(aim):
            kept += (_as_finding(row, *naming) for row in marshal.loads(rows))
        elif errors:
            left_out[gate] = errors
    pairs = (
        (_as_finding(row, *naming), Given(_day(day), by, agreed, _as_location(at, naming[1])))
        for row, (day, by, agreed, at) in answered
    )
    return Found(tuple(kept), left_out, tuple(pairs), files, is_locked)


def coming(raw: bytes, folder: Folder, today: date) -> Coming:
    """Read what was worked out as "coming"."""
    from arpc import clocks
    from arpc.due import Item
    from arpc.provisions import Due

    rows, unsure, damaged, case, stage, *whose, opened, is_known, is_locked = marshal.loads(raw)
    lead, second, manager = whose
    _, printed = folder.naming
    items = []
    for (
        clock,
        by,
        what,
        at,
        subject,
        since,
        opens,
        closes,
        needs,
        note,
        provisional,
        answered,
    ) in rows:
        days = (_day(opens), _day(closes))
        because = _as_location(at, printed)
        due = Due(_date(by), sys.intern(what), because, subject, _date(since), *days, needs, note)
        known = clocks.BY_ID[clock]
        items.append(Item(case, known, due, today, provisional, _day(answered), lead=lead))
    return Coming(
        tuple(items),
        frozenset(unsure),
        tuple(f"{printed}{name}" for name in damaged),
        *(case, stage, lead, second, manager),
        _day(opened),
        is_known,
        is_locked,
    )


def marks(raw: bytes, folder: Folder) -> Marks:
    """Read what was worked out as "marks"."""
    digests, damaged, is_locked = marshal.loads(raw)
    _, printed = folder.naming
    return Marks(frozenset(digests), tuple(f"{printed}{name}" for name in damaged), is_locked)


def _work_out_found(case: _Case) -> tuple[Any, ...]:
    from arpc import checking

    loaded = case.loaded
    checked = checking.check_case(loaded, case.today, case.service)
    start = loaded.file.shown
    findings = in_order(checked.findings)
    by_gate = [(gate, [each for each in findings if each.gate is gate]) for gate in Gate]
    answered = tuple(
        (
            _finding_row(finding, start),
            (_number(given.day), given.by, given.agreed_by, _location_row(given.reason_at, start)),
        )
        for finding, given in checked.answered
    )
    return (
        tuple(_gate_row(gate, those, start) for gate, those in by_gate if those),
        answered,
        loaded.files,
        loaded.is_locked,
    )


def _work_out_coming(case: _Case) -> tuple[Any, ...]:
    from arpc import due
    from arpc.provisions import AsOf
    from arpc.records import Case

    file = case.loaded.file
    as_of = AsOf(file, case.today, case.service)
    record = next(iter(file.of(Case)), None)
    rows = tuple(
        (
            item.clock.id,
            _number(item.due.by),
            item.due.what,
            _location_row(item.due.because, file.shown),
            item.due.subject,
            _number(item.due.since),
            _number(item.due.opens),
            _number(item.due.closes),
            tuple(item.due.needs),
            item.due.note,
            item.provisional,
            _number(item.answered),
        )
        for item in due.what_is_due(as_of)
    )
    return (
        rows,
        tuple(sorted(due.unsure(as_of))),
        _damaged(case.loaded),
        file.id,
        str(as_of.stage) if record else "",
        *((record.lead, record.second, record.manager) if record else ("", "", "")),
        _number(record.on if record else None),
        record is not None,
        case.loaded.is_locked,
    )


def _work_out_marks(case: _Case) -> tuple[Any, ...]:
    from arpc import likeness

    people = likeness.compared(case.loaded.file)
    found = {mark for person in people for mark in likeness.marks(person)}
    digests = tuple(sorted(case.hidden(mark.encode())[:_MARK] for mark in found))
    return digests, _damaged(case.loaded), case.loaded.is_locked


def _work_out_words(case: _Case) -> tuple[Any, ...]:
    files = [raw for name, raw in case.files if kinds.is_searched(name)]
    read = [raw for raw in files if raw is not None]
    is_whole = len(read) == len(files)
    return sifting.sieve(b"\0".join(read), case.places) if is_whole else b"", len(files)


def _damaged(loaded: Loaded) -> tuple[str, ...]:
    return tuple(each.file.removeprefix(loaded.file.shown) for each in loaded.file.damaged)


_PARTS: dict[str, Callable[[_Case], tuple[Any, ...]]] = {
    "found": _work_out_found,
    "coming": _work_out_coming,
    "marks": _work_out_marks,
    "words": _work_out_words,
}


def _gate_row(gate: Gate, findings: Sequence[Finding], start: str) -> tuple[Any, ...]:
    """What is found at a gate, as bytes that only who asks for it reads, and how many errors are in it."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    rows = tuple(_finding_row(finding, start) for finding in findings)
    return _GATES.index(gate), errors, marshal.dumps(rows)


def _finding_row(finding: Finding, start: str) -> tuple[Any, ...]:
    return (
        _location_row(finding.where, start),
        finding.rule,
        finding.message,
        _SEVERITIES.index(finding.severity),
        _GATES.index(finding.gate),
        finding.hint,
    )


def _as_finding(row: tuple[Any, ...], own: str, printed: str) -> Finding:
    at, rule, message, severity, gate, hint = row
    if own in message or own in hint:  # both may name a file of the case
        message, hint = (text.replace(own, printed) for text in (message, hint))
    where = _as_location(at, printed)
    return Finding(where, rule, message, _SEVERITIES[severity], _GATES[gate], hint)


def _location_row(where: Location, start: str) -> tuple[Any, ...]:
    return where.file.removeprefix(start), where.line, where.column, where.pointer


def _as_location(row: tuple[Any, ...], printed: str) -> Location:
    file, line, column, pointer = row
    return Location(f"{printed}{file}", line, column, pointer)


def _number(day: date | None) -> int:
    return day.toordinal() if day else 0


@cache
def _date(number: int) -> date:
    """A day; one object for all that falls on it."""
    return date.fromordinal(number)


def _day(number: int) -> date | None:
    return _date(number) if number else None


def recall(memory: Memory | None, root: Path) -> "Recall | None":
    """The memory of a service folder; None where nothing can be kept."""
    if memory is None:
        return None
    try:
        from arpc.recall import Recall

        return Recall(memory.folder, memory.keys, root)
    except (OSError, ImportError):  # a Python may come without SQLite
        return None


def _files(known: "Known") -> "Files | None":
    """The files of a case; None where one of them cannot be read, which loading it will say."""
    try:
        return known.files()
    except OSError:
        return None


@cache
def _tool() -> bytes:
    """What the tool itself is: its code, its schemas and the libraries that read files for it."""
    specs = [find_spec(name) for name in _LIBRARIES]
    folders = [Path(spec.origin).parent for spec in specs if spec and spec.origin]
    own = (resources.package(), resources.folder("schemas"))
    stamps = (stamp for folder in (*own, *folders) for stamp in _stamps_below(folder))
    return "\n".join((__version__, sys.version, *stamps)).encode()


def _stamps_below(folder: str | Path) -> list[str]:
    """How every file below a folder stands, but what Python makes of it and what is only shipped in it."""
    found: list[str] = []
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.name in ("__pycache__", "_data"):
            continue
        if entry.is_dir():
            found += _stamps_below(entry.path)
        else:
            now = entry.stat()
            found.append(f"{entry.path} {now.st_size} {now.st_mtime_ns}")
    return found
