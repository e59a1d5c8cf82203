"""Protection: what the carer can do, shown by more than the carer's own word."""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.findings import Gate
from arpc.ids import Citation
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis, ContactView, Session, Statement
from arpc.rules import tracing
from arpc.sources import NORFOLK, PANEL_REMIT, SAFETY_PLANNING, TAKING_APART

_PARTS = ("capacity", "ability", "likelihood")


@rule(
    PANEL_REMIT.saying(f"assumptions about the non-abusing parent's ability; also {NORFOLK.title}"),
    gate=Gate.ISSUE,
    limits=True,
)
def protection_on_carers_word_alone(as_of: AsOf) -> Iterator[Problem]:
    """That a carer can protect rests on nothing but the carer's own words.

    Reviews of cases that went wrong find it again and again: she said that he did not live there,
    and everybody believed her. Something else has to stand beside it: a document, an observation,
    another person.
    """
    analysis = as_of.file.analysis
    if not analysis:
        return
    hint = "cite something besides: a document, an observation, somebody else's account"
    for view in analysis.carers:
        for part in _PARTS:
            cited = getattr(view, f"{part}_rests_on")
            if view.written(part) and _all_from(as_of.file, analysis, cited, view.who):
                what = "nothing" if not cited else f"only what {view.who} said"
                where = view.at(f"{part}_rests_on" if cited else part)
                yield Problem(where, f"the carer's {part} rests on {what}", hint)
    for factor in analysis.factors:
        for who in factor.about:
            person = as_of.file.person(who)
            if (
                factor.kind == "protective"
                and person
                and person.is_carer
                and _all_from(as_of.file, analysis, factor.rests_on, who)
            ):
                message = f"{factor.id} speaks for protection by {who} on {who}'s word alone"
                yield Problem(factor.at("rests_on"), message, hint)


@rule(
    SAFETY_PLANNING.saying("name people able to intervene; contact views follow from it"),
    gate=Gate.ISSUE,
    limits=True,
)
def supervisor_not_able_to_intervene(as_of: AsOf) -> Iterator[Problem]:
    """Contact is to be supervised by nobody in particular, or by somebody not shown to be able to.

    It is not enough to say that contact must be supervised. The person is named, and it is shown that
    they can step in, tell others, and are not afraid to. Their own word does not show it.
    """
    analysis = as_of.file.analysis
    if not analysis:
        return
    for view in analysis.contact:
        if view.form not in ("supervised_approved_person", "supervised_carer"):
            continue
        if not view.supervisor:
            yield Problem(view.at("form"), "supervised, and no supervisor is named")
        elif view.able != "yes" or not view.able_because:
            message = f"{view.supervisor} is not shown to be able to step in"
            hint = (
                "assess it, then write `able: yes` and what that rests on, or choose another form"
            )
            yield Problem(view.at(_present(view, "able", "supervisor")), message, hint)
        elif _all_from(as_of.file, analysis, view.able_because, view.supervisor):
            message = (
                f"that {view.supervisor} can step in rests on only what {view.supervisor} said"
            )
            hint = "cite something besides: what was seen, or somebody else's account"
            yield Problem(view.at("able_because"), message, hint)


@rule(SAFETY_PLANNING.saying("our inference: one position for each child"), gate=Gate.ISSUE)
def contact_not_settled_for_child(as_of: AsOf) -> Iterator[Problem]:
    """The analysis says nothing about contact between the man and one of the children.

    Each child is another person with another history; what is right for one need not be for the
    other.
    """
    analysis = as_of.file.analysis
    if not analysis:
        return
    settled = {view.child for view in analysis.contact if view.form}
    for child in as_of.file.children:
        if child.id not in settled:
            where = analysis.at("contact")
            yield Problem(where, f"no contact is recommended for {child.id}, nor refused")


@rule(
    TAKING_APART.saying("capacity, ability and likelihood are distinct"),
    gate=Gate.ISSUE,
)
def protection_not_taken_apart(as_of: AsOf) -> Iterator[Problem]:
    """A carer's capacity, ability and likelihood to protect are not each answered.

    She may have what it takes, and not be able to in that house; or be able, and not likely to. One word
    for all three hides the one that fails.
    """
    analysis = as_of.file.analysis
    if not analysis:
        return
    weighed = {view.who for view in analysis.carers}
    for carer in as_of.file.carers:
        if carer.id not in weighed:
            yield Problem(analysis.at("carers"), f"nothing is said of {carer.id}'s protection")
    for view in analysis.carers:
        missing = [part for part in _PARTS if not view.written(part)]
        if missing:
            message = f"nothing under {' and '.join(missing)} for {view.who or 'a carer'}"
            yield Problem(view.at("who"), message, "`cannot say, because` is an answer")


def _all_from(file: CaseFile, analysis: Analysis, cited: tuple[Citation, ...], who: str) -> bool:
    """Whether everything cited, followed down to statements, comes from one person's mouth."""
    found = list(tracing.ends(file, analysis, cited))
    return not cited or (bool(found) and all(_is_from(file, end, who) for end in found))


def _is_from(file: CaseFile, end: tracing.End, who: str) -> bool:
    if isinstance(end.entry, Statement):
        return end.entry.speaker == who
    if isinstance(end.entry, Session):
        return end.entry.who == (who,) and end.entry.sort == "carer"
    return end.entry is None and not file.is_damaged(end.citation.record)


def _present(view: ContactView, *keys: str) -> str:
    return next(key for key in keys if view.written(key))
