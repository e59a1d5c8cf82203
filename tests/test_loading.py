"""A case folder as it is read: every file is looked at, none stops the others, and each is named for what it is."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from arpc import kinds, loading, yamldoc
from arpc.errors import ArpcError
from arpc.records import Person
from arpc.sealing.form import Key
from tests.conftest import CASE_ID, MakeCase, with_header
from tests.sealed import SECRET

KEY = Key(CASE_ID, 1, SECRET)
RUBY = "name: Ruby Osei\nroles: [child]\n"


def found(loaded: loading.Loaded) -> list[tuple[str, str]]:
    return [(finding.where.file, finding.rule) for finding in loaded.findings]


def folder_of(loaded: loading.Loaded, tmp_path: Path) -> Path:
    assert loaded.file.case
    return tmp_path / CASE_ID


@pytest.fixture
def case(make_case: MakeCase, tmp_path: Path) -> Path:
    """A case with a person in it."""
    return folder_of(make_case({"people/P-03.yaml": RUBY}), tmp_path)


def test_each_file_that_is_not_as_it_should_be_is_named_for_what_it_is(case: Path) -> None:
    (case / "people" / "P-04.yml").write_text("x: 1\n")
    (case / "people" / "Ruby.yaml").write_text("x: 1\n")
    (case / "notes.txt").write_text("x\n")
    (case / "people" / "P-05.yaml").mkdir()
    (case / "people" / "P-06.yaml").write_text("session: arpc/1\n")
    (case / "people" / "P-07.yaml").write_text("name: [\n")
    (case / "people" / "P-08.yaml").write_bytes(KEY.seal(RUBY.encode()))
    (case / "documents").mkdir()
    (case / "documents" / "D-01.pdf").write_bytes(b"%PDF")
    (case / "documents" / "D-01.yml").write_bytes(b"x: 1\n")
    for hidden in (".P-09.yaml", "people/.P-09.yaml", "out/report.md"):
        (case / hidden).parent.mkdir(exist_ok=True)
        (case / hidden).write_text("x\n")
    loaded = loading.load(case, f"cases/{CASE_ID}")
    start = f"cases/{CASE_ID}/"
    assert [(name.removeprefix(start), rule) for name, rule in found(loaded)] == [
        ("documents/D-01.yml", "file-of-no-kind"),
        ("notes.txt", "file-of-no-kind"),
        ("people/P-04.yml", "file-of-no-kind"),
        ("people/P-05.yaml", "not-a-plain-file"),
        ("people/P-06.yaml", "wrong-kind-of-record"),
        ("people/P-07.yaml", "yaml-syntax"),
        ("people/Ruby.yaml", "file-of-no-kind"),
        ("people/P-08.yaml", "locked"),
    ]
    assert (loaded.files, loaded.is_locked) == (6, False)
    hints = {f.where.file.removeprefix(start): f.hint for f in loaded.findings}
    assert hints["people/P-04.yml"] == "call it .yaml, not .yml"
    assert hints["people/Ruby.yaml"].startswith("records lie in their kind's folder")
    assert "begin with `person: arpc/1`" in hints["people/P-06.yaml"]
    assert "`git checkout -- FILE`" in hints["people/P-08.yaml"]


def test_what_was_signed_and_its_signature_are_two_files(case: Path) -> None:
    (case / "signed").mkdir()
    for name in ("case.mt.1.txt", "case.mt.1.txt.sig", "J-01.mt.1.txt", "J-01.bo.2.txt.sig"):
        (case / "signed" / name).touch()
    loaded = loading.load(case, "")
    assert [(f.where.file, f.rule, f.message.split(",")[0]) for f in loaded.findings] == [
        ("signed/J-01.bo.2.txt.sig", "signed-in-part", "this is a signature"),
        ("signed/J-01.mt.1.txt", "signed-in-part", "this was signed"),
    ]


def test_what_the_computer_does_not_give_is_named(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = os.open

    def refused(path: str | Path, *rest: int) -> int:
        if Path(path).name == "P-03.yaml":
            raise PermissionError(errno.EACCES, "Permission denied")
        return given(path, *rest)

    monkeypatch.setattr(os, "open", refused)
    loaded = loading.load(case, "")
    assert found(loaded) == [("people/P-03.yaml", "not-readable")]
    assert loaded.findings[0].message == "this cannot be read: Permission denied"


def test_a_case_that_is_locked_says_so_once_and_one_that_is_half_open_for_each_file(
    case: Path,
) -> None:
    record, person = case / "case.yaml", case / "people" / "P-03.yaml"
    record.write_bytes(KEY.seal(record.read_bytes()))
    half = loading.load(case, "")
    assert loading.is_locked(case)
    assert (half.is_locked, found(half)) == (False, [("case.yaml", "locked")])
    assert "`git checkout -- FILE`" in half.findings[0].hint
    person.write_bytes(KEY.seal(person.read_bytes()))
    whole = loading.load(case, "")
    assert (whole.is_locked, found(whole)) == (True, [("case.yaml", "locked")])
    assert whole.findings[0].hint == "`arpc unlock`, if you work on this case"


def test_without_its_own_record_it_is_a_case_all_the_same(case: Path) -> None:
    (case / "case.yaml").unlink()
    loaded = loading.load(case, ".")
    assert found(loaded) == [("case.yaml", "no-case-record")]
    assert not loading.is_locked(case)
    assert loading.is_case_folder(case)
    assert loading.case_around(case / "people") == case
    assert loading.case_around(case.parent) is None


def test_only_the_kinds_that_are_asked_for_are_read(case: Path) -> None:
    (case / "people" / "P-04.yaml").write_text("name: [\n")
    assert loading.load(case, "", only=("case",)).findings == ()
    loaded = loading.load(case, "", only=("case", "person"))
    assert found(loaded) == [("people/P-04.yaml", "yaml-syntax")]
    given = [("case.yaml", (case / "case.yaml").read_bytes()), ("notes.txt", b"x")]
    assert loading.load(case, "", only=("case",), files=given).files == 1
    assert found(loading.load(case, "", files=given)) == [("notes.txt", "file-of-no-kind")]


def test_a_file_beside_a_record_is_known_by_its_digest_and_one_that_is_not_there_has_none(
    case: Path,
) -> None:
    (case / "documents").mkdir()
    (case / "documents" / "D-01.pdf").write_bytes(b"%PDF")
    digest_of = loading.load(case, "").file.digest_of
    assert digest_of("documents/D-01.pdf") == f"sha256:{hashlib.sha256(b'%PDF').hexdigest()}"
    assert digest_of("documents/D-02.pdf") == ""
    assert loading.load_from(CASE_ID, [], "").file.digest_of("documents/D-01.pdf") is None


def test_ids_are_counted_on_from_the_highest_that_is_sound(case: Path) -> None:
    person = kinds.kind("person")
    (case / "people" / "P-100x.yaml").touch()
    assert loading.next_record_id(case, person) == "P-04"
    (case / "people" / "P-17.yaml").touch()
    assert loading.next_record_id(case, person) == "P-18"


def test_of_files_of_many_cases_those_of_one_are_what_a_case_folder_holds() -> None:
    inner = {"case.yaml": b"1", "people/P-03.yaml": b"2", "documents/D-01.pdf": None}
    left = {"out/report.md": b"3", ".arpc.lock": b"", "people/.P-03.yaml.tmp": b""}
    files = {f"cases/{CASE_ID}/{name}": raw for name, raw in {**inner, **left}.items()}
    beside = {f"cases/{CASE_ID}X/case.yaml": b"4", "service.yaml": b"5"}
    assert loading.below(f"cases/{CASE_ID}", {**files, **beside}) == inner


def test_what_was_read_is_written_over_only_while_it_is_what_it_was(case: Path) -> None:
    path = case / "people" / "P-03.yaml"
    doc = yamldoc.read("P-03.yaml", path.read_bytes()).doc
    assert doc
    windows = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(windows)  # other line ends say nothing else
    assert loading.unchanged(path, doc) == windows
    for then in (with_header("people/P-03.yaml", RUBY + "born: 2017-05\n"), "name: [\n", None):
        path.unlink()
        if then:
            path.write_text(then)
        with pytest.raises(ArpcError, match=r"P-03\.yaml was changed meanwhile"):
            loading.unchanged(path, doc)
        path.touch()


@pytest.mark.parametrize("name", ["P-03 (LK's copy).yaml", "P-03-DESKTOP.yaml", "P-03b.yaml"])
def test_a_copy_of_a_record_under_another_name_is_not_taken_for_it(case: Path, name: str) -> None:
    there = case / "people/P-03.yaml"
    there.with_name(name).write_text(there.read_text("utf-8").replace("Ruby Osei", "Ruby"), "utf-8")
    file = loading.load(case, "").file
    assert [each.doc.file for each in file.records][-1] == f"people/{name}"
    assert [person.name for person in file.people] == ["Ruby Osei"]
    assert file.places["P-03"] is file.person("P-03") is file.of(Person)[0]
