"""The README shows what the program really prints, and a note that is really in the examples.

`--update-golden` writes the outputs into its console blocks anew.
"""

import re
import shlex
import sys
from pathlib import Path

import pytest

from arpc import cli, practising
from tests.conftest import EXAMPLES, ROOT

README = ROOT / "README.md"
BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
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


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs a console block in a practice folder; returns it with what the program prints."""
    folder = tmp_path / "practice"
    practising.copy(folder)
    text = BROKEN.replace("school: quiet", "school, quiet")
    (folder / "broken.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)

    def play(block: str) -> str:
        lines = []
        for line in block.splitlines():
            if not line.startswith("$ "):
                continue
            monkeypatch.setattr(sys, "argv", shlex.split(line[2:]))
            with pytest.raises(SystemExit):
                cli.main()
            lines += [line, *capsys.readouterr().out.splitlines()]
        return "\n".join(lines) + "\n"

    return play


def test_every_console_block_prints_what_the_readme_says(
    played, request: pytest.FixtureRequest
) -> None:
    text = README.read_text(encoding="utf-8")
    found = BLOCK.sub(lambda match: match[1] + played(match[2]) + match[3], text)
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
