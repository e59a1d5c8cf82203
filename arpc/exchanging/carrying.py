"""What is saved here carried to somebody on a stick, and theirs taken in: a file with the whole branch.

In a sealed service it holds sealed records alone. What it brings is looked through before anything of it is
let into the clone, for whoever has had the stick.
"""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from arpc import gitpeers
from arpc.errors import ArpcError
from arpc.exchanging.joining import Joined, join
from arpc.exchanging.server import came_plain
from arpc.sealing import here


def pack(root: Path, file: Path) -> None:
    """Write all that is saved here into a file.

    Raises:
        ArpcError: Nothing is saved yet, or the file cannot be written.
    """
    if not gitpeers.tip(root, "HEAD") or not gitpeers.branch(root):
        raise ArpcError("nothing is saved on a branch here", "`arpc save` keeps the records")
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
        if refusals := came_plain(root, quarantine, theirs):
            more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
            hint = "nothing was taken in; tell whoever gave it to you"
            raise ArpcError(f"{refusals[0].what}: {refusals[0].why}{more}", hint)
        gitpeers.take_over(root, quarantine, theirs)
    return join(root, theirs, who, at)
