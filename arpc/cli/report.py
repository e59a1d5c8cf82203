"""`render-report` and `issue-report`."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import As, CaseId, Today

if TYPE_CHECKING:
    from arpc.checking import Verdict
    from arpc.cli.workspace import Workspace


class Form(StrEnum):
    """What a report is written as."""

    MD = "md"
    HTML = "html"
    PDF = "pdf"


def render_report(
    case: CaseId = "",
    forms: Annotated[
        list[Form] | None,
        typer.Option("--format", help="md, html or pdf; repeat it. Markdown and PDF if not given."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to; its ending can stand for --format."
        ),
    ] = None,
    today: Today = "",
) -> None:
    """Make the assessment report as it stands.

    A draft until it is issued. It goes to the case's folder `out`, which git ignores.
    """
    from arpc import issuing, writer
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError
    from arpc.reporting import assessment, rendering

    space = workspace.open_here(today)
    folder = space.case(case)
    loaded = space.sound(folder, "it is not in the report")
    wanted = tuple(dict.fromkeys(str(form) for form in forms or ())) or _by_ending(output)
    if output and len(wanted) > 1:
        raise ArpcError("one file cannot have several formats", "give one `--format`, or no `-o`")
    report = assessment.build(space.as_of(loaded), version=issuing.next_version(loaded))
    out = printer.out()
    for form, raw in rendering.render_all(report, assessment.TEMPLATE, wanted).items():
        path = output or folder / "out" / f"{loaded.file.id}-assessment-DRAFT.{form}"
        writer.replace(path, raw)
        out.line(f"wrote {workspace.shown(path)}")
    if loaded.file.first_issue:
        out.line("this is a new draft; what was issued lies unchanged in `reports`")


def issue_report(
    case: CaseId = "",
    approver: Annotated[
        str,
        typer.Option(
            "--approved-by",
            metavar="CODE",
            help="Who approves it; not who wrote it.",
            show_default=False,
        ),
    ] = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Issue the assessment report.

    Passes the gate, writes the report record, and freezes PDF, Markdown and their digests.
    """
    from arpc import issuing
    from arpc.cli import printer, workspace
    from arpc.cli.verdicts import print_verdict
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    author = space.me(me)
    approver = approver or workspace.ask("Approved by (staff code)")
    if not approver:
        raise ArpcError("who approves it?", "give `--approved-by CODE`")
    approver = space.me(approver)
    out = printer.out()
    verdict = _gate(space, folder)
    if verdict.fails(strict=False):
        print_verdict(out, verdict)
        out.line("not issued")
        raise typer.Exit(1)
    issued = issuing.issue(
        folder,
        workspace.shown(folder),
        space.today,
        space.service,
        approver=approver,
        author=author,
    )
    out.line(f"issued {workspace.shown(issued.record)}")
    for path, digest in issued.files:
        out.line(f"  {workspace.shown(path)}  {digest}")
    out.line("next: go through it with each adult, tell each child; `arpc due` says by when")


def _gate(space: "Workspace", folder: Path) -> "Verdict":
    from arpc.cli import checks
    from arpc.findings import Gate

    return checks.validate(space, [str(folder)], Gate.ISSUE)


def _by_ending(output: Path | None) -> tuple[str, ...]:
    from arpc.errors import ArpcError

    if output is None:
        return ("md", "pdf")
    ending = output.suffix.lower().removeprefix(".")
    if ending not in [str(form) for form in Form]:
        raise ArpcError("the file's ending names no format", "end it in .md, .html or .pdf")
    return (ending,)


COMMANDS: dict[Callable[..., None], str] = {
    render_report: "render-report",
    issue_report: "issue-report",
}
