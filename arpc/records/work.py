"""What was done: sessions, documents, concerns passed on, supervision."""

from arpc.records.base import Citations, Day, Entries, Entry, Moment, Record, Statement, Text, Words


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


class Attached(Entry):
    """A file that lies beside its record."""

    name = Text("name")
    digest = Text("digest")
    what = Text("what")

    @property
    def path(self) -> str:
        """The file, below the case folder."""
        return f"{self.record.kind.folder}/{self.name}"


class Session(Record):
    """A meeting or call, or a child not interviewed."""

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
    attachments = Entries("attachments", Attached)
    statements = Entries("statements", Statement)

    @property
    def took_place(self) -> bool:
        """Whether somebody was met."""
        absent = ("did_not_attend", "cancelled_by_person", "cancelled_by_service")
        return not self.not_seen and self.attendance not in (*absent, "declined", "not_brought")

    @property
    def is_assessing(self) -> bool:
        """Whether it is one of the meetings that the assessment is made of, and it took place."""
        kinds = ("man", "carer", "child", "observation", "joint", "home_visit")
        return self.sort in kinds and self.took_place

    @property
    def all_present(self) -> tuple[str, ...]:
        """Ids of everybody who was there, as far as they are people of the case."""
        return (*self.who, *(other.who for other in self.present))


class Document(Record):
    """A document asked for, received and read."""

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
    attachments = Entries("attachments", Attached)
    statements = Entries("statements", Statement)

    @property
    def came(self) -> bool:
        """Whether it is recorded that it came, or that somebody read it."""
        return bool(self.received or self.read_on)


class ReportOfConcern(Entry):
    """One telling of a concern to somebody who can act."""

    to = Text("to")
    name = Text("name")
    at_time = Moment("at")
    how = Text("how")


class Escalation(Record):
    """A concern passed on."""

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
    duty_applies = Text("duty", "applies")
    duty_met = Moment("duty", "at")
    duty_delayed = Text("duty", "delayed_because")
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

    of = "supervision"
    supervisor = Text("supervisor")
    note = Text("note")
    challenge = Text("challenge")
    decisions = Entries("decisions", Decision)

    @property
    def was_held(self) -> bool:
        """Whether anything of it is written; a draft that was only begun is no supervision yet."""
        return self.is_final or any(map(self.written, ("note", "challenge", "decisions")))
