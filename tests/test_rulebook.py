"""The rulebook: every rule and clock, each with its source, as a document that a manager signs."""

import json
import re

from arpc import clocks, rulebook, rules
from arpc.findings import Gate, Severity
from arpc.service import Service, Stricter

EVERY = (*rules.ALL, *clocks.ALL)


def test_every_rule_and_clock_stands_in_it_once_with_its_reason_and_source() -> None:
    text = rulebook.to_markdown(Service())
    for each in EVERY:
        block = text.split(f"\n`{each.id}`\n")
        assert len(block) == 2, each.id
        assert f"- Source: {each.source}" in block[1].split("\n#")[0]


def test_no_text_is_cited_whose_wording_nobody_checked() -> None:
    text = rulebook.to_markdown(Service())
    for line in re.findall(r"^- Source: (.*)$", text, re.MULTILINE):
        for each in EVERY:
            if each.source.to_check:
                assert each.source.to_check not in line


def test_the_same_as_json() -> None:
    document = json.loads(rulebook.to_json(Service()))
    assert [each["id"] for each in document["rules"]] == [rule.id for rule in rules.ALL]
    assert [each["id"] for each in document["clocks"]] == [clock.id for clock in clocks.ALL]
    assert all(each["source"] and each["why"] for each in document["rules"])


def test_what_a_service_holds_to_more_strictly_is_said() -> None:
    rule = next(rule for rule in rules.ALL if rule.gate is Gate.ISSUE)
    service = Service(stricter={rule.id: Stricter(Severity.ERROR, Gate.NOW)})
    text = rulebook.to_markdown(service)
    assert "error (stricter in this service)\n- Counts: at once" in text
