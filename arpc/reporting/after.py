"""What comes after the analysis: what the family said, treatment, follow-up, who stands behind it."""

from collections.abc import Iterator

from arpc.clocks import follow_up
from arpc.provisions import AsOf
from arpc.records import Treatment
from arpc.reporting import added
from arpc.reporting.model import BLANK, NONE, Row, day_words, times
from arpc.reporting.people import name_of, plain
from arpc.workdays import add_months, add_years


def feedback(as_of: AsOf) -> Iterator[Row]:
    """Going through the report with each adult and child."""
    issues = [r for r in as_of.file.reports if r.type == "assessment" and r.status != "draft"]
    given = {f.who: f for issue in issues for f in issue.feedback}
    for person in as_of.file.people:
        if not (person.is_man or person.is_carer or person.is_child):
            continue
        found, name = given.get(person.id), person.name or person.id
        if found is None:
            yield Row((name, BLANK, "", ""))
        else:
            not_done = f"not done: {found.not_done}" if found.not_done else BLANK
            when = f"{day_words(found.day) or not_done} ({found.session or found.record.id})"
            yield Row((name, when, found.response or BLANK, found.disputed or BLANK))


def treatment(as_of: AsOf) -> Iterator[Row]:
    """What was offered and how it went."""
    file = as_of.file
    for treatment in file.treatments:
        yield Row(
            (
                treatment.id,
                name_of(file, treatment.who) or BLANK,
                plain(treatment.offer) or BLANK,
                treatment.method or treatment.why or BLANK,
                added.after(ended(treatment), as_of, treatment),
            )
        )


def ended(treatment: Treatment) -> str:
    """When a treatment ended and how, or what came of its offer."""
    if treatment.ended:
        how = plain(treatment.end_reason) or "how is not recorded"
        return f"ended {day_words(treatment.ended)}, {how}"
    offer = plain(treatment.offer) or f"offer {BLANK}"
    return f"{offer}, no end recorded" if treatment.offer == "accepted" else offer


def follow_ups(as_of: AsOf, *, is_draft: bool) -> Iterator[Row]:
    """When the referrer is asked and the meetings are held, counted as the clocks count them.

    Before the report is issued, as if it were issued today.
    """
    issue = as_of.file.first_issue
    asked_from = issue.on if issue else as_of.today
    planned = "planned, if it is issued today" if is_draft and not issue else "planned"
    for point, months in follow_up.MONTHS.items():
        by = day_words(add_months(asked_from, months))
        yield Row(("Referrer asked", by, _outcome(as_of, point) or planned))
    anchor = follow_up.meetings_count_from(as_of)
    for point, years in follow_up.YEARS.items():
        by = f"{years} years after treatment ends"
        if anchor or not issue:
            by = day_words(add_years(anchor[0] if anchor else as_of.today, years))
        yield Row(("Meeting", by, _outcome(as_of, point) or planned))


def _outcome(as_of: AsOf, point: str) -> str:
    """How a follow-up ended; "" while it has not."""
    found = [f for f in as_of.file.followups if f.point == point and (f.done or f.not_done)]
    if not found:
        return ""
    last = found[-1]
    how = f"done {day_words(last.done)}" if last.done else f"not done: {plain(last.not_done)}"
    return added.after(f"{how} ({last.id})", as_of, last)


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
            yield Row((role, member.name, member.role or BLANK, member.qualifications or BLANK))


def supervision(as_of: AsOf) -> str:
    """How often the case was supervised, and when last."""
    held = [day_words(v.on) for v in as_of.file.supervisions]
    if not held:
        return f"{NONE.capitalize()}."
    last = "on" if len(held) == 1 else "last on"
    return f"Held {times(len(held))}, {last} {held[-1]}."
