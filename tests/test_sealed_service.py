"""A sealed service from its first day: three people, their clones, a server, and those who may not read.

Everything goes through the commands, in real git. After each part, nothing that somebody said may lie in any
object store, in a bundle, in a message or in what is left on a computer that was locked.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from arpc import gitrun
from arpc.cli import keys, workspace
from arpc.sealing import access, here, identities, store, wiring
from tests import sealed
from tests.conftest import Ran, Run, change
from tests.sealed import BEGUN, NAMES, STAFF, Office, git, key, signing


@pytest.fixture
def office(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Office:
    return sealed.begin(tmp_path, run, monkeypatch)


def test_only_who_was_let_in_can_read(office: Office) -> None:
    office.type("LK", "access", "grant", office.case, "TB")
    office.git("LK", "push", "-q")
    tom, judith = office.join("TB"), office.join("JM")
    assert office.type("TB", "unlock").out.startswith(f"unlocked 1 case: {office.case}\n")
    assert "Owen Pryce" in office.type("TB", "status", office.case).out
    assert office.type("JM", "unlock").out == "unlocked 0 cases: none has a key for you\n"
    assert "is locked here" in office.type("JM", "status", office.case, fine=2).err
    refused = office.type("JM", "unlock", office.case, fine=1)
    assert "you are not among those who may open it" in refused.err
    assert office.git("JM", "status", "--porcelain") == ""
    assert office.git("TB", "status", "--porcelain") == ""
    assert office.shows(office.server, tom, judith, office.clone("LK")) == []


def test_a_locked_case_is_counted_and_never_guessed_at(office: Office) -> None:
    office.git("LK", "push", "-q")
    office.join("JM")
    checked = office.type("JM", "validate")
    assert "[locked]" in checked.out
    assert checked.out.endswith("1 advice; 6 files in 1 case checked\n")
    assert "1 case is locked here, and left out" in office.type("JM", "list").err
    assert "1 case is locked here, and left out" in office.type("JM", "due").err


def test_a_plain_file_in_a_locked_case_makes_no_noise_of_the_others(office: Office) -> None:
    office.git("LK", "push", "-q")
    judith = office.join("JM")
    beside = judith / "cases" / office.case / "sessions" / "N-009.yaml"
    beside.parent.mkdir()
    beside.write_text("session: arpc/1\n")
    assert office.type("JM", "validate", fine=1).out.count("[locked]") == 1


def test_locking_leaves_nothing_to_be_read(office: Office) -> None:
    leila = office.clone("LK")
    office.type("LK", "edit", "P-02", "-c", office.case, fine=2)  # no editor: nothing is left open
    change(
        leila / "cases" / office.case / "referral.yaml",
        "reason:",
        "reason: He stays with his mother\nold:",
    )
    refused = office.type("LK", "lock", fine=2)
    assert f"not saved yet: cases/{office.case}/referral.yaml" in refused.err
    office.git("LK", "checkout", "--", ".")
    (leila / ".git" / "info" / "exclude").write_text("people/\n")
    office.type("LK", "add", "person", "name=Tomos Rees", "-c", office.case)
    refused = office.type("LK", "lock", fine=2)
    assert f"not saved yet: cases/{office.case}/people/P-04.yaml" in refused.err
    office.type("LK", "save")
    person = f"cases/{office.case}/people/P-04.yaml"
    office.git("LK", "update-index", "--assume-unchanged", person)
    assert "not to look at" in office.type("LK", "lock", fine=2).err
    office.git("LK", "update-index", "--no-assume-unchanged", person)
    assert office.type("LK", "lock").out == "locked 1 case\n"
    left = b"".join(p.read_bytes() for p in leila.rglob("*") if p.is_file())
    assert [name for name in NAMES if name.encode() in left] == []
    assert not list((office.folder / "ring-LK").rglob("C-*"))
    assert office.git("LK", "status", "--porcelain") == ""
    office.type("LK", "unlock")
    assert "Tomos Rees" in office.type("LK", "show", office.case, "P-04").out


def test_what_is_open_can_be_locked_whatever_else_is_broken(office: Office) -> None:
    leila = office.clone("LK")
    change(leila / "service.yaml", "sealing:", "sealing: [")
    office.keys.rename(office.folder / "unplugged")
    assert office.type("LK", "lock").out == "locked 1 case\n"
    assert "is locked here" in office.type("LK", "status", office.case, fine=2).err


def test_a_damaged_file_does_not_keep_anybody_from_seeing_where_the_case_stands(
    office: Office,
) -> None:
    path = f"cases/{office.case}/people/P-03.yaml"
    kept = office.git("LK", "cat-file", "-p", f"HEAD:{path}")
    (office.clone("LK") / path).write_text(kept.replace("\n\n", "\n\nAAAA", 1), "utf-8")
    office.git("LK", "update-index", "--cacheinfo", f"100644,{'1' * 40},{path}")
    told = office.type("LK", "status", office.case)
    assert "what is not saved yet cannot be told: cases/" in told.err
    assert "still asked before a report is issued" in told.out


def test_who_may_open_what_is_never_taken_away_by_saving(office: Office) -> None:
    people = office.clone("LK") / "access" / "people"
    shutil.rmtree(people)
    refused = office.type("LK", "save", fine=2).err
    assert "access/people/0001.txt is gone" in refused
    office.git("LK", "checkout", "--", "access")
    office.type("LK", "unlock")


def test_a_slip_in_a_fingerprint_is_told_from_another_service(office: Office) -> None:
    slip = office.type("LK", "access", "trust", "SHA256:abc", fine=2).err
    assert "that is no fingerprint" in slip
    other = office.type("LK", "access", "trust", "SHA256:" + "A" * 43, fine=2).err
    assert "begun by somebody else" in other


def test_a_service_that_is_there_is_not_begun_anew_and_nobody_is_asked_for_a_passphrase(
    office: Office,
) -> None:
    again = office.type("LK", "init", ".", "--store", str(office.keys), "--key", "none", fine=2)
    assert "there is a service folder here already" in again.err


def test_after_a_restart_what_was_laid_out_can_be_read_and_nothing_is_taken_in(
    office: Office,
) -> None:
    leila, case = office.clone("LK"), office.case
    office.type("LK", "add", "person", "name=Tomos Rees", "-c", case)
    change(leila / "cases" / case / "people" / "P-01.yaml", "Owen", "Iwan")
    shutil.rmtree(office.folder / "ring-LK")  # the computer was switched off
    told = office.type("LK", "status", case)
    assert "Tomos Rees" in told.out
    assert "what is not saved yet cannot be told" in told.err
    assert "`arpc unlock" in office.type("LK", "save", fine=2).err
    assert "is locked here" in office.type("LK", "diff", case, "--since", "2026-03-02", fine=2).err
    assert office.shows(leila) == []
    office.type("LK", "unlock")
    assert "Tomos Rees" in office.type("LK", "status", case).out
    office.type("LK", "save")


def test_a_draft_report_that_git_does_not_keep_is_named_when_locking(office: Office) -> None:
    office.type("LK", "render-report", office.case, "--kind", "chronology", "--format", "md")
    left = office.type("LK", "lock", fine=1)
    assert f"still plain, since git does not keep it: cases/{office.case}/out/" in left.err


def test_what_is_written_in_an_editor_while_the_case_is_locked_is_told_and_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.case
    editor = office.folder / "editor.py"
    lock = [sys.executable, "-m", "arpc", "lock"]
    editor.write_text(
        "import pathlib, subprocess, sys\n"
        "path = pathlib.Path(sys.argv[1]); text = path.read_text('utf-8')\n"
        f"subprocess.run({lock!r}, check=True)\n"
        "path.write_text(text + 'known_as: [Wil]\\n', 'utf-8')\n"
    )
    monkeypatch.setenv("EDITOR", f"{shlex.quote(sys.executable)} {shlex.quote(str(editor))}")
    told = office.type("LK", "edit", "P-02", "-c", case, fine=2).err
    assert f"{case} was locked while you wrote" in told
    assert f"cases/{case}/people/P-02.yaml" in told
    folder = office.clone("LK") / "cases" / case
    assert not (folder / ".arpc.undo").exists()
    office.type("LK", "unlock")
    assert "known_as: [Wil]" in (folder / "people" / "P-02.yaml").read_text("utf-8")
    office.type("LK", "save")


def test_a_person_who_never_was_of_the_service_or_the_case_is_named_and_nothing_is_done(
    office: Office,
) -> None:
    case = office.case
    other = str(key(office.folder, "XX").with_suffix(".pub"))
    refused = office.type("LK", "access", "enrol", "XX", other, fine=2).err
    assert "staff codes here: LK, TB, JM" in refused
    assert (
        "`arpc access enrol XX KEY.pub`"
        in office.type("LK", "access", "grant", case, "XX", fine=2).err
    )
    for code in ("XX", "TB"):
        refused = office.type("LK", "access", "revoke", case, code, fine=2).err
        assert f"{code} never could open {case}" in refused
    assert {path.name[:2] for path in (office.keys / case).glob("*.age")} == {"g1"}
    assert office.git("LK", "status", "--porcelain") == ""


def test_whoever_may_open_nothing_yet_is_told_what_to_ask_for(office: Office) -> None:
    office.git("LK", "push", "-q")
    office.join("JM")
    assert "`arpc access grant CASE JM`" in office.type("JM", "unlock").err


def test_what_git_starts_never_shows_a_trace(office: Office) -> None:
    message = office.folder / "message"
    message.write_bytes(b"Caf\xe9\n")  # not UTF-8, which git takes
    who = ("-c", "user.name=LK", "-c", "user.email=lk@example.org")
    assert "arpc" not in office.git("LK", *who, "commit", "--allow-empty", "-F", str(message))
    hook = shlex.split(wiring.command("hook", "commit-msg", "not-there"))
    leila = office.clone("LK")
    done = subprocess.run(hook, cwd=leila, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("arpc: a defect in arpc (FileNotFoundError)")


def test_git_at_work_is_told_from_git_that_fails(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gitrun, "_PAUSES", (0.1,))
    leila = office.clone("LK")
    change(leila / "cases" / office.case / "people" / "P-02.yaml", "known_as:", "known_as: [Mimi]")
    (leila / ".git" / "index.lock").touch()
    assert "git is at work here already" in office.type("LK", "save", fine=2).err


def test_a_passphrase_may_be_tried_three_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = iter(["wrong", "wrong again", "right", "wrong", "wrong", "wrong"])
    monkeypatch.setattr(workspace, "is_interactive", lambda: True)
    monkeypatch.setattr(keys.typer, "prompt", lambda *_, **__: next(said))
    path = str(key(tmp_path, "LK", "right"))
    assert keys.identity(path, "").public.startswith("ssh-ed25519 ")
    assert capsys.readouterr().err.count("that is not the passphrase") == 2
    with pytest.raises(identities.PassphraseError):
        keys.identity(path, "")


def test_who_leaves_a_case_reads_nothing_that_is_written_from_then_on(office: Office) -> None:
    case = office.case
    office.type("LK", "access", "grant", case, "TB")
    office.git("LK", "push", "-q")
    tom = office.join("TB")
    office.type("TB", "unlock")
    said = office.type("LK", "access", "revoke", case, "TB")
    assert "what TB could read until now stays readable to them if they kept it" in said.out
    assert "fewer than two people can open" in said.err
    office.type("LK", "add", "person", "name=Tomos Rees", "-c", case)
    office.type("LK", "save")
    office.git("LK", "push", "-q")
    office.git("TB", "pull", "-q")
    assert b"Tomos" not in b"".join(p.read_bytes() for p in (tom / "cases").rglob("*.yaml"))
    assert office.type("TB", "unlock").out == "unlocked 0 cases: none has a key for you\n"
    generations = {p.name.split("-")[0] for p in (office.keys / case).glob("*.age")}
    assert generations == {"g1", "g2"}
    assert not list((office.keys / case).glob("*.TB.age"))
    office.type("LK", "unlock")  # and who stays reads all of it, the history too
    assert "Owen Pryce" in office.git("LK", "log", "-p", "--", f"cases/{case}/people/P-01.yaml")


def test_nobody_takes_themselves_off_a_case_since_they_would_know_the_new_key(
    office: Office,
) -> None:
    case, leila = office.case, office.clone("LK")
    office.type("LK", "access", "grant", case, "TB")
    office.type("LK", "save")
    log = sorted(path.name for path in (leila / "access" / case).iterdir())
    refused = office.type("LK", "access", "revoke", case, "LK", fine=2)
    assert "nobody takes themselves off a case" in refused.err
    assert sorted(path.name for path in (leila / "access" / case).iterdir()) == log
    office.join("TB")
    office.type("TB", "unlock")
    office.type("TB", "access", "revoke", case, "LK")
    assert "may open it now: TB" in office.type("TB", "access", "list", case).out


def test_a_revocation_that_was_broken_off_is_finished_by_saying_it_again(office: Office) -> None:
    case, leila = office.case, office.clone("LK")
    office.type("LK", "access", "grant", case, "TB")
    # It was broken off after the signed word that TB is off the case, before anything else.
    pinned = here.pinned(leila / ".git")
    by = signing(office.folder, "LK", BEGUN.replace(year=2027))
    access.revoke(leila, case, access.people(leila, pinned), by, "TB")
    office.type("LK", "access", "revoke", case, "TB", "--today", "2027-02-01")
    kept = sorted(p.name for p in (office.keys / case).glob("*.age"))
    assert [name.split(".")[1] for name in kept] == ["LK", "LK"]


class TestTwoPeopleSayWhoMayOpenACase:
    """LK and TB both hold it, each at their own computer, and neither knows of the other's word yet."""

    @pytest.fixture
    def apart(self, office: Office) -> Office:
        case = office.case
        office.type("LK", "access", "grant", case, "TB")
        office.type("LK", "save")
        office.join("TB")
        office.type("TB", "unlock")
        office.type("LK", "access", "enrol", "SK", _file(office, "SK"))
        office.type("LK", "save")
        office.type("TB", "save")
        return office

    def without_server(self, office: Office, who: str, *words: str) -> Ran:
        """What somebody says while the server cannot be asked."""
        hidden = office.server.with_name("unplugged")
        office.server.rename(hidden)
        ran = office.type(who, *words)
        hidden.rename(office.server)
        return ran

    def test_who_says_it_second_is_told_to_save_first(self, apart: Office) -> None:
        office, case = apart, apart.case
        office.type("LK", "access", "grant", case, "JM")
        office.type("LK", "save")
        refused = office.type("TB", "access", "grant", case, "SK", fine=2)
        assert "others have changed who may open what since" in refused.err
        office.type("TB", "save")
        office.type("TB", "access", "grant", case, "SK")
        office.type("TB", "save")
        assert "may open it now: JM, LK, SK, TB" in office.type("TB", "access", "list", case).out

    def test_who_was_let_in_meanwhile_keeps_their_key_when_others_unlock(
        self, apart: Office
    ) -> None:
        office, case = apart, apart.case
        office.type("LK", "access", "grant", case, "JM")
        office.type("TB", "unlock")  # TB has not heard of it yet
        assert list((office.keys / case).glob("*.JM.age"))

    def test_what_was_said_apart_is_said_again_after_theirs(self, apart: Office) -> None:
        office, case = apart, apart.case
        self.without_server(office, "TB", "access", "grant", case, "SK")
        office.type("LK", "access", "grant", case, "JM")
        office.type("LK", "save")
        refused = office.type("TB", "save", fine=2)
        assert f"`arpc access again {case}`" in refused.err
        said = office.type("TB", "access", "again", case).out
        assert f"  {case}: grant SK, after theirs\n" in said
        office.type("TB", "save")
        office.type("LK", "save")
        for who in ("LK", "TB"):
            assert "now: JM, LK, SK, TB" in office.type(who, "access", "list", case).out
        kept = {p.name.split(".")[1] for p in (office.keys / case).glob("*.age")}
        assert kept == {"JM", "LK", "SK", "TB"}

    def test_two_revocations_apart_leave_two_new_keys_and_both_people_off(
        self, apart: Office
    ) -> None:
        office, case = apart, apart.case
        for who in ("JM", "SK"):
            office.type("LK", "access", "grant", case, who)
        office.type("LK", "save")
        office.type("TB", "save")
        self.without_server(office, "TB", "access", "revoke", case, "JM")
        office.type("LK", "access", "revoke", case, "SK")
        office.type("LK", "save")
        office.type("TB", "save", fine=2)
        office.type("TB", "access", "again", case)
        office.type("TB", "unlock")
        office.type("TB", "save")
        office.type("LK", "save")
        office.type("LK", "unlock")
        assert "may open it now: LK, TB" in office.type("LK", "access", "list", case).out
        office.type("LK", "add", "person", "name=Tomos Rees", "-c", case)
        office.type("LK", "save")
        office.type("TB", "save")
        assert "Tomos Rees" in office.type("TB", "status", case).out
        kept = {p.name.split(".")[1] for p in (office.keys / case).glob("*.age")}
        assert kept == {"LK", "TB"}

    def test_two_who_were_enrolled_apart_are_both_of_the_service(self, apart: Office) -> None:
        office = apart
        office.type("LK", "access", "enrol", "AB", _file(office, "AB"), "--root")
        office.type("LK", "save")
        office.join("AB")
        self.without_server(office, "AB", "access", "enrol", "CD", _file(office, "CD"))
        office.type("LK", "access", "enrol", "EF", _file(office, "EF"))
        office.type("LK", "save")
        assert "`arpc access again people`" in office.type("AB", "save", fine=2).err
        office.type("AB", "access", "again", "people")
        office.type("AB", "save")
        office.type("LK", "save")
        found = office.type("LK", "access", "list").out
        assert {"AB", "CD", "EF"} <= {line[:2] for line in found.splitlines()}


def test_what_is_planted_is_refused(office: Office) -> None:
    case = office.case
    office.git("LK", "push", "-q")
    # A key that the store's keeper chose, for LK to seal under from now on.
    chosen = bytes(32)
    wrapped = store.wrap(chosen, case, 1, [identities.public_key(_public(office, "LK"))])
    [kept] = (office.keys / case).glob("*.LK.age")
    kept.write_bytes(wrapped)
    office.type("LK", "lock")
    refused = office.type("LK", "unlock", fine=1)
    assert (
        f"{case} stays locked: the key in the store is not the one in the signed record"
        in refused.err
    )


def test_a_person_whose_key_was_exchanged_is_refused(office: Office) -> None:
    office.git("LK", "push", "-q")
    judith = office.join("JM")
    entry = judith / "access" / "people" / "0002.txt"
    other = _public(office, "XX").strip().rpartition(" ")[0]
    entry.write_text(re.sub(r"key: .*", f"key: {other}", entry.read_text()))
    assert "0002.txt" in office.type("JM", "unlock", fine=2).err


def test_a_service_that_somebody_made_up_is_refused(office: Office) -> None:
    office.git("LK", "push", "-q")
    judith = office.join("JM")
    shutil.rmtree(judith / "access")
    access.begin(judith, signing(office.folder, "XX"))
    refused = office.type("JM", "unlock", fine=2)
    assert "begun by somebody else" in refused.err or "was begun" in refused.err


def test_history_that_was_taken_back_is_noticed_by_the_key_store(office: Office) -> None:
    case = office.case
    office.type("LK", "access", "grant", case, "TB")
    office.git("LK", "push", "-q")
    office.join("TB")
    office.type("LK", "access", "grant", case, "JM")
    office.type("LK", "access", "revoke", case, "JM")
    refused = office.type("TB", "unlock", fine=1)
    assert "the key store has generation 2" in refused.err
    office.git("LK", "push", "-q")
    office.git("TB", "pull", "-q")
    assert "unlocked 1 case" in office.type("TB", "unlock").out


def test_a_key_store_out_of_reach_is_explained_and_what_is_open_stays_open(office: Office) -> None:
    office.keys.rename(office.folder / "unplugged")
    refused = office.type("LK", "unlock", fine=2)
    assert f"the key store cannot be reached: {office.keys}" in refused.err
    assert "Owen Pryce" in office.type("LK", "status", office.case).out
    office.type("LK", "add", "person", "name=Tomos Rees", "-c", office.case)
    office.type("LK", "save")
    office.git("LK", "push", "-q")
    refused = office.type("LK", "new-case", "--man", "X Y", "--authority", "Z", fine=2)
    assert "the key store cannot be reached" in refused.err
    assert len(list((office.clone("LK") / "cases").iterdir())) == 1


def test_a_key_that_was_spoilt_in_the_store_is_given_anew(office: Office) -> None:
    case = office.case
    office.type("LK", "access", "grant", case, "TB")
    office.type("LK", "save")
    office.join("TB")
    [kept] = (office.keys / case).glob("*.TB.age")
    kept.write_bytes(kept.read_bytes()[:200])
    refused = office.type("TB", "unlock", fine=1)
    assert "somebody who holds the case can give you its key anew" in refused.err
    office.type("LK", "access", "grant", case, "TB")
    assert "unlocked 1 case" in office.type("TB", "unlock").out


def test_a_new_key_opens_what_is_unlocked_and_takes_no_case_from_its_only_holder(
    office: Office,
) -> None:
    case = office.case
    office.type("LK", "lock")
    kept = office.type("LK", "access", "renew", "LK", _file(office, "LK2"))
    assert f"only the old key opens {case}" in kept.err
    # The old key is still at hand: what it opens goes to the new one.
    office.type("LK", "unlock", case)
    new = ("--key", str(key(office.folder, "LK2")))
    office.type("LK", "access", "grant", case, "LK", *new)
    office.type("LK", "lock")
    assert "unlocked 1 case" in office.type("LK", "unlock", *new).out
    said = office.type("LK", "access", "renew", "LK", _file(office, "LK3"), *new)
    assert said.err == ""
    office.type("LK", "lock")
    last = ("--key", str(key(office.folder, "LK3")))
    assert "unlocked 1 case" in office.type("LK", "unlock", *last).out


def test_a_lost_store_is_made_anew_from_what_is_unlocked(office: Office) -> None:
    case = office.case
    office.type("LK", "access", "grant", case, "TB")
    shutil.rmtree(office.keys)
    other = office.folder / "other"
    said = office.type("LK", "access", "store", str(other)).out
    assert f"`store: {other.as_posix()}`" in said
    assert {p.name.split(".")[1] for p in (other / case).glob("*.age")} == {"LK", "TB"}
    change(office.clone("LK") / "service.yaml", str(office.keys), str(other))
    office.type("LK", "save")
    office.type("LK", "lock")
    assert "unlocked 1 case" in office.type("LK", "unlock").out


@pytest.mark.skipif(shutil.which("age-keygen") is None, reason="age is not here")
def test_a_lost_key_is_given_anew_and_the_recovery_key_opens_what_nobody_else_can(
    office: Office, tmp_path: Path
) -> None:
    case = office.case
    private = tmp_path / "recovery.txt"
    done = subprocess.run(
        ["age-keygen", "-o", str(private)], capture_output=True, text=True, check=True
    )
    public = re.search(r"age1\S+", done.stderr)
    assert public
    office.type("LK", "access", "recovery", public[0])
    office.type("LK", "unlock")  # what is held here is wrapped to it now
    assert [p for p in (office.keys / case).iterdir() if ".recovery." in p.name]
    # LK's key is lost, and with it the only one for the case; what follows is done by hand.
    office.type("LK", "lock")
    key(office.folder, "LK").rename(tmp_path / "lost")
    opened = office.type("LK", "unlock", "--recovery", str(private))
    assert f"unlocked 1 case: {case}" in opened.out
    assert "Owen Pryce" in office.type("LK", "status", case).out
    assert office.git("LK", "status", "--porcelain") == ""


@pytest.mark.skipif(shutil.which("age") is None, reason="age is not here")
def test_a_case_is_opened_without_arpc_by_the_program_that_the_handbook_prints(
    office: Office, tmp_path: Path
) -> None:
    case, leila = office.case, office.clone("LK")
    office.type("LK", "access", "grant", case, "TB")
    office.type("LK", "access", "revoke", case, "TB")
    (leila / "cases" / case / "documents").mkdir()
    (leila / "cases" / case / "documents" / "D-01.pdf").write_bytes(bytes(range(256)) * 9)
    office.type("LK", "save")
    plain = {
        p.relative_to(leila): p.read_bytes() for p in (leila / "cases").rglob("*.*") if p.is_file()
    }
    plain = {path: raw for path, raw in plain.items() if not path.name.startswith(".")}
    office.type("LK", "lock")
    program = tmp_path / "opening.py"
    program.write_text(office.type("LK", "explain", "opening").out, "utf-8")
    out = tmp_path / "out"
    words = [sys.executable, "-I", "-S", str(program), str(leila), str(office.keys)]
    subprocess.run([*words, str(key(office.folder, "LK")), str(out)], check=True, cwd=tmp_path)
    opened = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert {path: raw for path, raw in opened.items() if path in plain} == plain
    damaged = leila / "cases" / case / "case.yaml"
    damaged.write_bytes(damaged.read_bytes().replace(b"A", b"B"))
    words += [str(key(office.folder, "LK")), str(tmp_path / "again")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "case.yaml: altered, or sealed under another key" in done.stderr
    assert not (tmp_path / "again" / "cases" / case / "case.yaml").exists()


def test_a_service_is_not_begun_with_its_keys_in_git(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("init", "svc", "--name", "H", "--nation", "wales", "--staff", STAFF[0])
    words += ("--key", str(key(tmp_path, "LK")))
    inside = run(*words, "--store", "svc/keys")
    assert (inside.code, "has to lie outside" in inside.err) == (2, True)
    (tmp_path / "itself").symlink_to("itself")
    nowhere = run(*words, "--store", "itself")
    assert (nowhere.code, "the key store cannot be reached" in nowhere.err) == (2, True)
    none = run(*words)
    assert (none.code, "where are the keys of the cases to be kept?" in none.err) == (2, True)
    assert not (tmp_path / "svc" / "service.yaml").exists()


@pytest.mark.parametrize("hostile", ["global", "local", "absent"])
def test_saving_seals_whatever_git_is_told(
    office: Office, hostile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    leila = office.clone("LK")
    own = Path(os.environ["GIT_CONFIG_GLOBAL"])
    bad = (
        '[filter "arpc"]\n\tclean = cat\n\tsmudge = cat\n\tprocess =\n\trequired = false\n'
        "[core]\n\tattributesFile = /tmp/none\n\tautocrlf = true\n\thooksPath = /tmp/none\n"
        "[commit]\n\tgpgsign = true\n\tverbose = true\n"
    )
    if hostile == "global":
        own.write_text(own.read_text() + bad if own.exists() else bad)
        office.git("LK", "config", "--remove-section", "filter.arpc")
    elif hostile == "absent":
        for section in ("filter.arpc", "diff.arpc", "merge.arpc"):
            office.git("LK", "config", "--remove-section", section)
    (leila / ".git" / "info" / "attributes").unlink()
    shutil.rmtree(leila / ".git" / "hooks")
    (leila / ".gitattributes").write_text("cases/** -filter -diff -merge\n")
    office.type("LK", "add", "person", "name=Tomos Rees", "-c", office.case)
    if hostile == "local":
        office.git("LK", "config", "filter.arpc.clean", "cat")
        refused = office.type("LK", "save", fine=2)
        assert "this folder's git settings run programs: filter.arpc.clean" in refused.err
        office.git("LK", "config", "filter.arpc.clean", wiring.settings()["filter.arpc.clean"])
    office.type("LK", "save")
    assert office.shows(leila) == []
    assert office.git("LK", "log", "-1", "--format=%s").startswith(f"{office.case}: P-04 new")


def test_a_fresh_clone_on_a_computer_that_was_set_up_never_takes_in_plain_text(
    office: Office, tmp_path: Path
) -> None:
    office.git("LK", "push", "-q")
    office.type("LK", "install")
    # An attacker has taken the attributes out of what is cloned.
    rogue = tmp_path / "rogue"
    git(
        tmp_path,
        "-c",
        "init.templateDir=",
        "clone",
        "-q",
        "--no-checkout",
        str(office.server),
        str(rogue),
    )
    clone = tmp_path / "fresh"
    git(tmp_path, "clone", "-q", str(office.server), str(clone))
    (clone / ".gitattributes").write_text("cases/** -filter\n")
    record = clone / "cases" / office.case / "people" / "P-09.yaml"
    record.write_text("person: arpc/1\nname: Owen Pryce\n")
    said = git(clone, "add", "-A", fine=(128,))
    assert "is locked here, and plain text is never stored" in said
    assert office.shows(clone) == []


def test_a_service_that_is_kept_plain_is_named_as_such_once_where_git_seals(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("init", "svc", "--not-sealed", "--name", "H", "--nation", "wales", "--staff", STAFF[0])
    monkeypatch.chdir(tmp_path / "svc")
    run("new-case", "--man", "Owen Pryce", "--authority", "Gwyn", "--as", "LK")
    assert run("save", "--as", "LK").code == 0
    git(tmp_path, "init", "-q", "elsewhere")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run("install").code == 0
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(tmp_path / "svc"), str(clone))
    [record] = (clone / "cases").glob("*/people/P-01.yaml")
    record.write_text(record.read_text("utf-8") + "known_as: Wil\n", "utf-8")
    assert "`arpc install --plain`" in git(clone, "add", "-A", fine=(128,))
    monkeypatch.chdir(clone)
    assert run("install", "--plain").code == 0
    git(clone, "add", "-A")


def _file(office: Office, who: str) -> str:
    return str(key(office.folder, who).with_suffix(".pub"))


def _public(office: Office, who: str) -> str:
    return key(office.folder, who).with_suffix(".pub").read_text("utf-8")
