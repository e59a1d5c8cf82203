"""`genogram` and `timeline`: pictures of a case."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import CaseId, Today

if TYPE_CHECKING:
    from arpc.cli.printer import Printer

_IN_A_FILE = 80  # columns


class Form(StrEnum):
    """What a picture is written as."""

    TEXT = "text"
    SVG = "svg"


As = Annotated[
    Form | None,
    typer.Option("--format", help="text or svg. Text if not given.", show_default=False),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where to; .svg or .txt can stand for --format."
    ),
]


def genogram(case: CaseId = "", form: As = None, output: Output = None, today: Today = "") -> None:
    """Draw the family: who is related, and who lives together.

    From what the records say of relations and homes; what they contradict in is named.

    Writes: with `-o`, that file, and nothing without.

    Undone: delete the file.

    Examples:
        arpc genogram C-FK
        arpc genogram C-HB -o family.svg
    """
    from arpc.cli import printer, workspace
    from arpc.pictures import genogram as picture
    from arpc.pictures import kin, svg, telling

    space = workspace.open_here(today)
    loaded = workspace.sound(space.load(space.case(case)), "it is not in the picture")
    as_of = space.as_of(loaded)
    out = printer.out()
    if _form(form, output) == Form.SVG:
        _give(out, svg.write(picture.draw(as_of)), output)
    elif out.plain:
        _give(out, telling.plain_text(as_of, kin.family(as_of)), output)
    else:
        _give(out, telling.text(as_of, kin.family(as_of), _columns(out, output)), output)


def timeline(
    case: CaseId = "",
    form: As = None,
    output: Output = None,
    short: Annotated[
        bool, typer.Option("--short", help="Only what stands in the report's short chronology.")
    ] = False,
    today: Today = "",
) -> None:
    """Show the case in order of time.

    The family, what is alleged, the work, living, plans, each in its lane; and from when to when the
    man's contact with each child is arranged.

    Writes: with `-o`, that file, and nothing without.

    Undone: delete the file.

    Examples:
        arpc timeline C-FK --short
        arpc timeline C-HB -o timeline.svg
    """
    from arpc.cli import printer, workspace
    from arpc.pictures import dated, svg
    from arpc.pictures import timeline as picture

    space = workspace.open_here(today)
    loaded = workspace.sound(space.load(space.case(case)), "it is not in the picture")
    as_of = space.as_of(loaded)
    told = dated.story(as_of, short=short)
    out = printer.out()
    if _form(form, output) == Form.SVG:
        _give(out, svg.write(picture.draw(told)), output)
    elif out.plain:
        _give(out, dated.plain_text(told), output)
    else:
        _give(out, dated.text(told, _columns(out, output)), output)


def _form(asked: Form | None, output: Path | None) -> Form:
    """The format that is asked for, or for which the file's ending stands."""
    from arpc.errors import ArpcError

    if asked or output is None:
        return asked or Form.TEXT
    endings = {".svg": Form.SVG, ".txt": Form.TEXT}
    if output.suffix.lower() not in endings:
        raise ArpcError("the file's ending names no format", "end it in .svg or .txt")
    return endings[output.suffix.lower()]


def _columns(out: "Printer", output: Path | None) -> int:
    return _IN_A_FILE if output else max(min(out.width, 100), 40)


def _give(out: "Printer", text: str, output: Path | None) -> None:
    """Print a picture, or write it to a file and say so."""
    from arpc import writer
    from arpc.cli import workspace

    if output is None:
        out.raw(text)
        return
    writer.replace(output, text)
    out.line(f"wrote {workspace.shown(output)}")


COMMANDS: dict[Callable[..., None], str] = {genogram: "genogram", timeline: "timeline"}
