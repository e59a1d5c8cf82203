"""Look for bytes that a target cannot take: `python -m tests.fuzz.run TARGET [--runs N] [--seconds S]`.

Needs `pip install atheris`, which there is for Linux alone. What it finds new ways with goes to a folder
outside the tree; `--keep` brings into the kept corpus the smallest of them that come to every line.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import atheris  # type: ignore[import-not-found]

HERE = Path(__file__).parent
LONGEST = {"reader": 4000, "report": 300, "sealed": 4000}
"""Bytes: of the words of a report each costs as much as the last, and more of them are no other way through."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("target", choices=("reader", "report", "sealed"))
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=0, help="at the most; 0 is without end")
    parser.add_argument("--longest", type=int, default=0, help="bytes of what is tried")
    parser.add_argument("--work", type=Path, default=Path("/tmp/arpc-fuzz"))
    parser.add_argument("--keep", action="store_true", help="put what is found into the corpus")
    given = parser.parse_args()
    with atheris.instrument_imports(include=["arpc"]):
        from tests.fuzz import targets
    kept, found = HERE / "corpus" / given.target, given.work / given.target
    found.mkdir(parents=True, exist_ok=True)
    kept.mkdir(parents=True, exist_ok=True)
    if given.keep:
        keep([*kept.iterdir(), *found.iterdir()], kept, targets.TARGETS[given.target])
        return
    longest = given.longest or LONGEST[given.target]
    words = [f"-artifact_prefix={found}-", f"-max_len={longest}", "-timeout=10"]
    words += [f"-runs={given.runs}", f"-max_total_time={given.seconds}", "-print_final_stats=1"]
    words += ["-rss_limit_mb=2000", str(found), str(kept)]
    atheris.Setup([sys.argv[0], *words], targets.TARGETS[given.target])
    atheris.Fuzz()


def keep(found: list[Path], kept: Path, target: Callable[[bytes], None]) -> None:
    """Keep what goes to a line of ours that nothing smaller goes to."""
    known: set[tuple[str, int]] = set()
    texts = sorted({path.read_bytes() for path in found}, key=lambda raw: (len(raw), raw))
    for path in kept.iterdir():
        path.unlink()
    for raw in texts:
        if (lines := lines_of(raw, target)) - known:
            known |= lines
            (kept / hashlib.sha256(raw).hexdigest()[:12]).write_bytes(raw)


def lines_of(raw: bytes, target: Callable[[bytes], None]) -> set[tuple[str, int]]:
    """Every line of our modules that a target comes to."""
    lines: set[tuple[str, int]] = set()

    def step(frame: FrameType, event: str, _: object) -> Any:
        if "/arpc/" not in frame.f_code.co_filename:
            return None
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return step

    sys.settrace(step)
    try:
        target(raw)
    finally:
        sys.settrace(None)
    return lines


if __name__ == "__main__":
    main()
