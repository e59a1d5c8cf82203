"""A locked case is opened without arpc: with Python, git and the age program alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from arpc.sealing import opening
from arpc.sealing.form import Key, key_id
from tests.conftest import ENGLAND, SCOTLAND
from tests.sealed import OTHER_SECRET, SECRET

AGE = """\
import sys, pyrage
from pathlib import Path
_, d, i, key, path = sys.argv
assert (d, i) == ("-d", "-i")
who = pyrage.x25519.Identity.from_str(Path(key).read_text().strip())
try:
    sys.stdout.buffer.write(pyrage.decrypt(Path(path).read_bytes(), [who]))
except pyrage.DecryptError:
    sys.exit(1)
"""
RUBY = b"person: arpc/1\nid: P-03\nname: Ruby Osei\n"
LONG = bytes(range(256)) * 9 + b"\0\0\x80"


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone, a key store and a key; with a stand-in for the age program where there is none."""
    if shutil.which("age") is None:
        stand_in = tmp_path / "bin" / "age"
        stand_in.parent.mkdir()
        stand_in.write_text(f"#!{sys.executable}\n{AGE}")
        stand_in.chmod(0o755)
        monkeypatch.setenv("PATH", f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}")
    ours, theirs = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"{ours}\n")
    for case, generation, secret, who in (
        (ENGLAND, 1, SECRET, ours),
        (ENGLAND, 2, OTHER_SECRET, ours),
        (SCOTLAND, 1, SECRET[::-1], theirs),
    ):
        wrapped = json.dumps(
            {"arpc-wrap": 1, "case": case, "generation": generation, "secret": secret.hex()}
        )
        path = tmp_path / "store" / case / f"g{generation}-{key_id(secret)[:8]}.LK.age"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pyrage.encrypt(wrapped.encode(), [who.to_public()]))
    put(tmp_path, f"{ENGLAND}/case.yaml", Key(ENGLAND, 1, SECRET).seal(b"case: arpc/1\n"))
    put(tmp_path, f"{ENGLAND}/people/P-03.yaml", Key(ENGLAND, 2, OTHER_SECRET).seal(RUBY))
    put(tmp_path, f"{ENGLAND}/documents/D-01.pdf", Key(ENGLAND, 1, SECRET).seal(LONG))
    put(tmp_path, f"{ENGLAND}/documents/D-02.txt", b"")
    put(tmp_path, f"{SCOTLAND}/case.yaml", Key(SCOTLAND, 1, SECRET[::-1]).seal(b"case: arpc/1\n"))
    return tmp_path


def put(folder: Path, name: str, raw: bytes) -> None:
    path = folder / "clone" / "cases" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def open_all(folder: Path) -> int:
    return opening.main(folder / "clone", folder / "store", str(folder / "key"), folder / "out")


def opened(folder: Path) -> dict[str, bytes]:
    out = folder / "out" / "cases"
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for age is a script")


def test_whatever_a_key_opens_is_laid_out_and_nothing_of_other_cases(clone: Path) -> None:
    assert open_all(clone) == 0
    assert opened(clone) == {
        f"{ENGLAND}/case.yaml": b"case: arpc/1\n",
        f"{ENGLAND}/people/P-03.yaml": RUBY,
        f"{ENGLAND}/documents/D-01.pdf": LONG,
        f"{ENGLAND}/documents/D-02.txt": b"",
    }


def test_what_was_altered_or_is_under_another_key_is_named_and_the_rest_is_opened(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = clone / "clone" / "cases" / ENGLAND / "people" / "P-03.yaml"
    head, _, body = record.read_bytes().partition(b"\n\n")
    record.write_bytes(head + b"\n\n" + (b"B" if body[:1] == b"A" else b"A") + body[1:])
    put(clone, f"{ENGLAND}/people/P-04.yaml", Key(ENGLAND, 3, bytes(32)).seal(RUBY))
    assert open_all(clone) == 1
    assert sorted(opened(clone)) == [
        f"{ENGLAND}/case.yaml",
        f"{ENGLAND}/documents/D-01.pdf",
        f"{ENGLAND}/documents/D-02.txt",
    ]
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(": /")[0] for line in said] == ["not opened"] * 2
    assert said[0].endswith("P-03.yaml: altered, or sealed under another key")
    assert key_id(bytes(32)) in said[1]


def test_nothing_is_laid_over_what_is_there_already(clone: Path) -> None:
    (clone / "out").mkdir()
    with pytest.raises(FileExistsError):
        open_all(clone)


def test_it_is_started_as_the_handbook_says_and_says_else_how(clone: Path) -> None:
    words = [sys.executable, str(Path(opening.__file__))]
    asked = [clone / "clone", clone / "store", clone / "key", clone / "out"]
    subprocess.run([*words, *map(str, asked)], check=True)
    assert len(opened(clone)) == 4
    done = subprocess.run([*words, *map(str, asked[:3])], capture_output=True, text=True)
    assert done.returncode == 1
    assert "python3 opening.py FOLDER STORE KEY OUT" in done.stderr
