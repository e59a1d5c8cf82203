"""Pictures that a document can show, each with the words that stand in for it."""

from collections.abc import Iterable
from typing import NamedTuple

from arpc.errors import ArpcError


class Figure(NamedTuple):
    """A picture; templates place it with `::: figure NAME`.

    Args:
        name: What templates call it.
        svg: The picture: one SVG element, self-contained.
        alt: All that the picture says, in words.
        caption: Printed below it.
    """

    name: str
    svg: str
    alt: str
    caption: str


def find(figures: Iterable[Figure], name: str) -> Figure:
    """Return the figure called `name`.

    Raises:
        ArpcError: There is none.
    """
    found = next((figure for figure in figures if figure.name == name), None)
    if found is None:
        raise ArpcError(f"the template places a figure that was not drawn: {name}")
    return found
