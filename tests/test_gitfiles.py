"""Git is started only where what it reads first are plain files of a sensible size."""

import os
import sys
from pathlib import Path

import pytest

from arpc import gitfiles
from arpc.errors import ArpcError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes of this sort")


@pytest.fixture
def git(tmp_path: Path) -> Path:
    """Where git keeps a work tree, with the little that it always has."""
    folder = tmp_path / ".git"
    (folder / "info").mkdir(parents=True)
    (folder / "config").write_text("[core]\n\tbare = false\n")
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    return folder


READ_FIRST = (
    *(".git/config", ".git/HEAD", ".git/index", ".git/packed-refs", ".git/info/attributes"),
    *(".git/info/exclude", ".gitattributes", ".gitignore", ".git/commondir", ".git/shallow"),
)


def test_an_ordinary_folder_is_one_in_which_git_can_be_started(tmp_path: Path, git: Path) -> None:
    (tmp_path / ".gitignore").write_text("out/\n")
    (git / "index").write_bytes(bytes(3_000_000))
    gitfiles.refuse_odd(tmp_path, git)


@pytest.mark.parametrize("name", READ_FIRST)
def test_a_pipe_or_a_link_in_the_place_of_what_git_reads_first_is_named(
    tmp_path: Path, git: Path, name: str
) -> None:
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    with pytest.raises(ArpcError, match=f"^{name} is nothing that git should read"):
        gitfiles.refuse_odd(tmp_path, git)
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(ArpcError, match=f"^{name} is nothing that git should read"):
        gitfiles.refuse_odd(tmp_path, git)


def test_settings_of_more_than_a_megabyte_are_nobodys(tmp_path: Path, git: Path) -> None:
    for size, is_refused in ((1024 * 1024, False), (1024 * 1024 + 1, True)):
        (git / "config").write_bytes(b"#" * size)
        if is_refused:
            with pytest.raises(ArpcError, match=r"^\.git/config is nothing"):
                gitfiles.refuse_odd(tmp_path, git)
        else:
            gitfiles.refuse_odd(tmp_path, git)


@pytest.mark.parametrize(
    "text", ["[include]\n\tpath = x\n", "[a]\n  [ INCLUDE ]\n", '[includeIf "gitdir:/"]\n']
)
def test_settings_that_include_others_are_refused_before_git_reads_them(
    tmp_path: Path, git: Path, text: str
) -> None:
    (git / "config").write_text(text)
    with pytest.raises(ArpcError, match="git settings run programs"):
        gitfiles.refuse_odd(tmp_path, git)
    (git / "config").write_text("[core]\n\ta = [include]\n")
    gitfiles.refuse_odd(tmp_path, git)


def test_what_cannot_be_looked_at_is_left_to_git(tmp_path: Path) -> None:
    gitfiles.refuse_odd(tmp_path, tmp_path / "nothing")
