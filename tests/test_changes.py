"""What is done to records after they were written: answered, amended, read again, moved, renumbered."""

import re
import subprocess
from pathlib import Path

import pytest

from arpc import loading, meaning
from tests.conftest import ENGLAND, SCOTLAND, Run, change
from tests.test_history import commit


@pytest.fixture
def case(practice: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The English case in a copy of the practice folder, in which we stand."""
    folder = practice / "cases" / ENGLAND
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ARPC_STAFF", "LK")
    return folder


def draft(folder: Path, *names: str) -> None:
    """Make records drafts that were never finished, so that they can be written on."""
    for name in names:
        change(folder / name, "status: final", "status: draft")
        ledger = folder / "finished.yaml"
        kept = [
            line
            for line in ledger.read_text("utf-8").splitlines(keepends=True)
            if f"id: {Path(name).stem}," not in line
        ]
        ledger.write_text("".join(kept), "utf-8")


NOT_SEEN = "sessions/N-007.yaml"
UNAGREED = "child-not-interviewed-unagreed"


def unagreed(case: Path) -> None:
    draft(case, NOT_SEEN)
    change(case / NOT_SEEN, "agreed_by: JM\n", "")


def test_an_answered_finding_is_quiet_listed_and_back_when_its_value_changes(
    case: Path, run: Run
) -> None:
    unagreed(case)
    assert UNAGREED in run("validate", "--for", "issue").out
    done = run("answer", UNAGREED, "--reason", "JM agreed by telephone.", "--agreed-by", "JM")
    assert done.code == 0, done.err
    assert done.out.startswith(f"answered {UNAGREED} at sessions/N-007.yaml:")
    quiet = run("validate", "--for", "issue").out
    assert UNAGREED not in quiet and "1 finding answered, see" in quiet
    listed = run("validate", "--answered").out
    assert re.fullmatch(
        r"sessions/N-007\.yaml:[0-9:]+ error to issue: not interviewed, and nothing under agreed_by "
        rf"\[{UNAGREED}\]\n"
        r"    answered on 2026-06-10 by LK, agreed by JM: JM agreed by telephone\.\n"
        r"    it stands in answers\.yaml:[0-9:]+\n"
        r"1 answered finding\n",
        listed,
    )
    change(case / NOT_SEEN, "not_seen: too_young", "not_seen: declined")
    again = run("validate", "--for", "issue").out
    assert UNAGREED in again and "what was answered here has changed since" in again


def test_reformatting_does_not_bring_an_answered_finding_back(case: Path, run: Run) -> None:
    unagreed(case)
    run("answer", UNAGREED, "--at", "N-007", "--reason", "By telephone.", "--agreed-by", "JM")
    change(case / NOT_SEEN, "not_seen: too_young", '# asked twice\nnot_seen:   "too_young"')
    assert UNAGREED not in run("validate", "--for", "issue").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["concern-without-escalation"], "cannot be answered away"),
        (["allegation-stated-as-fact"], "cannot be answered away"),
        (["child-not-seen"], "finds nothing at any place"),
        (["child-not-sean"], "there is no such rule"),
        (["child-not-seen", "--agreed-by", "LK"], "somebody else has to agree"),
        (["child-not-seen", "--agreed-by", "XX"], "no such member of staff"),
    ],
)
def test_what_cannot_be_answered_says_why_and_writes_nothing(
    case: Path, run: Run, words, said
) -> None:
    agreed = [] if "--agreed-by" in words else ["--agreed-by", "JM"]
    ran = run("answer", *words, "--reason", "Because.", *agreed)
    assert (ran.code, said in ran.err) == (2, True), ran.err
    assert not (case / "answers.yaml").exists()


def test_why_a_date_was_missed_is_recorded_and_not_counted_as_overdue(case: Path, run: Run) -> None:
    day = ["--today", "2026-07-20"]
    assert "overdue" in run("due", *day).out
    words = ["answer", "supervision-to-hold", "--reason", "JM was ill.", "--agreed-by", "AS"]
    assert "reasons are for what has passed" in run(*words).err
    done = run(*words, *day)
    assert done.code == 0, done.err
    assert done.out.startswith(
        "recorded why take the case to supervision was not done by 2026-07-02"
    )
    again = run("due", *day).out
    assert "18 days past, reason recorded 2026-07-20" in again and "JM was ill" not in again
    assert "take the case to supervision" not in run("due", "--overdue", *day).out
    listed = run("validate", "--answered", *day).out
    assert "missed: take the case to supervision by 2026-07-02 [supervision-to-hold]\n" in listed
    assert "    answered on 2026-07-20 by LK, agreed by AS: JM was ill.\n" in listed
    assert listed.endswith("0 answered findings, 1 answered date\n")
    assert run("validate", "sessions", "--answered", *day).out == "0 answered findings\n"
    hard = run("answer", "concern-to-report", "--reason", "x", "--agreed-by", "JM", *day)
    assert "concern-to-report cannot be answered away" in hard.err


def test_why_a_note_is_late_is_asked_once_and_its_reader_is_told(case: Path, run: Run) -> None:
    meeting = case / "sessions/N-014.yaml"
    draft(case, "sessions/N-014.yaml")
    change(meeting, "written: 2026-05-14 10:40\n", "")
    words = ["answer", "note-to-write", "--at", "N-014", "--reason", "LK was ill."]
    done = run(*words, "--agreed-by", "JM", "--today", "2026-05-20")
    assert done.code == 0, done.err
    meeting.write_text(f"{meeting.read_text('utf-8')}written: 2026-05-26 10:40\n", "utf-8")
    assert "note-written-late" not in run("validate").out
    (case / "answers.yaml").unlink()
    late = "written on 2026-05-26, expected by 2026-05-15 [note-written-late]"
    assert late in run("validate").out
    run("render-report", "--format", "md")
    report = (case / f"out/{case.name}-assessment-DRAFT.md").read_text("utf-8")
    assert "(note written late, on 26 May 2026)" in report


def test_an_answer_that_matters_stands_among_the_limits_of_the_report(case: Path, run: Run) -> None:
    draft(case, NOT_SEEN)
    change(case / NOT_SEEN, "instead: [N-006]\n", "")
    reason = "The nursery was closed all summer."
    run("answer", "nothing-instead-of-interview", "--reason", reason, "--agreed-by", "JM")
    run("render-report", "--format", "md")
    [path] = (case / "out").glob("*.md")
    text = " ".join(path.read_text("utf-8").split())
    assert f"(N-007). Answered, with the agreement of Judith Mensah: {reason}" in text


STATEMENT = "said: He does tickles and I say stop and he does one more."


def test_a_changed_statement_asks_for_what_cites_it_to_be_read_again(case: Path, run: Run) -> None:
    draft(case, "sessions/N-004.yaml")
    change(case / "sessions/N-004.yaml", STATEMENT, STATEMENT.replace("tickles", "tickling"))
    found = run("validate", "--for", "issue")
    assert found.code == 1
    assert "N-004#S5 changed after 2026-06-01, when it was cited for this" in found.out
    assert "N-004#S5" in run("status").out
    run("render-report", "--format", "md")
    text = " ".join(next((case / "out").glob("*.md")).read_text("utf-8").split())
    assert "rest on N-004#S5, which has changed since it was cited for this report" in text
    assert "1 to read again" in run("confirm", "J-01").out
    done = run("confirm", "J-01", "N-004#S5").out
    assert "confirmed for J-01: N-004#S5\nwrote confirmations.yaml\n" in done
    assert "evidence-moved" not in run("validate", "--for", "issue").out
    assert run("confirm", "J-01", "N-004#S5").code == 2


MOVED = "N-004#S5, cited or confirmed by LK on 2026-06-01, and changed since:"


def test_what_is_confirmed_is_shown_first_as_it_is_and_was(case: Path, run: Run) -> None:
    draft(case, "sessions/N-004.yaml")
    git(case.parent.parent, "init", "-q")
    commit(case.parent.parent, "2026-06-10T10:00:00+0100")
    was = "He does tickles and I say stop and he does one more. It's not a laughing thing after the stop."
    change(case / "sessions/N-004.yaml", "does tickles and", "does tickling and")
    commit(case.parent.parent, "2026-06-10T11:00:00+0100")
    for words in ((), ("N-004#S5",)):
        said = " ".join(run("confirm", "J-01", *words).out.split())
        then, now = f"said, then: {was}", f"said, now: {was.replace('tickles', 'tickling')}"
        assert f"{MOVED} {then} {now} " in said
    assert said.index("said, now") < said.index("confirmed for J-01")


def test_an_addition_and_other_fields_are_shown_as_what_changed(case: Path, run: Run) -> None:
    git(case.parent.parent, "init", "-q")
    commit(case.parent.parent, "2026-06-10T10:00:00+0100")
    words = ("--what", "She said tickling.", "--why", "I misheard.", "--about", "S5")
    assert run("amend", "N-004", *words, "--as", "LK").code == 0
    said = " ".join(run("confirm", "J-01").out.split())
    assert "said, as it was: He does tickles and I say stop" in said
    assert "Added on 10 June 2026 by" in said and "She said tickling (I misheard)." in said
    change(case / "basis/A-01.yaml", "basis_status: alleged_nfa_police", "basis_status: acquitted")
    said = " ".join(run("confirm", "J-01").out.split())
    assert "basis status, then: alleged_nfa_police basis status, now: acquitted" in said
    assert "2 to read again" in said


def test_what_was_never_saved_as_it_was_is_shown_as_it_is(case: Path, run: Run) -> None:
    draft(case, "sessions/N-004.yaml")
    change(case / "sessions/N-004.yaml", "does tickles and", "does tickling and")
    said = " ".join(run("confirm", "J-01", "--all").out.split())
    assert f"{MOVED} id, now: S5" in said and "said, now: He does tickling" in said
    assert "it was not saved as it was then" in said and "confirmed for J-01" in said


def test_layout_comments_and_order_move_no_evidence(case: Path, run: Run) -> None:
    draft(case, "sessions/N-004.yaml")
    path = case / "sessions/N-004.yaml"
    asked = "    asked: Tell me more about the tickling game.\n"
    change(path, f"    {STATEMENT} It's not a laughing thing after the stop.\n{asked}", asked)
    change(
        path,
        asked,
        f"{asked}    # in her own words\n    said: |\n      {STATEMENT[6:]} It's not a laughing thing after the stop.\n",
    )
    assert "evidence-moved" not in run("validate", "--for", "issue").out


def test_an_amendment_leaves_the_record_as_it_was_and_moves_what_it_is_about(
    case: Path, run: Run
) -> None:
    path = case / "sessions/N-004.yaml"
    before = path.read_text("utf-8")
    done = run(
        "amend", "N-004", "--what", "She said tickling.", "--why", "I misheard.", "--about", "S5"
    )
    assert done.code == 0, done.err
    assert path.read_text("utf-8") == (
        before + "\namendments:\n  - date: 2026-06-10\n    by: LK\n    about: [S5]\n"
        "    what: She said tickling.\n    why: I misheard.\n"
    )
    assert run("validate").code == 0
    found = run("validate", "--for", "issue").out
    assert "N-004#S5 changed after" in found and "N-004#S4 changed after" not in found
    run("amend", "N-004", "--what", "And once more.", "--why", "Complete.")
    assert path.read_text("utf-8").count("  - date: 2026-06-10") == 2
    assert "N-004#S4 changed after" in run("validate", "--for", "issue").out


def test_only_what_is_final_and_untouched_is_amended(case: Path, run: Run) -> None:
    assert "has no entry S99" in run(*_amend("N-004"), "--about", "S99").err
    change(case / "sessions/N-004.yaml", STATEMENT, "said: Something else.")
    assert "was changed after it was finished" in run(*_amend("N-004")).err
    draft(case, NOT_SEEN)
    assert "N-007 is not final" in run(*_amend("N-007")).err


def _amend(record: str) -> list[str]:
    return ["amend", record, "--what", "More.", "--why", "Because."]


def test_trace_goes_from_a_statement_to_the_recommendation_and_back(case: Path, run: Run) -> None:
    up = run("trace", "N-004#S5").out
    assert up.startswith(
        "N-004#S5  said by P-03, sessions/N-004.yaml:71:5\n"
        "of 2026-02-12, by LK, written 2026-02-12 16:50, final\n\n"
        "rests on: nothing\n"
    )
    assert "  J-01#R1  recommendation, by J-01#F2 > J-01#J1; analysis/J-01.yaml:" in up
    down = run("trace", ENGLAND, "J-01#J2").out
    assert "  N-004#S5  said by P-03, by J-01#F2; sessions/N-004.yaml:71:5\n" in down
    assert run("trace", "N-004#S77").code == 2


def test_trace_goes_up_to_the_report_that_was_issued(case: Path, run: Run, monkeypatch) -> None:
    monkeypatch.chdir(case.parent / SCOTLAND)
    assert "assessment report, version 1" in run("trace", "J-01#J1").out


def test_a_misfiled_record_is_moved_with_a_trace_on_both_sides(case: Path, run: Run) -> None:
    other = case.parent / SCOTLAND
    words = ["move", "V-02", "--to", SCOTLAND, "--why", "Written into the wrong case."]
    done = run(*words)
    assert done.code == 0, done.err
    there = loading.load(other, "").file
    record = there.places["V-09"]
    assert record.data["moved"] == {
        "from": ENGLAND,
        "id": "V-02",
        "date": "2026-06-10",
        "by": "LK",
        "why": "Written into the wrong case.",
    }
    here = loading.load(case, "").file
    assert here.case.moved_out == ("V-02",) and not (case / "supervision/V-02.yaml").exists()
    [seal] = [s for s in there.seals if s.id == "V-09"]
    assert seal.digest == meaning.digest(record.data, record.record.kind.living)
    assert run("validate", ENGLAND, SCOTLAND).code == 0


def test_a_record_that_names_people_is_moved_only_with_their_names_there(
    case: Path, run: Run
) -> None:
    before = {p: p.read_bytes() for p in case.parent.rglob("*.yaml")}
    words = ["move", "N-003", "--to", SCOTLAND, "--why", "Wrong case."]
    ran = run(*words)
    assert ran.code == 2 and "it names P-" in ran.err and "mean others there" in ran.err
    assert run(*words, "--id", "P-09=P-77", "--id", "P-03=P-03", "--id", "P-04=P-03").code == 2
    assert {p: p.read_bytes() for p in case.parent.rglob("*.yaml")} == before


def test_of_two_records_with_one_id_the_unfinished_one_is_renumbered_with_its_citations(
    case: Path, run: Run
) -> None:
    text = (case / "sessions/N-003.yaml").read_text("utf-8")
    twin = text.replace("status: final", "status: draft").replace("id: S1\n", "id: S9\n")
    (case / "sessions/N-003b.yaml").write_text(twin, "utf-8")
    (case / "supervision/V-07.yaml").write_text(
        "supervision: arpc/1\nid: V-07\ncase: C-FK6SY95T\ndate: 2026-06-09\nauthor: LK\n"
        "status: draft\nsupervisor: JM\n",
        "utf-8",
    )
    (case / "escalations/E-02.yaml").write_text(
        "escalation: arpc/1\nid: E-02\ncase: C-FK6SY95T\ndate: 2026-06-09\nauthor: LK\n"
        "status: draft\nfrom: N-003#S9\nwords: [N-003#S2, 'N-003#S9']\n",
        "utf-8",
    )
    assert "two-records-with-one-id" in run("validate").out
    done = run("renumber", "N-003b.yaml")
    assert done.code == 0, done.err
    assert done.out.startswith("N-003 is now N-015, in sessions/N-015.yaml\n")
    assert "its citations were changed in escalations/E-02.yaml" in done.out
    assert "for you to look at: escalations/E-02.yaml:8:9" in done.out
    text = (case / "escalations/E-02.yaml").read_text("utf-8")
    assert "from: N-015#S9\nwords: [N-003#S2, 'N-015#S9']\n" in text
    assert "two-records-with-one-id" not in run("validate").out
    assert run("renumber", "N-003").code == 2


def test_a_service_can_hold_to_a_rule_more_strictly_and_never_less(case: Path, run: Run) -> None:
    service = case.parent.parent / "service.yaml"
    text = service.read_text("utf-8")
    unagreed(case)
    assert run("validate").code == 0
    service.write_text(f"{text}\nrules:\n  - rule: {UNAGREED}\n    gate: now\n", "utf-8")
    assert run("validate").code == 1
    service.write_text(
        f"{text}\nrules:\n  - rule: {UNAGREED}\n    severity: advice\n    gate: close\n"
        "  - rule: no-such-thing\n    severity: error\n",
        "utf-8",
    )
    found = run("validate", "--for", "issue")
    assert UNAGREED in found.out
    assert "a service can only be stricter [looser-than-arpc]" in found.out
    assert "a service can only ask earlier [looser-than-arpc]" in found.out
    assert "there is no rule of that name [no-such-rule]" in found.out


def test_two_people_who_finish_and_answer_apart_are_merged_by_git(
    tmp_path: Path, run: Run, monkeypatch
) -> None:
    monkeypatch.setenv("ARPC_STAFF", "LK")
    root = tmp_path / "practice"
    run("demo", str(root))
    case = root / "cases" / ENGLAND
    draft(case, "supervision/V-01.yaml", "supervision/V-02.yaml", NOT_SEEN)
    change(case / NOT_SEEN, "agreed_by: JM\n", "")
    change(case / NOT_SEEN, "instead: [N-006]\n", "")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "records")
    monkeypatch.chdir(case)
    for branch, record, rule in (
        ("one", "V-01", UNAGREED),
        ("other", "V-02", "nothing-instead-of-interview"),
    ):
        git(root, "checkout", "-qb", branch, "main")
        assert run("finish", record).code == 0
        assert run("answer", rule, "--reason", "It was so.", "--agreed-by", "JM").code == 0
        git(root, "add", "-A")
        git(root, "commit", "-qm", branch)
    git(root, "merge", "-q", "-m", "both", "one")
    file = loading.load(case, "").file
    assert {"V-01", "V-02"} <= {seal.id for seal in file.seals}
    assert {given.rule for given in file.answers} == {UNAGREED, "nothing-instead-of-interview"}
    assert run("validate", "--strict").code == 0


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_what_was_empty_when_a_record_was_finished_may_still_be_written(
    case: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    path = case / "basis/A-02.yaml"
    draft(case, "basis/A-02.yaml")
    change(path, "evidence: [D-01#S4]", "evidence:")
    finished = run("finish", "A-02")
    assert "before a report is issued, 1 more to do in it" in finished.out
    change(path, "evidence:", "evidence: [D-01#S4]")
    assert "changed-since-finished" not in run("validate").out
    assert "sealed what was still empty: evidence" in run("edit", "A-02").out
    change(path, "evidence: [D-01#S4]", "evidence: [D-01#S3]")
    assert "evidence changed after" in run("validate").out, "from now on it stands"
