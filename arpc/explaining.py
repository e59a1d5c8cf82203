"""`arpc explain`: any rule, clock, kind, field, audience or command, in the words of its own definition."""

import inspect
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from arpc import clocks, doctoring, faults, illustrating, kinds, rulebook, rules, threats
from arpc.audiences import AUDIENCES, Audience
from arpc.errors import ArpcError
from arpc.kinds import Field, Kind
from arpc.provisions import Clock, Rule
from arpc.sealing.form import SECRET_BYTES, Key
from arpc.service import Service


class Explanation(NamedTuple):
    """What there is to say about one thing."""

    name: str
    title: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    example: tuple[str, ...] = ()
    """A passage of the shipped examples, by lines: what is quoted is indented."""


KINDS = (*kinds.NAMES, *kinds.OF_SERVICE, *kinds.LEDGERS)
"""The kinds of file: records, those of a service, and what arpc writes down of a case."""


def explain(name: str, commands: Iterable[Explanation] = ()) -> Explanation:
    """Explain a rule, clock, kind, audience, command or fault, or a field such as `session.concern`.

    Raises:
        ArpcError: There is nothing of that name.
    """
    told = {command.name: command for command in commands}
    if name in rules.BY_ID:
        return _rule(rules.BY_ID[name])
    if name in clocks.BY_ID:
        return _clock(clocks.BY_ID[name])
    if name in KINDS:
        return _kind(kinds.kind(name))
    if name in AUDIENCES:
        return _audience(AUDIENCES[name])
    if name in told:
        return told[name]._replace(facts=(*told[name].facts, *_facts_of(name)))
    if name in faults.REASONS:
        return _fault(name)
    if name in PAGES:
        return PAGES[name]()
    if found := _field(name):
        return found
    near = _nearest(name, [*told, *(each for _, each, _ in everything())])
    hint = f"did you mean {near}?" if near else "`arpc explain` lists what there is"
    what = "there is no command, rule, clock, record kind, field or audience of that name"
    raise ArpcError(what, hint)


def everything() -> Iterator[tuple[str, str, str]]:
    """Yield the group, name and title of all that can be explained, but for fields and commands."""
    for name in KINDS:
        group = "Records" if name in kinds.NAMES else "Other files"
        yield group, name, _sentence(kinds.kind(name).description)
    for rule in rules.ALL:
        yield _about("Rules", rule), rule.id, rule.title
    for clock in clocks.ALL:
        yield _about("Clocks", clock), clock.id, clock.title
    yield from (("Pages", name, page().title) for name, page in PAGES.items())
    yield from (("Audiences", each.name, f"a copy for {each.who}") for each in AUDIENCES.values())
    yield from (
        ("Faults of a file", name, _sentence(text)) for name, text in faults.REASONS.items()
    )


def _facts_of(command: str) -> tuple[tuple[str, str], ...]:
    """What there is to say of a command that its help has no room for."""
    return tuple(doctoring.explained()) if command == "doctor" else ()


def _about(sort: str, provision: Rule | Clock) -> str:
    """What rules or clocks of a subject are listed under, e.g. "Rules: ids and references"."""
    subject = re.split("[:;]", rulebook.subject(provision))[0]
    return subject if subject.startswith(sort) else f"{sort}: {subject[:1].lower()}{subject[1:]}"


def _security() -> Explanation:
    facts = []
    for threat in threats.THREATS:
        still = f" Still: {threat.still}" if threat.still else ""
        facts.append((threat.who, f"{threat.stopped_by}{still}"))
    facts += [("If something is lost", each) for each in threats.LOST]
    facts += [("If git refuses", each) for each in threats.REFUSED]
    facts += [("In git", each) for each in threats.CANNOT]
    key = Key("C-7K3Q9X2F", 1, bytes(SECRET_BYTES))
    sealed = key.seal(b"person: arpc/1\nid: P-03\nname: Ruby Osei\n").decode()
    shown = sealed.splitlines()[:6]
    example = ("What git has of a file", *(f"  {line}" for line in shown), "  ...")
    title = "Who is kept from a sealed case, by what, and what is not defended"
    return Explanation("security", title, _prose(threats.__doc__ or ""), tuple(facts), example)


def _opening() -> Explanation:
    text = "The command prints a program, which needs Python, git and the age program alone."
    lines = ("  arpc explain opening > opening.py", "  python3 opening.py FOLDER STORE KEY OUT")
    return Explanation("opening", "How a sealed case is opened without arpc", text, (), lines)


PAGES = {"security": _security, "opening": _opening}
"""What is explained besides, by its name."""


def _sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".")


def _nearest(name: str, names: list[str]) -> str:
    """What was probably meant: a field named without its kind, or else something called alike."""
    every = [f"{kind}.{field}" for kind in KINDS for field in fields(kind)]
    own = [field for field in every if field.partition(".")[2] == name]
    return next(iter(own or get_close_matches(name, [*names, *every], 1)), "")


def fields(kind: str) -> list[str]:
    """The fields of a kind as a person names them, e.g. `statements.said`."""
    return [".".join(s for s in p if s != "*") for p in kinds.kind(kind).fields if p[-1] != "*"]


def _rule(rule: Rule) -> Explanation:
    facts = tuple(rulebook.rule_facts(rule, Service()))
    example = tuple(illustrating.of_rule(rule))
    return Explanation(rule.id, rule.title, _prose(rule.rationale), facts, example)


def _clock(clock: Clock) -> Explanation:
    facts = tuple(rulebook.clock_facts(clock))
    example = tuple(illustrating.of_clock(clock))
    return Explanation(clock.id, clock.title, _prose(clock.rationale), facts, example)


def _fault(name: str) -> Explanation:
    facts = (("Counts", "at once"),)
    example = tuple(faults.example(name))
    return Explanation(name, "A fault of a file", faults.REASONS[name], facts, example)


def _kind(kind: Kind) -> Explanation:
    names = ", ".join(field.path[0] for field in kind.top_fields)
    facts = (
        ("File", kind.files),
        ("Fields", names),
        ("More", f"`arpc explain {kind.name}.FIELD`"),
    )
    example = tuple(illustrating.of_kind(kind))
    return Explanation(kind.name, kind.title, kind.description, facts, example)


def _audience(audience: Audience) -> Explanation:
    reads = ", ".join(sorted(audience.shares))
    family = (
        "nothing but what is the reader's own, and what the analysis lists for them under `copies`"
    )
    facts = (
        ("Sees", family if audience.is_family else "the case, without what is withheld"),
        ("Statements", f"shared as {reads}; never those marked `not_for: [{audience.name}]`"),
        ("People", "by name" if audience.sees_names else "by alias"),
    )
    example = tuple(illustrating.of_audience(audience))
    return Explanation(audience.name, f"a copy for {audience.who}", "", facts, example)


def _field(name: str) -> Explanation | None:
    kind_name, _, path = name.partition(".")
    if not path or kind_name not in KINDS:
        return None
    kind = kinds.kind(kind_name)
    names = fields(kind_name)
    if path not in names:
        near = get_close_matches(path, names, 1)
        lists = f"`arpc explain {kind_name}` lists its fields"
        hint = f"did you mean {kind_name}.{near[0]}?" if near else lists
        raise ArpcError(f"a {kind.title.lower()} has no such field", hint)
    found = next(f for p, f in kind.fields.items() if [s for s in p if s != "*"] == path.split("."))
    example = tuple(illustrating.of_field(kind, found))
    return Explanation(
        name, found.title, found.description, tuple(_field_facts(kind, found)), example
    )


def _field_facts(kind: Kind, field: Field) -> Iterator[tuple[str, str]]:
    if field.words:
        yield "Permitted", ", ".join(field.words)
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
