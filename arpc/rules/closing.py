"""Closing a case: nothing that was promised is left lying."""

from collections.abc import Iterator

from arpc.findings import Gate
from arpc.provisions import AsOf, Problem, Stage, rule
from arpc.records import Action, Decision, Followup
from arpc.rules.when import AFTER_ISSUE
from arpc.sources import INFERENCE, PROGRAMME

_POINTS = ("referrer_3m", "referrer_6m", "referrer_12m", "meeting_3y", "meeting_5y")


@rule(
    PROGRAMME.saying("follow-up after three and five years"),
    gate=Gate.CLOSE,
    stages=AFTER_ISSUE | {Stage.CLOSED},
)
def follow_up_left_open(as_of: AsOf) -> Iterator[Problem]:
    """The case is to be closed while follow-ups are still to come, and it is not said what ends them.

    Each is done, given up with a reason, or ended by a decision that can be read.
    """
    case = as_of.file.case
    settled = {f.point for f in as_of.file.every(Followup) if f.done or f.not_done}
    left = [point for point in _POINTS if point not in settled]
    if left and not case.follow_up_ends:
        hint = "do them, or say under `follow_up_ends` why none remains"
        yield Problem(case.at("closure"), f"still open: {', '.join(left)}", hint)


@rule(INFERENCE, gate=Gate.CLOSE)
def action_left_open(as_of: AsOf) -> Iterator[Problem]:
    """Something agreed in a session or in supervision was not done, and nobody has taken it over.

    What was promised to a family is kept, or handed to somebody who will.
    """
    if as_of.file.case.transferred_to:
        return
    agreed: list[Action | Decision] = [
        *(action for session in as_of.file.sessions for action in session.actions),
        *(decision for held in as_of.file.supervisions for decision in held.decisions),
    ]
    for each in agreed:
        if each.what and not each.done:
            hint = "write `done`, or `transferred_to` in the closure"
            yield Problem(each.at("what"), f"not done, in {each.record.id}", hint)
