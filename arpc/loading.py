"""Reading a case folder: every file read, checked against its schema, and typed."""

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from arpc import kinds, plainfiles, records, schema, yamldoc
from arpc.casefile import CaseFile, Damaged
from arpc.errors import ArpcError
from arpc.findings import Finding, Location, Severity
from arpc.ids import is_case_id, next_id
from arpc.kinds import Kind, kind_of_file
from arpc.records import Record
from arpc.sealing import MARK, is_sealed
from arpc.yamldoc import MAX_BYTES, YamlDoc

CASE = "case.yaml"
ENDINGS = (
    *("pdf", "png", "jpg", "jpeg", "heic", "tif", "tiff"),
    *("txt", "docx", "odt", "mp3", "m4a", "wav"),
)
"""What may be attached to a record: pictures, documents and recordings, nothing that runs."""
_ATTACHED = re.compile(rf"sessions/N-[0-9]{{2,4}}-[0-9]{{1,3}}\.(?:{'|'.join(ENDINGS)})\Z")

_SIGNED = re.compile(r"signed/(?:case|[A-Z]-[0-9]{2,4})\.[a-z]+\.[0-9]{1,3}\.txt(?:\.sig)?\Z")

RULES = {
    "no-case-record": "Without its case record nobody can tell whose case it is, or how far it has come.",
    "file-of-no-kind": "A file in a wrong folder or with a wrong name would be missed by everybody who looks for it.",
    "wrong-kind-of-record": "The first line of a record says its kind, and its folder says the same.",
    "locked": "A sealed file that is not opened here can be neither read nor checked; git keeps it safe.",
    "not-a-plain-file": "A link or a special file may lead anywhere; a record is a file of its own.",
    "signed-in-part": "What was signed and the signature are two files; one without the other proves nothing.",
    "not-readable": "What this computer does not let you read is not checked, and nobody knows what it says.",
}
"""What loading a case folder may find besides the faults of single files."""


_INSTEAD = {
    "a link": "put the file itself here, in the place of the link",
    "a folder": "give the folder another name, and bring the file back if it was lost",
}
"""What to do with what is no plain file, but may lead to one or hold one."""


class Folder(NamedTuple):
    """A case folder, and its path as it is printed."""

    path: Path
    shown: str

    @property
    def naming(self) -> tuple[str, str]:
        """What stands before the path of a file in it: as it was worked out, and as it is printed."""
        printed = "" if self.shown in ("", ".") else f"{self.shown}/"
        return f"{self.path.name or self.path.absolute().name}/", printed


class Loaded(NamedTuple):
    """A case folder that was read, and what was wrong with its files."""

    file: CaseFile
    findings: tuple[Finding, ...]
    files: int
    """How many files were read."""
    is_locked: bool = False
    """Whether the case is sealed and not opened here: its own record is, and most of the others are."""


def load(
    folder: Path,
    shown: str,
    only: Collection[str] = (),
    files: Iterable[tuple[str, bytes | OSError | None]] | None = None,
) -> Loaded:
    """Read every file of a case folder.

    Args:
        folder: The case folder.
        shown: Its path as it is printed.
        only: The kinds of record to read, for a look at many cases; the others are then as if not there.
        files: What lies in the folder, where it was read already.
    """
    if files is None:
        listed = ((name, plain) for name, plain in files_in(folder) if _is_of(name, only))
        files = ((name, _read(folder, name, plain)) for name, plain in listed)
    else:
        files = (each for each in files if _is_of(each[0], only))
    files = ((name, _not_plain(folder / name) if raw is None else raw) for name, raw in files)
    return load_from(folder.absolute().name, files, shown, lambda name: _digest(folder / name))


def _is_of(name: str, only: Collection[str]) -> bool:
    """Whether a file holds a record of one of these kinds; of any, where none is named."""
    return not only or ((kind := kind_of_file(name)) is not None and kind.name in only)


def _read(folder: Path, name: str, is_plain: bool) -> bytes | OSError | None:
    """The bytes of a file; of what lies beside records, none: it may be large, and nothing of it is asked for."""
    if not is_plain:
        return None
    if not name.endswith(".yaml"):
        return b""
    try:
        return read_bytes(folder / name)
    except OSError as error:
        return error


def _not_plain(path: Path) -> plainfiles.NotPlainError:
    return plainfiles.NotPlainError(path, plainfiles.what(path))


def _digest(path: Path) -> str:
    try:
        with plainfiles.opened(path) as stream:
            return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
    except OSError:
        return ""


def load_from(
    case: str,
    files: Iterable[tuple[str, bytes | OSError | None]],
    shown: str,
    digest_of: Callable[[str], str | None] = lambda _: None,
) -> Loaded:
    """Read the files of a case, wherever they come from.

    Args:
        case: What the case folder is called.
        files: Each file's path below it, and its bytes; None for what is no plain file, or why it could
            not be read.
        shown: The folder's path as it is printed.
        digest_of: See `CaseFile.digest_of`.
    """
    prefix = f"{shown}/" if shown not in ("", ".") else ""
    found: list[Record] = []
    ledgers: list[Record] = []
    damaged: list[Damaged] = []
    findings: list[Finding] = []
    locked: list[str] = []
    signed: set[str] = set()
    count = 0
    there = False
    for name, raw in files:
        there = there or name == CASE
        if _SIGNED.match(name):
            signed.add(name)
        kind = kind_of_file(name) or kinds.ledger_of_file(name)
        if kind is None:
            findings += _stray(prefix, name)
            continue
        record_id = kind.id_in(name)
        count += 1
        if raw is None or isinstance(raw, OSError):
            findings.append(unread(Location(prefix + name), raw))
            damaged.append(Damaged(prefix + name, kind.name, record_id))
            continue
        if is_sealed(raw):
            locked.append(prefix + name)
            damaged.append(Damaged(prefix + name, kind.name, record_id))
            continue
        reading = yamldoc.read(prefix + name, raw)
        faults = list(reading.findings)
        if reading.doc:
            if kind.name not in reading.doc.data:
                faults.append(_wrong_kind(reading.doc, kind.name))
            else:
                faults += schema.check(reading.doc, kind)
        if reading.doc and not any(fault.severity is Severity.ERROR for fault in faults):
            made = records.make(reading.doc, kind)
            (ledgers if kind.name in kinds.LEDGERS else found).append(made)
        else:
            damaged.append(Damaged(prefix + name, kind.name, record_id))
        findings += faults
    findings += _signed_in_part(prefix, signed)
    is_whole = prefix + CASE in locked and 2 * len(locked) > count
    findings += _locked(locked, whole=is_whole)
    if not there:
        hint = "`arpc new-case` makes one in a new folder; bring it back if it was lost"
        findings.append(
            Finding(
                Location(prefix + CASE), "no-case-record", f"there is no {CASE} here", hint=hint
            )
        )
        damaged.append(Damaged(prefix + CASE, "case", ""))
    return Loaded(
        CaseFile(case, found, damaged, prefix, ledgers, digest_of),
        tuple(findings),
        count,
        is_whole,
    )


def is_locked(folder: Path) -> bool:
    """Whether a case is sealed and not opened here, as far as its own record shows."""
    try:
        return is_sealed(plainfiles.read(folder / CASE, len(MARK)))
    except OSError:
        return False


def below(folder: str, files: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """The files of a case among others, by their path below its folder.

    What is hidden and what lies in `out` is no part of a case.
    """
    start = f"{folder}/"
    inner = {n.removeprefix(start): raw for n, raw in files.items() if n.startswith(start)}
    return {n: raw for n, raw in inner.items() if not n.startswith("out/") and "/." not in f"/{n}"}


def is_case_folder(folder: Path) -> bool:
    """Whether a case lies here: a folder called by a case id, even where its case record was lost."""
    return (folder / CASE).is_file() or (is_case_id(folder.absolute().name) and folder.is_dir())


def case_around(path: Path) -> Path | None:
    """The case folder at or above `path`."""
    return next((p for p in (path, *path.absolute().parents) if is_case_folder(p)), None)


def next_record_id(folder: Path, kind: Kind) -> str:
    """The id after the highest that a file of a kind has in a case folder."""
    taken = [path.stem for path in (folder / kind.folder).glob("*.yaml")]
    sound = [stem for stem in taken if re.fullmatch(rf"{kind.prefix}[0-9]{{2,4}}", stem)]
    return next_id(kind.prefix, sound, kind.id_width)


def files_in(folder: str | Path) -> Iterator[tuple[str, bool]]:
    """Yield every file below a case folder with a forward slash, and whether it is a plain one."""
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.name.startswith(".") or entry.name == "out":
            continue
        if entry.is_dir(follow_symlinks=False):
            for inner in sorted(os.scandir(entry.path), key=lambda e: e.name):
                if not inner.name.startswith("."):
                    yield f"{entry.name}/{inner.name}", inner.is_file(follow_symlinks=False)
        else:
            yield entry.name, entry.is_file(follow_symlinks=False)


def read_bytes(path: Path) -> bytes:
    """Read a plain file, but never more than one byte past what the reader accepts."""
    return plainfiles.read(path, MAX_BYTES)


def unread(where: Location, why: OSError | None) -> Finding:
    """What is found of a file that is no plain one, or that this computer does not give."""
    if why is None or isinstance(why, plainfiles.NotPlainError):
        what = why.what if why else "a link or a special file"
        message = f"this is {what}; expected a plain file"
        hint = _INSTEAD.get(
            what, "take it away: nothing is kept in it; bring the file back if it was lost"
        )
        return Finding(where, "not-a-plain-file", message, hint=hint)
    hint = "give yourself the right to read it, or bring it back if it was lost"
    return Finding(where, "not-readable", f"this cannot be read: {why.strerror}", hint=hint)


def unchanged(path: Path, doc: YamlDoc) -> bytes:
    """The bytes of a file that was read before, and is still what it was; the caller holds the case's lock.

    Raises:
        ArpcError: Somebody has changed it meanwhile, or it is gone.
    """
    try:
        raw = read_bytes(path)
        now = yamldoc.read(path.name, raw).doc
    except FileNotFoundError:
        now = None
    if now is None or now.text != doc.text:
        raise ArpcError(f"{path.name} was changed meanwhile", "run the command again")
    return raw


def lies_beside(name: str) -> bool:
    """Whether a file that is no record may lie at a path of a case, beside what it belongs to."""
    if name.startswith(("documents/", "reports/")):
        return not name.endswith((".yaml", ".yml"))
    return bool(_ATTACHED.match(name) or _SIGNED.match(name))


def _locked(files: list[str], *, whole: bool) -> Iterator[Finding]:
    """One finding for a case that is locked, or one for each file that stayed locked in an open one."""
    if whole:
        hint = "`arpc unlock`, if you work on this case"
        message = "this case is locked here, and was not checked"
        yield Finding(Location(files[0]), "locked", message, Severity.ADVICE, hint=hint)
        return
    for file in files:
        hint = "`git status` and `arpc unlock` say why; `git checkout -- FILE` brings a damaged one back"
        yield Finding(Location(file), "locked", "this file is locked here", hint=hint)


def _signed_in_part(prefix: str, names: Collection[str]) -> Iterator[Finding]:
    """What was signed and has no signature, and a signature of nothing."""
    hint = "`arpc undo` takes back a command that was stopped; then sign again"
    for name in sorted(names):
        if name.endswith(".txt") and f"{name}.sig" not in names:
            message = "this was signed, and the signature is not beside it"
            yield Finding(Location(prefix + name), "signed-in-part", message, hint=hint)
        elif name.endswith(".sig") and name.removesuffix(".sig") not in names:
            message = "this is a signature, and what was signed is not beside it"
            yield Finding(Location(prefix + name), "signed-in-part", message, hint=hint)


def _stray(prefix: str, name: str) -> Iterator[Finding]:
    """A YAML file that no kind claims is a slip; other files may lie beside what they belong to."""
    if not lies_beside(name):
        hint = "records lie in their kind's folder under their id, such as sessions/N-007.yaml"
        if name.endswith(".yml") and kind_of_file(f"{name.removesuffix('.yml')}.yaml"):
            hint = "call it .yaml, not .yml"
        yield Finding(Location(prefix + name), "file-of-no-kind", "no record lies here", hint=hint)


def _wrong_kind(doc: yamldoc.YamlDoc, kind: str) -> Finding:
    hint = f"begin with `{kind}: arpc/1`, or move the file to its own kind's folder"
    message = f"expected a record of kind {kind} in this folder"
    return Finding(Location(doc.file), "wrong-kind-of-record", message, hint=hint)
