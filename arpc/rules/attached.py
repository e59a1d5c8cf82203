"""Attached files: what lies beside a record is what was put there."""

from collections.abc import Iterator
from itertools import chain

from arpc.provisions import AsOf, Problem, rule
from arpc.sources import RECORDING


@rule(RECORDING.saying("originals are kept"), never=True)
def attached_file_changed(as_of: AsOf) -> Iterator[Problem]:
    """A file that was attached to a record is not what it was, or is gone.

    A child's drawing or a letter is evidence like words: what others look at later has to be what was
    there when it was described.
    """
    file = as_of.file
    everything = chain(
        *(r.attachments for r in file.sessions), *(d.attachments for d in file.documents)
    )
    for attached in everything:
        now = file.digest_of(attached.path) if attached.name else None
        if now is not None and now != attached.digest:
            found = "has changed since it was attached" if now else "is gone"
            hint = "bring back what was attached; a new file is attached with `arpc attach`"
            yield Problem(attached.at("name", value=True), f"{attached.name} {found}", hint)
