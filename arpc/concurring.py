"""What two people said apart about who may open a case, or who belongs to the service, put one after the other.

Entries are signed in a row, so that of two that follow the same one only one can stand. Theirs, which others
have already, stays; whoever said the other says it again after it, signed anew.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from arpc import disk, sealed
from arpc.errors import ArpcError
from arpc.sealed import Seat
from arpc.sealing import access, logbook
from arpc.sealing.access import PEOPLE, CaseAccess, People, Signing
from arpc.sealing.logbook import Entry


class _Case(NamedTuple):
    """A case in which something is said again, as the record stands by now."""

    at: Seat
    found: CaseAccess
    people: People
    by: Signing


def is_behind(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> bool:
    """Whether others have said something in a log that is not here, by the files of each."""
    return any(ours.get(name) != raw for name, raw in theirs.items())


def say_again(at: Seat, log: str, theirs: Mapping[str, bytes], by: Signing) -> list[str]:
    """Take what others have said in a log, and say ours again after it; return our events.

    Args:
        at: The clone.
        log: A case's id, or "people".
        theirs: The files of the log as others have them.
        by: Who said what was said here, and signs it again.

    Raises:
        ArpcError: Others have said nothing that is not here, somebody else has to say theirs again, or what
            was said makes no sense any more; then the log is as the others have it.
    """
    folder = at.root / access.FOLDER / log
    ours, others = logbook.read(folder, log), logbook.entries(theirs, log)
    shared = sum(a.digest == b.digest for a, b in zip(ours, others, strict=False))
    mine = ours[shared:]
    if not others[shared:]:
        raise ArpcError("others have said nothing there that is not here")
    if strangers := {entry.by for entry in mine} - {by.by}:
        raise ArpcError(f"{', '.join(sorted(strangers))} said it here, and has to say it again")
    secrets = {key.id: key.secret for key in at.ring.keys(log)}
    for entry in mine:
        for name in (f"{entry.number:04}.txt.sig", f"{entry.number:04}.txt"):
            (folder / name).unlink(missing_ok=True)
    for name, raw in sorted(theirs.items()):
        with suppress(FileExistsError):
            disk.create(folder / name, raw)
    for entry in mine:
        if log == PEOPLE:
            _PEOPLE_AGAIN[entry.fields["event"]](at, entry, by)
        else:
            case = _Case(at, at.access_to(log), at.people(), by)
            _again(case, entry, secrets)
    if log != PEOPLE and at.ring.keys(log):
        sealed.settle(at, at.access_to(log), at.people())
    return [" ".join(filter(None, (e.fields["event"], e.fields.get("person")))) for e in mine]


def _again(case: _Case, entry: Entry, secrets: Mapping[str, bytes]) -> None:
    """Say an event of a case again, unless what it wanted is so already."""
    event, person = entry.fields["event"], entry.fields.get("person", "")
    root, name, people, by = case.at.root, case.found.case, case.people, case.by
    if event == "grant" and person not in case.found.holders:
        access.grant(root, name, people, by, person)
    elif event == "revoke" and person in case.found.holders:
        access.revoke(root, name, people, by, person)
        if person in case.at.store.people(name):  # their colleague did not know of it
            case.at.store.remove(name, person)
    elif event == "rotate":
        _rotate_again(case, entry.fields["key-id"], secrets)
    elif event == "shred" and not case.found.shred:
        access.order_shredding(root, name, people, by, entry.fields["reason"])
    elif event == "shred-agreed" and not case.found.agreed:
        computers = entry.fields["computers"].split()
        access.agree_shredding(root, name, people, by, computers)
    elif event == "receipt":
        access.give_receipt(root, name, people, by, entry.fields["device"])


def _rotate_again(case: _Case, key_id: str, secrets: Mapping[str, bytes]) -> None:
    """Let the key under which we went on be the next one after theirs."""
    if key_id not in secrets:
        hint = f"`arpc unlock {case.found.case}` first"
        raise ArpcError("the key that was made here is not unlocked", hint)
    newest = max(case.found.generations) + 1
    access.rotate(case.at.root, case.found.case, case.people, case.by, newest, key_id)
    kept = {
        generation: secrets[known]
        for generation, known in case.found.generations.items()
        if known in secrets
    }
    case.at.ring.put(case.found.case, {**kept, newest: secrets[key_id]})


def _enrol(at: Seat, entry: Entry, by: Signing) -> None:
    person, key, root = (entry.fields[each] for each in ("person", "key", "root"))
    access.enrol(at.root, at.pinned, by, person, key, is_root=root == "yes")


def _renew(at: Seat, entry: Entry, by: Signing) -> None:
    access.renew(at.root, at.pinned, by, entry.fields["person"], entry.fields["key"])


def _leave(at: Seat, entry: Entry, by: Signing) -> None:
    if entry.fields["person"] in at.people().current:
        access.leave(at.root, at.pinned, by, entry.fields["person"])


def _recover(at: Seat, entry: Entry, by: Signing) -> None:
    access.recover_with(at.root, at.pinned, by, entry.fields["key"])


_PEOPLE_AGAIN: Mapping[str, Callable[[Seat, Entry, Signing], None]] = {
    "enrol": _enrol,
    "renew": _renew,
    "leave": _leave,
    "recovery": _recover,
}
