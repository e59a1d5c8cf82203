"""What is cited, as it is and as it was when it was cited: for whoever is to read it again.

On the screen of whoever works on the case; what people said is shown in full.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from arpc import history, rereading
from arpc.casefile import CaseFile
from arpc.cli.printer import Printer
from arpc.cli.workspace import Workspace
from arpc.differing import comparing
from arpc.provisions import AsOf
from arpc.records import Entry, Statement, is_blank
from arpc.reporting import added
from arpc.reporting.people import plain
from arpc.rereading import Moved

_LEFT_OUT = (*rereading.NOT_MEANT, "amendments")


def show(out: Printer, space: Workspace, file: CaseFile, moved: Moved) -> None:
    """Print what is cited: its words, and what is not as it was, then and now."""
    target = moved.reference.target
    now = file.places[target]
    then = history.kept_as(space.folder(), file, target, moved.fingerprint) if space.root else None
    by = f" by {moved.by}" if moved.by else ""
    out.line(f"{target}, cited or confirmed{by} on {moved.read}, and changed since:")
    for line in _lines(space, now, then):
        out.item(line)
    if then is None:
        out.item("it was not saved as it was then, so that what changed cannot be told")


def _lines(space: Workspace, now: Entry, then: Entry | None) -> Iterator[str]:
    form = now.form if isinstance(now, Statement) else ""
    if then is None:
        for key, value in now.data.items():
            if key not in _LEFT_OUT and not is_blank(value):
                yield f"{plain(key)}, now: {_flat(value)}"
    else:
        changed = [
            each
            for each in comparing.differences(then.data, now.data)
            if each.pointer[0] not in _LEFT_OUT
        ]
        if form and not any(each.pointer == (form,) for each in changed):
            yield f"{form}, as it was: {_flat(now.data[form])}"
        for each in changed:
            label = " ".join(_called(each, index) for index in range(len(each.pointer)))
            if each.before is not None:
                yield f"{label}, then: {_flat(each.before)}"
            yield f"{label}, now: {'taken out' if each.after is None else _flat(each.after)}"
    before = {*_additions(space, then)} if then else set()
    yield from (line for line in _additions(space, now) if line not in before)


def _called(difference: comparing.Difference, index: int) -> str:
    """What a step of the way is called: an entry by its id, or by its place."""
    step = difference.pointer[index]
    if isinstance(step, str):
        return plain(step)
    return str(difference.holders.get(index, {}).get("id") or step + 1)


def _additions(space: Workspace, entry: Entry) -> tuple[str, ...]:
    """What was added later about an entry and about its whole record."""
    file = CaseFile("", [entry.record])
    view = AsOf(file, space.today, space.service)
    about = () if entry is entry.record else added.lines(view, entry)
    return (*added.lines(view, entry.record), *about)


def _flat(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        parts = (f"{plain(key)}: {_flat(each)}" for key, each in value.items() if each is not None)
        return ", ".join(parts)
    if isinstance(value, list):
        return "; ".join(_flat(each) for each in value if each is not None)
    return " ".join(str(value).split())
