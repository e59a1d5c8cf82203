"""The people of a report: the family, the man, the carers, each child, in their own words."""

from collections.abc import Iterator
from typing import NamedTuple

from arpc.casefile import CaseFile
from arpc.ids import Citation, parse_citation
from arpc.provisions import AsOf
from arpc.records import (
    AlsoPresent,
    Analysis,
    Basis,
    CarerView,
    ChildView,
    Person,
    Session,
    Statement,
)
from arpc.reporting import added
from arpc.reporting.evidence import Evidence, sort_words
from arpc.reporting.model import (
    BLANK,
    NONE,
    Block,
    CarerSection,
    ChildSection,
    Cited,
    Meeting,
    Pair,
    PersonSection,
    Row,
    Words,
    day_words,
    partial_words,
    recorded,
)
from arpc.workdays import age_on

CAPACITY_BANDS = {
    "strong": "strong",
    "adequate_with_support": "adequate with support",
    "limited": "limited",
    "not_at_present": "not at present",
    "cannot_say": "cannot be said",
}
CONTACT_FORMS = {
    "none": "no contact",
    "indirect": "indirect contact only",
    "supervised_professional": "contact supervised by a professional",
    "supervised_approved_person": "contact supervised by an approved person",
    "supervised_carer": "contact supervised by the carer",
    "unsupervised_day": "unsupervised contact by day",
    "unsupervised_overnight": "unsupervised contact including nights",
    "resident": "living together",
    "not_known": "not known",
}


_PLAIN = {
    "childrens_services": "children's services",
    "childrens_hearing": "children's hearing",
    "nfa": "no further action",
}
_BY_SEX = {
    ("aunt_or_uncle", "female"): "aunt",
    ("aunt_or_uncle", "male"): "uncle",
    ("niece_or_nephew", "female"): "niece",
    ("niece_or_nephew", "male"): "nephew",
    ("grandparent", "female"): "grandmother",
    ("grandparent", "male"): "grandfather",
    ("sibling", "female"): "sister",
    ("sibling", "male"): "brother",
    ("half_sibling", "female"): "half-sister",
    ("half_sibling", "male"): "half-brother",
    ("child", "female"): "daughter",
    ("child", "male"): "son",
    ("parent", "female"): "mother",
    ("parent", "male"): "father",
    ("grandchild", "female"): "granddaughter",
    ("grandchild", "male"): "grandson",
}


def plain(word: str) -> str:
    """A word of a schema as it is written in a sentence."""
    return _PLAIN.get(word, word.replace("_", " "))


def name_of(file: CaseFile, person_id: str) -> str:
    """A person's name, or the id where there is none."""
    person = file.person(person_id)
    return person.name if person and person.name else person_id


def asked_by(file: CaseFile) -> str:
    """Who asked: name, agency and authority, each once."""
    referrer = file.person(file.referral.referrer) if file.referral else None
    parts = [referrer.name, referrer.agency] if referrer else []
    if file.case.authority not in ", ".join(parts):
        parts.append(file.case.authority)
    return ", ".join(filter(None, parts)) or BLANK


def relation_words(word: str, sex: str) -> str:
    """Who somebody is to another, as a family would say it where the sex is recorded."""
    return _BY_SEX.get((word, sex), plain(word))


def age_words(person: Person, as_of: AsOf) -> str:
    """A person's age on the day of the report, as exact as it is known."""
    if person.died:
        return f"died {partial_words(person.died)}"
    if person.born:
        return str(age_on(person.born, as_of.today))
    if person.due:
        return f"expected {day_words(person.due)}"
    return f"born {partial_words(person.born_text)}" if person.born_text else f"age {BLANK}"


def aged_words(person: Person, as_of: AsOf) -> str:
    """A person's age as it stands in a sentence: "aged 41"."""
    age = age_words(person, as_of)
    return f"aged {age}" if age.isdigit() else age


def whose(as_of: AsOf) -> Iterator[Pair]:
    """Who asked for a report and whom it is about, for its cover."""
    file = as_of.file
    children = [f"{c.name or c.id}, {age_words(c, as_of)}" for c in file.children]
    man = f"{file.man.name or file.man.id}, {aged_words(file.man, as_of)}" if file.man else BLANK
    yield Pair("Asked for by", asked_by(file))
    yield Pair("About", man)
    yield Pair("Children", "; ".join(children) or NONE)


def family_rows(as_of: AsOf) -> tuple[Row, ...]:
    """Everybody in the case: who they are, how old, and what they are in it."""
    file = as_of.file
    rows = []
    for person in file.people:
        relations = [
            f"{relation_words(r.word, person.sex)} of {name_of(file, r.to)}{_span(r.since, r.until)}"
            for r in person.relations
            if r.to and r.word
        ]
        age = "" if person.agency and not person.born_text else age_words(person, as_of)
        apart = person.is_man or person.is_carer or person.is_child
        later = () if apart else added.lines(as_of, person)
        who = "; ".join(filter(None, (*relations, person.agency, *later)))
        roles = ", ".join(map(plain, person.roles))
        rows.append(Row((person.id, person.name or BLANK, age, roles, who)))
    return tuple(rows)


def household_rows(as_of: AsOf) -> tuple[Row, ...]:
    """Who lives with whom; addresses stay out of the report."""
    rows = []
    for home in as_of.file.arrangements:
        if home.type != "household":
            continue
        members = [
            f"{name_of(as_of.file, m.who)}{_span(m.since, m.until)}" for m in home.members if m.who
        ]
        rows.append(
            Row(
                (
                    home.id,
                    home.name or BLANK,
                    "; ".join(members) or BLANK,
                    added.after(home.sleeping or BLANK, as_of, home),
                )
            )
        )
    return tuple(rows)


def contact_rows(as_of: AsOf, *, only_now: bool = False) -> tuple[Row, ...]:
    """What contact there was and is, child by child, or only what there is now."""
    rows = []
    for arrangement in as_of.file.arrangements:
        over = bool(arrangement.until and arrangement.until < as_of.today)
        if arrangement.type == "contact" and not (only_now and over):
            ends = f"to {day_words(arrangement.until)}" if arrangement.until else "no end recorded"
            span = f"from {day_words(arrangement.on)}, {ends}"
            how = "; ".join(
                filter(
                    None,
                    (
                        arrangement.often,
                        plain(arrangement.rests_on),
                        _breaches(len(arrangement.breaches)),
                    ),
                )
            )
            form = CONTACT_FORMS.get(arrangement.form, BLANK)
            by = (
                f", by {name_of(as_of.file, arrangement.supervisor)}"
                if arrangement.supervisor
                else ""
            )
            child = name_of(as_of.file, arrangement.child) or BLANK
            how = added.after(how, as_of, arrangement)
            rows.append(Row((arrangement.id, child, f"{form}{by}", span, how)))
    return tuple(rows)


def agreement_blocks(as_of: AsOf) -> tuple[Block, ...]:
    """Written agreements: terms, how they are checked, what follows when they are not kept."""
    blocks = []
    for made in as_of.file.arrangements:
        if made.type != "agreement":
            continue
        parties = ", ".join(name_of(as_of.file, who) for who in made.parties)
        ended = f"; ended {day_words(made.until)}" if made.until else ""
        facts = (
            Pair("Between", parties or BLANK),
            Pair("Terms", "; ".join(term.rstrip(".") for term in made.terms) or BLANK),
            Pair("Checked", made.monitored or BLANK),
            Pair("If not kept", made.if_breached or BLANK),
            Pair("Review by", f"{day_words(made.review_by) or BLANK}{ended}"),
            Pair("Kept", _breaches(len(made.breaches)) or "no breach recorded"),
            *added.pairs(as_of, made),
        )
        blocks.append(Block(f"{made.id}, {day_words(made.on)}", facts))
    return tuple(blocks)


def man_section(as_of: AsOf, evidence: Evidence) -> PersonSection | None:
    """The man: background, orders, positions over time, and what he said."""
    man = as_of.file.man
    return person_section(as_of, evidence, man) if man else None


def person_section(as_of: AsOf, evidence: Evidence, person: Person) -> PersonSection:
    """What the report says of one adult."""
    return PersonSection(
        person.id,
        person.name or person.id,
        person.background,
        tuple(_adult_facts(person, as_of)),
        tuple(_positions(as_of, evidence, person)),
        tuple(meetings_of(as_of, evidence, person)),
    )


class Position(NamedTuple):
    """What somebody last said of an allegation."""

    words: str
    shown_by: tuple[Citation, ...]


def position_on(file: CaseFile, basis: Basis, person: Person) -> Position:
    """The last position of a person on an allegation, as it is recorded there.

    Where none is, what the person said of it is named, and what position that is, is left to who reads it.
    """
    own = [p for p in basis.positions if p.who == person.id and (p.position or p.day)]
    if own:
        last = sorted(own, key=lambda position: str(position.day or ""))[-1]
        words = plain(last.position) or BLANK
        return Position(f"{words} ({day_words(last.day) or 'no day recorded'})", last.source)
    said = [
        statement
        for statement in file.statements()
        if statement.basis == basis.id
        and statement.speaker == person.id
        and statement.record.is_final
    ]
    found = [s.citation for s in sorted(said, key=lambda s: (s.record.on, s.record.id))]
    see = f"; see {', '.join(found)}" if found else ""
    return Position(f"{BLANK}{see}", tuple(c for each in found if (c := parse_citation(each))))


def carer_section(
    as_of: AsOf, evidence: Evidence, person: Person, analysis: Analysis
) -> CarerSection:
    """What the report says of one carer; capacity, ability and likelihood stay apart."""
    view = next((v for v in analysis.carers if v.who == person.id), None)
    section = person_section(as_of, evidence, person)
    if view is None:
        missing = Cited(recorded(""))
        return CarerSection(section, "", missing, missing, missing, BLANK, "")
    return CarerSection(
        section,
        view.knowledge,
        evidence.cite(recorded(view.capacity), view.capacity_rests_on, analysis),
        evidence.cite(recorded(view.ability), view.ability_rests_on, analysis),
        evidence.cite(recorded(view.likelihood), view.likelihood_rests_on, analysis),
        band_words(view),
        view.needs,
    )


def band_words(view: CarerView) -> str:
    """The practitioner's word for a carer's capacity to protect."""
    return CAPACITY_BANDS.get(view.band, BLANK)


def child_section(
    as_of: AsOf, evidence: Evidence, child: Person, analysis: Analysis
) -> ChildSection:
    """What the report says of one child, in the child's own words as far as there are any."""
    met = [s for s in as_of.file.sessions if child.id in s.who and s.sort == "child"]
    seen = [s for s in met if s.took_place]
    view = next((v for v in analysis.children if v.child == child.id), None)
    told_how = [
        Pair(f"{day_words(s.on)}, understood: {plain(s.understood) or BLANK}", s.explained)
        for s in seen
        if s.explained
    ]
    return ChildSection(
        child.id,
        child.name or child.id,
        age_words(child, as_of),
        child.background,
        tuple(_child_facts(child, as_of)),
        "; ".join(_seen(as_of, s) for s in seen),
        " ".join(_not_seen(as_of, s) for s in met if s.not_seen),
        tuple(told_how),
        tuple(meetings_of(as_of, evidence, child)),
        ", ".join(dict.fromkeys(name for s in seen for name in s.trusted)) or BLANK,
        " ".join(s.not_tell for s in seen if s.not_tell) or BLANK,
        *_child_view(evidence, view, analysis),
    )


def meetings_of(as_of: AsOf, evidence: Evidence, person: Person) -> Iterator[Meeting]:
    """What a person said, and what was seen of them, session by session in order of time."""
    for session in as_of.file.sessions:
        found = [s for s in session.statements if s.form and _is_of(s, person, session)]
        if found:
            words = tuple(_words(as_of, evidence, s) for s in found)
            about_all = added.lines(as_of, session)
            yield Meeting(day_words(session.on), sort_words(session), session.id, words, about_all)


def _is_of(statement: Statement, person: Person, session: Session) -> bool:
    if statement.form == "observed":
        shown_by = {statement.by, *statement.about} - {""}
        return person.id in (shown_by or session.who)
    return statement.speaker == person.id


def _words(as_of: AsOf, evidence: Evidence, statement: Statement) -> Words:
    evidence.printed.add(statement.citation)
    return Words(
        statement.text,
        statement.asked,
        statement.form,
        statement.id,
        statement.heard == "second_hand",
        added.lines(as_of, statement),
    )


def _adult_facts(person: Person, as_of: AsOf) -> Iterator[Pair]:
    yield Pair("Age", age_words(person, as_of))
    identity = [person.ethnicity, person.religion, ", ".join(person.languages)]
    yield Pair("Identity and languages", "; ".join(filter(None, identity)) or BLANK)
    yield Pair("Interpreter needed", plain(person.interpreter) or BLANK)
    yield Pair("Disability and communication", person.needs or BLANK)
    if person.is_man:
        orders = [
            f"{order.type or 'order'}{_span(order.since, order.until)}: {order.terms or 'terms not recorded'}"
            for order in person.orders
        ]
        yield Pair("Court orders and bail", "; ".join(orders) or NONE)
        yield Pair("Registration", plain(person.registration) or BLANK)
    yield from added.pairs(as_of, person)


def _child_facts(child: Person, as_of: AsOf) -> Iterator[Pair]:
    current = [p for p in child.plans if p.until is None]
    plan = current[-1] if current else None
    status = (plan and plain(plan.status)) or BLANK
    if plan and plan.category:
        status += f", {plan.category}"
    if plan and plan.since:
        status += f", since {day_words(plan.since)}"
    yield Pair("Plan", status)
    identity = [child.ethnicity, child.religion, ", ".join(child.languages)]
    yield Pair("Identity and languages", "; ".join(filter(None, identity)) or BLANK)
    yield Pair("Disability and communication", child.needs or BLANK)
    yield from added.pairs(as_of, child)


def _positions(as_of: AsOf, evidence: Evidence, person: Person) -> Iterator[Row]:
    """Each position that a person took, in order of time; first those without a day."""
    held = [(basis, position) for basis in as_of.file.bases for position in basis.positions]
    own = [(b, p) for b, p in held if p.who == person.id and (p.position or p.day)]
    for basis, position in sorted(own, key=lambda each: (str(each[1].day or ""), each[0].id)):
        note = evidence.note(position.source, basis)
        words = plain(position.position) or BLANK
        yield Row((day_words(position.day) or BLANK, basis.id, words), note)


def _seen(as_of: AsOf, session: Session) -> str:
    alone = {"yes": "alone", "no": "not alone"}.get(session.alone, "whether alone is not recorded")
    where = f"{day_words(session.on)} at {session.where or 'a place not recorded'}"
    company = company_words(as_of, session)
    seen = f"{where}, {alone}: {company}; " if company else f"{where}, {alone}, "
    return f"{seen}with {session.tools}" if session.tools else seen[:-2]


def company_words(as_of: AsOf, session: Session) -> str:
    """Who else was there, and why; "" if nobody is recorded."""
    return "; ".join(_present(as_of, other) for other in session.present)


def _present(as_of: AsOf, other: AlsoPresent) -> str:
    person = as_of.file.person(other.who)
    staff = as_of.service.staff_member(other.who).name if other.who else "somebody"
    who = f"{person.name} ({person.id})" if person and person.name else staff
    until = f" until {other.until}" if other.until else ""
    return f"{who} was there{until}{f': {other.why}' if other.why else ''}".rstrip(".")


def _not_seen(as_of: AsOf, session: Session) -> str:
    instead = ", ".join(map(str, session.instead))
    stands_in = (
        f"What stands in for it: {instead}."
        if instead
        else session.no_substitute or "What stands in for it is not recorded."
    )
    tried = session.attempts or "What was tried is not recorded."
    agreed = agreed_by(as_of, session.agreed_by)
    return f"Reason: {plain(session.not_seen)}. {tried} {agreed} {stands_in}"


def agreed_by(as_of: AsOf, code: str) -> str:
    """Who agreed that something was not done."""
    if not code:
        return "Who agreed is not recorded."
    return f"Agreed by {as_of.service.staff_member(code).name}."


def _child_view(
    evidence: Evidence, view: ChildView | None, analysis: Analysis
) -> tuple[Cited, Cited, str]:
    if view is None:
        return Cited(recorded("")), Cited(BLANK), BLANK
    return (
        evidence.cite(recorded(view.impact), view.rests_on, analysis),
        Cited(view.wishes or BLANK),
        view.will_be_told or BLANK,
    )


def _span(since: str, until: str) -> str:
    if since and until:
        return f" ({partial_words(since)} to {partial_words(until)})"
    if since:
        return f" (since {partial_words(since)})"
    return f" (until {partial_words(until)})" if until else ""


def _breaches(count: int) -> str:
    return f"{count} breach{'es' * (count > 1)} recorded" if count else ""
