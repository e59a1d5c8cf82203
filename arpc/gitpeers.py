"""Git between two repositories: what another one has, merged with what is here, and sent back.

A branch is only ever added to. So what was seen of another repository is remembered in `refs/arpc/seen`,
whatever is fetched by hand meanwhile, and somebody who takes history back there is noticed.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from arpc import gitfaults, gitrepo, gitrun
from arpc.errors import ArpcError

_SEEN = "refs/arpc/seen"
_ALL = "+refs/heads/*:refs/remotes/{0}/*"


class Peer(NamedTuple):
    """The repository with which a clone exchanges its work, and the branch on which that is done."""

    name: str
    """What the clone calls it: "origin"."""
    branch: str

    @property
    def there(self) -> str:
        """Where the clone keeps what the other has."""
        return f"refs/remotes/{self.name}/{self.branch}"

    @property
    def seen(self) -> str:
        """Where the clone remembers what it has seen there."""
        return f"{_SEEN}/{self.name}/{self.branch}"


class Sent(Enum):
    """What came of a push."""

    DONE = "done"
    BEHIND = "behind"
    """Somebody else pushed meanwhile."""
    NOT_REACHED = "not reached"


def peer(root: Path) -> Peer | None:
    """The other repository: `origin`, or the only one there is; None without one, or off a branch."""
    names = _lines(root, "remote")
    name = "origin" if "origin" in names else names[0] if len(names) == 1 else ""
    on = branch(root)
    return Peer(name, on) if name and on else None


def branch(root: Path) -> str:
    """The branch on which we stand; "" on none."""
    told = gitrun.answer(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    return told.out.decode().strip()


def calm(root: Path, ssh: str) -> dict[str, str]:
    """What tells git to ask for nothing, where nobody could answer.

    Args:
        root: The repository.
        ssh: The program that the user named for ssh, or "".
    """
    asks_nothing = {"GIT_TERMINAL_PROMPT": "0"}
    if ssh or gitrepo.told(root, "core.sshCommand"):
        return asks_nothing
    return {**asks_nothing, "GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}


def fetch(root: Path, other: Peer, around: Mapping[str, str]) -> bool:
    """Fetch what another repository has; return whether it could be reached.

    Raises:
        ArpcError: It no longer has what was seen there before.
    """
    before = [c for c in (tip(root, other.seen), tip(root, other.there)) if c]
    asked = ("fetch", "--quiet", "--prune", "--no-tags", "--no-recurse-submodules")
    words = (*asked, other.name, _ALL.format(other.name))
    if gitrun.answer(root, *words, around=around, seconds=gitrun.PATIENCE).code:
        return False
    now = tip(root, other.there)
    for commit in before:
        if not contains(root, now, commit):
            remember(root, other, commit)
            said = f"{other.name} no longer has {commit[:10]}, which this computer has seen"
            hint = (
                "nothing was merged; tell whoever keeps the service, before anything else is done"
            )
            raise ArpcError(f"{said}: history was taken back or rewritten", hint)
    remember(root, other, now)
    return True


def remember(root: Path, other: Peer, commit: str) -> None:
    """Remember what was seen in another repository.

    Raises:
        ArpcError: git refuses.
    """
    if commit:
        gitrun.ask(root, "update-ref", other.seen, commit)


def send(root: Path, other: Peer, around: Mapping[str, str]) -> Sent:
    """Send the branch to another repository.

    Raises:
        ArpcError: A guard here or there refuses it.
    """
    asked = ("push", "--porcelain", "--no-signed", "--recurse-submodules=no")
    follow = () if tip(root, other.there) else ("--set-upstream",)
    # The word `push` comes first, or the hooks would be left out.
    words = (*asked, *follow, other.name, f"HEAD:refs/heads/{other.branch}")
    around = {**around, "LC_ALL": "C"}
    told = gitrun.answer(root, *words, around=around, seconds=gitrun.PATIENCE)
    if not told.code:
        remember(root, other, tip(root, "HEAD"))
        return Sent.DONE
    refusals = [
        line for line in told.out.decode("utf-8", "replace").splitlines() if line[:1] == "!"
    ]
    if any(f"({why})" in line for line in refusals for why in _OVERTAKEN):
        return Sent.BEHIND
    said = told.said.replace(b"remote: arpc: ", b"arpc: ")
    if b"arpc: " in said:
        raise gitfaults.failed("push", said)
    if refusals:
        hint = f"`git push {other.name} {other.branch}` says why; all is saved on this computer"
        raise ArpcError(f"{other.name} refuses what is sent", hint)
    return Sent.NOT_REACHED


_OVERTAKEN = ("fetch first", "non-fast-forward", "failed to update ref", "cannot lock ref")


def tip(root: Path, name: str) -> str:
    """The commit that a name stands for; "" where there is none."""
    told = gitrun.answer(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return told.out.decode().strip() if not told.code else ""


def contains(root: Path, new: str, old: str) -> bool:
    """Whether a commit is another one, or comes after it."""
    return bool(new) and not gitrun.answer(root, "merge-base", "--is-ancestor", old, new).code


def parting(root: Path, ours: str, theirs: str) -> str:
    """The last commit that two lines have in common; "" where they have none."""
    return gitrun.answer(root, "merge-base", ours, theirs).out.decode().strip()


def differing(root: Path, before: str, after: str) -> set[str]:
    """The paths of files that two commits do not have alike.

    Raises:
        ArpcError: Git does not have them.
    """
    asked = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after)
    listed = gitrun.ask(root, *asked).decode("utf-8", "surrogateescape")
    return {*filter(None, listed.split("\0"))}


def forward(root: Path, commit: str) -> None:
    """Go on to a commit that comes after ours.

    Raises:
        ArpcError: A file that is not saved stands in the way.
    """
    asked = ("merge", "--quiet", "--ff-only", "--no-autostash", commit)
    told = gitrun.answer(root, *asked, seconds=gitrun.PATIENCE)
    if told.code:
        raise gitfaults.reason(told.said) or _in_the_way()


def merge(
    root: Path, commit: str, message: str, who: tuple[str, str], at: datetime
) -> "list[Unmerged]":
    """Merge a commit into the branch; return what git could not settle, with the merge left open.

    Raises:
        ArpcError: It cannot be begun, or a guard refuses it; then everything is as before.
    """
    if tip(root, "MERGE_HEAD"):
        raise ArpcError(
            "a merge is open here", "`git commit` ends it, `git merge --abort` undoes it"
        )
    # A record that was renamed is looked for by nobody: sealed text does not say what it was.
    asked = (
        "merge",
        "--quiet",
        "--no-ff",
        "--no-gpg-sign",
        "--no-autostash",
        "--no-verify-signatures",
    )
    words = (*asked, "-s", "ort", "-X", "no-renames", "--cleanup=verbatim", "-m", message, commit)
    told = gitrun.answer(root, *words, around=gitrepo.signed(who, at), seconds=gitrun.PATIENCE)
    if not told.code:
        return []
    if not tip(root, "MERGE_HEAD"):
        raise gitfaults.reason(told.said) or _in_the_way()
    if found := unmerged(root):
        return found
    give_up(root)
    raise gitfaults.failed("merge", told.said)


class Unmerged(NamedTuple):
    """A file that both sides changed in one place; a side without it has None."""

    path: str
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


def unmerged(root: Path) -> list[Unmerged]:
    """The files that wait for a decision, opened where that can be.

    Raises:
        ArpcError: Git does not have all of them.
    """
    listed = gitrun.ask(root, "ls-files", "--unmerged", "-z").decode("utf-8", "surrogateescape")
    sides: dict[str, dict[str, str]] = {}
    for line in filter(None, listed.split("\0")):
        about, _, path = line.partition("\t")
        _, digest, stage = about.split()
        sides.setdefault(path, {})[stage] = digest
    wanted = [(digest, path) for path, found in sides.items() for digest in found.values()]
    kept = gitrepo.contents(root, list(dict.fromkeys(wanted)))
    return [
        Unmerged(path, *(kept[found[n], path] if n in found else None for n in "123"))
        for path, found in sorted(sides.items())
    ]


def conclude(
    root: Path, paths: Sequence[str], message: str, who: tuple[str, str], at: datetime
) -> None:
    """Commit an open merge, with some files as they are now.

    Raises:
        ArpcError: git refuses.
    """
    said = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
    asked = ("add", "--all", "--force", "--pathspec-from-file=-", "--pathspec-file-nul")
    gitrun.ask(root, *asked, said=said, seconds=gitrun.PATIENCE)
    words = (*gitrepo.COMMIT, "-m", message)
    gitrun.ask(root, *words, around=gitrepo.signed(who, at), seconds=gitrun.PATIENCE)


def give_up(root: Path) -> None:
    """Leave an open merge undone.

    Raises:
        ArpcError: git refuses.
    """
    gitrun.ask(root, "merge", "--abort", seconds=gitrun.PATIENCE)


def pack(root: Path, file: Path) -> None:
    """Write the branch with all of its history into a file, whole or not at all.

    Raises:
        ArpcError: It cannot be written.
    """
    aside = file.with_name(f".{file.name}.{os.urandom(4).hex()}.tmp")
    try:
        words = ("bundle", "create", "--quiet", str(aside.absolute()), f"refs/heads/{branch(root)}")
        gitrun.ask(root, *words, seconds=gitrun.PATIENCE)
        with aside.open("rb+") as stream:
            os.fsync(stream.fileno())
        aside.replace(file)
    except OSError as error:
        raise ArpcError(f"{file.name} could not be written: {error.strerror}") from None
    finally:
        aside.unlink(missing_ok=True)


def unpack(root: Path, file: Path, quarantine: Path) -> str:
    """Read a file that `pack` wrote into a repository of its own; return the commit it leads to.

    Args:
        root: The repository in which the rest of its history may be.
        file: The file.
        quarantine: An empty folder, below the repository's own.

    Raises:
        ArpcError: It is no such file, or something is missing that it builds on.
    """
    no_bundle = ArpcError(
        f"{file.name} is nothing that `arpc save --bundle` wrote", "nothing was taken in"
    )
    gitrun.ask(quarantine, "init", "--quiet", "--bare", "--template=", alone=True)
    kept = gitrun.ask(root, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    (quarantine / "objects" / "info").mkdir(exist_ok=True)
    (quarantine / "objects" / "info" / "alternates").write_bytes(kept)
    words = (
        "-c",
        "transfer.fsckObjects=true",
        "fetch",
        "--quiet",
        "--no-tags",
        str(file.absolute()),
    )
    refs = "+refs/heads/*:refs/heads/*"
    if gitrun.answer(quarantine, *words, refs, seconds=gitrun.PATIENCE, alone=True).code:
        raise no_bundle
    found = _lines(quarantine, "for-each-ref", "--format=%(objectname)", "refs/heads")
    if len(found) != 1:
        raise no_bundle
    return found[0]


def take_over(root: Path, quarantine: Path, commit: str) -> None:
    """Take a commit and what it builds on out of a repository that `unpack` made.

    Raises:
        ArpcError: git refuses.
    """
    words = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", str(quarantine), commit)
    gitrun.ask(root, *words, seconds=gitrun.PATIENCE)


def _lines(root: Path, *asked: str) -> list[str]:
    return gitrun.ask(root, *asked).decode("utf-8", "replace").split()


def _in_the_way() -> ArpcError:
    hint = "`git status` says which; what is saved stays saved, and `arpc save` goes on"
    return ArpcError("something here that is not saved stands in the way of the others' work", hint)
