"""DOCX, for those who have to go on working on a text in Word: the same words, in real styles.

The same input gives the same bytes, for one version of arpc and its libraries.
"""

from collections.abc import Iterable

from arpc.document.figures import Figure
from arpc.document.matter import FrontMatter
from arpc.document.tree import Document
from arpc.errors import ArpcError


def to_docx(document: Document, matter: FrontMatter, figures: Iterable[Figure] = ()) -> bytes:
    """Return the document as a Word file.

    Raises:
        ArpcError: python-docx or Typst, which draws the pictures, is not installed.
    """
    try:
        from arpc.document.word import word_file
    except ImportError as error:
        raise ArpcError(
            "making a Word file needs the packages python-docx, typst and fontpkg-source-sans-3",
            hint="install them with `pip install arpc[docx]`, or make HTML, which needs none",
        ) from error
    return word_file(document, matter, tuple(figures))
