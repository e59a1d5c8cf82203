"""`init`, `demo`, `new-case`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli import keys
from arpc.cli.keys import Key, PassphraseFile
from arpc.cli.options import As, Folder, Today

if TYPE_CHECKING:
    from arpc.cli.workspace import Workspace

_NATIONS = ("england", "wales", "scotland", "northern_ireland")
Nation = Annotated[
    str,
    typer.Option(
        "--nation", metavar="NATION", help=f"One of {', '.join(_NATIONS)}.", show_default=False
    ),
]


def init(
    folder: Folder,
    name: Annotated[
        str, typer.Option("--name", help="The service's name.", show_default=False)
    ] = "",
    nation: Nation = "",
    marking: Annotated[
        str, typer.Option("--marking", help="What stands at the head and foot of every page.")
    ] = "CONFIDENTIAL: CHILD PROTECTION",
    staff: Annotated[
        list[str] | None,
        typer.Option(
            "--staff", metavar="CODE,NAME,ROLE,E-MAIL", help="A member of staff; repeat it."
        ),
    ] = None,
    store: Annotated[
        str,
        typer.Option(
            "--store",
            metavar="FOLDER",
            help="Where the keys of the cases are kept: an office share or a stick, outside git.",
            show_default=False,
        ),
    ] = "",
    backup_days: Annotated[
        int | None,
        typer.Option(
            "--backup-days",
            metavar="DAYS",
            help="How long a file deleted there lives on in backups.",
            show_default=False,
        ),
    ] = None,
    is_sealed: Annotated[
        bool,
        typer.Option(
            "--sealed/--not-sealed", help="Seal the cases in git, or keep them as plain text."
        ),
    ] = True,
    key: Key = "",
    passphrase_file: PassphraseFile = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Make a service folder.

    It holds the service's policy and staff, a git repository, and settings for your editor.

    What git keeps of a case is sealed under the case's own key, and only who may work on it can open it.
    You become the first of its people, by your ssh key; `arpc access enrol` takes in the others.

    Writes: `service.yaml`, settings for git and your editor, a git repository, and the folder for keys.

    Undone: delete the folder.

    Examples:
        arpc init ../harbour --name "Harbour Service" --nation wales --store ../keys
            --staff "LK,Leila Kassar,Practitioner,lk@example.org"
        arpc init ../quay --name "Quay Service" --nation scotland --not-sealed
    """
    from arpc import gitrepo, plainfiles, sealed, service, starting
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    starting.refuse_existing(folder)
    name = name or workspace.ask("Name of the service", "Assessment service")
    where = workspace.asked(nation, f"Nation ({', '.join(_NATIONS)})", _nation, "england")
    people = list(staff or [])
    question = "Staff: code, name, role, e-mail (empty to end)"
    while not staff and (entry := workspace.asked("", question, _staff)):
        people.append(entry)
    out = printer.out()
    as_asked = {"name": name, "nation": where, "marking": marking, "staff": people}
    if not is_sealed:
        made = starting.init(folder, **as_asked)  # type: ignore[arg-type]
        out.line(f"made {workspace.shown(folder)}: {', '.join(made)}")
        _mention_git(made)
    else:
        if not gitrepo.is_available():
            raise ArpcError("a sealed service is kept by git", "install it, or say `--not-sealed`")
        keys_in = store or workspace.ask(
            "Folder for the keys of the cases: a share or a stick, outside git", ""
        )
        if not keys_in:
            hint = "`--store FOLDER`, such as an office share; or keep it plain with `--not-sealed`"
            raise ArpcError("where are the keys of the cases to be kept?", hint)
        first = me or next((entry.partition(",")[0].strip() for entry in people), "")
        by = keys.first(first, key, passphrase_file, today)
        place = plainfiles.led_to(Path(keys_in).expanduser())
        sealed.ready(folder, place)
        sealing = service.Sealing(place.as_posix(), backup_days)
        made = starting.init(folder, **as_asked, sealing=sealing)  # type: ignore[arg-type]
        pinned = sealed.start(folder, place, by)
        out.line(f"made {workspace.shown(folder)}: {', '.join(made)}, sealed")
        out.line(f"its fingerprint is that of your key, {by.by}:")
        out.line(f"  {pinned}")
        out.wrapped("write it down; everybody compares it once, when they first clone the service")
        if backup_days is None:
            note = "say in service.yaml, under `sealing`, how long backups of the key store live"
            printer.err().styled(("warning", "note: "), note)
    out.line("to undo, delete the folder")
    out.line(f"next: `cd {workspace.shown(folder)}`, then `arpc new-case`")


def demo(folder: Folder) -> None:
    """Make a practice folder of invented people.

    Writes: a folder with two cases, and an empty git repository in it.

    Undone: delete the folder.

    Examples:
        arpc demo practice
    """
    from arpc import starting
    from arpc.cli import printer, workspace

    made = starting.demo(folder)
    out = printer.out()
    out.line(f"made {workspace.shown(folder)}, a practice folder: {', '.join(made)}")
    _mention_git(made)
    out.line("everybody in it is invented, and its today stands still")
    out.line("to undo, delete the folder")
    out.line(f"next: `cd {workspace.shown(folder)}`, then `arpc list`")


def new_case(
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A YAML file with the referral's fields."),
    ] = None,
    received: Annotated[
        str,
        typer.Option(
            "--received", metavar="DATE", help="The day the referral came.", show_default=False
        ),
    ] = "",
    authority: Annotated[
        str,
        typer.Option("--authority", help="Whose children's services refer.", show_default=False),
    ] = "",
    man: Annotated[str, typer.Option("--man", help="The man's name.", show_default=False)] = "",
    child: Annotated[
        list[str] | None, typer.Option("--child", help="A child's name; repeat it for each.")
    ] = None,
    carer: Annotated[
        list[str] | None, typer.Option("--carer", help="A carer's name; repeat it for each.")
    ] = None,
    nation: Nation = "",
    key: Key = "",
    passphrase_file: PassphraseFile = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Start a case.

    Makes drafts of the case record, the referral, the man, the children and the carers. In a sealed
    service it gets a key of its own, which only you have at first.

    Writes: a folder of drafts under `cases/`; in a sealed service a signed entry under `access/`, and a key.

    Undone: delete that folder.

    Examples:
        arpc new-case --man "Owen Pryce" --child "Mali Pryce" --as LK
        arpc new-case --man "Owen Pryce" --child "Mali Pryce" --child "Ifan Pryce"
            --carer "Sian Pryce" --nation wales --received 2026-06-08 --as LK
    """
    from arpc import sealed, starting
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    root = space.folder()
    lead = space.me(me)
    default = space.service.nation
    new = starting.NewCase(
        nation=workspace.asked(nation, "Nation", _nation, default),
        authority=authority or workspace.ask("Which authority's children's services refer?"),
        received=workspace.asked(
            received,
            "Referral received",
            space.past_day,
            space.today.isoformat(),
        ),
        lead=lead,
        man=man or workspace.ask("The man's name"),
        children=child or _several("A child's name (empty to end)") or [""],
        carers=carer or _several("A carer's name (empty to end)") or [""],
        referral=source,
    )
    before = _sealing(space, me, key, passphrase_file)
    folder, records = starting.new_case(root, new, before)
    out = printer.out()
    out.line(f"made {workspace.shown(folder)}")
    for name in records:
        out.line(f"  {name}")
    _mention_likeness(space, folder)
    if not sealed.is_kept_sealed(root):
        out.line("to undo, delete the folder")
    else:
        out.line(f"to undo, delete the folder and access/{folder.name}, before they are saved")
        out.line(f"only you can open it: `arpc access grant {folder.name} CODE` lets a colleague")
    out.line(f"next: `cd {workspace.shown(folder)}`, fill in the drafts with `arpc edit case`,")
    out.line("      `arpc edit referral`, `arpc edit P-01`..., then `arpc status` and `arpc save`")


def _sealing(space: "Workspace", me: str, key: str, passphrase_file: str) -> Callable[[str], None]:
    """What has to be done before a new case is written: in a sealed service it needs a key."""
    from arpc import sealed

    if not sealed.is_kept_sealed(space.folder()):
        return lambda _: None
    at = keys.seat(space)
    _ = at.pinned  # before anybody is asked for a passphrase
    by = keys.signing(space, me, key, passphrase_file)
    return lambda case: sealed.create(at, case, by)


def _nation(text: str) -> str:
    from arpc.errors import ArpcError

    found = text.lower().replace(" ", "_")
    if found not in _NATIONS:
        raise ArpcError("there is no such nation here", f"one of {', '.join(_NATIONS)}")
    return found


def _staff(entry: str) -> str:
    from arpc import starting

    if entry:
        starting.staff_lines(entry)
    return entry


def _several(question: str) -> list[str]:
    from arpc.cli import workspace

    found: list[str] = []
    while answer := workspace.ask(question):
        found.append(answer)
    return found


def _mention_likeness(space: "Workspace", folder: Path) -> None:
    """Say whether somebody of the new case may stand in another already."""
    from arpc import likeness
    from arpc.cli import many, printer

    new = folder.name
    files = [space.load_people(each).file for each in many.alike(space, new)]
    others = {c for like in likeness.find(files) if new in like.cases for c in like.cases} - {new}
    if others:
        note = f"somebody of this case may be in {', '.join(sorted(others))} too: `arpc alike`"
        printer.err().styled(("warning", "note: "), note)


def _mention_git(made: list[str]) -> None:
    from arpc.cli import printer

    if "git repository" not in made:
        note = "git is not on this computer, or keeps this folder already: everything works but history"
        printer.err().styled(("warning", "note: "), note)


COMMANDS: dict[Callable[..., None], str] = {
    demo: "demo",
    init: "init",
    new_case: "new-case",
}
