"""`show`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import AsKnownOn, Today

if TYPE_CHECKING:
    from pathlib import Path

    from arpc.cli.printer import Printer
    from arpc.cli.workspace import Workspace
    from arpc.pages.page import Line, Page

_STEP = "  "


def show(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CASE] [ID]",
            help="A case, and a record, an entry or a person in it: N-004, N-004#S3, P-03.",
        ),
    ] = None,
    as_known_on: AsKnownOn = "",
    today: Today = "",
) -> None:
    """Show a case on one page for whoever is on duty, or a record, or everything about a person.

    It is for reading, and prints the words of records: mind who sees the screen or the paper.
    The beginning of an id will do. For somebody in the family, `render-report --audience` makes a
    copy.

    Examples:
        arpc show C-FK
        arpc show C-FK P-03
        arpc show C-FK N-004#S3
        arpc show C-FK --as-known-on 2026-03-03
    """
    from pathlib import Path

    from arpc import signoffs
    from arpc.cli import joined, past, printer, workspace
    from arpc.pages import duty, person, record
    from arpc.records import Person

    space = workspace.open_here(today)
    folder, wanted = _meant(space, words or [])
    if as_known_on:
        space, known = past.open_on(as_known_on, str(folder), today)
        loaded = known.loaded
    else:
        loaded = space.load(folder)
    as_of = space.as_of(loaded)
    out = printer.out()
    if not wanted:
        workspace.mention_damaged(loaded, "what it holds is not on this page")
        _print_page(out, duty.page(as_of))
        return
    entry = record.find(as_of.file, wanted)
    if isinstance(entry, Person):
        workspace.mention_damaged(loaded, "what it holds is not on this page")
        _print_page(out, person.page(as_of, entry))
    else:
        page = record.page(as_of, entry)
        if not as_known_on:
            signed = signoffs.told(folder, entry.record.key)
            page = page._replace(facts=(*page.facts, *signed))
        _print_page(out, page)
    if not as_known_on and "#" not in wanted:
        joined.note_read(space, folder, Path(entry.at().file).stem)


def _meant(space: "Workspace", words: list[str]) -> "tuple[Path, str]":
    """The case, and what in it is to be shown; "" is the case itself."""
    from pathlib import Path

    from arpc import loading
    from arpc.errors import ArpcError

    if len(words) > 2:
        raise ArpcError("too many words", "name the case, then what in it is to be shown")
    if len(words) == 2:
        return space.case(words[0]), words[1]
    word = words[0] if words else ""
    path = Path(word)
    if path.suffix == ".yaml" and path.is_file() and (around := loading.case_around(path)):
        return around, path.stem
    return (space.case(""), word) if _is_inside(word) else (space.case(word), "")


def _is_inside(word: str) -> bool:
    """Whether a word names something in a case, and not a case."""
    import re

    return word.lower() in ("case", "referral") or bool(re.match(r"(?!C)[A-Z]-[0-9]", word.upper()))


def _print_page(out: "Printer", page: "Page") -> None:
    from arpc.reporting import front

    out.wrapped(front.in_sentences(page.marking) if out.plain else page.marking)
    out.title(page.title.replace("  ", out.gap, 1))  # the id, then what it is
    for fact in page.facts:
        out.wrapped(fact)
    for section in page.sections:
        if not (page.is_dense and section.title):
            out.line()
        if section.title:
            out.heading(section.title)
        for line in section.lines:
            _print_line(out, line, inside=bool(section.title))


def _print_line(out: "Printer", line: "Line", *, inside: bool) -> None:
    from arpc.pages.page import BULLET, CUT

    if not line.text:
        out.line()
    lead, text = line.lead, line.text
    if out.plain:
        lead = lead.removesuffix(BULLET)
        text = f"{text.removesuffix(CUT)} (shortened)" if text.endswith(CUT) else text
    indent = _STEP * (line.depth + inside)
    lead = f"{lead}{out.gap}" if lead else ""
    out.wrapped(f"{lead}{text}", indent, indent + " " * len(lead))


COMMANDS: dict[Callable[..., None], str] = {show: "show"}
