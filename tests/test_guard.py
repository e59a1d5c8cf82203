"""What other programs put into a repository is refused at the commit, at the push, and by the server."""

import shlex
from pathlib import Path

import pytest

from arpc.errors import ArpcError
from arpc.sealing import guard, plumbing, wiring
from arpc.sealing.form import Key
from tests.conftest import ENGLAND, SCOTLAND
from tests.sealed import (
    OTHER_SECRET,
    SECRET,
    commit_by_hand,
    everything_in_git,
    folders_without_end,
    git,
    put,
    wire,
)

KEY = Key(ENGLAND, 1, SECRET)
RUBY = b"person: arpc/1\nid: P-03\nname: Ruby Osei\n"
RECORD = f"cases/{ENGLAND}/people/P-03.yaml"


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """A clone that seals, with one case unlocked, which pushes to a bare repository that is guarded."""
    folder = tmp_path / "service"
    folder.mkdir()
    wire(folder, {ENGLAND: {1: SECRET}})
    server = tmp_path / "server.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(server))
    wiring.lay_hooks(server / "hooks", (wiring.ON_SERVER,))
    git(folder, "remote", "add", "origin", str(server))
    (folder / "service.yaml").write_text("service: arpc/1\n")
    (folder / RECORD).parent.mkdir(parents=True)
    (folder / RECORD).write_bytes(RUBY)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", f"{ENGLAND}: P-03 new")
    git(folder, "push", "-q", "origin", "main")
    return folder


BAD = [
    (RECORD, RUBY, "100644", "it is PLAIN TEXT"),
    (RECORD, KEY.seal(RUBY)[:-9] + b"\n", "100644", "this locked file is damaged"),
    (f"cases/{ENGLAND}/people/Ruby.yaml", KEY.seal(RUBY), "100644", "nothing of that name belongs"),
    ("notes about Ruby.txt", b"x", "100644", "nothing of that name belongs here"),
    (RECORD, KEY.seal(RUBY), "100755", "its mode is 100755"),
    (RECORD, b"../../etc/passwd", "120000", "a link may lead anywhere"),
]
NAMES = ["plain", "damaged", "name in a path", "out of place", "mode", "link"]


@pytest.mark.parametrize(("path", "raw", "mode", "said"), BAD, ids=NAMES)
def test_each_is_refused_at_the_commit_at_the_push_and_by_the_server(
    service: Path, path: str, raw: bytes, mode: str, said: str
) -> None:
    put(service, path, raw, mode)
    refused = git(service, "commit", "-m", "x", fine=(1,))
    assert f"arpc: refused: {path}: {said}" in refused
    git(service, "commit", "-q", "--no-verify", "-m", "x")
    assert f"refused: {path}: {said}" in git(service, "push", "origin", "main", fine=(1,))
    refused = git(service, "push", "--no-verify", "origin", "main", fine=(1,))
    assert f"refused: {path}: {said}" in refused.replace("remote: ", "")
    kept = everything_in_git(service.parent / "server.git")
    assert b"Ruby Osei" not in kept


def test_what_is_of_another_case_or_altered_is_refused_by_whoever_has_the_key(
    service: Path,
) -> None:
    put(service, f"cases/{SCOTLAND}/people/P-03.yaml", KEY.seal(RUBY))
    assert f"this file belongs to {ENGLAND}" in git(service, "commit", "-m", "x", fine=(1,))
    git(service, "reset", "-q")
    put(service, RECORD, KEY.seal(RUBY).replace(b"A", b"B"))
    assert "this locked file was altered" in git(service, "commit", "-m", "x", fine=(1,))


def test_a_locked_file_of_another_case_may_be_committed(service: Path) -> None:
    put(service, f"cases/{SCOTLAND}/case.yaml", Key(SCOTLAND, 1, OTHER_SECRET).seal(b"case"))
    git(service, "commit", "-q", "-m", f"{SCOTLAND}: case new")
    git(service, "push", "-q", "origin", "main")


def test_plain_text_that_was_committed_and_taken_out_again_is_found_in_the_history(
    service: Path,
) -> None:
    put(service, RECORD, RUBY)
    git(service, "commit", "-q", "--no-verify", "-m", "x")
    put(service, RECORD, KEY.seal(RUBY))
    git(service, "commit", "-q", "--no-verify", "-m", "y")
    assert "it is PLAIN TEXT" in git(service, "push", "origin", "main", fine=(1,))
    assert "it is PLAIN TEXT" in git(service, "push", "--no-verify", "origin", "main", fine=(1,))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((":main",), "a branch is not deleted"),
        (("+HEAD:main",), "history is added to, and never rewritten"),
        (("HEAD:refs/notes/x",), "only branches and tags"),
    ],
)
def test_a_server_keeps_what_it_has(service: Path, asked: tuple[str, ...], said: str) -> None:
    git(service.parent / "server.git", "config", "receive.denyDeleteCurrent", "ignore")
    git(service, "commit", "-q", "--amend", "-m", f"{ENGLAND}: P-03 new, again")
    assert said in git(service, "push", "--no-verify", "origin", *asked, fine=(1,))


def test_a_merge_is_guarded_too(service: Path) -> None:
    git(service, "checkout", "-q", "-b", "other")
    put(service, RECORD, RUBY)
    git(service, "commit", "-q", "--no-verify", "-m", "x")
    git(service, "checkout", "-q", "--force", "main")
    (service / "service.yaml").write_text("service: arpc/1\nname: Harbour\n")
    git(service, "commit", "-qam", "service: service.yaml changed")
    assert "it is PLAIN TEXT" in git(service, "merge", "other", "-m", "x", fine=(1,))


def test_a_message_that_names_somebody_is_refused(service: Path) -> None:
    (service / RECORD).write_bytes(RUBY + b"born: 2017-05\n")
    for message in ("Ruby met at school", "for osei"):
        assert "it names somebody" in git(service, "commit", "-qam", message, fine=(1,))
    git(service, "commit", "-qam", f"{ENGLAND}: P-03 changed")


def test_in_a_service_that_is_not_sealed_only_what_leads_out_of_a_case_is_refused(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(service)
    blob = git(service, "hash-object", "-w", "--stdin", said="/tmp").strip()
    commit_by_hand(service, "120000", blob, f"cases/{ENGLAND}/out")
    refused = (f"cases/{ENGLAND}/out", "a link may lead anywhere")
    assert guard.in_commits("HEAD", ["HEAD~1"], sealed=False) == [refused]
    commit_by_hand(service, "100644", blob, "notes about Ruby.txt")
    assert guard.in_commits("HEAD", ["HEAD~1"], sealed=False) == []


def test_more_files_than_can_be_listed_are_refused_before_they_are(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(service)
    commit_by_hand(service, "040000", folders_without_end(service), f"cases/{ENGLAND}")
    with pytest.raises(ArpcError, match="hold more than 10,000,000 files"):
        guard.in_commits("HEAD", ["HEAD~1"])


def test_many_commits_of_many_files_are_refused_where_the_memory_ends(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: bytes) -> None:
        raise MemoryError

    monkeypatch.chdir(service)
    monkeypatch.setattr(plumbing, "_entries", full)
    with pytest.raises(ArpcError, match="hold more than 10,000,000 files"):
        guard.in_commits("HEAD", [])


def test_a_repository_that_is_no_sealed_service_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    wiring.lay_attributes(other / ".git")
    wiring.lay_hooks(other / ".git" / "hooks")
    (other / "notes about Ruby.txt").write_text("x")
    git(other, "add", "-A")
    git(other, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-q", "-m", "Ruby")


def test_where_the_program_is_gone_a_sealed_service_takes_nothing_in(service: Path) -> None:
    (service / "access" / "people").mkdir(parents=True)
    (service / "access" / "people" / "0001.txt").write_text("arpc-log: 1\n")
    hook = service / ".git" / "hooks" / "pre-commit"
    lost = hook.read_text().replace(shlex.split(wiring.command())[0], "/nowhere/python")
    hook.write_text(lost)
    git(service, "add", "-A")
    said = git(service, "commit", "-m", "x", fine=(1,))
    assert "arpc: it is not on this computer any more" in said
