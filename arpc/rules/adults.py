"""The man and the carers: met often enough, apart from each other, and heard more than once."""

from collections.abc import Iterator

from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Basis, Consent, Person, Session
from arpc.rules.when import BEFORE_ISSUE
from arpc.sources import PROGRAMME, PROTECTING_STUDY, PROTECTIVE_CARERS


@rule(
    PROGRAMME.saying("a series of meetings with the man; how many is our inference"),
    gate=Gate.ISSUE,
    stages=BEFORE_ISSUE,
    limits=True,
)
def man_met_too_seldom(as_of: AsOf) -> Iterator[Problem]:
    """The man was met less often than the service asks for, and he did not decline.

    Nobody shows how he thinks in one meeting. If he would not come, that is recorded, and the report
    says how much less it can say.
    """
    man, wanted = as_of.file.man, as_of.service.policy.man_sessions
    sessions = as_of.file.every(Session)
    met = sum(man.id in s.who for s in sessions if s.is_assessing) if man else 0
    if man and met < wanted and not _declined(as_of, man, sessions):
        found = ("not met", "met once")[met] if met < 2 else f"met {met} times"
        message = f"{man.id} was {found}, expected {wanted} meetings or more"
        hint = "if he would not come, record it: a session with `attendance: declined`"
        yield Problem(man.at("roles"), message, hint)


@rule(
    PROTECTIVE_CARERS.saying("the programme sees the carer too; apart is our inference"),
    gate=Gate.ISSUE,
    stages=BEFORE_ISSUE,
    limits=True,
)
def carer_not_met_apart(as_of: AsOf) -> Iterator[Problem]:
    """A carer was never met without the man, and did not decline.

    What somebody can say beside him, and what they can say without him, are two accounts. Only one of
    them tells whether they can protect.
    """
    man = as_of.file.man
    sessions = as_of.file.every(Session)
    for carer in as_of.file.carers:
        met = [s for s in sessions if s.is_assessing and carer.id in s.who]
        if any(not man or man.id not in s.all_present for s in met):
            continue
        if not _declined(as_of, carer, sessions):
            found = f"never met without {man.id}" if met and man else "not met"
            message = f"{carer.id} was {found}"
            yield Problem(carer.at("roles"), message, "`arpc add session with=carer`")


@rule(
    PROTECTIVE_CARERS.saying("belief goes to and fro; two dates at least is our inference"),
    Severity.WARNING,
    Gate.ISSUE,
    BEFORE_ISSUE,
    limits=True,
)
def carers_position_known_once(as_of: AsOf) -> Iterator[Problem]:
    """What a carer believes was recorded at one date only, or never.

    Belief comes and goes, most of all in the first months. One answer is a moment and not a position.
    """
    bases = as_of.file.every(Basis)
    for carer in as_of.file.carers if bases else ():
        days = {p.day for b in bases for p in b.positions if p.who == carer.id and p.day}
        if len(days) < 2:
            found = f"only on {min(days)}" if days else "at no date"
            hint = "ask again, and write it under `positions` in the basis"
            yield Problem(carer.at("roles"), f"{carer.id}'s position is recorded {found}", hint)


@rule(PROTECTING_STUDY.saying("separate meetings are our inference"), limits=True)
def met_together_despite_abuse(as_of: AsOf) -> Iterator[Problem]:
    """The man and a carer were met together after domestic abuse was known.

    Beside somebody of whom one is afraid, one says what is safe to say. What is said there can be asked
    about on the way home.
    """
    man = as_of.file.man
    known = min((e.on for e in as_of.file.escalations if e.type == "domestic_abuse"), default=None)
    carers = {carer.id for carer in as_of.file.carers}
    for session in as_of.file.sessions if man and known else ():
        together = man and man.id in session.all_present and carers & {*session.all_present}
        if known and together and session.took_place and session.on > known:
            where = session.at("date", value=True)
            message = f"met together on {session.on}; domestic abuse known since {known}"
            yield Problem(
                where, message, "see each of them apart, and ask whether it was safe to go home"
            )


def _declined(as_of: AsOf, person: Person, sessions: list[Session]) -> bool:
    said_no = any(
        c.who == person.id and c.take_part in ("refused", "withdrawn")
        for c in as_of.file.every(Consent)
    )
    return said_no or any(person.id in s.who and s.attendance == "declined" for s in sessions)
