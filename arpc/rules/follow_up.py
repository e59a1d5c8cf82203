"""Follow-ups: asked safely and of more than the man, and given up only after trying."""

from collections.abc import Iterator

from arpc.findings import Gate, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.sources import INFERENCE, UNDERCOUNTED


@rule(INFERENCE, Severity.WARNING)
def contact_attempted_unsafely(as_of: AsOf) -> Iterator[Problem]:
    """Somebody was tried without first making sure that it is safe.

    A letter on the mat or a message that another person hears can do harm years later.
    """
    for followup in as_of.file.followups:
        for attempt in followup.attempts:
            if attempt.safe == "no":
                hint = "write down what is safe in the person's record, and look there first"
                where = attempt.at("safe", value=True)
                yield Problem(where, "tried without knowing that it is safe", hint)


@rule(
    UNDERCOUNTED.saying("several agencies knew more; that he is not enough is ours"),
    gate=Gate.FINISH,
)
def follow_up_on_his_word_alone(as_of: AsOf) -> Iterator[Problem]:
    """A follow-up rests on nobody but the man.

    He is glad to say that all is well, and it may be. Those who live with him, and those who would have
    heard, are asked too.
    """
    man = as_of.file.man
    for followup in as_of.file.followups:
        if not man or not followup.done or followup.who != (man.id,):
            continue
        asked = {source.partition("#")[0] for area in followup.areas for source in area.source}
        if not asked - {man.id, followup.id}:
            where = followup.at("who")
            yield Problem(where, f"nobody but {man.id} was asked", "ask the referrer or the carer")


@rule(
    UNDERCOUNTED.saying("convictions show a fifth of what several agencies know"), gate=Gate.FINISH
)
def no_harm_known_not_asked(as_of: AsOf) -> Iterator[Problem]:
    """That no harm is known rests on a want of convictions, and nobody was asked about anything else.

    Convictions show a small part of what agencies know. No conviction is not the same as no harm.
    """
    for followup in as_of.file.followups:
        answers = {a.answer for a in followup.areas if a.area == "new_allegation_or_behaviour"}
        if not followup.done or followup.harm != "none_known":
            continue
        where = followup.at("harm", value=True)
        if "yes" in answers:
            hint = "name it under `harm`, or say under `areas` why it is none"
            yield Problem(where, "none known, and new behaviour is answered with yes", hint)
        elif "no" not in answers:
            hint = "ask about new_allegation_or_behaviour, and add it under `areas`"
            yield Problem(where, "none known, and nobody was asked about new behaviour", hint)


@rule(INFERENCE, Severity.WARNING, Gate.FINISH)
def given_up_too_soon(as_of: AsOf) -> Iterator[Problem]:
    """A family was given up as lost after few attempts, or after trying one way only.

    People move, and change their telephones. The referrer, the school or a letter finds many of them.
    """
    policy = as_of.service.policy
    for followup in as_of.file.followups:
        tried = len(followup.attempts)
        ways = len({" ".join(a.how.casefold().split()) for a in followup.attempts if a.how})
        if followup.not_done == "lost" and (
            tried < policy.lost_attempts or ways < policy.lost_ways
        ):
            message = (
                f"lost after {tried} attempt{'s' * (tried != 1)} in {ways} way{'s' * (ways != 1)}, "
                f"expected {policy.lost_attempts} in {policy.lost_ways}"
            )
            hint = "try again another way: the referrer, the school, a letter that is safe"
            yield Problem(followup.at("not_done", value=True), message, hint)


@rule(INFERENCE, gate=Gate.FINISH)
def follow_up_not_done_unagreed(as_of: AsOf) -> Iterator[Problem]:
    """A follow-up was not done, and it is not said why or which manager agreed.

    It was part of what the family agreed to. To leave it out is a decision, and somebody's.
    """
    for followup in as_of.file.followups:
        missing = [key for key in ("not_done_why", "agreed_by") if not followup.written(key)]
        if followup.not_done and followup.not_done != "died" and missing:
            where = followup.at("not_done", value=True)
            message = f"not done, and nothing under {' and '.join(missing)}"
            yield Problem(where, message, "talk it over with your manager, and write it down")
