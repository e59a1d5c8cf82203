"""What is checked of a sealed service: where its keys are, and what is open."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from arpc import disk, plainfiles
from arpc.doctoring.words import Place, State, Told, named
from arpc.sealing import here
from arpc.sealing.ring import Ring
from arpc.sealing.store import Store


def unlocked(at: Place) -> Iterator[Told]:
    """Which cases are open on this computer, and since when.

    Whoever sits down at it can read them.
    """
    if at.git is None or not at.is_sealed:
        return
    folder = here.ring_folder(at.git, at.around)
    ring = Ring(folder, at.now.timestamp())
    cases = [case for case in ring.cases() if ring.keys(case)]
    if not cases or folder is None:
        yield Told(State.OK, "no case is open on this computer")
        return
    since = min((folder / case).stat().st_mtime for case in cases)
    many = f"{len(cases)} cases are" if len(cases) > 1 else "1 case is"
    text = f"{many} open since {datetime.fromtimestamp(since, at.now.tzinfo):%Y-%m-%d %H:%M}: {named(cases)}"
    yield Told(State.NOTE, text, "`arpc lock` when you leave")
    if folder.is_relative_to(at.git) and sys.platform == "linux":
        text = "this computer offers no place in memory: the keys of open cases lie on the disk"
        yield Told(State.WARNING, text, "`arpc lock` before it is switched off")


def key_store(at: Place) -> Iterator[Told]:
    """Whether the key store can be reached, lies where it may, and how long its backups live."""
    if not at.is_sealed:
        return
    if at.store is None:
        hint = "write it into service.yaml under `sealing`, `store: FOLDER`, or set ARPC_STORE"
        yield Told(State.PROBLEM, "nothing says where the key store is", hint)
        return
    if not Store(at.store).is_reachable():
        hint = "connect the share; until then nothing can be unlocked, and no case begun"
        yield Told(State.WARNING, f"the key store cannot be reached: {at.store}", hint)
        return
    fine = True
    if _is_in_git(at.store):
        fine = False
        hint = "move it out, and let `arpc access store` begin another: git keeps what is deleted"
        yield Told(State.PROBLEM, "the key store lies in git", hint)
    if sys.platform != "win32" and at.store.stat().st_mode & 0o002:
        fine = False
        found = "everybody on this computer can delete keys from the key store"
        yield Told(State.PROBLEM, found, f"chmod o-w {at.store}")
    if at.service.sealing.backup_days is None:
        fine = False
        hint = "`backup_days: 35`, or as it is, in service.yaml under `sealing`"
        found = "nobody has said how long backups of the key store live, so that no end is complete"
        yield Told(State.WARNING, found, hint)
    if left := sorted(p.name for p in at.store.glob("*/.*") if disk.LEFT_OVER.fullmatch(p.name)):
        fine = False
        hint = "delete them there; `arpc access grant` said again gives a key anew"
        yield Told(State.WARNING, f"a writer was stopped in the key store: {named(left)}", hint)
    if fine:
        yield Told(State.OK, f"the key store is at hand: {at.store}")


def trusted(at: Place) -> Iterator[Told]:
    """Whether somebody at this computer has said whose service this is."""
    if at.git is None or not at.is_sealed:
        return
    if here.pinned(at.git):
        yield Told(State.OK, "whose service this is was said on this computer")
    else:
        hint = "compare the fingerprint with a colleague, then `arpc access trust FINGERPRINT`"
        yield Told(State.WARNING, "nobody on this computer has said whose service this is", hint)


def _is_in_git(folder: Path) -> bool:
    whole = plainfiles.led_to(folder)
    return any((each / ".git").exists() for each in (whole, *whole.parents))
