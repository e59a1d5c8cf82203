"""What is checked of the folder that a service lies in: who can read it, what else moves its files, its settings."""

import os
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from arpc import kinds, placing, plainfiles, resources, service
from arpc.doctoring.words import Place, State, Told, named
from arpc.findings import Severity

_SYNCED = re.compile(
    r"OneDrive.*|Dropbox(?: \(.*\))?|Mobile Documents|iCloud ?Drive|Google ?Drive.*|My Drive"
    r"|CloudStorage|Nextcloud|ownCloud|pCloud ?Drive|Box(?: Sync)?|Sync\.com|MEGA(?:sync)?|Tresorit",
    re.IGNORECASE,
)
"""What the folders of programs are called that keep files alike on several computers."""
_SYNC_MARKS = (
    *(".dropbox", ".dropbox.cache", ".stfolder", ".owncloudsync.log", ".nextcloudsync.log"),
    *(".sync_*.db", "._sync_*.db", ".csync_journal.db", ".tmp.driveupload"),
)
"""What such a program lays into its folder."""
_SHARED = re.compile(
    r"nfs4?|cifs|smb3?|smbfs|9p|afs|ncpfs|vboxsf|prl_fs|fuse(?:\..+|blk)?|virtiofs"
)
"""File systems on which a lock, or what is said to be on the disk, may not hold."""


def service_file(at: Place) -> Iterator[Told]:
    """Whether `service.yaml` can be relied on.

    Without it nobody is known, and every length is the national default.
    """
    if at.root is None or not (at.root / service.FILE).is_file():
        return
    faults = service.open_service(at.root).findings
    if errors := [fault for fault in faults if fault.severity is Severity.ERROR]:
        found = f"{service.FILE}:{errors[0].where.line}: {errors[0].message}"
        yield Told(State.PROBLEM, found, "`arpc validate` says how to put it right")
    else:
        yield Told(State.OK, f"{service.FILE} can be relied on")


def rights(at: Place) -> Iterator[Told]:
    """Whether others on this computer can read the service folder, and whether it can be written to."""
    if at.root is None:
        return
    if not os.access(at.root, os.W_OK):
        hint = "ask whoever gave it to you, or clone it to where you may write"
        yield Told(State.PROBLEM, "nothing can be written in this folder", hint)
        return
    is_open = sys.platform != "win32" and _is_open_to_others(at.root)
    if is_open and at.is_sealed:
        found = "others on this computer can see which cases there are"
        yield Told(State.NOTE, found, f"chmod o-rwx {at.root}")
    elif is_open:
        is_practice = at.service.practice_today is not None
        state = State.NOTE if is_practice else State.WARNING
        found = "others on this computer can read what git keeps"
        yield Told(state, found, f"chmod o-rwx {at.root}")
    else:
        yield Told(State.OK, "others on this computer cannot read this folder")


def synced_folders(at: Place) -> Iterator[Told]:
    """Whether a program that keeps folders alike on several computers moves the files.

    OneDrive, Dropbox, iCloud and the like replace files while they are written, make copies of what two
    people changed, and give plain text to whoever runs them.
    """
    places = {"the service folder": at.root, "the key store": at.store}
    for what, folder in places.items():
        if folder is None:
            continue
        if found := _synced_by(folder):
            hint = "move it out of there; `arpc save` with a remote keeps people together"
            yield Told(State.WARNING, f"{what} lies in {found}", hint)
        else:
            yield Told(State.OK, f"{what} lies in no synchronised folder, as far as can be told")


def file_system(at: Place) -> Iterator[Told]:
    """Whether a lock holds where the folder lies, and what is written stays written."""
    if at.root is None or not at.mounts:
        return
    kind = _kind_of(plainfiles.led_to(at.root), at.mounts)
    if _SHARED.fullmatch(kind):
        found = f"the folder lies on a share ({kind}), where locks may not hold"
        hint = "clone it to your own disk, and let `arpc save` exchange it"
        yield Told(State.WARNING, found, hint)
    else:
        yield Told(State.OK, f"it lies on a disk of this computer ({kind or 'not known'})")


def ignored(at: Place) -> Iterator[Told]:
    """Whether git leaves alone what it must never keep: drafts of reports, locks, left-overs."""
    if at.root is None or at.git is None:
        return
    path = at.root / ".gitignore"
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    wanted = [line for line in placing.IGNORED if line not in lines]
    if wanted:
        hint = f"add to .gitignore, each on a line: {'  '.join(wanted)}"
        yield Told(State.WARNING, f".gitignore lacks {named(wanted)}", hint)
    else:
        yield Told(State.OK, "git leaves drafts of reports, locks and left-overs alone")


def schemas(at: Place) -> Iterator[Told]:
    """Whether editors explain records by the schemas of this arpc."""
    if at.root is None or not (at.root / ".arpc" / "schemas").is_dir():
        return
    shipped = resources.folder("schemas")
    here = at.root / ".arpc" / "schemas"
    other = [
        path.name
        for path in sorted(shipped.glob("*.json"))
        if not (here / path.name).is_file() or (here / path.name).read_bytes() != path.read_bytes()
    ]
    if other:
        found = f"editors go by schemas of another arpc: {named(other)}"
        yield Told(State.WARNING, found, f"cp {shipped}/*.json {here}")
    else:
        yield Told(State.OK, f"editors go by the schemas of this arpc, {len(kinds.NAMES)} kinds")


def _is_open_to_others(folder: Path) -> bool:
    """Whether somebody who is neither the owner nor of the group can list a folder and what is in it."""
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (folder, *folder.absolute().parents)]
    return bool(modes[0] & 0o004) and all(mode & 0o001 for mode in modes)


def _synced_by(folder: Path) -> str:
    """The folder of a program that synchronises, in which another lies; "" where there is none."""
    for each in (folder.absolute(), *folder.absolute().parents):
        if _SYNCED.fullmatch(each.name) or any(any(each.glob(mark)) for mark in _SYNC_MARKS):
            return str(each)
    return ""


def _kind_of(folder: Path, mounts: str) -> str:
    """The file system on which a folder lies, as Linux calls it; "" where that is not told."""
    found = ("", "")
    for line in mounts.splitlines():
        _, point, kind, *_ = line.split(" ")
        point = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), point)
        if folder.is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1]
