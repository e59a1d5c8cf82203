"""Which ids have become others, and one record's text with them written anew."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from arpc import yamldoc
from arpc.citing import named_in_prose, references
from arpc.findings import Pointer
from arpc.records import Record, make
from arpc.yamldoc import YamlDoc

_LOCAL = re.compile(r"[A-Z][0-9]{1,3}\Z")
_LOCAL_FIELD = re.compile(r"\^[A-Z]\[0-9\]")


class Moves(NamedTuple):
    """What is called otherwise now."""

    records: Mapping[str, str]
    """E.g. N-015: N-016."""
    entries: Mapping[str, str]
    """E.g. N-007#S7: N-007#S8; never of a record that is in `records`."""
    files: Mapping[str, str]
    """Names of files that lie beside records, e.g. N-015-1.pdf: N-016-1.pdf."""
    known: frozenset[str]
    """Every entry that ours has, cited in full."""

    def of(self, target: str) -> str:
        """What a record or an entry, cited in full, is cited as now."""
        record, mark, entry = target.partition("#")
        return self.entries.get(target, f"{self.records.get(record, record)}{mark}{entry}")

    @property
    def is_any(self) -> bool:
        """Whether anything moved at all."""
        return any((self.records, self.entries, self.files))


class Spot(NamedTuple):
    """A word of a text that is to be another."""

    line: int
    column: int
    old: str
    new: str


class _Found(NamedTuple):
    """A citation of something that moved: where, as it is written, and as it should be."""

    pointer: Pointer
    old: str
    new: str
    """ "" where it could mean two things."""
    after: str | None
    """The words before it in prose; None in a field of its own."""
    key: tuple[Any, ...]
    """What it is known by in another version of the record."""


class Rewritten(NamedTuple):
    """A record whose citations were written anew."""

    record: Record
    left: tuple[str, ...]
    """Where a citation stands that was not changed, as file:line:column."""


def stands(doc: YamlDoc, spot: Spot) -> bool:
    """Whether a word stands there as it reads: in quotes it may be written in another way."""
    return doc.text.split("\n")[spot.line].startswith(spot.old, spot.column)


def replaced(doc: YamlDoc, spots: Iterable[Spot]) -> YamlDoc | None:
    """The document with words replaced, all else to the letter; None if that would damage it."""
    lines = doc.text.split("\n")
    for line, column, old, new in sorted({*spots}, reverse=True):
        if not lines[line].startswith(old, column):
            return None
        lines[line] = lines[line][:column] + new + lines[line][column + len(old) :]
    return yamldoc.read(doc.file, "\n".join(lines).encode("utf-8")).doc


def value_spot(doc: YamlDoc, pointer: Pointer, new: str) -> Spot:
    """The place of a plain value of one line, which is to be another."""
    places, data, place = doc.places, doc.data, None
    for step in pointer:
        place, data = places[step], data[step]
        places = place.inside
    assert place is not None
    line, column = place.value_line, place.value_column
    quoted = doc.text.split("\n")[line][column : column + 1] in ('"', "'")
    return Spot(line, column + quoted, str(data), new)


def own_id(record: Record, new: str) -> Spot:
    """The place of a record's own id, which is to be another."""
    return value_spot(record.doc, ("id",), new)


def rewritten(record: Record, before: Record | None, moves: Moves) -> Rewritten:
    """Write a record's citations anew, with its own id and those of its entries.

    What stood in `before` stays, since it cannot mean what was made later. The sealed prose of a record
    that is final stays, too, and is named.

    Args:
        record: The record.
        before: The same record as it was in base.
        moves: What is called otherwise now.
    """
    fields = _new(_in_fields(record, moves), _in_fields(before, moves))
    spots = [value_spot(record.doc, found.pointer, found.new) for found in fields]
    spots += _own_spots(record, moves)
    sure = [spot for spot in spots if stands(record.doc, spot)]
    now = record
    if sure:
        doc = replaced(record.doc, sure)
        if doc is None:
            return Rewritten(record, (record.doc.file,))
        now = make(doc, record.kind)
    now = _prose_rewritten(now, before, moves)
    unsure = [f"{record.doc.file}:{s.line + 1}:{s.column + 1}" for s in spots if s not in sure]
    return Rewritten(now, (*unsure, *_left(now, before, moves)))


def _own_spots(record: Record, moves: Moves) -> Iterator[Spot]:
    """The id of a record that moved, those of its entries that did, and the names of its files."""
    if record.id in moves.records:
        yield own_id(record, moves.records[record.id])
    for leaf in record.leaves:
        if leaf.pointer[-1] == "id" and len(leaf.pointer) == 3:
            new = moves.entries.get(f"{record.id}#{leaf.value}", "")
            if new:
                yield value_spot(record.doc, leaf.pointer, _entry(new))
        elif leaf.pointer[-1] == "name" and leaf.value in moves.files:
            yield value_spot(record.doc, leaf.pointer, moves.files[leaf.value])


def _in_fields(record: Record | None, moves: Moves) -> Iterator[_Found]:
    """Citations in fields of their own."""
    if record is None:
        return
    found = [(r.pointer, r.text, r.target) for r in references(record)]
    for pointer, text, target in [*found, *_others(record, {each[0] for each in found})]:
        new = moves.of(target)
        if new != target:
            yield _Found(
                pointer,
                text,
                new if text == target else _entry(new),
                None,
                (_route(record, pointer), target),
            )


def _others(record: Record, known: set[Pointer]) -> Iterator[tuple[Pointer, str, str]]:
    """What else is an id: what it was begun from, and entries of this record by a letter of their own."""
    for pointer, value, field in record.leaves:
        if not isinstance(value, str) or pointer in known or pointer[-1] == "id" or not field:
            continue
        if pointer == ("carried", "from"):
            yield pointer, value, value
        elif _LOCAL.match(value) and (
            pointer[:2] == ("carried", "unconfirmed")
            or _LOCAL_FIELD.match(str(field.schema.get("pattern", "")))
        ):
            yield pointer, value, f"{record.id}#{value}"


def _in_prose(record: Record | None, moves: Moves) -> Iterator[_Found]:
    """Ids among people's words, the record's own under its old id or its new one."""
    if record is None:
        return
    back = {new: old for old, new in moves.records.items()}
    own = back.get(record.id, record.id)
    for pointer, text, targets, after in named_in_prose(record):
        meant = [own + t[len(record.id) :] if t.startswith(f"{record.id}#") else t for t in targets]
        meant = [target for target in meant if target in moves.known] or meant
        news = {_as_written(text, target, moves.of(target)) for target in meant}
        if news != {text}:
            key = (_route(record, pointer), tuple(meant))
            yield _Found(pointer, text, news.pop() if len(news) == 1 else "", after, key)


def _as_written(text: str, target: str, new: str) -> str:
    """A citation in full, or the entry alone where that was written."""
    return new if text == target else _entry(new)


def _new(found: Iterable[_Found], before: Iterable[_Found]) -> Iterator[_Found]:
    """What did not stand there before."""
    stood = Counter(each.key for each in before)
    for each in found:
        if stood[each.key]:
            stood[each.key] -= 1
        else:
            yield each


def _prose_rewritten(record: Record, before: Record | None, moves: Moves) -> Record:
    """Replace one id after the other, since an id is found once in a text.

    Of a final record only what goes on being written.
    """
    failed: set[tuple[Pointer, str]] = set()
    is_open = record.status not in ("final", "superseded")
    while True:
        found = next(
            (
                each
                for each in _new(_in_prose(record, moves), _in_prose(before, moves))
                if each.new
                and (each.pointer, each.old) not in failed
                and (is_open or each.pointer[0] in record.kind.living)
            ),
            None,
        )
        if found is None:
            return record
        where = record.doc.locate_words(found.pointer, found.old, after=found.after or "")
        spot = Spot(where.line - 1, where.column - 1, found.old, found.new)
        doc = replaced(record.doc, [spot]) if _stands_alone(record.doc, spot) else None
        if doc and _at(doc.data, found.pointer) != _at(record.data, found.pointer):
            record = make(doc, record.kind)
        else:
            failed.add((found.pointer, found.old))


def _stands_alone(doc: YamlDoc, spot: Spot) -> bool:
    """Whether a word is one by itself: not the beginning of another id, nor the end of one."""
    line = doc.text.split("\n")[spot.line]
    before, after = line[: spot.column][-1:], line[spot.column + len(spot.old) :][:1]
    return not (before.isalnum() or after.isalnum() or after == "#" or "_" in (before, after))


def _at(data: Any, pointer: Pointer) -> Any:
    for step in pointer:
        data = data[step]
    return data


def _left(record: Record, before: Record | None, moves: Moves) -> Iterator[str]:
    for found in _new(_in_prose(record, moves), _in_prose(before, moves)):
        yield str(record.doc.locate_words(found.pointer, found.old, after=found.after or ""))


def _route(record: Record, pointer: Pointer) -> Pointer:
    """A pointer that holds in another version, too: entries by their ids, items of a list by none."""
    route: list[str | int] = []
    data: Any = record.data
    for step in pointer:
        data = data[step]
        if isinstance(step, int):
            step = str(data.get("id") or "") if isinstance(data, Mapping) else ""
        route.append(step)
    return tuple(route)


def _entry(citation: str) -> str:
    return citation.partition("#")[2]


def with_ends_of(raw: bytes, text: str) -> bytes:
    """A changed text as bytes, with the line ends that the file had."""
    return (text.replace("\n", "\r\n") if b"\r\n" in raw else text).encode("utf-8")
