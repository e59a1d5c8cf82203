"""What came after the analysis stands in the way of the report until somebody has looked at it."""

from datetime import date

import pytest

from arpc import answering
from arpc.provisions import AsOf, run_rules
from arpc.rules.analysis import learnt_after_analysis as rule

BEFORE, MADE, LATER = "2026-05-11", "2026-05-12", "2026-05-13"
ANALYSIS = f"date: {MADE}\n"
CHILD = f"date: {LATER}\nwith: child\nwho: [P-03]\n"
REPORT = "status: final\ntype: assessment\naudience: referrer\nversion: 1\n"


def found(as_of, records: dict[str, str], today: date = date(2026, 5, 20)) -> list[str]:
    case: AsOf = as_of({"analysis/J-01.yaml": ANALYSIS, **records}, today)
    assert not case.file.damaged
    return [finding.message for finding in run_rules([rule], case)]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("sessions/N-001.yaml", CHILD, f"N-001 took place on {LATER}"),
        ("sessions/N-001.yaml", CHILD.replace("child", "agency"), f"N-001 took place on {LATER}"),
        (
            "sessions/N-001.yaml",
            f"date: {BEFORE}\nwith: man\nwritten: {LATER} 10:00\n",
            f"N-001 was written up on {LATER}",
        ),
        ("documents/D-01.yaml", f"read_on: {LATER}\n", f"D-01 was read on {LATER}"),
        ("documents/D-01.yaml", f"received: {LATER}\n", f"D-01 came on {LATER}"),
        ("escalations/E-01.yaml", f"date: {LATER}\n", f"E-01 is of {LATER}"),
        ("basis/A-01.yaml", f"date: {LATER}\n", f"A-01 is of {LATER}"),
    ],
)
def test_what_came_later_is_found(as_of, file: str, text: str, said: str) -> None:
    assert found(as_of, {file: text}) == [f"{said}, after the analysis of {MADE}"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sessions/N-001.yaml", CHILD.replace(LATER, MADE)),
        ("sessions/N-001.yaml", CHILD.replace("child", "feedback")),
        ("sessions/N-001.yaml", f"{CHILD}attendance: did_not_attend\n"),
        ("sessions/N-001.yaml", f"{CHILD}status: superseded\n"),
        ("sessions/N-001.yaml", CHILD.replace(LATER, "2026-05-21")),
        ("documents/D-01.yaml", f"date: {LATER}\nrequested: {LATER}\n"),
        ("documents/D-01.yaml", f"date: {BEFORE}\nreceived: {BEFORE}\nread_on: {MADE}\n"),
        ("supervision/V-01.yaml", f"date: {LATER}\nnote: |\n  So.\n"),
    ],
)
def test_what_it_could_know_or_nobody_can_know_yet_is_not(as_of, file: str, text: str) -> None:
    assert found(as_of, {file: text}) == []


@pytest.mark.parametrize(
    "analysis",
    [
        "factors:\n  - id: F1\n    rests_on: [N-001]\n",
        "contradictions: |\n  She says so herself (N-001#S2).\n",
        f"amendments:\n  - {{date: {LATER}, by: LK, what: N-001 changes nothing., why: It came later.}}\n",
        f"date: {LATER}\n",
    ],
)
def test_what_the_analysis_names_it_knows(as_of, analysis: str) -> None:
    head = "" if analysis.startswith("date") else ANALYSIS
    assert found(as_of, {"sessions/N-001.yaml": CHILD, "analysis/J-01.yaml": head + analysis}) == []


def test_what_it_named_as_missing_it_does_not_know(as_of) -> None:
    gap = f"{ANALYSIS}gaps:\n  - what: The log.\n    document: D-01\n    why: D-01 has not come.\n"
    document = {"documents/D-01.yaml": f"date: {BEFORE}\nreceived: {LATER}\n"}
    [message] = found(as_of, {**document, "analysis/J-01.yaml": gap})
    assert message.startswith("D-01 came on")


def test_a_new_analysis_has_looked_at_everything(as_of) -> None:
    later = {"sessions/N-001.yaml": CHILD, "analysis/J-02.yaml": f"date: {LATER}\n"}
    assert found(as_of, later) == []
    superseded = {**later, "analysis/J-02.yaml": f"date: {LATER}\nstatus: superseded\n"}
    assert found(as_of, superseded) != []


def test_after_the_first_issue_the_report_is_asked_and_not_the_analysis(as_of) -> None:
    issued = {"sessions/N-001.yaml": CHILD, "reports/R-01.yaml": f"date: {MADE}\n{REPORT}"}
    assert found(as_of, issued) == []


def test_without_an_analysis_there_is_nothing_to_compare_with(as_of) -> None:
    case = as_of({"sessions/N-001.yaml": CHILD})
    assert list(run_rules([rule], case)) == []


def test_an_answer_settles_it_until_the_analysis_or_the_day_changes(as_of, tmp_path) -> None:
    def case(analysis: str) -> AsOf:
        return as_of({"sessions/N-001.yaml": CHILD, "analysis/J-01.yaml": analysis})

    def standing(now: AsOf) -> list[str]:
        return [f.rule for f in answering.sort(run_rules([rule], now), now).standing]

    before = case(ANALYSIS)
    folder = next(tmp_path.glob("C-*"))
    reason = "She drew, and said nothing new."
    answering.answer(folder, before, rule.id, "N-001", reason=reason, agreed_by="", by="LK")
    assert standing(case(ANALYSIS)) == []
    assert standing(case(f"date: {BEFORE}\n")) == [rule.id]
