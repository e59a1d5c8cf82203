"""Pictures as Typst draws them: in the shipped fonts, on any machine."""

import re

from arpc.document import glyphs
from arpc.document.shield import clean
from arpc.document.typesetting import typeset

DENSITY = 300  # dots per inch: sharp on paper, and on a screen at three times the size

# In a picture Typst takes a variable font at its lightest, whatever weight is asked for.
_SVG_ROOT = re.compile(r"(<svg\b[^>]*>)")
_SVG_WEIGHTS = (
    "<style>svg{font-variation-settings:'wght' 400}"
    "[font-weight='600']{font-variation-settings:'wght' 600}"
    "[font-weight='bold'],[font-weight='700']{font-variation-settings:'wght' 700}</style>"
)
_WIDTH = re.compile(r"<svg\b[^>]*?\bwidth=[\"']([0-9.]+)")
_WIDE = 1000.0  # pixels; on an upright page its words would be too small to read
_PAGE = """
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#context {
  let drawn(..size) = image(bytes(sys.inputs.svg), format: "svg", ..size)
  let natural = measure(drawn())
  let scale = calc.min(1, 162mm / natural.width, 206mm / natural.height)
  drawn(width: natural.width * scale)
}
"""


def prepared(svg: str) -> str:
    """Return an SVG as Typst must have it: in weights that it knows, no character without a glyph."""
    # Markup is ASCII, so whatever the fonts lack is in the words of the picture.
    return _SVG_ROOT.sub(rf"\1{_SVG_WEIGHTS}", glyphs.printable(clean(svg)), count=1)


def is_wide(svg: str) -> bool:
    """Return whether a picture needs a page on its side."""
    width = _WIDTH.search(svg)
    return width is not None and float(width[1]) > _WIDE


def to_png(svg: str) -> bytes:
    """Return an SVG as a PNG of `DENSITY`, at its own size or as large as a page has room for."""
    return typeset(_PAGE, {"svg": prepared(svg)}, format="png", ppi=DENSITY)
