"""A case on one page for whoever is on duty and may never have seen it.

What is open, who is who and how to reach them safely, why they are here, what is proved and what is
alleged, how they may meet now, what was said last, what comes next, and what must not be said to whom.
Of prose it shows the beginning, and a mark where there is more.
"""

import re
from collections.abc import Iterator

from arpc import due, overview
from arpc.casefile import CaseFile, IncompleteError
from arpc.due import Item
from arpc.pages.page import BULLET, CUT, Line, Page, Section
from arpc.pages.record import Wording, not_for_words, proof_words
from arpc.provisions import AsOf
from arpc.records import Person, Record, Session
from arpc.reporting import added
from arpc.reporting.evidence import sort_words
from arpc.reporting.front import marking
from arpc.reporting.model import BLANK, NONE, day_words, times
from arpc.reporting.people import CONTACT_FORMS, age_words, name_of, plain, position_on

_STATEMENTS = 2
_DATES = 4
_PARAGRAPH = 120  # characters
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
_SOON = 90  # days


def page(as_of: AsOf) -> Page:
    """Return the page of a case."""
    file = as_of.file
    sections = (
        ("Open concerns", _escalations(as_of)),
        ("Who is who", _people(as_of)),
        ("Where they live", _homes(as_of)),
        ("Why they were referred", _reason(file)),
        ("What is proved, and what is alleged", _bases(as_of)),
        ("Contact of the man with each child, now", _contact(as_of)),
        ("Agreements in force", _agreements(as_of)),
        ("What was said last", _last(as_of)),
        ("What comes next", _next(as_of)),
        ("What must not be said, and to whom", _secrets(as_of)),
    )
    made = [Section(title, tuple(lines) or (Line(NONE),)) for title, lines in sections]
    if file.damaged:
        lost = tuple(Line(f"{each.file} cannot be relied on") for each in file.damaged)
        made.insert(0, Section("Not on this page", lost))
    title = f"{file.id} on {day_words(as_of.today)}: {overview.stage_words(as_of)}"
    return Page(marking(as_of), title, (_staff(as_of),), tuple(made), is_dense=True)


def _staff(as_of: AsOf) -> str:
    try:
        case = as_of.file.case
    except IncompleteError:
        return f"lead {BLANK}"
    names = {"lead": case.lead, "second": case.second, "manager": case.manager}
    name = Wording(as_of).name
    found = [f"{what} {name(code)}" for what, code in names.items() if code]
    return "; ".join([*found, case.authority]) if found else f"lead {BLANK}"


def _people(as_of: AsOf) -> Iterator[Line]:
    for person in sorted(as_of.file.people, key=overview.closeness):
        names = ", ".join(dict.fromkeys(filter(None, (*person.known_as, person.alias))))
        age = "" if person.agency and not person.born_text else age_words(person, as_of)
        roles = ", ".join(map(plain, person.roles)) or "role not recorded"
        other = f" ({names})" if names else ""
        head = ", ".join(filter(None, (f"{person.name or person.id}{other}", age, roles)))
        told = [head, person.agency, *_standing(as_of, person)]
        if _may_be_rung(person) and (person.reached or not (person.is_child or person.died)):
            told.append(f"safe contact: {_flat(person.reached) or BLANK}")
        yield Line("; ".join(filter(None, told)), person.id)


def _may_be_rung(person: Person) -> bool:
    """Whether somebody on duty may have to reach this person; of others `show P-09` tells how."""
    near = {"parent", "referrer", "supervisor_of_contact", "family_supporter"}
    return person.is_man or person.is_child or person.is_carer or not near.isdisjoint(person.roles)


def _standing(as_of: AsOf, person: Person) -> Iterator[str]:
    """What holds for somebody today: orders, plans, whether an interpreter is needed."""
    if person.interpreter == "yes":
        yield "interpreter needed"
    if person.is_man:
        orders = [o.type for o in person.orders if not o.until or _is_to_come(o.until, as_of)]
        yield f"orders: {', '.join(orders) or NONE}"
        yield f"registration: {plain(person.registration) or BLANK}"
    if person.is_child:
        plans = [p for p in person.plans if not p.until or p.until >= as_of.today]
        yield f"plan: {', '.join(plain(p.status) for p in plans) or BLANK}"
        seen = [s for s in _past(as_of) if person.id in s.all_present]
        last = f"{day_words(seen[-1].on)}, {seen[-1].id}" if seen else BLANK
        yield f"last seen by us: {last}"


def _is_to_come(when: str, as_of: AsOf) -> bool:
    return when >= as_of.today.isoformat()[: len(when)]


def _homes(as_of: AsOf) -> Iterator[Line]:
    housed = set()
    for home in as_of.file.arrangements:
        if home.type != "household" or not home.holds_on(as_of.today):
            continue
        here = [m.who for m in home.members if not m.until or _is_to_come(m.until, as_of)]
        housed |= {*here}
        who = ", ".join(name_of(as_of.file, each) for each in here) or BLANK
        place = ", ".join(filter(None, (home.name, home.address))) or BLANK
        yield Line(f"{who}: {place}", home.id)
    for person in as_of.file.people:
        if (person.is_man or person.is_child or person.is_carer) and person.id not in housed:
            yield Line(f"{person.name or person.id}: {BLANK}", person.id)


def _reason(file: CaseFile) -> Iterator[Line]:
    referral = file.referral
    if referral is None:
        yield Line(BLANK)
        return
    by = f"{day_words(referral.on)}, from {name_of(file, referral.referrer) or BLANK}"
    yield Line(f"{by}: {_begun(referral.reason)}", referral.id)
    yield Line("all of it, and what was asked: `arpc show referral`", depth=3)


def _begun(text: str) -> str:
    """The first sentences of a text, as many as two lines hold, and whether there are more."""
    kept = ""
    for sentence in _SENTENCE.split(_flat(text)):
        if kept and len(kept) + len(sentence) > _PARAGRAPH:
            return kept + CUT
        kept = f"{kept} {sentence}".strip()
    return kept or BLANK


def _bases(as_of: AsOf) -> Iterator[Line]:
    """What is proved comes first; what is not is always called alleged."""
    file, man = as_of.file, as_of.file.man
    bases = [basis for basis in file.bases if basis.is_current]
    if not any(basis.is_proved for basis in bases):
        yield Line(f"proved: {NONE}")
    for basis in sorted(bases, key=lambda basis: not basis.is_proved):
        happened = f" ({basis.happened})" if basis.happened else ""
        yield Line(f"{proof_words(basis)}{happened}: {_begun(basis.what)}", basis.id)
        position = position_on(file, basis, man).words if man else BLANK
        yield Line(f"the man: {position}", depth=3)


def _contact(as_of: AsOf) -> Iterator[Line]:
    file = as_of.file
    held = [a for a in file.arrangements if a.type == "contact" and a.holds_on(as_of.today)]
    for made in held:
        form = CONTACT_FORMS.get(made.form, BLANK)
        by = f", by {name_of(file, made.supervisor)}" if made.supervisor else ""
        basis = f"by {plain(made.rests_on)}" if made.rests_on else ""
        kept = f"not kept {times(len(made.breaches))}" if made.breaches else ""
        more = "; ".join(filter(None, (made.often, basis, kept)))
        since = f"since {day_words(made.on)}"
        yield Line(f"{name_of(file, made.child)}: {form}{by}; {more}; {since}", made.id)
    for child in file.children:
        if child.id not in {made.child for made in held}:
            yield Line(f"{child.name or child.id}: {NONE}", child.id)


def _agreements(as_of: AsOf) -> Iterator[Line]:
    for made in as_of.file.arrangements:
        if made.type != "agreement" or not made.holds_on(as_of.today):
            continue
        parties = ", ".join(name_of(as_of.file, who) for who in made.parties) or BLANK
        yield Line(f"between {parties}, since {day_words(made.on)}", made.id)
        for term in made.terms:
            yield Line(_flat(term), BULLET, 3)
        yield Line(f"if not kept: {_begun(made.if_breached)}", depth=3)


def _escalations(as_of: AsOf) -> Iterator[Line]:
    found = [e for e in as_of.file.escalations if e.on <= as_of.today]
    for each in found:
        if each.closed is None or each.closed > as_of.today:
            who = ", ".join(name_of(as_of.file, child) for child in each.children)
            what = f"{plain(each.type) or BLANK}, {day_words(each.on)}, {who or BLANK}"
            yield Line(f"{what}: {_flat(each.safety) or BLANK}", each.id)
    closed = [e for e in found if e.closed and e.closed <= as_of.today]
    if closed and len(closed) == len(found):
        last = max(closed, key=lambda each: str(each.closed))
        yield Line(f"{NONE}; the last, {last.id}, was closed on {day_words(last.closed)}")


def _past(as_of: AsOf) -> list[Session]:
    return [s for s in as_of.file.sessions if s.took_place and s.on <= as_of.today]


def _last(as_of: AsOf) -> Iterator[Line]:
    if not (past := _past(as_of)):
        return
    session = past[-1]
    file = as_of.file
    who = ", ".join(name_of(file, each) for each in session.who) or BLANK
    by = Wording(as_of).name(session.author)
    concern = plain(session.concern) or BLANK
    head = f"{day_words(session.on)}, {sort_words(session)}, {who}; by {by}; concern: {concern}"
    yield Line(head, session.id)
    said = session.statements
    for statement in said[-_STATEMENTS:]:
        text = added.after(_flat(statement.text), as_of, statement)
        yield Line(f"{statement.form or BLANK}: {text}", statement.id, 3)
    if len(said) > _STATEMENTS:
        yield Line(f"{len(said)} in all: `arpc show {session.id}`", depth=3)
    since = [f"{r.kind.title.lower()} {r.id}, {day_words(r.on)}" for r in _since(as_of, session)]
    if since:
        yield Line(f"since then: {'; '.join(since[-_DATES:])}", depth=3)


def _since(as_of: AsOf, session: Session) -> list[Record]:
    """What happened after a session."""
    kinds = ("document", "escalation", "supervision", "report", "treatment", "followup", "session")
    found = [r for r in as_of.file.records if r.kind.name in kinds and r.id != session.id]
    later = [r for r in found if session.on < r.on <= as_of.today]
    return sorted(later, key=lambda record: (record.on, record.id))


def _next(as_of: AsOf) -> Iterator[Line]:
    items = due.within(due.what_is_due(as_of), _SOON)
    for item in items[:_DATES]:
        yield Line(f"{item.due.what}; {item.state}{_owner(item)}", day_words(item.due.by))
    if len(items) > _DATES:
        yield Line(f"and {len(items) - _DATES} more: `arpc due {as_of.file.id}`")


def _owner(item: Item) -> str:
    return "" if item.clock.is_ours else f"; for the {item.clock.owner}"


def _secrets(as_of: AsOf) -> Iterator[Line]:
    """What somebody asked not to be told, and what is marked as not for somebody."""
    file = as_of.file
    for session in file.sessions:
        if session.not_tell and session.on <= as_of.today:
            yield Line(_begun(session.not_tell), session.id)
    for person in file.people:
        if person.not_for:
            whom = not_for_words(file, person.not_for)
            yield Line(f"who {person.name or 'this'} is: not for {whom}", person.id)
    if hidden := sorted({s.record.key for s in file.statements() if s.share == "none"}):
        yield Line(f"not for anybody, in part or whole: {', '.join(hidden)}")
    if marked := _marked(file):
        yield Line(f"not for somebody, in part or whole: {', '.join(marked)}")
        yield Line(f"not for whom: `arpc show {marked[0]}` and the like", depth=3)


def _marked(file: CaseFile) -> list[str]:
    """The records in which something is marked as not for somebody."""
    barred = {r.key for r in file.records if r.not_for and not isinstance(r, Person)}
    barred |= {s.record.key for s in file.statements() if s.not_for or s.share == "referrer_only"}
    return sorted(barred)


def _flat(text: str) -> str:
    return " ".join(text.split())
