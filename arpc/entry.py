"""What git itself starts, for each of its commands: `python -I -S entry.py FOLDERS -- COMMAND ...`.

Starting is most of what it costs, so that each command imports only what it needs, and Python is told to
look for nothing. It knows nothing of the command line. See `arpc.sealing.wiring` for how git is told of it.
"""

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arpc.sealing.guard import Refusal
    from arpc.sealing.ring import Ring


def main(arguments: list[str]) -> int:
    """Carry out what git asks for; return the exit code that it is told."""
    from arpc.errors import ArpcError

    try:
        return _answer(*arguments)
    except ArpcError as error:
        _tell(f"{error}; {error.hint}" if error.hint else str(error))
    except KeyboardInterrupt:
        _tell("stopped")
    except Exception as error:
        if os.environ.get("ARPC_DEBUG"):
            raise
        _tell(_cause(error))
    return 1


def _cause(error: Exception) -> str:
    """What stopped a command that did not foresee it: the computer, or a defect of ours."""
    if isinstance(error, MemoryError):
        return "there is not enough memory, so nothing is stored"
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        return f"a file cannot be read or written ({error.strerror}), so nothing is stored"
    return f"a defect in arpc ({type(error).__name__}), so nothing is stored; tell whoever keeps it"


def _answer(command: str, *rest: str) -> int:
    if command == "hook":
        return _hook(*rest)
    if command == "merge":
        return _merge(*rest)
    return _filter(command, *rest)


def _filter(command: str, path: str = "", *_: str) -> int:
    from arpc.sealing import here
    from arpc.sealing.engine import Engine, RefusedError

    git = _git()
    is_plain = git is not None and here.is_plain(Path.cwd(), git)
    is_sealed = git is not None and here.is_sealed(Path.cwd(), git)
    engine = Engine(_ring(), _tell, is_plain=is_plain, is_sealed=is_sealed)
    outgoing = sys.stdout.buffer
    if command == "process":
        from arpc.sealing.eager import Eager
        from arpc.sealing.filter import ProtocolError, serve

        try:
            serve(engine, Eager(sys.stdin.fileno()), outgoing, _tell)
        except ProtocolError as error:
            _tell(str(error))
            return 1
        return 0
    change = engine.clean if command == "clean" else engine.smudge
    try:
        outgoing.write(change(path, sys.stdin.buffer.read()))
    except RefusedError as refused:
        _tell(str(refused))
        return 1
    return 0


def _merge(base: str, ours: str, theirs: str, path: str) -> int:
    from arpc import reconciling
    from arpc.sealing import here, merging, unread

    def merge(was: bytes, mine: bytes, other: bytes) -> tuple[bytes, tuple[str, ...]]:
        merged = reconciling.merge(was, mine, other)
        return merged.text, tuple(conflict.where for conflict in merged.conflicts)

    sides = merging.Sides(Path(base), Path(ours), Path(theirs))
    git = _git()
    is_plain = git is not None and not here.is_sealed(Path.cwd(), git)
    merged = merging.merge(sides, path, _ring(), merge, is_plain=is_plain)
    for line in merged.told:
        _tell(line)
    if merged.is_made and git:
        unread.note_unread(git, path)
    return 0 if merged.is_clean else 1


def _hook(name: str, *arguments: str) -> int:
    from arpc.sealing import guard, here, wiring

    git = _git()
    if git is None:
        return 0
    updates = [guard.Update(*line) for line in _updates(name, sys.stdin)]
    if name == wiring.ON_SERVER:
        return _report(guard.before_receiving(updates))
    if not here.is_sealed(Path.cwd(), git):
        return 0
    if name == "commit-msg":
        return _report(guard.in_message(_message(arguments[0]), Path("cases")))
    if name == "pre-push":
        return _report(guard.before_push(updates, arguments[0], _ring()))
    return _report(guard.before_commit(_ring()))


def _message(path: str) -> str:
    return Path(path).read_text("utf-8", "replace")  # git takes messages in other encodings too


def _updates(name: str, incoming: "Iterable[str]") -> list[tuple[str, str, str]]:
    """What a push moves, as git says it to the two hooks that ask."""
    if name == "pre-push":  # local ref, local object, remote ref, remote object
        return [(ref, old, new) for _, new, ref, old in (line.split() for line in incoming)]
    if name == "pre-receive":  # old object, new object, ref
        return [(ref, old, new) for old, new, ref in (line.split() for line in incoming)]
    return []


def _report(refusals: "list[Refusal]") -> int:
    for refusal in refusals[:20]:
        _tell(f"refused: {refusal.what}: {refusal.why}")
    if len(refusals) > 20:
        _tell(f"refused: and {len(refusals) - 20} more")
    if refusals:
        _tell("nothing was stored or sent; `arpc explain security` says why, and what to do")
    return 1 if refusals else 0


def _git() -> Path | None:
    from arpc.sealing import here

    return here.git_folder(Path.cwd(), os.environ.get("GIT_DIR", ""))


def _ring() -> "Ring":
    from arpc.sealing import here
    from arpc.sealing.ring import Ring

    git = _git()
    folder = here.ring_folder(git, os.environ) if git else None
    return Ring(folder, time.time())


def _tell(line: str) -> None:
    shown = "".join(c if c.isprintable() else "?" for c in line)
    sys.stderr.write(f"arpc: {shown}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.path += sys.argv[1].split(os.pathsep)  # after what Python brings itself
    sys.exit(main(sys.argv[3:]))
