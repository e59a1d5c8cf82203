"""What a report for a court holds besides: instructions, range of opinion, the expert's statements.

The statements are in the words that somebody wrote into the case from the court's practice direction:
the tool knows no legal wording by heart.
"""

from arpc.errors import ArpcError
from arpc.reporting.copies import Copy
from arpc.reporting.model import BLANK, CourtPart, Pair, day_words, recorded


def part(copy: Copy) -> CourtPart:
    """Return what a report for the court holds besides.

    Raises:
        ArpcError: It is being issued, and something that the court asks for is not written.
    """
    case, service = copy.whole.file.case, copy.whole.service
    written = {
        "instructed_by": case.court_instructed_by,
        "instructions": case.court_instructions,
        "range": case.court_range,
        "conflicts": case.court_conflicts,
        "duty": case.court_duty,
        "truth": case.court_truth,
    }
    missing = [key for key, text in written.items() if not text]
    if missing and not copy.is_draft:
        hint = "they stand under `court` in case.yaml"
        raise ArpcError(f"a report for the court needs {', '.join(missing)}", hint)
    author = copy.seen.file.analysis.author if copy.seen.file.analysis else case.lead
    facts = (
        Pair("Application issued", day_words(case.court_issued) or BLANK),
        Pair("Permission given", day_words(case.court_permission) or BLANK),
        Pair("Instructed by", case.court_instructed_by or BLANK),
    )
    return CourtPart(
        facts,
        recorded(case.court_instructions),
        recorded(case.court_range),
        recorded(case.court_literature),
        recorded(case.court_conflicts),
        recorded(case.court_duty),
        recorded(case.court_truth),
        service.staff_member(author).name,
    )
