"""What git keeps, object by object: how many files a commit holds is counted, each folder once."""

from pathlib import Path

import pytest

from arpc import gitobjects
from arpc.errors import ArpcError
from tests.sealed import commit_by_hand, git

GIT = ("git",)


@pytest.fixture(params=["sha1", "sha256"])
def kept(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A repository with one commit of one file, whose objects have long names or short ones."""
    git(tmp_path, "init", "-q", "-b", "main", f"--object-format={request.param}")
    (tmp_path / "first").write_text("x")
    git(tmp_path, "add", "first")
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    git(tmp_path, *who, "commit", "-q", "-m", "first")
    return tmp_path


def folder(kept: Path, files: int, *inside: str) -> str:
    """A folder of so many files, and of folders, which may be the same one."""
    blob = git(kept, "hash-object", "-w", "--stdin", said="x").strip()
    entries = [f"100644 blob {blob}\tf{number}" for number in range(files)]
    entries += [f"040000 tree {each}\td{number}" for number, each in enumerate(inside)]
    return git(kept, "mktree", said="".join(f"{each}\n" for each in entries)).strip()


@pytest.mark.parametrize(("most", "more"), [(7, True), (8, False)])
def test_what_is_in_a_folder_counts_as_often_as_it_stands_there(
    kept: Path, monkeypatch: pytest.MonkeyPatch, most: int, *, more: bool
) -> None:
    monkeypatch.setattr(gitobjects, "MOST_FILES", most)
    inner = folder(kept, 3)
    commit_by_hand(kept, "040000", folder(kept, 2, inner, inner), "cases")
    assert gitobjects.is_endless(GIT, ["HEAD"], kept) is more
    assert gitobjects.is_endless(GIT, ["HEAD^{tree}"], kept) is more


def test_what_was_there_before_is_not_counted_again(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gitobjects, "MOST_FILES", 8)
    old = folder(kept, 9)
    commit_by_hand(kept, "040000", old, "cases")
    commit_by_hand(kept, "040000", folder(kept, 8, old), "cases")
    assert not gitobjects.is_endless(GIT, ["HEAD", "--not", "HEAD~1"], kept)
    assert gitobjects.is_endless(GIT, ["HEAD"], kept)
    assert not gitobjects.is_endless(GIT, ["HEAD", "--not", "HEAD"], kept)


def test_objects_are_read_by_their_names(kept: Path) -> None:
    name = git(kept, "hash-object", "-w", "--stdin", said="a line\nand more").strip()
    with gitobjects.Objects(GIT, kept) as objects:
        for _ in range(2):
            assert objects.read(name) == ("blob", b"a line\nand more")
        assert objects.read("HEAD^{tree}")[0] == "tree"
        with pytest.raises(ArpcError, match="does not have all of the files"):
            objects.read("1" * 40)


def test_a_commit_that_git_does_not_have_is_told(kept: Path) -> None:
    with pytest.raises(ArpcError, match="does not have all of the files"):
        gitobjects.is_endless(GIT, ["1" * 40], kept)
