"""Evidence: what a conclusion rests on is still what it was when somebody drew it."""

from collections.abc import Iterator

from arpc import rereading
from arpc.findings import Gate
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Analysis
from arpc.sources import INFERENCE


@rule(INFERENCE, gate=Gate.ISSUE)
def evidence_moved(as_of: AsOf) -> Iterator[Problem]:
    """Something that a conclusion rests on has changed since it was cited or confirmed.

    A statement was corrected, a record amended, the status of an allegation settled. The conclusion
    may still hold; somebody has to read both again and say so. An analysis that a later one has
    taken the place of is left as it was.
    """
    holds = as_of.file.analysis
    for record in as_of.file.records:
        stands = record is holds if isinstance(record, Analysis) else record.is_current
        if isinstance(record, rereading.CONCLUDING) and stands:
            moved: dict[str, list[rereading.Moved]] = {}
            for each in rereading.moved(as_of.file, record):
                moved.setdefault(each.reference.target, []).append(each)
            for target, places in moved.items():
                reference, read = places[0].reference, places[0].read
                where = record.at(*reference.pointer, value=True)
                others = len(places) - 1
                more = f", and in {others} more place{'s' * (others > 1)}" if others else ""
                message = f"{target} changed after {read}, when it was cited for this{more}"
                hint = f"read both again, then `arpc confirm {record.id} {reference.target}`"
                yield Problem(where, message, hint)
