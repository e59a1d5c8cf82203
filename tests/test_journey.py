"""A whole case by its commands alone, from the referral to the meeting after five years.

It is the story of Niamh, typed as a practitioner types it: a draft is made, opened, written, checked and
finished, each on its own day, with slips made and mended on the way. Nothing is written but by a command
or by the editor that a command opens.
"""

import json
import re
import sys
from pathlib import Path

import pytest

from arpc import loading
from arpc.records import Record
from tests.conftest import Run

STORY = (
    Path(__file__).parent
    / "stories"
    / "A girl of fourteen is seventeen at three years and nineteen at five"
    / "C-5MAP76SH"
)
STARTED_BY_ARPC = (
    *("case.yaml", "referral.yaml"),
    *("people/P-01.yaml", "people/P-02.yaml", "people/P-03.yaml"),
)
BEFORE_THE_REPORT = (
    *("people/P-01", "people/P-02", "people/P-03", "people/P-04", "referral", "case"),
    *("basis/A-01", "documents/D-01", "consents/K-01", "sessions/N-001", "consents/K-02"),
    *("sessions/N-002", "consents/K-03", "sessions/N-003", "sessions/N-004", "sessions/N-005"),
    *("supervision/V-01", "analysis/J-01"),
)
LETTER = """\
letters:
  - child: P-03
    dear: Niamh
    band: 12_to_15
    met: I am Leila. We met in January, and you brought your sticks.
    you_said: You would like to be asked things once.
    i_said: I told the people who decide what you said, in your words.
    next: Your plan is looked at in June, and you can say what you think of it.
    tell: You can ring me, or your social worker.
"""
EDITOR = """\
import pathlib, sys
text, record = map(pathlib.Path, sys.argv[1:])
record.write_text(text.read_text("utf-8"), "utf-8")
"""


def numbered(text: str) -> str:
    """The story as arpc numbers it: documents have three digits."""
    return text.replace("D-01", "D-001")


class Desk:
    """Somebody at work: what they type, and on which day."""

    def __init__(self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.run, self.monkeypatch = folder, run, monkeypatch
        self.case = ""
        (folder / "editor.py").write_text(EDITOR, "utf-8")

    def type(self, *words: str, on: str, code: int = 0) -> str:
        """Give a command on a day, and return all that it printed."""
        self.monkeypatch.setenv("ARPC_TODAY", on)
        ran = self.run(*words)
        assert ran.code == code, f"{' '.join(words)} on {on}\n{ran.out}{ran.err}"
        return ran.out + ran.err

    def write(self, record: str, text: str, *, on: str, code: int = 0) -> str:
        """Open a record in the editor, write it whole, and leave the editor."""
        (self.folder / "text").write_text(text, "utf-8")
        editor = f"{sys.executable} {self.folder / 'editor.py'} {self.folder / 'text'}"
        self.monkeypatch.setenv("EDITOR", editor)
        return self.type("edit", record, "--case", self.case, on=on, code=code)

    def told(self, name: str) -> tuple[str, str, str]:
        """A record of the story as somebody here would write it: its text, its day, and its state."""
        text = numbered((STORY / name).read_text("utf-8")).replace(STORY.name, self.case)
        day = re.search(r"^date: (\S+)", text, re.MULTILINE)
        state = re.search(r"^status: (\w+)", text, re.MULTILINE)
        assert day and state
        draft = re.sub(r"^status: \w+", "status: draft", text, count=1, flags=re.MULTILINE)
        return re.sub(r"^written: .*\n", "", draft, flags=re.MULTILINE), day[1], state[1]

    def keep(self, name: str) -> None:
        """Make a record, write it, and finish it if it is finished in the story."""
        text, day, state = self.told(name)
        name = numbered(name)
        record = Path(name).stem
        if name not in STARTED_BY_ARPC:
            kind = next(k for k in text.splitlines() if k.endswith(": arpc/1")).partition(":")[0]
            made = self.type("add", kind, "--date", day, "--case", self.case, on=day)
            assert f"{name}\nto undo: `arpc undo {self.case}`\n" in made
        self.write(record, text, on=day)
        if state == "final":
            self.type("finish", record, "--case", self.case, on=day)


@pytest.fixture
def desk(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARPC_STAFF", "LK")
    made = Desk(tmp_path, run, monkeypatch)
    staff = ("LK,Leila Kassar,Senior practitioner", "JM,Judith Mensah,Team manager")
    words = ("--name", "Larkfield Service", "--nation", "england")
    made.type(
        "init",
        "service",
        "--not-sealed",
        *words,
        *(f"--staff={each}" for each in staff),
        on="2020-11-02",
    )
    monkeypatch.chdir(tmp_path / "service")
    out = made.type(
        "new-case", "--man", "Kevin Brophy", "--received", "2020-11-16", on="2020-11-16"
    )
    found = re.search(r"C-[0-9A-Z]{8}", out)
    assert found
    made.case = found[0]
    return made


def same_words(ours: Record, theirs: Record) -> bool:
    """Whether two records say the same, but for when they were typed and what came of them since."""
    passing = {"written", "status", "letters"}
    one, other = ({k: v for k, v in r.data.items() if k not in passing} for r in (ours, theirs))
    here = ours.id if ours.kind.name == "case" else str(ours.data["case"])
    return json.dumps(one) == numbered(json.dumps(other)).replace(STORY.name, here)


def test_a_case_from_the_referral_to_the_meeting_after_five_years(desk: Desk) -> None:
    for name in BEFORE_THE_REPORT:
        if name == "sessions/N-003":
            a_misspelt_word_is_named_and_mended(desk, name)
        elif name == "basis/A-01":
            what_is_still_to_come_is_named(desk, name)
        else:
            desk.keep(f"{name}.yaml")
    day = "2021-05-20"
    desk.type("finish", "A-01", "--case", desk.case, on="2021-05-11")
    said = desk.type("validate", desk.case, "--for", "issue", on=day)
    assert "P-03 was last seen on 2021-01-14" in said and "1 warning; 20 files" in said
    nobody_approves_their_own(desk, day)
    issued = desk.type("issue-report", desk.case, "--approved-by", "JM", on=day)
    assert "next: go through it with each adult" in issued
    what_was_said_and_decided_is_added(desk)
    the_girl_has_a_letter(desk)
    for number, on in (("01", "2021-08-20"), ("02", "2021-11-22"), ("03", "2022-05-24")):
        assert "ask the referrer" in desk.type("due-followups", desk.case, on=on)
        if number == "02":
            a_missed_date_has_its_reason(desk)
        desk.keep(f"followups/F-{number}.yaml")
    meeting = desk.type("due-followups", desk.case, on="2024-05-02")
    assert "hold the 3-year meeting" in meeting and "P-03 is 17" in meeting
    desk.keep("followups/F-04.yaml")
    assert "own consent not sought" in desk.type("due-followups", desk.case, on="2026-04-10")
    desk.keep("consents/K-04.yaml")
    desk.keep("followups/F-05.yaml")
    assert "nothing" in desk.type("due-followups", desk.case, on="2026-06-01")
    nothing_was_lost(desk)


def a_misspelt_word_is_named_and_mended(desk: Desk, name: str) -> None:
    """The editor is left with a slip; the file is kept as it was typed, and the slip is named."""
    text, day, _ = desk.told(f"{name}.yaml")
    desk.type("add", "session", "--date", day, "--case", desk.case, on=day)
    said = desk.write("N-003", text.replace("with: child", "wiht: child"), on=day, code=1)
    assert "unknown key wiht" in said and "did you mean with?" in said
    refused = desk.type("finish", "N-003", "--case", desk.case, on=day, code=1)
    assert "N-003 was not finished" in refused
    assert "wiht: child" in (desk.folder / f"service/cases/{desk.case}/{name}.yaml").read_text(
        "utf-8"
    )
    desk.write("N-003", text, on=day)
    desk.type("finish", "N-003", "--case", desk.case, on=day)
    again = desk.type("finish", "N-003", "--case", desk.case, on=day, code=2)
    assert "the record is final already" in again


def what_is_still_to_come_is_named(desk: Desk, name: str) -> None:
    """The allegation cites a letter that nobody has written down yet; the text is kept, and waits."""
    text, day, _ = desk.told(f"{name}.yaml")
    desk.type("add", "basis", "--date", day, "--case", desk.case, on=day)
    said = desk.write("A-01", text, on=day, code=1)
    assert "D-001#S1 does not exist in this case" in said


def nobody_approves_their_own(desk: Desk, day: str) -> None:
    said = desk.type("issue-report", desk.case, "--approved-by", "LK", on=day, code=2)
    assert "the approver is the author" in said


def what_was_said_and_decided_is_added(desk: Desk) -> None:
    """What lives on in an issued report is written below it; the rest of it stays as it was."""
    told = (STORY / "reports/R-01.yaml").read_text("utf-8")
    record = desk.folder / f"service/cases/{desk.case}/reports/R-01.yaml"
    living = told[told.index("feedback:") :]
    desk.write("R-01", record.read_text("utf-8") + "\n" + living, on="2021-06-10")


def the_girl_has_a_letter(desk: Desk) -> None:
    """A letter in words for her is written into the final analysis, and issued as her copy."""
    on = "2021-05-27"
    record = desk.folder / f"service/cases/{desk.case}/analysis/J-01.yaml"
    words = ("issue-report", desk.case, "--audience", "child", "--approved-by", "JM")
    assert "no letter is written for P-03" in desk.type(*words, on=on, code=2)
    desk.write("J-01", f"{record.read_text('utf-8')}\n{LETTER}", on=on)
    issued = desk.type(*words, on=on)
    assert "reports/R-02.pdf" in issued


def a_missed_date_has_its_reason(desk: Desk) -> None:
    late = desk.type("due", desk.case, "--overdue", on="2021-11-15")
    assert "judgement-to-review" in late
    reason = "The plan's reviews take it on."
    words = ("--at", "J-01/J1", "--reason", reason, "--agreed-by", "JM")
    desk.type("answer", "judgement-to-review", "--case", desk.case, *words, on="2021-11-15")
    assert "judgement-to-review" not in desk.type("due", desk.case, "--overdue", on="2021-11-15")


def nothing_was_lost(desk: Desk) -> None:
    """Every record says what the story says, and the case is sound."""
    ours = loading.load(desk.folder / "service/cases" / desk.case, desk.case).file
    theirs = loading.load(STORY, STORY.name).file
    here = {record.key: record for record in ours.records}
    for record in theirs.records:
        if record.key != "R-01":
            assert same_words(here[numbered(record.key)], record), record.key
    assert here.keys() == {*(numbered(record.key) for record in theirs.records), "R-02"}
    assert "nothing wrong" in desk.type("validate", desk.case, on="2026-06-01")
    report = desk.type("render-report", desk.case, "--kind", "follow-up", on="2026-06-01")
    assert "wrote " in report
