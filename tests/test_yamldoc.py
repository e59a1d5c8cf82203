"""The reader: what it reads, what it refuses and where, and that nothing makes it slow or crash."""

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from arpc import kinds, schema, yamldoc
from arpc.yamldoc import Place
from tests.conftest import PRACTICE

MALFORMED = Path(__file__).parent / "malformed"


def read(text: str) -> yamldoc.Reading:
    return yamldoc.read("x.yaml", text.encode("utf-8"))


@pytest.mark.parametrize("path", sorted(MALFORMED.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_lies_outside_the_subset_is_refused_with_its_place_and_a_hint(
    path: Path, golden
) -> None:
    found = yamldoc.read(path.name, path.read_bytes()).findings
    assert found
    golden(path.with_suffix(".txt"), "".join(f"{f}\n    hint: {f.hint}\n" for f in found))


def test_every_refusal_has_a_file_that_shows_it() -> None:
    shown = "".join(path.read_text(encoding="utf-8") for path in MALFORMED.glob("*.txt"))
    too_long_to_keep = {"file-too-large", "too-many-parts", "doubtful-value"}
    assert {rule for rule in yamldoc.REFUSALS if f"[{rule}]" not in shown} == too_long_to_keep


def test_limits_of_size_and_parts_hold() -> None:
    [large] = yamldoc.read("x.yaml", b"a" * (yamldoc.MAX_BYTES + 1)).findings
    assert large.rule == "file-too-large"
    [many] = read("a:\n" + "- b\n" * (yamldoc.MAX_NODES + 1)).findings
    assert (many.rule, many.where.line) == ("too-many-parts", yamldoc.MAX_NODES - 1)


def test_keys_count_as_parts_and_may_bear_nothing_that_a_value_may_not() -> None:
    left = (yamldoc.MAX_NODES - 4) // 2  # the record itself, a key, its list and what is in it
    start = "list:\n- entry\n"
    assert read(start + "".join(f"k{n}:\n" for n in range(left))).findings == ()
    [many] = read(start + "".join(f"k{n}:\n" for n in range(left + 1))).findings
    assert (many.rule, many.where.line) == ("too-many-parts", left + 3)
    for text, rule in (("a: 1\n&place b: 2\n", "anchor"), ("a: 1\n!secret b: 2\n", "tag")):
        [found] = read(text).findings
        assert (found.rule, found.where.line, found.where.column) == (rule, 2, 1)


def test_dates_times_versions_and_numbers_that_tools_dispute_stay_text() -> None:
    doc = read(
        "a: 2026-03-04\nb: 12:30\nc: 1.10\nd: 0123\ne: 1_000\nf: 12e04\ng: NO\nh: yes\ni: +44\n"
    ).doc
    assert doc is not None
    assert all(isinstance(value, str) for value in doc.data.values())
    assert doc.doubtful == tuple((key,) for key in "abcdefghi")


def test_whole_numbers_nothing_and_quoted_words_are_what_they_seem() -> None:
    doc = read("a: 12\nb:\nc: ~\nd: 'no'\ne: \"12\"\nf: -3\n").doc
    assert doc is not None
    assert doc.data == {"a": 12, "b": None, "c": None, "d": "no", "e": "12", "f": -3}
    assert doc.doubtful == ()


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    doc = yamldoc.read("x.yaml", b"\xef\xbb\xbfa: |\r\n  one\r\n  two\r\n").doc
    assert doc is not None
    assert doc.data == {"a": "one\ntwo\n"}


def test_a_missing_final_newline_changes_nothing() -> None:
    with_it, without = read("a: |\n  x\n").doc, read("a: |\n  x").doc
    assert with_it is not None and without is not None
    assert with_it.data == without.data


def test_places_are_those_of_keys_items_and_values() -> None:
    doc = read("a: 1\nb:\n  - c: x\n    d: y\n  - [p, q]\n").doc
    assert doc is not None
    assert str(doc.locate(("b", 0, "d"))) == "x.yaml:4:5"
    assert str(doc.locate(("b", 0, "d"), value=True)) == "x.yaml:4:8"
    assert str(doc.locate(("b", 1, 1))) == "x.yaml:5:9"
    assert str(doc.locate(("b", 0, "missing"), value=True)) == "x.yaml:3:5"
    assert str(doc.locate(())) == "x.yaml:1:1"


def test_all_places_can_be_had_at_once() -> None:
    doc = read("a: 1\nb:\n  - c: x\n  - y\n").doc
    assert doc is not None
    inside = [Place(2, 4, 2, 4, {"c": Place(2, 4, 2, 7, None)}), Place(3, 4, 3, 4, None)]
    assert doc.places == {"a": Place(0, 0, 0, 3, None), "b": Place(1, 0, 2, 2, inside)}


def test_words_are_found_across_line_breaks() -> None:
    doc = read("a: |\n  one two\n  three four\n").doc
    assert doc is not None
    assert str(doc.locate_words(("a",), "two three")) == "x.yaml:2:7"


def test_words_that_come_after_others_are_found_where_they_do_and_else_where_they_come_first() -> (
    None
):
    doc = read("a: x\nb: |\n  one two, one three\nc: d\n").doc
    assert doc is not None
    assert str(doc.locate_words(("b",), "one", after="two, ")) == "x.yaml:3:12"
    assert str(doc.locate_words(("b",), "one", after="four")) == "x.yaml:3:3"
    assert str(doc.locate_words(("b",), "five")) == "x.yaml:2:4"


def test_a_file_may_be_as_large_as_that_and_not_larger() -> None:
    text = "a: b\n#" + "x" * (yamldoc.MAX_BYTES - 6)
    assert read(text).findings == ()
    [finding] = read(text + "x").findings
    assert finding.rule == "file-too-large"


def test_two_versions_that_met_on_the_first_line_are_told() -> None:
    [finding] = read("<<<<<<< ours\na: b\n=======\na: c\n>>>>>>> theirs\n").findings
    assert (finding.rule, str(finding.where)) == ("git-conflict", "x.yaml:1:1")


def test_words_are_looked_for_from_where_the_text_begins() -> None:
    doc = read("a: one\nb: |\n  two\nc: |\n  one\n").doc
    assert doc is not None
    assert str(doc.locate_words(("b",), "two")) == "x.yaml:3:3"
    assert str(doc.locate_words(("c",), "one")) == "x.yaml:5:3"


def test_a_space_that_holds_words_together_is_read() -> None:
    doc = read("a: 5\u00a0km\n").doc
    assert doc is not None
    assert doc.data == {"a": "5\u00a0km"}


def test_what_tools_dispute_is_known_wherever_a_text_is_written() -> None:
    assert [
        text for text in ("no", "1_0", "12:30", "yes please", "") if yamldoc.is_doubtful(text)
    ] == [*("no", "1_0", "12:30")]


def test_a_doubtful_value_below_a_key_that_was_given_before_is_not_looked_for() -> None:
    text = "session: arpc/1\nnote: x\nnote:\n  date: 12:30\n  list: [1_000, {a: no}]\ndate: 12:30\n"
    reading = yamldoc.read("x.yaml", text.encode())
    assert reading.doc is not None
    assert reading.doc.doubtful == (("date",),)
    assert [found.rule for found in reading.findings] == ["duplicate-key"]
    schema.check(reading.doc, kinds.kind("session"))


def test_thousands_of_equal_keys_are_given_up_after_a_hundred_findings() -> None:
    reading = read("a: x\n" * 5_000)
    assert reading.doc is None
    assert len(reading.findings) == yamldoc.MAX_FAULTS + 1
    assert {found.rule for found in reading.findings} == {"duplicate-key"}


@pytest.mark.parametrize("path", PRACTICE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_examples_read_as_ruamel_reads_them(path: Path) -> None:
    reading = yamldoc.read(path.name, path.read_bytes())
    assert reading.findings == ()
    theirs = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    assert reading.doc is not None
    assert reading.doc.data == _as_text(theirs)


def _as_text(value):
    """ruamel makes dates of dates; ours stay text."""
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat()


_PIECES = st.sampled_from(
    [
        "a",
        "b:",
        "- ",
        ": ",
        "\n",
        "  ",
        "    ",
        "|",
        ">",
        "[",
        "]",
        "{",
        "}",
        ",",
        '"',
        "'",
        "#",
        "&x",
        "*x",
        "!t",
        "%",
        "?",
        "---",
        "...",
        "\t",
        "\r",
        "\x00",
        "\u2028",
        "é",
        "<<<<<<< ",
        "yes",
        "12",
        "~",
        "@",
        "`",
        "\\x41",
    ]
)


@settings(max_examples=400, deadline=None, database=None, derandomize=True)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    reading = yamldoc.read("x.yaml", text.encode("utf-8", "surrogatepass"))
    assert reading.findings or reading.doc


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_raise(raw: bytes) -> None:
    reading = yamldoc.read("x.yaml", raw)
    assert reading.findings or reading.doc


HOSTILE = {
    "open brackets": "[" * 900_000,
    "open braces": "{a: " * 200_000,
    "nested lists": "- " * 400_000,
    "one long line": "a: " + "x" * 1_000_000,
    "one long key": "x" * 1_000_000 + ": 1",
    "many keys": "".join(f"k{i}: v\n" for i in range(70_000)),
    "many equal keys": "k: v\n" * 170_000,
    "directives": "%TAG !a! b\n" * 90_000,
    "anchors": "".join(f"- &a{i} x\n" for i in range(80_000)),
    "billion laughs": "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n",
    "comments": "# c\n" * 250_000,
    "a long quoted text": 'a: "' + "\\n" * 450_000 + '"',
    "an open quote": "a: '" + "x\n" * 400_000,
    "question marks": "? " * 400_000,
    "digits": "a: " + "9" * 900_000,
    "blank lines": "\n" * 1_000_000,
    "conflict marks": "=======\n" * 120_000,
    "deep block": "".join(" " * i + "a:\n" for i in range(1_300)),
    "a doubtful value": "a: " + "1_" * 400_000,
    "digits and colons": "a: " + "1:1" * 300_000,
    "dots": "a: ." + "0_" * 400_000 + "x",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_megabyte_of_anything_is_read_or_refused_quickly_and_in_little_memory(text: str) -> None:
    raw = text.encode("utf-8")[: yamldoc.MAX_BYTES]
    started = time.process_time()
    yamldoc.read("x.yaml", raw)
    assert time.process_time() - started < 2
    tracemalloc.start()
    yamldoc.read("x.yaml", raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 * 1024 * 1024


def test_a_key_as_long_as_a_file_is_not_kept_at_hand() -> None:
    """A thousand files with such a key would fill the memory."""
    yamldoc._is_nothing_or_doubtful.cache_clear()
    for start in ("note ", "9"):
        raw = f"? {start}{'7' * 5000}\n: a\nnote: b\n".encode()
        found = yamldoc.read("a.yaml", raw).findings
        assert [each.rule for each in found] == (["key-not-text"] if start == "9" else [])
    assert yamldoc._is_nothing_or_doubtful.cache_info().currsize == 1
