"""`arpc trace`: what something rests on, down to its sources, and who uses it, up to the report.

It begins at a record, at an entry of one, or at a numbered paragraph of a report.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from arpc.casefile import CaseFile
from arpc.citing import references
from arpc.errors import ArpcError
from arpc.findings import Location
from arpc.records import (
    Analysis,
    Document,
    Entry,
    IssuedReport,
    Record,
    Statement,
    entries_with_ids,
)
from arpc.reporting.paragraphs import Paragraph, Printed


class Step(NamedTuple):
    """One thing on the way, and the shortest way to it from where the trace begins."""

    at: str
    """How it is cited, e.g. "N-007#S3"."""
    what: str
    """What it is, without its words: "said by P-03", "judgement", "document"."""
    where: Location
    path: tuple[str, ...]
    """What lies between, first to last."""
    made: str
    """Of when its record is, who wrote it and when, and whether it is final."""


class Trace(NamedTuple):
    """Both directions from one thing."""

    begins: Step
    rests_on: tuple[Step, ...]
    used_by: tuple[Step, ...]


class ParagraphTrace(NamedTuple):
    """Where a paragraph of a report comes from, and both directions from there."""

    number: str
    printed: tuple[Step, ...]
    """The texts that stand in it; `what` says which field; () where the words are the report's own."""
    rests_on: tuple[Step, ...]
    used_by: tuple[Step, ...]


def trace(file: CaseFile, wanted: str) -> Trace:
    """Follow citations from `wanted` in both directions.

    Raises:
        ArpcError: There is nothing of that name in the case.
    """
    if wanted not in file.places:
        hint = "name a record or an entry of one, e.g. N-007#S3 or J-01#J1"
        raise ArpcError(f"{wanted} does not exist in this case", hint)
    down = _citations(file)
    return Trace(
        _step(file, wanted, ()),
        tuple(_reach(file, wanted, down)),
        tuple(_reach(file, wanted, _reversed(down))),
    )


def trace_paragraph(file: CaseFile, paragraph: Paragraph) -> ParagraphTrace:
    """Follow citations from a paragraph, and from what was printed in it.

    It rests on what it cites; where it cites nothing, on what the entries cite whose words stand in
    it. A record as a whole rests on too much to be an answer.
    """
    down = _citations(file)
    up = _reversed(down)
    owners = list(dict.fromkeys(printed.owner for printed in paragraph.printed))
    entries = [owner for owner in owners if "#" in owner]
    cited = paragraph.cites or [target for entry in entries for target in down.get(entry, ())]
    using = [source for owner in owners for source in up.get(owner, ())]
    mark = f"¶{paragraph.number}"
    return ParagraphTrace(
        paragraph.number,
        tuple(_printed(file, printed) for printed in paragraph.printed),
        tuple(_reach(file, mark, {**down, mark: cited})),
        tuple(_reach(file, mark, {**up, mark: using})),
    )


def _reversed(links: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, targets in links.items():
        for target in targets:
            found.setdefault(target, []).append(source)
    return found


def _citations(file: CaseFile) -> dict[str, list[str]]:
    """What each entry or record cites, by how it is cited itself; people are left aside.

    What stands in an entry with an id belongs to that entry, all else to its record.
    """
    found: dict[str, list[str]] = {}
    for record in file.records:
        owners = {pointer: f"{record.id}#{entry}" for entry, pointer in entries_with_ids(record)}
        for reference in references(record):
            if reference.target[:2] == "P-" or reference.target not in file.places:
                continue
            owner = owners.get(reference.pointer[:2], record.id)
            if reference.target != owner:
                found.setdefault(owner, []).append(reference.target)
        for owner in owners.values():
            if isinstance(record, Analysis):
                found.setdefault(record.id, []).append(owner)
    return found


def _reach(file: CaseFile, start: str, links: Mapping[str, Iterable[str]]) -> list[Step]:
    """Everything that can be reached, nearest first, each by the shortest way."""
    paths: dict[str, tuple[str, ...]] = {start: ()}
    order = [start]
    for at in order:
        for target in sorted(dict.fromkeys(links.get(at, ()))):
            if target not in paths:
                paths[target] = (*paths[at], at)
                order.append(target)
    return [_step(file, at, paths[at][1:]) for at in order[1:]]


def _step(file: CaseFile, at: str, path: tuple[str, ...]) -> Step:
    entry = file.places[at]
    where = entry.at() if entry.pointer else entry.at("id")
    return Step(at, _what(entry), where, path, _made(entry.record))


def _printed(file: CaseFile, printed: Printed) -> Step:
    what = f"{_what(file.places[printed.owner])}, {printed.field}"
    return Step(printed.owner, what, printed.where, (), _made(printed.record))


def _made(record: Record) -> str:
    written = record.data.get("written")
    parts = [f"of {record.on}", f"by {record.author}", f"written {written}" if written else ""]
    return ", ".join(filter(None, [*parts, record.status]))


def _what(entry: Entry) -> str:
    if isinstance(entry, Statement):
        by = f" by {entry.speaker}" if entry.speaker else ""
        return f"{entry.form or 'not written'}{by}"
    if isinstance(entry, Document):
        return "document"
    if isinstance(entry, IssuedReport):
        return f"{entry.type} report, version {entry.version or 1}"
    if isinstance(entry, Record):
        return entry.kind.title.lower()
    return _ENTRIES.get(entry.id[:1], "entry")


_ENTRIES = {
    "Q": "question of the referral",
    "F": "factor",
    "H": "explanation",
    "J": "judgement",
    "R": "recommendation",
    "G": "goal",
}
