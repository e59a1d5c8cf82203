"""Everything about a person: who it is, and what happened in order of time, with the age at it."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from arpc.casefile import CaseFile
from arpc.findings import Location
from arpc.pages.page import Line, Page, Section
from arpc.pages.record import Wording, called, facts, proof_words, sections, statement_words
from arpc.provisions import AsOf
from arpc.records import (
    Arrangement,
    Basis,
    Case,
    Consent,
    Escalation,
    Person,
    Session,
    Statement,
    Treatment,
)
from arpc.reporting import added
from arpc.reporting.chronology import UNDATED, date_in
from arpc.reporting.evidence import sort_words
from arpc.reporting.front import marking
from arpc.reporting.model import BLANK, NONE, partial_words
from arpc.reporting.people import (
    CONTACT_FORMS,
    age_words,
    plain,
    relation_words,
)
from arpc.workdays import age_on

_APART = ("name", "relations", "plans", "orders")
"""What has a section of its own, or stands in the title."""


class Event(NamedTuple):
    """Something that happened to a person or that they had a part in."""

    when: str
    """A date as exact as it is known."""
    what: str
    at: str
    """How it is cited."""
    where: Location


def page(as_of: AsOf, person: Person) -> Page:
    """Return the page of a person."""
    words = Wording(as_of)
    age = age_words(person, as_of)
    title = f"{person.id}  {person.name or 'no name recorded'}, {age}"
    own = (
        ("Who they are to others", _relations(as_of.file, person)),
        ("Where they live, and have lived", _homes(as_of.file, person)),
        ("Plans and orders", _plans(person)),
        ("Contact now", _contact(as_of, person)),
        ("In order of time", _history(as_of, person)),
    )
    made = tuple(Section(name, tuple(lines) or (Line(NONE),)) for name, lines in own)
    if undated := tuple(_undated(as_of.file, person)):
        made = (*made, Section(UNDATED, undated))
    about = tuple(sections(words, person, leave=_APART))
    return Page(marking(as_of), title, facts(as_of, person), (*about, *made))


def _relations(file: CaseFile, person: Person) -> Iterator[Line]:
    for relation in person.relations:
        if relation.to and relation.word:
            span = _span(relation.since, relation.until)
            word = relation_words(relation.word, person.sex)
            yield Line(f"{word} of {called(file, relation.to)}{span}; {relation.at()}")
    for other in file.people:
        for relation in other.relations:
            if relation.to == person.id and relation.word:
                span = _span(relation.since, relation.until)
                word = relation_words(relation.word, other.sex)
                yield Line(f"{called(file, other.id)} is the {word}{span}; {relation.at()}")


def _homes(file: CaseFile, person: Person) -> Iterator[Line]:
    for home in file.arrangements:
        for member in home.members:
            if member.who == person.id:
                place = ", ".join(filter(None, (home.name, home.address))) or BLANK
                yield Line(f"{place}{_span(member.since, member.until)}; {member.at()}", home.id)


def _plans(person: Person) -> Iterator[Line]:
    for plan in person.plans:
        since, until = (day.isoformat() if day else "" for day in (plan.since, plan.until))
        category = f", {plan.category}" if plan.category else ""
        yield Line(f"{plain(plan.status)}{category}{_span(since, until)}; {plan.at()}")
    for order in person.orders:
        terms = f": {' '.join(order.terms.split())}" if order.terms else ""
        yield Line(f"{order.type}{_span(order.since, order.until)}{terms}; {order.at()}")


def _contact(as_of: AsOf, person: Person) -> Iterator[Line]:
    for made in as_of.file.arrangements:
        if (
            person.id in _concerned(made)
            and made.type != "household"
            and made.holds_on(as_of.today)
        ):
            yield Line(_placed(_arranged(as_of.file, made), made.at("id")), made.id)


def _placed(what: str, where: Location) -> str:
    """What happened, and where it is recorded."""
    return f"{what}{'' if what.endswith(('.', '?', '!')) else ';'} {where}"


def _span(since: str, until: str) -> str:
    begins = f" from {partial_words(since)}" if since else ""
    return begins + (f" until {partial_words(until)}" if until else "")


def _history(as_of: AsOf, person: Person) -> Iterator[Line]:
    """Every event, one date after the other, each date with the age then."""
    events = sorted({*_events(as_of, person)}, key=lambda e: (e.when, e.where))
    for when, group in groupby(events, key=lambda event: event.when):
        yield Line(f"{partial_words(when)}{_age(person, when)}")
        for event in group:
            yield Line(_placed(event.what, event.where), event.at, 1)


def _undated(file: CaseFile, person: Person) -> Iterator[Line]:
    """What was said of when something happened, and positions without a day."""
    for basis in file.bases:
        is_theirs = person.is_man or basis.by == person.id
        if basis.happened and is_theirs and not date_in(basis.happened):
            what = f"{basis.happened}: {_happened(basis)}"
            yield Line(_placed(what, basis.at("happened")), basis.id)
        for position in basis.positions:
            if position.who == person.id and position.position and not position.day:
                what = f"on {basis.id} ({proof_words(basis)}): {plain(position.position)}"
                yield Line(_placed(what, position.at()), basis.id)


def _happened(basis: Basis) -> str:
    said = "happened" if basis.is_proved else "is said to have happened"
    return f"{said}, {proof_words(basis)}"


def _age(person: Person, when: str) -> str:
    """The age on a day, or the two between which it lies where the day is not known."""
    born = person.born
    if born is None or when < born.isoformat()[: len(when)]:
        return ""
    if len(when) == 10:
        return f", aged {age_on(born, born.fromisoformat(when))}"
    first, last = f"{when}-01-01"[:10], f"{when}-12-31" if len(when) == 4 else f"{when}-28"
    ages = {age_on(born, born.fromisoformat(day)) for day in (first, last)}
    return f", aged {' or '.join(map(str, sorted(age for age in ages if age >= 0)))}"


def _events(as_of: AsOf, person: Person) -> Iterator[Event]:
    file = as_of.file
    if person.born_text:
        yield Event(person.born_text, "born", person.id, person.at("born"))
    if person.died:
        yield Event(person.died, "died", person.id, person.at("died"))
    yield from _spells(file, person)
    for basis in file.bases:
        status = proof_words(basis)
        told = str(basis.data.get("first_told_on") or "")
        is_theirs = person.is_man or basis.by == person.id
        if is_theirs and (when := date_in(basis.happened)):
            yield Event(when, _happened(basis), basis.id, basis.at("happened"))
        if told and is_theirs:
            what = f"first told, {status}: {' '.join(basis.what.split())}"
            yield Event(told, what, basis.id, basis.at("first_told_on"))
        for position in basis.positions:
            if position.who == person.id and position.day:
                what = f"on {basis.id} ({status}): {plain(position.position)}"
                yield Event(str(position.day), what, basis.id, position.at())
    for statement in file.statements():
        if person.id == statement.speaker or person.id in statement.about:
            yield _statement(as_of, statement)
    for document in file.documents:
        if document.sender == person.id:
            what = f"document: {document.title or BLANK}"
            yield Event(document.dated or str(document.on), what, document.id, document.at("id"))
    for happened in file.of(Case)[0].events if file.of(Case) else ():
        if person.id in happened.children and happened.on:
            what = plain(happened.name) or BLANK
            yield Event(str(happened.on), what, "case", happened.at())
    for session in file.sessions:
        if person.id in session.all_present:
            yield _session(as_of, session)
    for consent in file.consents:
        if consent.who == person.id:
            yield Event(str(consent.on), _consented(consent), consent.id, consent.at("id"))
    for escalation in file.escalations:
        if person.id in escalation.children:
            yield from _escalated(escalation)
    for made in file.arrangements:
        if person.id in _concerned(made):
            yield Event(str(made.on), _arranged(file, made), made.id, made.at("id"))
            for breach in made.breaches:
                if breach.day:
                    what = f"not kept: {' '.join(breach.what.split())}"
                    yield Event(str(breach.day), what, made.id, breach.at())
    yield from _outcomes(file, person)


def _spells(file: CaseFile, person: Person) -> Iterator[Event]:
    """When plans, orders and homes began and ended."""
    for plan in person.plans:
        for key, day, word in (("from", plan.since, "begins"), ("to", plan.until, "ends")):
            if day:
                yield Event(str(day), f"{plain(plan.status)} {word}", person.id, plan.at(key))
    for order in person.orders:
        for key, when, word in (("from", order.since, "begins"), ("to", order.until, "ends")):
            if when:
                yield Event(when, f"{order.type} {word}", person.id, order.at(key))
    for home in file.arrangements:
        for member in home.members:
            if member.who != person.id:
                continue
            name = home.name or "the household"
            for key, when, word in (
                ("from", member.since, "moves into"),
                ("to", member.until, "leaves"),
            ):
                if when:
                    yield Event(when, f"{word} {name}", home.id, member.at(key))


def _statement(as_of: AsOf, statement: Statement) -> Event:
    text = added.after(" ".join(statement.text.split()), as_of, statement)
    what = f"{statement_words(as_of.file, statement)}: {text}"
    return Event(str(statement.record.on), what, statement.citation, statement.at())


def _session(as_of: AsOf, session: Session) -> Event:
    what = sort_words(session)
    if not session.took_place:
        what += f", {plain(session.not_seen or session.attendance)}"
    where = f", {session.where}" if session.where else ""
    by = Wording(as_of).name(session.author)
    return Event(str(session.on), f"{what}{where}; by {by}", session.id, session.at("id"))


def _consented(consent: Consent) -> str:
    agreed = consent.data.get("agreed") or {}
    fields = consent.kind.fields
    given = [f"{fields['agreed', k].title.lower()}: {plain(v)}" for k, v in agreed.items() if v]
    return f"consent; {', '.join(given) or NONE}"


def _escalated(escalation: Escalation) -> Iterator[Event]:
    what = f"concern passed on: {plain(escalation.type) or BLANK}"
    yield Event(str(escalation.on), what, escalation.id, escalation.at("id"))
    if escalation.closed:
        when = str(escalation.closed)
        yield Event(when, "concern closed", escalation.id, escalation.at("closed"))


def _concerned(made: Arrangement) -> set[str]:
    """Everybody whom a contact arrangement or an agreement is about."""
    return {made.man, made.child, made.supervisor, *made.parties} - {""}


def _arranged(file: CaseFile, made: Arrangement) -> str:
    ends = f", until {partial_words(str(made.until))}" if made.until else ""
    if made.type == "agreement":
        parties = ", ".join(called(file, who) for who in made.parties)
        terms = " ".join(" ".join(term.split()) for term in made.terms)
        return f"agreement between {parties}{ends}: {terms or BLANK}"
    form = CONTACT_FORMS.get(made.form, BLANK)
    by = f", by {called(file, made.supervisor)}" if made.supervisor else ""
    often = f"; {made.often}" if made.often else ""
    man = called(file, made.man) if made.man else "the man"
    return f"contact of {man} with {called(file, made.child)}: {form}{by}{ends}{often}"


def _outcomes(file: CaseFile, person: Person) -> Iterator[Event]:
    """Feedback, treatment and follow-ups."""
    for report in file.reports:
        for given in report.feedback:
            if given.who == person.id and given.day:
                said = " ".join((given.response or given.disputed or "").split())
                what = f"feedback on the report: {said or BLANK}"
                yield Event(str(given.day), what, report.id, given.at())
    for treatment in file.treatments:
        if treatment.who == person.id:
            yield from _treated(treatment)
    for followup in file.followups:
        if person.id in followup.who and followup.done:
            what = f"follow-up: {plain(followup.point)}"
            yield Event(str(followup.done), what, followup.id, followup.at("done"))


def _treated(treatment: Treatment) -> Iterator[Event]:
    what = f"treatment {plain(treatment.offer) or BLANK}"
    yield Event(str(treatment.on), what, treatment.id, treatment.at("id"))
    if treatment.ended:
        end = plain(treatment.end_reason) or BLANK
        when = str(treatment.ended)
        yield Event(when, f"treatment ended: {end}", treatment.id, treatment.at("ended"))
