"""The follow-ups: the referrer asked after 3, 6 and 12 months; meetings after 3 and 5 years.

A corrected report does not start them anew. Each ends when its follow-up record is done, or says
why it was not; all end with the man's death, or where the closure says that none remains or who took
them over.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from arpc.findings import Location
from arpc.provisions import AsOf, Due, Stage, clock
from arpc.records import Consent
from arpc.sources import EVALUATION, INFERENCE, PROGRAMME
from arpc.workdays import add_months, add_years, age_by, age_on

OPENS = timedelta(days=60)
CLOSES = timedelta(days=90)
_AFTER = frozenset((Stage.POST_REPORT, Stage.TREATMENT, Stage.FOLLOW_UP, Stage.CLOSED))
MONTHS = {"referrer_3m": 3, "referrer_6m": 6, "referrer_12m": 12}
"""The points at which the referrer is asked, in months from the first issue."""
YEARS = {"meeting_3y": 3, "meeting_5y": 5}
"""The points at which a meeting is held, in years from what `meetings_count_from` says."""


@clock(
    EVALUATION.saying("referrers were asked at 3, 6 and 12 months"), stages=_AFTER, follow_up=True
)
def referrer_to_ask(as_of: AsOf) -> Iterator[Due]:
    """The referrer is to be asked what became of the case.

    Three, six and twelve months from the first issue of the assessment. The children's services
    know of harm that no conviction shows.
    """
    issue = as_of.file.first_issue
    if not issue or _has_ended(as_of):
        return
    for point, months in MONTHS.items():
        if not _is_answered(as_of, point):
            by = add_months(issue.on, months)
            what = f"ask the referrer ({months} months)"
            closes = by + CLOSES
            note = _attempts(as_of, point)
            yield Due(by, what, issue.at("date"), point, issue.on, closes=closes, note=note)


@clock(
    PROGRAMME.saying(
        "meetings after three and five years; what they count from, and the window of 60 days before "
        f"to 90 days after, is {INFERENCE.title}"
    ),
    stages=_AFTER,
    follow_up=True,
)
def meeting_to_hold(as_of: AsOf) -> Iterator[Due]:
    """A follow-up meeting is to be held.

    Three and five years from the first issue of the assessment or from the end of treatment, as the
    case names. Differences between men who harm again and men who do not show late.
    """
    anchor = meetings_count_from(as_of)
    if not anchor or _has_ended(as_of):
        return
    since, because = anchor
    for point, years in YEARS.items():
        if _is_answered(as_of, point):
            continue
        by = add_years(since, years)
        yield Due(
            by,
            f"hold the {years}-year meeting",
            because,
            point,
            since,
            opens=by - OPENS,
            closes=by + CLOSES,
            needs=(*_consents(as_of, years), *_ages(as_of, by, years)),
            note=_attempts(as_of, point),
        )


def meetings_count_from(as_of: AsOf) -> tuple[date, Location] | None:
    """What the meetings count from, and where it stands.

    None before the first issue, and while a treatment runs on whose end they wait.
    """
    issue = as_of.file.first_issue
    if as_of.file.case.follow_up_from == "treatment_ended":
        accepted = [t for t in as_of.file.treatments if t.offer == "accepted"]
        if accepted:
            ended = [t for t in accepted if t.ended]
            if len(ended) < len(accepted):
                return None
            last = max(ended, key=lambda t: t.ended or t.on)
            return last.ended or last.on, last.at("ended")
    return (issue.on, issue.at("date")) if issue else None


def _is_answered(as_of: AsOf, point: str) -> bool:
    return any(f.point == point and (f.done or f.not_done) for f in as_of.file.followups)


def _attempts(as_of: AsOf, point: str) -> str:
    """How often it was tried so far, and when last; "" where it never was."""
    days = [
        attempt.day
        for followup in as_of.file.followups
        if followup.point == point
        for attempt in followup.attempts
        if attempt.day and attempt.day <= as_of.today
    ]
    if not days:
        return ""
    return f"{len(days)} attempt{'s' * (len(days) > 1)} so far, the last on {max(days)}"


def _has_ended(as_of: AsOf) -> bool:
    man, case = as_of.file.man, as_of.file.case
    return bool(case.follow_up_ends or case.transferred_to or (man and man.died))


def _consents(as_of: AsOf, years: int) -> Iterator[str]:
    """Whether each adult agreed to this meeting, and whether they can be reached safely."""
    for person in as_of.file.people:
        if (person.is_man or person.is_carer) and not person.died:
            given = [c for c in as_of.file.consents if c.who == person.id]
            reachable = "" if person.written("contact") else "; how to reach safely is not recorded"
            spoken = "; interpreter needed" if person.interpreter == "yes" else ""
            yield f"{person.id}: consent {_newest(given, years)}{reachable}{spoken}"


def _newest(given: list[Consent], years: int) -> str:
    """What the newest consent says that says anything of this meeting."""
    answers = [c.follow_up_3y if years == 3 else c.follow_up_5y for c in given]
    return next((a for a in reversed(answers) if a), "not_sought").replace("_", " ")


def _ages(as_of: AsOf, by: date, years: int) -> Iterator[str]:
    """How old each child will be; from 18 on it is the young person who agrees."""
    for child in as_of.file.children:
        if not child.born or child.died:
            continue
        age = age_on(child.born, by)
        own = [c for c in as_of.file.consents if c.who == child.id and c.given_by == child.id]
        consent = f", own consent {_newest(own, years)}" if age >= 18 else ""
        yield f"{child.id} {age_by(child.born, by, as_of.today)}{consent}"
