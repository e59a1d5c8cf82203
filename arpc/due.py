"""`arpc due`: what falls due in a case, soonest first."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from arpc import clocks, ledgers, meaning, writer
from arpc.casefile import IncompleteError
from arpc.errors import ArpcError
from arpc.provisions import AsOf, Clock, Due
from arpc.records import Case, Person
from arpc.workdays import age_by

_PERSON = re.compile(r"P-[0-9]{2,3}")


class Item(NamedTuple):
    """One thing that falls due, with the clock and the case it comes from."""

    case: str
    clock: Clock
    due: Due
    today: date
    provisional: bool = False
    """Whether bank holidays for that date have not been announced yet."""
    answered: date | None = None
    """The day on which a reason was recorded for missing it; never for a hard clock."""
    in_register_only: bool = False
    """Whether its case cannot be read here, so that only the register tells of it."""
    was: date | None = None
    """The other day on which the register still has it, where what it counts from has changed."""
    lead: str = ""
    """The staff code of whoever leads the case, where that can be read."""

    @property
    def days_left(self) -> int:
        """Days until it is due; negative when its day has passed."""
        return (self.due.by - self.today).days

    @property
    def has_passed(self) -> bool:
        """Whether its day, or the last day of its window, has passed, and nobody recorded why."""
        last = self.due.closes if self.due.opens and self.due.closes else self.due.by
        return self.today > last and self.answered is None

    @property
    def is_overdue(self) -> bool:
        """Whether it has passed and is for the service to answer for."""
        return self.has_passed and self.clock.is_ours

    @property
    def is_coming(self) -> bool:
        """Whether its day, or the last day of its window, is yet to come."""
        return not self.has_passed and self.answered is None

    @property
    def is_open(self) -> bool:
        """Whether its window is open today."""
        opens, closes = self.due.opens, self.due.closes or self.due.by
        return opens is not None and opens <= self.today <= closes

    @property
    def state(self) -> str:
        """How long there is, or what has passed, and whether its window is open now."""
        days = abs(self.days_left)
        span = f"{days} day{'s' * (days != 1)}"
        if self.answered:
            return f"{span} past, reason recorded {self.answered}"
        if self.clock.is_ours and self.due.closes and self.due.closes < self.today:
            return f"window closed on {self.due.closes}: do it late or record why not"
        if self.days_left >= 0:
            when = f"in {span}" if days else "today"
            return f"{when}, open" if self.is_open else when
        if self.is_open:
            return f"{span} past its day, open until {self.due.closes}"
        if self.clock.is_ours:
            return f"overdue by {span}"
        return f"{span} past, for information"

    @property
    def uid(self) -> str:
        """A name for this one thing that never changes and says nothing about anybody."""
        return f"{self.case}.{self.clock.id}.{self.due.subject}".replace("/", ".")


def what_is_due(as_of: AsOf, only: Iterable[Clock] = clocks.ALL) -> list[Item]:
    """Return everything that falls due in a case, soonest first."""
    return soonest_first(_items(as_of, only))


def soonest_first(items: Iterable[Item]) -> list[Item]:
    """Return items in the order in which they fall due."""
    return sorted(items, key=_urgency)


def _urgency(item: Item) -> tuple[object, ...]:
    """On one day what is hard comes first, then follow-ups before what prepares them."""
    return (item.due.by, item.case, not item.clock.hard, not item.clock.follow_up, item.uid)


def answer(
    folder: Path, as_of: AsOf, clock: Clock, at: str, *, reason: str, agreed_by: str, by: str
) -> Item:
    """Write down why something that has passed was not done in time; return it.

    Raises:
        ArpcError: The clock is hard, or nothing of that name has passed.
    """
    if clock.hard:
        raise ArpcError(f"{clock.id} cannot be answered away", "it is done, whatever the day")
    passed = [i for i in what_is_due(as_of, [clock]) if i.due.by <= as_of.today]
    found = [item for item in passed if at in ("", item.due.subject)]
    if len(found) != 1:
        names = ", ".join(item.due.subject for item in passed)
        hint = f"name one with `--at`: {names}" if names else "reasons are for what has passed"
        raise ArpcError(f"{len(found)} dates of {clock.id} have passed there", hint)
    subject = found[0].due.subject
    entry = {
        "rule": clock.id,
        "at": subject,
        "is": meaning.fingerprint(found[0].due.by.isoformat()),
        "reason": reason,
        "agreed_by": agreed_by,
        "by": by,
        "date": as_of.today.isoformat(),
    }
    with writer.locked(folder):
        ledgers.put(
            folder,
            "answers",
            [entry],
            lambda old: (old.get("rule"), old.get("at")) == (clock.id, subject),
        )
    return found[0]


def unsure(as_of: AsOf, only: Iterable[Clock] = clocks.ALL) -> frozenset[str]:
    """The ids of the clocks that looked for a record that cannot be relied on."""
    damaged = {each.kind for each in as_of.file.damaged}
    if not damaged:
        return frozenset()
    found = set()
    for each in only:
        asked: set[str] = set()
        view = AsOf(as_of.file.watched(asked), as_of.today, as_of.service)
        try:
            if each.runs_for(view):
                list(each.run(view))
        except IncompleteError:
            pass  # it noted which kind it looked for
        if asked & damaged:
            found.add(each.id)
    return frozenset(found)


def within(
    items: Iterable[Item], days: int | None, *, overdue: bool = False, owner: str = ""
) -> list[Item]:
    """Those that have passed, whose window is open, or that fall due within `days`; None is all.

    `owner` leaves only what is for that owner to do.
    """
    return [
        item
        for item in items
        if (item.has_passed if overdue else days is None or _is_near(item, days))
        and owner in ("", item.clock.owner)
    ]


class Week(NamedTuple):
    """What a week holds, from Monday to Sunday."""

    monday: date
    overdue: tuple[Item, ...]
    """What had passed before today; none for a week that is still to come."""
    days: tuple[tuple[date, tuple[Item, ...]], ...]
    """The days on which something falls due, and what."""
    open: tuple[Item, ...]
    """What may be done in this week, and falls due in another."""


def week_of(items: Iterable[Item], day: date, today: date) -> Week:
    """Return what is to be done in the week in which a day lies."""
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    found = list(items)
    dates = [monday + timedelta(days=n) for n in range(7)]
    by_day = {
        each: tuple(i for i in found if i.due.by == each and not i.answered) for each in dates
    }
    late = tuple(i for i in found if i.has_passed and i.due.by < monday <= today <= sunday)
    return Week(
        monday,
        late,
        tuple((each, here) for each, here in by_day.items() if here),
        tuple(i for i in found if _may_be_done(i, monday, sunday) and i not in late),
    )


def is_of_week(item: Item, day: date) -> bool:
    """Whether `week_of` the week in which a day lies may have a place for an item, or it has passed."""
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    is_near = monday <= item.due.by <= sunday or _may_be_done(item, monday, sunday)
    return is_near or item.has_passed


def _may_be_done(item: Item, monday: date, sunday: date) -> bool:
    opens, closes = item.due.opens, item.due.closes or item.due.by
    is_elsewhere = not monday <= item.due.by <= sunday
    return bool(
        opens and opens <= sunday and closes >= monday and is_elsewhere and not item.answered
    )


def _is_near(item: Item, days: int) -> bool:
    opens = item.due.opens or item.due.by
    return item.days_left <= days or opens <= item.today


def _items(as_of: AsOf, only: Iterable[Clock]) -> Iterator[Item]:
    answers = _answers(as_of)
    lead = next((case.lead for case in as_of.file.of(Case)), "")
    for each in only:
        if not each.runs_for(as_of):
            continue
        try:
            for found in each.run(as_of):
                due = _prepared(as_of, found) if each.is_ours else found
                provisional = each.working_days and as_of.calendar.is_provisional(due.by)
                given = None if each.hard else answers.get((each.id, due.subject))
                # A reason for missing an earlier day says nothing about the day that holds now.
                answered = given if given and given >= due.by else None
                yield Item(as_of.file.id, each, due, as_of.today, provisional, answered, lead=lead)
        except IncompleteError:
            continue  # `arpc validate` names the damaged record


def _prepared(as_of: AsOf, due: Due) -> Due:
    """The same with what is to be seen to before, for each person whom it is about by name."""
    if any("P-" in need for need in due.needs):
        return due
    people = (as_of.file.person(who) for who in dict.fromkeys(_PERSON.findall(due.what)))
    needs = (need for person in people if person for need in _needs(person, due.by, as_of.today))
    return due._replace(needs=(*due.needs, *needs))


def _needs(person: Person, by: date, today: date) -> Iterator[str]:
    """An interpreter, a safe way to reach somebody, and how old a child is or will be."""
    seen_to = []
    if person.interpreter == "yes":
        seen_to.append("interpreter needed")
    if not person.reached and not person.is_child:
        seen_to.append("how to reach safely is not recorded")
    if person.born and person.is_child:
        seen_to.append(age_by(person.born, by, today))
    if seen_to:
        yield f"{person.id}: {', '.join(seen_to)}"


def _answers(as_of: AsOf) -> dict[tuple[str, str], date]:
    """The day of the newest answer to each thing that may fall due, by clock and subject."""
    try:
        given = as_of.file.answers
    except IncompleteError:
        return {}
    dated = ((a.rule, a.place, a.day) for a in given if a.reason and a.day)
    return {(rule, place): day for rule, place, day in dated if day <= as_of.today}
