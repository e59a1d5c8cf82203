"""The key store: a folder outside git where each case's key lies wrapped to each person who may open it.

    <store>/C-7K3Q9X2F/g2-8ec5a8f6.LK.age

The second key of the case, whose id begins with 8ec5a8f6, for LK: an armoured age file that `age -d -i
~/.ssh/id_ed25519` opens. It holds `{"arpc-wrap": 1, "case": ..., "generation": ..., "secret": <hex>}`. A case
is erased by deleting its folder here, so nothing of this may ever lie in git, whose history keeps it. The
store says what it is in a file of its own: the empty folder that an unmounted share leaves is not taken for
it, in which keys would seem deleted that are still there.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from typing import Any, NamedTuple

from arpc import disk, plainfiles
from arpc.errors import ArpcError
from arpc.sealing import form
from arpc.sealing.access import CASE, CODE
from arpc.sealing.identities import Identity

RECOVERY = "recovery"
"""Stands for the recovery key where a person's code stands otherwise."""
MARK = "arpc-key-store.txt"
_MARK_TEXT = b"""\
This folder holds the keys of arpc's cases, each wrapped to the people who may open it.
Deleting a case's folder here erases the case, once no backup of this folder is left.
It must never be kept in git, nor in backups for longer than the service says.
"""
_PREFIX_DIGITS = 8
_WHO = rf"{CODE}|{RECOVERY}"
_NAME = re.compile(rf"g([1-9][0-9]*)-([0-9a-f]{{8}})\.({_WHO})\.age\Z")
_OPENED = re.compile(rf"opened\.({_WHO})\.([0-9a-f]{{16}})\Z")
_ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----\n"
_MOST_BYTES = 16384  # a wrap has some 600; whoever can write to the store could plant a huge one

_PLANTED = "somebody may have put it there; ask a colleague who holds the case, and tell your lead"


class StoreError(ArpcError):
    """The key store cannot be reached."""


class Wrapped(NamedTuple):
    """A case's key of one generation, wrapped to one person."""

    generation: int
    prefix: str
    """The first 8 digits of the key's id, as the file's name has them."""
    raw: bytes


class Store:
    """The keys of all cases, each wrapped to whoever may have it.

    Args:
        root: The folder; see `start`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def start(self) -> None:
        """Make a folder a key store, in a folder that is there; a key store stays as it is.

        Raises:
            StoreError: It cannot be made one.
            ArpcError: It lies in git.
        """
        if any(
            (folder / ".git").exists()
            for folder in (self.root, *plainfiles.led_to(self.root).parents)
        ):
            raise ArpcError("a key store has to lie outside git", "git would keep what is deleted")
        with _telling():
            self.root.mkdir(exist_ok=True)
            with suppress(FileExistsError):
                disk.create(self.root / MARK, _MARK_TEXT, 0o644)

    def is_reachable(self) -> bool:
        """Whether the folder is there and is a key store."""
        try:
            return (self.root / MARK).is_file()
        except OSError:
            return False

    def put(self, case: str, generation: int, key_id: str, who: str, raw: bytes) -> None:
        """Keep a wrapped key.

        Args:
            case: The case's id.
            generation: The key's.
            key_id: The key's id.
            who: The code of the person it is wrapped to, or `RECOVERY`.
            raw: The wrapped key, from `wrap`.

        Raises:
            StoreError: The store cannot be reached or written to.
            ArpcError: The person has that key already, or there is no such generation, key or code.
        """
        name = f"g{generation}-{key_id[:_PREFIX_DIGITS]}.{who}.age"
        if not _NAME.match(name):
            raise ArpcError("a key is kept under its generation, its id and a person's code")
        folder = self._folder(case)
        with _telling():
            # Colleagues read and managers delete: each file has the rights of the store's own folder.
            rights = S_IMODE(self.root.stat().st_mode)
            if not folder.is_dir():
                folder.mkdir(exist_ok=True)
                with suppress(OSError):
                    folder.chmod(rights)
            try:
                disk.create(folder / name, raw, rights & 0o666)
            except FileExistsError:
                message = f"the key store has generation {generation} of {case} for {who} already"
                raise ArpcError(message) from None

    def wrapped(self, case: str, who: str) -> list[Wrapped]:
        """The keys of a case that are wrapped to a person, or to `RECOVERY`; the oldest first.

        Raises:
            StoreError: The store cannot be reached.
        """
        _checked(who)
        with _telling():
            return [
                Wrapped(generation, prefix, plainfiles.read(path, _MOST_BYTES))
                for generation, prefix, whose, path in self._found(case)
                if whose == who
            ]

    def people(self, case: str) -> frozenset[str]:
        """Whom keys of a case are wrapped to; `RECOVERY` is among them.

        Raises:
            StoreError: The store cannot be reached.
        """
        with _telling():
            return frozenset(who for _, _, who, _ in self._found(case))

    def generations(self, case: str) -> frozenset[tuple[int, str]]:
        """The generations of a case's key that are here, each with the first 8 digits of the key's id.

        Raises:
            StoreError: The store cannot be reached.
        """
        with _telling():
            return frozenset((generation, prefix) for generation, prefix, _, _ in self._found(case))

    def note_opened(self, case: str, who: str, clone: str) -> None:
        """Note that a case was opened in a clone, whose owner has to answer when it is erased.

        Raises:
            StoreError: The store cannot be reached or written to.
        """
        with _telling(), suppress(FileExistsError):
            disk.create(self._folder(case) / f"opened.{_checked(who)}.{clone}", b"", 0o644)

    def opened(self, case: str) -> list[tuple[str, str]]:
        """In which clones a case was opened, each with whose it is.

        Raises:
            StoreError: The store cannot be reached.
        """
        with _telling():
            folder = self._folder(case)
            found = (
                [_OPENED.match(path.name) for path in folder.iterdir()] if folder.is_dir() else []
            )
        return sorted((match[1], match[2]) for match in found if match)

    def cases(self) -> list[str]:
        """The cases that have keys here.

        Raises:
            StoreError: The store cannot be reached.
        """
        self._reach()
        with _telling():
            return sorted(
                path.name for path in self.root.iterdir() if re.fullmatch(CASE, path.name)
            )

    def remove(self, case: str, who: str | None = None) -> None:
        """Delete a person's keys of a case, or all that there is of the case.

        Each file is overwritten first, for what that is worth: disks, shares and backups keep copies.

        Raises:
            StoreError: The store cannot be reached, or something could not be deleted.
            ArpcError: There is nothing of the case here.
        """
        folder = self._folder(case)
        # Copies that a sync program made or a broken-off write left are the person's as well.
        own = None if who is None else re.compile(rf"\.?g.*\.{_checked(who)}(?![A-Za-z0-9])")
        with _telling("the keys could not all be deleted"):
            if not folder.is_dir():
                raise ArpcError(f"the key store has nothing of {case}")
            for inner, folders, names in os.walk(folder, topdown=False, onerror=_fail):
                for name in names:
                    if own is None or own.match(name):
                        _erase(Path(inner, name))
                for name in folders if own is None else ():
                    _take_away(Path(inner, name))
            disk.flush(folder)
            if own is None:
                folder.rmdir()
                disk.flush(self.root)

    def _found(self, case: str) -> list[tuple[int, str, str, Path]]:
        folder = self._folder(case)
        if not folder.is_dir():
            return []
        named = ((_NAME.match(path.name), path) for path in folder.iterdir())
        return sorted((int(m[1]), m[2], m[3], path) for m, path in named if m)

    def _folder(self, case: str) -> Path:
        self._reach()
        if not re.fullmatch(CASE, case):
            raise ArpcError("that is no id of a case")
        return self.root / case

    def _reach(self) -> None:
        if not self.is_reachable():
            raise _unreachable(f"the key store cannot be reached: {self.root}")


def wrap(secret: bytes, case: str, generation: int, recipients: Iterable[str]) -> bytes:
    """Wrap a case's key so that each of some keys opens it.

    Args:
        secret: The key.
        case: The case's id.
        generation: The key's.
        recipients: Public keys, of people (`ssh-ed25519 AAAA...`) or for recovery (`age1...`).
    """
    import pyrage  # type: ignore[import-untyped]

    body = {
        "arpc-wrap": 1,
        "case": case,
        "generation": generation,
        "secret": secret.hex(),
    }
    read = [
        pyrage.ssh.Recipient.from_str(key)
        if key.startswith("ssh-")
        else pyrage.x25519.Recipient.from_str(key)
        for key in recipients
    ]
    return bytes(pyrage.encrypt(json.dumps(body).encode(), read, armored=True))


def unwrap(raw: bytes, identity: Identity, case: str, generation: int, key_id: str) -> bytes:
    """Open a wrapped key.

    Args:
        raw: What the store has.
        identity: The person's key.
        case: The case that it should be of.
        generation: The generation that it should be of.
        key_id: The key's id, from the signed record: what lies in the store may be planted.

    Raises:
        ArpcError: It does not open, or is not the key that the record names.
    """
    return _unwrapped(raw, identity.age(), case, generation, key_id)


def recover(raw: bytes, private: str, case: str, generation: int, key_id: str) -> bytes:
    """Open a key that is wrapped for recovery.

    Args:
        raw: What the store has.
        private: The text of the file that `age-keygen` wrote.
        case: The case that it should be of.
        generation: The generation that it should be of.
        key_id: The key's id, from the signed record.

    Raises:
        ArpcError: The text is no age key, or the wrapped key does not open or is not the one named.
    """
    import pyrage

    lines = [line for line in private.split() if line.startswith("AGE-SECRET-KEY-1")]
    try:
        identity = pyrage.x25519.Identity.from_str(lines[0] if len(lines) == 1 else "")
    except pyrage.IdentityError:
        hint = "`age-keygen` writes one: it begins with AGE-SECRET-KEY-1"
        raise ArpcError("that is no recovery key", hint) from None
    return _unwrapped(raw, identity, case, generation, key_id)


def _unwrapped(raw: bytes, identity: Any, case: str, generation: int, key_id: str) -> bytes:
    import pyrage

    if not raw.startswith(_ARMOUR) or len(raw) > _MOST_BYTES:
        raise ArpcError("what the key store has is no wrapped key")
    try:
        # Only ever with a key: a file under a passphrase could be made to take hours.
        opened = pyrage.decrypt(raw, [identity])
    except pyrage.DecryptError:
        hint = "somebody who holds the case can give you its key anew"
        raise ArpcError(
            "the wrapped key does not open: damaged, or not for your key", hint
        ) from None
    try:
        body = json.loads(opened)
        form_of, secret = body.pop("arpc-wrap"), bytes.fromhex(body.pop("secret"))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise ArpcError("what the key store has is no wrapped key") from None
    if form_of != 1:
        raise ArpcError("this wrapped key is of a newer form", "a newer arpc reads it")
    if body != {"case": case, "generation": generation}:
        raise ArpcError("the key in the store is of another case or generation", _PLANTED)
    if len(secret) != form.SECRET_BYTES or form.key_id(secret) != key_id:
        raise ArpcError("the key in the store is not the one in the signed record", _PLANTED)
    return secret


def _checked(who: str) -> str:
    if not re.fullmatch(_WHO, who):
        raise ArpcError("that is no code of a person")
    return who


def _erase(path: Path) -> None:
    if not path.is_symlink():
        with suppress(OSError), path.open("r+b") as stream:
            stream.write(os.urandom(min(path.stat().st_size, _MOST_BYTES)))
            stream.flush()
            os.fsync(stream.fileno())
    path.unlink()


def _take_away(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    else:
        folder.rmdir()


def _fail(error: OSError) -> None:
    raise error


@contextmanager
def _telling(what: str = "the key store cannot be reached") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unreachable(f"{what}: {error.strerror or type(error).__name__}") from None


def _unreachable(message: str) -> StoreError:
    return StoreError(
        message, "cases that are unlocked go on working; connect the share, try again"
    )
