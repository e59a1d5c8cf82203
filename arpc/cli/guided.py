"""Guided entry: a record asked for field by field, in the words of its own definition.

For those who would rather answer than edit. What is written is the same draft that `arpc add` writes.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import typer

from arpc import drafting, schema
from arpc.cli import printer, workspace
from arpc.errors import ArpcError
from arpc.kinds import STATEMENT_KEYS, Field, Kind
from arpc.records import Person

_END = "."  # a line with this alone ends a text of several lines
_STATEMENTS = "statements"
_BETWEEN = {",": "commas", ";": "semicolons"}


class Answers(NamedTuple):
    """What somebody answered."""

    given: tuple[str, ...]
    """Each as `field=value`."""
    statements: tuple[Mapping[str, str], ...]
    was_stopped: bool = False
    """Whether somebody broke off; what was answered until then counts."""


def ask(
    kind: Kind, given: Iterable[str], head: Mapping[str, str], people: Iterable[Person]
) -> Answers:
    """Ask for every field of a record that has a place in it; an empty answer leaves one for later.

    Args:
        kind: Which kind of record.
        given: What is known already, as `field=value`.
        head: The header of the new record.
        people: Everybody in the case, to be named by id.
    """
    words = list(given)
    statements: list[Mapping[str, str]] = []
    named = list(people)
    err = printer.err()
    err.line("Answer, or press Enter to leave something for later; Ctrl-C keeps what you answered.")
    try:
        for field in kind.top_fields:
            key = field.path[0]
            values = drafting.parse_values(kind, words)
            if key in head or key in values or not drafting.is_wanted(kind, field, values):
                continue
            if key == _STATEMENTS:
                for statement in _statements():
                    statements.append(statement)
            elif not field.has_parts:
                words += _answer(kind, field, words, head, named)
    except (typer.Abort, KeyboardInterrupt):
        return Answers(tuple(words), tuple(statements), was_stopped=True)
    return Answers(tuple(words), tuple(statements))


def _answer(
    kind: Kind, field: Field, words: list[str], head: Mapping[str, str], people: list[Person]
) -> list[str]:
    """One field's answer, asked for until it fits; [] if it is left for later."""
    key = field.path[0]
    _explain(field, people)
    while True:
        text = _prose(field.title) if field.is_block else workspace.ask(field.title)
        if not text.strip():
            return []
        word = f"{key}={text.strip()}"
        try:
            if _names_people(field):
                _check_people(text, people)
            _check(kind, [*words, word], head)
        except ArpcError as error:
            printer.err().line(f"{error}{f'; {error.hint}' if error.hint else ''}")
            continue
        return [word]


def _explain(field: Field, people: list[Person]) -> None:
    err = printer.err()
    err.line()
    err.wrapped(field.description)
    if field.words:
        err.wrapped(f"One of {', '.join(field.words)}.")
    elif _names_people(field):
        err.wrapped(", ".join(f"{p.id} {p.name}".strip() for p in people))
    if field.is_list:
        err.wrapped(f"Several are parted by {_BETWEEN[field.between]}.")


def _names_people(field: Field) -> bool:
    return str(field.schema.get("items", field.schema).get("pattern", "")).startswith("^P-")


def _check_people(text: str, people: list[Person]) -> None:
    known = {person.id for person in people}
    if unknown := [each for each in text.replace(" ", "").split(",") if each not in known]:
        raise ArpcError(
            f"{', '.join(unknown)} is nobody in this case", f"one of {', '.join(sorted(known))}"
        )


def _check(kind: Kind, words: list[str], head: Mapping[str, str]) -> None:
    values = drafting.parse_values(kind, words)
    schema.sound("that", drafting.draft(kind, {**head, **values}), kind)


def _prose(title: str) -> str:
    """Several lines, up to one with a full stop alone."""
    printer.err().line(
        f"{title}, or Enter for later; as many lines as it needs, a full stop alone ends it:"
    )
    lines: list[str] = []
    while (line := workspace.read_line()) is not None and line.strip() != _END:
        if not line.strip() and not lines:
            break
        lines.append(line.rstrip())
    return "\n".join(lines)


def _statements() -> Iterator[Mapping[str, str]]:
    """What was said and seen, one by one."""
    err = printer.err()
    err.line()
    err.wrapped("What was said or seen, one after the other. Which kind of evidence is it?")
    err.wrapped(f"One of {', '.join(STATEMENT_KEYS)}; said is for exact words.")
    while form := workspace.ask("Kind, or Enter if there is no more"):
        if form not in STATEMENT_KEYS:
            err.line(f"one of {', '.join(STATEMENT_KEYS)}")
            continue
        text = workspace.ask("The words, or what was seen")
        asked = workspace.ask("What was asked just before") if form == "said" else ""
        if text:
            yield {form: text, **({"asked": asked} if asked else {})}
