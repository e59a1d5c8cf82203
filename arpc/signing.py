"""`arpc sign` and `arpc return`: a practitioner signs a record, a manager approves it or gives it back.

Two people, each with a key of their own: whoever wrote something never approves it. That somebody else looks
at the work before it leaves the service is asked for by supervision policies (`arpc.sources.SUPERVISION`); that
it takes two signatures is our inference.
"""

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from arpc import __version__, clocks, meaning, rules, signoffs, verifying, writer
from arpc.casefile import IncompleteError
from arpc.citing import named_in_prose, references
from arpc.errors import ArpcError
from arpc.loading import Loaded, read_bytes
from arpc.records import Analysis, IssuedReport, Record, Seal
from arpc.sealed import Seat
from arpc.sealing import unread
from arpc.sealing.access import People, Signing
from arpc.service import Service
from arpc.signoffs import Kept, SignOff, Standing, Word
from arpc.verifying import Bench

_MARKER = re.compile(rb"^[ \t\r]*(?:<{7}|>{7})(?:\s|$)", re.MULTILINE)
_FIRST = "sign-offs are for a final record or an issued report"


class Made(NamedTuple):
    """A sign-off that was written."""

    path: Path
    word: Word
    of: str
    """Who signed what it answers; "" in a practitioner's."""
    writers: frozenset[str]
    """Who had a hand in the record, and cannot approve it."""


def bench(at: Seat, folder: Path, loaded: Loaded, service: Service) -> Bench:
    """A case of a sealed service, to sign something in it."""
    return Bench(folder, loaded, at.people(), service, at.root)


def sign(at: Seat, case: Bench, key: str, by: Signing, *, has_read: bool = False) -> Made:
    """Sign a record: as its practitioner, or as the manager who approves what a practitioner has signed.

    Args:
        at: The clone.
        case: The case, as it was read.
        key: The record: "N-007", "Q-01" or "case".
        by: Who signs.
        has_read: Whether they say that they have read what a merge has made.

    Raises:
        ArpcError: It is not for that person to sign, or not now; nothing was written.
    """
    with writer.locked(case.folder):
        case = case.again()
        record = _record(case, key)
        _check_read(at, case, record, has_read=has_read)
        post = _post(case, by)
        stands = case.standing(key)
        if by.by == record.author or post is Word.PRACTITIONER:
            made = _practitioners(case, record, stands, by)
        else:
            made = _managers(case, record, stands, by)
        path = signoffs.put(case.folder, case.chain, made, by.identity)
        if has_read:
            unread.note_read(at.git, {case.kept_at(made.file)})
    wrote = verifying.writers(case, record) | {made.by}
    return Made(path, made.word, _signer(stands) if made.of else "", wrote)


def give_back(case: Bench, key: str, why: str, by: Signing) -> Made:
    """Return a record to whoever signed it, with the reason; they can add to it and sign again.

    Args:
        case: The case, as it was read.
        key: The record.
        why: What is to be looked at again. It stays in the case, and is sealed with it.
        by: The manager who returns it.

    Raises:
        ArpcError: There is nothing to return, or it is not for that person; nothing was written.
    """
    reason = " ".join(why.split())
    if not reason.isprintable() or not reason:
        raise ArpcError("a return needs its reason, in plain words", "give `--why TEXT`")
    with writer.locked(case.folder):
        case = case.again()
        if _post(case, by) is not Word.MANAGER:
            raise ArpcError(f"{by.by} signs as practitioner", "a manager returns a record")
        stands = case.standing(key)
        signed = _signed(case, key, stands)
        record = _there(case, key)
        _check_second(case, record, stands, by)
        made = _following(case, signed, by)._replace(
            word=Word.RETURNED, why=reason, of=_digest(stands)
        )
        path = signoffs.put(case.folder, case.chain, made, by.identity)
    return Made(path, Word.RETURNED, signed.by, verifying.writers(case, record))


def check_approved(case: Bench, analysis: Analysis, approver: str) -> None:
    """See to it that an analysis is signed by its author and approved by a manager, before it is issued.

    Raises:
        ArpcError: It is not; the hint is what to type next.
    """
    key, name = analysis.key, case.file.name
    stands = case.standing(key)
    if stands.signed is None:
        hint = f"`arpc sign {key} -c {name} --as {analysis.author}`"
        raise ArpcError(f"{key} is not signed yet", hint)
    by = _signer(stands)
    if stands.is_returned:
        hint = f"see why: `arpc show {name} {key}`; then `arpc sign {key} -c {name} --as {by}`"
        raise ArpcError(f"{key} was returned to {by}", hint)
    if not stands.is_approved or stands.answer is None or stands.answer.signoff is None:
        hint = f"a manager reads and signs it: `arpc sign {key} -c {name} --as {approver}`"
        raise ArpcError(f"{key} is signed by {by}, and no manager has signed it", hint)
    for kept in (stands.signed, stands.answer):
        _check_good(case, kept)
    if stands.answer.signoff.by != approver:
        hint = f"`--approved-by {stands.answer.signoff.by}`"
        raise ArpcError(f"{stands.answer.signoff.by} signed {key}, not {approver}", hint)


def rests_on(case: Bench, record: Record) -> list[str]:
    """The files that a record rests on, below the case folder: what it cites, and what lies beside it.

    A report rests on what was frozen with it, on its analysis, and on what that rests on.
    """
    if isinstance(record, IssuedReport):
        frozen = [f"reports/{each.name}" for each in record.files]
        analysis = case.record(record.analysis)
        below = [_file(case, analysis), *rests_on(case, analysis)] if analysis else []
        return [*frozen, *below]
    if isinstance(record, Analysis):
        cited = {reference.record for reference in references(record)}
        cited |= {each for named in named_in_prose(record) for each in named.records}
        return sorted(
            _file(case, each) for each in case.file.records if each.id in cited - {record.id}
        )
    attached = getattr(record, "attachments", ())
    return [each.path for each in attached]


def _there(case: Bench, key: str) -> Record:
    record = case.record(key)
    if record is None:
        raise ArpcError(f"{key} cannot be relied on", "`arpc validate` says what is wrong with it")
    return record


def _record(case: Bench, key: str) -> Record:
    """A record that can be signed."""
    record = _there(case, key)
    if record.status == "superseded":
        raise ArpcError(f"{key} was replaced by another", _FIRST)
    if not record.is_final:
        raise ArpcError(f"{key} is a draft", f"`arpc finish {key}` first; {_FIRST}")
    seals = [seal for seal in _seals(case) if seal.id == key]
    if not seals:
        raise ArpcError(f"nobody finished {key}", f"`arpc finish {key}` first")
    if seals[-1].digest != meaning.digest(record.data, record.kind.living) and (
        changed := meaning.changed_fields(seals[-1].fields, record.data, record.kind)
    ):
        hint = "put back what stood there; `arpc amend` adds what is new"
        raise ArpcError(f"{', '.join(changed)} of {key} changed after it was finished", hint)
    return record


def _check_read(at: Seat, case: Bench, record: Record, *, has_read: bool) -> None:
    """Nobody signs what they may not have seen: a text that a merge has made."""
    path = _file(case, record)
    if _MARKER.search(read_bytes(case.folder / path)):
        hint = "decide in the file which of the two holds, and save it"
        raise ArpcError(f"two versions of {record.key} wait for a decision", hint)
    if not has_read and case.kept_at(path) in unread.unread(at.git):
        hint = "read all of it as it is now, then say so with `--read`"
        raise ArpcError(
            f"two versions of {record.key} were brought together, and nobody has read it since",
            hint,
        )


def _seals(case: Bench) -> tuple[Seal, ...]:
    try:
        return case.file.seals
    except IncompleteError:
        raise ArpcError("finished.yaml cannot be relied on", "`arpc validate`") from None


def _post(case: Bench, by: Signing) -> Word:
    """What somebody's signature counts as, if they can sign at all."""
    _check_key(case.people, by)
    post = case.service.staff_member(by.by).signs_as
    if not post:
        hint = (
            f"write `signs_as: practitioner` or `signs_as: manager` under {by.by} in service.yaml"
        )
        raise ArpcError(f"service.yaml does not say what {by.by}'s signature counts as", hint)
    return Word(post)


def _check_key(people: People, by: Signing) -> None:
    if by.by not in people.current:
        hint = f"a root person does that: `arpc access enrol {by.by} KEY.pub`"
        raise ArpcError(f"{by.by} is not enrolled in this service", hint)
    if by.identity.public not in people.key_then(by.by, by.at):
        hint = "`--key FILE` names another; is the clock of this computer right?"
        raise ArpcError(f"that is not the key with which {by.by} is enrolled", hint)


def _practitioners(case: Bench, record: Record, stands: Standing, by: Signing) -> SignOff:
    if by.by not in (record.author, verifying.lead(case)):
        hint = f"whoever wrote it signs it, or who leads the case: {record.author}"
        raise ArpcError(f"{by.by} neither wrote {record.key} nor leads the case", hint)
    made = _following(case, _stated(case, record, by), by)
    if stands.signed and not stands.is_returned and _is_same(stands.signed, made):
        who = _signer(stands)
        next_one = "a manager can approve it, or return it" if not stands.is_approved else ""
        raise ArpcError(f"{record.key} is signed already, as it is, by {who}", next_one)
    return made


def _managers(case: Bench, record: Record, stands: Standing, by: Signing) -> SignOff:
    signed = _signed(case, record.key, stands)
    if stands.is_approved:
        raise ArpcError(f"{record.key} is signed by {signed.by} and approved already")
    _check_second(case, record, stands, by)
    assert stands.signed is not None
    _check_good(case, stands.signed)
    made = _following(case, _stated(case, record, by), by)
    return made._replace(word=Word.MANAGER, of=_digest(stands))


def _signed(case: Bench, key: str, stands: Standing) -> SignOff:
    """What a practitioner has signed, and nobody has returned."""
    record, typed = case.record(key), f"`arpc sign {key} -c {case.file.name}"
    if stands.signed is None or stands.signed.signoff is None:
        hint = f"first whoever wrote it: {typed} --as {record.author}`" if record else ""
        raise ArpcError(f"no practitioner has signed {key} yet", hint)
    signed = stands.signed.signoff
    if stands.is_returned:
        raise ArpcError(
            f"{key} was returned to {signed.by}",
            f"they sign again first: {typed} --as {signed.by}`",
        )
    return signed


def _check_second(case: Bench, record: Record, stands: Standing, by: Signing) -> None:
    """Refuse an answer by anybody who had a hand in what is answered."""
    wrote = verifying.writers(case, record) | {_signer(stands)}
    if by.by in wrote:
        hint = "a manager who did not write it has to look at it"
        raise ArpcError(f"{by.by} wrote or signed {record.key}: the approver is another", hint)


def _check_good(case: Bench, kept: Kept) -> None:
    checked = verifying.check(case, kept)
    if not checked.is_good:
        hint = f"`arpc verify` shows all of it; if all is right, sign {kept.record} again"
        raise ArpcError(f"{kept.name}: {checked.faults[0]}", hint)


def _stated(case: Bench, record: Record, by: Signing) -> SignOff:
    """A practitioner's sign-off of a record as it is now."""
    path = _file(case, record)
    raw = read_bytes(case.folder / path)
    names = "\n".join(sorted([*(r.id for r in rules.ALL), *(c.id for c in clocks.ALL)]))
    return SignOff(
        case=case.file.id,
        record=record.key,
        file=path,
        sha256=hashlib.sha256(raw).hexdigest(),
        meaning=meaning.digest(record.data, record.kind.living),
        fields=tuple(f"{k}:{v}" for k, v in meaning.field_digests(record.data).items()),
        rests_on=verifying.grounds(case, rests_on(case, record)),
        schema=f"{record.kind.name} {record.data[record.kind.name]}",
        rules=f"arpc {__version__} sha256:{hashlib.sha256(names.encode()).hexdigest()}",
        word=Word.PRACTITIONER,
        why="",
        by=by.by,
        time=by.at,
        of="",
        previous=(),
    )


def _following(case: Bench, said: SignOff, by: Signing) -> SignOff:
    """The same as the next of the case, by somebody, now."""
    previous, time = signoffs.following(case.chain, by.at.replace(microsecond=0))
    return said._replace(by=by.by, time=time, previous=previous)


def _is_same(kept: Kept, made: SignOff) -> bool:
    """Whether somebody signed just that already."""
    said = kept.signoff
    return said is not None and (said.sha256, said.rests_on) == (made.sha256, made.rests_on)


def _signer(stands: Standing) -> str:
    return stands.signed.signoff.by if stands.signed and stands.signed.signoff else ""


def _digest(stands: Standing) -> str:
    return stands.signed.digest if stands.signed else ""


def _file(case: Bench, record: Record) -> str:
    return record.doc.file.removeprefix(case.file.shown)
