"""The one reader: bytes of a file to plain data and the place of every key and value.

libyaml's events become dicts, lists, text, whole numbers and None in one pass. What YAML tools
read differently, and what a record never needs, is refused with its line and column, so that a
record means the same to every reader for as long as it is kept.
"""

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple, NoReturn

import yaml
from yaml import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from arpc.findings import Finding, Location, Pointer

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 24  # the deepest schema uses 5
MAX_NODES = 40_000
_KEY = 40  # letters; no schema has a longer key, and what is longer is not kept at hand
MAX_FAULTS = 100  # findings that do not stop the reader

REFUSALS = {
    "file-too-large": "A record is at most 1 MiB; longer material belongs beside it as a document.",
    "not-utf-8": "Records are UTF-8 text, so that they can be read anywhere and for as long as they are kept.",
    "control-character": "Invisible control characters can hide or reorder text on a screen.",
    "tab": "Tabs look like spaces and are read differently by different tools.",
    "git-conflict": "Two versions of this file met, and git could not join them: somebody has to choose.",
    "empty-file": "An empty file says nothing: a record that was lost looks like this.",
    "yaml-syntax": "The file does not follow the rules of YAML, so its meaning is not certain.",
    "duplicate-key": "A key given twice means that one of two texts would be lost in silence.",
    "key-not-text": "Every key is a word of the schema.",
    "anchor": "Anchors and aliases let one text appear in many places; a record says each thing once.",
    "tag": "Tags make programs of data; a record holds plain text.",
    "directive": "Directives change how the rest of the file is read.",
    "second-document": "A file holds one record.",
    "too-deep": "Nesting this deep is never needed, and makes readers slow.",
    "too-many-parts": "A record has at most 40,000 parts.",
    "doubtful-value": "A bare value that YAML tools read differently (as a number, a date, yes or no) changes its meaning on the way.",
}
"""Why the reader refuses a file or a part of one, by rule id."""

_INT = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
# What YAML 1.1 or 1.2 tools turn into something else than text: booleans, numbers, dates, times.
_DOUBTFUL = re.compile(
    r"(?:y|n|yes|no|on|off|true|false|[-+]?[0-9][0-9_]*|[-+]?0[xob][0-9a-f_]+"
    r"|[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:e[-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?e[-+]?[0-9]+"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?\.inf|\.nan|=|<<"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"(?:(?:t|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?)\Z",
    re.IGNORECASE,
)
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
# Control, line-separating and bidirectional characters, private use and noncharacters.
_FORBIDDEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000f0000-\U0010ffff]"
)
_SEEN = bytes(range(0x20, 0x7F)) + b"\n"
_CONFLICT = re.compile(r"^(?:<{7} .*|={7}|>{7} .*)$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
_PLAIN_HINTS = {
    "mapping values are not allowed": "put a text that holds a colon and a space in quotes, or under `|`",
    "could not find expected ':'": "this is neither `key: text` nor part of the text above: put a space after the colon, or begin each line of a text under `|` with two spaces",
    "did not find expected key": "check that this line begins in the column of those like it, and that quotes are closed with nothing after them",
    "did not find expected '-' indicator": "every entry of this list must begin with `-` in the same column",
    "did not find expected ',' or ']'": "close the list with `]`, or put the text in quotes",
    "did not find expected ',' or '}'": "close the braces with `}`, or put the text in quotes",
    "did not find expected node content": "a value is missing, or a text begins with a special character: put it in quotes",
    "found unexpected end of stream": "a quotation mark is opened here and never closed",
    "found unexpected document indicator": "a quotation mark is opened above and never closed",
    "found character that cannot start any token": "put a text that begins with @, ` or % in quotes",
    "block sequence entries are not allowed": "begin the list on a line of its own, below its key",
    "did not find expected <document start>": "this text stands outside of any key: check its indentation",
    "found unknown escape character": "within double quotes a backslash is written twice; under `|` it stands for itself",
    "exceeded maximum nesting depth": "there are too many open brackets: put the text in quotes",
}


class Place(NamedTuple):
    """Where a key or list item and its value begin (0-based), and the places inside the value.

    They are made of libyaml's own marks for the few who ask.
    """

    line: int
    column: int
    value_line: int
    value_column: int
    inside: Any
    """dict of key to Place, list of Place, or None for a plain value."""


class YamlDoc(NamedTuple):
    """One file that was read: its data and where everything in it stands."""

    file: str
    text: str
    """The whole text with LF line ends and a final newline."""
    data: Any
    """A dict of text keys to dicts, lists, text, int, bool or None."""
    marks: Any
    """Where each key or list item and its value begin, and the marks inside the value: see `places`."""
    doubtful: tuple[Pointer, ...]
    """Bare values that other YAML tools read differently; a schema may expect just that word."""

    @property
    def places(self) -> Any:
        """Where each key or list item stands: a dict or list of `Place`."""
        return _places(self.marks)

    def locate(self, pointer: Pointer, *, value: bool = False) -> Location:
        """Return where `pointer` stands: its key, or its value if asked for.

        Falls back to the nearest existing part above, so that a missing key has a place too.
        """
        inside, spot = self.marks, None
        for step in pointer:
            try:
                spot = inside[step]
            except (KeyError, IndexError, TypeError):
                value = False
                break
            inside = spot[2]
        if spot is None:
            return Location(self.file, 1, 1, pointer)
        mark = spot[1] if value else spot[0]
        return Location(self.file, mark.line + 1, mark.column + 1, pointer)

    def locate_words(self, pointer: Pointer, words: str, *, after: str = "") -> Location:
        """Return where `words` stand in the text at `pointer`, whatever line breaks lie between.

        Of several such places it is the first, or the first that comes right after the words `after`.
        """
        value = self.locate(pointer, value=True)
        start = 0
        for _ in range(value.line - 1):
            start = self.text.index("\n", start) + 1
        gap = r"\s+" if after[-1:].isspace() else ""
        # In quotes a text may be written otherwise than it reads, so that `after` is not found.
        for before in (f"{_spaced(after)}{gap}", ""):
            pattern = re.compile(f"{before}({_spaced(words)})")
            if match := pattern.search(self.text, start + value.column - 1):
                return _spot(self.file, self.text, match.start(1))._replace(pointer=pointer)
        return value


class Reading(NamedTuple):
    """What came of reading a file: the document, if it could be read, and what was wrong."""

    doc: YamlDoc | None
    findings: tuple[Finding, ...]


def read(file: str, raw: bytes) -> Reading:
    """Read the bytes of one file; `file` is the name to print. Never raises for any bytes."""
    text, refusal = _text(file, raw)
    if refusal:
        return Reading(None, (refusal,))
    builder = _Builder(file)
    try:
        builder.run(text)
    except _Refused as refused:
        return Reading(None, (*builder.findings, refused.finding))
    except yaml.MarkedYAMLError as error:
        return Reading(None, (*builder.findings, _syntax(file, error)))
    if not isinstance(builder.data, dict):
        where = Location(file)
        if builder.data is None:
            return Reading(None, (_finding(where, "empty-file", "the file holds no record"),))
        problem = "expected `key: value` lines, found something else"
        return Reading(None, (_finding(where, "yaml-syntax", problem),))
    doc = YamlDoc(file, text, builder.data, builder.marks, tuple(builder.doubtful))
    return Reading(doc, tuple(builder.findings))


def _places(marks: Any) -> Any:
    if isinstance(marks, dict):
        return {key: _place(*each) for key, each in marks.items()}
    return [_place(*each) for each in marks] if isinstance(marks, list) else None


def _place(key: Any, value: Any, inside: Any) -> Place:
    return Place(key.line, key.column, value.line, value.column, _places(inside))


def is_doubtful(text: str) -> bool:
    """Whether YAML tools disagree on `text` as a bare value."""
    return bool(_DOUBTFUL.match(text))


def _finding(where: Location, rule: str, message: str, hint: str = "") -> Finding:
    return Finding(where, rule, message, hint=hint)


class _Refused(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.rule)
        self.finding = finding


def _text(file: str, raw: bytes) -> tuple[str, Finding | None]:
    """Decode, normalise line ends, and refuse what must not reach the parser."""
    if len(raw) > MAX_BYTES:
        message = f"the file has {len(raw):,} bytes, more than {MAX_BYTES:,}"
        return "", _finding(Location(file), "file-too-large", message)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        where = Location(file, line, column)
        return "", _finding(
            where, "not-utf-8", "the file is not UTF-8 text", "save it again as UTF-8"
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not text.endswith("\n"):
        text += "\n"
    if refusal := _invisible(file, text):
        return "", refusal
    if text.find("<<<<<<< ") >= 0 and (match := _CONFLICT.search(text)):
        hint = "keep the right lines, and delete the others and the marker lines"
        where = _spot(file, text, match.start())
        return "", _finding(where, "git-conflict", "two versions of this record met here", hint)
    if (text[:1] == "%" or "\n%" in text) and (match := _DIRECTIVE.search(text)):
        where = _spot(file, text, match.start())
        return "", _finding(where, "directive", "a line begins with %", "indent or quote the text")
    return text, None


def _invisible(file: str, text: str) -> Finding | None:
    """The first character that cannot be seen, or looks like something else."""
    # Most texts have nothing of the sort, and that is soon told.
    if text.isascii() and not text.encode().translate(None, _SEEN):
        return None
    if text.replace("\n", "").isprintable():
        return None
    if match := _forbidden().search(text):
        rule, message, hint = _control(match[0])
        return _finding(_spot(file, text, match.start()), rule, message, hint)
    if (tab := text.find("\t")) >= 0:
        hint = "put spaces in its place"
        return _finding(_spot(file, text, tab), "tab", "found a tab", hint)
    return None


@cache
def _forbidden() -> re.Pattern[str]:
    return re.compile(_FORBIDDEN)


def _control(character: str) -> tuple[str, str, str]:
    code = f"U+{ord(character):04X}"
    return "control-character", f"found the invisible character {code}", "delete it"


def _spaced(words: str) -> str:
    """A pattern for words with any white space between them."""
    return r"\s+".join(map(re.escape, words.split()))


def _spot(file: str, text: str, index: int) -> Location:
    start = text.rfind("\n", 0, index) + 1
    return Location(file, text.count("\n", 0, index) + 1, index - start + 1)


def _syntax(file: str, error: yaml.MarkedYAMLError) -> Finding:
    """A fault of YAML itself, at the place where it began rather than where it was noticed."""
    problem, context = error.problem or "", error.context or ""
    began_before = "parsing a flow" in context or "simple key" in context or "stream" in problem
    mark = (error.context_mark if began_before else None) or error.problem_mark
    where = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file)
    hint = next((h for p, h in _PLAIN_HINTS.items() if p in problem), "")
    message = "this cannot be read" if hint else f"this cannot be read: {problem or 'damaged'}"
    return _finding(where, "yaml-syntax", message, hint or "put a text in quotes, or under `|`")


class _Builder:
    """Turns libyaml's events into data and marks; findings that do not stop it are collected."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.doubtful: list[Pointer] = []
        self.data: Any = None
        self.marks: Any = None

    def run(self, text: str) -> None:
        """Read a text; of what a whole service costs to check this loop is the largest part."""
        next_event: Any = CParser(text).get_event
        next_event()  # stream start
        if isinstance(next_event(), StreamEndEvent):
            return
        data: Any = None  # the collection that is being read, and in a mapping the key whose value comes next
        marks: Any = None
        key = key_mark = None
        is_kept = True  # not below a key that was given before
        around: list[_Open] = []
        nodes = 0
        while True:
            event = next_event()
            kind = type(event)
            inside: Any = None
            if kind is ScalarEvent:
                value = event.value
                if event.style == '"' and not value.isprintable():
                    self._refuse_hidden(event)
                if key is None and type(data) is dict:
                    nodes += 1
                    if nodes > MAX_NODES or event.anchor is not None or event.tag is not None:
                        self._refuse_node(event)
                    if value[:1] in _SPECIAL and event.implicit[0] and _is_no_word(value):
                        self._refuse_key(event)
                    key, key_mark = value, event.start_mark
                    continue
                if value[:1] in _SPECIAL and event.implicit[0]:
                    if value in _NULL:
                        value = None
                    elif _INT.match(value) and value != "-0":
                        value = int(value)
                    elif _DOUBTFUL.match(value) and is_kept and (key is None or key not in data):
                        self.doubtful.append(
                            _pointer([*around, (data, marks, key, key_mark, True)])
                        )
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                value, inside = ({}, {}) if kind is MappingStartEvent else ([], [])
                if len(around) >= MAX_DEPTH:
                    self._refuse(event, "too-deep", f"nested more than {MAX_DEPTH} levels deep")
                if key is None and type(data) is dict:
                    problem = "a list or mapping stands where a key should be"
                    self._refuse(event, "key-not-text", problem)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                data, marks, key, key_mark, is_kept = around.pop()
                continue
            elif kind is AliasEvent:
                self._refuse(event, "anchor", "found an alias", "write the text out, or quote it")
            else:
                break  # the end of the document
            nodes += 1
            if nodes > MAX_NODES or event.anchor is not None or event.tag is not None:
                self._refuse_node(event)
            mark = event.start_mark
            was_kept = is_kept
            if key is not None:
                if key in data:
                    self._tell_twice(key_mark, marks[key][0])
                    is_kept = is_kept and inside is None
                else:
                    data[key] = value
                    marks[key] = (key_mark, mark, inside)
                key = None
            elif data is not None:
                data.append(value)
                marks.append((mark, mark, inside))
            else:
                self.data, self.marks = value, inside
            if inside is not None:
                around.append((data, marks, key, key_mark, was_kept))
                data, marks = value, inside
        if not isinstance(event := next_event(), StreamEndEvent):
            hint = "keep one record in a file"
            self._refuse(event, "second-document", "a second document begins here", hint)

    def _refuse(self, event: Any, rule: str, message: str, hint: str = "") -> NoReturn:
        raise _Refused(_finding(self._at(event.start_mark), rule, message, hint))

    def _refuse_node(self, event: Any) -> NoReturn:
        if event.anchor is not None:
            self._refuse(event, "anchor", "found an anchor", "quote a text that begins with &")
        if event.tag is not None:
            self._refuse(event, "tag", "found a tag", "quote a text that begins with !")
        self._refuse(event, "too-many-parts", f"more than {MAX_NODES:,} keys and values")

    def _refuse_key(self, event: Any) -> NoReturn:
        hint = "every key is a word of the schema"
        self._refuse(event, "key-not-text", "a key that YAML tools do not read as text", hint)

    def _refuse_hidden(self, event: Any) -> None:
        """Refuse a text in double quotes in which an escape stands for what cannot be seen."""
        if found := _forbidden().search(event.value):
            rule, message, hint = _control(found[0])
            self._refuse(event, rule, message + " in an escape", hint)

    def _at(self, mark: Any) -> Location:
        return Location(self.file, mark.line + 1, mark.column + 1)

    def _tell_twice(self, mark: Any, first: Any) -> None:
        hint = f"it stands in line {first.line + 1} too: keep one of the two"
        problem = "this key is given twice in one place"
        found = _finding(self._at(mark), "duplicate-key", problem, hint)
        if len(self.findings) >= MAX_FAULTS:
            raise _Refused(found)  # a text whose every line was taken for a key
        self.findings.append(found)


_Open = tuple[Any, Any, str | None, Any, bool]
"""A collection that is open: its data, its marks, the key whose value comes next, where that stands, and
whether it is kept."""


def _pointer(open_now: list[_Open]) -> Pointer:
    """The pointer of the value that comes next, through the collections that are open."""
    inside = (each for each in open_now if each[0] is not None)
    return tuple(len(data) if key is None else key for data, _, key, _, _ in inside)


def _is_no_word(key: str) -> bool:
    return _is_nothing_or_doubtful(key) if len(key) <= _KEY else is_doubtful(key)


@lru_cache(maxsize=1024)  # the same few keys stand in every record
def _is_nothing_or_doubtful(key: str) -> bool:
    return key in _NULL or is_doubtful(key)


# How a bare value begins that is anything else than text to some YAML tool; "" is one that is empty.
_SPECIAL = frozenset(("", *"yYnNoOtTfF0123456789+-.=<~"))
