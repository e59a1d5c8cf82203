"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from arpc.findings import Gate

Today = Annotated[
    str,
    typer.Option(
        "--today",
        envvar="ARPC_TODAY",
        metavar="DATE",
        help="Answer as on this day, e.g. 2026-03-04; the clock is not read.",
        show_default=False,
        show_envvar=False,
    ),
]
AsKnownOn = Annotated[
    str,
    typer.Option(
        "--as-known-on",
        metavar="DATE|yesterday",
        help="What the records said at the end of this day: from git, so only what was saved counts.",
        show_default=False,
    ),
]
As = Annotated[
    str,
    typer.Option(
        "--as",
        envvar="ARPC_STAFF",
        metavar="CODE",
        help="Your staff code; otherwise found by git's e-mail.",
        show_default=False,
        show_envvar=False,
    ),
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Read every case anew, whatever is remembered of it."),
]
CaseId = Annotated[
    str,
    typer.Argument(
        metavar="[CASE]", help="A case: its id or the beginning of one; not needed in its folder."
    ),
]
InCase = Annotated[
    str,
    typer.Option(
        "--case",
        "-c",
        metavar="CASE",
        help="The case, if you are not in its folder.",
        show_default=False,
    ),
]
RecordId = Annotated[
    str, typer.Argument(metavar="[RECORD]", help="A record, e.g. N-007, case or referral.")
]
Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="A folder; made if it is not there.")
]
For = Annotated[
    Gate,
    typer.Option(
        "--for", help="What you want to do next: its findings count too.", show_default=False
    ),
]
