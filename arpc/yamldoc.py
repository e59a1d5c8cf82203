"""The one reader: bytes of a file to plain data and the place of every key and value.

libyaml's events become dicts, lists, text, whole numbers and None in one pass. What YAML tools
read differently, and what a record never needs, is refused with its line and column, so that a
record means the same to every reader for as long as it is kept.
"""

import re
from functools import cache
from typing import Any, NamedTuple

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from arpc.findings import Finding, Location, Pointer

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 24  # the deepest schema uses 5
MAX_NODES = 50_000
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
    "too-many-parts": "A record has at most 50,000 parts.",
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
    "exceeded maximum nesting depth": "there are too many open brackets: put the text in quotes",
}


class Place(NamedTuple):
    """Where a key or list item and its value begin (0-based), and the places inside the value."""

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
    places: Any
    doubtful: tuple[Pointer, ...]
    """Bare values that other YAML tools read differently; a schema may expect just that word."""

    def locate(self, pointer: Pointer, *, value: bool = False) -> Location:
        """Return where `pointer` stands: its key, or its value if asked for.

        Falls back to the nearest existing part above, so that a missing key has a place too.
        """
        inside, spot = self.places, None
        for step in pointer:
            try:
                spot = inside[step]
            except (KeyError, IndexError, TypeError):
                value = False
                break
            inside = spot.inside
        if spot is None:
            return Location(self.file, 1, 1, pointer)
        if value:
            return Location(self.file, spot.value_line + 1, spot.value_column + 1, pointer)
        return Location(self.file, spot.line + 1, spot.column + 1, pointer)

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
    doc = YamlDoc(file, text, builder.data, builder.places, tuple(builder.doubtful))
    return Reading(doc, tuple(builder.findings))


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
    if match := _DIRECTIVE.search(text):
        where = _spot(file, text, match.start())
        return "", _finding(where, "directive", "a line begins with %", "indent or quote the text")
    return text, None


def _invisible(file: str, text: str) -> Finding | None:
    """The first character that cannot be seen, or looks like something else."""
    if text.replace("\n", "").isprintable():  # most texts, without a look at each character
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
    return _finding(where, "yaml-syntax", message, hint)


class _Builder:
    """Turns libyaml's events into data and places; findings that do not stop it are collected."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.doubtful: list[Pointer] = []
        self.data: Any = None
        self.places: Any = None
        self._nodes = 0

    def run(self, text: str) -> None:
        parser = CParser(text)
        next_event = parser.get_event
        next_event()  # stream start
        event = next_event()
        if isinstance(event, yaml.StreamEndEvent):
            return
        # Each open collection: [data, places, key, key mark, path to it].
        stack: list[list[Any]] = []
        while True:
            event = next_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event, stack)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._open(event, stack, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
            elif kind is yaml.AliasEvent:
                self._refuse(event, "anchor", "found an alias", "write the text out, or quote it")
            else:
                break  # the end of the document
        if not isinstance(event := next_event(), yaml.StreamEndEvent):
            hint = "keep one record in a file"
            self._refuse(event, "second-document", "a second document begins here", hint)

    def _refuse(self, event: Any, rule: str, message: str, hint: str = "") -> None:
        raise _Refused(_finding(self._at(event.start_mark), rule, message, hint))

    def _at(self, mark: Any) -> Location:
        return Location(self.file, mark.line + 1, mark.column + 1)

    def _count(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse(event, "too-many-parts", f"more than {MAX_NODES:,} keys and values")
        if event.anchor is not None:
            self._refuse(event, "anchor", "found an anchor", "quote a text that begins with &")
        if event.tag is not None:
            self._refuse(event, "tag", "found a tag", "quote a text that begins with !")

    def _open(self, event: Any, stack: list[list[Any]], data: Any) -> None:
        self._count(event)
        if len(stack) >= MAX_DEPTH:
            self._refuse(event, "too-deep", f"nested more than {MAX_DEPTH} levels deep")
        if stack and type(stack[-1][0]) is dict and stack[-1][2] is None:
            self._refuse(event, "key-not-text", "a list or mapping stands where a key should be")
        places: Any = {} if type(data) is dict else []
        path = self._put(event, stack, data, places) if stack else ()
        if not stack:
            self.data, self.places = data, places
        stack.append([data, places, None, None, path])

    def _scalar(self, event: Any, stack: list[list[Any]]) -> None:
        self._count(event)
        text = event.value
        if event.style == '"' and not text.isprintable() and (found := _forbidden().search(text)):
            rule, message, hint = _control(found[0])
            self._refuse(event, rule, message + " in an escape", hint)
        if stack and type(stack[-1][0]) is dict and stack[-1][2] is None:
            self._key(event, stack[-1])
            return
        value: Any = text
        plain = event.implicit[0]
        doubtful = False
        if plain:
            if text in _NULL:
                value = None
            elif _INT.match(text) and text != "-0":
                value = int(text)
            elif text[0] in _DOUBTFUL_STARTS and _DOUBTFUL.match(text):
                doubtful = True
        if not stack:
            self.data = value
            return
        path = self._put(event, stack, value, None)
        if doubtful and path is not None:
            self.doubtful.append(path)

    def _key(self, event: Any, top: list[Any]) -> None:
        text = event.value
        if event.implicit[0] and (text in _NULL or _DOUBTFUL.match(text)):
            hint = "every key is a word of the schema"
            self._refuse(event, "key-not-text", "a key that YAML tools do not read as text", hint)
        top[2], top[3] = text, event.start_mark

    def _put(self, event: Any, stack: list[list[Any]], value: Any, inside: Any) -> Pointer | None:
        """Store a value in the collection on top of the stack; return its pointer.

        None for what stands under a key that was given before, or inside such a value: it is not kept.
        """
        data, places, key, key_mark, path = stack[-1]
        mark = event.start_mark
        if type(data) is list:
            data.append(value)
            places.append(Place(mark.line, mark.column, mark.line, mark.column, inside))
            return None if path is None else (*path, len(data) - 1)
        stack[-1][2] = None
        if key in data:
            first = places[key].line + 1
            hint = f"it stands in line {first} too: keep one of the two"
            where = self._at(key_mark)
            found = _finding(where, "duplicate-key", "this key is given twice in one place", hint)
            if len(self.findings) >= MAX_FAULTS:
                raise _Refused(found)  # a text whose every line was taken for a key
            self.findings.append(found)
            return None
        data[key] = value
        places[key] = Place(key_mark.line, key_mark.column, mark.line, mark.column, inside)
        return None if path is None else (*path, key)


_DOUBTFUL_STARTS = frozenset("yYnNoOtTfF0123456789+-.=<")
