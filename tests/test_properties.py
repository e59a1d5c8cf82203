"""What must hold whatever the records say: order changes nothing, and damage hides nothing."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpc import checking, due, loading, practising
from arpc.findings import Finding
from arpc.provisions import AsOf
from arpc.service import Service
from tests.conftest import ENGLAND, EXAMPLES, SCOTLAND, TODAY

FOLDER = EXAMPLES / "cases" / ENGLAND
FILES = {
    path.relative_to(FOLDER).as_posix(): path.read_bytes()
    for path in sorted(FOLDER.rglob("*.yaml"))
}
NAMES = sorted(FILES)
TOP_KEY = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)
thorough = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def with_faults(files: dict[str, bytes]) -> dict[str, bytes]:
    """The case with a few things wrong in it, so that there is something to find."""
    changes = {
        "sessions/N-001.yaml": (b"with: man", b"with: mann"),
        "sessions/N-007.yaml": (b"agreed_by: JM\n", b""),
        "sessions/N-012.yaml": (b"escalation: E-01\n", b""),
        "analysis/J-01.yaml": (b"rests_on: [N-004#S5", b"rests_on: [N-004#S77"),
        "people/P-04.yaml": (b"born: 2022-11-18\n", b""),
    }
    for name, (old, new) in changes.items():
        assert old in files[name]
        files = {**files, name: files[name].replace(old, new, 1)}
    return files


WRONG = with_faults(FILES)


def found(files: Iterable[tuple[str, bytes]]) -> list[Finding]:
    loaded = loading.load_from(ENGLAND, files, "")
    return sorted(set(checking.check_case(loaded, TODAY, Service()).findings))


def without_places(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return sorted((f.where.file, f.rule, f.message) for f in findings)


BEFORE = found(WRONG.items())


def test_there_is_something_to_find() -> None:
    assert len({f.rule for f in BEFORE}) >= 5


@thorough
@given(st.permutations(NAMES))
def test_the_order_of_files_changes_nothing(order: list[str]) -> None:
    assert found((name, WRONG[name]) for name in order) == BEFORE


@thorough
@given(st.sampled_from([n for n in NAMES if "/" in n]), st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing_but_places(name: str, chance) -> None:
    text = WRONG[name].decode()
    first, *chunks = TOP_KEY.split(text)
    chance.shuffle(chunks)
    assert sorted(chunks) == sorted(TOP_KEY.split(text)[1:])
    shuffled = first + "".join(f"{chunk.rstrip()}\n" for chunk in chunks)
    after = found({**WRONG, name: shuffled.encode()}.items())
    assert without_places(after) == without_places(BEFORE)


@thorough
@given(st.sampled_from(NAMES), st.data())
def test_a_file_cut_short_hides_nothing_in_another_without_naming_the_rule(name: str, data) -> None:
    raw = WRONG[name]
    cut = raw[: data.draw(st.integers(0, len(raw) - 1))] + b"\n: ["
    after = found({**WRONG, name: cut}.items())
    silent = {
        rule
        for f in after
        if f.rule == "not-checked"
        for rule in f.hint.removeprefix("not looked at by ").split(", ")
    }
    record_id = Path(name).stem
    hidden = [
        str(f)
        for f in BEFORE
        if f.where.file != name
        and f.rule != "not-checked"
        and f not in after
        and f.rule not in silent
        and not (f.rule == "broken-reference" and f.message.startswith(f"{record_id}#"))
    ]
    assert hidden == []
    assert any(f.where.file == name for f in after)


def test_an_unrelated_case_changes_nothing(tmp_path: Path) -> None:
    practising.copy(tmp_path / "both")
    alone = tmp_path / "alone"
    practising.copy(alone)
    shutil.rmtree(alone / "cases" / SCOTLAND)
    seen = []
    for root in (tmp_path / "both", alone):
        loaded = loading.load(root / "cases" / ENGLAND, ENGLAND)
        view = AsOf(loaded.file, TODAY, Service())
        items = [(i.due.by, i.uid) for i in due.what_is_due(view)]
        seen.append((checking.check_case(loaded, TODAY, Service()), items))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("later", ["2026-06-10", "2026-12-01", "2031-06-10"])
def test_checking_twice_on_a_day_finds_the_same(later: str) -> None:
    from datetime import date

    loaded = loading.load_from(ENGLAND, WRONG.items(), "")
    day = date.fromisoformat(later)
    first = checking.check_case(loaded, day, Service())
    assert first == checking.check_case(loaded, day, Service())
