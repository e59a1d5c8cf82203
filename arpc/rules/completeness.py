"""What is still to be written, by the gate that asks for it; the schemas say which fields."""

from collections.abc import Iterator

from arpc.findings import Gate
from arpc.kinds import Field
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Record
from arpc.sources import INFERENCE

_HINT = "`arpc explain {kind}.{field}` says what belongs there"


@rule(INFERENCE, gate=Gate.FINISH)
def needed_to_finish(as_of: AsOf) -> Iterator[Problem]:
    """A record lacks something that it needs to be finished.

    A draft may lack anything; a finished record is what others rely on.
    """
    for record in as_of.file.records:
        yield from _missing(record, Gate.FINISH)


@rule(INFERENCE, gate=Gate.ISSUE)
def needed_to_issue(as_of: AsOf) -> Iterator[Problem]:
    """A record lacks something that the report needs.

    What the report prints has to be there when it is issued, or the report says less than it seems
    to.
    """
    for record in as_of.file.records:
        yield from _missing(record, Gate.ISSUE)


@rule(INFERENCE, gate=Gate.ISSUE)
def draft_behind_a_report(as_of: AsOf) -> Iterator[Problem]:
    """A record that the report rests on is still a draft.

    A report cites what will not change any more.
    """
    analysis = as_of.file.analysis
    for record in as_of.file.records:
        if record.status == "draft" and (
            record is analysis or record.kind.name in ("session", "document", "basis")
        ):
            hint = f"`arpc finish {record.id}`"
            yield Problem(record.at("status", value=True), f"{record.id} is a draft", hint)


@rule(INFERENCE, gate=Gate.CLOSE)
def needed_to_close(as_of: AsOf) -> Iterator[Problem]:
    """A record lacks something that it needs before the case is closed.

    A closed case is read by people who cannot ask any more.
    """
    for record in as_of.file.records:
        yield from _missing(record, Gate.CLOSE)


def _missing(record: Record, gate: Gate) -> Iterator[Problem]:
    if not record.is_current:
        return
    for field in record.kind.fields.values():
        if field.needed is not gate or "*" in field.path or record.written(*field.path):
            continue
        if not field.belongs_in(record.data) or field.is_needless_in(record.data):
            continue
        message = f"{'.'.join(field.path)} is not written yet"
        yield Problem(record.at(*field.path), message, _hint(record, field))


def _hint(record: Record, field: Field) -> str:
    if field.words:
        return f"one of {', '.join(field.words)}"
    return _HINT.format(kind=record.kind.name, field=".".join(field.path))
