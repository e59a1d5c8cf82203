"""Front matter: what every page of a document says about the document."""

from dataclasses import dataclass
from datetime import date

# Not `%B`, which follows the locale: the same document is the same bytes everywhere.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_MARGIN_LINE = 80  # characters


@dataclass(frozen=True)
class FrontMatter:
    """What a document says of itself.

    Args:
        title: What the document is.
        subtitle: Whom or what it is about.
        reference: The case reference.
        marking: Who may read it; printed at the head and foot of every page.
        status: "DRAFT", "SUPERSEDED", "OUT OF DATE", or "" for a document that stands; more may
            follow after " · ".
        date: The date of the document; also the only date in the PDF's metadata.
        author: Who wrote it.
        version: Printed in the margin of every page.
        valid_until: How long it may be relied on, in words; may be "".
        practice: A warning for the head of every page, such as "Practice record: invented
            people"; may be "".
        lang: The language of the document, as a BCP 47 tag.
    """

    title: str
    subtitle: str
    reference: str
    marking: str
    status: str
    date: date
    author: str
    version: str
    valid_until: str = ""
    practice: str = ""
    lang: str = "en-GB"

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """The labelled lines under the title, in order; those that are empty are left out."""
        day = f"{self.date.day}\u00a0{MONTHS[self.date.month - 1]}\u00a0{self.date.year}"
        lines = (
            ("Reference", self.reference),
            ("Version", self.version),
            ("Date", day),
            ("Author", self.author),
            ("Valid until", self.valid_until),
        )
        return tuple((label, value) for label, value in lines if value)

    @property
    def edition(self) -> str:
        """The reference and the version, for margins."""
        version = f"Version {self.version}" if self.version else ""
        return " · ".join(part for part in (self.reference, version) if part)

    @property
    def banner(self) -> str:
        """The marking and the status, for the place where the text begins."""
        return " · ".join(part for part in (self.marking, self.status) if part)


def in_margin(text: str) -> str:
    """Return what the margin of a page has room for; the whole is on page 1."""
    text = " ".join(text.split())
    return text if len(text) <= _MARGIN_LINE else text[: _MARGIN_LINE - 1].rstrip() + "…"
