"""A report as Markdown, HTML, PDF and Word: one template, one document, four forms."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from arpc import resources
from arpc.document import docx, html, markdown, pdf, templating
from arpc.document.figures import Figure
from arpc.reporting.model import Printable

_NONE: Mapping[str, Sequence[Figure]] = {"family": (), "course": ()}
FORMATS = ("md", "html", "pdf", "docx")


def render(
    report: Printable,
    template: str,
    forms: tuple[str, ...],
    pictures: Mapping[str, Sequence[Figure]] | None = None,
    own: Path | None = None,
) -> dict[str, bytes]:
    """Return the bytes of a report in several of `FORMATS`, from one run of its template.

    Args:
        report: What the template prints.
        template: Its name.
        forms: Some of `FORMATS`.
        pictures: What is drawn, by subject: "family", "course".
        own: A folder of the service's own templates, which stand before ours.

    Raises:
        ArpcError: A template is at fault, or a package that a format needs is missing.
        KeyError: There is no such format.
    """
    drawn = pictures or {}
    figures = tuple(figure for subject in drawn.values() for figure in subject)
    document = markdown.parse(source(report, template, drawn, own))
    writers = {
        "md": lambda: markdown.to_markdown(document, report.matter, figures).encode("utf-8"),
        "html": lambda: html.to_html(document, report.matter, figures).encode("utf-8"),
        "pdf": lambda: pdf.to_pdf(document, report.matter, figures),
        "docx": lambda: docx.to_docx(document, report.matter, figures),
    }
    return {form: writers[form]() for form in forms}


def source(
    report: Printable,
    template: str,
    pictures: Mapping[str, Sequence[Figure]] = _NONE,
    own: Path | None = None,
) -> str:
    """Return the shielded Markdown of a report; the arguments are those of `render`.

    Raises:
        ArpcError: A template is at fault.
    """
    drawn = {**_NONE, **pictures}
    folders = [*([own] if own else []), resources.folder("templates")]
    if own:
        known = {"report": getattr(report, "_fields", ()), "pictures": drawn}
        templating.check_fields(folders, template, known)
    return templating.render(folders, template, report=report, pictures=drawn)
