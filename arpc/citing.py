"""What a record points at: every id in it that means somebody or something else in the case.

An id stands in a field of its own, or in the middle of what somebody wrote. Of the second sort only
those are found that can hardly mean anything else.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from arpc import kinds
from arpc.findings import Pointer
from arpc.records import Record

_REFERENCE = re.compile(r"P-[0-9]{2,3}\Z|[A-Z]-[0-9]{2,4}(?:#[A-Z][0-9]{1,3})?\Z")
_LOCAL = re.compile(r"[A-Z][0-9]{1,3}\Z")
_BEGINS_LIKE_ONE = re.compile("[A-Z]-?[0-9]")

_ENTRY = r"[A-Z]-[0-9]{2,4}#[A-Z][0-9]{1,3}"
_RECORD = r"(?:[A-Z]-0[0-9]|N-[0-9]{3}|D-[0-9]{2,3}|P-[0-9]{2})"
"""A record by itself. Few kinds reach ten in a case, and without its 0 F-16 is an aeroplane."""
_CLEAR = re.compile(
    # It begins with a letter that is to be found, so that the search skips all others; what may not stand
    # before that letter is asked next: neither a word that it is inside of, nor the id of another case.
    r"[A-Z#](?<![\w#-].)(?<!C-[0-9A-Z]{8}[\s/].)"
    r"(?:(?<!#)(?:-[0-9]{2,4}#[A-Z][0-9]{1,3}|-0[0-9]|(?<=N)-[0-9]{3}|(?<=D)-[0-9]{2,3}|(?<=P)-[0-9]{2})"
    r"|(?<=#)S[0-9]{1,3})"
    r"(?![\w#]|-(?!S[0-9]))"
)
"""An entry, a record or a statement of the same record, as `_ENTRY` and `_RECORD` have them."""
_CITED = rf"(?:{_ENTRY}|{_RECORD}|S[0-9]{{1,3}})"
_AND = r"(?:\s?[,;&/–-]\s?|\s)(?:(?:and|or|to)\s)?"
_GROUP = re.compile(rf"[(\[](?:see\s|cf\.?\s)?{_CITED}(?:{_AND}{_CITED})*[)\]]")
_IN_GROUP = re.compile(r"(?P<record>[A-Z]-[0-9]{2,4})(?:#[A-Z][0-9]{1,3})?|(?P<number>S[0-9]{1,3})")
_MAY_NAME = re.compile(r"[-#(\[](?:(?<=-)[0-9]|(?<=#)S|(?<=[(\[])(?:see\s|cf)?\.?\s?[A-Z]-?[0-9])")
"""What stands wherever one of these does; it begins with a sign, so that the search skips all others."""
_BEFORE = 60  # characters; enough to tell one place in a text from another


class Reference(NamedTuple):
    """One id in a record that points elsewhere."""

    pointer: Pointer
    text: str
    """As it is written, e.g. "N-007#S3", "P-03" or "F1"."""
    target: str
    """In full: "F1" in J-01 is "J-01#F1"."""

    @property
    def record(self) -> str:
        """The id of the record it leads to."""
        return self.target.partition("#")[0]


class Named(NamedTuple):
    """An id that somebody wrote among their own words."""

    pointer: Pointer
    text: str
    """As it is written, e.g. "N-007#S3", "D-02", or "S3" of this record."""
    targets: tuple[str, ...]
    """In full what it may mean: the S5 of "(N-007#S3, S5)" is either of N-007 or of this record."""
    after: str
    """The last words before it, by which its place is found."""

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of the records that it may lead to."""
        return tuple(target.partition("#")[0] for target in self.targets)


def references(record: Record) -> list[Reference]:
    """Every id in a record that points somewhere, by the form its field has in the schema."""
    return record.once("references", lambda: list(_references(record)))


def _references(record: Record) -> Iterator[Reference]:
    for pointer, value, field in record.leaves:
        if (
            field
            and isinstance(value, str)
            and len(value) <= _LONGEST
            and _BEGINS_LIKE_ONE.match(value)
            and (pointer[-1] != "id" or _names_recommendation(pointer))
            and not field.is_block
            and pointer[0] not in _ELSEWHERE
            and _is_reference(value, field.schema)
        ):
            is_local = _LOCAL.match(value)
            yield Reference(
                pointer, value, f"{_home(record, pointer, value)}#{value}" if is_local else value
            )


def named_in_prose(record: Record) -> list[Named]:
    """The ids among the words of a record, each once in a text.

    The number of a statement of the same record counts in brackets or after "#": "(S3 and S5)", "#S3".
    Bare in a sentence it is as well a section of an Act or a year at school.
    """
    return record.once("named in prose", lambda: list(_named_in_prose(record)))


def _named_in_prose(record: Record) -> Iterator[Named]:
    likely = [each for each in record.prose if _MAY_NAME.search(each[1])]
    if not likely:
        return
    fields = {reference.pointer for reference in references(record)}
    for pointer, text in likely:
        if pointer in fields or pointer[0] in _ELSEWHERE or _is_of_others(pointer):
            continue
        seen: set[tuple[str, ...]] = set()
        for start, written, targets in sorted({*_clear(text, record), *_listed(text, record)}):
            if targets not in seen:
                yield Named(pointer, written, targets, text[max(0, start - _BEFORE) : start])
            seen.add(targets)


def _clear(text: str, record: Record) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """What is clear wherever it stands: where it does, as it is written, and what it means."""
    for found in _CLEAR.finditer(text):
        written = found[0].removeprefix("#")
        target = found[0] if written == found[0] else f"{record.id}#{written}"
        yield found.end() - len(written), written, (target,)


def _listed(text: str, record: Record) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The numbers of statements in brackets that hold nothing but what is cited."""
    for group in _GROUP.finditer(text):
        home = record.id
        for found in _IN_GROUP.finditer(text, *group.span()):
            number = found["number"]
            if number:
                targets = dict.fromkeys((f"{home}#{number}", f"{record.id}#{number}"))
                yield found.start(), number, tuple(targets)
            else:
                home = found["record"]


def _is_of_others(pointer: Pointer) -> bool:
    """Whether what stands there are somebody else's words, with ids of their own."""
    is_text = pointer[0] == "statements" and pointer[-1] in kinds.STATEMENT_KEYS
    return is_text and pointer[-1] != "observed"


_LONGEST = len("N-0007#S123")
_ELSEWHERE = ("moved", "moved_out", "copied", "carried")
"""What holds ids of another case, or where the record came from."""


def _is_reference(text: str, schema: Mapping[str, Any]) -> bool:
    if _REFERENCE.match(text):
        return True
    return bool(_LOCAL.match(text)) and schema.get("pattern", "").startswith(("^(", "^Q", "^J"))


def _names_recommendation(pointer: Pointer) -> bool:
    return pointer[:2] == ("decision", "recommendations") and pointer[-1] == "id"


def _home(record: Record, pointer: Pointer, value: str) -> str:
    """The record in which an entry id without a record is meant."""
    if pointer[-1] == "question" or (pointer[0] == "copies" and value[:1] == "Q"):
        return kinds.kind("referral").id_in("referral.yaml")
    if _names_recommendation(pointer):
        return str(record.data.get("analysis") or record.id)
    return record.id
