"""A case in which nothing is written but what ties its records together: what every report says of that.

Each field of each schema is there and blank, and each list has one entry that holds its id, so that a
new field is blank here from the day on which its schema has it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from arpc import audiences, kinds
from arpc.casefile import CaseFile
from arpc.kinds import Kind
from arpc.pages import duty, person, record
from arpc.provisions import AsOf
from arpc.reporting import catalogue, follow_up, people, treatment, weighing
from arpc.service import Service
from tests.conftest import TODAY
from tests.test_reports import text_of

GOLDEN = Path(__file__).parent / "golden" / "blank"
TIES: Mapping[str, Mapping[str, Any]] = {
    "case.yaml": {
        "nation": "england",
        "lead": "LK",
        "court": {"ordered": "yes"},
        "sharing": [{"id": "X1", "extract": ["A-01", "N-001#S1", "D-01", "P-01"]}],
    },
    "referral.yaml": {},
    "people/P-01.yaml": {"roles": ["man"]},
    "people/P-02.yaml": {"roles": ["protective_carer"]},
    "people/P-03.yaml": {"roles": ["child"]},
    "people/P-04.yaml": {"roles": ["family_supporter"]},
    "basis/A-01.yaml": {"positions": [{"who": "P-01"}]},
    "basis/A-02.yaml": {},
    "consents/K-01.yaml": {"who": "P-01"},
    "sessions/N-001.yaml": {"with": "man", "who": ["P-01"]},
    "sessions/N-002.yaml": {"with": "child", "who": ["P-03"]},
    "sessions/N-003.yaml": {"with": "child", "who": ["P-03"], "not_seen": "other"},
    "sessions/N-004.yaml": {"who": ["P-04"]},
    "documents/D-01.yaml": {},
    "arrangements/L-01.yaml": {"type": "household"},
    "arrangements/L-02.yaml": {"type": "contact"},
    "arrangements/L-03.yaml": {"type": "agreement"},
    "escalations/E-01.yaml": {},
    "supervision/V-01.yaml": {},
    "analysis/J-01.yaml": {
        "answers": [{"question": "Q1"}],
        "facts": [{"basis": "A-01"}],
        "factors": [{"id": "F1", "kind": "risk"}, {"id": "F2", "kind": "protective"}],
        "carers": [{"who": "P-02"}],
        "children": [{"child": "P-03"}],
        "judgements": [{"id": "J1", "child": "P-03", "assumes": ["A-01"]}],
        "contact": [{"child": "P-03"}],
        "copies": [
            {"for": "P-01", "shows": ["A-01", "F1", "F2", "H1", "J1", "R1", "P-02", "P-03", "Q1"]}
        ],
        "letters": [{"child": "P-03"}],
    },
    "reports/R-01.yaml": {"type": "assessment", "feedback": [{"who": "P-01"}]},
    "treatment/T-01.yaml": {"who": "P-01"},
    "followups/F-01.yaml": {"areas": [{"area": "conviction"}]},
}
"""What is written in each record: who and what it is about, and no more."""

ASSERTING = """\
not asked, not known, not assessed, not said, not written, not yet, not named, not done, not settled
none known, none used, none found, none named, nobody yet, nothing stands in, no reason, no date
standard, undated, running, to now, stands below, does not, did not, was not, were not, has not\
""".replace("\n", ", ").split(", ")
"""What none of them may say, since nobody has written it."""
OURS = (
    "the assessor does not find facts",
    "that nobody was convicted does not mean that nobody was harmed",
    "that nothing was found does not mean that there is nothing",
    "that does not say that nobody asked, or that there is nothing",
    "it does not say that there was none",
    "completing a treatment does not by itself lower a risk",
    "| none known |",
    "| not asked | the follow-up did not ask about it",
    "what is not known, was not asked or is not recorded",
    "meetings that did not take place",
    "what has no date that can be placed",
    "if it is not done",
)
"""Words of ours about every case: glossary, headings, limits."""
SHORT = ("none", "yes", "no", "other")
"""Permitted words that a report also has for itself."""


def blank(schema: Mapping[str, Any]) -> Any:
    """A value in which nothing is written but an id."""
    parts = schema.get("items", schema).get("properties")
    if parts is None:
        return None
    entry = {key: blank(part) for key, part in parts.items()}
    if "id" in parts:
        entry["id"] = parts["id"]["examples"][0]
    return [entry] if "items" in schema else entry


def filled(kind: Kind, given: Mapping[str, Any]) -> str:
    """A record in which nothing is written but what is given."""
    fields = {path[0]: f.schema for path, f in kind.fields.items() if len(path) == 1}
    header = {kind.name, "id", "case", "date", "author", "status"}
    lines = []
    for key, schema in fields.items():
        if key not in header and key not in ("superseded_by", "not_for"):
            value = blank(schema)
            if key in given:
                value = merged(value, given[key])
            lines.append(f"{key}: {json.dumps(value) if value is not None else ''}\n")
    return "".join(lines)


def merged(value: Any, given: Any) -> Any:
    """What is given, with what it does not name blank."""
    if isinstance(value, list):
        return [merged(value[0], each) for each in given]
    return {**value, **given} if isinstance(value, dict) else given


@pytest.fixture
def case(make_case) -> AsOf:
    records = {}
    for name, given in TIES.items():
        kind = kinds.kind_of_file(name)
        assert kind is not None
        records[name] = filled(kind, given)
    loaded = make_case(records)
    assert [f for f in loaded.findings if f.severity.value == "error"] == []
    assert not loaded.file.damaged
    return AsOf(loaded.file, TODAY, Service())


def every_report(case: AsOf) -> Iterator[tuple[str, str]]:
    """Each copy of each report but the supervisor's, which tells what the rules say."""
    for kind, makers in catalogue.KINDS.items():
        for reader in audiences.readers(case.file):
            if reader.audience.name in makers and reader.audience.name != "supervisor":
                made = catalogue.make(case, kind, reader=reader)
                yield f"{kind}-{reader.audience.name}", text_of(made)


def pages(case: AsOf) -> Iterator[tuple[str, str]]:
    """Each page that is shown of the case, but for what falls due."""
    shown = [("duty", duty.page(case))]
    shown += [(p.id, person.page(case, p)) for p in case.file.people]
    shown += [(r.key, record.page(case, r)) for r in case.file.records]
    for name, page in shown:
        kept = [section for section in page.sections if section.title != "What comes next"]
        yield name, "\n".join(line.text for section in kept for line in section.lines)


def test_what_a_report_of_blanks_says_is_read_in_review(case, golden) -> None:
    for name, text in every_report(case):
        golden(GOLDEN / f"{name}.md", text)


def test_no_report_and_no_page_says_of_a_blank_what_nobody_wrote(case) -> None:
    for name, text in (*every_report(case), *pages(case)):
        said = " ".join(text.casefold().split())
        for words in OURS:
            said = said.replace(words, "")
        found = [words for words in ASSERTING if re.search(rf"\b{words}\b", said)]
        assert found == [], name


def test_no_report_says_a_word_that_a_field_could_hold_and_does_not(case) -> None:
    for name, text in every_report(case):
        assert set(cells(text)) & (permitted() - written(case.file)) == set(), name


def cells(text: str) -> Iterator[str]:
    """Every cell of a table, and what stands after a label in bold, without its footnotes."""
    for line in re.sub(r"\[\^\d+\]|¶[0-9.]+", "", text).splitlines():
        found = line.split("|")[2:] if line.startswith("|") else line.split(":**")[1:]
        for cell in found:
            yield from (part.strip(" .").casefold() for part in re.split("[,;:]", cell))


def permitted() -> set[str]:
    """Every word that a schema permits, as reports write it."""
    words = {
        people.plain(word)
        for name in kinds.NAMES
        for field in kinds.kind(name).fields.values()
        for word in field.words
    }
    tables = (weighing.STATUS, weighing.TREATED, weighing.AVAILABLE, weighing.SCENARIOS)
    tables += (people.CONTACT_FORMS, people.CAPACITY_BANDS, follow_up.HARM, treatment.PROGRESS)
    words |= {word for table in tables for word in table.values()}
    return words - {*SHORT}


def written(file: CaseFile) -> set[str]:
    """The words that this case holds."""
    return {people.plain(str(leaf.value)) for r in file.records for leaf in r.leaves if leaf.value}
