"""A report as Markdown, HTML and PDF: one template, one document, three forms."""

from arpc import resources
from arpc.document import html, markdown, pdf, templating
from arpc.reporting.model import Printable

FORMATS = ("md", "html", "pdf")


def render(report: Printable, template: str, forms: tuple[str, ...]) -> dict[str, bytes]:
    """Return the bytes of a report in several of `FORMATS`, from one run of its template.

    Raises:
        ArpcError: The template is at fault, or the typst package is missing.
        KeyError: There is no such format.
    """
    source = templating.render(resources.folder("templates"), template, report=report)
    document = markdown.parse(source)
    writers = {
        "md": lambda: markdown.to_markdown(source, report.matter).encode("utf-8"),
        "html": lambda: html.to_html(document, report.matter).encode("utf-8"),
        "pdf": lambda: pdf.to_pdf(document, report.matter),
    }
    return {form: writers[form]() for form in forms}
