"""The people of a report: the family, the man, the carers, each child, in their own words."""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.provisions import AsOf
from arpc.records import Analysis, CarerView, ChildView, Person, Session, Statement
from arpc.reporting.evidence import Evidence, sort_words
from arpc.reporting.model import (
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
)
from arpc.workdays import age_on

NONE = "none recorded"
NOT_KNOWN = "not known"
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
    return ", ".join(filter(None, parts)) or "not named"


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
    return f"born {partial_words(person.born_text)}" if person.born_text else NOT_KNOWN


def whose(as_of: AsOf) -> Iterator[Pair]:
    """Who asked for a report and whom it is about, for its cover."""
    file = as_of.file
    children = [f"{c.name}, {age_words(c, as_of)}" for c in file.children]
    man = f"{file.man.name}, aged {age_words(file.man, as_of)}" if file.man else "not named"
    yield Pair("Asked for by", asked_by(file))
    yield Pair("About", man)
    yield Pair("Children", "; ".join(children) or "none named")


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
        who = "; ".join([*relations, *([person.agency] if person.agency else [])])
        roles = ", ".join(map(plain, person.roles))
        rows.append(Row((person.id, person.name or "not named", age, roles, who)))
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
                    home.name or "no name",
                    "; ".join(members) or NOT_KNOWN,
                    home.sleeping or NOT_KNOWN,
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
            span = f"{day_words(arrangement.on)} to {day_words(arrangement.until) or 'now'}"
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
            form = CONTACT_FORMS.get(arrangement.form, plain(arrangement.form))
            by = (
                f", by {name_of(as_of.file, arrangement.supervisor)}"
                if arrangement.supervisor
                else ""
            )
            child = name_of(as_of.file, arrangement.child)
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
            Pair("Between", parties or "not said"),
            Pair("Terms", "; ".join(term.rstrip(".") for term in made.terms) or "not said"),
            Pair("Checked", made.monitored or "not said"),
            Pair("If not kept", made.if_breached or "not said"),
            Pair("Review by", f"{day_words(made.review_by) or 'no date'}{ended}"),
            Pair("Kept", _breaches(len(made.breaches)) or "no breach recorded"),
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


def carer_section(
    as_of: AsOf, evidence: Evidence, person: Person, analysis: Analysis
) -> CarerSection:
    """What the report says of one carer; capacity, ability and likelihood stay apart."""
    view = next((v for v in analysis.carers if v.who == person.id), None)
    section = person_section(as_of, evidence, person)
    if view is None:
        missing = Cited("not assessed")
        return CarerSection(section, "", missing, missing, missing, "not assessed", "")
    return CarerSection(
        section,
        view.knowledge,
        evidence.cite(view.capacity or "not assessed", view.capacity_rests_on, analysis),
        evidence.cite(view.ability or "not assessed", view.ability_rests_on, analysis),
        evidence.cite(view.likelihood or "not assessed", view.likelihood_rests_on, analysis),
        band_words(view),
        view.needs,
    )


def band_words(view: CarerView) -> str:
    """The practitioner's word for a carer's capacity to protect."""
    return CAPACITY_BANDS.get(view.band, "not said")


def child_section(
    as_of: AsOf, evidence: Evidence, child: Person, analysis: Analysis
) -> ChildSection:
    """What the report says of one child, in the child's own words as far as there are any."""
    met = [s for s in as_of.file.sessions if child.id in s.who and s.sort == "child"]
    seen = [s for s in met if s.took_place]
    view = next((v for v in analysis.children if v.child == child.id), None)
    told_how = [
        Pair(f"{day_words(s.on)}, understood: {plain(s.understood) or 'not asked'}", s.explained)
        for s in seen
        if s.explained
    ]
    return ChildSection(
        child.id,
        child.name or child.id,
        age_words(child, as_of),
        child.background,
        tuple(_child_facts(child)),
        "; ".join(_seen(s) for s in seen),
        " ".join(_not_seen(as_of, s) for s in met if s.not_seen),
        tuple(told_how),
        tuple(meetings_of(as_of, evidence, child)),
        ", ".join(dict.fromkeys(name for s in seen for name in s.trusted)),
        " ".join(s.not_tell for s in seen if s.not_tell),
        *_child_view(evidence, view, analysis),
    )


def meetings_of(as_of: AsOf, evidence: Evidence, person: Person) -> Iterator[Meeting]:
    """What a person said, and what was seen of them, session by session in order of time."""
    for session in as_of.file.sessions:
        found = [s for s in session.statements if _is_of(s, person, session)]
        if found:
            words = tuple(_words(evidence, s) for s in found)
            yield Meeting(day_words(session.on), sort_words(session), session.id, words)


def _is_of(statement: Statement, person: Person, session: Session) -> bool:
    if statement.form == "observed":
        shown_by = {statement.by, *statement.about} - {""}
        return person.id in (shown_by or session.who)
    return statement.speaker == person.id


def _words(evidence: Evidence, statement: Statement) -> Words:
    evidence.printed.add(statement.citation)
    second_hand = statement.heard == "second_hand"
    return Words(statement.text, statement.asked, statement.form, statement.id, second_hand)


def _adult_facts(person: Person, as_of: AsOf) -> Iterator[Pair]:
    yield Pair("Age", age_words(person, as_of))
    identity = [person.ethnicity, person.religion, ", ".join(person.languages)]
    yield Pair("Identity and languages", "; ".join(filter(None, identity)) or "not asked")
    yield Pair("Interpreter needed", plain(person.interpreter) or "not asked")
    yield Pair("Disability and communication", person.needs or "not asked")
    if person.is_man:
        orders = [
            f"{order.type}{_span(order.since, order.until)}: {order.terms or 'terms not recorded'}"
            for order in person.orders
        ]
        yield Pair("Court orders and bail", "; ".join(orders) or NONE)
        yield Pair("Registration", plain(person.registration) or NOT_KNOWN)


def _child_facts(child: Person) -> Iterator[Pair]:
    current = [p for p in child.plans if p.until is None]
    plan = current[-1] if current else None
    status = plain(plan.status) if plan else NOT_KNOWN
    if plan and plan.category:
        status += f", {plan.category}"
    if plan and plan.since:
        status += f", since {day_words(plan.since)}"
    yield Pair("Plan", status)
    identity = [child.ethnicity, child.religion, ", ".join(child.languages)]
    yield Pair("Identity and languages", "; ".join(filter(None, identity)) or "not asked")
    yield Pair("Disability and communication", child.needs or "not asked")


def _positions(as_of: AsOf, evidence: Evidence, person: Person) -> Iterator[Row]:
    dated = [
        (position.day, basis, position)
        for basis in as_of.file.bases
        for position in basis.positions
        if position.who == person.id and position.day
    ]
    for day, basis, position in sorted(dated, key=lambda item: (item[0], item[1].id)):
        note = evidence.note(position.source, basis)
        yield Row((day_words(day), basis.id, plain(position.position)), note)


def _seen(session: Session) -> str:
    alone = {"yes": "alone", "no": "not alone"}.get(session.alone, "alone or not: not recorded")
    others = "; ".join(f"{o.why}" for o in session.present if o.why)
    present = f" ({others})" if others and session.alone != "yes" else ""
    tools = f", with {session.tools}" if session.tools else ""
    return f"{day_words(session.on)} at {session.where or 'a place not recorded'}, {alone}{present}{tools}"


def _not_seen(as_of: AsOf, session: Session) -> str:
    agreed = (
        as_of.service.staff_member(session.agreed_by).name if session.agreed_by else "nobody named"
    )
    instead = ", ".join(map(str, session.instead))
    stands_in = (
        f"What stands in for it: {instead}."
        if instead
        else session.no_substitute or "Nothing stands in for it."
    )
    tried = session.attempts or "What was tried is not recorded."
    return f"Reason: {plain(session.not_seen)}. {tried} Agreed by {agreed}. {stands_in}"


def _child_view(
    evidence: Evidence, view: ChildView | None, analysis: Analysis
) -> tuple[Cited, Cited, str]:
    if view is None:
        return Cited("not assessed"), Cited("not recorded"), "not recorded"
    return (
        evidence.cite(view.impact or "not assessed", view.rests_on, analysis),
        Cited(view.wishes or "not recorded"),
        view.will_be_told or "not recorded",
    )


def _span(since: str, until: str) -> str:
    if since and until:
        return f" ({partial_words(since)} to {partial_words(until)})"
    if since:
        return f" (since {partial_words(since)})"
    return f" (until {partial_words(until)})" if until else ""


def _breaches(count: int) -> str:
    return f"{count} breach{'es' * (count > 1)} recorded" if count else ""
