"""What the shipped examples show of a rule, a clock, a kind, a field or an audience, for `arpc explain`.

`examples/` holds the practice folder, for each rule the smallest case that breaks it and the nearest
that keeps it, and for each clock small cases, each on a day of its own. A passage is lines: what is
quoted is indented, what is said of it is not. Where nothing shipped has a field, the examples of its
parts in the schema make one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from arpc import drafting, due, loading, provisions, resources, service, yamldoc
from arpc.audiences import Audience
from arpc.findings import Finding, Location, Pointer
from arpc.kinds import LEDGERS, NAMES, Field, Kind
from arpc.provisions import AsOf, Clock, Rule

Files = Mapping[str, list[str]]
"""The lines of each file of a case."""

_MOST = 25  # lines of a record that are shown whole
_EACH = 10  # lines shown of one place, at most
_PARTS = 5  # parts of a field that are made up, at most
_KEY = re.compile(r" *(- |[\w-]+:( |$)|\.\.\.$|\()")
_HEADER = re.compile(rf"({'|'.join(NAMES)}|id|case|author|status): ")
_COPIES = {
    "referrer": "assessment-DRAFT",
    "conference": "assessment-conference-DRAFT",
    "court": "assessment-court-DRAFT",
    "man": "assessment-P-01-DRAFT",
    "carer": "assessment-P-02-DRAFT",
    "child": "letter-P-03-DRAFT",
    "police": "extract-police-DRAFT",
    "supervisor": "review-supervisor",
}
"""What the copy for each audience is called in the practice folder's first case."""


def of_rule(rule: Rule) -> Iterator[str]:
    """Yield what the rule says of the case that breaks it, and how the one that keeps it differs."""
    there = resources.folder("examples") / "rules" / rule.id
    breaks, keeps = _case(there / "breaks"), _case(there / "keeps")
    found = _found(rule, breaks)
    first = found[0].where.file
    yield from _said(found)
    broken, kept = _difference(_files(breaks), _files(keeps))
    if first not in broken:
        broken = {**_at(_files(breaks)[first], found[0].where), **broken}
    yield from _where("where", broken, first)
    yield from _where("and not where", kept, first)


def of_clock(clock: Clock) -> Iterator[str]:
    """Yield what falls due in the simplest case of the clock, and from where it counts."""
    there = resources.folder("examples") / "clocks" / clock.id
    told = [_due(clock, folder) for folder in sorted(there.iterdir(), key=_size)]
    # Best is one that nobody has answered, counted from a day that stands in the lines shown.
    best = next((lines for lines, is_plain in told if is_plain), None)
    yield from best or next(lines for lines, _ in told if lines)


def _due(clock: Clock, folder: Path) -> tuple[list[str], bool]:
    """What a clock says in one of its cases, and whether that shows at a glance how it counts."""
    today = date.fromisoformat((folder / "today.txt").read_text("utf-8").strip())
    case = _case(folder)
    view = AsOf(loading.load(case, "").file, today, service.open_service(folder).service)
    items = due.what_is_due(view, [clock])
    if not items:
        return [], False
    since, place = items[0].due.since, items[0].due.because
    lines = [f"For example, on {today:%a} {today} it says"]
    for item in items[:3]:
        lines.append(f"  {item.due.by:%a} {item.due.by}  {item.due.what} ({item.state})")
        lines += [f"    {more}" for more in (item.due.note, *item.due.needs) if more]
    lines.append(f"counted from {since:%a} {since}, because {place.file} has")
    shown = _at(_files(case)[place.file], place)[place.file]
    is_plain = any(str(since) in line for line in shown) and not items[0].answered
    return [*lines, *_quoted(shown)], is_plain


def of_kind(kind: Kind) -> Iterator[str]:
    """Yield the shortest record of a kind that the practice folder holds."""
    texts = {path: path.read_text("utf-8").splitlines() for path in _practised(kind)}
    if not texts:
        yield "For example"
        yield from _quoted(_made_up(kind, ()))
        return
    path = min(texts, key=lambda path: (len(texts[path]), path))
    yield f"For example, {_shown(path)}"
    most = _EACH if kind.name in LEDGERS else _MOST
    yield from _quoted(_cut(texts[path], most, most * 4 // 5))


def of_field(kind: Kind, field: Field) -> Iterator[str]:
    """Yield how a field is written in the practice folder: once, or twice where it is but a line."""
    found: list[tuple[str, list[str]]] = []
    for path, doc, pointer in _written(kind, field):
        lines = doc.text.splitlines()
        start = doc.locate(pointer).line - 1
        passage = _cut(_excerpt(lines, _extent(lines, start)), _EACH)
        if passage[-1] in (shown[-1] for _, shown in found):
            continue
        found.append((f"{_shown(path)}:{start + 1}", passage))
        if len(found) == 2 or len(_extent(lines, start)) > 1:
            break
    if not found:
        yield "For example"
        yield from _quoted(_within(field.path[:-1], [*_made_up(kind, field.path)]))
    for number, (place, passage) in enumerate(found):
        yield f"{'and' if number else 'For example,'} {place}"
        yield from _quoted(passage)


def of_audience(audience: Audience) -> Iterator[str]:
    """Yield the command that makes such a copy in the practice folder, and what it writes."""
    if audience.name == "court":
        yield "For example, where case.yaml has"
        yield from ("  court:", "    ordered: yes", "the command")
    else:
        yield "For example, in the practice folder,"
    several = " --for P-03" if audience.name == "child" else ""
    yield f"  arpc render-report C-FK --audience {audience.name}{several}"
    yield "writes"
    name = f"cases/C-FK6SY95T/out/C-FK6SY95T-{_COPIES[audience.name]}"
    yield from (f"  {name}.md", f"  {name}.pdf")


def _excerpt(lines: Sequence[str], wanted: Iterable[int]) -> list[str]:
    """Return lines of a file below those that enclose them; "..." is what is left out between."""
    shown = set(wanted)
    for index in list(shown):
        while (outer := _encloses(lines, index)) is not None:
            shown.add(outer)
            index = outer
    passage: list[str] = []
    after = min(shown)
    for index in sorted(index for index in shown if _says(lines[index])):
        between = [line for line in lines[after:index] if _says(line)]
        passage += between if len(between) < 2 else [f"{_indent(lines[index]) * ' '}..."]
        passage.append(lines[index])
        after = index + 1
    return passage


def _encloses(lines: Sequence[str], index: int) -> int | None:
    """The line with the key, or the entry of a list, in which a line stands."""
    inner = _indent(lines[index])
    for outer in range(index - 1, -1, -1):
        line = lines[outer]
        if _says(line) and _indent(line) < inner:
            return outer
    return None


def _says(line: str) -> bool:
    """Whether anything but a remark stands on a line."""
    return bool(line.strip()) and not line.lstrip().startswith("# ")


def _extent(lines: Sequence[str], start: int) -> list[int]:
    """The lines of the value whose key stands at `start`."""
    inner = len(lines[start]) - len(lines[start].lstrip(" -"))
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > inner):
        end += 1
    return [index for index in range(start, end) if lines[index].strip()]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _found(rule: Rule, case: Path) -> list[Finding]:
    """What a rule finds in a case on the practice folder's day."""
    today = service.open_service(resources.folder("examples")).service.practice_today
    assert today
    ours = service.open_service(case.parent).service
    return sorted(provisions.run_rules([rule], AsOf(loading.load(case, "").file, today, ours)))


def _said(found: Sequence[Finding]) -> Iterator[str]:
    file = message = hint = ""
    for finding in found:
        if hint and finding.hint != hint:
            yield f"  hint: {hint}"
        if finding.where.file != file:
            yield f"{'and' if file else 'For example,'} of {finding.where.file} it says"
            message = ""
        if finding.message != message:
            yield f"  {finding.message}"
        file, message, hint = finding.where.file, finding.message, finding.hint
    if hint:
        yield f"  hint: {hint}"


def _at(lines: Sequence[str], where: Location) -> Files:
    """What a file has at a place, unless that is but its header."""
    start = where.line - 1
    opens = lines[start].endswith((":", "|"))
    passage = _excerpt(lines, _extent(lines, start) if opens else [start])
    return {} if _HEADER.match(passage[0]) else {where.file: _cut(passage)}


def _difference(broken: Files, kept: Files) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What each of two cases has, by file, where they differ; nothing where it has no such file."""
    here: dict[str, list[str]] = {}
    there: dict[str, list[str]] = {}
    for name in sorted({*broken, *kept}):
        old, new = broken.get(name), kept.get(name)
        if old is None or new is None:
            stem = name.rpartition("/")[2].removesuffix(".yaml")
            here[name], there[name] = _main(old or [], stem), _main(new or [], stem)
        elif old != new:
            here[name], there[name] = map(_cut, _changed(old, new))
    return here, there


def _changed(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """The lines in which two files differ; what has only come or gone, with the line before it."""
    ours: set[int] = set()
    theirs: set[int] = set()
    for tag, i, to_i, j, to_j in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if i == to_i or j == to_j:
            i, j = max(i - 1, 0), max(j - 1, 0)
        ours.update(range(i, to_i))
        theirs.update(range(j, to_j))
    return _excerpt(old, ours), _excerpt(new, theirs)


def _where(word: str, files: Mapping[str, list[str]], subject: str) -> Iterator[str]:
    for name, lines in files.items():
        if lines:
            yield f"{word} {'it' if name == subject else name} has"
            yield from _quoted(lines)
        else:
            yield f"{word} there is no {name}"
        word = "and"


def _main(lines: Sequence[str], stem: str) -> list[str]:
    """The first lines of a record but for its header; its id where that is not the file's name."""
    wanted = [line for line in lines if _says(line) and not _HEADER.match(line)]
    odd = [line for line in lines if line.startswith("id: ") and line != f"id: {stem}"]
    return _cut([*odd, *wanted], 5)


def _cut(lines: Sequence[str], most: int = _EACH, least: int = 0) -> list[str]:
    """The first lines, and how many more there are."""
    if len(lines) <= most + 1:
        return list(lines)
    least = least or most - 1
    return [*lines[:least], f"({len(lines) - least} more lines)"]


def _quoted(lines: Iterable[str]) -> Iterator[str]:
    """Lines as they are quoted, with the prose of a block in one, to be broken as the screen asks."""
    before = ""
    for line in map(_without_digests, lines):
        is_prose = bool(line.strip()) and not _KEY.match(line)
        if is_prose and before and _indent(line) == _indent(before):
            before = f"{before} {line.strip()}"
            continue
        if before:
            yield f"  {before}"
        before = line if is_prose else ""
        if not is_prose:
            yield f"  {line}".rstrip()
    if before:
        yield f"  {before}"


def _without_digests(line: str) -> str:
    line = re.sub(r"(sha256:[0-9a-f]{8})[0-9a-f]+", r"\1...", line)
    return re.sub(r"fields: \[.*?\]", "fields: [...]", line)


def _case(folder: Path) -> Path:
    """The one case folder in a folder."""
    return next(path for path in sorted(folder.iterdir()) if loading.is_case_folder(path))


def _files(case: Path) -> Files:
    """The lines of each file of a case, and of the service file beside it."""
    beside = case.parent / service.FILE
    names = {name: case / name for name, _ in loading.files_in(case)}
    if beside.is_file():
        names[service.FILE] = beside
    return {n: path.read_text("utf-8", errors="replace").splitlines() for n, path in names.items()}


def _size(folder: Path) -> tuple[int, str]:
    return sum(map(len, _files(_case(folder)).values())), folder.name


def _practised(kind: Kind) -> Iterator[Path]:
    """The practice folder's files of a kind."""
    there = resources.folder("examples")
    cases = [*service.case_folders(there)] if kind.name in (*NAMES, *LEDGERS) else [there]
    for case in cases:
        yield from sorted(case.glob(kind.files))


def _shown(path: Path) -> str:
    return path.relative_to(resources.folder("examples")).as_posix()


def _written(kind: Kind, field: Field) -> Iterator[tuple[Path, yamldoc.YamlDoc, Pointer]]:
    for path in _practised(kind):
        doc = yamldoc.read(path.name, path.read_bytes()).doc
        for pointer in _pointers(doc.data, field.path) if doc else ():
            yield path, doc, pointer  # type: ignore[misc]


def _pointers(data: Any, path: Sequence[str]) -> Iterator[Pointer]:
    """Where a field is written in a record."""
    if not path:
        yield ()
        return
    step, *rest = path
    found = enumerate(data) if step == "*" else [(step, data.get(step))]
    for key, value in found:
        if value not in (None, [], ""):
            yield from ((key, *more) for more in _pointers(value, rest))


def _within(outer: Sequence[str], lines: list[str]) -> list[str]:
    """Lines below the keys that enclose them."""
    if not outer:
        return lines
    *further, step = outer
    if step == "*":
        *further, step = further
        lines = [f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines)]
    return _within(further, [f"{step}:", *(f"  {line}" for line in lines)])


def _made_up(kind: Kind, path: tuple[str, ...]) -> Iterator[str]:
    """A field as the schema's own examples have it; of one with parts, its first parts."""
    field = kind.fields.get(path)
    if field is not None and not field.has_parts:
        text = str(field.example).rstrip()
        if field.is_block:
            yield f"{path[-1]}: |"
            yield from _quoted(text.splitlines())
        else:
            yield f"{path[-1]}: {drafting.written(field, field.example)}"
        return
    if field is not None:
        yield f"{path[-1]}:"
    is_list = field is not None and "items" in field.schema
    inside = (*path, "*") if is_list else path
    begin = "  - " if is_list else "  " if field else ""
    parts = [p for p, f in kind.fields.items() if p[:-1] == inside and not f.is_rare]
    lines = [line for part in parts[:_PARTS] for line in _made_up(kind, part)]
    for number, line in enumerate(lines):
        yield f"{' ' * len(begin) if number else begin}{line}"
