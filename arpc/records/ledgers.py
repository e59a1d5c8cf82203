"""What arpc itself writes down of a case: what is final, what was read, what was answered."""

from arpc.records.base import Day, Entries, Entry, Record, Text, Words


class Seal(Entry):
    """A record that was made final, and what it then meant."""

    by = Text("by")
    day = Day("date")
    digest = Text("digest")
    fields = Words("fields")


class ReadCitation(Entry):
    """What a record cites, as it was when it was cited or last confirmed."""

    citing = Text("in")
    cites = Text("cites")
    fingerprint = Text("is")
    by = Text("by")
    day = Day("date")


class Answered(Entry):
    """A finding or a missed clock that somebody answered."""

    rule = Text("rule")
    place = Text("at")
    fingerprint = Text("is")
    reason = Text("reason")
    agreed_by = Text("agreed_by")
    by = Text("by")
    day = Day("date")


class FinishedLedger(Record):
    """Which records are final."""

    of = "finished"
    entries = Entries("records", Seal)


class ConfirmationsLedger(Record):
    """What each conclusion rested on when that was cited or last confirmed."""

    of = "confirmations"
    entries = Entries("read", ReadCitation)


class AnswersLedger(Record):
    """What was answered to findings and missed clocks."""

    of = "answers"
    entries = Entries("given", Answered)
