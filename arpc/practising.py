"""The shipped examples as a practice folder, and the history that it would have had."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

from arpc import kinds, resources, service
from arpc.gitrepo import Past

WHO = ("Practice", "practice@example.org")
_DATE = re.compile(rb"^date: (\d{4}-\d\d-\d\d)$", re.MULTILINE)
_ENTRY_DATE = re.compile(rb"^  - \{.*\bdate: (\d{4}-\d\d-\d\d)\b")


def copy(folder: Path) -> None:
    """Copy the practice folder; what else the shipped examples hold is for `arpc explain`."""
    shipped = resources.folder("examples")
    unwanted = shutil.ignore_patterns("out", ".*")
    shutil.copytree(shipped / "cases", folder / "cases", ignore=unwanted)
    shutil.copyfile(shipped / service.FILE, folder / service.FILE)


def history(folder: Path) -> Iterator[Past]:
    """Yield what would have been saved on each day on which something was written.

    A record stands in it from its day on as it stands now, and all that has no day from the first; what arpc
    notes beside the records grows with them, entry by entry.
    """
    texts: dict[str, bytes] = {}
    days: dict[str, date] = {}
    ledgers: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name.startswith(".git/"):
            continue
        raw = path.read_bytes()
        if kinds.ledger_of_file(path.name):
            ledgers[name] = raw
        else:
            texts[name] = raw
            if found := _DATE.search(raw):
                days[name] = date.fromisoformat(found[1].decode())
    first = min(days.values())
    for day in sorted({*days.values()}):
        files = {name: raw for name, raw in texts.items() if days.get(name, first) == day}
        files |= {name: kept for name, raw in ledgers.items() if (kept := _up_to(raw, day))}
        yield Past(datetime.combine(day, time(18), UTC), f"practice records of {day}", files)


def _up_to(raw: bytes, day: date) -> bytes:
    """A ledger with the entries up to a day; b"" where there are none yet."""
    lines = raw.splitlines(keepends=True)
    entries = [(line, _ENTRY_DATE.match(line)) for line in lines]
    kept = [line for line, found in entries if not found or found[1].decode() <= day.isoformat()]
    return b"".join(kept) if any(map(_ENTRY_DATE.match, kept)) else b""
