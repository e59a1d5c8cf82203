"""On a terminal, commands ask for what they were not told; a slip is asked for again, nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from arpc import practising, service, yamldoc
from tests.conftest import ENGLAND, SCOTLAND

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


def answer(folder: Path, words: list[str], answers: list[str], code: int = 0) -> str:
    """Run a command on a terminal of its own, type the answers, and return what stood on it."""
    ours, theirs = os.openpty()
    environment = {**os.environ, "ARPC_TODAY": "2026-03-04", "ARPC_STAFF": "LK", "TERM": "dumb"}
    process = subprocess.Popen(
        [sys.executable, "-m", "arpc", *words],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in answers).encode())
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait() == code, shown.decode()
    return shown.decode()


def test_init_asks_until_it_understands(tmp_path: Path) -> None:
    answers = ["Harbour Service", "Scottland", "Scotland", "Leila", "LK,Leila Kassar", ""]
    shown = answer(tmp_path, ["init", "svc", "--not-sealed"], answers)
    assert "there is no such nation here; one of england" in shown
    assert "a member of staff is not written as expected; write it as" in shown
    opened = service.open_service(tmp_path / "svc")
    assert opened.findings == ()
    assert (opened.service.name, opened.service.nation) == ("Harbour Service", "scotland")
    assert [member.code for member in opened.service.staff] == ["LK"]


def test_new_case_asks_for_each_person_and_again_for_a_date_with_a_slip(tmp_path: Path) -> None:
    answer(
        tmp_path, ["init", "svc", "--not-sealed"], ["Harbour Service", "", "LK,Leila Kassar", ""]
    )
    typed = ["", "Harrowmere Council", "2 March", "2026-03-02", "Neil Stanworth"]
    typed += ["Ruby Osei", "Jonah Osei", "", "Carly Whitham", ""]
    shown = answer(tmp_path / "svc", ["new-case"], typed)
    assert "the date is not a date; write it as 2026-03-04" in shown
    [folder] = service.case_folders(tmp_path / "svc")
    people = sorted(path.read_text() for path in folder.glob("people/*.yaml"))
    assert [text.partition("name: ")[2].partition("\n")[0] for text in people] == [
        "Neil Stanworth",
        "Ruby Osei",
        "Jonah Osei",
        "Carly Whitham",
    ]
    assert "\ndate: 2026-03-02\n" in (folder / "referral.yaml").read_text()


def test_a_record_can_be_asked_for_field_by_field(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    typed = ["", "child", "P-33, P-03", "P-03", "school", "four o'clock", "13:30-14:15", "yes"]
    typed += ["I write down what you say.", "And Priya reads it.", ".", "yes", "felt pens"]
    typed += ["We drew a hen.", "", "She was in good form: yes.", "."]
    typed += ["sayed", "said", "The hen is posh.", "Tell me about the hen.", "observed"]
    typed += ["She laughed.", "", ".", "none", "", ""]
    shown = answer(tmp_path / "practice", ["add", "session", "--guided", "--case", ENGLAND], typed)
    assert "One of man, carer, child" in shown and "P-03 Ruby Osei" in shown
    assert "P-33 is nobody in this case" in shown
    assert "one of said, told, observed" in shown, "a kind that there is not is asked for again"
    [path] = (tmp_path / f"practice/cases/{ENGLAND}/sessions").glob("N-015.yaml")
    made = yamldoc.read("", path.read_bytes()).doc
    assert made is not None
    data = made.data
    assert (data["with"], data["who"], data["where"]) == ("child", ["P-03"], "school")
    assert (data["alone"], data["time"]) == ("yes", "13:30-14:15")
    assert data["note"] == "We drew a hen.\n\nShe was in good form: yes.\n"
    assert data["statements"] == [
        {"id": "S1", "said": "The hen is posh.", "asked": "Tell me about the hen."},
        {"id": "S2", "observed": "She laughed."},
    ]


def test_what_was_not_said_is_chosen_from_what_there_is(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    here = tmp_path / "practice/cases" / ENGLAND
    shown = answer(here, ["amend"], ["0", "2", "She said it twice.", "It was left out."])
    assert "1  V-06  supervision of 2026-06-04" in shown
    assert "a number from 1 to 9, or a name" in shown
    second = shown.partition("\n  2  ")[2].partition(" ")[0].strip()
    assert f"added to {second}; what cites it asks to be read again" in shown
    assert "She said it twice." in next(here.glob(f"*/{second}.yaml")).read_text("utf-8")


def test_a_misfiled_record_is_moved_by_answers(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    here = tmp_path / "practice/cases" / ENGLAND
    typed = ["K-04", SCOTLAND, "Filed in the wrong case.", "2", "P-03"]
    shown = answer(here, ["move"], typed)
    assert "What is P-02 Carly Whitham called there?" in shown
    assert "both cases say so" in shown
    moved = tmp_path / f"practice/cases/{SCOTLAND}/consents/K-04.yaml"
    assert "who: P-03\ngiven_by: P-02\n" in moved.read_text("utf-8")


def test_what_is_right_as_it_is_is_chosen_from_what_was_found(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    here = tmp_path / "practice/cases" / ENGLAND
    path = here / "sessions/N-007.yaml"
    text = path.read_text("utf-8").replace("agreed_by: JM\n", "").replace("final", "draft", 1)
    path.write_text(text, "utf-8")
    typed = ["child-not-interviewed-unagreed", "JM agreed by telephone.", "JM"]
    shown = answer(here, ["answer", "--today", "2026-06-10"], typed)
    assert "child-not-interviewed-unagreed --at N-007  " in shown
    assert "answered child-not-interviewed-unagreed at sessions/N-007.yaml:" in shown


def test_who_breaks_off_keeps_what_was_answered(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    here = tmp_path / "practice/cases" / ENGLAND
    shown = answer(here, ["add", "session", "--guided"], ["", "child", "P-03", "school", "\x04"])
    assert "it holds what you answered until you broke off" in shown
    made = yamldoc.read("", (here / "sessions/N-015.yaml").read_bytes()).doc
    assert made is not None
    assert (made.data["with"], made.data["who"], made.data["where"]) == (
        "child",
        ["P-03"],
        "school",
    )


def test_breaking_off_in_the_middle_of_a_text_or_of_what_was_said_keeps_it(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    here = tmp_path / "practice/cases" / ENGLAND
    words = ["add", "session", "with=child", "who=P-03", "--guided", "--date", "2026-03-04"]
    typed = [*[""] * 6, "We drew\ta hen.", "", "She laughed.", "\x04"]
    answer(here, words, typed)
    made = yamldoc.read("", (here / "sessions/N-015.yaml").read_bytes()).doc
    assert made and made.data["note"] == "We drew a hen.\n\nShe laughed.\n"
    typed = [*[""] * 7, "said", "The hen is posh.", "\x04"]
    answer(here, words, typed)
    made = yamldoc.read("", (here / "sessions/N-016.yaml").read_bytes()).doc
    assert made and made.data["statements"] == [{"id": "S1", "said": "The hen is posh."}]


def test_closing_the_terminal_keeps_what_was_answered(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    here = tmp_path / "practice/cases" / ENGLAND
    ours, theirs = os.openpty()
    environment = {**os.environ, "ARPC_TODAY": "2026-03-04", "ARPC_STAFF": "LK", "TERM": "dumb"}
    words = [sys.executable, "-m", "arpc", "add", "session", "with=child", "who=P-03", "--guided"]
    process = subprocess.Popen(
        words,
        cwd=here,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=_as_at_its_own_terminal,
    )
    os.close(theirs)
    os.write(ours, b"\nschool\n")
    shown = b""
    while b"Time" not in shown.partition(b"Where")[2]:
        shown += os.read(ours, 4096)
    os.close(ours)
    process.wait()
    made = yamldoc.read("", (here / "sessions/N-015.yaml").read_bytes()).doc
    assert made and made.data["where"] == "school"


def _as_at_its_own_terminal() -> None:
    """Lead a session whose terminal is that of standard input, as a shell's command is."""
    import fcntl
    import signal
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_breaking_off_before_any_answer_leaves_no_file(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    here = tmp_path / "practice/cases" / ENGLAND
    shown = answer(here, ["add", "session", "--guided"], ["", "\x04"], code=2)
    assert "stopped before anything was answered" in shown
    assert not (here / "sessions/N-015.yaml").exists()


def test_the_day_is_asked_for_and_a_future_one_is_asked_for_again(tmp_path: Path) -> None:
    practising.copy(tmp_path / "practice")
    here = tmp_path / "practice/cases" / ENGLAND
    shown = answer(
        here, ["add", "session", "--guided"], ["2027-01-01", "yesterday", "child", "\x04"]
    )
    assert "2027-01-01 is still to come" in shown
    assert "date: 2026-03-03\n" in (here / "sessions/N-015.yaml").read_text("utf-8")


def test_which_report_is_issued_is_chosen_from_the_cases_that_are_reporting(practice: Path) -> None:
    typed = ["1", "JM"]
    shown = answer(practice, ["issue-report", "--today", "2026-06-10"], typed)
    assert f"1  {ENGLAND}  reporting" in shown and f"  {SCOTLAND}  " not in shown
    assert "issued R-01, approved by JM" in shown


def test_which_draft_gets_another_id_is_chosen_from_those_whose_id_is_taken(practice: Path) -> None:
    sessions = practice / "cases" / ENGLAND / "sessions"
    text = (sessions / "N-003.yaml").read_text("utf-8")
    (sessions / "N-003b.yaml").write_text(text.replace("status: final", "status: draft"), "utf-8")
    shown = answer(sessions, ["renumber"], ["1"])
    assert "1  N-003b.yaml  session of 2026-02-" in shown and "with the id N-003" in shown
    assert "N-003 is now N-015, in N-015.yaml" in shown


def test_which_case_is_linked_is_chosen_and_who_may_stand_in_both_comes_first(
    practice: Path,
) -> None:
    answer(practice, ["new-case", "--man", "A", "--child", "B", "--carer", "C"], ["", "", ""])
    typed = ["", "Harrowmere Council", ""]
    words = ["new-case", "--man", "neil STANWORTH", "--child", "B", "--carer", "D"]
    new = answer(practice, words, typed).partition("made cases/")[2][:10]
    here = practice / "cases" / ENGLAND
    shown = answer(here, ["link"], ["1", "His own account."])
    assert f"1  {new}  referral; P-01 here and P-01 there: the same name" in shown
    assert f"linked {ENGLAND} and {new}; both cases say so" in shown
    again = answer(here, ["link"], [SCOTLAND, "The carers are sisters."])
    assert f"  {new}  " not in again, "it is linked already"
