"""Each rule: documented, sourced, and shown by the smallest case that breaks it and one that keeps it."""

from pathlib import Path

import pytest

from arpc import checking, loading, rules
from arpc.findings import Finding, Gate
from arpc.provisions import Rule
from arpc.service import open_service
from tests.conftest import EXAMPLES, TODAY

FOLDER = EXAMPLES / "rules"
BY_HAND = "called-final-by-hand"  # as everything here is
every_rule = pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.id)


def found_in(folder: Path) -> list[Finding]:
    [case] = [path for path in folder.iterdir() if path.is_dir()]
    loaded = loading.load(case, case.name)
    return checking.check_case(loaded, TODAY, open_service(folder).service).findings


@every_rule
def test_a_rule_says_what_it_finds_why_it_matters_and_where_that_comes_from(rule: Rule) -> None:
    assert rule.title, "the docstring's first line states the problem"
    assert len(rule.rationale.split()) >= 8, "the rest says why it matters"
    assert str(rule.source)


@every_rule
def test_the_smallest_case_that_breaks_a_rule_is_found_at_the_right_place(
    rule: Rule, golden
) -> None:
    lines = [
        str(f) + (f"\n    hint: {f.hint}" if f.hint else "")
        for f in sorted(found_in(FOLDER / rule.id / "breaks"))
        if f.rule == rule.id
    ]
    assert lines
    golden(FOLDER / rule.id / "expected.txt", "\n".join(lines) + "\n")


@every_rule
def test_a_case_that_breaks_one_rule_is_otherwise_sound(rule: Rule) -> None:
    found = found_in(FOLDER / rule.id / "breaks")
    assert [f for f in found if f.gate is Gate.NOW and f.rule not in (rule.id, BY_HAND)] == []


@every_rule
def test_the_nearest_case_that_keeps_a_rule_is_left_alone(rule: Rule) -> None:
    found = found_in(FOLDER / rule.id / "keeps")
    assert [f for f in found if f.rule == rule.id] == []
    assert [f for f in found if f.gate is Gate.NOW and f.rule != BY_HAND] == []


def test_there_is_a_folder_for_each_rule_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {rule.id for rule in rules.ALL}


def test_no_two_rules_have_one_id() -> None:
    ids = [rule.id for rule in rules.ALL]
    assert len(ids) == len(set(ids))
