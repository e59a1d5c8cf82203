"""Over a hundred pages of tables that nobody would write, of which not a word may be lost."""

import re
from collections import Counter
from io import BytesIO
from itertools import count

import pypdf
import pytest
from document_sample import MATTER
from test_document_pdf import assert_valid, squeezed

from arpc.document.markdown import parse, plain_text
from arpc.document.pdf import to_pdf
from arpc.document.shield import shield

WORD = re.compile(r"q\d{7}")


class Words:
    """Numbered words, none of them twice; those that stand in a header may be printed again."""

    def __init__(self):
        self._numbers = count(1)
        self.headers = set()
        self.notes = []

    def __call__(self, amount, between=" "):
        return shield(between.join(f"q{next(self._numbers):07d}" for _ in range(amount)))

    def note(self, amount):
        """A reference to a new footnote."""
        self.notes.append(f"[^n{len(self.notes)}]: {self(amount)}")
        return f"[^n{len(self.notes) - 1}]"

    def table(self, header, *rows):
        """Rows as Markdown, all as long as the header."""
        self.headers.update(WORD.findall(" ".join(header)))
        lines = (header, ["---"] * len(header), *rows)
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def tall_rows(words, columns):
    """Rows taller than a page, in each column by itself and in all of them."""
    rows = [
        [words(700 // columns if n == tall else 1) for n in range(columns)]
        for tall in range(columns)
    ]
    return words.table([words(1) for _ in range(columns)], *rows, [words(200)] * 0 or rows[0])


