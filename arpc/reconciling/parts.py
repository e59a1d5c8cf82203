"""A record cut into the parts that people write: keys, entries and their fields, each as it stands.

A part is a run of whole lines. Nothing is written anew, so that comments and layout stay to the letter:
all parts one after the other are the text again.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from arpc.meaning import meaning
from arpc.records import is_blank
from arpc.yamldoc import Place, YamlDoc

Lines = tuple[str, ...]
"""Whole lines, each with its line end."""

_NAMED_BY = {
    "answers": "question",
    "attachments": "name",
    "carers": "who",
    "children": "child",
    "facts": "basis",
    "members": "who",
}
"""What tells the entries of a list apart that have no ids, by the key of the list."""
_SETS = ("read", "given")
"""The lists of ledgers to which both sides may add what looks alike: what is written once stays so."""
_SAYABLE = re.compile(
    r"case\Z|[A-Z]{2,4}[0-9]?\Z|[A-Z]-?[0-9][0-9A-Za-z.#-]*\Z|[A-Z]-[0-9A-Z]{8}\Z"
)


class Part(NamedTuple):
    """One key, entry or whole record: the lines that are its own."""

    name: str
    """The key, or what tells an entry from others; "" where only its place does."""
    lead: Lines
    """Blank lines and comments above that belong to it."""
    body: Lines
    """The lines of its key and value; of what is cut further, only those before its first part."""
    inside: "tuple[Part, ...] | None"
    """What is in it, None where it is not cut further."""
    tail: Lines
    """Comments below that belong to it."""
    data: Any
    column: int
    """Where its key, or the dash of its entry, stands."""
    is_prose: bool
    """Whether its value is a block of text."""

    @property
    def lines(self) -> Lines:
        """Everything that it is."""
        inner = (line for part in self.inside or () for line in part.lines)
        return (*self.lead, *self.body, *inner, *self.tail)

    @property
    def is_list(self) -> bool:
        """Whether its parts are entries, not keys."""
        return isinstance(self.data, list)

    @property
    def written(self) -> Lines:
        """Its lines without the blank ones: what a change of it would be a change of."""
        return tuple(line for line in self.lines if line.strip())

    def without(self, comments: Collection[str]) -> "Part":
        """The same part without some of the comments around it and around what is in it."""
        return self._replace(
            lead=tuple(line for line in self.lead if line not in comments),
            tail=tuple(line for line in self.tail if line not in comments),
            inside=self.inside and tuple(part.without(comments) for part in self.inside),
        )


Parts = tuple[Part, ...]


def cut(doc: YamlDoc) -> Part:
    """Return the whole record as a part with parts."""
    lines = split(doc.text)
    inside = tuple(_inside(lines, doc.data, doc.places, 0, len(lines)) or ())
    head = tuple(lines[: len(lines) - sum(len(part.lines) for part in inside)])
    return Part("", (), head, inside, (), doc.data, 0, is_prose=False)


def names(three: tuple[Parts, Parts, Parts], where: str) -> tuple[list[str], ...] | None:
    """What tells the entries of a list's three versions apart; None where only their order does.

    An entry without an id, in a list of entries with ids, is known by what it says.

    Args:
        three: The entries in base, ours and theirs.
        where: The key of the list.
    """
    everything = [part for parts in three for part in parts]
    if where in _SETS:
        return tuple(_numbered([_content(part) for part in parts]) for parts in three)
    by = "id" if any(_value(p, "id") for p in everything) else _NAMED_BY.get(where, "id")
    if not any(_value(part, by) for part in everything):
        return None
    base, ours, theirs = found = tuple(
        [_value(part, by) or _content(part) for part in parts] for parts in three
    )
    nameless = {
        name
        for name, part in zip(base, three[0], strict=True)
        if name[0] == " " and not is_blank(part.data)
    }
    distinct = all(len({*each}) == len(each) for each in found)
    return found if distinct and nameless <= {*ours, *theirs} else None


def sayable(name: str) -> str:
    """An entry's name as it may be printed: an id or the like, "" for anything that people wrote."""
    return name if _SAYABLE.match(name) else ""


def split(text: str) -> list[str]:
    """The lines of a text as YAML counts them, parted by line feeds only; the last one gets one too."""
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def has_an_id_twice(data: Any) -> bool:
    """Whether two entries of one list have one id, at any depth."""
    if isinstance(data, Mapping):
        return any(map(has_an_id_twice, data.values()))
    if not isinstance(data, list):
        return False
    ids = [e["id"] for e in data if isinstance(e, Mapping) and isinstance(e.get("id"), str)]
    return len({*ids}) < len(ids) or any(map(has_an_id_twice, data))


def _content(part: Part) -> str:
    """A name for what has none, which no id is: what it says, after a space."""
    return f" {json.dumps(part.data, sort_keys=True)}"


def _numbered(values: list[str]) -> list[str]:
    """The values made distinct, the second of two that are alike called otherwise than the first."""
    seen: Counter[str] = Counter()
    result = []
    for value in values:
        seen[value] += 1
        result.append(f"{value} {seen[value]}")
    return result


def _value(part: Part, key: str) -> str:
    value = part.data.get(key) if isinstance(part.data, Mapping) else None
    return value if isinstance(value, str) else ""


def _inside(lines: list[str], data: Any, places: Any, start: int, end: int) -> list[Part] | None:
    """The parts of a mapping or list between two lines, None where they do not stand on lines of their own."""
    steps: list[tuple[str, Any, Place]] = (
        [(key, data[key], place) for key, place in places.items()]
        if isinstance(data, dict)
        else [("", *each) for each in zip(data, places, strict=True)]
    )
    columns = {_column(lines, place, is_entry=isinstance(data, list)) for _, _, place in steps}
    rows = [place.line for _, _, place in steps]
    if len(columns) != 1 or None in columns or rows != sorted({*rows}):
        return None
    column = next(iter(columns)) or 0
    starts = []
    floor = start
    for row in rows:
        starts.append(_lead(lines, floor, row, column))
        floor = row + 1
    return [
        _part(lines, step, (first, step[2].line, last), column)
        for step, first, last in zip(steps, starts, [*starts[1:], end], strict=True)
    ]


def _part(
    lines: list[str], step: tuple[str, Any, Place], rows: tuple[int, int, int], column: int
) -> Part:
    """One part, from where its lead and its own first line stand and where it ends."""
    name, data, place = step
    start, row, end = rows
    inside = None
    opening = lines[place.value_line][place.value_column : place.value_column + 1]
    if place.inside and opening not in ("{", "["):
        first_own = row if isinstance(data, dict) and place.value_line == row else row + 1
        inside = _inside(lines, data, place.inside, first_own, end)
    if inside is not None:
        head_end = end - sum(len(part.lines) for part in inside)
        body, tail = lines[row:head_end], []
    else:
        cut_at = end
        while cut_at > row + 1 and _is_beside(lines[cut_at - 1], column):
            cut_at -= 1
        body, tail = lines[row:cut_at], lines[cut_at:end]
    return Part(
        name,
        tuple(lines[start:row]),
        tuple(body),
        tuple(inside) if inside is not None else None,
        tuple(tail),
        data,
        column,
        is_prose=opening in ("|", ">") and isinstance(data, str),
    )


def _column(lines: list[str], place: Place, *, is_entry: bool) -> int | None:
    """Where the key or the dash of an entry stands, None where anything else stands before it."""
    before = lines[place.line][: place.column]
    if not is_entry:
        return place.column if not before.strip() or before.strip() == "-" else None
    return before.index("-") if before.strip() == "-" else None


def _lead(lines: list[str], floor: int, row: int, column: int) -> int:
    """Where what belongs to a line begins: the comments right above it, and blank lines over them."""
    while row > floor and _is_comment(lines[row - 1], column):
        row -= 1
    while row > floor and not lines[row - 1].strip():
        row -= 1
    return row


def _is_beside(line: str, column: int) -> bool:
    return not line.strip() or _is_comment(line, column)


def _is_comment(line: str, column: int) -> bool:
    text = line.lstrip(" ")
    return text.startswith("#") and len(line) - len(text) <= column


def same_meaning(one: Any, other: Any) -> bool:
    """Whether two values mean the same, however they are laid out."""
    return bool(meaning(one) == meaning(other))
