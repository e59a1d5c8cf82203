"""Two people's saved work brought together: over a server, a shared folder, or a stick that is carried.

`joining` brings two lines of one history together, whichever way the other one came, and `settling` says what
stands in the files that both changed; `server` and `carrying` are the two ways, `guarding` looks through what
comes and goes.
"""

from arpc.exchanging.carrying import pack, take_in
from arpc.exchanging.joining import Came, Joined
from arpc.exchanging.server import Exchanged, exchange
from arpc.exchanging.settling import Clash, ToDecide

__all__ = [
    "Came",
    "Clash",
    "Exchanged",
    "Joined",
    "ToDecide",
    "exchange",
    "pack",
    "take_in",
]
