"""Nothing plain leaves: what a commit, a push or a server accepts.

The filter seals what git itself takes in. Other programs write to a repository too, and some know nothing of
filters; what they bring is refused here, at the commit, at the push, and by a server that has no keys at all.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from arpc import placing, plainfiles
from arpc.sealing import form, is_sealed, plumbing
from arpc.sealing.engine import ANOTHER_KEY, case_of, opened
from arpc.sealing.plumbing import Entry
from arpc.sealing.ring import Ring

_BRANCHES = ("refs/heads/", "refs/tags/")
_LEADS_OUT = {"120000": "a link may lead anywhere", "160000": "it is another repository"}
"""Why, by mode."""


class Refusal(NamedTuple):
    """Something that may not be stored or sent."""

    what: str
    """A path, or the name of a branch."""
    why: str


class Update(NamedTuple):
    """A branch or tag that a push moves."""

    ref: str
    old: str
    new: str


def before_commit(ring: Ring) -> list[Refusal]:
    """What of the next commit may not be stored."""
    return [*_refused(plumbing.staged(), ring)]


def before_push(updates: Iterable[Update], remote: str, ring: Ring) -> list[Refusal]:
    """What of a push may not be sent."""
    refusals = []
    for update in updates:
        if plumbing.is_nothing(update.new):
            continue
        if not update.ref.startswith(_BRANCHES):
            refusals.append(Refusal(update.ref, "only branches and tags are sent"))
            continue
        known = [f"--remotes={remote}"]
        if not plumbing.is_nothing(update.old) and plumbing.has(update.old):
            known.append(update.old)
        refusals += _refused(plumbing.new_in([update.new], known), ring)
    return refusals


def before_receiving(updates: Iterable[Update]) -> list[Refusal]:
    """What a server may not take in: it needs no key for that."""
    refusals = []
    for update in updates:
        if plumbing.is_nothing(update.new):
            refusals.append(Refusal(update.ref, "a branch is not deleted: git is the record"))
            continue
        if not update.ref.startswith(_BRANCHES):
            refusals.append(Refusal(update.ref, "only branches and tags are kept here"))
            continue
        if not plumbing.is_nothing(update.old) and not plumbing.is_ancestor(update.old, update.new):
            refusals.append(Refusal(update.ref, "history is added to, and never rewritten"))
        refusals += _refused(plumbing.new_in([update.new], ["--all"]), None)
    return refusals


def in_commits(tip: str, known: Iterable[str], *, sealed: bool = True) -> list[Refusal]:
    """What a server would not take in, in commits up to a tip that cannot be reached from what is known.

    Of a service that is not sealed that is only what may lead out of a case.

    Raises:
        ArpcError: They hold more files than can be listed.
    """
    new = plumbing.new_in([tip], known)
    if sealed:
        return [*_refused(new, None)]
    inside = (each for each in new if each.path.startswith("cases/"))
    return [Refusal(e.path, _LEADS_OUT[e.mode]) for e in inside if e.mode in _LEADS_OUT]


_NAME = re.compile(rb"^(?:name|known_as):[ \t]*([^#\n]+)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{3,}")


def in_message(message: str, cases: Path) -> list[Refusal]:
    """What a commit message may not say: the name of somebody in a case that is unlocked here.

    Git's messages are never sealed. Names are looked for as the people's records hold them, as far as the
    work tree is readable; it is a help, and no proof that nobody is named.
    """
    said = {word.casefold() for word in _WORD.findall(message)}
    for record in sorted(cases.glob("C-*/people/P-*.yaml")):
        for name in _NAME.findall(_bytes(record)):
            if said & {word.casefold() for word in _WORD.findall(name.decode("utf-8", "replace"))}:
                why = f"it names somebody of {record.parent.parent.name}, and is never sealed"
                return [Refusal("the message", why)]
    return []


def _bytes(record: Path) -> bytes:
    try:
        return plainfiles.read(record)
    except OSError:
        return b""


def _refused(entries: Iterable[Entry], ring: Ring | None) -> Iterator[Refusal]:
    """The entries that may not be stored, each with the reason."""
    sealed = []
    for entry in entries:
        if reason := _out_of_place(entry):
            yield Refusal(entry.path, reason)
        elif case_of(entry.path):
            sealed.append(entry)
    raw = plumbing.contents(entry.object for entry in sealed)
    for entry, (_, content) in zip(sealed, raw, strict=True):
        if reason := _unsound(entry.path, content, ring):
            yield Refusal(entry.path, reason)


def _out_of_place(entry: Entry) -> str:
    if entry.mode in _LEADS_OUT:
        return _LEADS_OUT[entry.mode]
    if entry.mode != "100644":
        return f"its mode is {entry.mode}: a record is a plain file that nothing runs"
    if not placing.has_place(entry.path):
        return "nothing of that name belongs here, and git never forgets a name"
    return ""


def _unsound(path: str, raw: bytes, ring: Ring | None) -> str:
    if not raw:
        return ""
    if not is_sealed(raw):
        return "it is PLAIN TEXT"
    if form.key_of(raw) is None:
        return "this locked file is damaged"
    if ring is None:
        return ""
    _, fault = opened(ring, case_of(path), raw)
    return "" if fault == ANOTHER_KEY else fault
