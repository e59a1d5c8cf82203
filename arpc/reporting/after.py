"""What comes after the analysis: what the family said, treatment, follow-up, who stands behind it."""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.clocks import follow_up
from arpc.provisions import AsOf
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
            when = f"{when} ({found.session or found.record.id})"
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
                treatment.id,
                name_of(file, treatment.who),
                plain(treatment.offer),
                treatment.method or treatment.why or "not said",
                state,
            )
        )


def follow_ups(as_of: AsOf, *, is_draft: bool) -> Iterator[Row]:
    """When the referrer is asked and the meetings are held, counted as the clocks count them.

    Before the report is issued, as if it were issued today.
    """
    issue = as_of.file.first_issue
    asked_from = issue.on if issue else as_of.today
    planned = "planned, if it is issued today" if is_draft and not issue else "planned"
    for point, months in follow_up.MONTHS.items():
        by = day_words(add_months(asked_from, months))
        yield Row(("Referrer asked", by, _outcome(as_of.file, point) or planned))
    anchor = follow_up.meetings_count_from(as_of)
    for point, years in follow_up.YEARS.items():
        by = f"{years} years after treatment ends"
        if anchor or not issue:
            by = day_words(add_years(anchor[0] if anchor else as_of.today, years))
        yield Row(("Meeting", by, _outcome(as_of.file, point) or planned))


def _outcome(file: CaseFile, point: str) -> str:
    """How a follow-up ended; "" while it has not."""
    found = [f for f in file.followups if f.point == point and (f.done or f.not_done)]
    if not found:
        return ""
    last = found[-1]
    how = f"done {day_words(last.done)}" if last.done else f"not done: {plain(last.not_done)}"
    return f"{how} ({last.id})"


def authors(as_of: AsOf, author: str, approver: str = "") -> Iterator[Row]:
    """Everybody who wrote, oversaw or approved it, by their staff codes."""
    case = as_of.file.case
    roles = (
        ("Author", author),
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
