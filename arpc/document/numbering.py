"""The numbers of paragraphs, where a template asks for them with an empty `::: numbered`.

What stands by itself has a number: a paragraph, an item of a list, a quote, a callout. It is that of
the first-level section and a running count in it, "4.2", and stands on the first paragraph. What has
none: bold titles, tables, and all that is in no numbered section.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from arpc.document import tree


class Numbered(NamedTuple):
    """What has one number."""

    number: str
    blocks: tree.Blocks


def numbered(blocks: tree.Blocks) -> tree.Blocks:
    """Return the blocks of a document with the numbers of its paragraphs."""
    counter = _Counter()
    return tuple(counter.block(block) for block in blocks)


def find(blocks: tree.Blocks) -> Iterator[Numbered]:
    """Yield everything that has a number, in order."""
    for block in blocks:
        match block:
            case tree.Paragraph():
                yield from _found((block,))
            case tree.Quote(_, children) | tree.Callout(_, children):
                yield from _found(children)
            case tree.List(items=items):
                for item in items:
                    yield from _found(item)
            case tree.Small(children):
                yield from find(children)


class _Counter:
    """Counts the paragraphs of the section that it is in."""

    def __init__(self) -> None:
        self._section = ""
        self._count = 0

    def block(self, block: tree.Block) -> tree.Block:
        match block:
            case tree.Heading(1, number):
                self._section, self._count = number, 0
            case tree.Paragraph() if not block.is_title:
                return self._paragraph(block)
            case tree.Quote() | tree.Callout():
                return replace(block, children=self._first(block.children))
            case tree.List(items=items):
                return replace(block, items=tuple(self._first(item) for item in items))
            case tree.Small(children):
                return replace(block, children=tuple(self.block(child) for child in children))
        return block

    def _first(self, blocks: tree.Blocks) -> tree.Blocks:
        if not blocks or not isinstance(blocks[0], tree.Paragraph):
            return blocks
        return (self._paragraph(blocks[0]), *blocks[1:])

    def _paragraph(self, paragraph: tree.Paragraph) -> tree.Paragraph:
        if not self._section:
            return paragraph
        self._count += 1
        return replace(paragraph, number=f"{self._section}.{self._count}")


def _found(blocks: tree.Blocks) -> Iterator[Numbered]:
    if blocks and isinstance(blocks[0], tree.Paragraph) and blocks[0].number:
        yield Numbered(blocks[0].number, blocks)
