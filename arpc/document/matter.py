"""Front matter: what every page of a document says about the document."""

from dataclasses import dataclass
from datetime import date

# Not `%B`, which follows the locale: the same document is the same bytes everywhere.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_MARGIN_LINE = 80  # characters


def day_words(day: date | None) -> str:
    """Return a day as it is written in a letter, e.g. "4 March 2026"; "" for none."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else ""


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
        is_letter: Whether it is a letter, which says no more of itself than the day.
        large: Whether it is set in large type, in PDF and HTML; a Word file can be made so there.
        copy_for: Whom this copy is for; "" for a document that is no copy.
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
    is_letter: bool = False
    large: bool = False
    copy_for: str = ""
    practice: str = ""
    lang: str = "en-GB"

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """The labelled lines under the title, in order; those that are empty are left out."""
        day = day_words(self.date).replace(" ", "\u00a0")
        if self.is_letter:
            return (("Date", day),)
        lines = (
            ("Reference", self.reference),
            ("Version", self.version),
            ("Date", day),
            ("Author", self.author),
            ("Valid until", self.valid_until),
            ("Copy for", self.copy_for),
        )
        return tuple((label, value) for label, value in lines if value)

    @property
    def edition(self) -> str:
        """The reference, the version and the reader, for margins."""
        if self.is_letter:
            return self.reference
        version = f"Version {self.version}" if self.version else ""
        copy_for = f"Copy for {self.copy_for}" if self.copy_for else ""
        return " · ".join(part for part in (self.reference, version, copy_for) if part)

    @property
    def banner(self) -> str:
        """The marking and the status, for the place where the text begins."""
        return " · ".join(part for part in (self.marking, self.status) if part)


def in_margin(text: str) -> str:
    """Return what the margin of a page has room for; the whole is on page 1."""
    text = " ".join(text.split())
    return text if len(text) <= _MARGIN_LINE else text[: _MARGIN_LINE - 1].rstrip() + "…"
