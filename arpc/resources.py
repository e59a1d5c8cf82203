"""Where `schemas/`, `templates/` and `examples/` are: beside the code in a checkout, inside a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the shipped folder called `name` ("schemas", "templates" or "examples")."""
    checkout = _PACKAGE.parent / name
    return checkout if checkout.is_dir() else _PACKAGE / "_data" / name


def package() -> Path:
    """Where the code lies."""
    return _PACKAGE
