"""Typst, the typesetter: it sees no files but those made here, no fonts but those shipped, no network."""

import re
import tempfile
from collections.abc import Mapping
from typing import Any

import typst

from arpc.document import glyphs
from arpc.errors import ArpcError

_QUOTED = re.compile(r"`.*`", re.DOTALL)


def typeset(source: str, inputs: Mapping[str, str] | None = None, **options: Any) -> bytes:
    """Return what Typst makes of its source, by the options of `typst.Compiler.compile`.

    Args:
        source: Typst code.
        inputs: What the code reads from `sys.inputs`.
        options: The format and the like.

    Raises:
        ArpcError: Typst refuses the document.
    """
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(glyphs.folder())],
    )
    # Typst may read what is below its root, which by default is the working directory.
    with tempfile.TemporaryDirectory() as root:
        try:
            result = typst.Compiler(
                source.encode(), root=root, font_paths=fonts, sys_inputs=dict(inputs or {})
            ).compile(**options)
        except typst.TypstError as error:
            # Typst quotes the text that it can't set, and messages never hold a record's words.
            reason = _QUOTED.sub("…", error.message)
            raise ArpcError(f"Typst refuses the document: {reason}") from error
    assert isinstance(result, bytes)
    return result
