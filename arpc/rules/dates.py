"""Dates that cannot be: before it happened, before birth, or in the future."""

from collections.abc import Iterator

from arpc.findings import Severity
from arpc.provisions import AsOf, Problem, rule
from arpc.rules.when import BEFORE_ISSUE
from arpc.sources import INFERENCE, RE_M_AND_N

_OVER_MIDNIGHT = 6 * 60  # minutes; no meeting over midnight is longer: our inference
_DAY = 24 * 60  # minutes


@rule(INFERENCE)
def dated_in_the_future(as_of: AsOf) -> Iterator[Problem]:
    """A record is dated in the future.

    A record says what happened. What is planned stands in the fields for plans: next, by, review.
    """
    for record in as_of.file.records:
        if record.on > as_of.today:
            where = record.at("date", value=True)
            yield Problem(where, f"dated {record.on}, after today, {as_of.today}")


@rule(RE_M_AND_N)
def written_before_it_happened(as_of: AsOf) -> Iterator[Problem]:
    """A note was written before the day of its session.

    Notes are contemporaneous or they are worth little; one written beforehand is a plan. Most often
    one of the two dates is wrong.
    """
    for session in as_of.file.sessions:
        written = session.written_at
        if written and written.date() < session.on:
            where = session.at("written", value=True)
            yield Problem(where, f"written on {written.date()}, for a session on {session.on}")


@rule(
    RE_M_AND_N.saying("two weeks were criticised; the lengths are our inference"),
    Severity.WARNING,
    stages=BEFORE_ISSUE,
    limits=True,
)
def note_written_late(as_of: AsOf) -> Iterator[Problem]:
    """A note was written later than the service allows, and nobody said why.

    What is written from memory is weighed as memory. A late note stays in use; its reader is told how
    late it is.
    """
    explained = {a.place for a in as_of.file.answers if a.rule == "note-to-write"}
    for session in as_of.file.sessions:
        if as_of.is_late(session) and session.id not in explained:
            written, by = session.data["written"][:10], as_of.note_by(session)
            message = f"written on {written}, expected by {by}"
            hint = f"`arpc answer note-written-late --at {session.id} --reason ...` says why"
            yield Problem(session.at("written", value=True), message, hint)


@rule(INFERENCE)
def met_before_birth(as_of: AsOf) -> Iterator[Problem]:
    """Somebody is recorded as met before they were born.

    Either the session's date or the date of birth is wrong, and ages follow from both.
    """
    for session in as_of.file.sessions:
        for index, person_id in enumerate(session.who):
            person = as_of.file.person(person_id)
            if session.took_place and person and person.born and person.born > session.on:
                where = session.at("who", index, value=True)
                yield Problem(where, f"{person_id} was born on {person.born}, after {session.on}")


@rule(INFERENCE)
def ends_before_it_begins(as_of: AsOf) -> Iterator[Problem]:
    """A session ends before it begins.

    How long somebody was met is printed, and weighed. One of the two times is wrong, unless it went on
    past midnight; what would have lasted more than six hours so is taken as a slip.
    """
    for session in as_of.file.sessions:
        if not session.time:
            continue
        begins, ends = session.time.split("-")
        lasts = _minutes(ends) - _minutes(begins)
        if lasts < 0 and lasts + _DAY > _OVER_MIDNIGHT:
            where = session.at("time", value=True)
            yield Problem(where, f"it ends at {ends}, and begins at {begins}")


@rule(INFERENCE)
def next_before_its_session(as_of: AsOf) -> Iterator[Problem]:
    """The next session is planned for a day before the one at which it was agreed.

    What is due follows from that day, and would have been overdue from the start. Two meetings may be
    on one day, so that the same day is let stand.
    """
    for session in as_of.file.sessions:
        if session.next and session.next < session.on:
            where = session.at("next", value=True)
            yield Problem(where, f"next on {session.next}, before this session on {session.on}")


def _minutes(time: str) -> int:
    """The minutes since midnight, of a time as "15:10"."""
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
