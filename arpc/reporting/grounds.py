"""What an assessment rests on: who was seen, what was read, what was agreed and passed on."""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.provisions import AsOf
from arpc.records import Analysis, Document, Session
from arpc.reporting import added
from arpc.reporting.evidence import sort_words
from arpc.reporting.model import BLANK, NONE, Pair, Row, day_words, partial_words
from arpc.reporting.people import asked_by, company_words, name_of, plain


def referral_facts(as_of: AsOf) -> Iterator[Pair]:
    """When and from whom the referral came, and where it stood."""
    file = as_of.file
    referral = file.referral
    if referral is None:
        return
    police = plain(referral.police)
    yield Pair("Received", day_words(referral.on))
    yield Pair("From", asked_by(file))
    yield Pair("Urgency", plain(referral.urgency) or BLANK)
    checked = f" ({referral.police_checked})" if referral.police_checked else ""
    yield Pair("Police", f"{police or BLANK}{checked}")
    by = day_words(referral.needed_by)
    what_for = plain(referral.needed_for)
    needed = ", for ".join(filter(None, (by, what_for)))
    yield Pair("Needed by", needed or BLANK)
    case = file.case
    decided = (
        f"{case.decision or BLANK}{f', {day_words(case.decided_on)}' if case.decided_on else ''}"
    )
    yield Pair("Decision of the service", decided)
    yield from added.pairs(as_of, referral)


def previous_assessments(file: CaseFile) -> Iterator[Row]:
    """Earlier assessments, whether or not they were obtained."""
    for each in file.referral.previous if file.referral else ():
        missing = f"not obtained: {each.not_obtained}" if each.not_obtained else BLANK
        dated = partial_words(each.dated) or BLANK
        where = each.document or missing
        yield Row((dated, each.by or BLANK, each.conclusion or BLANK, where))


def sessions(as_of: AsOf) -> Iterator[Row]:
    """Every meeting and call that took place."""
    file = as_of.file
    for session in file.sessions:
        if session.took_place and session.on <= as_of.today:
            who = ", ".join(name_of(file, w) for w in session.who) or BLANK
            alone = {"yes": "alone", "no": "not alone"}.get(session.alone, "")
            company = ": ".join(filter(None, (alone, company_words(as_of, session))))
            how = (session.where, session.time, company, _attached(session))
            words = "; ".join(filter(None, how))
            yield Row(
                (
                    session.id,
                    day_words(session.on),
                    who,
                    sort_words(session),
                    added.after(words, as_of, session),
                )
            )


def absences(as_of: AsOf) -> Iterator[Row]:
    """Children not interviewed and meetings that did not take place."""
    file = as_of.file
    for session in file.sessions:
        if session.took_place:
            continue
        who = ", ".join(name_of(file, w) for w in session.who) or BLANK
        why = plain(session.not_seen or session.attendance)
        what = "not interviewed" if session.not_seen else "missed"
        yield Row(
            (session.id, day_words(session.on), who, added.after(f"{what}: {why}", as_of, session))
        )


def documents_read(as_of: AsOf) -> Iterator[Row]:
    """Documents received, and who read them when."""
    for document in as_of.file.documents:
        if document.came:
            yield Row(
                (
                    document.id,
                    document.title or BLANK,
                    document.sender or BLANK,
                    partial_words(document.dated) or BLANK,
                    added.after(_reading(as_of, document), as_of, document),
                )
            )


def _reading(as_of: AsOf, document: Document) -> str:
    attached = _attached(document)
    reader = as_of.service.staff_member(document.read_by).name if document.read_by else ""
    read = ", ".join(filter(None, (reader, day_words(document.read_on)))) or BLANK
    return "; ".join(filter(None, (read, plain(document.reliability), attached)))


def _attached(record: Document | Session) -> str:
    """How many files lie beside a record, and what they are; "" for none."""
    files = record.attachments
    if not files:
        return ""
    what = "; ".join(each.what.rstrip(".") or each.name for each in files)
    return f"with {len(files)} file{'' if len(files) == 1 else 's'}: {what}"


def documents_not_received(as_of: AsOf) -> Iterator[Row]:
    """Documents of which nothing says that they came."""
    for document in as_of.file.documents:
        if not document.came:
            asked = day_words(document.requested) or BLANK
            why = added.after(document.not_received or BLANK, as_of, document)
            yield Row((document.id, document.title or BLANK, asked, why))


def consents(as_of: AsOf) -> Iterator[Row]:
    """What each person was told and agreed to."""
    file = as_of.file
    for consent in file.consents:
        given = {
            "taking part": consent.take_part,
            "speaking with agencies": consent.contact_agencies,
            "sharing the report": consent.share_with_referrer,
        }
        words = "; ".join(f"{what}: {plain(answer) or BLANK}" for what, answer in given.items())
        own = f" Own answer: “{consent.assent}”" if consent.assent else ""
        yield Row(
            (
                consent.id,
                name_of(file, consent.who) or BLANK,
                day_words(consent.on),
                f"{words}.{own}",
                added.after(plain(consent.understood) or BLANK, as_of, consent),
            )
        )


def tools(as_of: AsOf, analysis: Analysis) -> Iterator[Row]:
    """Structured tools, by name only."""
    for tool in analysis.tools:
        user = as_of.service.staff_member(tool.by).name if tool.by else BLANK
        yield Row((tool.name or BLANK, user, plain(tool.applicable) or BLANK, tool.why or BLANK))


def concerns(as_of: AsOf) -> Iterator[Row]:
    """Concerns passed on, to whom, and what came of them."""
    for escalation in as_of.file.escalations:
        told = ", ".join(plain(r.to) for r in escalation.reported) or NONE
        yield Row(
            (
                escalation.id,
                day_words(escalation.on),
                plain(escalation.type) or BLANK,
                told,
                added.after(escalation.outcome or BLANK, as_of, escalation),
            )
        )
