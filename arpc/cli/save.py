"""`save`."""

from collections.abc import Callable

from arpc.cli.options import As, Today


def save(me: As = "", today: Today = "") -> None:
    """Keep what is written in the history.

    Every case of the service folder, drafts too; findings never stand in the way. What was saved can be
    read again as it was on any day, and what changed since can be told; it is no longer taken back.

    Writes: a commit that names ids alone.

    Undone: not at all; write it as it should be, and save again.

    Examples:
        arpc add session with=child who=P-03 -c C-FK --as LK
        arpc save --as LK
    """
    from arpc import saving
    from arpc.cli import printer, workspace

    space = workspace.open_here(today)
    root = space.folder()
    member = space.service.staff_member(space.me(me))
    work = saving.unsaved(root)
    out, err = printer.out(), printer.err()
    for path in work.left_out:
        note = f"left out, since nothing of that name belongs here: {path}"
        err.styled(("warning", "note: "), note)
    if not work.files:
        out.line("all that is written here is saved")
        return
    who = (member.name, member.email or f"{member.code}@arpc.invalid")
    commit = saving.save(root, work, who, space.now)
    for line in work.lines:
        out.item(line)
    for each in work.gone:
        hint = f"`git checkout {commit.short}~1 -- {each}` brings it back"
        err.styled(("warning", "note: "), f"a record is gone; if that was not meant, {hint}")
    out.line(f"saved as {commit.short} of {commit.day} by {member.code}, on this computer")


COMMANDS: dict[Callable[..., None], str] = {save: "save"}
