"""What a change is called: values, fields and people in the words of practice."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from arpc.casefile import CaseFile
from arpc.differing.comparing import Difference
from arpc.findings import Pointer
from arpc.kinds import Field, Kind
from arpc.records import is_blank
from arpc.reporting.people import CONTACT_FORMS, plain
from arpc.reporting.weighing import STATUS, TREATED

_LABELS = {
    ("arrangement", "until"): "ended",
    ("basis", "basis_status"): "status",
    ("document", "read_on"): "read on",
}
"""Fields that are called otherwise in a sentence."""
_WORDS = {"form": CONTACT_FORMS, "basis_status": STATUS, "treated_as": TREATED}
_NAMED_BY = ("id", "child", "who", "basis", "question", "area", "for", "name", "criterion", "date")


class Both(NamedTuple):
    """A case as it was, and as it is."""

    before: CaseFile
    after: CaseFile

    def person(self, person_id: str) -> str:
        """A person's id and name; whatever is no person's id as it is."""
        found = self.after.person(person_id) or self.before.person(person_id)
        return f"{person_id} {found.name}" if found and found.name else person_id

    def people(self, ids: Iterable[str]) -> str:
        """Several people."""
        return ", ".join(map(self.person, ids))


def told(both: Both, kind: Kind, found: Iterable[Difference], within: Pointer = ()) -> str:
    """What changed in a record or an entry, in one sentence: values where they are words, else names.

    Args:
        both: The case.
        kind: The kind of record.
        found: The changes.
        within: The entry that all of them lie in, which the sentence has named already.
    """
    values: list[str] = []
    names: dict[str, list[str]] = {}
    for each in found:
        label = _label(kind, each, len(within))
        if value := _value(both, kind, each):
            values.append(f"{label} {value}")
        else:
            names.setdefault(_how(each), []).append(label)
    listed = [f"{', '.join(labels)} {how}" for how, labels in names.items()]
    return "; ".join((*values, *listed))


def word(both: Both, key: str, value: Any) -> str:
    """A word, an id, a date or a number as it stands in a sentence."""
    text = str(value).strip()
    if text.startswith("P-"):
        return both.person(text)
    return _WORDS.get(key, {}).get(text, plain(text))


def first_sentence(text: str) -> str:
    """The first sentence of a text, on one line and without its full stop."""
    return " ".join(text.split()).partition(". ")[0].rstrip(".")


def _label(kind: Kind, difference: Difference, within: int) -> str:
    """The name of a field, with the names of what it lies in."""
    steps = [_step(difference, index) for index in range(within, len(difference.pointer))]
    own = _LABELS.get((kind.name, str(difference.pointer[-1])))
    return " ".join([*steps[:-1], own or steps[-1]])


def _step(difference: Difference, index: int) -> str:
    step = difference.pointer[index]
    if isinstance(step, str):
        return plain(step)
    holder = difference.holders[index]
    name = next((holder[key] for key in _NAMED_BY if not is_blank(holder.get(key))), None)
    return str(name or step + 1)


def _value(both: Both, kind: Kind, difference: Difference) -> str:
    """What it was and is, where that can be said in a few words; "" for prose and for whole entries."""
    field = kind.field(difference.pointer)
    if field is None or not _is_word(field):
        return ""
    key = str(difference.pointer[-1])
    if isinstance(difference.before or difference.after, list):
        return _items(both, key, difference)
    before, after = (
        None if value is None else word(both, key, value)
        for value in (difference.before, difference.after)
    )
    if before is None:
        return str(after)
    return f"{before}, now {after}" if after is not None else f"{before} taken out"


def _items(both: Both, key: str, difference: Difference) -> str:
    then, now = difference.before or [], difference.after or []
    new = [word(both, key, item) for item in now if item not in then]
    gone = [word(both, key, item) for item in then if item not in now]
    parts = (
        f"{', '.join(items)} {how}" for items, how in ((new, "added"), (gone, "taken out")) if items
    )
    return "; ".join(parts) or "in another order"


def _is_word(field: Field) -> bool:
    """Whether it holds words of the schema, ids, dates or numbers, and not what somebody wrote."""
    schema: Mapping[str, Any] = field.schema.get("items", field.schema)
    if "properties" in schema:
        return False
    free = schema.get("pattern") == "^[^\\n]*$" or field.is_block
    known = ("enum", "pattern", "format", "minimum")
    return not free and any(key in schema for key in known)


def _how(difference: Difference) -> str:
    if difference.before is None:
        return "added" if difference.is_entry else "written"
    if difference.after is None:
        return "taken out"
    return "in another order" if _is_reordered(difference) else "changed"


def _is_reordered(difference: Difference) -> bool:
    then, now = difference.before, difference.after
    if not isinstance(then, list) or not isinstance(now, list):
        return False
    return sorted(map(repr, then)) == sorted(map(repr, now))
