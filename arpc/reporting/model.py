"""What templates see: plain values, all computed, in the order in which they are printed."""

from typing import NamedTuple, Protocol

from arpc.document.matter import MONTHS, FrontMatter
from arpc.document.matter import day_words as day_words

BLANK = "not recorded"
"""A field in which nothing is written; what it would say, nobody may guess from that."""
NONE = "none recorded"
"""A list of records, or in a record, that holds nothing."""
NOT_RECORDED = (
    "Not recorded",
    "Nothing is written of it in the records. That does not say that nobody asked, or that there is nothing.",
)
"""What a glossary says of both."""


class Printable(Protocol):
    """Any report: what its template prints, and what every page says of it."""

    @property
    def matter(self) -> FrontMatter:
        """What every page says of the report."""


class Note(NamedTuple):
    """A footnote: its label in the Markdown and its text."""

    label: str
    text: str
    cites: tuple[str, ...]
    """What it names, in full: "N-004#S3"."""


class Cited(NamedTuple):
    """A text and the label of the footnote that says what it rests on; "" where it has none."""

    text: str
    note: str = ""


class Pair(NamedTuple):
    """A line of a list of facts."""

    label: str
    value: str
    note: str = ""


class Block(NamedTuple):
    """A short list of facts under a title of its own."""

    title: str
    facts: tuple[Pair, ...]


class Words(NamedTuple):
    """Somebody's words, or what was seen of them."""

    text: str
    asked: str
    form: str
    """said, told, observed, states, admitted, found or opinion."""
    id: str
    second_hand: bool = False
    added: tuple[str, ...] = ()
    """What was added about it after the record was final."""


class Meeting(NamedTuple):
    """One session, and what somebody said and showed in it."""

    day: str
    kind: str
    id: str
    words: tuple[Words, ...]
    added: tuple[str, ...] = ()
    """What was added about the whole session after its record was final."""


class Row(NamedTuple):
    """A row of a table; its last cell may carry a footnote."""

    cells: tuple[str, ...]
    note: str = ""


class AnswerView(NamedTuple):
    """A question of the referral and its answer."""

    number: str
    question: str
    short: str
    """The answer in a sentence; "" if none is written."""
    answer: Cited


class PersonSection(NamedTuple):
    """What the report says of one adult."""

    id: str
    name: str
    background: str
    facts: tuple[Pair, ...]
    positions: tuple[Row, ...]
    meetings: tuple[Meeting, ...]


class CarerSection(NamedTuple):
    """What the report says of one carer."""

    person: PersonSection
    knowledge: str
    capacity: Cited
    ability: Cited
    likelihood: Cited
    band: str
    needs: str


class ChildSection(NamedTuple):
    """What the report says of one child."""

    id: str
    name: str
    age: str
    background: str
    facts: tuple[Pair, ...]
    seen: str
    not_seen: str
    """Why the child was not interviewed and what stood in for it; "" if the child was."""
    explained: tuple[Pair, ...]
    """How the use of the child's words was explained: when and whether understood, and the words."""
    meetings: tuple[Meeting, ...]
    trusted: str
    not_tell: str
    impact: Cited
    wishes: Cited
    will_be_told: str


class FactorView(NamedTuple):
    """A risk or protective factor."""

    id: str
    text: Cited
    about: str


class HypothesisView(NamedTuple):
    """One explanation with its balance sheet."""

    id: str
    heading: str
    text: str
    speaks_for: tuple[Cited, ...]
    speaks_against: tuple[Cited, ...]
    none_against: str
    standing: str
    why: str
    would_change: str


class JudgementView(NamedTuple):
    """A judgement in full."""

    id: str
    heading: str
    nature: Cited
    facts: tuple[Pair, ...]
    raised_by: tuple[str, ...]
    lowered_by: tuple[str, ...]
    signs: tuple[str, ...]


class RecommendationView(NamedTuple):
    """A recommendation in full."""

    id: str
    heading: str
    action: str
    facts: tuple[Pair, ...]


class ContactViewed(NamedTuple):
    """The contact recommended for one child."""

    child: str
    form: str
    facts: tuple[Pair, ...]
    note: str


class CourtPart(NamedTuple):
    """What an expert's report holds besides, where a court gave permission for it."""

    facts: tuple[Pair, ...]
    instructions: str
    range: str
    literature: str
    conflicts: str
    duty: str
    truth: str
    author: str


class Report(NamedTuple):
    """The full assessment report."""

    matter: FrontMatter
    cover: tuple[Pair, ...]
    warning: str
    """What must stand on page 1 of a report that does not hold any more; "" if it does."""
    known: str
    """What must stand on page 1 of a report that looks back; "" if it does not."""
    court: CourtPart | None
    # 1 summary
    summary: str
    answers: tuple[AnswerView, ...]
    risks: tuple[Row, ...]
    carers_short: tuple[Row, ...]
    contact_short: tuple[Row, ...]
    actions_short: tuple[Row, ...]
    would_change: tuple[str, ...]
    # 2 who asked
    referral: tuple[Pair, ...]
    reason: str
    contact_now: str
    safety_now: str
    previous: tuple[Row, ...]
    # 3 basis of the assessment
    sessions: tuple[Row, ...]
    absences: tuple[Row, ...]
    read: tuple[Row, ...]
    not_received: tuple[Row, ...]
    consents: tuple[Row, ...]
    tools: tuple[Row, ...]
    # 4 facts and their status
    facts: tuple[Block, ...]
    # 5 family
    people: tuple[Row, ...]
    households: tuple[Row, ...]
    contact: tuple[Row, ...]
    agreements: tuple[Block, ...]
    concerns: tuple[Row, ...]
    turning_points: tuple[Row, ...]
    turning_undated: tuple[Row, ...]
    """Those that have no date."""
    chosen: tuple[Row, ...]
    """The turning points that the practitioner chose, with what each meant; none if none were."""
    # 6 to 8 people
    man: PersonSection | None
    carers: tuple[CarerSection, ...]
    children: tuple[ChildSection, ...]
    others: tuple[PersonSection, ...]
    # 9 analysis
    preconditions: tuple[Pair, ...]
    risk_factors: tuple[FactorView, ...]
    protective_factors: tuple[FactorView, ...]
    hypotheses: tuple[HypothesisView, ...]
    contradictions: str
    culture: str
    # 10 to 13
    judgements: tuple[JudgementView, ...]
    gaps: tuple[Row, ...]
    limits: tuple[str, ...]
    contact_views: tuple[ContactViewed, ...]
    recommendations: tuple[RecommendationView, ...]
    # 14 to 16
    feedback: tuple[Row, ...]
    treatment: tuple[Row, ...]
    follow_ups: tuple[Row, ...]
    authors: tuple[Row, ...]
    supervision: str
    sources: tuple[str, ...]
    # annexes
    chronology: tuple[Row, ...]
    undated: tuple[Row, ...]
    evidence: tuple[Row, ...]
    glossary: tuple[Pair, ...]
    notes: tuple[Note, ...]


class ConferenceReport(NamedTuple):
    """The copy of an assessment for a conference or core group."""

    matter: FrontMatter
    cover: tuple[Pair, ...]
    warning: str
    summary: str
    answers: tuple[AnswerView, ...]
    risks: tuple[Row, ...]
    carers_short: tuple[Row, ...]
    contact_short: tuple[Row, ...]
    actions_short: tuple[Row, ...]
    would_change: tuple[str, ...]
    facts: tuple[Block, ...]
    children: tuple[ChildSection, ...]
    preconditions: tuple[Pair, ...]
    risk_factors: tuple[FactorView, ...]
    protective_factors: tuple[FactorView, ...]
    hypotheses: tuple[HypothesisView, ...]
    contradictions: str
    culture: str
    judgements: tuple[JudgementView, ...]
    gaps: tuple[Row, ...]
    limits: tuple[str, ...]
    contact_views: tuple[ContactViewed, ...]
    recommendations: tuple[RecommendationView, ...]
    told: tuple[Row, ...]
    """With whom of the family it was gone through, and how each child is told."""
    told_by: tuple[Row, ...]
    """By when that is to be done."""
    follow_ups: tuple[Row, ...]
    authors: tuple[Row, ...]
    supervision: str
    evidence: tuple[Row, ...]
    glossary: tuple[Pair, ...]
    notes: tuple[Note, ...]


class FamilyReport(NamedTuple):
    """The copy of an assessment for the man or a carer."""

    matter: FrontMatter
    cover: tuple[Pair, ...]
    warning: str
    summary: str
    """What somebody wrote for this reader."""
    answers: tuple[AnswerView, ...]
    sessions: tuple[Row, ...]
    consents: tuple[Row, ...]
    facts: tuple[Block, ...]
    positions: tuple[Row, ...]
    meetings: tuple[Meeting, ...]
    others: tuple[Row, ...]
    risk_factors: tuple[FactorView, ...]
    protective_factors: tuple[FactorView, ...]
    hypotheses: tuple[HypothesisView, ...]
    carers: tuple[Block, ...]
    judgements: tuple[JudgementView, ...]
    agreements: tuple[Block, ...]
    contact_views: tuple[ContactViewed, ...]
    recommendations: tuple[RecommendationView, ...]
    limits: tuple[str, ...]
    feedback: tuple[Row, ...]
    complaints: str
    treatment: tuple[Row, ...]
    follow_ups: tuple[Row, ...]
    authors: tuple[Row, ...]
    glossary: tuple[Pair, ...]


class LetterReport(NamedTuple):
    """A letter to a child."""

    matter: FrontMatter
    dear: str
    parts: tuple[Pair, ...]
    """Each part that was written, under its heading."""
    name: str
    service: str


class ExtractReport(NamedTuple):
    """Stated facts with their sources, for a stated purpose."""

    matter: FrontMatter
    cover: tuple[Pair, ...]
    people: tuple[Row, ...]
    facts: tuple[Block, ...]
    statements: tuple[Row, ...]
    documents: tuple[Row, ...]
    authors: tuple[Row, ...]
    notes: tuple[Note, ...]


class ReviewReport(NamedTuple):
    """Whether the work on a case is sound, without names or words."""

    matter: FrontMatter
    cover: tuple[Pair, ...]
    asked: tuple[Row, ...]
    answered: tuple[Row, ...]
    due: tuple[Row, ...]
    damaged: tuple[str, ...]
    evidence: tuple[Row, ...]
    left_out: tuple[Row, ...]


class FollowUpReport(NamedTuple):
    """What became of a case at one of its follow-ups."""

    matter: FrontMatter
    cover: tuple[Pair, ...]
    not_done: str
    """Why the follow-up was not done; "" if it was, or may still be."""
    harm: str
    reassess: str
    areas: tuple[Row, ...]
    not_known: tuple[str, ...]
    risks: tuple[Row, ...]
    contact_recommended: tuple[Row, ...]
    contact: tuple[Row, ...]
    actions: tuple[Row, ...]
    earlier: tuple[Row, ...]
    attempts: tuple[Row, ...]
    follow_ups: tuple[Row, ...]
    authors: tuple[Row, ...]
    evidence: tuple[Row, ...]
    glossary: tuple[Pair, ...]
    notes: tuple[Note, ...]


class TreatmentReport(NamedTuple):
    """What a treatment set out to change, and what changed."""

    matter: FrontMatter
    cover: tuple[Pair, ...]
    why: str
    conditions: str
    stop_rules: str
    goals: tuple[Block, ...]
    meetings: tuple[Row, ...]
    ended: str
    outcome: str
    risks: tuple[Row, ...]
    """The judgement made afterwards; none if there is none yet."""
    authors: tuple[Row, ...]


class ChronologyReport(NamedTuple):
    """A case in order of time."""

    matter: FrontMatter
    cover: tuple[Pair, ...]
    events: tuple[Row, ...]
    undated: tuple[Row, ...]
    """What is recorded without a date that can be placed."""
    chosen: tuple[Row, ...]
    """In the practitioner's chosen form: each with what it meant; then `events` are none."""


def recorded(text: str) -> str:
    """Return prose as it is recorded, or that none is."""
    return text or f"{BLANK.capitalize()}."


def times(count: int) -> str:
    """Return how often, in words: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def partial_words(text: str) -> str:
    """Return a date as exact as it is known: "1998", "June 1998" or "4 June 1998"."""
    parts = text.split("-")
    if len(parts) == 1 or not all(part.isdigit() for part in parts):
        return text
    month = MONTHS[int(parts[1]) - 1]
    return " ".join([*([str(int(parts[2]))] if len(parts) > 2 else []), month, parts[0]])
