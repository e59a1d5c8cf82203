"""What was added to a final record is printed with what it is about, and only for who may read that."""

from pathlib import Path

import pytest

from arpc import audiences, copying, loading
from arpc.audiences import AUDIENCES, REFERRER, Reader
from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.reporting import added, catalogue
from arpc.service import Service
from tests.conftest import TODAY
from tests.test_reports import text_of

STATEMENTS = """\
status: final
with: child
who: [P-03]
statements:
  - id: S1
    said: He comes in to say good night when the light is off.
    share: any
  - id: S2
    said: I have not told my mum about the other thing yet.
    not_for: [conference]
"""
OF_ONE = """\
amendments:
  - date: 2026-04-24
    by: LK
    about: [S1]
    what: She said that this was at the other house.
    why: The tape was heard again.
"""
OF_BOTH = OF_ONE.replace("[S1]", "[S1, S2]")
OF_ALL = OF_ONE.replace("    about: [S1]\n", "")
LINE = "Added on 24 April 2026 by LK: She said that this was at the other house (The tape was heard again)."
CASE = {
    "people/P-01.yaml": "name: Adam\nroles: [man]\n",
    "people/P-02.yaml": "name: Berta\nroles: [protective_carer]\n",
    "people/P-03.yaml": "name: Carla\nroles: [child]\n",
    "people/P-04.yaml": "name: Dora\nroles: [referrer]\n",
    "analysis/J-01.yaml": "factors:\n  - id: F1\n    kind: risk\n    text: He has the evenings.\n"
    "    rests_on: [N-001#S1]\ncopies:\n"
    "  - {for: P-01, summary: We looked., shows: [N-001#S1, F1]}\n",
}
MAN, CARER, CONFERENCE = (
    Reader(AUDIENCES["man"], "P-01"),
    Reader(AUDIENCES["carer"], "P-02"),
    Reader(AUDIENCES["conference"]),
)


@pytest.fixture
def case(make_case):
    def make(records: dict[str, str]) -> AsOf:
        loaded = make_case({**CASE, **records})
        assert not loaded.file.damaged
        return AsOf(loaded.file, TODAY, Service())

    return make


def copy_for(as_of: AsOf, reader: Reader) -> str:
    return text_of(catalogue.make(as_of, "assessment", reader=reader))


def test_what_was_added_about_a_statement_stands_below_its_words(case) -> None:
    text = copy_for(case({"sessions/N-001.yaml": STATEMENTS + OF_ONE}), REFERRER)
    after = text.split("when the light is off. (S1)")[1]
    assert after.lstrip("\n >").split("\n")[0].endswith(f"*{LINE}*")
    assert text.count(LINE) == 1


def test_what_was_added_about_words_printed_in_the_index_alone_stands_there(case) -> None:
    session = STATEMENTS.replace("who: [P-03]", "who: [P-04]").replace("child", "agency")
    text = copy_for(case({"sessions/N-001.yaml": session + OF_ONE}), REFERRER)
    [row] = [line for line in text.splitlines() if line.startswith("| N-001#S1 |")]
    assert LINE in row


def test_what_was_added_about_a_whole_session_stands_with_it_wherever_it_is_named(case) -> None:
    text = copy_for(case({"sessions/N-001.yaml": STATEMENTS + OF_ALL}), REFERRER)
    meetings, children, index = (
        text.split(f"\n# {title}")[1].split("\n# ")[0]
        for title in ("What this assessment rests on", "The children", "Annex B")
    )
    assert LINE in meetings and LINE in children
    assert f"| N-001 | session with a child, 4 March 2026 | added later | {LINE} |" in index


@pytest.mark.parametrize(
    ("name", "record", "section"),
    [
        ("documents/D-01.yaml", "title: Log\nreceived: 2026-03-01\n", "What this assessment rests"),
        ("basis/A-01.yaml", "what: Touching.\n", "Facts and their status"),
        ("people/P-02.yaml", "name: Berta\nroles: [protective_carer]\n", "The carers"),
        ("people/P-03.yaml", "name: Carla\nroles: [child]\n", "The children"),
        ("people/P-04.yaml", "name: Dora\nroles: [referrer]\n", "Family and household"),
        ("consents/K-01.yaml", "who: P-01\n", "What this assessment rests"),
        ("escalations/E-01.yaml", "type: other\n", "Family and household"),
        ("arrangements/L-01.yaml", "type: contact\nchild: P-03\n", "Family and household"),
        ("referral.yaml", "reason: Ask.\n", "Who asked"),
    ],
)
def test_what_was_added_to_a_record_stands_where_the_record_is_printed(
    case, name: str, record: str, section: str
) -> None:
    text = copy_for(case({name: f"status: final\n{record}{OF_ALL}"}), REFERRER)
    assert LINE in text.split(f"\n# {section}")[1].split("\n# ")[0]


def test_what_was_added_to_an_entry_of_the_analysis_stands_with_it(case) -> None:
    about = OF_ALL.replace("    what", "    about: [F1]\n    what")
    analysis = CASE["analysis/J-01.yaml"] + about
    session = {"sessions/N-001.yaml": STATEMENTS}
    text = copy_for(case({"analysis/J-01.yaml": analysis, **session}), REFERRER)
    assert f"He has the evenings. \\[{LINE}]" in text


@pytest.mark.parametrize(
    ("added", "reader", "is_shown"),
    [
        (OF_ONE, REFERRER, True),
        (OF_ONE, CONFERENCE, True),
        (OF_ONE, MAN, True),  # the statement is shown to him by name
        (OF_ALL, REFERRER, True),
        (OF_ALL, CONFERENCE, True),
        (OF_ALL, MAN, False),  # he sees one statement of it, not the whole
        (OF_ALL, CARER, False),
        (OF_BOTH, REFERRER, True),
        (OF_BOTH, CONFERENCE, False),  # S2 is not for the conference
        (OF_BOTH, MAN, False),
        (OF_BOTH, CARER, False),
    ],
)
def test_an_addition_is_shown_to_whom_all_that_it_is_about_is_shown(
    case, added: str, reader: Reader, is_shown: bool
) -> None:
    as_of = case({"sessions/N-001.yaml": STATEMENTS + added})
    assert ("at the other house" in copy_for(as_of, reader)) == is_shown
    left = [entry.what for entry in audiences.view(as_of.file, reader).left]
    assert is_shown or "N-001" in left


def test_the_supervisors_and_the_childs_copies_show_no_addition(case) -> None:
    letter = "letters:\n  - {child: P-03, met: I am LK.}\n"
    as_of = case(
        {
            "sessions/N-001.yaml": STATEMENTS + OF_ALL,
            "analysis/J-01.yaml": CASE["analysis/J-01.yaml"] + letter,
        }
    )
    for reader in (Reader(AUDIENCES["child"], "P-03"), Reader(AUDIENCES["supervisor"])):
        assert "at the other house" not in copy_for(as_of, reader)


@pytest.mark.parametrize("reader", [MAN, CARER, CONFERENCE])
def test_a_copy_that_repeats_a_withheld_addition_is_not_made(
    case, reader: Reader, tmp_path: Path
) -> None:
    words = "She said that this was at the other house."
    summary = (
        f"summary: {words}\n"
        + CASE["analysis/J-01.yaml"].replace("We looked.", words)
        + f"  - {{for: P-02, summary: {words}}}\n"
    )
    as_of = case({"sessions/N-001.yaml": STATEMENTS + OF_BOTH, "analysis/J-01.yaml": summary})
    with pytest.raises(ArpcError, match="added to N-001 about what is withheld"):
        copying.copy(as_of, "assessment", reader=reader, forms=("md",))
    copying.copy(as_of, "assessment", forms=("md",))


def test_a_correction_stands_beside_what_it_corrects() -> None:
    story = Path(__file__).parent / "stories/A report corrected after it was issued"
    [folder] = story.glob("C-*")
    as_of = AsOf(loading.load(folder, folder.name).file, TODAY, Service())
    text = copy_for(as_of, REFERRER)
    [row] = [line for line in text.splitlines() if line.startswith("| D-01#S2 |")]
    assert "Mr Pike was arrested" in row
    assert "Added on 16 April 2025 by LK: He was not arrested." in row


GARETH = "status: final\nwith: man\nwho: [P-01]\nwhere: our office\ntime: 14:00-15:05\n"
SAID_BY_HIM = "statements:\n  - {id: S1, told: He leaves at eight.}\n"
OF_HIS_AND_HERS = SAID_BY_HIM + "  - {id: S2, said: They sleep., by: P-02, share: none}\n"


@pytest.mark.parametrize(
    ("name", "record", "place"),
    [
        ("sessions/N-001.yaml", GARETH + OF_ALL, "our office; 14:00-15:05 "),
        ("sessions/N-001.yaml", GARETH + SAID_BY_HIM + OF_ALL, "our office; 14:00-15:05 "),
        (
            "sessions/N-001.yaml",
            GARETH + OF_HIS_AND_HERS + OF_BOTH,
            "He leaves at eight. (S1)\n\n",
        ),
        (
            "arrangements/L-01.yaml",
            f"status: final\ntype: agreement\nparties: [P-01]\n{OF_ALL}",
            "Review by | not recorded |\n| Later | ",
        ),
        ("sessions/N-001.yaml", STATEMENTS + OF_BOTH, "when the light is off. "),
        ("sessions/N-001.yaml", STATEMENTS + OF_ALL, "when the light is off. "),
        ("referral.yaml", f"status: final\nreason: Ask.\n{OF_ALL}", "Asked for by | "),
        (
            "treatment/T-01.yaml",
            f"status: final\nwho: P-01\noffer: declined\n{OF_ALL}",
            "declined ",
        ),
    ],
)
def test_where_what_was_added_is_withheld_the_copy_says_that_there_is_something(
    case, name: str, record: str, place: str
) -> None:
    text = copy_for(case({name: record}), MAN)
    after = text.split(place, 1)[1].split("\n\n\n")[0]
    assert added.NOT_IN_THIS_COPY in after[:200]
    assert "at the other house" not in text and "24 April 2026" not in text


def test_two_things_that_are_withheld_are_spoken_of_once(case) -> None:
    twice = OF_ALL + OF_ALL.partition("\n")[2]
    text = copy_for(case({"sessions/N-001.yaml": GARETH + twice}), MAN)
    assert text.count(added.NOT_IN_THIS_COPY) == 1
    assert added.NOT_IN_THIS_COPY not in copy_for(
        case({"sessions/N-001.yaml": GARETH + twice}), REFERRER
    )


def test_nothing_is_said_of_an_addition_to_what_the_copy_does_not_print(case) -> None:
    of_hers = OF_ONE.replace("[S1]", "[S2]")
    text = copy_for(case({"sessions/N-001.yaml": GARETH + OF_HIS_AND_HERS + of_hers}), MAN)
    assert added.NOT_IN_THIS_COPY not in text
