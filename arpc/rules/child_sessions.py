"""How children are met: open questions, in their own language, often enough and not too often."""

import re
from collections.abc import Iterator

from arpc import wordlists
from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Session
from arpc.rules.when import BEFORE_ISSUE
from arpc.sources import INFERENCE, INTERPRETERS, SESSIONS_WITH_CHILD, TALKING
from arpc.workdays import add_months

_PERSON = re.compile(r"P-[0-9]{2,3}")
_FAMILY_ROLES = frozenset(
    [
        "man",
        "child",
        "protective_carer",
        "parent",
        "sibling",
        "household_member",
        "family_supporter",
        "relative",
    ]
)


@rule(TALKING.saying("open questions; the list of beginnings is ours"), Severity.WARNING)
def leading_question(as_of: AsOf) -> Iterator[Problem]:
    """A child was asked a question that holds its own answer.

    "Did he touch you?" can be answered by a child who wants to please. What was said after such a
    question weighs less, and that is written down too.
    """
    leading = wordlists.leading(as_of.service.words.leading)
    for session in as_of.file.sessions:
        for statement in session.statements if session.sort == "child" else ():
            if statement.asked and leading.first_in(statement.asked):
                hint = "say in `thinking` what the answer is worth; next time, tell me or what happened"
                where = statement.at("asked", value=True)
                yield Problem(where, "the question puts the answer before the child", hint)


@rule(INTERPRETERS, gate=Gate.FINISH, limits=True)
def interpreter_not_arranged(as_of: AsOf) -> Iterator[Problem]:
    """Somebody who needs an interpreter was met without one.

    In a second language people say what they can, and not what they mean. A child who cannot say it in
    words of their own has not been heard.
    """
    for session in as_of.file.sessions:
        if not session.took_place or session.interpreter:
            continue
        for index, who in enumerate(session.who):
            person = as_of.file.person(who)
            if person and person.interpreter == "yes":
                where = session.at("who", index, value=True)
                hint = "write under `interpreter` who it was, or how you understood each other"
                yield Problem(where, f"{who} needs an interpreter, and none is named", hint)


@rule(INTERPRETERS.saying("family and friends are not used; children never"), limits=True)
def interpreted_by_family(as_of: AsOf) -> Iterator[Problem]:
    """A relative, a friend or a child interpreted.

    Whoever interprets decides what is heard. Family members have a part in this and children must never
    carry such words.
    """
    relative = wordlists.relative()
    for session in as_of.file.sessions:
        people = map(as_of.file.person, _PERSON.findall(session.interpreter))
        named = any(p and _FAMILY_ROLES & {*p.roles} for p in people)
        if named or relative.first_in(session.interpreter):
            where = session.at("interpreter", value=True)
            yield Problem(where, "interpreted by family or friends", "meet again with another")


@rule(
    INFERENCE.saying("time passes for a child; the length is the service's"),
    Severity.WARNING,
    Gate.ISSUE,
    BEFORE_ISSUE,
    limits=True,
)
def child_not_seen_lately(as_of: AsOf) -> Iterator[Problem]:
    """A child was last seen months before the report.

    A report speaks of a child as they are now. A few months are a long time for a child.
    """
    months = as_of.service.policy.child_seen_months
    sessions = as_of.file.every(Session)
    for child in as_of.file.children:
        seen = [s for s in sessions if s.took_place and child.id in s.who]
        if seen and add_months(seen[-1].on, months) < as_of.today:
            message = f"{child.id} was last seen on {seen[-1].on}"
            yield Problem(seen[-1].at("date", value=True), message, "see the child before issue")


@rule(
    SESSIONS_WITH_CHILD.saying("up to six sessions with a child"),
    Severity.WARNING,
    stages=BEFORE_ISSUE,
)
def child_met_too_often(as_of: AsOf) -> Iterator[Problem]:
    """A child had more sessions than the programme asks of a child.

    Each session asks the child to go there again. If more are needed, somebody besides the practitioner
    should have thought so.
    """
    sessions = as_of.file.every(Session)
    most = as_of.service.policy.child_sessions
    for child in as_of.file.children:
        met = [s for s in sessions if s.sort == "child" and s.took_place and child.id in s.who]
        if len(met) > most:
            message = f"session {len(met)} with {child.id}, expected {most} at the most"
            yield Problem(met[-1].at("date", value=True), message, "take it to supervision")
