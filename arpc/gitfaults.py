"""Why git could not do what it was asked, in our words: its own may quote what they are about."""

import re

from arpc.errors import ArpcError

DAMAGED = (
    "git's history here is damaged",
    "leave the folder as it is; have the service anew beside it, by `git clone` or from the backup, and copy"
    " there what was changed",
)
ENDLESS = ("git's history here holds more than can be listed", DAMAGED[1])
_UNLISTED = (
    "git's list of files is damaged",
    "delete .git/index, then `git reset`: no record changes",
)
_OF_A_NEWER_GIT = (
    "this folder is kept in a way that git here does not know",
    "install the newest git",
)
_UNREADABLE_SETTING = (
    "a setting of git cannot be read",
    "`git status` says where it stands",
)
_AT_WORK = b".lock': File exists"
_AT_WORK_ON_TABLES = b"cannot lock references"
_LOCK = re.compile(rb"/(\.git/[^'\n]+\.lock)': File exists")
_TORN = b": short read while indexing "
_TOO_LITTLE_MEMORY = (
    *(b"ut of memory", b"Cannot allocate memory"),
    *(b"unable to create threaded lstat", b"unable to create load_"),  # no room for their stacks
)
# What git says where nothing that it was asked for is to blame, what we say of it, and what to do.
_REASONS = (
    (b": No space left on device", "git has no room left to write", "make room on the disk"),
    (b" Out of diskspace", "git has no room left to write", "make room on the disk"),
    (b": Disk quota exceeded", "git has no room left to write", "make room in your own folders"),
    (b": couldn't write '", "git could not write", "see whether there is room on the disk"),
    (b": Input/output error", "the disk fails under git", "copy the folder to another disk now"),
    (b": Read-only file system", "git may not write here", "see how the disk is mounted"),
    (
        b": Permission denied\n",
        "git may not read or write here",
        "`arpc doctor` looks at the rights",
    ),
    (
        b"detected dubious ownership",
        "this folder belongs to somebody else, so git does nothing in it",
        "`git status` says how to trust it, if it is yours to trust",
    ),
    (
        _AT_WORK,
        "git is at work here already",
        "wait for it to end, and try again; after a crash, delete {lock}",
    ),
    (
        _AT_WORK_ON_TABLES,
        "git is at work here already",
        "wait for it to end, and try again; after a crash, delete .git/reftable/tables.list.lock",
    ),
    (
        _TORN,
        "a file is being written by another program",
        "wait for it to end, and try again",
    ),
    (
        b"' did not match any file",
        "a file was taken away while it was saved",
        "try again",
    ),
    (b"index file smaller than expected", *_UNLISTED),
    (b"index file corrupt", *_UNLISTED),
    (b"cache entry has null sha1", *_UNLISTED),
    (b") is corrupt\n", *DAMAGED),
    (b" is empty\n", *DAMAGED),
    (b"bad object HEAD", *DAMAGED),
    (b"could not parse HEAD", *DAMAGED),
    (b": reference broken", *DAMAGED),
    (b": corrupt reftable file", *DAMAGED),
    (b"not a git repository", *DAMAGED),
    *((words, *ENDLESS) for words in _TOO_LITTLE_MEMORY),
    (b"Expected git repo version", *_OF_A_NEWER_GIT),
    (b"unknown repository extension", *_OF_A_NEWER_GIT),
    (
        b"must be run in a work tree",
        "git takes this folder for one without files",
        "`git config core.bare false` tells it otherwise",
    ),
    (
        b"fatal: invalid date format",
        "git keeps no commit of such a day",
        "see what `--today`, or the clock, says",
    ),
    (b"bad config", *_UNREADABLE_SETTING),
    (b" config value '", *_UNREADABLE_SETTING),
)


def failed(command: str, said: bytes) -> ArpcError:
    """Why git refused, in our own words where the filter or a guard has given them."""
    lines = said.decode("utf-8", "replace").splitlines()
    ours = [line.removeprefix("arpc: ") for line in lines if line.startswith("arpc: ")]
    if ours:
        more = f" (and {len(ours) - 1} more)" if len(ours) > 1 else ""
        return ArpcError(f"{ours[0]}{more}", "nothing was stored")
    return reason(said) or ArpcError(f"git {command} failed", "try the same with git itself")


def is_disturbed(said: bytes) -> bool:
    """Whether another git is at work in the folder, or left its lock behind, or a file is being written."""
    return _AT_WORK in said or _AT_WORK_ON_TABLES in said or _TORN in said


def is_out_of_memory(said: bytes) -> bool:
    """Whether git was given too little memory for what it was asked."""
    return any(words in said for words in _TOO_LITTLE_MEMORY)


def reason(said: bytes) -> ArpcError | None:
    """Why git could not, where it lies with the computer or with another program; None of anything else.

    What it passes on from another computer is no reason that lies here.
    """
    own = b"\n".join(line for line in said.splitlines() if not line.startswith(b"remote: "))
    lock = _LOCK.search(own)
    named = lock[1].decode("utf-8", "replace") if lock else "the lock that it left"
    found = (each for words, *each in _REASONS if words in own + b"\n")
    return next((ArpcError(why, hint.format(lock=named)) for why, hint in found), None)
