"""The chronology as a report of its own: the whole case in order of time."""

from collections.abc import Iterator

from arpc.reporting import chronology, people
from arpc.reporting.copies import Copy
from arpc.reporting.front import HANDLING, front_matter
from arpc.reporting.model import ChronologyReport, Pair

TITLE = "Chronology"
TEMPLATE = "chronology.md.j2"


def build(copy: Copy) -> ChronologyReport:
    """Compute the chronology of a case."""
    as_of = copy.seen
    return ChronologyReport(
        matter=front_matter(copy, TITLE, author=as_of.file.case.lead, status=""),
        cover=tuple(_cover(copy)),
        events=chronology.rows(chronology.chronology(as_of)),
    )


def _cover(copy: Copy) -> Iterator[Pair]:
    yield Pair("Service", copy.seen.service.name or "not named")
    yield from people.whose(copy.seen)
    holds = "Dates of birth and the children's plans are in it."
    yield Pair("Handling", f"For {copy.for_whom}. {HANDLING} {holds}")
