"""What an assessment rests on: who was seen, what was read, what was agreed and passed on."""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.provisions import AsOf
from arpc.records import Analysis, Document, Session
from arpc.reporting.evidence import sort_words
from arpc.reporting.model import Pair, Row, day_words, partial_words
from arpc.reporting.people import asked_by, name_of, plain


def referral_facts(as_of: AsOf) -> Iterator[Pair]:
    """When and from whom the referral came, and where it stood."""
    file = as_of.file
    referral = file.referral
    if referral is None:
        return
    police = plain(referral.police)
    yield Pair("Received", day_words(referral.on))
    yield Pair("From", asked_by(file))
    yield Pair("Urgency", plain(referral.urgency) or "standard")
    checked = f" ({referral.police_checked})" if referral.police_checked else ""
    yield Pair("Police", f"{police or 'not known'}{checked}")
    needed = (
        f"{day_words(referral.needed_by)}, for {plain(referral.needed_for)}"
        if referral.needed_by
        else ""
    )
    yield Pair("Needed by", needed or "no date given")
    case = file.case
    decided = f"{case.decision or 'not decided'}{f', {day_words(case.decided_on)}' if case.decided_on else ''}"
    yield Pair("Taken on", decided)


def previous_assessments(file: CaseFile) -> Iterator[Row]:
    """Earlier assessments, whether or not they were obtained."""
    for each in file.referral.previous if file.referral else ():
        where = each.document or f"not obtained: {each.not_obtained or 'no reason given'}"
        yield Row(
            (
                partial_words(each.dated) or "no date",
                each.by or "not known",
                each.conclusion or "not known",
                where,
            )
        )


def sessions(as_of: AsOf) -> Iterator[Row]:
    """Every meeting and call that took place."""
    file = as_of.file
    for session in file.sessions:
        if session.took_place and session.on <= as_of.today:
            who = ", ".join(name_of(file, w) for w in session.who)
            alone = {"yes": "alone", "no": "not alone"}.get(session.alone, "")
            others = ", ".join(_present(as_of, o.who) for o in session.present if o.who)
            how = (session.where, session.time, alone, f"with {others}" if others else "")
            yield Row(
                (
                    session.id,
                    day_words(session.on),
                    who,
                    sort_words(session),
                    "; ".join(filter(None, (*how, _attached(session)))),
                )
            )


def _present(as_of: AsOf, who: str) -> str:
    if who.startswith("P-"):
        return name_of(as_of.file, who)
    return as_of.service.staff_member(who).name


def absences(file: CaseFile) -> Iterator[Row]:
    """Children not interviewed and meetings that did not take place."""
    for session in file.sessions:
        if session.took_place:
            continue
        who = ", ".join(name_of(file, w) for w in session.who)
        why = plain(session.not_seen or session.attendance)
        what = "not interviewed" if session.not_seen else "missed"
        yield Row((session.id, day_words(session.on), who, f"{what}: {why}"))


def documents_read(as_of: AsOf) -> Iterator[Row]:
    """Documents received, and who read them when."""
    for document in as_of.file.documents:
        if document.received:
            yield Row(
                (
                    document.id,
                    document.title,
                    document.sender or "not known",
                    partial_words(document.dated) or "undated",
                    _reading(as_of, document),
                )
            )


def _reading(as_of: AsOf, document: Document) -> str:
    attached = _attached(document)
    if not document.read_on:
        return "; ".join(filter(None, ("not read", attached)))
    reader = as_of.service.staff_member(document.read_by).name
    read = f"{reader}, {day_words(document.read_on)}"
    return "; ".join(filter(None, (read, plain(document.reliability), attached)))


def _attached(record: Document | Session) -> str:
    """How many files lie beside a record, and what they are; "" for none."""
    files = record.attachments
    if not files:
        return ""
    what = "; ".join(each.what.rstrip(".") or each.name for each in files)
    return f"with {len(files)} file{'' if len(files) == 1 else 's'}: {what}"


def documents_not_received(file: CaseFile) -> Iterator[Row]:
    """Documents asked for that have not come."""
    for document in file.documents:
        if not document.received:
            asked = day_words(document.requested) or "not asked for"
            yield Row(
                (document.id, document.title, asked, document.not_received or "no reason recorded")
            )


def consents(file: CaseFile) -> Iterator[Row]:
    """What each person was told and agreed to."""
    for consent in file.consents:
        given = {
            "taking part": consent.take_part,
            "speaking with agencies": consent.contact_agencies,
            "sharing the report": consent.share_with_referrer,
        }
        words = "; ".join(
            f"{what}: {plain(answer) or 'not asked'}" for what, answer in given.items()
        )
        own = f" Own answer: “{consent.assent}”" if consent.assent else ""
        yield Row(
            (
                consent.id,
                name_of(file, consent.who),
                day_words(consent.on),
                f"{words}.{own}",
                plain(consent.understood) or "not asked",
            )
        )


def tools(as_of: AsOf, analysis: Analysis) -> Iterator[Row]:
    """Structured tools, by name only."""
    for tool in analysis.tools:
        user = as_of.service.staff_member(tool.by).name if tool.by else "not named"
        yield Row((tool.name, user, plain(tool.applicable) or "not said", tool.why or "not said"))


def concerns(file: CaseFile) -> Iterator[Row]:
    """Concerns passed on, to whom, and what came of them."""
    for escalation in file.escalations:
        told = ", ".join(plain(r.to) for r in escalation.reported) or "nobody yet"
        yield Row(
            (
                escalation.id,
                day_words(escalation.on),
                plain(escalation.type),
                told,
                escalation.outcome or "no outcome recorded yet",
            )
        )
