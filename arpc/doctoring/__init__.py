"""`arpc doctor`: what stands in the way of promises that arpc makes, and what to do about each.

A check is one function in a module here: it looks at one thing, writes nothing, and yields how it is; its
docstring is its explanation. To add one, write it and name it in `CHECKS`.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import NamedTuple

from arpc.doctoring import cases, computer, folder, history, keys
from arpc.doctoring.words import Place, State, Told
from arpc.errors import ArpcError

Check = Callable[[Place], Iterator[Told]]

CHECKS: tuple[Check, ...] = (
    *(computer.versions, folder.service_file, folder.rights, folder.synced_folders),
    *(folder.file_system, computer.disk_encryption, computer.free_space, computer.clock),
    *(cases.left_overs, cases.stopped_commands, cases.editors_files, cases.newer_records),
    *(history.git_settings, history.hooks, history.half_done),
    *(history.history, history.looked_at, history.kept_by_git),
    *(folder.ignored, folder.schemas),
    *(computer.ssh_key, history.new_clones, keys.trusted, keys.key_store, keys.unlocked),
)
"""In the order in which they are told; what does not apply to a place says nothing."""


class Checked(NamedTuple):
    """What came of a check."""

    check: str
    """Its name, such as "left-overs"."""
    told: Told


def examine(at: Place) -> Iterator[Checked]:
    """Look at everything. What stops several checks is told once."""
    problems: set[Told] = set()
    for check in CHECKS:
        for told in _told(check, at):
            if told in problems:
                continue
            if told.state is State.PROBLEM:
                problems.add(told)
            yield Checked(name(check), told)


def _told(check: Check, at: Place) -> list[Told]:
    """What comes of a check; one that cannot look says so."""
    try:
        return list(check(at))
    except ArpcError as error:
        return [Told(State.PROBLEM, str(error), error.hint)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return [Told(State.WARNING, f"it cannot be looked at: {reason}", "look who may read it")]


def explained() -> Iterator[tuple[str, str]]:
    """Yield the name of each check, and what it looks at, and why."""
    for check in CHECKS:
        yield name(check), " ".join(inspect.cleandoc(check.__doc__ or "").split())


def name(check: Check) -> str:
    """What a check is called: as its function, with hyphens."""
    return check.__name__.replace("_", "-")
