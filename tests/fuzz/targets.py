"""What may be given any bytes, and what must hold of it whatever they are.

Each target takes bytes and raises AssertionError where something does not hold; any other exception is a
defect too. `run.py` looks for such bytes; `tests/test_fuzz.py` gives those that were kept.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from typing import Any

import yaml
import yaml._yaml  # type: ignore[import-not-found]

from arpc import kinds, records, resources, schema, signoffs, yamldoc
from arpc.document.figures import Figure
from arpc.document.html import to_html
from arpc.document.markdown import parse, to_markdown
from arpc.document.matter import FrontMatter
from arpc.document.shield import clean, shield, unshield
from arpc.document.tree import words
from arpc.document.typst_source import typst_source
from arpc.errors import ArpcError
from arpc.findings import Finding, Severity
from arpc.sealing import form, identities, is_sealed, logbook, store
from arpc.sealing.form import AlteredError, Key

_WORD = re.compile(r"\w{5,}")
"""What of a record a message could give away; shorter words stand in any message."""
_NAMES = sorted((*kinds.NAMES, *kinds.LEDGERS, "service", "register"))


_RECORDS = frozenset((*kinds.NAMES, *kinds.LEDGERS))


def _vocabulary() -> str:
    """All that a message of the reader may be made of: our words, libyaml's, and the schemas'."""
    ours = [resources.package() / name for name in ("yamldoc.py", "schema.py", "kinds.py")]
    texts = [path.read_text("utf-8") for path in ours]
    texts += [path.read_text("utf-8") for path in resources.folder("schemas").glob("*.json")]
    with open(yaml._yaml.__file__, "rb") as library:  # noqa: PTH123 a compiled module
        texts.append(library.read().decode("latin-1"))
    return "\n".join(texts)


_OURS = frozenset(_WORD.findall(_vocabulary()))


def reader(data: bytes) -> None:
    """Any bytes are read, or refused with findings that say where and quote nothing."""
    raw = data[1:]
    kind = kinds.kind(_NAMES[data[0] % len(_NAMES)]) if data else kinds.kind("session")
    reading = yamldoc.read("x.yaml", raw)
    assert _told(reading) == _told(yamldoc.read("x.yaml", raw))
    assert reading.doc or reading.findings
    text = raw.decode("utf-8", "replace")
    for found in reading.findings:
        _is_placed(found, text)
        assert not _quoted(f"{found.message} {found.hint}", text)
    if reading.doc is None:
        return
    if not reading.findings:
        assert reading.doc.data == _as_others_read(reading.doc.text)
    faults = schema.check(reading.doc, kind)
    assert faults == schema.check(reading.doc, kind)
    harmful = "\n".join(_harmful(reading.doc, kind))
    for fault in faults:
        _is_placed(fault, reading.doc.text)
        if fault.rule != "unknown-key":  # a key may be quoted, and the same word stand in a text
            assert not _quoted(fault.message, harmful)
    if (
        kind.name in _RECORDS
        and kind.name in reading.doc.data
        and not any(f.severity is Severity.ERROR for f in faults)
    ):
        assert all(leaf.pointer for leaf in records.make(reading.doc, kind).leaves)


def _told(reading: yamldoc.Reading) -> tuple[object, ...]:
    """All that is told of a file, with places as numbers."""
    doc = reading.doc
    told = (doc.text, doc.data, doc.places, doc.doubtful) if doc else ()
    return (*told, reading.findings)


def _is_placed(found: Finding, text: str) -> None:
    lines = text.replace("\r\n", "\n").split("\n")
    assert 1 <= found.where.line <= len(lines) + 1
    assert found.where.column >= 1


def _quoted(message: str, text: str) -> list[str]:
    """The words of a message that stand in a text and are not ours."""
    return [word for word in _WORD.findall(message) if word not in _OURS and word in text]


def _harmful(doc: yamldoc.YamlDoc, kind: kinds.Kind) -> Iterator[str]:
    """The texts of a record that may say something of somebody."""
    if kind.name not in doc.data:
        return
    for pointer, value in _leaves(doc.data, ()):
        path = tuple("*" if isinstance(step, int) else step for step in pointer)
        field = kind.fields.get(path)
        if field and field.sensitivity != "none" and isinstance(value, str):
            yield value


def _leaves(data: Any, pointer: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*pointer, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _leaves(value, (*pointer, number))
    else:
        yield pointer, data


def _as_others_read(text: str) -> Any:
    """The same as PyYAML composes it, with the few values that are not text."""
    return _value(yaml.compose(text, yaml.CBaseLoader), text)


def _value(node: yaml.Node | None, text: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value, text) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, text) for each in node.value]
    assert isinstance(node, yaml.ScalarNode)
    if node.style:
        return node.value
    if node.value in ("", "~", "null", "Null", "NULL"):
        return None
    return int(node.value) if re.fullmatch(r"0|-?[1-9][0-9]{0,17}", node.value) else node.value


_DAY = date(2026, 3, 4)
_MATTER = FrontMatter(
    title="A",
    subtitle="B",
    reference="C",
    marking="D",
    status="DRAFT",
    date=_DAY,
    author="E",
    version="1",
)


def report(data: bytes) -> None:
    """Any text comes out of every format letter by letter, and nothing of it is taken for markup."""
    text = data.decode("utf-8", "surrogateescape")
    seen = " ".join(clean(text).split())
    assert unshield(shield(clean(text))) == clean(text).replace("\t", " ")
    if not seen:
        return
    ours = parse(_source(seen))
    assert words(ours.blocks[0].body) == f"a {seen} b"  # type: ignore[union-attr]
    assert "Before **" in to_markdown(_source(seen), _MATTER)
    html = to_html(ours, _MATTER)
    assert _tags(html) == _plain()[0]
    assert seen.replace("\u00ad", "") in _said(html).replace("\u00ad", "")
    code = typst_source(ours, _MATTER, _NO_FIGURES)
    assert _outside(code) == _plain()[1]


_NO_FIGURES: tuple[Figure, ...] = ()


@cache
def _plain() -> tuple[list[tuple[str, tuple[str, ...]]], str]:
    """The tags and the code of the same with a text that holds nothing but a letter."""
    plain = parse(_source("x"))
    code = typst_source(plain, _MATTER, _NO_FIGURES)
    return _tags(to_html(plain, _MATTER)), _outside(code)


def _source(text: str) -> str:
    return f"a {shield(text)} b\n\nBefore **{shield(text)}** after\n"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "wbr":
            self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def _tags(html: str) -> list[tuple[str, tuple[str, ...]]]:
    return _read(html).tags


def _said(html: str) -> str:
    return "".join(_read(html).words)


def _outside(code: str) -> str:
    """Typst code without what stands in its strings, which end at the first quote that is not escaped."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', code, flags=re.DOTALL)


_CASE = "C-7K3Q9X2F"
_KEY = Key(_CASE, 1, bytes(range(32)))


def sealed(data: bytes) -> None:
    """What is laid where something sealed or signed should lie is refused, or is just what was written."""
    which, raw = data[:1], data[1:]
    text = raw.decode("utf-8", "replace")
    if which == b"f":
        _sealed_file(raw)
    elif which == b"t":
        assert _KEY.open(_KEY.seal(raw)) == raw if raw else _KEY.seal(raw) == b""
    elif which == b"s":
        _refused(lambda: _same(signoffs.parse(raw).text, raw))
    elif which == b"l":
        _refused(lambda: logbook.entries(_parts(raw), _CASE))
    elif which == b"e":
        _refused(lambda: logbook._entry(raw, _CASE, (), "x"))
    elif which == b"v":
        signature, _, message = raw.partition(b"\0")
        _refused(
            lambda: identities.verify(signature.decode("ascii", "replace"), message, "access@arpc")
        )
    elif which == b"p":
        _refused(lambda: identities.public_key(text))
        _refused(lambda: identities.recovery_key(text))
    elif which == b"w":
        _refused(lambda: store.recover(raw, "AGE-SECRET-KEY-1", _CASE, 1, _KEY.id))
    else:
        signoffs.chain(_parts(raw))


def _same(one: bytes, other: bytes) -> None:
    assert one == other


def _sealed_file(raw: bytes) -> None:
    assert is_sealed(raw) or form.key_of(raw) is None
    if form.key_of(raw) != _KEY.id:
        return
    try:
        text = _KEY.open(raw)
    except AlteredError:
        return
    assert _KEY.seal(text) == raw


def _refused(call: Callable[[], object]) -> None:
    try:
        call()
    except ArpcError as error:
        assert str(error)


def _parts(raw: bytes) -> dict[str, bytes]:
    """Files of a folder, by name, each a line and what follows it up to a zero."""
    lines = (part.partition(b"\n")[::2] for part in raw.split(b"\0"))
    return {name.decode("utf-8", "replace"): rest for name, rest in lines}


TARGETS: dict[str, Callable[[bytes], None]] = {"reader": reader, "report": report, "sealed": sealed}
