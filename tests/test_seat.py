"""A clone of a sealed service as a command sees it: what is refused before anything is written, and said again."""

import os
import shutil
from pathlib import Path

import pytest

from arpc import sealed
from arpc.errors import ArpcError
from arpc.sealing import access, here
from tests.conftest import ENGLAND, SCOTLAND
from tests.sealed import git, identity, practice, seat, signing


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the people's keys lie."""
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path, home: Path) -> Path:
    """A sealed service; LK holds both of its cases, and has them open."""
    return practice(tmp_path / "service", home)


def refused(why: str):
    return pytest.raises(ArpcError, match=why)


def test_there_is_no_seat_where_nothing_is_sealed_or_nothing_says_where_the_keys_are(
    tmp_path: Path, home: Path
) -> None:
    with refused("this service is not sealed"):
        sealed.seat(tmp_path, "", {}, 0)
    with refused("a sealed service is kept by git"):
        sealed.start(tmp_path, tmp_path / "keys", signing(home, "LK"))
    with refused("this folder says nothing of who its people are"):
        sealed.first_fingerprint(tmp_path)
    git(tmp_path, "init", "-q", "service")
    with refused("this service is not sealed"):
        sealed.seat(tmp_path / "service", "", {}, 0)
    here.pin(tmp_path / "service" / ".git", "SHA256:test")
    with refused("nothing says where the key store is"):
        sealed.seat(tmp_path / "service", "", os.environ, 0)
    at = sealed.seat(tmp_path / "service", "", {**os.environ, "ARPC_STORE": "~/keys"}, 0)
    assert at.store.root == Path.home() / "keys"
    assert (
        sealed.seat(tmp_path / "service", "", os.environ, 0, needs_store=False).ring.cases() == []
    )


def test_what_cannot_be_is_refused_before_anything_is_written(folder: Path, home: Path) -> None:
    at, by = seat(folder), signing(home, "LK")
    before = (at.store.people(ENGLAND), at.access_to(ENGLAND).events)
    with refused("nobody else could open"):
        sealed.revoke(at, ENGLAND, "LK", signing(home, "TB"))
    with refused("nobody takes themselves off a case"):
        sealed.revoke(at, ENGLAND, "LK", by)
    with refused("TB never could open"):
        sealed.revoke(at, ENGLAND, "TB", by)
    with refused("EV is not enrolled"):
        sealed.grant(at, ENGLAND, "EV", by)
    at.ring.forget([SCOTLAND])
    with refused(f"{SCOTLAND} is locked here"):
        sealed.grant(at, SCOTLAND, "TB", by)
    with refused("this case is created already"):
        sealed.create(at, SCOTLAND, by)
    assert sealed.unlocked_cases(at) == [ENGLAND]
    assert (at.store.people(ENGLAND), at.access_to(ENGLAND).events) == before
    assert sealed.lock(at, []) == []
    assert sealed.is_held(folder, ENGLAND, os.environ, 0)
    assert not sealed.is_held(folder, SCOTLAND, os.environ, 0)


def test_a_service_is_trusted_on_this_computer_or_by_its_own_word_alone(
    folder: Path, tmp_path: Path
) -> None:
    at = seat(folder)
    people, is_trusted = sealed.people_of(folder)
    assert ({*people.current}, is_trusted) == ({"LK", "TB", "JM"}, True)
    copied = tmp_path / "copy"
    shutil.copytree(folder, copied, ignore=shutil.ignore_patterns(".git"))
    people, is_trusted = sealed.people_of(copied)
    assert ({*people.current}, is_trusted) == ({"LK", "TB", "JM"}, False)
    assert sealed.first_fingerprint(copied) == at.pinned
    (at.git / "arpc" / "root").unlink()
    with refused("nobody on this computer has said that this service can be trusted"):
        at.people()
    (copied / access.FOLDER / access.PEOPLE / "0001.txt").write_text("key: none\n")
    with refused("this folder says nothing of who its people are"):
        sealed.first_fingerprint(copied)


def test_what_was_broken_off_is_put_right_by_saying_it_again(folder: Path, home: Path) -> None:
    at, by = seat(folder), signing(home, "LK")
    sealed.grant(at, ENGLAND, "TB", by)
    for _ in range(2):  # the second time there is nothing of theirs in the store
        at.store.remove(ENGLAND, "TB")
        sealed.grant(at, ENGLAND, "TB", by)
        assert at.store.people(ENGLAND) == {"LK", "TB"}
        sealed.grant(at, ENGLAND, "TB", by)
    sealed.revoke(at, ENGLAND, "TB", by)
    newest = max(at.access_to(ENGLAND).generations)
    sealed.revoke(at, ENGLAND, "TB", by)
    assert max(at.access_to(ENGLAND).generations) == newest == 2
    assert "TB" not in at.store.people(ENGLAND)

    at.store.remove(ENGLAND, "LK")
    opener = sealed.opener_of(identity(home, "LK"))
    done = sealed.unlock(at, [ENGLAND], "LK", opener, None)
    assert done.refused[0][1].startswith("the key store has no key of it for you yet")
    done = sealed.unlock(at, [ENGLAND], "JM", sealed.opener_of(identity(home, "JM")), None)
    assert done.refused[0][1].startswith("you are not among those who may open it")


def test_what_is_wrapped_to_a_lost_key_stays_only_where_nobody_else_could_open_the_case(
    folder: Path, home: Path
) -> None:
    at, by = seat(folder), signing(home, "LK")
    sealed.grant(at, ENGLAND, "TB", by)
    at.ring.forget([ENGLAND, SCOTLAND])
    assert sealed.wrap_anew(at, "LK") == [SCOTLAND]
    assert at.store.people(ENGLAND) == {"TB"}
    assert at.store.people(SCOTLAND) == {"LK"}
    assert sealed.wrap_anew(at, "JM") == []


def test_what_a_clone_knows_nothing_of_is_passed_over_and_what_is_gone_is_laid_out_again(
    folder: Path, home: Path
) -> None:
    at = seat(folder)
    shutil.rmtree(folder / access.FOLDER / SCOTLAND)
    record = folder / "cases" / ENGLAND / "people" / "P-02.yaml"
    before = record.read_bytes()
    record.unlink()
    (folder / "cases" / ENGLAND / "case.yaml").write_text("what somebody wrote\n")
    done = sealed.unlock(at, [], "LK", sealed.opener_of(identity(home, "LK")), None)
    assert done == ((ENGLAND,), (), (ENGLAND,))
    assert record.read_bytes() == before
    assert (folder / "cases" / ENGLAND / "case.yaml").read_text() == "what somebody wrote\n"
