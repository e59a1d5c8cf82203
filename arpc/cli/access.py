"""`access`: who belongs to the service, and who may open which case."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli import keys
from arpc.cli.keys import Key, PassphraseFile
from arpc.cli.options import As, Today

if TYPE_CHECKING:
    from arpc.cli.workspace import Workspace
    from arpc.sealed import Seat
    from arpc.sealing.access import CaseAccess, People, Signing

_EXAMPLE = "SHA256:p2Xq7LrYd0mB5vTnKc8WzHs1eJfA4uGoR9iQkM6yNxE"


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


def access(
    action: Annotated[
        Action, typer.Argument(metavar="ACTION", help=f"One of {', '.join(Action)}.")
    ],
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORD]...", help="A case, a person's code, a key: see above."),
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
    from arpc.cli import workspace

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
    from arpc.cli import printer

    case, person = keys.case(space, words[0]), words[1]
    sealed.grant(at, case, person, by)
    keys.keep(space, by, f"{case}: access for {person}", f"access/{case}")
    printer.out().line(
        f"{person} may open {case}; `arpc save` hands it on, then they `arpc unlock`"
    )


def _revoke(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc import sealed
    from arpc.cli import printer

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
    from arpc.cli import printer
    from arpc.sealing import access as record
    from arpc.sealing.identities import fingerprint, public_key

    person, key = space.me(words[0]), keys.text(Path(words[1]))
    record.enrol(at.root, at.pinned, by, person, key, is_root=is_root)
    keys.keep(space, by, f"service: {person} enrolled", "access/people")
    out = printer.out()
    out.line(f"enrolled {person} with {fingerprint(public_key(key))}")
    out.line("compare it with them by voice: `ssh-keygen -lf` on their key prints the same")
    out.line(f"they say `arpc access trust {at.pinned}` in their clone, once")


def _renew(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc import sealed
    from arpc.cli import printer
    from arpc.sealing import access as record

    person = words[0]
    record.renew(at.root, at.pinned, by, person, keys.text(Path(words[1])))
    stays = sealed.wrap_anew(at, person)
    keys.keep(space, by, f"service: {person} has a new key", "access/people")
    out = printer.out()
    out.line(f"{person} has a new key; what is unlocked here opens for it already")
    out.line("the rest does once a colleague who holds the case has unlocked it again")
    for case in stays:
        note = (
            f"only the old key opens {case}: `arpc unlock {case} --key OLD` gives it to the new one"
        )
        printer.err().styled(("warning", "note: "), note)


def _leave(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc.cli import printer
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
    from arpc.cli import printer
    from arpc.sealing import access as record

    record.recover_with(at.root, at.pinned, by, words[0])
    keys.keep(space, by, "service: a recovery key", "access/people")
    out = printer.out()
    out.line("every case is wrapped to this key too, as soon as somebody who holds it unlocks it")
    out.line("keep its private half off every computer: on paper or a stick, in a safe")


def _again(space: "Workspace", at: "Seat", by: "Signing", words: list[str], is_root: bool) -> None:
    from arpc import concurring
    from arpc.cli import printer

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
    from arpc import plainfiles, sealed
    from arpc.cli import printer

    place = plainfiles.led_to(Path(folder).expanduser())
    at = sealed.begin_store(keys.seat(space), place)
    out = printer.out()
    for case in at:
        out.line(f"  {case}: wrapped to everybody who may open it")
    out.line(f"next: write it into service.yaml, under `sealing`: `store: {place.as_posix()}`")


def _list(space: "Workspace", at: "Seat", wanted: str = "") -> None:
    from arpc.cli import printer
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


COMMANDS: dict[Callable[..., None], str] = {access: "access"}
