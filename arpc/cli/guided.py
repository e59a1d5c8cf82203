"""Guided entry: a record asked for field by field, in the words of its own definition.

For those who would rather answer than edit. What is written is the same draft that `arpc add` writes.
"""

import signal
from collections.abc import Iterable, Mapping
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
    is_anything: bool = False
    """Whether anything was answered."""


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
    count = len(words)
    statements: list[Mapping[str, str]] = []
    named = list(people)
    err = printer.err()
    err.line("Answer, or press Enter to leave something for later; Ctrl-C keeps what you answered.")
    try:
        _stop_when_hung_up()
        for field in kind.top_fields:
            key = field.path[0]
            values = drafting.parse_values(kind, words)
            if key in head or key in values or not drafting.is_wanted(kind, field, values):
                continue
            if key == _STATEMENTS:
                _ask_statements(statements)
            elif not field.has_parts:
                _answer(kind, field, words, head, named)
    except (typer.Abort, KeyboardInterrupt):
        was_stopped = True
    else:
        was_stopped = False
    is_anything = bool(statements) or len(words) > count
    return Answers(tuple(words), tuple(statements), was_stopped, is_anything)


def _answer(
    kind: Kind, field: Field, words: list[str], head: Mapping[str, str], people: list[Person]
) -> None:
    """Ask for one field until the answer fits, and add it to the words; nothing if it is left for later."""
    key = field.path[0]
    _explain(field, people)
    while True:
        if field.is_block:
            lines: list[str] = []
            try:
                _ask_prose(field.title, lines)
            except (typer.Abort, KeyboardInterrupt):
                if any(line.strip() for line in lines):
                    words.append(_word(key, "\n".join(lines)))
                raise
            text = "\n".join(lines)
        else:
            text = workspace.ask(field.title)
        if not text.strip():
            return
        word = _word(key, text)
        try:
            if _names_people(field):
                _check_people(text, people)
            _check(kind, [*words, word], head)
        except ArpcError as error:
            printer.err().line(f"{error}{f'; {error.hint}' if error.hint else ''}")
            continue
        words.append(word)
        return


def _word(key: str, text: str) -> str:
    """An answer as `field=value`; a tab, which YAML does not take, is spaces."""
    return f"{key}={text.expandtabs(4).strip()}"


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


def _ask_prose(title: str, lines: list[str]) -> None:
    """Ask for several lines, up to one with a full stop alone; an empty first one is none of them."""
    printer.err().line(
        f"{title}, or Enter for later; as many lines as it needs, a full stop alone ends it:"
    )
    while (line := workspace.read_line()) is not None:
        if line.strip() == _END or not (line.strip() or lines):
            return
        lines.append(line.rstrip())
    raise typer.Abort


def _ask_statements(found: list[Mapping[str, str]]) -> None:
    """Ask what was said and seen, one by one, and add each to what was found."""
    err = printer.err()
    err.line()
    err.wrapped("What was said or seen, one after the other. Which kind of evidence is it?")
    err.wrapped(f"One of {', '.join(STATEMENT_KEYS)}; said is for exact words.")
    while form := workspace.ask("Kind, or Enter if there is no more"):
        if form not in STATEMENT_KEYS:
            err.line(f"one of {', '.join(STATEMENT_KEYS)}")
            continue
        if text := workspace.ask("The words, or what was seen").expandtabs(4):
            found.append({form: text})
            if form == "said" and (asked := workspace.ask("What was asked just before")):
                found[-1] = {form: text, "asked": asked.expandtabs(4)}


def _stop_when_hung_up() -> None:
    """Let a terminal that is closed break off as Ctrl-C does, so that what was answered is kept."""
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, signal.default_int_handler)
