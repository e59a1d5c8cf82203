"""How a record is read: typed fields of a mapping, made only as far as asked, and then kept.

Blank and empty values read as "", None or (), since all of them mean "not yet written".
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, overload

from arpc.findings import Location, Pointer
from arpc.ids import Citation, parse_citation
from arpc.kinds import NOWHERE, STATEMENT_KEYS, Field, Inside, Kind
from arpc.yamldoc import YamlDoc

T = TypeVar("T")
E = TypeVar("E", bound="Entry")


class Read(Generic[T]):
    """A field of an `Entry`: which key it reads and how; a test checks the key against the schema."""

    name: str

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def __set_name__(self, owner: type["Entry"], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, entry: None, owner: type["Entry"]) -> Self: ...
    @overload
    def __get__(self, entry: "Entry", owner: type["Entry"]) -> T: ...
    def __get__(self, entry: "Entry | None", owner: type["Entry"]) -> Self | T:
        if entry is None:
            return self
        value: Any = entry.data
        for key in self.keys:
            value = value.get(key) if isinstance(value, dict) else None
        found = self.convert(value, entry)
        entry.__dict__[self.name] = found  # many rules ask for the same; this is asked only once
        return found

    def convert(self, value: Any, entry: "Entry") -> T:
        """Turn what the file holds, or None, into what the code wants."""
        raise NotImplementedError


class Text(Read[str]):
    """A text or word, "" where nothing is written."""

    def convert(self, value: Any, entry: "Entry") -> str:
        """Return the text without white space around it."""
        return "" if value is None else str(value).strip()


class Day(Read[date | None]):
    """A day; None where nothing is written or only the year or month is known."""

    def convert(self, value: Any, entry: "Entry") -> date | None:
        """Return the day."""
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None


class Moment(Read[datetime | None]):
    """A day and time of day, as the clock on the wall showed it."""

    def convert(self, value: Any, entry: "Entry") -> datetime | None:
        """Return the moment, without a zone."""
        return datetime.fromisoformat(value) if value else None


class Number(Read[int | None]):
    """A whole number."""

    def convert(self, value: Any, entry: "Entry") -> int | None:
        """Return the number."""
        return value if isinstance(value, int) else None


class Words(Read[tuple[str, ...]]):
    """A list of texts, words or ids."""

    def convert(self, value: Any, entry: "Entry") -> tuple[str, ...]:
        """Return the list, () where nothing is written."""
        return tuple(str(item).strip() for item in value or ())


class Citations(Read[tuple[Citation, ...]]):
    """A list of citations, or a single one."""

    def convert(self, value: Any, entry: "Entry") -> tuple[Citation, ...]:
        """Return what is cited, a bare entry id read as one of this record."""
        items = value if isinstance(value, list) else [value] if value else []
        return tuple(c for item in items if (c := parse_citation(str(item))))


class Entries(Read[tuple[E, ...]]):
    """A list of mappings, or the one mapping at a key."""

    def __init__(self, key: str, make: type[E], *, inside: str = "") -> None:
        super().__init__(*((inside,) if inside else ()), key)
        self.make = make

    def convert(self, value: Any, entry: "Entry") -> tuple[E, ...]:
        """Return the entries in the order of the file, those left out in which nothing is written."""
        return tuple(
            self.make(item, entry.record, (*entry.pointer, *self.keys, index))
            for index, item in enumerate(value or ())
            if isinstance(item, Mapping) and not is_blank(item)
        )


class Entry:
    """A mapping in a record, and where it stands."""

    id = Text("id")

    def __init__(self, data: Mapping[str, Any], record: "Record | None", pointer: Pointer) -> None:
        self.data = data
        self.record: Record = record if record is not None else self  # type: ignore[assignment]
        self.pointer = pointer

    def at(self, *steps: str | int, value: bool = False) -> Location:
        """Where a key of this entry stands, or the entry itself."""
        return self.record.doc.locate((*self.pointer, *steps), value=value)

    @property
    def citation(self) -> str:
        """How this entry is cited from anywhere in the case, e.g. "N-007#S3"."""
        own = self.record.id
        return own if self is self.record else f"{own}#{self.id}"

    @property
    def amended(self) -> tuple["Amendment", ...]:
        """What was added later about this entry, or about a record as a whole."""
        added = self.record.amendments
        if self is self.record:
            return tuple(each for each in added if not each.about)
        return tuple(each for each in added if self.id in each.about)

    def lacks(self, *keys: str) -> bool:
        """Whether a key is not even there; an empty one waits to be filled in."""
        value: Any = self.data
        for key in keys:
            if not isinstance(value, Mapping) or key not in value:
                return True
            value = value[key]
        return False

    def written(self, *keys: str) -> bool:
        """Whether anything is written at `keys`."""
        value: Any = self.data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return not is_blank(value)


def is_blank(value: Any) -> bool:
    """Whether a value means "not yet written": nothing, white space, or only such things inside."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return all(map(is_blank, value.values()))
    if isinstance(value, list):
        return all(map(is_blank, value))
    return value is None


class Leaf(NamedTuple):
    """A plain value in a record, where it stands, and the field that it belongs to."""

    pointer: Pointer
    value: Any
    field: Field | None

    @property
    def is_prose(self) -> bool:
        """Whether it is free text, alone or in a list."""
        field = self.field
        return field is not None and isinstance(self.value, str) and field.holds_prose


_COLLECTIONS = (dict, list)


def _leaves(inside: Inside, value: Any, pointer: Pointer, found: list[Leaf]) -> list[Leaf]:
    """Append every plain value inside `value` to `found`, in the order of the file."""
    parts = inside.parts
    if isinstance(value, dict):
        for key, item in value.items():
            below = parts.get(key, NOWHERE)
            if isinstance(item, _COLLECTIONS):
                _leaves(below, item, (*pointer, key), found)
            else:
                found.append(Leaf((*pointer, key), item, below.field))
    else:
        below = parts.get("*", NOWHERE)
        for index, item in enumerate(value):
            if isinstance(item, _COLLECTIONS):
                _leaves(below, item, (*pointer, index), found)
            else:
                found.append(Leaf((*pointer, index), item, below.field))
    return found


class Amendment(Entry):
    """Something added to a record after it was final."""

    day = Day("date")
    by = Text("by")
    about = Words("about")
    what = Text("what")
    why = Text("why")


class Record(Entry):
    """One record: a file of a case that satisfies its schema."""

    of: ClassVar[str] = ""
    author = Text("author")
    status = Text("status")
    not_for = Words("not_for")
    amendments = Entries("amendments", Amendment)

    def __init__(self, doc: YamlDoc, kind: Kind) -> None:
        super().__init__(doc.data, None, ())
        self.doc = doc
        self.kind = kind
        self._found: dict[str, Any] = {}

    @property
    def key(self) -> str:
        """What it is called inside its case: "N-007", "Q-01", or "case"."""
        return "case" if self.kind.name == "case" else self.id

    @property
    def is_where_its_id_says(self) -> bool:
        """Whether the file is called by the record's id, as all but a stray copy are."""
        stem = self.doc.file.rpartition("/")[2].removesuffix(".yaml")
        return stem in (self.id, self.kind.name)

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Every plain value of the record, in the order of the file."""
        return _leaves(self.kind.inside, self.data, (), [])

    @cached_property
    def prose(self) -> list[tuple[Pointer, str]]:
        """Every text that somebody wrote in their own words, and where it stands."""
        return [(leaf.pointer, leaf.value) for leaf in self.leaves if leaf.is_prose]

    def once(self, name: str, find: Callable[[], T]) -> T:
        """What `find` gives, asked once: many rules look at the same parts of a record."""
        if name not in self._found:
            self._found[name] = find()
        found: T = self._found[name]
        return found

    @cached_property
    def on(self) -> date:
        """The record's date, which the schema requires."""
        return date.fromisoformat(self.data["date"])

    @property
    def is_final(self) -> bool:
        """Whether it was finished."""
        return self.status == "final"

    @property
    def is_current(self) -> bool:
        """Whether it was not replaced by another."""
        return self.status != "superseded"


class Statement(Entry):
    """One thing that somebody said, showed or wrote."""

    asked = Text("asked")
    by = Text("by")
    heard = Text("heard")
    about = Words("about")
    share = Text("share")
    not_for = Words("not_for")
    basis = Text("basis")
    conflicts = Citations("conflicts")

    @cached_property
    def form(self) -> str:
        """Which kind of evidence it is: said, told, observed...; "" while nothing is written."""
        return next((key for key in STATEMENT_KEYS if self.written(key)), "")

    @cached_property
    def text(self) -> str:
        """What was said, shown or written."""
        return str(self.data.get(self.form) or "").strip()

    @property
    def speaker(self) -> str:
        """Person id of who said it: named, or the one person whom the record is about; or ""."""
        if self.by:
            return self.by
        if self.form in ("observed", "states", "found"):
            return ""
        seen = self.record.data.get("who") or self.record.data.get("from") or []
        seen = seen if isinstance(seen, list) else [seen]
        return str(seen[0]) if len(seen) == 1 and str(seen[0]).startswith("P-") else ""


def entries_with_ids(record: Record) -> Iterator[tuple[str, Pointer]]:
    """Yield the id and place of every statement or entry in a record that can be cited."""
    for key, value in record.data.items():
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping) and isinstance(item.get("id"), str):
                    yield item["id"], (key, index)
