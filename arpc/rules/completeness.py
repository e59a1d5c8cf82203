"""What is still to be written, by the gate that asks for it; the schemas say which fields."""

from collections import Counter
from collections.abc import Iterator

from arpc.findings import Gate, Location
from arpc.kinds import Field
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis, Followup, Record
from arpc.sources import INFERENCE, KNOWN_RISK

_HINT = "`arpc explain {kind}.{field}` says what belongs there"


@rule(INFERENCE, gate=Gate.FINISH)
def needed_to_finish(as_of: AsOf) -> Iterator[Problem]:
    """A record lacks something that it needs to be finished.

    A draft may lack anything; a finished record is what others rely on.
    """
    for record in _that_hold(as_of):
        yield from _missing(record, Gate.FINISH)


@rule(KNOWN_RISK.saying("assessments are of their time"), gate=Gate.FINISH)
def carried_and_not_confirmed(as_of: AsOf) -> Iterator[Problem]:
    """Something was carried over from an earlier record, and nobody has said that it is so still.

    What is copied reads as if somebody had thought it today. A conclusion of last year is confirmed,
    changed, or taken out, part by part.
    """
    carrying: list[Analysis | Followup] = [*as_of.file.of(Analysis), *as_of.file.followups]
    for record in carrying:
        if record.unconfirmed:
            count, names = len(record.unconfirmed), ", ".join(record.unconfirmed)
            where = record.at("carried", "unconfirmed")
            hint = "look at each again; change it if need be, then take its name out"
            found = f"{count} part{'s' * (count > 1)} of {record.carried_from} unconfirmed: {names}"
            yield Problem(where, found, hint)


@rule(INFERENCE, gate=Gate.ISSUE)
def needed_to_issue(as_of: AsOf) -> Iterator[Problem]:
    """A record lacks something that the report needs.

    What the report prints has to be there when it is issued, or the report says less than it seems
    to.
    """
    for record in _that_hold(as_of):
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
    for record in _that_hold(as_of):
        yield from _missing(record, Gate.CLOSE)


def _that_hold(as_of: AsOf) -> Iterator[Record]:
    """The records on which anybody relies: no superseded one, and of the analyses the newest."""
    analysis = as_of.file.analysis
    for record in as_of.file.records:
        if record.is_current and not (isinstance(record, Analysis) and record is not analysis):
            yield record


def _missing(record: Record, gate: Gate) -> Iterator[Problem]:
    """One problem for each place: fields that are not even named stand together, as do the parts of a group."""
    places: dict[Location, list[Field]] = {}
    for field in record.kind.needed[gate]:
        if record.written(*field.path):
            continue
        if field.belongs_in(record.data) and not field.is_needless_in(record.data):
            inside = field.path[:-1] if record.lacks(*field.path) or field.path[1:] else field.path
            places.setdefault(record.at(*inside), []).append(field)
    for where, fields in places.items():
        alone = len(fields) == 1
        message = f"{_listed(fields)} still to be written"
        place = record.at(*fields[0].path) if alone else where
        yield Problem(place, message, _hint(record, fields[0]))


def _listed(fields: list[Field]) -> str:
    """Names in a row: the parts of one group by themselves, of several groups how many there are."""
    names = [".".join(field.path) for field in fields]
    groups = {field.path[:-1] for field in fields}
    if len(names) == 1 or groups == {()}:
        return ", ".join(names)
    if len(groups) == 1:
        return f"{'.'.join(*groups)}: {', '.join(field.path[-1] for field in fields)}"
    counts = Counter(field.path[0] for field in fields)
    return ", ".join(n if c == 1 else f"{n} ({c} parts)" for n, c in counts.items())


def _hint(record: Record, field: Field) -> str:
    if field.words:
        return f"one of {', '.join(field.words)}"
    return _HINT.format(kind=record.kind.name, field=".".join(field.path))
