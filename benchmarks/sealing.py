"""What sealing costs git: 10,000 files in 500 cases, against plain git and against git-crypt, in one run.

    python benchmarks/sealing.py [--rounds 5] [--files 10000] [--without-git-crypt]

In each round each of the three takes all files in (`git add`) and lays them out (`git checkout`), in turn. Of
all rounds the smallest time counts; git-crypt, which takes minutes, runs once. It exits with 1 unless sealing
is 25 times faster than git-crypt, `add` takes at most 3 times what plain git takes, and `checkout` 4 times.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arpc.sealing import here, wiring
from arpc.sealing.ring import Ring

MEMORY = Path("/dev/shm")  # where there is such a place, so that no disk is measured
CASES = 500
BYTES = 3072  # on average; what a record of the examples has
PLAIN, SEALED, CRYPT = "plain git", "arpc", "git-crypt"
MOST = {"add": 3, "checkout": 4}
FASTER = 25
WORDS = ("he", "said", "that", "she", "goes", "home", "when", "it", "is", "dark", "and", "nobody")


def main() -> int:
    """Measure, print a table, and return 1 where a promise is not kept."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--files", type=int, default=10_000)
    asked.add_argument("--without-git-crypt", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as made:
        place = Path(made)
        os.environ["GIT_CONFIG_GLOBAL"] = str(place / "gitconfig")
        os.environ["ARPC_RING"] = str(place / "ring")
        repositories = {PLAIN: _plain(place / "plain", options.files)}
        repositories[SEALED] = _sealed(place / "sealed", repositories[PLAIN])
        if not options.without_git_crypt:
            repositories[CRYPT] = _crypt(place / "crypt", repositories[PLAIN])
        times: dict[tuple[str, str], float] = {}
        for number in range(options.rounds):
            for name, folder in repositories.items():
                if name == CRYPT and number:
                    continue
                for what, took in (("add", _add(folder)), ("checkout", _checkout(folder))):
                    times[name, what] = min(took, times.get((name, what), took))
        quiet = _status_is_quiet(repositories[SEALED])
    return _told(times, quiet)


def _plain(folder: Path, files: int) -> Path:
    dice = random.Random(7)
    for number in range(files):
        case = folder / "cases" / f"C-{number % CASES:08d}" / "sessions"
        case.mkdir(parents=True, exist_ok=True)
        size = dice.randint(BYTES // 2, BYTES * 3 // 2)
        text = f"session: arpc/1\nid: N-{number:05d}\nnote: |\n"
        while len(text) < size:
            text += "  " + " ".join(dice.choices(WORDS, k=14)) + "\n"
        (case / f"N-{number // CASES:03d}.yaml").write_text(text, "utf-8")
    return _begun(folder)


def _sealed(folder: Path, like: Path) -> Path:
    shutil.copytree(like / "cases", folder / "cases")
    git = _begun(folder) / ".git"
    here.name(git)
    here.pin(git, "SHA256:benchmark")
    wiring.lay_attributes(git)
    for key, value in wiring.settings().items():
        _git(folder, "config", key, value)
    place = here.ring_folder(git, os.environ)
    ring = Ring(place, 0)
    for number, case in enumerate(sorted(path.name for path in (folder / "cases").iterdir())):
        ring.put(case, {1: number.to_bytes(32, "big")})
    return folder


def _crypt(folder: Path, like: Path) -> Path:
    shutil.copytree(like / "cases", folder / "cases")
    _begun(folder)
    subprocess.run(["git-crypt", "init"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    attributes = folder / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("cases/** filter=git-crypt diff=git-crypt\n")
    return folder


def _begun(folder: Path) -> Path:
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "config", "gc.auto", "0")
    return folder


def _add(folder: Path) -> float:
    """Take all files in, as if none had been."""
    (folder / ".git" / "index").unlink(missing_ok=True)
    for kept in (folder / ".git" / "objects").iterdir():
        if len(kept.name) == 2:
            shutil.rmtree(kept)
    return _timed(folder, "add", "--all")


def _checkout(folder: Path) -> float:
    """Lay all files out, as if none lay there."""
    shutil.rmtree(folder / "cases")
    return _timed(folder, "checkout", "--", ".")


def _status_is_quiet(folder: Path) -> bool:
    """Whether a status of a clean tree starts no process of ours."""
    time.sleep(1.1)  # git looks into files that are as young as its index
    _git(folder, "update-index", "--refresh")
    for key in ("process", "clean"):
        _git(folder, "config", f"filter.arpc.{key}", "false")
    done = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _timed(folder: Path, *words: str) -> float:
    begun = time.perf_counter()
    _git(folder, *words)
    return time.perf_counter() - begun


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _told(times: dict[tuple[str, str], float], quiet: bool) -> int:
    """Print the table; return 1 where a promise is not kept."""
    broken = [] if quiet else ["a status of a clean tree starts a process"]
    print(
        f"{'':12}"
        + "".join(f"{each:>14}" for each in ("add s", "x plain", "checkout s", "x plain"))
    )
    for name in dict.fromkeys(name for name, _ in times):
        figures = [
            text
            for what in MOST
            for text in (
                f"{times[name, what]:.2f}",
                f"{times[name, what] / times[PLAIN, what]:.1f}",
            )
        ]
        print(f"{name:12}" + "".join(f"{each:>14}" for each in figures))
    for what, most in MOST.items():
        ratio = times[SEALED, what] / times[PLAIN, what]
        if ratio > most:
            broken.append(f"{what} takes {ratio:.1f} times what plain git takes, more than {most}")
        if (CRYPT, what) in times:
            faster = times[CRYPT, what] / times[SEALED, what]
            print(f"{what}: {faster:.0f} times faster than git-crypt")
            if faster < FASTER:
                broken.append(f"{what} is {faster:.0f} times faster than git-crypt, not {FASTER}")
    for each in broken:
        print(f"not kept: {each}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
