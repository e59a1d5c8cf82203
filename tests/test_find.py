"""Finding words in all cases: blind to accents and case, each hit with its place, quick."""

import hashlib
import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpc import loading, searching, sifting
from tests.conftest import Run, change

CHLOE = "cases/C-FK6SY95T/people/P-07.yaml"


def test_a_hit_names_its_place_its_record_and_the_words_around(practice: Path, run: Run) -> None:
    code, out, _ = run("find", "sleepover")
    assert code == 0
    assert out == (
        "cases/C-FK6SY95T/sessions/N-004.yaml:36:63  N-004\n"
        '    …words, "spiders" and "sleepovers", and coloured over the second one in…\n'
        "cases/C-FK6SY95T/sessions/N-004.yaml:63:23  N-004#S3\n"
        "    If he has a sleepover every day then where does Auntie Dee go when it's…\n"
        "2 found, newest first\n"
    )


def test_on_a_wide_screen_a_hit_is_one_line(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    line = run("find", "rubes").out.splitlines()[0]
    assert line == "cases/C-FK6SY95T/people/P-03.yaml:9:12  P-03  Rubes"


@pytest.mark.parametrize("columns", [60, 80, 110])
def test_no_line_is_wider_than_the_screen(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run("find", "the", "--most", "400").out.splitlines()
    assert len(lines) > 400
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize("typed", ["zoë", "Zoe", "ZOË", "zoe\u0308"])
@pytest.mark.parametrize("written", ["Zoë", "ZOE", "Zoe\u0308"])
def test_accents_and_case_make_no_difference(
    practice: Path, run: Run, typed: str, written: str
) -> None:
    change(practice / CHLOE, "name: Chloe Pell", f"name: {written} Pell")
    code, out, _ = run("find", typed, "pell")
    assert code == 0
    assert f"{CHLOE}:8:7  P-07\n    {written} Pell\n" in out


@pytest.mark.parametrize(
    "written",
    [
        "name: it’s Chloé Q. O'Shaughnessy",
        "name: 'it''s Chloé Q. O''Shaughnessy'",
        "name: \"it's Chlo\\u00e9 Q. O'Shaughne\\x73sy\"",
        "background: |\n  For her it's a\n  long way back. CHLOE Q. O'SHAUGHNESSY",
        "background: >-\n  but it's Chloe and\n  Q.\n  O'Shaughnessy",
        "known_as: [it's Chloé Q. O'Shaughnessy]",
    ],
)
def test_however_it_is_written_in_yaml(practice: Path, run: Run, written: str) -> None:
    key = written.partition(":")[0]
    path = practice / CHLOE
    text = re.sub(rf"^{key}:.*\n(?:  .*\n|\n(?=  ))*", "", path.read_text("utf-8"), flags=re.M)
    path.write_text(f"{text}{written}\n", "utf-8")
    for words in (["it's", "chloe"], ["o’shaughnessy"], ["q.", "IT'S"], ["q. O'Shaughnessy"]):
        code, out, _ = run("find", *words)
        assert (code, CHLOE in out) == (0, True), words


def test_all_words_stand_in_one_text(practice: Path, run: Run) -> None:
    assert run("find", "tickles", "stop").code == 0
    code, out, _ = run("find", "tickles", "sprouts")  # two statements of one session
    assert (code, out.split(" in ")[0]) == (1, "nothing found")


def test_words_in_one_pair_of_quotes_stand_together(practice: Path, run: Run) -> None:
    assert run("find", "big chair").code == 0  # also where a line is broken between them
    assert run("find", "chair big").code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sprouts"], ""),
        (
            ["chair", "zebra", "-c", "FK"],
            "all words must stand in one text; for each alone:\n"
            "  arpc find chair -c FK\n  arpc find zebra -c FK\n",
        ),
        (
            ["Dee's hen"],
            "words in quotation marks are one phrase; for all in one text, or each alone:\n"
            '  arpc find "Dee\'s" hen\n  arpc find "Dee\'s"\n  arpc find hen\n',
        ),
    ],
)
def test_where_several_words_are_not_found_it_says_how_to_look_for_less(
    practice: Path, run: Run, words: list[str], said: str
) -> None:
    (practice / "cases/C-FK6SY95T/sessions/N-004.yaml").unlink()
    code, out, _ = run("find", *words)
    assert (code, out.partition("files\n")[2]) == (1, said)


def test_the_newest_come_first_and_no_more_than_are_asked_for(practice: Path, run: Run) -> None:
    _, out, _ = run("find", "chair", "--most", "200")
    dates = []
    for file in re.findall(r"(cases/\S+\.yaml):", out):
        dates += re.findall(r"^date: (\S+)", (practice / file).read_text("utf-8"), re.M)
    assert dates == sorted(dates, reverse=True)
    few = run("find", "chair", "--most", "2").out
    assert few.count("cases/") == 2
    assert "the newest 2 are shown; " in few


def test_one_case_alone_can_be_searched(practice: Path, run: Run) -> None:
    assert "C-HB6GD1GT" in run("find", "sunday").out
    assert "C-FK6SY95T" in run("find", "sunday", "--most", "500").out
    assert "C-HB6GD1GT" not in run("find", "sunday", "--case", "FK").out


def test_every_text_of_the_examples_is_found_where_it_stands(practice: Path) -> None:
    """Each hit's line holds the words that were looked for, or begins the text."""
    folders = [
        loading.Folder(path, f"cases/{path.name}") for path in (practice / "cases").iterdir()
    ]
    for word in ("sunday", "ruby", "eilidh", "child", "tickl", "hen", "rennie", "£900"):
        wanted = searching.folded([word])
        hits = [
            hit
            for each in searching.scan(folders, wanted).candidates
            for hit in searching.hits(each, wanted) or ()
        ]
        assert hits, word
        for hit in hits:
            line = (practice / hit.where.file).read_text("utf-8").splitlines()[hit.where.line - 1]
            assert sifting.fold(line[hit.where.column - 1 :]).startswith(wanted[0])


def test_nothing_that_a_full_reading_finds_is_missed(practice: Path) -> None:
    """The quick look at bytes lets through every file whose texts hold the words."""
    for case in (practice / "cases").iterdir():
        folder = loading.Folder(case, case.name)
        for made in loading.load(case, "").file.records:
            for _, text in made.prose[::7]:
                wanted = searching.folded(text.split()[-3:])
                names = {each.name for each in searching.scan([folder], wanted).candidates}
                assert made.doc.file in names


UNHEARD = [
    "".join(letters).encode() for letters in itertools.product("kvwz", "aeo", "bgp", "iu", "xy")
]


@given(st.text(max_size=60))
def test_folding_is_blind_to_how_a_letter_is_composed(text: str) -> None:
    forms = {sifting.fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@given(st.text(max_size=40), st.text(min_size=1, max_size=5), st.text(max_size=40))
def test_what_stands_in_bytes_is_let_through(before: str, word: str, after: str) -> None:
    """Letter by letter or all at once, bytes are folded as texts are."""
    text = before + word + after
    raw = text.encode(errors="ignore")
    needle = sifting.fold(text.encode(errors="ignore").decode()).encode()
    assert sifting.holds(raw, [needle])


@given(st.text(max_size=40), st.text(min_size=1, max_size=9), st.text(max_size=40))
def test_a_sieve_lets_through_whatever_is_there(before: str, word: str, after: str) -> None:
    text = (before + word + after).encode(errors="ignore")
    wanted = sifting.pieces(searching.folded([word.encode(errors="ignore").decode()]))
    places = sifting.Places(lambda letters: hashlib.blake2b(letters).digest())
    if sifting.may_hold(text, wanted):
        assert sifting.lets_through(sifting.sieve(text, places), sifting.asked(wanted, places))


@pytest.mark.parametrize(
    "raw", [b'a: "swim\\\n  ming"', b'a: "swim\\x6ding"', b'a: "\\u0073wimming"']
)
def test_a_sieve_lets_through_what_is_hidden_by_an_escape(raw: bytes) -> None:
    places = sifting.Places(lambda letters: hashlib.blake2b(letters).digest())
    wanted = sifting.asked(sifting.pieces(["swimming"]), places)
    assert sifting.lets_through(sifting.sieve(raw, places), wanted)


def test_a_sieve_keeps_no_more_at_hand_than_there_are_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What goes on without a space has more places than any word, and whoever writes a megabyte of it a thousand times
    would fill the memory."""
    monkeypatch.setattr(sifting, "_AT_HAND", 100)
    places = sifting.Places(lambda letters: hashlib.blake2b(letters).digest())
    unbroken = "".join(f"{number:x}" for number in range(20_000)).encode()
    wanted = sifting.asked([unbroken[500:600]], places)
    assert sifting.lets_through(sifting.sieve(unbroken, places), wanted)
    assert not places
    sifting.sieve(b" ".join(str(number).encode() for number in range(1000)), places)
    assert len(places) <= 100


def test_a_sieve_holds_back_nearly_all_that_is_not_there(practice: Path) -> None:
    places = sifting.Places(lambda letters: hashlib.blake2b(letters).digest())
    raw = b"".join(path.read_bytes() for path in (practice / "cases").rglob("*.yaml"))
    made = sifting.sieve(raw, places)
    missing = [word for word in UNHEARD if not sifting.holds(raw, [word])]
    through = [
        word for word in missing if sifting.lets_through(made, sifting.asked([word], places))
    ]
    assert len(missing) > 100
    assert len(through) < len(missing) / 20


@pytest.mark.parametrize(
    "words", [["chair"], ["sunday", "hen"], ["periwinkle"], ["school nursery"]]
)
def test_what_is_remembered_makes_no_difference(practice: Path, run: Run, words: list[str]) -> None:
    first = run("find", *words)
    run("validate")
    assert run("find", *words) == first == run("find", *words, "--no-cache")
    change(
        practice / "cases/C-FK6SY95T/sessions/N-001.yaml", "note: |\n", "note: |\n  Periwinkle.\n"
    )
    assert "N-001" in run("find", "periwinkle").out


def test_what_cannot_be_read_is_named_and_the_rest_is_searched(practice: Path, run: Run) -> None:
    broken = practice / "cases/C-FK6SY95T/sessions/N-004.yaml"
    broken.write_bytes(b"note: sleepover\xff\xfe\n")
    other = practice / "cases/C-FK6SY95T/sessions/N-005.yaml"
    other.write_text("note: [a sleepover\n", "utf-8")
    code, out, err = run("find", "sleepover")
    assert code == 1
    assert "nothing found" in out
    for path in (broken, other):
        assert f"{path.relative_to(practice)} cannot be read and was not searched" in err


@pytest.mark.parametrize("words", [[""], ["  "], ["\u0301"]])
def test_nothing_to_look_for_is_said(practice: Path, run: Run, words: list[str]) -> None:
    code, _, err = run("find", *words)
    assert (code, "nothing to look for" in err) == (2, True)


def test_ids_words_of_the_schema_and_what_arpc_keeps_are_not_searched(
    practice: Path, run: Run
) -> None:
    for word in ("protective_carer", "alleged_nfa_police", "sha256"):
        assert run("find", word).code == 1


def test_a_file_that_can_hold_no_word_is_not_looked_through(practice: Path) -> None:
    folders = [loading.Folder(path, path.name) for path in sorted((practice / "cases").iterdir())]
    files = {path for path in (practice / "cases").rglob("*.yaml") if path.parent.name != "out"}
    kept = {path for path in files if path.name in ("finished.yaml", "confirmations.yaml")}
    assert kept
    assert searching.scan(folders, ["fields"]).files == len(files - kept)
    assert {Path(each.name).name for each in searching.scan(folders, ["a"]).candidates}.isdisjoint(
        path.name for path in kept
    )


def test_help_says_that_words_of_records_are_shown(run: Run) -> None:
    assert "shows the words around" in " ".join(run("find", "--help").out.split())
