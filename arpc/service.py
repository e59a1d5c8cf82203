"""A service folder: its policy and staff in `service.yaml`, its cases under `cases/`."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from arpc import kinds, schema, yamldoc
from arpc.errors import ArpcError
from arpc.findings import Finding, Gate, Location, Severity
from arpc.ids import is_case_id
from arpc.loading import case_around, is_case_folder, read_bytes, unread
from arpc.workdays import GOV_UK_FILE, Calendar
from arpc.yamldoc import YamlDoc

FILE = "service.yaml"


class StaffMember(NamedTuple):
    """Somebody who writes or approves records."""

    code: str
    name: str
    role: str
    qualifications: str
    email: str
    signs_as: str = ""
    """practitioner or manager: what a signature of theirs counts as; "" where it counts as neither."""


class Policy(NamedTuple):
    """Lengths that a service sets for itself; the defaults are our inference unless a clock says."""

    note_days: int = 3
    child_note_days: int = 1
    supervision_weeks: int = 4
    feedback_days: int = 10
    decision_days: int = 20
    judgement_months: int = 6
    acknowledge_days: int = 1
    decide_days: int = 5
    assessment_days: int | None = None
    man_sessions: int = 2
    child_sessions: int = 6
    child_seen_months: int = 4
    plan_months: int = 6
    outcome_days: int = 5
    lost_attempts: int = 3
    lost_ways: int = 2
    family_hours_initial: int = 48
    family_days_review: int = 3
    attached_megabytes: int = 20
    retention_years: int | None = None


class Words(NamedTuple):
    """Words and phrases that a service adds to the lists of `arpc.wordlists`."""

    loaded: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()


class Sealing(NamedTuple):
    """Where a sealed service keeps its keys."""

    store: str = ""
    """The folder of the key store; "" where a computer has to say."""
    backup_days: int | None = None
    """How long what is deleted there lives on in backups; None where nobody has said."""


class Keeping(NamedTuple):
    """How long records of a class are kept before somebody reviews whether they still are."""

    years: int
    counted_from: str
    """closed, youngest_child_born or man_born."""
    source: str
    owner: str


class Hold(NamedTuple):
    """What forbids that records are destroyed for now."""

    why: str
    cases: tuple[str, ...]
    """Which cases; () is all of them."""


class Stricter(NamedTuple):
    """How much more strictly a service holds to a rule; None where it does as arpc does."""

    severity: Severity | None
    gate: Gate | None


class Service(NamedTuple):
    """What `service.yaml` says; everything has a default, so that a lone case can be checked too."""

    name: str = ""
    address: str = ""
    nation: str = "england"
    marking: str = "CONFIDENTIAL: CHILD PROTECTION"
    complaints: str = ""
    """How somebody whom a report is about can complain."""
    staff: tuple[StaffMember, ...] = ()
    policy: Policy = Policy()
    closing_days: tuple[date, ...] = ()
    bank_holidays: bytes | None = None
    """A newer file of GOV.UK's bank holidays that lies beside the service file."""
    duty_to_report: bool = False
    """Whether the statutory duty to report suspected sexual offences against children is in force."""
    register: bool = True
    """Whether a plain register of what falls due is kept beside the cases."""
    stricter: Mapping[str, Stricter] = {}
    """Rules that the service holds to more strictly, by id."""
    words: Words = Words()
    sealing: Sealing = Sealing()
    retention: Mapping[str, Keeping] = {}
    """How long records are kept, by class."""
    holds: tuple[Hold, ...] = ()
    templates: Path | None = None
    """A folder of the service's own templates, which stand before ours; None where it has none."""
    practice_today: date | None = None
    """The day on which a practice folder stands still; None where the work is real."""
    raw: bytes = b""
    """The service file and GOV.UK's, from which all this was read."""

    def staff_member(self, code: str) -> StaffMember:
        """The member of staff with that code; one with nothing but the code if there is none."""
        found = next((member for member in self.staff if member.code == code), None)
        return found or StaffMember(code, code, "", "", "")

    def calendar(self, nation: str) -> Calendar:
        """The working days in a nation, or in the service's own where none is given.

        Raises:
            ArpcError: The file of bank holidays beside the service file is broken.
        """
        return Calendar(nation or self.nation, self.closing_days, self.bank_holidays)


class Opened(NamedTuple):
    """A service folder: where it is, what its file says, and what was wrong with that file."""

    root: Path
    service: Service
    findings: tuple[Finding, ...]
    doc: YamlDoc | None = None
    """The file, where it could be read."""


def find_root(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds a service file."""
    return next((p for p in (start, *start.parents) if (p / FILE).is_file()), None)


def open_service(root: Path, shown: str = FILE) -> Opened:
    """Read a service folder's file; with faults in it, what is sound of it still counts."""
    path = root / FILE
    try:
        return open_from(root, read_bytes(path), _bank_holidays(root), shown)
    except FileNotFoundError:
        return Opened(root, Service(), ())
    except OSError as error:
        why = unread(Location(shown), error)
        return Opened(root, Service(), (why,))


def open_from(root: Path, raw: bytes, bank_holidays: bytes | None, shown: str = FILE) -> Opened:
    """Read a service file, wherever its bytes and those of GOV.UK's file come from."""
    both = raw + b"\0" + (bank_holidays or b"")
    reading = yamldoc.read(shown, raw)
    if reading.doc is None:
        return Opened(root, Service(), reading.findings)
    kind = kinds.kind("service")
    faults = [*reading.findings, *schema.check(reading.doc, kind)]
    if any(fault.severity is Severity.ERROR for fault in faults):
        return Opened(root, Service(), tuple(faults), reading.doc)
    made = _service(reading.doc.data, bank_holidays)
    own = root / "templates"
    made = made._replace(templates=own if own.is_dir() else None, raw=both)
    return Opened(root, made, tuple(faults), reading.doc)


def case_folders(root: Path) -> list[Path]:
    """The case folders of a service, by id."""
    cases = root / "cases"
    if not cases.is_dir():
        return []
    entries = (entry for entry in os.scandir(cases) if not entry.name.startswith("."))
    names = (entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    return [cases / name for name in sorted(names)]


def links(cases: Path) -> list[Path]:
    """The links in a folder of cases: where they lead is not looked at."""
    return [cases / name for name in sorted(e.name for e in os.scandir(cases) if e.is_symlink())]


def find_case(start: Path, wanted: str) -> Path:
    """The folder of a case, given as a path, an id or the beginning of one; "" is where we stand.

    Raises:
        ArpcError: There is no such case, or more than one.
    """
    if named := case_at(start, wanted):
        return named
    root = find_root(start.absolute())
    if root is None:
        raise ArpcError("no service folder here", "go to one, or make one with `arpc init`")
    folders = {folder.name: folder for folder in case_folders(root)}
    if found := pick(list(folders), wanted):
        return folders[found]
    typed = wanted.upper()
    if len(typed) == 10 and typed.startswith("C-") and not is_case_id(typed):
        raise ArpcError("no such case: the id has a slip in it", "compare it with `arpc list`")
    raise ArpcError("no such case", "`arpc list` shows the cases of this folder")


def case_at(start: Path, wanted: str) -> Path | None:
    """The case folder that is named by its path, or in which we stand where nothing is named."""
    if not wanted:
        return case_around(start)
    return Path(wanted) if is_case_folder(Path(wanted)) else None


def pick(names: Sequence[str], wanted: str) -> str:
    """The case of which `wanted` is the id or its beginning; "" if there is none.

    Raises:
        ArpcError: There are several; or nothing is wanted, and there is not just one.
    """
    if not wanted:
        if len(names) == 1:
            return names[0]
        raise ArpcError("which case?", "name its id, or go into its folder; `arpc list` shows them")
    found = [n for n in names if n.upper().removeprefix("C-").startswith(_bare(wanted))]
    if len(found) > 1:
        raise ArpcError(f"{len(found)} cases begin like that", "type more of the id")
    return found[0] if found else ""


def _bare(wanted: str) -> str:
    return wanted.upper().removeprefix("C-")


def _bank_holidays(root: Path) -> bytes | None:
    path = root / GOV_UK_FILE
    return read_bytes(path) if path.is_file() else None


def _service(data: Mapping[str, Any], bank_holidays: bytes | None) -> Service:
    policy = {key: value for key, value in (data.get("policy") or {}).items() if value is not None}
    practice = (data.get("practice") or {}).get("today")
    return Service(
        name=data.get("name") or "",
        address=data.get("address") or "",
        nation=data.get("nation") or "england",
        marking=data.get("marking") or Service().marking,
        complaints=(data.get("complaints") or "").strip(),
        staff=tuple(
            StaffMember(*(member.get(key) or "" for key in StaffMember._fields))
            for member in data.get("staff") or ()
        ),
        policy=Policy(**policy),
        closing_days=tuple(map(date.fromisoformat, data.get("closing_days") or ())),
        bank_holidays=bank_holidays,
        duty_to_report=data.get("duty_to_report") == "yes",
        register=data.get("register") != "no",
        stricter={
            entry["rule"]: Stricter(
                Severity(entry["severity"]) if entry.get("severity") else None,
                Gate(entry["gate"]) if entry.get("gate") else None,
            )
            for entry in data.get("rules") or ()
            if entry.get("rule")
        },
        words=Words(
            **{key: tuple(found or ()) for key, found in (data.get("words") or {}).items()}
        ),
        sealing=Sealing(**{k: v for k, v in (data.get("sealing") or {}).items() if v is not None}),
        retention={
            each["class"]: Keeping(
                each["years"],
                each.get("from") or "closed",
                each.get("source") or "",
                each.get("owner") or "",
            )
            for each in data.get("retention") or ()
            if each.get("class") and each.get("years")
        },
        holds=tuple(
            Hold(each.get("why") or "", tuple(each.get("cases") or ()))
            for each in data.get("holds") or ()
        ),
        practice_today=date.fromisoformat(practice) if practice else None,
    )
