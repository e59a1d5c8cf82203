"""Findings and what is due as JSON, CSV and iCalendar, for editors, other tools and calendars.

Nothing here holds a name or the text of a record: what leaves in these formats gets read elsewhere.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from arpc import __version__, rules
from arpc.due import Item
from arpc.findings import Finding, Severity, Verdict

FORMAT = 1


def findings_json(verdict: Verdict, today: date, *, practice: bool) -> str:
    """Return everything that was found; `counts` says what stands in the way of the aim."""
    document = {
        "format": FORMAT,
        "practice": practice,
        "today": today.isoformat(),
        "for": str(verdict.aim),
        "cases": verdict.cases,
        "files": verdict.files,
        "errors": verdict.count(Severity.ERROR),
        "warnings": verdict.count(Severity.WARNING),
        "findings": [
            {
                "file": finding.where.file,
                "line": finding.where.line,
                "column": finding.where.column,
                "path": list(finding.where.pointer),
                "rule": finding.rule,
                "severity": str(finding.severity),
                "gate": str(finding.gate),
                "counts": finding.gate.counts_for(verdict.aim),
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in verdict.findings
        ],
        "answered": [
            {
                "file": finding.where.file,
                "line": finding.where.line,
                "rule": finding.rule,
                "message": finding.message,
                "date": str(given.day),
                "by": given.by,
                "agreed_by": given.agreed_by,
                "reason_at": str(given.reason_at),
            }
            for finding, given in verdict.answered
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def findings_sarif(verdict: Verdict, today: date, *, practice: bool) -> str:
    """Return what counts for the aim as SARIF 2.1.0, for code-review tools and editors."""
    used = {finding.rule for finding in verdict.counting}
    rule_list = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": " ".join(rule.rationale.split())},
            "help": {"text": f"Source: {rule.source}"},
        }
        for rule in rules.ALL
        if rule.id in used
    ]
    results = [
        {
            "ruleId": finding.rule,
            "level": _SARIF_LEVELS[finding.severity],
            "message": {"text": _with_hint(finding)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {
                            "uri": quote(finding.where.file, errors="surrogateescape")
                        },
                        "region": {
                            "startLine": finding.where.line,
                            "startColumn": finding.where.column,
                        },
                    }
                }
            ],
        }
        for finding in verdict.counting
    ]
    run = {
        "tool": {"driver": {"name": "arpc", "version": __version__, "rules": rule_list}},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"today": today.isoformat(), "practice": practice},
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2) + "\n"


_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


def findings_github(verdict: Verdict, today: date, *, practice: bool) -> str:
    """Return what counts for the aim as workflow commands, which GitHub shows beside the lines."""
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
    lines = []
    for finding in verdict.counting:
        where = finding.where
        places = {"file": where.file, "line": where.line, "col": where.column}
        title = f"{finding.rule}{' (practice)' if practice else ''}"
        about = {**places, "title": title}
        properties = ",".join(f"{key}={_workflow(str(v), ',:')}" for key, v in about.items())
        text = _workflow(_with_hint(finding), "")
        lines.append(f"::{words[finding.severity]} {properties}::{text}\n")
    return "".join(lines)


def _workflow(text: str, more: str) -> str:
    """Text as a workflow command carries it."""
    return "".join(f"%{ord(c):02X}" if c in f"%\r\n{more}" else c for c in text)


def _with_hint(finding: Finding) -> str:
    return f"{finding.message}; {finding.hint}" if finding.hint else finding.message


FINDINGS = {"json": findings_json, "sarif": findings_sarif, "github": findings_github}
"""How findings are written for programs, by the name of the format."""


def due_json(items: Iterable[Item], today: date, *, practice: bool) -> str:
    """Return what is due as JSON; `practice` says that the people are invented."""
    rows = [_row(item) for item in items]
    head = {"format": FORMAT, "practice": practice, "today": today.isoformat()}
    return json.dumps({**head, "due": rows}, indent=2) + "\n"


def due_csv(items: Iterable[Item]) -> str:
    """Return what is due as CSV; no cell can be taken for a formula."""
    stream = io.StringIO()
    columns = (
        "by",
        "case",
        "lead",
        "what",
        "owner",
        "state",
        "opens",
        "closes",
        "from",
        "needs",
        "note",
        "was",
        "answered",
        "from_register",
        "clock",
        "kind",
        "provisional",
        "uid",
    )
    writer = csv.DictWriter(stream, columns, lineterminator="\r\n")
    writer.writeheader()
    for item in items:
        row = {**_row(item), "needs": "; ".join(item.due.needs)}
        writer.writerow({key: _plain_cell(str(row[key] or "")) for key in columns})
    return stream.getvalue()


def due_ics(items: Iterable[Item], marking: str, *, practice: bool, whose: str = "") -> str:
    """Return what is due as an iCalendar file of whole-day entries with lasting ids.

    A calendar program that subscribes to the file reads it again each day. The day on which an entry was
    made is the day from which it counts, so that the same question gives the same file.

    Args:
        items: What is due.
        marking: What stands at the head and foot of every page.
        practice: Whether the people are invented.
        whose: The staff code of whose calendar it is, where it is one person's.
    """
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//arpc//due//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = " ".join(filter(None, ("PRACTICE" if practice else "", "arpc", whose)))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(days=1), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for item in items:
        event = Event()
        digest = hashlib.sha256(item.uid.encode("utf-8")).hexdigest()[:32]
        event.add("uid", f"{digest}@arpc.invalid")
        event.add("dtstamp", datetime.combine(item.due.since, time(), UTC))
        event.add("dtstart", item.due.by)
        event.add("dtend", item.due.by + timedelta(days=1))
        event.add("summary", f"{'PRACTICE ' if practice else ''}{item.case}: {item.due.what}")
        event.add("description", _description(item))
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        event.add("categories", [marking, *(["PRACTICE"] if practice else [])])
        if item.due.opens:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", "arpc")
            alarm.add("trigger", timedelta(days=-28))
            event.add_component(alarm)
        calendar.add_component(event)
    text: str = calendar.to_ical(sorted=False).decode("utf-8")
    return text


def _row(item: Item) -> dict[str, Any]:
    due = item.due
    return {
        "by": due.by.isoformat(),
        "case": item.case,
        "lead": item.lead,
        "what": due.what,
        "owner": item.clock.owner,
        "state": item.state,
        "opens": due.opens.isoformat() if due.opens else None,
        "closes": due.closes.isoformat() if due.closes else None,
        "from": str(due.because),
        "needs": list(due.needs),
        "note": due.note,
        "was": item.was.isoformat() if item.was else None,
        "answered": "yes" if item.answered else "no",
        "from_register": "yes" if item.in_register_only else "no",
        "clock": item.clock.id,
        "kind": "hard" if item.clock.hard else "advisory",
        "provisional": "yes" if item.provisional else "no",
        "uid": item.uid,
    }


def _description(item: Item) -> str:
    lines = [f"Owner: {item.clock.owner}", f"From: {item.due.since}", f"Why: {item.clock.title}"]
    if item.due.opens and item.due.closes:
        lines.append(f"Window: {item.due.opens} to {item.due.closes}")
    return "\n".join([*lines, *filter(None, (item.due.note,)), *item.due.needs])


def _plain_cell(text: str) -> str:
    return (
        f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") else text
    )
