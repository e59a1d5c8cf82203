"""What every test may use: a case from YAML text, through the real reader; golden outputs.

`today` is fixed; nothing reads the clock. Folders of the suite's cases are real files.
"""

import gc
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest

from arpc import cli, loading, practising
from arpc.loading import Loaded
from arpc.provisions import AsOf
from arpc.service import Service

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
TODAY = date(2026, 6, 10)  # the practice folder's today, a Wednesday
CASE_ID = "C-7K3Q9X2F"

PRACTICE = [EXAMPLES / "service.yaml", *sorted((EXAMPLES / "cases").rglob("*.yaml"))]
"""What a practitioner gets to practise on; the rest of the examples is what breaks a rule or keeps it."""

ENGLAND, SCOTLAND = "C-FK6SY95T", "C-HB6GD1GT"  # the two example cases

_HOMES = count(1)

MakeCase = Callable[[Mapping[str, str]], Loaded]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")
    parser.addoption(
        "--full", action="store_true", help="all of that of which otherwise a sample is tried"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "one_in(n): of many alike only each n-th, but for --full")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of what is marked `one_in`, leave each n-th."""
    if config.getoption("--full"):
        return
    seen: Counter[str] = Counter()
    kept = []
    for item in items:
        mark = item.get_closest_marker("one_in")
        name = item.nodeid.partition("[")[0]
        if mark is None or seen[name] % mark.args[0] == 0:
            kept.append(item)
        seen[name] += 1
    items[:] = kept


def pytest_collection_finish() -> None:
    """Some thousand tests stay until the end: nobody needs to look through them for what is garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def _hermetic(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """No test sees the user's settings, git identity or home."""
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_HOMES))
    home.mkdir(parents=True)
    for name in (
        "ARPC_TODAY",
        "ARPC_STAFF",
        "ARPC_DEBUG",
        "ARPC_STORE",
        "ARPC_PASSPHRASE_FILE",
        "ARPC_KEY",
        "NO_COLOR",
        "ARPC_PLAIN",
        "COLUMNS",
        "EDITOR",
        "VISUAL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("ARPC_RING", str(home / "ring"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    # Newer versions of git begin otherwise; what is said of their files here is said of these.
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha1")
    monkeypatch.setenv("GIT_DEFAULT_REF_FORMAT", "files")
    yield


@pytest.fixture
def make_case(tmp_path: Path) -> MakeCase:
    """Write records below a case folder and load them; headers are added where they are missing."""

    def make(records: Mapping[str, str]) -> Loaded:
        folder = tmp_path / CASE_ID
        for name, text in {"case.yaml": "nation: england\nlead: LK\n", **records}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(with_header(name, text), encoding="utf-8")
        return loading.load(folder, CASE_ID)

    return make


@pytest.fixture
def as_of(make_case: MakeCase) -> Callable[..., AsOf]:
    """A case from YAML text on a day."""

    def make(
        records: Mapping[str, str], today: date = TODAY, service: Service | None = None
    ) -> AsOf:
        return AsOf(make_case(records).file, today, service or Service())

    return make


class Ran(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Gives a command as a person types it."""

    def call(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["arpc", *arguments])
        with patch.dict(os.environ), pytest.raises(SystemExit) as exit_info:
            cli.main()
        printed = capsys.readouterr()
        return Ran(int(exit_info.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the practice folder, in which we stand."""
    folder = tmp_path / "practice"
    practising.copy(folder)
    monkeypatch.chdir(folder)
    return folder


def change(path: Path, old: str, new: str) -> None:
    """Write `new` in the place of the first `old` in a file."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare text with a file that a person reads in review; --update-golden writes it."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"differs from {path.name}"

    return compare


def with_header(name: str, text: str) -> str:
    """Put the header of its kind before a record's text, as far as the text does not give it."""
    from arpc import kinds

    kind = kinds.kind_of_file(name)
    assert kind is not None, name
    record_id = {"case": CASE_ID, "referral": "Q-01"}.get(kind.name, Path(name).stem)
    header = {
        kind.name: "arpc/1",
        "id": record_id,
        "case": CASE_ID,
        "date": "2026-03-04",
        "author": "LK",
        "status": "draft",
    }
    if kind.name == "case":
        header = {"case": "arpc/1", **{k: v for k, v in header.items() if k != "case"}}
    given = {line.partition(":")[0] for line in text.splitlines()}
    return "".join(f"{k}: {v}\n" for k, v in header.items() if k not in given) + text
