"""What is kept together on a page, judged from the words alone.

What can't break is cut off at the foot of the page, and Typst drops the rest without a word: so
only rows and blocks that are short by a wide margin are kept whole.
"""

from collections.abc import Sequence

from arpc.document import columns, glyphs, tree

_WHOLE = 14  # lines
_REPEATED_HEADER = 10  # lines; a header can't break either, so a taller one is set as a row
_LEAD = 250  # characters of a paragraph that stays with what follows
_BLOCK_LINE = 75.0  # characters of average width on a line of a quote or callout


def leads_to(block: tree.Block, following: tree.Block | None) -> bool:
    """Return whether a paragraph is worth nothing at the foot of a page.

    A title, a question, or what is said of a table.
    """
    if not isinstance(block, tree.Paragraph) or following is None:
        return False
    is_short = len(glyphs.printable(tree.words(block.body))) < _LEAD
    return is_short and (block.is_title or isinstance(following, tree.Quote | tree.Table))


def is_short(block: tree.Quote | tree.Callout) -> bool:
    """Return whether a block stays whole, so that an attribution is never alone at the top."""
    if any(isinstance(child, tree.Table | tree.Picture) for child in block.children):
        return False
    texts = map(glyphs.printable, tree.texts((block,)))
    return sum(columns.lines([text], [_BLOCK_LINE]) for text in texts) < _WHOLE


def is_short_text(inlines: tree.Inlines) -> bool:
    """Return whether a caption stays whole, with what it stands above."""
    return columns.lines([glyphs.printable(tree.words(inlines))], [_BLOCK_LINE]) < _WHOLE


def is_short_row(row: Sequence[str], room: Sequence[float]) -> bool:
    """Return whether a row of a table stays whole in columns of these widths."""
    return columns.lines(row, room) < _WHOLE


def is_repeatable(header: Sequence[str], room: Sequence[float]) -> bool:
    """Return whether the header of a table is repeated on every page."""
    return columns.lines(header, room) <= _REPEATED_HEADER


def row_words(row: Sequence[tree.Inlines]) -> list[str]:
    """Return the words of each cell as they are printed."""
    return [glyphs.printable(tree.words(cell)) for cell in row]
