"""PDF, by Typst: accessible and archival (PDF/UA-1 and PDF/A-2a in one file), always.

The same input gives the same bytes, for one version of arpc on one kind of machine.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from arpc import resources
from arpc.document.figures import Figure
from arpc.document.matter import FrontMatter
from arpc.document.tree import Document
from arpc.errors import ArpcError


def to_pdf(document: Document, matter: FrontMatter, figures: Iterable[Figure] = ()) -> bytes:
    """Return the document as PDF.

    Raises:
        ArpcError: Typst is not installed or refuses the document.
    """
    try:
        from arpc.document.typesetting import typeset
        from arpc.document.typst_source import typst_source
    except ImportError as error:
        raise ArpcError(
            "making a PDF needs the packages typst and fontpkg-source-sans-3",
            hint="install them, or make Markdown or HTML, which need neither",
        ) from error

    design = (resources.folder("templates") / "report.typ").read_text("utf-8")
    source = f"{design}\n{typst_source(document, matter, figures)}"
    return typeset(
        source,
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(datetime.combine(matter.date, time(), UTC).timestamp()),
    )
