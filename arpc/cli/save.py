"""`save`, `history`: what is written goes into the history, to others and back; and who wrote what."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.options import As, Today

if TYPE_CHECKING:
    from arpc.cli.workspace import Workspace
    from arpc.exchanging import Exchanged, Joined
    from arpc.gitpeers import Peer
    from arpc.gitrepo import Changed, Commit
    from arpc.reconciling import Renumbering
    from arpc.saving import Work

_CLASHES = {
    "WORDING": "both wrote {}: decide in the file",
    "TAKEN_AWAY": "one took it away, the other changed it: it stays, or remove it",
    "NO_TEXT": "both changed it, and it is no text: yours stays",
    "SIGNED": "both signed it so: theirs counts, and yours is to be signed again",
    "COMPUTED": "both wrote it: theirs stands, and `arpc due --register` writes it anew",
}
"""What is said of two versions that are at odds, by how they are."""


def save(
    offline: Annotated[
        bool, typer.Option("--offline", help="Only on this computer; fetch and send nothing.")
    ] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle",
            metavar="FILE",
            help="Then write all that is saved into a file, to carry to a colleague.",
            show_default=False,
        ),
    ] = None,
    taken: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Then take in what a colleague's file brings; nothing is sent.",
            show_default=False,
        ),
    ] = None,
    me: As = "",
    today: Today = "",
) -> None:
    """Keep what is written in the history, and exchange it with others.

    Every case of the service folder, drafts too, and what git is told to ignore of a case; findings never
    stand in the way. What was saved can be read again as it was on any day, and what changed since can be
    told; it is no longer taken back.

    Where the folder has a server, `origin`, or a bare repository on a share, what others saved is fetched,
    brought together with yours, and sent. What you and they wrote apart under one id is renumbered on your
    side, with its citations. What you both added to a final record stands in it under one seal. What you both
    wrote differently in one place stands there in both wordings: it is named here and by `validate`, and stops
    nobody but who wants to sign it. If the server cannot be reached, or the computer is stopped, what is saved
    here goes with the next `save`.

    Records that were brought together from two versions are named until somebody at this computer has
    looked at them, with `show` or `edit`.

    Writes: commits that name ids alone.

    Undone: not at all; write it as it should be, and save again.

    Examples:
        arpc add session with=child who=P-03 -c C-FK --as LK
        arpc save --as LK
        arpc save --bundle ../to-tom.bundle --as LK
        arpc save --from ../to-tom.bundle --as LK
    """
    from arpc import exchanging, gitpeers, halfway, saving
    from arpc.cli import printer, workspace
    from arpc.exchanging import Joined

    space = workspace.open_here(today)
    root = space.folder()
    member = space.service.staff_member(space.me(me))
    who = (member.name, member.email or f"{member.code}@arpc.invalid")
    out = printer.out()
    with saving.alone(root):
        halfway.put_right(root)
        work = saving.unsaved(root)
        _mention_left_out(work)
        other = None if offline or bundle or taken else gitpeers.peer(root)
        if work.files:
            commit = saving.save(root, work, who, space.now)
            _print_saved(work, commit)
            stays = "" if other else ", on this computer"
            out.line(f"saved as {commit.short} of {commit.day} by {member.code}{stays}")
        else:
            what = "all else that" if work.left_out else "all that"
            out.line(f"{what} is written here is saved")
        joined = Joined()
        if taken:
            joined = exchanging.take_in(root, taken, who, space.now)
            _print_joined(joined)
            out.line(
                f"{taken.name} is taken in" if joined.came else f"{taken.name} brings nothing new"
            )
        if bundle:
            exchanging.pack(root, bundle)
            out.line(f"wrote {workspace.shown(bundle)}: `arpc save --from FILE` takes it in")
        if other:
            around = _around(root)
            done = exchanging.exchange(root, other, who, space.now, around, _print_joined)
            joined = done.joined
            _print_exchanged(done, other)
    came = (each for came in joined.came for each in came.files)
    _mention_errors(space, (*work.files, *came))
    raise typer.Exit(1 if joined.to_decide else 0)


def _around(root: Path) -> dict[str, str]:
    """What goes into git's environment where it talks to a server."""
    import os

    from arpc import gitpeers
    from arpc.cli import workspace

    ssh = os.environ.get("GIT_SSH_COMMAND", "")
    return {} if workspace.is_interactive() else gitpeers.calm(root, ssh)


def _mention_left_out(work: "Work") -> None:
    from arpc.cli import printer

    for path in work.left_out:
        note = f"left out, since nothing of that name belongs here: {path}"
        if path.endswith("/"):
            note = f"left out, since it is a git repository of its own: {path}; take away its .git"
        printer.err().styled(("warning", "note: "), note)


def _print_saved(work: "Work", commit: "Commit") -> None:
    from arpc.cli import printer

    for line in work.lines:
        printer.out().item(line)
    for each in work.gone:
        hint = f"`git checkout {commit.short}~1 -- {each}` brings it back"
        note = f"a record is gone; if that was not meant, {hint}"
        printer.err().styled(("warning", "note: "), note)


def _mention_errors(space: "Workspace", files: "Iterable[Changed]") -> None:
    """Say how many errors there are in the cases to which files belong."""
    from arpc.cli import checks, printer
    from arpc.findings import Gate, Severity

    bare = space._replace(opened=None)
    for case in sorted({f.path.split("/")[1] for f in files if f.path.startswith("cases/")}):
        folder = space.folder() / "cases" / case
        found = checks.validate(bare, [str(folder)], Gate.NOW) if folder.is_dir() else None
        if count := found.count(Severity.ERROR) if found else 0:
            errors = f"{count} errors" if count > 1 else "1 error"
            note = f"{errors} in what is saved of it: `arpc validate {case}`"
            printer.err().styled(("warning", "note: "), f"{case}: {note}")


def _print_exchanged(done: "Exchanged", other: "Peer") -> None:
    from arpc.cli import printer

    out, err = printer.out(), printer.err()
    for refusal in done.refusals:
        note = f"others saved what may not be: {refusal.what}: {refusal.why}"
        err.styled(("warning", "note: "), f"{note}; tell whoever keeps the service")
    if done.is_reached:
        out.line(f"{other.name} has all of it")
    else:
        note = (
            f"saved on this computer; {other.name} could not be reached, and has not all of it yet"
        )
        err.styled(("warning", "note: "), f"{note}: `git fetch {other.name}` says why")


def _print_joined(joined: "Joined") -> None:
    """What came from others, what got another id for it, and what waits to be decided or read."""
    from arpc import saving
    from arpc.cli import joined as two_versions
    from arpc.cli import printer

    out = printer.out()
    for came in joined.came:
        for line in saving.told(came.files):
            out.item(f"{line}, by {came.by}")
    for case, done in joined.renumbered:
        _print_renumbered(case, done)
    for each in joined.to_decide:
        out.line(f"{each.path}: {_CLASHES[each.clash.name].format(each.where)}")
    undecided = {each.path for each in joined.to_decide}
    two_versions.mention([path for path in joined.merged if path not in undecided])


def _print_renumbered(case: str, done: "Renumbering") -> None:
    from arpc.cli import printer

    for old, new in done.moved:
        printer.out().item(f"{case}: your {old} is {new} now, since theirs came first")
    for place in done.left:
        note = f"left as it is, for you to look at: {place}"
        printer.err().styled(("warning", "note: "), f"{case}: {note}")


def history(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CASE] [RECORD]", help="A case, and a record in it: N-007, case."),
    ] = None,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="DATE|yesterday",
            help="Only what was saved from this day on.",
            show_default=False,
        ),
    ] = "",
    today: Today = "",
) -> None:
    """Say who saved what of a case, and when, newest first.

    Each time something was saved: the day, who, and which records and fields. It shows no word of a
    record, so that anybody may look on; `arpc diff` says what a change means.

    Examples:
        arpc history C-FK
        arpc history C-FK N-014
        arpc history C-HB --since 2026-06-01
    """
    from arpc import annals, loading, service
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    case, record = _meant(words or [])
    folder = service.find_case(Path.cwd(), case)
    name = folder.absolute().name
    day = space.past_day(since, "the day asked for") if since else None
    found = annals.annals(space.folder(), name, record, day)
    out = printer.out()
    if loading.is_locked(folder):
        note = f"{name} is locked here: which fields were changed cannot be told"
        printer.err().styled(("warning", "note: "), note)
    if not found:
        out.line(
            f"nothing of {' '.join(filter(None, (name, record)))} was saved{' since then' * bool(since)}"
        )
    for entry in found:
        joining = ", bringing two people's work together" if entry.is_joining else ""
        out.styled(
            ("strong", f"{entry.commit.day} {entry.commit.by}"), f"  {entry.commit.short}{joining}"
        )
        alike: dict[str, list[str]] = {}
        for line in entry.lines:
            alike.setdefault(line.what, []).append(line.record)
        for what, records in alike.items():
            out.item(f"{', '.join(records)}: {what}")


def _meant(words: list[str]) -> tuple[str, str]:
    """The case, "" for the one in which we stand, and the record; "" for all of the case."""
    import re

    from arpc.errors import ArpcError

    if len(words) > 2:
        raise ArpcError("too many words", "name the case, then the record")
    is_record = len(words) == 1 and re.match(r"(?:case|referral|(?!C)[A-Z]-[0-9])", words[0], re.I)
    case, record = ("", words[0]) if is_record else (*words, "", "")[:2]
    return case, record.lower() if record.isalpha() else record.upper()


COMMANDS: dict[Callable[..., None], str] = {save: "save", history: "history"}
