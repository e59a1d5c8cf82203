"""Words: what is not proved is not written as if it were, and words say something about the family."""

import re
from collections.abc import Iterator

from arpc import wordlists
from arpc.findings import Gate, Pointer, Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis, Basis, Followup, Record, Session, Supervision, Treatment
from arpc.sources import CASE_RECORDING, INFERENCE, RE_M_AND_N, SCREENING
from arpc.wordlists import WordList

_AUTHORED = (Analysis, Session, Supervision, Treatment, Followup)
_THEIRS = ("statements", "present", "explained", "not_tell", "trusted", "attempts", "areas")
_CITED = re.compile(r"\b(?:[A-Z]-[0-9]{2,4}(?:#[A-Z][0-9]{1,3})?|[FHJRS][0-9]{1,3})\b")
_PARAGRAPH = re.compile(r"\n\s*\n")
_LONG = 200


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
    analysis = as_of.file.analysis
    if not analysis or not _nothing_is_proved(as_of):
        return
    hint = "write the alleged touching, X says that, or if it happened; the fact table names the status"
    facts = wordlists.as_fact()
    for pointer, text in _own_words(analysis, facts, as_of):
        for found in _unhedged(facts, text):
            where = analysis.doc.locate_words(pointer, found)
            yield Problem(where, "what is alleged is written here as a fact", hint)


@rule(SCREENING.saying("wording follows status; the word list is ours"), Severity.WARNING)
def loaded_term(as_of: AsOf) -> Iterator[Problem]:
    """A word treats a man as guilty of what nobody has proved.

    Such words travel from note to note until everybody believes them. Say what he did or is said to
    have done, and who says so. Quotations are exempt, and so is a case in which something was proved.
    """
    if not _nothing_is_proved(as_of):
        return
    terms = wordlists.loaded(as_of.service.words.loaded)
    for record in as_of.file.records:
        for pointer, text in _own_words(record, terms, as_of):
            for found in _unhedged(terms, text):
                if isinstance(record, Analysis) and wordlists.as_fact().first_in(found):
                    continue
                where = record.doc.locate_words(pointer, found)
                hint = "say what is alleged and by whom, in plain words"
                yield Problem(where, "a loaded term, where nothing is proved", hint)


@rule(INFERENCE.saying("the word list is ours"), Severity.ADVICE)
def label_without_evidence(as_of: AsOf) -> Iterator[Problem]:
    """A label stands in the place of what somebody did.

    A label cannot be checked, answered or grown out of. What was seen and said can.
    """
    hint = "say what was done or said, and cite it"
    yield from _bare(as_of, wordlists.labels(as_of.service.words.labels), "a label", hint)


@rule(CASE_RECORDING.saying("facts and evidence; the word list is ours"), Severity.ADVICE)
def phrase_without_evidence(as_of: AsOf) -> Iterator[Problem]:
    """A phrase sounds like evidence and says nothing that was seen or heard.

    Two readers see two different meetings behind "engaged well". What did they do or say?
    """
    hint = "say what you saw or heard, and cite it"
    yield from _bare(as_of, wordlists.empty(as_of.service.words.empty), "an empty phrase", hint)


@rule(CASE_RECORDING.saying("facts and opinion are kept apart"), Severity.ADVICE)
def opinion_as_observation(as_of: AsOf) -> Iterator[Problem]:
    """An observation explains instead of saying what was seen.

    Another person who was there could have seen the same and thought otherwise. The explanation has its
    own place, under `thinking`.
    """
    opinion = wordlists.opinion()
    for statement in as_of.file.statements():
        if statement.form == "observed":
            found = opinion.first_in(wordlists.without_quotations(statement.text))
            if found:
                pointer = (*statement.pointer, "observed")
                where = statement.record.doc.locate_words(pointer, found)
                yield Problem(where, "an opinion, in an observation", "put it under `thinking`")


@rule(RE_M_AND_N.saying("copied passages were criticised; read in commentary"), Severity.WARNING)
def same_passage_in_two_notes(as_of: AsOf) -> Iterator[Problem]:
    """A long passage stands word for word in the notes of two days.

    Notes that repeat one another make a reader doubt both. If nothing changed, one sentence says so.
    """
    first: dict[str, tuple[Session, int]] = {}
    texts = [
        (s, wordlists.sentences(" ".join(s.note.split()))) for s in as_of.file.sessions if s.note
    ]
    written = {session.id: sentences for session, sentences in texts}
    for session, sentences in texts:
        copied = _copied(session, sentences, first, written)
        if copied:
            earlier, passage = copied
            where = session.doc.locate_words(("note",), passage)
            message = f"over {_LONG} characters as in {earlier.id}, of {earlier.on}"
            yield Problem(where, message, "write what was so on this day")
        for index, sentence in enumerate(sentences):
            first.setdefault(sentence, (session, index))


def _copied(
    session: Session,
    sentences: list[str],
    first: dict[str, tuple[Session, int]],
    written: dict[str, list[str]],
) -> tuple[Session, str] | None:
    """The earlier note of another day from which a run of sentences comes, and how the run begins."""
    start = 0
    while start < len(sentences):
        earlier, index = first.get(sentences[start], (session, 0))
        end = start
        if earlier.on != session.on:
            other = written[earlier.id]
            while (
                end < len(sentences)
                and index + end - start < len(other)
                and sentences[end] == other[index + end - start]
            ):
                end += 1
        if len(" ".join(sentences[start:end])) > _LONG:
            return earlier, sentences[start]
        start = max(end, start + 1)
    return None


def _nothing_is_proved(as_of: AsOf) -> bool:
    bases = as_of.file.every(Basis)
    return bool(bases) and not any(basis.is_proved for basis in bases)


def _bare(as_of: AsOf, words: WordList, what: str, hint: str) -> Iterator[Problem]:
    """Yield a problem for each paragraph with one of the words and nothing cited beside it."""
    for record in as_of.file.records:
        for pointer, text in _own_words(record, words, as_of):
            if _rests_on_something(record, pointer) or not words.first_in(text):
                continue
            for paragraph in _PARAGRAPH.split(text):
                found = words.first_in(wordlists.without_quotations(paragraph))
                if found and not _CITED.search(paragraph):
                    where = record.doc.locate_words(pointer, found)
                    yield Problem(where, f"{what}, and nothing cited beside it", hint)


def _unhedged(words: WordList, text: str) -> Iterator[str]:
    """What of a text is one of the words, in a sentence that takes it for granted."""
    if not words.first_in(text):
        return
    for sentence in wordlists.sentences(wordlists.without_quotations(text)):
        found = words.first_in(sentence)
        if found and not wordlists.is_hedged(sentence):
            yield found


def _own_words(record: Record, words: WordList, as_of: AsOf) -> list[tuple[Pointer, str]]:
    """What the practitioner wrote in a record, as apart from what others said, if it may hold the words."""
    if not isinstance(record, _AUTHORED):
        return []
    own = record.once("own words", lambda: [t for t in record.prose if t[0][0] not in _THEIRS])
    together = record.once("own words together", lambda: "\n".join(text for _, text in own))
    listed = wordlists.any_of_them(*as_of.service.words[:3])
    if not record.once("any listed word", lambda: listed.first_in(together)):
        return []
    return own if words.first_in(together) else []


def _rests_on_something(record: Record, pointer: Pointer) -> bool:
    """Whether the entry in which a text stands cites anything."""
    if len(pointer) < 2 or not isinstance(pointer[1], int):
        return False
    entry = record.data[str(pointer[0])][pointer[1]]
    return isinstance(entry, dict) and any(
        key in ("for", "against", "document") or key.endswith("rests_on") for key in entry
    )
