"""What may be given any bytes, and what must hold of it whatever they are.

Each target takes bytes and raises AssertionError where something does not hold; any other exception is a
defect too. `run.py` looks for such bytes; `tests/test_fuzz.py` gives those that were kept.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any, NamedTuple

import yaml
import yaml._yaml  # type: ignore[import-not-found]
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from arpc import kinds, records, resources, schema, signoffs, yamldoc
from arpc.document.html import to_html
from arpc.document.markdown import Document, parse, to_markdown
from arpc.document.matter import FrontMatter
from arpc.document.pdf import to_pdf
from arpc.document.shield import clean, shield, unshield
from arpc.document.templating import oneline
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
    harmful, harmless = (
        "\n".join(_said(reading.doc, kind, harmful=each)) for each in (True, False)
    )
    for fault in faults:
        _is_placed(fault, reading.doc.text)
        if fault.rule != "unknown-key":  # what may be quoted may stand in a text as well
            assert not [word for word in _quoted(fault.message, harmful) if word not in harmless]
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


def _said(doc: yamldoc.YamlDoc, kind: kinds.Kind, *, harmful: bool) -> Iterator[str]:
    """The texts of a record that may say something of somebody, or those that may not."""
    if kind.name not in doc.data:
        return
    for pointer, value in _leaves(doc.data, ()):
        path = tuple("*" if isinstance(step, int) else step for step in pointer)
        field = kind.fields.get(path)
        if field and (field.sensitivity != "none") is harmful and isinstance(value, str):
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


PLACES = (
    "A {} b.\n",
    "Before **{}** after *{}* it.\n",
    "# A {}\n\nB.\n",
    "- A {}\n- B\n",
    "Table: A {}\n\n| A | B |\n|:---|:---|\n| A {} | b |\n",
    "::: facts\n| A | |\n|:---|:---|\n| A {} | {} |\n:::\n",
    "::: quote A {}\n{}\n:::\n",
    "::: callout A {}\n{}\n:::\n",
    "A.[^1]\n\n[^1]: A {}\n",
    "{}\n",
)
"""Where templates print the words of a record."""
_SETS_ONE_IN = 1024
"""So seldom is a text set by Typst, which takes as long as a thousand others."""


def report(data: bytes) -> None:
    """Any text comes out of every format letter by letter, and nothing of it is taken for markup.

    The first byte says where it is printed, and in which format; one at a time, so that many are tried.
    """
    which, place = divmod(data[0] if data else 0, len(PLACES))
    text = data[1:].decode("utf-8", "surrogateescape")
    seen = _spaced(clean(text))
    assert unshield(shield(clean(text))) == clean(text).replace("\t", " ")
    if not _says_anything(seen):
        return
    ours = parse(PLACES[place].replace("{}", oneline(text)))
    assert seen in _spaced(" ".join(_texts(ours)))
    _FORMS[which % len(_FORMS)](ours, _plain(PLACES[place]), seen)
    if int.from_bytes(sha256(data).digest()[:4]) % _SETS_ONE_IN == 0:
        assert to_pdf(ours, _MATTER).startswith(b"%PDF")


def _as_html(ours: Document, plain: "_Plain", seen: str) -> None:
    head, page = _parts_of_page(to_html(ours, _MATTER))
    assert head == plain.head
    assert page.tags == plain.page.tags
    assert _softless(seen) in _softless(_spaced("".join(page.words)))


def _as_typst(ours: Document, plain: "_Plain", seen: str) -> None:
    code = _outside(typst_source(ours, _MATTER, ()))
    assert set(_CODE.findall(code)) <= plain.words | _CHOSEN
    assert not _STRANGE.search(code)


def _as_markdown(ours: Document, plain: "_Plain", seen: str) -> None:
    assert _structure(to_markdown(ours)) == plain.structure


_FORMS = (_as_html, _as_typst, _as_markdown)
_CODE = re.compile(r"[A-Za-z][A-Za-z.]*")
_CHOSEN = frozenset(("sticky", "whole", "table.cell", "breakable", "true", "false", "none"))
"""What stands around a text or not, after how long it is."""
_STRANGE = re.compile(r"[^A-Za-z0-9\s(){}\[\]:,;.#\"<>=-]")


def _says_anything(text: str) -> bool:
    """Whether anything of a text is to be seen; what is blank leaves no paragraph."""
    return any(c.isalnum() or c.isascii() for c in text)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("wbr", "span"):  # where a word may be broken, and where it may not
            self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class _Plain(NamedTuple):
    """What is made of a place with nothing but a letter in it."""

    head: str
    page: _Page
    words: frozenset[str]
    structure: list[str]


@cache
def _plain(place: str) -> _Plain:
    source = place.replace("{}", "x")
    ours = parse(source)
    head, page = _parts_of_page(to_html(ours, _MATTER))
    code = _outside(typst_source(ours, _MATTER, ()))
    return _Plain(head, page, frozenset(_CODE.findall(code)), _structure(to_markdown(ours)))


def _parts_of_page(html: str) -> tuple[str, _Page]:
    """What stands before a page's own words, but for the widths of columns; and the page."""
    head, _, body = html.partition('<main id="main">')
    page = _Page()
    page.feed(body)
    page.close()
    return re.sub(r"[0-9.]+%|sha256-[^']+", "", head), page


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _softless(text: str) -> str:
    return text.replace("\u00ad", "")


def _texts(part: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from _texts(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))


def _outside(code: str) -> str:
    """Typst code without what stands in its strings, which end at the first quote that is not escaped."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', code, flags=re.DOTALL)


@cache
def _commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").use(footnote_plugin)


def _structure(markdown: str) -> list[str]:
    """What others take Markdown to be made of, but for its words."""
    kinds: list[str] = []
    for token in _commonmark().parse(markdown):
        kinds.append(token.type)
        kinds += (inner.type for inner in token.children or () if inner.type not in _WORDS)
    return kinds


_WORDS = frozenset(("text", "text_special"))


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
