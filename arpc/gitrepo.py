"""A service folder as git keeps it: the few things that arpc asks of it, and none that a folder may slip in.

A folder that somebody sent may carry git settings that run programs. They are looked for before
anything is run in it.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from arpc import bounds, gitfaults, gitobjects, gitrun, placing
from arpc.errors import ArpcError
from arpc.sealing import here, wiring

_RUNS_PROGRAMS = re.compile(
    r"(?:filter\..*|diff\..*\.(?:textconv|command)|diff\.external|core\.(?:fsmonitor|hookspath|excludesfile"
    r"|sshcommand|pager|editor|attributesfile|worktree|gitproxy)|gpg\.(?:.*\.)?program"
    r"|include(?:if)?\..*|credential\..*|remote\..*\.(?:uploadpack|receivepack|vcs)"
    r"|submodule\..*\.update|merge\..*\.driver|core\.(?:askpass|alternaterefscommand))\Z",
    re.IGNORECASE,
)
_AT_ONCE = 2 * bounds.GIGABYTE  # of files, recordings among them


class Commit(NamedTuple):
    """A commit: its whole hash, when it was made, by the clock of whoever made it, and who that was."""

    id: str
    made: datetime
    by: str
    """The name that its author has in git; anybody can write any."""

    @property
    def short(self) -> str:
        """The hash as it is printed; always as long, so that it does not depend on the others."""
        return self.id[:10]

    @property
    def day(self) -> date:
        """The day it was where the commit was made."""
        return self.made.date()


def is_available() -> bool:
    """Whether git is on this computer."""
    return shutil.which("git") is not None


def is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a git work tree."""
    return (folder / ".git").exists()


def version(folder: Path) -> tuple[int, ...]:
    """The version of git, such as (2, 39, 5).

    Raises:
        ArpcError: git does not answer.
    """
    found = re.search(r"[0-9]+(?:\.[0-9]+)*", gitrun.text(folder, "version", alone=True))
    return tuple(map(int, found[0].split("."))) if found else ()


def start(folder: Path) -> None:
    """Make a folder a git repository with the branch main.

    Raises:
        ArpcError: git refuses.
    """
    gitrun.text(folder, "init", "--quiet", "--initial-branch=main", "--template=")
    gitrun.text(folder, "config", "core.fsync", "all")
    gitrun.text(folder, "config", "core.autocrlf", "false")


class Changed(NamedTuple):
    """A file that differs from what the last commit has of it."""

    path: str
    """Below the repository, with forward slashes."""
    how: str
    """new, changed or gone."""
    is_known: bool
    """Whether the last commit has the file."""


def changed(root: Path, *paths: str) -> list[Changed]:
    """The files that the last commit does not have as they are, below some paths or anywhere.

    Among them are records that git is told to ignore: who ignores "*.pdf" on their own computer does not
    mean the letters of a case.

    Raises:
        ArpcError: This is no repository, two versions of a file wait for a decision in it, git does not
            look at a file, or its own git settings would run programs.
    """
    if not is_repository(root):
        raise ArpcError("this folder is no git repository", "`git init` makes it one")
    _refuse_programs(root)
    if found := unseen(root, *paths):
        path, remedy = found
        raise ArpcError(f"git is told not to look at {path}", f"`{remedy}`, and try again")
    asked = ("--porcelain", "-z", "--untracked-files=all", "--ignored=traditional", "--no-renames")
    files: dict[str, Changed] = {}
    if not bounds.HOLD and head(root) and _is_endless(root):
        raise ArpcError(*gitfaults.ENDLESS)
    listed = gitrun.ask(root, "status", *asked, "--", *paths, seconds=gitrun.PATIENCE).decode(
        "utf-8", "replace"
    )
    for entry in filter(None, listed.split("\0")):
        state, path = entry[:2], entry[3:]
        if state == "!!" and (not placing.has_place(path) or placing.is_settings(path)):
            continue
        if "U" in state or state in ("AA", "DD"):
            hint = "bring the two together in the file, then `git add` it"
            raise ArpcError(f"there are two versions of {path}", hint)
        is_new = state in ("??", "!!") or "A" in state
        how = "gone" if "D" in state else "new" if is_new else "changed"
        if how == "gone" and (root / path).is_dir():
            continue  # a folder stands in its place, and is told by what lies in it
        if path in files:  # it is staged as gone, and stands there all the same
            how, is_new = "changed", False
        files[path] = Changed(path, how, not is_new)
    return [*files.values()]


def damage(root: Path) -> ArpcError | None:
    """What git cannot read of the history that led to where it stands; None where it can read all.

    What the files say is not looked at, but that none of git's own is empty, as a power cut leaves them.
    """
    git = here.git_folder(root)
    loose = (git / "objects").glob("[0-9a-f][0-9a-f]/[0-9a-f]*") if git else ()
    if any(not path.stat().st_size for path in loose):
        return ArpcError(*gitfaults.DAMAGED)
    try:
        if head(root):
            gitrun.ask(root, "rev-list", "--objects", "--quiet", "HEAD", seconds=gitrun.PATIENCE)
            if _is_endless(root):
                return ArpcError(*gitfaults.ENDLESS)
    except ArpcError as error:
        return error
    return None


def _is_endless(root: Path) -> bool:
    """Whether the last commit holds more files than can be listed."""
    return gitobjects.is_endless(gitrun.words(), ["HEAD^{tree}"], root)


def unseen(root: Path, *paths: str) -> tuple[str, str] | None:
    """A file that lies here and whose changes git is told to pass over, and what makes it look again."""
    for line in gitrun.text(root, "ls-files", "-v", "-z", "--", *paths).split("\0"):
        mark, path = line[:1], line[2:]
        if (mark.islower() or mark == "S") and os.path.lexists(root / path):
            way = "--no-assume-unchanged" if mark.islower() else "--no-skip-worktree"
            return path, f"git update-index {way} {path}"
    return None


def commit(
    root: Path, paths: Sequence[str], message: str, who: tuple[str, str], at: datetime
) -> Commit:
    """Commit the files at some paths as they are; the last commit, where they are again as that has them.

    Args:
        root: The repository.
        paths: Files, below the repository; those that are gone are committed as gone.
        message: What the commit says of itself.
        who: A name and an e-mail address.
        at: When; without a zone it is this computer's.

    Raises:
        ArpcError: git refuses, or has lost the commit that this one would follow.
    """
    head(root)
    listed = "\0".join(paths).encode()
    # Each path by itself, and none that lies below it: a folder may stand where a file was.
    take_in = ("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
    gitrun.ask(root, *take_in, said=listed, seconds=gitrun.PATIENCE)
    # Git commits a merge that somebody has begun by hand as a whole or not at all.
    is_merging = not gitrun.answer(root, "rev-parse", "--verify", "--quiet", "MERGE_HEAD").code
    if not all(os.path.lexists(root / path) for path in paths):
        # One that was staged and never saved, and is gone by now, is nothing that git could commit.
        staged = {*staged_files(root)}
        listed = "\0".join(path for path in paths if path in staged).encode()
        if not listed and not is_merging:
            return tip(root)
    by_list = () if is_merging else ("--pathspec-from-file=-", "--pathspec-file-nul")
    words = (*COMMIT, "-m", message, *by_list)
    said = b"" if is_merging else listed
    told = gitrun.answer(root, *words, said=said, around=signed(who, at), seconds=gitrun.PATIENCE)
    if told.code and (told.code > 1 or told.said):  # else the files are as they were saved last
        raise gitfaults.failed("commit", told.said)
    [(made, _)] = _history(root, "--max-count=1", "HEAD")
    return made


# Settings of this computer may ask for a signature or a template; a save asks for nothing.
COMMIT = ("commit", "--quiet", "--no-gpg-sign", "--cleanup=verbatim")


def signed(who: tuple[str, str], at: datetime) -> dict[str, str]:
    """What tells git by whom a commit is, and of when, as variables of its environment."""
    name, email = who
    when = at.isoformat(timespec="seconds")
    by = {"NAME": name, "EMAIL": email, "DATE": when}
    return {f"GIT_{role}_{key}": by[key] for role in ("AUTHOR", "COMMITTER") for key in by}


def tell(folder: Path, settings: Mapping[str, str], *, everywhere: bool = False) -> None:
    """Write settings into a clone, or for all that this user does with git on this computer.

    Raises:
        ArpcError: git refuses.
    """
    for key, value in settings.items():
        gitrun.text(
            folder, "config", "--global" if everywhere else "--local", key, value, alone=True
        )


def serve(repository: Path) -> None:
    """Let a bare repository that is empty begin with the branch main, as every service does.

    Raises:
        ArpcError: git refuses.
    """
    if not gitrun.text(repository, "for-each-ref", "--count=1"):
        gitrun.text(repository, "symbolic-ref", "HEAD", "refs/heads/main")


def told(folder: Path, key: str) -> str:
    """What a setting says, wherever it stands; "" where nothing does."""
    return gitrun.text(folder, "config", "--get", key, fine=(0, 1), alone=True).strip()


def all_told(folder: Path) -> dict[str, str]:
    """All settings that hold in a folder, by their names in small letters; of one said twice the last.

    Raises:
        ArpcError: git does not answer.
    """
    listed = gitrun.text(folder, "config", "--show-scope", "-z", "--list", alone=True).split("\0")
    pairs = zip(listed[::2], listed[1::2], strict=False)
    return {
        key.lower(): value
        for scope, each in pairs
        if scope != "command"
        for key, _, value in [each.partition("\n")]
    }


def known_files(root: Path, *folders: str) -> list[str]:
    """The files in some folders that git knows, below the repository."""
    return [
        name for name in gitrun.text(root, "ls-files", "-z", "--", *folders).split("\0") if name
    ]


def lay_out(root: Path, paths: Sequence[str]) -> None:
    """Lay files into the work tree anew, as git has them: opened where that can be, else locked.

    What stood there is lost, so that it is for files alone that say nothing else than git has.

    Raises:
        ArpcError: git refuses.
    """
    for path in paths:
        (root / path).unlink(missing_ok=True)
    said = "".join(f"{path}\0" for path in paths).encode()
    gitrun.ask(
        root, "checkout-index", "-f", "-u", "-z", "--stdin", said=said, seconds=gitrun.PATIENCE
    )


def take_in_anew(root: Path, folder: str) -> None:
    """Let the filter make of each file in a folder what git is to keep of it now.

    Raises:
        ArpcError: git refuses.
    """
    gitrun.ask(root, "add", "--renormalize", "--", folder, seconds=gitrun.PATIENCE)


class Past(NamedTuple):
    """A commit to be made of a day that has passed."""

    at: datetime
    """When, with a zone."""
    message: str
    files: Mapping[str, bytes]
    """What it adds or changes, by the path below the repository."""


def invent(root: Path, commits: Iterable[Past], who: tuple[str, str]) -> None:
    """Give an empty repository a history; what lies in the folder stays as it is.

    Raises:
        ArpcError: git refuses.
    """
    stream = bytearray()
    for past in commits:
        seconds = f"{past.at.timestamp():.0f} {past.at:%z}"
        stream += f"commit refs/heads/main\ncommitter {who[0]} <{who[1]}> {seconds}\n".encode()
        stream += _counted(past.message.encode())
        for path, raw in past.files.items():
            stream += f"M 100644 inline {path}\n".encode() + _counted(raw)
    gitrun.ask(root, "fast-import", "--quiet", said=bytes(stream))
    gitrun.text(root, "reset", "--quiet")


def _counted(raw: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(raw), raw)


def user_email(folder: Path) -> str:
    """The e-mail address that git knows the user by, or "".

    Raises:
        ArpcError: The folder's own git settings would run programs.
    """
    if not is_available():
        return ""
    if is_repository(folder):
        _refuse_programs(folder)
    return gitrun.text(folder, "config", "--get", "user.email", fine=(0, 1)).strip()


def staged_files(root: Path) -> list[str]:
    """The files that the next commit changes, below the repository, with forward slashes.

    Raises:
        ArpcError: This is no repository, or its own git settings would run programs.
    """
    if not is_repository(root):
        raise ArpcError("this folder is no git repository", "`git init` makes it one")
    _refuse_programs(root)
    base = head(root) or gitrun.text(root, "hash-object", "-t", "tree", "--stdin").strip()
    listed = gitrun.text(root, "diff", "--cached", "--name-only", "-z", "--no-renames", base)
    return [name for name in listed.split("\0") if name]


def last_commit_on(root: Path, day: date) -> Commit:
    """The newest commit of the whole history before HEAD that was made by the end of a day.

    Which day it was is decided by the offset that each commit carries, not by this computer's zone.

    Raises:
        ArpcError: This is no repository, nothing was saved by then, the history here is cut off
            so that it may hide the commit, or the folder's own git settings would run programs.
    """
    if not is_repository(root):
        hint = "what was known on a day is read from git's history, which only a repository has"
        raise ArpcError("this folder is no git repository", hint)
    _refuse_programs(root)
    if not (last := head(root)):
        raise ArpcError("nothing was ever saved here", "`arpc save` keeps the records")
    history = list(_history(root, last, "--date-order"))
    if any(is_first and commit.day > day for commit, is_first in history) and _is_cut_off(root):
        hint = "`git fetch --unshallow` fetches the rest of the history"
        raise ArpcError(f"the history here is cut off and may hide what was known on {day}", hint)
    found = next((commit for commit, _ in history if commit.day <= day), None)
    if found is None:
        first = min(commit.day for commit, _ in history)
        raise ArpcError(f"nothing was saved by {day}", f"the first commit is of {first}")
    return found


def tip(root: Path) -> Commit:
    """The last commit.

    Raises:
        ArpcError: This is no repository, nothing was ever saved in it, or its own git settings would run
            programs.
    """
    if not is_repository(root):
        raise ArpcError("this folder is no git repository", "`git init` makes it one")
    _refuse_programs(root)
    if not head(root):
        raise ArpcError("nothing was ever saved here", "`arpc save` keeps the records")
    [(found, _)] = _history(root, "--max-count=1", "HEAD")
    return found


def has_commit(root: Path, commit: str) -> bool:
    """Whether git has a commit here, on whatever branch or on none."""
    asked = ("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
    return bool(gitrun.text(root, *asked, fine=(0, 1, 128)).strip())


def is_before(root: Path, commit: str, later: Commit) -> bool:
    """Whether a commit is one of those that led to a later one, or is the same."""
    return not gitrun.text(root, "rev-list", "--max-count=1", commit, f"^{later.id}").strip()


def objects_at(root: Path, commit: str, *folders: str) -> dict[str, str]:
    """What git calls the content of each file in some folders of a commit, by path."""
    listed = gitrun.text(root, "ls-tree", "-r", "-z", commit, "--", *folders)
    entries = (line.partition("\t") for line in filter(None, listed.split("\0")))
    return {name: about.split()[2] for about, _, name in entries}


def commits_up_to(root: Path, commit: Commit, path: str) -> list[Commit]:
    """The commits that changed a path, up to and with a commit, newest first."""
    return [found for found, _ in _history(root, commit.id, *_ALL_OF, path)]


def commits_beyond(root: Path, commit: Commit, path: str) -> list[Commit]:
    """The commits before HEAD that changed a path and do not come before a commit, newest first."""
    return [found for found, _ in _history(root, "HEAD", f"^{commit.id}", *_ALL_OF, path)]


def folders_at(root: Path, commit: Commit, folder: str) -> list[str]:
    """The names of the folders in a folder of a commit; none where that was not there."""
    listed = gitrun.text(root, "ls-tree", "-z", commit.id, "--", f"{folder}/")
    entries = (line.partition("\t") for line in filter(None, listed.split("\0")))
    return [name.removeprefix(f"{folder}/") for about, _, name in entries if " tree " in about]


def files_at(root: Path, place: str, *paths: str) -> dict[str, bytes | None]:
    """The files at or below some paths as git keeps them; None for what is no plain file.

    Args:
        root: The repository.
        place: "index" for what is staged, "tip" for the last commit, or the hash of a commit.
        paths: Files and folders, below the repository like the paths in the answer.

    Raises:
        ArpcError: Git does not have all of it, or the folder's own git settings would run programs.
    """
    commit = head(root) if place == "tip" else place
    if place == "index":
        listed = gitrun.text(root, "ls-files", "--stage", "-z", "--", *paths)
    elif commit:
        listed = gitrun.text(root, "ls-tree", "-r", "-z", commit, "--", *paths)
    else:
        return {}
    entries = []
    for line in filter(None, listed.split("\0")):
        about, _, name = line.partition("\t")
        fields = about.split()
        entries.append((name, fields[0], fields[1 if place == "index" else 2]))
    found = contents(root, [(d, name) for name, mode, d in entries if mode in _PLAIN_FILES])
    return {name: found.get((digest, name)) for name, _, digest in entries}


_ALL_OF = ("--full-history", "--")
_PLAIN_FILES = ("100644", "100755")


def head(root: Path) -> str:
    """The last commit; "" where nothing was ever saved.

    Raises:
        ArpcError: git cannot tell, or has lost which it was.
    """
    found = gitrun.text(root, "rev-parse", "--verify", "--quiet", "HEAD", fine=(0, 1)).strip()
    if not found and _was_saved(root):
        raise ArpcError(*gitfaults.DAMAGED)
    return found


def _was_saved(root: Path) -> bool:
    """Whether there was a last commit, by what a power cut left of git's own files.

    Where nothing was ever saved, git knows at least the name of the branch, and keeps no file of it.
    """
    told = gitrun.answer(root, "symbolic-ref", "--quiet", "HEAD")
    branch, git = told.out.decode("utf-8", "replace").strip(), here.git_folder(root)
    return not branch or any((git / place / branch).is_file() for place in ("", "logs") if git)


def _history(root: Path, *asked: str) -> Iterator[tuple[Commit, bool]]:
    """Commits, newest first, each with whether the history here has none before it."""
    for line in gitrun.text(root, "rev-list", "--format=%H %cI %P\t%an", *asked).split("\n"):
        if line and not line.startswith("commit "):
            about, _, by = line.partition("\t")
            digest, made, *parents = about.split()
            yield Commit(digest, moment(made), by), not parents


def moment(written: str) -> datetime:
    """When a commit was made, as git writes it.

    Raises:
        ArpcError: It is a year that no calendar has; anybody can write any.
    """
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        hint = "`git log --format=fuller` shows which one; whoever made it can say what it is"
        raise ArpcError("a commit here is of a day that there is not", hint) from None


def _is_cut_off(root: Path) -> bool:
    return gitrun.text(root, "rev-parse", "--is-shallow-repository").strip() == "true"


def contents(root: Path, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """The bytes of files, by one process for all; sealed ones opened where that can be.

    Git says of an object how long it is before it is opened, so that a word nobody can foresee parts them.

    Args:
        root: The repository.
        wanted: The name of each object, and the path that says in which case it lies.

    Raises:
        ArpcError: Git does not have all of them, they are more than the memory may hold, or the folder's
            own git settings would run programs.
    """
    if not wanted:
        return {}
    _refuse_programs(root)  # a filter of the folder's own would be one
    if sum(sizes(root, [digest for digest, _ in wanted])) > _AT_ONCE:
        hint = "look for what is so large with `git log --stat`; a record has at most a megabyte"
        raise ArpcError("git keeps more of this than can be read at once", hint)
    word = os.urandom(16).hex()
    asked = "".join(f"{digest} {path}\n" for digest, path in wanted if "\n" not in path)
    form = f"--batch=%(objectname) {word}"
    raw = gitrun.ask(
        root, "cat-file", "--filters", form, said=asked.encode(), seconds=gitrun.PATIENCE
    )
    found = {}
    at = 0
    for number, (digest, path) in enumerate(wanted):
        head = f"{digest} {word}\n".encode()
        if not raw.startswith(head, at):
            raise ArpcError("git does not have all of the files", "`git fsck` says what is missing")
        at += len(head)
        after = wanted[number + 1 :][:1]
        end = raw.index(f"\n{after[0][0]} {word}\n".encode(), at) if after else len(raw) - 1
        found[digest, path] = raw[at:end]
        at = end + 1
    return found


def sizes(root: Path, objects: Sequence[str]) -> list[int]:
    """How many bytes some objects have; 0 for one that is not here."""
    if not objects:
        return []
    said = "".join(f"{digest}\n" for digest in objects).encode()
    told = gitrun.ask(
        root, "cat-file", "--batch-check=%(objectsize)", said=said, seconds=gitrun.PATIENCE
    )
    return [int(line) if line.isdigit() else 0 for line in told.split(b"\n")[: len(objects)]]


def _refuse_programs(folder: Path) -> None:
    if found := foreign_settings(folder):
        hint = "take them out of its .git/config if you did not put them there"
        if all(name.startswith(("filter.arpc.", "diff.arpc.", "merge.arpc.")) for name in found):
            hint = "`arpc install` writes them anew, as this arpc has them"
        raise ArpcError(f"this folder's git settings run programs: {', '.join(found)}", hint)


def foreign_settings(folder: Path) -> list[str]:
    """Names of settings in a folder's own git configuration that would run programs, save our own."""
    asked = ("config", "--local", "--no-includes", "-z", "--list")
    listed = gitrun.text(folder, *asked, fine=(0, 1, 128), alone=True)
    found = [entry.partition("\n")[::2] for entry in listed.split("\0")]
    foreign = [(name, value) for name, value in found if _RUNS_PROGRAMS.match(name)]
    ours = {key.lower(): value for key, value in wiring.settings().items()} if foreign else {}
    return sorted({name for name, value in foreign if ours.get(name.lower()) != value})
