"""The kinds of record, as their JSON Schemas describe them.

A schema in `schemas/` is the one description of a kind: what files hold it, what fields it has, what
is needed when, and how sensitive each field is. Everything here is read from there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from arpc import resources
from arpc.findings import Gate, Pointer

NAMES = (
    "case",
    "referral",
    "person",
    "basis",
    "consent",
    "session",
    "document",
    "arrangement",
    "escalation",
    "supervision",
    "analysis",
    "report",
    "treatment",
    "followup",
)
"""The kinds of record in a case, in the order in which a case comes to need them."""

LEDGERS = ("finished", "confirmations", "answers")
"""What arpc itself writes down of a case, beside its records."""

OF_SERVICE = ("service", "register")
"""The files of a service folder itself."""

STATEMENT_KEYS = ("said", "told", "observed", "states", "admitted", "found", "opinion")
"""The keys that hold the text of a statement; each says what kind of evidence it is."""


class Field:
    """One field of a kind: `path` has "*" for any item of a list."""

    def __init__(self, path: tuple[str, ...], schema: Mapping[str, Any]) -> None:
        self.path = path
        self.schema = schema

    @property
    def title(self) -> str:
        """The field's name for people."""
        return str(self.schema.get("title", self.path[-1]))

    @property
    def description(self) -> str:
        """What belongs in the field."""
        return str(self.schema.get("description", ""))

    @property
    def example(self) -> Any:
        """One value as it might be written."""
        return next(iter(self.schema.get("examples", ())), None)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The permitted words, or nothing where any text may stand."""
        items = self.schema.get("items", self.schema)
        return tuple(word for word in items.get("enum", ()) if word is not None)

    @cached_property
    def needed(self) -> Gate | None:
        """The gate by which it must be written, if there is one."""
        gate = self.schema.get("x-arpc-needed")
        return Gate(gate) if gate else None

    @cached_property
    def applies_when(self) -> Mapping[str, list[str]]:
        """Which words of which other field make this field belong in a record; {} is always."""
        when: Mapping[str, list[str]] = self.schema.get("x-arpc-when", {})
        return when

    @cached_property
    def needless_when(self) -> Mapping[str, list[str]]:
        """Which words of another field (or any, if none are named) make this one needless."""
        unless: Mapping[str, list[str]] = self.schema.get("x-arpc-unless", {})
        return unless

    def belongs_in(self, data: Mapping[str, Any]) -> bool:
        """Whether the field has a place in a record, by its other fields."""
        return all(says_one_of(data.get(key), words) for key, words in self.applies_when.items())

    def is_needless_in(self, data: Mapping[str, Any]) -> bool:
        """Whether another field says that this one has nothing to say."""
        return any(
            data.get(key) in words if words else data.get(key) is not None
            for key, words in self.needless_when.items()
        )

    @property
    def sensitivity(self) -> str:
        """none, identifying or harmful; only what is none may be quoted in a message."""
        return str(self.schema.get("x-arpc-sensitivity", "harmful"))

    @property
    def is_rare(self) -> bool:
        """Whether most records do without it, so that a draft only names it."""
        return bool(self.schema.get("x-arpc-rare"))

    @cached_property
    def is_block(self) -> bool:
        """Whether it is prose of several lines."""
        return bool(self.schema.get("x-arpc-block"))

    @property
    def between(self) -> str:
        """What parts the entries of a list where they are given on one line; sentences hold commas."""
        return str(self.schema.get("x-arpc-between", ","))

    @cached_property
    def is_list(self) -> bool:
        """Whether it holds several."""
        return "array" in self.schema.get("type", "string")

    @cached_property
    def has_parts(self) -> bool:
        """Whether it holds fields of its own."""
        return "properties" in self.schema or "properties" in self.schema.get("items", {})

    @cached_property
    def is_prose(self) -> bool:
        """Whether it is free text: what people write, not a word, an id or a date."""
        return self.is_block or self.schema.get("pattern") == "^[^\\n]*$"

    @cached_property
    def holds_prose(self) -> bool:
        """Whether it is free text, or one of a list of texts."""
        return self.is_prose or self.path[-1] == "*"

    @cached_property
    def is_searched(self) -> bool:
        """Whether it holds names or prose, alone or in a list, and not a word, an id or a date."""
        is_one_of_many = self.path[-1] == "*" and not self.has_parts
        return self.is_prose or (is_one_of_many and not self.words and "pattern" not in self.schema)


class Inside(NamedTuple):
    """A field, and the fields inside it by key; "*" is any item of a list."""

    field: Field | None
    parts: dict[str, "Inside"]


NOWHERE = Inside(None, {})
"""Inside of what the schema does not know."""


def says_one_of(value: Any, words: Sequence[str]) -> bool:
    """Whether a field says one of these words, or its list holds one."""
    return any(each in words for each in (value if isinstance(value, list) else (value,)))


class Kind:
    """One kind of record."""

    def __init__(self, name: str, schema: dict[str, Any]) -> None:
        self.name = name
        self.schema = schema
        self.files: str = schema["x-arpc-files"]
        """Pattern of the files that hold it, below the case folder, e.g. "people/P-*.yaml"."""

    @property
    def title(self) -> str:
        """The kind's name for people."""
        return str(self.schema["title"])

    @property
    def description(self) -> str:
        """What a record of this kind holds."""
        return str(self.schema["description"])

    @property
    def folder(self) -> str:
        """The folder below the case folder, "" for the two records that stand beside it."""
        return self.files.rpartition("/")[0]

    @property
    def prefix(self) -> str:
        """How the ids begin, e.g. "N-"."""
        example: str = self.schema["properties"]["id"]["examples"][0]
        return example[:2]

    @property
    def id_width(self) -> int:
        """How many digits an id has at least."""
        return len(self.schema["properties"]["id"]["examples"][0]) - 2

    def is_held_by(self, path: str) -> bool:
        """Whether the file at `path`, below the case folder, holds such a record."""
        before, any_id, after = self.files.partition("*")
        return path.startswith(before) and path.endswith(after) if any_id else path == before

    def id_in(self, path: str) -> str:
        """The id that a record has in the file at `path`, below the case folder."""
        name = path.rpartition("/")[2].removesuffix(".yaml")
        return f"{self.prefix}01" if not self.folder and self.name in NAMES else name

    @cached_property
    def fields(self) -> dict[tuple[str, ...], Field]:
        """Every field at every depth, by path, in the schema's order."""
        return {field.path: field for field in _walk(self.schema, ())}

    @cached_property
    def inside(self) -> "Inside":
        """The same as a tree, in the way in which the data of a record is one."""
        top = Inside(None, {})
        for path, field in self.fields.items():
            around = top
            for step in path[:-1]:
                around = around.parts[step]
            around.parts[path[-1]] = Inside(field, {})
        return top

    @cached_property
    def numbered(self) -> dict[str, str]:
        """How entry ids begin, by the key of their list; only of lists that hold ids of their own."""
        return {
            path[0]: field.schema["pattern"][1]
            for path, field in self.fields.items()
            if path[1:] == ("*", "id")
        }

    @cached_property
    def is_searched(self) -> bool:
        """Whether it holds names or prose at all."""
        return any(field.is_searched for field in self.fields.values())

    def field(self, pointer: Pointer) -> Field | None:
        """The field that a pointer into a record leads to."""
        return self.fields.get(tuple("*" if isinstance(step, int) else step for step in pointer))

    @cached_property
    def needed(self) -> dict[Gate, tuple[Field, ...]]:
        """The fields that each gate asks for, those inside lists left aside."""
        return {
            gate: tuple(f for f in self.fields.values() if f.needed is gate and "*" not in f.path)
            for gate in Gate
        }

    @cached_property
    def living(self) -> frozenset[str]:
        """The fields that go on being written in a record that is final, such as what was decided."""
        return frozenset(f.path[0] for f in self.top_fields if f.schema.get("x-arpc-living"))

    @cached_property
    def later(self) -> frozenset[str]:
        """The fields that a record may be finished without, and that a later gate asks for."""
        return frozenset(f.path[0] for gate in (Gate.ISSUE, Gate.CLOSE) for f in self.needed[gate])

    @property
    def top_fields(self) -> list[Field]:
        """The fields at the top of a record, in the schema's order."""
        return [field for field in self.fields.values() if len(field.path) == 1]


def all_kinds() -> list[Kind]:
    """Every kind of record in a case, in the order of `NAMES`."""
    return [kind(name) for name in NAMES]


@cache
def kind(name: str) -> Kind:
    """The kind called `name`: of a record, of one of `LEDGERS`, or of one of `OF_SERVICE`.

    Raises:
        KeyError: There is no such kind.
    """
    if name not in (*NAMES, *LEDGERS, *OF_SERVICE):
        raise KeyError(name)
    return Kind(name, _resolve(_load(name)))


@lru_cache(maxsize=1024)
def kind_of_file(path: str) -> Kind | None:
    """The kind that a file belongs to, by its path below the case folder."""
    if not path.endswith(".yaml"):
        return None
    return next((k for k in all_kinds() if k.is_held_by(path)), None)


def ledger_of_file(path: str) -> Kind | None:
    """The ledger that a file is, by its path below the case folder."""
    name = path.removesuffix(".yaml")
    return kind(name) if name in LEDGERS and path != name else None


def is_searched(path: str) -> bool:
    """Whether a file may hold names or prose, by its path below the case folder; one of no kind may."""
    kind = kind_of_file(path) or ledger_of_file(path)
    return path.endswith(".yaml") and (kind is None or kind.is_searched)


def kind_of_id(record_id: str) -> Kind | None:
    """The kind that a record id belongs to, by its first letter."""
    return next((k for k in all_kinds() if k.prefix == record_id[:2] and k.name != "case"), None)


@cache
def _load(name: str) -> dict[str, Any]:
    path = resources.folder("schemas") / f"{name}.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _resolve(node: Any) -> Any:
    """Put the shared parts in the place of their references; what stands beside one wins."""
    if isinstance(node, list):
        return [_resolve(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" not in node:
        return {key: _resolve(value) for key, value in node.items()}
    name = node["$ref"].rpartition("/")[2]
    here = {key: _resolve(value) for key, value in node.items() if key != "$ref"}
    return {**_shared(name), **here}


@cache
def _shared(name: str) -> dict[str, Any]:
    shared: dict[str, Any] = _resolve(_load("common")["$defs"][name])
    return shared


def _walk(schema: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Field]:
    for name, part in schema.get("properties", {}).items():
        yield Field((*path, name), part)
        yield from _walk(part, (*path, name))
        if "items" in part:
            shared = {**part["items"], "x-arpc-sensitivity": part.get("x-arpc-sensitivity", "none")}
            yield Field((*path, name, "*"), shared)
            yield from _walk(part["items"], (*path, name, "*"))
