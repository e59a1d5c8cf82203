"""What two people made apart under one id: ours, which nobody else has yet, gets an id of its own."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from arpc import kinds, yamldoc
from arpc.ids import next_id
from arpc.kinds import Kind
from arpc.loading import lies_beside
from arpc.reconciling.ledger_entries import ledgers_rewritten
from arpc.reconciling.moves import Moves, own_id, rewritten, stands, with_ends_of
from arpc.reconciling.parts import same_meaning
from arpc.records import Record, entries_with_ids, make

Files = Mapping[str, bytes]
"""A case's files in plain text, by their path below the case folder."""

_NUMBERED = re.compile(
    r"(?P<stem>[A-Z]-[0-9]{2,4})-(?P<number>[0-9]{1,3})\.(?P<ending>[a-z0-9]+)\Z"
)


class Renumbering(NamedTuple):
    """What became of ours."""

    changed: Mapping[str, bytes | None]
    """Files that are otherwise than in ours, by path; None for one that is gone."""
    moved: tuple[tuple[str, str], ...]
    """Old and new ids: ("N-015", "N-016"), ("N-007#S7", "N-007#S8"), ("N-014-3.pdf", "N-014-4.pdf")."""
    left: tuple[str, ...]
    """What somebody has to look at, as file:line:column or as a file: a citation of what has moved in
    the prose of a final record, or one that could mean two things; a file that could not be changed."""


def renumbered(base: Files, ours: Files, theirs: Files) -> Renumbering:
    """Give what both sides made apart under one id a new id in ours, wherever ours means it.

    case.yaml and referral.yaml, of which a case has one each, keep their ids; entries in them may get
    new ones. What an answered finding was about is not computed anew: where an id in it has changed, the
    answer lapses, and the finding is back.

    Args:
        base: The case as both sides had it.
        ours: The case with what was made here and is not passed on yet; only this is changed.
        theirs: The case as others have it.
    """
    before, records, others = (_records(files) for files in (base, ours, theirs))
    moved, unread = _records_twice(base, ours, theirs, records)
    kept = [name for name in records if records[name].id not in moved]
    entries, doubled = _entries_twice(kept, before, records, others)
    files, unnumbered = _files_twice(base, ours, theirs, moved)
    paths = {**_beside(base, ours, moved), **files}
    left = [*unread, *doubled, *unnumbered]
    named = {_file(old): _file(new) for old, new in paths.items()}
    known = {f"{r.id}#{entry}" for r in records.values() for entry, _ in entries_with_ids(r)}
    moves = Moves(moved, entries, named, frozenset(known))
    if not moves.is_any:
        return Renumbering({}, (), tuple(left))
    done = {name: rewritten(records[name], before.get(name), moves) for name in records}
    changed: dict[str, bytes | None] = {}
    for name, new in done.items():
        old = records[name]
        path = name.replace(old.id, new.record.id) if old.id in moved else name
        left += [each.replace(name, path, 1) for each in new.left]
        if new.record is not old:
            changed |= {name: None, path: with_ends_of(ours[name], new.record.doc.text)}
    for name, path in paths.items():
        changed |= {name: None, path: ours[name]}
    now = [new.record for new in done.values()]
    ledgers = ledgers_rewritten(base, ours, [*records.values()], now, moves)
    left += [*ledgers.left, *_frozen(base, ours, paths, moves)]
    pairs = (*moved.items(), *entries.items(), *_by_themselves(moves))
    changed |= ledgers.changed
    return Renumbering(dict(sorted(changed.items())), pairs, tuple(dict.fromkeys(left)))


def _records(files: Files) -> dict[str, Record]:
    """Every record that can be read, by its path, whatever its schema says of it."""
    found = {}
    for name, raw in files.items():
        kind = kinds.kind_of_file(name)
        doc = yamldoc.read(name, raw).doc if kind else None
        if kind and doc and isinstance(doc.data.get("id"), str):
            found[name] = make(doc, kind)
    return found


def _records_twice(
    base: Files, ours: Files, theirs: Files, records: Mapping[str, Record]
) -> tuple[dict[str, str], list[str]]:
    """New ids for the records that both sides began; and the files of those that cannot be read."""
    ids: dict[str, str] = {}
    unread = []
    for name in sorted(ours.keys() & theirs.keys() - base.keys()):
        kind = kinds.kind_of_file(name)
        if ours[name] == theirs[name] or kind is None or not kind.folder:
            continue
        old = kind.id_in(name)
        record = records.get(name)
        if not record or record.id != old or not stands(record.doc, own_id(record, old)):
            unread.append(name)
            continue
        taken = [*ids.values(), *_taken(kind, base), *_taken(kind, ours), *_taken(kind, theirs)]
        ids[old] = next_id(kind.prefix, taken, kind.id_width)
    return ids, unread


def _taken(kind: Kind, files: Iterable[str]) -> Iterator[str]:
    """The ids of a kind that have a file, or ever had one beside them."""
    form = re.compile(rf"{kind.folder}/({kind.prefix}[0-9]{{2,4}})[.-]")
    return (found[1] for name in files if (found := form.match(name)))


def _entries_twice(
    names: Iterable[str],
    before: Mapping[str, Record],
    ours: Mapping[str, Record],
    theirs: Mapping[str, Record],
) -> tuple[dict[str, str], list[str]]:
    """New ids for entries that both sides added; and the records in which an id of ours is no id."""
    moved: dict[str, str] = {}
    doubled = []
    for name in sorted({*names} & before.keys() & theirs.keys()):
        here = ours[name]
        for key, prefix in here.kind.numbered.items():
            if not prefix.isalpha():  # a list of records
                continue
            was, own, other = (_entries(each[name], key) for each in (before, ours, theirs))
            taken = [*was, *own, *other]
            for entry in sorted(own.keys() & other.keys() - was.keys()):
                if len(own[entry]) > 1:
                    doubled.append(name)
                elif not same_meaning(own[entry], other[entry]):
                    new = next_id(prefix, taken, 1)
                    taken.append(new)
                    moved[f"{here.id}#{entry}"] = f"{here.id}#{new}"
    return moved, doubled


def _entries(record: Record, key: str) -> dict[str, list[Any]]:
    """What a list holds under each id of the form that it has; more than one under an id is a slip."""
    found: dict[str, list[Any]] = {}
    form = re.compile(rf"{record.kind.numbered[key]}[0-9]{{1,3}}\Z")
    for entry in record.data.get(key) or ():
        if isinstance(entry, Mapping) and form.match(str(entry.get("id"))):
            found.setdefault(str(entry["id"]), []).append(entry)
    return found


def _beside(base: Files, ours: Files, moved: Mapping[str, str]) -> dict[str, str]:
    """New paths for what lies beside records that get a new id."""
    found = {}
    for name in sorted(ours.keys() - base.keys()):
        folder, _, file = name.rpartition("/")
        stem = re.split(r"(?<=[0-9])[.-]", file, maxsplit=1)[0]
        kind = kinds.kind_of_id(stem)
        if stem in moved and kind and kind.folder == folder and lies_beside(name):
            found[name] = f"{folder}/{moved[stem]}{file.removeprefix(stem)}"
    return found


def _files_twice(
    base: Files, ours: Files, theirs: Files, moved: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """New paths for files that both sides put beside one record; and those that have no number."""
    found: dict[str, str] = {}
    unnumbered = []
    for name in sorted(ours.keys() & theirs.keys() - base.keys()):
        folder, _, file = name.rpartition("/")
        if ours[name] == theirs[name] or not lies_beside(name):
            continue
        form = _NUMBERED.match(file)
        if form is None:
            if file.partition(".")[0] not in moved:
                unnumbered.append(name)
        elif form["stem"] not in moved:
            everywhere = (*base, *ours, *theirs, *found.values())
            numbers = [
                int(other["number"])
                for path in everywhere
                if (other := _NUMBERED.match(_file(path))) and other["stem"] == form["stem"]
            ]
            new = f"{form['stem']}-{max(numbers) + 1}.{form['ending']}"
            found[name] = f"{folder}/{new}"
    return found, unnumbered


def _file(path: str) -> str:
    return path.rpartition("/")[2]


def _by_themselves(moves: Moves) -> Iterator[tuple[str, str]]:
    """The files that moved though their record did not."""
    for old, new in moves.files.items():
        if not any(old.startswith((f"{each}-", f"{each}.")) for each in moves.records):
            yield old, new


def _frozen(base: Files, ours: Files, paths: Mapping[str, str], moves: Moves) -> Iterator[str]:
    """Issued texts of ours that name what has moved: they are frozen, and have to be issued again."""
    words = "|".join(map(re.escape, (*moves.records, *moves.entries)))
    for name in sorted(ours.keys() - base.keys()):
        text = ours[name].decode("utf-8", "replace") if name.endswith(".md") else ""
        if words and re.search(rf"(?<![\w-])(?:{words})(?![\w])", text):
            yield paths.get(name, name)
