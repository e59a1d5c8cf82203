"""What a record is called in a sentence: what it is, of when, and whom it is about."""

from collections.abc import Callable
from typing import Any

from arpc.differing.words import Both, first_sentence, word
from arpc.records import (
    Analysis,
    Arrangement,
    Basis,
    Case,
    Consent,
    Document,
    Escalation,
    Followup,
    IssuedReport,
    Person,
    Record,
    Referral,
    Session,
    Supervision,
    Treatment,
)
from arpc.reporting.evidence import sort_words
from arpc.reporting.people import plain


def head(both: Both, record: Record) -> str:
    """What a record is, without its id."""
    return _HEADS[record.kind.name](both, record)


def arrival(both: Both, record: Record) -> str:
    """What a record that is new is, and what is asked about it first."""
    called = head(both, record)
    kind = "" if called[:1].islower() else f"{record.kind.title.lower()}: "
    return f"new {kind}{'; '.join(filter(None, (called, _more(record))))}, by {record.author}"


def _more(record: Record) -> str:
    if isinstance(record, Person):
        return ", ".join(map(plain, record.roles))
    if isinstance(record, Basis):
        return first_sentence(record.what)
    if isinstance(record, Document):
        came = f"received {record.received}" if record.received else "not received"
        return f"{came}, read {record.read_on}" if record.read_on else came
    return ""


def _case(_: Both, record: Case) -> str:
    return "the case"


def _referral(_: Both, record: Referral) -> str:
    return f"referral of {record.on}"


def _person(both: Both, record: Person) -> str:
    return both.person(record.id)


def _basis(both: Both, record: Basis) -> str:
    return f"{record.id}, {word(both, 'basis_status', record.basis_status) or 'no status yet'}"


def _consent(both: Both, record: Consent) -> str:
    return f"consent of {both.person(record.who) or 'nobody named'}, {record.on}"


def _session(both: Both, record: Session) -> str:
    people = both.people(record.who) or "nobody named"
    if record.not_seen:
        return f"{people} not interviewed, {plain(record.not_seen)}, {record.on}"
    sort = sort_words(record) or "session"
    missed = "" if record.took_place else f", {plain(record.attendance)}"
    return f"{sort}, {people}, {record.on}{missed}"


def _document(_: Both, record: Document) -> str:
    title = record.title or "document without a title"
    return f"{title}, from {record.sender}" if record.sender else title


def _arrangement(both: Both, record: Arrangement) -> str:
    if record.type == "household":
        members = both.people(m.who for m in record.members if m.who and not m.until)
        return f"household {record.name or record.id}: {members or 'nobody'}"
    if record.type == "contact":
        form = word(both, "form", record.form) if record.form else "form not said"
        by = f", by {both.person(record.supervisor)}" if record.supervisor else ""
        whose = f"{both.person(record.man)} with {both.person(record.child)}"
        return f"contact of {whose}, {form}{by}"
    if record.type == "agreement":
        return f"agreement of {record.on} between {both.people(record.parties) or 'nobody named'}"
    return f"arrangement of {record.on}"


def _escalation(both: Both, record: Escalation) -> str:
    whom = both.people(record.children)
    what = plain(record.type) or "concern"
    return f"escalation of {record.on}, {what}{f', about {whom}' if whom else ''}"


def _supervision(_: Both, record: Supervision) -> str:
    return f"supervision of {record.on}"


def _analysis(_: Both, record: Analysis) -> str:
    return f"analysis of {record.on}"


def _report(_: Both, record: IssuedReport) -> str:
    reader = f" for {record.audience}" if record.audience else ""
    return f"{plain(record.type) or 'issued'} report{reader}, version {record.version or 1}"


def _treatment(both: Both, record: Treatment) -> str:
    offer = f", {plain(record.offer)}" if record.offer else ""
    return f"treatment of {both.person(record.who) or 'nobody named'}, {record.on}{offer}"


def _followup(both: Both, record: Followup) -> str:
    done = f", done {record.done}" if record.done else f", {record.on}"
    people = both.people(record.who)
    return f"follow-up {plain(record.point)}{done}{f' with {people}' if people else ''}"


_HEADS: dict[str, Callable[[Both, Any], str]] = {
    "case": _case,
    "referral": _referral,
    "person": _person,
    "basis": _basis,
    "consent": _consent,
    "session": _session,
    "document": _document,
    "arrangement": _arrangement,
    "escalation": _escalation,
    "supervision": _supervision,
    "analysis": _analysis,
    "report": _report,
    "treatment": _treatment,
    "followup": _followup,
}
