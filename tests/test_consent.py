"""Whether somebody agreed before they were met: only a yes is one, and what cannot be read is none."""

from pathlib import Path

import pytest

from arpc import rules
from arpc.findings import Severity
from arpc.provisions import run_rules
from tests.conftest import ENGLAND, Run, change

RULES = [rules.BY_ID[name] for name in ("adult-met-without-consent", "met-after-consent-ended")]
MAN = {"people/P-01.yaml": "name: Adam\nroles: [man]\n"}
MET = "date: 2026-03-04\nwith: man\nwho: [P-01]\n"


def consent(day: str, answer: str, given_by: str = "P-01") -> str:
    return f"date: {day}\nwho: P-01\ngiven_by: {given_by}\nagreed: {{take_part: {answer}}}\n"


@pytest.mark.parametrize(
    ("consents", "said"),
    [
        ([], "no consent is recorded by then"),
        ([("2026-03-05", "given")], "no consent is recorded by then"),
        ([("2026-03-04", "given")], ""),
        ([("2026-03-02", "")], "K-01 does not say whether they agreed to take part"),
        ([("2026-03-04", "refused")], "all the same; K-01: refused"),
        ([("2026-03-04", "withdrawn")], "all the same; K-01: withdrawn"),
        ([("2026-03-02", "refused")], "K-01: refused"),
        ([("2026-03-02", "not_sought")], "all the same; K-01: not sought"),
        ([("2026-03-01", "given"), ("2026-03-03", "withdrawn")], "K-02: withdrawn"),
        ([("2026-03-01", "given"), ("2026-03-04", "withdrawn")], ""),  # he came, and then said no
        ([("2026-03-01", "refused"), ("2026-03-04", "given")], ""),
        ([("2026-03-01", "given"), ("2026-03-03", "")], ""),  # asked of something else
        ([("2026-03-01", "", "court")], ""),
        ([("2026-03-01", "refused", "court")], ""),
    ],
)
def test_only_a_yes_by_the_day_or_a_court_covers_a_meeting(as_of, consents, said: str) -> None:
    made = {f"consents/K-0{n}.yaml": consent(*each) for n, each in enumerate(consents, 1)}
    found = list(run_rules(RULES, as_of({**MAN, "sessions/N-001.yaml": MET, **made})))
    assert [said in f.message for f in found] == [True] * bool(said)  # by one of the two, not both


def test_every_draft_asks_for_consent_and_of_what_is_final_the_first_meeting(as_of) -> None:
    sessions = {
        f"sessions/N-00{n}.yaml": f"status: {status}\n{MET}"
        for n, status in enumerate(("final", "final", "draft", "draft"), 1)
    }
    found = list(run_rules(RULES, as_of({**MAN, **sessions})))
    assert [Path(f.where.file).stem for f in found] == ["N-001", "N-003", "N-004"]


def test_a_consent_that_cannot_be_read_accuses_nobody_and_says_who_could_not_look(as_of) -> None:
    broken = {"consents/K-01.yaml": consent("2026-03-02", "maybe")}
    [found] = run_rules(RULES, as_of({**MAN, "sessions/N-001.yaml": MET, **broken}))
    assert (found.rule, found.severity) == ("not-checked", Severity.WARNING)
    silent = "wholly silent until it is mended: adult-met-without-consent, met-after-consent-ended"
    assert found.hint.endswith(silent)


def test_a_session_is_not_finished_while_the_consent_to_it_cannot_be_read(
    practice: Path, run: Run
) -> None:
    case = practice / "cases" / ENGLAND
    given = ("with=man", "who=P-01", "date=2026-06-09", "where=office", "time=10:00-11:00")
    assert run("add", "session", *given, "-c", ENGLAND, "--as", "LK").code == 0
    words = "note: |\n  He came.\nconcern: none\nattendance: attended\n"
    path = case / "sessions/N-015.yaml"
    kept = [x for x in path.read_text("utf-8").splitlines() if x.split(":")[0] not in words]
    path.write_text("\n".join(kept) + f"\n{words}", "utf-8")
    change(case / "consents/K-01.yaml", "take_part: given", "take_part: maybe")
    ran = run("finish", "N-015", "-c", ENGLAND, "--as", "LK")
    said = " ".join(ran.out.split())
    assert (ran.code, "N-015 was not finished" in said) == (1, True)
    assert "no consent is recorded by then; " in said
    assert "K-01.yaml cannot be relied on [adult-met-without-consent]" in said
    change(case / "consents/K-01.yaml", "take_part: maybe", "take_part: given")
    assert "N-015 is final" in run("finish", "N-015", "-c", ENGLAND, "--as", "LK").out
