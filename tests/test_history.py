"""What was known on a day, from the history that git keeps: real commits, each with its own clock."""

import os
import shutil
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from arpc import gitrepo, gitrun
from arpc.errors import ArpcError
from tests.conftest import ENGLAND, SCOTLAND, Run, change

WORDS = "He's funny but he doesn't know when it's finished."
LATER = "He is just funny."
CASE = f"cases/{ENGLAND}"
OUT = f"{CASE}/out/{ENGLAND}-assessment"


def git(folder: Path, *arguments: str, at: str = "2026-01-01T12:00:00+0000") -> str:
    """Run git; `at` is when it commits, and the author's date is another, which must not count."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    dates = {"GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": "2020-01-01T00:00:00+0000"}
    done = subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        env={**os.environ, **dates},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def commit(folder: Path, at: str) -> str:
    """Commit everything at a time; the hash as arpc prints it."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "records", at=at)
    return git(folder, "rev-parse", "HEAD")[:10]


@pytest.fixture
def kept(practice: Path) -> Path:
    """The practice folder in git: complete on 20 May 2026, a child's words changed on the 28th."""
    git(practice, "init", "-q")
    (practice / ".gitignore").write_text("out/\n.arpc.*\n")
    commit(practice, "2026-05-20T10:00:00+0100")
    change(practice / CASE / "sessions/N-004.yaml", WORDS, LATER)
    commit(practice, "2026-05-28T10:00:00+0100")
    return practice


@pytest.fixture
def issued(kept: Path, run: Run) -> Path:
    """The same, with the words as they were and the report issued and committed on 10 June 2026."""
    once = kept.parent.with_name("issued-once")
    if once.exists():
        shutil.rmtree(kept)
        shutil.copytree(once, kept)
        os.chdir(kept)
        return kept
    git(kept, "revert", "-n", "HEAD")
    code, out, err = run("issue-report", ENGLAND, "--approved-by", "JM", "--as", "LK")
    assert code == 0, out + err
    commit(kept, "2026-06-10T17:00:00+0100")
    shutil.copytree(kept, once)
    return kept


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """An empty repository."""
    git(tmp_path, "init", "-q")
    return tmp_path


def found(folder: Path, day: str) -> str:
    return gitrepo.last_commit_on(folder, date.fromisoformat(day)).short


def test_the_newest_commit_by_the_end_of_the_day_counts(line: Path) -> None:
    first = commit(line, "2026-03-02T09:00:00+0000")
    second = commit(line, "2026-03-03T09:00:00+0000")
    last = commit(line, "2026-03-03T23:59:59+0000")
    commit(line, "2026-03-04T00:00:00+0000")
    assert second != last
    assert found(line, "2026-03-02") == first
    assert found(line, "2026-03-03") == last


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/New_York"])
def test_the_day_is_that_of_the_place_where_the_commit_was_made(
    line: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    late = commit(line, "2026-03-03T23:30:00-0500")  # the 4th in London
    early = commit(line, "2026-03-05T00:30:00+1300")  # still the 4th in London
    assert found(line, "2026-03-03") == late
    assert found(line, "2026-03-04") == late
    assert found(line, "2026-03-05") == early


def test_two_commits_of_one_second_are_the_later_one(line: Path) -> None:
    commit(line, "2026-03-03T09:00:00+0000")
    second = commit(line, "2026-03-03T09:00:00+0000")
    assert found(line, "2026-03-03") == second


def test_a_line_that_was_merged_is_looked_at_like_the_first(line: Path) -> None:
    commit(line, "2026-03-01T09:00:00+0000")
    git(line, "switch", "-q", "-c", "side")
    side = commit(line, "2026-03-03T09:00:00+0000")
    git(line, "switch", "-q", "main")
    commit(line, "2026-03-02T09:00:00+0000")
    git(line, "merge", "-q", "--no-ff", "-m", "merge", "side", at="2026-03-08T09:00:00+0000")
    assert found(line, "2026-03-04") == side


def test_before_the_first_commit_nothing_was_known(line: Path) -> None:
    with pytest.raises(ArpcError, match="nothing was ever saved here"):
        found(line, "2026-03-03")
    commit(line, "2026-03-04T00:00:00+0000")
    with pytest.raises(ArpcError, match="nothing was saved by 2026-03-03") as error:
        found(line, "2026-03-03")
    assert error.value.hint == "the first commit is of 2026-03-04"


def test_a_history_that_is_cut_off_is_used_only_where_it_hides_nothing(
    line: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for day in (1, 3, 5):
        commit(line, f"2026-03-0{day}T09:00:00+0000")
    short = tmp_path_factory.mktemp("short")
    git(short, "clone", "-q", "--depth", "2", line.as_uri(), "here")
    assert found(short / "here", "2026-03-04") == found(line, "2026-03-04")
    with pytest.raises(ArpcError, match="cut off and may hide what was known on 2026-03-02"):
        found(short / "here", "2026-03-02")


def test_an_object_put_in_the_place_of_another_is_not_read(line: Path) -> None:
    (line / "a").write_text("true")
    commit(line, "2026-03-01T09:00:00+0000")
    true = git(line, "rev-parse", "HEAD:a")
    (line / "b").write_text("false")
    false = git(line, "hash-object", "-w", "b")
    git(line, "replace", true, false)
    assert gitrepo.files_at(line, "tip", "a") == {"a": b"true"}


def test_a_final_record_that_was_changed_later_is_shown_as_it_was(kept: Path, run: Run) -> None:
    commits = git(kept, "rev-list", "HEAD").split()
    words = ("render-report", "C-FK", "--format", "md", "--as-known-on")
    code, out, err = run(*words, "2026-05-27")
    assert code == 0, err
    assert out.splitlines() == [
        f"read commit {commits[1][:10]} of 2026-05-20",
        f"wrote {OUT}-AS-KNOWN-2026-05-27.md",
    ]
    assert run(*words, "2026-05-28")[0] == 0
    then, later = (
        (kept / f"{OUT}-AS-KNOWN-2026-05-{day}.md").read_text("utf-8") for day in (27, 28)
    )
    assert WORDS in then and LATER not in then
    assert WORDS not in later and LATER in later


def test_the_first_page_says_what_it_shows_and_what_is_not_in_it(kept: Path, run: Run) -> None:
    code, out, err = run("render-report", ENGLAND, "--as-known-on", "2026-05-27")
    assert code == 0, err
    pages = pypdf.PdfReader(BytesIO((kept / f"{OUT}-AS-KNOWN-2026-05-27.pdf").read_bytes())).pages
    first, *rest = (" ".join(sheet.extract_text().split()) for sheet in pages)
    digest = out.split()[2]
    for words in (
        "DRAFT · AS KNOWN ON 27 MAY 2026",
        f"It is made from commit {digest} of 20 May 2026",
        "whatever was recorded later is not in it",
        "It is not a report that was issued",
        "27 May 2026",
    ):
        assert words in first
    assert all("DRAFT · AS KNOWN ON 27 MAY 2026" in text for text in rest)


def test_ages_and_dates_are_those_of_the_day(kept: Path, run: Run) -> None:
    change(kept / CASE / "people/P-04.yaml", "born: ", "born: 2023-05-25 # ")
    commit(kept, "2026-05-20T11:00:00+0100")
    for day, age in (("2026-05-24", "2"), ("2026-05-25", "3")):
        code, out, err = run("status", ENGLAND, "--as-known-on", day)
        assert code == 0, err
        [jonah] = [text for text in out.splitlines() if text.startswith("P-04")]
        assert jonah.split()[-1] == age


def test_status_shows_the_case_as_it_was_known(kept: Path, run: Run) -> None:
    (kept / CASE / "escalations/E-01.yaml").unlink()
    (kept / CASE / "supervision/V-06.yaml").unlink()
    first = commit(kept, "2026-06-01T10:00:00+0100")
    git(kept, "revert", "-n", "HEAD")
    commit(kept, "2026-06-05T10:00:00+0100")
    _, then, _ = run("status", ENGLAND, "--as-known-on", "2026-06-04")
    assert then.startswith(f"read commit {first} of 2026-06-01\n")
    assert "supervision 5" in then and "escalation" not in then
    _, now, _ = run("status", ENGLAND, "--as-known-on", "2026-06-05")
    assert "supervision 6" in now and "escalation 1" in now


def test_what_was_not_committed_does_not_count_and_nothing_is_written_but_the_report(
    kept: Path, run: Run
) -> None:
    change(kept / CASE / "sessions/N-004.yaml", LATER, "Not committed.")
    before = git(kept, "status", "--porcelain", "--ignored")
    code, _, err = run("render-report", ENGLAND, "--format=md", "--as-known-on", "2026-06-10")
    assert code == 0, err
    assert LATER in (kept / f"{OUT}-AS-KNOWN-2026-06-10.md").read_text("utf-8")
    after = git(kept, "status", "--porcelain", "--ignored").splitlines()
    assert [text for text in after if text not in before] == [f"!! {CASE}/out/"]


def test_the_same_day_gives_the_same_bytes_whatever_came_since(kept: Path, run: Run) -> None:
    words = ["render-report", ENGLAND, "--as-known-on", "2026-05-27"]
    assert run(*words)[0] == 0
    before = {path: path.read_bytes() for path in (kept / CASE / "out").iterdir()}
    assert {path.suffix for path in before} == {".md", ".pdf"}
    change(kept / CASE / "sessions/N-004.yaml", LATER, "Changed again.")
    change(kept / "service.yaml", "Larkfield", "Another")
    commit(kept, "2026-06-09T10:00:00+0100")
    environment = {**os.environ, "PYTHONHASHSEED": "11", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-m", "arpc", *words], env=environment, check=True, capture_output=True
    )
    assert {path: path.read_bytes() for path in before} == before


def test_git_is_asked_a_few_times_however_many_files_there_are(
    kept: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = gitrun.answer, []

    def counted(*arguments, **settings):
        asked.append(arguments[1])
        return real(*arguments, **settings)

    monkeypatch.setattr(gitrun, "answer", counted)
    assert run("status", ENGLAND, "--as-known-on", "2026-05-27")[0] == 0
    assert 0 < len(asked) <= 10, asked


def test_the_service_is_as_its_file_was_then(kept: Path, run: Run) -> None:
    change(kept / "service.yaml", "Larkfield", "Renamed")
    commit(kept, "2026-06-09T10:00:00+0100")
    run("render-report", ENGLAND, "--format=md", "--as-known-on", "2026-06-08")
    text = (kept / f"{OUT}-AS-KNOWN-2026-06-08.md").read_text("utf-8")
    assert "Larkfield" in text and "Renamed" not in text


def test_where_there_was_no_service_file_yet_todays_is_used_and_that_is_said(
    practice: Path, run: Run
) -> None:
    git(practice, "init", "-q")
    git(practice, "add", "cases")
    git(practice, "commit", "-qm", "cases", at="2026-05-20T10:00:00+0100")
    code, _, err = run("render-report", ENGLAND, "--format=md", "--as-known-on", "2026-05-20")
    assert code == 0
    assert "there was no service.yaml then; today's is used" in err
    assert "Larkfield" in (practice / f"{OUT}-AS-KNOWN-2026-05-20.md").read_text("utf-8")


def test_a_damaged_file_of_that_day_is_named(kept: Path, run: Run) -> None:
    change(kept / CASE / "sessions/N-005.yaml", "session: arpc/1", "session: [")
    commit(kept, "2026-06-08T10:00:00+0100")
    git(kept, "revert", "-n", "HEAD")
    commit(kept, "2026-06-09T10:00:00+0100")
    note = f"{CASE}/sessions/N-005.yaml cannot be relied on: it is not in the report"
    words = ("render-report", ENGLAND, "--format=md", "--as-known-on")
    assert note in run(*words, "2026-06-08")[2]
    assert note not in run(*words, "2026-06-09")[2]


def test_commits_of_that_time_that_were_merged_later_are_told_of(kept: Path, run: Run) -> None:
    git(kept, "switch", "-q", "-c", "side")
    path = kept / CASE / "people/P-09.yaml"
    change(path, "contact: |\n", "contact: |\n  By letter only.\n")
    commit(kept, "2026-06-02T10:00:00+0100")
    git(kept, "switch", "-q", "main")
    change(kept / CASE / "sessions/N-004.yaml", LATER, WORDS)
    commit(kept, "2026-06-03T10:00:00+0100")
    git(kept, "merge", "-q", "-m", "merge", "side", at="2026-06-08T10:00:00+0100")
    words = ("render-report", ENGLAND, "--format=md", "--as-known-on")
    remark = "ommits of that time that were merged only later, and are not in it: 1"
    assert f"note: c{remark}\n" in run(*words, "2026-06-03")[2]
    text = (kept / f"{OUT}-AS-KNOWN-2026-06-03.md").read_text("utf-8")
    assert f"C{remark}." in text
    assert "merged only later" not in run(*words, "2026-06-08")[2]


def test_a_commit_on_top_of_one_that_carries_a_later_date_says_so(kept: Path, run: Run) -> None:
    change(kept / CASE / "sessions/N-004.yaml", LATER, WORDS)
    commit(kept, "2026-05-27T10:00:00+0100")  # on that of the 28th: a clock was wrong
    words = ("render-report", ENGLAND, "--format=md", "--as-known-on")
    remark = "ommits before it that carry a later date, and are in it: 1"
    assert f"note: c{remark}\n" in run(*words, "2026-05-27")[2]
    assert f"C{remark}." in (kept / f"{OUT}-AS-KNOWN-2026-05-27.md").read_text("utf-8")
    assert "later date" not in run(*words, "2026-05-28")[2]


def test_a_case_that_did_not_exist_then_is_named_as_such(kept: Path, run: Run) -> None:
    shutil.copytree(kept / CASE, kept / "cases/C-7K3Q9X2F")
    commit(kept, "2026-06-09T10:00:00+0100")
    code, _, err = run("status", "C-7K", "--as-known-on", "2026-06-08")
    assert (code, "there was no such case on 2026-06-08" in err) == (2, True)
    assert run("status", "C-7K", "--as-known-on", "2026-06-09")[0] == 0


def test_a_case_that_was_renamed_is_found_under_the_name_it_had(kept: Path, run: Run) -> None:
    git(kept, "mv", CASE, "cases/C-7K3Q9X2F")
    commit(kept, "2026-06-09T10:00:00+0100")
    words = ("render-report", "C-FK", "--as-known-on", "2026-06-08")
    code, _, err = run(*words)
    assert (code, "the case's folder is not there any more" in err) == (2, True)
    assert not (kept / CASE).exists()
    assert run(*words, "-o", "then.md")[0] == 0
    assert "AS KNOWN ON 8 JUNE 2026" in (kept / "then.md").read_text("utf-8")


def test_in_its_folder_a_case_need_not_be_named(
    kept: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kept / CASE / "sessions")
    code, out, err = run("status", "--as-known-on", "2026-06-08")
    assert code == 0, err
    assert ENGLAND in out and SCOTLAND not in out


def test_an_issued_report_that_stood_is_given_back_byte_for_byte(issued: Path, run: Run) -> None:
    frozen = {form: (issued / CASE / f"reports/R-01.{form}").read_bytes() for form in ("md", "pdf")}
    change(issued / CASE / "sessions/N-004.yaml", WORDS, LATER)
    (issued / CASE / "reports/R-01.pdf").unlink()
    commit(issued, "2026-06-15T10:00:00+0100")
    code, out, err = run(
        "render-report", ENGLAND, "--as-known-on", "2026-06-14", "--today", "2026-06-20"
    )
    assert code == 0, err
    assert out.splitlines()[1:] == [
        f"wrote {OUT}-v1-ISSUED-2026-06-10.md",
        f"wrote {OUT}-v1-ISSUED-2026-06-10.pdf",
        "issued on 2026-06-10 as version 1; given back as it was",
    ]
    for form, raw in frozen.items():
        assert (issued / f"{OUT}-v1-ISSUED-2026-06-10.{form}").read_bytes() == raw


def test_of_two_versions_that_which_stood_on_the_day_is_given_back(issued: Path, run: Run) -> None:
    words = ("--approved-by", "AS", "--as", "LK", "--today", "2026-06-24")
    assert run("issue-report", ENGLAND, *words)[0] == 0
    commit(issued, "2026-06-24T10:00:00+0100")
    known = ("render-report", ENGLAND, "--format=md", "--today", "2026-06-30", "--as-known-on")
    assert "issued on 2026-06-10 as version 1" in run(*known, "2026-06-23")[1]
    assert "issued on 2026-06-24 as version 2" in run(*known, "2026-06-24")[1]
    second = (issued / f"{OUT}-v2-ISSUED-2026-06-24.md").read_bytes()
    assert second == (issued / CASE / "reports/R-02.md").read_bytes()


def test_before_the_issue_it_is_a_draft(issued: Path, run: Run) -> None:
    _, out, _ = run("render-report", ENGLAND, "--format=md", "--as-known-on", "2026-06-09")
    assert out.endswith(f"wrote {OUT}-AS-KNOWN-2026-06-09.md\n")


def test_a_draft_can_be_asked_for_where_a_report_stood(issued: Path, run: Run) -> None:
    words = ("render-report", ENGLAND, "--format=html", "--as-known-on", "2026-06-10")
    code, _, err = run(*words)
    assert (code, "no html was frozen when R-01 was issued" in err) == (2, True)
    assert not (issued / CASE / "out").exists()
    assert run(*words, "--draft")[0] == 0
    text = (issued / f"{OUT}-AS-KNOWN-2026-06-10.html").read_text("utf-8")
    assert "DRAFT · AS KNOWN ON 10 JUNE 2026" in text


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes() + b"\n"), "is not what was issued"),
        (lambda path: path.unlink(), "is gone"),
    ],
)
def test_a_frozen_file_that_is_not_what_was_issued_is_never_given_back(
    issued: Path, run: Run, spoil, said: str
) -> None:
    spoil(issued / CASE / "reports/R-01.md")
    commit(issued, "2026-06-10T18:00:00+0100")
    code, _, err = run("render-report", ENGLAND, "--as-known-on", "2026-06-10")
    assert (code, f"reports/R-01.md {said}" in err) == (2, True)
    assert not (issued / CASE / "out").exists()


def test_where_the_record_of_an_issue_is_damaged_nothing_stands_in_for_the_report(
    issued: Path, run: Run
) -> None:
    change(issued / CASE / "reports/R-01.yaml", "type: assessment", "type: [")
    commit(issued, "2026-06-10T18:00:00+0100")
    code, _, err = run("render-report", ENGLAND, "--as-known-on", "2026-06-10")
    assert (code, "R-01.yaml could not be relied on" in err) == (2, True)


def test_a_report_that_was_issued_on_paper_only_is_not_made_anew(kept: Path, run: Run) -> None:
    code, _, err = run("render-report", SCOTLAND, "--as-known-on", "2026-06-10")
    assert (code, "was frozen when R-01 was issued" in err) == (2, True)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-06-11", "2026-06-11 is still to come"),
        ("11 June", "the day asked for is not a date"),
        ("2026-05-19", "nothing was saved by 2026-05-19"),
    ],
)
def test_a_day_of_which_nothing_is_known_is_refused(
    kept: Path, run: Run, day: str, said: str
) -> None:
    code, _, err = run("render-report", ENGLAND, "--as-known-on", day)
    assert (code, said in err, "hint" in err) == (2, True, True)
    assert not (kept / CASE / "out").exists()


def test_other_kinds_of_report_are_made_of_today_only(kept: Path, run: Run) -> None:
    words = ("--kind", "chronology", "--as-known-on", "2026-06-10")
    found = run("render-report", ENGLAND, *words)
    assert (found.code, "only the assessment report is made" in found.err) == (2, True)


def test_without_a_history_it_says_so(practice: Path, run: Run) -> None:
    code, _, err = run("render-report", ENGLAND, "--as-known-on", "2026-06-01")
    assert (code, "this folder is no git repository" in err) == (2, True)


def test_a_folder_that_would_run_programs_is_not_read(kept: Path, run: Run) -> None:
    git(kept, "config", "core.pager", "touch ran")
    code, _, err = run("render-report", ENGLAND, "--as-known-on", "2026-06-01")
    assert (code, "git settings run programs" in err) == (2, True)


def test_a_case_can_be_named_by_its_path_from_anywhere(
    kept: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("status", f"practice/{CASE}", "--as-known-on", "2026-06-01")
    assert code == 0, err
    assert ENGLAND in out
