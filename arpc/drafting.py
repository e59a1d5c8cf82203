"""A record kind's schema as a commented draft: every field named, explained, and easy to fill in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from arpc.errors import ArpcError
from arpc.kinds import STATEMENT_KEYS, Field, Kind, says_one_of
from arpc.yamltext import flow, scalar

Values = Mapping[str, str | int | Sequence[str]]
_COLUMN = 32  # where comments begin
_WIDTH = 100
_BEGIN = "  "  # where prose begins: the cursor waits there, and YAML wants its lines set in
WRITTEN_BY_ARPC = (
    *("written", "superseded_by", "amendments", "moved", "copied", "carried", "moved_out"),
    "attachments",
)


def draft(kind: Kind, values: Values) -> str:
    """Return a new record as YAML text: what is known filled in, everything else explained.

    Args:
        kind: The kind of record.
        values: What is known already, by top-level key; the header's keys must be among them.

    Raises:
        ArpcError: A key is not one of this kind.
    """
    known = [field.path[0] for field in kind.top_fields]
    for key in values:
        if key not in known:
            hint = f"`arpc explain {kind.name}` lists its fields"
            raise ArpcError(f"a {kind.title.lower()} has no field {key}", hint)
    required = list(kind.schema["required"])
    head, rest, rare = [], [], []
    for field in kind.top_fields:
        key = field.path[0]
        if key in required:
            head.append(_line(field, values, ""))
        elif key in values or is_wanted(kind, field, values):
            rest.append(field)
        elif _may_belong(field, values):
            rare.append(key)
    blocks = ["\n".join(head), *_blocks(kind, rest, values)]
    if rare := [key for key in rare if key not in WRITTEN_BY_ARPC]:
        blocks.append("\n".join(_wrapped(f"Where needed: {', '.join(rare)}.")))
    return "\n\n".join(blocks) + "\n"


def parse_values(kind: Kind, given: Sequence[str]) -> dict[str, str | int | list[str]]:
    """Read `field=value` words from the command line; a list's values are parted by `Field.between`.

    Raises:
        ArpcError: A word is not of that form, or names no field that can be given so.
    """
    values: dict[str, str | int | list[str]] = {}
    for word in given:
        key, equals, text = word.partition("=")
        field = kind.fields.get((key,))
        if not equals or field is None:
            raise _not_a_field(kind, key if equals else "", len(values) + 1)
        if field.has_parts:
            raise ArpcError(f"{key} has parts of its own", "write it in the file with `arpc edit`")
        types = field.schema.get("type", "string")
        if field.is_list:
            values[key] = [part.strip() for part in text.split(field.between) if part.strip()]
        elif "integer" in types and re.fullmatch(r"[0-9]{1,9}", text):
            values[key] = int(text)
        else:
            values[key] = text
    return values


def _not_a_field(kind: Kind, key: str, place: int) -> ArpcError:
    hint = f"for example `who=P-03`; `arpc explain {kind.name}` lists the fields"
    known = [path[0] for path in kind.fields if len(path) == 1]
    if not re.fullmatch("[a-z_]+", key):
        return ArpcError(f"expected field=value, found something else in place {place}", hint)
    near = "".join(f"did you mean {name}? " for name in get_close_matches(key, known, 1))
    return ArpcError(f"a record of kind {kind.name} has no field {key}", f"{near}{hint}")


def header(kind: Kind, record_id: str, case_id: str, day: date, author: str) -> dict[str, str]:
    """The values of a new record's header."""
    found = {
        "id": record_id,
        "case": case_id,
        "date": day.isoformat(),
        "author": author,
        "status": "draft",
        kind.name: "arpc/1",
    }
    return {key: found[key] for key in kind.schema["required"]}


def _may_belong(field: Field, values: Values) -> bool:
    """Whether nothing that is known already speaks against the field."""
    if any(key in values for key in field.needless_when):
        return False
    return all(
        key not in values or says_one_of(values[key], words)
        for key, words in field.applies_when.items()
    )


def is_wanted(kind: Kind, field: Field, values: Values) -> bool:
    """Whether the field is written out: not a rare one, or one that another rare one asks for."""
    asked_for = any(
        kind.fields[(key,)].is_rare and says_one_of(values.get(key), words)
        for key, words in field.applies_when.items()
    )
    return _may_belong(field, values) and (asked_for or not field.is_rare)


def _blocks(kind: Kind, fields: Sequence[Field], values: Values) -> Iterator[str]:
    """Short fields stand together; prose, lists and groups stand each for itself."""
    short: list[str] = []
    for field in fields:
        if field.is_block or field.has_parts:
            if short:
                yield "\n".join(short)
                short = []
            yield "\n".join(_long(kind, field, values))
        else:
            short.append(_line(field, values, ""))
    if short:
        yield "\n".join(short)


def _has_entries(field: Field) -> bool:
    return "properties" in field.schema.get("items", {})


def _long(kind: Kind, field: Field, values: Values) -> Iterator[str]:
    key = field.path[0]
    if field.is_block:
        yield _comment(f"{key}: |", field.description)
        text = str(values.get(key, "")).strip("\n")
        yield from (f"  {line}".rstrip() for line in text.splitlines()) if text else (_BEGIN,)
        return
    yield _comment(f"{key}:", field.description)
    yield from _entry(kind, field) if _has_entries(field) else _group(kind, field.path, "  ")


def _wrapped(text: str) -> Iterator[str]:
    words, line = text.split(), "#"
    for word in words:
        if len(line) + len(word) + 1 > _WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    yield line


def _line(field: Field, values: Values, indent: str) -> str:
    key = field.path[-1]
    value = values.get(key) if len(field.path) == 1 else None
    if value is None:
        return _comment(f"{indent}{key}:", _note(field))
    return f"{indent}{key}: {written(field, value)}"


def written(field: Field, value: Any) -> str:
    """A value as YAML; a bare date or word that the schema expects needs no quotes."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return flow(value)
    bare = field.schema.get("format") == "date" or value in field.words
    return str(value) if bare or _is_bare_form(field) else scalar(value)


def _is_bare_form(field: Field) -> bool:
    return str(field.schema.get("pattern", "")).startswith(_BARE_FORMS)


_BARE_FORMS = ("^(1[89]", "^[0-9]{4}", "^([01]", "^P-", "^[A-Z]", "^([A-Z]", "^A-")


def _note(field: Field) -> str:
    if field.words:
        return ", ".join(field.words)
    if _is_bare_form(field) or field.schema.get("type") == ["array", "null"]:
        return f"{field.description} E.g. {written(field, field.example)}"
    return field.description


def _comment(text: str, note: str) -> str:
    """`text` with a comment after it, or above it where there is no room."""
    if not note:
        return text
    after = f"{text:<{_COLUMN - 1}} # {note}"
    if len(after) <= _WIDTH:
        return after
    indent = " " * (len(text) - len(text.lstrip(" ")))
    above = "\n".join(indent + line for line in _wrapped(note))
    return f"{above}\n{text}"


def _group(kind: Kind, path: tuple[str, ...], indent: str) -> Iterator[str]:
    for field in _children(kind, path):
        if "properties" in field.schema:
            yield _comment(f"{indent}{field.path[-1]}:", field.description)
            yield from _group(kind, field.path, indent + "  ")
        elif _has_entries(field):
            yield _comment(f"{indent}{field.path[-1]}:", field.description)
            yield from _entry(kind, field, indent + "  ")
        elif field.is_block:
            yield _comment(f"{indent}{field.path[-1]}: |", field.description)
            yield indent + _BEGIN
        else:
            yield _line(field, {}, indent)


def _entry(kind: Kind, field: Field, indent: str = "  ") -> Iterator[str]:
    """One entry of a list, commented out: the first is written by taking the marks away."""
    mark = "- "
    parts = _children(kind, (*field.path, "*"))
    for part in parts:
        if part.is_rare:
            continue
        note = _note(part)
        if field.path == ("statements",) and part.path[-1] == "said":
            note = f"exact words; or {', '.join(STATEMENT_KEYS[1:])}"
        begin = f"{indent}# {mark}{part.path[-1]}:"
        after = f"{begin:<{_COLUMN - 1}} # {note}"
        yield after if len(after) <= _WIDTH else f"{begin:<{_COLUMN - 1}} # {_short(note)}"
        mark = "  "
    rare = [part.path[-1] for part in parts if part.is_rare and part.path[-1] not in STATEMENT_KEYS]
    if rare := [key for key in rare if key != "id"]:
        yield f"{indent}# where needed: {', '.join(rare)}"


def _short(note: str) -> str:
    """A note cut at a sentence, so that it fits on its line."""
    first = note.partition(". ")[0]
    room = _WIDTH - _COLUMN - 2
    return first if len(first) <= room else first[: room - 3].rpartition(" ")[0] + "..."


def _children(kind: Kind, path: tuple[str, ...]) -> list[Field]:
    return [f for p, f in kind.fields.items() if p[:-1] == path and p[-1] != "*"]
