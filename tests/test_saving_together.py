"""Two people save apart, and nothing of either is lost: over a server, a share, or a stick, in real git.

What has nothing to do with sealing is tried in a service that is sealed and in one that is kept plain. Nothing
that somebody wrote may lie plain in any store of a sealed one, whatever was merged.
"""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from filelock import FileLock

from arpc import disk, exchanging, gitpeers, gitrun, writer, yamldoc
from arpc.gitpeers import Sent
from tests import sealed
from tests.conftest import ROOT, Run, change
from tests.sealed import Office, commit_by_hand, everything_in_git, folders_without_end, git

GOLDEN = ROOT / "tests/golden/saving"
SAID = ("the blue door", "the green door", "a red ball", "a small dog")
"""What somebody writes in these tests."""
HEAD = """\
{kind}: arpc/1
id: {id}
case: {case}
date: 2026-03-02
author: {who}
status: draft
"""


@pytest.fixture(params=["sealed", "plain"])
def pair(
    request: pytest.FixtureRequest, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """LK and TB, who both have the case open and have all that is saved."""
    begin = {"plain": plain_pair_in, "sealed": sealed_pair_in}[request.param]
    office = Office(tmp_path, run, monkeypatch)
    return sealed.as_begun(f"{request.param}-pair", "TB", office, begin)


@pytest.fixture
def sealed_pair(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office(tmp_path, run, monkeypatch)
    return sealed.as_begun("sealed-pair", "TB", office, sealed_pair_in)


def plain_pair_in(made: Office) -> None:
    sealed.begin_plain_in(made)
    made.join("TB")


def sealed_pair_in(made: Office) -> None:
    sealed.begin_in(made)
    made.type("LK", "access", "grant", made.case, "TB")
    made.type("LK", "save")
    made.join("TB")
    made.type("TB", "unlock")


def record(office: Office, who: str, name: str) -> Path:
    """A record of the case at somebody's computer."""
    return office.clone(who) / "cases" / office.case / name


def write(office: Office, who: str, name: str, body: str = "") -> Path:
    """Write a draft by hand."""
    path = record(office, who, name)
    kind = {"sessions": "session", "escalations": "escalation"}[path.parent.name]
    path.parent.mkdir(exist_ok=True)
    head = HEAD.format(kind=kind, id=path.stem, case=office.case, who=who)
    path.write_text(head + body, "utf-8")
    return path


def session(said: str, entry: str = "S1", more: str = "") -> str:
    """The body of a session with one statement."""
    return f"{more}with: child\nwho: [P-02]\nstatements:\n  - id: {entry}\n    said: {said}\n"


def nothing_is_plain(office: Office) -> None:
    """Nothing of what was said lies plain in git, where the service is sealed."""
    if not (office.clone("LK") / "access").is_dir():
        return
    places = [office.server, *(office.clone(who) for who in ("LK", "TB"))]
    kept = b"".join(map(everything_in_git, places))
    assert [said for said in SAID if said.encode() in kept] == []
    assert office.shows(*places) == []


def same(office: Office) -> None:
    """Both have the same, and all of it is saved."""
    tips = {office.git(who, "rev-parse", "HEAD") for who in ("LK", "TB")}
    assert len({*tips, git(office.server, "rev-parse", "main")}) == 1
    for who in ("LK", "TB"):
        assert office.git(who, "status", "--porcelain") == ""


# Over a server


def test_records_made_twice_apart_are_two_and_what_cites_ours_follows(pair: Office) -> None:
    case = pair.case
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0], more="escalation: E-01\n"))
    write(pair, "LK", "escalations/E-01.yaml")
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[1]))
    write(pair, "TB", "escalations/E-01.yaml")
    assert pair.type("TB", "save").out.splitlines()[-1] == "origin has all of it"
    ran = pair.type("LK", "save")
    assert ran.out.splitlines()[2:] == [
        f"  {case}: E-01, N-001 new, by Tom Birkett",
        f"  {case}: your E-01 is E-02 now, since theirs came first",
        f"  {case}: your N-001 is N-002 now, since theirs came first",
        "origin has all of it",
    ]
    assert SAID[1] in record(pair, "LK", "sessions/N-001.yaml").read_text()
    ours = record(pair, "LK", "sessions/N-002.yaml").read_text()
    assert SAID[0] in ours and "escalation: E-02\n" in ours and "id: N-002\n" in ours
    assert pair.type("TB", "save").out.splitlines() == [
        "all that is written here is saved",
        f"  {case}: E-02, N-002 new, by Leila Kassar",
        "origin has all of it",
    ]
    same(pair)
    nothing_is_plain(pair)


def test_statements_added_apart_to_one_draft_both_stay_and_wait_to_be_read(pair: Office) -> None:
    case = pair.case
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("LK", "save")
    pair.type("TB", "save")
    for who, said in (("LK", SAID[1]), ("TB", SAID[2])):
        path = record(pair, who, "sessions/N-001.yaml")
        path.write_text(f"{path.read_text()}  - id: S2\n    said: {said}\n")
    pair.type("TB", "save")
    ran = pair.type("LK", "save")
    assert f"  {case}: your N-001#S2 is N-001#S3 now, since theirs came first\n" in ran.out
    waiting = "brought together from two versions, and not read since: N-001"
    assert f"note: {waiting} (`arpc show {case} N-001`)\n" in ran.err
    doc = yamldoc.read("", record(pair, "LK", "sessions/N-001.yaml").read_bytes()).doc
    assert doc
    found = {each["id"]: each["said"] for each in doc.data["statements"]}
    assert found == {"S1": SAID[0], "S2": SAID[2], "S3": SAID[1]}
    assert waiting in " ".join(pair.type("LK", "status", case).out.split())
    assert "and counts as read now" in pair.type("LK", "show", case, "N-001").err
    assert "not read since" not in pair.type("LK", "status", case).out
    pair.type("TB", "save")
    assert (
        "not read since" not in pair.type("TB", "status", case).out
    )  # the merge was not made there
    same(pair)
    nothing_is_plain(pair)


def test_what_was_merged_is_read_by_opening_it_too(
    pair: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pair, "LK", "sessions/N-001.yaml", f"{session(SAID[0])}\nnote: none\n\nwhere: home\n")
    pair.type("LK", "save")
    pair.type("TB", "save")
    change(record(pair, "LK", "sessions/N-001.yaml"), SAID[0], SAID[1])
    change(record(pair, "TB", "sessions/N-001.yaml"), "home", "school")
    pair.type("TB", "save")
    assert "not read since: N-001" in pair.type("LK", "save").err
    monkeypatch.setenv("EDITOR", "true")
    pair.sit_down("LK")
    assert "counts as read now" in pair.run("edit", "N-001", "-c", pair.case).err
    assert "not read since" not in pair.type("LK", "status", pair.case).out


def test_a_sentence_that_both_wrote_stands_in_both_wordings_until_somebody_decides(
    pair: Office,
) -> None:
    case = pair.case
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    write(pair, "LK", "sessions/N-002.yaml", session(SAID[3]))
    pair.type("LK", "save")
    pair.type("TB", "save")
    for who, said in (("LK", SAID[1]), ("TB", SAID[2])):
        change(record(pair, who, "sessions/N-001.yaml"), SAID[0], said)
    pair.type("TB", "save")
    ran = pair.type("LK", "save", fine=1)
    path = f"cases/{case}/sessions/N-001.yaml"
    assert f"{path}: both wrote statements[S1].said: decide in the file\n" in ran.out
    assert ran.out.endswith("origin has all of it\n")
    assert f"note: {case}: 1 error in what is saved of it: `arpc validate {case}`" in ran.err
    text = record(pair, "LK", "sessions/N-001.yaml").read_text()
    assert text[text.index("<<<<<<<") :] == (
        f"<<<<<<< Leila Kassar\n    said: {SAID[1]}\n||||||| before\n    said: {SAID[0]}\n"
        f"=======\n    said: {SAID[2]}\n>>>>>>> Tom Birkett\n"
    )
    # The other has it too, it is a finding at its place, and everything else goes on.
    assert "1 error in what is saved of it" in pair.type("TB", "save").err
    assert record(pair, "TB", "sessions/N-001.yaml").read_text() == text
    same(pair)
    found = pair.type("TB", "validate", case, fine=1).out
    assert re.search(rf"^{path}:\d+:1: error: .*\[git-conflict\]$", found, re.MULTILINE)
    assert "referral" in pair.type("TB", "status", case).out
    assert "N-001 was not finished" in pair.type("TB", "finish", "N-001", "-c", case, fine=1).out
    pair.type("TB", "add", "person", "name=Ann Other", "-c", case)
    decided = re.sub(r"<<<.*\n(.*\n)(?:.*\n)*?>>>.*\n", r"\1", text)
    record(pair, "TB", "sessions/N-001.yaml").write_text(decided)
    pair.type("TB", "save")
    pair.type("LK", "save")
    assert SAID[1] in record(pair, "LK", "sessions/N-001.yaml").read_text()
    same(pair)
    nothing_is_plain(pair)


def test_records_finished_apart_are_both_final(pair: Office) -> None:
    case = pair.case
    for who, name in (("LK", "Ann Other"), ("TB", "Bea Other")):
        pair.type(who, "add", "person", f"name={name}", "roles=professional", "-c", case)
        pair.type(who, "finish", "P-04", "-c", case)
    pair.type("TB", "save")
    ran = pair.type("LK", "save")
    assert "your P-04 is P-05 now" in ran.out
    pair.type("TB", "save")
    same(pair)
    for who in ("LK", "TB"):
        checked = pair.type(who, "validate", case).out
        assert "changed-after-finish" not in checked and "error" not in checked, checked
        assert record(pair, who, "finished.yaml").read_text().count("sha256:") >= 2
    nothing_is_plain(pair)


def test_additions_made_apart_to_a_final_record_stand_in_it_under_one_seal(pair: Office) -> None:
    case = pair.case
    pair.type("LK", "add", "person", "name=Ann Other", "roles=professional", "-c", case)
    pair.type("LK", "finish", "P-04", "-c", case)
    pair.type("LK", "save")
    pair.type("TB", "save")
    for who, said in zip(("LK", "TB"), SAID, strict=False):
        pair.type(who, "amend", "P-04", "-c", case, "--what", said, "--why", "Left out.")
    for who in ("TB", "LK", "TB"):
        pair.type(who, "save")
    same(pair)
    for who in ("LK", "TB"):
        checked = pair.type(who, "validate", case).out
        assert "error" not in checked and "changed-since-finished" not in checked, checked
        text = record(pair, who, "people/P-04.yaml").read_text()
        assert [text.count(said) for said in SAID] == [1, 1, 0, 0]
        assert record(pair, who, "finished.yaml").read_text().count("id: P-04, by: LK") == 1
    nothing_is_plain(pair)


def test_a_record_finished_by_both_as_it_was_is_sealed_once(pair: Office) -> None:
    case = pair.case
    pair.type("LK", "add", "person", "name=Ann Other", "roles=professional", "-c", case)
    pair.type("LK", "save")
    pair.type("TB", "save")
    for who in ("LK", "TB"):
        pair.type(who, "finish", "P-04", "-c", case)
    for who in ("TB", "LK", "TB"):
        pair.type(who, "save")
    same(pair)
    assert "error" not in pair.type("LK", "validate", case).out
    assert record(pair, "LK", "finished.yaml").read_text().count("id: P-04, by: TB") == 1


@pytest.mark.parametrize("has_saved", [True, False], ids=["both-saved", "only-theirs"])
def test_what_another_command_writes_while_theirs_is_fetched_stands_in_no_ones_way(
    pair: Office, has_saved: bool
) -> None:
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("TB", "save")
    if has_saved:
        pair.type("LK", "add", "person", "name=Ann Other", "roles=professional", "-c", pair.case)
        pair.type("LK", "save", "--offline")
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[1]))  # and is not saved
    pair.sit_down("LK")
    clone = pair.clone("LK")
    other = gitpeers.peer(clone)
    assert other
    who, at = ("Leila Kassar", "lk@example.org"), datetime(2026, 3, 2, 12, tzinfo=UTC)
    done = exchanging.exchange(clone, other, who, at, {}, lambda _: None)
    assert done.is_reached and [move for _, r in done.joined.renumbered for move in r.moved] == [
        ("N-001", "N-002")
    ]
    pair.type("TB", "save")
    same(pair)
    for number, said in enumerate(SAID[:2], start=1):
        assert said in record(pair, "TB", f"sessions/N-00{number}.yaml").read_text()
    nothing_is_plain(pair)


@pytest.mark.parametrize("theirs", ["the same draft", "another under its id"])
def test_what_is_open_in_an_editor_is_not_changed_under_its_writers_hands(
    pair: Office, theirs: str
) -> None:
    path = write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("LK", "save", *(["--offline"] if theirs == "another under its id" else []))
    if theirs == "the same draft":
        pair.type("TB", "save")
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[0]) + "thinking: |\n  Said twice.\n")
    pair.type("TB", "save")
    change(path, "who: [P-02]", "who: [P-02]\nconcern: none")
    before = path.read_bytes()
    with FileLock(path.with_name(".N-001.yaml.open.tmp")):  # as `arpc edit` has it
        ran = pair.type("LK", "save", fine=2)
    said = f"N-001 of {pair.case} is open in an editor, and others changed it too"
    assert said in ran.err and "`arpc save` brings the two together" in ran.err
    assert path.read_bytes() == before
    pair.type("LK", "save")
    pair.type("TB", "save")
    same(pair)
    texts = [each.read_text() for each in path.parent.glob("N-00*.yaml")]
    assert sum("Said twice." in text for text in texts) == 1
    assert sum("concern: none" in text for text in texts) == 1
    nothing_is_plain(pair)


REGISTER = "register: arpc/1\ndue:\n"


def computed(office: Office, who: str, *days: str) -> None:
    """The register, as `arpc due --register` may write it at somebody's computer."""
    lines = (f"  - {office.case} referral-to-decide Q-0{n} {d} LK\n" for n, d in enumerate(days, 1))
    (office.clone(who) / "register.yaml").write_text(REGISTER + "".join(lines), "utf-8")


def test_a_register_that_both_wrote_has_the_lines_of_both(pair: Office) -> None:
    for who, days in (("LK", ["2026-03-09"]), ("TB", ["2026-03-09"])):
        computed(pair, who, *days)
        pair.type(who, "save")
    for who, line in (("TB", "A-01 2026-04-01"), ("LK", "B-01 2026-04-02")):
        with (pair.clone(who) / "register.yaml").open("a", encoding="utf-8") as register:
            register.write(f"  - {pair.case} note-to-write {line} LK\n")
    for who in ("TB", "LK", "TB"):
        pair.type(who, "save")
    same(pair)
    text = (pair.clone("TB") / "register.yaml").read_text("utf-8")
    assert text.count("  - ") == 3 and "A-01 2026-04-01" in text and "B-01 2026-04-02" in text


def test_of_a_register_with_two_days_for_one_date_theirs_stands_until_it_is_written_anew(
    pair: Office,
) -> None:
    computed(pair, "LK", "2026-03-09")
    pair.type("LK", "save")
    pair.type("TB", "save")
    computed(pair, "TB", "2026-03-10")
    computed(pair, "LK", "2026-03-11")
    pair.type("TB", "save")
    ran = pair.type("LK", "save", fine=1)
    assert "both wrote it: theirs stands, and `arpc due --register` writes it anew" in ran.out
    pair.type("TB", "save")
    same(pair)
    assert "2026-03-10" in (pair.clone("LK") / "register.yaml").read_text("utf-8")
    assert pair.type("LK", "due").code == 0


# Stopped half-way


def killed(office: Office, who: str, module: ModuleType, call: str) -> None:
    """Save, and be killed at a call to one of our functions."""
    office.sit_down(who)
    child = os.fork()
    if not child:
        setattr(module, call, lambda *_, **__: os._exit(9))
        office.run("save")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def halves(office: Office, name: str) -> list[str]:
    """What `arpc doctor` says of a save that was stopped."""
    told = json.loads(office.run("doctor", "--format", "json").out)["checks"]
    return [each["do"] for each in told if each["check"] == name and each["do"]]


@pytest.mark.skipif(sys.platform == "win32", reason="it forks")
@pytest.mark.parametrize("call", ["create", "remove"])
def test_a_renumbering_that_is_killed_leaves_no_record_twice(pair: Office, call: str) -> None:
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("TB", "save")
    for number, said in enumerate(SAID[1:3], start=1):
        write(pair, "LK", f"sessions/N-00{number}.yaml", session(said))
    killed(pair, "LK", writer, call)
    assert halves(pair, "half-done") == ["`arpc save` puts it right, and goes on"]
    pair.type("LK", "save")
    pair.type("TB", "save")
    same(pair)
    assert halves(pair, "half-done") == []
    texts = [each.read_text() for each in record(pair, "TB", "sessions").glob("N-*.yaml")]
    assert [sum(said in text for text in texts) for said in SAID] == [1, 1, 1, 0]
    nothing_is_plain(pair)


@pytest.mark.skipif(sys.platform == "win32", reason="it forks")
def test_what_somebody_wrote_after_a_save_was_killed_stays(pair: Office) -> None:
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("TB", "save")
    path = write(pair, "LK", "sessions/N-001.yaml", session(SAID[1]))
    killed(pair, "LK", writer, "remove")
    change(path, SAID[1], SAID[2])
    pair.type("LK", "save")
    pair.type("TB", "save")
    same(pair)
    texts = [each.read_text() for each in record(pair, "TB", "sessions").glob("N-*.yaml")]
    assert [sum(said in text for text in texts) for said in SAID] == [1, 0, 1, 0]
    nothing_is_plain(pair)


@pytest.mark.skipif(sys.platform == "win32", reason="it forks")
@pytest.mark.parametrize("call", ["unmerged", "conclude"])
def test_a_merge_that_is_killed_is_begun_again(pair: Office, call: str) -> None:
    two_wordings(pair)
    killed(pair, "LK", gitpeers, call)
    assert halves(pair, "half-done") == ["`arpc save` puts it right, and goes on"]
    assert "both wrote statements[S1].said" in pair.type("LK", "save", fine=1).out
    pair.type("TB", "save")
    same(pair)
    text = record(pair, "TB", "sessions/N-001.yaml").read_text()
    assert all(said in text for said in SAID[:3])
    nothing_is_plain(pair)


@pytest.mark.skipif(sys.platform == "win32", reason="it forks")
def test_what_somebody_decided_after_a_merge_was_killed_stays(pair: Office) -> None:
    two_wordings(pair)
    killed(pair, "LK", gitpeers, "unmerged")
    path = record(pair, "LK", "sessions/N-001.yaml")
    path.write_text(session(SAID[3]), "utf-8")
    assert "there are two versions of" in pair.type("LK", "save", fine=2).err
    assert SAID[3] in path.read_text()


def two_wordings(pair: Office) -> None:
    """Both have changed what was said in one statement, and TB has saved it."""
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("LK", "save")
    pair.type("TB", "save")
    for who, said in (("TB", SAID[1]), ("LK", SAID[2])):
        change(record(pair, who, "sessions/N-001.yaml"), f"said: {SAID[0]}", f"said: {said}")
    pair.type("TB", "save")


@pytest.mark.parametrize("call", ["replace", "create", "remove"])
def test_a_disk_that_fails_in_a_renumbering_leaves_no_record_twice(
    pair: Office, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("TB", "save")
    path = write(pair, "LK", "sessions/N-001.yaml", session(SAID[1]))
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as failing:
        failing.setattr(disk, call, full)
        assert "No space left on device" in pair.type("LK", "save", fine=2).err
    assert path.read_bytes() == before
    pair.type("LK", "save")
    assert sorted(each.name for each in path.parent.iterdir()) == ["N-001.yaml", "N-002.yaml"]
    assert SAID[0] in path.read_text() and SAID[1] in path.with_name("N-002.yaml").read_text()


def test_what_one_took_away_and_the_other_changed_stays(pair: Office) -> None:
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("LK", "save")
    pair.type("TB", "save")
    record(pair, "LK", "sessions/N-001.yaml").unlink()
    change(record(pair, "TB", "sessions/N-001.yaml"), SAID[0], SAID[1])
    pair.type("TB", "save")
    ran = pair.type("LK", "save", fine=1)
    assert "N-001.yaml: one took it away, the other changed it: it stays, or remove it\n" in ran.out
    assert SAID[1] in record(pair, "LK", "sessions/N-001.yaml").read_text()
    pair.type("TB", "save")
    same(pair)


def test_what_somebody_signed_is_never_put_together_from_two(pair: Office) -> None:
    for who in ("LK", "TB"):
        signed = pair.clone(who) / "cases" / pair.case / "signed"
        signed.mkdir()
        (signed / "referral.practitioner.1.txt").write_text(f"arpc-signoff: 1\nby: {who}\n")
        (signed / "referral.practitioner.1.txt.sig").write_text(f"signature of {who}\n")
    pair.type("TB", "save")
    ran = pair.type("LK", "save", fine=1)
    path = f"cases/{pair.case}/signed/referral.practitioner.1.txt"
    assert f"{path}: both signed it so: theirs counts, and yours is to be signed again\n" in ran.out
    texts = [(pair.clone("LK") / f"{path}{end}").read_text() for end in ("", ".sig")]
    assert texts == ["arpc-signoff: 1\nby: TB\n", "signature of TB\n"]
    pair.type("TB", "save")
    same(pair)


def test_what_is_no_text_stays_as_it_is_here(pair: Office) -> None:
    name = "documents/D-01-1.pdf"
    record(pair, "LK", name).parent.mkdir()
    record(pair, "LK", name).write_bytes(b"\0before")
    pair.type("LK", "save")
    pair.type("TB", "save")
    for who in ("LK", "TB"):
        record(pair, who, name).write_bytes(b"\0" + who.encode())
    pair.type("TB", "save")
    ran = pair.type("LK", "save", fine=1)
    assert f"{name}: both changed it, and it is no text: yours stays\n" in ran.out
    assert record(pair, "LK", name).read_bytes() == b"\0LK"


def test_of_a_case_that_was_shredded_nothing_is_brought_together(pair: Office) -> None:
    case = pair.case
    leila = pair.clone("LK")
    (leila / "shredded").mkdir()
    (leila / "shredded" / f"{case}.txt").write_text("on 2026-03-02: NOT YET COMPLETE\n")
    shutil.rmtree(leila / "cases" / case)
    pair.type("LK", "save")
    change(pair.clone("TB") / "cases" / case / "case.yaml", "lead: LK", "lead: TB")
    if (pair.clone("TB") / "access").is_dir():
        pair.type("TB", "save", "--offline")
        pair.type("TB", "lock")
    pair.type("TB", "save")
    assert not (pair.clone("TB") / "cases" / case / "case.yaml").exists()
    pair.type("LK", "save")
    assert pair.git("LK", "ls-files", "cases") == ""


def test_the_services_own_file_is_never_left_with_two_versions_in_it(pair: Office) -> None:
    for who, name in (("LK", "Harbour One"), ("TB", "Harbour Two")):
        change(pair.clone(who) / "service.yaml", "Harbour Service", name)
    pair.type("TB", "save")
    ran = pair.type("LK", "save", fine=2)
    assert "service.yaml was changed by others too, and nothing was merged" in ran.err
    assert pair.git("LK", "status", "--porcelain") == ""
    assert "Harbour One" in (pair.clone("LK") / "service.yaml").read_text()
    hint = re.search(r"`git (checkout \S+ -- service.yaml)`", ran.err)
    assert hint
    pair.git("LK", *hint[1].split())
    pair.type("LK", "save")
    pair.type("TB", "save")
    same(pair)


def test_what_is_staged_besides_is_named_and_nothing_is_merged(pair: Office) -> None:
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[1]))
    pair.type("TB", "save")
    (pair.clone("LK") / "notes.txt").write_text("x")
    pair.git("LK", "add", "notes.txt")
    assert "notes.txt is staged, and is not saved" in pair.type("LK", "save", fine=2).err
    pair.git("LK", "rm", "-q", "--cached", "notes.txt")
    pair.type("LK", "save")


def test_whoever_is_overtaken_while_saving_merges_again(
    pair: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    send, tried = gitpeers.send, []

    def overtaken(*arguments) -> Sent:
        tried.append(arguments)
        if len(tried) == 1:
            write(pair, "TB", "sessions/N-001.yaml", session(SAID[1]))
            pair.type("TB", "save")
            pair.sit_down("LK")
        return send(*arguments)

    monkeypatch.setattr(gitpeers, "send", overtaken)
    ran = pair.type("LK", "save")
    assert len(tried) == 3 and "your N-001 is N-002 now" in ran.out
    monkeypatch.undo()
    pair.monkeypatch.setenv("ARPC_TODAY", "2026-03-02")


def test_a_server_out_of_reach_is_named_and_what_is_saved_goes_with_the_next(pair: Office) -> None:
    away = pair.folder / "away.git"
    pair.server.rename(away)
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    ran = pair.type("LK", "save")
    assert "saved on this computer; origin could not be reached" in ran.err
    assert pair.git("LK", "status", "--porcelain") == ""
    away.rename(pair.server)
    assert pair.type("LK", "save").out.endswith("is saved\norigin has all of it\n")
    pair.type("TB", "save")
    same(pair)


def test_saving_offline_asks_nobody(pair: Office) -> None:
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    before = git(pair.server, "rev-parse", "main")
    ran = pair.type("LK", "save", "--offline")
    assert ran.out.endswith(" by LK, on this computer\n")
    assert git(pair.server, "rev-parse", "main") == before


@pytest.mark.parametrize("fetched", [False, True])
def test_history_that_was_taken_back_there_is_noticed(pair: Office, *, fetched: bool) -> None:
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    pair.type("LK", "save")
    seen = pair.git("LK", "rev-parse", "HEAD").strip()
    git(pair.server, "update-ref", "refs/heads/main", f"{seen}~1")
    if fetched:  # by hand, which git does without a word
        pair.git("LK", "fetch", "-q")
    for _ in range(2):
        ran = pair.type("LK", "save", fine=2)
        assert f"origin no longer has {seen[:10]}, which this computer has seen" in ran.err
    assert git(pair.server, "rev-parse", "main").strip() != seen
    git(pair.server, "update-ref", "-d", "refs/heads/main")
    assert "history was taken back" in pair.type("LK", "save", fine=2).err


def test_another_service_is_not_merged(pair: Office) -> None:
    other = pair.folder / "other"
    git(pair.folder, "init", "-q", "-b", "main", str(other))
    identity = ("-c", "user.name=X", "-c", "user.email=x@example.org")
    git(other, *identity, "commit", "-q", "--allow-empty", "-m", "begun")
    pair.git("LK", "remote", "set-url", "origin", str(other))
    pair.git("LK", "update-ref", "-d", "refs/remotes/origin/main")
    pair.git("LK", "update-ref", "-d", "refs/arpc/seen/origin/main")
    assert "that is another service" in pair.type("LK", "save", fine=2).err


def test_a_folder_that_brings_a_merge_program_or_a_password_program_is_refused(
    pair: Office,
) -> None:
    for name in ("merge.evil.driver", "core.askPass"):
        pair.git("LK", "config", name, "touch ran")
        refused = pair.type("LK", "save", fine=2)
        assert f"git settings run programs: {name.lower()}" in refused.err
        pair.git("LK", "config", "--unset", name)


def test_a_colleagues_clone_is_no_server_and_says_so(pair: Office) -> None:
    pair.git("LK", "remote", "set-url", "origin", str(pair.clone("TB")))
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    refused = pair.type("LK", "save", fine=2)
    assert "origin refuses what is sent" in refused.err
    assert pair.git("LK", "status", "--porcelain") == ""


def test_two_who_have_merged_crosswise_meet_again(pair: Office) -> None:
    stick = pair.folder / "stick.bundle"
    write(pair, "LK", "sessions/N-001.yaml", f"{session(SAID[0])}where: home\n")
    pair.type("LK", "save")
    pair.type("TB", "save")
    change(record(pair, "LK", "sessions/N-001.yaml"), SAID[0], SAID[1])
    change(record(pair, "TB", "sessions/N-001.yaml"), "home", "school")
    for who in ("LK", "TB"):
        pair.type(who, "save", "--bundle", str(pair.folder / f"{who}.bundle"))
    pair.type("LK", "save", "--from", str(pair.folder / "TB.bundle"))
    pair.type("TB", "save", "--from", str(pair.folder / "LK.bundle"))
    change(record(pair, "LK", "sessions/N-001.yaml"), SAID[1], SAID[2])
    pair.type("LK", "save", "--bundle", str(stick))
    pair.type("TB", "save", "--from", str(stick))
    text = record(pair, "TB", "sessions/N-001.yaml").read_text()
    assert SAID[2] in text and "school" in text and "<<<" not in text
    pair.type("TB", "save")
    pair.type("LK", "save")
    same(pair)
    nothing_is_plain(pair)


# Where somebody may not read


def test_a_locked_case_that_both_changed_is_left_to_who_can_read_it(sealed_pair: Office) -> None:
    case = sealed_pair.case
    write(sealed_pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    sealed_pair.type("LK", "save", "--offline")
    write(sealed_pair, "TB", "sessions/N-001.yaml", session(SAID[1]))
    sealed_pair.type("TB", "save")
    sealed_pair.type("LK", "lock")
    ran = sealed_pair.type("LK", "save", fine=2)
    locked = f"cases/{case}/sessions/N-001.yaml is locked here, and others changed it too"
    assert locked in ran.err and f"`arpc unlock {case}` and save again" in ran.err
    assert sealed_pair.git("LK", "status", "--porcelain") == ""
    assert not (sealed_pair.clone("LK") / ".git" / "MERGE_HEAD").exists()
    sealed_pair.type("LK", "unlock")
    sealed_pair.type("LK", "save")
    sealed_pair.type("TB", "save")
    same(sealed_pair)
    nothing_is_plain(sealed_pair)


def test_whoever_may_not_read_a_case_merges_what_does_not_meet(sealed_pair: Office) -> None:
    sealed_pair.join("JM")
    write(sealed_pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    sealed_pair.type("LK", "save")
    change(sealed_pair.clone("JM") / "service.yaml", "Harbour Service", "Harbour")
    ran = sealed_pair.type("JM", "save")
    assert f"  {sealed_pair.case}: N-001 new, by Leila Kassar\n" in ran.out
    history = sealed_pair.type("JM", "history", sealed_pair.case)
    assert "is locked here: which fields were changed cannot be told" in history.err
    assert "N-001: new" in history.out
    nothing_is_plain(sealed_pair)


def test_what_an_unguarded_server_took_in_plain_is_named(sealed_pair: Office) -> None:
    (sealed_pair.server / "hooks" / "pre-receive").unlink()
    commit_plain(sealed_pair, "TB")
    sealed_pair.git("TB", "-c", "core.hooksPath=/dev/null", "push", "-q")
    ran = sealed_pair.type("LK", "save")
    assert f"cases/{sealed_pair.case}/sessions/N-009.yaml: it is PLAIN TEXT" in " ".join(
        ran.err.split()
    )


def test_the_guards_stand_in_the_way_of_what_is_plain(sealed_pair: Office) -> None:
    commit_plain(sealed_pair, "TB")
    refused = sealed_pair.type("TB", "save", fine=2)
    assert "it is PLAIN TEXT" in refused.err
    ours = sealed_pair.clone("TB") / ".git" / "arpc" / "hooks" / "pre-push"
    ours.unlink()
    monkeypatch = sealed_pair.monkeypatch
    monkeypatch.setattr("arpc.sealing.wiring.own_hooks", lambda git: git / "none")
    refused = sealed_pair.type("TB", "save", fine=2)  # and the server itself refuses it
    assert "it is PLAIN TEXT" in refused.err


def commit_plain(office: Office, who: str) -> None:
    """Commit a record as it is, as a program does that knows nothing of filters."""
    path = f"cases/{office.case}/sessions/N-009.yaml"
    office.sit_down(who)
    done = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"],
        cwd=office.clone(who),
        input=b"said: a plain word\n",
        capture_output=True,
        check=True,
    )
    blob = done.stdout.decode().strip()
    office.git(who, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    office.git(who, "-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "x")
    office.git(who, "checkout", "-f", "-q", "HEAD", "--", path)


# By a file that is carried


def test_two_people_work_over_a_stick(pair: Office) -> None:
    case, stick = pair.case, pair.folder / "stick.bundle"
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[1]))
    wrote = pair.type("LK", "save", "--bundle", str(stick)).out
    assert wrote.endswith("stick.bundle: `arpc save --from FILE` takes it in\n")
    taken = pair.type("TB", "save", "--from", str(stick)).out
    assert f"  {case}: N-001 new, by Leila Kassar\n" in taken
    assert f"  {case}: your N-001 is N-002 now, since theirs came first\n" in taken
    assert taken.endswith("stick.bundle is taken in\n")
    pair.type("TB", "save", "--bundle", str(stick))
    pair.type("LK", "save", "--from", str(stick))
    again = pair.type("LK", "save", "--from", str(stick)).out
    assert again.endswith("stick.bundle brings nothing new\n")
    assert len({pair.git(who, "rev-parse", "HEAD") for who in ("LK", "TB")}) == 1
    assert SAID[1] in record(pair, "LK", "sessions/N-002.yaml").read_text()
    assert not [p for p in stick.parent.iterdir() if p.name.endswith(".tmp")]
    nothing_is_plain(pair)
    if (pair.clone("LK") / "access").is_dir():
        fresh = pair.folder / "fresh"
        git(pair.folder, "clone", "-q", "--no-checkout", str(stick), str(fresh))
        assert pair.shows(fresh) == []


def test_a_carried_file_with_something_plain_is_not_let_in(sealed_pair: Office) -> None:
    stick = sealed_pair.folder / "stick.bundle"
    commit_plain(sealed_pair, "TB")
    sealed_pair.git("TB", "bundle", "create", "-q", str(stick), "main")
    ran = sealed_pair.type("LK", "save", "--from", str(stick), fine=2)
    assert "it is PLAIN TEXT" in ran.err and "nothing was taken in" in ran.err
    assert b"a plain word" not in everything_in_git(sealed_pair.clone("LK"))
    assert not list((sealed_pair.clone("LK") / ".git" / "arpc").glob("carried-*"))


def test_folders_without_end_are_let_in_nowhere(pair: Office) -> None:
    said = "the new commits hold more than 10,000,000 files"
    clone, stick = pair.clone("TB"), pair.folder / "stick.bundle"
    commit_by_hand(clone, "040000", folders_without_end(clone), "cases/C-7QK2M4TX/sessions")
    git(clone, "bundle", "create", "-q", str(stick), "main")
    assert stick.stat().st_size < 100_000
    refused = pair.type("LK", "save", "--from", str(stick), fine=2)
    assert said in refused.err and "nothing was taken in" in refused.err
    is_sealed = (clone / "access").is_dir()
    pushed = git(clone, "push", "--no-verify", "origin", "main", fine=(0, 1))
    assert (said in pushed) is is_sealed  # a server that is not guarded takes everything
    refused = pair.type("LK", "save", fine=0 if is_sealed else 2)
    assert (said in refused.err) is not is_sealed


@pytest.mark.parametrize(
    ("mode", "path"),
    [
        ("120000", "cases/C-7QK2M4TX"),
        ("120000", "cases/C-7QK2M4TX/out"),
        ("160000", "cases/C-7QK2M4TX"),
    ],
)
def test_what_leads_out_of_a_case_is_not_let_in(pair: Office, mode: str, path: str) -> None:
    clone, stick = pair.clone("TB"), pair.folder / "stick.bundle"
    blob = git(clone, "hash-object", "-w", "--stdin", said="/tmp").strip()
    made = blob if mode == "120000" else git(clone, "rev-parse", "HEAD").strip()
    commit_by_hand(clone, mode, made, path)
    git(clone, "bundle", "create", "-q", str(stick), "main")
    refused = pair.type("LK", "save", "--from", str(stick), fine=2)
    why = "a link may lead anywhere" if mode == "120000" else "it is another repository"
    assert f"{path}: {why}" in refused.err and "nothing was taken in" in refused.err
    assert not (pair.clone("LK") / path).exists()


def test_what_is_no_such_file_is_named(pair: Office) -> None:
    other = pair.folder / "letter.bundle"
    other.write_text("Dear Leila")
    refused = pair.type("LK", "save", "--from", str(other), fine=2)
    assert "letter.bundle is nothing that `arpc save --bundle` wrote" in refused.err
    refused = pair.type("LK", "save", "--from", "none.bundle", fine=2)
    assert "there is no file none.bundle" in refused.err
    refused = pair.type("LK", "save", "--bundle", "none/x.bundle", fine=2)
    assert "could not be written" in refused.err or "git bundle failed" in refused.err


# Who saved what


def test_who_saved_what_is_told_in_ids_and_names_of_fields(pair: Office, golden) -> None:
    case = pair.case
    write(pair, "LK", "sessions/N-001.yaml", session(SAID[0]))
    write(pair, "TB", "sessions/N-001.yaml", session(SAID[1]))
    pair.type("TB", "save", "--today", "2026-03-03")
    pair.type("LK", "save", "--today", "2026-03-04")
    pair.type("TB", "save")
    path = record(pair, "TB", "sessions/N-002.yaml")
    change(path, f"said: {SAID[0]}", f"said: {SAID[2]}")
    path.write_text(f"{path.read_text()}  - id: S2\n    said: {SAID[3]}\nwhere: home\n")
    pair.type("TB", "save", "--today", "2026-03-05")
    change(record(pair, "LK", "sessions/N-002.yaml"), f"said: {SAID[0]}", f"said: {SAID[3]}")
    pair.type("LK", "save", "--today", "2026-03-06", fine=1)
    told = pair.type("LK", "history", case).out
    passing = re.sub(r"\b[0-9a-f]{10}\b", "0123456789", told)
    golden(GOLDEN / "history.txt", passing)
    of_one = pair.type("LK", "history", case, "n-002", "--since", "2026-03-02").out
    assert "N-001: new" not in of_one and "statements[S1].said" in of_one
    assert "N-001: is N-002 now" in of_one
    assert not [said for said in SAID if said in told]
    assert f"nothing of {case} N-007 was saved\n" == pair.type("LK", "history", case, "N-007").out


def test_git_is_asked_a_few_times_however_long_the_history_is(
    pair: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        write(pair, "LK", f"sessions/N-00{number}.yaml", session(SAID[0]))
        pair.type("LK", "save", "--offline")
    asked = []
    answer = gitrun.answer

    def counted(*arguments, **settings):
        asked.append(arguments[1])
        return answer(*arguments, **settings)

    monkeypatch.setattr(gitrun, "answer", counted)
    pair.type("LK", "history", pair.case)
    assert 0 < len(asked) < 8, asked
