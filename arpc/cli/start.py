"""`init`, `demo`, `new-case`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
) -> None:
    """Make a service folder.

    It holds the service's policy and staff, a git repository, and settings for your editor.

    Writes: `service.yaml`, settings for git and your editor, and an empty git repository.

    Undone: delete the folder.

    Examples:
        arpc init harbour --name "Harbour Service" --nation wales
        arpc init quay --name "Quay Service" --nation scotland
            --staff "LK,Leila Kassar,Practitioner,lk@example.org"
    """
    from arpc import starting
    from arpc.cli import printer, workspace

    name = name or workspace.ask("Name of the service", "Assessment service")
    where = workspace.asked(nation, f"Nation ({', '.join(_NATIONS)})", _nation, "england")
    people = list(staff or [])
    question = "Staff: code, name, role, e-mail (empty to end)"
    while not staff and (entry := workspace.asked("", question, _staff)):
        people.append(entry)
    made = starting.init(folder, name=name, nation=where, marking=marking, staff=people)
    out = printer.out()
    out.line(f"made {workspace.shown(folder)}: {', '.join(made)}")
    _mention_git(made)
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
    me: As = "",
    today: Today = "",
) -> None:
    """Start a case.

    Makes drafts of the case record, the referral, the man, the children and the carers.

    Writes: a folder of drafts under `cases/`.

    Undone: delete that folder.

    Examples:
        arpc new-case --man "Owen Pryce" --child "Mali Pryce" --as LK
        arpc new-case --man "Owen Pryce" --child "Mali Pryce" --child "Ifan Pryce"
            --carer "Sian Pryce" --nation wales --received 2026-06-08 --as LK
    """
    from arpc import starting
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
    folder, records = starting.new_case(root, new)
    out = printer.out()
    out.line(f"made {workspace.shown(folder)}")
    for name in records:
        out.line(f"  {name}")
    _mention_likeness(space, folder)
    out.line("to undo, delete the folder")
    out.line(f"next: `cd {workspace.shown(folder)}`, fill in the drafts with `arpc edit case`,")
    out.line("      `arpc edit referral`, `arpc edit P-01`..., then `arpc status` and `arpc save`")


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
    from arpc.cli import printer

    new = folder.name
    files = [space.load_people(each).file for each in space.cases()]
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
