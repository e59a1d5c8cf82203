"""The user's ssh key: where it lies, and its passphrase, asked for once and kept nowhere."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from arpc.cli.workspace import Workspace
    from arpc.sealed import Seat
    from arpc.sealing.access import Signing
    from arpc.sealing.identities import Identity

Key = Annotated[
    str,
    typer.Option(
        "--key",
        envvar="ARPC_KEY",
        metavar="FILE",
        help="Your ssh key; otherwise ~/.ssh/id_ed25519.",
        show_default=False,
        show_envvar=False,
    ),
]
PassphraseFile = Annotated[
    str,
    typer.Option(
        "--passphrase-file",
        envvar="ARPC_PASSPHRASE_FILE",
        metavar="FILE",
        help="A file whose first line is the key's passphrase, where nobody can be asked.",
        show_default=False,
        show_envvar=False,
    ),
]

_TRIES = 3


def identity(key: str, passphrase_file: str) -> "Identity":
    """The user's key, opened; somebody who types the passphrase may try three times, as with ssh.

    Raises:
        ArpcError: There is none, it does not open, or nobody can be asked for its passphrase.
    """
    from arpc.cli import printer
    from arpc.sealing import identities

    path = Path(key or "~/.ssh/id_ed25519").expanduser()
    ask = _asker(path, passphrase_file)
    for left in range(_TRIES - 1 if not passphrase_file else 0, 0, -1):
        try:
            return identities.load(path, ask)
        except identities.PassphraseError as wrong:
            printer.err().line(
                f"{wrong}; {left} more to try" if left > 1 else f"{wrong}; once more"
            )
    return identities.load(path, ask)


def signing(space: "Workspace", me: str, key: str, passphrase_file: str) -> "Signing":
    """Who signs, with what and when."""
    from arpc.sealing.access import Signing

    return Signing(space.me(me), space.now.astimezone(), identity(key, passphrase_file))


def first(code: str, key: str, passphrase_file: str, today: str) -> "Signing":
    """Who makes a sealed service and is the first of its people.

    Raises:
        ArpcError: Nobody said who that is.
    """
    from arpc.cli import workspace
    from arpc.errors import ArpcError
    from arpc.sealing.access import Signing

    if not code:
        raise ArpcError("who are you?", "name yourself first: `--staff CODE,NAME,ROLE,E-MAIL`")
    now = workspace.open_here(today).now.astimezone()
    return Signing(code, now, identity(key, passphrase_file))


def seat(space: "Workspace", *, needs_store: bool = True) -> "Seat":
    """The clone of a sealed service in which we stand; without its key store where that need not be known.

    Raises:
        ArpcError: We stand in none.
    """
    import time

    from arpc import sealed

    root, store = space.folder(), space.service.sealing.store
    return sealed.seat(root, store, os.environ, time.time(), needs_store=needs_store)


def keep(space: "Workspace", by: "Signing", message: str, *folders: str) -> None:
    """Commit what was written in some folders."""
    from arpc import gitrepo, saving

    root = space.folder()
    with saving.alone(root):
        if changed := gitrepo.changed(root, *folders):
            member = space.service.staff_member(by.by)
            who = (member.name, member.email or f"{member.code}@arpc.invalid")
            gitrepo.commit(root, [each.path for each in changed], message, who, space.now)


def theirs(space: "Workspace", log: str) -> dict[str, bytes]:
    """The files of a log of access as others have it, by name, as far as was fetched.

    Raises:
        ArpcError: There are no others with whom this clone exchanges its work.
    """
    from arpc import gitpeers, gitrepo
    from arpc.errors import ArpcError

    root = space.folder()
    other = gitpeers.peer(root)
    there = gitpeers.tip(root, other.there) if other else ""
    if not there:
        raise ArpcError("this clone exchanges its work with nobody")
    found = gitrepo.files_at(root, there, f"access/{log}")
    return {path.rpartition("/")[2]: raw for path, raw in found.items() if raw is not None}


def refuse_behind(space: "Workspace", wanted: str) -> None:
    """See to it that nothing is said after something that others have not got, where that can be known.

    Raises:
        ArpcError: Others have said something since.
    """
    from arpc import concurring, gitpeers, plainfiles
    from arpc.errors import ArpcError

    root = space.folder()
    log = wanted if wanted == "people" else case(space, wanted)
    other = gitpeers.peer(root)
    if other is None or not gitpeers.fetch(root, other, gitpeers.calm(root, "")):
        return
    there = theirs(space, log) if gitpeers.tip(root, other.there) else {}
    ours = {p.name: plainfiles.read_whole(p) for p in (root / "access" / log).glob("[0-9]*")}
    if concurring.is_behind(ours, there):
        raise ArpcError("others have changed who may open what since", "`arpc save` first")


def case(space: "Workspace", wanted: str) -> str:
    """The id of a case that may be locked, or gone from the work tree.

    Raises:
        ArpcError: There is none.
    """
    from arpc import service
    from arpc.errors import ArpcError
    from arpc.ids import is_case_id

    known = [folder.name for folder in service.case_folders(space.folder())]
    known += [p.name for p in (space.folder() / "access").glob("C-*") if p.name not in known]
    if found := service.pick(known, wanted):
        return found
    if is_case_id(wanted.upper()):
        return wanted.upper()
    raise ArpcError("no such case", "`arpc access list` shows them")


def text(path: Path) -> str:
    """The text of a file with a key.

    Raises:
        ArpcError: It cannot be read.
    """
    from arpc import plainfiles
    from arpc.errors import ArpcError

    try:
        return plainfiles.read_whole(path, may_be_link=True).decode("utf-8")
    except (OSError, ValueError):
        raise ArpcError("the key file cannot be read", f"looked for {path}") from None


def _asker(path: Path, passphrase_file: str) -> Callable[[], str]:
    from arpc.cli import workspace
    from arpc.errors import ArpcError

    def ask() -> str:
        if passphrase_file:
            try:
                return Path(passphrase_file).read_text("utf-8").partition("\n")[0]
            except OSError:
                raise ArpcError("the passphrase file cannot be read") from None
        if not workspace.is_interactive():
            hint = "run it on a terminal, or give `--passphrase-file FILE`"
            raise ArpcError(f"nobody can be asked for the passphrase of {path}", hint)
        return str(typer.prompt(f"Passphrase of {path}", hide_input=True, err=True))

    return ask
