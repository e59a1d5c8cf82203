"""What compiled templates import in place of `jinja2.runtime`: the same names, for Markdown.

Jinja's own helpers treat template output as HTML. Here `~`, `{% set %}` blocks, macros,
`{% call %}` and `{% filter %}` shield plain text and give back `Md`.
"""

from collections.abc import Iterable
from typing import Any

from jinja2 import runtime
from markupsafe import Markup

from arpc.document.shield import clean, shield


class Md(Markup):
    """Markdown that came from a template; any other text joined to it is shielded first."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> "Md":
        """Return `s` as Markdown: as it is when it is Markdown, else as shielded text."""
        return s if isinstance(s, Md) else cls(shield(clean(str(s))))


class Macro(runtime.Macro):
    """A macro whose result is Markdown."""

    def _invoke(self, arguments: list[Any], autoescape: bool) -> Md:
        return Md(self._func(*arguments))


def markup_join(parts: Iterable[Any]) -> str:
    """Join as `~` does: Markdown if any part is, else plain text that is shielded when printed."""
    joined = list(parts)
    if any(isinstance(part, Md) for part in joined):
        return Md("").join(joined)
    return "".join(map(str, joined))


_OURS = {"Markup": Md, "escape": Md.escape, "Macro": Macro, "markup_join": markup_join}


def __getattr__(name: str) -> Any:
    if name in _OURS:
        return _OURS[name]
    if name in runtime.exported:
        return getattr(runtime, name)
    raise AttributeError(name)
