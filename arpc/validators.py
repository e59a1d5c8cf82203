"""jsonschema-rs, without what it loads only to know the day on which it was built.

It reads that date with `email.utils`, which brings sockets, calendars and random numbers, and makes every short
command a twentieth longer. Nobody asks for the date; whatever else of it is asked for is there.
"""

import decimal  # noqa: F401 it is wanted in any case, and panics if Ctrl-C comes while it loads this itself
import sys
from types import ModuleType
from typing import Any

_DATES = "email.utils"


def _stand_in() -> ModuleType:
    """`email.utils`, of which nothing is loaded but what is asked for besides dates."""
    made = ModuleType(_DATES)

    def other(name: str) -> Any:
        import importlib

        _withdraw(made)
        return getattr(importlib.import_module(_DATES), name)

    made.__dict__.update(parsedate_to_datetime=str, __getattr__=other)
    return made


def _withdraw(made: ModuleType) -> None:
    if sys.modules.get(_DATES) is made:
        del sys.modules[_DATES]


_made = _stand_in()
sys.modules.setdefault(_DATES, _made)
try:
    import jsonschema_rs
finally:
    _withdraw(_made)

__all__ = ["jsonschema_rs"]
