"""The one way into a file: nothing but a plain file is opened, and no more of it is read than is asked for."""

import os
import resource
import socket
import sys
from pathlib import Path

import pytest

from arpc import plainfiles

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes of this sort")


def test_a_file_is_read_up_to_one_byte_past_what_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for size in (0, 1, 5, 6, 7, 70_000, 300_000):
        path.write_bytes(b"x" * size)
        assert len(plainfiles.read(path, 5)) == min(size, 6)
        assert len(plainfiles.read(path, 100_000)) == min(size, 100_001)


def test_a_file_that_says_it_is_empty_is_read_all_the_same() -> None:
    proc = Path("/proc/self/status")
    if not proc.exists():
        pytest.skip("there is no such file here")
    assert plainfiles.read(proc).startswith(b"Name:")


def test_a_file_of_which_all_is_wanted_is_refused_where_it_is_larger(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 6)
    assert plainfiles.read_whole(path, 6) == b"x" * 6
    with pytest.raises(plainfiles.TooLargeError, match="more than 5 bytes"):
        plainfiles.read_whole(path, 5)


def test_what_is_no_plain_file_is_never_opened_to_be_read(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    os.mkfifo("pipe")
    Path("folder").mkdir()
    Path("link to a pipe").symlink_to("pipe")
    Path("self").symlink_to("self")
    Path("link to nothing").symlink_to("nothing")
    Path("plain").write_text("x")
    Path("link").symlink_to("plain")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        links = ("link to a pipe", "self", "link to nothing", "link")
        for name, what in {
            "pipe": "a pipe",
            "folder": "a folder",
            "socket": "a socket",
            "/dev/zero": "a device",
            "/dev/null": "a device",
            **dict.fromkeys(links, "a link"),
        }.items():
            for read in (plainfiles.read, plainfiles.opened):
                with pytest.raises(plainfiles.NotPlainError, match=f"it is {what}:"):
                    read(name)


def test_a_link_is_followed_where_whoever_named_it_may_have_meant_it(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x")
    (tmp_path / "link").symlink_to("plain")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "other").symlink_to("pipe")
    assert plainfiles.read(tmp_path / "link", may_be_link=True) == b"x"
    with pytest.raises(plainfiles.NotPlainError):
        plainfiles.read(tmp_path / "other", may_be_link=True)


def test_what_lies_there_is_named_even_where_nobody_can_look(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to("self")
    assert plainfiles.what(tmp_path / "self") == "a link"
    assert plainfiles.what(tmp_path / "self", may_be_link=True) == "a link"
    assert plainfiles.what(tmp_path / "gone") == "a special file"


def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        plainfiles.read(tmp_path / "nothing")


def test_a_file_is_read_piece_by_piece_where_it_is_large(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with plainfiles.opened(tmp_path / "a") as stream:
        assert (stream.read(1), stream.read()) == (b"a", b"bc")


def test_a_file_that_comes_in_pieces_is_put_together_and_no_more_is_read_than_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.read
    monkeypatch.setattr(os, "read", lambda number, size: real(number, min(size, 3)))
    (tmp_path / "a").write_bytes(b"0123456789")
    assert plainfiles.read(tmp_path / "a") == b"0123456789"
    assert plainfiles.read(tmp_path / "a", 4) == b"01234"


def test_a_file_that_cannot_be_used_is_closed_again(tmp_path: Path) -> None:
    before = (
        sum(1 for _ in Path("/proc/self/fd").iterdir()) if Path("/proc/self/fd").exists() else 0
    )
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").write_bytes(b"x")
    for _ in range(20):
        with pytest.raises(plainfiles.NotPlainError):
            plainfiles.read(tmp_path / "pipe")
        plainfiles.read(tmp_path / "a")
    assert not before or sum(1 for _ in Path("/proc/self/fd").iterdir()) == before


def test_nothing_is_read_of_which_nobody_said_how_much_beyond_sixty_four_megabytes() -> None:
    assert plainfiles.MOST == 64 * 1024 * 1024


def test_a_file_that_says_that_it_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(20_000_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(plainfiles.TooLargeError, match="it has more than 1,073,741,824 bytes"):
        plainfiles.read_whole(tmp_path / "huge", 1 << 30)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_where_links_lead_is_told_even_of_one_that_leads_to_itself(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (tmp_path / "link").symlink_to("there")
    (tmp_path / "itself").symlink_to("itself")
    assert plainfiles.led_to(tmp_path / "link" / "a") == there / "a"
    assert plainfiles.led_to(tmp_path / "itself" / "a").name == "a"
