"""One ssh-ed25519 key a person: it signs, and it opens what is wrapped to the person.

Signatures are OpenSSH's (PROTOCOL.sshsig), to the byte those of `ssh-keygen -Y sign`, so that anybody can
check them without this program. A key is `ssh-ed25519 AAAA...` everywhere, without a comment. Keys held by
an agent or a token can sign but not open, which is why a key file is asked for.
"""

import binascii
import hashlib
import re
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from arpc import plainfiles
from arpc.errors import ArpcError

_KIND = b"ssh-ed25519"
_NEEDED = "an ed25519 key is needed: `ssh-keygen -t ed25519` makes one"
_PUBLIC = re.compile(r"(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ ")
_MOST_BYTES = 65536  # far above any key file
_PRIVATE = (b"-----BEGIN OPENSSH PRIVATE KEY-----", b"-----END OPENSSH PRIVATE KEY-----")
_PRIVATE_MAGIC = b"openssh-key-v1\0"

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n"
_SIGNATURE = re.compile(rf"{_BEGIN}([A-Za-z0-9+/=\n]+){_END}\Z")
_MAGIC = b"SSHSIG"
_VERSION = struct.pack(">I", 1)
_HASHES = (b"sha512", b"sha256")

# The field and the curve of Ed25519 (RFC 8032, section 5.1).
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P


class SignatureError(ArpcError):
    """A signature is not one, or not of this text."""


class PassphraseError(ArpcError):
    """A passphrase does not open the key."""


class Identity:
    """A person's key with its private half, in memory alone.

    Args:
        private: The key.
    """

    __slots__ = ("_private", "public")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = _text(_blob(private.public_key().public_bytes_raw()))

    def sign(self, message: bytes, namespace: str) -> str:
        """Sign a message for one use; a signature for another use is never taken for it."""
        digest = _HASHES[0]
        made = self._private.sign(_signed(namespace.encode(), digest, message))
        fields = (_raw(self.public), namespace.encode(), b"", digest, _joined(_KIND, made))
        return _armoured(fields)

    def age(self) -> Any:
        """The same key as `pyrage` takes it, to open what was wrapped to the person."""
        import pyrage  # type: ignore[import-untyped]
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        raw = self._private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        return pyrage.ssh.Identity.from_buffer(raw)


def load(path: Path, ask: Callable[[], str]) -> Identity:
    """Read a private key.

    Args:
        path: The file, as `ssh-keygen` writes it.
        ask: Asks for the passphrase; called once, and only if the key has one.

    Raises:
        PassphraseError: The passphrase is wrong.
        ArpcError: There is no such file, or it holds no private ed25519 key.
    """
    try:
        raw = plainfiles.read(path, _MOST_BYTES, may_be_link=True)
    except FileNotFoundError:
        hint = "`--key FILE` names another; `ssh-keygen -t ed25519` makes one"
        raise ArpcError(f"there is no key {path}", hint) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ArpcError(f"the key {path} cannot be read: {reason}") from None
    kind, is_protected = _about(raw, path)
    if kind != _KIND:
        raise ArpcError(
            f"{path} is a key of another type: {kind.decode('ascii', 'replace')}", _NEEDED
        )
    private = _opened(raw, path, ask if is_protected else None)
    assert isinstance(private, Ed25519PrivateKey)  # or it would not have been read
    return Identity(private)


def public_key(text: str) -> str:
    """Return the key in a line of a `.pub` file, without its comment.

    Raises:
        ArpcError: It is no ssh-ed25519 key, or one that could not be told from others' signatures.
    """
    words = text.split()
    if "PRIVATE KEY" in text:
        raise ArpcError("that is the private half of a key", "give the file that ends in .pub")
    if len(text.splitlines()) != 1 or len(words) < 2:
        raise ArpcError("that is no public ssh key", "give the file that ends in .pub")
    if words[0].encode() != _KIND:
        raise ArpcError("that is no ssh-ed25519 key", _NEEDED)
    key = " ".join(words[:2])
    point = _point(key)
    if point is None or not _is_sound(point):
        raise ArpcError("that ssh-ed25519 key is damaged", "copy the whole line of the .pub file")
    return key


def recovery_key(text: str) -> str:
    """Return the public half of an age key (`age1...`), as `age-keygen` prints it.

    Raises:
        ArpcError: It is none.
    """
    import pyrage

    key = text.strip()
    try:
        return str(pyrage.x25519.Recipient.from_str(key))
    except pyrage.RecipientError:
        hint = "`age-keygen` prints it: it begins with age1"
        raise ArpcError("that is no public age key", hint) from None


def fingerprint(public: str) -> str:
    """The fingerprint of a key, as `ssh-keygen -l` prints it."""
    digest = hashlib.sha256(_raw(public)).digest()
    return "SHA256:" + _base64(digest).rstrip("=")


def is_fingerprint(text: str) -> bool:
    """Whether a text has the form of a fingerprint."""
    return re.fullmatch("SHA256:[A-Za-z0-9+/]{43}", text) is not None


def verify(signature: str, message: bytes, namespace: str) -> str:
    """Return the key that signed a message; whose it is, and that it is sound, the caller has to know.

    Raises:
        SignatureError: It is not exactly what that key made of this message for this use.
    """
    fields = _fields(signature)
    public, use, _, digest, made = fields
    if use != namespace.encode():
        raise SignatureError("the signature is for another use")
    point, kind_and_value = _point(_text(public)), _strings(made)
    if point is None:
        raise SignatureError("the signature is not by an ed25519 key", _NEEDED)
    if digest not in _HASHES or len(kind_and_value) != 2 or kind_and_value[0] != _KIND:
        raise SignatureError("the signature is of a kind that is not taken here")
    try:
        signed = _signed(use, digest, message)
        Ed25519PublicKey.from_public_bytes(point).verify(kind_and_value[1], signed)
    except InvalidSignature:
        raise SignatureError("the signature is not of this text") from None
    return _text(public)


def allowed_signers(people: Iterable[tuple[str, str]], namespaces: Iterable[str]) -> str:
    """What `ssh-keygen -Y verify -f` reads to know whose key is whose.

    Args:
        people: Each person's code and key.
        namespaces: The uses that they may sign for.
    """
    uses = ",".join(namespaces)
    return "".join(f'{code} namespaces="{uses}" {key}\n' for code, key in people)


def _about(raw: bytes, path: Path) -> tuple[bytes, bool]:
    """The type of a private key, and whether a passphrase protects it; both stand there in the open."""
    if _PUBLIC.match(raw[:64].decode("ascii", "replace")):
        raise ArpcError(f"{path} is the public half of a key", "give the file without .pub")
    begin, end = _PRIVATE
    if begin not in raw:
        raise ArpcError(f"{path} is no private key of OpenSSH", _NEEDED)
    if end not in raw:
        raise _damaged(path)
    try:
        body = binascii.a2b_base64(raw.split(begin, 1)[1].split(end, 1)[0])
        magic, body = body[: len(_PRIVATE_MAGIC)], body[len(_PRIVATE_MAGIC) :]
        cipher, _, _, body = _first(body, 3)
        public, _ = _first(body[4:], 1)
        kind, _ = _first(public, 1)
    except (ValueError, struct.error):
        raise _damaged(path) from None
    if magic != _PRIVATE_MAGIC:
        raise _damaged(path)
    return kind, cipher != b"none"


def _opened(raw: bytes, path: Path, ask: Callable[[], str] | None) -> object:
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    passphrase = ask().encode(errors="surrogateescape") if ask else None
    wrong = PassphraseError(f"that is not the passphrase of {path}")
    if passphrase == b"":
        raise wrong
    try:
        return load_ssh_private_key(raw, passphrase)
    except UnsupportedAlgorithm:
        hint = f"`ssh-keygen -p -Z aes256-ctr -f {path}` protects it in the usual way"
        raise ArpcError(f"{path} is protected in a way that is not read here", hint) from None
    except ValueError:
        raise wrong if ask else _damaged(path) from None


def _damaged(path: Path) -> ArpcError:
    return ArpcError(f"the key {path} is damaged", "take it from a copy of it")


def _fields(signature: str) -> list[bytes]:
    """The five fields of a signature that is written exactly as it should be."""
    if found := _SIGNATURE.match(signature):
        try:
            raw = binascii.a2b_base64(found[1])
            fields = _strings(raw[len(_MAGIC + _VERSION) :])
        except ValueError:
            fields = []
        if len(fields) == 5 and not fields[2] and _armoured(fields) == signature:
            return fields
    raise SignatureError("that is no signature of OpenSSH, or it is damaged")


def _signed(namespace: bytes, digest: bytes, message: bytes) -> bytes:
    hashed = hashlib.new(digest.decode(), message).digest()
    return _MAGIC + _joined(namespace, b"", digest, hashed)


def _armoured(fields: Iterable[bytes]) -> str:
    text = _base64(_MAGIC + _VERSION + _joined(*fields))
    return _BEGIN + "".join(f"{text[at : at + 70]}\n" for at in range(0, len(text), 70)) + _END


def _joined(*strings: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(string)) + string for string in strings)


def _first(raw: bytes, count: int) -> list[bytes]:
    """The first strings of what was joined, and the rest."""
    found = []
    for _ in range(count):
        (size,) = struct.unpack_from(">I", raw)
        if size > len(raw) - 4:
            raise ValueError("cut off")
        found.append(raw[4 : 4 + size])
        raw = raw[4 + size :]
    return [*found, raw]


def _strings(raw: bytes) -> list[bytes]:
    """What was joined; nothing where it is not whole."""
    found = []
    while raw:
        try:
            string, raw = _first(raw, 1)
        except (ValueError, struct.error):
            return []
        found.append(string)
    return found


def _blob(point: bytes) -> bytes:
    return _joined(_KIND, point)


def _text(blob: bytes) -> str:
    return f"{_KIND.decode()} {_base64(blob)}"


def _raw(public: str) -> bytes:
    return binascii.a2b_base64(public.split()[1])


def _base64(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).decode()


def _point(key: str) -> bytes | None:
    """The 32 bytes of a key that is written exactly as it should be."""
    try:
        point = _raw(key)[-32:]
    except ValueError:
        return None
    return point if key == _text(_blob(point)) and len(point) == 32 else None


def _is_sound(point: bytes) -> bool:
    """Whether a point is on the curve, written in the one way, and not of small order.

    With a key of small order, one signature fits every text.
    """
    y = int.from_bytes(point, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    is_on_curve = y < _P and pow(square, (_P - 1) // 2, _P) == 1
    is_small = y == 0 or (_D * y**4 + 2 * y * y - 1) % _P == 0
    return is_on_curve and not is_small
