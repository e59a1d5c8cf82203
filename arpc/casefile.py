"""A whole case as rules, clocks and reports see it: what can be relied on, and what cannot."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cached_property
from typing import NamedTuple, Self, TypeVar

from arpc import kinds
from arpc.ids import Citation
from arpc.records import (
    Analysis,
    Answered,
    AnswersLedger,
    Arrangement,
    Basis,
    Case,
    ConfirmationsLedger,
    Consent,
    Document,
    Entry,
    Escalation,
    FinishedLedger,
    Followup,
    IssuedReport,
    Person,
    ReadCitation,
    Record,
    Referral,
    Seal,
    Session,
    Statement,
    Supervision,
    Treatment,
    entries_with_ids,
)

R = TypeVar("R", bound=Record)


class IncompleteError(Exception):
    """A question needs every record of a kind, and one of them cannot be relied on."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


class Damaged(NamedTuple):
    """A record that could not be read or does not satisfy its schema."""

    file: str
    kind: str
    id: str


class CaseFile:
    """The records of one case.

    `of` and the properties give what can be relied on; `every` refuses when a record of that kind
    is damaged, for questions whose answer would be wrong without it ("was each child seen?").
    """

    _asked: set[str] | None = None

    def __init__(
        self,
        name: str,
        found: Iterable[Record],
        damaged: Iterable[Damaged] = (),
        shown: str = "",
        ledgers: Iterable[Record] = (),
        digest_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self.name = name
        """What the case folder is called."""
        self.shown = shown
        """The case folder as it is printed, "" or ending in a slash."""
        self._records = _own_first(tuple(found))
        self.damaged = tuple(damaged)
        self.digest_of = digest_of
        """The SHA-256 of a file that lies beside records, by its path below the case folder: "" where
        it is gone, None where only the records are at hand."""
        self._ledgers = {type(ledger): ledger for ledger in ledgers}

    def watched(self, asked: set[str]) -> Self:
        """The same case, which notes in `asked` what kinds of record are looked at."""
        view = copy(self)
        view._asked = asked
        return view

    def with_records(self, records: Iterable[Record]) -> Self:
        """The same case with other records in the place of its own, for somebody who sees less of it."""
        ledgers = self._ledgers.values()
        return type(self)(self.name, records, self.damaged, self.shown, ledgers, self.digest_of)

    def as_if_sound(self) -> Self:
        """The same case as if there were no damaged record, but for what case.yaml says of it."""
        damaged = [each for each in self.damaged if each.kind == Case.of]
        ledgers = self._ledgers.values()
        return type(self)(self.name, self._records, damaged, self.shown, ledgers, self.digest_of)

    def let_go(self) -> None:
        """Let go of what the records keep of themselves, by which they hold each other in memory.

        For who looks at thousands of cases, and at none of them again.
        """
        for record in (*self._records, *self._ledgers.values()):
            vars(record).clear()

    def _note(self, *names: str) -> None:
        if self._asked is not None:
            self._asked.update(names)

    @property
    def records(self) -> tuple[Record, ...]:
        """Every sound record; of two with one id, that which lies where its id says comes first."""
        self._note(*kinds.NAMES)
        return self._records

    @cached_property
    def _by_class(self) -> dict[type[Record], list[Record]]:
        first: dict[str, Record] = {}
        for record in self._records:
            first.setdefault(record.id, record)
        found: dict[type[Record], list[Record]] = {}
        for record in sorted(first.values(), key=lambda record: (record.on, record.id)):
            found.setdefault(type(record), []).append(record)
        return found

    def of(self, cls: type[R]) -> list[R]:
        """The sound records of a kind, oldest first; of two with one id, the first alone."""
        self._note(cls.of)
        found: list[R] = self._by_class.get(cls, [])  # type: ignore[assignment]
        return found

    def every(self, cls: type[R]) -> list[R]:
        """All records of a kind, oldest first.

        Raises:
            IncompleteError: One of them is damaged.
        """
        self._note(cls.of)
        for damaged in self.damaged:
            if damaged.kind == cls.of:
                raise IncompleteError(damaged.file)
        return self.of(cls)

    @property
    def seals(self) -> tuple[Seal, ...]:
        """What was made final, from finished.yaml.

        Raises:
            IncompleteError: That file is damaged.
        """
        ledger = self._ledger(FinishedLedger)
        return ledger.entries if ledger else ()

    @property
    def readings(self) -> tuple[ReadCitation, ...]:
        """What is cited, as it was when it was cited or confirmed, from confirmations.yaml.

        Raises:
            IncompleteError: That file is damaged.
        """
        ledger = self._ledger(ConfirmationsLedger)
        return ledger.entries if ledger else ()

    @property
    def answers(self) -> tuple[Answered, ...]:
        """What was answered, from answers.yaml.

        Raises:
            IncompleteError: That file is damaged.
        """
        ledger = self._ledger(AnswersLedger)
        return ledger.entries if ledger else ()

    def _ledger(self, cls: type[R]) -> R | None:
        self.every(cls)
        found: R | None = self._ledgers.get(cls)  # type: ignore[assignment]
        return found

    @property
    def case(self) -> Case:
        """The record in case.yaml.

        Raises:
            IncompleteError: It is damaged or missing, which counts as damaged.
        """
        return self.every(Case)[0]

    @cached_property
    def id(self) -> str:
        """The case id: the folder's name, or what case.yaml says where the folder has another."""
        found = self.of(Case)
        return found[0].id if found else self.name

    @property
    def people(self) -> list[Person]:
        """Everybody in the case, by id."""
        self._note(Person.of)
        return list(self._people_by_id.values())

    @cached_property
    def _people_by_id(self) -> dict[str, Person]:
        return {p.id: p for p in sorted(self.of(Person), key=lambda person: person.id)}

    def person(self, person_id: str) -> Person | None:
        """The person with that id."""
        self._note(Person.of)
        return self._people_by_id.get(person_id)

    @property
    def man(self) -> Person | None:
        """The man whom the assessment is about."""
        return next((person for person in self.people if person.is_man), None)

    @property
    def children(self) -> list[Person]:
        """The children whom the assessment is about."""
        return [person for person in self.people if person.is_child]

    @property
    def carers(self) -> list[Person]:
        """The carers who may protect."""
        return [person for person in self.people if person.is_carer]

    @property
    def referral(self) -> Referral | None:
        """The referral."""
        return next(iter(self.of(Referral)), None)

    @property
    def bases(self) -> list[Basis]:
        """Allegations, findings, cautions and convictions, by id."""
        return sorted(self.of(Basis), key=lambda basis: basis.id)

    @property
    def sessions(self) -> list[Session]:
        """Sessions, oldest first."""
        return self.of(Session)

    @property
    def documents(self) -> list[Document]:
        """Documents, oldest first."""
        return self.of(Document)

    @property
    def consents(self) -> list[Consent]:
        """Consents, oldest first."""
        return self.of(Consent)

    @property
    def arrangements(self) -> list[Arrangement]:
        """Households, contact and agreements, oldest first."""
        return self.of(Arrangement)

    @property
    def escalations(self) -> list[Escalation]:
        """Escalations, oldest first."""
        return self.of(Escalation)

    @property
    def supervisions(self) -> list[Supervision]:
        """Supervisions, oldest first."""
        return [each for each in self.of(Supervision) if each.was_held]

    @property
    def analysis(self) -> Analysis | None:
        """The analysis that holds now."""
        current = [analysis for analysis in self.of(Analysis) if analysis.is_current]
        return current[-1] if current else None

    @property
    def reports(self) -> list[IssuedReport]:
        """Issued reports, oldest first."""
        return self.of(IssuedReport)

    @property
    def first_issue(self) -> IssuedReport | None:
        """The first assessment report that was issued; corrections and copies do not replace it."""
        return _first_issue(self.reports)

    def sure_first_issue(self) -> IssuedReport | None:
        """The same, where the answer would be wrong without one of the reports.

        Raises:
            IncompleteError: One of them is damaged.
        """
        return _first_issue(self.every(IssuedReport))

    @property
    def treatments(self) -> list[Treatment]:
        """Treatments, oldest first."""
        return self.of(Treatment)

    @property
    def followups(self) -> list[Followup]:
        """Follow-ups, oldest first."""
        return self.of(Followup)

    @property
    def places(self) -> dict[str, Entry]:
        """Everything that can be cited, by citation; where an id stands twice, the first."""
        self._note(*kinds.NAMES)
        return self._places

    @cached_property
    def _places(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for record in self._records:
            found.setdefault(record.id, record)
            for entry_id, pointer in entries_with_ids(record):
                made = Statement if pointer[0] == "statements" else Entry
                data = record.data[str(pointer[0])][pointer[1]]
                found.setdefault(f"{record.id}#{entry_id}", made(data, record, pointer))
        return found

    def cited(self, citation: Citation, by: Record) -> Entry | None:
        """What `citation` in record `by` leads to."""
        if not citation.record:
            return self._places.get(f"{by.id}#{citation.entry}")
        if self._asked is not None and (kind := kinds.kind_of_id(citation.record)):
            self._note(kind.name)
        return self._places.get(str(citation))

    def statements(self) -> Iterator[Statement]:
        """Every statement in the case."""
        return (place for place in self.places.values() if isinstance(place, Statement))

    def is_damaged(self, record_id: str) -> bool:
        """Whether a record with that id exists but cannot be relied on."""
        return any(damaged.id == record_id for damaged in self.damaged)


def _own_first(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """Put what lies elsewhere than its id says, as a copy does, after what has the same id."""
    if len({record.id for record in records}) == len(records):
        return records
    return tuple(sorted(records, key=lambda record: not record.is_where_its_id_says))


def _first_issue(reports: Iterable[IssuedReport]) -> IssuedReport | None:
    return next((r for r in reports if r.is_assessment and r.status != "draft"), None)
