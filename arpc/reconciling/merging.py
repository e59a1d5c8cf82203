"""The three-way merge of one file: line by line where that is sound, else entry by entry.

What either side added stays. What both sides wrote differently in one place stands there twice, between
the markers that git writes, which the reader refuses until somebody has chosen.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from arpc import yamldoc
from arpc.reconciling.parts import (
    Lines,
    Part,
    Parts,
    cut,
    has_an_id_twice,
    names,
    same_meaning,
    sayable,
    split,
)
from arpc.reconciling.threeway import stretches
from arpc.yamldoc import YamlDoc


class Labels(NamedTuple):
    """What the three versions are called behind the markers of a conflict."""

    ours: str = "ours"
    base: str = "base"
    theirs: str = "theirs"


class Conflict(NamedTuple):
    """One place that both sides wrote differently."""

    where: str
    """Keys and ids that lead there, such as statements[S3].said; "line 7" where lines were merged; "" for
    what is not text."""


class Merged(NamedTuple):
    """What came of a merge."""

    text: bytes
    conflicts: tuple[Conflict, ...]
    """None in a clean merge."""
    by_entry: bool
    """Whether lines overlapped, so that it was merged entry by entry: to be read before it is kept."""


class _Clash(NamedTuple):
    """Three versions of one place, of which somebody has to choose."""

    where: str
    ours: Lines
    base: Lines
    theirs: Lines


_Piece = str | _Clash
"""A line of the result, or a conflict in it."""


def merge(base: bytes, ours: bytes, theirs: bytes, *, labels: Labels | None = None) -> Merged:
    """Merge two versions of a file that grew apart from `base`.

    A file that is not text is not merged: ours is returned, with one conflict.

    Args:
        base: What both began from; empty if both added the file.
        ours: One version.
        theirs: The other, which comes after ours where both added something at one place.
        labels: What to call them behind the markers of a conflict.
    """
    if ours == theirs or theirs == base:
        return Merged(ours, (), by_entry=False)
    if ours == base:
        return Merged(theirs, (), by_entry=False)
    if any(b"\0" in raw for raw in (base, ours, theirs)):
        return Merged(ours, (Conflict(""),), by_entry=False)
    texts = [_decoded(raw) for raw in (base, ours, theirs)]
    pieces, by_entry = _merged(*texts)
    windows = [b"\r\n" in raw for raw in (base, ours, theirs)]
    end = "\r\n" if (windows[1] if windows[1] != windows[0] else windows[2]) else "\n"
    return _rendered(pieces, labels or Labels(), end, by_entry=by_entry)


def _decoded(raw: bytes) -> str:
    """The text with a line feed at each line's end, its other bytes kept whatever they are."""
    return raw.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def _merged(base: str, ours: str, theirs: str) -> tuple[list[_Piece], bool]:
    """The pieces of the result, and whether they are entries rather than lines."""
    by_line = list(_by_line(split(base), split(ours), split(theirs)))
    docs = [_sound(text) for text in (base, ours, theirs)]
    if docs[1] is None or docs[2] is None or (base.strip() and docs[0] is None):
        return by_line, False
    if _is_sound(by_line):
        return by_line, False
    top = [cut(doc) if doc else None for doc in docs]
    by_entry = list(_part(top[0], top[1], top[2], ""))
    if all(_sound("".join(_chosen(by_entry, side))) for side in ("ours", "theirs")):
        return by_entry, True
    if any(isinstance(piece, _Clash) for piece in by_line):
        return by_line, False
    return [_Clash("", *(tuple(split(text)) for text in (ours, base, theirs)))], False


def _sound(text: str) -> YamlDoc | None:
    """The text as a record in which nothing stands twice; None if it is not."""
    reading = yamldoc.read("", text.encode("utf-8", "surrogateescape"))
    doc = reading.doc
    return doc if doc and not reading.findings and not has_an_id_twice(doc.data) else None


def _is_sound(pieces: Iterable[_Piece]) -> bool:
    found = list(pieces)
    clean = not any(isinstance(piece, _Clash) for piece in found)
    return clean and _sound("".join(_chosen(found, "ours"))) is not None


def _chosen(pieces: Iterable[_Piece], side: str) -> Iterator[str]:
    """The lines if somebody chose one side wherever there is a conflict."""
    for piece in pieces:
        yield from getattr(piece, side) if isinstance(piece, _Clash) else (piece,)


def _rendered(pieces: Sequence[_Piece], labels: Labels, end: str, *, by_entry: bool) -> Merged:
    lines: list[str] = []
    conflicts = []
    for piece in pieces:
        if isinstance(piece, str):
            lines.append(piece)
            continue
        conflicts.append(Conflict(piece.where or f"line {len(lines) + 1}"))
        lines += [f"<<<<<<< {labels.ours}\n", *piece.ours, f"||||||| {labels.base}\n", *piece.base]
        lines += ["=======\n", *piece.theirs, f">>>>>>> {labels.theirs}\n"]
    text = "".join(lines).replace("\n", end)
    return Merged(text.encode("utf-8", "surrogateescape"), tuple(conflicts), by_entry)


def _by_line(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[_Piece]:
    for stretch in stretches(base, ours, theirs):
        if stretch.result is not None:
            yield from stretch.result
        else:
            yield _Clash("", tuple(stretch.ours), tuple(stretch.base), tuple(stretch.theirs))


def _part(
    base: Part | None, ours: Part | None, theirs: Part | None, where: str
) -> Iterator[_Piece]:
    """Merge one key or entry in its three versions, each None where it does not stand."""
    if ours is None or theirs is None:
        yield from _on_one_side(base, ours or theirs, where, is_ours=ours is not None)
    elif ours.lines == theirs.lines or (base and theirs.lines == base.lines):
        yield from ours.lines
    elif base and ours.lines == base.lines:
        yield from theirs.lines
    else:
        inside = _inside(base, ours, theirs, where)
        yield from _between_comments(
            base, ours, theirs, _leaf(base, ours, theirs, where) if inside is None else inside
        )


def _between_comments(
    base: Part | None, ours: Part, theirs: Part, pieces: Iterable[_Piece]
) -> Iterator[_Piece]:
    """What a part came to, between the comments above and below that either side wrote."""
    yield from _both_stay(base.lead if base else (), ours.lead, theirs.lead)
    yield from pieces
    yield from _both_stay(base.tail if base else (), ours.tail, theirs.tail)


def _whole(base: Part | None, ours: Part, theirs: Part, where: str) -> Iterator[_Piece]:
    """Merge a part without a look inside it."""
    yield from _between_comments(base, ours, theirs, _leaf(base, ours, theirs, where))


def _on_one_side(
    base: Part | None, kept: Part | None, where: str, *, is_ours: bool
) -> Iterator[_Piece]:
    """What one side has alone: new, or removed by the other, which only counts if it was left alone."""
    if kept is None or (base and base.written == kept.written):
        return
    if base is None:
        yield from kept.lines
    else:
        sides = (kept.lines, base.lines, ()) if is_ours else ((), base.lines, kept.lines)
        yield _Clash(where, *sides)


def _both_stay(base: Lines, ours: Lines, theirs: Lines) -> Iterator[str]:
    """Comments, of which none contradicts another: what either side wrote."""
    for stretch in stretches(base, ours, theirs):
        if stretch.result is not None:
            yield from stretch.result
        else:
            yield from stretch.ours
            yield from (line for line in stretch.theirs if line not in stretch.ours)


def _leaf(base: Part | None, ours: Part, theirs: Part, where: str) -> Iterator[_Piece]:
    """A value that both sides have, or what cannot be cut in the same way on both."""
    o, t, b = _own(ours), _own(theirs), _own(base) if base else ()
    if o == t or (base and t == b):
        yield from o
    elif base and o == b:
        yield from t
    elif same_meaning(ours.data, theirs.data) and _words(t) <= _words(o):
        yield from o
    elif base and same_meaning(ours.data, base.data) and _words(o) <= _words(b):
        yield from t
    elif base and same_meaning(theirs.data, base.data) and _words(t) <= _words(b):
        yield from o
    elif base and base.is_prose and ours.is_prose and theirs.is_prose and _is_clean(b, o, t):
        yield from _by_line(b, o, t)
    else:
        yield _Clash(where, o, b, t)


def _own(part: Part) -> Lines:
    """The lines of a part without the comments around it."""
    return part._replace(lead=(), tail=()).lines


def _words(lines: Lines) -> set[str]:
    return {*re.findall(r"\w+", "".join(lines))}


def _is_clean(base: Lines, ours: Lines, theirs: Lines) -> bool:
    return all(stretch.result is not None for stretch in stretches(base, ours, theirs))


def _inside(base: Part | None, ours: Part, theirs: Part, where: str) -> list[_Piece] | None:
    """Merge what is in a part, None where its three versions are not cut alike."""
    if ours.inside is None or theirs.inside is None or ours.is_list != theirs.is_list:
        return None
    if base and base.inside is None and base.data not in (None, []):
        return None
    if base and base.inside is not None and base.is_list != ours.is_list:
        return None
    before = (base.inside or ()) if base else ()
    columns = {part.column for part in (*before, *ours.inside, *theirs.inside)}
    head = _head(base, ours, theirs)
    if len(columns) > 1 or head is None:
        return None
    three = (before, ours.inside, theirs.inside)
    if ours.is_list:
        named = names(three, where.rpartition(".")[2])
        if named is None:
            return [*head, *_in_order(three, where)]
        if base and base.inside is None:  # a draft's hints on how to fill in a list stand once
            hints = {line for line in base.body if _is_comment(line)} & {*theirs.lines}
            three = (before, tuple(part.without(hints) for part in ours.inside), theirs.inside)
        return [
            *head,
            *_by_name(three, named, lambda name: f"{where}[{sayable(name)}]", whole=True),
        ]
    if where and not ours.body and ours.inside[0].name != theirs.inside[0].name:
        return None  # the first field of an entry stands behind the dash
    keys = tuple([part.name for part in parts] for parts in three)
    return [*head, *_by_name(three, keys, lambda name: f"{where}.{name}".lstrip("."), whole=False)]


def _head(base: Part | None, ours: Part, theirs: Part) -> Lines | None:
    """The line of a key over what is in it, and the comments below it; None if both changed the line."""
    three = [part.body if part else () for part in (base, ours, theirs)]
    b, o, t = (tuple(line for line in body if not _is_comment(line)) for body in three)
    comments = _both_stay(*(tuple(filter(_is_comment, body)) for body in three))
    if o != t and base is not None and o == b:
        o = t
    return (*o, *comments) if o == t or t == b else None


def _is_comment(line: str) -> bool:
    return line.lstrip()[:1] in ("", "#")


def _by_name(
    three: tuple[Parts, Parts, Parts],
    named: tuple[list[str], ...],
    route: Callable[[str], str],
    *,
    whole: bool,
) -> Iterator[_Piece]:
    """Merge parts that are known by name; one that both sides added is shown whole if `whole`."""
    base, ours, theirs = (
        dict(zip(keys, parts, strict=True)) for keys, parts in zip(named, three, strict=True)
    )
    for name in _order(list(base), list(ours), list(theirs)):
        b, o, t = base.get(name), ours.get(name), theirs.get(name)
        if whole and b is None and o and t:
            yield from _whole(None, o, t, route(name))
        else:
            yield from _part(b, o, t, route(name))


def _order(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """Every name once: as ours has them, and what only theirs has behind what it follows there.

    What both added at one place stands in the order ours, theirs.
    """
    result = list(ours)
    known = {*ours}
    new = known - {*base} - {*theirs}
    after = -1  # where the last name of theirs stands in the result
    for name in theirs:
        if name in known:
            after = result.index(name)
            continue
        after += 1
        while after < len(result) and result[after] in new:
            after += 1
        result.insert(after, name)
        known.add(name)
    return result


def _in_order(three: tuple[Parts, Parts, Parts], where: str) -> Iterator[_Piece]:
    """Merge entries that have no names, by their order; what both added at one place stays, ours first."""
    texts = [{_text(part): part for part in parts} for parts in three]
    base, ours, theirs = ([_text(part) for part in parts] for parts in three)
    done = 0
    for stretch in stretches(base, ours, theirs):
        b, o, t = (
            [texts[n][each] for each in part]
            for n, part in enumerate((stretch.base, stretch.ours, stretch.theirs))
        )
        if stretch.result is not None:
            found = o if stretch.result is stretch.ours else t
            yield from (line for part in found for line in part.lines)
        elif not b:
            yield from (line for part in o for line in part.lines)
            new = [part for part in t if _text(part) not in stretch.ours]
            yield from (line for part in new for line in part.lines)
        elif len(b) == len(o) == len(t):
            for n, each in enumerate(zip(b, o, t, strict=True)):
                yield from _one_of(*each, f"{where}[{done + n + 1}]")
        else:
            sides = (tuple(line for part in parts for line in part.lines) for parts in (o, b, t))
            yield _Clash(f"{where}[{done + 1}]", *sides)
        done += len(stretch.ours)


def _one_of(base: Part, ours: Part, theirs: Part, where: str) -> Iterator[_Piece]:
    """An entry that only one side changed, or else both wordings of it."""
    if _text(ours) == _text(base):
        yield from theirs.lines
    elif _text(theirs) == _text(base):
        yield from ours.lines
    else:
        yield from _whole(base, ours, theirs, where)


def _text(part: Part) -> tuple[Any, ...]:
    """What an entry without a name is known by."""
    return part.written
