"""The practice rules: one function each, grouped by subject, in the order in which they are listed.

To add one: write the function in its subject's module, then its folder in tests/rules/. A new
subject is one more name here.
"""

from arpc.provisions import collect_rules
from arpc.rules import (
    analysis,
    carer,
    child,
    completeness,
    dates,
    evidence,
    final_records,
    oversight,
    references,
    safety,
    statements,
    wording,
)

ALL = tuple(
    collect_rules(
        references,
        dates,
        final_records,
        evidence,
        statements,
        child,
        safety,
        carer,
        analysis,
        wording,
        oversight,
        completeness,
    )
)
BY_ID = {rule.id: rule for rule in ALL}
