"""What comes after the analysis: what the family said, treatment, follow-up, who stands behind it."""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.provisions import AsOf
from arpc.records import Analysis
from arpc.reporting.model import Row, day_words
from arpc.reporting.people import name_of, plain
from arpc.workdays import add_months, add_years


def feedback(as_of: AsOf) -> Iterator[Row]:
    """Going through the report with each adult and child."""
    issues = [r for r in as_of.file.reports if r.type == "assessment" and r.status != "draft"]
    given = {f.who: f for issue in issues for f in issue.feedback}
    for person in as_of.file.people:
        if not (person.is_man or person.is_carer or person.is_child):
            continue
        found = given.get(person.id)
        if found is None:
            yield Row((person.name, "not yet", "", ""))
        else:
            when = day_words(found.day) or f"not done: {found.not_done or 'no reason recorded'}"
            yield Row(
                (
                    person.name,
                    when,
                    found.response or "not recorded",
                    found.disputed or "nothing recorded",
                )
            )


def treatment(file: CaseFile) -> Iterator[Row]:
    """What was offered and how it went."""
    for treatment in file.treatments:
        ended = day_words(treatment.ended)
        state = f"ended {ended}, {plain(treatment.end_reason)}" if ended else "running"
        if treatment.offer != "accepted":
            state = ""
        yield Row(
            (
                name_of(file, treatment.who),
                plain(treatment.offer),
                treatment.method or treatment.why or "not said",
                state,
            )
        )


def follow_ups(as_of: AsOf, *, is_draft: bool) -> Iterator[Row]:
    """When the referrer is asked and the meetings are held, counted from the issue."""
    issue = as_of.file.first_issue
    start = issue.on if issue else as_of.today
    done = {f.point: f for f in as_of.file.followups}
    points = (
        ("referrer_3m", "Referrer asked", add_months(start, 3)),
        ("referrer_6m", "Referrer asked", add_months(start, 6)),
        ("referrer_12m", "Referrer asked", add_months(start, 12)),
        ("meeting_3y", "Meeting", add_years(start, 3)),
        ("meeting_5y", "Meeting", add_years(start, 5)),
    )
    for point, what, by in points:
        found = done.get(point)
        counted = is_draft and not issue
        state = "planned, if it is issued today" if counted else "planned"
        if found and found.done:
            state = f"done {day_words(found.done)}"
        elif found and found.not_done:
            state = f"not done: {plain(found.not_done)}"
        yield Row((what, day_words(by), state))


def authors(as_of: AsOf, analysis: Analysis, approver: str) -> Iterator[Row]:
    """Everybody who wrote, oversaw or approved it."""
    case = as_of.file.case
    roles = (
        ("Author", analysis.author),
        ("Lead practitioner", case.lead),
        ("Second practitioner", case.second),
        ("Manager", case.manager),
        ("Approved by", approver),
    )
    for role, code in roles:
        if code:
            member = as_of.service.staff_member(code)
            yield Row(
                (role, member.name, member.role or "not said", member.qualifications or "not said")
            )


def supervision(as_of: AsOf) -> str:
    """How often the case was supervised, and when last."""
    held = [day_words(v.on) for v in as_of.file.supervisions]
    return f"Held {len(held)} times, last on {held[-1]}." if held else "None recorded."
