"""`sign`, `return`, `verify`: two people sign a record, and anybody can check it afterwards."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arpc.cli.keys import Key, PassphraseFile
from arpc.cli.options import As, InCase, RecordId, Today

if TYPE_CHECKING:
    from arpc.casefile import CaseFile
    from arpc.cli.printer import Printer
    from arpc.cli.workspace import Workspace
    from arpc.signing import Made
    from arpc.verifying import Bench, Checked

_ALLOWED = "allowed_signers"


def sign(
    record: RecordId = "",
    has_read: Annotated[
        bool,
        typer.Option(
            "--read", help="You have read it since two versions of it were brought together."
        ),
    ] = False,
    case: InCase = "",
    key: Key = "",
    passphrase_file: PassphraseFile = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Sign a final record or an issued report.

    Whoever wrote it, or leads the case, signs as its practitioner; then a manager who had no hand in it
    approves it. What somebody signs as stands in service.yaml, under `signs_as`. The signature is of the
    record to the byte, of what it rests on, and of the one that it follows; `ssh-keygen` checks it too.

    Writes: what was signed and the signature, in `signed`.

    Undone: `arpc undo`, until it is saved; then a manager may `arpc return` it.

    Examples:
        arpc sign N-002 -c C-FK --as LK
        arpc sign N-002 -c C-FK --as JM --key ~/.ssh/jm_ed25519
    """
    from arpc import signing
    from arpc.cli import keys, printer, workspace, writing

    space = workspace.open_here(today)
    folder = space.case(case)
    at = keys.seat(space)
    _ = at.pinned  # before anybody is asked for a passphrase
    loaded = space.load(folder)
    wanted = _wanted(loaded.file, record)
    by = keys.signing(space, me, key, passphrase_file)
    bench = signing.bench(at, folder, loaded, space.service)
    with writing.undoable(space, folder, f"sign {wanted}"):
        made = signing.sign(at, bench, wanted, by, has_read=has_read)
        out = printer.out()
        if made.of:
            out.line(f"{by.by} approved {wanted}, which {made.of} signed")
        else:
            out.line(f"{by.by} signed {wanted} as its practitioner")
    _say_next(out, space, made, wanted, folder.name)


def send_back(
    record: RecordId = "",
    why: Annotated[
        str, typer.Option("--why", help="What is to be looked at again.", show_default=False)
    ] = "",
    case: InCase = "",
    key: Key = "",
    passphrase_file: PassphraseFile = "",
    me: As = "",
    today: Today = "",
) -> None:
    """Return a signed record with your comments.

    For a manager who does not approve it as it is. Whoever signed it adds to it with `arpc amend`, or
    answers you, and signs it again. The comments stay in the case, and are sealed with it.

    Writes: the return and its signature, in `signed`.

    Undone: `arpc undo`, until it is saved; then sign again.

    Examples:
        arpc return N-001 -c C-FK --why "Who was present for the first half?"
            --as JM --key ~/.ssh/jm_ed25519
        arpc show C-FK N-001
    """
    from arpc import signing
    from arpc.cli import choosing, keys, printer, workspace, writing

    space = workspace.open_here(today)
    folder = space.case(case)
    at = keys.seat(space)
    _ = at.pinned
    loaded = space.load(folder)
    wanted = _wanted(loaded.file, record)
    given = "a return needs its reason", "give `--why TEXT`"
    why = choosing.needed(why, "What is to be looked at again?", *given)
    by = keys.signing(space, me, key, passphrase_file)
    bench = signing.bench(at, folder, loaded, space.service)
    with writing.undoable(space, folder, f"return {wanted}"):
        made = signing.give_back(bench, wanted, why, by)
        out = printer.out()
        out.line(f"{by.by} returned {wanted} to {made.of}")
    name = folder.name
    out.line(f"next: {made.of} reads why with `arpc show {name} {wanted}`, and signs again")


def verify(
    record: RecordId = "",
    case: InCase = "",
    digest: Annotated[
        bool,
        typer.Option("--digest", help="Print one digest that stands for all that is saved."),
    ] = False,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="DIGEST",
            help="Say whether the history still contains what a digest stood for.",
            show_default=False,
        ),
    ] = "",
    allowed: Annotated[
        Path | None,
        typer.Option(
            "--allowed",
            "-o",
            metavar="FILE",
            help="Write whose key was whose, for `ssh-keygen`.",
            show_default=False,
        ),
    ] = None,
    how: Annotated[
        bool, typer.Option("--how", help="Print how each is checked without arpc.")
    ] = False,
    today: Today = "",
) -> None:
    """Check what was signed.

    All that was signed in a case, or of one record: by whom, whether it is as it was signed, and if not, which
    fields changed, and by whom as far as git has it. It needs no network and no key, and no git for what
    was signed. A digest that is kept elsewhere, on paper or in an e-mail, finds a history that was rewritten.

    Answers 0 where all is good, 1 where something is not, and 2 where it cannot look.

    Examples:
        arpc verify -c C-FK
        arpc verify N-001 -c C-FK --how
        arpc verify --digest
    """
    from arpc import sealed, writer
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    out = printer.out()
    if digest or since:
        _by_digest(space, out, since)
        return
    people, is_trusted = sealed.people_of(space.folder())
    if not is_trusted:
        note = f"nobody here has said whose service this is; it goes back to {people.fingerprint}"
        printer.err().styled(("warning", "note: "), f"{note}: compare it")
    if allowed is not None:
        from arpc import signoffs

        writer.replace(allowed, signoffs.allowed_signers(people))
        out.line(f"wrote {workspace.shown(allowed)}")
    wrong = 0
    named = _key(record)
    for bench in _benches(space, people, case, named):
        wrong += _print_case(out, bench, named)
        if how:
            _print_how(out, bench, named, workspace.shown(allowed or Path(_ALLOWED)))
    raise typer.Exit(1 if wrong else 0)


def _by_digest(space: "Workspace", out: "Printer", since: str) -> None:
    from arpc import checkpoints, gitrepo
    from arpc.cli import printer

    root = space.folder()
    if not since:
        made, commit = checkpoints.digest(root)
        out.line(made)
        err = printer.err()
        if gitrepo.changed(root):
            err.styled(("warning", "note: "), "what is not saved is not in it: `arpc save` first")
        err.line(f"all that is saved, up to {commit.day}; keep it on paper or send it to somebody")
        err.line("later: `arpc verify --since` and the digest")
        return
    found = checkpoints.since(root, since)
    for fault in found.faults:
        out.styled(("error", "error: "), fault)
    for path in found.locked:
        out.line(f"sealed anew since, and cannot be compared while it is locked here: {path}")
    if found.faults:
        raise typer.Exit(1)
    signed = f"{found.kept} signed files of then are as they were"
    out.line(f"the history here contains {found.commit[:10]}, and {signed}")


def _benches(space: "Workspace", people: "object", case: str, record: str) -> "Iterator[Bench]":
    """The case that is named or in which we stand; where there is none, all that can be read here."""
    from arpc import gitrepo, loading
    from arpc.cli import workspace
    from arpc.sealing.access import People
    from arpc.verifying import Bench

    assert isinstance(people, People)
    root = space.folder()
    is_one = case or record or loading.case_around(Path.cwd())
    folders: Iterable[Path] = [space.case(case)] if is_one else space.cases()
    kept = root if gitrepo.is_available() and gitrepo.is_repository(root) else None
    for folder in folders:
        loaded = loading.load(folder, workspace.shown(folder))
        yield Bench(folder, loaded, people, space.service, kept)


def _key(record: str) -> str:
    """What a record is called that may not be there any more."""
    from arpc import kinds

    if record.lower() == "referral":
        return kinds.kind("referral").id_in("referral.yaml")
    return record.lower() if record.lower() == "case" else record.upper()


def _print_case(out: "Printer", bench: "Bench", record: str) -> int:
    """Print what is to say of each sign-off of a case; return how many are not good.

    Where somebody asks for one record, it is not good either that nobody has signed it.
    """
    from arpc import verifying

    found = verifying.verify(bench, record)
    strays = [] if record else verifying.strays(bench)
    of = f"{record} of {bench.file.id}" if record else bench.file.id
    if not found and not strays:
        out.line(f"{of}: nothing is signed")
        return 1 if record else 0
    for each in found:
        _print_signoff(out, each)
    for stray in strays:
        out.styled(("error", "error: "), f"signed/{stray}")
    wrong = sum(not each.is_good for each in found) + len(strays)
    many = f"{len(found)} sign-offs" if len(found) != 1 else "1 sign-off"
    out.line(f"{of}: {many}, {f'{wrong} not good' if wrong else 'all good'}")
    return wrong


_SAID = {"practitioner": "signed", "manager": "approved", "returned": "returned"}


def _print_signoff(out: "Printer", checked: "Checked") -> None:
    kept, said = checked.kept, checked.kept.signoff
    told = f"{kept.record}: "
    if said:
        told = f"{said.record} {_SAID[said.word]} by {said.by} on {said.time:%Y-%m-%d %H:%M} UTC: "
    older = "" if checked.is_standing else "; a newer one has taken its place"
    if checked.is_good:
        out.line(f"{told}good{older}")
    else:
        out.styled(told, ("error", "NOT GOOD"), f", {kept.name}")
    for remark in checked.remarks:
        out.item(remark.text)


def _print_how(out: "Printer", bench: "Bench", record: str, allowed: str) -> None:
    from arpc import signoffs, verifying
    from arpc.cli import workspace

    out.line(f"by hand, with the file that `arpc verify -o {allowed}` writes:")
    for each in verifying.verify(bench, record):
        if said := each.kept.signoff:
            path = workspace.shown(bench.folder / signoffs.FOLDER / each.kept.name)
            out.raw(f"{signoffs.by_hand(said, path, allowed)}\n")


def _wanted(file: "CaseFile", record: str) -> str:
    """The record that is meant, chosen from the final ones where none is named.

    Raises:
        ArpcError: There is none, or it cannot be relied on.
    """
    from arpc.cli import changes, choosing
    from arpc.errors import ArpcError

    final = choosing.records(each for each in file.records if each.is_final)
    chosen = choosing.choose(record, "Which record?", final, "nothing here is final yet")
    if file.is_damaged(chosen.upper()):
        hint = "`arpc validate` says what is wrong with it"
        raise ArpcError(f"{chosen.upper()} cannot be relied on, and cannot be signed", hint)
    return changes.find_record(file, chosen).key


def _say_next(out: "Printer", space: "Workspace", made: "Made", record: str, case: str) -> None:
    if made.of:
        out.line("next: `arpc save` hands it on")
        return
    managers = [each.code for each in space.service.staff if each.signs_as == "manager"]
    if others := [code for code in managers if code not in made.writers]:
        who = others[0] if len(others) == 1 else "CODE"
        out.line(f"next: `arpc save`; then a manager: `arpc sign {record} -c {case} --as {who}`")


COMMANDS: dict[Callable[..., None], str] = {
    sign: "sign",
    send_back: "return",
    verify: "verify",
}
