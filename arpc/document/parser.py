"""The Markdown that templates may write: CommonMark with tables, footnotes and `::: containers`.

Without HTML, entities, images, reference links, indented code and underlined headings, each of
which a template could only mean by mistake. Conventions (`Table: caption`, `{.unnumbered}`,
`:::`) are looked for while case text is still shielded, so case text can't forge them.
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from mdit_py_plugins.footnote import footnote_plugin

from arpc.document.shield import unshield
from arpc.errors import ArpcError

CAPTION = "Table: "
CONTAINERS = (
    *("quote", "callout", "facts", "contents", "figure", "pagebreak", "small"),
    "numbered",
)

_CONTAINER = re.compile(r":{3,} *([A-Za-z][A-Za-z_-]*)(?: (.*))?")
_CONTAINER_END = re.compile(r":{3,} *")
_UNNUMBERED = re.compile(r" *\{\.unnumbered\} *$")
_DISABLED = (
    *("html_block", "html_inline", "autolink", "entity"),
    *("image", "reference", "code", "lheading"),
)


@cache
def parser() -> MarkdownIt:
    """Return the parser; its rules raise `ArpcError` for containers that a template gets wrong."""
    markdown = _Markdown("commonmark").enable("table").disable([*_DISABLED])
    markdown.use(footnote_plugin, inline=False, always_match_refs=True)
    markdown.block.ruler.before(
        "fence", "container", _container, {"alt": ["paragraph", "blockquote", "list", "table"]}
    )
    markdown.core.ruler.before("inline", "conventions", _conventions)
    return markdown


class _Markdown(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802 (markdown-it's name)
        """Return the address as it was meant; markdown-it would encode a shielded one."""
        return unshield(url)

    def validateLink(self, url: str) -> bool:  # noqa: N802 (markdown-it's name)
        """Accept all, so that structure never depends on an address; the reader chooses."""
        return True


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    def line(number: int) -> str:
        return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]

    opening = _CONTAINER.fullmatch(line(start))
    if opening is None:
        if _CONTAINER_END.fullmatch(line(start)):
            raise ArpcError("the template has a ::: that closes nothing")
        return False
    if opening[1] not in CONTAINERS:
        raise ArpcError(f"the template uses an unknown container: ::: {opening[1]}")
    if silent:
        return True
    depth, last = 1, start
    while depth:
        last += 1
        if last >= end:
            raise ArpcError(f"the template does not close a container: ::: {opening[1]}")
        depth += bool(_CONTAINER.fullmatch(line(last)))
        depth -= bool(_CONTAINER_END.fullmatch(line(last)))

    token = state.push("container_open", "div", 1)
    token.info, token.meta = (opening[2] or "").strip(), {"name": opening[1]}
    parent, limit = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    state.md.block.tokenize(state, start + 1, last)
    state.parentType, state.lineMax = parent, limit
    state.push("container_close", "div", -1)
    state.line = last + 1
    return True


def _conventions(state: StateCore) -> None:
    """Take the conventions off headings and captions, and note them on the opening token."""
    for opening, token in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type == "heading_open" and _UNNUMBERED.search(token.content):
            token.content = _UNNUMBERED.sub("", token.content)
            opening.meta["unnumbered"] = True
        elif opening.type == "paragraph_open" and token.content.startswith(CAPTION):
            opening.meta["caption"] = True
