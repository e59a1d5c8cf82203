"""What is checked of a computer: its programs, its clock, its disk, and the user's own key."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from arpc import __version__, gitrepo
from arpc.doctoring.words import Place, State, Told
from arpc.errors import ArpcError

_OLDEST_GIT = (2, 28)  # the first that can be told what the first branch is called
_LEAST_FREE = 200  # megabytes: room for a caseload's reports, and for git to pack it
_ALLOWED_AHEAD = timedelta(hours=24)  # another's clock may be in another zone
_SECONDS = 5


def versions(at: Place) -> Iterator[Told]:
    """Whether arpc, Python and git fit each other."""
    told = f"arpc {__version__}, Python {platform.python_version()}"
    if not gitrepo.is_available():
        yield Told(State.NOTE, f"{told}, no git: there is no history", "install git")
        return
    version = gitrepo.version(at.folder)
    shown = ".".join(map(str, version))
    if version < _OLDEST_GIT:
        needed = ".".join(map(str, _OLDEST_GIT))
        yield Told(State.PROBLEM, f"git is {shown}; {needed} or newer is needed", "install it")
        return
    yield Told(State.OK, f"{told}, git {shown}")


def clock(at: Place) -> Iterator[Told]:
    """Whether this computer's clock can be believed.

    Every deadline and every signature is counted from it. What was saved last cannot lie ahead of it.
    """
    if at.root is None or not (gitrepo.is_available() and gitrepo.is_repository(at.root)):
        return
    try:
        last = gitrepo.tip(at.root).made
    except ArpcError:
        return  # nothing was saved yet, or git's settings are in the way, which is told elsewhere
    if last > at.now + _ALLOWED_AHEAD:
        found = f"what was saved last is of {last:%Y-%m-%d %H:%M}, and this clock says {at.now:%Y-%m-%d %H:%M}"
        yield Told(State.WARNING, found, "set the clock; if it is right, somebody else's was wrong")
    else:
        yield Told(State.OK, "nothing that was saved lies ahead of this clock")


def disk_encryption(at: Place) -> Iterator[Told]:
    """Whether the disk is encrypted, as far as can be told.

    Sealing keeps what git stores from others; what is unlocked lies plain on the disk. A laptop that is
    stolen while it is off is kept shut by its disk's encryption alone.
    """
    found = _encryption(at.folder)
    if found:
        yield Told(State.OK, found)
        return
    hint = {
        "win32": "as administrator: `manage-bde -status`",
        "darwin": "`fdesetup status`, or System Settings, FileVault",
    }.get(sys.platform, "ask whoever looks after this computer; `lsblk -o NAME,TYPE` shows crypt")
    yield Told(State.NOTE, "it cannot be told whether the disk is encrypted", hint)


def free_space(at: Place) -> Iterator[Told]:
    """Whether there is room on the disk.

    A full disk loses nothing, since files are written whole or not at all; but nothing can be written down.
    """
    free = shutil.disk_usage(at.folder).free // 1_000_000
    if free < _LEAST_FREE:
        yield Told(State.WARNING, f"{free} MB are free on the disk", "make room before you write")
    else:
        yield Told(State.OK, f"{free / 1000:.1f} GB are free")


def ssh_key(at: Place) -> Iterator[Told]:
    """Whether the user's own ssh key is theirs alone.

    It opens every case that they hold, and signs in their name.
    """
    if sys.platform == "win32" or not at.key.is_file():
        return
    about = at.key.stat()
    if about.st_mode & 0o077:
        yield Told(State.PROBLEM, f"others can read {at.key}", f"chmod 600 {at.key}")
    elif about.st_uid != os.getuid():
        yield Told(State.WARNING, f"{at.key} belongs to somebody else", "make a key of your own")
    else:
        yield Told(State.OK, f"{at.key} is yours alone")


def _encryption(folder: Path) -> str:
    """How the disk below a folder is encrypted; "" where it is not, or where that cannot be told."""
    if sys.platform == "darwin":
        return "FileVault is on" if "FileVault is On" in _said("fdesetup", "status") else ""
    if sys.platform != "linux":
        return ""
    device = folder.stat().st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    return "the disk is encrypted (LUKS)" if block.exists() and _is_crypt(block.resolve()) else ""


def _is_crypt(block: Path) -> bool:
    """Whether a block device is encrypted, or lies on one that is."""
    uuid = block / "dm" / "uuid"
    if uuid.is_file() and uuid.read_text("ascii", "replace").startswith("CRYPT-"):
        return True
    below = block / "slaves"
    return below.is_dir() and any(_is_crypt(each.resolve()) for each in below.iterdir())


def _said(*words: str) -> str:
    try:
        done = subprocess.run(words, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
