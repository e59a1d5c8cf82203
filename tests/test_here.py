"""Where somebody stands: the clone, what was said of it at this computer, and where its keys lie."""

import sys
from pathlib import Path

import pytest

from arpc.errors import ArpcError
from arpc.sealing import here, unread
from arpc.sealing.ring import Ring

CASE = "C-7K3Q9X2F"
SECRET = bytes(range(32))


def repository(folder: Path) -> Path:
    (folder / ".git" / "objects").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return folder / ".git"


def test_the_folder_of_git_is_found_from_below_from_a_linked_work_tree_and_in_a_bare_one(
    tmp_path: Path,
) -> None:
    git = repository(tmp_path / "a")
    (tmp_path / "a" / "cases").mkdir()
    assert here.git_folder(tmp_path / "a" / "cases") == git
    assert here.git_folder(git) == git
    assert here.git_folder(tmp_path / "a", ".git") == git
    linked = git / "worktrees" / "b"
    linked.mkdir(parents=True)
    (linked / "commondir").write_text("../..\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / ".git").write_text(f"gitdir: {linked}\n")
    found = here.git_folder(tmp_path / "b")
    assert found is not None and found.resolve() == git
    (tmp_path / "b" / ".git").write_text("nothing of the sort\n")
    assert here.git_folder(tmp_path / "b") is None


def test_where_no_repository_is_there_is_no_folder_of_git(tmp_path: Path) -> None:
    assert here.git_folder(tmp_path) is None


def test_a_clone_is_sealed_where_it_says_so_or_was_trusted_and_plain_only_where_it_was_said_here(
    tmp_path: Path,
) -> None:
    git = repository(tmp_path)
    assert (here.is_sealed(tmp_path, git), here.is_plain(tmp_path, git)) == (False, False)
    here.keep_plain(git)
    assert here.is_plain(tmp_path, git)
    assert here.pinned(git) == ""
    here.pin(git, "SHA256:abc")
    assert here.pinned(git) == "SHA256:abc"
    assert (here.is_sealed(tmp_path, git), here.is_plain(tmp_path, git)) == (True, False)


def test_a_clone_is_given_its_id_once(tmp_path: Path) -> None:
    git = repository(tmp_path)
    assert here.repository_id(git) == ""
    given = here.name(git)
    assert given.isalnum()
    assert here.name(git) == here.repository_id(git) == given


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere keys lie elsewhere")
def test_keys_lie_in_memory_of_the_session_or_else_beside_the_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository(tmp_path)
    assert here.ring_folder(git, {}) is None
    own = here.name(git)
    assert here.ring_folder(git, {"ARPC_RING": "/ring"}) == Path("/ring") / own
    (tmp_path / "run").mkdir()
    there = here.ring_folder(git, {"XDG_RUNTIME_DIR": str(tmp_path / "run")})
    assert there is not None and there.is_relative_to(tmp_path / "run")
    monkeypatch.setattr("os.access", lambda *_: False)  # a computer that has no such folder
    assert here.ring_folder(git, {}) == git / "arpc" / "ring" / own or (
        here.ring_folder(git, {}) == git / "arpc" / "ring"
    )
    (git / "arpc" / "id").write_text("../../etc\n")
    assert here.ring_folder(git, {"ARPC_RING": "/ring"}) is None


def test_what_was_merged_is_unread_until_somebody_says_that_they_read_it(tmp_path: Path) -> None:
    git = repository(tmp_path)
    assert unread.unread(git) == []
    for path in ("b", "a", "b"):
        unread.note_unread(git, path)
    assert unread.unread(git) == ["a", "b"]
    unread.note_read(git, {"b"})
    assert unread.unread(git) == ["a"]


def test_where_it_cannot_be_noted_that_something_is_unread_nothing_fails(tmp_path: Path) -> None:
    unread.note_unread(tmp_path / "nothing" / "there", "a")


def test_keys_that_cannot_be_kept_are_said_not_to_be_and_none_is_left_half(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArpcError, match="keys cannot be kept for this session"):
        Ring(tmp_path / "file" / "ring", 0).put(CASE, {1: SECRET})
    (tmp_path / "ring" / CASE).mkdir(parents=True, mode=0o700)
    (tmp_path / "ring").chmod(0o700)
    with pytest.raises(ArpcError, match="keys cannot be kept for this session"):
        Ring(tmp_path / "ring", 0).put(CASE, {1: SECRET})
    assert [path.name for path in (tmp_path / "ring").iterdir()] == [CASE]


def test_a_ring_is_made_where_none_was(tmp_path: Path) -> None:
    folder = tmp_path / "session" / "ring"
    Ring(folder, 0).put(CASE, {1: SECRET})
    Ring(folder, 0).put("C-FK6SY95T", {1: SECRET[::-1]})
    assert Ring(folder, 0).cases() == [CASE, "C-FK6SY95T"]
    assert [key.secret for key in Ring(folder, 0).keys(CASE)] == [SECRET]
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / CASE).stat().st_mode & 0o777 == 0o600


def test_a_case_that_is_forgotten_is_locked(tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring", 0)
    ring.put(CASE, {1: SECRET}, until=100)
    assert ring.until(CASE) == 100
    ring.forget([CASE, "C-FK6SY95T"])
    assert ring.keys(CASE) == ()
    assert ring.until(CASE) is None
    Ring(None, 0).forget([CASE])
    assert Ring(None, 0).keys(CASE) == ()


@pytest.mark.parametrize(
    "text", ["", "arpc-ring 2\n", "arpc-ring 1\n1 zz\n", "arpc-ring 1\n1\n", "\xff"]
)
def test_keys_that_are_not_as_they_were_written_are_refused(tmp_path: Path, text: str) -> None:
    ring = Ring(tmp_path / "ring", 0)
    ring.put(CASE, {1: SECRET})
    (tmp_path / "ring" / CASE).write_bytes(text.encode("latin-1"))
    with pytest.raises(ArpcError, match=f"the keys of {CASE} cannot be read"):
        Ring(tmp_path / "ring", 0).keys(CASE)


@pytest.mark.skipif(sys.platform == "win32", reason="it lies in the user's own profile there")
def test_a_folder_of_keys_that_others_can_look_into_is_not_believed(tmp_path: Path) -> None:
    ring = Ring(tmp_path / "ring", 0)
    ring.put(CASE, {1: SECRET})
    (tmp_path / "ring").chmod(0o755)
    with pytest.raises(ArpcError, match="is not yours alone"):
        Ring(tmp_path / "ring", 0).keys(CASE)
