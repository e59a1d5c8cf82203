"""A family as far as its records say: generations, couples, children, homes, and what contradicts.

A relation is used in a fixed order of weight, parents first. One that does not fit those before it
is set aside and named; nobody is left out for it, and nothing is inferred.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from arpc.provisions import AsOf
from arpc.records import Person
from arpc.reporting.model import partial_words
from arpc.reporting.people import name_of, relation_words

BORN, ADOPTED, FOSTERED = "born", "adopted", "fostered"
MARRIED, COUPLE, PARENTS = "married", "couple", "parents"

_OUTSIDE = {"professional", "interpreter", "referrer"}
_INSIDE = {"man", "child", "protective_carer", "parent", "sibling", "household_member", "relative"}
_KINDS_OF_PARENT = {BORN: "parents", ADOPTED: "adoptive parents", FOSTERED: "foster carers"}
_PARENT = {"parent": BORN, "adoptive_parent": ADOPTED, "foster_carer": FOSTERED}
_CHILD = {"child": BORN, "adopted_child": ADOPTED, "foster_child": FOSTERED}
_PARTNERS = ("spouse", "partner", "former_partner")
_SIBLINGS = ("sibling", "half_sibling")
_NO_KIN = ("friend", "worker")
# How many generations the one who "is" it stands above the other; the first are relied on first.
_ABOVE = {
    **dict.fromkeys(_PARENT, 1),
    **dict.fromkeys(_CHILD, -1),
    **dict.fromkeys(_PARTNERS, 0),
    **dict.fromkeys(_SIBLINGS, 0),
    "step_parent": 1,
    "step_child": -1,
    "grandparent": 2,
    "grandchild": -2,
    "aunt_or_uncle": 1,
    "niece_or_nephew": -1,
    "cousin": 0,
}
_DRAWN = {*_PARENT, *_CHILD, *_PARTNERS, *_SIBLINGS}
_GENERATION = 28  # years, only to set families that nothing joins at one height


class Stated(NamedTuple):
    """One relation as a record states it: `who` is the `word` of `to`."""

    who: str
    word: str
    to: str
    since: str
    until: str


class Couple(NamedTuple):
    """Two people who are or were a couple, or have a child together."""

    pair: tuple[str, str]
    how: str
    """MARRIED, COUPLE, or PARENTS where only a child of both is recorded."""
    ended: bool
    """Whether the records say that it is over."""
    span: str


class Brood(NamedTuple):
    """The children whom one or two people have in one way, oldest first."""

    parents: tuple[str, ...]
    children: tuple[str, ...]
    how: str
    """BORN, ADOPTED or FOSTERED."""


class Home(NamedTuple):
    """A household and who lives in it on the day."""

    mark: str
    """A letter by which the picture refers to it."""
    name: str
    members: tuple[str, ...]
    former: tuple[str, ...]
    """Who has left it."""


class Family(NamedTuple):
    """Everybody in the picture, and what holds between them."""

    people: dict[str, Person]
    rows: tuple[tuple[str, ...], ...]
    """The generations, the oldest first, each in the order of birth."""
    couples: tuple[Couple, ...]
    broods: tuple[Brood, ...]
    siblings: tuple[tuple[str, ...], ...]
    """Brothers and sisters whose common parents the records do not name."""
    kinship: tuple[Stated, ...]
    """Relations that no line shows, each from one side."""
    also: tuple[str, ...]
    """The same in words."""
    contradictions: tuple[str, ...]
    """What the records say that cannot be drawn, in words."""
    apart: tuple[str, ...]
    """People with no recorded relation to anybody in the picture."""
    homes: tuple[Home, ...]


def family(as_of: AsOf) -> Family:
    """Return the family of a case as it is on the day."""
    homes = tuple(_homes(as_of))
    people = {p.id: p for p in as_of.file.people if _belongs(p, homes)}
    stated, faults = _stated(people)
    heights, misfits = _heights(people, stated)
    sound = [s for s in stated if s not in misfits]
    faults += [
        f"{_sentence(as_of, s)}, which other relations contradict" for s in stated if s in misfits
    ]
    parents = _parents(sound)
    broods, too_many = _broods(people, parents)
    faults += [
        f"more than two {_KINDS_OF_PARENT[how]} are recorded of {people[c].name or c}"
        for c, how in too_many
    ]
    siblings = tuple(_siblings(sound, parents))
    kinship = tuple(s for s in _told_once(sound) if not _is_shown(s, parents, siblings))
    related = {who for s in stated for who in (s.who, s.to)}
    by_height: dict[int, list[str]] = {}
    for who in sorted(related, key=lambda who: (birth(people[who]), who)):
        by_height.setdefault(heights[who], []).append(who)
    return Family(
        people,
        tuple(tuple(by_height[height]) for height in sorted(by_height, reverse=True)),
        tuple(_couples(as_of, sound, broods)),
        broods,
        siblings,
        kinship,
        tuple(_sentence(as_of, s) for s in kinship),
        tuple(dict.fromkeys(faults)),
        tuple(who for who in people if who not in related),
        homes,
    )


def birth(person: Person) -> str:
    """What to sort people by: the day of birth as exact as it is known, the unknown last."""
    return person.born_text or (person.due.isoformat() if person.due else "9999")


def are_twins(one: Person, other: Person) -> bool:
    """Whether two children of the same parents were born, or are expected, on one day."""
    same_birth = one.born is not None and one.born == other.born
    return same_birth or (one.born is None and one.due is not None and one.due == other.due)


def _belongs(person: Person, homes: Iterable[Home]) -> bool:
    """Whether somebody is of the family or of a household, and not in the case for work alone."""
    roles = {*person.roles}
    if any(person.id in home.members for home in homes) or roles & _INSIDE:
        return True
    kin = any(relation.word and relation.word not in _NO_KIN for relation in person.relations)
    if roles & _OUTSIDE or roles == {"complainant"}:
        return kin
    return True


def _homes(as_of: AsOf) -> Iterator[Home]:
    today = as_of.today.isoformat()
    households = [
        home
        for home in as_of.file.arrangements
        if home.type == "household"
        and home.status != "superseded"
        and (home.until is None or home.until >= as_of.today)
    ]
    for number, home in enumerate(households):
        known = [m for m in home.members if m.who and as_of.file.person(m.who)]
        here = [m.who for m in known if m.since <= today and not (m.until and m.until <= today)]
        gone = [m.who for m in known if m.until and m.until <= today and m.who not in here]
        mark = chr(ord("A") + number) if number < 26 else str(number + 1)
        yield Home(
            mark, home.name or home.id, tuple(dict.fromkeys(here)), tuple(dict.fromkeys(gone))
        )


def _stated(people: dict[str, Person]) -> tuple[list[Stated], list[str]]:
    """The relations between people of the picture by weight, and those that lead nowhere."""
    found, faults = [], []
    for person in people.values():
        name = person.name or person.id
        for r in person.relations:
            if not r.word or r.word in _NO_KIN or not r.to:
                continue
            if r.to == person.id:
                faults.append(f"{name} is recorded as their own {r.word.replace('_', ' ')}")
            elif r.to not in people:
                faults.append(f"{name} is recorded as related to {r.to}, who is not in the picture")
            else:
                found.append(Stated(person.id, r.word, r.to, r.since, r.until))
    weight = list(_ABOVE)
    return sorted(found, key=lambda s: (weight.index(s.word), s.who, s.to)), faults


def _heights(
    people: dict[str, Person], stated: Iterable[Stated]
) -> tuple[dict[str, int], set[Stated]]:
    """How high everybody stands, in generations, and the lines that would not go the right way."""
    height = dict.fromkeys(people, 0)
    group = {who: [who] for who in people}
    misfits = set()
    for relation in stated:
        lift = _ABOVE[relation.word]
        if group[relation.who] is group[relation.to]:
            if height[relation.who] - height[relation.to] != lift and relation.word in _DRAWN:
                misfits.add(relation)
            continue
        shift = height[relation.to] + lift - height[relation.who]
        joined = group[relation.to] + group[relation.who]
        for who in group[relation.who]:
            height[who] += shift
        for who in joined:
            group[who] = joined
    _level(people, height, group)
    return height, misfits


def _level(people: dict[str, Person], height: dict[str, int], group: dict[str, list[str]]) -> None:
    """Set families that nothing joins beside each other by age; it moves no line."""
    families = {id(members): members for members in group.values()}.values()
    base = None
    for members in sorted(families, key=lambda m: not any(people[who].is_man for who in m)):
        years = [
            int(people[who].born_text[:4]) + _GENERATION * height[who]
            for who in members
            if people[who].born_text
        ]
        if years:
            mean = sum(years) / len(years)
            base = mean if base is None else base
            for who in members:
                height[who] += round((base - mean) / _GENERATION)


def _parents(sound: Iterable[Stated]) -> dict[tuple[str, str], set[str]]:
    """The recorded parents of each child, by the child and how they became its parents."""
    found: dict[tuple[str, str], set[str]] = {}
    for s in sound:
        if how := _PARENT.get(s.word):
            found.setdefault((s.to, how), set()).add(s.who)
        elif how := _CHILD.get(s.word):
            found.setdefault((s.who, how), set()).add(s.to)
    return found


def _broods(
    people: dict[str, Person], parents: dict[tuple[str, str], set[str]]
) -> tuple[tuple[Brood, ...], list[tuple[str, str]]]:
    """Children by their parents, and the children who have too many to be drawn as a pair's."""
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    too_many = []
    for child, how in sorted(parents, key=lambda key: (birth(people[key[0]]), key)):
        both = tuple(sorted(parents[child, how]))
        if len(both) > 2:
            too_many.append((child, how))
        for pair in [both] if len(both) <= 2 else [(one,) for one in both]:
            found.setdefault((pair, how), []).append(child)
    return tuple(Brood(pair, tuple(c), how) for (pair, how), c in found.items()), too_many


def _couples(as_of: AsOf, sound: Iterable[Stated], broods: Iterable[Brood]) -> Iterator[Couple]:
    said: dict[tuple[str, str], list[Stated]] = {}
    for s in sound:
        if s.word in _PARTNERS:
            said.setdefault((min(s.who, s.to), max(s.who, s.to)), []).append(s)
    for (one, other), relations in sorted(said.items()):
        how = MARRIED if any(s.word == "spouse" for s in relations) else COUPLE
        since = next((s.since for s in relations if s.since), "")
        until = next((s.until for s in relations if s.until), "")
        by_death = any(p and p.died for p in map(as_of.file.person, (one, other)))
        over = until and until <= as_of.today.isoformat() and not by_death
        ended = bool(over) or any(s.word == "former_partner" for s in relations)
        span = f" since {partial_words(since)}" if since and not until else ""
        if until:
            span = f" from {partial_words(since)}" if since else ""
            span += f" until {partial_words(until)}"
        yield Couple((one, other), how, ended, span)
    together = {(b.parents[0], b.parents[1]) for b in broods if len(b.parents) == 2}
    for one, other in sorted(together - said.keys()):
        yield Couple((one, other), PARENTS, False, "")


def _siblings(
    sound: Iterable[Stated], parents: dict[tuple[str, str], set[str]]
) -> Iterator[tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for s in sound:
        common = parents.get((s.who, BORN), set()) & parents.get((s.to, BORN), set())
        if s.word in _SIBLINGS and not common:
            joined = list(dict.fromkeys([*groups.get(s.who, [s.who]), *groups.get(s.to, [s.to])]))
            groups.update(dict.fromkeys(joined, joined))
    for who, group in sorted(groups.items()):
        if who == min(group):
            yield tuple(sorted(group))


def _told_once(sound: Iterable[Stated]) -> Iterator[Stated]:
    """Kinship that no line shows, from one side where both sides record it."""
    told: set[frozenset[str]] = set()
    for s in sound:
        if s.word not in _DRAWN and frozenset((s.who, s.to)) not in told:
            told.add(frozenset((s.who, s.to)))
            yield s


def _is_shown(
    s: Stated, parents: dict[tuple[str, str], set[str]], siblings: Iterable[tuple[str, ...]]
) -> bool:
    """Whether the lines show what a relation says: a parent's parent, a parent's brother or sister."""
    downwards = s.word in ("grandchild", "niece_or_nephew")
    other, mine = (s.who, s.to) if downwards else (s.to, s.who)
    above = parents.get((other, BORN), set()) - {mine}
    if s.word in ("grandparent", "grandchild"):
        return any(mine in parents.get((parent, BORN), set()) for parent in above)
    if s.word in ("aunt_or_uncle", "niece_or_nephew"):
        grandparents = parents.get((mine, BORN), set())
        return any(
            parents.get((parent, BORN), set()) & grandparents
            or any({parent, mine} <= {*group} for group in siblings)
            for parent in above
        )
    return False


def _sentence(as_of: AsOf, s: Stated) -> str:
    person = as_of.file.person(s.who)
    word = relation_words(s.word, person.sex if person else "")
    return f"{name_of(as_of.file, s.who)} is recorded as {word} of {name_of(as_of.file, s.to)}"
