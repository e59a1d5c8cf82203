"""`alike` and `link`: what two cases of a service have in common."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import As, InCase, Today

if TYPE_CHECKING:
    from pathlib import Path

    from arpc.cli.choosing import Choice
    from arpc.cli.workspace import Workspace


class How(StrEnum):
    """How two cases are linked."""

    RE_REFERRAL = "re_referral"
    OTHER_HOUSEHOLD = "other_household"
    SAME_MAN = "same_man"
    SAME_CHILD = "same_child"
    OTHER = "other"


def alike(
    case: Annotated[
        str, typer.Argument(metavar="[CASE]", help="Only people of this case.", show_default=False)
    ] = "",
    today: Today = "",
) -> None:
    """Point out people who may stand in two cases.

    By name, other names and date of birth, with the reasons; nothing is ever merged.

    Examples:
        arpc alike
        arpc alike C-FK
    """
    from arpc import likeness, linking
    from arpc.cli import many, printer, workspace

    space = workspace.open_here(today)
    chosen = space.case(case) if case else None
    only = space.load(chosen).file.id if chosen else ""
    name = chosen.absolute().name if chosen else ""
    files = [space.load_people(folder).file for folder in many.alike(space, name)]
    linked = {frozenset((f.id, to)) for f in files for to, _ in linking.links_of(f)}
    out = printer.out()
    found = [like for like in likeness.find(files) if not only or only in like.cases]
    for like in found:
        state = "linked" if frozenset(like.cases) in linked else "not linked"
        first, second = (" ".join(each) for each in (like.first, like.second))
        out.line(f"{first} and {second}, {state}")
        out.wrapped(f"{'; '.join(like.reasons)}", "    ")
    if found:
        out.line("look at both; `arpc link` links two cases, and nothing is ever merged")
    else:
        out.line("nobody in two cases, as far as names and dates of birth show")


def link(
    other: Annotated[
        str, typer.Argument(metavar="[OTHER]", help="The other case.", show_default=False)
    ] = "",
    how: Annotated[How, typer.Option("--how", help="How the two belong together.")] = How.OTHER,
    why: Annotated[
        str, typer.Option("--why", help="What shows that they do.", show_default=False)
    ] = "",
    carry: Annotated[
        list[str] | None,
        typer.Option(
            "--carry", metavar="ID", help="Carry over the man's history: P-01, A-01; repeat it."
        ),
    ] = None,
    case: InCase = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Link this case to another, and carry over the man's history.

    Both cases say so. What is carried over is a draft that names where it was copied from.

    Writes: an entry under `links` in both case records, and what is carried over, as drafts.

    Undone: `arpc undo`, until it is saved.

    Examples:
        arpc link C-HB -c C-FK --why "Ms Marsh is aunt to both." --as LK
    """
    from arpc import linking
    from arpc.cli import choosing, printer, workspace, writing
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    folder = space.case(case)
    question = "Which case does it belong together with?"
    none = "there is no other case that it is not linked to"
    there = space.case(other or choosing.choose("", question, _others(space, folder), none))
    if folder.absolute() == there.absolute():
        raise ArpcError("that is the same case")
    given = "a link needs a reason", "give `--why TEXT`"
    why = choosing.needed(why, "What shows that they belong together?", *given)
    file, source = space.load(folder).file, space.load(there).file
    by = space.me(me)
    records = linking.history(source, carry or ())
    out = printer.out()
    with writing.undoable(space, folder, f"link {source.id}"):
        linking.link(folder, file, there, source, linking.Link(str(how), why, by, space.today))
        out.line(f"linked {file.id} and {source.id}; both cases say so")
        if records:
            file = space.load(folder).file  # the link stands in it now
            done = linking.carry_over(folder, file, source, records, by=by, on=space.today)
            out.line(f"carried over into {', '.join(done)}: read it, then finish it")


def _others(space: "Workspace", folder: "Path") -> "list[Choice]":
    """The cases to which one can be linked, first those in which somebody may stand too, with the reasons."""
    from arpc import likeness, linking, overview
    from arpc.cli.choosing import Choice

    here = space.load(folder).file
    linked = {case for case, _ in linking.links_of(here)}
    alike: list[Choice] = []
    others: list[Choice] = []
    for each in space.cases():
        loaded = space.load(each)
        if each.absolute() == folder.absolute() or loaded.file.id in linked:
            continue
        reasons = []
        for like in likeness.find([loaded.file, here]):
            ours, theirs = sorted((like.first, like.second), key=lambda one: one[0] != here.id)
            reasons.append(f"{ours[1]} here and {theirs[1]} there: {', '.join(like.reasons)}")
        what = "; ".join([overview.stage_words(space.as_of(loaded)), *reasons])
        (alike if reasons else others).append(Choice(each.name, what))
    return [*alike, *others]


COMMANDS: dict[Callable[..., None], str] = {alike: "alike", link: "link"}
