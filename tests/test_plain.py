"""Output for somebody who listens: words for signs, a head for each cell, a line for each thing."""

import os
import re
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.main import get_command

from arpc.cli import printer, workspace
from arpc.cli.app import app
from arpc.cli.printer import Printer
from tests.conftest import ENGLAND, ROOT, SCOTLAND, Run, change

GOLDEN = ROOT / "tests/golden/plain"
SHOWN = {
    "genogram": ["genogram", ENGLAND],
    "timeline": ["timeline", ENGLAND, "--short"],
    "list": ["list", "--names"],
    "status": ["status", ENGLAND],
    "due": ["due", "--format", "table"],
    "find": ["find", "sleepover"],
    "validate": ["validate", SCOTLAND, "--for", "close"],
    "trace": ["trace", ENGLAND, "p8.6"],
    "show": ["show", ENGLAND],
    "explain": ["explain", "session.concern"],
    "help": ["--help"],
    "help-of-one": ["answer", "--help"],
}
READING = [
    example
    for name, command in get_command(app).commands.items()  # type: ignore[attr-defined]
    if "\nWrites: " not in (command.help or "") and name not in ("confirm", "diff")
    for example in command.examples
]


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_heard_is_read_in_review(name: str, practice: Path, run: Run, golden) -> None:
    ran = run("--plain", *SHOWN[name])
    assert ran.code == (name == "validate"), ran.err
    golden(GOLDEN / f"{name}.txt", ran.out)


@pytest.mark.parametrize("example", READING)
def test_no_sign_is_printed_but_what_stands_in_records(
    example: str, practice: Path, run: Run
) -> None:
    """Nor is anything kept apart by nothing but columns, but in what shows how a file is written."""
    written = {c for path in practice.rglob("*.yaml") for c in path.read_text("utf-8")}
    shown = run("--plain", *shlex.split(example)[1:]).out
    assert {c for c in shown if not c.isascii()} <= written - {*"·…→¶□○◇△"}, example
    columns = re.findall(r"\S {2,}\S", shown)
    assert not columns or example.startswith(("arpc due", "arpc explain")), columns


def test_the_variable_and_the_option_say_the_same_and_the_quick_way_knows_both(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(practice / f"cases/{ENGLAND}/sessions/N-001.yaml", "with: man", "with: mann")
    first = "error: found mann, expected a permitted word; rule not-a-permitted-word; in "
    place = f"cases/{ENGLAND}/sessions/N-001.yaml, line 8, column 7\n"
    asked = run("--plain", "validate").out
    assert asked.startswith(first + place)
    assert run("validate").out != asked, "an option holds for one command"
    monkeypatch.setenv("ARPC_PLAIN", "yes")
    assert run("validate").out == asked
    assert run("validate", "--for", "now").out == asked
    assert run("--plain", "--plain", "validate").out == asked
    monkeypatch.setenv("ARPC_PLAIN", "")
    assert run("validate").out != asked


def test_the_option_stands_before_the_command_and_says_so(practice: Path, run: Run) -> None:
    ran = run("list", "--plain")
    assert (ran.code, "it stands before the command: `arpc --plain COMMAND`" in ran.err) == (
        2,
        True,
    )
    assert "--plain" in run("--help").out
    assert run("--plain", "--version").out == run("--version").out
    assert run("--plain").out == run("--plain", "--help").out


@pytest.mark.parametrize(
    "words", [["--version"], ["--plain", "--version"], ["--plain", "validate"]]
)
def test_the_quick_ways_load_no_commands(practice: Path, words: list[str]) -> None:
    code = (
        "import sys; from arpc import cli\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        "assert not {'typer', 'rich', 'arpc.cli.app'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code, *words], check=True, stdout=subprocess.DEVNULL)


def test_nothing_is_broken_but_by_the_screen(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = [run("--plain", *words).out for words in SHOWN.values()]
    monkeypatch.setenv("COLUMNS", "40")
    assert [run("--plain", *words).out for words in SHOWN.values()] == wide


def test_a_row_names_each_cell_that_says_something() -> None:
    stream = StringIO()
    heard = Printer(stream, 80, colour=False, on_terminal=False, plain=True)
    heard.table(("case", "lead", "next"), [("C-1", "", "a\u202eb"), ("C-2", "LK", "")])
    assert stream.getvalue() == "case: C-1; next: a\\u202eb\ncase: C-2; lead: LK\n"


def test_a_date_in_a_table_is_never_broken(
    practice: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in ("80", "100"):
        monkeypatch.setenv("COLUMNS", columns)
        assert "2026-01-12" in run("list", "--names").out


class Terminal(StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


def is_coloured(stream: StringIO) -> bool:
    printer.for_stream(stream).styled(("error", "x"))
    return "\x1b" in stream.getvalue()


def test_there_is_no_colour_where_somebody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert is_coloured(Terminal())
    monkeypatch.setenv("ARPC_PLAIN", "1")
    assert not is_coloured(Terminal())


@pytest.mark.parametrize("can", [True, False, None])
def test_an_old_windows_console_is_sent_no_escape_codes(
    monkeypatch: pytest.MonkeyPatch, can: bool | None
) -> None:
    console = SimpleNamespace(enable_vt_processing=lambda fd: can)
    monkeypatch.setitem(sys.modules, "colorama", SimpleNamespace(winterm=console))
    monkeypatch.setitem(sys.modules, "colorama.winterm", console)
    monkeypatch.setattr(sys, "platform", "win32")
    assert is_coloured(Terminal()) == bool(can)
    assert not is_coloured(StringIO())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (r"C:\Windows\notepad.exe", [r"C:\Windows\notepad.exe"]),
        (r'"C:\Program Files\ed.exe" --wait', [r"C:\Program Files\ed.exe", "--wait"]),
        ("code --wait", ["code", "--wait"]),
    ],
)
def test_an_editor_on_windows_is_found_by_its_path(
    monkeypatch: pytest.MonkeyPatch, given: str, words: list[str]
) -> None:
    monkeypatch.setenv("EDITOR", given)
    monkeypatch.setattr(sys, "platform", "win32")
    assert shlex.split(workspace.editor()) == words


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_no_mark_below_a_line_points_at_what_is_wrong(practice: Path) -> None:
    change(practice / f"cases/{ENGLAND}/sessions/N-001.yaml", "with: man", "with: mann")
    ours, theirs = os.openpty()
    subprocess.run(
        [sys.executable, "-m", "arpc", "--plain", "validate"], stdout=theirs, check=False
    )
    os.close(theirs)
    shown = os.read(ours, 4096).decode()
    os.close(ours)
    assert "expected a permitted word" in shown
    assert "^" not in shown and "\x1b" not in shown and " | " not in shown
