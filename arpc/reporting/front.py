"""What every report says of itself: whom it is about, who may read it, how long it holds."""

from arpc.document.matter import FrontMatter
from arpc.provisions import AsOf

HANDLING = (
    "For the referring professionals. Not for onward copying: ask the service for a copy made for "
    "the reader."
)


def front_matter(
    as_of: AsOf, title: str, *, author: str, status: str, version: str = "", valid_until: str = ""
) -> FrontMatter:
    """Return the front matter of a report on a case.

    Args:
        as_of: The case and the day of the report.
        title: What the report is.
        author: Staff code of who wrote what it rests on.
        status: See `FrontMatter.status`.
        version: Which issue of it this is; "" for a report that is not issued.
        valid_until: How long it may be relied on, in words; may be "".
    """
    service, file = as_of.service, as_of.file
    children = ", ".join(child.name for child in file.children)
    man = file.man.name if file.man else "A man not named"
    return FrontMatter(
        title=title,
        subtitle=f"{man}, and the safety of {children or 'the children'}",
        reference=file.id,
        marking=service.marking,
        status=status,
        date=as_of.today,
        author=service.staff_member(author).name,
        version=version,
        valid_until=valid_until,
        practice=_practice(as_of),
    )


def marking(as_of: AsOf) -> str:
    """What stands above anything that is shown of a case outside a report."""
    return " · ".join(filter(None, (as_of.service.marking, _practice(as_of))))


def _practice(as_of: AsOf) -> str:
    return "Practice record: invented people" if as_of.service.practice_today else ""
