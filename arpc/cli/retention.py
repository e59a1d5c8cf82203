"""`retention` and `shred`: how long a closed case is kept, and its end."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.keys import Key, PassphraseFile
from arpc.cli.options import As, Today

if TYPE_CHECKING:
    from arpc.cli.workspace import Workspace
    from arpc.retention import Review
    from arpc.sealed import Seat

_CLOCK = "retention-to-review"


def retention(today: Today = "") -> None:
    """Show how long closed cases are kept, and what is due for review.

    By the service's classes of retention, each with years, from when, and whose schedule says so; the longest of
    what applies counts. Nothing is ever destroyed of itself.

    Examples:
        arpc retention
    """
    from arpc import retention as keeping
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    out = printer.out()
    found = [keeping.review(space.as_of(space.load(each))) for each in space.cases()]
    rows = [_row(each, space.today) for each in sorted(filter(None, found), key=_soonest)]
    rows += _from_register(space)
    if rows:
        out.table(["case", "kept as", "review", "state", "by"], rows)
    else:
        out.line("no case is closed")
    for each in space.service.holds:
        out.line(f"held: {', '.join(each.cases) or 'every case'}: {each.why}")
    for case in keeping.shredded(space.folder()):
        out.line(f"{case}: shredded; `arpc shred {case}` says how far it has come")


def shred(
    wanted: Annotated[str, typer.Argument(metavar="CASE", help="The case.", show_default=False)],
    confirm: Annotated[
        str,
        typer.Option(
            "--confirm", metavar="CASE", help="The whole id, where nobody can be asked for it."
        ),
    ] = "",
    key: Key = "",
    passphrase_file: PassphraseFile = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Bring a case to its end: destroy its keys.

    Its review has to have passed, and nothing may hold it. The first who says it orders it; the second, another
    person, agrees, and from then on nobody can read what git has of the case. Everybody else says it once more on
    each computer of theirs, which clears that and answers. The certificate says what is still wanted.

    Writes: signed entries under `access/`, and the certificate; removes the case and its keys.

    Undone: not at all, once the second person has agreed.

    Examples:
        arpc shred C-HB --as LK
    """
    from arpc import loading, shredding
    from arpc.cli import keys, many, printer, workspace
    from arpc.errors import ArpcError

    space = workspace.open_here(today)
    at = keys.seat(space)
    case = keys.case(space, wanted)
    found = at.access_to(case)
    by = keys.signing(space, me, key, passphrase_file)
    out = printer.out()
    if found.agreed:
        cleared = shredding.destroy(at, case)
        many.forget(space, [case])
        answered = shredding.answer(at, case, by)
        if cleared:
            out.line(f"{case} is gone from this computer")
        _certify(space, at, case, by.by)
        if cleared or answered:
            keys.keep(space, by, f"{case}: shredded, answered", *_folders(case))
        return
    if found.shred is None:
        shredding.order(at, space.as_of(space.load(space.case(case))), by)
        keys.keep(space, by, f"{case}: to be shredded", f"access/{case}")
        out.line(f"{by.by} orders that {case} be shredded: {_reason(at, case)}")
        out.line(f"next: somebody else says `arpc shred {case}`; nothing is destroyed until then")
        return
    if found.shred.by == by.by:
        hint = "nothing is destroyed until then"
        raise ArpcError(f"{by.by} has ordered it; somebody else has to agree", hint)
    out.line(f"{found.shred.by} ordered it on {found.shred.time:%Y-%m-%d}: {_reason(at, case)}")
    _agreed_to(case, confirm)
    folder = space.folder() / "cases" / case
    readable = folder.is_dir() and not loading.is_locked(folder)
    as_of = space.as_of(space.load(folder)) if readable else None
    shredding.agree(at, case, space.service, by, as_of)
    many.forget(space, [case])
    shredding.answer(at, case, by)
    _certify(space, at, case, by.by)
    keys.keep(space, by, f"{case}: shredded", *_folders(case))
    out.line(f"the keys of {case} are destroyed; `arpc save` hands it on")


def _agreed_to(case: str, confirm: str) -> None:
    """See to it that somebody means it."""
    from arpc.cli import printer, workspace
    from arpc.errors import ArpcError

    if not confirm and workspace.is_interactive():
        printer.err().line("once its keys are destroyed nobody can ever read the case again")
        confirm = workspace.ask("Type the case's whole id to destroy them").upper()
    if confirm != case:
        raise ArpcError("nothing was destroyed", f"to agree: `arpc shred {case} --confirm {case}`")


def _certify(space: "Workspace", at: "Seat", case: str, person: str) -> None:
    from arpc import shredding
    from arpc.cli import printer, workspace

    found = shredding.state(at, case, space.service)
    text = shredding.certificate(found, space.today, space.service.sealing.backup_days)
    path = shredding.write_certificate(at.root, case, text)
    printer.out().raw(text)
    printer.out().line(f"wrote {workspace.shown(path)}")


def _reason(at: "Seat", case: str) -> str:
    shred = at.access_to(case).shred
    return shred.fields["reason"] if shred else ""


def _folders(case: str) -> tuple[str, ...]:
    from arpc import retention as keeping

    return f"access/{case}", f"cases/{case}", keeping.SHREDDED


def _soonest(each: "Review") -> tuple[date, str]:
    return each.on or date.max, each.case


def _row(each: "Review", today: date) -> list[str]:
    state = each.unknown
    if not state and each.on is None:
        state = "kept without end"
    elif not state and each.on:
        state = "due" if each.on <= today else f"in {each.on.year - today.year} years"
    held = f"HELD: {'; '.join(each.held)}" if each.held else ""
    shown = each.on.isoformat() if each.on else "none"
    return [each.case, each.kept_as, shown, held or state, each.source]


def _from_register(space: "Workspace") -> Iterator[list[str]]:
    """Cases that are locked here, as far as the register knows of their review."""
    from arpc import loading, register

    root = space.folder()
    for entry in register.read(root):
        if entry.clock == _CLOCK and loading.is_locked(root / "cases" / entry.case):
            state = "due" if entry.by <= space.today else "locked here: from the register"
            yield [entry.case, "", entry.by.isoformat(), state, ""]


COMMANDS: dict[Callable[..., None], str] = {retention: "retention", shred: "shred"}
