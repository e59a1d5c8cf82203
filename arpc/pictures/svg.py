"""A drawing as SVG: black on white, no colour, no script, nothing from elsewhere."""

import re
from xml.sax.saxutils import escape, quoteattr

from arpc.pictures.shapes import Box, Drawing, Mark, Round, Stroke, Words

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INK = "#111111"


def write(drawing: Drawing) -> str:
    """Return the drawing as a document that stands alone; the same drawing gives the same text."""
    width, height = _number(drawing.width), _number(drawing.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc"'
        f' font-family="sans-serif" fill="{INK}">',
        f'<title id="title">{_text(drawing.title)}</title>',
        f'<desc id="desc">{_text(drawing.description)}</desc>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *map(_element, drawing.marks),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _element(mark: Mark) -> str:
    match mark:
        case Stroke(points, width, dash, closed):
            path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
            name, fill = ("polygon", "white") if closed else ("polyline", "none")
            return f'<{name} points="{path}" fill="{fill}"{_pen(width, dash)}/>'
        case Round(x, y, radius, width, filled):
            place = f'cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}"'
            return f'<circle {place} fill="{INK if filled else "white"}"{_pen(width)}/>'
        case Box(x, y, width, height, stroke, dash, corner, fill):
            place = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
            rounded = f' rx="{_number(corner)}"' if corner else ""
            return f"<rect {place}{rounded} fill={quoteattr(fill)}{_pen(stroke, dash)}/>"
        case Words(x, y, text, size, anchor, bold):
            style = f' text-anchor="{anchor}"' if anchor != "start" else ""
            style += ' font-weight="bold"' if bold else ""
            place = f'x="{_number(x)}" y="{_number(y)}" font-size="{_number(size)}"'
            return f"<text {place}{style}>{_text(text)}</text>"


def _pen(width: float, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{INK}" stroke-width="{_number(width)}"{dashes}' if width else ""


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
