"""`install`, `unlock`, `lock`, `access`: who may open which case, and what is open here."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.keys import Key, PassphraseFile
from arpc.cli.options import As, Today

if TYPE_CHECKING:
    from arpc.cli.workspace import Workspace
    from arpc.sealed import Seat
    from arpc.sealing.access import CaseAccess, People, Signing

_EXAMPLE = "SHA256:p2Xq7LrYd0mB5vTnKc8WzHs1eJfA4uGoR9iQkM6yNxE"
_SECONDS = {"m": 60, "h": 3600, "d": 86400}


class Action(StrEnum):
    """What is done about who may open what."""

    LIST = "list"
    GRANT = "grant"
    REVOKE = "revoke"
    ENROL = "enrol"
    RENEW = "renew"
    LEAVE = "leave"
    RECOVERY = "recovery"
    STORE = "store"
    AGAIN = "again"
    TRUST = "trust"


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
        typer.Option("--for", metavar="10h", help="Lock again after so long: 45m, 10h, 2d."),
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
        who, opener = RECOVERY, sealed.recovery_opener(_text(recovery))
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

    The keys are forgotten, and in the place of each record lies what git has of it: sealed text. What is not
    saved stands in the way, since it would be lost.

    Writes: the records of those cases, as sealed text; takes away what `arpc undo` keeps.

    Undone: `arpc unlock`.

    Examples:
        arpc lock
    """
    from arpc import sealed
    from arpc.cli import keys, printer, workspace

    space = workspace.open_here(today)
    at = keys.seat(space, needs_store=False)  # what is open can always be locked
    there = sealed.unlocked_cases(at) or at.ring.cases()
    wanted = [keys.case(space, each) for each in cases or ()] or there
    left = sealed.lock(at, wanted)
    out, err = printer.out(), printer.err()
    for path in left:
        err.styled(("warning", "note: "), f"still plain, since git does not keep it: {path}")
    many = f"{len(wanted)} cases" if len(wanted) != 1 else "1 case"
    out.line(f"locked {many}" if wanted else "nothing is open here")
    raise typer.Exit(1 if left else 0)


def access(
    action: Annotated[
        Action, typer.Argument(metavar="ACTION", help=f"One of {', '.join(Action)}.")
    ],
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORD]...", help="A case, a person's code, a key: see below."),
    ] = None,
    root: Annotated[
        bool, typer.Option("--root", help="With enrol: they may enrol others too.")
    ] = False,
    key: Key = "",
    passphrase_file: PassphraseFile = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Say who may open which case.

    `list [CASE]` shows who may, and how many can. `grant CASE CODE` lets somebody open a case, and `revoke CASE
    CODE` takes them off it and goes on under a new key; what they could read until then, they may have kept.

    `enrol CODE KEY.pub` takes somebody into the service, `renew CODE KEY.pub` gives them another key, `leave
    CODE` says that they have gone; `recovery age1...` names a key that opens every case besides. A root person
    signs these. `store FOLDER` begins another key store, from what is unlocked here. `again CASE`, or `again
    people`, says once more after others what you and they have said apart.

    `trust [FINGERPRINT]` says of a clone that it is the service it claims to be; compare by voice or on paper.

    Writes: a signed entry under `access/`, a commit of it, and keys in the key store.

    Undone: by the opposite; an entry is never taken back.

    Examples:
        arpc access list C-FK
        arpc access grant C-FK TB --as LK
        arpc access revoke C-FK TB --as LK
        arpc access enrol RD rd.pub --as LK
    """
    from arpc.cli import keys, workspace

    given = list(words or ())
    space = workspace.open_here(today)
    if action is Action.TRUST:
        _trust(space, *_words(given, 0, 1, "arpc access trust SHA256:..."))
        return
    if action is Action.STORE:
        _begin_store(space, *_words(given, 1, 1, "arpc access store FOLDER"))
        return
    at = keys.seat(space)
    if action is Action.LIST:
        _list(space, at, *_words(given, 0, 1, "arpc access list CASE"))
        return
    usage = _USAGE[action]
    asked = _words(given, usage.count(" ") - 2, usage.count(" ") - 2, usage)
    _ = at.pinned
    if action is not Action.AGAIN:
        keys.refuse_behind(space, asked[0] if action in _OF_CASE else "people")
    _DO[action](space, at, keys.signing(space, me, key, passphrase_file), asked, root)


_USAGE = {
    Action.GRANT: "arpc access grant CASE CODE",
    Action.REVOKE: "arpc access revoke CASE CODE",
    Action.ENROL: "arpc access enrol CODE KEY.pub",
    Action.RENEW: "arpc access renew CODE KEY.pub",
    Action.LEAVE: "arpc access leave CODE",
    Action.RECOVERY: "arpc access recovery age1...",
    Action.AGAIN: "arpc access again CASE",
}


def _grant(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc import sealed
    from arpc.cli import keys, printer

    case, person = keys.case(space, words[0]), words[1]
    sealed.grant(at, case, person, by)
    keys.keep(space, by, f"{case}: access for {person}", f"access/{case}")
    printer.out().line(
        f"{person} may open {case}; `arpc save` hands it on, then they `arpc unlock`"
    )


def _revoke(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc import sealed
    from arpc.cli import keys, printer

    case, person = keys.case(space, words[0]), words[1]
    sealed.revoke(at, case, person, by)
    sealed.seal_anew(at, case)
    keys.keep(
        space,
        by,
        f"{case}: access of {person} ended, sealed anew",
        f"access/{case}",
        f"cases/{case}",
    )
    out = printer.out()
    out.line(f"{person} may not open {case} any more, and it goes on under a new key")
    out.wrapped(
        f"what {person} could read until now stays readable to them if they kept it: copies, prints, a "
        "clone with its history and the old key. Nothing written from now on does."
    )
    _mention_alone(at.access_to(case), at.people())


def _enrol(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc.cli import keys, printer
    from arpc.sealing import access as record
    from arpc.sealing.identities import fingerprint, public_key

    person, key = space.me(words[0]), _text(Path(words[1]))
    record.enrol(at.root, at.pinned, by, person, key, is_root=is_root)
    keys.keep(space, by, f"service: {person} enrolled", "access/people")
    out = printer.out()
    out.line(f"enrolled {person} with {fingerprint(public_key(key))}")
    out.line("compare it with them by voice: `ssh-keygen -lf` on their key prints the same")
    out.line(f"they say `arpc access trust {at.pinned}` in their clone, once")


def _renew(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc.cli import keys, printer
    from arpc.sealing import access as record

    person = words[0]
    record.renew(at.root, at.pinned, by, person, _text(Path(words[1])))
    for case in at.store.cases():
        if person in at.store.people(case):
            at.store.remove(case, person)
    keys.keep(space, by, f"service: {person} has a new key", "access/people")
    out = printer.out()
    out.line(f"{person} has a new key; what was wrapped to the old one is gone from the key store")
    out.line("each case opens for it once a colleague who holds the case has unlocked it again")


def _leave(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc.cli import keys, printer
    from arpc.sealing import access as record

    person = words[0]
    record.leave(at.root, at.pinned, by, person)
    held = [case for case in at.store.cases() if person in at.store.people(case)]
    keys.keep(space, by, f"service: {person} has left", "access/people")
    out = printer.out()
    out.line(f"{person} has left; what they signed until now stays good")
    for case in held:
        out.line(f"  next: `arpc access revoke {case} {person}`, by somebody who holds it")


def _recovery(
    space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool
) -> None:
    from arpc.cli import keys, printer
    from arpc.sealing import access as record

    record.recover_with(at.root, at.pinned, by, words[0])
    keys.keep(space, by, "service: a recovery key", "access/people")
    out = printer.out()
    out.line("every case is wrapped to this key too, as soon as somebody who holds it unlocks it")
    out.line("keep its private half off every computer: on paper or a stick, in a safe")


def _again(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc import concurring
    from arpc.cli import keys, printer

    is_people = words[0] == "people"
    log = "people" if is_people else keys.case(space, words[0])
    said = concurring.say_again(at, log, keys.theirs(space, log), by)
    what = "service: people" if is_people else f"{log}: access"
    keys.keep(space, by, f"{what}, said again", f"access/{log}")
    for each in said:
        printer.out().item(f"{log}: {each}, after theirs")
    more = f", then `arpc unlock {log}`" if "rotate" in said else ""
    printer.out().line(f"`arpc save` hands it on{more}")


_OF_CASE = (Action.GRANT, Action.REVOKE)
_DO: dict[Action, Callable[["Workspace", "Seat", "Signing", list[str], bool], None]] = {
    Action.GRANT: _grant,
    Action.REVOKE: _revoke,
    Action.ENROL: _enrol,
    Action.RENEW: _renew,
    Action.LEAVE: _leave,
    Action.RECOVERY: _recovery,
    Action.AGAIN: _again,
}


def _trust(space: "Workspace", said: str = "") -> None:
    from arpc import sealed
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError
    from arpc.sealing import here
    from arpc.sealing.identities import is_fingerprint

    root = space.folder()
    git = here.git_folder(root)
    if git is None or not here.is_sealed(root, git):
        raise ArpcError("this service is not sealed", "`arpc init` makes one that is")
    claims = sealed.first_fingerprint(root)
    out = printer.out()
    if said and not is_fingerprint(said):
        raise ArpcError("that is no fingerprint", f"SHA256: and 43 characters, such as {_EXAMPLE}")
    if not said:
        out.line(f"the fingerprint of this service is {claims}")
        out.wrapped("compare it, by voice or on paper, with what `arpc init` printed for your lead")
        agreed = workspace.ask("Is it the same? (yes, no)", "no").lower()
        if agreed not in ("yes", "y"):
            out.line(f"nothing was trusted; if it is the same: `arpc access trust {claims}`")
            raise typer.Exit(1)
        said = claims
    sealed.trust(root, git, said)
    out.line("trusted; what git takes in here is sealed. Next: `arpc unlock`")


def _begin_store(space: "Workspace", folder: str) -> None:
    """Put the keys of all that is unlocked here into another store."""
    from arpc import sealed
    from arpc.cli import keys, printer

    place = Path(folder).expanduser().resolve()
    at = sealed.begin_store(keys.seat(space), place)
    out = printer.out()
    for case in at:
        out.line(f"  {case}: wrapped to everybody who may open it")
    out.line(f"next: write it into service.yaml, under `sealing`: `store: {place.as_posix()}`")


def _list(space: "Workspace", at: "Seat", wanted: str = "") -> None:
    from arpc.cli import keys, printer
    from arpc.sealing import access as record

    people = at.people()
    out = printer.out()
    if not wanted:
        rows = [
            [
                code,
                "root" if person.is_root else "",
                f"{person.joined:%Y-%m-%d}",
                _gone(person.left),
            ]
            for code, person in sorted(people.everyone.items())
        ]
        out.table(["person", "as", "since", "left"], rows)
        out.line(f"recovery key: {'yes' if people.recovery else 'none'}")
        out.line(f"fingerprint: {people.fingerprint}")
        folders = sorted((at.root / record.FOLDER).glob("C-*"))
        for found in (record.case_access(at.root, each.name, people) for each in folders):
            state = ", shredded" if found.agreed else ""
            out.line(f"{found.case}: {', '.join(sorted(found.holders))}{state}")
        return
    found = at.access_to(keys.case(space, wanted))
    for entry in found.events:
        what = " ".join(entry.fields.get(each, "") for each in ("event", "person")).strip()
        out.line(f"{entry.time:%Y-%m-%d %H:%M} {what}, by {entry.by}")
    out.line(f"may open it now: {', '.join(sorted(found.holders))}")
    _mention_alone(found, people)


def _mention_alone(found: "CaseAccess", people: "People") -> None:
    from arpc.cli import printer

    if len(found.holders & people.current.keys()) < 2:
        note = f"fewer than two people can open {found.case}: a lost key would lose it"
        printer.err().styled(("warning", "note: "), note)


def _gone(left: datetime | None) -> str:
    return f"{left:%Y-%m-%d}" if left else ""


def _words(given: list[str], least: int, most: int, usage: str) -> list[str]:
    from arpc.errors import ArpcError

    if not least <= len(given) <= most:
        raise ArpcError("that is not how it is used", f"`{usage}`")
    return given


def _end(how_long: str, space: "Workspace") -> int | None:
    import time

    from arpc.errors import ArpcError

    if not how_long:
        return None
    number, unit = how_long[:-1], how_long[-1:]
    if not number.isdigit() or unit not in _SECONDS:
        raise ArpcError("how long is not written as expected", "such as 45m, 10h or 2d")
    return int(time.time()) + int(number) * _SECONDS[unit]


def _text(path: Path) -> str:
    from arpc.errors import ArpcError

    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        raise ArpcError("the key file cannot be read", f"looked for {path}") from None


COMMANDS: dict[Callable[..., None], str] = {
    install: "install",
    unlock: "unlock",
    lock: "lock",
    access: "access",
}
