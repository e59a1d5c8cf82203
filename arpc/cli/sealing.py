"""`install`, `unlock`, `lock`: what seals on this computer, and what is open on it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.keys import Key, PassphraseFile
from arpc.cli.options import As, Today

if TYPE_CHECKING:
    from arpc.cli.workspace import Workspace

_SECONDS = {"m": 60, "h": 3600, "d": 86400}


def install(
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Say of the service where you stand that it is not sealed."),
    ] = False,
    server: Annotated[
        Path | None,
        typer.Option(
            "--server", metavar="REPOSITORY", help="Guard a bare repository; it needs no keys."
        ),
    ] = None,
) -> None:
    """Let git seal on this computer: once.

    Every clone that you make here seals from its first moment, whatever the clone itself says. The
    clone in which you stand is set up too. A server takes in nothing plain after `--server`.

    Writes: settings in your own git configuration, and a template for new clones.

    Undone: take `filter.arpc`, `diff.arpc`, `merge.arpc` and `init.templateDir` out of it.

    Examples:
        arpc install
    """
    import os

    from arpc import gitrepo, sealed
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError
    from arpc.sealing import here, wiring

    out = printer.out()
    if server is not None:
        if not (server / "objects").is_dir():
            raise ArpcError("that is no bare repository", "`git init --bare FOLDER` makes one")
        wiring.lay_hooks(server / "hooks", (wiring.ON_SERVER,))
        gitrepo.serve(server)
        out.line(f"{workspace.shown(server)} takes in nothing plain, and no history rewritten")
        return
    space = workspace.open_here()
    git = here.git_folder(space.root) if space.root else None
    if plain:
        if space.root is None or git is None or here.is_sealed(space.root, git):
            raise ArpcError("this is no service that is kept plain", "go to its folder")
        here.keep_plain(git)
        out.line("this service is kept plain on this computer: git seals nothing in it")
        return
    own = Path(os.environ.get("GIT_CONFIG_GLOBAL") or "~/.gitconfig").expanduser()
    if own.exists() and not own.is_file():  # git would put a file in the place of the null device
        raise ArpcError("your git configuration is switched off here", "unset GIT_CONFIG_GLOBAL")
    home = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    was = sealed.install(home / "arpc" / "git-template", Path.home())
    out.line(
        "git seals on this computer" + (" already" if was else ", in every clone made from now")
    )
    if space.root and git and here.is_sealed(space.root, git):
        sealed.wire(space.root, git)
        out.line("and in this clone")
        if not here.pinned(git):
            out.line("next: `arpc access trust` says whose service this claims to be")


def unlock(
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CASE]...", help="Which cases; otherwise all that you may open."),
    ] = None,
    how_long: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="10h",
            help="Let the keys run out after 45m, 10h, 2d; the files lie open until `arpc lock`.",
        ),
    ] = "",
    recovery: Annotated[
        Path | None,
        typer.Option("--recovery", metavar="FILE", help="Open with the service's recovery key."),
    ] = None,
    key: Key = "",
    passphrase_file: PassphraseFile = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Open the cases you work on.

    Your passphrase is asked for once. The keys stay in this computer's memory until you lock, or until it
    is switched off; the files of the cases are laid out to be read.

    Writes: the records of those cases, as plain text, into the folder.

    Undone: `arpc lock`.

    Examples:
        arpc unlock --as LK
        arpc unlock C-FK --for 10h --as LK
    """
    from arpc import sealed, shredding
    from arpc.cli import keys, printer, workspace
    from arpc.sealing.store import RECOVERY

    space = workspace.open_here(today)
    at = keys.seat(space)
    wanted = [keys.case(space, each) for each in cases or ()]
    until = _end(how_long, space)
    if recovery is not None:
        who, opener = RECOVERY, sealed.recovery_opener(keys.text(recovery))
    else:
        _ = at.pinned  # before anybody is asked for a passphrase
        who = space.me(me)
        opener = sealed.opener_of(keys.identity(key, passphrase_file))
    done = sealed.unlock(at, wanted, who, opener, until)
    out, err = printer.out(), printer.err()
    for case, why in done.refused:
        err.styled(("warning", "note: "), f"{case} stays locked: {why}")
    if not done.opened and not done.refused:
        note = f"who works on a case can let you: `arpc access grant CASE {who}`; then `arpc save`"
        if recovery is not None:
            note = "nothing here is kept for a recovery key; `arpc access recovery` names one"
        err.styled(("warning", "note: "), note)
    many = f"{len(done.opened)} cases" if len(done.opened) != 1 else "1 case"
    end = f" until {datetime.fromtimestamp(until):%Y-%m-%d %H:%M}" if until else ""
    which = ", ".join(done.opened) or ("" if done.refused else "none has a key for you")
    out.line(f"unlocked {many}{end}{': ' if which else ''}{which}")
    if done.alone:
        note = f"nobody else can open {', '.join(done.alone)}: `arpc access grant CASE CODE`"
        err.styled(("warning", "note: "), note)
    for case in shredding.wants_answer(at):
        note = f"{case} was shredded: `arpc shred {case}` clears this computer of it, and answers"
        err.styled(("warning", "note: "), note)
    if done.opened:
        out.line("to lock again: `arpc lock`")
    raise typer.Exit(1 if done.refused else 0)


def lock(
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CASE]...", help="Which cases; otherwise all that are open."),
    ] = None,
    today: Today = "",
) -> None:
    """Lock what is open here.

    The keys are forgotten, and what was worked out of the cases; in the place of each record lies what git has
    of it: sealed text. What is not saved stands in the way, since it would be lost.

    Writes: the records of those cases, as sealed text; takes away what `arpc undo` keeps.

    Undone: `arpc unlock`.

    Examples:
        arpc lock
    """
    from arpc import sealed
    from arpc.cli import keys, many, printer, workspace

    space = workspace.open_here(today)
    at = keys.seat(space, needs_store=False)  # what is open can always be locked
    there = sealed.unlocked_cases(at) or at.ring.cases()
    wanted = [keys.case(space, each) for each in cases or ()] or there
    left = sealed.lock(at, wanted)
    many.forget(space, wanted)
    out, err = printer.out(), printer.err()
    for path in left:
        err.styled(("warning", "note: "), f"still plain, since git does not keep it: {path}")
    count = f"{len(wanted)} cases" if len(wanted) != 1 else "1 case"
    out.line(f"locked {count}" if wanted else "nothing is open here")
    raise typer.Exit(1 if left else 0)


def _end(how_long: str, space: "Workspace") -> int | None:
    import time

    from arpc.errors import ArpcError

    if not how_long:
        return None
    number, unit = how_long[:-1], how_long[-1:]
    if not number.isdigit() or unit not in _SECONDS:
        raise ArpcError("how long is not written as expected", "such as 45m, 10h or 2d")
    return int(time.time()) + int(number) * _SECONDS[unit]


COMMANDS: dict[Callable[..., None], str] = {install: "install", unlock: "unlock", lock: "lock"}
