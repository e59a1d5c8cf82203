"""How much memory may go into what others may have made without end."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

GIGABYTE = 1 << 30


@contextmanager
def memory(most: int) -> Iterator[None]:
    """Give this process, and those that it starts meanwhile, only so much memory; Windows knows no such bound.

    Args:
        most: Bytes, for each of them.

    Raises:
        MemoryError: It was not enough for this process.
    """
    if sys.platform == "win32":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    bounds = [each for each in (most, *before) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
