"""How a case comes in: the case itself, the referral, what it rests on, what people agreed to."""

from datetime import date

from arpc.records.base import (
    Citations,
    Day,
    Entries,
    Entry,
    Moment,
    Record,
    Statement,
    Text,
    Words,
)


class Event(Entry):
    """Something that others did, which starts or settles a clock."""

    name = Text("event")
    day = Day("date")
    at_time = Moment("at")
    due = Day("due")
    children = Words("children")
    starts = Text("starts")
    source = Citations("source")

    @property
    def on(self) -> date | None:
        """The day it happened or is to happen."""
        return self.day or (self.at_time.date() if self.at_time else None)


class Exemption(Entry):
    """A criterion not met, and why the case was taken all the same."""

    criterion = Text("criterion")
    why = Text("why")
    agreed_by = Text("agreed_by")


class Recheck(Entry):
    """A time at which it was looked at again whether the case can go on."""

    day = Day("date")
    because = Text("because")
    outcome = Text("outcome")


class Shared(Entry):
    """Something that was passed on."""

    day = Day("date")
    with_whom = Text("with")
    purpose = Text("purpose")
    extract = Citations("extract")
    basis = Text("basis")
    why = Text("why")


class Case(Record):
    """One man, one or more children, their carers and one referral."""

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
    court_issued = Day("court", "issued")
    ordered_by_court = Text("court", "ordered")
    court_permission = Day("court", "permission")
    court_instructed_by = Text("court", "instructed_by")
    court_instructions = Text("court", "instructions")
    court_range = Text("court", "range")
    court_literature = Text("court", "literature")
    court_conflicts = Text("court", "conflicts")
    court_duty = Text("court", "duty")
    court_truth = Text("court", "truth")
    follow_up_from = Text("follow_up_from")
    follow_up_ends = Text("closure", "follow_up_ends")
    transferred_to = Text("closure", "transferred_to")
    retention = Text("closure", "retention")
    retention_review = Day("closure", "review")
    retention_hold = Text("closure", "hold")
    events = Entries("events", Event)

    exceptions = Entries("exceptions", Exemption, inside="eligibility")
    rechecked = Entries("rechecked", Recheck, inside="eligibility")
    sharing = Entries("sharing", Shared)

    @property
    def moved_out(self) -> tuple[str, ...]:
        """Ids of records that were misfiled here and moved to another case."""
        return tuple(str(entry.get("id")) for entry in self.data.get("moved_out") or ())

    @property
    def criteria(self) -> dict[str, str]:
        """Each published criterion that was answered, and how."""
        answered = (self.data.get("eligibility") or {}).get("criteria") or {}
        return {name: word for name, word in answered.items() if word}

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
    acknowledged = Day("acknowledged")
    statements = Entries("statements", Statement)


class Position(Entry):
    """What somebody made of an allegation, and when."""

    who = Text("who")
    day = Day("date")
    position = Text("position")
    source = Citations("from")


class Basis(Record):
    """An allegation, finding, caution or conviction."""

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

    of = "consent"
    who = Text("who")
    given_by = Text("given_by")
    take_part = Text("agreed", "take_part")
    contact_agencies = Text("agreed", "contact_agencies")
    share_with_referrer = Text("agreed", "share_with_referrer")
    follow_up_3y = Text("agreed", "follow_up_3y")
    follow_up_5y = Text("agreed", "follow_up_5y")
    not_sought_why = Text("not_sought_why")
    understood = Text("understood")
    how = Text("how")
    assent = Text("assent")
    review = Day("review")
