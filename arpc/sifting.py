"""Whether a text may hold a word, whatever accents and case: by its bytes, or by a sieve that holds no word.

A sieve has one bit for every three letters that stand together somewhere in a text, at a place that only a
keyed digest tells. So it can be kept where the text must not be. It never says of a word that is there that
it is not, and now and then of one that is not there that it may be.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import cache
from itertools import chain

_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")
_ASCII = bytes(range(128))
_ESCAPES = (b"x", b"u", b"\n", b"\r")
"""What may follow a backslash inside a word in double quotes, in small letters."""
_QUOTING = re.compile(r"[\s'\"\\/]+")
"""What may be written otherwise in a file than it is read."""
_MANY = 40  # different letters, from which on the whole text is folded at once
_BITS = 1 << 15  # of a sieve; some 4,000 are set for a case of thirty records
_SET = ord("1")
_AT_HAND = 20_000  # words, and as many times three letters; a few hundred bytes each
_LONG = 60  # bytes; what is longer is no word, and stands in no other case


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


class Places(dict[bytes, frozenset[int]]):
    """Where in a sieve a word has its bits: one for every three letters that stand together in it."""

    def __init__(self, digest: Callable[[bytes], bytes]) -> None:
        """Take a keyed digest, which nobody else can make."""
        self._of_three = _OfThree(digest)

    def __missing__(self, word: bytes) -> frozenset[int]:
        """Work them out; most words of a case stand in many others."""
        if len(self) >= _AT_HAND:
            self.clear()
        threes = [word[n : n + 3] for n in range(len(word) - 2)]
        places = frozenset(map(self._of_three.__getitem__, threes))
        if len(word) <= _LONG:
            self[word] = places
        return places


class _OfThree(dict[bytes, int]):
    """Where in a sieve three letters have their bit."""

    def __init__(self, digest: Callable[[bytes], bytes]) -> None:
        self._digest = digest

    def __missing__(self, letters: bytes) -> int:
        """Ask the digest, once for each."""
        if len(self) >= _AT_HAND:
            self.clear()
        self[letters] = place = int.from_bytes(self._digest(letters)[:4], "little") % _BITS
        return place


def sieve(raw: bytes, places: Places) -> bytes:
    """A sieve of bytes; "" for what may hold any word, since it cannot be told."""
    plain = raw.lower()
    if _has_escapes(plain):
        return b""
    try:
        words = _folded(b" ".join({*plain.split()})).split()
    except UnicodeDecodeError:
        return b""
    bits = bytearray(b"0") * _BITS
    for place in {*chain.from_iterable(map(places.__getitem__, words))}:
        bits[place] = _SET
    return int(bits, 2).to_bytes(_BITS // 8, "big")


def asked(wanted: Iterable[bytes], places: Places) -> frozenset[int]:
    """The places at which a sieve must have a bit, if a text holds every piece."""
    return frozenset(chain.from_iterable(map(places.__getitem__, wanted)))


def lets_through(made: bytes, places: Collection[int]) -> bool:
    """Whether what a sieve was made of may hold what is asked."""
    return not made or all(made[place >> 3] & 128 >> (place & 7) for place in places)


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
