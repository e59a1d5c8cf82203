"""The shipped fonts, and the characters that they can print.

A character without a glyph would stop an accessible PDF from being written, so what the fonts
lack is printed as `[U+674E]`: a name in a script that we don't ship must not stop a report.
The characters of a font are in its "cmap" table (OpenType specification, formats 4 and 12).
"""

import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fontpkg_source_sans_3

FAMILY: str = fontpkg_source_sans_3.FAMILY

# Printed as a space or not at all, whether a font has them or not (tried one by one).
_GLYPHLESS = frozenset(
    map(
        ord,
        "\n\u00ad\u034f\u180e\u202f\u205f\u3000"
        "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
        "\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f",
    )
)
# No script that is written from the right is shipped, so these could only upset what stands by.
_DIRECTION = re.compile("[\u061c\u200e\u200f]")
_COMMON = re.compile("[\n -~\u00a0-\u00ff\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*")


def folder() -> Path:
    """Return the folder of the shipped fonts."""
    return Path(fontpkg_source_sans_3.ROOT) / "files"


def printable(text: str) -> str:
    """Return `text` as the shipped fonts can print it: `[U+674E]` for what they lack."""
    if _COMMON.fullmatch(text):
        return text
    covered = coverage()
    text = _DIRECTION.sub("", text)
    return "".join(
        character if ord(character) in covered else f"[U+{ord(character):04X}]"
        for character in text
    )


@cache
def coverage() -> frozenset[int]:
    """Return the code points that print in all shipped fonts, upright and italic."""
    fonts = [frozenset(_characters(path.read_bytes())) for path in sorted(folder().glob("*.ttf"))]
    return frozenset.intersection(*fonts) | _GLYPHLESS


def _characters(font: bytes) -> Iterator[int]:
    """Yield the code points in the Unicode subtables of the font's "cmap" table."""
    cmap = font[_offset(font, b"cmap") :]
    for index in range(_u16(cmap, 2)):
        platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * index)
        subtable = cmap[offset:]
        if (platform, encoding) == (3, 10) and _u16(subtable, 0) == 12:
            yield from _format_12(subtable)
        elif (platform, encoding) == (3, 1) and _u16(subtable, 0) == 4:
            yield from _format_4(subtable)


def _offset(font: bytes, tag: bytes) -> int:
    for index in range(_u16(font, 4)):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"the font has no table {tag!r}")


def _format_12(subtable: bytes) -> Iterator[int]:
    (groups,) = struct.unpack_from(">L", subtable, 12)
    for index in range(groups):
        first, last, _ = struct.unpack_from(">LLL", subtable, 16 + 12 * index)
        yield from range(first, last + 1)


def _format_4(subtable: bytes) -> Iterator[int]:
    count = _u16(subtable, 6) // 2
    ends, starts, deltas, offsets = (14 + 2 * count * n + 2 * bool(n) for n in range(4))
    for index in range(count):
        first, last = _u16(subtable, starts + 2 * index), _u16(subtable, ends + 2 * index)
        delta, at = _u16(subtable, deltas + 2 * index), offsets + 2 * index
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if shift := _u16(subtable, at):
                glyph = _u16(subtable, at + shift + 2 * (code - first))
            if glyph and (glyph + delta) & 0xFFFF:
                yield code


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")
