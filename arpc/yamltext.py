"""Small changes to a record's text that leave every other byte as a person wrote it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from arpc.errors import ArpcError
from arpc.findings import Pointer
from arpc.yamldoc import Place, YamlDoc, is_doubtful

Value = str | Sequence[str]
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_IN_FLOW = frozenset(",#[]{}")
_PLAIN = re.compile(r"[^\W_](?:[\w ,.'’()/+@%&;-]|(?<! )#)*\Z")


def scalar(value: str | int) -> str:
    """Return a value as YAML that every tool reads as just this text or number."""
    if isinstance(value, int):
        return str(value)
    null = value.lower() in ("null", "none", "")
    if _PLAIN.match(value) and not is_doubtful(value) and not null and value == value.rstrip():
        return value
    return json.dumps(value, ensure_ascii=False)


def value_of(value: Value) -> str:
    """Return a value as it stands in a flow mapping or after a key: dates bare, the rest by need."""
    if not isinstance(value, str):
        return flow(value)
    if _DATE.match(value):
        return value
    text = scalar(value)
    return json.dumps(value, ensure_ascii=False) if text == value and _IN_FLOW & {*value} else text


def entry_lines(entry: Mapping[str, Value]) -> list[str]:
    """Return the lines of a list's entry, with texts of several lines or of many words as blocks."""
    lines = []
    for key, value in entry.items():
        if isinstance(value, str) and ("\n" in value.strip() or (len(value) > 60 and " " in value)):
            block = value.strip().splitlines()
            lines += [f"{key}: |", *(f"  {line}".rstrip() for line in block)]
        else:
            lines.append(f"{key}: {value_of(value)}")
    return [f"{'    ' if number else '  - '}{line}".rstrip() for number, line in enumerate(lines)]


def append_entry(doc: YamlDoc, key: str, entry: Mapping[str, Value]) -> str:
    """Return the record with one more entry at the end of a top-level list.

    Raises:
        ArpcError: The list is written on one line.
    """
    lines = doc.text.rstrip("\n").split("\n")
    new = entry_lines(entry)
    if key not in doc.places:
        return "\n".join([*lines, "", f"{key}:", *new]) + "\n"
    place = doc.places[key]
    if not doc.data[key]:
        lines[place.line] = f"{key}:"
        end = place.line + 1
    elif place.value_line == place.line:
        raise ArpcError(f"the list {key} stands on one line", "write it with one entry to a line")
    else:
        after = [other.line for other in doc.places.values() if other.line > place.line]
        end = min(after, default=len(lines))
        while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
            end -= 1
    return "\n".join([*lines[:end], *new, *lines[end:]]) + "\n"


def replace_scalars(doc: YamlDoc, pointers: Iterable[Pointer], words: Mapping[str, str]) -> str:
    """Return the record with the ids at `pointers` replaced, each by `words`; all else as it was."""
    lines = doc.text.split("\n")
    spots = []
    for pointer in pointers:
        places: Any = doc.places
        data: Any = doc.data
        for step in pointer:
            place, data = places[step], data[step]
            places = place.inside
        spots.append((place.value_line, place.value_column, str(data)))
    for line, column, old in sorted(spots, reverse=True):
        column += lines[line][column] in "\"'"
        assert lines[line].startswith(old, column)
        lines[line] = lines[line][:column] + words[old] + lines[line][column + len(old) :]
    return "\n".join(lines)


def flow(values: Iterable[str]) -> str:
    """Return a list on one line, e.g. [P-01, P-02]."""
    return "[" + ", ".join(json.dumps(v) if "," in v else scalar(v) for v in values) + "]"


def number_entries(doc: YamlDoc, prefixes: Mapping[str, str]) -> tuple[str, list[str]]:
    """Give every entry without an id the next one; return the text and the new ids.

    Args:
        doc: The record.
        prefixes: How ids begin, by the top-level key of their list, e.g. {"statements": "S"}.
    """
    lines = doc.text.splitlines(keepends=True)
    changes: list[tuple[int, int, int, str]] = []
    new: list[str] = []
    for key, prefix in prefixes.items():
        entries = doc.data.get(key) or []
        taken = [str(e.get("id") or "") for e in entries if isinstance(e, dict)]
        used = (int(t[1:]) for t in taken if re.fullmatch(rf"{prefix}[0-9]{{1,3}}", t))
        highest = max(used, default=0)
        for index, entry in enumerate(entries):
            if not isinstance(entry, dict) or entry.get("id"):
                continue
            highest += 1
            new.append(f"{prefix}{highest}")
            place = doc.places[key].inside[index]
            changes.append(_change(lines, place, new[-1]))
    for line, column, length, text in sorted(changes, reverse=True):
        lines[line] = lines[line][:column] + text + lines[line][column + length :]
    return "".join(lines), new


def _change(lines: list[str], place: Place, new_id: str) -> tuple[int, int, int, str]:
    """Where to put an id into an entry: line, column, how much it replaces, and the text."""
    if "id" in place.inside:  # written, but empty
        spot = place.inside["id"]
        return spot.line, spot.column, len("id:"), f"id: {new_id}"
    if lines[place.line][place.column] == "{":
        return place.line, place.column + 1, 0, f"id: {new_id}, "
    indent = " " * place.column
    return place.line, place.column, 0, f"id: {new_id}\n{indent}"


def set_top(doc: YamlDoc, values: Mapping[str, str]) -> str:
    """Write values at the top level: in the place of a one-line value, or at the end.

    Args:
        doc: The record.
        values: What stands after each key's colon; a text that begins with a line break is a block.
    """
    lines = doc.text.rstrip("\n").split("\n")
    for key, value in values.items():
        written = f"{key}:{value}" if value.startswith("\n") else f"{key}: {value}"
        if key in doc.places:
            line = doc.places[key].line
            comment = re.search(r"\s+#.*$", lines[line])
            kept = comment[0] if comment and "\n" not in written else ""
            lines[line] = written + kept
        else:
            lines.append(written)
    return "\n".join(lines) + "\n"
