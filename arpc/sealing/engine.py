"""What becomes of a file on its way into git and out of it.

Into git goes sealed text or nothing: without the key, or with something damaged, git is told to stop. Out of
git comes plain text where the key is there, and the sealed text as it is where not; a bad file never stands
in the way of a checkout, since it cannot be put back in.
"""

from collections.abc import Callable

from arpc.sealing import form, is_sealed
from arpc.sealing.form import AlteredError, Key
from arpc.sealing.ring import Ring


class RefusedError(Exception):
    """A file cannot go into git as it is; the message says which, why, and what to do."""


def case_of(path: str) -> str:
    """The case in whose folder a path of a repository lies; "" where in none."""
    top, _, rest = path.partition("/")
    case, _, name = rest.partition("/")
    return case if top == "cases" and name else ""


class Engine:
    """Seals and opens files by the keys that are unlocked.

    Args:
        ring: The keys.
        tell: Prints a line of what the user should know.
        is_plain: Whether it was said here that this is a service that is not sealed.
        is_sealed: Whether it is known that this is one that is.
    """

    def __init__(
        self,
        ring: Ring,
        tell: Callable[[str], None],
        *,
        is_plain: bool = False,
        is_sealed: bool = False,
    ) -> None:
        self._ring, self._tell = ring, tell
        self._is_plain, self._is_sealed = is_plain, is_sealed

    def clean(self, path: str, raw: bytes) -> bytes:
        """Return what git keeps of a file.

        Raises:
            RefusedError: It would be plain, or is a sealed file that is not sound.
        """
        if self._is_plain:
            return raw
        case = case_of(path)
        if not case:
            raise RefusedError(f"{path}: it lies in no case folder, so there is no key for it")
        if not raw:
            return b""
        if is_sealed(raw):
            self._refuse_unsound(path, case, raw)
            return raw  # locked as it was: never sealed twice
        key = self._ring.newest(case)
        if key is None:
            raise RefusedError(
                f"{path}: {case} is locked here, and plain text is never stored; `arpc unlock {case}`"
                + ("" if self._is_sealed else ", or `arpc install --plain` where nothing is sealed")
            )
        return key.seal(raw)

    def smudge(self, path: str, raw: bytes) -> bytes:
        """Return what is laid into the work tree."""
        if not is_sealed(raw):
            if raw and not self._is_plain:
                self._tell(
                    f"{path}: git has this file in PLAIN TEXT; tell whoever keeps the service"
                )
            return raw
        text, fault = opened(self._ring, case_of(path), raw)
        if fault:
            self._tell(f"{path}: {fault}; it stays locked, as it is")
        return raw if text is None else text

    def _refuse_unsound(self, path: str, case: str, raw: bytes) -> None:
        _, fault = opened(self._ring, case, raw)
        if fault and fault != ANOTHER_KEY:
            hint = f"`git checkout -- {path}` brings it back"
            raise RefusedError(f"{path}: {fault}; {hint}")


DAMAGED = "this locked file is damaged: it has not the form of one"
ALTERED = "this locked file was altered: it is not what was sealed"
ANOTHER_KEY = "this file is sealed under a key that you do not hold"


def opened(ring: Ring, case: str, raw: bytes) -> tuple[bytes | None, str]:
    """The text of a sealed file of a case, and what is wrong with it; None where it stays locked.

    A locked case is nothing wrong.
    """
    named = form.key_of(raw)
    if named is None:
        return None, DAMAGED
    key = ring.find(named, case)
    if key is None:
        return None, ANOTHER_KEY if ring.keys(case) else ""
    return _text(key, case, raw)


def _text(key: Key, case: str, raw: bytes) -> tuple[bytes | None, str]:
    try:
        text = key.open(raw)
    except AlteredError:
        return None, ALTERED
    if key.case != case:
        return None, f"this file belongs to {key.case}, and was put here"
    return text, ""
