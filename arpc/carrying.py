"""A new analysis or follow-up begun from the one before, so that nothing is typed or thought twice by chance.

What is carried waits under `carried` until somebody has looked at it again, and the new record cannot be
finished before. A conclusion that is only copied is the conclusion of another year.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from arpc.records import Analysis, Followup, Record, is_blank
from arpc.yamldoc import YamlDoc

KINDS: Mapping[str, tuple[type[Record], tuple[str, ...]]] = {
    "analysis": (Analysis, ("copies", "letters", "turning_points")),
    "followup": (
        Followup,
        (
            *("point", "attempts", "done", "who", "note", "statements", "harm", "reassess"),
            *("not_done", "not_done_why", "agreed_by"),
        ),
    ),
}
"""The kinds that are begun from the one before, and what of it belongs to its own time."""
_OF_THE_RECORD = ("written", "amendments", "moved", "superseded_by", "copied", "carried")


def earlier(records: list[Record], kind: str) -> Record | None:
    """The last finished record of a kind that another one can be begun from."""
    found = [r for r in records if r.kind.name == kind and r.status != "draft" and r.is_current]
    return max(found, key=lambda record: (record.on, record.id), default=None)


def begun_from(record: Record, drafted: YamlDoc) -> str:
    """Return the text of a new draft that begins as another record ended.

    Args:
        record: The one before, of one of `KINDS`.
        drafted: A draft with the new one's header, and with what belongs to its own time still to write.
    """
    dropped = {*_header(record), *_OF_THE_RECORD, *KINDS[record.kind.name][1]}
    kept = {key: text for key, text in _blocks(record.doc) if key not in dropped}
    new = dict(_blocks(drafted))
    blocks = [kept.pop(key, text) for key, text in new.items()]
    waiting = "".join(f"\n    - {name}" for name in _parts(record, dropped))
    carried = f"carried:\n  from: {record.id}\n  unconfirmed:{waiting or ' []'}\n"
    header = "\n".join(text.strip("\n") for text in blocks[: len(_header(record))])
    rest = (text.strip("\n") for text in (*blocks[len(_header(record)) :], *kept.values(), carried))
    return "\n\n".join((header, *rest)) + "\n"


def questions(analysis: Analysis | None, rejected: frozenset[str]) -> str:
    """Return a comment that asks a follow-up about each recommendation by its number; "" for none."""
    asked = [r for r in (analysis.recommendations if analysis else ()) if r.id not in rejected]
    if not asked:
        return ""
    lines = [
        f"#   {r.id}{f', by {r.by}' if r.by else ''}: done, in part, not done, not known?"
        for r in asked
    ]
    return "\n".join(["", "# Under `recommendations_done`, each by its number:", *lines, ""])


def _header(record: Record) -> tuple[str, ...]:
    return tuple(record.kind.schema["required"])


def _blocks(doc: YamlDoc) -> Iterator[tuple[str, str]]:
    """Each field with its text, and the comments below it that stand before the next."""
    lines = doc.text.splitlines(keepends=True)
    starts = sorted((place.line, str(key)) for key, place in doc.places.items())
    ends = [*(line for line, _ in starts[1:]), len(lines)]
    for (start, key), end in zip(starts, ends, strict=True):
        yield key, "".join(lines[start:end])


def _parts(record: Record, dropped: set[str]) -> Iterator[str]:
    """What has to be looked at again, by name: fields, and the entries of lists."""
    for key, value in record.data.items():
        if key in dropped or key in ("carried", "not_for") or is_blank(value):
            continue
        names = [_name(entry) for entry in value] if isinstance(value, list) else []
        yield from names if names and all(names) else [key]


def _name(entry: Any) -> str:
    """What an entry is called: its id, or the area that it is about."""
    return str(entry.get("id") or entry.get("area") or "") if isinstance(entry, Mapping) else ""
