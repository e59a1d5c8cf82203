"""The child's voice: each child seen, or the reason and what stands in; in the child's own words."""

from collections.abc import Iterator

from arpc.findings import Gate
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Session
from arpc.sources import CASE_RECORDING, EVALUATION, INFERENCE, PROGRAMME, TALKING


@rule(
    PROGRAMME.saying(
        "the child's views are one of the three parts; each child is assessed individually"
    ),
    gate=Gate.ISSUE,
    limits=True,
)
def child_not_seen(as_of: AsOf) -> Iterator[Problem]:
    """A child whom the assessment is about was neither seen nor accounted for.

    Reviews keep finding that the child was not seen and not asked. Each child has a session of
    their own, or a record that says why not, who agreed, and what stands in for it.
    """
    sessions = as_of.file.every(Session)
    accounted = {who for s in sessions if s.sort == "child" for who in s.who if _counts(s)}
    for child in as_of.file.children:
        if child.id not in accounted:
            hint = "`arpc add session with=child`; if it cannot be, write `not_seen` and the reason in it"
            yield Problem(child.at("roles"), f"{child.id} was not seen", hint)


@rule(INFERENCE, gate=Gate.FINISH)
def child_without_date_of_birth(as_of: AsOf) -> Iterator[Problem]:
    """It is not known when a child was born.

    The child's age at each event, the letter's age band, and the day on which consent becomes the
    young person's own all follow from it.
    """
    for child in as_of.file.children:
        if not child.born_text and not child.due:
            hint = "write `born`, as exact as it is known, or `due` for an unborn child"
            yield Problem(child.at("born"), f"{child.id} has no date of birth", hint)


@rule(
    EVALUATION.saying("a child was not interviewed in just over a third of assessments"),
    gate=Gate.ISSUE,
    limits=True,
)
def child_not_interviewed_unagreed(as_of: AsOf) -> Iterator[Problem]:
    """A child was not interviewed, and it is not said what was tried and which manager agreed.

    Not interviewing a child is a normal course, and a decision: somebody besides the practitioner
    has to stand behind it.
    """
    for session in as_of.file.sessions:
        if session.sort == "child" and session.not_seen:
            missing = [key for key in ("attempts", "agreed_by") if not session.written(key)]
            if missing:
                message = f"not interviewed, and nothing under {' and '.join(missing)}"
                yield Problem(session.at("not_seen"), message)


@rule(
    EVALUATION.saying("some teams observed child and carer instead"), gate=Gate.ISSUE, limits=True
)
def nothing_instead_of_interview(as_of: AsOf) -> Iterator[Problem]:
    """Nothing stands in for an interview that did not take place.

    A young child is seen with the carer, a nursery is asked, an older child is offered another way.
    If nothing was possible, the report has to say so.
    """
    for session in as_of.file.sessions:
        stands_in = session.written("instead") or session.written("no_substitute")
        if session.sort == "child" and session.not_seen and not stands_in:
            hint = (
                "name what stands in under `instead`, or say under `no_substitute` why nothing does"
            )
            yield Problem(session.at("not_seen"), "nothing is named that stands in for it", hint)


@rule(
    CASE_RECORDING.saying(
        "children are seen alone, usually; that he is never there is our inference"
    )
)
def man_present_with_child(as_of: AsOf) -> Iterator[Problem]:
    """The man was present when the child was seen.

    A child cannot speak about somebody who sits beside them. What was said that way does not count
    as the child's view.
    """
    man = as_of.file.man
    for session in _child_sessions(as_of):
        for index, other in enumerate(session.present):
            if man and other.who == man.id:
                hint = "see the child again without him; if it was a joint session, say so under `with`"
                yield Problem(session.at("present", index, "who"), f"{man.id} was present", hint)
        if man and man.id in session.who:
            where = session.at("who", session.who.index(man.id))
            yield Problem(where, f"{man.id} is listed as seen", "make it a joint session")


@rule(CASE_RECORDING, gate=Gate.FINISH)
def carer_present_unexplained(as_of: AsOf) -> Iterator[Problem]:
    """A carer was present when the child was seen, and it is not said why.

    It may have been right, above all with a small child. The reader has to know, because it changes
    what the child could say.
    """
    carers = {
        person.id
        for person in as_of.file.people
        if {"protective_carer", "parent"} & {*person.roles}
    }
    for session in _child_sessions(as_of):
        for index, other in enumerate(session.present):
            if other.who in carers and not other.why:
                where = session.at("present", index)
                yield Problem(where, f"{other.who} was present", "say why under `why`")
        if session.alone == "no" and not session.present:
            where = session.at("alone", value=True)
            yield Problem(where, "not alone, and nobody is named under `present`")


@rule(TALKING.saying("open questions, exact words"), gate=Gate.FINISH)
def no_words_of_the_child(as_of: AsOf) -> Iterator[Problem]:
    """A child's session has no exact words of the child with the question before them.

    The child's own words are the evidence; the question just before shows that they were not put
    into the child's mouth. If the child did not speak, the record says so.
    """
    for session in _child_sessions(as_of):
        spoken = [s for s in session.statements if s.form == "said" and s.speaker in session.who]
        if not session.no_verbatim and not any(s.asked for s in spoken):
            key = "statements" if session.statements else "with"
            found = (
                "no exact words of the child"
                if not spoken
                else "exact words, never the question before"
            )
            hint = "add a statement with `said` and `asked`, or say why not under `no_verbatim`"
            yield Problem(session.at(key), found, hint)


def _counts(session: Session) -> bool:
    return session.took_place or bool(session.not_seen)


def _child_sessions(as_of: AsOf) -> list[Session]:
    return [s for s in as_of.file.sessions if s.sort == "child" and s.took_place]
