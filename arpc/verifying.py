"""`arpc verify`: whether what was signed in a case is good, and stands.

Each sign-off is held against the people's signed record, against those before it, and, as long as nobody has
answered it with a return, against the record as it is now. What the records say is never quoted: fields and
people alone. It needs neither git nor a network nor any key; git, where there is one, says who changed what.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from arpc import authorship, gitrepo, loading, meaning, plainfiles, service, signoffs
from arpc.authorship import State
from arpc.casefile import IncompleteError
from arpc.errors import ArpcError
from arpc.loading import Loaded
from arpc.records import IssuedReport, Record
from arpc.sealing import identities, is_sealed
from arpc.sealing.access import People
from arpc.service import Service
from arpc.signoffs import Ground, Kept, SignOff, Standing, Word


class Remark(NamedTuple):
    """Something to say of a sign-off."""

    text: str
    is_fault: bool = True


class Checked(NamedTuple):
    """A sign-off, and what is to say of it."""

    kept: Kept
    is_standing: bool
    """Whether it counts now: no newer one has taken its place."""
    remarks: tuple[Remark, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong with it."""
        return not any(remark.is_fault for remark in self.remarks)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with it."""
        return tuple(remark.text for remark in self.remarks if remark.is_fault)


class Bench:
    """A case with all that its sign-offs are held against.

    Args:
        folder: The case folder.
        loaded: The case as it was read from there.
        people: Everybody of the service, by the signed record.
        service: What `service.yaml` says now.
        root: The service folder, if git keeps it; else None.
    """

    def __init__(
        self, folder: Path, loaded: Loaded, people: People, service: Service, root: Path | None
    ) -> None:
        self.folder = folder
        self.file = loaded.file
        self.people = people
        self.service = service
        self.root = root
        self.chain = signoffs.read(folder)

    def again(self) -> "Bench":
        """The same as it lies there now."""
        loaded = loading.load(self.folder, self.file.shown.removesuffix("/"))
        return Bench(self.folder, loaded, self.people, self.service, self.root)

    @cached_property
    def by_digest(self) -> dict[str, Kept]:
        """The sign-offs by what others call them."""
        return {kept.digest: kept for kept in self.chain}

    def record(self, key: str) -> Record | None:
        """A record that can be relied on."""
        return next((each for each in self.file.records if each.key == key), None)

    def record_in(self, path: str) -> Record | None:
        """The record in a file of the case, if it can be relied on."""
        name = f"{self.file.shown}{path}"
        return next((each for each in self.file.records if each.doc.file == name), None)

    def standing(self, record: str) -> Standing:
        """How far a record is signed."""
        return signoffs.standing(self.chain, record)

    def kept_at(self, path: str) -> str:
        """A file of the case, as git calls it."""
        return f"cases/{self.folder.absolute().name}/{path}"


def verify(bench: Bench, record: str = "") -> list[Checked]:
    """Check the sign-offs of a case, or of one record of it."""
    return [
        check(bench, kept)
        for kept in bench.chain
        if not record or record in (kept.record, kept.signoff and kept.signoff.record)
    ]


def check(bench: Bench, kept: Kept) -> Checked:
    """Check one sign-off."""
    if kept.signoff is None:
        why = "is locked here" if is_sealed(kept.raw) else "is not written as sign-offs are"
        return Checked(kept, True, (Remark(f"it {why}"),))
    stands = bench.standing(kept.signoff.record)
    is_standing = kept in (stands.signed, stands.answer)
    checks = [*_ALWAYS]
    if kept == stands.signed and not stands.is_returned:
        checks += _WHILE_IT_STANDS
    if kept == stands.answer and stands.is_approved:
        checks.append(_approved)
    remarks = [remark for each in checks for remark in each(bench, kept, kept.signoff)]
    return Checked(kept, is_standing, tuple(dict.fromkeys(remarks)))


def strays(bench: Bench) -> list[str]:
    """What is wrong with the folder of the sign-offs: files that are none, and what git has and it has not."""
    inner = bench.folder / signoffs.FOLDER
    found = [path.name for path in inner.iterdir()] if inner.is_dir() else []
    there = {name for name in found if not name.startswith(".")}
    ours = {name for kept in bench.chain for name in (kept.name, f"{kept.name}.sig")}
    known = gitrepo.known_files(bench.root, bench.kept_at(signoffs.FOLDER)) if bench.root else ()
    gone = {path.rpartition("/")[2] for path in known} - there
    return [
        *(f"{name}: no sign-off is called like that" for name in sorted(there - ours)),
        *(f"{name} is gone; git has it" for name in sorted(gone)),
    ]


def writers(bench: Bench, record: Record) -> frozenset[str]:
    """Who wrote a record, or of a report the analysis that it prints, or added to it."""
    wrote = [record]
    if isinstance(record, IssuedReport) and (analysis := bench.record(record.analysis)):
        wrote.append(analysis)
    added = [each.by for one in wrote for each in one.amendments]
    return frozenset(filter(None, [*(one.author for one in wrote), *added]))


def lead(bench: Bench) -> str:
    """Who leads the case; "" where that is not written or cannot be read."""
    try:
        return bench.file.case.lead
    except IncompleteError:
        return ""


def grounds(bench: Bench, paths: list[str]) -> tuple[Ground, ...]:
    """Files of the case as they are now.

    Raises:
        ArpcError: One is not there or is locked.
    """
    return tuple(_ground(bench, path) for path in paths)


def _ground(bench: Bench, path: str) -> Ground:
    raw = _bytes(bench, path)
    if raw is None or is_sealed(raw):
        raise ArpcError(
            f"{path} is {'locked here' if raw else 'gone'}", "it is part of what is signed"
        )
    record = bench.record_in(path)
    return Ground(path, hashlib.sha256(raw).hexdigest(), _meaning(record) if record else "")


def _meaning(record: Record) -> str:
    return meaning.digest(record.data, record.kind.living).removeprefix("sha256:")


def _bytes(bench: Bench, path: str) -> bytes | None:
    try:
        return plainfiles.read_whole(bench.folder / path)
    except OSError:
        return None


# Each check yields what is to say of a sign-off.

Check = Callable[[Bench, Kept, SignOff], Iterator[Remark]]


def _signature(bench: Bench, kept: Kept, said: SignOff) -> Iterator[Remark]:
    if not kept.signature:
        yield Remark("it has no signature")
        return
    try:
        key = identities.verify(kept.signature, kept.raw, signoffs.NAMESPACE)
    except ArpcError as error:
        yield Remark(str(error))
        return
    if key in bench.people.key_then(said.by, said.time):
        return
    owners = {each.code for each in bench.people.tenures if each.key == key}
    if not owners:
        yield Remark(
            f"it is signed with a key that nobody of this service has or had, not {said.by}"
        )
    elif said.by in owners:
        yield Remark(f"it is signed with a key that was not {said.by}'s at that time")
    else:
        yield Remark(f"it is signed with the key of {', '.join(sorted(owners))}, not of {said.by}")


def _place(bench: Bench, kept: Kept, said: SignOff) -> Iterator[Remark]:
    """Whether it is of this case, called as it should be, and follows what it says it follows."""
    if said.case != bench.file.id:
        yield Remark(f"it is of another case, {said.case}")
    before = [bench.by_digest.get(each) for each in said.previous]
    if any(each is None for each in before):
        yield Remark("a sign-off before it is gone, or was altered: it names one that is not here")
        return
    number = 1 + max((each.number for each in before if each), default=0)
    if kept.name != f"{said.record}.{said.word}.{number}.txt":
        yield Remark(f"it is called otherwise than it was: {said.record}.{said.word}.{number}.txt")
    if any(each and each.signoff and each.signoff.time > said.time for each in before):
        yield Remark("it is dated before the one that it follows")


def _second_person(bench: Bench, kept: Kept, said: SignOff) -> Iterator[Remark]:
    """Whether a manager's answer is to somebody else's work: a second pair of eyes."""
    if said.word is Word.PRACTITIONER:
        return
    answered = bench.by_digest.get(said.of)
    their = answered.signoff if answered else None
    if answered is None or their is None or their.word is not Word.PRACTITIONER:
        yield Remark("what it answers is not here, or was altered")
        return
    if (their.record, their.meaning) != (said.record, said.meaning):
        yield Remark(f"it answers another text than {their.by} signed")
    if their.by == said.by:
        yield Remark(f"{said.by} is the one who signed as practitioner: that takes two people")
    elif _key(kept) == _key(answered):
        yield Remark("both are signed with one key: that takes two people")
    record = bench.record(said.record)
    if record and said.by in writers(bench, record) and their.by != said.by:
        yield Remark(f"{said.by} wrote {said.record}: somebody else has to approve it")


def _key(kept: Kept) -> str:
    try:
        return identities.verify(kept.signature, kept.raw, signoffs.NAMESPACE)
    except ArpcError:
        return kept.digest


def _post(bench: Bench, kept: Kept, said: SignOff) -> Iterator[Remark]:
    """Whether it was for that person to sign so."""
    if said.word is Word.PRACTITIONER:
        record = bench.record(said.record)
        if record and said.by not in writers(bench, record) | {lead(bench)}:
            yield Remark(f"{said.by} neither wrote {said.record} nor leads the case")
        return
    listed = [each for each in bench.service.staff if each.code == said.by]
    if not listed or listed[0].signs_as == Word.MANAGER or _was_manager(bench, said.by):
        return
    yield Remark(f"service.yaml does not let {said.by} sign as manager")


def _was_manager(bench: Bench, code: str) -> bool:
    """Whether `service.yaml` once let somebody sign as manager, as far as git has it."""
    if bench.root is None:
        return False
    try:
        commits = gitrepo.commits_up_to(bench.root, gitrepo.tip(bench.root), service.FILE)
        kept = [gitrepo.files_at(bench.root, c.id, service.FILE).get(service.FILE) for c in commits]
    except ArpcError:
        return False
    then = [service.open_from(bench.root, raw, None).service for raw in kept if raw]
    return any(each.staff_member(code).signs_as == Word.MANAGER for each in then)


def _content(bench: Bench, kept: Kept, said: SignOff) -> Iterator[Remark]:
    """Whether the record is as it was signed; if not, in which fields, and by whom."""
    raw = _bytes(bench, said.file)
    if raw is None:
        is_moved = said.record in _moved_out(bench)
        text = f"{said.file} {'was moved to another case' if is_moved else 'is gone'}"
        yield Remark(text, is_fault=not is_moved)
        return
    if hashlib.sha256(raw).hexdigest() == said.sha256:
        return
    record = bench.record_in(said.file)
    if record is None:
        state = "is locked here" if is_sealed(raw) else "cannot be read any more"
        yield Remark(f"{said.file} {state}, and is not what was signed")
        return
    before = dict(each.split(":", 1) for each in said.fields)
    then = State(said.sha256, before, said.time)
    found = authorship.since(
        bench.root, bench.kept_at(said.file), then, meaning.field_digests(record.data)
    )
    is_same = f"sha256:{_meaning(record)}" == said.meaning
    lasting = [
        (each, fields)
        for each in found
        if (fields := [f for f in each.fields if is_same or f not in record.kind.living])
    ]
    for each, fields in lasting:
        what = "went on since it was signed" if is_same else "changed after it was signed"
        yield Remark(f"{', '.join(fields)} {what}{_told(each)}", is_fault=not is_same)
    if not lasting:
        what = "is laid out otherwise" if is_same else "does not mean what it meant"
        yield Remark(f"it {what} since it was signed", is_fault=not is_same)


def _told(changed: authorship.Changed) -> str:
    commit = changed.commit
    if commit is None:
        return ", and is not saved" if changed.is_unsaved else ""
    return f": by {commit.by} on {commit.day}, in commit {commit.short}"


def _moved_out(bench: Bench) -> tuple[str, ...]:
    try:
        return bench.file.case.moved_out
    except IncompleteError:
        return ()


def _rests(bench: Bench, kept: Kept, said: SignOff) -> Iterator[Remark]:
    """Whether what the record rests on is as it was when it was signed."""
    for ground in said.rests_on:
        raw = _bytes(bench, ground.path)
        if raw is None:
            yield Remark(f"what it rests on is gone: {ground.path}")
            continue
        if hashlib.sha256(raw).hexdigest() == ground.sha256:
            continue
        record = bench.record_in(ground.path)
        if record and ground.meaning and _meaning(record) == ground.meaning:
            continue
        yield Remark(
            f"what it rests on has changed: {ground.path}{_of(bench, ground, record, said)}"
        )


def _of(bench: Bench, ground: Ground, record: Record | None, said: SignOff) -> str:
    """In which fields something changed, and by whom, as far as git has it."""
    if record is None:
        return ""
    path, now = bench.kept_at(ground.path), meaning.field_digests(record.data)
    found = authorship.since(bench.root, path, State(ground.sha256, None, said.time), now)
    return "".join(f" ({', '.join(each.fields)}{_told(each)})" for each in found)


def _approved(bench: Bench, kept: Kept, said: SignOff) -> Iterator[Remark]:
    """Whether what a manager has approved still holds; what changed is told of the practitioner's."""
    found = [*_content(bench, kept, said), *_rests(bench, kept, said)]
    if any(remark.is_fault for remark in found):
        yield Remark(f"what {said.by} approved is not as it was")


_ALWAYS: tuple[Check, ...] = (_signature, _place, _second_person, _post)
_WHILE_IT_STANDS: tuple[Check, ...] = (_content, _rests)
