"""Markdown, the source of every output: read it (`parse`) and write it plainly (`to_markdown`).

The Markdown written here is for people and plain viewers: no containers, footnotes numbered as
in the PDF, and a backslash only where a character would otherwise be read as markup.
"""

import re
from collections.abc import Iterable, Sequence

from arpc.document import tree
from arpc.document.figures import Figure, find
from arpc.document.matter import FrontMatter
from arpc.document.reading import parse
from arpc.document.shield import clean
from arpc.document.tree import Document, plain_text

__all__ = ["Document", "parse", "plain_text", "to_markdown"]

_MARKUP = re.compile(
    r"[`*\[~$|]"
    r"|\\(?=[!-/:-@\[-`{-~\s]|$)"
    r"|(?<![^\W_])_|_(?![^\W_])"  # within a word an underscore is itself
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|\{(?=\.)"
)
# What opens a block at the start of a line.
_OPENING = re.compile(
    r"(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|-[-\s]*$|=+\s*$|>|:::|:-|\+{3}\s*$)"
    r"|(?<=^)(?P<digits>\d{1,9})(?=[.)](?:\s|$))"
    r"|(?P<note>\[\^\d+\])(?=:)"
)
_SPACES = re.compile(r"[ \t]+")
_ALIGNMENTS = {"left": ":--", "center": ":-:", "right": "--:"}


def to_markdown(
    document: Document, matter: FrontMatter | None = None, figures: Iterable[Figure] = ()
) -> str:
    """Return the document as Markdown, under its front matter if given."""
    writer = _Writer(tuple(figures))
    blocks = [*(_front(matter) if matter else ()), *writer.blocks(document.blocks)]
    notes = [
        f"[^{number}]: " + _indented(_lines(note), 4)
        for number, note in enumerate(document.notes, 1)
    ]
    return "\n\n".join((*blocks, *notes)) + "\n"


class _Writer:
    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures

    def blocks(self, blocks: tree.Blocks) -> list[str]:
        return [text for block in blocks for text in self._block(block)]

    def _block(self, block: tree.Block) -> Sequence[str]:
        match block:
            case tree.Heading(level, _, _, body):
                return (f"{'#' * level} {_heading_line(body)}",)
            case tree.Paragraph(body):
                return (" ".join(filter(None, (block.mark, _lines(body)))),)
            case tree.List():
                return (self._list(block),)
            case tree.Table():
                caption = (f"*Table: {_line(block.caption)}*",) if block.number else ()
                return (*caption, _table(block))
            case tree.Quote(attribution, children):
                by = (f"— {_flat(attribution)}",) if attribution else ()
                return (_quoted((*self.blocks(children), *by)),)
            case tree.Callout(title, children):
                top = (f"**{_flat(title)}**",) if title.strip() else ()
                return (_quoted((*top, *self.blocks(children))),)
            case tree.Small(children):
                return self.blocks(children)
            case tree.Picture(name):
                figure = find(self._figures, name)
                words = f"Figure: {figure.caption.rstrip('.')}. {figure.alt}"
                return (f"*{_flat(words)}*",)
            case tree.CodeBlock(content):
                fence = _fence(content, 3)
                return (f"{fence}\n{content}\n{fence}",)
            case tree.Rule():
                return ("---",)
            case tree.Contents() | tree.PageBreak():
                return ()

    def _list(self, block: tree.List) -> str:
        items = []
        for index, item in enumerate(block.items):
            marker = "- " if block.start is None else f"{block.start + index}. "
            between = "\n" if block.tight else "\n\n"
            items.append(marker + _indented(between.join(self.blocks(item)), len(marker)))
        return ("\n" if block.tight else "\n\n").join(items)


def _front(matter: FrontMatter) -> Sequence[str]:
    details = "\n".join(f"- {label}: {_flat(value)}" for label, value in matter.details)
    top = (f"**{_flat(text)}**" for text in (matter.practice, matter.banner) if text)
    subtitle = (_guarded(_flat(matter.subtitle)),) if matter.subtitle else ()
    return (*top, f"# {_flat(matter.title)}", *subtitle, details)


def _table(table: tree.Table) -> str:
    rows = [[_line(cell, "<br>") for cell in row] for row in (table.header, *table.rows)]
    rows.insert(1, [_ALIGNMENTS[alignment] for alignment in table.alignments])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _quoted(blocks: Sequence[str]) -> str:
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) or ">"


def _indented(text: str, width: int) -> str:
    return re.sub(r"\n(?!\n|$)", "\n" + " " * width, text)


def _lines(inlines: tree.Inlines) -> str:
    """Return the text of a paragraph, a backslash at the end of each line but the last."""
    lines = (_guarded(line) for line in _line(inlines, "\n").split("\n"))
    return "\\\n".join(line for line in lines if line)


def _heading_line(inlines: tree.Inlines) -> str:
    return re.sub(r"(?<!\\)(#+)$", r"\\\1", _line(inlines))


def _line(inlines: tree.Inlines, line_break: str = " ") -> str:
    """Return inlines as one string, white space collapsed."""
    lines = (_SPACES.sub(" ", line).strip() for line in _joined(inlines).split("\n"))
    return line_break.join(lines).strip()


def _joined(inlines: tree.Inlines) -> str:
    parts = [_inline(inline) for inline in inlines]
    result = ""
    for index, (inline, part) in enumerate(zip(inlines, parts, strict=True)):
        if isinstance(inline, tree.Strong | tree.Emphasis):
            following = next(filter(None, parts[index + 1 :]), "")[:1]
            mark = "**" if isinstance(inline, tree.Strong) else "*"
            part = _marked(part, mark, result[-1:], following)
        elif result.endswith("!") and part.startswith("["):
            result = f"{result[:-1]}\\!"
        result += part
    return result


def _marked(text: str, mark: str, before: str, after: str) -> str:
    """Put emphasis around `text`, or leave it plain where Markdown would not see the marks."""
    inner = text.strip()
    if not inner or "\n" in inner or not (_is_edge(before) and _is_edge(after)):
        return text
    start = text.index(inner)
    return f"{text[:start]}{mark}{inner}{mark}{text[start + len(inner) :]}"


def _is_edge(character: str) -> bool:
    return character not in ("*", "\\") and not character.isalnum()


def _inline(inline: tree.Inline) -> str:
    match inline:
        case tree.Text(content):
            return _escaped(content)
        case tree.Code(content):
            fence = _fence(content, 1)
            space = " " if content.startswith("`") or content.endswith("`") else ""
            return f"{fence}{space}{content}{space}{fence}" if content.strip() else content
        case tree.Break():
            return "\n"
        case tree.Strong(children) | tree.Emphasis(children):
            return _joined(children)
        case tree.Link(address, children):
            words = _joined(children).replace("]", "\\]")
            words = f"\\{words}" if words.startswith("^") else words  # else it opens a footnote
            return f"[{words}](<{address}>)" if "<" not in address and ">" not in address else words
        case tree.Note(number):
            return f"[^{number}]"


def _flat(text: str) -> str:
    """Return text from outside the tree as part of one line."""
    return _escaped(" ".join(clean(text).split()))


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _guarded(line: str) -> str:
    """Escape the start of a line that would open a block."""
    match = _OPENING.match(line)
    if match is None:
        return line
    kept = match["digits"] or match["note"] or ""
    return f"{kept}\\{line[len(kept) :]}"


def _fence(content: str, least: int) -> str:
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    return "`" * max(least, longest + 1)
