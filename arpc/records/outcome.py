"""What became of it: reports issued, treatment, follow-ups."""

from arpc.records.base import Citations, Day, Entries, Entry, Number, Record, Statement, Text, Words


class Feedback(Entry):
    """Going through the report with somebody."""

    who = Text("who")
    day = Day("date")
    session = Text("session")
    response = Text("response")
    disputed = Text("disputed")
    not_done = Text("not_done")


class Copy(Entry):
    """A copy of a report that went to somebody."""

    who = Text("who")
    day = Day("date")


class IssuedFile(Entry):
    """A file that was frozen when a report was issued."""

    name = Text("name")
    digest = Text("digest")


class IssuedReport(Record):
    """A report that was issued."""

    of = "report"
    type = Text("type")
    audience = Text("audience")
    reader = Text("for")
    version = Number("version")
    analysis = Text("analysis")
    approved_by = Text("approved_by")
    approved_on = Day("approved_on")
    valid_until = Day("valid_until")
    issued_to = Entries("issued_to", Copy)
    files = Entries("files", IssuedFile)
    feedback = Entries("feedback", Feedback)
    decided_on = Day("decision", "date")
    decision_contact = Text("decision", "contact")
    disagreement = Text("disagreement")
    replaces = Text("replaces")

    @property
    def is_assessment(self) -> bool:
        """Whether it is the assessment itself, for those who decide, and not a copy for somebody else."""
        return self.type == "assessment" and self.audience in ("", "referrer", "court")

    @property
    def rejected(self) -> frozenset[str]:
        """The ids of the recommendations that the referring professionals rejected."""
        decision = self.data.get("decision") or {}
        entries = [e for e in decision.get("recommendations") or () if e]
        return frozenset(str(e.get("id")) for e in entries if e.get("outcome") == "rejected")


class Goal(Entry):
    """What treatment should change."""

    text = Text("text")
    targets = Citations("targets")
    baseline = Text("baseline")
    measure = Text("measure")
    review = Day("review")


class Meeting(Entry):
    """One meeting of a treatment."""

    day = Day("date")
    goals = Words("goals")
    progress = Text("progress")


class Treatment(Record):
    """Work offered after the assessment."""

    of = "treatment"
    who = Text("who")
    offer = Text("offer")
    why = Text("why")
    method = Text("method")
    delivered_by = Text("delivered_by")
    conditions = Text("conditions")
    stop_rules = Text("stop_rules")
    goals = Entries("goals", Goal)
    meetings = Entries("meetings", Meeting)
    ended = Day("ended")
    end_reason = Text("end_reason")
    outcome = Text("outcome")
    judgement = Citations("judgement")


class Attempt(Entry):
    """An attempt to reach somebody."""

    day = Day("date")
    who = Text("who")
    how = Text("how")
    safe = Text("safe")
    result = Text("result")


class Area(Entry):
    """One area that a follow-up asked about."""

    area = Text("area")
    answer = Text("answer")
    text = Text("text")
    source = Words("from")


class Followup(Record):
    """What became of it."""

    of = "followup"
    point = Text("point")
    attempts = Entries("attempts", Attempt)
    done = Day("done")
    who = Words("who")
    areas = Entries("areas", Area)
    note = Text("note")
    harm = Text("harm")
    reassess = Text("reassess")
    not_done = Text("not_done")
    not_done_why = Text("not_done_why")
    agreed_by = Text("agreed_by")
    carried_from = Text("carried", "from")
    unconfirmed = Words("carried", "unconfirmed")
    statements = Entries("statements", Statement)
