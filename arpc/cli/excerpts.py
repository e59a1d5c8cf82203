"""The line that a finding is about, with a mark below; a record's text stays hidden.

Families see screens: a value is shown only where the schema marks its field as harmless.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from arpc import kinds
from arpc.findings import Finding
from arpc.loading import read_bytes

_KEY = re.compile(r"(\s*(?:- )?[a-z_0-9]+:)(\s*)")


class Excerpts:
    """Lines of the files that findings are about; each file is read once."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def of(self, finding: Finding) -> Iterator[str]:
        """Yield the line of a finding and the mark below it; nothing if there is no such line."""
        where = finding.where
        lines = self._read(where.file)
        if where.line > len(lines) or not lines[where.line - 1].strip():
            return
        text = _harmless(finding, lines[where.line - 1])
        column = min(where.column, len(text) + 1)
        yield f"{where.line:>5} | {text}"
        yield f"      | {' ' * (column - 1)}^"

    def _read(self, file: str) -> list[str]:
        if file not in self._lines:
            try:
                text = read_bytes(Path(file)).decode("utf-8-sig")
            except (OSError, UnicodeDecodeError):
                text = ""
            self._lines[file] = text.splitlines()
        return self._lines[file]


def _harmless(finding: Finding, line: str) -> str:
    """The line as far as the schema allows it to be shown: at least its key."""
    kind = kinds.kind_of_file("/".join(finding.where.file.split("/")[-2:]))
    kind = kind or kinds.kind_of_file(finding.where.file.rpartition("/")[2])
    key = _KEY.match(line)
    field = kind.field(finding.where.pointer) if kind else None
    if field and field.sensitivity == "none" and not field.is_prose:
        return line
    if key is None:
        return re.match(r"\s*", line)[0] + "..."  # type: ignore[index]
    rest = line[key.end() :]
    return key[0] + ("..." if rest and rest not in ("|", ">") else rest)
