"""The copy for the supervisor: whether the work is sound, without anybody's name or words.

What is still asked, what falls due, how dense the evidence is; and, for every copy that can be made of
the case, what it leaves out and why. It stays within the service.
"""

from collections.abc import Iterable, Iterator

from arpc import answering, audiences, due, provisions, rules
from arpc.audiences import Left, Reader
from arpc.findings import Finding, Gate
from arpc.provisions import AsOf
from arpc.records import Analysis, Statement
from arpc.reporting import assessment
from arpc.reporting.copies import Copy
from arpc.reporting.front import front_matter
from arpc.reporting.model import BLANK, Pair, ReviewReport, Row, day_words

TITLE = "Review of the work"
TEMPLATE = "review.md.j2"
_GATES = {
    Gate.NOW: "now",
    Gate.FINISH: "before a record is finished",
    Gate.ISSUE: "before a report is issued",
    Gate.CLOSE: "before the case is closed",
}


def build(copy: Copy) -> ReviewReport:
    """Compute the review of a case."""
    whole = copy.whole
    analysis = assessment.analysis_of(whole)
    found = answering.sort(provisions.run_rules(rules.ALL, whole), whole)
    return ReviewReport(
        matter=front_matter(copy, TITLE, author=whole.file.case.lead, status=""),
        cover=tuple(_cover(copy)),
        asked=tuple(_asked(finding) for finding in sorted(found.standing, key=_urgency)),
        answered=tuple(
            Row((finding.rule, given.place, day_words(given.day)))
            for finding, given in found.answered
        ),
        due=tuple(
            Row((day_words(item.due.by), item.due.what, item.state))
            for item in due.within(due.what_is_due(whole), 90)
        ),
        damaged=tuple(damaged.id for damaged in whole.file.damaged),
        evidence=tuple(_density(whole, analysis)),
        left_out=tuple(_left_out(whole)),
    )


def _cover(copy: Copy) -> Iterator[Pair]:
    case = copy.whole.file.case
    service = copy.whole.service
    yield Pair("Service", service.name or BLANK)
    yield Pair("Lead practitioner", service.staff_member(case.lead).name)
    yield Pair("Manager", service.staff_member(case.manager).name if case.manager else BLANK)
    yield Pair("Stage", copy.whole.stage.replace("_", " "))
    yield Pair("Handling", "Stays within the service. Nobody of the family is named in it.")


def _asked(finding: Finding) -> Row:
    return Row((_GATES[finding.gate], finding.severity.value, str(finding.where), finding.message))


def _urgency(finding: Finding) -> tuple[int, Finding]:
    return (list(Gate).index(finding.gate), finding)


def _density(as_of: AsOf, analysis: Analysis) -> Iterator[Row]:
    """How much each part of the analysis rests on, and on how many people's words or papers."""
    parts = {
        "Answers": [a.rests_on for a in analysis.answers],
        "Factors": [f.rests_on for f in analysis.factors],
        "Explanations, for": [h.speaks_for for h in analysis.hypotheses],
        "Explanations, against": [h.speaks_against for h in analysis.hypotheses],
        "Judgements": [j.rests_on for j in analysis.judgements],
    }
    for part, entries in parts.items():
        cited = [citation for entry in entries for citation in entry]
        records = {citation.record or citation.entry for citation in cited}
        bare = sum(not entry for entry in entries)
        yield Row((part, str(len(entries)), str(len(cited)), str(len(records)), str(bare)))
    statements = list(as_of.file.statements())
    used = {r.cites for r in as_of.file.readings} if not as_of.file.damaged else set()
    unused = sum(isinstance(s, Statement) and s.citation not in used for s in statements)
    yield Row(("Statements in the case", str(len(statements)), "", "", f"{unused} not cited"))


def _left_out(as_of: AsOf) -> Iterator[Row]:
    """What each copy leaves out and why: records and statements by their ids, alike ones together."""
    for reader in audiences.readers(as_of.file):
        if not reader.audience.sees_names:
            continue
        if reader.audience.name == "child":
            yield Row(
                (_called(reader), "all but the letter", "a child's letter is written for the child")
            )
            continue
        _, left = audiences.view(as_of.file, reader)
        if not left:
            yield Row((_called(reader), "nothing", ""))
        for why, what in _by_reason(left):
            yield Row((_called(reader), ", ".join(_short(what)), why))


def _called(reader: Reader) -> str:
    return " ".join(filter(None, (reader.audience.name, reader.person)))


def _by_reason(left: Iterable[Left]) -> Iterator[tuple[str, list[str]]]:
    for why in dict.fromkeys(entry.why for entry in left):
        yield why, [entry.what for entry in left if entry.why == why]


def _short(what: Iterable[str]) -> Iterator[str]:
    """Citations, with each record named once: "J-01#F1", "F2", "N-004#S7"."""
    before = ""
    for citation in what:
        record, _, entry = citation.partition("#")
        yield entry if entry and record == before else citation
        before = record
