"""What people were told and agreed to, before they were met and before anything was passed on."""

from collections.abc import Iterator
from datetime import date

from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Consent, Session
from arpc.rules.when import AFTER_ISSUE
from arpc.sources import INFERENCE, PROGRAMME, SECTION_47, SHARING

_BY_CHOICE = ("man", "carer", "child", "joint", "observation", "supporter")


@rule(
    SECTION_47.saying(
        "consent, or why it was not sought; before the first meeting is our inference"
    ),
    gate=Gate.FINISH,
    limits=True,
)
def adult_met_without_consent(as_of: AsOf) -> Iterator[Problem]:
    """The man or a carer was met, and it is not recorded what they had been told and agreed to.

    People have to know before they speak who will read it and what is passed on at once. Where a
    court directs it, the record says so, and they are told all the same.
    """
    told = {(consent.who, consent.on) for consent in as_of.file.every(Consent)}
    asked: set[str] = set()
    adults = {p.id for p in as_of.file.people if p.is_man or p.is_carer}
    for session in as_of.file.every(Session):
        for index, who in enumerate(session.who):
            if who not in adults or who in asked or not session.is_assessing:
                continue
            asked.add(who)
            if not any(person == who and on <= session.on for person, on in told):
                where = session.at("who", index, value=True)
                message = f"{who} was met on {session.on}, and no consent is recorded by then"
                yield Problem(where, message, "`arpc add consent`")


@rule(INFERENCE)
def met_after_consent_ended(as_of: AsOf) -> Iterator[Problem]:
    """Somebody was met who had refused or withdrawn consent.

    A "no" that is not heard is what this work is about. If a court directs the meeting, the consent
    record says that it is given by the court.
    """
    for session in as_of.file.sessions:
        if session.sort not in _BY_CHOICE or not session.took_place:
            continue
        for index, who in enumerate(session.who):
            last = _last_word(as_of, who, session.on)
            if last and last.take_part in ("refused", "withdrawn") and last.given_by != "court":
                where = session.at("who", index, value=True)
                message = f"{who} was met on {session.on}; {last.id}: {last.take_part}"
                yield Problem(where, message, "stop, and talk it over with your manager")


@rule(
    SHARING.saying("what was shared, with whom, for what purpose, and the reasoning"),
    gate=Gate.FINISH,
)
def shared_without_basis(as_of: AsOf) -> Iterator[Problem]:
    """Something was passed on, and it is not said on what basis or, without consent, why.

    To protect a child comes before privacy, and sharing without consent is often right. The reasoning
    is written down, so that it can be explained to the person whom it concerns.
    """
    for shared in as_of.file.case.sharing:
        if not shared.basis:
            yield Problem(shared.at("basis"), "passed on, and no basis is named")
        elif shared.basis != "consent" and not shared.why:
            where = shared.at("basis", value=True)
            yield Problem(where, f"{shared.basis}, and nothing under why", "write the reasoning")


@rule(
    PROGRAMME.saying("follow-up after three and five years"),
    Severity.WARNING,
    Gate.CLOSE,
    AFTER_ISSUE,
)
def follow_up_consent_not_sought(as_of: AsOf) -> Iterator[Problem]:
    """An adult was never asked whether we may get in touch after three and five years.

    Whether a family stayed safe shows late. Who was not asked cannot be written to later.
    """
    consents = as_of.file.every(Consent)
    for person in as_of.file.people:
        if not (person.is_man or person.is_carer):
            continue
        theirs = [c for c in consents if c.who == person.id]
        for years, key in ((3, "follow_up_3y"), (5, "follow_up_5y")):
            if not any(_was_sought(consent, key) for consent in theirs):
                where = theirs[-1].at("agreed") if theirs else person.at("roles")
                message = f"{person.id} was not asked about contact after {years} years"
                yield Problem(where, message, "ask, or say under `not_sought_why` why not")


def _was_sought(consent: Consent, key: str) -> bool:
    answer = getattr(consent, key)
    return answer not in ("", "not_sought") or bool(consent.not_sought_why)


def _last_word(as_of: AsOf, who: str, before: date) -> Consent | None:
    """The latest consent record of a person made before a day, which was not withdrawn that day."""
    earlier = [
        c for c in as_of.file.every(Consent) if c.who == who and c.on < before and c.take_part
    ]
    return earlier[-1] if earlier else None
