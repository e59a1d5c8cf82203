"""A final record to which two people added apart: sealed as it is with both additions.

Each side's seal is that of its own addition alone, and neither is that of the record in which both stand. Only
what was sound on both sides is sealed anew, and in the name in which it was finished.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from arpc import kinds, ledgers, meaning, schema, yamldoc
from arpc.errors import ArpcError
from arpc.findings import Severity
from arpc.kinds import Kind
from arpc.yamltext import Value

Record = Callable[[str], bytes | None]
"""The bytes of a record by its path below the case folder; None where it is not there, or locked."""


class Side(NamedTuple):
    """A case as one side has it."""

    seals: bytes
    """Its finished.yaml."""
    record: Record


def with_common_seals(ours: Side, theirs: Side, merged: Record) -> tuple[bytes, bytes]:
    """Both versions of finished.yaml, with one seal in both where both sealed a record otherwise.

    Args:
        ours: One side.
        theirs: The other.
        merged: The records as they are now.

    Returns:
        The versions as they are where that cannot be, and somebody has to choose.
    """
    common = [*_common(ours, theirs, merged)]
    named = {entry["id"] for entry in common}
    try:
        now = (
            ledgers.with_entries(side.seals, "finished", common, lambda old: old.get("id") in named)
            for side in (ours, theirs)
        )
        made = [text.encode("utf-8") for text in now]
    except ArpcError:
        return ours.seals, theirs.seals
    return made[0], made[1]


def _common(ours: Side, theirs: Side, merged: Record) -> Iterator[Mapping[str, Value]]:
    """Yield the seals that both sides are to have."""
    one, other = _entries(ours.seals), _entries(theirs.seals)
    for key in one.keys() & other.keys():
        a, b = one[key], other[key]
        if a == b or not (kind := _kind(key)):
            continue
        path = f"{kind.folder}/{key}.yaml" if kind.folder else f"{kind.name}.yaml"
        if a.get("digest") == b.get("digest") and a.get("fields") == b.get("fields"):
            yield min(b, a, key=lambda entry: str(entry.get("date")))  # finished twice, as it was
        elif all(a.get(word) == b.get(word) for word in ("by", "date")):
            sides = ((a, ours.record(path)), (b, theirs.record(path)))
            data = _sound(merged(path), kind)
            if data and all(_is_sealed(entry, _sound(raw, kind), kind) for entry, raw in sides):
                on = date.fromisoformat(a["date"])
                yield ledgers.sealed(kind, data, by=a["by"], on=on)


def _entries(raw: bytes) -> dict[str, dict[str, Any]]:
    """The entries of a finished.yaml by the records that they seal; none where it is damaged."""
    doc = _sound(raw, kinds.kind("finished"))
    return {str(entry["id"]): entry for entry in doc["records"] or ()} if doc else {}


def _kind(key: str) -> Kind | None:
    return kinds.kind(key) if key == "case" else kinds.kind_of_id(key)


def _sound(raw: bytes | None, kind: Kind) -> dict[str, Any] | None:
    """What a record says, where it can be relied on."""
    doc = yamldoc.read("", raw).doc if raw else None
    faults = schema.check(doc, kind) if doc else ()
    if doc is None or any(fault.severity is Severity.ERROR for fault in faults):
        return None
    data: dict[str, Any] = doc.data
    return data


def _is_sealed(entry: Mapping[str, Any], data: dict[str, Any] | None, kind: Kind) -> bool:
    """Whether a record is what its seal says."""
    return data is not None and not meaning.changed_fields(entry["fields"], data, kind)
