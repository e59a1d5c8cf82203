"""Shielding: literal text goes through Markdown as letters, and is restored after parsing.

Every character that is not a letter, digit or combining mark (all punctuation, every symbol,
spaces at an edge or repeated, new lines) moves to a private-use plane: U+F0000 + c, or
U+100000 + (c - U+10000) above the basic plane. To a Markdown parser those are ordinary letters,
so shielded text can open or close nothing and can't upset the emphasis around it.

An empty text becomes one U+F0000, which restores to nothing, so that `**{{ empty }}**` is still
well formed.
"""

import re
import unicodedata
from functools import lru_cache

_BASIC, _UPPER = 0xF0000, 0x100000
_EMPTY = chr(_BASIC)
_SHIELDED = re.compile("[\U000f0000-\U0010ffff]")
_SPECIAL = re.compile(r"[^\w ]|_|(?<= ) |^ | $")

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029\x0b\x0c]")
# Invisible, and able to reorder or hide the text around them.
_DROPPED = re.compile("[\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_REPLACED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, _BASIC, 0x10000)
    )
    + "\U000f0000-\U0010ffff]"
)


def clean(text: str) -> str:
    """Make line ends alike, drop what reorders or hides text, and mark what can't be printed.

    Control, private-use and unpaired characters become U+FFFD, so that a reader sees the loss.
    """
    return _REPLACED.sub("\ufffd", _DROPPED.sub("", _LINE_ENDS.sub("\n", text)))


def shield(text: str) -> str:
    """Return `text` with no character left that Markdown could read; shielding twice is harmless."""
    return _SPECIAL.sub(lambda match: _moved(match[0]), text) if text else _EMPTY


def unshield(text: str) -> str:
    """Restore shielded text; what was never shielded is unchanged."""
    return _SHIELDED.sub(lambda match: _restored(match[0]), text)


# A report has a hundred different characters and a million altogether.
@lru_cache(4096)
def _moved(character: str) -> str:
    code = ord(character)
    if code >= 0x20000 or unicodedata.category(character).startswith("M"):
        return character
    if character == "\t":
        code = ord(" ")
    return chr(_BASIC + code) if code < 0x10000 else chr(_UPPER + code - 0x10000)


@lru_cache(4096)
def _restored(character: str) -> str:
    code = ord(character)
    if code == _BASIC:
        return ""
    return chr(code - _BASIC) if code < _UPPER else chr(code - _UPPER + 0x10000)
