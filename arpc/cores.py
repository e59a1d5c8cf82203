"""The same work on many things, on all cores of the computer, with the results in order.

What is little is done at once; what takes longer is shared out among processes of our own. They are told
only how to make themselves ready, so that it is the same wherever a process begins as a copy and wherever
it begins anew.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Ready = Callable[..., Callable[[T], R]]
"""What makes a process ready: gives the function that does the work on one thing."""

_ALONE = 0.25  # seconds of work before others are called; it takes them a tenth of that to come
_AT_ONCE = 64  # things that a process takes at a time, at the most
_TURNS = 8  # in how many goes each process does its share, where there are fewer
_MOST = 8  # processes; each holds some tens of megabytes

_work: Callable[[Any], Any] | None = None


def each(ready: Ready[T, R], arguments: tuple[object, ...], things: Sequence[T]) -> Iterator[R]:
    """Yield what the work gives for each thing, in their order.

    Args:
        ready: A function at the top of a module; called once in each process that does some of the work.
        arguments: What it is given.
        things: What the work is done on.
    """
    begun = time.monotonic()
    work = ready(*arguments)
    done, is_shared = 0, False
    while done < len(things):
        is_long = time.monotonic() - begun > _ALONE
        if is_long and not is_shared and min(_cores(), len(things) - done) > 1:
            is_shared = True
            for result in _shared(ready, arguments, things[done:]):
                yield result
                done += 1
        else:
            yield work(things[done])
            done += 1


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _shared(ready: Ready[T, R], arguments: tuple[object, ...], things: Sequence[T]) -> Iterator[R]:
    """Share the work out; whoever stops it stops all of it.

    It ends early where the system gives no processes, or takes one away because the memory is full: what is
    left is then for whoever called.
    """
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    # A copy has everything loaded; where the system's own libraries forbid copies, all begin anew.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    count = min(_cores(), _MOST, len(things))
    at_once = max(1, min(_AT_ONCE, len(things) // (count * _TURNS)))
    try:
        pool = ProcessPoolExecutor(count, context, _begin, (ready, arguments))
    except (OSError, ImportError):  # processes cannot wait for each other here
        return
    try:
        with _undisturbed():
            results = pool.map(_do, things, chunksize=at_once)
    except (OSError, RuntimeError):  # one process more was not to be had, or no thread
        for child in active_children():
            child.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        return
    try:
        yield from results
        pool.shutdown()
    except BrokenExecutor:
        return
    finally:  # whoever stops us does not wait for what the others are at: they end with us
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A while in which no Ctrl-C comes; it comes at the end, and never to a process that was begun meanwhile."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(ready: Ready[T, R], arguments: tuple[object, ...]) -> None:
    """Make a process of ours ready; Ctrl-C is for the one that called it, and it ends when that one does."""
    import gc
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    global _work  # a process that does one thing all its life
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    _work = ready(*arguments)


def _end_with(parent: Any) -> None:
    """Wait for whoever called us to end, however that was; nobody else would ever tell us."""
    parent.join()
    os._exit(1)


def _do(thing: Any) -> Any:
    assert _work is not None
    return _work(thing)
