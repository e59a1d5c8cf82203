"""The writer: whole or not at all, never over what is there, one at a time."""

import multiprocessing
import os
import sys
from pathlib import Path

import pytest

from arpc import writer
from arpc.errors import ArpcError


def test_a_new_file_holds_what_was_written_and_is_the_owners_alone(tmp_path: Path) -> None:
    writer.create(tmp_path / "sessions" / "N-001.yaml", "note: é\n")
    assert (tmp_path / "sessions" / "N-001.yaml").read_bytes() == "note: é\n".encode()
    if sys.platform != "win32":
        assert (tmp_path / "sessions" / "N-001.yaml").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_never_overwritten_by_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "N-001.yaml"
    path.write_text("mine\n")
    with pytest.raises(ArpcError, match="such a file already"):
        writer.create(path, "theirs\n")
    assert path.read_text() == "mine\n"
    assert [path.name for path in tmp_path.iterdir()] == ["N-001.yaml"]


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "N-001.yaml"
    path.write_text("new\n")
    with pytest.raises(ArpcError, match="changed meanwhile"):
        writer.replace(path, "mine\n", was=b"old\n")
    assert path.read_text() == "new\n"


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be made read-only there")
def test_where_nothing_can_be_written_the_old_text_stays(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "N-001.yaml"
    path.parent.mkdir()
    path.write_text("old\n")
    path.parent.rename(tmp_path / "moved")
    (tmp_path / "folder").write_text("a file where the folder was\n")
    with pytest.raises(ArpcError, match="could not be written"):
        writer.replace(path, "new\n")
    assert (tmp_path / "moved" / "N-001.yaml").read_text() == "old\n"


def test_a_failure_on_the_way_leaves_the_old_text_and_nothing_else(
    tmp_path: Path, monkeypatch
) -> None:
    path = tmp_path / "N-001.yaml"
    path.write_text("old\n")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        ArpcError, match=r"N-001\.yaml could not be written: No space left on device"
    ):
        writer.replace(path, "new\n")
    assert path.read_text() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["N-001.yaml"]


def _append(folder: str, number: int) -> None:
    with writer.locked(Path(folder)):
        path = Path(folder) / "log.txt"
        writer.replace(path, path.read_text() + f"{number}\n")


def test_writers_wait_for_each_other_and_none_is_lost(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append, args=(str(tmp_path), n)) for n in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted((tmp_path / "log.txt").read_text().split()) == [str(n) for n in range(6)]
