"""What arpc writes down of a case beside its records: `finished`, `confirmations`, `answers`.

Each is a list with one entry to a line, or a few lines for an answer's reason, so that two people's
additions merge like any text. Callers hold the case's lock.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from arpc import kinds, meaning, schema, writer, yamldoc
from arpc.errors import ArpcError
from arpc.kinds import Kind
from arpc.loading import read_bytes
from arpc.yamltext import Value, entry_lines, value_of

_LISTS = {"finished": "records", "confirmations": "read", "answers": "given"}
_BEGINNINGS = {
    "finished": "# Which records are final. Written by arpc; not edited by hand.\n",
    "confirmations": "# What is cited, as it was then. Written by arpc; not edited by hand.\n",
    "answers": "# What was answered to findings and missed dates, by `arpc answer`.\n",
}


def put(
    folder: Path,
    name: str,
    entries: Iterable[Mapping[str, Value]],
    replaces: Callable[[Mapping[str, Any]], bool] = lambda _: False,
) -> None:
    """Add entries to a ledger of a case, in the place of those for which `replaces` holds.

    Raises:
        ArpcError: The ledger is damaged, or an entry does not fit; then nothing was written.
    """
    path = folder / f"{name}.yaml"
    raw = read_bytes(path) if path.exists() else None
    writer.put(path, with_entries(raw, name, entries, replaces), raw)


def with_entries(
    raw: bytes | None,
    name: str,
    entries: Iterable[Mapping[str, Value]],
    replaces: Callable[[Mapping[str, Any]], bool] = lambda _: False,
) -> str:
    """A ledger's text with entries added, in the place of those for which `replaces` holds.

    Raises:
        ArpcError: The ledger is damaged, or an entry does not fit.
    """
    text = _kept(raw, name, replaces) if raw is not None else _begun(name)
    text += "".join(map(_written, entries))
    schema.sound(f"{name}.yaml", text, kinds.kind(name))
    return text


def seal(folder: Path, kind: Kind, data: Mapping[str, Any], *, by: str, on: date) -> None:
    """Write down what a record means at the moment when it becomes final, or is added to."""
    entry = sealed(kind, data, by=by, on=on)
    put(folder, "finished", [entry], lambda old: old.get("id") == entry["id"])


def sealed(kind: Kind, data: Mapping[str, Any], *, by: str, on: date) -> dict[str, Value]:
    """The entry that says what a final record means."""
    return {
        "id": "case" if kind.name == "case" else str(data["id"]),
        "by": by,
        "date": on.isoformat(),
        "digest": meaning.digest(data, kind.living),
        "fields": [f"{k}:{v}" for k, v in meaning.field_digests(data).items()],
    }


def _begun(name: str) -> str:
    return f"{name}: arpc/1\n{_BEGINNINGS[name]}{_LISTS[name]}:\n"


def _kept(raw: bytes, name: str, replaces: Callable[[Mapping[str, Any]], bool]) -> str:
    """The ledger's text without the entries that are replaced; all others to the letter."""
    doc = yamldoc.read(f"{name}.yaml", raw).doc
    if doc is None or not isinstance(doc.data.get(_LISTS[name]), list):
        raise ArpcError(f"{name}.yaml cannot be read", "`arpc validate` says what is wrong with it")
    lines = doc.text.splitlines(keepends=True)
    places = doc.places[_LISTS[name]].inside
    starts = [place.line for place in places] + [len(lines)]
    for index in reversed(range(len(places))):
        if replaces(doc.data[_LISTS[name]][index]):
            del lines[starts[index] : starts[index + 1]]
    return "".join(lines)


def _written(entry: Mapping[str, Value]) -> str:
    """An entry as one line of a list, or with its reason as a block below."""
    if "reason" in entry:
        return "".join(f"{line}\n" for line in entry_lines(entry))
    return f"  - {{{', '.join(f'{key}: {value_of(value)}' for key, value in entry.items())}}}\n"
