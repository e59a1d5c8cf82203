"""Answers: a finding that somebody has looked at and that is right as it is.

An answer names the rule and the place, and keeps a fingerprint of what was answered: the value that
stood there, and the dates and ids that the finding named. When either changes, the finding is back.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from arpc import ledgers, meaning, rules, writer
from arpc.casefile import IncompleteError
from arpc.errors import ArpcError
from arpc.findings import Finding, Gate, Pointer
from arpc.provisions import AsOf, Rule, run_rules
from arpc.records import Answered, Record

_FACTS = re.compile(
    r"\b(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[A-Z]-[0-9]{2,4}(?:#[A-Z][0-9]{1,3})?|[A-Z][0-9]{1,3})\b"
)


class Place(NamedTuple):
    """Where a finding stands, as people name it, and what it was about."""

    at: str
    """A record or an entry of it: "N-007#S3", "P-04", "case"."""
    fingerprint: str


class Sorted(NamedTuple):
    """What rules found in a case, parted by whether it was answered."""

    standing: list[Finding]
    answered: list[tuple[Finding, Answered]]


def sort(findings: Iterable[Finding], as_of: AsOf) -> Sorted:
    """Part what rules found into what stands and what was answered and has not changed since."""
    try:
        answers = {(a.rule, a.place, a.fingerprint): a for a in as_of.file.answers}
    except IncompleteError:
        answers = {}
    if not answers:
        return Sorted(list(findings), [])
    earlier = {(a.rule, a.place) for a in answers.values()}
    records = {record.doc.file: record for record in as_of.file.records}
    found = Sorted([], [])
    for finding in findings:
        rule = rules.BY_ID.get(finding.rule)
        place = _place(finding, records, as_of.today)
        answer = answers.get((finding.rule, *place)) if rule and not rule.never else None
        if answer:
            found.answered.append((finding, answer))
        elif rule and not rule.never and (finding.rule, place.at) in earlier:
            hint = f"what was answered here has changed since; {finding.hint}".rstrip("; ")
            found.standing.append(finding._replace(hint=hint))
        else:
            found.standing.append(finding)
    return found


def answerable(as_of: AsOf) -> list[tuple[str, str, str]]:
    """The findings that may be answered, those that count first before others: rule, place, finding."""
    records = {record.doc.file: record for record in as_of.file.records}
    open_to_answers = [rule for rule in rules.ALL if not rule.never]
    standing = sort(run_rules(open_to_answers, as_of), as_of).standing
    return [
        (found.rule, _place(found, records, as_of.today).at, found.message)
        for found in sorted(standing, key=lambda found: (list(Gate).index(found.gate), found))
        if found.rule in rules.BY_ID
    ]


def answer(
    folder: Path,
    as_of: AsOf,
    rule_id: str,
    at: str,
    *,
    reason: str,
    agreed_by: str,
    by: str,
) -> list[Finding]:
    """Write down the answer to what a rule finds at a place; return what was answered.

    Raises:
        ArpcError: There is no such rule or finding, or the rule cannot be answered away.
    """
    rule = _rule(rule_id)
    records = {record.doc.file: record for record in as_of.file.records}
    found = [(f, _place(f, records, as_of.today)) for f in run_rules([rule], as_of)]
    here = [(f, place) for f, place in found if place.at == at or not at]
    if not here:
        places = ", ".join(sorted({place.at for _, place in found}))
        hint = f"it is found at {places}" if places else "it is not found in this case at all"
        raise ArpcError(f"{rule_id} finds nothing at {at or 'any place'}", hint)
    if not at and len({place.at for _, place in here}) > 1:
        places = ", ".join(sorted({place.at for _, place in here}))
        raise ArpcError("it is found in several places", f"name one with `--at`: {places}")
    entries = [
        {
            "rule": rule_id,
            "at": place.at,
            "is": place.fingerprint,
            "reason": reason,
            **({"agreed_by": agreed_by} if agreed_by else {}),
            "by": by,
            "date": as_of.today.isoformat(),
        }
        for _, place in here
    ]
    with writer.locked(folder):
        ledgers.put(
            folder,
            "answers",
            entries,
            lambda old: (old.get("rule"), old.get("at")) == (rule_id, here[0][1].at),
        )
    return [finding for finding, _ in here]


def _rule(rule_id: str) -> Rule:
    rule = rules.BY_ID.get(rule_id)
    if rule is None:
        raise ArpcError("there is no such rule", "`arpc explain` lists them")
    if rule.never:
        raise ArpcError(f"{rule_id} cannot be answered away", "it has to be put right")
    return rule


def _place(finding: Finding, records: Mapping[str, Record], today: date) -> Place:
    record = records.get(finding.where.file)
    facts = [f for f in _FACTS.findall(finding.message) if not _is(today, f)]
    if record is None:
        return Place("case", meaning.fingerprint(facts))
    pointer = finding.where.pointer
    value = meaning.fingerprint([_value(record.data, pointer), sorted(facts)])
    return Place("#".join([record.key, *_entry(record, pointer)]), value)


def _is(day: date, fact: str) -> bool:
    try:
        return date.fromisoformat(fact) == day
    except ValueError:
        return False


def _entry(record: Record, pointer: Pointer) -> Iterator[str]:
    """The id of the entry that a pointer leads into, if it has one."""
    inside = _value(record.data, pointer[:2])
    if isinstance(inside, Mapping) and isinstance(inside.get("id"), str):
        yield inside["id"]


def _value(data: Any, pointer: Pointer) -> Any:
    """What stands at a pointer, None where nothing does."""
    for step in pointer:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
