"""Reading: shielded Markdown to a tree. One parser for all outputs, so they can't differ.

What a template gets wrong (a footnote without a text, an unknown container) stops the report:
printing it would lose words or a source.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

from markdown_it.tree import SyntaxTreeNode

from arpc.document import numbering, tree
from arpc.document.parser import CAPTION, parser
from arpc.document.shield import clean, unshield
from arpc.errors import ArpcError

_ADDRESS = re.compile(r"(?:https?://|mailto:)[!-~]+")
_PAGE_STRUCTURE = (tree.Contents, tree.Heading, tree.PageBreak, tree.Small)


def parse(source: str) -> tree.Document:
    """Read shielded Markdown.

    Raises:
        ArpcError: The template that made `source` broke a convention.
    """
    root = SyntaxTreeNode(parser().parse(source, {}))
    reader = _Reader()
    blocks = reader.blocks([node for node in root.children if node.type != "footnote_block"])
    if reader.is_numbered:
        blocks = numbering.numbered(blocks)
    notes = [
        note for block in root.children if block.type == "footnote_block" for note in block.children
    ]
    labels = (_literal(note.meta["label"]) for note in notes)
    return tree.Document(blocks, tuple(map(_note, notes)), tuple(labels))


class _Reader:
    """Turns nodes into blocks, counting headings, tables, figures and references on the way."""

    def __init__(self) -> None:
        self._counters = [0, 0, 0]
        self._level = 0
        self._unnumbered_from = 0  # the level of the unnumbered heading that we are under
        self._headings = self._tables = self._pictures = 0
        self.is_numbered = False
        """Whether the template asks for numbers of paragraphs."""

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> tree.Blocks:
        result: list[tree.Block] = []
        caption: tree.Inlines = ()
        for node, following in zip_longest(nodes, nodes[1:]):
            if node.type == "paragraph" and node.meta.get("caption") and _is_table(following):
                caption = _without_prefix(_inlines(node.children), CAPTION)
            elif node.type == "container":
                result += self._contained(node, caption)
                caption = ()
            elif node.type == "table":
                result.append(self._table(node, caption))
                caption = ()
            else:
                result += self._simple(node)
        return tuple(result)

    def _simple(self, node: SyntaxTreeNode) -> tree.Blocks:
        match node.type:
            case "paragraph":
                body = _inlines(node.children)
                return (tree.Paragraph(body, node.hidden),) if _says_anything(body) else ()
            case "heading":
                return (self._heading(node),)
            case "bullet_list" | "ordered_list":
                return (self._list(node),)
            case "blockquote":
                return (tree.Quote("", self._inside(node)),)
            case "fence" | "code_block":
                return (tree.CodeBlock(_literal(node.content).rstrip("\n")),)
            case "hr":
                return (tree.Rule(),)
        raise AssertionError(f"no rule of the parser makes {node.type}")

    def _list(self, node: SyntaxTreeNode) -> tree.List:
        start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        items = tuple(self._inside(item) for item in node.children)
        tight = all(
            child.hidden
            for item in node.children
            for child in item.children
            if child.type == "paragraph"
        )
        return tree.List(start, items, tight)

    def _contained(self, node: SyntaxTreeNode, caption: tree.Inlines) -> tree.Blocks:
        argument = _literal(node.info).replace("\n", " ")
        match node.meta["name"]:
            case "quote":
                return (tree.Quote(argument, self._inside(node)),)
            case "callout":
                return (tree.Callout(argument, self._inside(node)),)
            case "small":
                return (tree.Small(self.blocks(node.children)),)
            case "figure":
                self._pictures += 1
                return (tree.Picture(argument, self._pictures),)
            case "contents":
                return (tree.Contents(),)
            case "pagebreak":
                return (tree.PageBreak(),)
            case "numbered":
                self.is_numbered = True
                return ()
        if [child.type for child in node.children] != ["table"]:
            raise ArpcError("the template has a ::: facts that does not hold exactly one table")
        facts = self._table(node.children[0], caption)
        if not facts.is_facts:
            raise ArpcError("a table in ::: facts has two columns, the second without a heading")
        return (facts,)

    def _inside(self, node: SyntaxTreeNode) -> tree.Blocks:
        """Return the blocks of a quote, callout or list item, which can't hold page structure."""
        blocks = self.blocks(node.children)
        if any(isinstance(block, _PAGE_STRUCTURE) for block in blocks):
            raise ArpcError(
                "the template has a heading, contents, page break or small type in another block"
            )
        return blocks

    def _heading(self, node: SyntaxTreeNode) -> tree.Heading:
        # Levels can't be skipped: accessible PDF forbids it.
        level = min(int(node.tag[1]), self._level + 1, 3)
        self._level = level
        self._headings += 1
        if level <= self._unnumbered_from:
            self._unnumbered_from = 0
        if node.meta.get("unnumbered") and not self._unnumbered_from:
            self._unnumbered_from = level
        number = ""
        if not self._unnumbered_from:
            self._counters[level - 1] += 1
            self._counters[level:] = [0] * (3 - level)
            number = ".".join(map(str, self._counters[:level]))
        body = _inlines(node.children)
        if tree.has_note(body):
            raise ArpcError("the template has a footnote in a heading")
        if not _is_visible(body):
            body = (*body, tree.Text("–"))  # accessible PDF forbids an empty heading
        return tree.Heading(level, number, f"section-{self._headings}", body)

    def _table(self, node: SyntaxTreeNode, caption: tree.Inlines) -> tree.Table:
        header, *rows = (row for part in node.children for row in part.children)
        self._tables += bool(caption)
        styles = (str(cell.attrs.get("style", "")) for cell in header.children)
        return tree.Table(
            tuple(_inlines(cell.children) for cell in header.children),
            tuple(tuple(_inlines(cell.children) for cell in row.children) for row in rows),
            tuple(style.removeprefix("text-align:") or "left" for style in styles),
            caption,
            self._tables if caption else 0,
        )


def _note(node: SyntaxTreeNode) -> tree.Inlines:
    paragraphs = [child for child in node.children if child.type != "footnote_anchor"]
    if not paragraphs:
        raise ArpcError(f"the template has no text for footnote {_literal(node.meta['label'])}")
    if any(paragraph.type != "paragraph" for paragraph in paragraphs):
        raise ArpcError("a footnote holds paragraphs only")
    lines = [_inlines(paragraph.children) for paragraph in paragraphs]
    result = lines[0]
    for line in lines[1:]:
        result = (*result, tree.Break(), *line)
    if tree.has_note(result):
        raise ArpcError("a footnote can't refer to a footnote")
    return result


def _inlines(nodes: Sequence[SyntaxTreeNode]) -> tree.Inlines:
    return tuple(inline for node in nodes for inline in _inline(node))


def _inline(node: SyntaxTreeNode) -> tree.Inlines:
    match node.type:
        case "inline":
            return _inlines(node.children)
        case "text":
            return _text(node.content)
        case "softbreak":
            return (tree.Text(" "),)
        case "hardbreak":
            return (tree.Break(),)
        case "strong":
            return (tree.Strong(_inlines(node.children)),)
        case "em":
            return (tree.Emphasis(_inlines(node.children)),)
        case "code_inline":
            return (tree.Code(_literal(node.content).replace("\n", " ")),)
        case "link":
            children, address = _inlines(node.children), str(node.attrs["href"])
            return (tree.Link(address, children),) if _ADDRESS.fullmatch(address) else children
        case "footnote_ref":
            return (tree.Note(node.meta["id"] + 1, node.meta["subId"] + 1),)
        case "footnote_anchor":
            return ()
    raise AssertionError(f"no rule of the parser makes {node.type}")


def _text(raw: str) -> tree.Inlines:
    if "[^" in raw:
        raise ArpcError("the template has a footnote label with a space in it")
    first, *others = _literal(raw).split("\n")
    result: list[tree.Inline] = [tree.Text(first)] if first else []
    for line in others:
        result.append(tree.Break())
        if line:
            result.append(tree.Text(line))
    return tuple(result)


def _literal(raw: str) -> str:
    return clean(unshield(raw))


def _without_prefix(inlines: tree.Inlines, prefix: str) -> tree.Inlines:
    first, *others = inlines
    assert isinstance(first, tree.Text)
    rest = first.content.removeprefix(prefix)
    return (tree.Text(rest), *others) if rest else tuple(others)


def _is_table(node: SyntaxTreeNode | None) -> bool:
    if node is None:
        return False
    return node.type == "table" or (node.type == "container" and node.meta["name"] == "facts")


def _says_anything(inlines: tree.Inlines) -> bool:
    return tree.has_note(inlines) or bool(tree.words(inlines).strip())


def _is_visible(inlines: tree.Inlines) -> bool:
    categories = map(unicodedata.category, tree.words(inlines))
    return any(category != "Cf" and category[0] != "Z" for category in categories)
