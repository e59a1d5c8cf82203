"""A sealed service: who its people are, who may open which case, and the keys given, taken and put away.

What the signed record in `access/` says counts; the key store follows it. A command that is broken off between
the two is put right by saying it again.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

from arpc import gitrepo, plainfiles
from arpc.errors import ArpcError
from arpc.sealing import access, form, here, is_sealed, store, wiring
from arpc.sealing.access import CaseAccess, People, Signing
from arpc.sealing.identities import Identity, fingerprint
from arpc.sealing.ring import Ring
from arpc.sealing.store import RECOVERY, Store

_SAID_IN_PASSING = ("COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "rr-cache")
_PLAIN_BESIDE = (".arpc.undo",)


class Seat(NamedTuple):
    """A clone of a sealed service, the keys that are unlocked in it, and the store that has them all."""

    root: Path
    git: Path
    """Where the clone's git keeps what all its work trees share."""
    ring: Ring
    store: Store

    @property
    def pinned(self) -> str:
        """The fingerprint of the key that the people go back to.

        Raises:
            ArpcError: This clone was not trusted yet.
        """
        if found := here.pinned(self.git):
            return found
        hint = "`arpc access trust` shows its fingerprint; compare it by voice or on paper"
        raise ArpcError("nobody on this computer has said that this service can be trusted", hint)

    def people(self) -> People:
        """Everybody of the service, by the signed record.

        Raises:
            ArpcError: It cannot be believed.
        """
        return access.people(self.root, self.pinned)

    def access_to(self, case: str) -> CaseAccess:
        """Who may open a case, by the signed record.

        Raises:
            ArpcError: It cannot be believed.
        """
        return access.case_access(self.root, case, self.people())


class Unlocked(NamedTuple):
    """What came of unlocking."""

    opened: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    """Cases that stay locked though there is a key for them, each with the reason."""
    alone: tuple[str, ...]
    """Cases that fewer than two people can open."""


def is_kept_sealed(root: Path) -> bool:
    """Whether a service folder is a clone of a sealed service."""
    git = here.git_folder(root)
    return git is not None and here.is_sealed(root, git)


def seat(
    root: Path, keys: str, around: Mapping[str, str], now: float, *, needs_store: bool = True
) -> Seat:
    """The clone in which we stand.

    Args:
        root: The service folder.
        keys: Where the key store is, as `service.yaml` says; `ARPC_STORE` stands before it.
        around: The environment.
        now: Seconds since 1970.
        needs_store: Whether it matters that something says where the store is.

    Raises:
        ArpcError: The service is not sealed, or nothing says where its keys are.
    """
    git = here.git_folder(root)
    if git is None or not here.is_sealed(root, git):
        raise ArpcError("this service is not sealed", "`arpc init` makes one that is")
    place = around.get("ARPC_STORE") or keys
    if not place and needs_store:
        hint = "write it into service.yaml under `sealing`, `store: FOLDER`, or set ARPC_STORE"
        raise ArpcError("nothing says where the key store is", hint)
    here.name(git)
    folder = here.ring_folder(git, around)
    assert folder is not None
    return Seat(root, git, Ring(folder, now), Store(Path(place).expanduser()))


def ready(root: Path, keys: Path) -> None:
    """See to it that a sealed service can be made, before anything of it is.

    Raises:
        ArpcError: The key store would lie in the service's folder or in git, or cannot be made.
    """
    if plainfiles.led_to(keys).is_relative_to(plainfiles.led_to(root)):
        hint = "git would keep what is deleted; an office share is a good place"
        raise ArpcError("the key store has to lie outside the service's folder", hint)
    Store(keys).start()


def start(root: Path, keys: Path, signing: Signing) -> str:
    """Make a service folder a sealed one; return the fingerprint that everybody compares once.

    Raises:
        ArpcError: The key store lies in git or cannot be made, or there are cases already.
    """
    git = here.git_folder(root)
    if git is None:
        raise ArpcError("a sealed service is kept by git", "install git, or say `--not-sealed`")
    ready(root, keys)
    pinned = access.begin(root, signing)
    here.pin(git, pinned)
    wire(root, git)
    return pinned


def wire(root: Path, git: Path) -> None:
    """Let a clone seal: its settings, its attributes, its hooks.

    Raises:
        ArpcError: There are hooks of somebody else's.
    """
    here.name(git)
    wiring.lay_attributes(git)
    wiring.lay_hooks(git / "hooks")
    gitrepo.tell(root, wiring.settings())


def install(template: Path, home: Path) -> bool:
    """Let every clone that this user makes on this computer seal; return whether it was so already.

    Args:
        template: Where the template for new clones lies, if git has none yet.
        home: Any folder outside a repository.

    Raises:
        ArpcError: Git has a template with hooks of somebody else's.
    """
    own = gitrepo.told(home, "init.templateDir")
    folder = Path(own).expanduser() if own else template
    wanted = {**wiring.for_every_clone(), "init.templateDir": str(folder)}
    was = own and all(gitrepo.told(home, key) == value for key, value in wanted.items())
    wiring.lay_template(folder)
    gitrepo.tell(home, wanted, everywhere=True)
    return bool(was)


def first_fingerprint(root: Path) -> str:
    """The fingerprint of the key that a service's people go back to, by its own word alone.

    Raises:
        ArpcError: The folder has no people.
    """
    path = root / access.FOLDER / access.PEOPLE / "0001.txt"
    try:
        lines = dict(
            line.partition(": ")[::2]
            for line in plainfiles.read_whole(path).decode("utf-8").splitlines()
        )
        return fingerprint(lines["key"])
    except (OSError, ValueError, KeyError, IndexError):
        hint = "a service that is not sealed has none, and nothing in it is signed"
        raise ArpcError("this folder says nothing of who its people are", hint) from None


def people_of(root: Path) -> tuple[People, bool]:
    """Everybody of a service, and whether somebody on this computer has said that it can be trusted.

    In a copy without git nobody has: then the people are those whom it says itself.

    Raises:
        ArpcError: The folder has no people, or their record cannot be believed.
    """
    git = here.git_folder(root)
    pinned = here.pinned(git) if git else ""
    return access.people(root, pinned or first_fingerprint(root)), bool(pinned)


def trust(root: Path, git: Path, said: str) -> None:
    """Take a service for what somebody said it is, by the fingerprint they gave.

    Raises:
        ArpcError: It is another, or its people's record cannot be believed.
    """
    access.people(root, said)
    here.pin(git, said)
    wire(root, git)


def create(at: Seat, case: str, signing: Signing) -> None:
    """Make the key of a new case, for whoever starts it and for recovery.

    Raises:
        ArpcError: The record or the store cannot be written.
    """
    people = at.people()
    secret = secrets.token_bytes(form.SECRET_BYTES)
    at.store.cases()  # before anything is written, so that a store out of reach leaves nothing behind
    at.ring.put(case, {1: secret})
    try:
        access.create(at.root, case, people, signing, form.key_id(secret), signing.by)
    except ArpcError:
        at.ring.forget([case])
        raise
    settle(at, at.access_to(case), people)
    at.store.note_opened(case, signing.by, here.name(at.git))


def grant(at: Seat, case: str, person: str, signing: Signing) -> None:
    """Let a person open a case: all of it, as far as whoever gives the key can.

    Said again of somebody who may open it already, it gives them their keys anew.

    Raises:
        ArpcError: The case is locked here, or the record would be broken.
    """
    people = at.people()
    _held(at, case)
    if person not in people.current:
        hint = f"first, by a root person: `arpc access enrol {person} KEY.pub`"
        raise ArpcError(f"{person} is not enrolled in this service", hint)
    if person in at.access_to(case).holders:
        if person in at.store.people(case):
            at.store.remove(case, person)
        settle(at, at.access_to(case), people)
        return
    access.grant(at.root, case, people, signing, person)
    settle(at, at.access_to(case), people)


def revoke(at: Seat, case: str, person: str, signing: Signing) -> None:
    """Take a person off a case, and go on under a new key that they never had.

    Raises:
        ArpcError: The case is locked here, they are the last one, they say it of themselves, or the record
            would be broken; then nothing was written.
    """
    if person == signing.by:
        hint = "somebody else who holds the case says it: whoever makes the new key knows it"
        raise ArpcError("nobody takes themselves off a case", hint)
    people = at.people()
    keys = _held(at, case)
    found = at.access_to(case)
    if found.holders == {person}:
        hint = "`arpc access grant` somebody else first"
        raise ArpcError(f"nobody else could open {case} any more", hint)
    if person not in found.holders and not _is_or_was_let_in(found, person):
        hint = f"`arpc access list {case}` shows who may open it"
        raise ArpcError(f"{person} never could open {case}", hint)
    at.store.cases()
    if person in found.holders:
        access.revoke(at.root, case, people, signing, person)
    if not _is_rotated_since(at.access_to(case), person):
        secret = secrets.token_bytes(form.SECRET_BYTES)
        newest = max(found.generations) + 1
        at.ring.put(case, {**keys, newest: secret})
        access.rotate(at.root, case, people, signing, newest, form.key_id(secret))
    if person in at.store.people(case):
        at.store.remove(case, person)
    settle(at, at.access_to(case), people)


def wrap_anew(at: Seat, person: str) -> list[str]:
    """Take what is wrapped to a person's old key out of the store; return the cases of which it stays.

    What is unlocked here is wrapped to the new key at once. It stays where nobody else could open the case.

    Raises:
        ArpcError: The store cannot be reached, or the people's record cannot be believed.
    """
    people = at.people()
    stays = []
    for case in at.store.cases():
        able = at.store.people(case)
        if person not in able:
            continue
        if not at.ring.keys(case) and able == {person}:
            stays.append(case)
            continue
        at.store.remove(case, person)
        if at.ring.keys(case):
            settle(at, access.case_access(at.root, case, people), people)
    return stays


def settle(at: Seat, found: CaseAccess, people: People) -> None:
    """See to it that the store has what the record of an unlocked case says.

    Everybody who may open the case gets each key that is unlocked here. Nothing is taken away: others may
    have let somebody in, of which this clone knows nothing yet.

    Raises:
        StoreError: The store cannot be reached.
    """
    current = people.current
    wanted = {code: current[code].key for code in found.holders if code in current}
    if people.recovery:
        wanted[RECOVERY] = people.recovery
    for code, key in wanted.items():
        had = {(each.generation, each.prefix) for each in at.store.wrapped(found.case, code)}
        for each in at.ring.keys(found.case):
            if (each.generation, each.id[:8]) not in had and found.generations.get(
                each.generation
            ) == each.id:
                raw = store.wrap(each.secret, found.case, each.generation, [key])
                at.store.put(found.case, each.generation, each.id, code, raw)


def begin_store(at: Seat, folder: Path) -> list[str]:
    """Begin another key store, with the keys of each case that is unlocked here; return those cases.

    Raises:
        ArpcError: It lies in git, or cannot be written to.
    """
    ready(at.root, folder)
    there = at._replace(store=Store(folder))
    people = at.people()
    cases = unlocked_cases(at)
    for case in cases:
        settle(there, there.access_to(case), people)
    return cases


def unlock(
    at: Seat,
    cases: Iterable[str],
    who: str,
    opener: "Opener",
    until: int | None = None,
) -> Unlocked:
    """Open cases for this session, and lay their files out to be read.

    Args:
        at: The clone.
        cases: Which; none is all that the person may open.
        who: The person's code, or `RECOVERY`.
        opener: Opens what is wrapped to them.
        until: When the keys run out, in seconds since 1970.

    Raises:
        ArpcError: The store cannot be reached, or the people's record cannot be believed.
    """
    people = at.people()
    stored = at.store.cases()
    asked = [*cases]
    wanted = asked or [case for case in stored if who in at.store.people(case)]
    opened, refused, alone = [], [], []
    for case in wanted:
        try:
            found = access.case_access(at.root, case, people)
            at.ring.put(case, _keys(at, found, who, opener), until)
        except ArpcError as error:
            if asked or (at.root / access.FOLDER / case).is_dir():
                refused.append((case, f"{error}; {error.hint}" if error.hint else str(error)))
            continue
        opened.append(case)
        with suppress(store.StoreError):  # a store that one may read only
            at.store.note_opened(case, who, here.name(at.git))
            settle(at, found, people)
        alone += [case] if len(found.holders & people.current.keys()) < 2 else []
    lay_out(at, opened)
    return Unlocked(tuple(opened), tuple(refused), tuple(alone))


Opener = Callable[[bytes, str, int, str], bytes]
"""Opens a wrapped key of a case, a generation and a key id."""


def opener_of(identity: Identity) -> Opener:
    """Opens what is wrapped to a person."""
    return lambda raw, case, number, key_id: store.unwrap(raw, identity, case, number, key_id)


def recovery_opener(private: str) -> Opener:
    """Opens what is wrapped for recovery, by the text of the file that `age-keygen` wrote."""
    return lambda raw, case, number, key_id: store.recover(raw, private, case, number, key_id)


def lock(at: Seat, cases: Iterable[str]) -> list[str]:
    """Put the keys of cases away and lay their files out locked; return what stays plain beside them.

    Raises:
        ArpcError: Something in them is not saved: it would be lost.
    """
    wanted = [*cases]
    folders = [f"cases/{case}" for case in wanted]
    if folders and (unsaved := gitrepo.changed(at.root, *folders)):
        hint = "`arpc save` keeps it; nothing was locked"
        more = f" and {len(unsaved) - 1} more" if len(unsaved) > 1 else ""
        raise ArpcError(f"not saved yet: {unsaved[0].path}{more}", hint)
    at.ring.forget(wanted)
    if folders:
        gitrepo.lay_out(at.root, gitrepo.known_files(at.root, *folders))
    for name in _SAID_IN_PASSING:
        rmtree(at.git / name, ignore_errors=True)
        with suppress(OSError):
            (at.git / name).unlink()
    for folder in folders:
        for name in _PLAIN_BESIDE:
            (at.root / folder / name).unlink(missing_ok=True)
    return [path for folder in folders for path in _plain_in(at.root, folder)]


def lay_out(at: Seat, cases: Iterable[str]) -> None:
    """Lay the files out to be read that are locked in the work tree; what somebody wrote stays."""
    folders = [f"cases/{case}" for case in cases]
    if not folders:
        return
    known = gitrepo.known_files(at.root, *folders)
    gitrepo.lay_out(at.root, [path for path in known if _is_locked_or_gone(at.root / path)])


def seal_anew(at: Seat, case: str) -> None:
    """Let git keep what a case is now under its newest key; its history stays under the older ones."""
    gitrepo.take_in_anew(at.root, f"cases/{case}")


def is_held(root: Path, case: str, around: Mapping[str, str], now: float) -> bool:
    """Whether a case's keys are at hand in a clone; see `seat`."""
    git = here.git_folder(root)
    folder = here.ring_folder(git, around) if git else None
    return bool(Ring(folder, now).keys(case))


def unlocked_cases(at: Seat) -> list[str]:
    """The cases whose keys are at hand now."""
    return [case for case in at.ring.cases() if at.ring.keys(case)]


def _keys(at: Seat, found: CaseAccess, who: str, opener: Opener) -> dict[int, bytes]:
    """The keys of a case that a person has in the store, each the one that the record names."""
    if found.agreed:
        hint = f"`arpc shred {found.case}` clears this computer of it, and answers"
        raise ArpcError("its keys were destroyed, at the end of its retention", hint)
    if who != RECOVERY and who not in found.holders:
        hint = "somebody who works on it can let you: `arpc access grant`"
        raise ArpcError("you are not among those who may open it", hint)
    access.check_against_store(found, at.store.generations(found.case))
    keys = {}
    for wrapped in at.store.wrapped(found.case, who):
        key_id = found.generations.get(wrapped.generation, "")
        if key_id.startswith(wrapped.prefix):
            keys[wrapped.generation] = opener(wrapped.raw, found.case, wrapped.generation, key_id)
    if max(found.generations) not in keys:
        hint = "when a colleague who works on it unlocks it, yours is put there"
        raise ArpcError("the key store has no key of it for you yet", hint)
    return keys


def _held(at: Seat, case: str) -> dict[int, bytes]:
    keys = {key.generation: key.secret for key in at.ring.keys(case)}
    if not keys:
        raise ArpcError(f"{case} is locked here", f"`arpc unlock {case}` first")
    return keys


def _is_or_was_let_in(found: CaseAccess, person: str) -> bool:
    return any(e.fields.get("person") == person for e in found.events)


def _is_rotated_since(found: CaseAccess, person: str) -> bool:
    """Whether a new key came after a person was taken off last."""
    last = [e.number for e in found.events if e.fields.get("person") == person][-1:]
    return any(e.fields.get("event") == "rotate" and e.number > last[0] for e in found.events)


def _is_locked_or_gone(path: Path) -> bool:
    try:
        return is_sealed(plainfiles.read(path, 16))
    except OSError:
        return not path.exists()


def _plain_in(root: Path, folder: str) -> Iterator[str]:
    """The files in a locked case that are plain all the same, since git does not keep them."""
    for path in sorted((root / folder).rglob("*")):
        if path.name == ".arpc.lock" or not path.is_file() or not path.stat().st_size:
            continue
        if not _is_locked_or_gone(path):
            yield path.relative_to(root).as_posix()
