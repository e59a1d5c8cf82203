"""Words: what is not proved is not written as if it were."""

import re
from collections.abc import Iterator

from arpc.findings import Gate, Pointer
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis
from arpc.sources import SCREENING

_AS_FACT = re.compile(
    r"\b(?:(?:the|this|such) (?:sexual )?abuse|(?:his|the) (?:sexual )?(?:offen[cs]es?|offending"
    r"|crimes?|victims?|assaults?)|his (?:sexual )?abuse|(?:the|her|their|a) (?:perpetrator|offender|abuser)"
    r"|(?:he|mr [a-z'-]+) (?:has |had )?(?:sexually )?(?:abused|assaulted|molested|raped|touched her)"
    r"|disclosed (?:that he|the abuse|abuse)|victims? of (?:his|sexual))\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:alleg\w*|accus\w*|claim\w*|if|whether|assum\w*|suppos\w*|said|says|told|tells|states?|stated"
    r"|reported\w*|reports|den(?:y|ies|ied)|unproved|not proved|hypothes\w*|believe[sd]?|suspect\w*"
    r"|possib\w*|may have|might have|would have|risk of|fear\w*|no finding|not found)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’(?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@rule(
    SCREENING.saying("the status of a concern decides its wording; the word list is ours"),
    gate=Gate.ISSUE,
    never=True,
)
def allegation_stated_as_fact(as_of: AsOf) -> Iterator[Problem]:
    """An allegation that nobody has proved is written as a fact.

    The assessor does not find facts. A sentence that does can do a man a wrong, and lets a court set
    the whole report aside, child and all. Exact quotations are exempt, and so is a case in which
    something was proved or admitted.
    """
    bases = as_of.file.bases
    analysis = as_of.file.analysis
    if not analysis or not bases or any(basis.is_proved for basis in bases):
        return
    hint = "write the alleged touching, X says that, or if it happened; the fact table names the status"
    for pointer, text in _prose(analysis):
        unquoted = " ".join(_QUOTED.sub("…", text).split())
        for sentence in _SENTENCE_END.split(unquoted):
            found = _AS_FACT.search(sentence)
            if found and not _HEDGE.search(sentence):
                where = analysis.doc.locate_words(pointer, found[0])
                yield Problem(where, "what is alleged is written here as a fact", hint)


def _prose(analysis: Analysis) -> Iterator[tuple[Pointer, str]]:
    """Every text of the analysis that somebody wrote in their own words."""
    for pointer, value, field in analysis.leaves:
        if isinstance(value, str) and field and (field.is_prose or field.path[-1] == "*"):
            yield pointer, value
