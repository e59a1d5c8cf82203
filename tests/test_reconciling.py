"""Two people's work brought together: what both wrote stays, to the letter, and no id means two things."""

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpc import kinds, ledgers, loading, meaning, rereading, yamldoc
from arpc.casefile import CaseFile
from arpc.reconciling import Conflict, Labels, merge, renumbered
from tests.conftest import ENGLAND, EXAMPLES, SCOTLAND

Files = Mapping[str, bytes]


def files_of(case: str) -> dict[str, bytes]:
    """A shipped example case, by path below its folder."""
    folder = EXAMPLES / "cases" / case
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


BASE = files_of(ENGLAND)
SESSION = BASE["sessions/N-014.yaml"]
ANALYSIS = BASE["analysis/J-01.yaml"]
STATEMENT = """\
  - id: {}
    said: {}
    about: [P-03]
"""


def added(record: bytes, entry: str, words: str) -> bytes:
    """N-014 with one more statement at the end of its list."""
    return put(record, "\nthinking: |", STATEMENT.format(entry, words) + "\nthinking: |")


def put(record: bytes, old: str, new: str) -> bytes:
    """The record with some words replaced, which must be there."""
    assert record.count(old.encode()) >= 1
    return record.replace(old.encode(), new.encode(), 1)


def clean(base: bytes, ours: bytes, theirs: bytes) -> str:
    """The text of a merge without conflicts, which is a sound record."""
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    reading = yamldoc.read("", merged.text)
    assert reading.doc and not reading.findings
    return merged.text.decode()


def conflict(base: bytes, ours: bytes, theirs: bytes) -> tuple[str, str]:
    """Where the one conflict of a merge is, and the lines from its first marker to its last."""
    merged = merge(base, ours, theirs)
    [found] = merged.conflicts
    assert [f.rule for f in yamldoc.read("", merged.text).findings] == ["git-conflict"]
    text = merged.text.decode()
    return found.where, text[text.index("<<<<<<<") : text.index(">>>>>>>")]


# Merging one record


@pytest.mark.parametrize("name", ["sessions/N-014.yaml", "analysis/J-01.yaml", "finished.yaml"])
def test_what_only_one_side_changed_is_what_that_side_wrote(name: str) -> None:
    was, now = BASE[name], BASE[name] + b"# one line more\n"
    for merged in (merge(was, now, was), merge(was, was, now), merge(was, now, now)):
        assert merged == (now, (), False)


def test_changes_in_different_places_are_merged_by_line() -> None:
    ours = put(SESSION, "did not want tea", "wanted no tea")
    theirs = put(SESSION, "pages 74 to 82", "pages 74 to 84")
    merged = merge(SESSION, ours, theirs)
    assert merged == (put(ours, "pages 74 to 82", "pages 74 to 84"), (), False)


def test_statements_that_both_added_stand_one_after_the_other() -> None:
    ours, theirs = added(SESSION, "S7", "First."), added(SESSION, "S8", "Second.")
    both = STATEMENT.format("S7", "First.") + STATEMENT.format("S8", "Second.")
    assert clean(SESSION, ours, theirs) == put(
        SESSION, "\nthinking: |", both + "\nthinking: |"
    ).decode("utf-8")
    assert merge(SESSION, ours, theirs).by_entry


def test_a_statement_that_both_added_under_one_id_is_shown_twice_and_whole() -> None:
    where, shown = conflict(
        SESSION, added(SESSION, "S7", "First."), added(SESSION, "S7", "Second.")
    )
    assert where == "statements[S7]"
    first, second = (STATEMENT.format("S7", words) for words in ("First.", "Second."))
    assert shown == f"<<<<<<< ours\n{first}||||||| base\n=======\n{second}"


def test_one_id_in_two_places_of_a_list_is_no_clean_merge_though_no_line_overlaps() -> None:
    ours = put(SESSION, "statements:\n", "statements:\n" + STATEMENT.format("S7", "First."))
    where, _ = conflict(SESSION, ours, added(SESSION, "S7", "Second."))
    assert where == "statements[S7]"


def test_a_key_that_both_added_in_different_places_is_no_clean_merge_either() -> None:
    ours = put(SESSION, "with: man\n", "next: soon\nwith: man\n")
    where, _ = conflict(SESSION, ours, put(SESSION, "\nwritten:", "next: later\n\nwritten:"))
    assert where == "next"


def test_two_fields_of_one_statement_are_merged_though_they_touch() -> None:
    ours = put(SESSION, "asked: Tell us how it came about.", "asked: How did it come about?")
    theirs = put(SESSION, "about: [P-02]", "about: [P-02, P-03]")
    text = clean(SESSION, ours, theirs)
    assert "    asked: How did it come about?\n    about: [P-02, P-03]\n" in text


@pytest.mark.parametrize(
    ("old", "ours", "theirs", "where"),
    [
        ("concern: none", "concern: historic", "concern: current", "concern"),
        ("about: [P-06]", "about: [P-06, P-03]", "about: [P-06, P-04]", "statements[S6].about"),
        ("why: Lead practitioner;", "why: Lead;", "why: Practitioner;", "present[1]"),
        ("He took some responsibility", "He took none", "He took all", "thinking"),
        ("with: man", "with: joint", "# kept\nwith: agency", "with"),
    ],
)
def test_what_both_wrote_differently_is_a_conflict_that_is_named(
    old: str, ours: str, theirs: str, where: str
) -> None:
    found, shown = conflict(SESSION, put(SESSION, old, ours), put(SESSION, old, theirs))
    assert found == where
    assert ours.splitlines()[-1] in shown
    assert theirs.splitlines()[-1] in shown


def test_the_markers_carry_the_names_that_they_are_given() -> None:
    ours, theirs = (put(SESSION, "concern: none", f"concern: {w}") for w in ("historic", "current"))
    labels = Labels("HEAD", "before", "main")
    text = merge(SESSION, ours, theirs, labels=labels).text.decode()
    assert "<<<<<<< HEAD\nconcern: historic\n||||||| before\nconcern: none\n=======\n" in text
    assert ">>>>>>> main\n" in text


def test_prose_in_which_different_paragraphs_were_changed_is_merged() -> None:
    ours = put(added(SESSION, "S7", "One."), "unshaven, and", "tired, and")
    theirs = put(added(SESSION, "S8", "Two."), "go through it with him", "read it with him")
    text = clean(SESSION, ours, theirs)
    assert "tired, and" in text
    assert "read it with him" in text


def test_what_one_side_removed_is_gone_unless_the_other_changed_it() -> None:
    s6 = SESSION[SESSION.index(b"  - id: S6") : SESSION.index(b"\nthinking:")]
    removed = SESSION.replace(s6, b"")
    assert "id: S6" not in clean(SESSION, removed, put(SESSION, "  - id: S5", "  # a\n  - id: S5"))
    changed = put(SESSION, "I'm not going to sulk", "I won't sulk")
    where, shown = conflict(SESSION, removed, changed)
    assert where == "statements[S6]"
    assert shown.endswith(
        "=======\n"
        + changed[changed.index(b"  - id: S6") :][: len(s6)].decode().split("\nthinking")[0]
    )


def test_the_same_meaning_written_otherwise_is_no_conflict() -> None:
    ours = put(SESSION, "concern: none", 'concern: "historic"')
    theirs = put(SESSION, "concern: none", "concern: historic")
    assert clean(SESSION, ours, theirs) == ours.decode()


def test_comments_of_both_sides_stay() -> None:
    ours = put(SESSION, "concern: none", "# ask TB\nconcern: historic")
    theirs = put(SESSION, "concern: none", "# ask LK\nconcern: none")
    assert "# ask TB\n# ask LK\nconcern: historic\n" in clean(SESSION, ours, theirs)


def test_amendments_that_both_added_stay_though_they_have_no_ids() -> None:
    entry = "amendments:\n  - date: 2026-05-20\n    by: {}\n    what: {}\n    why: Left out.\n"
    ours = SESSION + entry.format("LK", "One.").encode()
    theirs = SESSION + entry.format("TB", "Two.").encode()
    both = entry.format("LK", "One.") + entry.format("TB", "Two.").removeprefix("amendments:\n")
    assert clean(SESSION, ours, theirs) == SESSION.decode() + both


def test_a_record_that_both_began_is_merged_field_by_field() -> None:
    ours = b"person: arpc/1\nid: P-10\nname: A\nalias: B\n"
    theirs = b"person: arpc/1\nid: P-10\nname: A\nsex: male\n"
    assert clean(b"", ours, theirs) == "person: arpc/1\nid: P-10\nname: A\nalias: B\nsex: male\n"


def test_line_ends_of_an_editor_are_kept_and_do_not_hide_what_was_written() -> None:
    ours = put(SESSION, "concern: none", "concern: historic").replace(b"\n", b"\r\n")
    merged = merge(SESSION, ours, added(SESSION, "S7", "New."))
    assert merged.conflicts == ()
    assert merged.text == added(
        put(SESSION, "concern: none", "concern: historic"), "S7", "New."
    ).replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "text"),
    [
        (
            b"a\nb\n",
            b"a\nB\n",
            b"a\nb\nc\n",
            b"a\n<<<<<<< ours\nB\n||||||| base\nb\n=======\nb\nc\n>>>>>>> theirs\n",
        ),
        (b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n", b"A\nb\nC\n"),
        (b"a: 1\na: 2\n", b"a: 1\na: 3\n", b"b\na: 1\na: 2\n", b"b\na: 1\na: 3\n"),
        (b"\xff\nb\nc", b"\xff\nb\nd", b"\xfe\nb\nc", b"\xfe\nb\nd\n"),
    ],
    ids=["touching lines", "lines apart", "a damaged record", "not UTF-8"],
)
def test_what_is_no_sound_record_is_merged_by_line(
    base: bytes, ours: bytes, theirs: bytes, text: bytes
) -> None:
    merged = merge(base, ours, theirs)
    assert merged.text == text
    assert not merged.by_entry


def test_a_file_that_is_not_text_is_left_as_ours_with_a_conflict() -> None:
    assert merge(b"\0a", b"\0b", b"\0c") == (b"\0b", (Conflict(""),), False)


# Merging ledgers

SEAL = '  - {{id: {}, by: {}, date: 2026-06-02, digest: "sha256:{}", fields: []}}\n'


def test_seals_of_different_records_all_stay() -> None:
    name = "finished.yaml"
    ours = BASE[name] + SEAL.format("N-015", "LK", "0" * 64).encode()
    theirs = BASE[name] + SEAL.format("N-016", "TB", "1" * 64).encode()
    text = clean(BASE[name], ours, theirs)
    assert text.endswith(
        SEAL.format("N-015", "LK", "0" * 64) + SEAL.format("N-016", "TB", "1" * 64)
    )


def test_two_seals_of_one_record_are_a_conflict() -> None:
    old = next(x for x in BASE["finished.yaml"].splitlines(keepends=True) if b"N-014" in x)
    without = BASE["finished.yaml"].replace(old, b"")
    ours = without + SEAL.format("N-014", "LK", "0" * 64).encode()
    theirs = without + SEAL.format("N-014", "TB", "1" * 64).encode()
    assert conflict(BASE["finished.yaml"], ours, theirs)[0] == "records[N-014]"


def test_what_both_read_and_what_both_answered_stays() -> None:
    line = '  - {{in: J-01, cites: "N-012#S5", is: {}, by: {}, date: 2026-06-05}}\n'
    name = "confirmations.yaml"
    ours = BASE[name] + line.format("0" * 16, "LK").encode()
    theirs = BASE[name] + line.format("1" * 16, "TB").encode()
    assert clean(BASE[name], ours, theirs).endswith(
        line.format("0" * 16, "LK") + line.format("1" * 16, "TB")
    )
    head = b"answers: arpc/1\ngiven:\n"
    answers = [
        f"  - rule: a-rule\n    at: N-0{n}\n    is: {str(n) * 8}\n    reason: |\n      Because {n}.\n"
        for n in (11, 12)
    ]
    text = clean(b"", head + answers[0].encode(), head + answers[1].encode())
    assert text == head.decode() + "".join(answers)


# Properties

words = st.text("abcde", min_size=1, max_size=3)


@settings(max_examples=200, deadline=None)
@given(*[st.lists(words, max_size=12)] * 3)
def test_any_lines_merge_to_what_one_side_says_where_only_one_says_anything(
    base: list[str], one: list[str], other: list[str]
) -> None:
    o, a, b = ("".join(f"{line}\n" for line in lines).encode() for lines in (base, one, other))
    assert merge(o, a, o).text == merge(o, o, a).text == merge(o, a, a).text == a
    lines = {*merge(o, a, b).text.decode().splitlines()}
    assert ({*one} | {*other}) - {*base} <= lines
    assert {*base} & {*one} & {*other} <= lines


PIECES = {
    "note": "note: |\n  One line{0}.\n\n  Another{1}.\n\n  A third{2}.\n",
    "concern": "concern: none{0}\n",
    "present": "present:\n  - who: LK{0}\n    why: Led\n  - who: TB\n    why: Wrote{1}\n",
    "next": "# when{0}\nnext: soon{1}\n",
}


@st.composite
def versions(draw: st.DrawFn, side: str) -> str:
    """A small record that somebody changed, each change marked by a word that is theirs alone."""
    count = 0

    def mark() -> str:
        nonlocal count
        count += 1
        return f" {side}{count}" if side and draw(st.integers(0, 5)) == 0 else ""

    keys = [key for key in PIECES if not side or draw(st.integers(0, 9))]
    parts = [
        "session: arpc/1\n",
        *(PIECES[key].format(*(mark() for _ in range(3))) for key in keys),
    ]
    entries = [
        f"  - id: S{n}\n    said: Words{mark()}\n    asked: What{mark()}\n"
        for n in range(1, 4)
        if not side or draw(st.integers(0, 9))
    ]
    for n in range(draw(st.integers(0, 2)) if side else 0):
        new = draw(st.sampled_from([f"id: S{n + 4}\n    said", "said"]))
        entries.insert(draw(st.integers(0, len(entries))), f"  - {new}: {side}new{n}\n")
    parts.insert(draw(st.integers(1, 3)) if side else 2, "".join(["statements:\n", *entries]))
    if side and draw(st.booleans()):
        parts.append(f"{draw(st.sampled_from(['paper', 'tools']))}: {side}key\n")
    return "\n".join(parts)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(versions(""), versions("ours"), versions("theirs"))
def test_no_word_of_either_side_is_lost_and_a_clean_merge_is_a_sound_record(
    base: str, ours: str, theirs: str
) -> None:
    merged = merge(base.encode(), ours.encode(), theirs.encode())
    lines = [line.strip() for line in merged.text.decode().splitlines()]
    for text, side in ((ours, "ours"), (theirs, "theirs")):
        for line in text.splitlines():
            assert side not in line or line.strip() in lines
    reading = yamldoc.read("", merged.text)
    if merged.conflicts:
        assert [finding.rule for finding in reading.findings] == ["git-conflict"]
        assert all(each.where for each in merged.conflicts)
    else:
        assert reading.doc and not reading.findings


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(name for name in BASE if name.endswith(".yaml"))),
    st.data(),
)
def test_any_change_of_lines_in_the_shipped_records_keeps_every_line_that_was_added(
    name: str, data: st.DataObject
) -> None:
    base = BASE[name].decode().splitlines(keepends=True)
    sides = []
    for side in ("ours", "theirs"):
        lines = list(base)
        for number in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(lines) - 1))
            kind = data.draw(st.sampled_from(["comment", "gone", "words"]))
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip(" "))]
            if kind == "comment":
                lines.insert(at, f"{indent}# {side} {number}\n")
            elif kind == "gone":
                del lines[at]
            elif lines[at].strip():
                lines[at] = lines[at].rstrip("\n") + f" {side} {number}\n"
        sides.append("".join(lines))
    merged = merge(BASE[name], *(side.encode() for side in sides))
    result = {*merged.text.decode().splitlines()}
    for text, side in zip(sides, ("ours", "theirs"), strict=True):
        assert {line for line in text.splitlines() if f" {side} " in line} <= result
