"""Each clock: documented, sourced, and shown by small cases whose dates a person can check by hand."""

from datetime import date
from pathlib import Path

import pytest

from arpc import clocks, due, exporting, loading, service
from arpc.clocks import events, follow_up
from arpc.provisions import OWNERS, AsOf, Clock, Stage
from arpc.service import Service
from tests.conftest import CASE_ID, EXAMPLES

FOLDER = EXAMPLES / "clocks"
every_clock = pytest.mark.parametrize("clock", clocks.ALL, ids=lambda clock: clock.id)
CASES = sorted(path.parent for path in FOLDER.glob("*/*/today.txt"))


@every_clock
def test_a_clock_says_what_falls_due_how_long_it_runs_and_where_that_comes_from(
    clock: Clock,
) -> None:
    assert clock.title
    assert len(clock.rationale.split()) >= 8
    assert str(clock.source)
    assert clock.owner in OWNERS


@every_clock
def test_a_clock_runs_in_its_nations_and_in_no_other(clock: Clock) -> None:
    nations = {"england", "wales", "scotland", "northern_ireland"}
    assert clock.nations is None or (clock.nations and clock.nations < nations)
    stage = min(clock.stages or Stage)
    runs = {nation for nation in nations if clock.runs_in(stage, nation)}
    assert runs == (clock.nations or nations)
    assert clock.runs_in(stage)


def test_what_counts_working_days_is_known_and_so_is_what_follows_up() -> None:
    working_days = {clock.id for clock in clocks.ALL if clock.working_days}
    assert working_days == {
        *("referral-to-acknowledge", "referral-to-decide", "note-to-write"),
        *("assessment-to-issue", "feedback-to-give", "decision-to-learn", "outcome-to-learn"),
        *("response-to-decide", "assessment-to-complete", "initial-conference-to-hold"),
        *("core-group-to-hold", "family-to-see-report"),
        *("initial-assessment-to-complete", "continuing-assessment-to-complete"),
    }
    assert {clock.id for clock in clocks.ALL if clock.follow_up} == {
        *("referrer-to-ask", "meeting-to-hold"),
    }


@every_clock
def test_there_is_a_case_where_it_is_due_and_one_where_it_is_settled_paused_or_cancelled(
    clock: Clock,
) -> None:
    outputs = {
        path.read_text() == "nothing\n" for path in FOLDER.glob(f"{clock.id}/*/expected.txt")
    }
    assert outputs == {True, False}


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}: {path.name}")
def test_what_falls_due_and_when(folder: Path, golden) -> None:
    today = date.fromisoformat((folder / "today.txt").read_text().strip())
    [case] = [path for path in folder.iterdir() if path.is_dir()]
    loaded = loading.load(case, case.name)
    assert loaded.findings == ()
    only = [clock for clock in clocks.ALL if clock.id == folder.parent.name]
    found = service.open_service(folder)
    assert found.findings == ()
    items = due.what_is_due(AsOf(loaded.file, today, found.service), only)
    lines = [
        f"{i.due.by:%a} {i.due.by}{'~' * i.provisional}  {i.due.what}  ({i.state}; {i.due.because}){_more(i)}"
        for i in items
    ]
    golden(folder / "expected.txt", "\n".join(lines or ["nothing"]) + "\n")


def _more(item: due.Item) -> str:
    window = f"\n    window {item.due.opens} to {item.due.closes}" if item.due.opens else ""
    note = f"\n    {item.due.note}" if item.due.note else ""
    return window + note + "".join(f"\n    needs {need}" for need in item.due.needs)


def test_there_are_cases_for_each_clock_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {clock.id for clock in clocks.ALL}


def test_ids_of_what_is_due_are_different_and_lasting(as_of) -> None:
    people = {
        "people/P-01.yaml": "name: A\nroles: [man]\n",
        "people/P-02.yaml": "name: B\nroles: [protective_carer]\n",
        "reports/R-01.yaml": "date: 2026-04-29\nstatus: final\ntype: assessment\n",
    }
    first = [item.uid for item in due.what_is_due(as_of(people, date(2026, 5, 1)))]
    later = [item.uid for item in due.what_is_due(as_of(people, date(2026, 6, 1)))]
    assert len(first) == len(set(first))
    assert first == later


def test_the_nation_of_the_case_decides_and_changing_it_moves_the_day(as_of) -> None:
    session = {"sessions/N-001.yaml": "date: 2025-12-31\nwith: child\n"}
    days = {}
    for nation in ("england", "scotland"):
        view = as_of({"case.yaml": f"nation: {nation}\n", **session}, date(2026, 1, 1))
        note = [i for i in due.what_is_due(view) if i.clock.id == "note-to-write"]
        days[nation] = note[0].due.by
    assert days == {"england": date(2026, 1, 2), "scotland": date(2026, 1, 5)}


def test_a_reason_ends_the_nagging_but_is_never_shown() -> None:
    folder = FOLDER / "supervision-to-hold/reason recorded for a missed one" / CASE_ID
    today = date(2026, 4, 20)
    items = due.what_is_due(AsOf(loading.load(folder, CASE_ID).file, today, Service()))
    assert due.within(items, None, overdue=True) == []
    [item] = due.within(items, 90)
    assert item.answered == date(2026, 4, 10) and not item.is_overdue and not item.is_coming
    shown = exporting.due_json(items, today, practice=False)
    assert '"answered": "yes"' in shown
    for output in (shown, exporting.due_csv(items), exporting.due_ics(items, "M", practice=False)):
        assert "supervisor was ill" not in output


def test_what_others_missed_is_information_and_not_counted_as_overdue(as_of) -> None:
    event = "events:\n  - {event: referral_to_council, date: 2026-01-05}\n"
    view = as_of({"case.yaml": f"nation: england\n{event}"})
    found = [i for i in due.what_is_due(view) if i.clock.owner == "council"]
    assert found and not any(item.is_overdue for item in found)
    assert all(item.state.endswith("for information") for item in found)
    assert found == due.within(due.what_is_due(view), None, overdue=True, owner="council")


@every_clock
def test_a_clock_counts_from_nothing_that_is_not_written_yet(clock: Clock, as_of) -> None:
    assert {due.because.pointer for due in clock.run(as_of({}))} <= {("date",)}


ISSUED = "date: 2026-01-05\naudience: referrer\ntype: assessment\nversion: 1\nstatus: final\napproved_by: JM\n"
TREATED = "nation: england\nlead: LK\nfollow_up_from: treatment_ended\n"


def meetings(as_of, **records: str) -> list[str]:
    """What the meetings of a case wait for, and on which day the first counts."""
    view = as_of({"case.yaml": TREATED, "reports/R-01.yaml": ISSUED, **records})
    anchor = follow_up.meetings_count_from(view)
    return [f"{anchor[0]} {anchor[1]}"] if anchor else []


def test_a_treatment_that_was_declined_moves_no_meeting(as_of) -> None:
    [told] = meetings(as_of, **{"treatment/T-01.yaml": "who: P-01\noffer: declined\n"})
    assert told == f"2026-01-05 {CASE_ID}/reports/R-01.yaml:5:1"


def test_while_a_treatment_goes_on_no_meeting_counts(as_of) -> None:
    going_on = {"treatment/T-01.yaml": "who: P-01\noffer: accepted\n"}
    ended = {"treatment/T-02.yaml": "who: P-01\noffer: accepted\nended: 2026-02-06\n"}
    assert meetings(as_of, **ended)[0].startswith("2026-02-06")
    assert meetings(as_of, **going_on, **ended) == []


def test_of_several_treatments_meetings_count_from_the_one_that_ended_last(as_of) -> None:
    [told] = meetings(
        as_of,
        **{
            "treatment/T-01.yaml": "who: P-01\noffer: accepted\ndate: 2026-01-12\nended: 2026-05-08\n",
            "treatment/T-02.yaml": "who: P-01\noffer: accepted\ndate: 2026-02-02\nended: 2026-03-06\n",
        },
    )
    assert told.startswith("2026-05-08")


def test_what_somebody_else_agreed_for_themselves_does_not_settle_a_child_of_age(as_of) -> None:
    child = "name: Ada Moss\nroles: [child]\nin_scope: yes\nborn: 2008-05-01\n"
    for who, day, count in (
        ("P-03", "2026-05-01", 0),
        ("P-03", "2026-04-30", 1),
        ("P-01", "2026-05-01", 1),
    ):
        agreed = f"who: {who}\ngiven_by: {who}\ndate: {day}\nagreed:\n  follow_up_3y: given\n"
        view = as_of({"people/P-03.yaml": child, "consents/K-01.yaml": agreed})
        assert len(list(clocks.BY_ID["child-comes-of-age"].run(view))) == count, (who, day)


def test_a_meeting_that_was_held_is_not_due_again_and_no_age_is_said_of_a_child_without_birthday(
    as_of,
) -> None:
    view = as_of(
        {
            "reports/R-01.yaml": ISSUED,
            "people/P-01.yaml": "name: Ada Moss\nroles: [child]\nin_scope: yes\n",
            "followups/F-01.yaml": "point: meeting_3y\ndone: 2026-06-01\n",
        }
    )
    [due] = clocks.BY_ID["meeting-to-hold"].run(view)
    assert due.subject == "meeting_5y"
    assert not [need for need in due.needs if need.startswith("P-01 is")]


def test_a_goal_of_a_treatment_that_was_declined_is_not_reviewed(as_of) -> None:
    goals = "goals:\n  - {id: G1, text: To tell her family., review: 2026-06-01}\n"
    for offer, count in {"accepted": 1, "declined": 0}.items():
        view = as_of({"treatment/T-01.yaml": f"who: P-01\noffer: {offer}\n{goals}"})
        assert len(list(clocks.BY_ID["goal-to-review"].run(view))) == count


def test_a_pause_that_has_not_ended_or_came_too_late_gives_no_more_days(as_of) -> None:
    policy = Service()._replace(policy=Service().policy._replace(assessment_days=45))
    decided = "nation: england\nlead: LK\neligibility:\n  decision: accept\n  date: 2026-01-16\n"
    days = set()
    for pause in (
        "",
        "paused:\n  - {from: 2026-02-02}\n",
        "paused:\n  - {from: 2027-02-02, to: 2027-02-05}\n",
    ):
        view = as_of({"case.yaml": decided + pause}, service=policy)
        [due] = clocks.BY_ID["assessment-to-issue"].run(view)
        days.add(due.by)
    assert len(days) == 1


def test_of_a_pause_both_its_first_and_its_last_day_count(as_of) -> None:
    policy = Service()._replace(policy=Service().policy._replace(assessment_days=1))
    decided = "nation: england\nlead: LK\neligibility:\n  decision: accept\n  date: 2026-02-05\n"
    for first, last, by in (  # the 6th is a Friday
        ("2026-02-06", "2026-02-06", date(2026, 2, 9)),
        ("2026-02-06", "2026-02-08", date(2026, 2, 9)),
        ("2026-02-06", "2026-02-09", date(2026, 2, 10)),
    ):
        pause = f"paused:\n  - {{from: {first}, to: {last}}}\n"
        view = as_of({"case.yaml": decided + pause}, service=policy)
        [due] = clocks.BY_ID["assessment-to-issue"].run(view)
        assert due.by == by


def test_an_order_is_shown_until_the_day_on_which_it_ends(as_of) -> None:
    order = "  - {event: emergency_protection_order, date: 2026-06-01, due: 2026-06-08}\n"
    for today, count in ((date(2026, 6, 8), 1), (date(2026, 6, 9), 0)):
        view = as_of({"case.yaml": f"nation: england\nlead: LK\nevents:\n{order}"}, today)
        assert len(list(clocks.BY_ID["emergency-order-to-end"].run(view))) == count


def test_a_child_whose_plan_goes_on_is_not_off_it(as_of) -> None:
    plans = "plans:\n  - {status: child_protection_plan, from: 2026-02-01}\n"
    event = "events:\n  - {event: initial_conference, date: 2026-02-01}\n"
    view = as_of(
        {
            "case.yaml": f"nation: england\nlead: LK\n{event}",
            "people/P-02.yaml": f"name: Ada Moss\nroles: [child]\nin_scope: yes\n{plans}",
        }
    )
    [start] = events.happened(view, "initial_conference")
    [child] = view.file.children
    assert not events.is_off_plan(view, child, start)


def test_a_conference_whose_day_has_passed_is_not_one_before_which_a_report_is_seen(as_of) -> None:
    for needed_by, count in {"2026-06-24": 1, "2026-06-03": 0}.items():
        view = as_of(
            {
                "referral.yaml": f"needed_for: conference\nneeded_by: {needed_by}\n",
                "people/P-01.yaml": "name: Neil Stanworth\nroles: [man]\n",
            }
        )
        assert len(list(clocks.BY_ID["family-to-see-report"].run(view))) == count


def test_what_was_asked_for_on_the_day_of_the_analysis_counts_as_after_it(as_of) -> None:
    analysis = "date: 2026-03-04\njudgements:\n  - {id: J1, confidence: high}\n"
    days = {}
    for done in ("2026-03-03", "2026-03-04"):
        asked = f"done: {done}\nreassess: yes\n"
        view = as_of({"analysis/J-01.yaml": analysis, "followups/F-01.yaml": asked})
        days[done] = [due.by for due in clocks.BY_ID["judgement-to-review"].run(view)]
    assert days == {"2026-03-03": [date(2026, 9, 4)], "2026-03-04": [date(2026, 3, 4)]}


def test_a_report_that_is_served_on_the_day_of_the_letter_answers_it(as_of) -> None:
    letter = "  - {event: letter_of_instruction, date: 2026-03-04, due: 2026-06-01}\n"
    for served, count in {"2026-03-03": 1, "2026-03-04": 0}.items():
        events = f"events:\n{letter}  - {{event: report_served, date: {served}}}\n"
        view = as_of({"case.yaml": f"nation: england\nlead: LK\n{events}"})
        assert len(list(clocks.BY_ID["instructed-report-to-file"].run(view))) == count


def test_an_attempt_of_today_counts_and_one_that_is_planned_does_not(as_of) -> None:
    attempts = (
        "attempts:\n  - {date: 2026-06-10, how: letter}\n  - {date: 2026-06-11, how: letter}\n"
    )
    view = as_of(
        {"reports/R-01.yaml": ISSUED, "followups/F-01.yaml": f"point: meeting_3y\n{attempts}"}
    )
    [note] = [
        d.note for d in clocks.BY_ID["meeting-to-hold"].run(view) if d.subject == "meeting_3y"
    ]
    assert note == "1 attempt so far, the last on 2026-06-10"
