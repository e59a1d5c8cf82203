"""Final records: what was finished stays as it was, and is only added to."""

import re
from collections.abc import Iterator

from arpc import meaning
from arpc.findings import Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Record
from arpc.sources import INFERENCE, RE_M_AND_N, RECORDING

_NUMBERED = re.compile(r"[A-Z]-[0-9]{2,4}[a-z]?\.yaml")


@rule(RE_M_AND_N.saying("notes changed and copied afterwards were criticised"), never=True)
def changed_since_finished(as_of: AsOf) -> Iterator[Problem]:
    """A record that was final is not what it was when it was finished.

    What others have read and relied on must not change under them. What is new or was wrong is
    added, with who, when and why, so that both versions can be read.
    """
    seals = {seal.id: seal for seal in as_of.file.seals}
    for record in as_of.file.records:
        seal = seals.get(record.key)
        if seal is None or not record.is_where_its_id_says:
            continue
        if record.status == "draft":
            where = record.at("status", value=True)
            message = f"{record.key} was finished on {seal.day}, and is called a draft"
            yield Problem(where, message, "write `status: final`, and add with `arpc amend`")
        elif seal.digest != meaning.digest(record.data, record.kind.living):
            changed = meaning.changed_fields(seal.fields, record.data, record.kind)
            if changed:
                message = f"{', '.join(changed)} changed after {seal.day}, when it was finished"
                hint = (
                    "put back what stood there (`git diff` shows it); `arpc amend` adds what is new"
                )
                yield Problem(record.at(changed[0]), message, hint)


@rule(RECORDING.saying("originals are kept"), never=True)
def final_record_gone(as_of: AsOf) -> Iterator[Problem]:
    """A record that was final is not there any more.

    Nothing that was finished is ever thrown away: what was misfiled is moved, what was wrong is
    amended or superseded.
    """
    there = {record.key for record in as_of.file.records} | {d.id for d in as_of.file.damaged}
    moved = set(as_of.file.case.moved_out)
    for seal in as_of.file.seals:
        if seal.id not in there and seal.id not in moved:
            hint = "bring it back, or move it with `arpc move` if it was misfiled"
            yield Problem(seal.at("id", value=True), f"{seal.id} is gone", hint)


@rule(INFERENCE, Severity.WARNING)
def called_final_by_hand(as_of: AsOf) -> Iterator[Problem]:
    """A record is called final, and was never finished.

    `arpc finish` looks whether all is there and keeps what the record then meant, so that a later
    change can be seen.
    """
    sealed = {seal.id for seal in as_of.file.seals}
    for record in as_of.file.records:
        if record.is_final and record.key not in sealed:
            hint = f"write `status: draft`, then `arpc finish {record.key}`"
            yield Problem(record.at("status", value=True), "nobody finished this record", hint)


@rule(INFERENCE, never=True)
def two_records_with_one_id(as_of: AsOf) -> Iterator[Problem]:
    """Two records of a case have the same id.

    Two people working apart gave it twice, or a program that copies files made a second one. A citation of it
    could mean either record.
    """
    first: dict[str, Record] = {}
    for record in as_of.file.records:
        if record.id in first:
            other = first[record.id].doc.file.rpartition("/")[2]
            newer = record.doc.file.rpartition("/")[2]
            hint = f"if it is a copy, bring what differs into {other}, then delete it"
            if _NUMBERED.fullmatch(newer):
                hint += f"; if not, `arpc renumber {newer}` gives the unfinished one another id"
            yield Problem(record.at("id", value=True), f"{other} has the id {record.id} too", hint)
        first.setdefault(record.id, record)
