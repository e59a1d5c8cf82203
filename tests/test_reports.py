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

from arpc import audiences, copying, due, loading, meaning
from arpc.document import markdown, templating, tree
from arpc.provisions import AsOf
from arpc.reporting import after, catalogue, rendering
from arpc.resources import folder as shipped
from arpc.service import Service, open_service
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


def source_of(made: catalogue.Made) -> str:
    pictures = {"family": (), "course": (), **copying.pictures(made)}
    folder = shipped("templates")
    return templating.render([folder], made.template, report=made.report, pictures=pictures)


def text_of(made: catalogue.Made) -> str:
    pictures = copying.pictures(made)
    return rendering.render(made.report, made.template, ("md",), pictures)["md"].decode()


@every_case
def test_every_section_is_there_in_order(name: str) -> None:
    assert numbered(source_of(catalogue.make(as_of(name), "assessment"))) == SECTIONS


def test_a_case_that_has_only_begun_has_the_same_sections(make_case) -> None:
    loaded = make_case({"people/P-01.yaml": "name: A\nroles: [man]\n"})
    service = open_service(EXAMPLES).service
    made = catalogue.make(AsOf(loaded.file, TODAY, service), "assessment")
    assert numbered(source_of(made)) == SECTIONS


@pytest.mark.parametrize(
    ("name", "kind", "of"),
    [
        (ENGLAND, "assessment", ""),
        (SCOTLAND, "assessment", ""),
        (ENGLAND, "chronology", ""),
        (SCOTLAND, "chronology", ""),
        (SCOTLAND, "follow-up", "F-02"),
        (SCOTLAND, "follow-up", "F-04"),
        (SCOTLAND, "treatment", ""),
    ],
)
def test_the_pdf_is_accessible_archival_and_holds_every_word_of_the_markdown(
    name: str, kind: str, of: str, practice: Path, run: Run
) -> None:
    code, out, err = run("render-report", name, "--kind", kind, *(["--of", of] if of else []))
    assert code == 0, err
    made = catalogue.make(as_of(name), kind, of)
    pdf_path = practice / f"cases/{name}/out/{name}-{made.name}.pdf"
    assert f"wrote {pdf_path.relative_to(practice).as_posix()}" in out
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        found = str(page.validate_pdf(pdf_path, profile=profile))
        # The validator takes a last byte of compressed data for a line end if it looks like one.
        assert not re.findall(r"^\[(?!PDFA2A-STREAM-LENGTH-001).*", found, re.MULTILINE)
    pdf = pdf_path.read_bytes()
    printed = words_of(pdf)
    plain = markdown.plain_text(markdown.parse(source_of(made)))
    lost = [word for word in plain.replace(" | ", " ").split() if word not in printed]
    assert lost == []
    first = pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text()
    for words in ("CONFIDENTIAL: CHILD PROTECTION", made.report.matter.status, "Practice record"):
        assert words in first


@every_case
def test_the_assessment_is_a_draft_that_says_how_long_it_holds(
    name: str, practice: Path, run: Run
) -> None:
    run("render-report", name, "--format", "pdf")
    sheets = pypdf.PdfReader(practice / f"cases/{name}/out/{name}-assessment-DRAFT.pdf").pages
    assert len(sheets) >= 8
    first = sheets[0].extract_text()
    assert "DRAFT" in first and "Valid until" in first


def test_the_same_case_on_the_same_day_gives_the_same_bytes_in_any_process(
    practice: Path, run: Run
) -> None:
    forms = ("md", "html", "pdf", "docx")
    run("render-report", SCOTLAND, *(f"--format={form}" for form in forms))
    folder = practice / f"cases/{SCOTLAND}/out"
    before = {path.suffix: path.read_bytes() for path in folder.iterdir()}
    environment = {**os.environ, "PYTHONHASHSEED": "11", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    words = ["-m", "arpc", "render-report", SCOTLAND, *(f"--format={form}" for form in forms)]
    subprocess.run([sys.executable, *words], env=environment, check=True, capture_output=True)
    assert {path.suffix: path.read_bytes() for path in folder.iterdir()} == before
    assert set(before) == {".md", ".html", ".pdf", ".docx"}


def test_the_report_of_the_scottish_case_is_read_in_review(golden) -> None:
    text = text_of(catalogue.make(as_of(SCOTLAND), "assessment"))
    golden(GOLDEN / "assessment-scotland.md", text)


@pytest.mark.parametrize(("kind", "of"), [("follow-up", "F-03"), ("treatment", "T-01")])
def test_what_came_after_is_read_in_review(golden, kind: str, of: str) -> None:
    golden(GOLDEN / f"{kind}-scotland.md", text_of(catalogue.make(as_of(SCOTLAND), kind, of)))


def test_a_treatment_that_only_began_says_what_is_not_there(make_case) -> None:
    loaded = make_case(
        {
            "people/P-01.yaml": "name: A\nroles: [man]\n",
            "treatment/T-01.yaml": "who: P-01\noffer: accepted\ngoals:\n  - id: G1\n"
            "    text: Ring somebody.\n    targets: J-01#F9\n",
        }
    )
    text = text_of(catalogue.make(AsOf(loaded.file, TODAY, Service()), "treatment"))
    assert "| State | accepted, no end recorded |" in text and "No meeting is recorded." in text
    assert "| Works on | not found (J-01#F9) |" in text
    assert "| At the last meeting that touched it | not recorded |" in text
    assert "None recorded." in text


FAMILY = {
    "people/P-01.yaml": "name: Adam\nroles: [man]\n",
    "people/P-02.yaml": "name: Berta\nroles: [protective_carer]\n",
    "people/P-03.yaml": "name: Carla\nroles: [child]\n",
    "people/P-04.yaml": "name: Mrs Okafor\nroles: [professional]\n",
}


def fact_in(text: str, label: str) -> str:
    [line] = [line for line in text.splitlines() if line.startswith(f"| {label} |")]
    return line


@pytest.mark.parametrize(
    ("positions", "status", "said"),
    [
        ("", "final", "not recorded; see N-001#S1[^1] |"),
        ("positions:\n  - {who: P-01}\n", "final", "not recorded; see N-001#S1[^1] |"),
        ("", "draft", "not recorded |"),
        (
            "positions:\n  - {who: P-01, position: denies, date: 2026-03-01}\n",
            "final",
            "denies (1 March 2026) |",
        ),
        ("positions:\n  - {who: P-01, position: denies}\n", "final", "denies (no day recorded) |"),
        (
            "positions:\n  - {who: P-01, position: not_asked, date: 2026-03-01, from: N-001#S2}\n",
            "final",
            "not asked (1 March 2026)[^1] |",
        ),
    ],
)
def test_a_position_is_what_is_recorded_as_one_and_what_was_said_is_named(
    make_case, positions: str, status: str, said: str
) -> None:
    answer = "  - {id: S1, said: She has it in for me., basis: A-01}\n"
    other = "  - {id: S2, said: I like fishing.}\n  - {id: S3, by: P-02, said: No., basis: A-01}\n"
    loaded = make_case(
        {
            **FAMILY,
            "basis/A-01.yaml": f"what: Touching.\n{positions}",
            "sessions/N-001.yaml": f"status: {status}\nwith: man\nwho: [P-01]\n"
            f"statements:\n{answer}{other}",
        }
    )
    text = text_of(catalogue.make(AsOf(loaded.file, TODAY, Service()), "assessment"))
    assert fact_in(text, "His position") == f"| His position | {said}"
    carers = "not recorded; see N-001#S3" if status == "final" else "not recorded"
    assert carers in fact_in(text, "Carers' position")
    assert "[^1]: N-001#" in text or "[^1]" not in said


def test_how_an_allegation_is_treated_and_why_are_told_apart(make_case) -> None:
    loaded = make_case(
        {
            **FAMILY,
            "basis/A-01.yaml": "what: Touching.\n",
            "basis/A-02.yaml": "what: Words.\n",
            "analysis/J-01.yaml": "facts:\n  - {basis: A-01, treated_as: alleged}\n"
            "  - {basis: A-02, why: Nobody has found it.}\n",
        }
    )
    text = text_of(catalogue.make(AsOf(loaded.file, TODAY, Service()), "assessment"))
    first, second = text.split("| A-01: not recorded |")[1].split("| A-02: not recorded |")
    assert "| Treated here | as alleged |\n| Why so | not recorded |" in first
    assert "| Treated here | not recorded |\n| Why so | Nobody has found it. |" in second


@pytest.mark.parametrize(
    ("judgements", "until"),
    [
        ("  - {id: J1, child: P-03, valid_until: 2026-08-31}\n", "31 August 2026"),
        ("  - {id: J1, child: P-03, valid_until: 2027-05-31}\n", "31 May 2027"),
        (
            "  - {id: J1, child: P-03, valid_until: 2027-05-31}\n  - {id: J2, child: P-03}\n",
            "4 September 2026",
        ),
        ("", "4 September 2026"),
    ],
)
def test_every_copy_of_a_report_holds_until_the_same_day(
    make_case, judgements: str, until: str
) -> None:
    shows = "copies:\n  - {for: P-01, summary: We looked.}\n  - {for: P-02, shows: [J2]}\n"
    letters = "letters:\n  - {child: P-03, met: I am LK.}\n"
    made = f"judgements:\n{judgements}{shows}{letters}carers:\n  - {{who: P-02}}\n"
    loaded = make_case({**FAMILY, "analysis/J-01.yaml": made})
    view = AsOf(loaded.file, TODAY, Service())
    copies = {
        str(reader): catalogue.make(view, "assessment", reader=reader).report.matter.valid_until
        for reader in audiences.readers(view.file)
        if reader.audience.name in ("referrer", "conference", "man", "carer")
    }
    assert set(copies.values()) == {until}
    assert len(copies) == 4


def test_what_has_no_date_stands_last_in_the_chronology_in_the_words_of_its_record(
    make_case,
) -> None:
    loaded = make_case(
        {
            **FAMILY,
            "basis/A-01.yaml": "happened: early summer of 2019\n",
            "basis/A-02.yaml": 'happened: "2019-06"\nbasis_status: convicted\n',
            "basis/A-03.yaml": "happened: June 2019\nfirst_told: To her aunt.\n"
            "positions:\n  - {who: P-01, position: denies}\n",
            "basis/A-04.yaml": 'happened: "2019-02-31"\n',
            "analysis/J-01.yaml": "turning_points:\n  - {at: A-03, meaning: It was out.}\n",
        }
    )
    view = AsOf(loaded.file, TODAY, Service())
    text = text_of(catalogue.make(view, "chronology"))
    dated, undated = text.split("*Table: Without a date that can be placed*")
    assert "| June 2019 | A-02 happened | A-02 |" in dated
    assert [line for line in undated.splitlines() if "A-0" in line] == [
        "| early summer of 2019 | A-01 is said to have happened | A-01 |",
        "| not recorded | A-03 first told: To her aunt. | A-03 |",
        "| June 2019 | A-03 is said to have happened | A-03 |",
        "| not recorded | Adam on A-03: denies | A-03 |",
        "| 2019-02-31 | A-04 is said to have happened | A-04 |",
    ]
    whole = text_of(catalogue.make(view, "assessment"))
    assert whole.count("early summer of 2019 | A-01 is said to have happened") == 1  # annex A
    chosen = text_of(catalogue.make(view, "chronology", "J-01"))
    assert "| not recorded | A-03 first told: To her aunt. | It was out. | A-03 |" in chosen


@pytest.mark.parametrize(
    ("present", "said"),
    [
        (
            "[{who: P-04, why: Adam knows her and she sat by the door.}]",
            "not alone: Mrs Okafor (P-04) was there: Adam knows her and she sat by the door",
        ),
        ("[{who: P-04, until: '15:25'}]", "not alone: Mrs Okafor (P-04) was there until 15:25"),
        (
            "[{who: LK}, {who: a teacher, why: she asked}]",
            "not alone: LK was there; a teacher was there: she asked",
        ),
        ("", "not alone"),
    ],
)
def test_who_else_was_there_is_named_before_why(make_case, present: str, said: str) -> None:
    session = f"with: child\nwho: [P-03]\nwhere: school\nalone: no\npresent: {present}\n"
    loaded = make_case({**FAMILY, "sessions/N-001.yaml": session})
    text = text_of(catalogue.make(AsOf(loaded.file, TODAY, Service()), "assessment"))
    assert f"**Seen:** 4 March 2026 at school, {said}.\n" in text
    assert f"| Carla | session with a child | school; {said} |" in text


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "None recorded."),
        (1, "Held once, on 4 March 2026."),
        (2, "Held twice, last on 4 March 2026."),
        (3, "Held 3 times, last on 4 March 2026."),
    ],
)
def test_how_often_a_case_was_supervised_is_said_in_words(make_case, count: int, said: str) -> None:
    loaded = make_case(
        {f"supervision/V-0{n}.yaml": "note: We talked.\n" for n in range(1, count + 1)}
    )
    assert after.supervision(AsOf(loaded.file, TODAY, Service())) == said


def test_the_last_follow_up_that_ended_is_reported_on_where_none_is_named(make_case) -> None:
    lost = "point: meeting_3y\nnot_done: lost\nnot_done_why: Nobody answers.\nagreed_by: JM\n"
    loaded = make_case(
        {
            "followups/F-01.yaml": "date: 2024-03-04\nstatus: final\npoint: referrer_12m\n"
            "done: 2024-03-04\nharm: allegation\n",
            "followups/F-02.yaml": f"date: 2026-03-04\nstatus: final\n{lost}",
            "followups/F-03.yaml": "date: 2026-06-01\npoint: meeting_5y\n",
        }
    )
    view = AsOf(loaded.file, TODAY, open_service(EXAMPLES).service)
    made = catalogue.make(view, "follow-up")
    assert made.name == "follow-up-F-02"
    text = text_of(made)
    assert "Reason: lost. Nobody answers. Agreed by Judith Mensah." in text
    assert "**The most serious thing known:** not recorded." in text
    assert "A conviction: not recorded" in text
    assert "4 March 2024 | an allegation" in text
    named = catalogue.make(view, "follow-up", "F-03")
    assert (named.name, named.report.matter.status) == ("follow-up-F-03-DRAFT", "DRAFT")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--kind", "follow-up", "--of", "F-09"], "there is no follow-up F-09"),
        (["--kind", "treatment", "--of", "T-02"], "there is no treatment T-02"),
        (["--kind", "chronology", "--of", "F-01"], "one report of this kind"),
        (["--of", "F-01"], "one report of this kind"),
    ],
)
def test_a_report_of_what_is_not_there_says_so(practice: Path, run: Run, words, said) -> None:
    found = run("render-report", SCOTLAND, *words)
    assert (found.code, said in found.err) == (2, True)


@pytest.mark.parametrize(
    ("ended", "meeting"),
    [("", "3 years after treatment ends"), ("ended: 2025-05-30\n", "30 May 2028")],
)
def test_meetings_that_wait_for_the_end_of_treatment_are_planned_from_it(
    make_case, ended: str, meeting: str
) -> None:
    loaded = make_case(
        {
            "case.yaml": "nation: england\nlead: LK\nfollow_up_from: treatment_ended\n",
            "reports/R-01.yaml": "date: 2024-03-04\nstatus: final\ntype: assessment\n",
            "treatment/T-01.yaml": f"date: 2024-06-03\noffer: accepted\n{ended}",
        }
    )
    rows = after.follow_ups(AsOf(loaded.file, TODAY, Service()), is_draft=False)
    planned = [row.cells[1] for row in rows]
    assert planned[2:4] == ["4 March 2025", meeting]


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


def test_a_service_has_its_own_letterhead_and_templates(practice: Path, run: Run) -> None:
    own = practice / "templates"
    own.mkdir()
    (own / "letterhead.md.j2").write_text("Larkfield, by the reservoir\n\n", "utf-8")
    (own / "chronology.md.j2").write_text("{{ report.events | length }}\n", "utf-8")
    assert run("render-report", SCOTLAND, "--format", "md").code == 0
    [path] = (practice / f"cases/{SCOTLAND}/out").glob("*.md")
    assert "Larkfield, by the reservoir" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ report.eventz }}\n", "template chronology.md.j2, line 1: report has no eventz"),
        (
            "{% if report.events == 7 %}\n{{ report.name }}\n{% endif %}\n",
            "line 2: report has no name",
        ),
        ("{% for e in report.events %}{{ e.when }}{% endfor %}\n", "has no attribute 'when'"),
    ],
)
def test_a_template_that_names_an_unknown_field_is_an_error_before_it_prints(
    practice: Path, run: Run, text: str, said: str
) -> None:
    (practice / "templates").mkdir()
    (practice / "templates/chronology.md.j2").write_text(text, "utf-8")
    found = run("render-report", SCOTLAND, "--kind", "chronology")
    assert (found.code, said in found.err) == (2, True), found
    assert not (practice / f"cases/{SCOTLAND}/out").exists()


def test_a_chronology_is_made_in_full_or_as_the_practitioner_chose_it_with_what_it_meant() -> None:
    view = as_of(ENGLAND)
    chosen = catalogue.make(view, "chronology", "J-01")
    assert chosen.name == "chronology-J-01"
    text = text_of(chosen)
    assert (
        "| 23 April 2026 | Concern passed on: contact breach | Ruby told when she had been" in text
    )
    assert text.count("\n| ") < text_of(catalogue.make(view, "chronology")).count("\n| ")
    whole = text_of(catalogue.make(view, "assessment"))
    assert "Ruby told when she had been asked not to." in whole


def test_a_chronology_of_an_analysis_that_chose_nothing_says_so(practice: Path, run: Run) -> None:
    found = run("render-report", SCOTLAND, "--kind", "chronology", "--of", "J-01")
    assert (found.code, "no turning points are chosen in J-01" in found.err) == (2, True)
