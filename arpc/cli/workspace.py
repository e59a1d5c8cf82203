"""Where the command stands and when: the only code that reads the clock and the environment."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

from arpc import loading, service
from arpc.casefile import IncompleteError
from arpc.cli import printer
from arpc.errors import ArpcError
from arpc.findings import Severity
from arpc.loading import Loaded
from arpc.provisions import AsOf
from arpc.service import Opened, Service


class Workspace(NamedTuple):
    """A service folder as one command sees it."""

    root: Path | None
    service: Service
    opened: Opened | None
    today: date
    now: datetime

    @property
    def is_practice(self) -> bool:
        """Whether the people are invented and today stands still."""
        return self.service.practice_today is not None

    def as_of(self, loaded: Loaded) -> AsOf:
        """A case on the day for which we answer."""
        return AsOf(loaded.file, self.today, self.service)

    def load(self, folder: Path) -> Loaded:
        """Read a case of which something is to be shown or made.

        Raises:
            ArpcError: It is locked here.
        """
        loaded = self.look(folder)
        if loaded.is_locked:
            raise _locked(folder)
        return loaded

    def look(self, folder: Path) -> Loaded:
        """Read a case, which may be locked."""
        return loading.load(folder, shown(folder))

    def load_people(self, folder: Path) -> Loaded:
        """Read of a case only its own record and its people."""
        return loading.load(folder, shown(folder), ("case", "person"))

    def cases(self) -> Iterator[Path]:
        """The case folders of the service that can be read here; says how many are locked.

        Raises:
            ArpcError: We are not in a service folder.
        """
        folders = service.case_folders(self.folder())
        locked = {folder for folder in folders if loading.is_locked(folder)}
        yield from (folder for folder in folders if folder not in locked)
        mention_locked(len(locked))

    def folder(self) -> Path:
        """The service folder.

        Raises:
            ArpcError: We are in none.
        """
        if self.root is None:
            raise ArpcError("no service folder here", "go to one, or make one with `arpc init`")
        return self.root

    def case(self, wanted: str) -> Path:
        """The folder of one case.

        Raises:
            ArpcError: There is no such case, or it is locked here.
        """
        folder = service.find_case(Path.cwd(), wanted)
        if loading.is_locked(folder):
            raise _locked(folder)
        return folder

    def past_day(self, text: str, what: str = "the date") -> date:
        """The day that an option says, or "yesterday", which is not to come; `what` is what it gives.

        Raises:
            ArpcError: It is no date, or lies after today.
        """
        if text == "yesterday":
            return self.today - timedelta(days=1)
        day = day_of(text, what)
        if day > self.today:
            hint = f"give {self.today} or a day before it; check the year"
            raise ArpcError(f"{day} is still to come", hint)
        return day

    def me(self, asked: str) -> str:
        """The staff code of who gives the command: asked for, or found by git's e-mail.

        Raises:
            ArpcError: It is neither given nor found, or is not in the staff list.
        """
        known = [member.code for member in self.service.staff]
        if asked:
            if known and asked not in known:
                hint = f"staff codes here: {', '.join(known)}"
                raise ArpcError("there is no such member of staff in service.yaml", hint)
            return asked
        from arpc import gitrepo

        if self.root and gitrepo.is_available():
            email = gitrepo.user_email(self.root).lower()
            for member in self.service.staff:
                if email and member.email.lower() == email:
                    return member.code
        hint = f"give `--as CODE` or set ARPC_STAFF; codes here: {', '.join(known)}"
        if not known:
            hint = "write yourself under `staff` in service.yaml: `- code: LK`, and `name` below it"
        raise ArpcError("who are you?", hint)


def _locked(folder: Path) -> ArpcError:
    case = folder.absolute().name
    return ArpcError(f"{case} is locked here", f"`arpc unlock {case}`, if you work on it")


def open_here(today: str = "", start: Path | None = None) -> Workspace:
    """The service folder at or above where we stand, or a bare one; warns of practice on stderr.

    Raises:
        ArpcError: `today` is not a date.
    """
    root = service.find_root((start or Path.cwd()).absolute())
    opened = service.open_service(root, shown(root / service.FILE)) if root else None
    found = opened.service if opened else Service()
    real = datetime.now()
    day = day_of(today, "today") if today else found.practice_today
    now = real if day is None else datetime(day.year, day.month, day.day, 12)
    workspace = Workspace(root, found, opened, now.date(), now)
    if opened and any(fault.severity is Severity.ERROR for fault in opened.findings):
        note = f"{service.FILE} cannot be relied on, and is left out of account: `arpc validate`"
        printer.err().styled(("warning", "note: "), note)
    if found.practice_today:
        note = f"practice folder: invented people; today is {workspace.today}"
        printer.err().styled(("faint", note))
    return workspace


def sound(loaded: Loaded, consequence: str) -> Loaded:
    """Return a case of which something is to be made; what is left out of it is named.

    Raises:
        ArpcError: The case's own record cannot be relied on.
    """
    try:
        _ = loaded.file.case
    except IncompleteError as incomplete:
        hint = "`arpc validate` says what is wrong with it"
        raise ArpcError(f"{incomplete.file} cannot be relied on", hint) from None
    mention_damaged(loaded, consequence)
    return loaded


def mention_damaged(loaded: Loaded, consequence: str) -> None:
    """Name each record that cannot be relied on, and what follows from that here."""
    mention_files((damaged.file for damaged in loaded.file.damaged), consequence)


def mention_files(damaged: Iterable[str], consequence: str) -> None:
    """Name files that cannot be relied on, and what follows from that here."""
    for file in damaged:
        note = f"{file} cannot be relied on: {consequence}; see `arpc validate`"
        printer.err().styled(("warning", "note: "), note)


def mention_locked(count: int) -> None:
    """Say how many cases were left out because they are locked here."""
    if count:
        many = f"{count} cases are" if count > 1 else "1 case is"
        note = f"{many} locked here, and left out; `arpc unlock` opens what you work on"
        printer.err().styled(("faint", note))


def shown(path: Path) -> str:
    """A path as it is printed: from where we stand if it lies below, with forward slashes."""
    absolute, here = path.absolute().as_posix(), Path.cwd().as_posix().rstrip("/")
    return "." if absolute == here else absolute.removeprefix(f"{here}/")


def is_interactive() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


T = TypeVar("T")


def asked(given: str, question: str, read: Callable[[str], T], default: str = "") -> T:
    """What an option says, or else an answer on the terminal, asked for until it can be read.

    Raises:
        ArpcError: The option cannot be read, or there is nobody to ask and the default cannot.
    """
    if given or not is_interactive():
        return read(given or default)
    while True:
        try:
            return read(ask(question, default))
        except ArpcError as error:
            printer.err().line(f"{error}; {error.hint}")


def ask(question: str, default: str = "") -> str:
    """Ask on the terminal, on standard error; without a terminal the default is the answer."""
    if not is_interactive():
        return default
    import typer

    suffix = " " if question.endswith("?") else ": "
    answer: str = typer.prompt(
        question, default=default, show_default=bool(default), prompt_suffix=suffix, err=True
    )
    return answer.strip()


def read_line() -> str | None:
    """A line from the terminal; None where there is no more."""
    return sys.stdin.readline() or None


def editor() -> str:
    """The command that opens an editor, from VISUAL or EDITOR.

    Raises:
        ArpcError: Neither is set.
    """
    for name in ("VISUAL", "EDITOR"):
        if found := os.environ.get(name):
            # It is taken apart as a POSIX shell would do it, to which a lone backslash is an escape.
            return found.replace("\\", "\\\\") if sys.platform == "win32" else found
    if sys.platform == "win32":
        return "notepad"
    raise ArpcError("no editor is set", "set EDITOR, e.g. to nano, or open the file yourself")


def day_of(text: str, what: str) -> date:
    """The day that an option says; `what` is what the option gives.

    Raises:
        ArpcError: It is not a date, or one so far away that the calendar ends before a clock does.
    """
    try:
        if len(text) == 10 and 1800 <= (day := date.fromisoformat(text)).year < 2200:
            return day
    except ValueError:
        pass
    raise ArpcError(f"{what} is not a date", "write it as 2026-03-04")
