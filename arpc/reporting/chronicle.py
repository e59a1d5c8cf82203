"""The chronology as a report of its own: the whole case in order of time."""

from collections.abc import Iterator

from arpc.errors import ArpcError
from arpc.reporting import chronology, people
from arpc.reporting.assessment import analysis_of
from arpc.reporting.copies import Copy
from arpc.reporting.front import HANDLING, front_matter
from arpc.reporting.model import BLANK, ChronologyReport, Pair

TITLE = "Chronology"
TEMPLATE = "chronology.md.j2"


def build(copy: Copy, analysis: str = "") -> ChronologyReport:
    """Compute the chronology of a case, or what the practitioner chose from it in an analysis.

    Raises:
        ArpcError: Nothing was chosen in that analysis.
    """
    as_of = copy.seen
    events = chronology.chronology(as_of)
    chosen = chronology.chosen(events, analysis_of(as_of)) if analysis else ()
    if analysis and not chosen:
        hint = "choose events under `turning_points`, or leave `--of` out"
        raise ArpcError(f"no turning points are chosen in {analysis}", hint)
    return ChronologyReport(
        matter=front_matter(copy, TITLE, author=as_of.file.case.lead, status=""),
        cover=tuple(_cover(copy)),
        events=() if analysis else chronology.rows(events),
        undated=() if analysis else chronology.undated(events),
        chosen=chosen,
    )


def _cover(copy: Copy) -> Iterator[Pair]:
    yield Pair("Service", copy.seen.service.name or BLANK)
    yield from people.whose(copy.seen)
    holds = "Dates of birth and the children's plans are in it."
    yield Pair("Handling", f"For {copy.for_whom}. {HANDLING} {holds}")
