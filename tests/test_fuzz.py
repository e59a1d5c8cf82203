"""What was found by `python -m tests.fuzz.run` and kept: every way through what takes any bytes."""

from pathlib import Path

import pytest

from tests.conftest import PRACTICE
from tests.fuzz import targets

CORPUS = Path(__file__).parent / "fuzz" / "corpus"


@pytest.mark.parametrize("name", targets.TARGETS)
def test_what_was_kept_is_taken_as_it_should_be(name: str) -> None:
    kept = sorted((CORPUS / name).iterdir())
    assert kept
    for path in kept:
        try:
            targets.TARGETS[name](path.read_bytes())
        except Exception as error:
            pytest.fail(f"{path.name}: {type(error).__name__}: {error}")


def test_the_corpus_stays_small() -> None:
    kept = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert len(kept) < 300
    assert max(path.stat().st_size for path in kept) <= 4000


def test_the_examples_are_taken_as_they_should_be() -> None:
    for path in PRACTICE:
        targets.reader(b"\0" + path.read_bytes())
