"""What a check is: a function that looks at one thing and says how it is, and what to do about it."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from arpc.sealing import here
from arpc.service import Service


class State(Enum):
    """How something is."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"

    @property
    def wants_doing(self) -> bool:
        """Whether something is to be done about it."""
        return self in (State.WARNING, State.PROBLEM)


class Told(NamedTuple):
    """What a check found."""

    state: State
    found: str
    do: str = ""
    """What to do about it, in a line; "" where there is nothing."""


class Place(NamedTuple):
    """What is looked at: a computer, and the service folder or the case in which we stand, if any."""

    root: Path | None
    service: Service
    around: Mapping[str, str]
    """The environment."""
    home: Path
    key: Path
    """The user's own ssh key, which need not be there."""
    mounts: str
    """Which file system lies where, as Linux tells it in /proc/mounts; "" elsewhere."""
    now: datetime
    """By this computer's clock, with its zone."""

    @property
    def folder(self) -> Path:
        """The service folder, or where the user's own files are."""
        return self.root or self.home

    @property
    def git(self) -> Path | None:
        """The folder in which git keeps the service's history."""
        return here.git_folder(self.root) if self.root else None

    @property
    def is_sealed(self) -> bool:
        """Whether the service is a sealed one."""
        git = self.git
        return bool(self.root and git and here.is_sealed(self.root, git))

    @property
    def store(self) -> Path | None:
        """The key store of a sealed service, where something says where it is."""
        said = self.around.get("ARPC_STORE") or self.service.sealing.store
        return Path(said).expanduser() if said and self.is_sealed else None


def named(names: list[str], most: int = 3) -> str:
    """A few of several names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
