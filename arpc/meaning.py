"""What a record means, apart from how it is laid out: the base of digests and of comparison."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from arpc.records import is_blank

_ABOUT_THE_RECORD = ("status", "superseded_by")


def meaning(value: Any) -> Any:
    """Return a value without what is blank, and without white space at the ends of lines."""
    if isinstance(value, Mapping):
        return {key: meaning(item) for key, item in value.items() if not is_blank(item)}
    if isinstance(value, list):
        return [meaning(item) for item in value if not is_blank(item)]
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in value.strip().splitlines())
    return value


def digest(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record's meaning, as `sha256:` and 64 hexadecimal digits.

    Comments, the order of keys and its status do not change it.
    """
    return "sha256:" + _hash({k: v for k, v in data.items() if k not in _ABOUT_THE_RECORD})


def field_digests(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the first 8 hexadecimal digits of the digest of each field that is written."""
    return {
        key: _hash(value)[:8]
        for key, value in data.items()
        if key not in _ABOUT_THE_RECORD and not is_blank(value)
    }


def fingerprint(value: Any) -> str:
    """Return the first 16 hexadecimal digits of the digest of a value's meaning."""
    return _hash(value)[:16]


def _hash(value: Any) -> str:
    canonical = json.dumps(
        meaning(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
