"""The rulebook: every rule and clock as a document that a manager can read and sign."""

import inspect
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, TypeVar

from arpc import __version__, clocks, rules, threats
from arpc.findings import Gate
from arpc.provisions import Clock, Provision, Rule, Stage
from arpc.service import Service

P = TypeVar("P", Rule, Clock)
GATES = {
    Gate.NOW: "at once",
    Gate.FINISH: "when a record is finished",
    Gate.ISSUE: "before a report is issued",
    Gate.CLOSE: "before the case is closed",
}


def to_markdown(service: Service) -> str:
    """Return the rulebook as Markdown, with what the service holds to more strictly."""
    blocks = [
        "# Rules and clocks",
        f"What arpc {__version__} asks of case records, why, and where that comes from. A rule finds "
        "something in a record; a clock says by when something is to be done. What is marked as our "
        "inference was not read in a source. Nothing here scores risk or decides anything.",
        f"{len(rules.ALL)} rules, {len(clocks.ALL)} clocks.",
        "## Rules",
        *_by_subject(rules.ALL, lambda rule: rule_facts(rule, service)),
        "## Clocks",
        *_by_subject(clocks.ALL, clock_facts),
        "## A sealed case opened without arpc",
        "Kept here in print for the day on which this program is gone.",
        f"```python\n{threats.opening_program()}```",
        "## Read and agreed",
        "| Name | Post | Date | Signature |\n| :-- | :-- | :-- | :-- |\n|  |  |  |  |\n|  |  |  |  |",
    ]
    return "\n\n".join(blocks) + "\n"


def to_json(service: Service) -> str:
    """Return the rulebook as JSON."""

    def described(provision: Provision[Any], facts: Iterable[tuple[str, str]]) -> dict[str, str]:
        head = {"id": provision.id, "title": provision.title, "why": _prose(provision.rationale)}
        return {**head, **{label.lower().replace(" ", "_"): text for label, text in facts}}

    document = {
        "arpc": __version__,
        "rules": [described(rule, rule_facts(rule, service)) for rule in rules.ALL],
        "clocks": [described(clock, clock_facts(clock)) for clock in clocks.ALL],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def rule_facts(rule: Rule, service: Service) -> Iterator[tuple[str, str]]:
    """Yield what there is to say of a rule besides its title and reason."""
    severity, gate = rule.severity_in(service), rule.gate_in(service)
    stricter = (
        " (stricter in this service)" if (severity, gate) != (rule.severity, rule.gate) else ""
    )
    yield "Severity", f"{severity}{stricter}"
    yield "Counts", GATES[gate]
    yield "Stages", _stages(rule)
    yield "Can be answered", _answerable(rule)
    yield from _source(rule)


def clock_facts(clock: Clock) -> Iterator[tuple[str, str]]:
    """Yield what there is to say of a clock besides its title and reason."""
    yield "Owner", clock.owner
    yield "Kind", "hard: it is never moved" if clock.hard else "advisory: a reason is enough"
    yield "Counts", "working days" if clock.working_days else "calendar days"
    yield "Stages", _stages(clock)
    yield "Nations", ", ".join(sorted(clock.nations)) if clock.nations else "all"
    yield from _source(clock)


def _answerable(rule: Rule) -> str:
    if rule.never:
        return "no: it has to be put right"
    return "yes, and the report says so among its limits" if rule.limits else "yes, with a reason"


def _source(provision: Provision[Any]) -> Iterator[tuple[str, str]]:
    yield "Source", str(provision.source)
    if provision.source.to_check:
        yield "To be checked", provision.source.to_check


def _stages(provision: Provision[Any]) -> str:
    if provision.stages is None:
        return "all"
    return ", ".join(s.value.replace("_", " ") for s in Stage if s in provision.stages)


def subject(provision: Provision[Any]) -> str:
    """What a rule or clock is about: the first line of its module."""
    module = sys.modules[provision.run.__module__].__doc__ or ""
    return module.partition("\n")[0].rstrip(".")


def _by_subject(
    provisions: Iterable[P], facts: Callable[[P], Iterable[tuple[str, str]]]
) -> Iterator[str]:
    """Each subject under its own title."""
    for title, group in groupby(provisions, subject):
        yield f"### {title}"
        for provision in group:
            yield from _described(provision, facts(provision))


def _described(provision: Provision[Any], facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"#### {provision.title}"
    yield f"`{provision.id}`"
    yield _prose(provision.rationale)
    yield "\n".join(f"- {label}: {text}" for label, text in facts)


def _prose(text: str) -> str:
    return " ".join(inspect.cleandoc(text).split())
