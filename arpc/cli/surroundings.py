"""Which repository a command works in, whatever git has said of others in the environment.

Whoever runs arpc from a hook or an alias of git's, or works in a repository that lies elsewhere, has such
variables set. The records belong to the repository around them, and into no other.
"""

import os
from pathlib import Path

_OF_OTHERS = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE"),
    *("GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE"),
    # What a path means is for us to say, too.
    *("GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"),
)
_INDEX = "GIT_INDEX_FILE"


def forget_others() -> None:
    """Take out of the environment what leads git to another repository.

    A hook of our own repository is told of the list of files that is about to be committed, which need not be
    the usual one; that is kept.
    """
    for name in _OF_OTHERS:
        os.environ.pop(name, None)
    if index := os.environ.pop(_INDEX, ""):
        from arpc.sealing import here

        git, lies_at = here.git_folder(Path.cwd()), os.path.realpath(index)
        if git and Path(lies_at).is_relative_to(os.path.realpath(git)):
            os.environ[_INDEX] = lies_at
