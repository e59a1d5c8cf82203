"""A log: a folder of numbered, signed entries, each of which names the one before it.

    arpc-log: 1
    log: C-7K3Q9X2F
    number: 2
    previous: <the SHA-256 of the bytes of 0001.txt, or none>
    event: grant                         <the event's own lines, in its own order>
    person: BM
    by: LK
    time: 2026-11-22T12:28:10Z

`0002.txt` holds this, and `0002.txt.sig` the signature that `ssh-keygen -Y verify -n access@arpc` checks. An
entry is never changed nor taken away, so a log shows by itself that something in it was altered, left out or
put in. It cannot show that its end was cut off: that takes something outside it to compare. Times are what
the signers say; within a log they never go back.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from arpc import disk, plainfiles
from arpc.errors import ArpcError
from arpc.sealing import identities
from arpc.sealing.identities import Identity

NAMESPACE = "access@arpc"
_FORM = "1"
_HEAD = ("arpc-log", "log", "number", "previous")
_FOOT = ("by", "time")
_KEY = re.compile(r"[a-z-]+\Z")
_NUMBERED = re.compile(r"[0-9]+\.txt(?:\.sig)?\Z")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TIME_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
_AS_COMMITTED = "bring the log back as it was committed; git has it"


class Entry(NamedTuple):
    """An entry whose form, place in the log and signature have been checked."""

    log: str
    number: int
    """From 1, without a gap."""
    fields: Mapping[str, str]
    """The event's own, in the order in which they are written."""
    by: str
    """Who signed, as they say themselves."""
    time: datetime
    """When, as they say themselves; in UTC, and never before the entry before."""
    signer: str
    """The key that signed."""
    digest: str
    """The SHA-256 of the text, in hexadecimal digits."""

    @property
    def name(self) -> str:
        """The entry's file with the log's folder, as in C-7K3Q9X2F/0002.txt."""
        return f"{self.log}/{_file(self.number)}"


Check = Callable[[tuple[Entry, ...], Entry], object]
"""Looks at an entry that is to follow others, and raises ArpcError if it must not."""


def read(folder: Path, log: str) -> tuple[Entry, ...]:
    """Read a log and check all of it; a folder that is not there holds no entries.

    Raises:
        ArpcError: Something in it is not as it was written, or cannot be read.
    """
    try:
        return entries({path.name: plainfiles.read_whole(path) for path in _in(folder)}, log)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ArpcError(f"the log {log} cannot be read: {reason}") from None


def entries(contents: Mapping[str, bytes], log: str) -> tuple[Entry, ...]:
    """Check all of a log that was read in some other way, as out of a commit.

    Args:
        contents: The files of its folder, by their names.
        log: What it is the log of.

    Raises:
        ArpcError: Something in it is not as it was written.
    """
    count = _counted({name for name in contents if not name.startswith(".")}, log)
    found: tuple[Entry, ...] = ()
    for number in range(1, count + 1):
        name = _file(number)
        raw, signature = contents[name], contents[f"{name}.sig"].decode("ascii", "replace")
        try:
            signer = identities.verify(signature, raw, NAMESPACE)
            found = (*found, _entry(raw, log, found, signer))
        except ArpcError as error:
            raise ArpcError(f"{log}/{name}: {error}", error.hint or _AS_COMMITTED) from None
    return found


def append(
    folder: Path,
    log: str,
    fields: Mapping[str, str],
    by: str,
    at: datetime,
    identity: Identity,
    check: Check | None = None,
) -> Path:
    """Write the next entry of a log, after checking all of it.

    Args:
        folder: The log's folder, made if need be.
        log: What it is the log of.
        fields: The event's own.
        by: Who signs.
        at: When, with a zone. A clock behind the last entry's repeats the time of that.
        identity: The key that signs.
        check: What the entry is held against before it is written.

    Raises:
        ArpcError: The log is not as it was written; a field is not one line of plain text; the entry is
            refused; or it cannot be written, as when somebody else has written one meanwhile.
    """
    before = read(folder, log)
    time = max(at, before[-1].time) if before else at
    raw = _text(log, before, fields, by, time.astimezone(UTC).strftime(_TIME))
    entry = _entry(raw, log, before, identity.public)
    if check:
        check(before, entry)
    path = folder / _file(entry.number)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        disk.create(path, raw)
        signature = identity.sign(raw, NAMESPACE)
        disk.create(path.with_name(f"{path.name}.sig"), signature.encode())
    except FileExistsError:
        hint = "nothing was written; run the command again"
        raise ArpcError("somebody else has written to this log meanwhile", hint) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ArpcError(f"{entry.name} could not be written: {reason}") from None
    return path


def _in(folder: Path) -> Iterator[Path]:
    if folder.exists():
        yield from (path for path in folder.iterdir() if not path.name.startswith("."))


def _counted(names: set[str], log: str) -> int:
    """How many entries there are, if there is nothing else and each is signed."""
    texts = {name for name in names if name.endswith(".txt") and _NUMBERED.match(name)}
    expected = [_file(number) for number in range(1, len(texts) + 1)]
    if missing := [name for name in expected if name not in texts]:
        raise ArpcError(f"{log}/{missing[0]} is missing: there are later entries", _AS_COMMITTED)
    for name in expected:
        if f"{name}.sig" not in names:
            hint = "if a command was broken off, `arpc recover`, and give it again"
            raise ArpcError(f"{log}/{name} has no signature", hint)
    if stray := sorted(names - texts - {f"{name}.sig" for name in texts}):
        raise ArpcError(f"{log}/{stray[0]} does not belong there", "take it away")
    return len(texts)


def _text(
    log: str, before: tuple[Entry, ...], fields: Mapping[str, str], by: str, time: str
) -> bytes:
    previous = before[-1].digest if before else "none"
    head = zip(_HEAD, (_FORM, log, str(len(before) + 1), previous), strict=True)
    foot = zip(_FOOT, (by, time), strict=True)
    lines = [*head, *fields.items(), *foot]
    for key, value in lines:
        if not _is_plain(value):
            raise ArpcError(f"{key}: one line of plain text is expected")
    return "".join(f"{key}: {value}\n" for key, value in lines).encode()


def _entry(raw: bytes, log: str, before: tuple[Entry, ...], signer: str) -> Entry:
    """Read an entry that is to follow others.

    Raises:
        ArpcError: It is not written exactly as it should be, or does not follow.
    """
    fields = _fields(raw)
    form, said, number, previous = (fields.pop(key) for key in _HEAD)
    by, time = (fields.pop(key) for key in _FOOT)
    if form != _FORM:
        raise ArpcError("this entry is of a newer form", "a newer arpc reads it")
    if said != log:
        raise ArpcError("this entry is of another log")
    if number != str(len(before) + 1):
        raise ArpcError("this entry has another number")
    if previous != (before[-1].digest if before else "none"):
        raise ArpcError("this entry does not follow the one before it")
    at = _moment(time)
    if before and at < before[-1].time:
        raise ArpcError("this entry is dated before the one before it")
    return Entry(log, int(number), fields, by, at, signer, hashlib.sha256(raw).hexdigest())


def _fields(raw: bytes) -> dict[str, str]:
    """The lines of an entry, in their order; each key once, and those of every entry in their places."""
    try:
        *lines, rest = raw.decode().split("\n")
    except UnicodeDecodeError:
        raise ArpcError("this entry is not text") from None
    pairs = [line.partition(": ") for line in lines]
    keys = tuple(key for key, _, _ in pairs)
    is_whole = rest == "" and all(_KEY.match(key) and _is_plain(value) for key, _, value in pairs)
    is_placed = keys[: len(_HEAD)] == _HEAD and keys[-len(_FOOT) :] == _FOOT
    if not is_whole or not is_placed or len(set(keys)) != len(keys):
        raise ArpcError("this entry is not written as entries are")
    return {key: value for key, _, value in pairs}


def _moment(time: str) -> datetime:
    try:
        if _TIME_FORM.match(time):
            return datetime.strptime(time, _TIME).replace(tzinfo=UTC)
    except ValueError:
        pass
    raise ArpcError("the time of this entry is none")


def _is_plain(value: str) -> bool:
    """Whether a value is one line without control characters and without space around it."""
    return value != "" and value.isprintable() and value == value.strip()


def _file(number: int) -> str:
    return f"{number:04}.txt"
