"""A file that is attached is copied whole, under a name that says nothing, and cannot change unseen."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from arpc import attaching, loading, plainfiles, starting, writer
from arpc.errors import ArpcError
from tests.conftest import ENGLAND, SCOTLAND, MakeCase, Run, change

DRAWING = b"\x89PNG\r\n\x1a\n three houses"
DIGEST = f"sha256:{hashlib.sha256(DRAWING).hexdigest()}"
WHAT = "Her three houses, in felt pen."
SESSION = "sessions/N-004.yaml"


@pytest.fixture
def case(practice: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The English case in a copy of the practice folder, in which we stand."""
    folder = practice / "cases" / ENGLAND
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    """A drawing, called by the name of the child who made it."""
    path = tmp_path / "Ruby Osei.PNG"
    path.write_bytes(DRAWING)
    return path


def everything(folder: Path) -> dict[Path, bytes]:
    """Every file of a case, but for those that arpc hides in it."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p: p.read_bytes() for p in files if not p.name.startswith(".")}


def test_the_copy_is_the_original_and_the_record_says_what_it_is(
    case: Path, run: Run, drawing: Path
) -> None:
    before = (case / SESSION).read_text("utf-8")
    done = run("attach", str(drawing), "--to", "N-004", "--what", WHAT)
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        f"N-004-1.png is kept beside N-004: {DIGEST}",
        "wrote sessions/N-004-1.png",
        "wrote sessions/N-004.yaml",
        "to undo: `arpc undo`",
    ]
    assert (case / "sessions/N-004-1.png").read_bytes() == DRAWING == drawing.read_bytes()
    assert (case / SESSION).read_text("utf-8") == (
        f'{before}\nattachments:\n  - name: N-004-1.png\n    digest: "{DIGEST}"\n    what: "{WHAT}"\n'
    )
    if sys.platform != "win32":
        assert (case / "sessions/N-004-1.png").stat().st_mode & 0o777 == 0o600


def test_a_final_record_stays_sound_and_it_can_be_undone(
    case: Path, run: Run, drawing: Path
) -> None:
    before = everything(case)
    run("attach", str(drawing), "--to", "N-004", "--what", WHAT)
    assert run("validate", "--strict").code == 0
    assert run("undo").code == 0
    assert everything(case) == before


def test_its_name_says_nothing_of_anybody_and_numbers_are_never_given_twice(
    case: Path, run: Run, drawing: Path
) -> None:
    for page in (b" 1", b" 2"):
        drawing.write_bytes(DRAWING + page)
        run("attach", str(drawing), "--to", "N-004", "--what", WHAT)
    (case / "sessions/N-004-1.png").unlink()
    drawing.write_bytes(DRAWING)
    run("attach", str(drawing), "--to", "sessions/N-004.yaml", "--what", "Another.")
    names = sorted(p.name for p in (case / "sessions").glob("N-004*"))
    assert names == ["N-004-2.png", "N-004-3.png", "N-004.yaml"]
    added = (case / SESSION).read_text("utf-8").partition("attachments:")[2]
    assert "Ruby" not in added and "N-004-1.png" in added


def test_what_a_record_has_already_is_not_kept_beside_it_twice(
    case: Path, run: Run, drawing: Path
) -> None:
    words = ("--to", "N-004", "--what")
    assert run("attach", str(drawing), *words, WHAT).code == 0
    before = everything(case)
    again = run("attach", str(drawing), *words, "Another.")
    assert (again.code, everything(case)) == (2, before)
    assert "this file is kept beside N-004 already" in again.err
    assert "it is sessions/N-004-1.png; nothing was written" in again.err
    (case / "sessions/N-004-1.png").unlink()  # what is gone may be put beside it again
    assert run("attach", str(drawing), *words, WHAT).code == 0


def test_what_another_record_has_is_kept_and_said(case: Path, run: Run, drawing: Path) -> None:
    run("attach", str(drawing), "--to", "N-004", "--what", WHAT)
    done = run("attach", str(drawing), "--to", "D-03", "--what", WHAT)
    assert done.code == 0
    assert "the same file is kept beside N-004 too: sessions/N-004-1.png\n" in done.out
    assert (case / "documents/D-03-1.png").read_bytes() == DRAWING


def test_what_stands_in_the_way_is_never_overwritten(case: Path, run: Run, drawing: Path) -> None:
    (case / "documents/D-03-7.png").write_bytes(b"mine")
    run("attach", str(drawing), "--to", "D-03", "--what", WHAT)
    assert (case / "documents/D-03-7.png").read_bytes() == b"mine"
    assert (case / "documents/D-03-8.png").read_bytes() == DRAWING


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("run.exe", b"MZ", "a file of this sort is not kept"),
        ("page.html", b"<p>", "a file of this sort is not kept"),
        ("nothing", b"x", "a file of this sort is not kept"),
        ("record.yaml", b"x", "a file of this sort is not kept"),
        ("empty.pdf", b"", "the file is empty"),
        ("large.pdf", b"x" * (plainfiles.MEGABYTE + 1), "the file is larger than 1 MB"),
    ],
)
def test_what_is_not_kept_says_why_and_nothing_is_written(
    case: Path, run: Run, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    change(case.parent.parent / "service.yaml", "policy:\n", "policy:\n  attached_megabytes: 1\n")
    (tmp_path / name).write_bytes(content)
    before = everything(case)
    ran = run("attach", str(tmp_path / name), "--to", "N-004", "--what", WHAT)
    assert (ran.code, said in ran.err, "hint: " in ran.err) == (2, True, True)
    assert everything(case) == before


def test_a_file_of_just_the_size_that_is_allowed_is_kept(
    case: Path, run: Run, tmp_path: Path
) -> None:
    change(case.parent.parent / "service.yaml", "policy:\n", "policy:\n  attached_megabytes: 1\n")
    (tmp_path / "scan.pdf").write_bytes(b"x" * plainfiles.MEGABYTE)
    assert run("attach", str(tmp_path / "scan.pdf"), "--to", "D-01", "--what", "Scan.").code == 0


def test_links_and_folders_are_refused(case: Path, run: Run, drawing: Path, tmp_path: Path) -> None:
    link, folder = tmp_path / "link.png", tmp_path / "folder.png"
    link.symlink_to(drawing)
    folder.mkdir()
    for source, what in ((link, "a link"), (folder, "a folder")):
        ran = run("attach", str(source), "--to", "N-004", "--what", WHAT)
        assert (ran.code, f"this is {what}, not a file" in ran.err) == (2, True)
    missing = run("attach", str(tmp_path / "missing.png"), "--to", "N-004", "--what", WHAT)
    assert (missing.code, "the file cannot be read" in missing.err) == (2, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_refused_without_waiting_for_it(case: Path, run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert run("attach", str(tmp_path / "pipe.png"), "--to", "N-004", "--what", WHAT).code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "V-01", "--what", WHAT], "no file is kept beside a supervision"),
        (["--to", "N-099", "--what", WHAT], "no such record in this case"),
        (["--what", WHAT], "which record does it belong to?"),
        (["--to", "N-004"], "a file needs a word on what it is"),
    ],
)
def test_where_it_belongs_and_what_it_is_have_to_be_said(
    case: Path, run: Run, drawing: Path, words: list[str], said: str
) -> None:
    before = everything(case)
    ran = run("attach", str(drawing), *words)
    assert (ran.code, said in ran.err) == (2, True), ran.err
    assert everything(case) == before


def test_the_case_can_be_named(practice: Path, run: Run, drawing: Path) -> None:
    done = run("attach", str(drawing), "C-FK", "--to", "N-004", "--what", WHAT)
    assert f"wrote cases/{ENGLAND}/sessions/N-004-1.png\n" in done.out


def test_where_the_record_cannot_be_written_no_copy_stays(
    case: Path, drawing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = loading.load(case, "").file.places["N-004"].record

    def full(*_: object, **__: object) -> None:
        raise ArpcError("N-004.yaml could not be written: No space left on device")

    monkeypatch.setattr(writer, "replace", full)
    with pytest.raises(ArpcError, match="No space left"):
        attaching.attach(case, record, attaching.read(drawing, 1), WHAT)
    assert not list(case.glob("sessions/*.png"))


def test_a_record_that_somebody_changed_meanwhile_is_left_alone(case: Path, drawing: Path) -> None:
    record = loading.load(case, "").file.places["N-004"].record
    change(case / SESSION, "13:30-14:15", "13:30-14:20")
    with pytest.raises(ArpcError, match="the record was changed meanwhile"):
        attaching.attach(case, record, attaching.read(drawing, 1), WHAT)
    assert not list(case.glob("sessions/*.png"))


def test_a_copy_that_changes_or_goes_is_noticed(case: Path, run: Run, drawing: Path) -> None:
    run("attach", str(drawing), "--to", "N-004", "--what", WHAT)
    copy = case / "sessions/N-004-1.png"
    copy.write_bytes(DRAWING + b"!")
    ran = run("validate")
    assert ran.code == 1
    assert "N-004-1.png has changed since it was attached [attached-file-changed]" in ran.out
    copy.unlink()
    assert "N-004-1.png is gone [attached-file-changed]" in run("validate").out


def test_a_file_beside_a_session_that_is_not_called_like_that_is_a_slip(
    case: Path, run: Run
) -> None:
    (case / "sessions/N-004-1.yml").write_text("")
    (case / "sessions/drawing.png").write_text("")
    assert run("validate").out.count("[file-of-no-kind]") == 2


def test_the_report_names_it_and_a_copy_for_the_family_does_not(
    case: Path, run: Run, drawing: Path
) -> None:
    run("attach", str(drawing), "--to", "N-004", "--what", WHAT)
    run("attach", str(drawing), "--to", "D-01", "--what", "The whole letter, scanned.")
    drawing.write_bytes(DRAWING + b" on the back")
    run("attach", str(drawing), "--to", "D-01", "--what", "Its envelope.")
    run("render-report", "--format", "md")
    text = (case / f"out/{ENGLAND}-assessment-DRAFT.md").read_text("utf-8")
    assert "13:30-14:15; alone; with 1 file: Her three houses, in felt pen |" in text
    assert "primary; with 2 files: The whole letter, scanned; Its envelope |" in text
    assert run("render-report", "--audience", "man", "--format", "md").code == 0
    [copy] = (case / "out").glob("*P-01*.md")
    assert "felt pen" not in copy.read_text("utf-8")


def test_with_a_misfiled_record_its_files_go_too(case: Path, run: Run, drawing: Path) -> None:
    run("attach", str(drawing), "--to", "D-03", "--what", WHAT)
    words = ["move", "D-03", "--to", SCOTLAND, "--why", "Wrong case.", "--as", "LK"]
    people = ["--id", "P-01=P-01", "--id", "P-03=P-03", "--id", "P-04=P-03", "--id", "P-02=P-02"]
    done = run(*words, *people)
    assert done.code == 0, done.err
    there = case.parent / SCOTLAND / "documents"
    [copy] = there.glob("*.png")
    assert copy.read_bytes() == DRAWING
    assert f"name: {copy.name}" in (there / f"{copy.stem[:-2]}.yaml").read_text("utf-8")
    assert not list(case.glob("documents/*.png"))
    assert "attached-file-changed" not in run("validate", ENGLAND, SCOTLAND).out


def test_a_record_that_is_renumbered_takes_its_files_along(
    make_case: MakeCase, run: Run, drawing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case({"sessions/N-001.yaml": "with: child\n"})
    folder = tmp_path / "C-7K3Q9X2F"
    monkeypatch.chdir(folder)
    run("attach", str(drawing), "--to", "N-001", "--what", WHAT)
    (folder / "sessions/N-001b.yaml").write_text(
        (folder / "sessions/N-001.yaml").read_text("utf-8").partition("attachments:")[0], "utf-8"
    )
    assert run("renumber", "N-001.yaml").code == 0
    assert (folder / "sessions/N-002-1.png").read_bytes() == DRAWING
    assert not (folder / "sessions/N-001-1.png").exists()
    assert "attached-file-changed" not in run("validate").out


def test_git_changes_no_byte_of_it_even_of_a_text(tmp_path: Path) -> None:
    root = tmp_path / "service"
    starting.init(root, name="A", nation="england", marking="M", staff=[])
    path = root / "cases/C-7K3Q9X2F/sessions/N-001-1.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"one\r\ntwo\r\n")
    subprocess.run(["git", "add", "cases"], cwd=root, check=True, capture_output=True)
    kept = subprocess.run(
        ["git", "show", f":{path.relative_to(root).as_posix()}"], cwd=root, capture_output=True
    )
    assert kept.stdout == b"one\r\ntwo\r\n"
