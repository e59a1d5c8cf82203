"""What a template may spend: it can neither run for long nor make much, whoever wrote it.

A service folder may have come from somebody else, and its templates with it. Jinja's sandbox keeps them from
the insides of Python; nothing in it keeps them from looping for ever, or from asking for a text of a
gigabyte. So each template is given a budget, and pays for every turn of a loop, every call, every part that
it includes and every letter that it makes.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template, TemplateNotFound, nodes, pass_environment
from jinja2.loaders import BaseLoader, split_template_path
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from arpc import plainfiles
from arpc.errors import ArpcError

MOST_BYTES = 64 * 1024  # the longest template that we ship has 7 KB
MOST_STEPS = 800_000  # turns of loops, times what stands in them; a long report takes 40,000
MOST_LETTERS = 16_000_000  # a long report makes 600,000 on the way
_SIMPLE = frozenset(
    (
        *("capitalize", "casefold", "lower", "swapcase", "title", "upper"),
        *("count", "endswith", "find", "index", "startswith"),
        *("lstrip", "removeprefix", "removesuffix", "rstrip", "strip"),
        *("join", "partition", "rpartition", "rsplit", "split", "splitlines"),
        *("get", "items", "keys", "values"),
    )
)
"""Methods of plain values that make no more than they are given."""
_PLAIN = (str, bytes, int, float, list, tuple, dict)
_WIDE_PERCENT = re.compile(r"%[^a-zA-Z%]*(?:\*|[0-9]{4})")
_WIDE_BRACE = re.compile(r"\{[^{}]*:[^{}]*(?:\{|[0-9]{4})")
"""What makes a formatted value as wide as somebody likes."""


class Frugal(ImmutableSandboxedEnvironment):
    """A sandbox with a budget, for one rendering."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._steps, self._letters = MOST_STEPS, MOST_LETTERS
        self.concat = self._join  # type: ignore[method-assign]

    def spend(self, steps: int = 1) -> None:
        """Pay for so many steps.

        Raises:
            ArpcError: There is nothing left to pay with.
        """
        self._steps -= steps
        if self._steps < 0:
            raise ArpcError("a template runs for too long", "see whether a loop in it ever ends")

    def made(self, value: Any) -> Any:
        """Pay for what was made; return it.

        Raises:
            ArpcError: There is nothing left to pay with.
        """
        if isinstance(value, str | bytes | list | tuple):
            self._pay(len(value))
        return value

    def _pay(self, letters: int) -> None:
        self._letters -= letters
        if self._letters < 0:
            raise ArpcError("a template makes too much", "see whether it repeats something")

    def _join(self, parts: Iterable[str]) -> str:
        found = list(parts)
        self._pay(sum(map(len, found)))
        return "".join(found)

    def call(self, context: Context, function: Callable[..., Any], /, *a: Any, **k: Any) -> Any:
        """Call as the sandbox does, if it is nothing that makes much of little."""
        self.spend()
        owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
        if isinstance(owner, _PLAIN) and name not in _SIMPLE:
            raise ArpcError(
                f"a template may not call {name}", "templates print, and do not compute"
            )
        if name == "join" and isinstance(owner, str) and a:
            a = (list(a[0]), *a[1:])
            self._pay(len(owner) * len(a[0]) + sum(len(str(part)) for part in a[0]))
        return self.made(super().call(context, function, *a, **k))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Let a text be formatted, but not as wide as somebody likes."""
        if (made := super().wrap_str_format(value)) and _WIDE_BRACE.search(value.__self__):
            raise ArpcError("a template asks for too wide a text", "write no width into it")
        return made

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute as the sandbox does, if what comes of it is not too large."""
        if operator == "%" and isinstance(left, str) and _WIDE_PERCENT.search(left):
            raise ArpcError("a template asks for too wide a text", "write no width into it")
        if operator == "**":
            raise ArpcError("a template may not use **", "templates print, and do not compute")
        if operator == "*":
            self._pay(_size(left) * _size(right))
        return self.made(super().call_binop(context, operator, left, right))

    def get_template(self, *arguments: Any, **options: Any) -> Template:
        """Load a template, which costs a step each time."""
        self.spend()
        return super().get_template(*arguments, **options)

    def select_template(self, *arguments: Any, **options: Any) -> Template:
        """Load the first template that is there, which costs a step each time."""
        self.spend()
        return super().select_template(*arguments, **options)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        _charge(parsed)
        parsed.set_environment(self)
        return parsed


def _size(value: Any) -> int:
    """How much a value makes of another that it is multiplied by."""
    if isinstance(value, str | bytes | list | tuple):
        return len(value)
    return max(abs(value), 1) if isinstance(value, int) else 1


FILTERS: dict[str, Callable[..., Any]] = {}
"""What templates pay with; their names cannot be written in one."""


@pass_environment
def _turns(environment: Frugal, values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        environment.spend()
        yield value


@pass_environment
def _spend(environment: Frugal, steps: int) -> str:
    environment.spend(steps)
    return ""


@pass_environment
def _made(environment: Frugal, value: Any) -> Any:
    return environment.made(value)


FILTERS |= {"turns of a loop": _turns, "steps": _spend, "what was made": _made}


def _charge(node: nodes.Node) -> int:
    """Write into a template that it pays for its loops, its parts and its texts; return its size."""
    size = 1
    for name, value in list(node.iter_fields()):
        if isinstance(value, list):
            inner = [_priced(each) for each in value]
            size += sum(found for _, found in inner)
            setattr(node, name, [each for each, _ in inner])
        elif isinstance(value, nodes.Node):
            priced, found = _priced(value)
            size += found
            setattr(node, name, priced)
    if isinstance(node, nodes.For):
        node.iter = _through("turns of a loop", node.iter)
    if isinstance(node, nodes.Template | nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block):
        paid = nodes.ExprStmt(_through("steps", nodes.Const(size)), lineno=node.lineno)
        node.body = [paid, *node.body]
    return size


def _priced(value: Any) -> tuple[Any, int]:
    if not isinstance(value, nodes.Node):
        return value, 0
    size = _charge(value)
    is_made = isinstance(value, nodes.Filter | nodes.Concat) or (
        isinstance(value, nodes.Getitem) and isinstance(value.arg, nodes.Slice)
    )
    if is_made and getattr(value, "node", value) is not None:
        return _through("what was made", value), size
    return value, size


def _through(name: str, value: nodes.Node) -> nodes.Filter:
    assert isinstance(value, nodes.Expr)
    return nodes.Filter(value, name, [], [], None, None, lineno=value.lineno)


class Folders(BaseLoader):
    """Reads templates out of folders: plain files of a sensible size, and none that lies elsewhere."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Read a template; what an earlier folder has, stands before the same of a later one.

        Raises:
            TemplateNotFound: No folder has it.
            ArpcError: It cannot be read, or is no text.
        """
        for folder in self._folders:
            path = folder.joinpath(*split_template_path(template))
            if not plainfiles.led_to(path).is_relative_to(plainfiles.led_to(folder)):
                continue
            try:
                return plainfiles.read_whole(path, MOST_BYTES).decode("utf-8"), str(path), None
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, UnicodeDecodeError) as error:
                why = getattr(error, "strerror", None) or "it is not UTF-8 text"
                raise ArpcError(f"template {template} cannot be read: {why}") from None
        raise TemplateNotFound(template)
