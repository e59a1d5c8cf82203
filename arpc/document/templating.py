"""Jinja for Markdown templates: whatever a template prints is shielded, without its author's help.

A template's own text is Markdown; every value it prints is literal text. There is no `safe`, no
filter that computes, and a missing value is an error. Inside a table row use `oneline`, never
`paras`, whose blank lines would end the table.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    meta,
    nodes,
    pass_environment,
    pass_eval_context,
)
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup

from arpc.document.jinja_runtime import Md
from arpc.document.sandbox import FILTERS, Folders, Frugal
from arpc.document.shield import clean, shield
from arpc.errors import ArpcError

# White space that may be collapsed, shielded or not. A no-break space is kept.
_SPACE = re.compile("[ \t\n\r\U000f0009\U000f000a\U000f000d\U000f0020]+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def environment(*folders: Path) -> Environment:
    """Return the environment for the templates in `folders`; what an earlier one has, stands first."""
    result = _MarkdownEnvironment(
        loader=Folders(folders),
        autoescape=True,
        finalize=_printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Folding constants would escape them as HTML when the template is compiled.
        optimized=False,
    )
    result.filters = {"paras": paras, "oneline": oneline, "join": join, **FILTERS}
    result.globals = {"namespace": result.globals["namespace"]}
    return result


def render(folders: Sequence[Path], template_name: str, **context: object) -> str:
    """Return the shielded Markdown of a template.

    Args:
        folders: Where templates lie; what an earlier folder has, stands before the same of a later one.
        template_name: Which template.
        **context: What it may print.

    Raises:
        ArpcError: The template is missing, is not valid, or prints a value that is not there.
    """
    try:
        return environment(*folders).get_template(template_name).render(context)
    except TemplateNotFound as error:
        raise ArpcError(f"there is no template {error.name}") from error
    except TemplateSyntaxError as error:
        place = f"template {error.name or template_name}, line {error.lineno}"
        raise ArpcError(f"{place}: {error.message}") from error
    except TemplateError as error:
        raise ArpcError(f"template {template_name}{_line(error, folders)}: {error}") from error
    except ArpcError as error:
        place = f"template {template_name}{_line(error, folders)}"
        raise ArpcError(f"{place}: {error}", error.hint) from error
    except RecursionError as error:
        raise ArpcError(f"template {template_name} calls itself without end") from error
    except Exception as error:  # whatever is written in a template
        place = f"template {template_name}{_line(error, folders)}"
        raise ArpcError(f"{place}: it fails with {type(error).__name__}") from error


def check_fields(
    folders: Sequence[Path], template_name: str, known: Mapping[str, Collection[str]]
) -> None:
    """Do nothing if a template, and all that it includes, names no field that is not there.

    So that a field in a part that is seldom printed is noticed at once, and not years later.

    Args:
        folders: As for `render`.
        template_name: Which template.
        known: The fields of each value that templates are given.

    Raises:
        ArpcError: It names one, or is missing or not valid.
    """
    made = environment(*folders)
    waiting, seen = [template_name], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        try:
            parsed = made.parse(made.loader.get_source(made, name)[0])  # type: ignore[union-attr]
        except TemplateNotFound as error:
            raise ArpcError(f"there is no template {error.name}") from error
        except TemplateSyntaxError as error:
            place = f"template {name}, line {error.lineno}"
            raise ArpcError(f"{place}: {error.message}") from error
        except RecursionError as error:
            raise ArpcError(f"template {name} is nested too deep") from error
        for field in parsed.find_all(nodes.Getattr):
            value = field.node.name if isinstance(field.node, nodes.Name) else ""
            if value in known and field.attr not in known[value]:
                near = get_close_matches(field.attr, known[value], 1)
                hint = f"did you mean {near[0]}?" if near else ""
                what = f"template {name}, line {field.lineno}: {value} has no {field.attr}"
                raise ArpcError(what, hint)
        waiting += [n for n in meta.find_referenced_templates(parsed) if n and n not in seen]


class _MarkdownEnvironment(Frugal):
    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        # The documented hook for code generation; the helpers come from our module instead.
        code = super()._generate(source, name, filename, defer_init)
        ours = code.replace(
            "from jinja2.runtime import", "from arpc.document.jinja_runtime import", 1
        )
        if ours == code:
            raise ArpcError("this version of Jinja generates code that arpc does not know")
        return ours

    def call(
        self, context: Context, function: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Any:
        """Call as the sandbox does; `super()` and `self.block()` give template text, so Markdown."""
        result = super().call(context, function, *args, **kwargs)
        return Md(str.__str__(result)) if type(result) is Markup else result


def paras(value: object) -> Md:
    """Turn a block of plain text into paragraphs, which blank lines separate."""
    if isinstance(value, Md):
        return value
    parts = (oneline(part) for part in _BLANK_LINE.split(_text(value)) if part.strip())
    return Md("\n\n".join(parts))


def oneline(value: object) -> Md:
    """Collapse white space, line ends included: text for a table cell."""
    text = _SPACE.sub(" ", _text(value)).strip(" ")
    return Md(text) if isinstance(value, Md) else Md(shield(text))


@pass_environment
def join(
    env: Environment, values: Iterable[Any], separator: str = "", attribute: str | None = None
) -> Md:
    """Join values, or one attribute of each; the separator is text too."""
    if attribute is not None:
        values = (env.getattr(value, attribute) for value in values)
    return Md.escape(separator).join(_markdown(value) for value in values)


# Jinja evaluates constants when compiling unless `finalize` asks for the context.
@pass_eval_context
def _printed(around: EvalContext, value: object) -> object:
    made = around.environment.made  # type: ignore[attr-defined]
    return value if isinstance(value, Undefined) else made(_markdown(value))


def _markdown(value: object) -> Md:
    return value if isinstance(value, Md) else Md(shield(_text(value)))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    # What a private-use character stands for is known in template text only.
    return str(value) if isinstance(value, Md) else clean(str(value))


def _line(error: Exception, folders: Sequence[Path]) -> str:
    """Return ", line 12" for the innermost line of a template in the traceback, or nothing."""
    line, step = "", error.__traceback__
    while step is not None:
        file = Path(step.tb_frame.f_code.co_filename)
        if any(file.is_relative_to(folder) for folder in folders):
            line = f", line {step.tb_lineno}"
        step = step.tb_next
    return line
