"""Opens a sealed case without arpc: with Python, git and the age program alone. Keep a printed copy.

    python3 opening.py FOLDER STORE KEY OUT

    FOLDER  a clone of the service, in which the case is locked: FOLDER/cases/C-7K3Q9X2F/...
    STORE   the key store: STORE/C-7K3Q9X2F/g1-8ec5a8f6.LK.age
    KEY     an ssh-ed25519 private key that a file in the store is wrapped to, or an age identity
    OUT     where the records are written, as plain text; it must not be there yet

What is opened here is described nowhere else as exactly as here.

A file in the store is an age file (age-encryption.org/v1) of JSON: {"arpc-wrap": 1, "case": id, "generation":
number, "secret": 64 hexadecimal digits}. From the secret come, by HKDF with SHA-256 (RFC 5869; salt
"arpc/v1"), the key's id (info "key-id", 16 bytes) and the key itself (info "blob-siv-512", 64 bytes).

A sealed file is ASCII: the line "arpc-sealed: 1", a line "key: " and the key's id in hexadecimal, a line "note: "
with a sentence for people, an empty line, then base64. That is a tag of 16 bytes and a ciphertext of AES-256-SIV
(RFC 5297) over the text, padded with a byte 0x80 and zeros to a multiple of 512; the four lines with their line
ends are the associated data. A file that is empty is not sealed.
"""

import base64
import hmac
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def derived(secret: bytes, info: bytes, size: int) -> bytes:
    """HKDF with SHA-256 (RFC 5869)."""
    root = hmac.digest(b"arpc/v1", secret, "sha256")
    found = block = b""
    while len(found) < size:
        block = hmac.digest(root, block + info + bytes([len(found) // 32 + 1]), "sha256")
        found += block
    return found[:size]


def opened(sealed: bytes, secret: bytes) -> bytes:
    """The text of a sealed file; raises ValueError if it is not what was sealed under this secret."""
    head, _, body = sealed.partition(b"\n\n")
    raw = base64.b64decode(body)
    tag, ciphertext = raw[:16], raw[16:]
    key = derived(secret, b"blob-siv-512", 64)
    authentic, secret_part = Aes(key[:32]), Aes(key[32:])
    padded = counted(secret_part, counter(tag), ciphertext)
    if not hmac.compare_digest(s2v(authentic, head + b"\n\n", padded), tag):
        raise ValueError("altered, or sealed under another key")
    return padded.rstrip(b"\0")[:-1]


def s2v(aes: "Aes", beside: bytes, text: bytes) -> bytes:
    """The tag of a text of at least 16 bytes with one string beside it (RFC 5297, 2.4)."""
    found = exclusive(doubled(cmac(aes, bytes(16))), cmac(aes, beside))
    return cmac(aes, text[:-16] + exclusive(text[-16:], found))


def cmac(aes: "Aes", text: bytes) -> bytes:
    """CMAC with AES (RFC 4493)."""
    mask = doubled(aes.block(bytes(16)))
    if not text or len(text) % 16:
        mask = doubled(mask)
        text += b"\x80" + bytes(-(len(text) + 1) % 16)
    text = text[:-16] + exclusive(text[-16:], mask)
    found = bytes(16)
    for at in range(0, len(text), 16):
        found = aes.block(exclusive(found, text[at : at + 16]))
    return found


def counter(tag: bytes) -> int:
    """Where counting begins: the tag with two of its bits cleared (RFC 5297, 2.5)."""
    return int.from_bytes(tag, "big") & ~(1 << 63 | 1 << 31)


def counted(aes: "Aes", counter: int, text: bytes) -> bytes:
    """Encrypt or decrypt by counting (RFC 5297, 2.5)."""
    parts = []
    for at in range(0, len(text), 16):
        pad = aes.block((counter & (2**128 - 1)).to_bytes(16, "big"))
        parts.append(exclusive(text[at : at + 16], pad))
        counter += 1
    return b"".join(parts)


def doubled(block: bytes) -> bytes:
    """A block times two in the field of RFC 5297, 2.3."""
    number = int.from_bytes(block, "big") << 1
    if number >> 128:
        number = (number & (2**128 - 1)) ^ 0x87
    return number.to_bytes(16, "big")


def exclusive(one: bytes, other: bytes) -> bytes:
    """The exclusive or of two strings, as long as the shorter."""
    return bytes(a ^ b for a, b in zip(one, other, strict=False))


class Aes:
    """AES with a key of 32 bytes, in one direction (FIPS 197)."""

    def __init__(self, key: bytes) -> None:
        self.box = list(substitution())
        words = [key[at : at + 4] for at in range(0, 32, 4)]
        round_constant = 1
        for number in range(8, 60):
            word = words[-1]
            if number % 8 == 0:
                word = bytes(self.box[byte] for byte in word[1:] + word[:1])
                word = bytes([word[0] ^ round_constant]) + word[1:]
                round_constant = times_two(round_constant)
            elif number % 8 == 4:
                word = bytes(self.box[byte] for byte in word)
            words.append(exclusive(words[-8], word))
        self.keys = [b"".join(words[at : at + 4]) for at in range(0, 60, 4)]

    def block(self, text: bytes) -> bytes:
        """Encrypt 16 bytes."""
        state = exclusive(text, self.keys[0])
        for number in range(1, 15):
            moved = [self.box[state[(at * 5) % 16]] for at in range(16)]
            if number < 14:
                moved = [byte for at in range(0, 16, 4) for byte in mixed(moved[at : at + 4])]
            state = exclusive(bytes(moved), self.keys[number])
        return state


def mixed(column: list[int]) -> Iterator[int]:
    """A column of the state, mixed."""
    whole = column[0] ^ column[1] ^ column[2] ^ column[3]
    for at in range(4):
        yield column[at] ^ whole ^ times_two(column[at] ^ column[(at + 1) % 4])


def times_two(byte: int) -> int:
    """A byte times two in the field of AES."""
    return (byte << 1) ^ (0x11B if byte & 0x80 else 0)


def substitution() -> Iterator[int]:
    """The table of AES, from its definition: the inverse in the field, then a sum of rotations."""
    logarithm, power, byte = [0] * 256, [0] * 256, 1
    for number in range(255):
        logarithm[byte], power[number] = number, byte
        byte ^= times_two(byte)
    power[255] = power[0]
    for byte in range(256):
        inverse = power[255 - logarithm[byte]] if byte else 0
        found = inverse
        for turn in range(1, 5):
            found ^= (inverse << turn | inverse >> (8 - turn)) & 0xFF
        yield found ^ 0x63


def secrets(store: Path, case: str, key: str) -> dict[bytes, bytes]:
    """The secrets of a case that a private key opens, by the ids of their keys."""
    found = {}
    for path in sorted((store / case).glob("g*.age")):
        done = subprocess.run(
            ["age", "-d", "-i", key, str(path)], stdout=subprocess.PIPE, check=False
        )
        if done.returncode == 0:
            secret = bytes.fromhex(json.loads(done.stdout)["secret"])
            found[derived(secret, b"key-id", 16).hex().encode()] = secret
    return found


def main(folder: Path, store: Path, key: str, out: Path) -> int:
    """Open every sealed file of a clone that a private key opens; return 1 if one did not open."""
    out.mkdir(parents=True)
    left = 0
    for case in sorted((folder / "cases").iterdir()):
        known = secrets(store, case.name, key)
        for path in sorted(p for p in case.rglob("*") if p.is_file() and known):
            text = path.read_bytes()
            if text.startswith(b"arpc-sealed: 1\nkey: "):
                try:
                    text = opened(text, known[text[20:52]])
                except (KeyError, ValueError) as error:
                    sys.stderr.write(f"not opened: {path}: {error}\n")
                    left += 1
                    continue
            target = out / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
    return 1 if left else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])))
