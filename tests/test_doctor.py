"""`arpc doctor`: each check finds what it is for, says what to do about it, and touches nothing."""

import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from arpc import doctoring, starting, undoing, writer
from arpc import sealed as of_seals
from arpc import service as services
from arpc.doctoring.words import Place, State, Told
from tests import sealed
from tests.conftest import ENGLAND, Run, change

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights on Windows")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """What `arpc demo` makes."""
    starting.demo(tmp_path / "practice")
    return tmp_path / "practice"


@pytest.fixture
def shut(tmp_path: Path) -> Path:
    """The same as a sealed service."""
    return sealed.practice(tmp_path / "practice", Path(os.environ["HOME"]))


def place(root: Path | None, *, mounts: str = "") -> Place:
    home = Path(os.environ["HOME"])
    found = services.open_service(root).service if root else services.Service()
    return Place(root, found, os.environ, home, home / ".ssh" / "id_ed25519", mounts, NOW)


def told(at: Place, check: str) -> list[Told]:
    return [each.told for each in doctoring.examine(at) if each.check == check]


def one(at: Place, check: str) -> Told:
    [found] = told(at, check)
    return found


@pytest.mark.parametrize("name", ["kept", "shut"])
def test_where_all_is_well_nothing_has_to_be_done(
    name: str, request: pytest.FixtureRequest
) -> None:
    found = list(doctoring.examine(place(request.getfixturevalue(name))))
    assert [each for each in found if each.told.state.wants_doing] == []
    assert len(found) >= 15


def test_outside_of_a_service_it_looks_at_the_computer(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("doctor")
    assert ran.code == 0
    assert "versions: arpc" in ran.out and "left-overs" not in ran.out


def test_it_writes_nothing(shut: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def all_files() -> dict[Path, tuple[bytes, int]]:
        files = [path for path in shut.parent.rglob("*") if path.is_file()]
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    monkeypatch.chdir(shut)
    before = all_files()
    run("doctor")
    assert all_files() == before


def test_other_programs_read_it_as_json(
    kept: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kept)
    (kept / ".gitignore").unlink()
    ran = run("doctor", "--format", "json")
    found = json.loads(ran.out)
    [row] = [each for each in found["checks"] if each["check"] == "ignored"]
    assert (ran.code, found["to_do"], row["state"]) == (1, 1, "warning")
    assert row["do"].startswith("add to .gitignore")


def test_each_check_says_what_it_looks_at_and_is_listed(run: Run) -> None:
    said = " ".join(run("explain", "doctor").out.split())
    for name, text in doctoring.explained():
        assert text.startswith(("Whether ", "Which "))
        assert f"{name}: {text}" in said


SESSIONS = f"cases/{ENGLAND}/sessions"


def leave(kept: Path, name: str, text: str = "session: arpc/1\n") -> None:
    (kept / SESSIONS / name).write_text(text, "utf-8")


def git(kept: Path, *words: str) -> None:
    sealed.git(kept, *words)


def future(kept: Path) -> None:
    git(kept, "-c", "user.name=LK", "-c", "user.email=lk@example.org", "commit", "-q",
        "--allow-empty", "-m", "from another year")  # fmt: skip


def stopped(kept: Path) -> None:
    """A command that was killed after it had changed a record."""
    case = kept / "cases" / ENGLAND
    with undoing.keeping(case, "amend N-004", NOW):
        writer.replace(case / "sessions/N-004.yaml", "session: arpc/1\n")
        memory = (case / undoing.FILE).read_bytes()
    (case / undoing.FILE).write_bytes(memory)


def branch(kept: Path) -> Path:
    """The file of git's that says which is the last commit."""
    name = (kept / ".git/HEAD").read_text().removeprefix("ref: ").strip()
    return kept / ".git" / name


def old_lock(lock: Path) -> None:
    lock.touch()
    os.utime(lock, (0, 0))


Hurt = Callable[[Path], object]
HURT: dict[str, tuple[str, Hurt, State, str, str]] = {
    "a left-over with a text of its own": (
        "left-overs",
        lambda kept: leave(kept, ".N-099.yaml.1f2e3d4c.tmp"),
        State.WARNING,
        f"stands nowhere else: {SESSIONS}/.N-099.yaml.1f2e3d4c.tmp",
        "arpc recover",
    ),
    "a left-over that breaks off": (
        "left-overs",
        lambda kept: leave(kept, ".N-099.yaml.1f2e3d4c.tmp", 'session: "arpc'),
        State.WARNING,
        "of no use",
        "arpc recover",
    ),
    "a command that was stopped": (
        "stopped-commands", stopped, State.WARNING, ENGLAND, f"arpc undo {ENGLAND}"
    ),
    "a record of a newer arpc": (
        "newer-records",
        lambda kept: change(kept / "cases" / ENGLAND / "case.yaml", "case: arpc/1", "case: arpc/2"),
        State.PROBLEM,
        f"cases/{ENGLAND}/case.yaml",
        "up to date",
    ),
    "a setting that runs a program": (
        "git-settings",
        lambda kept: git(kept, "config", "core.fsmonitor", "./spy"),
        State.PROBLEM,
        "core.fsmonitor",
        ".git/config",
    ),
    "a password in an address": (
        "git-settings",
        lambda kept: git(kept, "remote", "add", "origin", "https://lk:hush@example.org/x.git"),
        State.PROBLEM,
        "remote.origin.url",
        "change the password",
    ),
    "line ends that are written anew": (
        "git-settings",
        lambda kept: git(kept, "config", "core.autocrlf", "true"),
        State.NOTE,
        "line ends",
        "git config core.autocrlf false",
    ),
    "somebody's hook": (
        "hooks",
        lambda kept: writer.create(kept / ".git/hooks/post-commit", "#!/bin/sh\n"),
        State.NOTE,
        "post-commit",
        "look at them",
    ),
    "a merge that is half done": (
        "half-done",
        lambda kept: (kept / ".git/MERGE_HEAD").write_text("x"),
        State.WARNING,
        "a merge",
        "git status",
    ),
    "a lock of git": (
        "half-done",
        lambda kept: old_lock(kept / ".git/index.lock"),
        State.WARNING,
        "index.lock",
        "delete .git/index.lock",
    ),
    "a lock of git on a branch": (
        "half-done",
        lambda kept: old_lock(branch(kept).with_suffix(".lock")),
        State.WARNING,
        "left refs/heads/",
        "delete .git/refs/heads/",
    ),
    "what a power cut leaves": (
        "history",
        lambda kept: writer.create(kept / ".git/objects/ab/" / ("c" * 38), ""),
        State.PROBLEM,
        "history here is damaged",
        "from the backup",
    ),
    "a branch that a power cut emptied": (
        "history",
        lambda kept: branch(kept).write_bytes(b""),
        State.PROBLEM,
        "history here is damaged",
        "from the backup",
    ),
    "a branch that is gone": (
        "history",
        lambda kept: branch(kept).unlink(),
        State.PROBLEM,
        "history here is damaged",
        "from the backup",
    ),
    "a last commit that is gone": (
        "history",
        lambda kept: shutil.rmtree(kept / ".git/objects/pack"),
        State.PROBLEM,
        "history here is damaged",
        "from the backup",
    ),
    "folders without end": (
        "history",
        lambda kept: sealed.commit_by_hand(kept, "040000", sealed.folders_without_end(kept), "x"),
        State.PROBLEM,
        "more than can be listed",
        "from the backup",
    ),
    "a list of files that is cut off": (
        "looked-at",
        lambda kept: (kept / ".git/index").write_bytes(b"DIRC"),
        State.PROBLEM,
        "list of files is damaged",
        "git reset",
    ),
    "a file that git does not look at": (
        "looked-at",
        lambda kept: git(kept, "update-index", "--assume-unchanged", "service.yaml"),
        State.PROBLEM,
        "not to look at service.yaml",
        "git update-index --no-assume-unchanged",
    ),
    "a left-over in git": (
        "kept-by-git",
        lambda kept: (leave(kept, ".N-099.yaml.1f2e3d4c.tmp"),
                      git(kept, "add", "-f", f"{SESSIONS}/.N-099.yaml.1f2e3d4c.tmp")),
        State.WARNING,
        "left behind",
        "git rm --cached",
    ),
    "a file without a place in git": (
        "kept-by-git",
        lambda kept: (leave(kept, "Ruby.docx"), git(kept, "add", f"{SESSIONS}/Ruby.docx")),
        State.NOTE,
        "1 file",
        "git ls-files",
    ),
    "ignore rules of an older arpc": (
        "ignored",
        lambda kept: (kept / ".gitignore").write_text("out/\n.arpc.lock\n"),
        State.WARNING,
        ".arpc.undo",
        "*~",
    ),
    "schemas of another arpc": (
        "schemas",
        lambda kept: (kept / ".arpc/schemas/case.schema.json").write_text("{}"),
        State.WARNING,
        "case.schema.json",
        "cp ",
    ),
    "a service file with an error": (
        "service-file",
        lambda kept: change(kept / "service.yaml", "nation: england", "nation: englnd"),
        State.PROBLEM,
        "service.yaml:",
        "arpc validate",
    ),
    "a commit from another year": ("clock", future, State.WARNING, "this clock", "set the clock"),
}  # fmt: skip


@pytest.mark.parametrize("what", HURT)
def test_what_is_wrong_is_found_and_what_to_do_is_said(kept: Path, what: str) -> None:
    check, hurt, state, found, do = HURT[what]
    assert one(place(kept), check).state is State.OK or what == "a commit from another year"
    hurt(kept)
    said = one(place(kept), check)
    assert said.state is state
    assert found in said.found and do in said.do
    assert "hush" not in said.found and "Ruby" not in said.found


def test_what_git_left_on_a_full_disk_is_no_damage(kept: Path) -> None:
    writer.create(kept / ".git/objects/ab/tmp_obj_h4xQ2f", "")
    assert one(place(kept), "history").state is State.OK


@pytest.mark.parametrize(
    "name", [".N-004.yaml.swp", "N-004.yaml~", "#N-004.yaml#", ".#N-004.yaml", ".~lock.N-004.yaml#"]
)
def test_what_an_editor_leaves_is_named_and_git_never_takes_it(kept: Path, name: str) -> None:
    leave(kept, name)
    said = one(place(kept), "editors-files")
    assert (said.state, name in said.found) == (State.NOTE, True)
    assert sealed.git(kept, "status", "--porcelain", "--untracked-files=all", SESSIONS) == ""


@pytest.mark.parametrize(
    "name",
    [
        "N-004-DESKTOP-7Q2.yaml",
        "N-004 (conflicted copy 2026-06-01).yaml",
        "N-004 2.yaml",
        "N-004.sync-conflict-20260601-120000-ABCDEFG.yaml",
    ],
)
def test_a_copy_that_a_synchronising_program_made_of_a_record_is_named(
    kept: Path, name: str
) -> None:
    leave(kept, name)
    said = one(place(kept), "editors-files")
    assert (said.state, name in said.found) == (State.WARNING, True)


@pytest.mark.parametrize("name", ["OneDrive - Harbour", "Dropbox", "Mobile Documents", "Nextcloud"])
def test_a_synchronised_folder_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    starting.demo(tmp_path / name / "practice")
    said = one(place(tmp_path / name / "practice"), "synced-folders")
    assert (said.state, name in said.found) == (State.WARNING, True)


@pytest.mark.parametrize("mark", [".stfolder", "._sync_1a2b.db", ".dropbox.cache"])
def test_a_synchronised_folder_is_known_by_what_lies_in_it(kept: Path, mark: str) -> None:
    (kept.parent / mark).touch()
    assert one(place(kept), "synced-folders").state is State.WARNING


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs"])
def test_a_share_is_named_since_locks_may_not_hold_on_it(kept: Path, kind: str) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nsrv:/x {kept.parent.resolve()} {kind} rw 0 0\n"
    said = one(place(kept, mounts=mounts), "file-system")
    assert (said.state, kind in said.found) == (State.WARNING, True)
    assert one(place(kept, mounts="/dev/sda1 / ext4 rw 0 0\n"), "file-system").state is State.OK


def test_a_mount_point_with_a_space_in_its_name_is_read(tmp_path: Path) -> None:
    starting.demo(tmp_path / "our share" / "practice")
    point = str((tmp_path / "our share").resolve()).replace(" ", "\\040")
    mounts = f"/dev/sda1 / ext4 rw 0 0\nsrv:/x {point} cifs rw 0 0\n"
    said = one(place(tmp_path / "our share" / "practice", mounts=mounts), "file-system")
    assert said.state is State.WARNING


def test_a_disk_without_room_is_told(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage(kept))(10**9, 10**9 - 10**7, 10**7)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    said = one(place(kept), "free-space")
    assert (said.state, said.found) == (State.WARNING, "10 MB are free on the disk")


def test_whether_the_disk_is_encrypted_is_told_or_that_it_cannot_be(kept: Path) -> None:
    assert one(place(kept), "disk-encryption").state in (State.OK, State.NOTE)


@pytest.fixture
def open_place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@posix
def test_a_folder_that_others_can_read_is_told(open_place: Path) -> None:
    starting.demo(open_place / "practice")
    change(open_place / "practice/service.yaml", "practice:\n", "# practice:\n")
    at = place(open_place / "practice")
    assert one(at, "rights").state is State.OK
    open_place.chmod(0o755)
    if not all(each.stat().st_mode & stat.S_IXOTH for each in open_place.parents):
        pytest.skip("nobody else can come here at all")
    at.folder.chmod(0o755)
    said = one(at, "rights")
    assert said.state in (State.WARNING, State.NOTE)
    assert said.do == f"chmod o-rwx {at.folder}"


@posix
def test_a_key_that_others_can_read_is_told(kept: Path) -> None:
    path = sealed.key(Path(os.environ["HOME"]), "LK")
    assert one(place(kept), "ssh-key").state is State.OK
    path.chmod(0o644)
    assert one(place(kept), "ssh-key") == Told(
        State.PROBLEM, f"others can read {path}", f"chmod 600 {path}"
    )


def test_without_git_all_else_is_looked_at(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    at = place(kept)
    assert "no git" in one(at, "versions").found
    assert one(at, "left-overs").state is State.OK


HURT_SEALED: dict[str, tuple[str, Hurt, State, str, str]] = {
    "a filter that is another": (
        "git-settings",
        lambda shut: sealed.git(shut, "config", "diff.arpc.textconv", "less"),
        State.PROBLEM,
        "diff.arpc.textconv",
        "arpc install",
    ),
    "attributes that are gone": (
        "git-settings",
        lambda shut: (shut / ".git/info/attributes").write_text(""),
        State.PROBLEM,
        "which files are sealed",
        "arpc install",
    ),
    "a hook that is gone": (
        "hooks",
        lambda shut: (shut / ".git/hooks/pre-push").unlink(),
        State.PROBLEM,
        "the pre-push hook is not there",
        "arpc install",
    ),
    "a hook that is another": (
        "hooks",
        lambda shut: (shut / ".git/hooks/pre-commit").write_text("#!/bin/sh\n"),
        State.PROBLEM,
        "the pre-commit hook is another",
        "arpc install",
    ),
    "hooks that are looked for elsewhere": (
        "hooks",
        lambda shut: sealed.git(shut, "config", "core.hooksPath", "/nowhere"),
        State.WARNING,
        "/nowhere",
        "core.hooksPath",
    ),
    "a store that is not there": (
        "key-store",
        lambda shut: (shut.parent / "keys").rename(shut.parent / "away"),
        State.WARNING,
        "cannot be reached",
        "connect the share",
    ),
    "a store that lies in git": (
        "key-store",
        lambda shut: (shut.parent / "keys/.git").mkdir(),
        State.PROBLEM,
        "lies in git",
        "move it out",
    ),
    "a left-over in the store": (
        "key-store",
        lambda shut: (shut.parent / f"keys/{ENGLAND}/.g1-00000000.LK.age.1f2e3d4c.tmp").touch(),
        State.WARNING,
        ".g1-00000000.LK.age.1f2e3d4c.tmp",
        "arpc access grant",
    ),
    "backups of which nobody has said anything": (
        "key-store",
        lambda shut: change(shut / "service.yaml", "  backup_days: 35\n", ""),
        State.WARNING,
        "how long backups",
        "backup_days",
    ),
    "a store that nothing names": (
        "key-store",
        lambda shut: change(shut / "service.yaml", "  store: ", "  # store: "),
        State.PROBLEM,
        "nothing says where",
        "ARPC_STORE",
    ),
    "a service that nobody has trusted": (
        "trusted",
        lambda shut: (shut / ".git/arpc/root").unlink(),
        State.WARNING,
        "whose service",
        "arpc access trust",
    ),
}


@pytest.mark.parametrize("what", HURT_SEALED)
def test_what_is_wrong_with_a_sealed_service_is_found(shut: Path, what: str) -> None:
    check, hurt, state, found, do = HURT_SEALED[what]
    assert one(place(shut), check).state is State.OK
    hurt(shut)
    said = next(each for each in told(place(shut), check) if found in each.found)
    assert said.state is state
    assert do in said.do


@posix
def test_a_hook_that_cannot_be_run_and_a_store_that_anybody_can_empty_are_told(shut: Path) -> None:
    (shut / ".git/hooks/pre-push").chmod(0o644)
    (shut.parent / "keys").chmod(0o777)
    assert one(place(shut), "hooks").found == "the pre-push hook cannot be run"
    assert "delete keys" in one(place(shut), "key-store").found


def test_what_is_open_is_told_with_since_when(shut: Path) -> None:
    said = one(place(shut), "unlocked")
    assert said.state is State.NOTE
    assert said.found.startswith("2 cases are open since 20") and ENGLAND in said.found
    of_seals.lock(sealed.seat(shut), [])
    sealed.seat(shut).ring.forget(sealed.seat(shut).ring.cases())
    assert one(place(shut), "unlocked").state is State.OK


def test_whether_new_clones_seal_is_told(shut: Path) -> None:
    assert one(place(shut), "new-clones") == Told(
        State.NOTE, "new clones on this computer do not seal of themselves", "arpc install"
    )
    home = Path(os.environ["HOME"])
    of_seals.install(home / "template", home)
    assert one(place(shut), "new-clones").state is State.OK
