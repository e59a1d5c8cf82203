"""Any record for reading: its fields by their titles, its statements with who may read them."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from arpc.audiences import AUDIENCES
from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.kinds import Field, Kind
from arpc.pages.page import BULLET, Line, Page, Section, paragraphs
from arpc.provisions import AsOf
from arpc.records import Basis, Case, Entry, Record, Referral, Statement, is_blank
from arpc.reporting import added
from arpc.reporting.front import marking
from arpc.reporting.model import BLANK, partial_words
from arpc.reporting.people import plain
from arpc.reporting.weighing import STATUS

_HEADER = ("id", "case", "date", "author", "status", "written", "not_for")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}\Z")
_LONG = 40  # characters, from which on the items of a list have lines of their own
_SHARES = {
    "any": "for any reader",
    "referrer_only": "for the referring professionals only",
    "none": "for nobody",
}


def find(file: CaseFile, wanted: str) -> Entry:
    """Return the record or entry of which `wanted` is the id, or its only possible beginning.

    Raises:
        ArpcError: There is none, or more than one, or the record cannot be relied on.
    """
    alone: dict[str, list[Record]] = {"case": [*file.of(Case)], "referral": [*file.of(Referral)]}
    named = alone.get(wanted.lower())
    typed = named[0].id if named else wanted.upper()
    names = {name: name for name in file.places}
    found = [typed] if typed in names else [name for name in names if name.startswith(typed)]
    records = [name for name in found if "#" not in name]
    if "#" not in typed and records:
        found = records
    if len(found) == 1:
        return file.places[found[0]]
    if found:
        raise ArpcError(f"{len(found)} ids begin with {typed}", f"one of {_listed(found)}")
    if damaged := [each.file for each in file.damaged if each.id == typed.partition("#")[0]]:
        raise ArpcError(f"{damaged[0]} cannot be relied on", f"`arpc validate {damaged[0]}`")
    alike = [name for name in names if name[:2] == typed[:2] and ("#" in name) == ("#" in typed)]
    near = difflib.get_close_matches(typed, alike, n=6, cutoff=0.4)
    hint = f"near it: {_listed(near)}" if near else "`arpc find` looks for words"
    raise ArpcError(f"{typed} does not exist in {file.id}", hint)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return ", ".join(names[:6]) + more


def page(as_of: AsOf, entry: Entry) -> Page:
    """Return a record, or one entry of it, as a page."""
    words = Wording(as_of)
    record = entry.record
    if entry is record:
        title = f"{record.key}  {record.kind.title}, {partial_words(str(record.on))}"
        return Page(marking(as_of), title, facts(as_of, record), tuple(sections(words, record)))
    field = record.kind.field(entry.pointer[:1])
    heading = f"{entry.citation}  in {record.kind.title.lower()} of {partial_words(str(record.on))}"
    lines = tuple(words.entry(entry.data, record.kind, entry.pointer, record))
    title = field.title if field else str(entry.pointer[0])
    place = (f"{entry.at()}",)
    later = tuple(Line(line) for line in added.lines(as_of, entry))
    parts = (Section(title, lines), *([Section("Later", later)] if later else []))
    return Page(marking(as_of), heading, (*made(as_of, record), *place), parts)


def facts(as_of: AsOf, record: Record) -> tuple[str, ...]:
    """Who wrote a record and when, whether it stands, who may not read it, and where it is."""
    return (*made(as_of, record), f"{record.doc.file}:1")


def made(as_of: AsOf, record: Record) -> tuple[str, ...]:
    """Who wrote a record and when, whether it stands, and who may not read it."""
    written = record.data.get("written")
    by = Wording(as_of).name(record.author)
    parts = [record.status, f"by {by}", f"written {written}" if written else ""]
    barred = (f"not for {not_for_words(as_of.file, record.not_for)}",) if record.not_for else ()
    return ("; ".join(filter(None, parts)), *barred)


def sections(words: "Wording", record: Record, leave: Iterable[str] = ()) -> Iterator[Section]:
    """Yield the fields of a record in the order of the file, but for those that are left out.

    Short ones stand together, as lines; prose and lists have a heading of their own.
    """
    hidden = {*_HEADER, record.kind.name, *leave}
    short: list[Line] = []
    for key, value in record.data.items():
        if key in hidden or is_blank(value):
            continue
        field = record.kind.fields[(key,)]
        if _is_short(field, value):
            is_status = isinstance(record, Basis) and key == "basis_status"
            shown = proof_words(record) if is_status else words.value(field, value)  # type: ignore[arg-type]
            short.append(Line(f"{field.title}: {shown}"))
            continue
        if short:
            yield Section("", tuple(short))
            short = []
        lines = words.nested(value, record.kind, (key,), record)
        yield Section(field.title, tuple(lines))
    if short:
        yield Section("", tuple(short))


def not_for_words(file: CaseFile, names: Iterable[str]) -> str:
    """Whom something is not for: audiences and people, in words."""
    return ", ".join(
        AUDIENCES[name].who if name in AUDIENCES else called(file, name) for name in names
    )


def readers_words(file: CaseFile, statement: Statement) -> str:
    """Who may read a statement."""
    share = _SHARES.get(statement.share, "for professionals")
    barred = dict.fromkeys((*statement.record.not_for, *statement.not_for))
    return f"{share}, not for {not_for_words(file, barred)}" if barred else share


def statement_words(file: CaseFile, statement: Statement) -> str:
    """What kind of statement it is, who spoke, and who may read it."""
    by = f" by {called(file, statement.speaker)}" if statement.speaker else ""
    second = ", heard second hand" if statement.heard == "second_hand" else ""
    return f"{statement.form or BLANK}{by}{second}; {readers_words(file, statement)}"


def proof_words(basis: Basis) -> str:
    """Whether something is proved or alleged, and what became of it; what is unproved is alleged."""
    if not basis.basis_status:
        return f"ALLEGED; whether it is proved is {BLANK}"
    status = STATUS.get(basis.basis_status, BLANK).removeprefix("alleged; ")
    if basis.is_proved:
        return f"PROVED, {status}"
    return f"ALLEGED, not proved; {status}"


def called(file: CaseFile, person_id: str) -> str:
    """A person's name and id."""
    person = file.person(person_id)
    return f"{person.name} ({person_id})" if person and person.name else person_id


def _is_short(field: Field, value: Any) -> bool:
    if isinstance(value, list):
        return not any(isinstance(item, Mapping) or len(str(item)) > _LONG for item in value)
    return not isinstance(value, Mapping) and not field.is_block


class Wording:
    """How the values of a record are written for reading."""

    def __init__(self, as_of: AsOf) -> None:
        self.as_of = as_of

    def name(self, text: str) -> str:
        """A person or a member of staff by name and id; any other text as it is."""
        if self.as_of.file.person(text):
            return called(self.as_of.file, text)
        member = self.as_of.service.staff_member(text)
        return text if member.name == text else f"{member.name} ({text})"

    def value(self, field: Field, value: Any) -> str:
        """A short value, or a list of them, in words."""
        if isinstance(value, list):
            return ", ".join(self.value(field, item) for item in value if not is_blank(item))
        text = " ".join(str(value).split())
        if field.words:
            return plain(text)
        if field.path[-1] == "not_for":
            return not_for_words(self.as_of.file, [text])
        is_date = "date" in (field.schema.get("format"), field.path[-1]) or "born" in field.path
        if _DATE.match(text) and (is_date or len(text) > 6):
            return partial_words(text)
        return self.name(text)

    def nested(
        self, value: Any, kind: Kind, pointer: tuple[str | int, ...], record: Record, depth: int = 0
    ) -> Iterator[Line]:
        """Prose, a list or a mapping, as lines."""
        if isinstance(value, Mapping):
            yield from self.entry(value, kind, pointer, record, depth)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if not is_blank(item):
                    yield from self.nested(item, kind, (*pointer, index), record, depth)
        else:
            lead = BULLET if isinstance(pointer[-1], int) else ""
            yield from paragraphs(str(value), lead, depth)

    def entry(
        self,
        data: Mapping[str, Any],
        kind: Kind,
        pointer: tuple[str | int, ...],
        record: Record,
        depth: int = 0,
    ) -> Iterator[Line]:
        """An entry: what is short in one line, then its prose and what lies inside it."""
        lead = str(data.get("id") or (BULLET if isinstance(pointer[-1], int) else ""))
        if pointer[0] == "statements":
            yield from self._statement(Statement(data, record, pointer), lead, depth)
            return
        short, long = [], []
        for key, value in data.items():
            field = kind.field((*pointer, key))
            if key == "id" or is_blank(value) or field is None:
                continue
            if _is_short(field, value):
                short.append(f"{field.title}: {self.value(field, value)}")
            else:
                long.append((field, value, (*pointer, key)))
        if short:
            yield Line("; ".join(short), lead, depth)
            lead = ""
        for field, value, at in long:
            if field.is_block:
                yield from paragraphs(f"{field.title}: {value}", lead, depth + (not lead))
                lead = ""
            else:
                yield Line(f"{field.title}:", lead, depth + (not lead))
                yield from self.nested(value, kind, at, record, depth + 2)
                lead = ""

    def _statement(self, statement: Statement, lead: str, depth: int) -> Iterator[Line]:
        file = self.as_of.file
        yield Line(statement_words(file, statement), lead, depth)
        yield from paragraphs(statement.text or BLANK, depth=depth + 1)
        if statement.asked:
            yield Line(f"asked: {statement.asked}", depth=depth + 1)
        about = ", ".join(called(file, who) for who in statement.about)
        more = {
            "about": about,
            "on": statement.basis,
            "conflicts with": ", ".join(map(str, statement.conflicts)),
        }
        if said := "; ".join(f"{key} {words}" for key, words in more.items() if words):
            yield Line(said, depth=depth + 1)
