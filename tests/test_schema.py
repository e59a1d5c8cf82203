"""The schema check: the same verdicts as jsonschema, in words that never quote a record."""

import copy
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpc import kinds, schema, validators, yamldoc
from arpc.findings import Severity
from tests.conftest import PRACTICE, ROOT, with_header

RECORDS = sorted(p for p in PRACTICE[1:] if p.stem not in kinds.LEDGERS)
FAULTS = (None, 7, "Ruby Osei told me", [], ["x"], {}, {"nobody": 1}, True, "2026-02-30", "yes", -1)


def problems(name: str, text: str) -> list[str]:
    doc = yamldoc.read(name, with_header(name, text).encode("utf-8")).doc
    assert doc is not None
    kind = kinds.kind_of_file(name)
    assert kind is not None
    return [
        f"{f.where.line}:{f.where.column} {f.message} [{f.rule}] {f.hint}".strip()
        for f in schema.check(doc, kind)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wiht: child\n", "7:1 unknown key wiht [unknown-key] did you mean with?"),
        (
            "with: chidl\n",
            "7:7 found chidl, expected a permitted word [not-a-permitted-word] did you mean child? permitted: man, carer, child, supporter, observation, joint, feedback, home_visit, agency",
        ),
        (
            "with: true\n",
            "7:7 found true, expected a permitted word [not-a-permitted-word] permitted: man, carer, child, supporter, observation, joint, feedback, home_visit, agency",
        ),
        (
            "who: P-03\n",
            "7:6 found text, expected a list [wrong-type] put it in brackets: [ ], or on a line of its own after `- `",
        ),
        (
            "who: [P-3]\n",
            "7:7 found P-3, expected a person's id such as P-03 [wrong-form] `arpc status` lists everybody with their id",
        ),
        (
            "who: [Ruby Osei]\n",
            "7:7 found another text, expected a person's id such as P-03 [wrong-form] `arpc status` lists everybody with their id",
        ),
        ("who: [P-03, P-03]\n", "7:1 the same entry stands twice in this list [given-twice]"),
        (
            "next: 2026-02-30\n",
            "7:7 found 2026-02-30, expected a date [not-a-date] write a day of the calendar as 2026-03-04",
        ),
        (
            "next: 4 March 2026\n",
            "7:7 found another text, expected a date [not-a-date] write a day of the calendar as 2026-03-04",
        ),
        (
            "time: 15.10\n",
            "7:7 found 15.10, expected a time from and to such as 15:10-15:55 [wrong-form]",
        ),
        ("note: 12\n", "7:7 found a number, expected text [wrong-type] put it in quotes"),
        (
            "statements:\n  - {}\n",
            "8:5 this entry has nothing in it [nothing-in-it] write it or delete it",
        ),
        ("statements:\n  - sayd: hello\n", "8:5 unknown key sayd [unknown-key] did you mean said?"),
        (
            "where: NO\n",
            "7:8 other tools do not read the bare value as text [doubtful-value] put it in quotes",
        ),
        (
            "where: 2026-03-04\n",
            "7:8 other tools do not read the bare value as text [doubtful-value] put it in quotes",
        ),
    ],
)
def test_each_kind_of_fault_has_its_own_words(text: str, expected: str) -> None:
    assert problems("sessions/N-007.yaml", text) == [expected]


def test_missing_header_keys_are_named_one_by_one() -> None:
    doc = yamldoc.read("x.yaml", b"session: arpc/1\nid: N-007\n").doc
    assert doc is not None
    found = schema.check(doc, kinds.kind("session"))
    assert [f.message for f in found] == [
        f"the key {key} is missing" for key in ("author", "case", "date", "status")
    ]


def test_words_and_dates_that_the_schema_expects_may_stand_bare() -> None:
    assert (
        problems("sessions/N-007.yaml", "alone: yes\nnext: 2026-03-11\nwritten: 2026-03-04 17:20\n")
        == []
    )
    assert problems("people/P-01.yaml", "born: 1998\n") == []
    assert problems("people/P-01.yaml", "born: 1998-06-04\n") == []


@pytest.mark.parametrize("day", ["2018-02-30", "2019-02-29", "1998-06-31"])
def test_a_day_that_there_never_was_is_found_where_less_than_a_day_would_do(day: str) -> None:
    [found] = problems("people/P-01.yaml", f"born: {day}\n")
    assert "expected a date [not-a-date]" in found
    [found] = problems("people/P-01.yaml", "born: 2018-13-01\n")
    assert "[wrong-form]" in found


def test_a_number_out_of_range_is_named_with_its_limit() -> None:
    assert problems("documents/D-01.yaml", "pages: 0\n") == [
        "7:8 expected a number of at least 1 [out-of-range]"
    ]


def _paths(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))


def _put(data, path, value):
    data = copy.deepcopy(data)
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return data


def test_verdicts_agree_with_jsonschema_on_records_with_faults_and_no_message_quotes_a_record() -> (
    None
):
    chance = random.Random(7)
    checker = jsonschema.FormatChecker()
    for path in RECORDS:
        kind = kinds.kind_of_file("/".join(path.parts[-2:])) or kinds.kind_of_file(path.name)
        assert kind is not None, path
        doc = yamldoc.read(path.name, path.read_bytes()).doc
        assert doc is not None
        oracle = jsonschema.Draft202012Validator(kind.schema, format_checker=checker)
        places = [p for p in _paths(doc.data) if p]
        for place in chance.sample(places, min(12, len(places))):
            data = _put(doc.data, place, chance.choice(FAULTS))
            found = schema.check(doc._replace(data=data, doubtful=()), kind)
            ours = [f for f in found if f.severity is Severity.ERROR]
            assert bool(ours) == (not oracle.is_valid(data)), (path.name, place)
            assert not any("Osei" in f.message + f.hint for f in ours)


HOSTILE = {
    "unknown keys": "".join(f"k{i}: v\n" for i in range(19_000)),
    "wrong words": "tools:\nwho:\n" + "".join(f"  - w{i}\n" for i in range(39_000)),
    "a long unknown key": "? " + "x" * 900_000 + "\n: v\n",
    "a long wrong word": "with: " + "x" * 900_000 + "\n",
    "a long wrong id": "escalation: " + "N-0" * 300_000 + "\n",
    "doubtful values": "who:\n" + "".join(f"  - {i}.5\n" for i in range(39_000)),
    "empty entries": "statements:\n" + "  - {}\n" * 24_000,
}


def _parts(whole: object) -> Iterator[dict[str, object]]:
    """Every schema inside a schema."""
    if isinstance(whole, dict):
        yield whole
    parts = whole.values() if isinstance(whole, dict) else whole
    for part in parts if isinstance(parts, Iterable) and not isinstance(parts, str) else ():
        yield from _parts(part)


@pytest.mark.parametrize("name", kinds.NAMES)
def test_what_a_format_is_put_into_takes_nothing_from_a_schema(name: str) -> None:
    for part in _parts(kinds.kind(name).schema):
        put = schema._FORMATS.get(str(part.get("format")), {})
        assert not (put.keys() - {"format"}) & part.keys()


@given(text=st.from_regex(r"(1[79]|2[02])[0-9]{2}-[01][0-9]-[0-3][0-9]", fullmatch=True))
def test_a_day_is_one_of_the_calendar_and_of_a_century_in_which_somebody_is_alive(
    text: str,
) -> None:
    try:
        is_day = date.fromisoformat(text).year >= 1800 and text < "2200"
    except ValueError:
        is_day = False
    read = yamldoc.read("x.yaml", f"date: {text}\n".encode()).doc
    assert read
    faults = [
        each.rule for each in schema.check(read, kinds.kind("session")) if each.where.line == 1
    ]
    assert ("not-a-date" in faults) is not is_day
    assert faults.count("not-a-date") < 2 and "wrong-form" not in faults


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_however_wrong_a_file_is_its_faults_are_found_quickly(text: str) -> None:
    import time

    started = time.process_time()
    found = problems("sessions/N-007.yaml", text)
    assert time.process_time() - started < 2
    assert 1 <= len(found) <= 2 * schema.MAX_FAULTS + 1 or "doubtful" in found[-1]


@pytest.mark.parametrize("before", ["", "import email.utils; "])
def test_the_library_is_loaded_without_what_tells_its_age_and_nothing_else_misses_it(
    before: str,
) -> None:
    program = (
        f"import sys; {before}begun = 'socket' in sys.modules; from arpc import schema;"
        f"assert ('email.utils' in sys.modules, 'socket' in sys.modules) == ({bool(before)}, begun);"
        "import email.utils; assert email.utils.parsedate_to_datetime('Thu, 12 Nov 2026 07:50:16 +0000').day == 12;"
        "import jsonschema_rs; assert jsonschema_rs.is_valid({'type': 'string'}, 'x')"
    )
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program], env=around, check=True)


def test_what_else_the_library_asks_of_dates_is_there() -> None:
    made = validators._stand_in()
    assert made.parseaddr("Ruby <ruby@example.org>") == ("Ruby", "ruby@example.org")
