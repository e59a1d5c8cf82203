"""`render-report` and `issue-report`."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import As, AsKnownOn, CaseId, Today

if TYPE_CHECKING:
    from arpc.audiences import Reader
    from arpc.cli.printer import Printer
    from arpc.cli.workspace import Workspace
    from arpc.findings import Verdict
    from arpc.history import Known
    from arpc.loading import Loaded
    from arpc.reporting.catalogue import Made


class Form(StrEnum):
    """What a report is written as."""

    MD = "md"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


class Kind(StrEnum):
    """What is made of a case."""

    ASSESSMENT = "assessment"
    FOLLOW_UP = "follow-up"
    TREATMENT = "treatment"
    CHRONOLOGY = "chronology"


class For(StrEnum):
    """Whom a copy is for."""

    REFERRER = "referrer"
    CONFERENCE = "conference"
    COURT = "court"
    MAN = "man"
    CARER = "carer"
    CHILD = "child"
    POLICE = "police"
    SUPERVISOR = "supervisor"


Audience = Annotated[
    For,
    typer.Option(
        "--audience",
        help="Whom it is for: referrer, conference, court, man, carer, child, police or supervisor.",
    ),
]
ForWhom = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="PERSON",
        help="Which carer or child, e.g. P-04; needed where there are several.",
        show_default=False,
    ),
]
OfKind = Annotated[
    Kind, typer.Option("--kind", help="assessment, follow-up, treatment or chronology.")
]
Of = Annotated[
    str,
    typer.Option(
        "--of",
        metavar="RECORD",
        help="The follow-up, treatment, analysis or extract, e.g. F-03; the last if not given.",
        show_default=False,
    ),
]


def render_report(
    case: CaseId = "",
    audience: Audience = For.REFERRER,
    for_whom: ForWhom = "",
    kind: OfKind = Kind.ASSESSMENT,
    of: Of = "",
    forms: Annotated[
        list[Form] | None,
        typer.Option(
            "--format", help="md, html, pdf or docx; repeat it. Markdown and PDF if not given."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to; its ending can stand for --format."
        ),
    ] = None,
    as_known_on: AsKnownOn = "",
    draft: Annotated[
        bool,
        typer.Option(
            "--draft",
            help="With --as-known-on: from the records, even where an issued report stood.",
        ),
    ] = False,
    today: Today = "",
) -> None:
    """Make a report, or a copy of it for one reader.

    The assessment report is a draft until it is issued. Each copy holds what its reader may see, and
    is not written if it would show anything else. What is made goes to the case's folder `out`, which
    git ignores. As known on a day, a report that was issued and stood then is given back as it was.

    Writes: files in `out`, or where `-o` says.

    Undone: delete them; nothing else is changed.

    Examples:
        arpc render-report C-FK
        arpc render-report C-FK --audience child --for P-03
        arpc render-report C-HB --kind follow-up -o follow-up.docx
    """
    from arpc import audiences, copying, writer
    from arpc.cli import past, printer, workspace
    from arpc.errors import ArpcError

    asked = tuple(dict.fromkeys(str(form) for form in forms or ()))
    if output and len(asked) > 1:
        raise ArpcError("one file cannot have several formats", "give one `--format`, or no `-o`")
    if as_known_on:
        if kind is not Kind.ASSESSMENT or of or audience is not For.REFERRER:
            hint = "leave `--kind`, `--of` and `--audience` out"
            raise ArpcError("as known on a day, only the assessment report is made", hint)
        then, known = past.open_on(as_known_on, case, today)
        wanted = asked or (_by_ending(output) if output else ())
        _render_known(then, known, wanted, output, draft=draft)
        return
    space = workspace.open_here(today)
    folder = space.case(case)
    loaded = workspace.sound(space.load(folder), "it is not in the report")
    wanted = asked or _by_ending(output)
    reader = audiences.reader_of(loaded.file, audience, for_whom)
    as_of, name = space.as_of(loaded), output.name if output else ""
    made, printed = copying.copy(as_of, kind, of, reader=reader, forms=wanted, name=name)
    out = printer.out()
    for form, raw in printed.items():
        path = output or folder / "out" / f"{loaded.file.id}-{made.name}.{form}"
        writer.replace(path, raw)
        out.line(f"wrote {workspace.shown(path)}")
    if kind is Kind.ASSESSMENT:
        _say_how_it_reads(out, made, reader)
    if made.left:
        hint = "`--audience supervisor` lists what and why"
        out.line(f"left out of this copy: {len(made.left)} things; {hint}")
    _mention_errors(space, loaded)
    if kind is Kind.ASSESSMENT and loaded.file.first_issue:
        out.line("this is a new draft; what was issued lies unchanged in `reports`")


def _mention_errors(space: "Workspace", loaded: "Loaded") -> None:
    """Say where something is wrong in a case that was printed all the same."""
    from arpc import checking
    from arpc.cli import printer
    from arpc.findings import Gate, Severity

    found = checking.check_case(loaded, space.today, space.service).findings
    wrong = [f for f in found if f.severity is Severity.ERROR and f.gate is Gate.NOW]
    if wrong:
        case = loaded.file.name
        count = "an error counts" if len(wrong) == 1 else f"{len(wrong)} errors count"
        note = f"{count} in this case, and it was printed as it stands: `arpc validate {case}`"
        printer.err().styled(("warning", "note: "), note)


def issue_report(
    case: CaseId = "",
    audience: Audience = For.REFERRER,
    for_whom: ForWhom = "",
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
    """Issue the report, or a copy of it for one reader.

    Passes the gate, writes the report record, and freezes PDF, Markdown and their digests. Where the
    service is sealed, whoever wrote the analysis and the manager who approves it have signed it before.

    Writes: the report record and the frozen files, in `reports`.

    Undone: `arpc undo`, until it is saved or sent; then a new version is issued.

    Examples:
        arpc issue-report C-FK --approved-by JM --as LK
    """
    from arpc import audiences, issuing, sealed
    from arpc.cli import keys, printer, workspace, writing
    from arpc.cli.verdicts import print_verdict
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case or _case_to_report(space))
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
    reader = audiences.reader_of(space.load(folder).file, audience, for_whom)
    at = keys.seat(space) if space.root and sealed.is_kept_sealed(space.root) else None
    with writing.undoable(space, folder, f"issue-report for {audience}"):
        issued = issuing.issue(
            folder,
            workspace.shown(folder),
            space.today,
            space.service,
            reader=reader,
            approver=approver,
            author=author,
            sealed_at=at,
        )
        out.line(f"issued {issued.record.stem}, approved by {approver}")
        for path, digest in issued.files:
            out.line(f"  {path.name}  {digest}")
    if at:
        out.line(f"next: sign it too: `arpc sign {issued.record.stem} -c {folder.name}`")
    if audience is For.REFERRER:
        out.line("next: go through it with each adult, tell each child; `arpc due` says by when")


def _render_known(
    space: "Workspace", known: "Known", forms: tuple[str, ...], output: Path | None, *, draft: bool
) -> None:
    """What was known on a day: the report that stood then as it was, or one from the records."""
    from arpc import copying, history, writer
    from arpc.audiences import REFERRER
    from arpc.cli import past, printer, workspace
    from arpc.reporting import assessment, catalogue
    from arpc.reporting.model import Report

    case = known.loaded.file.id
    issued = None if draft else history.standing_report(known)
    if issued:
        made = history.given_back(known, issued, forms)
        name = f"{case}-assessment-v{issued.version or 1}-ISSUED-{issued.on}"
    else:
        loaded = workspace.sound(known.loaded, "it is not in the report")
        as_of = space.as_of(loaded)
        draft_of = catalogue.make(as_of, Kind.ASSESSMENT)
        assert isinstance(draft_of.report, Report)
        back = draft_of._replace(report=assessment.looking_back(draft_of.report, known))
        made = copying.finish(as_of, back, REFERRER, forms or _by_ending(None))
        name = f"{case}-assessment-AS-KNOWN-{known.day}"
    out = printer.out()
    for form, raw in made.items():
        path = output or past.out_folder(space, known) / f"{name}.{form}"
        writer.replace(path, raw)
        out.line(f"wrote {workspace.shown(path)}")
    if issued:
        version = issued.version or 1
        out.line(f"issued on {issued.on} as version {version}; given back as it was")


def _say_how_it_reads(out: "Printer", made: "Made", reader: "Reader") -> None:
    """Advice: the reading grade and the longest sentences, beside what is easy for the reader."""
    from arpc import plainness

    if reader.audience.name in ("supervisor", "police") or not made.seen.file.analysis:
        return
    plain = plainness.measure(made.seen.file, reader)
    if plain.grade is not None:
        aim = f"up to {plain.aim.grade} is easy for {reader.audience.who}"
        out.line(f"reading grade {plain.grade} ({aim})")
    if plain.too_long:
        out.line(f"sentences over {plain.aim.words} words: {plain.too_long}; the longest:")
        for each in plain.long:
            out.line(f"  {each.where}  {each.words} words")


def _case_to_report(space: "Workspace") -> str:
    """The case in which we stand, which is "", or one that is chosen, from those being reported if any is."""
    from arpc import overview, service
    from arpc.cli import choosing

    if service.case_at(Path.cwd(), ""):
        return ""
    stages = {
        each.name: overview.stage_words(space.as_of(space.load(each))) for each in space.cases()
    }
    if len(stages) == 1:
        return ""
    reporting = {case: stage for case, stage in stages.items() if stage == overview.REPORTING}
    choices = [choosing.Choice(case, stage) for case, stage in (reporting or stages).items()]
    return choosing.choose("", "Which case's report is issued?", choices, "there is no case here")


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
        raise ArpcError("the file's ending names no format", "end it in .md, .html, .pdf or .docx")
    return (ending,)


COMMANDS: dict[Callable[..., None], str] = {
    render_report: "render-report",
    issue_report: "issue-report",
}
