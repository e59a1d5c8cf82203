"""What every report says of itself: whom it is about, who may read it, how long it holds."""

from arpc.document.matter import FrontMatter
from arpc.provisions import AsOf
from arpc.reporting.copies import Copy

_BETWEEN = " · "
HANDLING = "Not for onward copying: ask the service for a copy made for the reader."


def front_matter(
    copy: Copy,
    title: str,
    *,
    author: str,
    status: str,
    version: str = "",
    valid_until: str = "",
    subtitle: str | None = None,
    marking: str = "",
) -> FrontMatter:
    """Return the front matter of a report on a case.

    Args:
        copy: What it is made of.
        title: What the report is.
        author: Staff code of who wrote what it rests on.
        status: See `FrontMatter.status`.
        version: Which issue of it this is; "" for a report that is not issued.
        valid_until: How long it may be relied on, in words; may be "".
        subtitle: Whom it is about, where that is not the man and the children.
        marking: Who may read it, where that is not for the service's marking to say.
    """
    service, file = copy.whole.service, copy.seen.file
    return FrontMatter(
        title=title,
        subtitle=_whose(copy) if subtitle is None else subtitle,
        reference=file.id,
        marking=marking or service.marking,
        status=status,
        date=copy.whole.today,
        author=service.staff_member(author).name,
        version=version,
        valid_until=valid_until,
        copy_for=copy.for_whom,
        practice=_practice(copy.whole),
    )


def marking(as_of: AsOf) -> str:
    """What stands above anything that is shown of a case outside a report."""
    return _BETWEEN.join(filter(None, (as_of.service.marking, _practice(as_of))))


def in_sentences(marking: str) -> str:
    """A marking for somebody who listens."""
    return marking.replace(_BETWEEN, ". ")


def _whose(copy: Copy) -> str:
    file = copy.seen.file
    children = ", ".join(child.name or child.id for child in file.children)
    man = (file.man.name or file.man.id) if file.man else "A man not named"
    return f"{man}, and the safety of {children or 'the children'}"


def _practice(as_of: AsOf) -> str:
    return "Practice record: invented people" if as_of.service.practice_today else ""
