"""How commands show themselves: in groups, and each with examples that can be typed.

The docstring of a command is its help: a title, what it does, what it writes where it writes something
("Writes:") and how that is undone ("Undone:"), and at the end "Examples:", each a line as it is typed, one
after the other, in the folder that `arpc demo practice` makes; a line that goes on is indented.
"""

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from typer import Context
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from arpc.explaining import Explanation

EVERYDAY = (
    *("new-case", "add", "edit", "finish", "save", "validate"),
    *("due", "show", "find", "render-report"),
)
"""What `--help` shows; `--help-all` shows the rest too."""

GROUPS = {
    "Start": ("demo", "init", "new-case"),
    "Write": ("add", "edit", "finish", "save", "attach", "amend", "move", "renumber", "undo"),
    "Check": ("validate", "answer", "confirm", "explain"),
    "Time": ("due", "due-followups"),
    "Read": (
        *("show", "find", "list", "status", "diff", "history", "timeline", "genogram"),
        *("trace", "alike", "link"),
    ),
    "Keep": (
        *("install", "unlock", "lock", "access", "retention", "shred"),
        *("doctor", "recover"),
    ),
    "Report": ("render-report", "issue-report", "sign", "return", "verify"),
}
"""Every command, by what it is for."""

_LABELLED = re.compile(r"(Writes|Undone): (.*)", re.DOTALL)


class Grouped(TyperGroup):
    """The commands by what they are for, and only the everyday ones unless all are asked for."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a list for each group, their columns in line."""
        whole = bool(ctx.params.get("help_all"))
        width = max(map(len, self.commands if whole else EVERYDAY))
        room = formatter.width - width - 6
        for title, names in GROUPS.items():
            shown = [name for name in names if whole or name in EVERYDAY]
            helps = [self.commands[name].get_short_help_str(room) for name in shown]
            if shown:
                with formatter.section(title):
                    formatter.write_dl(
                        [(n.ljust(width), h) for n, h in zip(shown, helps, strict=True)]
                    )
        if not whole:
            formatter.write_paragraph()
            formatter.write_text("`arpc --help-all` shows the other commands.")


class Command(TyperCommand):
    """A command that shows examples below its options."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        text, _, examples = (settings["help"] or "").partition("\n\nExamples:\n")
        super().__init__(*arguments, **{**settings, "help": text})
        self.examples = tuple(re.split(r"\n(?! )", cleandoc(examples)))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        sealed = self.name in (*GROUPS["Keep"], "sign", "return", "verify")
        where = "a sealed service" if sealed else "the folder that `arpc demo practice` makes"
        with formatter.section(f"Examples, in {where}"):
            indent = " " * formatter.current_indent
            for example in self.examples:
                # A width is given where nothing is to be broken but by the screen.
                joint = " " if ctx.terminal_width else f" \\\n{indent}    "
                formatter.write(indent + joint.join(map(str.strip, example.splitlines())) + "\n")


def groups(context: Context) -> Iterator[tuple[str, str, str]]:
    """Yield the group, name and title of every command, in the order of `--help-all`."""
    for title, names in GROUPS.items():
        yield from ((title, name, _told(context, name)[0]) for name in names)


def explanations(context: Context) -> Iterator["Explanation"]:
    """Yield what there is to say of every command.

    Args:
        context: Of a command among them, as it runs.
    """
    from arpc.explaining import Explanation

    for name in (name for names in GROUPS.values() for name in names):
        title, *paragraphs = _told(context, name)
        labelled = [m.groups() for m in map(_LABELLED.fullmatch, paragraphs) if m]
        text = "\n\n".join(p for p in paragraphs if not _LABELLED.fullmatch(p))
        facts = tuple((label, " ".join(said.split())) for label, said in labelled)
        yield Explanation(name, title, text, facts, tuple(_usage(context, name)))


def _told(context: Context, name: str) -> list[str]:
    """The title of a command and the paragraphs of its help."""
    first, *rest = (_command(context, name).help or "").split("\n\n")
    return [first.strip().rstrip("."), *rest]


def _usage(context: Context, name: str) -> Iterator[str]:
    """How a command is typed: its arguments, its options, and its examples."""
    command = _command(context, name)
    formatter = context.make_formatter()
    with Context(command, parent=context.parent, info_name=name) as its:
        command.format_usage(its, formatter)
        command.format_options(its, formatter)
        command.format_epilog(its, formatter)
    yield from formatter.getvalue().rstrip().splitlines()


def _command(context: Context, name: str) -> Any:
    root = context.find_root().command
    assert isinstance(root, Grouped)
    return root.commands[name]
