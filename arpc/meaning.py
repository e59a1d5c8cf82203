"""What a record means, apart from how it is laid out: the base of digests and of comparison."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from arpc.kinds import Kind
from arpc.records import is_blank

_ABOUT_THE_RECORD = ("status", "superseded_by")


def meaning(value: Any) -> Any:
    """Return a value without what is blank, and without white space at the ends of lines.

    None means that all of it is blank.
    """
    if isinstance(value, str):
        text = value.strip()
        return "\n".join(map(str.rstrip, text.split("\n"))) if "\n" in text else text or None
    if isinstance(value, dict):
        return {k: found for k, v in value.items() if (found := meaning(v)) is not None} or None
    if isinstance(value, list):
        return [found for item in value if (found := meaning(item)) is not None] or None
    return value


def digest(data: Mapping[str, Any], living: Collection[str]) -> str:
    """Return the SHA-256 of a record's meaning, as `sha256:` and 64 hexadecimal digits.

    Comments, the order of keys, its status and its `living` fields do not change it.
    """
    lasting = {k: v for k, v in data.items() if k not in _ABOUT_THE_RECORD and k not in living}
    return "sha256:" + _hash(lasting)


def field_digests(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the first 8 hexadecimal digits of the digest of each field that is written."""
    return {
        key: _hash(value)[:8]
        for key, value in data.items()
        if key not in _ABOUT_THE_RECORD and not is_blank(value)
    }


def changed_fields(then: Iterable[str], data: Mapping[str, Any], kind: Kind) -> list[str]:
    """Return the lasting fields that differ from what a seal kept of them, in the record's order.

    Each of `then` is a field and its digest, "note:01234567". Which fields are living is asked of the
    schema that holds now, so that an older seal stays good when a field comes to live on. What was
    `filled_in` is no change.
    """
    before = dict(entry.split(":", 1) for entry in then)
    now = field_digests(data)
    differ = [key for key in (*now, *before) if now.get(key) != before.get(key)]
    untouched = {*kind.living, *filled_in(before, data, kind)}
    return [key for key in dict.fromkeys(differ) if key not in untouched]


def filled_in(then: Iterable[str], data: Mapping[str, Any], kind: Kind) -> list[str]:
    """Return the fields that a record was finished without and that were written since.

    Only of those that a later gate asks for: what the report needs may come after the record was final.
    """
    before = {entry.partition(":")[0] for entry in then}
    return [key for key in field_digests(data) if key in kind.later - kind.living - before]


def fingerprint(value: Any) -> str:
    """Return the first 16 hexadecimal digits of the digest of a value's meaning."""
    return _hash(value)[:16]


def _hash(value: Any) -> str:
    canonical = _CANONICAL.encode(meaning(value))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
