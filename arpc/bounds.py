"""How much memory may go into what others may have made without end."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
HOLD = sys.platform == "linux"
"""Whether the memory of a process can be bounded; macOS and Windows know no such bound, or do not keep to it."""


@contextmanager
def memory(most: int) -> Iterator[None]:
    """Give this process, and those that it starts meanwhile, only so much memory, where that can be.

    Args:
        most: Bytes, for each of them, besides what this process has now.

    Raises:
        MemoryError: It was not enough for this process.
    """
    if not HOLD or sys.platform == "win32":  # the latter for the type checker alone
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    bounds = [each for each in (most + _taken(), *before) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _taken() -> int:
    """How many bytes this process has asked for, as the bound counts them."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
