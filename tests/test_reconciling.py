"""Two people's work brought together: what both wrote stays, to the letter, and no id means two things."""

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpc import drafting, kinds, ledgers, loading, meaning, rereading, yamldoc, yamltext
from arpc.casefile import CaseFile
from arpc.reconciling import Conflict, Labels, Side, merge, renumbered, with_common_seals
from arpc.sealing.form import Key
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


def test_two_people_who_fill_in_one_draft_find_its_hints_once() -> None:
    head = {"id": "N-015", "case": ENGLAND, "date": "2026-06-05", "author": "LK", "status": "draft"}
    base = drafting.draft(kinds.kind("session"), head)
    doc = yamldoc.read("", base.encode()).doc
    assert doc
    ours, theirs = (
        yamltext.append_entry(doc, "statements", {"id": n, "said": words})
        for n, words in (("S1", "First."), ("S2", "Second."))
    )
    text = clean(base.encode(), ours.encode(), theirs.encode())
    entries = "  - id: S1\n    said: First.\n  - id: S2\n    said: Second.\n  # - said:"
    assert f"statements:\n{entries}" in text
    assert text.count("# - said:") == 1


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


AMENDED = """
amendments:
  - {{what: {}, why: Left out., by: LK, date: 2026-06-06}}
"""
N_014 = "sessions/N-014.yaml"


def amended(*texts: str) -> dict[str, bytes]:
    """The case after N-014 was added to, and sealed by whom it was finished by."""
    first, *more = texts
    text = AMENDED.format(first) + "".join(
        AMENDED.format(each).removeprefix("\namendments:\n") for each in more
    )
    return sealed({**BASE, N_014: SESSION + text.encode()}, N_014, "LK", date(2026, 6, 2))


def seals_of(ours: Files, theirs: Files, merged: Files) -> tuple[bytes, bytes]:
    sides = (Side(each["finished.yaml"], each.get) for each in (ours, theirs))
    return with_common_seals(*sides, merged.get)


def test_a_final_record_to_which_both_added_has_one_seal_of_both_additions() -> None:
    ours, theirs, both = amended("Ours."), amended("Theirs."), amended("Ours.", "Theirs.")
    found = seals_of(ours, theirs, both)
    assert found == (both["finished.yaml"], both["finished.yaml"])
    assert clean(BASE["finished.yaml"], *found).encode() == both["finished.yaml"]


def test_a_record_finished_twice_as_it_was_has_the_earlier_seal() -> None:
    late = sealed(BASE, N_014, "TB", date(2026, 6, 7))
    early = sealed(BASE, N_014, "JM", date(2026, 6, 6))
    assert seals_of(late, early, BASE) == (early["finished.yaml"], early["finished.yaml"])
    assert seals_of(early, late, BASE) == (early["finished.yaml"], early["finished.yaml"])


@pytest.mark.parametrize(
    "what",
    ["changed after its seal", "in two wordings", "gone", "locked", "finished by two", "damaged"],
)
def test_what_cannot_be_relied_on_is_not_sealed_anew(what: str) -> None:
    ours, theirs, both = amended("Ours."), amended("Theirs."), amended("Ours.", "Theirs.")
    if what == "changed after its seal":
        ours[N_014] = put(ours[N_014], "did not want tea", "wanted no tea")
    elif what == "in two wordings":
        both[N_014] += b"<<<<<<< ours\n=======\n>>>>>>> theirs\n"
    elif what == "gone":
        del both[N_014]
    elif what == "locked":
        ours[N_014] = Key(ENGLAND, 1, bytes(32)).seal(ours[N_014])
    elif what == "finished by two":
        theirs = sealed(theirs, N_014, "TB", date(2026, 6, 2))
    else:
        theirs["finished.yaml"] += b"  - {id: N-015\n"
    assert seals_of(ours, theirs, both) == (ours["finished.yaml"], theirs["finished.yaml"])


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
    if all(len({*side}) == len(side) for side in (base, one, other)):
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
        f"  - id: S{n}\n    said: Words {n}{mark()}\n    asked: What {n}{mark()}\n"
        for n in range(1, 4)
        if not side or draw(st.integers(0, 9))
    ]
    for n in range(draw(st.integers(0, 2)) if side else 0):
        new = draw(st.sampled_from([f"id: S{n + 4}\n    said", "said"]))
        entries.insert(draw(st.integers(0, len(entries))), f"  - {new}: {side}new{n}\n")
    parts.insert(2 if "note" in keys else 1, "".join(["statements:\n", *entries]))
    if side and draw(st.booleans()):
        parts.append(f"{draw(st.sampled_from(['paper', 'tools']))}: {side}key\n")
    return "\n".join(parts)


def fields(record: str) -> list[tuple[str, str, str]]:
    """Every field of a statement with an id, the id and what it says."""
    doc = yamldoc.read("", record.encode()).doc
    entries = doc.data["statements"] or () if doc else ()
    return [(e["id"], key, value) for e in entries if "id" in e for key, value in e.items()]


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
        said = [*map(fields, (ours, theirs, merged.text.decode()))]
        assert {*said[0]} & {*said[1]} <= {*said[2]} <= {*said[0]} | {*said[1]}
        kept = [{*text.splitlines()} for text in (ours, theirs, merged.text.decode())]
        assert (
            not {line for line in base.splitlines() if (line in kept[0]) != (line in kept[1])}
            & kept[2]
        )


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


# What was made twice apart

NEW = """\
session: arpc/1
id: N-015
case: C-FK6SY95T
date: 2026-06-05
author: {by}
status: {status}

with: man
who: [P-01]
where: service office
time: 10:00-11:00

note: |
  {note}

statements:
  - id: S1
    said: {by} heard this.
  - id: S2
    said: And this.
    conflicts: [S1, N-015#S1, N-014#S2]

concern: none
"""
DAY = date(2026, 6, 6)


def session(by: str, *, status: str = "draft", note: str = "As agreed.") -> dict[str, bytes]:
    """A new session N-015 that somebody wrote."""
    return {"sessions/N-015.yaml": NEW.format(by=by, status=status, note=note).encode()}


def sealed(files: Files, name: str, by: str, on: date = DAY) -> dict[str, bytes]:
    """The case after a record in it was finished, its ledger written by what always writes it."""
    doc, kind = yamldoc.read(name, files[name]).doc, kinds.kind_of_file(name)
    assert doc and kind
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "finished.yaml"
        path.write_bytes(files[path.name])
        ledgers.seal(path.parent, kind, doc.data, by=by, on=on)
        return {**files, path.name: path.read_bytes()}


def draft(citing: str, words: str = "") -> dict[str, bytes]:
    """The analysis as a draft, citing something more in a field and in prose."""
    text = put(ANALYSIS, "status: final", "status: draft")
    if citing:
        text = put(text, "rests_on: [N-012#S2,", f"rests_on: [{citing}, N-012#S2,")
    return {"analysis/J-01.yaml": put(text, "each separately.", f"each separately{words}.")}


def case(files: Files) -> CaseFile:
    """The case, read as always, with nothing wrong in any file."""
    loaded = loading.load_from(ENGLAND, [*files.items()], "")
    assert [found for found in loaded.findings if found.severity == "error"] == []
    return loaded.file


def together(base: Files, ours: Files, theirs: Files) -> dict[str, bytes]:
    """Both sides' work in one case: renumbered, then merged file by file, without a conflict."""
    changed = renumbered(base, ours, theirs).changed
    mine = {name: raw for name, raw in {**ours, **changed}.items() if raw is not None}
    assert renumbered(base, mine, theirs).moved == ()
    result = {}
    for name in sorted(mine.keys() | theirs.keys()):
        merged = merge(*(files.get(name, b"") for files in (base, mine, theirs)))
        assert merged.conflicts == (), name
        result[name] = merged.text
    return result


def test_a_session_that_both_began_gets_the_next_id_in_ours() -> None:
    ours, theirs = {**BASE, **session("LK")}, {**BASE, **session("TB")}
    done = renumbered(BASE, ours, theirs)
    assert done.moved == (("N-015", "N-016"),)
    assert done.left == ()
    text = session("LK")["sessions/N-015.yaml"].replace(b"N-015", b"N-016")
    assert done.changed == {"sessions/N-015.yaml": None, "sessions/N-016.yaml": text}
    assert {"LK", "TB"} == {
        case(together(BASE, ours, theirs)).places[n].record.author for n in ("N-015", "N-016")
    }


def test_the_next_id_is_free_on_both_sides() -> None:
    ours = {
        **BASE,
        **session("LK"),
        "sessions/N-016.yaml": NEW.format(by="LK", status="draft", note="x")
        .replace("N-015", "N-016")
        .encode(),
    }
    theirs = {**BASE, **session("TB"), "sessions/N-018-1.pdf": b"\0"}
    assert renumbered(BASE, ours, theirs).moved == (("N-015", "N-019"),)


def test_nothing_is_renumbered_that_is_the_same_on_both_sides_or_new_on_one() -> None:
    ours = {**BASE, **session("LK")}
    for theirs in (ours, BASE, {**BASE, "case.yaml": BASE["case.yaml"] + b"# more\n"}):
        assert renumbered(BASE, ours, theirs) == ({}, (), ())
    both = [{"case.yaml": by, "referral.yaml": by} for by in (b"case: 1\n", b"case: 2\n")]
    assert renumbered({}, *both) == ({}, (), ())


@pytest.mark.parametrize(
    ("words", "then"),
    [
        (" (N-015#S1, S2)", " (N-016#S1, S2)"),
        (" (see N-015) and again in N-015, N-015", " (see N-016) and again in N-016, N-016"),
        (" (N-014#S1 and N-015#S2)", " (N-014#S1 and N-016#S2)"),
        (" but not in C-7K3Q9X2F N-015", " but not in C-7K3Q9X2F N-015"),
    ],
)
def test_what_ours_cites_of_it_goes_with_it_in_fields_and_in_prose(words: str, then: str) -> None:
    ours = {**BASE, **session("LK"), **draft("N-015, N-015#S1", words)}
    done = renumbered(BASE, ours, {**BASE, **session("TB")})
    assert (
        done.changed["analysis/J-01.yaml"] == draft("N-016, N-016#S1", then)["analysis/J-01.yaml"]
    )
    assert done.left == ()


def test_theirs_keeps_the_id_and_what_cites_it() -> None:
    ours = {**BASE, **session("LK"), **draft("")}
    theirs = {**BASE, **session("TB"), **draft("N-015#S2", " (N-015)")}
    both = together({**BASE, **draft("")}, ours, theirs)
    assert both["analysis/J-01.yaml"] == theirs["analysis/J-01.yaml"]
    assert both["sessions/N-015.yaml"] == theirs["sessions/N-015.yaml"]


def test_a_citation_that_stood_there_before_cannot_mean_what_was_made_later() -> None:
    base = {**BASE, **draft("N-015#S1", " (N-015)")}
    ours = {**base, **session("LK"), "supervision/V-06.yaml": BASE["supervision/V-06.yaml"]}
    done = renumbered(base, ours, {**base, **session("TB")})
    assert "analysis/J-01.yaml" not in done.changed


def test_a_finished_session_is_renumbered_with_its_seal() -> None:
    sides = [
        sealed({**BASE, **session(by, status="final")}, "sessions/N-015.yaml", by)
        for by in ("LK", "TB")
    ]
    done = renumbered(BASE, *sides)
    assert done.left == ()
    file = case(together(BASE, *sides))
    seals = {seal.id: seal for seal in file.seals}
    assert (seals["N-016"].by, seals["N-016"].day, seals["N-015"].by) == ("LK", DAY, "TB")
    for name in ("N-015", "N-016"):
        record = file.places[name].record
        assert seals[name].digest == meaning.digest(record.data, record.kind.living)
        assert not meaning.changed_fields(seals[name].fields, record.data, record.kind)


def test_only_one_side_has_finished_it() -> None:
    ours = {**BASE, **session("LK")}
    theirs = sealed({**BASE, **session("TB", status="final")}, "sessions/N-015.yaml", "TB")
    assert "finished.yaml" not in renumbered(BASE, ours, theirs).changed
    done = renumbered(BASE, theirs, ours)
    assert b"{id: N-016, by: TB" in (done.changed["finished.yaml"] or b"")


def test_a_seal_that_was_broken_stays_broken_and_is_named() -> None:
    ours = sealed({**BASE, **session("LK", status="final")}, "sessions/N-015.yaml", "LK")
    ours |= session("LK", status="final", note="Written after it was finished.")
    done = renumbered(BASE, ours, {**BASE, **session("TB")})
    assert done.left == ("finished.yaml:53:5",)
    files = {**ours, **{n: raw for n, raw in done.changed.items() if raw}}
    seal = next(seal for seal in case(files).seals if seal.id == "N-016")
    record = case(files).places["N-016"].record
    assert "note" in meaning.changed_fields(seal.fields, record.data, record.kind)


def test_the_prose_of_a_final_record_is_left_and_named() -> None:
    note = "He came back to what he had said (N-015#S1)."
    ours = sealed({**BASE, **session("LK", status="final", note=note)}, "sessions/N-015.yaml", "LK")
    done = renumbered(BASE, ours, {**BASE, **session("TB")})
    assert done.left == ("sessions/N-016.yaml:14:37",)
    assert note.encode() in (done.changed["sessions/N-016.yaml"] or b"")


def test_what_is_still_written_of_a_final_record_is_changed_and_its_seal_stays() -> None:
    shared = "  - id: X2\n    date: 2026-06-08\n    what: {}\n    with: Ms Nadar\n"
    ours = {**BASE, **session("LK")}
    ours["case.yaml"] += shared.format("The words in N-015#S1").encode()
    done = renumbered(BASE, ours, {**BASE, **session("TB")})
    assert done.left == ()
    assert (done.changed["case.yaml"] or b"").endswith(
        shared.format("The words in N-016#S1").encode()
    )
    assert "finished.yaml" not in done.changed


def test_a_final_analysis_that_cites_it_is_sealed_again_by_whom_it_was() -> None:
    text = put(ANALYSIS, "rests_on: [N-012#S2,", "rests_on: [N-015#S1, N-012#S2,")
    ours = {**BASE, **session("LK"), "analysis/J-01.yaml": text}
    ours = sealed(ours, "analysis/J-01.yaml", "LK")
    file = case(together(BASE, ours, {**BASE, **session("TB")}))
    seal = next(seal for seal in file.seals if seal.id == "J-01")
    record = file.places["J-01"].record
    assert "N-016#S1" in record.data["factors"][0]["rests_on"]
    assert (seal.by, seal.digest) == ("LK", meaning.digest(record.data, record.kind.living))


def test_what_was_read_and_what_was_answered_of_it_goes_with_it() -> None:
    ours = {**BASE, **session("LK"), **draft("N-015, N-015#S1")}
    prints = {target: rereading.fingerprint(case(ours), target) for target in ("N-015", "N-015#S1")}
    line = '  - {{in: J-01, cites: "{}", is: {}, by: LK, date: 2026-06-05}}\n'
    ours["confirmations.yaml"] += "".join(line.format(*each) for each in prints.items()).encode()
    ours["answers.yaml"] = (
        b"answers: arpc/1\ngiven:\n  - rule: child-not-seen\n    at: N-015#S1\n"
        b"    is: 0123456789abcdef\n    reason: N-015 says why.\n    by: LK\n    date: 2026-06-05\n"
    )
    theirs = {**BASE, **session("TB"), **draft("")}
    file = case(together({**BASE, **draft("")}, ours, theirs))
    read = {each.cites: each.fingerprint for each in file.readings}
    assert {"N-016", "N-016#S1"} <= {*read} and "N-015" not in read
    for target in ("N-016", "N-016#S1"):
        assert read[target] == rereading.fingerprint(file, target)
    assert [each.place for each in file.answers] == ["N-016#S1"]
    assert list(rereading.moved(file, file.places["J-01"].record)) == []


def test_files_beside_it_are_called_by_its_new_id() -> None:
    digest = "sha256:" + "0" * 64
    extra = f'attachments:\n  - name: N-015-1.pdf\n    digest: "{digest}"\n    what: Drawing\n'
    sides = []
    for by in ("LK", "TB"):
        record = session(by)["sessions/N-015.yaml"] + extra.encode()
        files = {"sessions/N-015.yaml": record, "sessions/N-015-1.pdf": by.encode()}
        sides.append({**BASE, **files})
    both = together(BASE, *sides)
    assert (both["sessions/N-016-1.pdf"], both["sessions/N-015-1.pdf"]) == (b"LK", b"TB")
    assert case(both).places["N-016"].record.data["attachments"][0]["name"] == "N-016-1.pdf"


def test_files_that_both_put_beside_one_session_are_both_kept() -> None:
    entry = 'attachments:\n  - name: N-014-1.pdf\n    digest: "sha256:{}"\n    what: {}\n'
    sides = [
        {
            **BASE,
            "sessions/N-014.yaml": SESSION + entry.format(n * 64, what).encode(),
            "sessions/N-014-1.pdf": what.encode(),
        }
        for n, what in (("0", "Drawing"), ("1", "Letter"))
    ]
    assert renumbered(BASE, *sides).moved == (("N-014-1.pdf", "N-014-2.pdf"),)
    both = together(BASE, *sides)
    assert (both["sessions/N-014-2.pdf"], both["sessions/N-014-1.pdf"]) == (b"Drawing", b"Letter")
    names = [each["name"] for each in case(both).places["N-014"].record.data["attachments"]]
    assert names == ["N-014-2.pdf", "N-014-1.pdf"]


OPEN = {
    **BASE,
    "sessions/N-014.yaml": put(SESSION, "status: final", "status: draft"),
    **draft(""),
}


def test_statements_that_both_added_under_one_id_become_two_with_what_cites_them() -> None:
    was = OPEN["sessions/N-014.yaml"]
    mine = put(
        added(was, "S7", "First."), "that they would catch it (S2)", "that they would (S2, S7)"
    )
    ours = {**OPEN, "sessions/N-014.yaml": mine, **draft("N-014#S7", " (N-014#S6, S7)")}
    theirs = {**OPEN, "sessions/N-014.yaml": added(was, "S7", "Second."), **draft("N-014#S7")}
    done = renumbered(OPEN, ours, theirs)
    assert done.moved == (("N-014#S7", "N-014#S8"),)
    assert done.left == ()
    assert (
        done.changed["analysis/J-01.yaml"]
        == draft("N-014#S8", " (N-014#S6, S8)")["analysis/J-01.yaml"]
    )
    ours_now = done.changed["sessions/N-014.yaml"] or b""
    assert b"(S2, S8)" in ours_now
    file = case(together(OPEN, ours, {**theirs, **draft("")}))
    said = {place: entry.data.get("said") for place, entry in file.places.items()}
    assert (said["N-014#S7"], said["N-014#S8"]) == ("Second.", "First.")


@pytest.mark.parametrize(
    ("key", "old", "entry", "new"),
    [
        (
            "analysis/J-01.yaml",
            "\nhypotheses:",
            "  - id: F15\n    kind: risk\n    text: {}\n",
            "F16",
        ),
        ("case.yaml", "END", "  - id: X2\n    date: 2026-06-09\n    what: {}\n", "X3"),
        ("referral.yaml", "\ncontact:", "  - id: Q6\n    text: {}\n", "Q7"),
    ],
)
def test_entries_of_any_numbered_list_become_two(key: str, old: str, entry: str, new: str) -> None:
    was = OPEN[key] if old != "END" else OPEN[key] + b"END"
    sides = [{**OPEN, key: put(was, old, entry.format(w) + old).removesuffix(b"END")} for w in "ab"]
    record = key.removesuffix(".yaml").rpartition("/")[2]
    [(_, moved)] = renumbered(OPEN, *sides).moved
    assert moved.endswith(f"#{new}"), record
    text = together(OPEN, *sides)[key].decode()
    assert entry.format("a").replace(entry[8 : entry.index("\n")], new) + entry.format("b") in text


def test_an_issue_that_both_made_gets_the_next_id_with_what_was_frozen() -> None:
    record = (
        "report: arpc/1\nid: R-01\ncase: C-FK6SY95T\ndate: 2026-06-09\nauthor: {}\nstatus: final\n"
    )
    record += (
        "\ntype: assessment\nanalysis: J-01\n\nfiles:\n  - name: R-01.md\n    digest: sha256:"
        + "0" * 64
        + "\n"
    )
    sides = [
        sealed(
            {
                **BASE,
                **session(by),
                "reports/R-01.yaml": record.format(by).encode(),
                "reports/R-01.md": f"{by} rests on N-015#S1".encode(),
            },
            "reports/R-01.yaml",
            by,
        )
        for by in ("LK", "TB")
    ]
    done = renumbered(BASE, *sides)
    assert done.moved == (("R-01", "R-02"), ("N-015", "N-016"))
    assert done.left == ("reports/R-02.md",)
    both = together(BASE, *sides)
    assert both["reports/R-02.md"] == b"LK rests on N-015#S1"
    assert case(both).places["R-02"].record.data["files"][0]["name"] == "R-02.md"


def test_what_cannot_be_read_is_left_and_named() -> None:
    ours = {**BASE, "sessions/N-015.yaml": b"session: [\n", "documents/letter.pdf": b"1"}
    theirs = {**BASE, **session("TB"), "documents/letter.pdf": b"2"}
    assert renumbered(BASE, ours, theirs) == (
        {},
        (),
        ("sessions/N-015.yaml", "documents/letter.pdf"),
    )


@pytest.mark.parametrize("which", [ENGLAND, SCOTLAND])
def test_every_record_of_a_case_made_twice_apart_is_two_afterwards_and_cites_what_it_did(
    which: str,
) -> None:
    everything = files_of(which)
    base = {name: everything[name] for name in ("case.yaml", "referral.yaml")}
    theirs = {
        name: raw + b"# theirs\n" if kinds.kind_of_file(name) and name not in base else raw
        for name, raw in everything.items()
        if not kinds.ledger_of_file(name)
    }
    done = renumbered(base, everything, theirs)
    new = dict(done.moved)
    assert new.keys() == {Path(name).stem for name in theirs.keys() - base.keys()}
    mine = {**everything, **done.changed}
    before = loading.load_from(which, [*everything.items()], "").file
    after = case({name: raw for name, raw in mine.items() if raw is not None})
    assert {*after.places} == {
        "#".join([new.get(place.partition("#")[0], place.partition("#")[0]), *place.split("#")[1:]])
        for place in before.places
    }
    seals = {seal.id: seal for seal in after.seals}
    assert {*seals} == {new.get(seal.id, seal.id) for seal in before.seals}
    for record in after.records:
        if seal := seals.get(record.key):
            assert seal.digest == meaning.digest(record.data, record.kind.living)
            assert not meaning.changed_fields(seal.fields, record.data, record.kind)
    stale = [list(rereading.moved(after, record)) for record in after.records]
    was = [list(rereading.moved(before, record)) for record in before.records]
    assert sum(map(len, stale)) == sum(map(len, was))


def test_an_id_written_in_an_unusual_way_is_left_and_named() -> None:
    text = session("LK")["sessions/N-015.yaml"]
    ours = {**BASE, "sessions/N-015.yaml": put(text, "id: N-015", 'id: "N\\u002d015"')}
    assert renumbered(BASE, ours, {**BASE, **session("TB")}).left == ("sessions/N-015.yaml",)
    ours = {**BASE, **session("LK"), **draft('"N\\u002d015#S1"')}
    done = renumbered(BASE, ours, {**BASE, **session("TB")})
    assert done.left == ("analysis/J-01.yaml:156:17",)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_are_merged_always_alike(base: bytes, ours: bytes, theirs: bytes) -> None:
    assert merge(base, ours, theirs) == merge(base, ours, theirs)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_records_of_any_shape_are_renumbered_or_left(data: st.DataObject) -> None:
    sides = []
    for _ in range(2):
        side = {**OPEN, **session("LK")}
        side["confirmations.yaml"] += b'  - {in: J-01, cites: N-015, is: "", by: LK, date: x}\n'
        for name in (
            "sessions/N-014.yaml",
            "sessions/N-015.yaml",
            "analysis/J-01.yaml",
            "case.yaml",
        ):
            lines = side[name].decode().splitlines()
            at = data.draw(st.integers(1, len(lines) - 1))
            key = lines[at].partition(":")[0]
            value = data.draw(st.sampled_from(["5", "[N-015]", "{id: S1}", "N-015", "[[S1]]", ""]))
            lines[at] = f"{key}: {value}"
            if data.draw(st.booleans()):
                lines.append(
                    f"{data.draw(st.sampled_from(['amendments', 'attachments', 'carried']))}: {value}"
                )
            side[name] = "\n".join(lines).encode()
        sides.append(side)
    done = renumbered(OPEN, *sides)
    assert done.changed.keys() >= {
        f"sessions/{new}.yaml" for _, new in done.moved if new[:2] == "N-" and "#" not in new
    }
