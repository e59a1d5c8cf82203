"""Small edits: only what must change changes, and what is written reads back as it was meant."""

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from arpc import meaning, yamldoc, yamltext

RECORD = """\
session: arpc/1   # a comment that stays
id: N-001
status: draft                   # draft, final, superseded

note: |
  First line.

statements:
  # the first
  - said: hello
    asked: Tell me.
  - id: S4
    told: She said so.
  - {told: He agreed.}
  -   id:
      observed: He looked away.
thinking: |
  Mine.
"""


def doc_of(text: str) -> yamldoc.YamlDoc:
    doc = yamldoc.read("x.yaml", text.encode("utf-8")).doc
    assert doc is not None
    return doc


def test_new_statements_get_the_next_numbers_and_nothing_else_changes() -> None:
    text, new = yamltext.number_entries(doc_of(RECORD), {"statements": "S"})
    assert new == ["S5", "S6", "S7"]
    assert text == RECORD.replace("  - said: hello", "  - id: S5\n    said: hello").replace(
        "{told", "{id: S6, told"
    ).replace("id:\n", "id: S7\n")
    assert [e["id"] for e in doc_of(text).data["statements"]] == ["S5", "S4", "S6", "S7"]


def test_numbering_twice_changes_nothing_more() -> None:
    once, _ = yamltext.number_entries(doc_of(RECORD), {"statements": "S"})
    assert yamltext.number_entries(doc_of(once), {"statements": "S"}) == (once, [])


def test_a_value_is_set_in_its_place_with_its_comment_or_at_the_end() -> None:
    text = yamltext.set_top(doc_of(RECORD), {"status": "final"})
    assert text == RECORD.replace("status: draft ", "status: final ")
    assert (
        yamltext.set_top(doc_of(RECORD), {"written": "2026-03-04 17:20"})
        == RECORD + "written: 2026-03-04 17:20\n"
    )


printable = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"))
)


@settings(max_examples=400, derandomize=True, database=None)
@given(printable)
def test_what_is_written_as_a_value_is_read_back_by_us_and_by_others(value: str) -> None:
    text = f"key: {yamltext.scalar(value)}\n"
    doc = doc_of(text)
    assert doc.data == {"key": value}
    assert doc.doubtful == ()
    assert YAML(typ="safe", pure=True).load(text) == {"key": value}


def test_layout_order_comments_and_status_do_not_change_what_a_record_means() -> None:
    first = doc_of(
        "session: arpc/1\nid: N-001\nstatus: draft\nnote: |\n  One.\n  Two.\nwho: [P-01]\nnext:\n"
    ).data
    second = doc_of(
        "# c\nwho:\n  - P-01\nid: N-001\nsession: arpc/1\nstatus: final\nnote: |\n\n  One.  \n  Two.\n\n"
    ).data
    assert meaning.digest(first, ()) == meaning.digest(second, ())
    assert meaning.digest(first, ()) != meaning.digest({**second, "note": "One. Two."}, ())
