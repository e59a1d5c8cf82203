"""What an entry of a list is called in a sentence, and under what a supervisor would look for it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from arpc.differing.words import Both, first_sentence, word
from arpc.records import (
    Action,
    Amendment,
    Area,
    Arrangement,
    Attached,
    Attempt,
    Breach,
    CarerView,
    ContactView,
    Copy,
    Decision,
    Entry,
    Event,
    Fact,
    Factor,
    Feedback,
    Goal,
    Hypothesis,
    Judgement,
    Meeting,
    Member,
    Order,
    Plan,
    Position,
    Recommendation,
    Relation,
    ReportOfConcern,
    Session,
    Shared,
    Statement,
)
from arpc.reporting.people import plain


class Subject(StrEnum):
    """What a change is about, in the order in which a supervisor asks."""

    SAFETY = "Safety and allegations"
    CONTACT = "Contact, homes, plans and orders"
    SAID = "What people say"
    THOUGHT = "What we think"
    DONE = "Work done"
    PEOPLE = "People and consent"
    RECORDS = "Records"


class Way(NamedTuple):
    """How the entries of one list are told."""

    subject: Subject
    make: type[Entry]
    called: Callable[[Both, Any], str]
    """What an entry is called that was changed or taken out."""
    new: Callable[[Both, Any], str] | None = None
    """What is said of one that was added, if more than its name."""
    in_new: bool = False
    """Whether it is told even of a record that is new as a whole."""


def way(kind: str, key: str) -> Way | None:
    """How the entries of a list in a kind of record are told; None if they are only named."""
    return _WAYS.get((kind, key)) or _WAYS.get(("", key))


_VERBS = {"told": "told us", "admitted": "admitted", "opinion": "thinks"}


def _statement(both: Both, entry: Statement) -> str:
    hand = ", second hand" if entry.heard == "second_hand" else ""
    if entry.form in ("states", "found"):
        verb = "states" if entry.form == "states" else "a court found"
        return f"{entry.record.id} {verb}{hand}: {entry.text}"
    seen = entry.record.who if isinstance(entry.record, Session) else ()
    who = both.person(entry.speaker) or both.people(entry.about or seen) or "somebody"
    if entry.form == "observed":
        return f"seen of {who}: {entry.text}"
    if entry.form == "said":
        return f"{who} said{hand}: “{entry.text}”"
    return f"{who} {_VERBS.get(entry.form, 'is named')}{hand}: {entry.text or 'not written yet'}"


def _position(both: Both, entry: Position) -> str:
    day = f", {entry.day}" if entry.day else ""
    return f"{both.person(entry.who)} on {entry.record.id}{day}"


def _new_position(both: Both, entry: Position) -> str:
    """What somebody makes of an allegation now, and made of it last."""
    now = plain(entry.position) or "not said"
    said = [Position(e, entry.record, ()) for e in entry.record.data["positions"] if e]
    own = [p for p in said if p.who == entry.who and p.data is not entry.data]
    earlier = [p for p in own if p.day and entry.day and p.day <= entry.day]
    last = max(earlier, key=_day, default=None)
    if last is None:
        return f"{_position(both, entry)}: {now}, where nothing was known before"
    then = plain(last.position)
    return f"{_position(both, entry)}: {f'{then}, now {now}' if then != now else f'still {now}'}"


def _day(position: Position) -> str:
    return str(position.day)


def _breach(_: Both, entry: Breach) -> str:
    kind = getattr(entry.record, "type", "") or "arrangement"
    return f"{kind} {entry.record.id} not kept{f' on {entry.day}' if entry.day else ''}"


def _new_breach(both: Both, entry: Breach) -> str:
    passed_on = f"; passed on in {entry.escalation}" if entry.escalation else "; not passed on"
    return f"{_breach(both, entry)}: {entry.what.rstrip('.') or 'not said how'}{passed_on}"


def _reported(_: Both, entry: ReportOfConcern) -> str:
    at = f", {entry.at_time:%Y-%m-%d %H:%M}" if entry.at_time else ""
    return f"{entry.record.id} reported to {plain(entry.to) or 'somebody'}{at}"


def _member(both: Both, entry: Member) -> str:
    home = entry.record
    name = home.name if isinstance(home, Arrangement) and home.name else home.id
    return f"{both.person(entry.who)} in {name}"


def _new_member(both: Both, entry: Member) -> str:
    span = f", from {entry.since}" if entry.since else ""
    return (
        f"{_member(both, entry)}: lives there{span}{f' until {entry.until}' if entry.until else ''}"
    )


def _plan(both: Both, entry: Plan) -> str:
    return f"{both.person(entry.record.id)}, {plain(entry.status) or 'plan'}"


def _new_plan(both: Both, entry: Plan) -> str:
    until = f" until {entry.until}" if entry.until else ""
    category = f", {entry.category}" if entry.category else ""
    return f"{_plan(both, entry)}{category}: from {entry.since or 'a day not known'}{until}"


def _order(both: Both, entry: Order) -> str:
    return f"{both.person(entry.record.id)}, {entry.type or 'order'}"


def _new_order(both: Both, entry: Order) -> str:
    until = f" until {entry.until}" if entry.until else ""
    return f"{_order(both, entry)}: from {entry.since or 'a day not known'}{until}"


def _relation(both: Both, entry: Relation) -> str:
    return f"{both.person(entry.record.id)}, {plain(entry.word)} of {both.person(entry.to)}"


def _judgement(both: Both, entry: Judgement) -> str:
    scenario = f", {plain(entry.scenario)}" if entry.scenario else ""
    return f"judgement for {both.person(entry.child) or 'no child yet'}{scenario}"


def _new_judgement(both: Both, entry: Judgement) -> str:
    levels = {
        "likelihood": entry.likelihood,
        "severity": entry.severity,
        "confidence": entry.confidence,
        "opinion": entry.opinion,
        "valid until": str(entry.valid_until or ""),
    }
    said = ", ".join(f"{key} {plain(value)}" for key, value in levels.items() if value)
    return f"new {_judgement(both, entry)}: {said or 'no levels yet'}"


def _recommendation(both: Both, entry: Recommendation) -> str:
    child = f" for {both.person(entry.child)}" if entry.child else ""
    return f"recommendation{child}: {first_sentence(entry.action) or 'not written yet'}"


def _new_recommendation(both: Both, entry: Recommendation) -> str:
    by = f" (by {entry.by})" if entry.by else ""
    return f"new {_recommendation(both, entry)}{by}"


def _contact(both: Both, entry: ContactView) -> str:
    return f"contact recommended for {both.person(entry.child)}"


def _new_contact(both: Both, entry: ContactView) -> str:
    form = word(both, "form", entry.form) if entry.form else "form not said"
    by = f", by {both.person(entry.supervisor)}" if entry.supervisor else ""
    return f"{_contact(both, entry)}: {form}{by}"


def _carer(both: Both, entry: CarerView) -> str:
    return f"{both.person(entry.who)} as a protector"


def _new_carer(both: Both, entry: CarerView) -> str:
    return f"{_carer(both, entry)}: {plain(entry.band) or 'not said'}"


def _fact(_: Both, entry: Fact) -> str:
    return f"how {entry.basis} is treated"


def _new_fact(both: Both, entry: Fact) -> str:
    return f"{_fact(both, entry)}: {word(both, 'treated_as', entry.treated_as) or 'not said'}"


def _factor(_: Both, entry: Factor) -> str:
    return f"{entry.kind or 'unsorted'} factor"


def _new_factor(both: Both, entry: Factor) -> str:
    return f"new {_factor(both, entry)}: {first_sentence(entry.text)}"


def _hypothesis(_: Both, entry: Hypothesis) -> str:
    return f"explanation, {plain(entry.kind)}" if entry.kind else "explanation"


def _new_hypothesis(both: Both, entry: Hypothesis) -> str:
    standing = f", {entry.standing}" if entry.standing else ""
    return f"new {_hypothesis(both, entry)}{standing}: {first_sentence(entry.text)}"


def _number(entry: Entry) -> int:
    return int(entry.pointer[-1]) + 1


def _decision(_: Both, entry: Decision) -> str:
    return f"decision {_number(entry)} of {entry.record.id}, {first_sentence(entry.what)}"


def _new_decision(both: Both, entry: Decision | Action) -> str:
    called = _decision(both, entry) if isinstance(entry, Decision) else _action(both, entry)
    whose = ", ".join(
        filter(None, (entry.who, f"by {entry.by}" if entry.by else "", _done(entry.done)))
    )
    return f"{called}{f' ({whose})' if whose else ''}"


def _done(day: object) -> str:
    return f"done {day}" if day else ""


def _action(_: Both, entry: Action) -> str:
    return f"action {_number(entry)} of {entry.record.id}, {first_sentence(entry.what)}"


def _event(_: Both, entry: Event) -> str:
    return f"event {plain(entry.name) or 'not named'}{f', {entry.on}' if entry.on else ''}"


def _new_event(both: Both, entry: Event) -> str:
    whom = both.people(entry.children)
    return f"{_event(both, entry)}{f', {whom}' if whom else ''}"


def _shared(_: Both, entry: Shared) -> str:
    day = f", {entry.day}" if entry.day else ""
    return f"shared with {entry.with_whom or 'somebody'}{day}"


def _new_shared(both: Both, entry: Shared) -> str:
    what = str(entry.data.get("what") or "").strip()
    return f"{_shared(both, entry)}{f': {what}' if what else ''}"


def _meeting(_: Both, entry: Meeting) -> str:
    return f"meeting of {entry.record.id}{f', {entry.day}' if entry.day else ''}"


def _new_meeting(both: Both, entry: Meeting) -> str:
    goals = f" on {', '.join(entry.goals)}" if entry.goals else ""
    progress = f": {plain(entry.progress)}" if entry.progress else ""
    return f"{_meeting(both, entry)}{goals}{progress}"


def _goal(_: Both, entry: Goal) -> str:
    return f"goal {entry.id or _number(entry)}, {first_sentence(entry.text)}"


def _attempt(both: Both, entry: Attempt) -> str:
    day = f", {entry.day}" if entry.day else ""
    return f"attempt to reach {both.person(entry.who) or 'somebody'}{day}"


def _new_attempt(both: Both, entry: Attempt) -> str:
    how = f", {entry.how}" if entry.how else ""
    return f"{_attempt(both, entry)}{how}: {entry.result.rstrip('.') or 'no result written'}"


def _area(_: Both, entry: Area) -> str:
    return f"asked at follow-up: {plain(entry.area)}"


def _new_area(both: Both, entry: Area) -> str:
    return f"{_area(both, entry)}, {plain(entry.answer) or 'not answered'}"


def _copy(both: Both, entry: Copy) -> str:
    day = f", {entry.day}" if entry.day else ""
    return f"{entry.record.id} went to {both.person(entry.who) or 'somebody'}{day}"


def _feedback(both: Both, entry: Feedback) -> str:
    day = f", {entry.day}" if entry.day else ""
    return f"{entry.record.id} gone through with {both.person(entry.who) or 'somebody'}{day}"


def _amendment(_: Both, entry: Amendment) -> str:
    about = f" about {', '.join(entry.about)}" if entry.about else ""
    day = f" on {entry.day}" if entry.day else ""
    return f"{entry.record.key} amended by {entry.by or 'somebody'}{day}{about}"


def _new_amendment(both: Both, entry: Amendment) -> str:
    return f"{_amendment(both, entry)}: {entry.what} Why: {entry.why}"


def _attached(_: Both, entry: Attached) -> str:
    return f"{entry.name or 'a file'} beside {entry.record.id}"


def _new_attached(both: Both, entry: Attached) -> str:
    return f"{_attached(both, entry)}: {entry.what.rstrip('.')}"


_S = Subject
_WAYS: dict[tuple[str, str], Way] = {
    ("", "statements"): Way(_S.SAID, Statement, _statement, _statement, in_new=True),
    ("", "amendments"): Way(_S.RECORDS, Amendment, _amendment, _new_amendment),
    ("", "attachments"): Way(_S.RECORDS, Attached, _attached, _new_attached, in_new=True),
    ("basis", "positions"): Way(_S.SAID, Position, _position, _new_position, in_new=True),
    ("arrangement", "breaches"): Way(_S.SAFETY, Breach, _breach, _new_breach, in_new=True),
    ("arrangement", "members"): Way(_S.CONTACT, Member, _member, _new_member),
    ("escalation", "reported"): Way(_S.SAFETY, ReportOfConcern, _reported, _reported, in_new=True),
    ("person", "plans"): Way(_S.CONTACT, Plan, _plan, _new_plan, in_new=True),
    ("person", "orders"): Way(_S.CONTACT, Order, _order, _new_order, in_new=True),
    ("person", "relations"): Way(_S.PEOPLE, Relation, _relation, _relation),
    ("analysis", "facts"): Way(_S.THOUGHT, Fact, _fact, _new_fact, in_new=True),
    ("analysis", "factors"): Way(_S.THOUGHT, Factor, _factor, _new_factor),
    ("analysis", "hypotheses"): Way(_S.THOUGHT, Hypothesis, _hypothesis, _new_hypothesis),
    ("analysis", "carers"): Way(_S.THOUGHT, CarerView, _carer, _new_carer, in_new=True),
    ("analysis", "judgements"): Way(_S.THOUGHT, Judgement, _judgement, _new_judgement, in_new=True),
    ("analysis", "contact"): Way(_S.THOUGHT, ContactView, _contact, _new_contact, in_new=True),
    ("analysis", "recommendations"): Way(
        _S.THOUGHT, Recommendation, _recommendation, _new_recommendation, in_new=True
    ),
    ("supervision", "decisions"): Way(_S.DONE, Decision, _decision, _new_decision, in_new=True),
    ("session", "actions"): Way(_S.DONE, Action, _action, _new_decision, in_new=True),
    ("case", "events"): Way(_S.SAFETY, Event, _event, _new_event),
    ("case", "sharing"): Way(_S.DONE, Shared, _shared, _new_shared),
    ("treatment", "meetings"): Way(_S.DONE, Meeting, _meeting, _new_meeting, in_new=True),
    ("treatment", "goals"): Way(_S.DONE, Goal, _goal, _goal),
    ("followup", "attempts"): Way(_S.DONE, Attempt, _attempt, _new_attempt),
    ("followup", "areas"): Way(_S.DONE, Area, _area, _new_area, in_new=True),
    ("report", "issued_to"): Way(_S.DONE, Copy, _copy, _copy),
    ("report", "feedback"): Way(_S.DONE, Feedback, _feedback, _feedback),
}
