"""The end of a case: what has to come first, what is destroyed, and that nobody can read it afterwards."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from arpc.sealing import form
from arpc.sealing.form import Key
from tests import sealed
from tests.conftest import ENGLAND, SCOTLAND, Ran, Run, change
from tests.sealed import git

GOLDEN = Path(__file__).parent / "golden" / "sealing"
SCHEDULE = """
retention:
  - class: assessment-75
    years: 75
    from: youngest_child_born
    source: Strathellen Council, schedule of May 2025
  - class: closed-35
    years: 35
    from: closed
"""
CLOSED = """
closure:
  date: 2029-03-05
  reason: completed
  retention: assessment-75
"""
REVIEW = "2087-09-03"


class Closed(NamedTuple):
    """A sealed service in which one case is closed, a long time ago."""

    folder: Path
    server: Path
    run: Run
    monkeypatch: pytest.MonkeyPatch

    def type(self, who: str, *words: str, fine: int = 0, on: str = "2095-01-05") -> Ran:
        home = Path(os.environ["HOME"])
        self.monkeypatch.setenv("ARPC_KEY", str(sealed.key(home, who)))
        ran = self.run(*words, "--as", who, "--today", on)
        assert ran.code == fine, ran
        return ran

    def shred(self, on: str = "2095-01-05") -> str:
        """Two people bring the case to its end; return what the second is told."""
        self.type("LK", "shred", SCOTLAND, on=on)
        return self.type("JM", "shred", SCOTLAND, "--confirm", SCOTLAND, on=on).out

    def change(self, name: str, old: str, new: str) -> None:
        change(self.folder / name, old, new)
        self.type("LK", "save")


@pytest.fixture
def closed(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Closed:
    home = Path(os.environ["HOME"])
    folder = sealed.practice(tmp_path / "practice", home)
    monkeypatch.chdir(folder)
    service = folder / "service.yaml"
    text = service.read_text("utf-8")
    if "signs_as: manager" not in text:
        text = text.replace("name: Judith Mensah\n", "name: Judith Mensah\n    signs_as: manager\n")
    service.write_text(text + SCHEDULE, "utf-8")
    with (folder / "cases" / SCOTLAND / "case.yaml").open("a", encoding="utf-8") as stream:
        stream.write(CLOSED)
    server = tmp_path / "server.git"
    git(tmp_path, "init", "-q", "--bare", str(server))
    git(folder, "remote", "add", "origin", str(server))
    made = Closed(folder, server, run, monkeypatch)
    run("save", "--as", "LK", "--today", "2030-01-05")
    git(folder, "push", "-q", "origin", "HEAD:main")
    return made


class TestRetention:
    def test_the_review_is_counted_from_what_the_class_says(self, closed: Closed) -> None:
        found = closed.run("retention", "--today", "2030-01-05").out
        assert f"{SCOTLAND}  assessment-75  {REVIEW}  in 57 years  Strathellen Council" in found
        closed.change(f"cases/{SCOTLAND}/case.yaml", "assessment-75", "closed-35")
        assert "2064-03-05" in closed.run("retention", "--today", "2030-01-05").out

    def test_the_longest_of_what_applies_counts(self, closed: Closed) -> None:
        closed.change(
            f"cases/{SCOTLAND}/case.yaml",
            "  retention: assessment-75",
            "  retention: assessment-75\n  review: 2099-01-01",
        )
        assert "2099-01-01" in closed.run("retention", "--today", "2030-01-05").out

    def test_the_clock_falls_due_on_the_same_day(self, closed: Closed) -> None:
        ran = closed.run("due", SCOTLAND, "--within", "400", "--today", "2087-01-05")
        assert f"{REVIEW}  {SCOTLAND}  decide whether the records are still kept" in ran.out

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("assessment-75", "unheard-of", "its class is not in service.yaml"),
            ("  retention: assessment-75\n", "", "its class is not in service.yaml"),
        ],
    )
    def test_where_no_day_can_be_told_it_says_why(
        self, closed: Closed, old: str, new: str, said: str
    ) -> None:
        closed.change(f"cases/{SCOTLAND}/case.yaml", old, new)
        assert said in closed.run("retention", "--today", "2095-01-05").out

    def test_a_hold_is_named(self, closed: Closed) -> None:
        with (closed.folder / "service.yaml").open("a", encoding="utf-8") as stream:
            stream.write("\nholds:\n  - why: Independent inquiry, letter of 4 March 2026\n")
        found = closed.run("retention", "--today", "2095-01-05").out
        assert "HELD: Independent" in found
        assert "held: every case: Independent inquiry" in found

    def test_a_locked_case_is_known_from_the_register(self, closed: Closed) -> None:
        closed.run("due", "--register", "--today", "2080-01-05")
        closed.type("LK", "save", on="2080-01-05")
        closed.run("lock", "--today", "2080-01-05")
        found = closed.run("retention", "--today", "2095-01-05").out
        assert f"{SCOTLAND}" in found
        assert f"{REVIEW}  due" in found


class TestWhatHasToComeFirst:
    def refused(self, closed: Closed, on: str = "2095-01-05") -> str:
        before = sorted(p.name for p in (closed.folder.parent / "keys" / SCOTLAND).iterdir())
        said = closed.type("LK", "shred", SCOTLAND, fine=2, on=on).err
        after = sorted(p.name for p in (closed.folder.parent / "keys" / SCOTLAND).iterdir())
        assert before == after
        return said

    def test_its_review_has_passed(self, closed: Closed) -> None:
        assert f"kept until their review on {REVIEW}" in self.refused(closed, on="2087-09-02")

    def test_it_is_closed(self, closed: Closed) -> None:
        said = closed.type("LK", "shred", ENGLAND, fine=2).err
        assert "the case is not closed" in said

    def test_nothing_of_the_case_holds_it(self, closed: Closed) -> None:
        closed.change(
            f"cases/{SCOTLAND}/case.yaml",
            "  retention: assessment-75",
            "  retention: assessment-75\n  hold: |\n    She has asked to see what we hold.",
        )
        said = self.refused(closed)
        assert "the case is held: the case's own hold" in said
        assert "asked to see" not in said

    def test_nothing_of_the_service_holds_it_when_the_second_agrees(self, closed: Closed) -> None:
        closed.type("LK", "shred", SCOTLAND)
        with (closed.folder / "service.yaml").open("a", encoding="utf-8") as stream:
            stream.write(f"\nholds:\n  - why: A claim\n    cases: [{SCOTLAND}]\n")
        said = closed.type("JM", "shred", SCOTLAND, "--confirm", SCOTLAND, fine=2).err
        assert "is held: A claim" in said
        assert (closed.folder.parent / "keys" / SCOTLAND).is_dir()

    def test_two_people_say_it_and_one_of_them_is_a_manager(self, closed: Closed) -> None:
        closed.type("LK", "shred", SCOTLAND)
        assert "somebody else has to agree" in self.refused(closed)
        said = closed.type("TB", "shred", SCOTLAND, "--confirm", SCOTLAND, fine=2).err
        assert "one of the two who shred a case has to be a manager" in said

    def test_the_second_means_it(self, closed: Closed) -> None:
        closed.type("LK", "shred", SCOTLAND)
        said = closed.type("JM", "shred", SCOTLAND, fine=2).err
        assert f"to agree: `arpc shred {SCOTLAND} --confirm {SCOTLAND}`" in said
        assert (closed.folder.parent / "keys" / SCOTLAND).is_dir()


class TestTheEnd:
    def test_its_keys_its_folder_and_its_place_in_git_are_gone(self, closed: Closed) -> None:
        closed.shred()
        assert not (closed.folder / "cases" / SCOTLAND).exists()
        assert not (closed.folder.parent / "keys" / SCOTLAND).exists()
        assert git(closed.folder, "status", "--porcelain") == ""
        assert git(closed.folder, "ls-files", f"cases/{SCOTLAND}") == ""
        refused = closed.type("LK", "unlock", SCOTLAND, fine=1).err
        assert "its keys were destroyed, at the end of its retention" in refused

    def test_the_other_case_stays_as_it_is(self, closed: Closed) -> None:
        closed.shred()
        assert closed.run("validate", ENGLAND, "--today", "2026-06-10").code == 0
        assert "unlocked 1 case" in closed.type("LK", "unlock").out

    def test_the_certificate_says_what_is_wanting_until_nothing_is(
        self, closed: Closed, golden: Callable[[Path, str], None]
    ) -> None:
        second = closed.folder.parent / "second"
        git(closed.folder.parent, "clone", "-q", "-b", "main", str(closed.server), str(second))
        pinned = (closed.folder / ".git/arpc/root").read_text().strip()
        closed.monkeypatch.chdir(second)
        closed.run("access", "trust", pinned)
        closed.type("LK", "unlock", SCOTLAND, on="2094-01-05")
        closed.monkeypatch.chdir(closed.folder)
        said = closed.shred()
        assert "on 2095-01-05: NOT YET COMPLETE" in said
        assert said.count("NOT YET ANSWERED") == 1  # LK's other computer; this one answered at once
        later = closed.type("LK", "shred", SCOTLAND, on="2095-06-01").out
        assert "ran out on 2095-02-09" in later
        assert "on 2095-06-01: NOT YET COMPLETE" in later
        git(closed.folder, "push", "-q", "origin", "HEAD:main")
        closed.monkeypatch.chdir(second)
        git(second, "pull", "-q", "origin", "main")
        told = closed.type("LK", "unlock", on="2095-06-02").err
        assert f"`arpc shred {SCOTLAND}` clears this computer of it, and answers" in told
        last = closed.type("LK", "shred", SCOTLAND, on="2095-06-02").out
        assert f"{SCOTLAND} is gone from this computer" in last
        assert "on 2095-06-02: complete" in last
        kept = (second / "shredded" / f"{SCOTLAND}.txt").read_text("utf-8")
        shown = [
            line if "/" not in line else line[:5] + "..." + line[21:] for line in kept.splitlines()
        ]
        shown = ["keys destroyed: ..." if each.startswith("keys d") else each for each in shown]
        ours = [number for number, each in enumerate(shown) if each.startswith("  LK/")]
        shown[ours[0] : ours[-1] + 1] = sorted(shown[ours[0] : ours[-1] + 1])
        golden(GOLDEN / "certificate.txt", "\n".join(shown) + "\n")

    def test_without_a_word_on_backups_it_is_never_called_complete(self, closed: Closed) -> None:
        closed.change("service.yaml", "  backup_days: 35\n", "")
        closed.shred()
        said = closed.type("LK", "shred", SCOTLAND, on="2098-01-01").out
        assert "NOBODY HAS SAID how long they live" in said
        assert "on 2098-01-01: NOT YET COMPLETE" in said

    def test_what_was_broken_off_is_finished_by_saying_it_again(self, closed: Closed) -> None:
        closed.type("LK", "shred", SCOTLAND)
        kept = closed.folder.parent / "keys" / SCOTLAND
        saved = {path.name: path.read_bytes() for path in kept.iterdir()}
        closed.type("JM", "shred", SCOTLAND, "--confirm", SCOTLAND)
        kept.mkdir()  # as if the store had been lost from sight before its keys were removed
        for name, raw in saved.items():
            (kept / name).write_bytes(raw)
        assert "key store: has nothing of it" in closed.type("LK", "shred", SCOTLAND).out
        assert not kept.exists()

    def test_the_register_has_nothing_of_it_any_more(self, closed: Closed) -> None:
        closed.run("due", "--register", "--today", "2080-01-05")
        closed.type("LK", "save", on="2080-01-05")
        assert SCOTLAND in (closed.folder / "register.yaml").read_text()
        closed.shred()
        assert SCOTLAND not in closed.run("due", "--today", "2095-01-05").out
        closed.run("due", "--register", "--today", "2095-01-05")
        assert SCOTLAND not in (closed.folder / "register.yaml").read_text()


class TestAnAttacker:
    """Somebody with all that was ever pushed, every person's ssh key, and the key store as it is."""

    def opened(self, closed: Closed) -> tuple[int, int]:
        """How many versions of the case's files they open, and how many there are."""
        home = Path(os.environ["HOME"])
        stolen = [sealed.identity(home, code).age() for code in ("LK", "TB", "JM")]
        secrets = set()
        found = [
            *closed.folder.parent.glob("keys/**/*.age"),
            *closed.folder.parent.glob("**/*.age"),
        ]
        for path in {*found}:
            secrets |= unwrapped(path.read_bytes(), stolen)
        blobs = all_blobs(closed.server) | all_blobs(closed.folder)
        for raw in blobs:  # a key might lie in git too, where it would be kept for good
            secrets |= unwrapped(raw, stolen)
        keys = {form.key_id(secret): Key(SCOTLAND, 1, secret) for secret in secrets}
        cases = [
            raw for raw in blobs if (named := form.key_of(raw)) and named in self.key_ids(closed)
        ]
        return sum(reads(keys.get(form.key_of(raw) or ""), raw) for raw in cases), len(cases)

    def key_ids(self, closed: Closed) -> set[str]:
        log = closed.folder / "access" / SCOTLAND
        lines = (p.read_text() for p in log.glob("*.txt"))
        return {
            w.removeprefix("key-id: ") for t in lines for w in t.split("\n") if w[:7] == "key-id:"
        }

    def test_reads_everything_before_and_nothing_after(self, closed: Closed) -> None:
        closed.change(f"cases/{SCOTLAND}/people/P-01.yaml", "name:", "# read again\nname:")
        git(closed.folder, "push", "-q", "origin", "HEAD:main")
        opened, there = self.opened(closed)
        assert opened == there > 45  # which shows that the attack works
        closed.shred()
        git(closed.folder, "push", "-q", "origin", "HEAD:main")
        assert self.opened(closed) == (0, there)


def all_blobs(folder: Path) -> set[bytes]:
    """Every version of every file that a repository has, reachable or not."""
    listed = subprocess.run(
        ["git", "cat-file", "--batch-check", "--batch-all-objects"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = [line.split()[0] for line in listed.splitlines() if line.split()[1] == "blob"]
    done = subprocess.run(
        ["git", "cat-file", "--batch"],
        cwd=folder,
        input="".join(f"{each}\n" for each in found).encode(),
        capture_output=True,
        check=True,
    ).stdout
    blobs, at = set(), 0
    for _ in found:
        end = done.index(b"\n", at)
        size = int(done[at:end].split()[2])
        blobs.add(done[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return blobs


def unwrapped(raw: bytes, stolen: list[object]) -> set[bytes]:
    """The secrets in a wrapped key that one of some ssh keys opens."""
    import pyrage

    if b"BEGIN AGE ENCRYPTED FILE" not in raw:
        return set()
    try:
        return {bytes.fromhex(json.loads(pyrage.decrypt(raw, stolen))["secret"])}
    except pyrage.DecryptError:
        return set()


def reads(key: Key | None, raw: bytes) -> bool:
    return key is not None and key.open(raw) != b""
