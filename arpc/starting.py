"""Starting: a service folder, a practice folder, a case."""

import json
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from arpc import (
    drafting,
    gitrepo,
    kinds,
    placing,
    plainfiles,
    practising,
    resources,
    schema,
    service,
    writer,
    yamldoc,
    yamltext,
)
from arpc.errors import ArpcError
from arpc.ids import new_case_id
from arpc.loading import ENDINGS
from arpc.sealing import here
from arpc.yamldoc import MAX_BYTES

_IGNORED = (
    "# Drafts of reports, locks, what `arpc undo` needs, and what a crash or an editor may leave behind\n"
    + "".join(f"{line}\n" for line in placing.IGNORED)
)
_ATTRIBUTES = """\
# One form of every text on every computer; nothing else is changed on the way
* text=auto eol=lf
# Lists to which two people add apart: what both added is kept
cases/*/finished.yaml merge=union
cases/*/confirmations.yaml merge=union
cases/*/answers.yaml merge=union
# What is attached or issued stays as it is to the last byte, text too
"""
_SIGNED = "# What is signed is signed to the byte, and is text all the same\naccess/** -text diff\n"
_BYTE_FOR_BYTE = (*(f"*.{ending}" for ending in ENDINGS), "cases/*/reports/*.md")


class NewCase(NamedTuple):
    """What is known when a case is started."""

    nation: str
    authority: str
    received: date
    lead: str
    man: str
    children: Sequence[str]
    carers: Sequence[str]
    referral: Path | None = None
    """A file with the referral's fields, where there is one."""


def init(
    folder: Path,
    *,
    name: str,
    nation: str,
    marking: str,
    staff: Sequence[str],
    sealing: service.Sealing | None = None,
) -> list[str]:
    """Make a service folder; return what was made.

    Args:
        folder: Where; it may exist, but not hold a service file.
        name: The service's name.
        nation: england, wales, scotland or northern_ireland.
        marking: What stands at the head and foot of every page.
        staff: Entries of the form `LK,Leila Kassar,Practitioner,leila@example.org`.
        sealing: Where the keys of a sealed service are; None for one that is kept plain.

    Raises:
        ArpcError: There is a service file already, or a value does not fit.
    """
    refuse_existing(folder)
    text = _service_text(name, nation, marking, staff, sealing)
    schema.sound(service.FILE, text, kinds.kind("service"))
    writer.create(folder / service.FILE, text)
    return ["service.yaml", *_surround(folder, is_plain=sealing is None)]


def refuse_existing(folder: Path) -> None:
    """See to it that a folder is no service folder, before anybody is asked about a new one.

    Raises:
        ArpcError: It is one.
    """
    if (folder / service.FILE).exists():
        raise ArpcError(
            "there is a service folder here already", "`arpc new-case` starts a case in it"
        )


def demo(folder: Path) -> list[str]:
    """Make a practice folder of the shipped examples.

    Raises:
        ArpcError: The folder exists and is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ArpcError("the folder is not empty", "name a folder that does not exist yet")
    practising.copy(folder)
    made = _surround(folder, is_plain=True)
    if "git repository" in made:
        gitrepo.invent(folder, practising.history(folder), practising.WHO)
    return ["service.yaml", "cases/", *made]


def new_case(
    root: Path, new: NewCase, before: Callable[[str], None] = lambda _: None
) -> tuple[Path, list[str]]:
    """Make a case folder with commented drafts; return it and the records in it.

    Args:
        root: The service folder.
        new: What is known of the case.
        before: What has to be done, with the case's id, before anything is written.

    Raises:
        ArpcError: A value or the referral file does not fit; then nothing was written.
    """
    taken = {path.name for path in service.case_folders(root)}
    case_id = new_case_id(secrets.choice)
    while case_id in taken:
        case_id = new_case_id(secrets.choice)
    texts = dict(_records(case_id, new))
    before(case_id)
    folder = root / "cases" / case_id
    writer.create_folder(folder, texts)
    return folder, list(texts)


def _records(case_id: str, new: NewCase) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each record that a case starts with."""

    def draft(name: str, record_id: str, values: drafting.Values) -> str:
        kind = kinds.kind(name)
        head = drafting.header(kind, record_id, case_id, new.received, new.lead)
        text = drafting.draft(kind, {**head, **values})
        schema.sound(name, text, kind)
        return text

    known = {"nation": new.nation, "authority": new.authority, "lead": new.lead}
    yield "case.yaml", draft("case", case_id, {k: v for k, v in known.items() if v})
    if new.referral:
        yield "referral.yaml", _referral_from(new.referral, case_id, new)
    else:
        yield "referral.yaml", draft("referral", "Q-01", {})
    people: list[tuple[str, drafting.Values]] = [
        (new.man, {"roles": ["man"]}),
        *((name, {"roles": ["child"], "in_scope": "yes"}) for name in new.children),
        *((name, {"roles": ["protective_carer"]}) for name in new.carers),
    ]
    for number, (name, values) in enumerate(people, 1):
        record_id = f"P-{number:02d}"
        named = {"name": name, **values} if name else values
        yield f"people/{record_id}.yaml", draft("person", record_id, named)


def _referral_from(path: Path, case_id: str, new: NewCase) -> str:
    """The referral's text under a new header, with whatever header it had taken off."""
    try:
        reading = yamldoc.read(path.name, plainfiles.read(path, MAX_BYTES, may_be_link=True))
    except OSError:
        raise ArpcError("the referral file cannot be read", "check its name") from None
    kind = kinds.kind("referral")
    if reading.doc is None:
        first = reading.findings[0]
        raise ArpcError(f"{first.where}: {first.message}", first.hint)
    head = drafting.header(kind, "Q-01", case_id, new.received, new.lead)
    lines = reading.doc.text.splitlines(keepends=True)
    for key in head:
        if key in reading.doc.places:
            lines[reading.doc.places[key].line] = ""
    body = "".join(lines).lstrip("\n")
    text = "".join(f"{key}: {value}\n" for key, value in head.items()) + "\n" + body
    doc = schema.sound(path.name, text, kind)
    return yamltext.number_entries(doc, kind.numbered)[0]


def _service_text(
    name: str,
    nation: str,
    marking: str,
    staff: Sequence[str],
    sealing: service.Sealing | None,
) -> str:
    lines = [
        "service: arpc/1",
        f"name: {yamltext.scalar(name)}",
        f"nation: {nation}",
        f"marking: {yamltext.scalar(marking)}",
        "",
        "staff:                          # everybody who writes or approves records",
    ]
    for entry in staff:
        lines += staff_lines(entry)
    if sealing:
        lines += ["", "sealing:", f"  store: {yamltext.scalar(sealing.store)}"]
        days = sealing.backup_days
        lines += [f"  backup_days: {days}" if days is not None else "  # backup_days: 35"]
    lines += [
        "",
        "# policy:                       # lengths the service sets itself: `arpc explain service`",
        "#   supervision_weeks: 4",
        "# closing_days: [2026-12-24]    # besides bank holidays",
    ]
    return "\n".join(lines) + "\n"


def staff_lines(entry: str) -> list[str]:
    """Return the lines of a service file for one member of staff, written `LK,Name,Role,E-mail`.

    Raises:
        ArpcError: It is not written like that.
    """
    parts = [part.strip() for part in entry.split(",")]
    keys = ("code", "name", "role", "email")
    if len(parts) > len(keys) or not re.fullmatch("[A-Z]{2,4}[0-9]?", parts[0]):
        hint = "write it as LK,Leila Kassar,Practitioner,leila@example.org"
        raise ArpcError("a member of staff is not written as expected", hint)
    return [
        f"  {'-' if number == 0 else ' '} {key}: {yamltext.scalar(part)}"
        for number, (key, part) in enumerate(zip(keys, parts, strict=False))
    ]


def _surround(folder: Path, *, is_plain: bool) -> list[str]:
    """Ignore rules, editor settings and, where there is git, a repository; keeps what is there."""
    schemas = {
        f".arpc/schemas/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted(resources.folder("schemas").glob("*.json"))
    }
    files = {
        ".gitignore": _IGNORED,
        ".gitattributes": "".join(
            [_ATTRIBUTES, *(f"{name} binary\n" for name in _BYTE_FOR_BYTE), _SIGNED]
        ),
        ".vscode/settings.json": _editor_settings(),
        **schemas,
    }
    made = []
    for name, text in files.items():
        if not (folder / name).exists():
            writer.create(folder / name, text)
            made += [] if name in schemas else [name]
    if gitrepo.is_available() and not gitrepo.is_repository(folder):
        gitrepo.start(folder)
        made.append("git repository")
        if is_plain:
            here.keep_plain(folder / ".git")
    return made


def _editor_settings() -> str:
    """Settings by which editors with a YAML language server complete and explain, offline."""
    globs = {
        f"./.arpc/schemas/{k.name}.schema.json": f"cases/*/{k.files}" for k in kinds.all_kinds()
    }
    globs["./.arpc/schemas/service.schema.json"] = service.FILE
    settings = {
        "yaml.schemas": globs,
        "yaml.schemaStore.enable": False,
        "yaml.yamlVersion": "1.2",
        "files.eol": "\n",
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2, "editor.wordWrap": "on"},
    }
    return json.dumps(settings, indent=2) + "\n"
