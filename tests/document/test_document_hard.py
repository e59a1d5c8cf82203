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


class Writer:
    """Writes Markdown of numbered words, none of them twice."""

    def __init__(self):
        self._numbers = count(1)
        self._notes = []
        self.headers = set()

    def words(self, amount, between=" "):
        return shield(between.join(f"q{next(self._numbers):07d}" for _ in range(amount)))

    def note(self, amount):
        """A reference to a footnote of so many words."""
        self._notes.append(f"[^n{len(self._notes)}]: {self.words(amount)}")
        return f"[^n{len(self._notes) - 1}]"

    def table(self, header, *rows):
        """A table; the words of its header may be printed again on every page."""
        self.headers.update(WORD.findall(" ".join(header)))
        lines = (header, ["---"] * len(header), *rows)
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def rows(self, columns):
        """One row for each thing that a row can be too much of, then ordinary ones."""
        words, short = self.words, lambda amount: [self.words(1) for _ in range(amount)]
        yield [words(300), *short(columns - 1)]
        yield [*short(columns - 1), words(300)]
        yield [words(120) for _ in range(columns)]
        yield [words(90, "\n"), *short(columns - 1)]
        yield ["x" * 300 + words(1) for _ in range(columns)]
        yield [words(9, ""), *short(columns - 1)]
        yield [words(2) + self.note(700), *short(columns - 1)]
        yield [words(1) + self.note(n * 20) for n in range(1, columns + 1)]
        yield [shield("李" * 80) + words(1), *short(columns - 1)]
        for amount in range(1, 9):
            yield [words(1 + amount * (n + 1) % 13) for n in range(columns)]

    def document(self, widths):
        """Tables of these widths, with short and long headers, by themselves and within others."""
        words = self.words
        yield f"# {words(300)}"
        for columns in widths:
            header = [words(1 if columns % 3 else 200) for _ in range(columns)]
            header[0] += self.note(30)
            yield f"Table: {words(600 if columns == 5 else 5)}{self.note(40)}"
            yield self.table(header, *self.rows(columns))
        facts = self.table([words(300), ""], [words(1), words(900)], [words(900), words(1)])
        yield f"::: facts\n{facts}\n:::"
        for opening in (f"::: quote {words(300)}", f"::: callout {words(300)}", "::: small"):
            inner = self.table([words(1), words(1)], [words(1), words(800)])
            yield f"{opening}\n{words(2)}\n\n{inner}\n:::"
        yield "".join(f"{'> ' * depth}{words(200)}\n{'> ' * depth}\n" for depth in range(1, 9))
        yield f"- {words(2)}\n\n  > {words(700)}"
        yield from self._notes


@pytest.fixture(scope="module")
def hard(request):
    """Tables of every width with `--full`; else of three, since a hundred pages take long to be read again."""
    widths = (1, 2, 3, 5, 7, 12) if request.config.getoption("--full") else (1, 3, 7)
    writer = Writer()
    document = parse("\n\n".join(writer.document(widths)))
    return document, to_pdf(document, MATTER), writer.headers


def test_no_word_of_many_pages_of_hard_tables_is_lost_or_printed_twice(hard):
    document, pdf, headers = hard
    sheets = pypdf.PdfReader(BytesIO(pdf)).pages
    assert len(sheets) >= 40
    text = squeezed("".join(sheet.extract_text() for sheet in sheets))
    written, printed = Counter(WORD.findall(plain_text(document))), Counter(WORD.findall(text))
    assert set(written.values()) == {1}
    assert written.keys() == printed.keys()
    assert {word for word, times in printed.items() if times > 1} <= headers


def test_no_word_begins_beyond_the_edge_of_its_page(hard):
    outside = []

    def visit(text, matrix, at, *_):
        a, b, c, d, e, f = matrix
        x, y = a * at[4] + c * at[5] + e, b * at[4] + d * at[5] + f
        if text.strip() and not (0 < x < 595 and 0 < y < 842):
            outside.append((x, y, text))

    for sheet in pypdf.PdfReader(BytesIO(hard[1])).pages:
        sheet.extract_text(visitor_text=visit)
    assert outside == []


def test_hard_tables_are_accessible_and_archival(hard, tmp_path):
    assert_valid(hard[1], tmp_path)
