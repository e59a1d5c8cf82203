"""Records as rules, clocks and reports see them: typed, read-only, made only as far as asked.

A class here lists what the code reads of a kind; the schema in `schemas/` lists everything there is.
"""

from arpc.kinds import Kind
from arpc.records.analysis import (
    Analysis,
    Answer,
    CarerView,
    ChildView,
    ContactView,
    CopyWords,
    Fact,
    Factor,
    Gap,
    Hypothesis,
    Judgement,
    Letter,
    Recommendation,
    Tool,
)
from arpc.records.base import (
    Entries,
    Entry,
    Leaf,
    Read,
    Record,
    Statement,
    entries_with_ids,
    is_blank,
)
from arpc.records.family import Arrangement, Breach, Member, Order, Person, Plan, Relation
from arpc.records.ledgers import (
    Answered,
    AnswersLedger,
    ConfirmationsLedger,
    FinishedLedger,
    ReadCitation,
    Seal,
)
from arpc.records.outcome import (
    Area,
    Attempt,
    Copy,
    Feedback,
    Followup,
    Goal,
    IssuedReport,
    Meeting,
    Treatment,
)
from arpc.records.referral import (
    Basis,
    Case,
    Consent,
    Event,
    Exemption,
    Position,
    PreviousAssessment,
    Question,
    Recheck,
    Referral,
    Shared,
)
from arpc.records.work import (
    Action,
    AlsoPresent,
    Decision,
    Document,
    Escalation,
    ReportOfConcern,
    Session,
    Supervision,
)
from arpc.yamldoc import YamlDoc

__all__ = [
    "CLASSES",
    "LEDGERS",
    "Action",
    "AlsoPresent",
    "Analysis",
    "Answer",
    "Answered",
    "AnswersLedger",
    "Area",
    "Arrangement",
    "Attempt",
    "Basis",
    "Breach",
    "CarerView",
    "Case",
    "ChildView",
    "ConfirmationsLedger",
    "Consent",
    "ContactView",
    "Copy",
    "CopyWords",
    "Decision",
    "Document",
    "Entries",
    "Entry",
    "Escalation",
    "Event",
    "Exemption",
    "Fact",
    "Factor",
    "Feedback",
    "FinishedLedger",
    "Followup",
    "Gap",
    "Goal",
    "Hypothesis",
    "IssuedReport",
    "Judgement",
    "Leaf",
    "Letter",
    "Meeting",
    "Member",
    "Order",
    "Person",
    "Plan",
    "Position",
    "PreviousAssessment",
    "Question",
    "Read",
    "ReadCitation",
    "Recheck",
    "Recommendation",
    "Record",
    "Referral",
    "Relation",
    "ReportOfConcern",
    "Seal",
    "Session",
    "Shared",
    "Statement",
    "Supervision",
    "Tool",
    "Treatment",
    "entries_with_ids",
    "is_blank",
    "make",
]

CLASSES: tuple[type[Record], ...] = (
    Case,
    Referral,
    Person,
    Basis,
    Consent,
    Session,
    Document,
    Arrangement,
    Escalation,
    Supervision,
    Analysis,
    IssuedReport,
    Treatment,
    Followup,
)
LEDGERS: tuple[type[Record], ...] = (FinishedLedger, ConfirmationsLedger, AnswersLedger)
_BY_NAME = {cls.of: cls for cls in (*CLASSES, *LEDGERS)}


def make(doc: YamlDoc, kind: Kind) -> Record:
    """Return the typed view of a document that satisfies the schema of `kind`."""
    return _BY_NAME[kind.name](doc, kind)
