"""Ids and references: everything that is cited exists, once, where it says it is."""

from collections.abc import Iterator

from arpc.casefile import CaseFile
from arpc.citing import Named, named_in_prose, references
from arpc.findings import Gate, Severity
from arpc.ids import is_case_id
from arpc.kinds import kind_of_id
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Case, entries_with_ids
from arpc.sources import INFERENCE

_SECTIONS = (12, 15, 17, 18, 20, 22, 25, 31, 37, 38, 39, 41, 44, 46, 47, 76, 117, 136)
"""Sections of Acts that are written "(S47)" too: a statement's number only where there are that many."""


@rule(INFERENCE, never=True)
def broken_reference(as_of: AsOf) -> Iterator[Problem]:
    """Something is cited that does not exist.

    A conclusion that cites nothing rests on nothing. Most often the id has a slip in it, or the
    statement was never numbered.
    """
    known = _known(as_of.file)
    for record in as_of.file.records:
        for reference in references(record):
            if reference.target in known or as_of.file.is_damaged(reference.record):
                continue
            hint = "look it up with `arpc status`; `arpc edit` numbers new statements"
            where = record.at(*reference.pointer, value=True)
            yield Problem(where, f"{reference.text} does not exist in this case", hint)


@rule(INFERENCE, Severity.WARNING, Gate.FINISH)
def broken_reference_in_prose(as_of: AsOf) -> Iterator[Problem]:
    """A note or an opinion names a record or a statement that does not exist.

    "(S9)" sends the reader to what somebody said. Where no S9 is, most often because it was given
    another number or taken out, nobody can tell any more what was meant.
    """
    file = as_of.file
    known = _known(file)
    for record in file.records:
        for named in named_in_prose(record):
            if known.isdisjoint(named.targets) and _leads_nowhere(named, file):
                where = record.doc.locate_words(named.pointer, named.text, after=named.after)
                inside = "this case" if "-" in named.text else " or ".join(named.records)
                hint = "name what is meant by the number that it has now"
                yield Problem(where, f"{named.text} does not exist in {inside}", hint)


@rule(INFERENCE, never=True)
def id_given_twice(as_of: AsOf) -> Iterator[Problem]:
    """Two statements or entries of one record have the same id.

    A citation of that id could mean either of them.
    """
    for record in as_of.file.records:
        seen: set[tuple[str | int, str]] = set()
        for entry_id, pointer in entries_with_ids(record):
            if (pointer[0], entry_id) in seen:
                hint = "delete the newer id and let `arpc edit` number it"
                yield Problem(
                    record.at(*pointer, "id"), f"{entry_id} stands twice in {record.id}", hint
                )
            seen.add((pointer[0], entry_id))


@rule(INFERENCE)
def id_not_as_file(as_of: AsOf) -> Iterator[Problem]:
    """A record's id is not the name of its file.

    Records are found by their file's name and cited by their id, so the two have to agree.
    """
    sound = {record.id for record in as_of.file.records if record.is_where_its_id_says}
    for record in as_of.file.records:
        name = record.doc.file.rpartition("/")[2].removesuffix(".yaml")
        # Where the id has a file of its own, two records have one id, which is another matter.
        if not isinstance(record, Case) and record.id not in sound:
            yield Problem(
                record.at("id", value=True), f"the file is called {name}, the record {record.id}"
            )


@rule(INFERENCE, never=True)
def record_of_another_case(as_of: AsOf) -> Iterator[Problem]:
    """A record belongs to another case than the folder it lies in.

    A misfiled record is read by the wrong people and missed by the right ones.
    """
    folder = as_of.file.name
    case_id = folder if is_case_id(folder) else as_of.file.id
    for record in as_of.file.records:
        key = "id" if isinstance(record, Case) else "case"
        found = str(record.data.get(key))
        if found != case_id:
            where = record.at(key, value=True)
            yield Problem(where, f"the record says {found}, the folder {case_id}")
        elif isinstance(record, Case) and not is_case_id(found):
            where = record.at(key, value=True)
            yield Problem(where, f"{found} is not a case id: its check symbol is wrong")


def _known(file: CaseFile) -> set[str]:
    return set(file.places) | {damaged.id for damaged in file.damaged}


def _leads_nowhere(named: Named, file: CaseFile) -> bool:
    """Whether an id that is not known was meant for one of this case, and is not merely out of reach."""
    moved = {moved for case in file.of(Case) for moved in case.moved_out}
    if any(file.is_damaged(each) or each in moved for each in named.records):
        return False
    if "-" in named.text:
        return kind_of_id(named.text) is not None
    numbers = [
        int(entry[1:])
        for place in file.places
        if (home := place.partition("#"))[0] in named.records and (entry := home[2])[:1] == "S"
    ]
    number = int(named.text[1:])
    return bool(numbers) and (number not in _SECTIONS or number < max(numbers))
