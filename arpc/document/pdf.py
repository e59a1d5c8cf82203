"""PDF, by Typst: accessible and archival (PDF/UA-1 and PDF/A-2a in one file), always.

The same input gives the same bytes, for one version of arpc on one kind of machine. Typst sees
no files but those made here, no fonts but those shipped, and no network.
"""

import re
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, time

from arpc import resources
from arpc.document.figures import Figure
from arpc.document.matter import FrontMatter
from arpc.document.tree import Document
from arpc.errors import ArpcError

_QUOTED = re.compile(r"`.*`", re.DOTALL)


def to_pdf(document: Document, matter: FrontMatter, figures: Iterable[Figure] = ()) -> bytes:
    """Return the document as PDF.

    Raises:
        ArpcError: Typst is not installed or refuses the document.
    """
    try:
        import typst

        from arpc.document import glyphs
        from arpc.document.typst_source import typst_source
    except ImportError as error:
        raise ArpcError(
            "making a PDF needs the packages typst and fontpkg-source-sans-3",
            hint="install them, or make Markdown or HTML, which need neither",
        ) from error

    design = (resources.folder("templates") / "report.typ").read_text("utf-8")
    source = f"{design}\n{typst_source(document, matter, figures)}"
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(glyphs.folder())],
    )
    # Typst may read what is below its root, which by default is the working directory.
    with tempfile.TemporaryDirectory() as root:
        try:
            result = typst.Compiler(source.encode(), root=root, font_paths=fonts).compile(
                pdf_standards=["a-2a", "ua-1"],
                timestamp=int(datetime.combine(matter.date, time(), UTC).timestamp()),
            )
        except typst.TypstError as error:
            # Typst quotes the text that it can't set, and messages never hold a record's words.
            reason = _QUOTED.sub("…", error.message)
            raise ArpcError(f"Typst refuses the document: {reason}") from error
    assert isinstance(result, bytes)
    return result
