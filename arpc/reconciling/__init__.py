"""Two people's work on one case brought together: what both wrote stays, and no id means two things.

`merge` joins two versions of one file; `renumbered` gives what was made twice apart an id of its own
before that. Both are functions of bytes: they read no disk and know nothing of git.
"""

from arpc.reconciling.merging import Conflict, Labels, Merged, merge
from arpc.reconciling.renumbering import Renumbering, renumbered

__all__ = ["Conflict", "Labels", "Merged", "Renumbering", "merge", "renumbered"]
