"""`arpc explain`: everything there is can be explained, and each with an example that is true."""

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer import Context
from typer.main import get_command

from arpc import clocks, explaining, faults, rules, signing, starting
from arpc import sealed as service_of_seals
from arpc.audiences import AUDIENCES
from arpc.cli import commands
from arpc.cli.app import app
from arpc.explaining import Explanation
from tests import sealed
from tests.conftest import ENGLAND, EXAMPLES, ROOT, SCOTLAND, Run, change

GOLDEN = ROOT / "tests/golden/explain"
ROOT_COMMAND = get_command(app)
CONTEXT = Context(ROOT_COMMAND.commands["explain"], Context(ROOT_COMMAND))  # type: ignore[attr-defined]
COMMANDS = tuple(name for names in commands.GROUPS.values() for name in names)
SHOWN = (
    *("protection-on-carers-word-alone", "child-not-seen", "note-to-write", "person"),
    *("session.concern", "session.statements.said", "case.paused.why", "child", "attach"),
    *("not-a-date", "git-conflict", "no-case-record"),
)


def everything() -> Iterator[Explanation]:
    for _, name, _ in explaining.everything():
        yield explaining.explain(name)
    for kind in explaining.KINDS:
        for field in explaining.fields(kind):
            yield explaining.explain(f"{kind}.{field}")
    yield from commands.explanations(CONTEXT)


@pytest.mark.parametrize("name", SHOWN)
def test_one_of_each_sort_is_read_in_review(name: str, run: Run, golden) -> None:
    golden(GOLDEN / f"{name}.txt", run("explain", name).out)


def test_the_list_of_all_is_read_in_review(run: Run, golden) -> None:
    golden(GOLDEN / "everything.txt", run("explain").out)


@pytest.mark.one_in(3)
def test_everything_has_an_example() -> None:
    assert [each.name for each in everything() if not each.example] == []


@pytest.mark.parametrize("name", faults.REASONS)
def test_what_a_fault_is_shown_by_is_found_and_what_it_should_be_is_not(name: str) -> None:
    shown = faults.EXAMPLES[name]
    first = next(faults.found(name, shown.wrong))
    assert f"  {first.message}" in explaining.explain(name).example
    assert shown.right or shown.told or name == "empty-file"
    if shown.right:
        assert first.where.file not in [each.where.file for each in faults.found(name, shown.right)]


def test_no_two_things_have_one_name() -> None:
    names = [*COMMANDS, *(name for _, name, _ in explaining.everything())]
    assert sorted(names) == sorted(set(names))


def test_an_example_is_short_and_shows_no_more_of_a_record_than_it_needs() -> None:
    long = {e.name: len(e.example) for e in everything() if e.name not in COMMANDS}
    assert {name: lines for name, lines in long.items() if lines > 30} == {}


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.id)
def test_a_rule_is_shown_by_what_it_says_and_by_what_differs(rule) -> None:
    example = explaining.explain(rule.id).example
    said = (EXAMPLES / "rules" / rule.id / "expected.txt").read_text("utf-8")
    message = said.partition(f" [{rule.id}]")[0].rpartition(": ")[2]
    assert any(message in line for line in example)
    turn = next(n for n, line in enumerate(example) if line.startswith("and not where"))
    start = next(n for n, line in enumerate(example) if line.startswith("where "))
    assert example[start + 1 : turn] != example[turn + 1 :]


@pytest.mark.parametrize("clock", clocks.ALL, ids=lambda clock: clock.id)
def test_a_clock_is_shown_by_a_day_that_one_of_its_cases_expects(clock) -> None:
    line = explaining.explain(clock.id).example[1].strip().partition(" (")[0]
    expected = (EXAMPLES / "clocks" / clock.id).glob("*/expected.txt")
    assert any(line in path.read_text("utf-8").replace("~", "") for path in expected)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("finsh", "finish"),
        ("child-not-sean", "child-not-seen"),
        ("concern", "session.concern"),
        ("sesion.concern", "session.concern"),
        ("carrer", "carer"),
    ],
)
def test_a_slip_is_answered_with_what_was_probably_meant(typed: str, meant: str, run: Run) -> None:
    code, _, err = run("explain", typed)
    assert code == 2 and f"did you mean {meant}?" in err


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `arpc demo` makes, in which we stand, with an editor that adds a line."""
    starting.demo(tmp_path / "practice")
    return stand_in(tmp_path / "practice", monkeypatch)


@pytest.fixture
def sealed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same as a sealed service, of which one case is closed and its review has passed."""
    home = Path(os.environ["HOME"])
    folder = sealed.practice(tmp_path / "practice", home)
    seat = sealed.seat(folder)
    service_of_seals.grant(seat, ENGLAND, "JM", sealed.signing(home, "LK"))
    with (folder / "cases" / SCOTLAND / "case.yaml").open("a") as stream:
        stream.write("closure: {date: 2026-02-02, review: 2026-06-01}\n")
    signing.sign(seat, sealed.bench(seat), "N-001", sealed.signing(home, "LK"))
    sealed.git(folder, "add", "cases")
    sealed.git(folder, "commit", "-qm", f"{ENGLAND}: N-001 signed; {SCOTLAND}: case changed")
    (folder / "rd.pub").write_text(sealed.key(home, "RD").with_suffix(".pub").read_text())
    return stand_in(folder, monkeypatch)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    edit = "import sys; open(sys.argv[1], 'a').write('# read again')"
    monkeypatch.setenv("EDITOR", shlex.join((sys.executable, "-c", edit)))
    return folder


def is_kept(path: Path) -> bool:
    """Whether a file is the user's, or says which commit is the last; what can be worked out anew is not."""
    if {".cache", ".local"} & {*path.parts}:
        return False
    return ".git" not in path.parts or path.name == "main"


def held(folder: Path) -> dict[Path, bytes]:
    """All that lies beside the practice folder and in the user's home."""
    return {
        path: path.read_bytes()
        for place in (folder.parent, Path(os.environ["HOME"]))
        for path in place.rglob("*")
        if path.is_file() and ".arpc.lock" not in path.parts and is_kept(path)
    }


@pytest.mark.one_in(3)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_of_a_command_runs_and_what_it_writes_is_said(
    name: str, request: pytest.FixtureRequest, run: Run
) -> None:
    is_of_seals = name in (*commands.GROUPS["Keep"], *OF_A_SEALED_SERVICE)
    kept = request.getfixturevalue("sealed_one" if is_of_seals else "kept")
    command = ROOT_COMMAND.commands[name]  # type: ignore[attr-defined]
    if name == "recover":
        record = kept / "cases" / SCOTLAND / "followups/F-04.yaml"
        left = record.read_text("utf-8") + "# and a thought\n"
        record.with_name(".F-04.yaml.1f2e3d4c.tmp").write_text(left, "utf-8")
    before = held(kept)
    assert any(shlex.split(example)[:2] == ["arpc", name] for example in command.examples)
    for example in command.examples:
        assert all(len(line) <= 76 for line in example.splitlines()), example
        code, out, err = run(*shlex.split(example)[1:])
        expected = 1 if example in ANSWERED_WITH_1 else 2 if example in ON_A_TERMINAL else 0
        assert code == expected, (example, out, err)
    help_text = command.help or ""
    assert ("\nWrites: " in help_text) == ("\nUndone: " in help_text) == (held(kept) != before)


OF_A_SEALED_SERVICE = ("init", "sign", "return", "verify")
ANSWERED_WITH_1 = ("arpc finish F-04 -c C-HB --as RD", "arpc validate C-HB --for close")
"""These say what is still wanting."""
ON_A_TERMINAL = ("arpc add session with=child who=P-03 --guided -c C-FK --as LK",)
"""These ask somebody, and there is nobody here."""


@pytest.mark.one_in(2)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_command_for_an_audience_writes_the_files_that_it_names(
    audience: str, practice: Path, run: Run
) -> None:
    lines = explaining.explain(audience).example
    [command] = [line for line in lines if line.startswith("  arpc ")]
    if audience == "court":
        assert lines[1:3] == ("  court:", "    ordered: yes")
        case = practice / f"cases/{ENGLAND}/case.yaml"
        change(case, "\n\n", "\n\ncourt:\n  ordered: yes\n\n")
    code, out, _ = run(*shlex.split(command)[1:])
    assert code == 0
    for line in lines[lines.index("writes") + 1 :]:
        assert f"wrote {line.strip()}\n" in out


def test_the_practice_folder_holds_nothing_but_what_belongs_to_practice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    run("demo", "practice")
    made = {path.name for path in (tmp_path / "practice").iterdir() if path.name[0] != "."}
    assert made == {"service.yaml", "cases"}
