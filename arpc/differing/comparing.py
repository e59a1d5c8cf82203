"""Two states of a record, or two records of which one took the other's place, compared by meaning.

How a file is laid out, comments, blank fields and the order of keys make no difference. Entries of a list
are the same by id, by what they say, or by whom or what they are about; only what is left after that is
new or gone.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from arpc.findings import Pointer
from arpc.meaning import meaning
from arpc.records import is_blank

_ABOUT = (
    *("child", "scenario", "who", "basis", "question", "for", "area", "criterion", "case"),
    *("name", "document"),
)
"""The keys by which an entry without an id is told from its neighbours."""
_ALIKE = 0.5  # so many of its fields unchanged make it the same entry; our inference


class Difference(NamedTuple):
    """One value, or one entry of a list, that is not as it was."""

    pointer: Pointer
    """Where it stands now; where it stood, if it is gone."""
    before: Any
    """None if it was not written."""
    after: Any
    """None if it is gone."""
    holders: Mapping[int, Mapping[str, Any]] = MappingProxyType({})
    """The entries of lists that it lies in or is, by their place in the pointer."""

    @property
    def entry(self) -> Pointer:
        """The entry of a list at the top of the record that it lies in, or is; () for any other."""
        in_list = len(self.pointer) > 1 and isinstance(self.pointer[1], int)
        return self.pointer[:2] if in_list else ()

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry of a list that was added or taken out as a whole."""
        return isinstance(self.pointer[-1], int)


def differences(before: Any, after: Any, *, ids_stay: bool = True) -> list[Difference]:
    """Return what differs between two values, in the order in which it stands now.

    Args:
        before: What was written.
        after: What is written now.
        ids_stay: Whether an entry keeps its id; in another record it may not.
    """
    return list(_compare(before, after, (), ids_stay))


def _compare(before: Any, after: Any, pointer: Pointer, ids_stay: bool) -> Iterator[Difference]:
    if meaning(before) == meaning(after):
        return
    found: list[Difference] = []
    if _is_either(before, after, Mapping):
        then, now = ({} if is_blank(value) else value for value in (before, after))
        found += _in_mapping(then, now, pointer, ids_stay)
    elif _is_either(before, after, list):
        then, now = ([] if is_blank(value) else value for value in (before, after))
        found += _in_list(then, now, pointer, ids_stay) if _hold_entries(then, now) else ()
    yield from found or [Difference(pointer, _written(before), _written(after))]


def _in_mapping(
    before: Mapping[str, Any], after: Mapping[str, Any], pointer: Pointer, ids_stay: bool
) -> Iterator[Difference]:
    for key in dict.fromkeys((*after, *before)):
        yield from _compare(before.get(key), after.get(key), (*pointer, key), ids_stay)


def _in_list(
    before: list[Any], after: list[Any], pointer: Pointer, ids_stay: bool
) -> Iterator[Difference]:
    depth = len(pointer)
    for old, new in _pairs(before, after, ids_stay):
        if old is not None and new is not None:
            inside = _compare(before[old], after[new], (*pointer, new), ids_stay)
            yield from (d._replace(holders={**d.holders, depth: after[new]}) for d in inside)
        elif new is not None and not is_blank(after[new]):
            yield Difference((*pointer, new), None, after[new], {depth: after[new]})
        elif old is not None and not is_blank(before[old]):
            yield Difference((*pointer, old), before[old], None, {depth: before[old]})


def _is_either(before: Any, after: Any, kind: type) -> bool:
    """Whether both are of a kind, or one is and the other is blank."""
    found = [value for value in (before, after) if not is_blank(value)]
    return bool(found) and all(isinstance(value, kind) for value in found)


def _hold_entries(*lists: list[Any]) -> bool:
    return all(isinstance(item, Mapping) or is_blank(item) for found in lists for item in found)


def _written(value: Any) -> Any:
    return None if is_blank(value) else value


def _pairs(
    before: list[Any], after: list[Any], ids_stay: bool
) -> list[tuple[int | None, int | None]]:
    """Which entry became which: as they stand now, then those that are gone."""
    became: dict[int, int] = {}  # by the index now
    for way in (_id, _without_id, _about) if ids_stay else (_without_id, _about):
        for new, old in _called_the_same(before, after, became, way):
            if _may_be_one(before[old], after[new], ids_stay):
                became[new] = old
    for new, old in _alike(before, after, became):
        is_free = new not in became and old not in became.values()
        if is_free and _may_be_one(before[old], after[new], ids_stay):
            became[new] = old
    gone = {*range(len(before))} - {*became.values()}
    return [
        *((became.get(new), new) for new in range(len(after))),
        *((old, None) for old in sorted(gone)),
    ]


def _called_the_same(
    before: list[Any], after: list[Any], became: Mapping[int, int], way: Callable[[Any], Any]
) -> list[tuple[int, int]]:
    """What is called alike now and then, the first of several with the first."""
    then = _names(before, {*became.values()}, way)
    now = _names(after, {*became}, way)
    same = ((now[name], then.get(name, [])) for name in now)
    exact = way is not _about
    return [
        pair
        for new, old in same
        if exact or len(new) == len(old) == 1
        for pair in zip(new, old, strict=False)
    ]


def _names(entries: list[Any], done: set[int], way: Callable[[Any], Any]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        if index not in done and (name := way(entry)):
            found.setdefault(repr(name), []).append(index)
    return found


def _may_be_one(before: Any, after: Any, ids_stay: bool) -> bool:
    """Whether two entries can be the same: where ids stay, two that differ say that they are not."""
    then, now = _id(before), _id(after)
    return not (ids_stay and then and now and then != now)


def _id(entry: Any) -> Any:
    return entry.get("id") if isinstance(entry, Mapping) else None


def _without_id(entry: Any) -> Any:
    fields = meaning(entry)
    return sorted((k, v) for k, v in fields.items() if k != "id") if fields else None


def _about(entry: Any) -> Any:
    if not isinstance(entry, Mapping):
        return None
    return [(key, entry[key]) for key in _ABOUT if not is_blank(entry.get(key))]


def _alike(before: list[Any], after: list[Any], became: Mapping[int, int]) -> list[tuple[int, int]]:
    """Pairs of what is left that say much the same, the likest first."""
    taken = {*became.values()}
    scores = [
        (_likeness(before[old], after[new]), -abs(old - new), new, old)
        for new in range(len(after))
        for old in range(len(before))
        if new not in became and old not in taken
    ]
    return [(new, old) for score, _, new, old in sorted(scores, reverse=True) if score >= _ALIKE]


def _likeness(before: Any, after: Any) -> float:
    """The share of the fields of two entries that say the same; ids do not count."""
    then, now = meaning(before) or {}, meaning(after) or {}
    keys = {*then, *now} - {"id"}
    same = sum(then.get(key) == now.get(key) for key in keys)
    return same / len(keys) if keys else 0.0
