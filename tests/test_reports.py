"""The assessment report of real cases, as a person makes it: whole, typeset, the same every time."""

import hashlib
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import page
import pypdf
import pytest

from arpc import due, loading, meaning
from arpc.document import markdown, templating, tree
from arpc.provisions import AsOf
from arpc.reporting import assessment, rendering
from arpc.resources import folder as shipped
from arpc.service import open_service
from tests.conftest import ENGLAND, EXAMPLES, SCOTLAND, TODAY, Run

GOLDEN = Path(__file__).parent / "golden"
SECTIONS = """\
1 Summary
2 Who asked, and why
3 What this assessment rests on
4 Facts and their status
5 Family and household
6 The man
7 The carers
8 The children
9 Analysis
10 The risk to each child, in full
11 The limits of this report
12 Contact and living arrangements recommended
13 Recommendations
14 What the family said about this report
15 Treatment and follow-up
16 Authors and oversight
Annex A: chronology
Annex B: evidence index
Annex C: words used
"""
every_case = pytest.mark.parametrize("name", [ENGLAND, SCOTLAND])


@pytest.fixture(autouse=True)
def _kassar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARPC_STAFF", "LK")


def as_of(name: str) -> AsOf:
    loaded = loading.load(EXAMPLES / "cases" / name, name)
    return AsOf(loaded.file, TODAY, open_service(EXAMPLES).service)


def words_of(pdf: bytes) -> str:
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(BytesIO(pdf)).pages)
    return re.sub("[\\s\u200b]", "", normalize("NFC", text))


def numbered(markdown_text: str) -> str:
    """The first-level headings as the PDF numbers them."""
    document = markdown.parse(markdown_text)
    return "".join(
        f"{heading.number} {tree.words(heading.body)}".strip() + "\n"
        for heading in tree.headings(document.blocks)
        if heading.level == 1
    )


def source_of(view: AsOf) -> str:
    report = assessment.build(view, version=1)
    return templating.render(shipped("templates"), assessment.TEMPLATE, report=report)


@every_case
def test_every_section_is_there_in_order(name: str) -> None:
    assert numbered(source_of(as_of(name))) == SECTIONS


def test_a_case_that_has_only_begun_has_the_same_sections(make_case) -> None:
    loaded = make_case({"people/P-01.yaml": "name: A\nroles: [man]\n"})
    service = open_service(EXAMPLES).service
    assert numbered(source_of(AsOf(loaded.file, TODAY, service))) == SECTIONS


@every_case
def test_the_pdf_is_accessible_archival_and_holds_every_word_of_the_markdown(
    name: str, practice: Path, run: Run
) -> None:
    code, out, err = run("render-report", name)
    assert code == 0, err
    pdf_path = practice / f"cases/{name}/out/{name}-assessment-DRAFT.pdf"
    assert f"wrote {pdf_path.relative_to(practice).as_posix()}" in out
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        found = str(page.validate_pdf(pdf_path, profile=profile))
        # The validator takes a last byte of compressed data for a line end if it looks like one.
        assert not re.findall(r"^\[(?!PDFA2A-STREAM-LENGTH-001).*", found, re.MULTILINE)
    pdf = pdf_path.read_bytes()
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) >= 8
    printed = words_of(pdf)
    plain = markdown.plain_text(markdown.parse(source_of(as_of(name))))
    lost = [word for word in plain.replace(" | ", " ").split() if word not in printed]
    assert lost == []
    first = pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text()
    for words in ("CONFIDENTIAL: CHILD PROTECTION", "DRAFT", "Valid until", "Practice record"):
        assert words in first


def test_the_same_case_on_the_same_day_gives_the_same_bytes_in_any_process(
    practice: Path, run: Run
) -> None:
    forms = ("md", "html", "pdf")
    run("render-report", SCOTLAND, *(f"--format={form}" for form in forms))
    folder = practice / f"cases/{SCOTLAND}/out"
    before = {path.suffix: path.read_bytes() for path in folder.iterdir()}
    environment = {**os.environ, "PYTHONHASHSEED": "11", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    words = ["-m", "arpc", "render-report", SCOTLAND, *(f"--format={form}" for form in forms)]
    subprocess.run([sys.executable, *words], env=environment, check=True, capture_output=True)
    assert {path.suffix: path.read_bytes() for path in folder.iterdir()} == before
    assert set(before) == {".md", ".html", ".pdf"}


def test_the_report_of_the_scottish_case_is_read_in_review(golden) -> None:
    report = assessment.build(as_of(SCOTLAND), version=2)
    text = rendering.render(report, assessment.TEMPLATE, "md").decode()
    golden(GOLDEN / "assessment-scotland.md", text)


def test_an_issue_freezes_what_was_approved(practice: Path, run: Run) -> None:
    code, out, err = run("issue-report", ENGLAND, "--approved-by", "JM")
    assert code == 0, out + err
    folder = practice / f"cases/{ENGLAND}"
    loaded = loading.load(folder, "")
    assert loaded.findings == ()
    [issued] = loaded.file.reports
    assert (issued.author, issued.approved_by, issued.version, issued.status) == (
        "LK",
        "JM",
        1,
        "final",
    )
    [seal] = [seal for seal in loaded.file.seals if seal.id == "R-01"]
    assert (seal.by, seal.digest) == ("JM", meaning.digest(issued.data, issued.kind.living))
    for entry in issued.data["files"]:
        raw = (folder / "reports" / entry["name"]).read_bytes()
        assert entry["digest"] == "sha256:" + hashlib.sha256(raw).hexdigest()
        assert b"DRAFT" not in raw
    assert "Judith Mensah" in (folder / "reports/R-01.md").read_text("utf-8")
    assert run("validate", ENGLAND)[0] == 0


def test_a_second_version_leaves_the_first_as_it_was_and_the_follow_ups_where_they_were(
    practice: Path, run: Run
) -> None:
    folder = practice / f"cases/{ENGLAND}"
    run("issue-report", ENGLAND, "--approved-by", "JM")
    frozen = {path: path.read_bytes() for path in (folder / "reports").glob("R-01.[mp]d*")}
    view = AsOf(loading.load(folder, "").file, TODAY, open_service(practice).service)
    followed = [i.due.by for i in due.what_is_due(view) if i.clock.follow_up]
    code, out, err = run(
        "issue-report", ENGLAND, "--approved-by", "AS", "--as", "LK", "--today", "2026-06-24"
    )
    assert code == 0, out + err
    assert {path: path.read_bytes() for path in frozen} == frozen
    loaded = loading.load(folder, "")
    first, second = loaded.file.reports
    assert (first.status, first.data["superseded_by"]) == ("superseded", "R-02")
    assert (second.version, second.status, second.replaces) == (2, "final", "R-01")
    view = AsOf(loaded.file, TODAY, open_service(practice).service)
    assert [i.due.by for i in due.what_is_due(view) if i.clock.follow_up] == followed
    assert run("validate", ENGLAND, "--today", "2026-06-24")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--approved-by", "LK"], 2, "the approver is the author"),
        (["--approved-by", "XX"], 2, "there is no such member of staff"),
        ([], 2, "who approves it?"),
    ],
)
def test_nothing_is_issued_without_somebody_elses_approval(
    practice: Path, run: Run, words, code, said
) -> None:
    found = run("issue-report", ENGLAND, *words)
    assert (found[0], said in found[2]) == (code, True)
    assert not (practice / f"cases/{ENGLAND}/reports").exists()


def test_nothing_is_issued_that_has_not_passed_the_gate(practice: Path, run: Run) -> None:
    path = practice / f"cases/{ENGLAND}/sessions/N-007.yaml"
    path.write_text(path.read_text("utf-8").replace("agreed_by: JM\n", ""), "utf-8")
    code, out, _ = run("issue-report", ENGLAND, "--approved-by", "JM")
    assert code == 1
    assert "child-not-interviewed-unagreed" in out and out.endswith("not issued\n")
    assert not (practice / f"cases/{ENGLAND}/reports").exists()


def test_a_report_after_its_date_says_so_on_its_first_page(practice: Path, run: Run) -> None:
    code, _, err = run("render-report", ENGLAND, "--format", "md", "--today", "2027-02-01")
    assert code == 0, err
    [path] = (practice / f"cases/{ENGLAND}/out").glob("*.md")
    assert "This assessment held until 1 December 2026." in path.read_text("utf-8")
