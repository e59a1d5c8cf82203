"""The events of a case by lane, in words: for the terminal, and as the text alternative."""

import textwrap
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from arpc.provisions import AsOf
from arpc.reporting.chronology import (
    ALLEGED,
    FAMILY,
    LIVING,
    PLANS,
    UNDATED,
    WORK,
    Event,
    chronology,
)
from arpc.reporting.front import in_sentences, marking
from arpc.reporting.model import day_words, partial_words
from arpc.reporting.people import CONTACT_FORMS, name_of

LANES = {
    FAMILY: "Family",
    ALLEGED: "What is alleged or found",
    WORK: "The work",
    LIVING: "Living and agreements",
    PLANS: "Plans and orders",
}
INEXACT = "Where only a month or a year is known, the entry stands at its beginning."


class Contact(NamedTuple):
    """What contact of the man with a child is arranged, and from when to when."""

    who: str
    child: str
    form: str
    since: date
    until: date | None
    source: str
    is_none: bool
    """Whether the arrangement is that there is none."""

    @property
    def words(self) -> str:
        """The arrangement in a sentence."""
        ends = f"until {day_words(self.until)}" if self.until else "no end recorded"
        return (
            f"{self.who} and {self.child}: {self.form},"
            f" from {day_words(self.since)}, {ends} ({self.source})"
        )


class Story(NamedTuple):
    """What the timeline shows."""

    title: str
    marking: str
    """Who may see it."""
    today: date
    events: tuple[Event, ...]
    contacts: tuple[Contact, ...]
    undated: tuple[Event, ...] = ()
    """What is recorded without a date that can be placed."""
    shows_today: bool = True
    """Whether today falls into this part of it."""


def story(as_of: AsOf, *, short: bool = False) -> Story:
    """The events of a case, or only the major ones, and the contact of the man with each child."""
    man = as_of.file.man
    whose = f" of the case of {man.name}" if man and man.name else ""
    events = [event for event in chronology(as_of) if event.major or not short]
    dated = tuple(event for event in events if event.when)
    undated = tuple(event for event in events if not event.when)
    title = f"Timeline{whose} on {day_words(as_of.today)}"
    return Story(title, marking(as_of), as_of.today, dated, tuple(_contacts(as_of)), undated)


def first_day(when: str) -> date:
    """The first day of a date, a month or a year."""
    year, month, day = [*map(int, when.split("-")), 1, 1][:3]
    return date(year, month, day)


def last_day(when: str) -> date:
    """The last day of a date, a month or a year."""
    parts = [*map(int, when.split("-"))]
    if len(parts) == 3:
        return date(*parts)
    month = parts[1] if len(parts) == 2 else 12
    return date(parts[0], month, monthrange(parts[0], month)[1])


def is_exact(event: Event) -> bool:
    """Whether the day is known."""
    return len(event.when) == 10


def text(told: Story, width: int) -> str:
    """The timeline for a terminal of `width` columns, lane by lane."""
    lines = [*textwrap.wrap(told.marking, width), *textwrap.wrap(told.title, width)]
    for lane, heading in LANES.items():
        events = [event for event in told.events if event.lane == lane]
        if events:
            lines += ["", heading]
        for event in events:
            lines += textwrap.wrap(
                f"{event.what} ({event.source})",
                width,
                initial_indent=f"  {event.when:<12}",
                subsequent_indent=" " * 14,
                break_on_hyphens=False,
            )
    if told.undated:
        lines += ["", UNDATED]
    for event in told.undated:
        lines += textwrap.wrap(
            undated_words(event), width, initial_indent="  ", subsequent_indent="    "
        )
    if told.contacts:
        lines += ["", "Contact of the man with each child"]
    for contact in told.contacts:
        lines += textwrap.wrap(contact.words, width, initial_indent="  ", subsequent_indent="    ")
    if not all(map(is_exact, told.events)):
        lines += ["", *textwrap.wrap(INEXACT, width)]
    return "\n".join(lines) + "\n"


def undated_words(event: Event) -> str:
    """An event that cannot be placed, with the words that its record has for when it was."""
    return f"{event.when_words}, {event.what} ({event.source})"


def description(told: Story) -> str:
    """The picture as text: every event of every lane, and each arrangement; no opinion."""
    inexact = [] if all(map(is_exact, told.events)) else [INEXACT]
    return " ".join([*_said(told), *inexact])


def plain_text(told: Story) -> str:
    """The same under its title, a line for each thing, for somebody who listens."""
    return "\n".join([in_sentences(told.marking), told.title, *_said(told)]) + "\n"


def _said(told: Story) -> Iterator[str]:
    count = len(told.events)
    yield f"{count} {'entry' if count == 1 else 'entries'}, from the records of the case."
    for lane, heading in LANES.items():
        here = [e for e in told.events if e.lane == lane]
        if here:
            yield f"{heading}:"
            yield from (f"{partial_words(e.when)}, {e.what} ({e.source})." for e in here)
    if told.undated:
        yield f"{UNDATED}:"
        yield from (f"{undated_words(event)}." for event in told.undated)
    if told.contacts:
        yield "Contact of the man with each child:"
        yield from (f"{contact.words}." for contact in told.contacts)


def _contacts(as_of: AsOf) -> Iterator[Contact]:
    file = as_of.file
    for made in file.arrangements:
        if made.type == "contact" and made.child and made.status != "superseded":
            yield Contact(
                name_of(file, made.man) if made.man else "The man",
                name_of(file, made.child),
                CONTACT_FORMS.get(made.form, "form not recorded"),
                made.on,
                made.until,
                made.id,
                made.form == "none",
            )
