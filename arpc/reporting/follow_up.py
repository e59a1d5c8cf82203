"""A follow-up as a report to the referring professionals: what is so now, beside what was judged then.

The notes of the calls and meetings are left out; what was learnt stands under the areas asked about.
"""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.ids import Citation, parse_citation
from arpc.provisions import AsOf
from arpc.records import Followup
from arpc.reporting import added, after, people, weighing
from arpc.reporting.copies import Copy
from arpc.reporting.evidence import Evidence
from arpc.reporting.front import HANDLING, front_matter
from arpc.reporting.model import BLANK, NONE, NOT_RECORDED, FollowUpReport, Pair, Row, day_words
from arpc.reporting.people import name_of, plain

TITLE = "Follow-up report"
TEMPLATE = "follow-up.md.j2"
POINTS = {
    "referrer_3m": "three months after the report, the referring professionals asked",
    "referrer_6m": "six months after the report, the referring professionals asked",
    "referrer_12m": "twelve months after the report, the referring professionals asked",
    "meeting_3y": "meeting after three years",
    "meeting_5y": "meeting after five years",
}
AREAS = {
    "new_allegation_or_behaviour": "A new allegation, or behaviour that gives concern",
    "investigation_or_charge": "An investigation or a charge",
    "conviction": "A conviction",
    "contact_now": "Contact between the man and the child now",
    "household": "A change of household, a new child or partner",
    "agreement_kept": "Whether the agreement is kept",
    "plan_status": "The child's plan or order",
    "recommendations_done": "Whether the recommendations were carried out",
    "services_received": "Whether services were received",
    "carer_protecting": "Whether the carer protects",
    "child_safe_and_view": "Whether the child is safe, and the child's view",
    "his_situation": "The man's situation: work, supports, strain",
    "further_help": "Whether further help is needed",
}
HARM = {
    "none_known": "none known",
    "offence_related_behaviour": "behaviour related to offending",
    "allegation": "an allegation",
    "charge": "a charge",
    "conviction": "a conviction",
}
_ANSWERS = {"yes": "yes", "no": "no", "not_known": "not known", "not_asked": "not asked"}
_GLOSSARY = (
    (
        "None known",
        "Nobody who was asked knows of harm. It does not say that there was none: most harm of this kind "
        "is never reported.",
    ),
    (
        "Behaviour related to offending",
        "What agencies know of that is like the alleged harm or leads towards it, whether or not "
        "anybody was charged.",
    ),
    NOT_RECORDED,
    ("Not asked", "The follow-up did not ask about it, so it says nothing of it either way."),
)


def choose(file: CaseFile, wanted: str) -> Followup:
    """Return the follow-up `wanted`, or the last one that is done where none is named.

    Raises:
        ArpcError: There is none.
    """
    found = [f for f in file.followups if f.is_current and (not wanted or f.id == wanted)]
    ended = [f for f in found if f.done or f.not_done]
    if not found:
        what = f"there is no follow-up {wanted}" if wanted else "there is no follow-up yet"
        raise ArpcError(what, "`arpc due-followups` says when each falls due")
    return max(ended or found, key=lambda f: f.on)


def build(copy: Copy, followup: Followup) -> FollowUpReport:
    """Compute the report of one follow-up."""
    as_of = copy.seen
    file = as_of.file
    evidence = Evidence(as_of)
    analysis = file.analysis
    areas = tuple(_areas(file, followup, evidence))
    return FollowUpReport(
        matter=front_matter(
            copy, TITLE, author=followup.author, status="" if followup.is_final else "DRAFT"
        ),
        cover=tuple(_cover(copy, followup)),
        not_done=_not_done(as_of, followup),
        harm=HARM.get(followup.harm, BLANK),
        reassess={"yes": "yes", "no": "no"}.get(followup.reassess, BLANK),
        areas=areas,
        not_known=tuple(
            f"{label}: {answer}" for (label, answer, *_), _ in areas if answer not in ("yes", "no")
        ),
        risks=weighing.risk_rows(file, analysis) if analysis else (),
        contact_recommended=tuple(weighing.contact_rows(file, analysis)) if analysis else (),
        contact=people.contact_rows(as_of, only_now=True),
        actions=tuple(weighing.action_rows(file, analysis)) if analysis else (),
        earlier=tuple(_earlier(file, followup)),
        attempts=tuple(
            Row((day_words(a.day) or BLANK, _who(file, a.who), a.how or BLANK, a.result or BLANK))
            for a in followup.attempts
        ),
        follow_ups=tuple(after.follow_ups(as_of, is_draft=copy.is_draft)),
        authors=tuple(after.authors(as_of, followup.author)),
        evidence=evidence.index(),
        glossary=tuple(Pair(*entry) for entry in _GLOSSARY),
        notes=tuple(evidence.notes),
    )


def _cover(copy: Copy, followup: Followup) -> Iterator[Pair]:
    as_of, file = copy.seen, copy.seen.file
    issue = file.first_issue
    yield Pair("Service", as_of.service.name or BLANK)
    yield from people.whose(as_of)
    yield Pair("Which follow-up", f"{followup.id}: {POINTS.get(followup.point, BLANK)}")
    yield Pair("Done", day_words(followup.done) or BLANK)
    names = ", ".join(name_of(file, who) for who in followup.who)
    yield Pair("Who answered or was met", names or NONE)
    yield Pair("The assessment", f"issued {day_words(issue.on)}" if issue else "no issue recorded")
    yield from added.pairs(as_of, followup)
    yield Pair("Handling", f"For {copy.for_whom}. {HANDLING}")


def _not_done(as_of: AsOf, followup: Followup) -> str:
    if not followup.not_done:
        return ""
    why = followup.not_done_why or "Nothing more is recorded."
    return (
        f"Reason: {plain(followup.not_done)}. {why} {people.agreed_by(as_of, followup.agreed_by)}"
    )


def _areas(file: CaseFile, followup: Followup, evidence: Evidence) -> Iterator[Row]:
    """Every area, in the order of the schema, whether or not it was asked about."""
    asked = {area.area: area for area in followup.areas}
    for name, label in AREAS.items():
        area = asked.get(name)
        if area is None:
            yield Row((label, BLANK, "", ""))
            continue
        told_by = ", ".join(name_of(file, who) for who in area.source if who.startswith("P-"))
        note = evidence.note(_sources(area.source), followup)
        answer = _ANSWERS.get(area.answer, BLANK)
        yield Row((label, answer, told_by, area.text or BLANK), note)


def _sources(words: tuple[str, ...]) -> Iterator[Citation]:
    """What is cited besides people, who stand in the table by name."""
    for word in words:
        citation = parse_citation(word)
        if citation and not word.startswith("P-"):
            yield citation


def _earlier(file: CaseFile, followup: Followup) -> Iterator[Row]:
    for other in file.followups:
        if other is followup or not (other.done or other.not_done) or other.on > followup.on:
            continue
        state = day_words(other.done) or f"not done: {plain(other.not_done)}"
        harm = HARM.get(other.harm, BLANK) if other.done else ""
        yield Row((other.id, POINTS.get(other.point, BLANK), state, harm))


def _who(file: CaseFile, who: str) -> str:
    """Whom an attempt was to reach: a person of the case by name, or as it was written."""
    return name_of(file, who) if who else BLANK
