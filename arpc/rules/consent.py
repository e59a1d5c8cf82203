"""What people were told and agreed to, before they were met and before anything was passed on."""

from collections.abc import Iterator

from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Consent, Session
from arpc.rules.when import AFTER_ISSUE
from arpc.sources import INFERENCE, PROGRAMME, SECTION_47, SHARING

_BY_CHOICE = ("man", "carer", "child", "joint", "observation", "supporter")
_NO = ("refused", "withdrawn")


@rule(
    SECTION_47.saying(
        "consent, or why it was not sought; a yes before the first meeting is our inference"
    ),
    gate=Gate.FINISH,
    limits=True,
)
def adult_met_without_consent(as_of: AsOf) -> Iterator[Problem]:
    """The man or a carer was met, and it is not recorded that they were told and agreed.

    People have to know before they speak who will read it and what is passed on at once. Where a
    court directs it, the record says so, and they are told all the same. A consent record that says
    no, or says nothing of taking part, is no consent.
    """
    consents = as_of.file.every(Consent)
    found: set[str] = set()
    adults = {p.id for p in as_of.file.people if p.is_man or p.is_carer}
    for session in as_of.file.every(Session):
        for index, who in enumerate(session.who):
            # Of what is final the first meeting is enough; a draft asks for itself.
            is_named = who in found and session.is_final
            if who not in adults or is_named or not session.is_assessing:
                continue
            theirs = [c for c in consents if c.who == who and c.on <= session.on]
            if not _agreed(theirs, session) and not _ended(as_of, session, who):
                found.add(who)
                message, hint = _instead_of_consent(who, session, theirs)
                yield Problem(session.at("who", index, value=True), message, hint)


@rule(INFERENCE, limits=True)
def met_after_consent_ended(as_of: AsOf) -> Iterator[Problem]:
    """Somebody was met who had refused or withdrawn consent.

    A "no" that is not heard is what this work is about. If a court directs the meeting, the consent
    record says that it is given by the court.
    """
    for session in as_of.file.sessions:
        for index, who in enumerate(session.who):
            if last := _ended(as_of, session, who):
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


def _agreed(theirs: list[Consent], session: Session) -> bool:
    """Whether their last word before the day of a meeting, or one of that day, was a yes.

    Whoever had said yes before and takes it back on the day itself was met with consent.
    """
    words = [c for c in theirs if c.take_part or c.given_by == "court"]
    before = [c for c in words if c.on < session.on]
    of_the_day = [c for c in words if c.on == session.on]
    heard = (*before[-1:], *of_the_day)
    return any(c.take_part == "given" or c.given_by == "court" for c in heard)


def _instead_of_consent(who: str, session: Session, theirs: list[Consent]) -> tuple[str, str]:
    """What was found in the place of a yes, and what to do."""
    met = f"{who} was met on {session.on}"
    if not theirs:
        return f"{met}, and no consent is recorded by then", "`arpc add consent`"
    said = [consent for consent in theirs if consent.take_part]
    if not said:
        last = theirs[-1].id
        message = f"{met}, and {last} does not say whether they agreed to take part"
        return message, f"write `take_part` under `agreed` in {last}"
    answer = said[-1].take_part.replace("_", " ")
    message = f"{met} all the same; {said[-1].id}: {answer}"
    return message, "stop, and talk it over with your manager"


def _ended(as_of: AsOf, session: Session, who: str) -> Consent | None:
    """The consent record by which somebody had said no before the day on which they were met."""
    if session.sort not in _BY_CHOICE or not session.took_place:
        return None
    theirs = [c for c in as_of.file.every(Consent) if c.who == who and c.on <= session.on]
    earlier = [c for c in theirs if c.on < session.on and c.take_part]
    is_no = bool(earlier) and earlier[-1].take_part in _NO
    return earlier[-1] if is_no and not _agreed(theirs, session) else None
