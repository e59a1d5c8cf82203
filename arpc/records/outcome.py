"""What became of it: reports issued, treatment, follow-ups."""

from arpc.records.base import Day, Entries, Entry, Number, Record, Statement, Text


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
