"""The people, who they are to each other, where they live and how they meet."""

from datetime import date

from arpc.records.base import Citations, Day, Entries, Entry, Record, Text, Words


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

    of = "person"
    name = Text("name")
    known_as = Words("known_as")
    ordinary = Words("ordinary")
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
    reached = Text("contact")
    background = Text("background")
    relations = Entries("relations", Relation)
    plans = Entries("plans", Plan)
    orders = Entries("orders", Order)
    registration = Text("registration")
    in_scope = Text("in_scope")
    scope_note = Text("scope_note")
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
    replaces = Text("replaces")
    note = Text("note")
    breaches = Entries("breaches", Breach)

    def holds_on(self, day: date) -> bool:
        """Whether it was in force on a day, as far as it was not replaced."""
        return self.is_current and self.on <= day and not (self.until and self.until < day)
