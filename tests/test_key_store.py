"""The key store: each case's key wrapped to people, opened by age and arpc alike, and gone when deleted."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from arpc.errors import ArpcError
from arpc.sealing import form, identities, store
from arpc.sealing.identities import Identity
from arpc.sealing.store import RECOVERY, Store, StoreError
from tests.test_identities import new_identity, new_key, saying

CASE, OTHER = "C-7K3Q9X2F", "C-FK6SY95T"
SECRET = bytes(range(32))
ID = form.key_id(SECRET)

needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="age is not on this computer")


@pytest.fixture
def ada(tmp_path: Path) -> Identity:
    return new_identity(tmp_path / "keys", "ada")


@pytest.fixture
def ben(tmp_path: Path) -> Identity:
    return new_identity(tmp_path / "keys", "ben")


@pytest.fixture
def keys(tmp_path: Path) -> Store:
    """A key store with nothing in it."""
    keys = Store(tmp_path / "share")
    keys.start()
    return keys


def wrapped_to(*people: Identity) -> bytes:
    return store.wrap(SECRET, CASE, 1, [person.public for person in people])


def age(*arguments: str | Path, said: bytes) -> bytes:
    return subprocess.run(
        ["age", *map(str, arguments)], input=said, check=True, capture_output=True
    ).stdout


def test_a_key_is_opened_by_whom_it_is_wrapped_to_and_by_nobody_else(
    ada: Identity, ben: Identity
) -> None:
    raw = wrapped_to(ada)
    assert store.unwrap(raw, ada, CASE, 1, ID) == SECRET
    with pytest.raises(ArpcError, match="does not open"):
        store.unwrap(raw, ben, CASE, 1, ID)


def test_a_key_with_a_passphrase_opens_as_well(tmp_path: Path) -> None:
    path = new_key(tmp_path, "id", "correct horse")
    identity = identities.load(path, saying("correct horse"))
    assert store.unwrap(wrapped_to(identity), identity, CASE, 1, ID) == SECRET


@needs_age
def test_age_opens_what_was_wrapped_here(tmp_path: Path) -> None:
    path = new_key(tmp_path, "id")
    raw = wrapped_to(identities.load(path, saying()))
    assert json.loads(age("-d", "-i", path, said=raw)) == {
        "arpc-wrap": 1,
        "case": CASE,
        "generation": 1,
        "secret": SECRET.hex(),
    }


@needs_age
def test_what_age_wrapped_is_opened_here(tmp_path: Path, ada: Identity, ben: Identity) -> None:
    body = {"arpc-wrap": 1, "case": CASE, "generation": 1, "secret": SECRET.hex()}
    raw = age("-a", "-r", ben.public, "-r", ada.public, said=json.dumps(body).encode())
    assert store.unwrap(raw, ada, CASE, 1, ID) == SECRET


def test_the_recovery_key_opens_what_is_wrapped_to_it() -> None:
    made = pyrage.x25519.Identity.generate()
    file = f"# created: 2026-11-22T12:28:10Z\n# public key: {made.to_public()}\n{made}\n"
    raw = store.wrap(SECRET, CASE, 1, [str(made.to_public())])
    assert store.recover(raw, file, CASE, 1, ID) == SECRET
    assert store.recover(raw, str(made), CASE, 1, ID) == SECRET
    other = str(pyrage.x25519.Identity.generate())
    with pytest.raises(ArpcError, match="does not open"):
        store.recover(raw, other, CASE, 1, ID)


@pytest.mark.parametrize("text", ["", "AGE-SECRET-KEY-1AAAA", "AGE-PLUGIN-X-1AAAA", "age1"])
def test_what_is_no_recovery_key_is_refused(text: str, ada: Identity) -> None:
    with pytest.raises(ArpcError, match="no recovery key"):
        store.recover(wrapped_to(ada), text, CASE, 1, ID)


def test_no_byte_of_a_wrapped_key_can_be_changed(ada: Identity) -> None:
    raw = wrapped_to(ada)
    for at in range(len(raw)):
        for bit in (1, 2, 32, 128):
            changed = raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]
            with pytest.raises(ArpcError):
                store.unwrap(changed, ada, CASE, 1, ID)


def test_a_planted_key_is_not_the_one_that_the_signed_record_names(ada: Identity) -> None:
    planted = store.wrap(bytes(32), CASE, 1, [ada.public])
    with pytest.raises(ArpcError, match="is not the one in the signed record"):
        store.unwrap(planted, ada, CASE, 1, ID)


def test_a_key_of_another_case_or_generation_is_refused(ada: Identity) -> None:
    raw = wrapped_to(ada)
    for case, generation in [(OTHER, 1), (CASE, 2)]:
        with pytest.raises(ArpcError, match="of another case or generation"):
            store.unwrap(raw, ada, case, generation, ID)


GOOD = {"arpc-wrap": 1, "case": CASE, "generation": 1, "secret": SECRET.hex()}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no wrapped key"),
        (b"\xff", "no wrapped key"),
        (b"[" * 5000, "no wrapped key"),
        (b"[]", "no wrapped key"),
        (b"{}", "no wrapped key"),
        (json.dumps({**GOOD, "secret": "xx"}).encode(), "no wrapped key"),
        (json.dumps({**GOOD, "secret": 1}).encode(), "no wrapped key"),
        (json.dumps({**GOOD, "secret": SECRET.hex()[:-2]}).encode(), "not the one in the signed"),
        (json.dumps({**GOOD, "more": 1}).encode(), "of another case or generation"),
        (json.dumps({**GOOD, "arpc-wrap": 2}).encode(), "of a newer form"),
    ],
)
def test_what_opens_and_is_no_key_of_ours_is_refused(ada: Identity, body: bytes, why: str) -> None:
    recipient = pyrage.ssh.Recipient.from_str(ada.public)
    raw = pyrage.encrypt(body, [recipient], armored=True)
    with pytest.raises(ArpcError, match=why):
        store.unwrap(raw, ada, CASE, 1, ID)


def test_a_file_under_a_passphrase_is_never_opened(ada: Identity) -> None:
    raw = pyrage.passphrase.encrypt(json.dumps(GOOD).encode(), "", armored=True)
    with pytest.raises(ArpcError, match="does not open"):
        store.unwrap(raw, ada, CASE, 1, ID)


def test_a_huge_file_and_one_without_armour_are_not_even_tried(ada: Identity) -> None:
    recipient = pyrage.ssh.Recipient.from_str(ada.public)
    for raw in (
        pyrage.encrypt(json.dumps(GOOD).encode(), [recipient]),
        pyrage.encrypt(b" " * 20000, [recipient], armored=True),
    ):
        with pytest.raises(ArpcError, match="no wrapped key"):
            store.unwrap(raw, ada, CASE, 1, ID)


def test_a_key_lies_under_its_case_generation_id_and_person(keys: Store, ada: Identity) -> None:
    raw = wrapped_to(ada)
    keys.put(CASE, 1, ID, "LK", raw)
    path = keys.root / CASE / f"g1-{ID[:8]}.LK.age"
    assert path.read_bytes() == raw
    assert keys.wrapped(CASE, "LK") == [(1, ID[:8], raw)]
    assert keys.cases() == [CASE]


def test_keys_come_with_the_oldest_first_and_to_each_only_their_own(keys: Store) -> None:
    for generation, who in [(10, "LK"), (2, "LK"), (2, "BM"), (1, RECOVERY)]:
        keys.put(CASE, generation, ID, who, b"%d" % generation)
    assert [found.generation for found in keys.wrapped(CASE, "LK")] == [2, 10]
    assert [found.raw for found in keys.wrapped(CASE, RECOVERY)] == [b"1"]
    assert keys.wrapped(CASE, "ZZ") == [] == keys.wrapped(OTHER, "LK")
    assert keys.people(CASE) == {"LK", "BM", RECOVERY}
    assert keys.generations(CASE) == {(1, ID[:8]), (2, ID[:8]), (10, ID[:8])}


def test_a_key_is_never_written_over(keys: Store) -> None:
    keys.put(CASE, 1, ID, "LK", b"first")
    with pytest.raises(ArpcError, match=f"has generation 1 of {CASE} for LK already"):
        keys.put(CASE, 1, ID, "LK", b"second")
    assert [found.raw for found in keys.wrapped(CASE, "LK")] == [b"first"]
    assert len(list((keys.root / CASE).iterdir())) == 1


def test_two_who_make_the_same_generation_at_once_do_not_meet(keys: Store) -> None:
    keys.put(CASE, 2, "a" * 32, "LK", b"one")
    keys.put(CASE, 2, "b" * 32, "LK", b"two")
    assert [found.prefix for found in keys.wrapped(CASE, "LK")] == ["a" * 8, "b" * 8]


def test_a_persons_keys_go_with_the_copies_that_others_made_of_them(keys: Store) -> None:
    for who in ("LK", "LK2", "BM", RECOVERY):
        keys.put(CASE, 1, ID, who, b"x")
    folder = keys.root / CASE
    (folder / f"g1-{ID[:8]}.LK.age (conflicted copy)").write_bytes(b"x")
    (folder / f".g1-{ID[:8]}.LK.age.12345678.tmp").write_bytes(b"x")
    keys.remove(CASE, "LK")
    assert sorted(path.name for path in folder.iterdir()) == [
        f"g1-{ID[:8]}.{who}.age" for who in ("BM", "LK2", RECOVERY)
    ]


def test_a_case_goes_with_all_that_lies_in_its_folder(keys: Store) -> None:
    keys.put(CASE, 1, ID, "LK", b"x")
    keys.put(OTHER, 1, ID, "LK", b"x")
    inner = keys.root / CASE / "old"
    inner.mkdir()
    (inner / "copy.age").write_bytes(b"x")
    outside = keys.root / OTHER
    if sys.platform != "win32":
        (inner / "elsewhere").symlink_to(outside)
    keys.remove(CASE)
    assert not (keys.root / CASE).exists()
    assert keys.cases() == [OTHER]
    assert keys.people(OTHER) == {"LK"}


def test_a_person_without_a_code_does_not_stand_for_everybody(keys: Store) -> None:
    keys.put(CASE, 1, ID, "LK", b"x")
    for who in ("", ".*", "lk"):
        with pytest.raises(ArpcError, match="no code of a person"):
            keys.remove(CASE, who)
    assert keys.people(CASE) == {"LK"}


def test_deleting_what_is_not_there_does_not_pass_for_deleted(keys: Store) -> None:
    with pytest.raises(ArpcError, match=f"the key store has nothing of {CASE}"):
        keys.remove(CASE)


def test_a_store_that_is_away_says_so_and_what_goes_on_working(keys: Store) -> None:
    keys.put(CASE, 1, ID, "LK", b"x")
    away = Store(keys.root.with_name("away"))
    assert keys.is_reachable() and not away.is_reachable()
    for ask in (
        lambda: away.put(CASE, 1, ID, "LK", b"x"),
        lambda: away.wrapped(CASE, "LK"),
        lambda: away.people(CASE),
        lambda: away.generations(CASE),
        away.cases,
        lambda: away.remove(CASE),
    ):
        with pytest.raises(StoreError, match="the key store cannot be reached") as caught:
            ask()
        assert "unlocked go on working; connect the share" in caught.value.hint


def test_the_empty_folder_of_an_unmounted_share_is_not_taken_for_the_store(tmp_path: Path) -> None:
    (tmp_path / "mount").mkdir()
    empty = Store(tmp_path / "mount")
    assert not empty.is_reachable()
    with pytest.raises(StoreError):
        empty.remove(CASE)
    with pytest.raises(StoreError):
        empty.put(CASE, 1, ID, "LK", b"x")
    assert list((tmp_path / "mount").iterdir()) == []


def test_a_store_can_be_started_again_without_harm(keys: Store) -> None:
    keys.put(CASE, 1, ID, "LK", b"x")
    keys.start()
    assert keys.cases() == [CASE]


def test_a_store_in_git_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(ArpcError, match="outside git"):
        Store(tmp_path / "keys").start()
    assert not (tmp_path / "keys").exists()


def test_a_store_is_not_made_where_the_share_is_not_connected(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Store(tmp_path / "not-mounted" / "keys").start()


@pytest.mark.skipif(sys.platform == "win32", reason="rights are not of that kind there")
def test_colleagues_can_read_what_one_of_them_put_there(keys: Store) -> None:
    keys.root.chmod(0o2775)
    was = os.umask(0o077)
    try:
        keys.put(CASE, 1, ID, "LK", b"x")
    finally:
        os.umask(was)
    [path] = (keys.root / CASE).iterdir()
    assert path.stat().st_mode & 0o7777 == 0o664
    assert path.parent.stat().st_mode & 0o7777 == 0o2775


@pytest.mark.parametrize("case", ["", "..", "C-1", "c-7k3q9x2f", f"{CASE}/../{OTHER}"])
def test_no_name_leads_out_of_the_store(keys: Store, case: str) -> None:
    with pytest.raises(ArpcError, match="no id of a case"):
        keys.remove(case)
    with pytest.raises(ArpcError, match="no id of a case"):
        keys.put(case, 1, ID, "LK", b"x")


def test_what_could_not_be_found_again_is_not_kept(keys: Store) -> None:
    for generation, key_id, who in [(0, ID, "LK"), (1, "../..", "LK"), (1, ID, "../LK")]:
        with pytest.raises(ArpcError, match="kept under its generation"):
            keys.put(CASE, generation, key_id, who, b"x")
    with pytest.raises(ArpcError, match="no code of a person"):
        keys.wrapped(CASE, "l")
    assert keys.cases() == []


def test_it_is_noted_in_which_clones_a_case_was_opened_each_once(
    keys: Store, ada: Identity
) -> None:
    assert keys.opened(CASE) == []
    keys.put(CASE, 1, ID, "LK", wrapped_to(ada))
    for who, clone in (("TB", "b" * 16), ("LK", "a" * 16), ("LK", "a" * 16)):
        keys.note_opened(CASE, who, clone)
    assert keys.opened(CASE) == [("LK", "a" * 16), ("TB", "b" * 16)]
    assert keys.opened(OTHER) == []


def test_a_store_whose_folder_cannot_be_looked_into_is_away(tmp_path: Path) -> None:
    assert not Store(tmp_path / ("a" * 300)).is_reachable()


def test_a_link_in_a_store_is_taken_away_and_what_it_leads_to_stays(
    keys: Store, ada: Identity, tmp_path: Path
) -> None:
    keys.put(CASE, 1, ID, "LK", wrapped_to(ada))
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "ours").mkdir()
    (keys.root / CASE / "link").symlink_to(tmp_path / "mine")
    (keys.root / CASE / "folder").symlink_to(tmp_path / "ours")
    keys.remove(CASE)
    assert (tmp_path / "mine").read_text() == "mine"
    assert (tmp_path / "ours").is_dir()
    assert keys.cases() == []


def test_a_pipe_in_a_store_holds_nobody_up(keys: Store, ada: Identity) -> None:
    keys.put(CASE, 1, ID, "LK", wrapped_to(ada))
    [path] = (keys.root / CASE).glob("g*.LK.age")
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(StoreError, match="it is a pipe"):
        keys.wrapped(CASE, "LK")


def test_what_cannot_be_looked_through_does_not_pass_for_deleted(
    keys: Store, ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.put(CASE, 1, ID, "LK", wrapped_to(ada))

    def refused(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(StoreError, match="the keys could not all be deleted: Permission denied"):
        keys.remove(CASE)
