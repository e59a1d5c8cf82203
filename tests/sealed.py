"""A repository that seals, with keys given by the test; and what is looked for where nothing plain may lie."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from arpc import gitrepo, loading, placing, practising, sealed, service
from arpc.sealing import access, here, identities, wiring
from arpc.sealing.access import Signing
from arpc.sealing.identities import Identity
from arpc.sealing.ring import Ring
from arpc.verifying import Bench
from tests.conftest import ENGLAND, SCOTLAND, Ran, Run

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
    with (kept / "config").open("a", encoding="utf-8") as told:
        for key, value in wiring.settings().items():
            section, _, name = key.rpartition(".")
            about = ' "'.join(section.split(".")) + '"' * ("." in section)
            told.write(f"[{about}]\n\t{name} = {_quoted(value)}\n")
    return unlock(folder, secrets)


def _quoted(value: str) -> str:
    """A value as git's own files hold it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def put(folder: Path, path: str, raw: bytes, mode: str = "100644") -> None:
    """Stage bytes as they are, as a program does that knows nothing of filters."""
    blob = folder.parent / "blob"
    blob.write_bytes(raw)
    made = git(folder, "hash-object", "-w", "--no-filters", str(blob)).strip()
    git(folder, "update-index", "--add", "--cacheinfo", f"{mode},{made},{path}")


def folders_without_end(clone: Path) -> str:
    """A folder of ten that are alike, of which each holds ten that are alike, ten times: a few kilobytes."""
    inner = git(clone, "hash-object", "-w", "--stdin", said="x").strip()
    files = "".join(f"100644 blob {inner}\tx{n}\n" for n in range(1000))
    made = git(clone, "mktree", said=files).strip()
    for _ in range(10):
        entries = "".join(f"040000 tree {made}\td{n}\n" for n in range(10))
        made = git(clone, "mktree", said=entries).strip()
    return made


def commit_by_hand(clone: Path, mode: str, made: str, path: str) -> None:
    """Commit whatever git can hold, and nothing else, past every hook and filter."""
    kind = {"040000": "tree", "160000": "commit"}.get(mode, "blob")
    for name in reversed(Path(path).parts):
        made = git(clone, "mktree", said=f"{mode} {kind} {made}\t{name}\n").strip()
        mode, kind = "040000", "tree"
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    commit = git(clone, *who, "commit-tree", made, "-p", "HEAD", "-m", "x").strip()
    git(clone, "update-ref", "HEAD", commit)


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
    (folder / ".gitignore").write_text("".join(f"{line}\n" for line in placing.IGNORED), "utf-8")
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


NAMES = ("Pryce", "Owen", "Mali", "Sian", "Tomos", "Gwyn Council", "stays with his mother")
"""What was written in the case, and may be read by nobody who does not work on it."""


def names_in(raw: bytes) -> list[str]:
    """Which of the names stand in bytes, by themselves: some letters of sealed text may happen to be one."""
    alone = rb"(?<![A-Za-z0-9+/])%b(?![A-Za-z0-9+/])"
    return [name for name in NAMES if re.search(alone % re.escape(name).encode(), raw)]


STAFF = (
    "LK,Leila Kassar,Practitioner,lk@example.org",
    "TB,Tom Birkett,Practitioner,tb@example.org",
    "JM,Judith Mensah,Team manager,jm@example.org",
    *(f"{code},Somebody New,Practitioner" for code in ("SK", "AB", "CD", "EF")),
)
"""Who works there; the last four are enrolled where a test does it."""


class Office(NamedTuple):
    """A service, its server, its key store, and a clone for each of its people."""

    folder: Path
    run: Run
    monkeypatch: pytest.MonkeyPatch

    @property
    def server(self) -> Path:
        return self.folder / "server.git"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    def clone(self, who: str) -> Path:
        return self.folder / who

    def sit_down(self, who: str) -> None:
        """Be at somebody's computer, in their clone."""
        self.monkeypatch.chdir(self.clone(who))
        self.monkeypatch.setenv("ARPC_STAFF", who)
        self.monkeypatch.setenv("ARPC_KEY", str(key(self.folder, who)))
        self.monkeypatch.setenv("ARPC_RING", str(self.folder / f"ring-{who}"))

    def git(self, who: str, *words: str, fine: int = 0) -> str:
        """Use git itself, as somebody may."""
        self.sit_down(who)
        return git(self.clone(who), *words, fine=(fine,))

    def type(self, who: str, *words: str, fine: int = 0) -> Ran:
        """Give a command as somebody types it."""
        self.sit_down(who)
        ran = self.run(*words)
        assert ran.code == fine, ran
        return ran

    def join(self, who: str) -> Path:
        """Clone the service, as somebody does on their first day."""
        clone = self.clone(who)
        git(self.folder, "clone", "-q", str(self.server), str(clone))
        self.sit_down(who)
        git(clone, "config", "user.name", who)
        git(clone, "config", "user.email", f"{who.lower()}@example.org")
        if (clone / "access").is_dir():
            said = self.type(who, "access", "trust", fine=1).out
            fingerprint = re.search(r"SHA256:\S+", said)
            assert fingerprint
            self.type(who, "access", "trust", fingerprint[0])
        return clone

    @property
    def case(self) -> str:
        return next(path.name for path in (self.clone("LK") / "cases").iterdir())

    def shows(self, *places: Path) -> list[str]:
        """Which of the names lie plain in git's stores."""
        kept = b"".join(everything_in_git(place) for place in places)
        return names_in(kept)


def as_begun(
    name: str, who: str, office: Office, begin: Callable[[Office], None] = lambda _: None
) -> Office:
    """An office that is begun once, and laid for each test where its own files say that it lies.

    Args:
        name: What is begun, and the folder beside the tests' own in which it lies.
        who: At whose computer we sit down.
        office: Where this test's own files are, and its commands.
        begin: What they do in the empty folder.
    """
    place, kept = (office.folder.with_name(each) for each in (name, f"{name}-as-begun"))
    if place.exists():
        place.rename(place.with_name(f"{name}-of-{office.folder.name}"))
    made = office._replace(folder=place)
    office.monkeypatch.setenv("ARPC_TODAY", "2026-03-02")
    if kept.exists():
        shutil.copytree(kept, place, symlinks=True)
    else:
        place.mkdir()
        begin(made)
        shutil.copytree(place, kept, symlinks=True)
    made.sit_down(who)
    return made


def begin(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Office:
    """LK has begun a sealed service with one case, and pushed it to a guarded server."""
    return as_begun("sealed-office", "LK", Office(tmp_path, run, monkeypatch), begin_in)


def begin_in(made: Office) -> None:
    """Begin a sealed service in a folder."""
    made.monkeypatch.setenv("ARPC_TODAY", "2026-03-02")
    made.monkeypatch.chdir(made.folder)
    made.monkeypatch.setenv("ARPC_RING", str(made.folder / "ring-LK"))
    words = ("init", "LK", "--name", "Harbour Service", "--nation", "wales")
    words += ("--store", str(made.keys), "--backup-days", "35")
    words += ("--key", str(key(made.folder, "LK")))
    ran = made.run(*words, *(f"--staff={each}" for each in STAFF))
    assert ran.code == 0, ran.err
    git(made.folder, "init", "-q", "--bare", str(made.server))
    made.type("LK", "install", "--server", str(made.server))
    _first_case(made)
    for who in ("TB", "JM"):
        public = key(made.folder, who).with_suffix(".pub")
        made.type("LK", "access", "enrol", who, str(public))
    git(made.clone("LK"), "push", "-q", "-u", "origin", "main")


def begin_plain_in(made: Office) -> None:
    """The same as a service that is kept plain, on a bare repository that nothing guards."""
    made.monkeypatch.chdir(made.folder)
    words = ("init", "LK", "--not-sealed", "--name", "Harbour Service", "--nation", "wales")
    ran = made.run(*words, *(f"--staff={each}" for each in STAFF))
    assert ran.code == 0, ran.err
    git(made.folder, "init", "-q", "--bare", "--initial-branch=main", str(made.server))
    _first_case(made)


def _first_case(made: Office) -> None:
    git(made.clone("LK"), "remote", "add", "origin", str(made.server))
    people = ("--man", "Owen Pryce", "--child", "Mali Pryce", "--carer", "Sian Pryce")
    made.type("LK", "new-case", *people, "--authority", "Gwyn Council")
    made.type("LK", "save")
