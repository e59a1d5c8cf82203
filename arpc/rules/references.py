"""Ids and references: everything that is cited exists, once, where it says it is."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from arpc.casefile import CaseFile
from arpc.citing import references
from arpc.ids import is_case_id
from arpc.provisions import AsOf, Problem, rule
from arpc.records import Case, entries_with_ids
from arpc.sources import INFERENCE


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
        name = PurePosixPath(record.doc.file).stem
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
