"""The child's own part in the analysis: what it means for them, what they wish, what they are told."""

from collections.abc import Iterator

from arpc.findings import Gate
from arpc.provisions import AsOf, Problem, rule
from arpc.records import ChildView
from arpc.sources import INDIVIDUAL, INFERENCE, TALKING


@rule(INDIVIDUAL.saying("each child is assessed individually"), gate=Gate.ISSUE)
def child_without_part_of_their_own(as_of: AsOf) -> Iterator[Problem]:
    """The analysis does not say what it means for one of the children, or recommends nothing for them.

    "The children" is nobody. A baby and a girl of eleven live through different things in one house.
    """
    analysis = as_of.file.analysis
    if not analysis:
        return
    views = {view.child for view in analysis.children if view.impact}
    judged = {judgement.child for judgement in analysis.judgements}
    advised = {recommendation.child for recommendation in analysis.recommendations}
    for child in as_of.file.children:
        if child.id not in views:
            where = analysis.at("children")
            yield Problem(where, f"nothing says what it means for {child.id}", "write `impact`")
        if child.id in judged and analysis.recommendations and child.id not in advised:
            hint = "name the child under `child` in a recommendation"
            where = analysis.at("recommendations")
            yield Problem(where, f"no recommendation is for {child.id}", hint)


@rule(
    INFERENCE.saying("a decision gives the child's wishes their due weight, or says why not"),
    gate=Gate.ISSUE,
)
def childs_wishes_not_weighed(as_of: AsOf) -> Iterator[Problem]:
    """Nothing says what a child wishes, and what the recommendations make of it.

    The child is told what was recommended, and will see whether they were heard. Where it goes another
    way than they wished, the report says why; where nothing is known, it says that.
    """
    for view in _views(as_of):
        if not view.wishes:
            hint = "write it under `wishes`, or `not known` and how it was sought"
            yield Problem(view.at("child"), f"the wishes of {view.child} are not weighed", hint)


@rule(TALKING.saying("the child is told what happens next"), gate=Gate.ISSUE)
def child_not_to_be_told(as_of: AsOf) -> Iterator[Problem]:
    """Nothing says how a child will be told what was recommended.

    A child who has spoken waits to hear what came of it. For one too young to be told, say who knows
    what to answer.
    """
    for view in _views(as_of):
        if not view.will_be_told:
            where = view.at("child")
            yield Problem(where, f"how {view.child} will be told is not said", "`will_be_told`")


def _views(as_of: AsOf) -> list[ChildView]:
    analysis = as_of.file.analysis
    return [view for view in analysis.children if view.child] if analysis else []
