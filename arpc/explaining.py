"""`arpc explain`: any rule, clock, record kind or field, in the words of its own definition."""

import inspect
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from arpc import checking, clocks, kinds, loading, rulebook, rules, schema, yamldoc
from arpc.audiences import AUDIENCES, Audience
from arpc.errors import ArpcError
from arpc.kinds import Field, Kind
from arpc.provisions import Clock, Rule
from arpc.service import Service


class Explanation(NamedTuple):
    """What there is to say about one thing."""

    name: str
    title: str
    text: str
    facts: tuple[tuple[str, str], ...]


def explain(name: str) -> Explanation:
    """Explain a rule, a clock, a kind, an audience, or a field such as `session.concern`.

    Raises:
        ArpcError: There is nothing of that name.
    """
    for each in rules.ALL:
        if each.id == name:
            return _rule(each)
    for clock in clocks.ALL:
        if clock.id == name:
            return _clock(clock)
    if name in (*kinds.NAMES, "service"):
        return _kind(kinds.kind(name))
    if name in AUDIENCES:
        return _audience(AUDIENCES[name])
    faults = {**yamldoc.REFUSALS, **schema.RULES, **loading.RULES, **checking.RULES, **_ENGINE}
    if name in faults:
        return Explanation(name, "A fault of a file", faults[name], (("Counts", "at once"),))
    if found := _field(name):
        return found
    every = [each for each, _ in everything()]
    near = get_close_matches(name, every, 1)
    hint = f"did you mean {near[0]}?" if near else "`arpc explain` lists what there is"
    what = "there is no rule, clock, record kind, field or audience of that name"
    raise ArpcError(what, hint)


def everything() -> Iterator[tuple[str, str]]:
    """Yield the name and title of everything that can be explained, but for fields."""
    for name in (*kinds.NAMES, "service"):
        yield name, kinds.kind(name).description
    yield from ((each.id, each.title) for each in rules.ALL)
    yield from ((each.id, each.title) for each in clocks.ALL)
    yield from ((a.name, f"An audience: {a.who}.") for a in AUDIENCES.values())
    yield from {
        **yamldoc.REFUSALS,
        **schema.RULES,
        **loading.RULES,
        **checking.RULES,
        **_ENGINE,
    }.items()


_ENGINE = {
    "not-checked": "A rule needs a record that could not be relied on, so nothing is said either way; `validate --format json` names every such rule."
}


def _rule(rule: Rule) -> Explanation:
    facts = tuple(rulebook.rule_facts(rule, Service()))
    return Explanation(rule.id, rule.title, _prose(rule.rationale), facts)


def _clock(clock: Clock) -> Explanation:
    facts = tuple(rulebook.clock_facts(clock))
    return Explanation(clock.id, clock.title, _prose(clock.rationale), facts)


def _kind(kind: Kind) -> Explanation:
    names = ", ".join(field.path[0] for field in kind.top_fields)
    facts = (
        ("File", kind.files),
        ("Fields", names),
        ("More", f"`arpc explain {kind.name}.FIELD`"),
    )
    return Explanation(kind.name, kind.title, kind.description, facts)


def _audience(audience: Audience) -> Explanation:
    reads = ", ".join(sorted(audience.shares))
    family = (
        "nothing but what is the reader's own, and what the analysis lists for them under `copies`"
    )
    facts = (
        ("Sees", family if audience.is_family else "the case, without what is withheld"),
        ("Statements", f"shared as {reads}; never those marked `not_for: [{audience.name}]`"),
        ("People", "by name" if audience.sees_names else "by alias"),
        ("Make it", f"`arpc render-report --audience {audience.name}`"),
    )
    return Explanation(audience.name, f"a copy for {audience.who}", "", facts)


def _field(name: str) -> Explanation | None:
    kind_name, *path = name.split(".")
    if not path or kind_name not in (*kinds.NAMES, "service"):
        return None
    kind = kinds.kind(kind_name)
    steps = tuple(path)
    found = kind.fields.get(steps) or next(
        (f for p, f in kind.fields.items() if tuple(s for s in p if s != "*") == steps), None
    )
    if found is None:
        known = [".".join(s for s in p if s != "*") for p in kind.fields if p[-1] != "*"]
        near = get_close_matches(".".join(path), known, 1)
        hint = (
            f"did you mean {kind_name}.{near[0]}?"
            if near
            else f"`arpc explain {kind_name}` lists its fields"
        )
        raise ArpcError(f"a {kind.title.lower()} has no such field", hint)
    return Explanation(name, found.title, found.description, tuple(_field_facts(kind, found)))


def _field_facts(kind: Kind, field: Field) -> Iterator[tuple[str, str]]:
    if field.words:
        yield "Permitted", ", ".join(field.words)
    elif field.example is not None:
        yield "Example", str(field.example)
    if field.needed:
        yield "Needed", rulebook.GATES[field.needed]
    for key, words in field.applies_when.items():
        yield "Only where", f"{key} is {' or '.join(words)}"
    parts = [
        p[-1] for p in kind.fields if p[:-1] in (field.path, (*field.path, "*")) and p[-1] != "*"
    ]
    if parts:
        yield "Parts", ", ".join(parts)
    else:
        yield "Sensitivity", field.sensitivity


def _prose(text: str) -> str:
    return " ".join(inspect.cleandoc(text).split())
