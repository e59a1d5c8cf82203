"""What a record points at: every id in it that means somebody or something else in the case."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from arpc import kinds
from arpc.findings import Pointer
from arpc.records import Record

_REFERENCE = re.compile(r"P-[0-9]{2,3}\Z|[A-Z]-[0-9]{2,4}(?:#[A-Z][0-9]{1,3})?\Z")
_LOCAL = re.compile(r"[A-Z][0-9]{1,3}\Z")


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


def references(record: Record) -> list[Reference]:
    """Every id in a record that points somewhere, by the form its field has in the schema."""
    return record.once("references", lambda: list(_references(record)))


def _references(record: Record) -> Iterator[Reference]:
    for pointer, value, field in record.leaves:
        if (
            field
            and isinstance(value, str)
            and len(value) <= _LONGEST
            and value[:1].isupper()
            and (pointer[-1] != "id" or _names_recommendation(pointer))
            and not field.is_block
            and pointer[0] not in _ELSEWHERE
            and _is_reference(value, field.schema)
        ):
            is_local = _LOCAL.match(value)
            yield Reference(
                pointer, value, f"{_home(record, pointer, value)}#{value}" if is_local else value
            )


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
