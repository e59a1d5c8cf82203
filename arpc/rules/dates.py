"""Dates that cannot be: before it happened, before birth, or in the future."""

from collections.abc import Iterator

from arpc.provisions import AsOf, Problem, rule
from arpc.sources import INFERENCE, RE_M_AND_N


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
