"""The genogram in words: for the terminal, and as the text alternative of the picture."""

import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from arpc.pictures.kin import ADOPTED, BORN, COUPLE, MARRIED, Brood, Couple, Family
from arpc.provisions import AsOf
from arpc.records import Person
from arpc.reporting.front import in_sentences, marking
from arpc.reporting.model import BLANK, day_words
from arpc.reporting.people import age_words

SIGNS = {"male": "□", "female": "○"}
_SEXES = {"male": "male", "female": "female", "other": "sex other", "not_known": "sex not known"}


class Part(NamedTuple):
    """A heading with what stands below it; `deep` lines are indented once more."""

    heading: str
    lines: tuple[tuple[str, bool], ...]


def title(as_of: AsOf, family: Family) -> str:
    """What the picture is of, and of when."""
    man = next((p.name for p in family.people.values() if p.is_man and p.name), "")
    whose = f" of {man}" if man else ""
    return f"Genogram of the family{whose} on {day_words(as_of.today)}"


def description(as_of: AsOf, family: Family) -> str:
    """The picture as text: who is in it, who is what to whom, who lives where; no opinion."""
    return " ".join(_said(as_of, family))


def plain_text(as_of: AsOf, family: Family) -> str:
    """The same under its title, a line for each thing, for somebody who listens."""
    head = [in_sentences(marking(as_of)), title(as_of, family)]
    return "\n".join([*head, *_said(as_of, family)]) + "\n"


def parts(as_of: AsOf, family: Family, *, signs: bool = True) -> Iterator[Part]:
    """The family in sections, each left out where there is nothing in it."""
    sections = {
        "People": [(_person(as_of, p, signs), False) for p in family.people.values()],
        "Couples and children": [*_couples(family), *_single(family)],
        "Brothers and sisters, half or full, with no common parent recorded": [
            (_names(family, group), False) for group in family.siblings
        ],
        "Recorded, and not drawn as a line": [(line, False) for line in family.also],
        "Homes": [(line, False) for line in homes(family)],
        "No relation recorded": [(family.people[who].name or who, False) for who in family.apart],
        "Recorded, and not to be reconciled": [(line, False) for line in family.contradictions],
    }
    for heading, lines in sections.items():
        if lines:
            yield Part(heading, tuple(lines))


def homes(family: Family) -> Iterator[str]:
    """Who lives in each home, and who has left it."""
    for home in family.homes:
        here = _names(family, home.members) or "nobody recorded"
        known = [who for who in home.former if who in family.people]
        gone = f"; no longer {_names(family, known)}" if known else ""
        yield f"Home {home.mark}, {home.name}: {here}{gone}"


def text(as_of: AsOf, family: Family, width: int) -> str:
    """The genogram for a terminal of `width` columns."""
    lines = [*textwrap.wrap(marking(as_of), width), *textwrap.wrap(title(as_of, family), width)]
    for part in parts(as_of, family):
        lines += ["", *textwrap.wrap(part.heading, width)]
        for line, deep in part.lines:
            indent = "    " if deep else "  "
            lines += textwrap.wrap(
                line, width, initial_indent=indent, subsequent_indent=indent + "  "
            )
    return "\n".join(lines) + "\n"


def _said(as_of: AsOf, family: Family) -> Iterator[str]:
    count = len(family.people)
    yield f"{count} {'person' if count == 1 else 'people'}, from the records of the case."
    for part in parts(as_of, family, signs=False):
        yield f"{part.heading}:"
        yield from (f"{line}." for line, _ in part.lines)


def _person(as_of: AsOf, person: Person, signs: bool) -> str:
    said = [person.name or person.id, age_words(person, as_of)]
    if person.is_man:
        said.append("the man")
    if person.is_child:
        said.append("child of the assessment")
    if not signs:
        said.append(_SEXES.get(person.sex, f"sex {BLANK}"))
        return ", ".join(said)
    unborn = person.due and not person.born_text
    sign = "△" if unborn else SIGNS.get(person.sex, "◇")
    return f"{sign} {', '.join(said)}"


def _couples(family: Family) -> Iterator[tuple[str, bool]]:
    for couple in family.couples:
        yield _couple(family, couple), False
        for brood in family.broods:
            if {*brood.parents} == {*couple.pair}:
                yield from ((line, True) for line in _children(family, brood))


def _single(family: Family) -> Iterator[tuple[str, bool]]:
    for brood in family.broods:
        if len(brood.parents) == 1:
            [parent] = brood.parents
            yield f"{family.people[parent].name or parent}, the other parent not recorded", False
            yield from ((line, True) for line in _children(family, brood))


def _couple(family: Family, couple: Couple) -> str:
    words = {
        (MARRIED, False): "married",
        (MARRIED, True): "were married",
        (COUPLE, False): "partners",
        (COUPLE, True): "former partners",
    }
    said = words.get((couple.how, couple.ended), "parents together, no other relation recorded")
    return f"{_names(family, couple.pair)}: {said}{couple.span}"


def _children(family: Family, brood: Brood) -> Iterator[str]:
    how = "" if brood.how == BORN else ", adopted" if brood.how == ADOPTED else ", fostered"
    for child in brood.children:
        yield f"child: {family.people[child].name or child}{how}"


def _names(family: Family, people: tuple[str, ...] | list[str]) -> str:
    names = [family.people[who].name or who for who in people]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
