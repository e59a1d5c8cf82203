"""The practice rules: one function each, grouped by subject, in the order in which they are listed.

To add one: write the function in its subject's module, then its folder in examples/rules/. A new
subject is one more name here.
"""

from arpc.provisions import collect_rules
from arpc.rules import (
    adults,
    analysis,
    arrangements,
    attached,
    basis,
    carer,
    child,
    child_sessions,
    childs_part,
    closing,
    completeness,
    consent,
    copies,
    dates,
    eligibility,
    evidence,
    final_records,
    follow_up,
    issued,
    judgement,
    moved_evidence,
    oversight,
    recommendation,
    references,
    safety,
    statements,
    treatment,
    wording,
)

ALL = tuple(
    collect_rules(
        references,
        dates,
        final_records,
        moved_evidence,
        attached,
        statements,
        eligibility,
        consent,
        child,
        child_sessions,
        adults,
        safety,
        arrangements,
        basis,
        evidence,
        carer,
        analysis,
        judgement,
        childs_part,
        recommendation,
        wording,
        oversight,
        issued,
        copies,
        treatment,
        follow_up,
        closing,
        completeness,
    )
)
BY_ID = {rule.id: rule for rule in ALL}
