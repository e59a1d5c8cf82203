"""The last look at a copy before it is written: does it show what its reader may not see?

A report leaves out what is withheld when it is built. But people also write such things into prose
that is printed: an address into the reason for a referral, a child's words into the analysis. So the
finished files are searched for the names, addresses, telephone numbers, dates of birth and words that
their reader may not see. That five words in a row are a quotation is our inference.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple
from unicodedata import category, normalize

from arpc import audiences
from arpc.audiences import Reader
from arpc.casefile import CaseFile
from arpc.errors import ArpcError
from arpc.findings import Location
from arpc.provisions import AsOf
from arpc.records import Arrangement, Basis, Person, Statement
from arpc.wordlists import COMMON

Run = tuple[str, ...]

_RUN = 5  # so many words in a row are a quotation
_NAMED = 3  # places of such words, as many as are named
_LEAST = 3  # fewer words of anybody's are anybody's words
_EXACT = (
    re.compile(r"\+?[0-9](?:[ ()-]*[0-9]){6,}"),  # a telephone number
    re.compile(r"[^\s@]+@[^\s@]+\.[^\s@,;]+"),
    re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b"),  # a postcode
)
# Thai, Lao, Burmese, Khmer, Chinese and Japanese are written without spaces: each letter is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*")
_NO_GLYPH = re.compile(r"\[U\+([0-9A-F]{4,6})\]")  # how a PDF prints what its fonts lack
_UNREAD = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]|¶[0-9.]+")  # between words, or within
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


class Secret(NamedTuple):
    """Something that must not be printed."""

    what: str
    where: Location
    runs: frozenset[Run]
    """Words in a row, any one of which gives it away."""


class Readable(NamedTuple):
    """What gives nobody away, since the reader may know or read it anyway."""

    words: frozenset[str]
    """In names that the reader may know, and in what the reader may read."""
    said: tuple[Run, ...]
    """What the reader may read."""

    def holds(self, run: Run) -> bool:
        """Whether the reader may read these words in a row."""
        return any(run in _runs_of(text, {len(run)}) for text in self.said)


def refuse(as_of: AsOf, reader: Reader, texts: Iterable[str]) -> None:
    """Do nothing if the finished texts of a copy hold no secret.

    Args:
        as_of: The case, with everything in it.
        reader: Whom the copy is for.
        texts: Everything that the copy shows, and what it says of itself.

    Raises:
        ArpcError: They do; it names the record whose words they are, and those that repeat them.
    """
    leaked = find(as_of, reader, texts)
    if not leaked:
        return
    first, printed = next(iter(leaked.items()))
    more = f", and {len(leaked) - 1} more" if len(leaked) > 1 else ""
    message = f"nothing was written: the copy would show {first.what}, {first.where}{more}"
    places = [str(where) for where in _repeated(as_of.file, reader, first, printed)]
    repeated = ", ".join(places[:_NAMED])
    if len(places) > _NAMED:
        repeated += f" and {len(places) - _NAMED} other places"
    hint = f"the words stand in {repeated}" if repeated else "take the words out of what is printed"
    if first.what.startswith("the name"):
        hint += "; a part of a name that is an ordinary word goes under `ordinary` of that person"
    raise ArpcError(message, hint)


def find(as_of: AsOf, reader: Reader, texts: Iterable[str]) -> Mapping[Secret, frozenset[Run]]:
    """Return each secret that some texts show, with the words that show it."""
    sought = secrets(as_of, reader)
    lengths = {len(run) for secret in sought for run in secret.runs}
    printed: set[Run] = set()
    for text in texts:
        printed.update(_runs_in(text, lengths))
    return {secret: frozenset(secret.runs & printed) for secret in sought if secret.runs & printed}


def secrets(as_of: AsOf, reader: Reader) -> tuple[Secret, ...]:
    """Everything in a case that a copy for a reader must not show."""
    file = as_of.file
    found = chain(
        _names(file, reader, _readable(as_of, reader)),
        _births(file, reader),
        _addresses(file, _words_in(as_of.service.address)),
        _ways_to_reach(file),
        _words_withheld(file, reader),
    )
    return tuple(secret for secret in found if secret.runs)


def _names(file: CaseFile, reader: Reader, readable: Readable) -> Iterator[Secret]:
    """Names and nicknames of people whom the reader may not know, whole and in parts."""
    for person in file.people:
        if audiences.may_know(person, reader):
            continue
        ordinary = readable.words.union(*(words(word) for word in person.ordinary))
        for name in (person.name, *person.known_as):
            runs = {run for run in _parts_of_name(name, ordinary) if not readable.holds(run)}
            yield Secret(f"the name of {person.id}", person.at("name", value=True), frozenset(runs))


def _parts_of_name(name: str, ordinary: frozenset[str]) -> Iterator[Run]:
    whole = words(name)
    parts = [run for part in name.split() if (run := words(part))]
    if len(whole) > 1:
        yield whole
    for run in parts:
        is_telling = len("".join(run)) > 2 or len(parts) == 1
        if is_telling and not set(run) <= ordinary:
            yield run
            if f"{run[-1]}s" not in COMMON:
                yield (*run[:-1], f"{run[-1]}s")


def _readable(as_of: AsOf, reader: Reader) -> Readable:
    """What the reader may know and read; the names in what professionals read are still withheld."""
    cleared = audiences.shown(as_of.file, reader)
    said = tuple(
        words(f"{s.text} {s.asked}")
        for s in _all_statements(as_of.file)
        if reader.audience.is_family and audiences.may_read(s, reader, cleared)
    )
    known = [p for p in as_of.file.people if audiences.may_know(p, reader)]
    names = [name for person in known for name in (person.name, *person.known_as)]
    names += [person.alias for person in as_of.file.people]
    names += [member.name for member in as_of.service.staff]
    names += [as_of.service.name, as_of.service.address, as_of.file.case.authority]
    return Readable(frozenset(word for run in (*map(words, names), *said) for word in run), said)


def _births(file: CaseFile, reader: Reader) -> Iterator[Secret]:
    """Dates of birth: for the family those of others, for anybody those of people withheld."""
    for person in file.people:
        own = person.id == reader.person
        hidden = reader.audience.is_family or not audiences.may_know(person, reader)
        if person.born and hidden and not own:
            runs = frozenset(_ways_to_write(person.born.day, person.born.month, person.born.year))
            where = person.at("born", value=True)
            yield Secret(f"the date of birth of {person.id}", where, runs)


def _ways_to_write(day: int, month: int, year: int) -> Iterator[Run]:
    name = _MONTHS[month - 1]
    suffix = "th" if 10 <= day <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    for month_word in (name, name[:3]):
        for day_word in (f"{day}", f"{day:02}", f"{day}{suffix}"):
            yield (day_word, month_word, f"{year}")
            yield (month_word, day_word, f"{year}")
    yield (f"{day}{suffix}", "of", name, f"{year}")
    for d, m in ((f"{day}", f"{month}"), (f"{day:02}", f"{month:02}")):
        yield (d, m, f"{year}")
        yield (d, m, f"{year % 100:02}")
        yield (f"{year}", m, d)


def _addresses(file: CaseFile, open_words: frozenset[Run]) -> Iterator[Secret]:
    """House and street, and the postcode; a town alone says little, and authorities are called by it."""
    for home in file.of(Arrangement):
        parts = [words(part) for part in home.address.split(",")]
        runs = {part for part in parts if len(part) > 1 and any(map(_numbered, part))}
        yield Secret("an address", home.at("address", value=True), frozenset(runs - open_words))


def _ways_to_reach(file: CaseFile) -> Iterator[Secret]:
    for person in file.of(Person):
        exact = [m.group() for pattern in _EXACT for m in pattern.finditer(person.reached)]
        runs = {words(each) for each in exact} | {(_joined(each),) for each in exact}
        yield Secret("how somebody is reached", person.at("contact", value=True), frozenset(runs))


def _words_withheld(file: CaseFile, reader: Reader) -> Iterator[Secret]:
    """What the reader may not read, except words that the reader may read elsewhere."""
    kept: list[Statement] = []
    shown: set[Run] = set()
    cleared = audiences.shown(file, reader)
    for statement in _all_statements(file):
        if audiences.may_read(statement, reader, cleared):
            shown.update(_quotable(words(statement.text)))
        else:
            kept.append(statement)
    for statement in kept:
        where = statement.at(statement.form, value=True) if statement.form else statement.at()
        what = f"what is withheld in {statement.citation}"
        yield Secret(what, where, frozenset(_quotable(words(statement.text))) - shown)
    for added in (each for record in file.records for each in record.amendments):
        runs = frozenset((*_quotable(words(added.what)), *_quotable(words(added.why))))
        if not audiences.may_read_added(added, reader, cleared):
            what = f"what was added to {added.record.key} about what is withheld"
            yield Secret(what, added.at("what", value=True), runs - shown)
    if reader.audience.is_family:
        yield from (_informant(basis, shown) for basis in file.of(Basis))


def _informant(basis: Basis, shown: set[Run]) -> Secret:
    """Who said it and to whom, where that is told in words."""
    told = "" if basis.by.startswith("P-") else basis.by
    runs = {*_quotable(words(told)), *_quotable(words(basis.first_told))}
    return Secret(f"who told of {basis.id}", basis.at("by"), frozenset(runs - shown))


def _all_statements(file: CaseFile) -> Iterator[Statement]:
    """Those without a number too, since drafts are printed."""
    for record in file.records:
        statements: tuple[Statement, ...] = getattr(record, "statements", ())
        yield from statements


def _repeated(
    file: CaseFile, reader: Reader, secret: Secret, printed: frozenset[Run]
) -> Iterator[Location]:
    """Where in what the reader may see the words stand that were printed."""
    lengths = {len(run) for run in printed}
    for record in audiences.view(file, reader).file.records:
        for pointer, text in record.prose:
            where = record.doc.locate(pointer, value=True)
            if where != secret.where and not printed.isdisjoint(_runs_in(text, lengths)):
                yield where


def words(text: str) -> Run:
    """The words of a text, whatever their case and accents, and without an 's at their end."""
    whole = _NO_GLYPH.sub(lambda found: chr(int(found[1], 16)), text)
    plain = normalize("NFKD", _UNREAD.sub("", whole)).casefold()
    bare = "".join(c for c in plain if category(c) != "Mn").replace("’", "'")
    return tuple(word.removesuffix("'s") for word in _WORD.findall(bare))


def _words_in(text: str) -> frozenset[Run]:
    """Each part of an address that anybody may read."""
    return frozenset(words(part) for part in text.split(","))


def _quotable(said: Run) -> Iterator[Run]:
    """Each five running words, or all of them if there are fewer and still enough to know them by."""
    if len(said) >= _RUN:
        yield from (run for run in _runs_of(said, {_RUN}) if not COMMON.issuperset(run))
    elif len(said) >= _LEAST:
        yield said


def _runs_in(text: str, lengths: Iterable[int]) -> Iterator[Run]:
    """Every run of words in a text, and every telephone number without its gaps."""
    yield from _runs_of(words(text), lengths)
    yield from ((_joined(number),) for number in _EXACT[0].findall(text))


def _runs_of(said: Run, lengths: Iterable[int]) -> Iterator[Run]:
    for length in lengths:
        for start in range(len(said) - length + 1):
            yield said[start : start + length]


def _joined(text: str) -> str:
    """A number written without its gaps."""
    return "".join(filter(str.isalnum, text)).casefold()


def _numbered(word: str) -> bool:
    return any(map(str.isdigit, word))
