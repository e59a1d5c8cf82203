"""What each reader sees of a case: one table, the view it gives, and the copies made from it."""

import re
from io import BytesIO
from pathlib import Path

import page
import pypdf
import pytest

from arpc import audiences, copying, loading
from arpc.audiences import AUDIENCES, Reader
from arpc.document import markdown
from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.records import Statement
from arpc.reporting import catalogue, rendering
from arpc.service import open_service
from tests.conftest import ENGLAND, EXAMPLES, SCOTLAND, TODAY, Run, change
from tests.test_leaks import every_copy
from tests.test_reports import source_of, words_of

GOLDEN = Path(__file__).parent / "golden" / "copies"
PEOPLE = {
    "people/P-01.yaml": "name: A\nroles: [man]\n",
    "people/P-02.yaml": "name: B\nroles: [protective_carer]\n",
    "people/P-03.yaml": "name: C\nroles: [child]\nborn: 2017-12-05\n",
}


def as_of(name: str) -> AsOf:
    return AsOf(
        loading.load(EXAMPLES / "cases" / name, name).file, TODAY, open_service(EXAMPLES).service
    )


def reads(statement: str, reader: Reader, make_case, *, record: str = "", shows: str = "") -> bool:
    """Whether a reader may read what a child said in a session."""
    loaded = make_case(
        {
            **PEOPLE,
            "sessions/N-001.yaml": f"with: child\nwho: [P-03]\n{record}statements:\n"
            f"  - id: S1\n    said: I like Sundays.\n{statement}",
            "analysis/J-01.yaml": f"copies:\n  - for: {reader.person or 'police'}\n    shows: [{shows}]\n",
        }
    )
    [said] = loaded.file.statements()
    assert isinstance(said, Statement)
    return audiences.may_read(said, reader, audiences.shown(loaded.file, reader))


MAN, CARER, CHILD = (
    Reader(AUDIENCES[name], who)
    for name, who in (("man", "P-01"), ("carer", "P-02"), ("child", "P-03"))
)
REFERRER, CONFERENCE, COURT, POLICE = (
    Reader(AUDIENCES[name]) for name in ("referrer", "conference", "court", "police")
)
BY = ("--approved-by", "JM", "--as", "LK")
EVERYBODY = (REFERRER, CONFERENCE, COURT, POLICE, MAN, CARER, CHILD)


@pytest.mark.parametrize(
    ("statement", "record", "shows", "by"),
    [
        ("", "", "", (REFERRER, CONFERENCE, COURT, POLICE, CHILD)),
        ("    share: professionals_only\n", "", "", (REFERRER, CONFERENCE, COURT, POLICE, CHILD)),
        ("    share: referrer_only\n", "", "", (REFERRER,)),
        ("    share: any\n", "", "", EVERYBODY),
        ("    share: none\n", "", "", ()),
        ("    share: any\n    not_for: [man]\n", "", "", tuple(r for r in EVERYBODY if r != MAN)),
        (
            "    share: any\n    not_for: [P-02]\n",
            "",
            "",
            tuple(r for r in EVERYBODY if r != CARER),
        ),
        ("    not_for: [court]\n", "", "", (REFERRER, CONFERENCE, POLICE, CHILD)),
        (
            "    share: any\n",
            "not_for: [P-01, child]\n",
            "",
            (REFERRER, CONFERENCE, COURT, POLICE, CARER),
        ),
        ("", "", "N-001#S1", EVERYBODY),
        ("    share: referrer_only\n", "", "N-001#S1", (REFERRER,)),
        (
            "    not_for: [carer]\n",
            "",
            "N-001#S1",
            (REFERRER, CONFERENCE, COURT, POLICE, MAN, CHILD),
        ),
        ("    share: none\n", "", "N-001#S1", ()),
    ],
)
def test_who_may_read_what_a_child_said(make_case, statement, record, shows, by) -> None:
    may = tuple(r for r in EVERYBODY if reads(statement, r, make_case, record=record, shows=shows))
    assert may == by


def test_who_sees_what_is_one_table(golden) -> None:
    rows = [
        f"{a.name:<11} {'family' if a.is_family else 'professional':<13}"
        f"{'names' if a.sees_names else 'aliases':<8} {', '.join(sorted(a.shares))}"
        for a in AUDIENCES.values()
    ]
    kinds = [f"{kind:<11} {', '.join(makers)}" for kind, makers in catalogue.KINDS.items()]
    golden(GOLDEN / "audiences.txt", "\n".join([*rows, "", *kinds, ""]))


@pytest.mark.parametrize(
    ("name", "audience"),
    [
        (ENGLAND, "man"),
        (SCOTLAND, "carer"),
        (ENGLAND, "police"),
        (ENGLAND, "supervisor"),
        (SCOTLAND, "conference"),
    ],
)
def test_a_copy_is_read_in_review(name: str, audience: str, golden) -> None:
    whole = as_of(name)
    reader = audiences.reader_of(whole.file, audience)
    made = catalogue.make(whole, "assessment", reader=reader)
    text = rendering.render(made.report, made.template, ("md",), copying.pictures(made))["md"]
    golden(GOLDEN / f"{audience}-{'england' if name == ENGLAND else 'scotland'}.md", text.decode())


@pytest.mark.parametrize(("name", "child"), [(ENGLAND, "P-03"), (SCOTLAND, "P-03")])
def test_a_letter_holds_what_was_written_for_the_child_and_nothing_else(
    name: str, child: str, golden
) -> None:
    whole = as_of(name)
    reader = audiences.reader_of(whole.file, "child", child)
    made = catalogue.make(whole, "assessment", reader=reader)
    text = rendering.render(made.report, made.template, ("md",))["md"].decode()
    golden(GOLDEN / f"letter-{'england' if name == ENGLAND else 'scotland'}.md", text)
    [letter] = whole.file.analysis.letters  # type: ignore[union-attr]
    for key in ("met", "you_said", "i_said", "kept", "next", "tell"):
        assert " ".join(str(letter.data[key]).split()) in " ".join(text.split())


@pytest.mark.one_in(5)
@pytest.mark.parametrize(
    ("name", "kind", "reader"),
    every_copy(),
    ids=lambda value: value if isinstance(value, str) else f"{value.audience.name}{value.person}",
)
def test_every_copy_is_accessible_archival_and_holds_every_word(
    name: str, kind: str, reader: Reader, tmp_path: Path
) -> None:
    try:
        made, forms = copying.copy(as_of(name), kind, reader=reader, forms=("pdf",))
    except ArpcError as error:
        assert str(error).startswith(("there is no", "no letter", "no extract"))
        return
    path = tmp_path / "copy.pdf"
    path.write_bytes(forms["pdf"])
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        found = str(page.validate_pdf(path, profile=profile))
        assert not re.findall(r"^\[(?!PDFA2A-STREAM-LENGTH-001).*", found, re.MULTILINE)
    printed = words_of(forms["pdf"])
    plain = markdown.plain_text(markdown.parse(source_of(made)))
    assert [word for word in plain.replace(" | ", " ").split() if word not in printed] == []
    first = pypdf.PdfReader(BytesIO(forms["pdf"])).pages[0].extract_text()
    assert made.report.matter.marking in first and made.report.matter.status in first


def test_what_a_copy_leaves_out_is_said_and_listed_for_the_supervisor(
    practice: Path, run: Run
) -> None:
    code, out, err = run("render-report", ENGLAND, "--audience", "conference", "--format", "md")
    assert code == 0, err
    assert "left out of this copy: 3 things; `--audience supervisor` lists what and why" in out
    run("render-report", ENGLAND, "--audience", "supervisor", "--format", "md")
    text = (practice / f"cases/{ENGLAND}/out/{ENGLAND}-review-supervisor.md").read_text("utf-8")
    assert (
        "| conference | D-05#S3, N-002#S3, N-011#S4 | for the referring professionals only |"
        in text
    )


def test_a_withheld_statement_is_covered_and_a_withheld_record_is_not_there(practice: Path) -> None:
    folder = practice / "cases" / SCOTLAND
    change(folder / "sessions/N-011.yaml", "alone: yes", "alone: yes\nnot_for: [conference]")
    change(folder / "sessions/N-002.yaml", "    said:", "    share: none\n    said:")
    file = loading.load(folder, SCOTLAND).file
    seen, left = audiences.view(file, CONFERENCE)
    assert "N-011" not in {record.id for record in seen.records}
    assert seen.places["N-002#S1"].data["said"] == audiences.WITHHELD
    assert {"N-011", "N-002#S1"} <= {entry.what for entry in left}


def test_a_person_whom_the_reader_may_not_know_has_an_alias_and_nothing_else() -> None:
    file = as_of(ENGLAND).file
    chloe = audiences.view(file, MAN).file.person("P-07")
    assert chloe is not None
    assert (chloe.name, chloe.born_text, chloe.background) == ("Young person C", "", "")
    assert chloe.relations == ()


def test_where_people_live_and_how_they_are_reached_is_in_no_view() -> None:
    file = as_of(ENGLAND).file
    for reader in audiences.readers(file):
        seen = audiences.view(file, reader).file
        own = [p.id for p in seen.people if p.reached]
        assert own == ([] if reader.audience.is_family else own)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--audience", "court"], "no court has given permission for this report"),
        (["--audience", "child"], "whom is the copy for a child for? this case has 2 of them"),
        (["--audience", "child", "--for", "P-02"], "P-02 is no child here"),
        (["--audience", "child", "--for", "P-04"], "no letter is written for P-04"),
        (["--audience", "conference", "--for", "P-02"], "is for no one person"),
        (
            ["--audience", "man", "--kind", "chronology"],
            "there is no chronology report for the man",
        ),
        (["--audience", "police", "--of", "X7"], "there is no extract X7"),
        (["--of", "J-07"], "there is no analysis J-07"),
        (
            ["--audience", "man", "--as-known-on", "2026-06-01"],
            "only the assessment report is made",
        ),
    ],
)
def test_a_copy_that_cannot_be_made_says_why_and_what_to_do(
    practice: Path, run: Run, words, said
) -> None:
    found = run("render-report", ENGLAND, *words)
    assert (found.code, said in found.err, "hint:" in found.err) == (2, True, True), found.err
    assert not (practice / f"cases/{ENGLAND}/out").exists()


def test_the_court_has_its_copy_where_it_ordered_one_and_the_expert_wrote_what_it_asks(
    practice: Path, run: Run
) -> None:
    case = practice / f"cases/{ENGLAND}/case.yaml"
    with case.open("a", encoding="utf-8") as file:
        file.write("\ncourt:\n  issued: 2026-04-07\n  ordered: yes\n  permission: 2026-04-20\n")
    out = practice / f"cases/{ENGLAND}/out/{ENGLAND}-assessment-court-DRAFT.md"
    code, _, err = run("render-report", ENGLAND, "--audience", "court", "--format", "md")
    assert code == 0, err
    text = out.read_text("utf-8")
    assert "# The expert's statements" in text and "Permission given | 20 April 2026" in text
    refused = run("issue-report", ENGLAND, "--audience", "court", *BY)
    wanted = "instructed_by, instructions, range, conflicts, duty, truth"
    assert (refused.code, wanted in refused.err) == (2, True), refused
    with case.open("a", encoding="utf-8") as file:
        file.writelines(f"  {key}: Written.\n" for key in wanted.split(", "))
    issued = run("issue-report", ENGLAND, "--audience", "court", *BY)
    assert issued.code == 0, issued


def test_copies_are_issued_of_what_stands_and_each_replaces_only_its_own(
    practice: Path, run: Run
) -> None:
    folder = practice / f"cases/{ENGLAND}"
    early = run("issue-report", ENGLAND, "--audience", "man", *BY)
    assert (early.code, "nothing yet to make a copy of" in early.err) == (2, True)
    for words in ([], ["--audience", "man"], ["--audience", "carer"], ["--audience", "man"]):
        code, out, err = run("issue-report", ENGLAND, *words, *BY)
        assert code == 0, out + err
    reports = loading.load(folder, "").file.reports
    assert [(r.id, r.audience, r.reader, r.version, r.status) for r in reports] == [
        ("R-01", "referrer", "", 1, "final"),
        ("R-02", "man", "P-01", 1, "superseded"),
        ("R-03", "carer", "P-02", 1, "final"),
        ("R-04", "man", "P-01", 1, "final"),
    ]
    assert [c.who for c in reports[2].issued_to] == ["P-02"]
    first = loading.load(folder, "").file.first_issue
    assert first is not None and first.id == "R-01"
    assert run("validate", ENGLAND).code == 0


def test_a_copy_is_not_issued_without_the_words_that_open_it(practice: Path, run: Run) -> None:
    assert run("issue-report", ENGLAND, *BY).code == 0
    change(practice / f"cases/{ENGLAND}/analysis/J-01.yaml", "  - for: P-01", "  - for: police")
    found = run("issue-report", ENGLAND, "--audience", "man", *BY)
    assert (found.code, "no words for P-01 to open this copy" in found.err) == (2, True)


def test_a_letter_is_not_issued_before_it_says_all_that_it_must(practice: Path, run: Run) -> None:
    assert run("issue-report", ENGLAND, *BY).code == 0
    analysis = practice / f"cases/{ENGLAND}/analysis/J-01.yaml"
    text = analysis.read_text("utf-8")
    start, end = text.index("    kept: |"), text.index("    next: |")
    analysis.write_text(text[:start] + text[end:], "utf-8")
    found = run("issue-report", ENGLAND, "--audience", "child", "--for", "P-03", *BY)
    assert (found.code, "the letter for P-03 lacks kept" in found.err) == (2, True), found


def test_a_report_on_a_replaced_analysis_says_so_on_every_page(practice: Path, run: Run) -> None:
    code, _, err = run("render-report", SCOTLAND, "--of", "J-01", "--format", "pdf")
    assert code == 0, err
    path = practice / f"cases/{SCOTLAND}/out/{SCOTLAND}-assessment-J-01.pdf"
    sheets = pypdf.PdfReader(path).pages
    assert "was replaced by J-02, of 14 March 2024" in sheets[0].extract_text().replace("\n", " ")
    assert all("SUPERSEDED" in sheet.extract_text() for sheet in sheets)


def test_an_analysis_that_a_reader_may_not_read_is_not_passed_over_for_an_older_one(
    practice: Path, run: Run
) -> None:
    change(
        practice / f"cases/{SCOTLAND}/analysis/J-02.yaml",
        "status: final",
        "status: final\nnot_for: [conference]",
    )
    found = run("render-report", SCOTLAND, "--audience", "conference")
    assert (found.code, "J-02 is marked as not for conference" in found.err) == (2, True)


@pytest.mark.parametrize(("audience", "code"), [("man", 2), ("conference", 2), ("supervisor", 0)])
def test_while_a_record_cannot_be_read_nobody_knows_what_it_withholds(
    practice: Path, run: Run, audience: str, code: int
) -> None:
    change(practice / f"cases/{ENGLAND}/people/P-07.yaml", "name: Chloe Pell", "name: [Chloe Pell")
    found = run("render-report", ENGLAND, "--audience", audience, "--format", "md")
    assert found.code == code, found
    assert code == 0 or "P-07.yaml cannot be relied on: what it withholds is not known" in found.err


@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_audience_explains_itself(audience: str, run: Run) -> None:
    code, out, _ = run("explain", audience)
    assert code == 0
    assert out.startswith(f"{audience}: a copy for {AUDIENCES[audience].who}\n")
    assert f"  arpc render-report C-FK --audience {audience}" in out
