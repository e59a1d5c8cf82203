"""What is saved here exchanged with a server, or a bare repository on a share: fetch, merge, push.

Whoever comes second merges, so that the branch there is only ever added to. Whether the server can be reached
is no matter of the records: what is saved on this computer is saved.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from arpc import gitpeers
from arpc.errors import ArpcError
from arpc.exchanging import guarding
from arpc.exchanging.joining import Joined, join
from arpc.gitpeers import Peer, Sent
from arpc.sealing.guard import Refusal

_TRIES = 5


class Exchanged(NamedTuple):
    """What came of it."""

    joined: Joined
    is_reached: bool
    """Whether the server has all that is saved here."""
    refusals: tuple[Refusal, ...] = ()
    """What came that no guarded server would have taken in: somebody else's slip, to be told on."""


def exchange(
    root: Path,
    other: Peer,
    who: tuple[str, str],
    at: datetime,
    around: Mapping[str, str],
    tell: Callable[[Joined], None],
) -> Exchanged:
    """Fetch what others have saved, bring it together with what is saved here, and send that back.

    Args:
        root: The service folder.
        other: The other repository.
        who: The name and e-mail address of whoever does it.
        at: When.
        around: What goes into git's environment where it talks to another computer.
        tell: Takes what was brought together as soon as it is, whatever becomes of the rest.

    Raises:
        ArpcError: History was taken back there, what is there cannot be merged here, or a guard refuses.
    """
    joined = Joined()
    refusals: list[Refusal] = []
    for _ in range(_TRIES):
        if not gitpeers.fetch(root, other, around):
            return Exchanged(joined, False, tuple(refusals))
        theirs = gitpeers.tip(root, other.there)
        if theirs:
            refusals += guarding.refusals(root, theirs, *_tip(root))
            once = join(root, theirs, who, at)
            tell(once)
            joined = joined.then(once)
        if theirs == gitpeers.tip(root, "HEAD"):
            return Exchanged(joined, True, tuple(refusals))
        sent = gitpeers.send(root, other, around)
        if sent is not Sent.BEHIND:
            return Exchanged(joined, sent is Sent.DONE, tuple(refusals))
    raise ArpcError(f"others kept saving to {other.name} meanwhile", "`arpc save` once more")


def _tip(root: Path) -> list[str]:
    return [tip] if (tip := gitpeers.tip(root, "HEAD")) else []
