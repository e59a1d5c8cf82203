"""`arpc history`: who changed what in a case, and when: each commit, in ids and the names of fields.

No word of a record is in it, so that it may be looked at with others. What the words were on a day, `arpc show
--as-known-on` says; what a change means, `arpc diff`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from arpc import gitlog, gitrepo, kinds, yamldoc
from arpc.differing.comparing import Difference, differences
from arpc.gitlog import Step, Touched
from arpc.gitrepo import Commit
from arpc.ids import parse_citation
from arpc.sealing import is_sealed

_IS_FIELD = re.compile(r"[a-z_]{1,40}\Z")
_IS_ID = re.compile(r"[A-Z](?:-?[0-9]{1,4})\Z")


class Line(NamedTuple):
    """What became of a record in a commit."""

    record: str
    """Its id; or what another file is called."""
    what: str
    """new, gone, or its fields: "thinking, statements[S3].said"."""


class Entry(NamedTuple):
    """What somebody saved of a case at one time."""

    commit: Commit
    lines: tuple[Line, ...]
    is_joining: bool
    """Whether two people's work was brought together; then only what neither of them had is told."""


def annals(root: Path, case: str, record: str = "", since: date | None = None) -> list[Entry]:
    """What was saved of a case, newest first.

    Args:
        root: The service folder.
        case: What the case folder is called.
        record: The id of a record; "" for all of the case.
        since: The first day that counts; None for all.

    Raises:
        ArpcError: There is no such history.
    """
    if not gitrepo.head(root):
        return []
    below = f"cases/{case}"
    found = gitlog.steps(root, "HEAD", below=(below,))
    form = re.compile(rf"{re.escape(record)}(?:[-.]|\Z)" if record else "")
    steps = [
        step
        for step in found
        if (since is None or step.commit.day >= since)
        and any(form.match(Path(file.path).name) for file in step.files)
    ]
    texts = gitlog.texts(root, ((o, f.path) for s in steps for f in s.files for o in f[1:]))
    entries = (
        Entry(step.commit, tuple(_lines(step, below, form, texts)), step.is_joining)
        for step in steps
    )
    return [entry for entry in entries if entry.lines]


def _lines(
    step: Step, below: str, form: re.Pattern[str], texts: Mapping[tuple[str, str], bytes]
) -> Iterator[Line]:
    """What became of each record whose file has a name of some form, and of what lies beside it.

    What arpc notes beside the records is named only where it stands alone.
    """
    noted = [f for f in step.files if kinds.ledger_of_file(f.path.removeprefix(f"{below}/"))]
    renamed = dict(_renamed(step.files, texts))
    for file in [f for f in step.files if f not in noted] or noted:
        now = renamed.get(file, file)
        if file in renamed.values() or not any(
            form.match(Path(each.path).name) for each in (file, now)
        ):
            continue
        name = file.path.removeprefix(f"{below}/")
        what = _what(name, file, texts) if now is file else f"is {_name(now.path)} now"
        if what:
            yield Line(_name(name), what)


def _renamed(
    files: tuple[Touched, ...], texts: Mapping[tuple[str, str], bytes]
) -> Iterator[tuple[Touched, Touched]]:
    """Records that are gone and stand there under another id."""
    new = {
        file: _data(file.path, texts[file.after, file.path]) for file in files if file.how == "new"
    }
    for file in files:
        was = _data(file.path, texts[file.before, file.path]) if file.how == "gone" else None
        now = next((each for each, data in new.items() if was and _is_but_for_ids(was, data)), None)
        if now:
            del new[now]
            yield file, now


def _data(path: str, raw: bytes) -> Mapping[str, Any]:
    doc = None if is_sealed(raw) or not path.endswith(".yaml") else yamldoc.read(path, raw).doc
    return doc.data if doc else {}


def _is_but_for_ids(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether two records differ in ids alone, their own among them, as after a renumbering."""
    found = differences(was, now)
    ids = (each for d in found for each in (d.before, d.after))
    return ("id",) in {d.pointer for d in found} and all(
        isinstance(each, str) and parse_citation(each) for each in ids
    )


def _name(name: str) -> str:
    return Path(name).stem if name.endswith(".yaml") else Path(name).name


def _what(name: str, file: Touched, texts: Mapping[tuple[str, str], bytes]) -> str:
    if file.how != "changed" or kinds.kind_of_file(name) is None:
        return file.how
    before, after = (texts[each, file.path] for each in (file.before, file.after))
    if is_sealed(before) or is_sealed(after):
        return "changed, and locked here"
    readings = [yamldoc.read(name, raw) for raw in (before, after)]
    in_two = [any(f.rule == "git-conflict" for f in reading.findings) for reading in readings]
    if in_two[1]:
        return "in two wordings, to be decided"
    if in_two[0]:
        return "decided between two wordings"
    then, now = (reading.doc for reading in readings)
    if then is None or now is None:
        return "changed, and not to be read before or after"
    fields = dict.fromkeys(_field(each) for each in differences(then.data, now.data))
    return ", ".join(fields) or "changed in its layout alone"


def _field(found: Difference) -> str:
    """Which field it is, as a conflict is named too: statements[S3].said, or "statements[S4] new"."""
    words = ""
    for at, part in enumerate(found.pointer):
        if isinstance(part, int):
            words += f"[{_id(found.holders.get(at))}]"
        else:
            words += f".{part if _IS_FIELD.match(part) else '?'}"
    how = "new" if found.before is None else "gone" if found.after is None else ""
    return f"{words.lstrip('.')} {how}".rstrip()


def _id(holder: Mapping[str, Any] | None) -> str:
    """The id of an entry, unless it is a word that somebody wrote in its place."""
    said = str(holder.get("id") or "") if isinstance(holder, Mapping) else ""
    return said if _IS_ID.match(said) else ""
