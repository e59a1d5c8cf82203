"""What a command was not told: chosen on the terminal from what there is, or named in the error."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from arpc.cli import printer, workspace
from arpc.errors import ArpcError

if TYPE_CHECKING:
    from arpc.records import Record

_MOST = 9


class Choice(NamedTuple):
    """One of what can be meant."""

    name: str
    what: str


def choose(given: str, question: str, choices: Sequence[Choice], nothing: str) -> str:
    """Return what was given, or else what somebody chooses by its number or its name.

    Args:
        given: What the command line says, or "".
        question: What to ask, as "Which record is finished?".
        choices: What can be meant; the first few are shown.
        nothing: What to say where there is no choice.

    Raises:
        ArpcError: There is nothing to choose from, or nobody to ask.
    """
    if given:
        return given
    if not choices:
        raise ArpcError(nothing, "name another if you mean one")
    shown = choices[:_MOST]
    if not workspace.is_interactive():
        more = f" and {len(choices) - len(shown)} more" if len(choices) > len(shown) else ""
        raise ArpcError(
            question[:1].lower() + question[1:],
            f"name one: {', '.join(choice.name for choice in shown)}{more}",
        )
    err = printer.err()
    for number, choice in enumerate(shown, 1):
        what = f"{choice.name}{', ' if err.plain else '  '}{choice.what}"
        err.wrapped(f"{number}{err.gap}{what}", "  ", "       ")
    while True:
        answer = workspace.ask(question)
        if answer.isdigit() and 1 <= int(answer) <= len(shown):
            return shown[int(answer) - 1].name
        if answer and not answer.isdigit():
            return answer
        err.line(f"a number from 1 to {len(shown)}, or a name")


def needed(given: str, question: str, missing: str, hint: str) -> str:
    """Return what was given, or else what somebody answers.

    Raises:
        ArpcError: It is left empty, or there is nobody to ask; `missing` says so, `hint` what to do.
    """
    found = given or workspace.ask(question)
    if not found.strip():
        raise ArpcError(missing, hint)
    return found


def records(found: "Iterable[Record]") -> list[Choice]:
    """Records to choose from, the newest first."""
    newest = sorted(found, key=lambda record: (str(record.on), record.id), reverse=True)
    return [Choice(each.key, f"{each.kind.title.lower()} of {each.on}") for each in newest]
