"""What two people signed: good as arpc and as ssh-keygen see it, and what changed since is shown by field."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from arpc import sealed as service_of_seals
from arpc import signoffs
from arpc.errors import ArpcError
from arpc.sealing import access, unread
from arpc.signoffs import Word
from tests import sealed
from tests.conftest import ENGLAND, ROOT, Run, change
from tests.sealed import BEGUN, git

AT = BEGUN + timedelta(days=150)
ALL_GOOD = "sign-offs, all good\n"


class Desk:
    """The sealed practice folder, in which we stand, and those who sign in it."""

    def __init__(self, folder: Path, home: Path, run: Run) -> None:
        self.folder, self.home, self.run = folder, home, run
        self.case = folder / "cases" / ENGLAND
        self.signed = self.case / "signed"

    def type(self, *words: str, by: str = "LK", code: int = 0) -> str:
        """What a command answers that somebody gives about the English case."""
        is_signed = words[0] in ("sign", "return")
        key = ("--key", str(sealed.key(self.home, by))) if is_signed else ()
        ran = self.run(*words, "-c", "C-FK", "--as", by, *key)
        assert ran.code == code, ran
        return ran.out + ran.err

    def sign(self, record: str, by: str = "LK", code: int = 0) -> str:
        return self.type("sign", record, by=by, code=code)

    def verify(self, *words: str, code: int = 0) -> str:
        ran = self.run("verify", *words, "-c", "C-FK")
        assert ran.code == code, ran
        return ran.out

    def save(self, name: str = "Leila Kassar") -> None:
        git(self.folder, "add", "-A")
        git(self.folder, "-c", f"user.name={name}", "commit", "-qm", "x")

    def forge(self, by: str, word: Word, of: str, key: str = "") -> Path:
        """A sign-off as somebody makes it who does not ask arpc whether they may."""
        bench = sealed.bench(sealed.seat(self.folder))
        answered = next(kept for kept in bench.chain if kept.name.startswith(of))
        assert answered.signoff
        previous, time = signoffs.following(bench.chain, AT)
        said = answered.signoff._replace(
            word=word, by=by, time=time, previous=previous, of=answered.digest
        )
        identity = sealed.identity(self.home, key or by)
        return signoffs.put(self.case, bench.chain, said, identity)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Desk:
    home = Path(os.environ["HOME"])
    folder = sealed.practice(tmp_path / "practice", home)
    monkeypatch.chdir(folder)
    return Desk(folder, home, run)


@pytest.fixture
def both(desk: Desk) -> Desk:
    """LK has signed her note N-002, JM has approved it, and both are saved."""
    desk.sign("N-002")
    desk.sign("N-002", "JM")
    desk.save()
    return desk


def refused_by_hand(desk: Desk, name: str) -> bool:
    """Whether plain ssh-keygen refuses a sign-off, typed as `arpc verify --how` says."""
    desk.run("verify", "-c", "C-FK", "-o", "allowed_signers")
    out = desk.run("verify", "-c", "C-FK", "--how").out
    line = next(
        each for each in out.splitlines() if each.startswith("ssh-keygen") and each.endswith(name)
    )
    return subprocess.run(line, shell=True, capture_output=True, check=False).returncode != 0


# What is signed


def test_a_sign_off_is_text_that_says_what_was_signed(both: Desk, golden) -> None:
    first, second = (kept.raw.decode() for kept in signoffs.read(both.case))
    text = second.replace(hashlib.sha256(first.encode()).hexdigest(), "<SHA-256 of the first>")
    text = re.sub(r"(rules: .* sha256:)[0-9a-f]{64}", r"\1<of the names of all rules>", text)
    golden(ROOT / "tests/golden/signed/N-002.manager.2.txt", text)


def test_an_analysis_is_signed_with_what_it_cites_and_a_report_with_what_was_frozen(
    desk: Desk,
) -> None:
    desk.sign("J-01")
    desk.sign("J-01", "JM")
    assert desk.run("issue-report", "C-FK", "--approved-by", "JM", "--as", "LK").code == 0
    desk.sign("R-01")
    of_analysis, _, of_report = signoffs.read(desk.case)
    assert of_analysis.signoff and of_report.signoff
    cited = [ground.path for ground in of_analysis.signoff.rests_on]
    assert "sessions/N-004.yaml" in cited and "sessions/N-007.yaml" not in cited
    rests_on = [ground.path for ground in of_report.signoff.rests_on]
    assert rests_on == ["reports/R-01.md", "reports/R-01.pdf", "analysis/J-01.yaml", *cited]


def test_a_signature_is_taken_back_until_it_is_saved(both: Desk) -> None:
    before = sorted(both.signed.iterdir())
    both.sign("N-003")
    assert both.run("undo", "C-FK").code == 0
    assert sorted(both.signed.iterdir()) == before
    both.sign("N-003")
    both.save()
    assert "was saved since `arpc sign N-003`" in both.run("undo", "C-FK").err


def test_what_was_signed_is_read_as_it_was_written_and_in_no_other_way(both: Desk) -> None:
    for kept in signoffs.read(both.case):
        assert kept.signoff and kept.signoff.text == kept.raw
        for wrong in (kept.raw + b"\n", kept.raw.replace(b"\n", b"\r\n"), kept.raw[:-1], b""):
            with pytest.raises(ArpcError, match="not written as sign-offs are"):
                signoffs.parse(wrong)


def test_nothing_is_found_wrong_with_a_case_in_which_something_is_signed(both: Desk) -> None:
    assert "signed" not in both.run("validate", "C-FK").out
    assert b"arpc-signoff" not in sealed.everything_in_git(both.folder)


# Agreement with ssh-keygen


def test_what_is_good_is_good_to_ssh_keygen_too(both: Desk) -> None:
    assert both.verify().endswith(f"2 {ALL_GOOD}")
    assert not refused_by_hand(both, "N-002.practitioner.1.txt")
    assert not refused_by_hand(both, "N-002.manager.2.txt")


@pytest.mark.parametrize("ending", ["", ".sig"])
def test_a_byte_that_was_changed_is_found_by_both(both: Desk, ending: str) -> None:
    name = "N-002.practitioner.1.txt"
    path = both.signed / f"{name}{ending}"
    raw = bytearray(path.read_bytes())
    at = raw.index(b"LK\n") if not ending else 90
    raw[at] ^= 1
    path.write_bytes(raw)
    assert "NOT GOOD" in both.verify(code=1)
    allowed = signoffs.allowed_signers(sealed.seat(both.folder).people())
    (both.folder / "allowed").write_text(allowed)
    done = subprocess.run(
        [
            *("ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "LK"),
            *("-n", signoffs.NAMESPACE, "-O", "verify-time=20260610120000Z"),
            *("-s", str(both.signed / f"{name}.sig")),
        ],
        input=(both.signed / name).read_bytes(),
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0


def test_a_key_of_somebody_else_or_of_nobody_is_found_by_both(both: Desk) -> None:
    forged = both.forge("JM", Word.MANAGER, "N-002.practitioner", key="TB")
    assert "it is signed with the key of TB, not of JM" in both.verify(code=1)
    assert refused_by_hand(both, forged.name)
    for path in both.signed.glob(f"{forged.stem}.*"):
        path.unlink()
    stranger = both.forge("JM", Word.MANAGER, "N-002.practitioner", key="XX")
    assert "with a key that nobody of this service has or had, not JM" in both.verify(code=1)
    assert refused_by_hand(both, stranger.name)


def test_what_was_signed_with_a_key_that_was_renewed_stays_good_and_no_more_is_taken(
    both: Desk,
) -> None:
    seat = sealed.seat(both.folder)
    new = sealed.key(both.home, "LK2")
    by = sealed.signing(both.home, "LK", AT + timedelta(days=30))
    access.renew(both.folder, seat.pinned, by, "LK", new.with_suffix(".pub").read_text())
    assert both.verify().endswith(f"2 {ALL_GOOD}")
    assert not refused_by_hand(both, "N-002.practitioner.1.txt")
    late = ("--today", "2026-09-01")
    said = both.type("sign", "N-003", *late, code=2)
    assert "that is not the key with which LK is enrolled" in said
    assert both.run("sign", "N-003", "-c", "C-FK", "--as", "LK", "--key", str(new), *late).code == 0


def test_it_is_checked_without_git_and_without_a_key(
    both: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(both.folder, copy, ignore=shutil.ignore_patterns(".git"))
    monkeypatch.chdir(copy)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("ARPC_RING", str(tmp_path / "nowhere"))
    assert both.verify().endswith(f"2 {ALL_GOOD}")
    assert "it goes back to SHA256:" in both.run("verify", "-c", "C-FK").err
    change(copy / "cases" / ENGLAND / "sessions/N-002.yaml", "where: ", "where: not ")
    assert "  where changed after it was signed\n" in both.verify(code=1)


# Changes afterwards


def test_a_change_after_signing_is_told_by_field_and_person(both: Desk) -> None:
    record = both.case / "sessions/N-002.yaml"
    change(record, "where: ", "where: not ")
    both.save("Tom Birkett")
    change(record, "note: |\n", "note: |\n  He was late.\n")
    told = " ".join(both.verify(code=1).split())
    commit = git(both.folder, "rev-parse", "HEAD")[:10]
    day = git(both.folder, "show", "-s", "--format=%cs").strip()
    assert f"where changed after it was signed: by Tom Birkett on {day}, in commit {commit}" in told
    assert "note changed after it was signed, and is not saved" in told
    assert "He was late" not in told
    assert "what JM approved is not as it was" in told


def test_another_layout_changes_nothing_and_what_goes_on_is_said(both: Desk) -> None:
    record = both.case / "sessions/N-002.yaml"
    record.write_text(f"{record.read_text('utf-8')}# read again\n", "utf-8")
    assert "it is laid out otherwise since it was signed" in both.verify()


def test_a_change_of_what_an_analysis_rests_on_is_told(desk: Desk) -> None:
    desk.sign("J-01")
    desk.type("amend", "N-004", "--what", "It was a Tuesday.", "--why", "A slip.")
    told = " ".join(desk.verify(code=1).split())
    assert (
        "what it rests on has changed: sessions/N-004.yaml (amendments, and is not saved)" in told
    )


def test_a_record_that_was_added_to_is_signed_again_before_it_is_approved(desk: Desk) -> None:
    desk.sign("N-002")
    desk.type("amend", "N-002", "--what", "It was a Tuesday.", "--why", "A slip.")
    assert "amendments changed after it was signed" in desk.sign("N-002", "JM", code=2)
    desk.sign("N-002")
    desk.sign("N-002", "JM")
    assert "a newer one has taken its place" in desk.verify()


def test_a_sign_off_that_was_taken_away_is_missed(both: Desk) -> None:
    both.sign("N-003")
    for path in both.signed.glob("N-002.manager.2.*"):
        path.unlink()
    told = both.verify(code=1)
    assert "N-003 signed by LK on 2026-06-10 12:00 UTC: NOT GOOD" in told
    assert "it names one that is not here" in told
    assert "signed/N-002.manager.2.txt is gone; git has it" in told


def test_one_that_was_renamed_is_found(both: Desk) -> None:
    for ending in ("", ".sig"):
        path = both.signed / f"N-002.manager.2.txt{ending}"
        path.rename(both.signed / f"N-003.manager.2.txt{ending}")
    assert "it is called otherwise than it was: N-002.manager.2.txt" in both.verify(code=1)


def test_two_that_were_made_apart_follow_the_same_one_and_the_next_follows_both(
    both: Desk, tmp_path: Path
) -> None:
    aside = tmp_path / "aside"
    shutil.copytree(both.signed, aside)
    both.sign("N-003")
    theirs = sorted(set(both.signed.iterdir()))
    for path in theirs:
        path.rename(tmp_path / path.name)
    shutil.copytree(aside, both.signed, dirs_exist_ok=True)
    both.type("sign", "N-005", by="TB")
    for path in theirs:
        (tmp_path / path.name).replace(path)
    assert both.verify().endswith(f"4 {ALL_GOOD}")
    both.sign("N-004")
    last = signoffs.read(both.case)[-1]
    assert (last.number, len(last.signoff.previous if last.signoff else ())) == (4, 2)
    assert both.verify().endswith(f"5 {ALL_GOOD}")


# Who may


def test_the_approver_is_not_the_author_nor_who_signed(desk: Desk) -> None:
    desk.sign("V-06", "JM")
    assert "V-06 is signed already, as it is, by JM" in desk.sign("V-06", "JM", code=2)
    assert "TB neither wrote N-002 nor leads the case" in desk.sign("N-002", "TB", code=2)


def test_whoever_added_to_a_record_does_not_approve_it(desk: Desk) -> None:
    desk.type("amend", "N-002", "--what", "It was a Tuesday.", "--why", "A slip.", by="JM")
    desk.sign("N-002")
    assert "JM wrote or signed N-002: the approver is another" in desk.sign("N-002", "JM", code=2)


def test_an_approval_by_the_author_is_found_though_the_signature_is_good(desk: Desk) -> None:
    desk.sign("N-002")
    forged = desk.forge("LK", Word.MANAGER, "N-002.practitioner")
    told = desk.verify(code=1)
    assert "LK is the one who signed as practitioner: that takes two people" in told
    assert "service.yaml does not let LK sign as manager" in told
    assert not refused_by_hand(desk, forged.name)


def test_an_approval_by_somebody_who_is_no_manager_is_found(desk: Desk) -> None:
    desk.sign("N-002")
    desk.forge("TB", Word.MANAGER, "N-002.practitioner")
    assert "service.yaml does not let TB sign as manager" in desk.verify(code=1)


def test_somebody_who_was_a_manager_then_has_signed_as_one(both: Desk) -> None:
    change(both.folder / "service.yaml", "signs_as: manager", "signs_as: practitioner")
    assert both.verify().endswith(f"2 {ALL_GOOD}")


@pytest.mark.parametrize(
    ("record", "by", "said"),
    [
        ("N-002", "JM", "no practitioner has signed N-002 yet"),
        ("N-002", "RD", "RD is not enrolled in this service"),
        ("N-099", "LK", "no such record in this case"),
    ],
)
def test_what_cannot_be_signed_says_why(desk: Desk, record: str, by: str, said: str) -> None:
    assert said in desk.sign(record, by, code=2)
    assert not desk.signed.exists()


def test_without_a_post_in_service_yaml_it_says_what_to_write(desk: Desk) -> None:
    change(desk.folder / "service.yaml", "    signs_as: practitioner\n", "")
    said = desk.sign("N-002", code=2)
    assert "write `signs_as: practitioner` or `signs_as: manager` under LK" in said


def test_drafts_changed_records_and_those_with_two_versions_are_not_signed(desk: Desk) -> None:
    desk.type("add", "session", "with=child", "who=P-03")
    assert "N-015 is a draft" in desk.sign("N-015", code=2)
    record = desk.case / "sessions/N-002.yaml"
    before = record.read_text("utf-8")
    change(record, "where: ", "where: not ")
    assert "where of N-002 changed after it was finished" in desk.sign("N-002", code=2)
    record.write_text(f"{before}<<<<<<< ours\n", "utf-8")
    assert "N-002 cannot be relied on, and cannot be signed" in desk.sign("N-002", code=2)
    record.write_text(before, "utf-8")
    unread.note_unread(desk.folder / ".git", f"cases/{ENGLAND}/sessions/N-002.yaml")
    assert "nobody has read it since" in desk.sign("N-002", code=2)
    desk.type("sign", "N-002", "--read")
    assert unread.unread(desk.folder / ".git") == []


def test_a_service_that_is_not_sealed_has_nobody_who_could_sign(practice: Path, run: Run) -> None:
    ran = run("sign", "N-002", "-c", "C-FK", "--as", "LK")
    assert (ran.code, "this service is not sealed" in ran.err) == (2, True)


# Returns, and issue


def test_a_return_says_why_and_the_practitioner_signs_again(desk: Desk) -> None:
    desk.sign("N-002")
    why = "Who else\nwas there?"
    assert "LK signs as practitioner" in desk.type("return", "N-002", "--why", why, code=2)
    desk.type("return", "N-002", "--why", why, by="JM")
    assert "N-002 was returned to LK" in desk.sign("N-002", "JM", code=2)
    assert "Who else was there?" in desk.run("show", "C-FK", "N-002").out
    assert "Who else" not in desk.verify()
    desk.type("amend", "N-002", "--what", "TB was there.", "--why", "JM asked.")
    assert desk.verify().endswith(f"2 {ALL_GOOD}")
    desk.sign("N-002")
    desk.sign("N-002", "JM")
    assert desk.verify().endswith(f"4 {ALL_GOOD}")
    assert "signed by LK on 2026-06-10, approved by JM" in desk.run("show", "C-FK", "N-002").out


def test_a_sealed_service_issues_what_both_have_signed(desk: Desk) -> None:
    def issue(approver: str = "JM", code: int = 2) -> str:
        ran = desk.run("issue-report", "C-FK", "--approved-by", approver, "--as", "LK")
        assert ran.code == code, ran
        return ran.out + ran.err

    assert f"J-01 is not signed yet\narpc: hint: `arpc sign J-01 -c {ENGLAND} --as LK`" in issue()
    desk.sign("J-01")
    assert "J-01 is signed by LK, and no manager has signed it" in issue()
    desk.type("return", "J-01", "--why", "Jonah?", by="JM")
    assert "J-01 was returned to LK" in issue()
    desk.sign("J-01")
    desk.sign("J-01", "JM")
    assert "JM signed J-01, not AS" in issue("AS")
    desk.type("amend", "J-01", "--what", "So.", "--why", "A slip.")
    assert "amendments changed after it was signed" in issue()
    desk.sign("J-01")
    desk.sign("J-01", "JM")
    assert "issued R-01, approved by JM" in issue(code=0)
    desk.sign("R-01")
    desk.sign("R-01", "JM")
    assert desk.verify("R-01").endswith(f"2 {ALL_GOOD}")
    (desk.case / "reports/R-01.md").write_text("another")
    assert "what it rests on has changed: reports/R-01.md" in desk.verify("R-01", code=1)


def test_a_record_that_nobody_signed_is_not_called_good(desk: Desk) -> None:
    assert "nothing is signed" in desk.verify("N-002", code=1)
    assert "nothing is signed" in desk.verify()


# One digest for all of it


def digest_of(desk: Desk) -> str:
    ran = desk.run("verify", "--digest")
    assert ran.code == 0
    return ran.out.strip()


def test_a_digest_is_the_same_each_time_and_later_history_contains_it(both: Desk) -> None:
    digest = digest_of(both)
    assert digest == digest_of(both)
    both.sign("N-003")
    both.save()
    assert digest != digest_of(both)
    ran = both.run("verify", "--since", digest)
    assert (ran.code, f"the history here contains {digest[:10]}" in ran.out) == (0, True)


def rewritten(desk: Desk) -> None:
    git(desk.folder, "commit", "-q", "--amend", "-m", "y")


def taken_away(desk: Desk) -> None:
    git(desk.folder, "rm", "-q", f"cases/{ENGLAND}/signed/N-002.manager.2.txt")
    desk.save()


def cut_off(desk: Desk) -> None:
    git(desk.folder, "rm", "-q", "access/people/0003.txt")
    desk.save()


def altered(desk: Desk) -> None:
    change(desk.signed / "N-002.manager.2.txt", "by: JM", "by: TB")
    desk.save()


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (rewritten, "it was rewritten"),
        (taken_away, "N-002.manager.2.txt is gone"),
        (cut_off, "access/people/0003.txt is gone"),
        (altered, "N-002.manager.2.txt was changed"),
    ],
)
def test_a_history_that_was_rewritten_is_found_from_one_digest(
    both: Desk, do: Callable[[Desk], None], said: str
) -> None:
    digest = digest_of(both)
    do(both)
    ran = both.run("verify", "--since", digest)
    assert (ran.code, said in ran.out) == (1, True), ran


def test_a_slip_in_a_digest_and_a_clone_that_is_behind_are_told_apart(both: Desk) -> None:
    digest = digest_of(both)
    assert "is there a slip?" in both.run("verify", "--since", f"{digest[:-8]}00000000").out
    assert "this clone has no commit" in both.run("verify", "--since", f"{'0' * 40}-00000000").out
    assert both.run("verify", "--since", "x").code == 2


def test_a_new_key_of_the_case_changes_no_signature_and_no_digest(both: Desk) -> None:
    digest = digest_of(both)
    seat = sealed.seat(both.folder)
    by = sealed.signing(both.home, "LK")
    service_of_seals.grant(seat, ENGLAND, "JM", by)
    service_of_seals.revoke(seat, ENGLAND, "JM", by)
    service_of_seals.seal_anew(seat, ENGLAND)
    both.save()
    assert both.verify().endswith(f"2 {ALL_GOOD}")
    assert both.run("verify", "--since", digest).code == 0
    service_of_seals.lock(seat, [ENGLAND])
    ran = both.run("verify", "--since", digest)
    assert (ran.code, "cannot be compared while it is locked" in ran.out) == (0, True)
    assert both.run("verify", "-c", "C-FK").code == 2
