"""Who reads a copy of a report, and what of a case each reader may see: one table, and the view it gives.

A report for a reader is built from the `view` of that reader, in which nothing else is left. Professionals
see the case without what is withheld from them. The family sees nothing but what is their own, and what
the practitioner lists for each of them under `copies` in the analysis. Who may read what in the outline of
each copy is our inference from what families and referrers said of such reports.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from arpc.casefile import CaseFile
from arpc.citing import references
from arpc.errors import ArpcError
from arpc.records import Amendment, Analysis, CopyWords, Person, Record, Session, Statement

WITHHELD = "[withheld from this copy]"


class Audience(NamedTuple):
    """What one sort of reader may see of a case, unless a record says otherwise."""

    name: str
    who: str
    """Who reads it, in a sentence."""
    shares: frozenset[str]
    """Whose statements are read: those with one of these words under `share`."""
    is_family: bool = False
    """Whether the reader sees nothing but what is their own or is shown to them by name."""
    sees_names: bool = True
    """Whether people are called by their names, or by their aliases."""


_ANY, _PROFESSIONALS, _REFERRER = "any", "professionals_only", "referrer_only"
_OPEN = frozenset({_ANY})
_FOR_PROFESSIONALS = frozenset({_ANY, _PROFESSIONALS})
_FOR_REFERRER = frozenset({_ANY, _PROFESSIONALS, _REFERRER})

AUDIENCES = {
    audience.name: audience
    for audience in (
        Audience("referrer", "the referring professionals", _FOR_REFERRER),
        Audience("conference", "the conference and the core group", _FOR_PROFESSIONALS),
        Audience("court", "the court", _FOR_PROFESSIONALS),
        Audience("man", "the man", _OPEN, is_family=True),
        Audience("carer", "a carer", _OPEN, is_family=True),
        Audience("child", "a child", _OPEN, is_family=True),
        Audience("police", "the police or another authority", _FOR_PROFESSIONALS),
        Audience(
            "supervisor", "the supervisor, within the service", _FOR_REFERRER, sees_names=False
        ),
    )
}
"""Every audience, by the word that records and the command line use."""


class Reader(NamedTuple):
    """Whom one copy is for."""

    audience: Audience
    person: str = ""
    """Id of the person, in the family's copies."""

    @property
    def is_decider(self) -> bool:
        """Whether the report itself is made for this reader, and not a copy of what was issued."""
        return self.audience.name in ("referrer", "court")

    def is_barred(self, not_for: Iterable[str]) -> bool:
        """Whether a list of people and audiences who may not read something names this reader."""
        return not {self.audience.name, self.person}.isdisjoint({*not_for} - {""})


REFERRER = Reader(AUDIENCES["referrer"])


class Left(NamedTuple):
    """Something that a copy leaves out."""

    what: str
    """How it is cited, e.g. "N-007#S3"."""
    why: str


class View(NamedTuple):
    """A case as one reader may see it, and what was left out of it."""

    file: CaseFile
    left: tuple[Left, ...]


def reader_of(file: CaseFile, audience: str, wanted: str = "") -> Reader:
    """Return the reader of a copy.

    Args:
        file: The case.
        audience: One of `AUDIENCES`.
        wanted: Id of the person, where the audience is one of several in the case.

    Raises:
        ArpcError: There is no such reader in the case, or more than one.
    """
    if audience == "court" and file.case.ordered_by_court != "yes":
        hint = "a copy for the court is made where `court: {ordered: yes}` stands in case.yaml"
        raise ArpcError("no court has given permission for this report", hint)
    people = {
        "man": [file.man] if file.man else [],
        "carer": file.carers,
        "child": file.children,
    }
    found = AUDIENCES[audience]
    if not found.is_family:
        if wanted:
            raise ArpcError(f"a copy for {found.who} is for no one person", "leave `--for` out")
        return Reader(found)
    ids = [person.id for person in people[audience]]
    chosen = [each for each in ids if wanted in ("", each)]
    if len(chosen) != 1:
        hint = f"give `--for` with {' or '.join(ids)}" if ids else "`arpc add person` makes one"
        what = f"{wanted} is no {audience} here" if wanted else f"this case has {len(ids)} of them"
        raise ArpcError(f"whom is the copy for {found.who} for? {what}", hint)
    return Reader(found, chosen[0])


def readers(file: CaseFile) -> Iterator[Reader]:
    """Yield every reader whom a copy of this case may be made for."""
    for audience in AUDIENCES.values():
        if audience.name == "court" and file.case.ordered_by_court != "yes":
            continue
        if not audience.is_family:
            yield Reader(audience)
    yield from (Reader(AUDIENCES["man"], p.id) for p in file.people if p.is_man)
    yield from (Reader(AUDIENCES["carer"], p.id) for p in file.carers)
    yield from (Reader(AUDIENCES["child"], p.id) for p in file.children)


def copy_words(file: CaseFile, reader: Reader) -> CopyWords | None:
    """What the analysis says of the copy for a reader: the person, or the audience as a whole."""
    entries = file.analysis.copies if file.analysis else ()
    names = (reader.person, reader.audience.name)
    found = [entry for name in names if name for entry in entries if entry.reader == name]
    return found[0] if found else None


def shown(file: CaseFile, reader: Reader) -> frozenset[str]:
    """Everything that is shown to a reader by name, in full: "J-01#F1", "A-01", "N-007#S3"."""
    words = copy_words(file, reader)
    if words is None:
        return frozenset()
    at = words.pointer
    return frozenset(r.target for r in references(words.record) if r.pointer[: len(at)] == at)


def may_read(statement: Statement, reader: Reader, shown_to: frozenset[str] = frozenset()) -> bool:
    """Whether a reader may read a statement; where nothing is said of it, professionals may.

    A person may always read their own words, unless they are marked for fewer than that.
    """
    barred = (*statement.not_for, *statement.record.not_for)
    if statement.share == "none" or reader.is_barred(barred):
        return False
    share = statement.share or _PROFESSIONALS
    if share in reader.audience.shares:
        return True
    own = reader.person and statement.speaker == reader.person
    return share == _PROFESSIONALS and bool(own or statement.citation in shown_to)


def may_read_added(
    added: Amendment, reader: Reader, shown_to: frozenset[str] = frozenset()
) -> bool:
    """Whether a reader may read what was added about statements: only who may read them all."""
    statements: tuple[Statement, ...] = getattr(added.record, "statements", ())
    about = [statement for statement in statements if statement.id in added.about]
    return all(may_read(statement, reader, shown_to) for statement in about)


def may_know(person: Person, reader: Reader) -> bool:
    """Whether a reader may learn who somebody is."""
    return reader.audience.sees_names and not reader.is_barred(person.not_for)


def view(file: CaseFile, reader: Reader) -> View:
    """Return what a reader may see of a case, and what was left out.

    Raises:
        ArpcError: The analysis itself is marked as not for this reader.
    """
    if file.analysis and reader.is_barred(file.analysis.not_for):
        hint = "nothing can be made for a reader who may not read the analysis"
        raise ArpcError(f"{file.analysis.id} is marked as not for {reader.audience.name}", hint)
    sight = _Sight(file, reader)
    records = [made for record in file.records if (made := sight.of(record)) is not None]
    return View(file.with_records(records), tuple(sight.left))


class _Sight:
    """One reader's look at one case."""

    def __init__(self, file: CaseFile, reader: Reader) -> None:
        self.file = file
        self.reader = reader
        self.shown = shown(file, reader)
        self.left: list[Left] = []

    def of(self, record: Record) -> Record | None:
        """A record as the reader may see it; None for one that stays out."""
        if isinstance(record, Person):
            return _with(record, self._person(record))
        if self.reader.is_barred(record.not_for):
            self._leave(record.key, "marked as not for this reader")
            return _with(record, _covered(record)) if record.kind.name == "referral" else None
        if not self.reader.audience.is_family:
            seen = {**self._added(record, record.data), **self._statements(record, WITHHELD)}
            return _with(record, {**record.data, **seen})
        keep = _FAMILY.get(record.kind.name)
        kept = keep(self, record) if keep else None
        if kept is None:
            self._leave(record.key, "not this reader's own, and not shown to them")
            return None
        seen = {**self._added(record, kept), **self._statements(record, None)}
        return _with(record, {**_header(record), **kept, **seen})

    def _leave(self, what: str, why: str) -> None:
        self.left.append(Left(what, why))

    def _person(self, person: Person) -> Mapping[str, Any]:
        if not may_know(person, self.reader):
            if self.reader.audience.sees_names:
                self._leave(person.id, "who this is, marked as not for this reader")
            called = {"name": person.alias or person.id}
            return {**_header(person), **_only(person, "roles", "in_scope", "alias"), **called}
        if not self.reader.audience.is_family or person.id == self.reader.person:
            return {key: value for key, value in person.data.items() if key != "contact"}
        return {**_header(person), **_only(person, "name", "alias", "roles", "in_scope", "agency")}

    def _statements(self, record: Record, instead: str | None) -> Mapping[str, Any]:
        """The statements of a record, each that may not be read covered or gone, all in their places."""
        statements: tuple[Statement, ...] = getattr(record, "statements", ())
        if not statements:
            return {}
        kept = list(record.data["statements"])
        for statement in statements:
            if may_read(statement, self.reader, self.shown):
                continue
            self._leave(statement.citation, self._why(statement))
            covered = {k: v for k, v in statement.data.items() if k in ("id", "by")}
            index = int(statement.pointer[-1])
            kept[index] = instead and {**covered, statement.form or "told": instead}
        return {"statements": kept}

    def _added(self, record: Record, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was added to a record, each thing in its place: covered, where the reader may not read it.

        The family sees what was added about a whole record only where they see the whole of it. What is
        covered keeps what it bears on, so that a copy says that what it prints there was added to.
        """
        if not record.amendments:
            return {}
        seen = list(record.data["amendments"])
        for each in record.amendments:
            if not self._may_read_added(each, is_whole="amendments" in kept):
                seen[int(each.pointer[-1])] = {"about": list(each.about), "what": WITHHELD}
                self._leave(record.key, "added about what is not shown to this reader")
        return {"amendments": seen}

    def _may_read_added(self, added: Amendment, *, is_whole: bool) -> bool:
        if not may_read_added(added, self.reader, self.shown):
            return False
        statements: tuple[Statement, ...] = getattr(added.record, "statements", ())
        own = {f"{added.record.id}#{statement.id}" for statement in statements}
        named = {f"{added.record.id}#{entry}" for entry in added.about}
        return is_whole or (bool(named) and named <= own | self.shown)

    def _why(self, statement: Statement) -> str:
        if statement.share == "none":
            return "marked as for nobody"
        if self.reader.is_barred((*statement.not_for, *statement.record.not_for)):
            return "marked as not for this reader"
        if statement.share == _REFERRER:
            return "for the referring professionals only"
        return "not this reader's own words, and not shown to them"

    def entries(self, record: Record, key: str, name: str = "id") -> list[Any]:
        """The entries under `key` that are shown to the reader, in their places, without citations."""
        kept: list[Any] = []
        for entry in record.data.get(key) or ():
            target = str(entry.get(name) or "") if isinstance(entry, Mapping) else ""
            full = target if "-" in target else f"{self._home(record, key)}#{target}"
            if target and full in self.shown:
                kept.append({k: v for k, v in entry.items() if k not in _CITING})
            else:
                kept.append(None)
                if target:
                    self._leave(f"{record.id}#{target}", "not shown to this reader")
        return kept

    def _home(self, record: Record, key: str) -> str:
        """Where an entry id is at home: answers are called by the questions of the referral."""
        referral = self.file.referral
        return referral.id if key == "answers" and referral else record.id

    def own(self, record: Record, key: str) -> list[Any]:
        """The entries under `key` that are about the reader."""
        entries = record.data.get(key) or ()
        return [e if e and e.get("who") == self.reader.person else None for e in entries]


_CITING = (
    *("rests_on", "for", "against", "capacity_rests_on", "ability_rests_on", "likelihood_rests_on"),
    *("able_because", "from", "answers"),
)


def _case(_: _Sight, record: Record) -> Mapping[str, Any]:
    return _only(record, "nation", "authority", "lead", "second", "manager", "follow_up_from")


def _referral(sight: _Sight, record: Record) -> Mapping[str, Any]:
    return {**_only(record, "from"), "questions": sight.entries(record, "questions")}


def _basis(sight: _Sight, record: Record) -> Mapping[str, Any] | None:
    """An allegation that is shown, without who said it and to whom."""
    if record.id not in sight.shown:
        return None
    positions = [
        p and {k: v for k, v in p.items() if k != "from"} for p in sight.own(record, "positions")
    ]
    return {**_only(record, "what", "basis_status", "happened"), "positions": positions}


def _consent(sight: _Sight, record: Record) -> Mapping[str, Any] | None:
    return record.data if record.data.get("who") == sight.reader.person else None


def _session(sight: _Sight, record: Record) -> Mapping[str, Any] | None:
    assert isinstance(record, Session)
    if sight.reader.person in record.all_present and record.took_place:
        return _only(record, "with", "who", "where", "time", "attendance")
    cleared = any(s.citation in sight.shown for s in record.statements)
    return _only(record, "with", "who") if cleared else None


def _document(sight: _Sight, record: Record) -> Mapping[str, Any] | None:
    statements: tuple[Statement, ...] = getattr(record, "statements", ())
    cleared = record.id in sight.shown or any(s.citation in sight.shown for s in statements)
    return _only(record, "title", "from", "dated") if cleared else None


def _arrangement(sight: _Sight, record: Record) -> Mapping[str, Any] | None:
    """A written agreement, for those who made it."""
    if sight.reader.person not in (record.data.get("parties") or ()):
        return None
    return _only(record, "type", "until", "parties", "terms", "review_by", "if_breached")


def _analysis(sight: _Sight, record: Record) -> Mapping[str, Any]:
    assert isinstance(record, Analysis)
    words = copy_words(sight.file, sight.reader)
    letters = [
        e for e in record.data.get("letters") or () if e and e.get("child") == sight.reader.person
    ]
    return {
        "answers": sight.entries(record, "answers", "question"),
        "facts": sight.entries(record, "facts", "basis"),
        "contact": sight.entries(record, "contact", "child"),
        "carers": sight.entries(record, "carers", "who"),
        **{key: sight.entries(record, key) for key in _NUMBERED},
        "copies": [words.data] if words and words.record.id == record.id else [],
        "letters": letters,
    }


_NUMBERED = ("factors", "hypotheses", "judgements", "recommendations")


def _report(sight: _Sight, record: Record) -> Mapping[str, Any]:
    kept = _only(record, "type", "audience", "for", "version", "analysis", "valid_until")
    return {**kept, "feedback": sight.own(record, "feedback")}


def _treatment(sight: _Sight, record: Record) -> Mapping[str, Any] | None:
    if record.data.get("who") != sight.reader.person:
        return None
    return _only(
        record, "who", "offer", "method", "conditions", "stop_rules", "ended", "end_reason"
    )


def _followup(_: _Sight, record: Record) -> Mapping[str, Any]:
    return _only(record, "point", "done", "not_done")


_FAMILY: dict[str, Callable[[_Sight, Any], Mapping[str, Any] | None]] = {
    "case": _case,
    "referral": _referral,
    "basis": _basis,
    "consent": _consent,
    "session": _session,
    "document": _document,
    "arrangement": _arrangement,
    "analysis": _analysis,
    "report": _report,
    "treatment": _treatment,
    "followup": _followup,
}
"""What a member of the family sees of each kind of record; of a kind that is not here, nothing."""


def _with(record: Record, data: Mapping[str, Any]) -> Record:
    """The same record, in the same file, holding `data`."""
    return type(record)(record.doc._replace(data=dict(data)), record.kind)


def _header(record: Record) -> dict[str, Any]:
    return _only(record, record.kind.name, *("id", "case", "date", "author", "status", "written"))


def _only(record: Record, *keys: str) -> dict[str, Any]:
    return {key: record.data[key] for key in keys if key in record.data}


def _covered(record: Record) -> dict[str, Any]:
    """A record with every text covered."""
    texts = {pointer[0] for pointer, _ in record.prose if len(pointer) == 1}
    return {**_header(record), **_only(record, "from"), **dict.fromkeys(map(str, texts), WITHHELD)}
