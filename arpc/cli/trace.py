"""`trace`."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import Today
from arpc.cli.report import Audience, For, ForWhom, Kind, Of, OfKind

if TYPE_CHECKING:
    from arpc.cli.printer import Printer
    from arpc.tracing import Step, Trace


def trace(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[CASE] NAME",
            help="A record, an entry or a paragraph of a report, e.g. J-01#J1 or p4.2.",
        ),
    ],
    audience: Audience = For.REFERRER,
    for_whom: ForWhom = "",
    kind: OfKind = Kind.ASSESSMENT,
    of: Of = "",
    today: Today = "",
) -> None:
    """Follow what something rests on, and who uses it.

    Both directions, each by the shortest way, with the place in its file, who wrote it, of when it is
    and when it was written. A paragraph is one of a report as it would be made now; the options say
    which. No words of a record are shown.

    Examples:
        arpc trace C-FK J-01#J1
        arpc trace C-FK p4.1
    """
    from arpc import audiences, tracing
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError
    from arpc.reporting import catalogue, paragraphs

    if len(words) > 2:
        raise ArpcError("too many words", "name the case, then what is to be traced")
    space = workspace.open_here(today)
    folder = space.case(words[0] if len(words) == 2 else "")
    loaded = space.load(folder)
    out = printer.out()
    number = paragraphs.number_in(words[-1])
    if not number:
        if (audience, for_whom, kind, of) != (For.REFERRER, "", Kind.ASSESSMENT, ""):
            hint = "`--audience`, `--for`, `--kind` and `--of` go with a paragraph, e.g. p4.2"
            raise ArpcError("a record is the same in every report", hint)
        workspace.mention_damaged(loaded, "what it cites is not followed")
        _print_trace(out, tracing.trace(loaded.file, words[-1]))
        return
    workspace.sound(loaded, "it is not in the report")
    reader = audiences.reader_of(loaded.file, audience, for_whom)
    made = catalogue.make(space.as_of(loaded), kind, of, reader=reader)
    found = tracing.trace_paragraph(loaded.file, paragraphs.find(made, number))
    which = f"{kind} report for {reader.audience.who}"
    name = f"paragraph {found.number}" if out.plain else f"¶{found.number}"
    out.styled(("strong", f"{name}{out.gap}{which}, as made on {space.today}"))
    if loaded.file.first_issue:
        out.line("a report that was issued may count otherwise")
    _print_steps(out, "printed from", found.printed, "no text of a record", is_made=True)
    whole = next((step.at for step in found.printed if "#" not in step.at), "")
    none = f"nothing of its own; `arpc trace {whole}` follows all of {whole}" if whole else ""
    _print_steps(out, "rests on", found.rests_on, none, is_made=True)
    _print_steps(out, "used by", found.used_by)


def _print_trace(out: "Printer", found: "Trace") -> None:
    begins = found.begins
    out.styled(("strong", f"{begins.at}{out.gap}{begins.what}, {out.place(begins.where)}"))
    out.line(begins.made)
    _print_steps(out, "rests on", found.rests_on, is_made=True)
    _print_steps(out, "used by", found.used_by)


def _print_steps(
    out: "Printer", title: str, steps: "Collection[Step]", none: str = "", *, is_made: bool = False
) -> None:
    out.line()
    out.line(f"{title}: {len(steps) or none or 'nothing'}")
    for step in steps:
        way = f", by {(', then ' if out.plain else ' > ').join(step.path)}" if step.path else ""
        out.wrapped(f"{step.at}{out.gap}{step.what}{way}; {out.place(step.where)}", "  ")
        if is_made:
            out.wrapped(step.made, "    ")


COMMANDS: dict[Callable[..., None], str] = {trace: "trace"}
