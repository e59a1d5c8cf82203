"""Two people's work on one case brought together: what both wrote stays, and no id means two things.

`merge` joins two versions of one file; `renumbered` gives what was made twice apart an id of its own
before that, and `with_common_seals` what both added to after it was final one seal. All are functions of bytes:
they read no disk and know nothing of git.
"""

from arpc.reconciling.merging import Conflict, Labels, Merged, merge
from arpc.reconciling.renumbering import Renumbering, renumbered
from arpc.reconciling.seals import Side, with_common_seals

__all__ = [
    "Conflict",
    "Labels",
    "Merged",
    "Renumbering",
    "Side",
    "merge",
    "renumbered",
    "with_common_seals",
]
