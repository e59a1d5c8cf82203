"""`render-report` and `issue-report`."""

from collections.abc import Callable

COMMANDS: dict[Callable[..., None], str] = {}
