"""No pattern that may meet a file's text takes long, whatever the text.

Each is given ten thousand characters of the worst. What takes a third of a second there goes back over the
text again and again, and would take a quarter of an hour for a megabyte; the others take milliseconds.
Of the schemas' patterns, those that jsonschema-rs runs, the engine promises that none goes back.
"""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import arpc
from arpc import yamldoc

SIZE = 10_000
PIECES = (
    *("a", " ", "1", "-", "\n", ".", "'", "#", "[", "*", "_", ":", "é"),
    *("a ", "1-", "1_", "1:", "\n ", "a.", "N-001 ", "a@", "<a", "Mr A ", "[a](", "=\n"),
)
AT_THE_START = frozenset(
    {
        "arpc.cli.excerpts._KEY",
        "arpc.document.markdown._OPENING",
        "arpc.document.parser._CONTAINER",
        "arpc.reporting.paragraphs._NUMBER",
        "arpc.schema._CODE",
        "arpc.sealing.logbook._KEY",
        "arpc.yamldoc._DOUBTFUL",
        "arpc.yamltext._PLAIN",
    }
)
"""Patterns that are never looked for in the middle of a text."""
OF_OURS = {
    "arpc.disk.LEFT_OVER": "the name of a file, which has 255 letters at the most",
    "arpc.doctoring.cases._BY_EDITOR": "the name of a file, too",
    "arpc.illustrating._KEY": "the shipped examples",
    "arpc.pages.page._ITEM": "a paragraph, in which no blank line is left",
    "arpc.document.parser._UNNUMBERED": "a heading of a template, which has 64 KB at the most",
}
"""Patterns that meet nothing of anybody's that could be that long, and what they meet."""


def patterns() -> Iterator[tuple[str, re.Pattern]]:
    """Every pattern that a module keeps, by where it is kept."""
    for found in pkgutil.walk_packages(arpc.__path__, "arpc."):
        if not found.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(found.name)).items():
                if isinstance(value, re.Pattern):
                    yield f"{found.name}.{name}", value
    yield "arpc.yamldoc.forbidden", yamldoc._forbidden()


EVERY = {name: pattern for name, pattern in patterns() if name not in OF_OURS}


@pytest.mark.parametrize("name", EVERY)
def test_a_pattern_takes_no_longer_than_the_text_is(name: str) -> None:
    pattern = EVERY[name]
    look = pattern.match if name in AT_THE_START else pattern.search
    for piece in PIECES:
        for end in ("", "!"):
            text = piece * (SIZE // len(piece)) + end
            seen = text.encode() if isinstance(pattern.pattern, bytes) else text
            taken = min(_seconds(look, seen) for _ in range(1))
            assert taken < 0.3, f"{taken:.2f} s for {piece!r} and {end!r}"


def _seconds(look, seen) -> float:
    started = time.process_time()
    look(seen)
    return time.process_time() - started


def test_what_is_left_out_is_still_there() -> None:
    known = dict(patterns())
    assert not (AT_THE_START | OF_OURS.keys()) - known.keys()
