"""What the signed logs mean: who the people of a service are, and who may open which case.

`access/people/` is the log of people, `access/C-7K3Q9X2F/` that of a case. The first entry of the people's log
enrols the root person, who signs it with the key that it names; each computer pins that key, so that a folder
somebody else made up is not believed. Only root persons enrol others. In a case's log each entry is signed by
a person with the key that was theirs at the time, and who may write it follows from the entries before.

Times are what the signers say, so an old key can sign for a time when it was good; the order within a log,
which no one can change, bounds that. A log whose end was cut off looks whole: `check_against_store` holds it
against the key store.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from arpc import plainfiles
from arpc.errors import ArpcError
from arpc.sealing import identities, logbook
from arpc.sealing.identities import Identity
from arpc.sealing.logbook import Entry

FOLDER = "access"
PEOPLE = "people"
CODE = r"[A-Z]{2,4}[0-9]?"
"""What a person's code looks like."""
CASE = r"C-[0-9A-Z]{8}"
"""What a case's id looks like."""
_KEY_ID = re.compile(r"[0-9a-f]{32}\Z")

_PEOPLE_EVENTS = {
    "enrol": ("person", "key", "root"),
    "renew": ("person", "key"),
    "leave": ("person",),
    "recovery": ("key",),
}
_CASE_EVENTS = {
    "create": ("generation", "key-id", "person"),
    "grant": ("person",),
    "revoke": ("person",),
    "rotate": ("generation", "key-id"),
    "shred": ("reason",),
    "shred-agreed": ("computers",),
    "receipt": ("person", "device"),
}


class Person(NamedTuple):
    """A person of the service."""

    code: str
    key: str
    """The key that is theirs, or was when they left."""
    is_root: bool
    joined: datetime
    left: datetime | None


class Tenure(NamedTuple):
    """The time in which a key was a person's."""

    code: str
    key: str
    since: datetime
    until: datetime | None
    """The moment from which it is not theirs any more."""


class People(NamedTuple):
    """Everybody who is or was of the service."""

    fingerprint: str = ""
    """Of the key that the first entry is signed with."""
    everyone: Mapping[str, Person] = {}
    """By code; those who left as well, since a code is never given again."""
    tenures: tuple[Tenure, ...] = ()
    recovery: str = ""
    """The age key that every case is wrapped to besides; "" if there is none."""

    @property
    def current(self) -> dict[str, Person]:
        """Those who have not left, by code."""
        return {code: person for code, person in self.everyone.items() if person.left is None}

    def of(self, code: str) -> Person:
        """The person with a code, whether they have left or not.

        Raises:
            ArpcError: Nobody has or had it.
        """
        if _code(code) not in self.everyone:
            raise ArpcError(f"nobody with the code {code} is enrolled")
        return self.everyone[code]

    def key_then(self, code: str, time: datetime) -> frozenset[str]:
        """The keys that a person could sign with at a time: one, or none before and after."""
        return frozenset(
            tenure.key
            for tenure in self.tenures
            if tenure.code == code
            and tenure.since <= time
            and (tenure.until is None or time < tenure.until)
        )


class Receipt(NamedTuple):
    """A person's word that a device of theirs holds nothing of a shredded case any more."""

    person: str
    device: str
    time: datetime


class CaseAccess(NamedTuple):
    """Who may open a case, and what was done to its keys."""

    case: str
    holders: frozenset[str] = frozenset()
    """Codes; somebody who has left stays among them until they are taken off."""
    generations: Mapping[int, str] = {}
    """The id of the key of each generation; the newest is the last."""
    events: tuple[Entry, ...] = ()
    shred: Entry | None = None
    """The order to erase the case."""
    agreed: Entry | None = None
    """The second person's agreement, from which on the case is to be erased."""
    receipts: tuple[Receipt, ...] = ()


class Signing(NamedTuple):
    """Who writes an entry."""

    by: str
    """Their code."""
    at: datetime
    """Now, with a zone."""
    identity: Identity


def people(root: Path, pinned: str) -> People:
    """Read the people of a service.

    Args:
        root: The service's folder.
        pinned: The fingerprint of the key that its first entry has to be signed with.

    Raises:
        ArpcError: The log is not as it was written, breaks a rule, or was begun by somebody else.
    """
    return people_of(logbook.read(_folder(root, PEOPLE), PEOPLE), pinned)


def people_of(entries: Iterable[Entry], pinned: str) -> People:
    """What the entries of the people's log come to; as `people`."""
    found = People()
    for entry in entries:
        with _naming(entry):
            found = _after_people(found, pinned, entry)
    if not found.fingerprint:
        raise ArpcError("nobody is enrolled here yet")
    return found


def case_access(root: Path, case: str, everybody: People) -> CaseAccess:
    """Read who may open a case.

    Args:
        root: The service's folder.
        case: The case's id.
        everybody: The people of the service.

    Raises:
        ArpcError: The log is not there, is not as it was written, or breaks a rule.
    """
    return case_access_of(logbook.read(_folder(root, case), case), case, everybody)


def case_access_of(entries: Iterable[Entry], case: str, everybody: People) -> CaseAccess:
    """What the entries of a case's log come to; as `case_access`."""
    found = CaseAccess(case)
    for entry in entries:
        with _naming(entry):
            found = _after_case(found, everybody, entry)
    if not found.events:
        raise ArpcError(f"nothing says who may open {case}")
    return found


def check_against_store(found: CaseAccess, stored: Iterable[tuple[int, str]]) -> None:
    """Hold a case's log against the key store, which shows whether the log's end was cut off.

    Args:
        found: What the log says.
        stored: The generations in the store, as `Store.generations` gives them.

    Raises:
        ArpcError: The store has a later key than the log knows.
    """
    newest, known = max((generation for generation, _ in stored), default=0), max(found.generations)
    if newest > known:
        hint = "fetch what colleagues have saved; if it stays so, history was taken back: tell your lead"
        message = (
            f"the key store has generation {newest} of {found.case}, the signed record only {known}"
        )
        raise ArpcError(message, hint)


def begin(root: Path, signing: Signing) -> str:
    """Begin the people's log with its first root person; return the fingerprint to pin.

    Raises:
        ArpcError: There are people already, or the entry cannot be written.
    """
    key = signing.identity.public
    pinned = identities.fingerprint(key)
    fields = {"event": "enrol", "person": signing.by, "key": key, "root": "yes"}

    def check(before: tuple[Entry, ...], entry: Entry) -> None:
        if before:
            raise ArpcError("people are enrolled here already")
        _after_people(People(), pinned, entry)

    _append(root, PEOPLE, fields, signing, check)
    return pinned


def enrol(
    root: Path, pinned: str, signing: Signing, person: str, key: str, *, is_root: bool = False
) -> Path:
    """Enrol a person with their key.

    Args:
        root: The service's folder.
        pinned: As for `people`.
        signing: A root person.
        person: A code that nobody has or had.
        key: The line of their `.pub` file.
        is_root: Whether they may enrol others.

    Raises:
        ArpcError: The entry would break a rule, or cannot be written.
    """
    fields = {
        "person": person,
        "key": identities.public_key(key),
        "root": "yes" if is_root else "no",
    }
    return _append_people(root, pinned, signing, "enrol", fields)


def renew(root: Path, pinned: str, signing: Signing, person: str, key: str) -> Path:
    """Give a person another key, from now on; as `enrol`."""
    fields = {"person": person, "key": identities.public_key(key)}
    return _append_people(root, pinned, _after_all(root, signing), "renew", fields)


def leave(root: Path, pinned: str, signing: Signing, person: str) -> Path:
    """Say that a person has left; what they signed until now stays good. As `enrol`."""
    late = _after_all(root, signing)
    return _append_people(root, pinned, late, "leave", {"person": person})


def recover_with(root: Path, pinned: str, signing: Signing, key: str) -> Path:
    """Name the age key that every case is wrapped to besides, from now on; as `enrol`."""
    fields = {"key": identities.recovery_key(key)}
    return _append_people(root, pinned, signing, "recovery", fields)


def create(
    root: Path, case: str, everybody: People, signing: Signing, key_id: str, person: str
) -> Path:
    """Begin a case's log with its first key and the first person who holds it.

    Args:
        root: The service's folder.
        case: The case's id.
        everybody: The people of the service.
        signing: Anybody enrolled.
        key_id: The id of the case's first key.
        person: Who holds the case.

    Raises:
        ArpcError: The entry would break a rule, or cannot be written.
    """
    fields = {"generation": "1", "key-id": key_id, "person": person}
    return _append_case(root, case, everybody, signing, "create", fields)


def grant(root: Path, case: str, everybody: People, signing: Signing, person: str) -> Path:
    """Let a person hold a case; signed by somebody who holds it. As `create`."""
    return _append_case(root, case, everybody, signing, "grant", {"person": person})


def revoke(root: Path, case: str, everybody: People, signing: Signing, person: str) -> Path:
    """Take a person off a case; signed by somebody who holds it. A new key should follow. As `create`."""
    return _append_case(root, case, everybody, signing, "revoke", {"person": person})


def rotate(
    root: Path, case: str, everybody: People, signing: Signing, generation: int, key_id: str
) -> Path:
    """Say which key follows the newest one; signed by somebody who holds the case. As `create`."""
    fields = {"generation": str(generation), "key-id": key_id}
    return _append_case(root, case, everybody, signing, "rotate", fields)


def order_shredding(
    root: Path, case: str, everybody: People, signing: Signing, reason: str
) -> Path:
    """Order that a case be erased; signed by somebody who holds it or a root person. As `create`.

    The reason stays in git for good: a rule or a period, and nothing of the case.
    """
    return _append_case(root, case, everybody, signing, "shred", {"reason": reason})


def agree_shredding(
    root: Path, case: str, everybody: People, signing: Signing, computers: Iterable[str]
) -> Path:
    """Agree that a case be erased; signed by another person than who ordered it. As `create`.

    Args:
        root: The service's folder.
        case: The case's id.
        everybody: The people of the service.
        signing: Who agrees.
        computers: Where the case was opened, each as "CODE/clone": all of them have to answer.
    """
    fields = {"computers": " ".join(computers) or "none"}
    return _append_case(root, case, everybody, signing, "shred-agreed", fields)


def give_receipt(root: Path, case: str, everybody: People, signing: Signing, device: str) -> Path:
    """Say that a device of the person who signs holds nothing of an erased case. As `create`."""
    fields = {"person": signing.by, "device": device}
    return _append_case(root, case, everybody, signing, "receipt", fields)


def _append_people(
    root: Path, pinned: str, signing: Signing, event: str, fields: Mapping[str, str]
) -> Path:
    def check(before: tuple[Entry, ...], entry: Entry) -> None:
        _after_people(people_of(before, pinned), pinned, entry)

    return _append(root, PEOPLE, {"event": event, **fields}, signing, check)


def _append_case(
    root: Path,
    case: str,
    everybody: People,
    signing: Signing,
    event: str,
    fields: Mapping[str, str],
) -> Path:
    def check(before: tuple[Entry, ...], entry: Entry) -> None:
        found = case_access_of(before, case, everybody) if before else CaseAccess(case)
        _after_case(found, everybody, entry)

    return _append(root, case, {"event": event, **fields}, signing, check)


def _append(
    root: Path, log: str, fields: Mapping[str, str], signing: Signing, check: logbook.Check
) -> Path:
    by, at, identity = signing
    return logbook.append(_folder(root, log), log, fields, by, at, identity, check)


def _after_all(root: Path, signing: Signing) -> Signing:
    """The same after everything that was signed for a case, by clocks that may have been ahead.

    What somebody signed while a key was theirs has to stay good when it is theirs no more.
    """
    lines = (
        line
        for path in (root / FOLDER).glob("C-*/[0-9]*.txt")
        for line in plainfiles.read(path).decode("utf-8", "replace").splitlines()
        if line.startswith("time: ")
    )
    latest = max(lines, default="").removeprefix("time: ")
    try:
        moment = datetime.fromisoformat(latest) + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return signing
    return signing._replace(at=max(signing.at, moment))


def _folder(root: Path, log: str) -> Path:
    if log != PEOPLE and not re.fullmatch(CASE, log):
        raise ArpcError("that is no id of a case")
    return root / FOLDER / log


@contextmanager
def _naming(entry: Entry) -> Iterator[None]:
    """Say of which entry an error tells; one that is still to be written has no name to say."""
    try:
        yield
    except ArpcError as error:
        raise ArpcError(f"{entry.name}: {error}", error.hint) from None


def _event(entry: Entry, known: Mapping[str, tuple[str, ...]]) -> str:
    event = entry.fields.get("event", "")
    if event not in known:
        raise ArpcError("an event that is not known", "a newer arpc may have written it")
    if tuple(entry.fields) != ("event", *known[event]):
        raise ArpcError(f"the lines of an entry for {event} are others")
    return event


def _code(code: str) -> str:
    if not re.fullmatch(CODE, code):
        raise ArpcError("that is no code of a person: two to four capitals, such as LK or LK2")
    return code


# The people's log: each function gives the people after an entry, or raises ArpcError.


def _after_people(found: People, pinned: str, entry: Entry) -> People:
    event = _event(entry, _PEOPLE_EVENTS)
    if not found.fingerprint:
        _check_first(entry, event, pinned)
        found = found._replace(fingerprint=pinned)
    else:
        signer = found.current.get(entry.by)
        if not signer or not signer.is_root or signer.key != entry.signer:
            raise ArpcError("only a root person may sign that, with the key that is theirs now")
    return _PEOPLE_STEPS[event](found, entry)


def _check_first(entry: Entry, event: str, pinned: str) -> None:
    made_by = identities.fingerprint(entry.signer)
    if made_by != pinned:
        hint = "it may be planted: ask your lead for the fingerprint, by voice, before you trust it"
        raise ArpcError(f"this folder was begun by somebody else, with the key {made_by}", hint)
    own = {"event": "enrol", "person": entry.by, "key": entry.signer, "root": "yes"}
    if entry.fields != own:
        raise ArpcError("the first entry has to enrol the root person who signs it")


def _enrolled(found: People, entry: Entry) -> People:
    code, is_root = _code(entry.fields["person"]), entry.fields["root"]
    if code in found.everyone:
        hint = "a code is never given again: put a number after it"
        raise ArpcError(f"the code {code} is or was somebody's already", hint)
    if is_root not in ("yes", "no"):
        raise ArpcError("whether somebody is a root person is yes or no")
    key = _new_key(found, entry)
    person = Person(code, key, is_root == "yes", entry.time, None)
    tenure = Tenure(code, key, entry.time, None)
    return found._replace(
        everyone={**found.everyone, code: person}, tenures=(*found.tenures, tenure)
    )


def _renewed(found: People, entry: Entry) -> People:
    person = _current(found, entry)
    key = _new_key(found, entry)
    return found._replace(
        everyone={**found.everyone, person.code: person._replace(key=key)},
        tenures=(*_ended(found, person, entry), Tenure(person.code, key, entry.time, None)),
    )


def _gone(found: People, entry: Entry) -> People:
    person = _current(found, entry)
    others = (other for other in found.current.values() if other.code != person.code)
    if not any(other.is_root for other in others):
        hint = "enrol another root person first"
        raise ArpcError(
            "the last root person cannot leave: nobody could be enrolled any more", hint
        )
    return found._replace(
        everyone={**found.everyone, person.code: person._replace(left=entry.time)},
        tenures=_ended(found, person, entry),
    )


def _recoverable(found: People, entry: Entry) -> People:
    key = entry.fields["key"]
    if identities.recovery_key(key) != key:
        raise ArpcError("the recovery key is not written as keys are")
    return found._replace(recovery=key)


def _current(found: People, entry: Entry) -> Person:
    person = found.of(entry.fields["person"])
    if person.left:
        raise ArpcError(f"{person.code} has left")
    return person


def _new_key(found: People, entry: Entry) -> str:
    key = entry.fields["key"]
    if identities.public_key(key) != key:
        raise ArpcError("the key is not written as keys are")
    if any(tenure.key == key for tenure in found.tenures):
        hint = "each person has a key of their own, and a new one each time"
        raise ArpcError("this key is or was somebody's already", hint)
    return key


def _ended(found: People, person: Person, entry: Entry) -> tuple[Tenure, ...]:
    return tuple(
        tenure._replace(until=entry.time)
        if tenure.code == person.code and tenure.until is None
        else tenure
        for tenure in found.tenures
    )


# A case's log: each function gives who may open the case after an entry, or raises ArpcError.


def _after_case(found: CaseAccess, everybody: People, entry: Entry) -> CaseAccess:
    event = _event(entry, _CASE_EVENTS)
    if entry.signer not in everybody.key_then(_code(entry.by), entry.time):
        hint = "is the clock of this computer right, and the key the one that is enrolled?"
        raise ArpcError(f"this is not signed with the key that was {entry.by}'s at that time", hint)
    _check_turn(found, event)
    _check_may(found, everybody, entry, event)
    _check_held(found, everybody, entry, event)
    after = _CASE_STEPS[event](found, entry)
    return after._replace(events=(*found.events, entry))


def _check_turn(found: CaseAccess, event: str) -> None:
    """Refuse what cannot come at that point, whoever signs it."""
    if not found.events and event != "create":
        raise ArpcError("nothing has created this case")
    if found.events and event == "create":
        raise ArpcError("this case is created already")
    if found.agreed and event != "receipt":
        raise ArpcError("this case is erased: only receipts can follow")
    if not found.agreed and event == "receipt":
        raise ArpcError("this case is not erased: there is nothing to give a receipt for")


def _check_may(found: CaseAccess, everybody: People, entry: Entry, event: str) -> None:
    """Refuse what is not for the person who signs it."""
    is_holder = entry.by in found.holders
    if event in ("grant", "revoke", "rotate") and not is_holder:
        raise ArpcError(f"{entry.by} does not hold this case", "somebody who holds it can do that")
    if event == "shred" and not is_holder and not everybody.of(entry.by).is_root:
        raise ArpcError(f"{entry.by} neither holds this case nor is a root person")


def _check_held(found: CaseAccess, everybody: People, entry: Entry, event: str) -> None:
    """Refuse what would leave the case to nobody, or to somebody who is not of the service then."""
    person = entry.fields.get("person", "")
    if event in ("create", "grant") and not everybody.key_then(_code(person), entry.time):
        raise ArpcError(f"{person} is not enrolled at that time")
    others = found.holders - {person}
    if event == "revoke" and not any(everybody.key_then(code, entry.time) for code in others):
        hint = "let somebody else hold it first"
        raise ArpcError("nobody would hold this case any more", hint)


def _created(found: CaseAccess, entry: Entry) -> CaseAccess:
    return _granted(_rotated(found, entry), entry)


def _granted(found: CaseAccess, entry: Entry) -> CaseAccess:
    person = _code(entry.fields["person"])
    if person in found.holders:
        raise ArpcError(f"{person} holds this case already")
    return found._replace(holders=found.holders | {person})


def _revoked(found: CaseAccess, entry: Entry) -> CaseAccess:
    person = _code(entry.fields["person"])
    if person not in found.holders:
        raise ArpcError(f"{person} does not hold this case")
    return found._replace(holders=found.holders - {person})


def _rotated(found: CaseAccess, entry: Entry) -> CaseAccess:
    generation, key_id = entry.fields["generation"], entry.fields["key-id"]
    if generation != str(len(found.generations) + 1):
        raise ArpcError("the generations of a case's key grow by one")
    if not _KEY_ID.match(key_id) or key_id in found.generations.values():
        raise ArpcError("that is no id of a new key")
    return found._replace(generations={**found.generations, int(generation): key_id})


def _ordered(found: CaseAccess, entry: Entry) -> CaseAccess:
    if found.shred:
        raise ArpcError("it is ordered already that this case be erased")
    return found._replace(shred=entry)


def _agreed(found: CaseAccess, entry: Entry) -> CaseAccess:
    if not found.shred:
        raise ArpcError("nobody has ordered that this case be erased")
    if found.shred.by == entry.by:
        raise ArpcError("the one who ordered it cannot agree to it", "a second person has to agree")
    return found._replace(agreed=entry)


def _received(found: CaseAccess, entry: Entry) -> CaseAccess:
    person, device = entry.fields["person"], entry.fields["device"]
    if person != entry.by:
        raise ArpcError("a receipt is given for oneself")
    return found._replace(receipts=(*found.receipts, Receipt(person, device, entry.time)))


_PEOPLE_STEPS: Mapping[str, Callable[[People, Entry], People]] = {
    "enrol": _enrolled,
    "renew": _renewed,
    "leave": _gone,
    "recovery": _recoverable,
}
_CASE_STEPS: Mapping[str, Callable[[CaseAccess, Entry], CaseAccess]] = {
    "create": _created,
    "grant": _granted,
    "revoke": _revoked,
    "rotate": _rotated,
    "shred": _ordered,
    "shred-agreed": _agreed,
    "receipt": _received,
}
