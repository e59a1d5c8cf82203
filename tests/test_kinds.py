"""The kinds: schema, class, file pattern and draft agree, and every field is described."""

import json
from datetime import date

import jsonschema
import pytest

from arpc import drafting, kinds, resources, schema, yamldoc
from arpc.kinds import Kind
from arpc.records import CLASSES, Entries, Entry, Read

every_kind = pytest.mark.parametrize(
    "kind",
    [*kinds.all_kinds(), *map(kinds.kind, (*kinds.LEDGERS, *kinds.OF_SERVICE))],
    ids=lambda k: k.name,
)
written_kind = pytest.mark.parametrize(
    "kind", [*kinds.all_kinds(), kinds.kind("service")], ids=lambda k: k.name
)
case_kind = pytest.mark.parametrize("kind", kinds.all_kinds(), ids=lambda k: k.name)


def leaves(kind: Kind):
    for field in kind.fields.values():
        items = field.schema.get("items", {})
        if field.path[-1] != "*" and "properties" not in field.schema and "properties" not in items:
            yield field


@every_kind
def test_every_field_has_a_title_and_a_description_and_every_leaf_an_example_and_a_sensitivity(
    kind: Kind,
) -> None:
    for field in kind.fields.values():
        if field.path[-1] != "*":
            assert field.schema.get("title"), field.path
            assert field.schema.get("description"), field.path
    for field in leaves(kind):
        assert field.example is not None, field.path
        assert field.schema.get("x-arpc-sensitivity") in ("none", "identifying", "harmful"), (
            field.path
        )


@every_kind
def test_every_example_satisfies_its_own_field(kind: Kind) -> None:
    checker = jsonschema.FormatChecker()
    for field in leaves(kind):
        jsonschema.Draft202012Validator(field.schema, format_checker=checker).validate(
            field.example
        )


@every_kind
def test_schemas_are_valid_closed_and_ask_only_for_the_header(kind: Kind) -> None:
    jsonschema.Draft202012Validator.check_schema(kind.schema)
    for field in kind.fields.values():
        if "properties" in field.schema:
            assert field.schema["additionalProperties"] is False, field.path
            assert "required" not in field.schema, field.path
    assert kind.schema["additionalProperties"] is False
    header = {"id", "case", "date", "author", "status", kind.name}
    assert set(kind.schema["required"]) <= header


@written_kind
def test_in_every_field_after_the_header_nothing_means_not_yet_written(kind: Kind) -> None:
    for field in leaves(kind):
        in_header = field.path[0] in kind.schema["required"]
        if not in_header and field.path != ("staff", "*", "code"):
            jsonschema.Draft202012Validator(field.schema).validate(None)


@every_kind
def test_every_permission_word_reads_the_same_in_every_yaml_tool_or_is_an_answer(
    kind: Kind,
) -> None:
    for field in kind.fields.values():
        for word in field.words:
            assert not yamldoc.is_doubtful(word) or word in ("yes", "no"), (field.path, word)


@every_kind
def test_no_key_is_a_word_that_yaml_tools_read_as_something_else(kind: Kind) -> None:
    for path in kind.fields:
        assert not yamldoc.is_doubtful(path[-1]) or path[-1] == "*", path


def test_there_is_one_schema_one_class_and_one_place_for_each_kind() -> None:
    files = {
        path.name.removesuffix(".schema.json")
        for path in resources.folder("schemas").glob("*.json")
    }
    assert files == {*kinds.NAMES, *kinds.LEDGERS, *kinds.OF_SERVICE, "common"}
    assert tuple(cls.of for cls in CLASSES) == kinds.NAMES
    prefixes = [kind.prefix for kind in kinds.all_kinds()]
    assert len(prefixes) == len(set(prefixes))


def test_shared_parts_are_all_used() -> None:
    common = json.loads(
        (resources.folder("schemas") / "common.schema.json").read_text(encoding="utf-8")
    )
    everything = "".join(
        path.read_text(encoding="utf-8") for path in resources.folder("schemas").glob("*.json")
    )
    assert [name for name in common["$defs"] if f'#/$defs/{name}"' not in everything] == []


def _reads(cls: type[Entry], path: tuple[str, ...]):
    for name in dir(cls):
        found = getattr(cls, name)
        if isinstance(found, Read):
            yield (*path, *found.keys)
            if isinstance(found, Entries):
                yield from _reads(found.make, (*path, *found.keys, "*"))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.of)
def test_what_the_code_reads_of_a_kind_is_in_its_schema(cls: type[Entry]) -> None:
    kind = kinds.kind(cls.of)
    without_id = {path for path in _reads(cls, ()) if path[-1] != "id"}
    assert sorted(without_id - set(kind.fields)) == []


@case_kind
def test_a_draft_can_be_read_satisfies_its_schema_and_fits_a_screen(kind: Kind) -> None:
    record_id = kind.schema["properties"]["id"]["examples"][0]
    head = drafting.header(kind, record_id, "C-7K3Q9X2F", date(2026, 3, 4), "LK")
    text = drafting.draft(kind, head)
    reading = yamldoc.read("x.yaml", text.encode("utf-8"))
    assert reading.findings == ()
    assert reading.doc is not None
    assert schema.check(reading.doc, kind) == []
    assert max(map(len, text.splitlines())) <= 100
    assert "\n\n\n\n" not in text


@case_kind
def test_a_draft_names_every_field_that_a_person_may_write(kind: Kind) -> None:
    record_id = kind.schema["properties"]["id"]["examples"][0]
    head = drafting.header(kind, record_id, "C-7K3Q9X2F", date(2026, 3, 4), "LK")
    text = drafting.draft(kind, head)
    for field in kind.top_fields:
        if field.path[0] not in drafting.WRITTEN_BY_ARPC:
            assert field.path[0] in text


def test_a_childs_session_draft_is_read_in_review(golden) -> None:
    from tests.conftest import ROOT

    kind = kinds.kind("session")
    head = drafting.header(kind, "N-007", "C-7K3Q9X2F", date(2026, 3, 4), "LK")
    text = drafting.draft(kind, {**head, "with": "child", "who": ["P-03"], "where": "school"})
    golden(ROOT / "tests/golden/draft-child-session.yaml", text)


def test_a_draft_of_a_child_not_interviewed_asks_who_agreed_and_not_for_an_interview() -> None:
    kind = kinds.kind("session")
    head = drafting.header(kind, "N-007", "C-7K3Q9X2F", date(2026, 3, 4), "LK")
    text = drafting.draft(kind, {**head, "with": "child", "not_seen": "too_young"})
    assert "\nagreed_by:" in text and "\ninstead:" in text
    assert "\nalone:" not in text and "\nexplained:" not in text
