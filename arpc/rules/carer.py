"""Protection: what the carer can do, shown by more than the carer's own word."""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.findings import Gate
from arpc.ids import Citation, parse_citation
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis, ContactView, Entry, Record, Session, Statement
from arpc.sources import NORFOLK, PANEL_REMIT, SAFETY_PLANNING

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
    they can step in, tell others, and are not afraid to.
    """
    analysis = as_of.file.analysis
    for view in analysis.contact if analysis else ():
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


def _all_from(file: CaseFile, analysis: Analysis, cited: tuple[Citation, ...], who: str) -> bool:
    """Whether everything cited, followed down to statements, comes from one person's mouth."""
    return all(_is_from(file, analysis, citation, who, frozenset()) for citation in cited)


def _is_from(
    file: CaseFile, analysis: Analysis, citation: Citation, who: str, seen: frozenset[str]
) -> bool:
    target = file.cited(citation, analysis)
    if isinstance(target, Statement):
        return target.speaker == who
    if isinstance(target, Session):
        return target.who == (who,) and target.sort == "carer"
    if target is None:
        return not file.is_damaged(citation.record)
    if isinstance(target, Record) or str(citation) in seen:
        return False
    deeper = _cited_by(target)
    return bool(deeper) and all(
        _is_from(file, analysis, each, who, seen | {str(citation)}) for each in deeper
    )


def _cited_by(entry: Entry) -> tuple[Citation, ...]:
    keys = ("rests_on", "for", "against")
    texts = [text for key in keys for text in entry.data.get(key) or ()]
    return tuple(c for text in texts if (c := parse_citation(text)))


def _present(view: ContactView, *keys: str) -> str:
    return next(key for key in keys if view.written(key))
