"""The README is typed as it stands, from an empty folder on, and shows what the program really prints.

A comment says where its next blocks are typed. What stands in a yaml block is written in
the record that the next console block opens. `--update-golden` writes the outputs into it anew.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from arpc import cli, starting
from tests.conftest import EXAMPLES, ROOT

README = ROOT / "README.md"
PART = re.compile(
    r"<!-- (?P<where>[^>]*) -->|```(?P<kind>console|yaml)\n(?P<text>.*?)```", re.DOTALL
)
FIRST_CASE = "C-7QK2M4TX"
"""What the README calls the case that is started in it."""
PASSING = {
    re.compile("(?<=^saved as )[0-9a-f]{10}", re.MULTILINE): "5b0c9d3e71",
    re.compile("(?<=  sha256:)[0-9a-f]{64}$", re.MULTILINE): "5b0c9d3e71...",
    re.compile("[0-9]{2}:[0-9]{2}(?= UTC)"): "12:00",
    re.compile("(?<=^key: )[0-9a-f]{32}$", re.MULTILINE): "5b0c9d3e715b0c9d3e715b0c9d3e715b",
}
"""What is another on each day and computer, and what the README has instead."""
FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
FINGERPRINTS = (
    "SHA256:p2Xq7LrYd0mB5vTnKc8WzHs1eJfA4uGoR9iQkM6yNxE",
    "SHA256:Zt4hVb9CwUj1KmE7sPyQ0aLx3DgNfR6oI8kTuX2vBcM",
)
"""What the README has for the fingerprints of keys, in the order in which they are printed."""
EDITOR = """
import pathlib, re, sys
text, record = map(pathlib.Path, sys.argv[1:])
wanted = dict(re.findall(r"^(\\w+:)(.*\\n(?:(?: .*)?\\n)*)", text.read_text("utf-8"), re.MULTILINE))
found = record.read_text("utf-8")
for key, value in wanted.items():
    line = re.compile(rf"^{key}.*\\n(?:(?: .*)?\\n)*", re.MULTILINE)
    new = f"{key}{value.rstrip()}\\n\\n" if chr(10) in value.rstrip() else f"{key}{value.rstrip()}\\n"
    found = line.sub(lambda _: new, found) if line.search(found) else found + new
record.write_text(found, "utf-8")
"""
"""An editor in which somebody writes what stands in `text`, each field in its place."""
BROKEN = """\
session: arpc/1
id: N-007
case: C-FK6SY95T
date: 2026-02-30
author: LK
status: draft

wiht: child
who: P-03
where: school: quiet room
"""


class Reader:
    """Somebody who types what the README says."""

    def __init__(
        self, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.place, self.monkeypatch, self.capsys = place, monkeypatch, capsys
        self.folders = 0
        self.stands_for = {FIRST_CASE: FIRST_CASE}
        """What the README calls something, and what it is called here."""
        (place / "editor.py").write_text(EDITOR, "utf-8")
        self.text = place / "text"
        editor = shlex.join((sys.executable, str(place / "editor.py"), str(self.text)))
        monkeypatch.setenv("EDITOR", editor)

    def go(self, where: str) -> None:
        """Stand where a comment says."""
        self.folders += 1
        folder = self.place / str(self.folders)
        if "practice folder" in where:
            self.monkeypatch.delenv("ARPC_TODAY", raising=False)
            self.monkeypatch.delenv("ARPC_STAFF", raising=False)
            starting.demo(folder)
            text = BROKEN.replace("school: quiet", "school, quiet")
            (folder / "broken.yaml").write_text(text, encoding="utf-8")
        else:
            folder.mkdir()
        self.monkeypatch.chdir(folder)

    def type(self, block: str) -> str:
        """Give every command of a block; return them with what they print."""
        shown = []
        for line in block.splitlines():
            if line.startswith("$ "):
                shown += [line, *self._answer(self._here(line[2:])).splitlines()]
        return "".join(f"{line}\n" for line in shown)

    def _answer(self, line: str) -> str:
        words = shlex.split(line)
        if words[0] == "cd":
            os.chdir(words[1])
            return ""
        if words[0] == "export":
            self.monkeypatch.setenv(*words[1].split("="))
            return ""
        if words[0] != "arpc":
            quiet = subprocess.DEVNULL
            done = subprocess.run(line, shell=True, check=True, stdin=quiet, capture_output=True)
            return self._as_in_readme(done.stdout.decode())
        self.monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit):
            cli.main()
        out = self.capsys.readouterr().out
        if words[1] == "new-case":
            found = re.search("C-[0-9A-Z]{8}", out)
            assert found
            self.stands_for[FIRST_CASE] = found[0]
        return self._as_in_readme(out)

    def _here(self, line: str) -> str:
        for instead, real in self.stands_for.items():
            line = line.replace(instead, real)
        return line

    def _as_in_readme(self, out: str) -> str:
        for found in FINGERPRINT.findall(out):
            if found not in self.stands_for.values():
                self.stands_for[FINGERPRINTS[len(self.stands_for) - 1]] = found
        for instead, real in self.stands_for.items():
            out = out.replace(real, instead)
        for passing, instead in PASSING.items():
            out = passing.sub(instead, out)
        return out


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    home = Path.cwd()
    yield Reader(tmp_path, monkeypatch, capsys)
    os.chdir(home)


def test_what_the_readme_says_can_be_typed_and_is_what_is_printed(
    reader: Reader, request: pytest.FixtureRequest
) -> None:
    def read(part: re.Match[str]) -> str:
        if part["where"]:
            reader.go(part["where"])
        elif part["kind"] == "yaml":
            reader.text.write_text(part["text"], "utf-8")
        else:
            return f"```console\n{reader.type(part['text'])}```"
        return part[0]

    text = README.read_text(encoding="utf-8")
    found = PART.sub(read, text)
    if request.config.getoption("--update-golden"):
        README.write_text(found, encoding="utf-8")
    assert found == README.read_text(encoding="utf-8")


def test_the_session_note_of_the_readme_is_that_of_the_example() -> None:
    note = (EXAMPLES / "cases/C-FK6SY95T/sessions/N-004.yaml").read_text(encoding="utf-8")
    assert f"```yaml\n{note}```" in README.read_text(encoding="utf-8")


def test_every_command_of_the_readme_exists_and_every_command_is_in_it() -> None:
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"arpc ([a-z][a-z-]+)", text)) - {
        "keeps",
        "says",
        "sets",
        "reads",
        "writes",
    }
    from typer.main import get_command

    from arpc.cli import app

    commands = set(get_command(app.app).commands)  # type: ignore[attr-defined]
    assert named == commands


def test_the_folders_that_the_readme_draws_are_those_of_the_kinds() -> None:
    from arpc import kinds

    text = README.read_text(encoding="utf-8")
    for kind in kinds.all_kinds():
        first = kind.files.replace("N-*", "N-001").replace("*", "01")
        assert f"    {first} " in text, first
