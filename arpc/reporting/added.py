"""What was added to a record after it was final, in words, for the place where that record is printed."""

from collections.abc import Iterator

from arpc.audiences import WITHHELD
from arpc.provisions import AsOf
from arpc.records import Entry
from arpc.reporting.model import BLANK, Pair, day_words

NOT_IN_THIS_COPY = "Something was added to this later that is not in this copy."
"""What stands in the place of what its reader may not read."""


def lines(as_of: AsOf, entry: Entry) -> tuple[str, ...]:
    """Each thing added about an entry, or about a record as a whole: when, by whom, what and why."""
    return tuple(_lines(as_of, entry))


def after(text: str, as_of: AsOf, entry: Entry) -> str:
    """A text of an entry, and what was added about it."""
    return " ".join((text, *(f"[{line}]" for line in _lines(as_of, entry)))).strip()


def pairs(as_of: AsOf, entry: Entry) -> Iterator[Pair]:
    """What was added about an entry, for a list of facts."""
    for line in _lines(as_of, entry):
        yield Pair("Later", line)


def _lines(as_of: AsOf, entry: Entry) -> Iterator[str]:
    readable = [each for each in entry.amended if each.what != WITHHELD]
    if len(readable) < len(entry.amended):
        yield NOT_IN_THIS_COPY
    for each in readable:
        day = day_words(each.day) or f"a day {BLANK}"
        by = as_of.service.staff_member(each.by).name if each.by else f"somebody {BLANK}"
        why = each.why.rstrip(".") or f"why is {BLANK}"
        yield f"Added on {day} by {by}: {each.what.rstrip('.') or BLANK} ({why})."
