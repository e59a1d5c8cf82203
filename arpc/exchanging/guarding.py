"""What leaves a sealed service and what comes into it looked through, as a guarded server does it."""

from contextlib import chdir
from pathlib import Path

from arpc.errors import ArpcError
from arpc.sealing import guard, here
from arpc.sealing.guard import Refusal


def refusals(root: Path, tip: str, *known: str, repository: Path | None = None) -> list[Refusal]:
    """What commits hold that no guarded server would take in.

    Args:
        root: The service folder.
        tip: The last of the commits.
        known: What is not looked at again, as git rev-list takes it.
        repository: Where they are, if not in the clone.

    Raises:
        ArpcError: They hold more files than can be listed.
    """
    git = here.git_folder(root)
    sealed = git is not None and here.is_sealed(root, git)
    with chdir(repository or root):  # the guard looks at the repository in which it is started
        return guard.in_commits(tip, known, sealed=sealed)


def refuse(found: list[Refusal], hint: str) -> None:
    """Refuse to go on with something that may not be stored.

    Raises:
        ArpcError: There is any.
    """
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise ArpcError(f"{found[0].what}: {found[0].why}{more}", hint)
