"""The chronology as a report of its own: the whole case in order of time."""

from collections.abc import Iterator

from arpc.provisions import AsOf
from arpc.reporting import chronology, people
from arpc.reporting.front import HANDLING, front_matter
from arpc.reporting.model import ChronologyReport, Pair

TITLE = "Chronology"
TEMPLATE = "chronology.md.j2"


def build(as_of: AsOf) -> ChronologyReport:
    """Compute the chronology of a case."""
    return ChronologyReport(
        matter=front_matter(as_of, TITLE, author=as_of.file.case.lead, status=""),
        cover=tuple(_cover(as_of)),
        events=chronology.rows(chronology.chronology(as_of)),
    )


def _cover(as_of: AsOf) -> Iterator[Pair]:
    yield Pair("Service", as_of.service.name or "not named")
    yield from people.whose(as_of)
    handling = f"{HANDLING} Dates of birth and the children's plans are in it."
    yield Pair("Handling", handling)
