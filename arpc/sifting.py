"""Whether a text may hold a word, whatever accents and case: by its bytes, or by a sieve that holds no word.

A sieve has one bit for every three letters that stand together somewhere in a text, at a place that only a
keyed digest tells. So it can be kept where the text must not be. It never says of a word that is there that
it is not, and now and then of one that is not there that it may be.
"""

import re
import struct
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import cache

_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")
_ASCII = bytes(range(128))
_ESCAPES = (b"x", b"u", b"\n", b"\r")
"""What may follow a backslash inside a word in double quotes, in small letters."""
_QUOTING = re.compile(r"[\s'\"\\/]+")
"""What may be written otherwise in a file than it is read."""
_MANY = 40  # different letters, from which on the whole text is folded at once
_BITS = 1 << 15  # of a sieve; some 5,000 are set for a case of thirty records
_TOGETHER = 0xFFFFFF  # three letters, as a number


def fold(text: str) -> str:
    """Return a text without accents and case, and with one sort of apostrophe."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def pieces(words: Iterable[str]) -> list[bytes]:
    """What of folded words stands in a file as it is read, however they are written in it."""
    return [piece.encode() for word in words for piece in _QUOTING.split(word) if piece]


def holds(raw: bytes, wanted: Iterable[bytes]) -> bool:
    """Whether every piece stands somewhere in bytes; what holds letters as escapes may hold any.

    Raises:
        UnicodeDecodeError: It is not UTF-8.
    """
    plain = _folded(raw)
    return all(piece in plain for piece in wanted) or _has_escapes(plain)


def may_hold(raw: bytes, wanted: Iterable[bytes]) -> bool:
    """Whether bytes hold every piece; what cannot be read may hold any."""
    try:
        return holds(raw, wanted)
    except UnicodeDecodeError:
        return True


class Places(dict[int, int]):
    """Where in a sieve three letters have their bit."""

    def __init__(self, digest: Callable[[bytes], bytes]) -> None:
        """Take a keyed digest, which nobody else can make."""
        self._digest = digest

    def __missing__(self, letters: int) -> int:
        """Ask the digest, once for each."""
        made = self._digest(letters.to_bytes(3, "little"))
        self[letters] = place = int.from_bytes(made[:4], "little") % _BITS
        return place


def sieve(raw: bytes, places: Places) -> bytes:
    """A sieve of bytes; "" for what may hold any word, since it cannot be told."""
    try:
        plain = _folded(raw)
    except UnicodeDecodeError:
        return b""
    if _has_escapes(plain):
        return b""
    words = b" ".join({*plain.split()})
    bits = bytearray(_BITS // 8)
    for place in map(places.__getitem__, _letters(words)):
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def asked(wanted: Iterable[bytes], places: Places) -> frozenset[int]:
    """The places at which a sieve must have a bit, if a text holds every piece."""
    return frozenset(places[letters] for piece in wanted for letters in _letters(piece))


def lets_through(made: bytes, places: Collection[int]) -> bool:
    """Whether what a sieve was made of may hold what is asked."""
    return not made or all(made[place >> 3] & 1 << (place & 7) for place in places)


def _letters(text: bytes) -> set[int]:
    """Every three bytes that stand together, as numbers."""
    found: set[int] = set()
    last = len(text) - 3
    padded = text + b"\0"  # four are read at a time, of which three count
    for start in range(4):
        count = max(last - start + 4, 0) // 4
        found.update(struct.unpack_from(f"<{count}I", padded, start) if count else ())
    return {four & _TOGETHER for four in found}


def _folded(raw: bytes) -> bytes:
    plain = raw.lower()
    return plain if plain.isascii() else _fold_foreign(plain)


def _has_escapes(plain: bytes) -> bool:
    """Whether a letter or a line break may be written in a way that hides a word."""
    place = plain.find(b"\\")
    while place >= 0:
        if plain[place + 1 : place + 2] in _ESCAPES:
            return True
        place = plain.find(b"\\", place + 2)
    return False


def _fold_foreign(plain: bytes) -> bytes:
    """Fold what is not ASCII, letter by letter: a text has many letters, but few that differ."""
    foreign = {*plain.translate(None, _ASCII).decode()}
    if len(foreign) > _MANY:
        return fold(plain.decode()).encode()
    for character in foreign:
        old, new = _folding(character)
        if old != new:
            plain = plain.replace(old, new)
    return plain


@cache
def _folding(character: str) -> tuple[bytes, bytes]:
    return character.encode(), fold(character).encode()
