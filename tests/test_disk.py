"""Bytes on the disk: whole or not at all, where the system helps and where it does not."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from arpc import disk


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_has_the_rights_that_are_asked_for(tmp_path: Path) -> None:
    disk.create(tmp_path / "hook", b"#!/bin/sh\n", 0o755)
    disk.create(tmp_path / "N-001.yaml", b"new\n")
    disk.replace(tmp_path / "N-002.yaml", b"new\n")
    if sys.platform != "win32":
        rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        assert rights == {"hook": 0o755, "N-001.yaml": 0o600, "N-002.yaml": 0o600}
    assert names(tmp_path) == ["N-001.yaml", "N-002.yaml", "hook"]


def test_what_cannot_be_replaced_stays_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "N-001.yaml" / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        disk.replace(tmp_path / "N-001.yaml", b"new\n")
    assert names(tmp_path) == ["N-001.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="there files are named in another way")
def test_where_a_file_cannot_have_two_names_it_is_renamed_unless_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    disk.create(tmp_path / "N-001.yaml", b"mine\n")
    with pytest.raises(FileExistsError):
        disk.create(tmp_path / "N-001.yaml", b"theirs\n")
    assert (tmp_path / "N-001.yaml").read_bytes() == b"mine\n"
    assert names(tmp_path) == ["N-001.yaml"]


@pytest.mark.parametrize(("code", "is_told"), [(errno.EINVAL, False), (errno.EIO, True)])
@pytest.mark.skipif(sys.platform == "win32", reason="folders are not flushed there")
def test_a_share_that_knows_of_no_folders_is_no_failing_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, is_told: bool
) -> None:
    flush = os.fsync

    def refused(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", refused)
    if is_told:
        with pytest.raises(disk.UnconfirmedError, match="Input/output"):
            disk.create(tmp_path / "N-001.yaml", b"new\n")
    else:
        disk.create(tmp_path / "N-001.yaml", b"new\n")
    assert (tmp_path / "N-001.yaml").read_bytes() == b"new\n"


def held(monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Let a program hold the file that is replaced, for so many attempts; what is counted is each attempt."""
    attempts: list[int] = []
    replace = os.replace

    def refused(*paths: Path) -> None:
        attempts.append(len(attempts))
        if len(attempts) <= times:
            raise PermissionError(errno.EACCES, "Permission denied")
        replace(*paths)

    monkeypatch.setattr(os, "replace", refused)
    monkeypatch.setattr(disk, "_PAUSE", 0)
    return attempts


def test_on_windows_a_file_that_another_program_holds_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = held(monkeypatch, 3)
    monkeypatch.setattr(sys, "platform", "win32")
    disk.replace(tmp_path / "N-001.yaml", b"new\n")
    assert (tmp_path / "N-001.yaml").read_bytes() == b"new\n"
    assert len(attempts) == 4


@pytest.mark.parametrize(("system", "times"), [("win32", 21), ("linux", 1)])
def test_one_that_it_holds_for_longer_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, times: int
) -> None:
    (tmp_path / "N-001.yaml").write_bytes(b"old\n")
    attempts = held(monkeypatch, 1000)
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(PermissionError):
        disk.replace(tmp_path / "N-001.yaml", b"new\n")
    assert (tmp_path / "N-001.yaml").read_bytes() == b"old\n"
    assert (names(tmp_path), len(attempts)) == (["N-001.yaml"], times)


def test_what_lies_there_on_the_way_is_known_as_a_left_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    flush = os.fsync

    def watched(descriptor: int) -> None:
        seen.extend(names(tmp_path))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    disk.replace(tmp_path / "N-001.yaml", b"new\n")
    match = disk.LEFT_OVER.fullmatch(seen[0])
    assert match and match["of"] == "N-001.yaml"


def test_a_folder_is_made_with_all_of_its_files(tmp_path: Path) -> None:
    disk.create_folder(tmp_path / "C", {"case.yaml": b"1\n", "people/P-01.yaml": b"2\n"})
    assert names(tmp_path) == ["C"]
    assert names(tmp_path / "C") == ["case.yaml", "people"]
    assert (tmp_path / "C" / "people" / "P-01.yaml").read_bytes() == b"2\n"


def test_a_folder_of_which_one_file_cannot_be_made_is_not_made_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        disk.create_folder(tmp_path / "C", {"people": b"1\n", "people/P-01.yaml": b"2\n"})
    assert names(tmp_path) == []


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "C").mkdir()
    (tmp_path / "C" / "case.yaml").write_bytes(b"theirs\n")
    with pytest.raises(OSError):
        disk.create_folder(tmp_path / "C", {"case.yaml": b"mine\n"})
    assert names(tmp_path) == ["C"]
    assert (tmp_path / "C" / "case.yaml").read_bytes() == b"theirs\n"


def test_folders_that_are_not_there_are_made(tmp_path: Path) -> None:
    disk.make_folder(tmp_path / "a" / "b")
    disk.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_is_taken_away(tmp_path: Path) -> None:
    disk.create(tmp_path / "N-001.yaml", b"old\n")
    disk.remove(tmp_path / "N-001.yaml")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "of"),
    [
        (".N-007.yaml.1f2e3d4c.tmp", "N-007.yaml"),
        ("..arpc.undo.1f2e3d4c.tmp", ".arpc.undo"),
        ("N-007.yaml.1f2e3d4c.tmp", None),
        (".N-007.yaml.tmp", None),
    ],
)
def test_a_left_over_is_known_by_its_name(name: str, of: str | None) -> None:
    match = disk.LEFT_OVER.fullmatch(name)
    assert (match["of"] if match else None) == of
