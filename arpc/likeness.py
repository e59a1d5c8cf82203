"""Whether somebody stands in two cases: pointed out with the reasons, never merged."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from arpc.casefile import CaseFile
from arpc.records import Person

_AT_WORK = {"professional", "interpreter", "referrer"}
"""Roles of people who stand in many cases because of their work."""


Stands = tuple[str, Person]
"""A case, and somebody who stands in it."""


class Likeness(NamedTuple):
    """Two people of two cases who may be one."""

    first: tuple[str, str]
    """Case and person id."""
    second: tuple[str, str]
    reasons: tuple[str, ...]

    @property
    def cases(self) -> tuple[str, str]:
        """The two cases."""
        return self.first[0], self.second[0]


def find(cases: Iterable[CaseFile]) -> list[Likeness]:
    """Return every pair of people in different cases who may be one, by case and id."""
    everybody = [(file.id, person) for file in cases for person in compared(file)]
    found = []
    for (case, person), (other_case, other) in _with_something_in_common(everybody):
        if case != other_case and (reasons := tuple(_reasons(person, other))):
            found.append(Likeness((case, person.id), (other_case, other.id), reasons))
    return sorted(found)


def compared(file: CaseFile) -> list[Person]:
    """Who of a case may stand in another too; people who do so because of their work are left out."""
    return [person for person in file.people if not _AT_WORK & {*person.roles}]


def marks(person: Person) -> set[str]:
    """What somebody has in common with whoever may be the same: a name, or the day of birth and a part of one."""
    names = {*_names(person)}
    parts = {f"{person.born} {part}" for name in names for part in name if person.born}
    return {*(" ".join(sorted(name)) for name in names), *parts}


def _with_something_in_common(everybody: list[Stands]) -> Iterator[tuple[Stands, Stands]]:
    """The pairs with a name, or with a date of birth and a part of a name, in common.

    Nobody else can be one, and of some thousand people most pairs are of two strangers.
    """
    sharing: dict[str, list[int]] = {}
    for number, (_, person) in enumerate(everybody):
        for shared in marks(person):
            sharing.setdefault(shared, []).append(number)
    pairs = {pair for numbers in sharing.values() for pair in combinations(numbers, 2)}
    return ((everybody[first], everybody[second]) for first, second in pairs)


def _reasons(one: Person, other: Person) -> Iterator[str]:
    """Why two may be one; nothing where their dates of birth speak against it."""
    if one.born and other.born and one.born != other.born:
        return
    names, others = {*_names(one)}, {*_names(other)}
    own, theirs = _key(one.name), _key(other.name)
    shared = names & others
    if own and own == theirs:
        yield "the same name"
    elif shared:
        yield "a name that both are known by"
    if one.born and one.born == other.born:
        parts = {part for name in names for part in name} & {p for name in others for p in name}
        if shared or parts:
            yield "the same date of birth"
            if not shared:
                yield "a part of a name in common"


def _names(person: Person) -> Iterator[frozenset[str]]:
    for name in (person.name, person.alias, *person.known_as):
        if key := _key(name):
            yield key


def _key(name: str) -> frozenset[str]:
    """A name without case, accents and order."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalpha() else " " for c in plain if not unicodedata.combining(c))
    return frozenset(letters.split())
