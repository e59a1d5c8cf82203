"""The case in order of time: derived from its records, headlines only, each with its source.

What is recorded without a date, or with words such as "early summer of 2019", is not put anywhere by
guessing: it comes last, with those words.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from arpc.casefile import CaseFile
from arpc.provisions import AsOf
from arpc.records import Analysis, Person
from arpc.reporting.evidence import sort_words
from arpc.reporting.model import BLANK, Row, day_words, partial_words

FAMILY, ALLEGED, WORK, LIVING, PLANS = "family", "alleged", "work", "living", "plans"
UNDATED = "Without a date that can be placed"
_PARTIAL = re.compile(r"(1[89]|2[01])[0-9]{2}(-(0[1-9]|1[0-2]))?")


class Event(NamedTuple):
    """Something that happened, at a date as exact as it is known."""

    when: str
    """A day, a month or a year; "" where none can be told."""
    what: str
    source: str
    major: bool
    """Whether it belongs in the short chronology of the family section."""
    lane: str = ""
    """What it is part of: FAMILY, ALLEGED, WORK, LIVING or PLANS."""
    words: str = ""
    """When it was, as somebody wrote it, where that is a text and not a date."""

    @property
    def when_words(self) -> str:
        """When it was, in words."""
        return partial_words(self.when) or self.words or BLANK


def chronology(as_of: AsOf) -> list[Event]:
    """Return every event in order; what is known only by year comes first in its year.

    What cannot be placed comes last.
    """
    events = set(_events(as_of))
    return sorted(events, key=lambda e: (not e.when, e.when, e.source, e.what))


def rows(events: Iterable[Event]) -> tuple[Row, ...]:
    """Return the events that have a date as the rows of a table."""
    return tuple(_row(event) for event in events if event.when)


def undated(events: Iterable[Event]) -> tuple[Row, ...]:
    """Return the events that cannot be placed as the rows of a table."""
    return tuple(_row(event) for event in events if not event.when)


def _row(event: Event) -> Row:
    return Row((event.when_words, event.what, event.source))


def date_in(text: str) -> str:
    """Return a text that is nothing but a year, a month or a day; "" for any other."""
    if _PARTIAL.fullmatch(text):
        return text
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""


def chosen(events: list[Event], analysis: Analysis) -> tuple[Row, ...]:
    """Return the events that the practitioner chose, in order of time, each with what it meant."""
    meant: dict[Event, str] = {}
    for point in analysis.turning_points:
        found = [e for e in events if e.source == point.source and point.when in ("", e.when)]
        found = [e for e in found if point.when or not e.words] or found
        for event in [e for e in found if e.major] or found:
            meant[event] = point.meaning
    return tuple(
        Row((e.when_words, e.what, meant[e] or BLANK, e.source)) for e in events if e in meant
    )


def _events(as_of: AsOf) -> Iterator[Event]:
    file = as_of.file
    lanes = (
        (FAMILY, _lives(file)),
        (PLANS, _plans(file)),
        (ALLEGED, _bases(file)),
        (WORK, _work(as_of)),
        (LIVING, _living(file)),
        (WORK, _outcomes(file)),
    )
    for lane, events in lanes:
        yield from (event._replace(lane=lane) for event in events)


def _called(person: Person) -> str:
    return person.name or person.id


def _lives(file: CaseFile) -> Iterator[Event]:
    for person in file.people:
        family = not {"professional", "interpreter", "referrer"} & {*person.roles}
        if person.born_text and family:
            yield Event(person.born_text, f"{_called(person)} born", person.id, person.is_child)
        if person.died:
            yield Event(person.died, f"{_called(person)} died", person.id, True)


def _plans(file: CaseFile) -> Iterator[Event]:
    for person in file.people:
        for plan in person.plans:
            status = plan.status.replace("_", " ") or "plan"
            if plan.status != "none" and (plan.status or plan.since):
                what = f"{_called(person)}: {status} begins{f' ({plan.category})' if plan.category else ''}"
                since = plan.since.isoformat() if plan.since else ""
                yield Event(since, what, person.id, True)
            if plan.until:
                yield Event(
                    plan.until.isoformat(), f"{_called(person)}: {status} ends", person.id, True
                )
        for order in person.orders:
            kind = order.type or "order"
            if order.since or not order.until:
                yield Event(order.since, f"{_called(person)}: {kind} begins", person.id, True)
            if order.until:
                yield Event(order.until, f"{_called(person)}: {kind} ends", person.id, False)


def _bases(file: CaseFile) -> Iterator[Event]:
    for basis in file.bases:
        if basis.happened:
            happened = "happened" if basis.is_proved else "is said to have happened"
            when = date_in(basis.happened)
            yield Event(when, f"{basis.id} {happened}", basis.id, True, words=basis.happened)
        told = str(basis.data.get("first_told_on") or "")
        if told or basis.first_told:
            what = ": ".join(filter(None, (f"{basis.id} first told", basis.first_told)))
            yield Event(told, what, basis.id, True)
        for position in basis.positions:
            person = file.person(position.who)
            if person and position.position != "not_asked" and (position.position or position.day):
                source = next((c.record for c in position.source if c.record), basis.id)
                held = position.position.replace("_", " ") or BLANK
                what = f"{_called(person)} on {basis.id}: {held}"
                day = position.day.isoformat() if position.day else ""
                yield Event(day, what, source, False)


def _work(as_of: AsOf) -> Iterator[Event]:
    file = as_of.file
    if referral := file.referral:
        yield Event(referral.on.isoformat(), "Referral received", referral.id, True)
    case = file.case
    if case.decided_on:
        what = f"Service decided on the referral: {case.decision or BLANK}"
        yield Event(case.decided_on.isoformat(), what, "case", True)
    for session in file.sessions:
        names = ", ".join(_called(p) for who in session.who if (p := file.person(who)))
        kind = sort_words(session)
        what = f"{kind[:1].upper()}{kind[1:]}: {names or BLANK}"
        if session.not_seen:
            what = f"{names} not interviewed: {session.not_seen.replace('_', ' ')}"
        elif not session.took_place:
            what += f" ({session.attendance.replace('_', ' ')})"
        if as_of.is_late(session) and session.written_at:
            what += f" (note written late, on {day_words(session.written_at.date())})"
        yield Event(session.on.isoformat(), what, session.id, False)
    for document in file.documents:
        if document.dated:
            what = f"Dated: {document.title or BLANK}"
            yield Event(document.dated, what, document.id, False)
    for escalation in file.escalations:
        what = f"Concern passed on: {escalation.type.replace('_', ' ') or BLANK}"
        yield Event(escalation.on.isoformat(), what, escalation.id, True)
        if escalation.closed:
            yield Event(escalation.closed.isoformat(), "Concern closed", escalation.id, False)


def _living(file: CaseFile) -> Iterator[Event]:
    for arrangement in file.arrangements:
        for member in arrangement.members:
            person = file.person(member.who)
            if person and member.since and not person.born_text.startswith(member.since):
                what = f"{_called(person)} moves into {arrangement.name or 'the household'}"
                yield Event(member.since, what, arrangement.id, True)
            if person and member.until:
                what = f"{_called(person)} leaves {arrangement.name or 'the household'}"
                yield Event(member.until, what, arrangement.id, True)
        if arrangement.type == "agreement":
            yield Event(arrangement.on.isoformat(), "Written agreement made", arrangement.id, True)
        for breach in arrangement.breaches:
            day = breach.day.isoformat() if breach.day else ""
            yield Event(day, f"{arrangement.id} not kept", arrangement.id, True)


def _outcomes(file: CaseFile) -> Iterator[Event]:
    for report in (report for report in file.reports if report.status != "draft"):
        what = f"{report.type.capitalize()} report issued, version {report.version or 1}"
        yield Event(report.on.isoformat(), what, report.id, True)
        if report.decided_on:
            what = "Referring professionals decided on the recommendations"
            yield Event(report.decided_on.isoformat(), what, report.id, True)
    for treatment in file.treatments:
        offered = f"Treatment {treatment.offer.replace('_', ' ') or f'offer {BLANK}'}"
        yield Event(treatment.on.isoformat(), offered, treatment.id, True)
        if treatment.ended:
            reason = f": {treatment.end_reason.replace('_', ' ')}" if treatment.end_reason else ""
            yield Event(treatment.ended.isoformat(), f"Treatment ended{reason}", treatment.id, True)
    for followup in file.followups:
        if followup.done:
            point = followup.point.replace("_", " ")
            yield Event(followup.done.isoformat(), f"Follow-up done: {point}", followup.id, True)
