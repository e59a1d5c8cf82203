"""`arpc validate`: files against their schemas, cases against good practice."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from arpc import answering, provisions, rules
from arpc.findings import Finding, Gate, Given, Severity
from arpc.loading import Loaded
from arpc.provisions import AsOf
from arpc.records import Answered
from arpc.service import Opened, Service

RULES = {
    "no-such-rule": "A rule that the service says it holds to more strictly does not exist.",
    "looser-than-arpc": "A service can hold to a rule more strictly than arpc does, never less.",
}
"""What may be found in a service's own settings of the rules."""


class Checked(NamedTuple):
    """What was found in one case: what stands, and what somebody has answered."""

    findings: list[Finding]
    answered: list[tuple[Finding, Given]]


def check_case(loaded: Loaded, today: date, service: Service) -> Checked:
    """Return every finding in a case: faults of its files, and what the rules find.

    Nothing is said of a case that is locked but that it is.
    """
    if loaded.is_locked:
        return Checked([*loaded.findings], [])
    as_of = AsOf(loaded.file, today, service)
    found = answering.sort(provisions.run_rules(rules.ALL, as_of), as_of)
    answered = [(finding, _given(answer)) for finding, answer in found.answered]
    return Checked([*loaded.findings, *found.standing], answered)


def _given(answer: Answered) -> Given:
    return Given(answer.day, answer.by, answer.agreed_by, answer.at("reason"))


def check_to_finish(loaded: Loaded, today: date, service: Service) -> list[Finding]:
    """Return what may stand in the way of finishing a record, for all that a damaged one hides."""
    as_of = AsOf(loaded.file, today, service)
    asked = [rule for rule in rules.ALL if rule.gate_in(service) is Gate.FINISH]
    found = provisions.run_in_doubt(asked, as_of) if loaded.file.damaged else ()
    return answering.sort(found, as_of).standing


def check_strictness(opened: Opened) -> Iterator[Finding]:
    """Yield what is wrong with the rules that a service says it holds to more strictly."""
    entries = (opened.doc.data.get("rules") if opened.doc else None) or ()
    for index, entry in enumerate(entries):
        rule_id = entry.get("rule") or ""
        where = opened.doc.locate(("rules", index, "rule"), value=True)  # type: ignore[union-attr]
        rule = rules.BY_ID.get(rule_id)
        asked = opened.service.stricter.get(rule_id)
        if rule is None or asked is None:
            hint = "`arpc explain` lists the rules"
            yield Finding(where, "no-such-rule", "there is no rule of that name", hint=hint)
            continue
        if asked.severity and asked.severity is not rule.severity_in(opened.service):
            message = f"{rule_id} is of severity {rule.severity}; a service can only be stricter"
            yield Finding(where, "looser-than-arpc", message, Severity.WARNING)
        if asked.gate and asked.gate is not rule.gate_in(opened.service):
            message = f"{rule_id} counts for gate {rule.gate}; a service can only ask earlier"
            yield Finding(where, "looser-than-arpc", message, Severity.WARNING)
