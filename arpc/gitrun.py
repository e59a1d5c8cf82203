"""The one way to git: what it is told whatever it is asked, with how much memory and for how long.

What a folder says of git is not heeded: it is told to leave hooks, pagers and watchers alone. What runs here
leaves no lock behind, and is tried again where an editor is in its way.
"""

import errno
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from arpc import bounds, gitfaults, gitfiles, gitobjects
from arpc.errors import ArpcError
from arpc.sealing import here, wiring

# No program of a folder's own is run, nor one for which the name of another repository stands.
_NEVER = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "protocol.ext.allow=never")
# However git is set up on a computer: what it keeps is on the disk, every file is looked at, line ends stop no
# save, names are UTF-8, and what was once decided between two versions decides nothing else.
_ALWAYS = (
    *("core.fsync=all", "core.ignoreStat=false", "core.safecrlf=false", "rerere.enabled=false"),
    *("i18n.commitEncoding=UTF-8", "i18n.logOutputEncoding=UTF-8"),
)
_QUIET = ("--no-pager", *(word for each in (*_NEVER, *_ALWAYS) for word in ("-c", each)))
# Whatever this computer speaks: `gitfaults` knows by heart what git says.
_IN_ENGLISH = {"LANGUAGE": "en"}
_TAKES_IN = (
    *("add", "update-index", "commit", "status", "merge", "push", "checkout", "reset", "stash"),
)
# What only says what there is, and takes as much memory as that.
_LISTS = ("diff", "diff-index", "diff-tree", "ls-files", "ls-tree", "rev-list", "status")
_FOR_A_LIST = 64 * bounds.MEGABYTE
# From so many bytes of its index on, git looks at files by twenty threads, of whose stacks it uses little.
_LONG_INDEX = 64 * 1024
_FOR_A_LONG_INDEX = 256 * bounds.MEGABYTE  # that of ten thousand cases takes 80 without them
_FOR_A_LONG_LIST = bounds.GIGABYTE
# A path is a path, and an object is what its digest says, whatever a folder puts in its place.
_EXACT = ("--literal-pathspecs", "--no-replace-objects")
_SECONDS = 20
_GRACE = 5  # more for it to end once it is told to
# Seconds between tries, while an editor writes, or its git is at work; five in all.
_PAUSES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.75)
PATIENCE = 600  # seconds for what takes in files, which may be a whole service at once


class Answer(NamedTuple):
    """What git answered."""

    code: int
    """Its exit code."""
    out: bytes
    said: bytes
    """What it said besides; never shown as it is, since nobody knows what it quotes."""


def ask(
    folder: Path,
    *arguments: str,
    fine: tuple[int, ...] = (0,),
    said: bytes = b"",
    around: Mapping[str, str] | None = None,
    seconds: int = _SECONDS,
    alone: bool = False,
) -> bytes:
    """What git answers; `fine` are the exit codes that are no failure. See `answer` for the rest.

    Raises:
        ArpcError: It refuses, or does not answer.
    """
    told = answer(folder, *arguments, said=said, around=around, seconds=seconds, alone=alone)
    if told.code not in fine:
        raise gitfaults.failed(_command(arguments), told.said)
    return told.out


def text(folder: Path, *arguments: str, fine: tuple[int, ...] = (0,), alone: bool = False) -> str:
    """What git answers, as text; see `ask`."""
    return ask(folder, *arguments, fine=fine, alone=alone).decode("utf-8", "replace")


def answer(
    folder: Path,
    *arguments: str,
    said: bytes = b"",
    around: Mapping[str, str] | None = None,
    seconds: int = _SECONDS,
    alone: bool = False,
) -> Answer:
    """What git answers, also where it refuses.

    Args:
        folder: Where it runs.
        arguments: What it is asked.
        said: Its input.
        around: What goes into its environment besides.
        seconds: How long it may take.
        alone: Whether it is asked something that has nothing to do with files.

    Raises:
        ArpcError: It does not answer.
    """
    own = here.git_folder(folder)
    if own:
        gitfiles.refuse_odd(folder, own)
    command = _command(arguments)
    sealing = [] if alone else _sealing(folder, command)
    command_line = [*words(), *sealing, *arguments]
    around_it = {**os.environ, **_IN_ENGLISH, **(around or {})}  # noqa: TID251 handed on, not read

    def run() -> Answer:
        return _heard(command_line, folder, said, around_it, seconds)

    try:
        if command in _LISTS:
            return _listed(run, folder, own)
        done = run()
        for pause in _PAUSES:
            if not (done.code and gitfaults.is_disturbed(done.said)):
                break
            time.sleep(pause)
            done = run()
        return done
    except (OSError, subprocess.TimeoutExpired):
        raise ArpcError("git did not answer", "try `git status` in the folder") from None


def _heard(
    command_line: Sequence[str],
    folder: Path,
    said: bytes,
    around: Mapping[str, str],
    seconds: int,
) -> Answer:
    """What git answers in time; else it is told to end, which takes its locks away, and not killed."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command_line, cwd=folder, env=around, stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        try:
            out, err = process.communicate(said, timeout=seconds)
        except BaseException:
            _end(process)
            raise
        return Answer(process.returncode, out, err)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Tell git to end, and see that it has, however often Ctrl-C is pressed meanwhile."""
    process.terminate()
    while process.returncode is None:
        try:
            process.wait(_GRACE)
        except KeyboardInterrupt:
            continue
        except subprocess.TimeoutExpired:
            process.kill()


def words() -> list[str]:
    """The program, with what it is told whatever it is asked.

    Raises:
        ArpcError: It is not here.
    """
    program = shutil.which("git")
    if program is None:
        raise ArpcError("git is not on this computer", "install git to keep a history")
    return [program, *_QUIET, *_EXACT]


def _listed(run: Callable[[], Answer], folder: Path, git: Path | None) -> Answer:
    """What git answers with little memory; or with more, if what it is to list has an end."""
    index = git / "index" if git else None
    is_long = index and index.is_file() and index.stat().st_size > _LONG_INDEX
    done = _within(_FOR_A_LONG_INDEX if is_long else _FOR_A_LIST, run)
    if not done and not gitobjects.is_endless(words(), ["--all"], folder):
        done = _within(_FOR_A_LONG_LIST, run)
    if not done:
        raise ArpcError(*gitfaults.ENDLESS)
    return done


def _within(memory: int, run: Callable[[], Answer]) -> Answer | None:
    """What git answers, or None where the memory was too little for it or for us to hear it."""
    try:
        with bounds.memory(memory):
            done = run()
    except MemoryError:
        return None
    except OSError as error:
        if error.errno != errno.ENOMEM:
            raise
        return None
    return None if done.code and gitfaults.is_out_of_memory(done.said) else done


def _command(arguments: Sequence[str]) -> str:
    """The git command among arguments, of which settings may stand before it."""
    words = iter(arguments)
    return next((word for word in words if word != "-c" or not next(words)), "")


def _sealing(folder: Path, command: str) -> list[str]:
    """What git is told of sealing and merging a service's records, whatever its settings say of it."""
    git = here.git_folder(folder)
    if git is None:
        return []
    told = {}
    if here.is_sealed(folder, git):
        told = wiring.settings()
        if command in _TAKES_IN:
            wiring.lay_attributes(git)
            told["core.hooksPath"] = str(wiring.own_hooks(git))
    elif command == "merge":
        told = wiring.merging()
        wiring.lay_attributes(git, wiring.PLAIN_ATTRIBUTES)
    return [word for key, value in told.items() for word in ("-c", f"{key}={value}")]
