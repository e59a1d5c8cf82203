"""A case in git is sealed text: the form to the byte, and what becomes of files in every git command."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given, settings
from hypothesis import strategies as st

from arpc.sealing import form, is_sealed
from arpc.sealing.engine import Engine, RefusedError
from arpc.sealing.form import AlteredError, Key
from arpc.sealing.ring import Ring
from tests.conftest import ENGLAND, SCOTLAND
from tests.sealed import OTHER_SECRET, SECRET, everything_in_git, git, unlock, wire

GOLDEN = Path(__file__).parent / "golden" / "sealing"
KEY = Key(ENGLAND, 1, SECRET)
RUBY = b"person: arpc/1\nid: P-03\nname: Ruby Osei\n"


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def engine(tmp_path: Path, told: list[str]) -> Engine:
    """An engine with the keys of one case."""
    ring = Ring(tmp_path / "keys", 0)
    ring.put(ENGLAND, {1: SECRET})
    return Engine(ring, told.append)


def repository(tmp_path: Path) -> tuple[Path, Path]:
    """A clone in which one case is unlocked, with a record in it that is committed."""
    folder = tmp_path / "service"
    folder.mkdir()
    wire(folder, {ENGLAND: {1: SECRET}})
    record = folder / "cases" / ENGLAND / "people" / "P-03.yaml"
    record.parent.mkdir(parents=True)
    record.write_bytes(RUBY)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", f"{ENGLAND}: P-03 new")
    return folder, record


class TestTheForm:
    def test_it_is_the_same_to_the_byte_on_every_computer_and_for_all_time(self, golden) -> None:
        golden(GOLDEN / "P-03.txt", KEY.seal(RUBY).decode("ascii"))

    @pytest.mark.parametrize(
        ("key", "beside", "text", "sealed"),
        [
            (
                "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
                ["101112131415161718191a1b1c1d1e1f2021222324252627"],
                "112233445566778899aabbccddee",
                "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
            ),
            (
                "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
                [
                    "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
                    "102030405060708090a0",
                    "09f911029d74e35bd84156c5635688c0",
                ],
                "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553",
                "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
            ),
        ],
        ids=["RFC 5297 A.1", "RFC 5297 A.2"],
    )
    def test_the_cipher_is_that_of_the_standard(
        self, key: str, beside: list[str], text: str, sealed: str
    ) -> None:
        cipher = AESSIV(bytes.fromhex(key))
        made = cipher.encrypt(bytes.fromhex(text), [bytes.fromhex(each) for each in beside])
        assert made.hex() == sealed

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=2000))
    def test_what_is_opened_is_what_was_sealed(self, text: bytes) -> None:
        sealed = KEY.seal(text)
        assert (KEY.open(sealed) if text else sealed) == text

    @pytest.mark.parametrize("size", [1, 510, 511, 512, 513, 1023, 1024])
    def test_how_long_a_text_is_shows_only_in_steps_of_512(self, size: int) -> None:
        steps = len({len(KEY.seal(b"x" * n)) for n in range(size, size + 2)})
        assert steps == (2 if (size + 1) % 512 == 0 else 1)

    def test_it_has_its_form_however_many_lines_it_takes(self) -> None:
        for steps in range(1, 140):
            sealed = KEY.seal(bytes(512 * steps - 1))
            assert form.key_of(sealed) == KEY.id
            assert {len(line) for line in sealed.splitlines()[4:-1]} <= {76}
            assert KEY.open(sealed) == bytes(512 * steps - 1)

    def test_no_byte_of_it_can_be_changed_added_or_taken_away(self) -> None:
        sealed = KEY.seal(RUBY)
        changed = [
            sealed[:at] + bytes([sealed[at] ^ bit]) + sealed[at + 1 :]
            for at in range(len(sealed))
            for bit in (1, 2, 32, 128)
        ]
        changed += [sealed[:at] + sealed[at + 1 :] for at in range(len(sealed))]
        changed += [sealed[:at] + b"A" + sealed[at:] for at in range(len(sealed) + 1)]
        changed += [sealed + b"\n", sealed.replace(b"\n", b"\r\n"), sealed * 2, sealed[:300]]
        accepted = []
        for each in changed:
            if form.key_of(each) == KEY.id:
                try:
                    KEY.open(each)
                    accepted.append(each)
                except AlteredError:
                    pass
        assert accepted == []

    def test_two_cases_with_one_text_share_nothing(self) -> None:
        other = Key(SCOTLAND, 1, OTHER_SECRET)
        ours, theirs = KEY.seal(RUBY).split(b"\n\n")[1], other.seal(RUBY).split(b"\n\n")[1]
        assert not set(ours.split(b"\n")[:-1]) & set(theirs.split(b"\n")[:-1])

    def test_bits_that_stand_for_nothing_cannot_be_changed_unseen(self) -> None:
        key = form.Key(ENGLAND, 1, SECRET)
        raw = key.seal(b"x" * 600)
        assert raw.endswith(b"=\n")
        place = raw.rindex(b"=") - 1
        while raw[place : place + 1] == b"=":
            place -= 1
        order = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        other = order[order.index(raw[place]) + 1]
        changed = raw[:place] + bytes([other]) + raw[place + 1 :]
        assert form.key_of(changed) == key.id
        with pytest.raises(form.AlteredError):
            key.open(changed)

    @pytest.mark.parametrize("padded", [bytes(1024), b"x" * 1024, b"\x80" + bytes(1023)])
    def test_what_is_not_padded_as_we_pad_was_not_sealed_by_us(self, padded: bytes) -> None:
        key = form.Key(ENGLAND, 1, SECRET)
        raw = key._head + form._armoured(key._cipher.encrypt(padded, [key._head]))
        assert form.key_of(raw) == key.id
        with pytest.raises(form.AlteredError):
            key.open(raw)


class TestWhatBecomesOfAFile:
    PATH = f"cases/{ENGLAND}/people/P-03.yaml"

    def test_into_git_it_goes_sealed_and_comes_out_plain(self, engine: Engine) -> None:
        kept = engine.clean(self.PATH, RUBY)
        assert is_sealed(kept)
        assert b"Ruby" not in kept
        assert engine.smudge(self.PATH, kept) == RUBY
        assert engine.clean(self.PATH, b"") == b""

    def test_what_is_locked_stays_locked_and_is_never_sealed_twice(self, engine: Engine) -> None:
        locked = Key(SCOTLAND, 1, OTHER_SECRET).seal(RUBY)
        path = f"cases/{SCOTLAND}/people/P-03.yaml"
        assert engine.smudge(path, locked) == locked
        assert engine.clean(path, locked) == locked
        sealed = engine.clean(self.PATH, RUBY)
        assert engine.clean(self.PATH, sealed) == sealed

    @pytest.mark.parametrize(
        ("path", "raw", "said"),
        [
            (f"cases/{SCOTLAND}/case.yaml", b"case: arpc/1", f"{SCOTLAND} is locked here"),
            (PATH, KEY.seal(RUBY)[:-9] + b"\n", "this locked file is damaged"),
            (PATH, KEY.seal(RUBY).replace(b"A", b"B"), "this locked file was altered"),
            (f"cases/{SCOTLAND}/people/P-03.yaml", KEY.seal(RUBY), f"belongs to {ENGLAND}"),
            ("service.yaml", b"service: arpc/1", "it lies in no case folder"),
        ],
        ids=["locked", "damaged", "altered", "swapped", "not of a case"],
    )
    def test_git_is_stopped_and_told_why(
        self, engine: Engine, path: str, raw: bytes, said: str
    ) -> None:
        with pytest.raises(RefusedError, match=said):
            engine.clean(path, raw)

    def test_a_bad_file_is_laid_down_as_it_is_and_named(
        self, engine: Engine, told: list[str]
    ) -> None:
        older = Key(ENGLAND, 2, OTHER_SECRET).seal(RUBY)
        bad = [
            KEY.seal(RUBY)[:-9] + b"\n",
            KEY.seal(RUBY).replace(b"A", b"B"),
            older,
        ]
        for raw in bad:
            assert engine.smudge(self.PATH, raw) == raw
        path = f"cases/{SCOTLAND}/people/P-03.yaml"
        assert engine.smudge(path, KEY.seal(RUBY)) == KEY.seal(RUBY)
        assert engine.smudge(self.PATH, RUBY) == RUBY
        assert [line.partition(": ")[2] for line in told] == [
            "this locked file is damaged: it has not the form of one; it stays locked, as it is",
            "this locked file was altered: it is not what was sealed; it stays locked, as it is",
            "this file is sealed under a key that you do not hold; it stays locked, as it is",
            f"this file belongs to {ENGLAND}, and was put here; it stays locked, as it is",
            "git has this file in PLAIN TEXT; tell whoever keeps the service",
        ]

    def test_keys_run_out_at_their_time(self, tmp_path: Path) -> None:
        Ring(tmp_path / "keys", 0).put(ENGLAND, {1: SECRET}, until=1000)
        assert Ring(tmp_path / "keys", 999).newest(ENGLAND) is not None
        assert Ring(tmp_path / "keys", 1000).newest(ENGLAND) is None

    def test_a_ring_that_others_may_write_to_is_not_believed(self, tmp_path: Path) -> None:
        from arpc.errors import ArpcError

        ring = Ring(tmp_path / "keys", 0)
        ring.put(ENGLAND, {1: SECRET})
        (tmp_path / "keys").chmod(0o777)
        with pytest.raises(ArpcError, match="not yours alone"):
            Ring(tmp_path / "keys", 0).newest(ENGLAND)


class TestGit:
    def test_it_keeps_sealed_text_and_shows_plain(self, tmp_path: Path) -> None:
        folder, record = repository(tmp_path)
        assert git(folder, "cat-file", "-p", "HEAD:cases/" + f"{ENGLAND}/people/P-03.yaml") == (
            KEY.seal(RUBY).decode()
        )
        record.write_bytes(RUBY.replace(b"Osei", b"Osei-Marsh"))
        assert "+name: Ruby Osei-Marsh" in git(folder, "diff")
        git(folder, "commit", "-qam", f"{ENGLAND}: P-03 changed")
        assert "-name: Ruby Osei\n" in git(folder, "log", "-p", "-1")
        assert "+name: Ruby Osei-Marsh" in git(folder, "show", "--textconv", "HEAD")
        assert "Osei-Marsh" in git(folder, "blame", "HEAD", "--", str(record))
        assert "Osei-Marsh" in git(folder, "grep", "--textconv", "Marsh", "HEAD")
        assert b"Ruby" not in everything_in_git(folder)

    def test_stash_checkout_worktree_and_renames_work(self, tmp_path: Path) -> None:
        folder, record = repository(tmp_path)
        record.write_bytes(RUBY + b"known_as: Rubes\n")
        git(folder, "stash")
        assert record.read_bytes() == RUBY
        git(folder, "stash", "pop")
        assert record.read_bytes() == RUBY + b"known_as: Rubes\n"
        git(folder, "checkout", "-q", "--", ".")
        assert git(folder, "status", "--porcelain") == ""
        git(folder, "mv", f"cases/{ENGLAND}/people/P-03.yaml", f"cases/{ENGLAND}/people/P-04.yaml")
        git(folder, "commit", "-qm", f"{ENGLAND}: moved")
        assert "R100" in git(folder, "show", "--raw", "-M", "HEAD")
        git(folder, "worktree", "add", "-q", str(tmp_path / "second"), "HEAD")
        second = tmp_path / "second" / "cases" / ENGLAND / "people" / "P-04.yaml"
        assert second.read_bytes() == RUBY
        assert b"Ruby" not in everything_in_git(folder)

    def test_rebase_cherry_pick_revert_and_merge_work_across_branches(self, tmp_path: Path) -> None:
        folder, record = repository(tmp_path)
        git(folder, "branch", "other")
        record.write_bytes(RUBY + b"born: 2017-05\n")
        git(folder, "commit", "-qam", f"{ENGLAND}: P-03 changed")
        git(folder, "checkout", "-q", "other")
        beside = record.with_name("P-04.yaml")
        beside.write_bytes(b"person: arpc/1\nname: Ines Marsh\n")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", f"{ENGLAND}: P-04 new")
        git(folder, "cherry-pick", "main")
        assert b"2017-05" in record.read_bytes()
        git(folder, "revert", "--no-edit", "HEAD")
        assert record.read_bytes() == RUBY
        git(folder, "rebase", "-q", "main")
        git(folder, "checkout", "-q", "main")
        git(folder, "merge", "-q", "other")
        assert beside.is_file()
        assert b"Ines" not in everything_in_git(folder)

    def test_a_clone_without_the_key_is_locked_can_move_and_pull_and_never_add(
        self, tmp_path: Path
    ) -> None:
        folder, _ = repository(tmp_path)
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "-q", str(folder), str(clone))
        wire(clone, {})
        git(clone, "config", "user.name", "Ben Adeyemi")
        git(clone, "config", "user.email", "ben@example.org")
        locked = clone / "cases" / ENGLAND / "people" / "P-03.yaml"
        assert locked.read_bytes() == KEY.seal(RUBY)
        assert git(clone, "status", "--porcelain") == ""
        git(clone, "mv", str(locked), str(locked.with_name("P-04.yaml")))
        git(clone, "commit", "-qm", f"{ENGLAND}: moved")
        assert "R100" in git(clone, "show", "--raw", "-M", "HEAD")
        locked.write_bytes(b"person: arpc/1\nname: Ines Marsh\n")
        said = git(clone, "add", "-A", fine=(128,))
        assert f"{ENGLAND} is locked here, and plain text is never stored" in said
        assert b"Ines" not in everything_in_git(clone)
        locked.unlink()
        unlock(clone, {ENGLAND: {1: SECRET}})
        locked.with_name("P-04.yaml").unlink()
        git(clone, "checkout", "--", ".")
        assert locked.with_name("P-04.yaml").read_bytes() == RUBY

    def test_a_sparse_clone_fetches_and_opens_only_the_cases_that_are_wanted(
        self, tmp_path: Path
    ) -> None:
        folder, _ = repository(tmp_path)
        unlock(folder, {SCOTLAND: {1: OTHER_SECRET}})
        other = folder / "cases" / SCOTLAND / "case.yaml"
        other.parent.mkdir()
        other.write_bytes(b"case: arpc/1\n")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", f"{SCOTLAND}: case new")
        git(folder, "config", "uploadpack.allowFilter", "true")
        clone = tmp_path / "sparse"
        words = ("clone", "-q", "--filter=blob:none", "--sparse", "--no-checkout")
        git(tmp_path, *words, f"file://{folder}", str(clone))
        wire(clone, {ENGLAND: {1: SECRET}})
        git(clone, "sparse-checkout", "set", f"cases/{ENGLAND}")
        git(clone, "checkout", "-q", "main")
        assert (clone / "cases" / ENGLAND / "people" / "P-03.yaml").read_bytes() == RUBY
        assert not (clone / "cases" / SCOTLAND).exists()
        assert git(clone, "status", "--porcelain") == ""
        sealed = Key(SCOTLAND, 1, OTHER_SECRET).seal(b"case: arpc/1\n")
        assert sealed not in everything_in_git(clone)

    def test_a_bundle_holds_sealed_text_alone(self, tmp_path: Path) -> None:
        folder, _ = repository(tmp_path)
        git(folder, "bundle", "create", str(tmp_path / "carried.bundle"), "main")
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "-q", "-b", "main", str(tmp_path / "carried.bundle"), str(clone))
        kept = git(clone, "cat-file", "-p", f"HEAD:cases/{ENGLAND}/people/P-03.yaml")
        assert kept.encode() == KEY.seal(RUBY)

    def test_a_status_of_a_clean_tree_starts_no_process(self, tmp_path: Path) -> None:
        folder, record = repository(tmp_path)
        # A record that is older than the index is known by its time and size alone.
        os.utime(record, (1_700_000_000, 1_700_000_000))
        git(folder, "add", "-A")
        git(folder, "config", "filter.arpc.process", "false")
        git(folder, "config", "filter.arpc.clean", "false")
        assert git(folder, "status", "--porcelain") == ""

    def test_a_client_that_knows_only_clean_and_smudge_seals_too(self, tmp_path: Path) -> None:
        folder, record = repository(tmp_path)
        git(folder, "config", "--unset", "filter.arpc.process")
        record.write_bytes(RUBY + b"born: 2017-05\n")
        git(folder, "commit", "-qam", f"{ENGLAND}: P-03 changed")
        record.unlink()
        git(folder, "checkout", "--", ".")
        assert record.read_bytes() == RUBY + b"born: 2017-05\n"
        assert b"Ruby" not in everything_in_git(folder)

    def test_a_filter_that_dies_leaves_nothing_plain(self, tmp_path: Path) -> None:
        folder, record = repository(tmp_path)
        git(folder, "config", "filter.arpc.process", "false")
        git(folder, "config", "filter.arpc.clean", "false")
        record.write_bytes(RUBY + b"born: 2017-05\n")
        git(folder, "add", "-A", fine=(128,))
        assert b"2017-05" not in everything_in_git(folder)

    def test_what_a_folder_says_of_attributes_switches_nothing_off(self, tmp_path: Path) -> None:
        folder, record = repository(tmp_path)
        (folder / ".gitattributes").write_text("cases/** -filter -diff\n* text=auto eol=crlf\n")
        (record.parent / ".gitattributes").write_text("* -filter\n")
        record.write_bytes(RUBY + b"born: 2017-05\n")
        git(folder, "add", str(record))
        assert b"2017-05" not in everything_in_git(folder)
