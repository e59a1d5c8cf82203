"""The ledgers of a case in which ids have become others: seals, what was read, what was answered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, NamedTuple

from arpc import kinds, meaning, rereading, schema, yamldoc
from arpc.casefile import CaseFile
from arpc.findings import Severity
from arpc.reconciling.moves import Moves, Spot, replaced, value_spot, with_ends_of
from arpc.records import Record
from arpc.yamldoc import YamlDoc


class Ledgers(NamedTuple):
    """What became of the ledgers."""

    changed: Mapping[str, bytes]
    left: tuple[str, ...]
    """Ledgers that could not be changed, and seals of final records that were changed since."""


class _Case(NamedTuple):
    """The records before and after, in one order."""

    old: Sequence[Record]
    new: Sequence[Record]
    moves: Moves
    stood: frozenset[str]
    """The entries that the ledger had in base."""


def ledgers_rewritten(
    base: Mapping[str, bytes],
    ours: Mapping[str, bytes],
    old: Sequence[Record],
    new: Sequence[Record],
    moves: Moves,
) -> Ledgers:
    """Write the ledgers of ours anew: whose and which day an entry is stays.

    Args:
        base: The case as both sides had it; what its ledgers say cannot mean what was made later.
        ours: The case.
        old: The records of ours.
        new: The same records as they are now, in the same order.
        moves: What is called otherwise now.
    """
    changed = {}
    left = []
    ways: dict[str, tuple[str, Callable[[YamlDoc, _Case], Iterator[Spot | str]]]] = {
        "finished": ("records", _seals),
        "confirmations": ("read", _readings),
        "answers": ("given", _answers),
    }
    for name in kinds.LEDGERS:
        path = f"{name}.yaml"
        if path not in ours:
            continue
        key, spots_in = ways[name]
        doc = yamldoc.read(path, ours[path]).doc
        if doc is None or not _is_ledger(doc, key):
            left.append(path)
            continue
        stood = _stood(base.get(path), key)
        found = list(spots_in(doc, _Case(old, new, moves, stood)))
        left += [each for each in found if isinstance(each, str)]
        now = replaced(doc, [each for each in found if isinstance(each, Spot)])
        if now is None:
            left.append(path)
        elif now.text != doc.text:
            changed[path] = with_ends_of(ours[path], now.text)
    return Ledgers(changed, tuple(left))


def _is_ledger(doc: YamlDoc, key: str) -> bool:
    entries = doc.data.get(key) or []
    return isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)


def _stood(raw: bytes | None, key: str) -> frozenset[str]:
    doc = yamldoc.read("", raw).doc if raw else None
    entries = (doc.data.get(key) or ()) if doc and _is_ledger(doc, key) else ()
    return frozenset(map(_known_by, entries))


def _known_by(entry: Mapping[str, Any]) -> str:
    return repr(sorted(entry.items()))


def _entries(doc: YamlDoc, key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    yield from enumerate(doc.data.get(key) or ())


def _seals(doc: YamlDoc, case: _Case) -> Iterator[Spot | str]:
    """Seal anew what was sealed and has changed only in ids; a seal that was broken stays broken."""
    pairs = {old.key: (old, new) for old, new in zip(case.old, case.new, strict=True)}
    for index, entry in _entries(doc, "records"):
        old, new = pairs.get(str(entry.get("id")), (None, None))
        if old is None or new is None or new is old:
            continue
        fields = [str(each) for each in entry.get("fields") or ()]
        if new.key != old.key:
            yield value_spot(doc, ("records", index, "id"), new.key)
        if meaning.changed_fields(fields, old.data, old.kind):
            if old.is_final:
                yield str(doc.locate(("records", index)))
            continue
        digest = _digest(fields, old)
        if entry.get("digest") == digest != _digest(fields, new):
            yield value_spot(doc, ("records", index, "digest"), _digest(fields, new))
        was, now = meaning.field_digests(old.data), meaning.field_digests(new.data)
        for place, field in enumerate(fields):
            key, _, kept = field.partition(":")
            if key in now and kept == was.get(key) != now[key]:
                yield value_spot(doc, ("records", index, "fields", place), f"{key}:{now[key]}")


def _digest(fields: Sequence[str], record: Record) -> str:
    """What a seal over these fields says of a record, without what was filled in since."""
    then = {field.partition(":")[0] for field in fields}
    later = meaning.filled_in(then, record.data, record.kind)
    sealed = {key: value for key, value in record.data.items() if key not in later}
    return meaning.digest(sealed, record.kind.living)


def _readings(doc: YamlDoc, case: _Case) -> Iterator[Spot | str]:
    """What was read under its new id, as it is now if nothing else has changed since it was read."""
    sound = [_is_sound(record) for record in case.old]
    before, after = (CaseFile("", compress(each, sound)) for each in (case.old, case.new))
    for index, entry in _entries(doc, "read"):
        is_new = _known_by(entry) not in case.stood
        target = str(entry.get("cites"))
        now = case.moves.of(target) if is_new else target
        for key in ("in", "cites"):
            value = str(entry.get(key))
            if is_new and case.moves.of(value) != value:
                yield value_spot(doc, ("read", index, key), case.moves.of(value))
        if rereading.fingerprint(before, target) == entry.get("is"):
            yield value_spot(doc, ("read", index, "is"), rereading.fingerprint(after, now))


def _is_sound(record: Record) -> bool:
    faults = schema.check(record.doc, record.kind)
    return not any(fault.severity is Severity.ERROR for fault in faults)


def _answers(doc: YamlDoc, case: _Case) -> Iterator[Spot | str]:
    """What was answered, at the new id of the place."""
    for index, entry in _entries(doc, "given"):
        place = str(entry.get("at"))
        if _known_by(entry) not in case.stood and case.moves.of(place) != place:
            yield value_spot(doc, ("given", index, "at"), case.moves.of(place))
