"""Whether a record satisfies its schema, in our own words and with the place of each fault.

The check itself is jsonschema-rs. Its messages quote what the record says, so none of them is
printed: a value is quoted only where the schema marks the field as harmless.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from arpc import kinds, yamldoc
from arpc.errors import ArpcError
from arpc.findings import Finding, Pointer, Severity
from arpc.kinds import Field, Kind
from arpc.validators import jsonschema_rs
from arpc.yamldoc import YamlDoc

RULES = {
    "unknown-key": "A key that the schema does not know, most often a slip of the pen.",
    "missing-key": "A key of the header is missing, so that the record cannot be told from others.",
    "wrong-type": "A text stands where a list should be, or the like.",
    "not-a-permitted-word": "The field takes one of a few words, so that rules and counts can rely on it.",
    "not-a-date": "A date that the calendar does not have, or that is not written as 2026-03-04.",
    "wrong-form": "An id, a code, a time or a partial date that is not written as arpc reads it.",
    "out-of-range": "A number that is too small or too large to be meant.",
    "too-long": "What is looked for in every text has to be short, so that looking never takes long.",
    "given-twice": "The same entry stands twice in one list.",
    "nothing-in-it": "An entry of a list has nothing in it.",
    "more-faults": "A file with this many faults has one cause more likely than many; mend the first ones.",
}
"""What a fault against a schema means, by rule id."""

MAX_FAULTS = 100  # a file

_FORMS = {
    "^P-": "a person's id such as P-03",
    "^[A-Z]{2,4}": "a staff code such as LK",
    "^A-": "the id of a basis such as A-01",
    "^[A-Z]-[0-9]{2,4}$": "a record's id such as N-007",
    "^[A-Z]-[0-9]{2,4}-": "the name of an attached file such as D-003-1.pdf",
    "^[A-Z]-": "a citation such as N-007#S3",
    "^([A-Z]-[0-9]{2,4}|case)$": "a record's id such as N-007, or case",
    "^([A-Z]-": "a citation such as N-007#S3, or F1 for an entry of this record",
    "^(P-": "people's ids, or audiences such as man or child",
    "^C-": "a case id such as C-7K3Q9X2F",
    "^(1[89]": "a date as exact as it is known: 1998, 1998-06 or 1998-06-04",
    "^[0-9]{4}": "a date and a time such as 2026-03-04 16:40",
    "^([01]": "a time from and to such as 15:10-15:55",
    "^[^": "a text of one line; use another field for more",
    "^sha256": "a digest that arpc writes",
}
_WHERE_TO_FIND = {
    "^P-": "`arpc status` lists everybody with their id",
    "^[A-Z]{2,4}": "staff codes stand in service.yaml",
    "^A-": "`arpc show` lists what is alleged with its id",
}
_TYPES = {
    "array": "a list",
    "object": "indented `key: value` lines",
    "string": "text",
    "integer": "a whole number",
}


def check(doc: YamlDoc, kind: Kind) -> list[Finding]:
    """Return every fault of `doc` against the schema of `kind`, in the order of the file."""
    validator = _validator(kind.name)
    faults: set[Finding] = set()
    if not validator.is_valid(doc.data):
        for error in validator.iter_errors(doc.data):
            faults.update(islice(_explain(doc, kind, error), MAX_FAULTS))
            if len(faults) >= MAX_FAULTS:
                message = f"more than {MAX_FAULTS} faults; the others are not listed"
                faults.add(Finding(doc.locate(()), "more-faults", message))
                break
    taken = {fault.where for fault in faults}
    faults.update(doubt for doubt in _doubtful(doc, kind) if doubt.where not in taken)
    return sorted(faults)


def sound(name: str, text: str, kind: Kind) -> YamlDoc:
    """Read a text that arpc itself is about to write.

    Raises:
        ArpcError: It has a fault, named with its key; nothing must be written.
    """
    reading = yamldoc.read(name, text.encode("utf-8"))
    faults = [*reading.findings, *(check(reading.doc, kind) if reading.doc else ())]
    error = next((fault for fault in faults if fault.severity is Severity.ERROR), None)
    if error is None and reading.doc:
        return reading.doc
    place = ".".join(map(str, error.where.pointer)) if error else ""
    message = error.message if error else "it cannot be read"
    raise ArpcError(f"{place or name}: {message}", error.hint if error else "")


@cache
def _validator(name: str) -> Any:
    bare = _bare(kinds.kind(name).schema)
    return jsonschema_rs.Draft202012Validator(bare, validate_formats=True)


# What JSON Schema has no word for, put into what it has: a function of ours that is asked while others check
# would lose a Ctrl-C, and what it then says of a date would be remembered.
_CENTURY = "^(18|19|20|21)"
_DAY = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_FORMATS: dict[str, dict[str, Any]] = {
    "date": {"format": "date", "pattern": _CENTURY},
    "partial-date": {"anyOf": [{"not": {"pattern": _DAY}}, {"format": "date"}]},
}
"""A day of a century in which somebody alive may be met, so that every clock can count from it; and a date that
is one of the calendar if it names a day, and whose form is otherwise for its pattern to say."""


_WORDS = frozenset(("title", "description", "examples"))


def _bare(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without what is said about it to people, which takes longer to read than the rest."""
    bare: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            bare[key] = {name: _bare(part) for name, part in value.items()}
        elif key == "format":
            bare |= _FORMATS.get(value, {key: value})
        elif key not in _WORDS:
            bare[key] = _bare(value) if isinstance(value, dict) else value
    return bare


def _doubtful(doc: YamlDoc, kind: Kind) -> Iterator[Finding]:
    """Bare values that tools read differently, save where the schema expects just that word."""
    for pointer in doc.doubtful:
        field = kind.field(pointer)
        if field is None or _expects(field, value := _value(doc, pointer)):
            continue
        shown = f" {value}" if field.sensitivity == "none" else ""
        yield Finding(
            doc.locate(pointer, value=True),
            "doubtful-value",
            f"other tools do not read the bare value{shown} as text",
            Severity.WARNING,
            hint="put it in quotes",
        )


def _expects(field: Field, value: Any) -> bool:
    return value in field.words or field.schema.get("format") == "date" or _is_day(field, value)


def _is_day(field: Field, value: Any) -> bool:
    pattern = field.schema.get("pattern", "")
    return pattern.startswith(("^(1[89]", "^[0-9]{4}")) and isinstance(value, str)


def _value(doc: YamlDoc, pointer: Pointer) -> Any:
    value: Any = doc.data
    for step in pointer:
        value = value[step]
    return value


def _explain(doc: YamlDoc, kind: Kind, error: Any) -> Iterator[Finding]:
    """One fault in our words, at the key or value that has to change."""
    pointer: Pointer = tuple(error.instance_path)
    fault = error.kind.name
    field = kind.field(pointer)

    def finding(
        rule: str, message: str, hint: str = "", *, at: Pointer = pointer, value: bool = True
    ) -> Finding:
        return Finding(doc.locate(at, value=value), rule, message, hint=hint)

    if fault == "additionalProperties":
        known = _known_keys(kind, pointer)
        for key in error.kind.unexpected:
            near = _near(str(key), known)
            hint = f"did you mean {near[0]}?" if near else _known_hint(kind, known)
            yield finding("unknown-key", _unknown(key), hint, at=(*pointer, key), value=False)
    elif fault == "required":
        key = error.kind.property
        wanted = f"the key {key} is missing"
        hint = _example_line(kind, (*pointer, key))
        yield finding("missing-key", wanted, hint)
    elif fault in ("enum", "const"):
        yield _word(doc, field, pointer, error)
    elif fault == "type":
        hint = _type_hint(kind, pointer, error)
        yield finding("wrong-type", _types(error.kind.types, error.instance), hint)
    elif fault in ("format", "anyOf") or (fault == "pattern" and error.kind.pattern == _CENTURY):
        hint = "write a day of the calendar as 2026-03-04"
        text = str(error.instance)
        if re.match(r"[0-9]{4}-", text) and not re.match(_CENTURY, text):
            hint = "check the year"
        yield finding("not-a-date", f"found{_quoted(field, error)}, expected a date", hint)
    elif fault == "pattern":
        start = next((p for p in _FORMS if error.kind.pattern.startswith(p)), "")
        wanted = f"found{_quoted(field, error)}, expected {_FORMS.get(start, 'its form')}"
        yield finding("wrong-form", wanted, _WHERE_TO_FIND.get(start, ""))
    elif fault in ("minimum", "maximum"):
        word = "at least" if fault == "minimum" else "at most"
        limit = field.schema[fault] if field else ""
        yield finding("out-of-range", f"expected a number of {word} {limit}")
    elif fault in ("maxLength", "maxItems"):
        what = "letters in a text" if fault == "maxLength" else "entries in a list"
        yield finding(
            "too-long", f"expected at most {error.kind.limit:,} {what} here", "shorten it"
        )
    elif fault == "uniqueItems":
        yield finding("given-twice", "the same entry stands twice in this list", value=False)
    elif fault == "minProperties":
        yield finding("nothing-in-it", "this entry has nothing in it", "write it or delete it")
    else:
        yield finding("wrong-form", f"this does not satisfy the schema ({fault})")


def _quoted(field: Field | None, error: Any) -> str:
    """The value, where the field is harmless and so is what stands in it.

    Somebody may have typed a name where an id belongs, so only what holds a digit is shown.
    """
    text = str(error.instance)
    harmless = field is not None and field.sensitivity == "none" and _CODE.match(text)
    return f" {text}" if harmless else " another text"


_CODE = re.compile(r"(?=[^ ]*[0-9])[A-Za-z0-9:#./-]{1,24}( [0-9:]{1,8})?\Z|[a-z]{2}\Z", re.ASCII)


def _near(found: str, words: list[str]) -> list[str]:
    """The permitted word that was probably meant; nobody mistypes a word into a page of text."""
    from difflib import get_close_matches

    near = get_close_matches(found, words, 1, _LIKENESS) if len(found) <= 40 else []
    return [word for word in near if bool(_NEGATION.match(word)) == bool(_NEGATION.match(found))]


_LIKENESS = 0.75  # of 1: a slip of the pen, not another word
_NEGATION = re.compile("un|no_|non_|not_|dis|in(?!d)")  # a slip is never told to be its opposite


def _unknown(key: Any) -> str:
    """A key is text of the file, so that only what looks like a key is quoted."""
    text = str(key)
    return f"unknown key {text}" if text.isidentifier() and len(text) <= 40 else "unknown key"


def _known_keys(kind: Kind, pointer: Pointer) -> list[str]:
    path = tuple("*" if isinstance(step, int) else step for step in pointer)
    return [p[-1] for p in kind.fields if p[:-1] == path and p[-1] != "*"]


def _known_hint(kind: Kind, known: list[str]) -> str:
    if len(known) > 12:
        return f"`arpc explain {kind.name}` lists the keys"
    return f"known here: {', '.join(known)}"


def _example_line(kind: Kind, pointer: Pointer) -> str:
    field = kind.field(pointer)
    return f"for example `{pointer[-1]}: {field.example}`" if field else ""


def _word(doc: YamlDoc, field: Field | None, pointer: Pointer, error: Any) -> Finding:
    """A word that is not permitted; shown only where it is close to one that is."""
    words = list(field.words) if field and field.words else []
    if field and "const" in field.schema:
        words = [field.schema["const"]]
    found = str(error.instance)
    near = _near(found, words)
    is_shown = near or found.lower() in _OTHER_ANSWERS
    hint = f"did you mean {near[0]}? " if near else ""
    return Finding(
        doc.locate(pointer, value=True),
        "not-a-permitted-word",
        f"found {found if is_shown else 'another text'}, expected a permitted word",
        hint=f"{hint}permitted: {', '.join(words)}",
    )


_OTHER_ANSWERS = ("true", "false", "on", "off", "y", "n", "yes", "no")


def _types(expected: list[str], found: Any) -> str:
    wanted = " or ".join(_TYPES[t] for t in expected if t in _TYPES) or "something else"
    return f"found {_found(found)}, expected {wanted}"


def _found(value: Any) -> str:
    if value is None:
        return "nothing"
    names = {int: "a number", str: "text", list: "a list"}
    return names.get(type(value), "`key: value` lines")


def _type_hint(kind: Kind, pointer: Pointer, error: Any) -> str:
    """How to write it instead, with an example where it has parts of its own."""
    field = kind.field(pointer)
    if field and field.has_parts:
        inside = (*field.path, "*") if "items" in field.schema else field.path
        if field.path[-1] == "*":
            inside = field.path
        return f"write it below, as {_lines(kind, inside)}"
    if "array" in error.kind.types and isinstance(error.instance, str):
        return "put it in brackets: [ ], or on a line of its own after `- `"
    if "string" in error.kind.types and isinstance(error.instance, int):
        return "put it in quotes"
    return ""


def _lines(kind: Kind, path: tuple[str, ...]) -> str:
    """The first parts of something that has parts, as they are typed: `- who: P-06`, then `why: ...`."""
    parts = [f for p, f in kind.fields.items() if p[:-1] == path and p[-1] not in ("*", "id")]
    mark = "- " if path[-1] == "*" else ""
    shown = [f"`{mark}{part.path[-1]}: {part.example or '...'}`" for part in parts[:2]]
    return ", then ".join([shown[0], *(each.replace(mark, "") for each in shown[1:])])
