"""What `validate` was asked to look at: files, cases, whole folders."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arpc import kinds, loading, schema, service, surveying, yamldoc
from arpc.cli import many
from arpc.cli.workspace import Workspace, shown
from arpc.errors import ArpcError
from arpc.findings import Finding, Gate, Given, Location, Verdict, verdict
from arpc.loading import Loaded, case_around, is_case_folder, read_bytes
from arpc.service import Opened

if TYPE_CHECKING:
    from arpc.due import Item
    from arpc.records import Answered


def starting_point(paths: list[str]) -> Path | None:
    """The first path that is there: its service folder says how to check."""
    return next((Path(p) for p in paths if Path(p).exists()), None)


def validate(
    space: Workspace, paths: list[str], aim: Gate, *, whole: bool = True, cached: bool = True
) -> Verdict:
    """Check what was named, or where we stand: a case, or all cases of the service.

    Args:
        space: Where we stand.
        paths: What was named.
        aim: What is to be done next.
        whole: Whether to name what counts only later, too.
        cached: Whether a case that nobody changed is not read again.

    Raises:
        ArpcError: Something that was named is not there.
    """
    findings: list[Finding] = []
    answered: list[tuple[Finding, Given]] = []
    left_out: Counter[Gate] = Counter()
    cases = files = 0
    wanted = _Wanted(_targets(space, paths))
    if space.opened:
        findings += [*space.opened.findings, *_strictness(space.opened)]
        files += not paths
    for lone in wanted.lone:
        findings += _lone(lone)
        files += 1
    every = not paths and case_around(Path.cwd()) is None
    files_named = {str(lone) for lone in wanted.lone}
    findings += _links(
        [space.folder()] if every else [Path(p) for p in paths if p not in files_named]
    )
    for folder, (raw,) in many.surveyed(
        space, ("found",), wanted.folders, cached=cached, every=every
    ):
        here = wanted.files.get(folder.path) if wanted.files else None
        found = surveying.found(raw, folder, None if whole or here else aim)
        more: list[Finding] = []
        if here and aim is Gate.FINISH:
            from arpc import checking

            more = checking.check_to_finish(space.look(folder.path), space.today, space.service)
        findings += [f for f in (*found.findings, *more) if here is None or f.where.file in here]
        answered += [p for p in found.answered if here is None or p[0].where.file in here]
        left_out.update(found.left_out)
        files += found.files if here is None else len(here)
        cases += 1
    return verdict(findings, aim, cases=cases, files=files, answered=answered, left_out=left_out)


def _links(places: Iterable[Path]) -> Iterator[Finding]:
    """The links among the cases of service folders and of folders of cases: they are no cases."""
    hint = "put the folder itself here, in the place of the link, or take it away"
    message = "this is a link; expected a case folder"
    for place in filter(Path.is_dir, places):
        folder = place / "cases" if (place / service.FILE).is_file() else place
        if folder.is_dir() and case_around(folder) is None:
            for link in service.links(folder):
                yield Finding(Location(shown(link)), "not-a-plain-file", message, hint=hint)


def _strictness(opened: Opened) -> Iterator[Finding]:
    """What is wrong with the rules that a service holds to more strictly, where there are any."""
    if opened.doc and opened.doc.data.get("rules"):
        from arpc import (
            checking,  # it knows every rule, and nothing of them is asked where all is as it was
        )

        yield from checking.check_strictness(opened)


_Target = tuple[Path, bool]
"""A case folder or a file, and whether it is a case folder."""


class _Wanted:
    """What was named, sorted: whole cases, single files of cases, and files outside of any case."""

    def __init__(self, targets: Iterable[_Target]) -> None:
        self.lone: list[Path] = []
        self.files: dict[Path, list[str]] = {}
        """The files of each case of which only these were named."""
        whole: dict[str, Path] = {}
        cases: dict[Path, Path | None] = {}  # by the folder in which a file lies, as it was named
        for target, is_case in targets:
            if is_case:
                whole.setdefault(str(target.absolute()), target)
                continue
            named = target.parent
            if named not in cases:
                place = named.absolute()
                cases[named] = next((p for p in (place, place.parent) if is_case_folder(p)), None)
            case = cases[named]
            if case is not None and _is_part(target.absolute().relative_to(case).as_posix()):
                self.files.setdefault(case, []).append(shown(target))
            elif target.name != service.FILE:
                self.lone.append(target)
        self.files = {case: names for case, names in self.files.items() if str(case) not in whole}
        self.folders = [*whole.values(), *self.files]


class Reasons:
    """Why findings were answered, read where the reasons stand: nothing keeps them but the case."""

    def __init__(self) -> None:
        self._ledgers: dict[str, Any] = {}

    def of(self, given: Given) -> str:
        """The reason, in somebody's own words."""
        file = given.reason_at.file
        if file not in self._ledgers:
            doc = yamldoc.read(file, read_bytes(Path(file))).doc
            self._ledgers[file] = doc.data if doc else {}
        found = self._ledgers[file]
        for step in given.reason_at.pointer:
            found = found[step]
        return str(found).strip()


def missed(space: Workspace, paths: list[str]) -> "Iterator[tuple[Item, Answered]]":
    """The dates of what was named that passed with a reason, each with its reason, soonest first in a case."""
    from arpc import due

    for target, is_case in dict.fromkeys(_targets(space, paths)):
        folder = target if is_case else _case_of(target)
        if folder is None:
            continue
        loaded = space.look(folder)
        for item in due.what_is_due(space.as_of(loaded)):
            if item.answered and (target == folder or shown(target) == item.due.because.file):
                about = (item.clock.id, item.due.subject, item.answered)
                yield (
                    item,
                    next(a for a in loaded.file.answers if (a.rule, a.place, a.day) == about),
                )


def validate_staged(space: Workspace) -> tuple[Verdict, int]:
    """Check the cases that the next commit changes, as they will be in it.

    What was wrong in the last commit already does not stand in the way: somebody may be mending one
    of twelve broken files. Returns what the commit makes worse, and how much was wrong before.

    Raises:
        ArpcError: We are in no service folder that git keeps.
    """
    from arpc import gitrepo

    if space.root is None:
        raise ArpcError("no service folder here", "go to one, or make one with `arpc init`")
    changed = gitrepo.staged_files(space.root)
    cases = {n.split("/")[1] for n in changed if n.startswith("cases/") and n.count("/") > 1}
    findings: list[Finding] = []
    before = files = 0
    for case in sorted(cases):
        loaded, old = (_staged_case(space, case, place) for place in ("index", "tip"))
        files += loaded.files
        known = Counter(map(_sameness, _counting(space, old)))
        for finding in _counting(space, loaded):
            if known[_sameness(finding)] > 0:
                known[_sameness(finding)] -= 1
                before += 1
            else:
                findings.append(finding)
    return verdict(findings, Gate.NOW, cases=len(cases), files=files), before


def _staged_case(space: Workspace, case: str, place: str) -> Loaded:
    from arpc import gitrepo

    assert space.root is not None
    folder = f"cases/{case}"
    files = gitrepo.files_at(space.root, place, folder)
    return loading.load_from(case, sorted(loading.below(folder, files).items()), folder)


def _counting(space: Workspace, loaded: Loaded) -> list[Finding]:
    """What counts at once; nothing of a case that was not there."""
    if not loaded.files:
        return []
    from arpc import checking

    found = checking.check_case(loaded, space.today, space.service).findings
    return sorted({f for f in found if f.gate is Gate.NOW})


def _sameness(finding: Finding) -> tuple[str, str, str]:
    return (finding.where.file, finding.rule, finding.message)


def _targets(space: Workspace, paths: list[str]) -> Iterator[_Target]:
    """Everything that was named, or where we stand."""
    if not paths:
        around = case_around(Path.cwd())
        yield from _cases([around] if around else service.case_folders(space.folder()))
        return
    for text in paths:
        path = Path(text)
        if path.is_file():
            yield path, False
        elif (path / service.FILE).is_file():
            yield from _cases(service.case_folders(path))
        elif is_case_folder(path):
            yield path, True
        elif path.is_dir():
            yield from _below(path)
        elif path.suffix or "/" in text or "\\" in text:
            raise ArpcError("there is no such file or folder", f"not found: {text}")
        elif around := _record(text):
            yield around, False
        else:
            yield service.find_case(Path.cwd(), text), True


def _cases(folders: Iterable[Path]) -> Iterable[_Target]:
    return ((folder, True) for folder in folders)


def _record(text: str) -> Path | None:
    """The file of a record of the case in which we stand, where a word names one."""
    around = case_around(Path.cwd())
    if around is None:
        return None
    from arpc import editing

    try:
        path = editing.record_path(around, text)
    except ArpcError:
        return None
    return path if path.is_file() else None


def _below(path: Path) -> Iterable[_Target]:
    """The cases in a folder of cases, or the records in a folder of a case."""
    folders = [p for p in sorted(path.iterdir()) if is_case_folder(p) and not p.is_symlink()]
    if folders:
        return _cases(folders)
    if is_case_folder(path.absolute().parent):
        return [(p, False) for p in sorted(path.iterdir()) if p.suffix == ".yaml"]
    raise ArpcError("there are no records in this folder", f"looked in: {path}")


def _is_part(name: str) -> bool:
    """Whether a path below a case folder is one of a record or a ledger."""
    return (kinds.kind_of_file(name) or kinds.ledger_of_file(name)) is not None


def _case_of(path: Path) -> Path | None:
    """The case of which a file is a record or a ledger."""
    wanted = _Wanted([(path, False)])
    return next(iter(wanted.files), None)


def _lone(path: Path) -> list[Finding]:
    """A file outside of any case: its schema is all that can be checked."""
    reading = yamldoc.read(shown(path), read_bytes(path))
    findings = list(reading.findings)
    if reading.doc:
        name = next((key for key in reading.doc.data if key in kinds.NAMES), None)
        if name is None:
            hint = f"begin with one of {', '.join(kinds.NAMES)}, e.g. `session: arpc/1`"
            where = Location(shown(path))
            findings.append(Finding(where, "wrong-kind-of-record", "this is no record", hint=hint))
        else:
            findings += schema.check(reading.doc, kinds.kind(name))
    return findings
