"""A repository that seals, with keys given by the test; and what is looked for where nothing plain may lie."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from arpc.sealing import here, wiring
from arpc.sealing.ring import Ring

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
    wiring.pin(kept, "SHA256:test")
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
