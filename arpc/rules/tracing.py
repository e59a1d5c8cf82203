"""From a conclusion down to what it rests on in the end."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from arpc.casefile import CaseFile
from arpc.ids import Citation, parse_citation
from arpc.records import Analysis, Entry, Record, Statement


class End(NamedTuple):
    """Where a chain of citations ends; `entry` is None where nothing is there."""

    citation: Citation
    entry: Entry | None


def ends(file: CaseFile, analysis: Analysis, cited: Iterable[Citation]) -> Iterator[End]:
    """Yield the statements and records that `cited` comes down to, through factors and judgements."""
    waiting = [*cited]
    seen: set[Citation] = set()
    while waiting:
        citation = waiting.pop()
        if citation in seen:
            continue
        seen.add(citation)
        entry = file.cited(citation, analysis)
        deeper = _cited_by(entry) if entry and not isinstance(entry, Statement | Record) else ()
        if deeper:
            waiting += deeper
        else:
            yield End(citation, entry)


def _cited_by(entry: Entry) -> tuple[Citation, ...]:
    texts = [text for key in ("rests_on", "for", "against") for text in entry.data.get(key) or ()]
    return tuple(c for text in texts if (c := parse_citation(text)))
