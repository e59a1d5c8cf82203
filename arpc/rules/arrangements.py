"""Households, contact and agreements: kept, answered when broken, and known to whoever judged."""

from collections.abc import Iterator
from datetime import date

from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, Stage, rule
from arpc.records import Analysis, Arrangement, Basis, Person
from arpc.rules.when import AFTER_ISSUE
from arpc.sources import (
    AFTER_TREATMENT,
    BROKEN_AGREEMENTS,
    FAMILY_REVIEW,
    NORFOLK,
    SAFETY_PLANNING,
)
from arpc.workdays import age_on

_FREER = (
    "none",
    "indirect",
    "supervised_professional",
    "supervised_approved_person",
    "supervised_carer",
    "unsupervised_day",
    "unsupervised_overnight",
    "resident",
)


@rule(
    SAFETY_PLANNING.saying("able, willing and not afraid; belief is our inference"),
    gate=Gate.ISSUE,
    limits=True,
)
def supervisor_who_does_not_believe(as_of: AsOf) -> Iterator[Problem]:
    """Contact is to be supervised by somebody who does not believe it, or where abuse is flagged.

    Who is sure that nothing happened does not watch, and who is afraid cannot step in. It has to be
    somebody else, or a manager says why not.
    """
    as_of.file.every(Basis)
    analysis = as_of.file.analysis
    flagged = "domestic_abuse" in as_of.file.case.flags
    for view in analysis.contact if analysis else ():
        person = as_of.file.person(view.supervisor)
        where = view.at("supervisor", value=True)
        hint = "name somebody who is not afraid and believes that there is something to watch for"
        if view.supervisor and _position(as_of, view.supervisor) == "disbelieves":
            yield Problem(where, f"the last position of {view.supervisor} is disbelieves", hint)
        elif person and person.is_carer and flagged:
            yield Problem(
                where, f"{view.supervisor} supervises, and domestic abuse is flagged", hint
            )


@rule(NORFOLK.saying("four written agreements in ten years"), gate=Gate.FINISH)
def broken_agreement_made_again(as_of: AsOf) -> Iterator[Problem]:
    """An agreement that was broken was replaced by one with the same terms.

    It was tried and did not hold. What is different this time has to stand in it: other terms, other
    people, other eyes.
    """
    earlier = {arrangement.id: arrangement for arrangement in as_of.file.arrangements}
    for agreement in as_of.file.arrangements:
        old = earlier.get(agreement.replaces)
        if old and old.breaches and agreement.terms and _terms(agreement) == _terms(old):
            where = agreement.at("terms")
            hint = "write what is different this time: other terms, other people, other eyes"
            yield Problem(where, f"the same terms as {old.id}, which was broken", hint)


@rule(BROKEN_AGREEMENTS.saying("what had been promised to follow a breach did not"))
def breach_without_escalation(as_of: AsOf) -> Iterator[Problem]:
    """An arrangement was broken, and nobody was told.

    Each breach that nothing follows teaches that it means nothing.
    """
    for arrangement in as_of.file.arrangements:
        for breach in arrangement.breaches:
            if not breach.escalation:
                on = f" on {breach.day}" if breach.day else ""
                hint = "report it first; then `arpc add escalation` and name it under `escalation`"
                yield Problem(breach.at(), f"broken{on}, and no escalation is named", hint)


@rule(
    FAMILY_REVIEW.saying("men moved into homes without a new assessment; the rule is ours"),
    Severity.WARNING,
    stages=AFTER_ISSUE | {Stage.REPORTING},
)
def child_came_after_analysis(as_of: AsOf) -> Iterator[Problem]:
    """A child was born, is expected or moved in after the analysis was made, or he moved in with one.

    No judgement is about that child. Pregnancy and a new baby change what a carer can do, and what he
    is near to.
    """
    analyses = as_of.file.every(Analysis)
    made = max((analysis.on for analysis in analyses), default=None)
    if not made:
        return
    hint = "look at the judgements again, in a new analysis"
    for person in as_of.file.people:
        if (person.born and person.born > made) or (person.due and person.on > made):
            where = person.at("born" if person.born else "due")
            yield Problem(where, f"{person.id} came after the analysis of {made}", hint)
    judged = {judgement.child for analysis in analyses for judgement in analysis.judgements}
    man = as_of.file.man
    for home in as_of.file.arrangements:
        children = [m for m in home.members if _is_young(as_of.file.person(m.who), as_of.today)]
        new = [m for m in children if _is_after(m.since, made)]
        for member in new:
            message = f"{member.who} moved in after the analysis of {made}"
            yield Problem(member.at("who", value=True), message, hint)
        with_them = [m.who for m in children if m not in new and m.who not in judged]
        for member in home.members:
            if man and member.who == man.id and with_them and _is_after(member.since, made):
                message = (
                    f"{man.id} moved in with {', '.join(with_them)} after the analysis of {made}"
                )
                yield Problem(member.at("who", value=True), message, hint)


@rule(AFTER_TREATMENT.saying("men who completed it were reconvicted; the rule is our inference"))
def contact_loosened_after_treatment(as_of: AsOf) -> Iterator[Problem]:
    """Contact became freer after treatment ended or was declined, and no new analysis was made.

    To have finished a programme is not to be safe, and to have declined one is no reason either.
    Somebody who did not do the work judges afresh, and then contact may change.
    """
    over = [(t.ended, "ended") for t in as_of.file.treatments if t.ended]
    over += [(t.on, "was declined") for t in as_of.file.treatments if t.offer == "declined"]
    analysed = [analysis.on for analysis in as_of.file.every(Analysis)]
    every = as_of.file.every(Arrangement)
    contacts = [a for a in every if a.type == "contact" and a.form in _FREER]
    for now in contacts:
        before = [c for c in contacts if c.child == now.child and c.on < now.on]
        last, how = max((each for each in over if each[0] <= now.on), default=(None, ""))
        if not before or not last:
            continue
        freer = _FREER.index(now.form) > _FREER.index(before[-1].form)
        if freer and not any(last <= day <= now.on for day in analysed):
            message = f"{before[-1].form} became {now.form} after treatment {how} on {last}"
            yield Problem(now.at("form", value=True), message, "make a new analysis first")


def _position(as_of: AsOf, who: str) -> str:
    """The last position that somebody took on anything, "" if none is dated."""
    taken = [(p.day, p.position) for b in as_of.file.bases for p in b.positions if p.who == who]
    return max(((day, word) for day, word in taken if day), default=(date.min, ""))[1]


def _terms(agreement: Arrangement) -> set[str]:
    return {" ".join(term.casefold().split()).rstrip(".") for term in agreement.terms}


def _is_young(person: Person | None, today: date) -> bool:
    return person is not None and person.born is not None and age_on(person.born, today) < 18


def _is_after(since: str, day: date) -> bool:
    """Whether a date, perhaps only a year or a month, lies wholly after a day."""
    return bool(since) and since > day.isoformat()[: len(since)]
