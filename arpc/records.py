"""Records as rules, clocks and reports see them: typed, read-only, made only as far as asked.

A class here lists what the code reads of a kind; the schema in `schemas/` lists everything there is.
Blank and empty values read as None or (), since both mean "not yet written".
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from arpc.findings import Location, Pointer
from arpc.ids import Citation, parse_citation
from arpc.kinds import STATEMENT_KEYS, Kind
from arpc.yamldoc import YamlDoc

T = TypeVar("T")
E = TypeVar("E", bound="Entry")


class Read(Generic[T]):
    """A field of an `Entry`: which key it reads and how; a test checks the key against the schema."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    @overload
    def __get__(self, entry: None, owner: type["Entry"]) -> Self: ...
    @overload
    def __get__(self, entry: "Entry", owner: type["Entry"]) -> T: ...
    def __get__(self, entry: "Entry | None", owner: type["Entry"]) -> Self | T:
        if entry is None:
            return self
        value: Any = entry.data
        for key in self.keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return self.convert(value, entry)

    def convert(self, value: Any, entry: "Entry") -> T:
        """Turn what the file holds, or None, into what the code wants."""
        raise NotImplementedError


class Text(Read[str]):
    """A text or word, "" where nothing is written."""

    def convert(self, value: Any, entry: "Entry") -> str:
        """Return the text without white space around it."""
        return "" if value is None else str(value).strip()


class Day(Read[date | None]):
    """A day; None where nothing is written or only the year or month is known."""

    def convert(self, value: Any, entry: "Entry") -> date | None:
        """Return the day."""
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None


class Moment(Read[datetime | None]):
    """A day and time of day, as the clock on the wall showed it."""

    def convert(self, value: Any, entry: "Entry") -> datetime | None:
        """Return the moment, without a zone."""
        return datetime.fromisoformat(value) if value else None


class Number(Read[int | None]):
    """A whole number."""

    def convert(self, value: Any, entry: "Entry") -> int | None:
        """Return the number."""
        return value if isinstance(value, int) else None


class Words(Read[tuple[str, ...]]):
    """A list of texts, words or ids."""

    def convert(self, value: Any, entry: "Entry") -> tuple[str, ...]:
        """Return the list, () where nothing is written."""
        return tuple(str(item).strip() for item in value or ())


class Citations(Read[tuple[Citation, ...]]):
    """A list of citations, or a single one."""

    def convert(self, value: Any, entry: "Entry") -> tuple[Citation, ...]:
        """Return what is cited, a bare entry id read as one of this record."""
        items = value if isinstance(value, list) else [value] if value else []
        return tuple(c for item in items if (c := parse_citation(str(item))))


class Entries(Read[tuple[E, ...]]):
    """A list of mappings, or the one mapping at a key."""

    def __init__(self, key: str, make: type[E]) -> None:
        super().__init__(key)
        self.make = make

    def convert(self, value: Any, entry: "Entry") -> tuple[E, ...]:
        """Return the entries in the order of the file."""
        return tuple(
            self.make(item, entry.record, (*entry.pointer, self.keys[0], index))
            for index, item in enumerate(value or ())
            if isinstance(item, Mapping)
        )


class Entry:
    """A mapping in a record, and where it stands."""

    __slots__ = ("data", "pointer", "record")
    id = Text("id")

    def __init__(self, data: Mapping[str, Any], record: "Record | None", pointer: Pointer) -> None:
        self.data = data
        self.record: Record = record if record is not None else self  # type: ignore[assignment]
        self.pointer = pointer

    def at(self, *steps: str | int, value: bool = False) -> Location:
        """Where a key of this entry stands, or the entry itself."""
        return self.record.doc.locate((*self.pointer, *steps), value=value)

    @property
    def citation(self) -> str:
        """How this entry is cited from anywhere in the case, e.g. "N-007#S3"."""
        own = self.record.id
        return own if self is self.record else f"{own}#{self.id}"

    def written(self, *keys: str) -> bool:
        """Whether anything is written at `keys`."""
        value: Any = self.data
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return not is_blank(value)


def is_blank(value: Any) -> bool:
    """Whether a value means "not yet written": nothing, white space, or only such things inside."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_blank(item) for item in value.values())
    if isinstance(value, list):
        return all(is_blank(item) for item in value)
    return value is None


class Record(Entry):
    """One record: a file of a case that satisfies its schema."""

    __slots__ = ("doc", "kind")
    of: ClassVar[str] = ""
    author = Text("author")
    status = Text("status")
    not_for = Words("not_for")

    def __init__(self, doc: YamlDoc, kind: Kind) -> None:
        super().__init__(doc.data, None, ())
        self.doc = doc
        self.kind = kind

    @property
    def on(self) -> date:
        """The record's date, which the schema requires."""
        return date.fromisoformat(self.data["date"])

    @property
    def is_final(self) -> bool:
        """Whether it was finished."""
        return self.status == "final"

    @property
    def is_current(self) -> bool:
        """Whether it was not replaced by another."""
        return self.status != "superseded"


class Statement(Entry):
    """One thing that somebody said, showed or wrote."""

    asked = Text("asked")
    by = Text("by")
    heard = Text("heard")
    about = Words("about")
    share = Text("share")
    not_for = Words("not_for")
    basis = Text("basis")

    @property
    def form(self) -> str:
        """Which kind of evidence it is: said, told, observed...; "" while nothing is written."""
        return next((key for key in STATEMENT_KEYS if self.written(key)), "")

    @property
    def text(self) -> str:
        """What was said, shown or written."""
        return str(self.data.get(self.form) or "").strip()

    @property
    def speaker(self) -> str:
        """Person id of who said it: named, or the one person whom the record is about; or ""."""
        if self.by:
            return self.by
        if self.form in ("observed", "states", "found"):
            return ""
        seen = self.record.data.get("who") or self.record.data.get("from") or []
        seen = seen if isinstance(seen, list) else [seen]
        return str(seen[0]) if len(seen) == 1 and str(seen[0]).startswith("P-") else ""


class Case(Record):
    """One man, one or more children, their carers and one referral."""

    __slots__ = ()
    of = "case"
    nation = Text("nation")
    authority = Text("authority")
    lead = Text("lead")
    second = Text("second")
    manager = Text("manager")
    flags = Words("flags")
    decision = Text("eligibility", "decision")
    decided_on = Day("eligibility", "date")
    closed = Day("closure", "date")
    ordered_by_court = Text("court", "ordered")
    follow_up_from = Text("follow_up_from")
    follow_up_ends = Text("closure", "follow_up_ends")

    @property
    def pauses(self) -> list[tuple[date, date | None]]:
        """Spells in which the work stopped, first and last day."""
        return [(p.first, p.last) for p in self._paused if p.first]

    class Pause(Entry):
        """A spell in which the work stopped."""

        first = Day("from")
        last = Day("to")

    _paused = Entries("paused", Pause)


class Question(Entry):
    """Something the referrer needs answered."""

    ask = Text("ask")


class PreviousAssessment(Entry):
    """An earlier assessment of him or the family."""

    by = Text("by")
    dated = Text("dated")
    conclusion = Text("conclusion")
    document = Text("document")
    not_obtained = Text("not_obtained")


class Referral(Record):
    """What children's services ask."""

    __slots__ = ()
    of = "referral"
    referrer = Text("from")
    urgency = Text("urgency")
    reason = Text("reason")
    questions = Entries("questions", Question)
    contact = Text("contact")
    safety = Text("safety")
    police = Text("police")
    police_checked = Text("police_checked")
    previous = Entries("previous", PreviousAssessment)
    needed_by = Day("needed_by")
    needed_for = Text("needed_for")
    statements = Entries("statements", Statement)


class Relation(Entry):
    """Who a person is to another."""

    to = Text("to")
    word = Text("is")
    since = Text("from")
    until = Text("to_date")


class Plan(Entry):
    """A child's status with children's services."""

    status = Text("status")
    category = Text("category")
    since = Day("from")
    until = Day("to")


class Order(Entry):
    """A court order or bail condition."""

    type = Text("type")
    since = Text("from")
    until = Text("to")
    terms = Text("terms")


class Person(Record):
    """Somebody in the case."""

    __slots__ = ()
    of = "person"
    name = Text("name")
    known_as = Words("known_as")
    alias = Text("alias")
    roles = Words("roles")
    born_text = Text("born")
    born = Day("born")
    due = Day("due")
    died = Text("died")
    sex = Text("sex")
    ethnicity = Text("ethnicity")
    religion = Text("religion")
    languages = Words("languages")
    interpreter = Text("interpreter")
    needs = Text("needs")
    agency = Text("agency")
    background = Text("background")
    relations = Entries("relations", Relation)
    plans = Entries("plans", Plan)
    orders = Entries("orders", Order)
    registration = Text("registration")
    in_scope = Text("in_scope")
    responsibility_for = Words("responsibility_for")

    @property
    def is_man(self) -> bool:
        """Whether he is the man whom the assessment is about."""
        return "man" in self.roles

    @property
    def is_child(self) -> bool:
        """Whether the assessment is about this child."""
        return "child" in self.roles and self.in_scope != "no"

    @property
    def is_carer(self) -> bool:
        """Whether this is a carer who may protect."""
        return "protective_carer" in self.roles


class Position(Entry):
    """What somebody made of an allegation, and when."""

    who = Text("who")
    day = Day("date")
    position = Text("position")
    source = Citations("from")


class Basis(Record):
    """An allegation, finding, caution or conviction."""

    __slots__ = ()
    of = "basis"
    what = Text("what")
    basis_status = Text("basis_status")
    evidence = Citations("evidence")
    by = Text("by")
    first_told = Text("first_told")
    happened = Text("happened")
    child_age = Text("child_age")
    positions = Entries("positions", Position)
    note = Text("note")

    @property
    def is_proved(self) -> bool:
        """Whether a court, a caution or the man himself has settled that it happened."""
        return self.basis_status in ("convicted", "cautioned", "found_by_court", "admitted")


class Consent(Record):
    """What a person was told and agreed to."""

    __slots__ = ()
    of = "consent"
    who = Text("who")
    given_by = Text("given_by")
    take_part = Text("agreed", "take_part")
    contact_agencies = Text("agreed", "contact_agencies")
    share_with_referrer = Text("agreed", "share_with_referrer")
    follow_up_3y = Text("agreed", "follow_up_3y")
    follow_up_5y = Text("agreed", "follow_up_5y")
    understood = Text("understood")
    how = Text("how")
    assent = Text("assent")


class AlsoPresent(Entry):
    """Somebody else in the room."""

    who = Text("who")
    why = Text("why")
    until = Text("until")


class Action(Entry):
    """Something agreed to be done."""

    what = Text("what")
    who = Text("who")
    by = Day("by")
    done = Day("done")


class Session(Record):
    """A meeting or call, or a child not interviewed."""

    __slots__ = ()
    of = "session"
    sort = Text("with")
    who = Words("who")
    where = Text("where")
    time = Text("time")
    present = Entries("present", AlsoPresent)
    attendance = Text("attendance")
    interpreter = Text("interpreter")
    not_seen = Text("not_seen")
    attempts = Text("attempts")
    agreed_by = Text("agreed_by")
    instead = Citations("instead")
    no_substitute = Text("no_substitute")
    alone = Text("alone")
    explained = Text("explained")
    understood = Text("understood")
    tools = Text("tools")
    note = Text("note")
    thinking = Text("thinking")
    no_verbatim = Text("no_verbatim")
    trusted = Words("trusted")
    not_tell = Text("not_tell")
    concern = Text("concern")
    escalation = Text("escalation")
    actions = Entries("actions", Action)
    next = Day("next")
    written_at = Moment("written")
    statements = Entries("statements", Statement)

    @property
    def took_place(self) -> bool:
        """Whether somebody was met."""
        absent = ("did_not_attend", "cancelled_by_person", "cancelled_by_service")
        return not self.not_seen and self.attendance not in (*absent, "declined", "not_brought")


class Document(Record):
    """A document asked for, received and read."""

    __slots__ = ()
    of = "document"
    title = Text("title")
    sender = Text("from")
    type = Text("type")
    dated = Text("dated")
    requested = Day("requested")
    received = Day("received")
    not_received = Text("not_received")
    read_by = Text("read_by")
    read_on = Day("read_on")
    reliability = Text("reliability")
    summary = Text("summary")
    statements = Entries("statements", Statement)


class Member(Entry):
    """Somebody who lives in a household."""

    who = Text("who")
    since = Text("from")
    until = Text("to")


class Breach(Entry):
    """A time at which an arrangement was not kept."""

    day = Day("date")
    what = Text("what")
    source = Citations("source")
    escalation = Text("escalation")


class Arrangement(Record):
    """A household, a contact arrangement or a written agreement."""

    __slots__ = ()
    of = "arrangement"
    type = Text("type")
    until = Day("until")
    name = Text("name")
    address = Text("address")
    members = Entries("members", Member)
    sleeping = Text("sleeping")
    man = Text("man")
    child = Text("child")
    form = Text("form")
    often = Text("often")
    supervisor = Text("supervisor")
    able = Text("able")
    able_because = Citations("able_because")
    rests_on = Text("rests_on")
    parties = Words("parties")
    terms = Words("terms")
    review_by = Day("review_by")
    monitored = Text("monitored")
    if_breached = Text("if_breached")
    note = Text("note")
    breaches = Entries("breaches", Breach)


class ReportOfConcern(Entry):
    """One telling of a concern to somebody who can act."""

    to = Text("to")
    name = Text("name")
    at_time = Moment("at")
    how = Text("how")


class Escalation(Record):
    """A concern passed on."""

    __slots__ = ()
    of = "escalation"
    aware = Moment("aware")
    source = Citations("from")
    type = Text("type")
    children = Words("children")
    safety = Text("safety")
    reported = Entries("reported", ReportOfConcern)
    manager_told = Moment("manager_told")
    decision = Text("decision")
    why = Text("why")
    not_referred_agreed_by = Text("not_referred_agreed_by")
    parents_told = Text("parents_told")
    outcome = Text("outcome")
    closed = Day("closed")


class Decision(Entry):
    """What supervision decided."""

    what = Text("what")
    who = Text("who")
    by = Day("by")
    done = Day("done")


class Supervision(Record):
    """Supervision of the case."""

    __slots__ = ()
    of = "supervision"
    supervisor = Text("supervisor")
    note = Text("note")
    challenge = Text("challenge")
    decisions = Entries("decisions", Decision)


class Answer(Entry):
    """The answer to a question of the referral."""

    question = Text("question")
    answer = Text("answer")
    rests_on = Citations("rests_on")


class Fact(Entry):
    """How an allegation, finding or conviction is treated in an analysis."""

    basis = Text("basis")
    treated_as = Text("treated_as")
    why = Text("why")


class Factor(Entry):
    """What raises risk or protects."""

    kind = Text("kind")
    about = Words("about")
    text = Text("text")
    rests_on = Citations("rests_on")


class Hypothesis(Entry):
    """One explanation, weighed."""

    kind = Text("kind")
    text = Text("text")
    speaks_for = Citations("for")
    speaks_against = Citations("against")
    none_against = Text("none_against")
    would_change = Text("would_change")
    standing = Text("standing")
    why = Text("why")


class Gap(Entry):
    """What is missing, and what that does to the opinion."""

    what = Text("what")
    why = Text("why")
    effect = Text("effect")
    document = Text("document")


class Tool(Entry):
    """A structured tool, by name only."""

    name = Text("name")
    by = Text("by")
    applicable = Text("applicable")
    why = Text("why")


class CarerView(Entry):
    """A carer's capacity, ability and likelihood to protect."""

    who = Text("who")
    knowledge = Text("knowledge")
    capacity = Text("capacity")
    capacity_rests_on = Citations("capacity_rests_on")
    ability = Text("ability")
    ability_rests_on = Citations("ability_rests_on")
    likelihood = Text("likelihood")
    likelihood_rests_on = Citations("likelihood_rests_on")
    band = Text("band")
    needs = Text("needs")


class ChildView(Entry):
    """What it means for one child."""

    child = Text("child")
    impact = Text("impact")
    wishes = Text("wishes")
    rests_on = Citations("rests_on")
    will_be_told = Text("will_be_told")


class Judgement(Entry):
    """A judgement of risk to one child in one scenario, in the practitioner's words."""

    child = Text("child")
    scenario = Text("scenario")
    nature = Text("nature")
    severity = Text("severity")
    likelihood = Text("likelihood")
    circumstances = Text("circumstances")
    imminence = Text("imminence")
    raised_by = Words("raised_by")
    lowered_by = Words("lowered_by")
    signs = Words("signs")
    rests_on = Citations("rests_on")
    assumes = Words("assumes")
    if_not = Text("if_not")
    opinion = Text("opinion")
    would_settle = Text("would_settle")
    confidence = Text("confidence")
    confidence_why = Text("confidence_why")
    valid_until = Day("valid_until")


class ContactView(Entry):
    """The contact recommended for one child."""

    child = Text("child")
    form = Text("form")
    supervisor = Text("supervisor")
    able = Text("able")
    able_because = Citations("able_because")
    conditions = Text("conditions")
    stop = Text("stop")
    rests_on = Citations("rests_on")


class Recommendation(Entry):
    """What should be done, by whom, how, by when, and how we will know."""

    child = Text("child")
    answers = Words("answers")
    action = Text("action")
    who = Text("who")
    how = Text("how")
    by = Day("by")
    measure = Text("measure")
    available = Text("available")
    otherwise = Text("otherwise")
    if_not_done = Text("if_not_done")


class Analysis(Record):
    """What we make of it."""

    __slots__ = ()
    of = "analysis"
    summary = Text("summary")
    answers = Entries("answers", Answer)
    facts = Entries("facts", Fact)
    motivation = Text("preconditions", "motivation")
    internal = Text("preconditions", "internal")
    external = Text("preconditions", "external")
    resistance = Text("preconditions", "child")
    factors = Entries("factors", Factor)
    hypotheses = Entries("hypotheses", Hypothesis)
    contradictions = Text("contradictions")
    gaps = Entries("gaps", Gap)
    culture = Text("culture")
    tools = Entries("tools", Tool)
    carers = Entries("carers", CarerView)
    children = Entries("children", ChildView)
    judgements = Entries("judgements", Judgement)
    contact = Entries("contact", ContactView)
    recommendations = Entries("recommendations", Recommendation)


class Feedback(Entry):
    """Going through the report with somebody."""

    who = Text("who")
    day = Day("date")
    session = Text("session")
    response = Text("response")
    disputed = Text("disputed")
    not_done = Text("not_done")


class IssuedReport(Record):
    """A report that was issued."""

    __slots__ = ()
    of = "report"
    type = Text("type")
    audience = Text("audience")
    version = Number("version")
    analysis = Text("analysis")
    approved_by = Text("approved_by")
    approved_on = Day("approved_on")
    valid_until = Day("valid_until")
    feedback = Entries("feedback", Feedback)
    decided_on = Day("decision", "date")
    decision_contact = Text("decision", "contact")
    replaces = Text("replaces")


class Goal(Entry):
    """What treatment should change."""

    text = Text("text")
    baseline = Text("baseline")
    measure = Text("measure")
    review = Day("review")


class Treatment(Record):
    """Work offered after the assessment."""

    __slots__ = ()
    of = "treatment"
    who = Text("who")
    offer = Text("offer")
    why = Text("why")
    method = Text("method")
    goals = Entries("goals", Goal)
    ended = Day("ended")
    end_reason = Text("end_reason")
    outcome = Text("outcome")


class Attempt(Entry):
    """An attempt to reach somebody."""

    day = Day("date")
    who = Text("who")
    how = Text("how")
    safe = Text("safe")
    result = Text("result")


class Followup(Record):
    """What became of it."""

    __slots__ = ()
    of = "followup"
    point = Text("point")
    attempts = Entries("attempts", Attempt)
    done = Day("done")
    note = Text("note")
    harm = Text("harm")
    reassess = Text("reassess")
    not_done = Text("not_done")
    not_done_why = Text("not_done_why")
    statements = Entries("statements", Statement)


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
_BY_NAME = {cls.of: cls for cls in CLASSES}


def make(doc: YamlDoc, kind: Kind) -> Record:
    """Return the typed view of a document that satisfies the schema of `kind`."""
    return _BY_NAME[kind.name](doc, kind)


def entries_with_ids(record: Record) -> Iterator[tuple[str, Pointer]]:
    """Yield the id and place of every statement or entry in a record that can be cited."""
    for key, value in record.data.items():
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping) and isinstance(item.get("id"), str):
                    yield item["id"], (key, index)
