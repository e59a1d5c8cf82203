"""Statements: each has one text, one kind of evidence, an id, and somebody whose it is."""

from collections.abc import Iterator

from arpc.findings import Gate
from arpc.kinds import STATEMENT_KEYS
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Document as DocumentRecord
from arpc.records import Followup, Record, Referral, Session, Statement
from arpc.sources import CASE_RECORDING, INFERENCE, RECORDING


@rule(CASE_RECORDING.saying("facts, what was reported and opinion are kept apart"))
def statement_of_two_kinds(as_of: AsOf) -> Iterator[Problem]:
    """A statement is of two kinds at once.

    Exact words, the practitioner's words and observations are different evidence. One statement is
    one of them.
    """
    for record, statement in _statements(as_of):
        forms = [key for key in STATEMENT_KEYS if statement.written(key)]
        if len(forms) > 1:
            hint = "make two statements of it"
            where = record.at(*statement.pointer, forms[1])
            yield Problem(where, f"both {forms[0]} and {forms[1]} are written", hint)


@rule(INFERENCE, gate=Gate.FINISH)
def statement_without_text(as_of: AsOf) -> Iterator[Problem]:
    """A statement says nothing.

    A statement is cited for its text; without one it is a hole in the chain.
    """
    for _, statement in _statements(as_of):
        if not statement.form:
            wanted = ", ".join(STATEMENT_KEYS)
            yield Problem(statement.at(), "nothing is written", f"write one of {wanted}")


@rule(INFERENCE, gate=Gate.FINISH)
def statement_without_id(as_of: AsOf) -> Iterator[Problem]:
    """A statement has no id, so that nothing can cite it.

    Ids are never typed: `arpc edit` and `arpc finish` number new statements.
    """
    for _, statement in _statements(as_of):
        if not statement.id:
            yield Problem(statement.at(), "not numbered yet", "open it once with `arpc edit`")


@rule(RECORDING.saying("what was said, and by whom"), gate=Gate.FINISH)
def statement_without_speaker(as_of: AsOf) -> Iterator[Problem]:
    """Words stand there without anybody who said them.

    Words are attributed to a person, or they cannot be weighed, put to anybody, or kept from the
    wrong reader.
    """
    for _, statement in _statements(as_of):
        if statement.form in ("said", "told", "admitted") and not statement.speaker:
            hint = "name the person under `by`"
            yield Problem(statement.at(statement.form), "it is not clear who said this", hint)


def _statements(as_of: AsOf) -> Iterator[tuple[Record, Statement]]:
    for record in as_of.file.records:
        if isinstance(record, Session | DocumentRecord | Referral | Followup):
            for statement in record.statements:
                yield record, statement
