"""What a record means, apart from how it is laid out: the base of digests and of comparison."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from arpc.records import is_blank

_ABOUT_THE_RECORD = ("status", "finished", "superseded_by")


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
    kept = {key: item for key, item in data.items() if key not in _ABOUT_THE_RECORD}
    canonical = json.dumps(meaning(kept), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode("utf-8")).hexdigest()
