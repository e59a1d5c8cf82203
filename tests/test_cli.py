"""The commands as a person types them, in a real folder: what they print, write, and answer."""

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import icalendar
import pytest
from typer.main import get_command

import arpc
from arpc import cli, gitrepo, ids, loading, service
from arpc.cli import app, commands, printer
from tests.conftest import ENGLAND, ROOT, SCOTLAND, Run, change


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A new service folder, in which we stand, on 4 March 2026."""
    staff = "LK,Leila Kassar,Practitioner,leila@example.org"
    run(
        "init",
        str(tmp_path / "svc"),
        "--not-sealed",
        "--name",
        "Test",
        "--nation",
        "scotland",
        "--staff",
        staff,
    )
    monkeypatch.chdir(tmp_path / "svc")
    monkeypatch.setenv("ARPC_TODAY", "2026-03-04")
    monkeypatch.setenv("ARPC_STAFF", "LK")
    return tmp_path / "svc"


def new_case(run: Run, bare: Path) -> Path:
    made = run(
        "new-case", "--man", "Neil Stanworth", "--child", "Ruby Osei", "--carer", "Carly Whitham"
    )
    assert made.code == 0, made.err
    return next((bare / "cases").iterdir())


def test_init_makes_a_folder_that_validates_with_settings_for_editors_and_git(
    bare: Path, run: Run
) -> None:
    assert run("validate").code == 0
    settings = json.loads((bare / ".vscode" / "settings.json").read_text())
    for schema, pattern in settings["yaml.schemas"].items():
        assert (bare / schema).is_file(), pattern
    assert "out/" in (bare / ".gitignore").read_text()
    assert gitrepo.is_repository(bare)
    opened = service.open_service(bare)
    assert (opened.service.nation, opened.service.staff[0].name) == ("scotland", "Leila Kassar")


def test_init_leaves_a_service_folder_as_it_is(bare: Path, run: Run) -> None:
    before = (bare / "service.yaml").read_bytes()
    assert run("init", ".", "--not-sealed", "--name", "Other", "--nation", "wales").code == 2
    assert (bare / "service.yaml").read_bytes() == before


def test_without_git_everything_works_and_it_says_what_is_missing(
    tmp_path: Path, run: Run, monkeypatch
) -> None:
    monkeypatch.setenv("PATH", "")
    made = run("demo", str(tmp_path / "practice"))
    assert made.code == 0
    assert "everything works but history" in made.err
    monkeypatch.chdir(tmp_path / "practice")
    assert run("validate").code == 0


def test_demo_refuses_a_folder_that_is_not_empty(bare: Path, run: Run) -> None:
    assert run("demo", ".").code == 2


def test_a_new_case_has_a_random_sound_id_and_drafts_that_are_not_wrong(
    bare: Path, run: Run
) -> None:
    folder = new_case(run, bare)
    assert ids.is_case_id(folder.name)
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.yaml"))
    assert names == [
        "case.yaml",
        "people/P-01.yaml",
        "people/P-02.yaml",
        "people/P-03.yaml",
        "referral.yaml",
    ]
    checked = run("validate")
    assert checked.code == 0, checked.out
    assert checked.out.startswith(
        "nothing wrong; 6 files in 1 case checked\nbefore drafts are finished: "
    )


def test_a_case_starts_from_a_referral_file_with_its_comments_kept(bare: Path, run: Run) -> None:
    (bare / "letter.yaml").write_text(
        "# from the letter of 2 March\nreason: |\n  They plan to live together.\nquestions:\n  - ask: Is it safe?\n"
    )
    made = run("new-case", "--from", "letter.yaml", "--man", "A", "--child", "B", "--carer", "C")
    assert made.code == 0, made.err
    text = next((bare / "cases").glob("*/referral.yaml")).read_text()
    assert text.startswith("referral: arpc/1\nid: Q-01\n")
    assert "# from the letter of 2 March\n" in text
    assert "  - id: Q1\n    ask: Is it safe?\n" in text


def test_a_referral_file_that_does_not_fit_starts_nothing(bare: Path, run: Run) -> None:
    (bare / "letter.yaml").write_text("reeson: |\n  They plan to live together.\n")
    made = run("new-case", "--from", "letter.yaml", "--man", "A", "--child", "B", "--carer", "C")
    assert made.code == 2
    assert "unknown key reeson" in made.err and "did you mean reason?" in made.err
    assert not list((bare / "cases").glob("*"))


def test_add_writes_the_next_draft_and_never_overwrites(bare: Path, run: Run, monkeypatch) -> None:
    folder = new_case(run, bare)
    monkeypatch.chdir(folder)
    assert "wrote sessions/N-001.yaml\n" in run("add", "session", "with=child", "who=P-02").out
    first = (folder / "sessions/N-001.yaml").read_bytes()
    assert "wrote sessions/N-002.yaml\n" in run("add", "session").out
    assert (folder / "sessions/N-001.yaml").read_bytes() == first
    assert run("add", "referral").code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sesion"], "there is no such kind of record"),
        (["session", "with=chidl"], "did you mean child?"),
        (["session", "colour=red"], "has no field colour"),
        (["session", "child"], "expected field=value"),
        (["session", "wiht=child"], "did you mean with?"),
        (["session", "--date", "2026-03-05"], "2026-03-05 is still to come"),
        (["session", "--date", "4/3/26"], "the date is not a date"),
        (["session", "id=N-009"], "ids are given by arpc"),
        (["session", "--as", "XX"], "no such member of staff"),
    ],
)
def test_add_says_what_is_wrong_and_writes_nothing(
    bare: Path, run: Run, monkeypatch, words, said
) -> None:
    folder = new_case(run, bare)
    monkeypatch.chdir(folder)
    ran = run("add", *words)
    assert ran.code == 2
    assert said in ran.err
    assert not (folder / "sessions").exists()


@pytest.mark.parametrize(
    ("given", "is_there"),
    [
        (["roles=professional"], True),
        (["roles=relative,referrer"], True),
        ([], True),
        (["roles=relative"], False),
        (["roles=child"], False),
    ],
)
def test_the_draft_of_somebody_who_meets_the_family_by_their_work_asks_for_the_agency(
    bare: Path, run: Run, monkeypatch, given: list[str], is_there: bool
) -> None:
    folder = new_case(run, bare)
    monkeypatch.chdir(folder)
    assert run("add", "person", *given).code == 0
    text = (folder / "people/P-04.yaml").read_text()
    assert ("\nagency: " in text) == is_there


def test_of_a_list_of_sentences_none_is_parted_at_its_commas(
    bare: Path, run: Run, monkeypatch
) -> None:
    folder = new_case(run, bare)
    monkeypatch.chdir(folder)
    terms = "terms=He does not stay, or ring.; Ms Marsh is there."
    assert run("add", "arrangement", "type=agreement", "parties=P-01, P-03", terms).code == 0
    [made] = loading.load(folder, "").file.arrangements
    assert made.terms == ("He does not stay, or ring.", "Ms Marsh is there.")
    assert made.parties == ("P-01", "P-03")
    assert run("add", "session", "with=child", "explained=a, b; c").code == 0
    assert loading.load(folder, "").file.sessions[0].data["explained"] == "a, b; c\n"


def test_edit_numbers_stamps_and_checks_and_leaves_a_broken_file_alone(
    bare: Path, run: Run, monkeypatch
) -> None:
    folder = new_case(run, bare)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" -c pass')
    run("add", "session", "with=man", "who=P-01")
    path = folder / "sessions/N-001.yaml"
    change(
        path,
        "note: |                         # What happened, in order. Mostly the note.\n",
        "note: |\n  He came early.\n",
    )
    change(path, "  # - said:  ", "  - said: I was at work\n  # ")
    change(path, "concern:  ", "concern: nonne  ")
    broken = path.read_bytes()
    ran = run("edit", "N-001")
    assert ran.code == 1
    assert "did you mean none?" in ran.out
    assert path.read_bytes() == broken
    change(path, "concern: nonne", "concern: none")
    ran = run("edit", "N-001")
    assert ran.out.startswith("numbered S1\nstamped written 2026-03-04 12:00\n")
    assert ran.code == 0
    assert "  - id: S1\n    said: I was at work\n" in path.read_text()


def test_finish_asks_for_what_is_missing_then_stores_a_digest(
    bare: Path, run: Run, monkeypatch
) -> None:
    folder = new_case(run, bare)
    monkeypatch.chdir(folder)
    run("add", "supervision", "supervisor=LK", "people=LK", "note=Talked it through.")
    refused = run("finish", "V-01")
    assert refused.code == 1
    assert "challenge still to be written" in refused.out and "V-01 was not finished" in refused.out
    path = folder / "supervision/V-01.yaml"
    change(path, "challenge: |", "challenge: What would we see if he had done nothing?\n#")
    done = run("finish", "V-01")
    assert done.code == 0, done.out
    text = path.read_text()
    assert "\nstatus: final\n" in text
    [seal] = loading.load(folder, "").file.seals
    assert (seal.id, seal.by, seal.day) == ("V-01", "LK", date(2026, 3, 4))
    assert run("finish", "V-01").code == 2


def test_validate_finds_a_fault_by_file_case_and_folder(practice: Path, run: Run) -> None:
    change(practice / f"cases/{ENGLAND}/sessions/N-001.yaml", "with: man", "with: mann")
    place = f"cases/{ENGLAND}/sessions/N-001.yaml:"
    for target in (
        [],
        ["."],
        [f"cases/{ENGLAND}"],
        [ENGLAND],
        ["C-FK"],
        [f"cases/{ENGLAND}/sessions/N-001.yaml"],
        [f"cases/{ENGLAND}/sessions"],
    ):
        ran = run("validate", *target)
        assert ran.code == 1, target
        assert place in ran.out and "did you mean man?" in ran.out
    assert run("validate", SCOTLAND).code == 0


def test_a_single_file_shows_its_own_findings_only(practice: Path, run: Run) -> None:
    change(practice / f"cases/{ENGLAND}/sessions/N-001.yaml", "with: man", "with: mann")
    assert run("validate", f"cases/{ENGLAND}/sessions/N-002.yaml").code == 0


def test_findings_as_json_have_every_part(practice: Path, run: Run) -> None:
    change(practice / f"cases/{ENGLAND}/sessions/N-001.yaml", "with: man", "with: mann")
    ran = run("validate", ENGLAND, "--format", "json")
    document = json.loads(ran.out)
    [finding] = [f for f in document["findings"] if f["rule"] == "not-a-permitted-word"]
    assert finding["file"] == f"cases/{ENGLAND}/sessions/N-001.yaml"
    assert (
        finding["path"] == ["with"] and finding["counts"] is True and finding["severity"] == "error"
    )
    assert document["errors"] >= 1 and document["today"] == "2026-06-10"


def test_what_only_a_later_gate_asks_does_not_fail_now(bare: Path, run: Run) -> None:
    new_case(run, bare)
    assert run("validate").code == 0
    assert run("validate", "--for", "finish").code == 1
    assert run("validate", "--for", "issue").code == 1


def test_both_examples_are_clean_and_the_english_one_is_ready_to_issue(
    practice: Path, run: Run
) -> None:
    assert run("validate", "--strict").code == 0
    assert run("validate", ENGLAND, "--for", "issue").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["validate", "nowhere/"], "there is no such file or folder"),
        (["validate", "C-ZZZZ"], "no such case"),
        (["validate", "C-FK6SY95X"], "the id has a slip in it"),
        (["status"], "which case?"),
        (["issue-report"], f"name one: {ENGLAND}\n"),
        (["renumber", "-c", ENGLAND], "no draft here has the id of another record"),
        (["link", "-c", ENGLAND], f"name one: {SCOTLAND}\n"),
        (["frobnicate"], "no such command"),
        (["due", "--within", "soon"], "invalid value for '--within'"),
        (["due", "--today", "tomorrow"], "today is not a date"),
        (["explain", "child-not-sean"], "did you mean child-not-seen?"),
        (["explain", "session.wiht"], "did you mean session.with?"),
        (["render-report", ENGLAND, "-o", "x.odt"], "the file's ending names no format"),
        (["edit", "N-999", "-c", ENGLAND], "no such record"),
    ],
)
def test_what_cannot_be_run_says_why_with_a_hint_and_exits_with_2(
    practice: Path, run: Run, words, said
) -> None:
    ran = run(*words)
    assert ran.code == 2
    assert said in ran.err
    assert "arpc: hint: " in ran.err
    assert "Traceback" not in ran.err


def test_due_followups_names_the_meeting_and_what_it_needs(practice: Path, run: Run) -> None:
    ran = run("due-followups", SCOTLAND)
    assert "2026-06-15" in ran.out and "hold the 3-year meeting" in ran.out
    assert "in 5 days" in ran.out
    only = json.loads(run("due-followups", SCOTLAND, "--format", "json", "--within", "30").out)[
        "due"
    ]
    assert [row["uid"] for row in only] == [f"{SCOTLAND}.meeting-to-hold.meeting_3y"]
    assert run("due-followups", SCOTLAND, "--overdue").out == "nothing overdue\n"
    assert "open until" in run("due-followups", SCOTLAND, "--today", "2026-06-16").out
    late = run("due-followups", SCOTLAND, "--overdue", "--today", "2026-09-14").out
    assert "window closed on 2026-09-13" in late


def test_the_register_says_what_moved_and_stands_in_for_a_case_that_is_gone(
    practice: Path, run: Run
) -> None:
    assert "0 moved" in run("due", "--register").out
    issue = Path("cases/C-HB6GD1GT/reports/R-01.yaml")
    issue.write_text(issue.read_text().replace("date: 2023-06-15", "date: 2023-09-30", 1))
    moved = run("due", "--register").out
    name = "C-HB6GD1GT meeting-to-hold meeting_3y"
    assert f"{name}: was 2026-06-15, now 2026-09-30 (anchor R-01.yaml:4)" in moved
    before = Path("register.yaml").read_bytes()
    Path("cases/C-HB6GD1GT").rename("elsewhere")
    found = json.loads(run("due", "--within", "200", "--format", "json").out)["due"]
    [meeting] = [row for row in found if row["clock"] == "meeting-to-hold"]
    assert (meeting["by"], meeting["from_register"]) == ("2026-09-30", "yes")
    assert meeting["note"] == "case not readable here: from the register"
    assert all(row["from_register"] == "no" for row in found if row["case"] == "C-FK6SY95T")
    assert Path("register.yaml").read_bytes() == before
    Path("register.yaml").write_text("register: [\n")
    ran = run("due")
    assert ran.code == 0 and "the register cannot be read" in ran.err
    assert run("due", "--register").code == 2


def test_only_what_is_for_one_owner(practice: Path, run: Run) -> None:
    assert run("due", "--owner", "court").out == "nothing due within 90 days\n"
    assert "take the case to supervision" in run("due", "--owner", "service").out
    assert run("due", "--owner", "somebody").code == 2


def test_every_command_answers_as_on_the_day_that_is_given(practice: Path, run: Run) -> None:
    assert "in 1 day" in run("due-followups", SCOTLAND, "--today", "2026-06-14").out


def test_due_as_csv_has_a_row_for_each_and_no_formula(practice: Path, run: Run) -> None:
    import csv

    rows = list(csv.DictReader(run("due", "--within", "5000", "--format", "csv").out.splitlines()))
    assert len(rows) >= 5
    assert {row["case"] for row in rows} == {ENGLAND, SCOTLAND}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_due_as_a_calendar_is_read_by_a_calendar_library_and_holds_no_names(
    practice: Path, run: Run
) -> None:
    first = run("due", "--within", "5000", "--format", "ics").out
    calendar = icalendar.Calendar.from_ical(first)
    events = calendar.walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == len(events) >= 5
    for event in events:
        assert (event.decoded("DTEND") - event.decoded("DTSTART")).days == 1
        assert event["CLASS"] == "PRIVATE"
    assert run("due", "--within", "5000", "--format", "ics").out == first
    for name in ("Stanworth", "Whitham", "Osei", "Ruby", "Jonah"):
        assert name not in first


def test_due_says_what_moved_since_the_register_was_written(practice: Path, run: Run) -> None:
    assert run("due", "--register").code == 0
    assert "moved" not in run("due-followups").out
    report = practice / f"cases/{SCOTLAND}/reports/R-01.yaml"
    change(report, "date: 2023-06-15", "date: 2023-08-01")
    ran = run("due-followups")
    assert "2026-08-01  C-HB6GD1GT  hold the 3-year meeting" in ran.out
    assert "moved, the register has 2026-06-15" in " ".join(ran.out.split())


def test_a_service_that_keeps_no_register_is_not_given_one(practice: Path, run: Run) -> None:
    change(practice / "service.yaml", "practice:", "register: no\n\npractice:")
    ran = run("due", "--register")
    assert ran.code == 2 and "this service keeps no register" in ran.err
    assert not (practice / "register.yaml").exists()


def test_list_shows_a_line_a_case_and_names_only_when_asked(practice: Path, run: Run) -> None:
    ran = run("list")
    assert ENGLAND in ran.out and SCOTLAND in ran.out
    assert "Stanworth" not in ran.out
    assert "Stanworth" in run("list", "--names").out


def test_status_is_one_screen(practice: Path, run: Run) -> None:
    ran = run("status", ENGLAND)
    assert ran.code == 0
    assert len(ran.out.splitlines()) <= 40
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "nothing more is asked before a report is issued" in ran.out


def test_what_is_printed_fits_eighty_columns(practice: Path, run: Run) -> None:
    for words in (
        ["list"],
        ["due", "--within", "5000"],
        ["explain"],
        ["explain", "child-not-seen"],
        ["--help"],
    ):
        assert max(map(len, run(*words).out.splitlines())) <= 80, words


def test_a_practice_folder_says_so_on_everything_it_prints(practice: Path, run: Run) -> None:
    for words in (["list"], ["status", ENGLAND], ["validate"], ["due"], ["due-followups"]):
        assert "practice folder: invented people; today is 2026-06-10" in run(*words).err
    run("render-report", ENGLAND, "-o", "x.md")
    assert "**Practice record: invented people**" in Path("x.md").read_text()


def test_everything_that_can_be_found_can_be_explained(run: Run) -> None:
    names = re.findall(r"^  ([a-z][a-z-]*)  ", run("explain").out, re.MULTILINE)
    assert len(names) > 60
    for name in names:
        assert run("explain", name).code == 0, name
    assert (
        "Permitted: none, historic, current, third_party" in run("explain", "session.concern").out
    )


def test_control_characters_in_a_file_name_or_record_never_reach_the_screen_raw(
    practice: Path, run: Run
) -> None:
    if sys.platform != "win32":
        (practice / f"cases/{ENGLAND}/sessions/N-9\x1b[2J.yaml").write_text("x: 1\n")
    change(practice / f"cases/{ENGLAND}/people/P-01.yaml", "name: ", "name: A\u200bB\u00ad ")
    for words in (["validate"], ["list", "--names"], ["status", ENGLAND]):
        ran = run(*words)
        assert not set("\x1b\u200b\u00ad\x9b") & set(ran.out + ran.err)


def test_who_i_am_is_found_by_gits_e_mail(bare: Path, run: Run, monkeypatch) -> None:
    monkeypatch.delenv("ARPC_STAFF")
    refused = run("new-case", "--man", "A", "--child", "B", "--carer", "C")
    assert refused.code == 2 and "who are you?" in refused.err
    subprocess.run(
        ["git", "-C", str(bare), "config", "user.email", "Leila@example.org"], check=True
    )
    assert run("new-case", "--man", "A", "--child", "B", "--carer", "C").code == 0


def test_a_received_folders_git_settings_that_run_programs_are_refused(
    bare: Path, run: Run, monkeypatch
) -> None:
    assert gitrepo.foreign_settings(bare) == []
    for name in ("core.fsmonitor", "filter.x.clean"):
        subprocess.run(["git", "-C", str(bare), "config", name, "touch owned"], check=True)
    monkeypatch.delenv("ARPC_STAFF")
    ran = run("new-case", "--man", "A", "--child", "B", "--carer", "C")
    assert ran.code == 2
    assert "git settings run programs: core.fsmonitor, filter.x.clean" in ran.err
    assert not (bare / "owned").exists()


class Panic(BaseException):
    """What a library in Rust raises where it has a defect."""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError, "a defect in arpc (RuntimeError at tests.test_cli:"),
        (MemoryError, "there is not enough memory for this"),
        (ImportError, "a library cannot be loaded"),
        (Panic, "a defect in arpc (Panic at tests.test_cli:"),
        (lambda _: ImportError("x.so: failed to map segment"), "there is not enough memory"),
    ],
)
def test_a_traceback_never_reaches_the_user_nor_does_the_text_that_caused_it(
    run: Run, monkeypatch, practice: Path, error: Callable[[str], BaseException], said: str
) -> None:
    def fail(*_: object) -> None:
        raise error("Ruby Osei")

    monkeypatch.setattr(service, "case_folders", fail)
    ran = run("list")
    assert (ran.code, said in ran.err, "Osei" in ran.err) == (2, True, False)


@pytest.mark.parametrize("when", ["lost", "again"])
def test_a_ctrl_c_is_neither_lost_nor_told_with_lines_of_code(practice: Path, when: str) -> None:
    """It may come where Python cannot raise it, and it is pressed again while the command ends."""
    comes = {
        "lost": "class Down:\n    def __del__(self): signal.raise_signal(signal.SIGINT)\n"
        "def act(*_):\n    Down()\n    while True: pass\n",
        "again": "def act(*_): signal.raise_signal(signal.SIGINT)\n"
        "tell = cli._tell\n"
        "def slow(*words):\n    signal.raise_signal(signal.SIGINT)\n    return tell(*words)\n"
        "cli._tell = slow\n",
    }
    program = (
        f"import signal, sys\nfrom arpc import cli, service\n{comes[when]}"
        "service.case_folders = act\nsys.argv = ['arpc', 'list']\ncli.run()\n"
    )
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, env=around, capture_output=True, text=True, check=False)
    said = done.stderr.splitlines()
    assert (done.returncode, said[-1]) == (2, "arpc: error: stopped; nothing more was done")
    assert "Traceback" not in done.stderr and "ignored" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder in which somebody is")
@pytest.mark.parametrize("words", [["validate"], ["list"], ["doctor"]])
def test_who_stands_in_a_folder_that_is_gone_is_told(
    tmp_path: Path, run: Run, monkeypatch, words: list[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    ran = run(*words)
    assert (ran.code, "the folder that you stand in is gone" in ran.err) == (2, True)


def test_the_program_starts_as_a_command_and_as_a_module() -> None:
    for command in ([sys.executable, "-m", "arpc"], [str(Path(sys.executable).with_name("arpc"))]):
        done = subprocess.run(
            [*command, "--version"], capture_output=True, text=True, check=True, cwd=ROOT
        )
        assert done.stdout == f"arpc {cli.__version__}\n"


@pytest.mark.parametrize(
    "words",
    [[], ["."], [ENGLAND], ["C-FK"], [f"cases/{SCOTLAND}/followups/F-04.yaml"], ["nowhere/"]],
    ids=" ".join,
)
def test_the_quick_way_to_validate_says_what_the_whole_command_line_says(
    practice: Path, run: Run, words, monkeypatch
) -> None:
    change(practice / f"cases/{ENGLAND}/sessions/N-001.yaml", "with: man", "with: mann")
    quick = run("validate", *words)
    assert quick == run("validate", "--for", "now", *words)
    monkeypatch.setenv("ARPC_TODAY", "2026-06-01")
    assert run("validate", *words) == run("validate", "--for", "now", *words)


def test_the_version_is_said_alike_the_quick_way(run: Run) -> None:
    from arpc.cli import app

    quick = run("--version")
    assert quick.out == f"arpc {arpc.__version__}\n" and quick.code == 0
    assert app.run(["--version"]) == 0


def test_shell_completion_can_be_shown(run: Run) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "arpc"],
        env={
            "_ARPC_COMPLETE": "complete_bash",
            "COMP_WORDS": "arpc rend",
            "COMP_CWORD": "1",
            "PATH": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "render-report" in done.stdout


def test_init_keeps_the_ignore_rules_and_settings_that_are_there(tmp_path: Path, run: Run) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    made = run("init", str(tmp_path), "--not-sealed", "--name", "Test", "--nation", "wales")
    assert made.code == 0
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert ".gitignore" not in made.out


def test_help_shows_ten_everyday_commands_in_groups_and_help_all_every_one(run: Run) -> None:
    everyday, every = run("--help").out, run("--help-all").out
    named = [name for names in commands.GROUPS.values() for name in names]
    assert sorted(named) == sorted(get_command(app.app).commands), (
        "each command stands in one group"
    )
    assert len(commands.EVERYDAY) == 10
    for name in named:
        assert (f"\n  {name} " in everyday) == (name in commands.EVERYDAY)
        assert f"\n  {name} " in every
    assert "`arpc --help-all` shows the other commands." in everyday
    assert all(len(line) <= 80 for line in (everyday + every).splitlines())


def test_a_worker_asks_what_is_due_in_their_own_cases(practice: Path, run: Run) -> None:
    whole = run("due", "--format", "csv").out
    assert ENGLAND in whole and SCOTLAND in whole
    mine = run("due", "--mine", "--as", "TB", "--format", "csv").out
    assert ENGLAND in mine and SCOTLAND not in mine, "the second worker of a case has it too"
    assert run("due", "--mine", "--as", "AS").out == "nothing due within 90 days\n"
    follow_ups = run("due-followups", "--mine", "--as", "RD", "--format", "csv").out
    assert SCOTLAND in follow_ups


def test_a_case_that_cannot_be_read_is_everybodys(practice: Path, run: Run) -> None:
    change(practice / f"cases/{ENGLAND}/case.yaml", "lead: LK", "lead: nobody at all")
    found = run("due", "--mine", "--as", "AS")
    assert f"{ENGLAND}/case.yaml cannot be relied on" in found.err


@pytest.mark.parametrize(
    ("words", "cases"),
    [
        (["--sort", "next"], [ENGLAND, SCOTLAND]),
        (["--sort", "opened"], [SCOTLAND, ENGLAND]),
        (["--sort", "stage"], [ENGLAND, SCOTLAND]),
        (["--stage", "follow-up"], [SCOTLAND]),
        (["--worker", "TB"], [ENGLAND]),
        (["--mine", "--as", "RD"], [SCOTLAND]),
        (["--overdue"], []),
        (["--overdue", "--sort", "overdue", "--today", "2026-07-30"], [ENGLAND, SCOTLAND]),
    ],
)
def test_the_caseload_is_filtered_and_sorted(
    practice: Path, run: Run, words: list[str], cases: list[str]
) -> None:
    out = run("list", *words).out
    assert [line[:10] for line in out.splitlines() if line.startswith("C-")] == cases
    assert cases or out == "no such cases\n"


def test_a_stage_that_there_is_not_is_named_with_those_that_there_are(
    practice: Path, run: Run
) -> None:
    found = run("list", "--stage", "closing")
    assert (found.code, "one of referral, assessment, reporting" in found.err) == (2, True)


def test_a_service_file_that_cannot_be_relied_on_is_told_of_by_every_command(
    practice: Path, run: Run
) -> None:
    change(practice / "service.yaml", "nation: england", "nation: englnd")
    for words in (["due"], ["list"], ["show", "C-FK"], ["render-report", "C-FK"]):
        assert "service.yaml cannot be relied on" in run(*words, "--today", "2026-06-10").err


@pytest.mark.skipif(sys.platform == "win32", reason="few may make links there")
def test_a_link_among_the_cases_is_no_case(practice: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "Ruby Osei.txt").write_text("x")
    (practice / "cases" / "C-7QK2M4TX").symlink_to(tmp_path / "elsewhere")
    ran = run("validate")
    assert ran.code == 1
    assert "cases/C-7QK2M4TX:1:1: error: this is a link; expected a case folder" in ran.out
    for named in (".", "cases"):
        told = run("validate", named)
        assert (told.code, told.out.count("this is a link")) == (1, 1)
    assert "C-7QK2M4TX" not in run("list").out
    assert "Ruby Osei" not in ran.out + run("list").out + run("validate", "--no-cache").out
    assert run("validate", ENGLAND).code == 0


def test_a_report_of_a_case_in_which_something_is_wrong_says_so(practice: Path, run: Run) -> None:
    assert "counts in this case" not in run("render-report", "C-FK", "--format", "md").err
    note = practice / "cases" / ENGLAND / "sessions" / "N-004.yaml"
    change(note, "where: school, the rainbow room", "where: at home, the rainbow room")
    said = run("render-report", "C-FK", "--format", "md").err
    assert "an error counts in this case, and it was printed as it stands" in said


def test_inside_a_case_a_record_is_checked_by_its_id(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(practice / "cases" / ENGLAND)
    assert run("validate", "N-004").out.startswith("nothing wrong; 1 file in 1 case checked")
    assert run("validate", "N-444").code == 2


def test_a_caseload_on_a_narrow_screen_breaks_no_word(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    out = run("list").out
    assert "decision 1 of V-06" in " ".join(out.split()) and "2026-06-12" in out
    assert max(map(len, out.splitlines())) <= 50


def test_opening_a_final_record_says_that_it_is(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    assert "N-004 is final: what is written stands" in run("edit", "N-004", "-c", "C-FK").err
    assert "is final" not in run("edit", "F-04", "-c", "C-HB").err


def test_no_command_writes_a_record_while_it_is_open_in_an_editor(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = [sys.executable, "-m", "arpc", "edit", "F-04", "-c", "C-HB"]
    editor = (
        "import os, pathlib, subprocess\n"
        f"done = subprocess.run({add!r}, capture_output=True, text=True)\n"
        "pathlib.Path('said').write_text(done.stderr)\n"
    )
    monkeypatch.setenv("EDITOR", shlex.join((sys.executable, "-c", editor)))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert run("edit", "F-04", "-c", "C-HB").code == 0
    said = Path("said").read_text()
    assert "F-04 is open in an editor" in said and "close it there, and try again" in said
    folder = practice / "cases/C-HB6GD1GT/followups"
    assert [path for path in folder.iterdir() if path.suffix != ".yaml"] == []


def test_an_editor_that_fails_is_told_of(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have crashed before it wrote, and nobody is to believe that what they typed is kept."""
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" -c "raise SystemExit(3)"')
    code, _, err = run("edit", "F-04", "-c", "C-HB")
    assert code == 0
    assert "the editor failed (3): see whether what you wrote is in the record" in err


def test_a_record_is_shown_as_it_was_known(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from arpc import starting

    starting.demo(tmp_path / "demo")
    monkeypatch.chdir(tmp_path / "demo")
    assert "N-004" in run("show", "C-FK", "N-004", "--as-known-on", "yesterday").out
    early = run("show", "C-FK", "N-004", "--as-known-on", "2026-02-01")
    assert early.code == 2


def test_a_file_with_another_ending_is_told_its_right_one(practice: Path, run: Run) -> None:
    path = practice / "cases" / ENGLAND / "sessions" / "N-099.yml"
    path.write_text("session: arpc/1\n")
    assert "call it .yaml, not .yml" in run("validate", "C-FK").out


def test_a_table_that_is_for_programs_has_a_line_for_each_row() -> None:
    stream = io.StringIO()
    rows = [(f"C-{number}", "a word " * 20) for number in range(1001)]
    printer.Printer(stream, 80, colour=False, on_terminal=False).table(("case", "what"), rows)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1002
    assert lines[0] == "case    what"
    assert lines[1] == "C-0     " + ("a word " * 20).rstrip()
    assert lines[-1] == "C-1000  " + ("a word " * 20).rstrip()
