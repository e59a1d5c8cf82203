"""`arpc diff`: what changed in a case since a day, as one would tell a supervisor.

Nothing is left out: what has words of its own here is told in them, and every other change is named with
its record and field. `comparing` finds what differs, `words`, `heads` and `entries` say what it is called,
`telling` puts it in order.
"""

from arpc.differing.entries import Subject
from arpc.differing.telling import Change, changes

__all__ = ["Change", "Subject", "changes"]
