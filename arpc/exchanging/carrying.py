"""What is saved here carried to somebody on a stick, and theirs taken in: a file with the whole branch.

In a sealed service it holds sealed records alone. What it brings is looked through before anything of it is
let into the clone, for whoever has had the stick.
"""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from arpc import gitpeers
from arpc.errors import ArpcError
from arpc.exchanging import guarding
from arpc.exchanging.joining import Joined, join
from arpc.sealing import here


def pack(root: Path, file: Path) -> None:
    """Write all that is saved here into a file.

    Raises:
        ArpcError: Nothing is saved yet, something plain would leave a sealed service, or the file cannot
            be written.
    """
    if not gitpeers.tip(root, "HEAD") or not gitpeers.branch(root):
        raise ArpcError("nothing is saved on a branch here", "`arpc save` keeps the records")
    found = guarding.refusals(root, gitpeers.tip(root, "HEAD"), "--remotes")
    guarding.refuse(found, "nothing was written; tell whoever keeps the service")
    gitpeers.pack(root, file)


def take_in(root: Path, file: Path, who: tuple[str, str], at: datetime) -> Joined:
    """Bring what a file brings together with what is saved here.

    Raises:
        ArpcError: It is no such file, it brings something plain to a sealed service, or it cannot be merged.
    """
    git = here.git_folder(root)
    if git is None:
        raise ArpcError("this folder is no git repository", "`git clone FILE` makes one of it")
    if not file.is_file():
        raise ArpcError(f"there is no file {file.name}", "nothing was taken in")
    (git / "arpc").mkdir(exist_ok=True)
    with TemporaryDirectory(dir=git / "arpc", prefix="carried-") as place:
        quarantine = Path(place).absolute()
        theirs = gitpeers.unpack(root, file, quarantine)
        ours = gitpeers.tip(root, "HEAD")
        known = [ours] if ours else []
        found = guarding.refusals(root, theirs, *known, repository=quarantine)
        guarding.refuse(found, "nothing was taken in; tell whoever gave it to you")
        gitpeers.take_over(root, quarantine, theirs)
    return join(root, theirs, who, at)
