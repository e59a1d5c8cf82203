"""The writer: whole or not at all, never over what is there, one at a time."""

import errno
import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from arpc import writer
from arpc.errors import ArpcError
from tests.conftest import ROOT


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


def test_what_somebody_has_open_in_an_editor_is_not_written_under_their_hands(
    tmp_path: Path,
) -> None:
    path = tmp_path / "N-001.yaml"
    path.write_text("theirs\n")
    elsewhere = FileLock(tmp_path / ".N-001.yaml.open.tmp")  # as another process has it
    with elsewhere:
        assert writer.is_open(path)
        for write in (lambda: writer.replace(path, "mine\n"), lambda: writer.remove(path)):
            with pytest.raises(ArpcError, match="N-001 is open in an editor"):
                write()
        with pytest.raises(ArpcError, match="N-001 is open in an editor"), writer.opened(path):
            pass
    assert path.read_text() == "theirs\n" and not writer.is_open(path)
    with writer.opened(path):
        writer.replace(path, "mine\n")
    assert [each.name for each in tmp_path.iterdir()] == ["N-001.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_in_the_place_of_a_lock_is_not_followed(tmp_path: Path) -> None:
    path, other = tmp_path / "N-001.yaml", tmp_path / "other"
    path.write_text("x\n")
    other.write_text("precious\n")
    for name in (".N-001.yaml.open.tmp", writer.LOCK):
        (tmp_path / name).symlink_to(other)
    with pytest.raises(ArpcError, match="N-001 cannot be held"), writer.opened(path):
        pass
    with pytest.raises(ArpcError, match="cannot be locked"), writer.locked(tmp_path):
        pass
    assert not writer.is_open(path)
    assert other.read_text() == "precious\n"


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


def test_a_lock_that_somebody_holds_for_too_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_PATIENCE", 0.05)
    with (
        FileLock(tmp_path / writer.LOCK, is_singleton=False),
        pytest.raises(ArpcError, match="another command is writing"),
        writer.locked(tmp_path),
    ):
        raise AssertionError


def test_a_folder_that_cannot_be_locked_is_told(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("a file where a folder was\n")
    with (
        pytest.raises(ArpcError, match="case cannot be locked: "),
        writer.locked(tmp_path / "case"),
    ):
        raise AssertionError


def test_what_is_locked_already_is_locked_once_more_by_the_same_command(tmp_path: Path) -> None:
    with writer.locked(tmp_path), writer.locked(tmp_path, tmp_path):
        writer.create(tmp_path / "N-001.yaml", "new\n")
    with writer.locked(tmp_path):
        pass


def test_a_change_that_the_disk_does_not_confirm_is_told_and_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "N-001.yaml"
    path.write_text("old\n")
    flush = os.fsync

    def failing(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(
        ArpcError, match=r"N-001\.yaml is changed, but the disk does not confirm it"
    ):
        writer.replace(path, "new\n")
    assert path.read_text() == "new\n"


def test_a_file_that_is_put_or_removed_is_what_it_was_when_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "N-001.yaml"
    writer.put(path, "first\n", None)
    with pytest.raises(ArpcError, match="such a file already"):
        writer.put(path, "second\n", None)
    with pytest.raises(ArpcError, match="changed meanwhile"):
        writer.remove(path, was=b"second\n")
    writer.put(path, "second\n", b"first\n")
    writer.remove(path, was=b"second\n")
    with pytest.raises(ArpcError, match="changed meanwhile"):
        writer.replace(path, "third\n", was=b"second\n")
    with pytest.raises(ArpcError, match="could not be written"):
        writer.discard(path)


@pytest.mark.skipif(sys.platform == "win32", reason="who may not link may not try this")
def test_what_is_no_file_of_a_case_is_taken_away_with_all_that_is_in_it(tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "case.yaml"
    writer.create(kept, "1\n")
    (tmp_path / "left" / "people").mkdir(parents=True)
    (tmp_path / "left" / "people" / "P-01.yaml").touch()
    (tmp_path / "link").symlink_to("kept")
    for name in ("left", "link"):
        writer.discard(tmp_path / name)
    assert [*tmp_path.iterdir()] == [tmp_path / "kept"]
    assert kept.read_bytes() == b"1\n"


def test_who_watches_is_told_what_stood_there_and_what_will_before_it_does(tmp_path: Path) -> None:
    path = tmp_path / "N-001.yaml"
    told: list[tuple[str, bytes | None, bytes | None, bytes | None]] = []

    def watcher(changed: Path, was: bytes | None, will_be: bytes | None) -> None:
        told.append((changed.name, writer.read(path), was, will_be))

    with writer.watched(watcher):
        writer.create(path, "first\n")
        writer.replace(path, "second\n")
        writer.announce(path)
        writer.remove(path)
        writer.create(path, "third\n")
        writer.discard(path)  # this is no file of a case
    writer.create(path, "fourth\n")
    assert told == [
        ("N-001.yaml", None, None, b"first\n"),
        ("N-001.yaml", b"first\n", b"first\n", b"second\n"),
        ("N-001.yaml", b"second\n", b"second\n", writer.UNKNOWN),
        ("N-001.yaml", b"second\n", b"second\n", None),
        ("N-001.yaml", None, None, b"third\n"),
    ]


def test_what_a_watcher_raises_stops_the_change(tmp_path: Path) -> None:
    def watcher(*_: object) -> None:
        raise ArpcError("not now")

    with pytest.raises(ArpcError, match="not now"), writer.watched(watcher):
        writer.create(tmp_path / "N-001.yaml", "new\n")
    assert [*tmp_path.iterdir()] == []
    writer.create(tmp_path / "N-001.yaml", "new\n")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit on Windows")
def test_a_text_of_which_only_a_part_fits_leaves_the_old_one_and_nothing_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "N-001.yaml"
    path.write_text("old\n")
    program = (
        "import resource, signal, sys; from pathlib import Path; from arpc import writer\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "before = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))\n"
        "try: writer.replace(Path(sys.argv[1]), b'new' * 1000)\n"
        "finally: resource.setrlimit(resource.RLIMIT_FSIZE, before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert "N-001.yaml could not be written: File too large" in done.stderr
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


@pytest.mark.skipif(sys.platform == "win32", reason="few may make links there")
@pytest.mark.parametrize("link", ["C-FK6SY95T", "C-FK6SY95T/out"])
def test_nothing_is_written_into_a_case_through_a_link(tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "out").mkdir(parents=True)
    place = tmp_path / "cases" / link
    place.parent.mkdir(parents=True)
    place.symlink_to(elsewhere)
    for name in ("case.yaml", "out/report.pdf") if place.name != "out" else ("report.pdf",):
        for write in (writer.create, writer.replace):
            with pytest.raises(ArpcError, match=f"{place.name} is a link, and may lead anywhere"):
                write(place / name, b"x")
    assert not [path for path in elsewhere.rglob("*") if path.is_file()]
    writer.create(elsewhere / "report.pdf", b"x")  # where a person says it shall go
