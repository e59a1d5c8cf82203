"""Sign-offs: what somebody signed of a case, as text files that `ssh-keygen` checks without this program.

    arpc-signoff: 1
    case: C-7K3Q9X2F
    record: J-01
    file: analysis/J-01.yaml
    sha256: <of the exact bytes of that file>
    meaning: sha256:<of what it means, as finished.yaml keeps it>
    fields: <each field with its digest, as there>
    rests-on: sessions/N-004.yaml sha256:<bytes> meaning:<what they mean>     (0..n)
    schema: analysis arpc/1
    rules: arpc 0.1.0 sha256:<of the names of all rules and clocks>
    role: manager
    by: JM
    time: 2026-11-22T12:28:10Z
    statement: <the sentence that the role stands for>
    countersigns: <the SHA-256 of the practitioner's sign-off>
    previous: <the SHA-256 of the sign-off before it in this case, or none>

`signed/J-01.manager.2.txt` holds this, and `signed/J-01.manager.2.txt.sig` the signature. A return has `why`
and `returns` in the place of `countersigns`. Numbers and `previous` run through all sign-offs of a case, so
that one taken away is missed by those after it; two that were made apart, by people who had not met each
other's, both follow the same one, and the next follows both. The bytes that are signed are the plain ones:
a new key of the case, a rebase or an export changes nothing. Times are what the signers say.
"""

import hashlib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from arpc import plainfiles, writer
from arpc.errors import ArpcError
from arpc.sealing import is_sealed
from arpc.sealing.access import People
from arpc.sealing.identities import Identity

NAMESPACE = "signoff@arpc"
FOLDER = "signed"
_FORM = "1"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_NAMED = re.compile(
    r"(?P<record>case|[A-Z]-[0-9]{2,4})\.(?P<word>[a-z]+)\.(?P<number>[0-9]+)\.txt\Z"
)
_NOT_SO = "this sign-off is not written as sign-offs are"


class Word(StrEnum):
    """What somebody says of a record."""

    PRACTITIONER = "practitioner"
    MANAGER = "manager"
    RETURNED = "returned"


_STATEMENTS = {
    Word.PRACTITIONER: "I have completed this record, and it reflects my professional judgement.",
    Word.MANAGER: "I have read this record and what it rests on, and I approve it.",
    Word.RETURNED: "I have read this record, and I return it for the reason that I give.",
}
_ANSWERS = {Word.MANAGER: "countersigns", Word.RETURNED: "returns"}


class Ground(NamedTuple):
    """A file that a record rests on, as it was when that was signed."""

    path: str
    """Below the case folder."""
    sha256: str
    meaning: str
    """What it means, in hexadecimal digits; "" where it is no record."""


class SignOff(NamedTuple):
    """What somebody says of a record, word for word."""

    case: str
    record: str
    file: str
    """Below the case folder."""
    sha256: str
    meaning: str
    fields: tuple[str, ...]
    rests_on: tuple[Ground, ...]
    schema: str
    rules: str
    word: Word
    why: str
    """Why it is returned; "" in what is no return."""
    by: str
    time: datetime
    of: str
    """The digest of the sign-off that it answers; "" in a practitioner's."""
    previous: tuple[str, ...]

    @property
    def role(self) -> str:
        """What the signature counts as: practitioner or manager."""
        return str(Word.PRACTITIONER if self.word is Word.PRACTITIONER else Word.MANAGER)

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        return "".join(f"{key}: {value}\n" for key, value in _lines(self)).encode()


class Kept(NamedTuple):
    """A sign-off as it lies in a case."""

    name: str
    raw: bytes
    signature: str
    """"" where there is none."""
    signoff: SignOff | None
    """None where it cannot be read."""

    @property
    def digest(self) -> str:
        """What the sign-offs after it call it."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def number(self) -> int:
        """Which of the case it is, by its name."""
        found = _NAMED.match(self.name)
        return int(found["number"]) if found else 0

    @property
    def record(self) -> str:
        """The record that it is of, by its name; its text may say otherwise."""
        return self.name.partition(".")[0]


class Standing(NamedTuple):
    """How far a record is signed, by what lies there; whether that is good is another question."""

    signed: Kept | None = None
    """The practitioner's newest."""
    answer: Kept | None = None
    """The manager's newest answer to just that: an approval, or a return."""

    @property
    def is_returned(self) -> bool:
        """Whether it waits for the practitioner again."""
        return self._answered(Word.RETURNED)

    @property
    def is_approved(self) -> bool:
        """Whether both have signed."""
        return self._answered(Word.MANAGER)

    def _answered(self, word: Word) -> bool:
        return bool(self.answer and self.answer.signoff and self.answer.signoff.word is word)


def read(folder: Path) -> tuple[Kept, ...]:
    """The sign-offs of a case, in their order."""
    inner = folder / FOLDER
    if not inner.is_dir():
        return ()
    paths = (path for path in inner.iterdir() if path.is_file() and not path.is_symlink())
    return chain({path.name: plainfiles.read_whole(path) for path in paths})


def chain(contents: Mapping[str, bytes]) -> tuple[Kept, ...]:
    """The sign-offs among files, by their names."""
    found = [_kept(name, raw, contents) for name, raw in contents.items() if _NAMED.match(name)]
    return tuple(sorted(found, key=lambda kept: (kept.number, kept.name)))


def parse(raw: bytes) -> SignOff:
    """Read what was signed.

    Raises:
        ArpcError: It is not, to the byte, written as sign-offs are.
    """
    try:
        lines = [line.partition(": ")[::2] for line in raw.decode().split("\n")[:-1]]
        made = _made(lines)
    except (ValueError, KeyError, IndexError):
        raise ArpcError(_NOT_SO) from None
    if made.text != raw or not all(_is_plain(value) for _, value in lines):
        raise ArpcError(_NOT_SO)
    return made


def standing(found: Iterable[Kept], record: str) -> Standing:
    """How far a record is signed."""
    ours = [kept for kept in found if kept.signoff and kept.signoff.record == record]
    signed = [kept for kept in ours if _word(kept) is Word.PRACTITIONER]
    if not signed:
        return Standing()
    answers = [kept for kept in ours if kept.signoff and kept.signoff.of == signed[-1].digest]
    return Standing(signed[-1], answers[-1] if answers else None)


def told(folder: Path, record: str) -> tuple[str, ...]:
    """Who signed a record, by what lies there, unchecked; and why it was returned, where it was."""
    stands = standing(read(folder), record)
    signed, answer = (kept.signoff if kept else None for kept in (stands.signed, stands.answer))
    if signed is None:
        return ()
    line = f"signed by {signed.by} on {signed.time:%Y-%m-%d}"
    if answer is None:
        return (line,)
    what = "returned" if answer.why else "approved"
    return tuple(
        filter(None, (f"{line}, {what} by {answer.by} on {answer.time:%Y-%m-%d}", answer.why))
    )


def following(found: Iterable[Kept], at: datetime) -> tuple[tuple[str, ...], datetime]:
    """What the next sign-off of a case follows, and its time, which never goes back.

    Raises:
        ArpcError: One of those that are there cannot be read.
    """
    there = list(found)
    if lost := [kept.name for kept in there if kept.signoff is None]:
        raise ArpcError(f"{FOLDER}/{lost[0]} cannot be read", "`arpc verify` says what is wrong")
    followed = {each for kept in there if kept.signoff for each in kept.signoff.previous}
    last = [kept for kept in there if kept.digest not in followed]
    times = [kept.signoff.time for kept in last if kept.signoff]
    return tuple(kept.digest for kept in last), max([at.astimezone(UTC), *times])


def put(folder: Path, found: Iterable[Kept], signoff: SignOff, identity: Identity) -> Path:
    """Sign, and lay both files into a case; return the one that says what was signed.

    Raises:
        ArpcError: Something in it is not one line of plain text, or it cannot be written.
    """
    raw = signoff.text
    parse(raw)
    number = max((kept.number for kept in found), default=0) + 1
    path = folder / FOLDER / f"{signoff.record}.{signoff.word}.{number}.txt"
    writer.create(path, raw)
    writer.create(path.with_name(f"{path.name}.sig"), identity.sign(raw, NAMESPACE))
    return path


def allowed_signers(people: People) -> str:
    """What `ssh-keygen -Y verify -f` reads to know whose key was whose, and when."""
    lines = []
    for each in people.tenures:
        until = each.until - timedelta(seconds=1) if each.until else None
        bounds = f'namespaces="{NAMESPACE}",valid-after="{_stamp(each.since)}"'
        bounds += f',valid-before="{_stamp(until)}"' if until else ""
        lines.append(f"{each.code} {bounds} {each.key}\n")
    return "".join(lines)


def by_hand(signoff: SignOff, path: str, allowed: str) -> str:
    """What is typed to check a sign-off without this program, with OpenSSH from 9.1 on."""
    asked = ("-Y", "verify", "-O", f"verify-time={_stamp(signoff.time)}", "-n", NAMESPACE)
    files = ("-f", allowed, "-I", signoff.by, "-s", f"{path}.sig")
    return f"{shlex.join(('ssh-keygen', *asked, *files))} < {shlex.quote(path)}"


def _kept(name: str, raw: bytes, contents: Mapping[str, bytes]) -> Kept:
    signature = contents.get(f"{name}.sig", b"").decode("ascii", "replace")
    try:
        return Kept(name, raw, signature, None if is_sealed(raw) else parse(raw))
    except ArpcError:
        return Kept(name, raw, signature, None)


def _lines(signoff: SignOff) -> Iterator[tuple[str, str]]:
    yield "arpc-signoff", _FORM
    for key in ("case", "record", "file", "sha256", "meaning"):
        yield key, getattr(signoff, key)
    yield "fields", " ".join(signoff.fields)
    for ground in signoff.rests_on:
        meaning = f" meaning:{ground.meaning}" if ground.meaning else ""
        yield "rests-on", f"{ground.path} sha256:{ground.sha256}{meaning}"
    yield "schema", signoff.schema
    yield "rules", signoff.rules
    yield "role", signoff.role
    if signoff.word is Word.RETURNED:
        yield "why", signoff.why
    yield "by", signoff.by
    yield "time", signoff.time.strftime(_TIME)
    yield "statement", _STATEMENTS[signoff.word]
    if signoff.word in _ANSWERS:
        yield _ANSWERS[signoff.word], signoff.of
    for each in signoff.previous or ("none",):
        yield "previous", each


def _made(lines: Iterable[tuple[str, str]]) -> SignOff:
    """A sign-off from its lines, if they are lines of one; those it has no use for are not looked at."""
    said: dict[str, list[str]] = {}
    for key, value in lines:
        said.setdefault(key, []).append(value)
    word = next((word for word, key in _ANSWERS.items() if key in said), Word.PRACTITIONER)

    def only(key: str) -> str:
        return said[key][0]

    return SignOff(
        case=only("case"),
        record=only("record"),
        file=only("file"),
        sha256=only("sha256"),
        meaning=only("meaning"),
        fields=tuple(only("fields").split(" ")),
        rests_on=tuple(map(_ground, said.get("rests-on", ()))),
        schema=only("schema"),
        rules=only("rules"),
        word=word,
        why=only("why") if word is Word.RETURNED else "",
        by=only("by"),
        time=datetime.strptime(only("time"), _TIME).replace(tzinfo=UTC),
        of=only(_ANSWERS[word]) if word in _ANSWERS else "",
        previous=tuple(each for each in said["previous"] if each != "none"),
    )


def _ground(line: str) -> Ground:
    path, sha256, *meaning = line.split(" ")
    found = meaning[0].removeprefix("meaning:") if meaning else ""
    return Ground(path, sha256.removeprefix("sha256:"), found)


def _word(kept: Kept) -> Word | None:
    return kept.signoff.word if kept.signoff else None


def _is_plain(value: str) -> bool:
    """Whether a value is one line without control characters and without space around it."""
    return value != "" and value.isprintable() and value == value.strip()


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")
