"""A sealed file, format 1: what git stores for every file under `cases/` that is not empty.

    arpc-sealed: 1
    key: <32 hexadecimal digits: the key's id>
    note: This case file is locked. If you work on this case, run: arpc unlock
    <an empty line>
    <base64, 76 symbols a line, of a tag of 16 bytes and the AES-256-SIV ciphertext (RFC 5297)>

The text is padded with 0x80 and zeros to a multiple of 512 bytes, so that its length says little. The four
lines at its head are the associated data. The same key and the same text give the same bytes on every
computer, which is what lets git compare files; nothing is compressed, since compressors differ. The path is
not bound: a file can be moved and merged, and each record says itself which case it is of.
"""

import binascii
import hmac
import re
from functools import cache
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

SECRET_BYTES = 32
_HEAD = (
    b"arpc-sealed: 1\nkey: %s\n"
    b"note: This case file is locked. If you work on this case, run: arpc unlock\n\n"
)
_HEAD_BYTES = len(_HEAD % (b"0" * 32))
_KEY_ID = slice(20, 52)
_BLOCK = 512
_TAG_BYTES = 16
_KEY_ID_FORM = re.compile(rb"[0-9a-f]{32}\Z")
_LINES = re.compile(
    rb"(?:[A-Za-z0-9+/]{76}\n)*(?:[A-Za-z0-9+/]{4}){0,18}"
    rb"(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)\n\Z"
)


class AlteredError(Exception):
    """A sealed file is not what was sealed: damaged, or changed by somebody without the key."""


class Key:
    """A case's key of one generation, ready to seal and open.

    Args:
        case: The case's id.
        generation: 1 for the first key of a case; each person who leaves brings the next.
        secret: 32 random bytes.
    """

    __slots__ = ("_cipher", "_head", "case", "generation", "id", "secret")

    def __init__(self, case: str, generation: int, secret: bytes) -> None:
        self.case, self.generation, self.secret = case, generation, secret
        self.id = key_id(secret)
        self._head = _HEAD % self.id.encode()
        self._cipher = AESSIV(_derived(secret, b"blob-siv-512", 64))

    def seal(self, text: bytes) -> bytes:
        """Return a text as it is kept in git; an empty one stays empty, as git never asks for those."""
        if not text:
            return b""
        padded = text + b"\x80" + bytes(-(len(text) + 1) % _BLOCK)
        return self._head + _armoured(self._cipher.encrypt(padded, [self._head]))

    def open(self, sealed: bytes) -> bytes:
        """Return the text of a file that is well formed and names this key.

        Raises:
            AlteredError: It is not, to the last byte, what was sealed.
        """
        raw = binascii.a2b_base64(sealed[_HEAD_BYTES:])
        # The form leaves one thing open: bits of the last symbol that stand for nothing.
        last = raw[-(len(raw) % 3 or 3) :]
        if sealed[-5:] != binascii.b2a_base64(last):
            raise AlteredError
        try:
            padded = self._cipher.decrypt(raw, [self._head])
        except InvalidTag:
            raise AlteredError from None
        marked = padded.rstrip(b"\0")
        if not marked.endswith(b"\x80") or len(padded) - len(marked) >= _BLOCK:
            raise AlteredError
        return marked[:-1]


def key_id(secret: bytes) -> str:
    """The id of a key, 32 hexadecimal digits: it commits to the key and tells nothing of it."""
    return _derived(secret, b"key-id", 16).hex()


def key_of(raw: bytes) -> str | None:
    """The id of the key that a sealed file names; None where it does not have the form exactly."""
    named = raw[_KEY_ID]
    if not _KEY_ID_FORM.match(named) or raw[:_HEAD_BYTES] != _HEAD % named:
        return None
    if not _LINES.match(raw, _HEAD_BYTES):
        return None
    symbols = len(raw) - _HEAD_BYTES - raw.count(b"\n", _HEAD_BYTES)
    size = symbols // 4 * 3 - raw.count(b"=", len(raw) - 3)
    if size < _TAG_BYTES + _BLOCK or (size - _TAG_BYTES) % _BLOCK:
        return None
    return named.decode()


def _armoured(raw: bytes) -> bytes:
    text = binascii.b2a_base64(raw, newline=False)
    return b"\n".join(_in_lines(len(text)).unpack(text)) + b"\n"


@cache
def _in_lines(size: int) -> Struct:
    """How a text of so many symbols is cut into lines; there are as many sizes as steps of the padding."""
    return Struct("76s" * (size // 76) + (f"{size % 76}s" if size % 76 else ""))


def _derived(secret: bytes, label: bytes, size: int) -> bytes:
    """HKDF with SHA-256 (RFC 5869); by hand, since importing it would cost each start of the filter 5 ms."""
    root = hmac.digest(b"arpc/v1", secret, "sha256")
    derived = block = b""
    while len(derived) < size:
        block = hmac.digest(root, block + label + bytes([len(derived) // 32 + 1]), "sha256")
        derived += block
    return derived[:size]
