"""What may lie where in a service folder, and that the list knows every kind of record."""

import pytest

from arpc import kinds, placing
from tests.conftest import ENGLAND, EXAMPLES

CASE = f"cases/{ENGLAND}"


def test_every_kind_of_record_and_ledger_has_its_place() -> None:
    for kind in kinds.all_kinds():
        name = kind.files.replace("*", "07")
        assert placing.is_of_case(f"{CASE}/{name}"), name
    for ledger in kinds.LEDGERS:
        assert placing.is_of_case(f"{CASE}/{ledger}.yaml")


def test_all_that_the_examples_hold_has_its_place() -> None:
    paths = [p.relative_to(EXAMPLES).as_posix() for p in (EXAMPLES / "cases").rglob("*.*")]
    assert [path for path in paths if not placing.has_place(path)] == []


@pytest.mark.parametrize(
    "path",
    [
        f"{CASE}/documents/D-01.pdf",
        f"{CASE}/sessions/N-015-2.m4a",
        f"{CASE}/reports/R-01.md",
        f"{CASE}/signed/R-01.practitioner.1.txt",
        f"{CASE}/signed/N-007.manager.12.txt.sig",
    ],
)
def test_what_lies_beside_a_record_is_called_by_its_id(path: str) -> None:
    assert placing.is_of_case(path)


@pytest.mark.parametrize(
    "path",
    [
        "cases/C-FK6SY95V/case.yaml",
        "cases/Osei/case.yaml",
        f"{CASE}/people/Ruby.yaml",
        f"{CASE}/people/N-001.yaml",
        f"{CASE}/sessions/N-Ruby.yaml",
        f"{CASE}/sessions/N-001.yml",
        f"{CASE}/sessions/N-001-1.yaml",
        f"{CASE}/documents/D-01-Ruby.pdf",
        f"{CASE}/documents/letter.pdf",
        f"{CASE}/documents/D-01.p d f",
        f"{CASE}/sessions/deep/N-001.yaml",
        f"{CASE}/../../service.yaml",
        f"{CASE}/.gitattributes",
        f"{CASE}/out/draft.pdf",
        "notes.txt",
        "access/people/0001.txt/x",
        "service.yaml\n",
    ],
)
def test_what_might_name_somebody_has_no_place(path: str) -> None:
    assert not placing.has_place(path)
