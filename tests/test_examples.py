"""The two example cases are what everybody learns from: clean, mostly words, and true to themselves."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import pytest

from arpc import cli, kinds, loading, service, yamldoc
from arpc.casefile import CaseFile
from arpc.kinds import Field
from arpc.records import Record
from tests.conftest import ENGLAND, EXAMPLES, PRACTICE, SCOTLAND

UNWANTED = ("NSPCC",)  # the cases are invented, and nobody's
every_case = pytest.mark.parametrize("name", [ENGLAND, SCOTLAND])
every_file = pytest.mark.parametrize(
    "path", PRACTICE, ids=lambda path: path.relative_to(EXAMPLES).as_posix()
)


def case(name: str) -> CaseFile:
    return loading.load(EXAMPLES / "cases" / name, name).file


def is_free_text(field: Field | None) -> bool:
    """Whether people write what they like there, alone or as an item of a list."""
    if field is None:
        return False
    bound = {"enum", "const", "pattern", "format"} & set(field.schema)
    return field.is_prose or (field.path[-1] == "*" and not bound)


def free_texts(record: Record) -> Iterator[tuple[str, str]]:
    """Every free text of a record with the key under which it stands."""
    for pointer, value, field in record.leaves:
        if isinstance(value, str) and is_free_text(field):
            yield next(str(step) for step in reversed(pointer) if isinstance(step, str)), value


def count(text: str) -> int:
    return len("".join(text.split()))


@pytest.mark.parametrize("words", [[], [ENGLAND], [SCOTLAND]], ids=" ".join)
def test_they_validate_without_a_warning(words: list[str], monkeypatch, capsys) -> None:
    monkeypatch.chdir(EXAMPLES)
    monkeypatch.setattr(sys, "argv", ["arpc", "validate", *words, "--strict"])
    with pytest.raises(SystemExit) as exit_info:
        cli.main()
    assert exit_info.value.code == 0, capsys.readouterr().out


@every_case
def test_each_has_twenty_records_or_more(name: str) -> None:
    found = case(name)
    assert len(found.records) >= 20
    assert not found.damaged


def test_every_kind_of_record_occurs_in_the_two_together() -> None:
    found = Counter(r.kind.name for name in (ENGLAND, SCOTLAND) for r in case(name).records)
    assert set(found) == set(kinds.NAMES)
    assert len(kinds.NAMES) == 14


@every_case
def test_markup_is_at_most_a_quarter_of_the_prose(name: str) -> None:
    """Markup is every character, white space aside, that is not free text."""
    records = case(name).records
    words = sum(count(text) for record in records for _, text in free_texts(record))
    markup = sum(count(record.doc.text) for record in records) - words
    assert words > 50_000
    assert markup / words <= 0.25


@every_file
def test_the_files_are_written_as_editors_and_git_like_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\t" not in text and "\r" not in text
    assert not re.search(r"[ \u00a0]$", text, re.MULTILINE)
    assert text.endswith("\n") and not text.endswith("\n\n")
    if path.stem not in kinds.LEDGERS:
        assert max(map(len, text.split("\n"))) <= 400


@every_case
def test_each_session_was_written_up_within_the_policy(name: str) -> None:
    found, ours = case(name), service.open_service(EXAMPLES).service
    calendar = ours.calendar(found.case.nation)
    assert len(found.sessions) >= 5
    for session in found.sessions:
        soon = session.sort == "child" or session.concern not in ("", "none")
        days = ours.policy.child_note_days if soon else ours.policy.note_days
        assert session.written_at, session.id
        written = session.written_at.date()
        assert session.on <= written <= calendar.add_working_days(session.on, days), session.id


@every_case
def test_children_and_carers_are_spelled_in_the_prose_as_in_their_records(name: str) -> None:
    found = case(name)
    prose = " ".join(
        text for record in found.records for key, text in free_texts(record) if key != "name"
    )
    words = set(re.findall(r"[A-Z]\w+", prose))
    names = {part for person in found.people for part in person.name.split()}
    assert found.children and found.carers
    for person in (*found.children, *found.carers):
        for part in person.name.split():
            assert part in words
            assert get_close_matches(part, words - names, 1, 0.85) == []


@every_file
def test_no_word_occurs_that_must_not(path: Path) -> None:
    text = path.read_text(encoding="utf-8").casefold()
    assert [word for word in UNWANTED if word.casefold() in text] == []


def test_every_file_of_the_examples_is_read() -> None:
    for path in PRACTICE:
        reading = yamldoc.read(path.name, path.read_bytes())
        assert reading.doc and not reading.findings
