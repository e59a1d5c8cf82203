"""A repository that seals, with keys given by the test; and what is looked for where nothing plain may lie."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from arpc import gitrepo, loading, practising, sealed, service
from arpc.sealing import access, here, identities, wiring
from arpc.sealing.access import Signing
from arpc.sealing.identities import Identity
from arpc.sealing.ring import Ring
from arpc.verifying import Bench
from tests.conftest import ENGLAND, SCOTLAND

SECRET = bytes(range(32))
OTHER_SECRET = bytes(range(1, 33))


def git(folder: Path, *arguments: str, fine: Iterable[int] = (0,), said: str = "") -> str:
    """What git prints, on either stream, where somebody types it."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=said, capture_output=True, text=True, check=False
    )
    assert done.returncode in fine, f"git {arguments}: {done.returncode} {done.stderr}"
    return done.stdout + done.stderr


def wire(folder: Path, secrets: Mapping[str, Mapping[int, bytes]]) -> Ring:
    """Make a folder a repository that seals; `secrets` are unlocked, by case and generation."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
        git(folder, "config", "user.name", "Leila Kassar")
        git(folder, "config", "user.email", "leila.kassar@example.org")
    kept = folder / ".git"
    here.name(kept)
    here.pin(kept, "SHA256:test")
    wiring.lay_attributes(kept)
    wiring.lay_hooks(kept / "hooks")
    for key, value in wiring.settings().items():
        git(folder, "config", key, value)
    return unlock(folder, secrets)


def unlock(folder: Path, secrets: Mapping[str, Mapping[int, bytes]]) -> Ring:
    """Put keys into the ring of a clone."""
    place = here.ring_folder(folder / ".git", os.environ)
    assert place is not None
    ring = Ring(place, 0)
    for case, generations in secrets.items():
        ring.put(case, generations)
    return ring


def everything_in_git(folder: Path) -> bytes:
    """All that git keeps of a clone or a bare repository: every object, and every other file."""
    kept = folder / ".git" if (folder / ".git").is_dir() else folder
    objects = subprocess.run(
        ["git", "cat-file", "--batch", "--batch-all-objects", "--unordered"],
        cwd=folder,
        capture_output=True,
        check=True,
    ).stdout
    files = (p.read_bytes() for p in sorted(kept.rglob("*")) if p.is_file())
    return objects + b"".join(files)


BEGUN = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When the sealed practice folder was begun: before its today."""


def key(home: Path, code: str, passphrase: str = "") -> Path:
    """A person's ssh key, made where it would lie; LK's is also the one that is found without a name."""
    path = home / ".ssh" / (f"{code.lower()}_ed25519" if code != "LK" else "id_ed25519")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = ["ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", passphrase, "-C", code]
        subprocess.run([*made, "-f", str(path)], check=True, stdin=subprocess.DEVNULL)
    return path


def identity(home: Path, code: str) -> Identity:
    """A person's key, opened."""
    return identities.load(key(home, code), lambda: "")


def signing(home: Path, code: str, at: datetime = BEGUN) -> Signing:
    """Somebody who signs."""
    return Signing(code, at, identity(home, code))


def seat(folder: Path) -> sealed.Seat:
    """A clone as a command sees it."""
    found = service.open_service(folder).service
    return sealed.seat(folder, found.sealing.store, os.environ, 0)


def bench(at: sealed.Seat, case: str = ENGLAND) -> Bench:
    """A case as it is now, to sign in it."""
    folder = at.root / "cases" / case
    loaded = loading.load(folder, f"cases/{case}")
    found = service.open_service(at.root).service
    return Bench(folder, loaded, at.people(), found, at.root)


SIGN_AS = {"LK": "practitioner", "TB": "practitioner", "JM": "manager"}


def practice(folder: Path, home: Path) -> Path:
    """The practice folder as a sealed service: LK is its root, holds both cases, and has them open.

    TB and JM are enrolled; its keys lie in `keys` beside it. LK and TB sign as practitioners, JM as manager.
    """
    store = folder.with_name("keys")
    practising.copy(folder)
    text = (folder / "service.yaml").read_text("utf-8")
    for code, post in SIGN_AS.items():
        text = text.replace(f"- code: {code}\n", f"- code: {code}\n    signs_as: {post}\n")
    (folder / "service.yaml").write_text(
        f"{text}\nsealing:\n  store: {store}\n  backup_days: 35\n", "utf-8"
    )
    (folder / ".gitignore").write_text("out/\n.arpc.lock\n.arpc.undo\n", "utf-8")
    gitrepo.start(folder)
    by = signing(home, "LK")
    pinned = sealed.start(folder, store, by)
    for code in ("TB", "JM"):
        public = key(home, code).with_suffix(".pub").read_text("utf-8")
        access.enrol(folder, pinned, by, code, public)
    for case in (ENGLAND, SCOTLAND):
        sealed.create(seat(folder), case, by)
    paths = [each.path for each in gitrepo.changed(folder)]
    gitrepo.commit(folder, paths, "service: begun", ("Leila Kassar", "lk@example.org"), BEGUN)
    git(folder, "config", "user.name", "Leila Kassar")
    git(folder, "config", "user.email", "leila.kassar@example.org")
    return folder
