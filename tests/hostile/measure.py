"""What each hostile thing costs each command: `python -m tests.hostile.measure [WORD]...` prints it all.

Only what is named by all of the words is tried. What is refused, quick and silent is one line; what is
not as it should be stands below it.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from arpc import practising
from tests.hostile import commands, inputs, programs
from tests.hostile.commands import FEW, READING, WRITING, Measured

SECONDS = 2.0
MEGABYTES = 200.0
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_FILES = ("json", "sarif", "csv", "ics")


def faults(done: Measured, seconds: float = SECONDS) -> Iterator[str]:
    """Yield what is wrong with how a command took a hostile thing."""
    if done.code == -1:
        yield "hangs"
    elif done.code not in (0, 1, 2):
        yield f"ends with {done.code}"
    if done.seconds > seconds + is_pdf(done):
        yield f"takes {done.seconds:.1f} s"
    if done.megabytes > MEGABYTES and not is_pdf(done):
        yield f"takes {done.megabytes:.0f} MB"
    if "a defect in arpc" in done.err or "Traceback" in done.err + done.out:
        yield f"fails: {done.err.strip().splitlines()[-2:]}"
    if Path(programs.RAN).exists():
        Path(programs.RAN).unlink()
        yield "runs what the folder says"
    if inputs.SECRET in done.err or (done.words[0] == "validate" and inputs.SECRET in done.out):
        yield "quotes a record"
    if found := _CONTROL.search(done.out + done.err):
        yield f"prints U+{ord(found[0]):04X}"


def is_pdf(done: Measured) -> bool:
    """Whether a command makes a PDF, which takes as much of a folder with nothing hostile in it."""
    return done.words[-1].endswith(".pdf")


def folder_with(spoil: inputs.Spoil, top: Path) -> Path:
    """A copy of the examples, spoilt."""
    folder = top / "service"
    shutil.copytree(top.parent / "examples", folder, symlinks=True)
    spoil(folder)
    return folder


def tried(names: Iterable[str], given: Sequence[Sequence[str]]) -> Iterator[tuple[str, Measured]]:
    """Yield what each command did to each hostile thing."""
    everything = inputs.everything()
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        prepare(base)
        for name in names:
            top = base / "one"
            top.mkdir()
            folder = folder_with(everything[name], top)
            yield from ((name, done) for done in commands.measure(folder, given))
            shutil.rmtree(top, ignore_errors=True)


def main(words: list[str]) -> int:
    """Try what is named by all of the words and print what came of it; 1 if anything is not as it should be."""
    given: Sequence[Sequence[str]] = [*READING, *WRITING]
    names = [name for name in inputs.everything() if all(word in name for word in words)]
    seconds = SECONDS
    if words[:1] == ["--few"]:  # for the suite, which may share its computer with others
        given, names, seconds = FEW, words[1:], 4 * SECONDS
    wrong = 0
    for name, group in groupby(tried(names, given), key=lambda pair: pair[0]):
        found = [done for _, done in group]
        told = [f"    {' '.join(d.words)}: {fault}" for d in found for fault in faults(d, seconds)]
        slow = max(found, key=lambda done: done.seconds)
        large = max(found, key=lambda done: 0 if is_pdf(done) else done.megabytes)
        codes = ",".join(sorted({str(done.code) for done in found}))
        print(
            f"{name}: exit {codes}; at most {slow.seconds:.2f} s ({slow.words[0]}),"
            f" {large.megabytes:.0f} MB ({large.words[0]})",
            *told,
            sep="\n",
            flush=True,
        )
        wrong += len(told)
    print(f"{len(names)} tried; {wrong} not as they should be")
    return min(wrong, 1)


def prepare(base: Path) -> None:
    """The examples to be copied, in git, and the environment in which commands are given."""
    os.environ.update(
        ARPC_STAFF="LK",
        EDITOR="true",
        HOME=str(base),
        GIT_CONFIG_GLOBAL=str(base / "gitconfig"),
        GIT_CONFIG_NOSYSTEM="1",
        ARPC_RING=str(base / "ring"),
    )
    practising.copy(base / "examples")
    (base / "examples" / "letter.pdf").write_bytes(b"%PDF-1.4\n")
    (base / "examples" / "letter.yaml").write_text("reason: |\n  They plan to live together.\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
