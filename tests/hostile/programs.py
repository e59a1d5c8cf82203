"""Folders that would run something: templates, and repositories with settings of their own."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from arpc import resources
from tests.hostile.commands import CASE

Spoil = Callable[[Path], object]
RAN = "/tmp/arpc-hostile-ran"
"""A file that is there only if something of the folder was run."""
_RUN = f"touch {RAN}"

TEMPLATES = {
    "prints the insides of Python": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "prints the insides of a value": "{{ report.__init__.__globals__ }}",
    "imports a module": "{% import 'os' as os %}{{ os.system('" + _RUN + "') }}",
    "includes a file of the computer": "{% include '/etc/passwd' %}",
    "climbs out of its folder": "{% include '../../../../etc/passwd' %}",
    "loops without end": "{% for a in range(99999999) %}{% endfor %}",
    "loops in loops": "{% for a in 'aaaaaaaaaaaaaaaa' %}" * 15 + "{% endfor %}" * 15,
    "repeats a text": "{{ 'a' * 9999999999 }}",
    "calls itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "includes itself": "{% include 'assessment.md.j2' %}{% include 'assessment.md.j2' %}",
    "is never closed": "{% for a in 'a' %}",
    "is nothing but brackets": "{{ " + "(" * 60_000,
    "prints escapes": "\x1b[2J\x9b31m\u202e",
    "prints raw markup": "<script>alert(1)</script> `#import` $x$ [a](javascript:alert(1))",
}


def everything() -> Iterator[tuple[str, Spoil]]:
    """Yield each, by name."""
    for what, text in TEMPLATES.items():
        yield f"a template that {what}", _template(text)
    yield "a folder of schemas and patterns of its own", _schemas
    yield "templates that lie elsewhere", lambda folder: (folder / "templates").symlink_to("/etc")
    for key, value in SETTINGS.items():
        yield f"a repository that sets {key}", _repository(_settings(key, value))
    for what, spoil in REPOSITORIES.items():
        yield f"a repository {what}", _repository(spoil)


def _template(text: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / "templates").mkdir()
        (folder / "templates" / "assessment.md.j2").write_text(text, "utf-8")

    return spoil


SLOW = "^(([a-z ])+.)+[A-Z]([a-z ])+$"
"""A pattern for which a regular expression takes for ever."""


def _schemas(folder: Path) -> None:
    """Schemas, overlays and patterns wherever a service might think that they are read."""
    said = {"type": "object", "patternProperties": {SLOW: {}}, "pattern": SLOW, "$ref": "#"}
    names = [f"{path.stem}.json" for path in sorted(resources.folder("schemas").glob("*.json"))]
    case = f"cases/{CASE}"
    for place in ("schemas", ".arpc/schemas", "overlays", f"{case}/schemas", "arpc/_data/schemas"):
        (folder / place).mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / place / name).write_text(json.dumps(said), "utf-8")
    with (folder / "service.yaml").open("a", encoding="utf-8") as service:
        service.write(f'"$schema": schemas/service.schema.json\npattern: "{SLOW}"\n')
    (folder / case / "sessions/N-060.yaml").write_text(
        f'session: arpc/1\n"$schema": ../schemas/session.schema.json\nnote: {"a" * 900_000}\n'
    )


def git(folder: Path, *words: str, **around: str) -> None:
    """Run git as somebody else would."""
    who = {
        f"GIT_{role}_{key}": "somebody"
        for role in ("AUTHOR", "COMMITTER")
        for key in ("NAME", "EMAIL")
    }
    env = {**os.environ, **who, **around}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=env)


def _repository(spoil: Spoil) -> Spoil:
    def made(folder: Path) -> None:
        Path(RAN).unlink(missing_ok=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "-m", "all")
        (folder / f"cases/{CASE}/sessions/N-001.yaml").write_text("session: arpc/1\n")
        spoil(folder)

    return made


SETTINGS = {
    "core.fsmonitor": _RUN,
    "core.pager": _RUN,
    "core.editor": _RUN,
    "core.sshCommand": _RUN,
    "core.hooksPath": "hooks",
    "core.worktree": "/etc",
    "core.alternateRefsCommand": _RUN,
    "core.attributesFile": "/dev/zero",
    "core.excludesFile": "pipe",
    "core.gitProxy": _RUN,
    "core.askPass": _RUN,
    "diff.external": _RUN,
    "diff.x.textconv": _RUN,
    "diff.x.command": _RUN,
    "filter.x.clean": _RUN,
    "filter.x.process": _RUN,
    "filter.arpc.process": _RUN,
    "merge.x.driver": _RUN,
    "gpg.program": _RUN,
    "gpg.ssh.program": _RUN,
    "gpg.ssh.defaultKeyCommand": _RUN,
    "commit.gpgSign": "true",
    "log.showSignature": "true",
    "credential.helper": f"!{_RUN}",
    "include.path": "/etc/passwd",
    "includeIf.gitdir:/.path": "../evil",
    "alias.status": f"!{_RUN}",
    "remote.origin.url": f"ext::sh -c {_RUN}",
    "remote.origin.uploadpack": _RUN,
    "remote.origin.vcs": "x",
    "remote.origin.promisor": "true",
    "extensions.partialClone": "origin",
    "submodule.x.update": f"!{_RUN}",
    "sequence.editor": _RUN,
    "interactive.diffFilter": _RUN,
    "trailer.x.command": _RUN,
    "trailer.x.cmd": _RUN,
    "uploadpack.packObjectsHook": _RUN,
    "init.templateDir": "/etc",
    "core.notesRef": "refs/notes/../../x",
    "i18n.logOutputEncoding": "UTF-16",
    "core.quotePath": "false",
    "color.ui": "always",
    "status.showUntrackedFiles": "no",
    "blame.ignoreRevsFile": "/dev/zero",
    "core.commitGraph": "true",
    "core.bare": "true",
    "core.repositoryFormatVersion": "99",
    "core.compression": "99",
    "core.bigFileThreshold": "1",
    "core.autocrlf": "true",
    "core.ignoreCase": "true",
    "core.precomposeUnicode": "true",
    "core.sparseCheckout": "true",
    "core.splitIndex": "true",
    "core.untrackedCache": "true",
    "fetch.fsckObjects": "x",
    "maintenance.auto": "true",
    "gc.auto": "1",
    "gc.recentObjectsHook": _RUN,
    "pager.log": _RUN,
    "man.x.cmd": _RUN,
    "url./etc/.insteadOf": "/",
}


def _settings(key: str, value: str) -> Spoil:
    def spoil(folder: Path) -> None:
        os.mkfifo(folder / "pipe")
        hooks = folder / "hooks"
        hooks.mkdir()
        for name in ("pre-commit", "post-commit", "fsmonitor-watchman", "reference-transaction"):
            (hooks / name).write_text(f"#!/bin/sh\n{_RUN}\n")
            (hooks / name).chmod(0o755)
        (folder / ".gitattributes").write_text("* filter=x diff=x merge=x\n")
        (folder / ".git/evil").write_text(f"[core]\n\tfsmonitor = {_RUN}\n")
        git(folder, "config", "--local", key, value)

    return spoil


def _hooks(folder: Path) -> None:
    for name in (
        "pre-commit",
        "post-commit",
        "commit-msg",
        "prepare-commit-msg",
        "post-index-change",
        "reference-transaction",
        "pre-auto-gc",
        "post-merge",
        "pre-push",
        "post-checkout",
    ):
        hook = folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{_RUN}\n")
        hook.chmod(0o755)


def _saying(message: str, name: str = "somebody") -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / "message").write_text(message, "utf-8", "surrogateescape")
        path = f"cases/{CASE}/sessions/N-001.yaml"
        git(
            folder,
            "commit",
            "--quiet",
            "-F",
            "message",
            "--cleanup=verbatim",
            path,
            GIT_AUTHOR_NAME=name,
        )

    return spoil


def _written(path: str, raw: bytes) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)

    return spoil


def _elsewhere(folder: Path) -> None:
    (folder / ".git").rename(folder.parent / "elsewhere")
    (folder / ".git").symlink_to(folder.parent / "elsewhere")


def _pointing(text: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / ".git").rename(folder.parent / "elsewhere")
        (folder / ".git").write_text(text)

    return spoil


def _many_refs(folder: Path) -> None:
    tip = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=folder, text=True).strip()
    lines = "".join(f"{tip} refs/heads/b{n:06}\n" for n in range(50_000))
    (folder / ".git" / "packed-refs").write_text(f"# pack-refs with: sorted \n{lines}")


def _endless(folder: Path) -> None:
    from tests.sealed import commit_by_hand, folders_without_end

    commit_by_hand(folder, "040000", folders_without_end(folder), f"cases/{CASE}/documents")


def _pipes(*paths: str) -> Spoil:
    def spoil(folder: Path) -> None:
        for path in paths:
            (folder / path).unlink(missing_ok=True)
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            os.mkfifo(folder / path)

    return spoil


REPOSITORIES: dict[str, Spoil] = {
    "with hooks": _hooks,
    "of folders without end": _endless,
    "that lies elsewhere": _elsewhere,
    "that points to nothing": _pointing("gitdir: /nowhere\n"),
    "that points to a device": _pointing("gitdir: /dev/zero\n"),
    "that points to itself": _pointing("gitdir: .git\n"),
    "that points with a long path": _pointing("gitdir: " + "a/" * 500_000),
    "that says nothing of where it is": _pointing("\0" * 1000),
    "of fifty thousand branches": _many_refs,
    "with a message of escapes": _saying("\x1b[2J\x1b]0;owned\x07 \u202e Quillfeather\n\n\x9b31m"),
    "with a message of a megabyte": _saying("a" * 1_000_000),
    "with an author of escapes": _saying("all", "\x1b[31mEve\x07\u202e\ttab"),
    "with an author of a hundred kilobytes": _saying("all", "a" * 100_000),
    "whose head is no head": _written(".git/HEAD", b"ref: refs/heads/../../etc/passwd\n"),
    "whose head is a device": lambda folder: (
        (folder / ".git/HEAD").unlink(),
        (folder / ".git/HEAD").symlink_to("/dev/zero"),
    ),
    "whose index is damaged": _written(".git/index", b"DIRC" + b"\xff" * 10_000),
    "whose objects are elsewhere": _written(
        ".git/objects/info/alternates", b"/nowhere\n../../x\n" * 1000
    ),
    "that replaces what it holds": _written(".git/refs/replace/" + "a" * 40, b"b" * 40 + b"\n"),
    "with a graft": _written(".git/info/grafts", b"a" * 40 + b"\n"),
    "that is cut off": _written(".git/shallow", b"a" * 40 + b"\n"),
    "with attributes of a megabyte": _written(".gitattributes", b"*.yaml filter=x\n" * 60_000),
    "with a submodule": _written(
        ".gitmodules",
        f'[submodule "x"]\n\tpath = x\n\turl = ext::{_RUN}\n\tupdate = !{_RUN}\n'.encode(),
    ),
    "whose settings are pipes": _pipes(".git/config"),
    "whose attributes are a pipe": _pipes(".gitattributes", ".gitignore", ".git/info/attributes"),
    "whose head is a pipe": _pipes(".git/HEAD"),
    "whose index is a pipe": _pipes(".git/index"),
    "whose own attributes are a pipe": _pipes(".git/info/attributes", ".git/info/exclude"),
    "whose lists of packs are pipes": _pipes(".git/packed-refs", ".git/objects/info/alternates"),
    "whose arpc settings are pipes": _pipes(
        ".git/arpc/id", ".git/arpc/root", ".git/arpc/merged", ".git/commondir"
    ),
    "whose settings are without end": _written(".git/config", b"[core]\n\ta = b\n" * 60_000),
    "with a lock": _written(".git/index.lock", b""),
}
