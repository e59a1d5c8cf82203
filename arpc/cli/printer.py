"""The one printer. Results go to standard output, talk to standard error.

Whatever it prints, control, bidirectional and zero-width characters come out as visible escapes, so
that no record, file name or error can reorder a screen or drive a terminal. Meaning is never carried
by colour alone, and there is none where NO_COLOR is set or nobody looks at a terminal.

Where ARPC_PLAIN is set, which is what `arpc --plain` does, it prints for somebody who listens to the
screen or reads it in Braille: a line for each thing, broken by nobody but the screen, a name before
each cell of a table, words in the place of signs, and no colour.
"""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from arpc.findings import Location

_HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_STYLES = {
    "error": "1;31",
    "warning": "33",
    "advice": "36",
    "strong": "1",
    "faint": "2",
    "good": "32",
}
NARROW = 80
PLAIN = "ARPC_PLAIN"
_FOR_PROGRAMS = (
    1000  # rows; nobody reads more, and whoever looks through them wants each on one line
)
_SHORT = 12  # columns; a date or an id is not broken


def visible(text: str) -> str:
    """Return `text` with every character that cannot be seen written as an escape."""
    if text.isascii() and text.isprintable():  # most of what is printed
        return text
    return _HIDDEN.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), text)


class Printer:
    """Writes lines to a stream."""

    def __init__(
        self, stream: TextIO, width: int, *, colour: bool, on_terminal: bool, plain: bool = False
    ) -> None:
        self.stream = stream
        self.width = width
        self.on_terminal = on_terminal
        self.plain = plain
        self.gap = ": " if plain else "  "
        """What stands between a name and what belongs to it."""
        self._colour = colour

    def line(self, text: str = "") -> None:
        """Print one line, or several where the text has line breaks."""
        self.stream.write(visible(text) + "\n")

    def passing(self, text: str) -> None:
        """Print a line in the place of the one that was printed so before; "" takes that away.

        For who listens each is a line of its own, and stays.
        """
        if self.plain:
            self.stream.write(f"{visible(text)}\n" if text else "")
        else:
            self.stream.write(f"\r{visible(text)[: self.width - 1]:<{self.width - 1}}\r")
        self.stream.flush()

    def raw(self, text: str) -> None:
        """Print text that another program reads: as it is, but for what cannot be seen."""
        self.stream.write("\r\n".join(map(visible, text.split("\r\n"))))

    def styled(self, *parts: tuple[str, str] | str) -> None:
        """Print one line of parts, each a text or a (style, text)."""
        if self._colour:
            shown = (part if isinstance(part, str) else self._style(*part) for part in _seen(parts))
            self.stream.write("".join(shown) + "\n")
        else:
            self.line("".join([part if isinstance(part, str) else part[1] for part in parts]))

    def wrapped(self, text: str, indent: str = "", hanging: str | None = None) -> None:
        """Print a paragraph broken at the width of the screen; ids and paths stay whole.

        `hanging` is the indent of all lines but the first, where that is another.
        """
        for line in self._lines(text, indent, indent if hanging is None else hanging):
            self.stream.write(line + "\n")

    def title(self, text: str) -> None:
        """Print what something is called, broken at the width of the screen."""
        for line in self._lines(text, "", ""):
            self.styled(("strong", line))

    def heading(self, text: str) -> None:
        """Print what the lines below it are about; a colon says so where nobody sees it."""
        self.title(f"{text}:" if self.plain and not text.endswith(":") else text)

    def _lines(self, text: str, indent: str, hanging: str) -> list[str]:
        if self.plain:
            return [indent + visible(text).replace("\n", " ")] if text.strip() else []
        import textwrap

        return textwrap.wrap(
            visible(text),
            max(min(self.width, 100), 40),
            initial_indent=indent,
            subsequent_indent=hanging,
            break_on_hyphens=False,
        )

    def item(self, text: str) -> None:
        """Print one thing of a list, its further lines indented; ids and paths are never broken."""
        if self.plain:
            self.line(text)
            return
        import textwrap

        width = max(min(self.width, 100), 40)
        for line in textwrap.wrap(
            visible(text),
            width,
            initial_indent="  ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        ):
            self.stream.write(line + "\n")

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print rows under column heads, without boxes; long cells wrap, but in a table for programs.

        Plainly each row is a line, in which each cell that says something follows its head.
        """
        shown = [[visible(cell) for cell in row] for row in rows]
        if len(shown) > _FOR_PROGRAMS and not self.plain:
            widths = [max(map(len, column)) for column in zip(columns, *shown, strict=True)]
            for row in (columns, *shown):
                cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                self.stream.write("  ".join(cells).rstrip() + "\n")
            return
        if self.plain:
            for row in shown:
                cells = (f"{c}: {cell}" for c, cell in zip(columns, row, strict=True) if cell)
                self.stream.write("; ".join(cells) + "\n")
            return
        if _least_width(columns, shown) > max(self.width, 40):
            for row in shown:
                first, *rest = zip(columns, row, strict=True)
                self.styled(("strong", first[1]))
                cells = (f"{head} {cell}" for head, cell in rest if cell)
                self.wrapped("; ".join(cells), "  ")
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for index, column in enumerate(columns):
            is_short = all(len(row[index]) <= _SHORT for row in shown)
            table.add_column(column, no_wrap=index == 0 or is_short, overflow="fold")
        for row in shown:
            table.add_row(*map(Text, row))
        console = Console(
            file=self.stream,
            width=max(self.width, 40),
            color_system="standard" if self._colour else None,
            highlight=False,
            force_terminal=self._colour,
            soft_wrap=False,
            legacy_windows=False,
        )
        with console.capture() as captured:
            console.print(table)
        for line in captured.get().splitlines():
            self.stream.write(line.rstrip() + "\n")

    def place(self, where: "Location") -> str:
        """Where something stands; in words where it is listened to."""
        if not self.plain:
            return str(where)
        column = f", column {where.column}" if where.column > 1 else ""
        return f"{where.file}, line {where.line}{column}"

    def _style(self, style: str, text: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def _least_width(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """The columns of the screen that a table takes where no word is broken."""
    least = 0
    for index, column in enumerate(columns):
        cells = [column, *(row[index] for row in rows)]
        is_whole = index == 0 or all(len(cell) <= _SHORT for cell in cells)
        words = cells if is_whole else [word for cell in cells for word in cell.split()]
        least += max(map(len, words), default=0) + 2
    return least


def _seen(parts: Iterable[tuple[str, str] | str]) -> Iterable[tuple[str, str] | str]:
    return (
        visible(part) if isinstance(part, str) else (part[0], visible(part[1])) for part in parts
    )


def for_stream(stream: TextIO) -> Printer:
    """A printer that fits a stream: colour and the real width only on a terminal."""
    on_terminal = stream.isatty()
    plain = is_plain()
    dumb = os.environ.get("TERM") == "dumb" or bool(os.environ.get("NO_COLOR"))
    width = _width_of_terminal() if on_terminal else _asked_width()
    colour = on_terminal and not (dumb or plain) and _takes_escapes(stream)
    return Printer(stream, width, colour=colour, on_terminal=on_terminal, plain=plain)


def is_plain() -> bool:
    """Whether somebody listens."""
    return bool(os.environ.get(PLAIN))


def _takes_escapes(stream: TextIO) -> bool:
    """Whether a terminal does what escape codes say: an old Windows console would print them."""
    if sys.platform == "win32":
        from colorama.winterm import enable_vt_processing

        return bool(enable_vt_processing(stream.fileno()))
    return True


def out() -> Printer:
    """The printer for results."""
    return for_stream(sys.stdout)


def err() -> Printer:
    """The printer for talk and errors."""
    return for_stream(sys.stderr)


def _width_of_terminal() -> int:
    from shutil import get_terminal_size  # it brings what unpacks archives

    return get_terminal_size((NARROW, 24)).columns


def _asked_width() -> int:
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked) < 1000 else NARROW
