"""`find`."""

import shlex
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import InCase, NoCache, Today

if TYPE_CHECKING:
    from arpc.cli.printer import Printer
    from arpc.cli.workspace import Workspace
    from arpc.loading import Folder
    from arpc.searching import Hit

_ROOM = 40  # columns that a snippet needs to stand beside its place
_HEARD = 120  # characters of a snippet for somebody who listens


def find(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORD...", help="What is looked for: words, or a phrase in quotation marks."
        ),
    ],
    case: InCase = "",
    most: Annotated[
        int, typer.Option("--most", metavar="NUMBER", min=1, help="How many to show at most.")
    ] = 50,
    no_cache: NoCache = False,
    today: Today = "",
) -> None:
    """Find words in names, aliases and prose of all cases, newest first.

    Accents and case make no difference. All words must stand in the same text, in any order: one name,
    one note, one statement. Words in one pair of quotation marks are one phrase: they stand together,
    just so. It shows the words around, because they were asked for: mind who sees the screen. Exit
    code 1 if nothing is found.

    Examples:
        arpc find bedtime
        arpc find chair turn
        arpc find "school nursery" -c C-FK
    """
    from arpc import searching
    from arpc.cli import many, printer, workspace
    from arpc.errors import ArpcError

    wanted = searching.folded(words)
    if not wanted:
        raise ArpcError("nothing to look for", "give a word or more")
    space = workspace.open_here(today)
    folders = list(_folders(space, case))
    scan = searching.together(many.searched(space, wanted, folders, cached=not no_cache))
    lost = list(scan.unreadable)
    found: list[Hit] = []
    left = list(scan.candidates)
    while left and len(found) < most:
        candidate = left.pop(0)
        hits = searching.hits(candidate, wanted)
        found += hits or ()
        if hits is None:
            lost.append(candidate.shown)
    out = printer.out()
    for hit in found[:most]:
        _print_hit(out, hit)
    _print_count(out, found, most, len(left), scan.files)
    if not found:
        _print_other_ways(out, words, case)
    _mention_lost(lost)
    raise typer.Exit(0 if found else 1)


def _folders(space: "Workspace", case: str) -> "Iterable[Folder]":
    """The case that is asked for, or all of the service, or the lone case in which we stand."""
    from arpc.cli import workspace
    from arpc.loading import Folder

    folders = [space.case(case)] if case or space.root is None else space.cases()
    return [Folder(folder.absolute(), workspace.shown(folder)) for folder in folders]


def _print_hit(out: "Printer", hit: "Hit") -> None:
    """The place and the id, and the words beside them, or below where there is no room.

    Who listens hears the words first.
    """
    if out.plain:
        out.line(f"{hit.at}: {_snippet(hit, _HEARD, '...')}")
        out.line(f"  in {out.place(hit.where)}")
        return
    head = f"{hit.where}  {hit.at}"
    room = out.width - len(head) - 2
    if room >= _ROOM:
        out.styled(("strong", head), f"  {_snippet(hit, room, '…')}")
    else:
        out.styled(("strong", head))
        out.line(f"    {_snippet(hit, max(out.width, _ROOM) - 4, '…')}")


def _snippet(hit: "Hit", room: int, more: str) -> str:
    """The words around a hit, whole ones, in so many columns; `more` stands for what is left out."""
    from arpc.cli.printer import visible

    text = hit.text
    if len(visible(text)) <= room:
        return text
    begin = max(0, min(hit.start - room // 3, len(text) - room))
    if begin:
        begin = text.find(" ", begin, hit.start) + 1 or hit.start
    ahead = more if begin else ""
    kept = text[begin:]
    if len(ahead + visible(kept)) <= room:
        return ahead + kept
    while len(ahead + visible(kept) + more) > room:
        kept = kept[:-1]
    whole = kept.rpartition(" ")[0]
    kept = whole if begin + len(whole) > hit.start else kept
    return f"{ahead}{kept}{more}"


def _print_count(out: "Printer", found: "list[Hit]", most: int, left: int, files: int) -> None:
    if not found:
        out.wrapped(f"nothing found in {files} files")
    elif left or len(found) > most:
        hint = f"; {left} older files hold these words too" if left else ""
        out.wrapped(f"the newest {most} are shown{hint}: add a word, or `--most 500`")
    else:
        out.wrapped(f"{len(found)} found, newest first")


def _print_other_ways(out: "Printer", words: list[str], case: str) -> None:
    """How to look for less, where several words were looked for."""
    single = list(dict.fromkeys(word for text in words for word in text.split()))
    if len(single) == 1:
        return
    where = f" -c {_typed(case)}" if case else ""
    typed = [_typed(word) for word in single]
    if any(len(text.split()) > 1 for text in words):
        out.wrapped("words in quotation marks are one phrase; for all in one text, or each alone:")
        out.line(f"  arpc find {' '.join(typed)}{where}")
    else:
        out.wrapped("all words must stand in one text; for each alone:")
    for word in typed:
        out.line(f"  arpc find {word}{where}")


def _typed(word: str) -> str:
    """A word as it is typed: in quotation marks, where a shell would make something else of it."""
    if set(word) & {*'"$`\\!'} or shlex.quote(word) == word:
        return shlex.quote(word)
    return f'"{word}"'


def _mention_lost(files: list[str]) -> None:
    from arpc.cli import printer

    for name in files:
        note = f"{name} cannot be read and was not searched"
        printer.err().styled(("warning", "note: "), note)


COMMANDS: dict[Callable[..., None], str] = {find: "find"}
