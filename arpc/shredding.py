"""The end of a case: its keys are destroyed, so that nobody can ever read what git has kept of it.

Git never forgets, and neither do servers and clones. What is destroyed is the key: once it is in no key store,
no backup of one and no computer's memory, the sealed history says nothing to anybody. That takes two people, a
review date that has passed, and nothing that holds the case. It is not complete before the backups of the key
store have run out and every computer on which the case was opened has answered; until then nobody is told that it
is. Whether it is erasure in the sense of the law, the service's data protection officer decides.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from arpc import plainfiles, retention, writer
from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.retention import Review
from arpc.sealed import Seat
from arpc.sealing import access, here
from arpc.sealing.access import CaseAccess, Signing
from arpc.service import Service

REMAINS = (
    "what anybody copied, printed or e-mailed, and backups of work trees, which no key protects",
    "what other cases say of the same people",
    "in git: the case's id, the names of its files, their size in steps, who wrote when, who had access",
)
"""What shredding does not reach."""
_ANY = "any"
_COMPUTER = re.compile(r"([A-Z]{2,4}[0-9]?|recovery)/([0-9a-f]{16})\Z")


class Computer(NamedTuple):
    """A clone on which the case was opened, and whether its owner has answered."""

    person: str
    clone: str
    """The clone's id; "any" for somebody who held the case and of whose computer nothing is known."""
    answered: date | None


class State(NamedTuple):
    """How far a case's end has come."""

    case: str
    access: CaseAccess
    is_emptied: bool
    """Whether the key store has nothing of it."""
    expires: date | None
    """The day by which no backup of the key store has its keys; None where the service names no length."""
    computers: tuple[Computer, ...]

    def is_complete(self, today: date) -> bool:
        """Whether nobody can read the case any more, as far as can be known."""
        answered = all(each.answered for each in self.computers)
        return self.is_emptied and answered and self.expires is not None and self.expires <= today


def order(at: Seat, as_of: AsOf, signing: Signing) -> None:
    """Order that a case be shredded: the first of two signatures.

    Raises:
        ArpcError: Its review is still to come or cannot be told, something holds it, or it is ordered already.
    """
    found = _due(retention.review(as_of), as_of.today)
    reason = f"review of {found.on}, closed {found.since}"
    if keeping := as_of.service.retention.get(found.kept_as):
        reason += f", {keeping.years} years from {keeping.counted_from.replace('_', ' ')}"
    access.order_shredding(at.root, found.case, at.people(), signing, reason)


def agree(
    at: Seat, case: str, service: Service, signing: Signing, as_of: AsOf | None = None
) -> None:
    """Agree to it, and destroy the keys: the second signature, after which there is no way back.

    Args:
        at: The clone.
        case: The case.
        service: Its policy.
        signing: Who agrees.
        as_of: The case, where whoever agrees can read it: something may hold it since it was ordered.

    Raises:
        ArpcError: Nobody ordered it, the same person did, neither signs as a manager, or something holds it.
    """
    found = at.access_to(case)
    if found.shred is None:
        raise ArpcError(f"nobody has ordered that {case} be shredded")
    both = (found.shred.by, signing.by)
    if "manager" not in {service.staff_member(code).signs_as for code in both}:
        hint = "write `signs_as: manager` beside whoever that is in service.yaml"
        raise ArpcError("one of the two who shred a case has to be a manager", hint)
    if held := [hold.why for hold in service.holds if not hold.cases or case in hold.cases]:
        raise ArpcError(f"{case} is held: {held[0]}", "nothing was destroyed")
    if as_of:
        _due(retention.review(as_of), as_of.today)
    opened = [f"{who}/{clone}" for who, clone in at.store.opened(case)]
    access.agree_shredding(at.root, case, at.people(), signing, opened)
    destroy(at, case)


def wants_answer(at: Seat) -> list[str]:
    """The shredded cases that were opened in this clone, and of which it has not said that it has nothing."""
    clone = here.name(at.git)
    return [
        case
        for case in retention.shredded(at.root)
        if any(c.clone == clone and not c.answered for c in _computers(at.access_to(case)))
    ]


def destroy(at: Seat, case: str) -> bool:
    """Destroy what there is of a case whose end is agreed; return whether there was anything.

    Its folder leaves the work tree, and with the next commit what git has of it now; its keys leave the store and this computer. It can be
    said again: what was broken off is finished.

    Raises:
        ArpcError: Its end is not agreed, or something cannot be removed.
    """
    if at.access_to(case).agreed is None:
        raise ArpcError(f"nobody has agreed that {case} be shredded")
    folder = at.root / "cases" / case
    was_here = folder.exists() or case in at.ring.cases()
    if folder.exists():
        rmtree(folder)
    was_stored = case in at.store.cases()
    if was_stored:
        at.store.remove(case)
    at.ring.forget([case])
    return was_here or was_stored


def answer(at: Seat, case: str, signing: Signing) -> bool:
    """Say for this computer that it holds nothing of a shredded case; return whether that was still wanted.

    Raises:
        ArpcError: The record cannot be written.
    """
    clone = here.name(at.git)
    given = at.access_to(case).receipts
    if any((each.person, each.device) == (signing.by, clone) for each in given):
        return False
    access.give_receipt(at.root, case, at.people(), signing, clone)
    return True


def state(at: Seat, case: str, service: Service) -> State:
    """How far the end of a case has come.

    Raises:
        ArpcError: Its end is not agreed, or the record cannot be believed.
    """
    found = at.access_to(case)
    if found.agreed is None:
        raise ArpcError(f"nobody has agreed that {case} be shredded")
    days = service.sealing.backup_days
    ended = found.agreed.time.date()
    emptied = at.store.is_reachable() and case not in at.store.cases()
    expires = ended + timedelta(days=days) if days is not None else None
    return State(case, found, emptied, expires, tuple(_computers(found)))


def certificate(found: State, today: date, days: int | None) -> str:
    """What can be said of a case's end on a day; it reads "not yet complete" until it is."""
    shred, agreed = found.access.shred, found.access.agreed
    assert shred
    assert agreed
    lines = [
        "Certificate of the end of a case",
        "",
        f"case: {found.case}",
        f"why: {shred.fields['reason']}",
        f"ordered: {shred.time:%Y-%m-%d} by {shred.by}",
        f"agreed: {agreed.time:%Y-%m-%d} by {agreed.by}",
        f"keys destroyed: {', '.join(found.access.generations.values())}",
        f"key store: {'has nothing of it' if found.is_emptied else 'NOT EMPTIED, or out of reach'}",
        f"its backups: {_backups(found, today, days)}",
        "computers on which it was opened:",
        *(f"  {each.person}/{each.clone}: {_answered(each)}" for each in found.computers),
        "not reached by this:",
        *(f"  {each}" for each in REMAINS),
        "",
        f"on {today}: {'complete' if found.is_complete(today) else 'NOT YET COMPLETE'}",
    ]
    return "\n".join(lines) + "\n"


def write_certificate(root: Path, case: str, text: str) -> Path:
    """Keep the certificate beside the cases; return where.

    Raises:
        ArpcError: It cannot be written.
    """
    path = root / retention.SHREDDED / f"{case}.txt"
    if not path.exists() or plainfiles.read(path) != text.encode("utf-8"):
        writer.replace(path, text)
    return path


def _due(found: Review | None, today: date) -> Review:
    if found is None:
        raise ArpcError("the case is not closed", "`closure` in its record says why and when")
    if found.unknown:
        raise ArpcError(f"no day can be told for the review: {found.unknown}")
    if found.on is None:
        hint = "`closure.retention` and `closure.review` in the case, `retention` in service.yaml"
        raise ArpcError("nothing says how long the records are kept", hint)
    if found.on > today:
        raise ArpcError(f"the records are kept until their review on {found.on}")
    if found.held:
        raise ArpcError(f"the case is held: {found.held[0]}", "nothing was destroyed")
    return found


def _computers(found: CaseAccess) -> Iterator[Computer]:
    """Every clone on which the case was opened, and everybody who held it and of whom none is known."""
    assert found.agreed
    opened = [_COMPUTER.match(word) for word in found.agreed.fields["computers"].split()]
    known = [(match[1], match[2]) for match in opened if match]
    held = {e.fields["person"] for e in found.events if e.fields["event"] in ("create", "grant")}
    known += [(code, _ANY) for code in sorted(held - {person for person, _ in known})]
    for person, clone in known:
        given = [
            each.time.date()
            for each in found.receipts
            if each.device == clone or (clone == _ANY and each.person == person)
        ]
        yield Computer(person, clone, min(given, default=None))


def _backups(found: State, today: date, days: int | None) -> str:
    if found.expires is None:
        return "NOBODY HAS SAID how long they live: `backup_days` in service.yaml"
    what = "ran out" if found.expires <= today else "run out"
    return f"{what} on {found.expires}, {days} days later, as the service says"


def _answered(each: Computer) -> str:
    return f"answered {each.answered}" if each.answered else "NOT YET ANSWERED"
