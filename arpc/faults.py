"""What may be wrong with a file whatever is written in it: why that matters, and an example of each.

An example is a passage as somebody might write it, and the same put right. What is said of it is what
the reader says when it reads it below the header of such a file.
"""

import errno
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import checking, drafting, kinds, loading, provisions, rules, schema, service, yamldoc
from arpc.findings import Finding
from arpc.provisions import AsOf
from arpc.service import Service

_ENGINE = {
    "not-checked": "A rule needs a record that could not be relied on, so nothing is said either way; `validate --format json` names every such rule."
}
REASONS = {**yamldoc.REFUSALS, **schema.RULES, **loading.RULES, **checking.RULES, **_ENGINE}
"""Why each counts, by its name."""

_CASE = "C-7K3Q9X2F"
_DAY = date(2026, 3, 4)
_SESSION = "sessions/N-007.yaml"
_KEPT_BACK = PermissionError(errno.EACCES, "Permission denied")


class Example(NamedTuple):
    """A file that has a fault."""

    wrong: str | None
    """What has it, below the header; None is a link to elsewhere, or what cannot be read."""
    right: str = ""
    """The same put right; "" where that would show nothing."""
    file: str = _SESSION
    told: str = ""
    """What is said in the place of what is too long to be shown, or is not written in the file."""
    is_whole: bool = False
    """Whether it is all of the file, without a header."""


EXAMPLES = {
    "file-too-large": Example(
        "note: |\n" + "  word\n" * 160_000,
        told="it holds more than 1 MiB, such as a long letter that was pasted into its note",
    ),
    "not-utf-8": Example("where: caf\udce9", "where: caf\u00e9"),
    "control-character": Example("where: school\x1b[2J", "where: school"),
    "tab": Example("with:\tchild", "with: child"),
    "git-conflict": Example(
        "<<<<<<< HEAD\nwhere: school\n=======\nwhere: home\n>>>>>>> theirs", "where: school"
    ),
    "empty-file": Example("# to be written", is_whole=True),
    "yaml-syntax": Example("where: school: quiet room", 'where: "school: quiet room"'),
    "duplicate-key": Example("where: school\nwhere: home", "where: school, then home"),
    "key-not-text": Example("yes: school", "where: school"),
    "anchor": Example("where: *unknown", 'where: "*unknown"'),
    "tag": Example("where: !important school", 'where: "!important school"'),
    "directive": Example("%YAML 1.1\n---\nsession: arpc/1", "session: arpc/1", is_whole=True),
    "second-document": Example("where: school\n---\nsession: arpc/1", "where: school"),
    "too-deep": Example(f"with: {'[' * 25}child{']' * 25}", "with: child"),
    "too-many-parts": Example(
        "who:\n" + "- P-03\n" * yamldoc.MAX_NODES,
        told="it has more than 40,000 parts, such as a list of as many names",
    ),
    "doubtful-value": Example("where: 12:30", 'where: "12:30"'),
    "unknown-key": Example("wiht: child", "with: child"),
    "missing-key": Example(
        f"session: arpc/1\nid: N-007\ncase: {_CASE}\ndate: {_DAY}\nstatus: draft",
        "author: LK",
        is_whole=True,
    ),
    "wrong-type": Example("who: P-03", "who: [P-03]"),
    "not-a-permitted-word": Example("with: chidl", "with: child"),
    "not-a-date": Example("date: 2026-02-30", "date: 2026-02-28"),
    "wrong-form": Example("time: 10.00-11.30", "time: 10:00-11:30"),
    "out-of-range": Example("pages: 0", "pages: 1", "documents/D-001.yaml"),
    "given-twice": Example("who: [P-03, P-03]", "who: [P-03]"),
    "too-long": Example(
        "words:\n  loaded:\n    - he is said to be a danger to every child whom he meets, and has never once denied it",
        "words:\n  loaded:\n    - he is said to be a danger",
        service.FILE,
    ),
    "nothing-in-it": Example("statements:\n  - {}", "statements:\n  - said: He plays with us."),
    "more-faults": Example(
        "\n".join(f"line_{number}: x" for number in range(schema.MAX_FAULTS + 1)),
        told="it has more than 100 faults, such as a text whose every line was taken for a key",
    ),
    "no-case-record": Example(
        "", file="people/P-03.yaml", told="the folder holds people/P-03.yaml, and no case.yaml"
    ),
    "file-of-no-kind": Example(
        "", file="meetings/N-007.yaml", told="it lies in a folder that is of no kind of record"
    ),
    "wrong-kind-of-record": Example("person: arpc/1", "session: arpc/1", is_whole=True),
    "locked": Example(
        "arpc-sealed: 1", is_whole=True, told="nobody has unlocked the case on this computer"
    ),
    "signed-in-part": Example(
        "arpc-signoff: 1",
        file="signed/N-007.practitioner.1.txt",
        told="there is no signed/N-007.practitioner.1.txt.sig beside it",
        is_whole=True,
    ),
    "not-a-plain-file": Example(None, told="it is a link to another file"),
    "not-readable": Example(None, told="it belongs to somebody who lets nobody else read it"),
    "no-such-rule": Example(
        "rules:\n  - rule: child-not-sean\n    gate: now",
        "rules:\n  - rule: child-not-seen\n    gate: now",
        service.FILE,
    ),
    "looser-than-arpc": Example(
        "rules:\n  - rule: child-not-seen\n    severity: advice",
        "rules:\n  - rule: child-not-seen\n    gate: now",
        service.FILE,
    ),
    "not-checked": Example('note: "He came early.', 'note: "He came early."'),
}


def example(name: str) -> Iterator[str]:
    """Yield what is said of a file that has a fault, what it has, and what it should have."""
    shown = EXAMPLES[name]
    finding = next(found(name, shown.wrong))
    yield f"For example, of {finding.where.file} it says"
    yield f"  {finding.message}"
    if finding.hint and name not in _ENGINE:  # a long list, for programs
        yield f"  hint: {finding.hint}"
    if shown.told:
        yield f"where {shown.told}"
        return
    yield "where it has"
    yield from _quoted(shown.wrong or "")
    if shown.right:
        yield "and not where it has"
        yield from _quoted(shown.right)


def found(name: str, text: str | None) -> Iterator[Finding]:
    """Yield what is found of one sort in the file of its example, with `text` in it."""
    shown = EXAMPLES[name]
    whole = shown.is_whole and text == shown.wrong
    raw = None if text is None else _file(shown.file, text, whole)
    findings: Iterable[Finding]
    if shown.file == service.FILE:
        opened = service.open_from(Path(), raw or b"", None)
        findings = [*opened.findings, *checking.check_strictness(opened)]
    else:
        unread = _KEPT_BACK if name == "not-readable" else None
        loaded = loading.load_from(_CASE, [(shown.file, unread if raw is None else raw)], "")
        findings = loaded.findings
        if name in _ENGINE:
            findings = provisions.run_rules(rules.ALL, AsOf(loaded.file, _DAY, Service()))
    yield from (finding for finding in findings if finding.rule == name)


def _file(name: str, text: str, whole: bool) -> bytes:
    """A file with a text below as much of the header as the text does not give itself."""
    kind = kinds.kind_of_file(name)
    header = {"service": "arpc/1"}
    if kind:
        header = drafting.header(kind, kind.id_in(name), _CASE, _DAY, "LK")
    given = {line.partition(":")[0] for line in text.splitlines()}
    head = "".join(f"{key}: {value}\n" for key, value in header.items() if key not in given)
    return f"{'' if whole else head}{text}\n".encode("utf-8", "surrogateescape")


def _quoted(text: str) -> Iterator[str]:
    """A text line by line, and what is not UTF-8 in it byte by byte."""
    seen = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    yield from (f"  {line}" for line in seen.split("\n"))
