"""The commands that read what somebody else may have written, each as it is typed."""

import ctypes
import importlib
import os
import pkgutil
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import arpc
from arpc import cli

CASE = "C-FK6SY95T"
READING = (
    ("validate",),
    ("validate", CASE),
    ("validate", "cases"),
    ("validate", f"cases/{CASE}/sessions/N-001.yaml"),
    ("validate", "--format", "json"),
    ("validate", "--format", "sarif"),
    ("validate", "--format", "github"),
    ("validate", "--staged"),
    ("validate", "--answered"),
    ("list",),
    ("list", "--names"),
    ("status", CASE),
    ("show", CASE),
    ("show", CASE, "N-001"),
    ("show", CASE, "P-01"),
    ("due",),
    ("due", "--format", "json"),
    ("due", "--format", "csv"),
    ("due", "--format", "ics"),
    ("due-followups",),
    ("find", "school"),
    ("alike",),
    ("timeline", CASE),
    ("timeline", CASE, "-o", "out/timeline.svg"),
    ("genogram", CASE),
    ("genogram", CASE, "-o", "out/genogram.svg"),
    ("trace", CASE, "N-001"),
    ("trace", CASE, "J-01"),
    ("diff", CASE, "--since", "2026-06-01"),
    ("history", CASE),
    ("verify", CASE),
    ("retention",),
    ("access", "list", CASE),
    ("explain", "service"),
    ("render-report", CASE, "-o", "out/report.md"),
    ("render-report", CASE, "-o", "out/report.html"),
    ("render-report", CASE, "-o", "out/report.pdf"),
    ("render-report", CASE, "--kind", "chronology", "-o", "out/chronology.md"),
    ("render-report", CASE, "--as-known-on", "2026-06-02", "-o", "out/then.md"),
)
WRITING = (
    ("add", "session", "with=child", "who=P-03", "-c", CASE, "--as", "LK"),
    ("edit", "N-001", "-c", CASE),
    ("finish", "N-001", "-c", CASE, "--as", "LK"),
    ("amend", "N-002", "--what", "It was a Tuesday.", "--why", "A slip.", "-c", CASE, "--as", "LK"),
    ("attach", "letter.pdf", CASE, "--to", "N-002", "--what", "A letter."),
    ("confirm", "J-01", "-c", CASE),
    ("save", "--as", "LK"),
    ("undo", CASE),
    ("save", "--bundle", "../bundle", "--as", "LK"),
    ("save", "--from", "hostile.bundle", "--as", "LK"),
    ("new-case", "--from", "letter.yaml", "--man", "A", "--child", "B", "--carer", "C"),
    ("verify",),
    ("unlock", CASE),
    ("shred", CASE),
)
FEW = (
    *(("validate",), ("validate", "--format", "sarif"), ("list", "--names")),
    *(("show", CASE), ("find", "school"), ("genogram", CASE)),
    *(("history", CASE), ("edit", "N-001", "-c", CASE)),
    *(("render-report", CASE, "-o", "out/report.md"), ("save", "--as", "LK")),
)
"""Those that the suite gives: the others differ from them in what they print, not in what they read."""
PATIENCE = 10.0
"""Seconds after which a command is taken to hang."""
MOST = 2 << 30
"""Bytes that a command may ask for, so that one that asks for all is told from the others."""


class Measured(NamedTuple):
    """What a command did."""

    words: Sequence[str]
    code: int
    """Its exit code; -1 where it hung, less where a signal ended it."""
    seconds: float
    """Of the processor: what waits for another program on this computer takes none."""
    megabytes: float
    out: str
    err: str


def measure(folder: Path, commands: Sequence[Sequence[str]]) -> Iterator[Measured]:
    """Give each command in a folder, in a process of its own, as somebody who may not read everything."""
    for module in pkgutil.walk_packages(arpc.__path__, "arpc."):  # once, before the first process
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for words in commands:
        printed = [folder.parent / "out.txt", folder.parent / "err.txt"]
        started = time.perf_counter()
        child = os.fork()
        if not child:
            _give(folder, words, printed)
        code, used = _wait(child, started)
        seconds = used.ru_utime + used.ru_stime
        out, err = (p.read_bytes().decode("utf-8", "surrogateescape") for p in printed)
        yield Measured(words, code, seconds, used.ru_maxrss / 1024, out, err)


def _give(folder: Path, words: Sequence[str], printed: Sequence[Path]) -> None:
    os.setsid()
    os.chdir(folder)
    for number, path in enumerate(printed, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _take_away_privileges()
    resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))
    sys.argv = ["arpc", *words]
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 the streams of a new process
    sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
    code = 99
    try:
        cli.run()
    finally:
        os._exit(code)


def _take_away_privileges() -> None:
    """Let what nobody may read be read by nobody, though the suite may run as root."""
    head, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    ctypes.CDLL(None).capset(head, none)


def _wait(child: int, started: float) -> tuple[int, resource.struct_rusage]:
    """The exit code of a process and what it used."""
    while time.perf_counter() - started < PATIENCE:
        found, status, used = os.wait4(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), used
        time.sleep(0.005)
    os.killpg(child, signal.SIGKILL)
    return -1, os.wait4(child, 0)[2]
