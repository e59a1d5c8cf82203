"""A copy of a report as finished files: computed for its reader, printed, and looked through for leaks."""

from collections.abc import Iterator
from typing import NamedTuple

from arpc import leaks
from arpc.audiences import REFERRER, Reader
from arpc.document import finished
from arpc.document.figures import Figure
from arpc.errors import ArpcError
from arpc.pictures import dated, genogram, svg, timeline
from arpc.provisions import AsOf
from arpc.reporting import catalogue, rendering
from arpc.reporting.catalogue import Made

_WITHIN = ("referrer", "supervisor")  # whose copies are made of what is sound, whatever else is not


class Copied(NamedTuple):
    """A finished copy."""

    made: Made
    forms: dict[str, bytes]
    """Its bytes in each format."""


def copy(
    as_of: AsOf,
    kind: str,
    of: str = "",
    *,
    reader: Reader = REFERRER,
    approver: str = "",
    forms: tuple[str, ...],
    name: str = "",
) -> Copied:
    """Make a copy of a report, and refuse to give it if it shows what its reader may not see.

    Args:
        as_of: The case and the day.
        kind: Which kind of report.
        of: The record that it is about, where a case may have several.
        reader: Whom it is for.
        approver: Staff code of who approves it, when it is being issued.
        forms: In which formats.
        name: What the file is to be called, where somebody chose that.

    Raises:
        ArpcError: There is no such report, it cannot be printed, or it would show what is withheld; or
            a record cannot be relied on, so that nobody knows what it withholds.
    """
    if as_of.file.damaged and reader.audience.name not in _WITHIN:
        hint = "`arpc validate` says what is wrong with it"
        damaged = as_of.file.damaged[0].file
        raise ArpcError(f"{damaged} cannot be relied on: what it withholds is not known", hint)
    made = catalogue.make(as_of, kind, of, reader=reader, approver=approver)
    return Copied(made, finish(as_of, made, reader, forms, name))


def finish(
    as_of: AsOf, made: Made, reader: Reader, forms: tuple[str, ...], name: str = ""
) -> dict[str, bytes]:
    """Print a report that was computed, and look through what was printed.

    Raises:
        ArpcError: It cannot be printed, or would show what is withheld.
    """
    drawn = pictures(made)
    printed = rendering.render(made.report, made.template, forms, drawn, as_of.service.templates)
    files = [*printed.items(), *(("svg", f.svg.encode()) for fs in drawn.values() for f in fs)]
    said = [text for form, raw in files for text in finished.texts(form, raw)]
    leaks.refuse(as_of, reader, [*said, made.name, name])
    return printed


def pictures(made: Made) -> dict[str, tuple[Figure, ...]]:
    """Return what is drawn in a report, by subject, from what its reader may see."""
    return {subject: tuple(_DRAWN[subject](made.seen)) for subject in made.pictures}


_TALLEST = 890.0  # pixels: what fits a page of A4 at the width of its text


def _family(as_of: AsOf) -> Iterator[Figure]:
    drawing = genogram.draw(as_of, headed=False)
    yield Figure("family", svg.write(drawing), drawing.description, drawing.title)


def _course(as_of: AsOf) -> Iterator[Figure]:
    """The timeline of what is in the short chronology, in as many parts as it needs."""
    sheet = timeline.IN_A_REPORT
    parts = timeline.parts(dated.story(as_of, short=True), sheet, _TALLEST)
    for number, part in enumerate(parts, 1):
        drawing = timeline.draw(part, sheet)
        which = f", part {number} of {len(parts)}" if len(parts) > 1 else ""
        caption = f"{drawing.title}{which}"
        yield Figure(f"course-{number}", svg.write(drawing), drawing.description, caption)


_DRAWN = {"family": _family, "course": _course}
