"""What changed since a day, as one would tell a supervisor: real commits, and nothing left out."""

import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpc import differing, kinds, loading, records
from arpc.casefile import CaseFile
from arpc.differing import Change, Subject
from arpc.differing.comparing import differences
from arpc.findings import Pointer
from arpc.meaning import meaning
from arpc.records import CLASSES, Record
from tests.conftest import ENGLAND, EXAMPLES, ROOT, SCOTLAND, Run, change
from tests.test_history import commit, git

CASE = f"cases/{ENGLAND}"
GOLDEN = ROOT / "tests/golden/diff-month.txt"
LATER = ("--today", "2026-07-08")


@pytest.fixture
def kept(practice: Path) -> Path:
    """The practice folder in git, committed on 10 June 2026."""
    git(practice, "init", "-q")
    (practice / ".gitignore").write_text("out/\n.arpc.*\n")
    commit(practice, "2026-06-10T10:00:00+0100")
    return practice


@pytest.fixture
def case(kept: Path) -> Path:
    """The English case in it."""
    return kept / CASE


def said(run: Run, *words: str) -> str:
    """What `arpc diff` says, each change on a line of its own and without the commit."""
    ran = run("diff", ENGLAND, "--since", "2026-06-10", *LATER, "--format", "json", *words)
    assert ran.code == 0, ran.err
    return "".join(f"{c['text']} [{c['at']}]\n" for c in json.loads(ran.out)["changes"])


def add(case: Path, name: str, text: str) -> None:
    """Write a record, with the header of its kind."""
    kind = kinds.kind_of_file(name)
    assert kind
    head = (
        f"{kind.name}: arpc/1\nid: {Path(name).stem}\ncase: {ENGLAND}\nauthor: LK\nstatus: draft\n"
    )
    (case / name).write_text(head + text, "utf-8")


def a_month(case: Path, run: Run) -> None:
    """What might be written between 10 June and 8 July 2026."""
    add(
        case,
        "sessions/N-015.yaml",
        "date: 2026-06-18\nwith: carer\nwho: [P-02]\nnote: |\n  She asked to come.\nconcern: current\n"
        "escalation: E-02\nstatements:\n  - id: S1\n    said: She was telling the truth, and I knew it in 2019.\n"
        "    basis: A-01\n  - id: S2\n    told: He came to the house twice in June.\n    about: [P-01]\n",
    )
    add(
        case,
        "escalations/E-02.yaml",
        "date: 2026-06-18\naware: 2026-06-18 11:40\nfrom: N-015#S2\ntype: contact_breach\nchildren: [P-03, P-04]\n"
        "reported:\n  - to: childrens_services\n    at: 2026-06-18 12:05\n",
    )
    change(
        case / "arrangements/L-05.yaml",
        "review_by: 2026-06-23",
        "review_by: 2026-06-23\nbreaches:\n  - date: 2026-06-14\n    what: He was in the kitchen when Ms Marsh came.\n"
        "    escalation: E-02",
    )
    change(case / "arrangements/L-02.yaml", "child: P-03\n", "until: 2026-06-18\nchild: P-03\n")
    add(
        case,
        "arrangements/L-06.yaml",
        "date: 2026-06-24\ntype: contact\nman: P-01\nchild: P-03\nform: supervised_professional\nsupervisor: P-10\n",
    )
    add(case, "people/P-10.yaml", "date: 2026-06-24\nname: Moira Kelly\nroles: [professional]\n")
    change(
        case / "people/P-03.yaml",
        "    from: 2025-12-08\n",
        "    from: 2025-12-08\n    to: 2026-06-25\n  - status: child_protection_plan\n    category: Emotional harm\n"
        "    from: 2026-06-25\n",
    )
    change(
        case / "basis/A-01.yaml",
        "\nrelated:",
        "  - who: P-02\n    date: 2026-06-18\n    position: believes\n    from: N-015#S1\n\nrelated:",
    )
    change(case / "documents/D-03.yaml", "status: final\n", "status: final\nreceived: 2026-06-30\n")
    change(
        case / "supervision/V-06.yaml",
        "    by: 2026-06-19\n",
        "    by: 2026-06-19\n    done: 2026-06-17\n",
    )
    add(
        case,
        "supervision/V-07.yaml",
        "date: 2026-07-02\nsupervisor: JM\ndecisions:\n  - what: See Ruby with her letter. Not at home.\n"
        "    who: LK\n    by: 2026-07-10\n",
    )
    change(case / "consents/K-01.yaml", "follow_up_3y: given", "follow_up_3y: withdrawn")
    old = (case / "analysis/J-01.yaml").read_text("utf-8")
    new = old.replace("id: J-01", "id: J-02").replace("date: 2026-06-01", "date: 2026-07-06")
    for this, that in (
        ("status: final", "status: draft"),
        ("We were asked what risk", "We were asked again what risk"),
        ("    likelihood: moderate\n", "    likelihood: higher\n"),
        ("    valid_until: 2026-12-01\n", "    valid_until: 2026-10-06\n"),
        ("    confidence: moderate\n", "    confidence: high\n"),
        ("form: supervised_approved_person", "form: supervised_professional"),
        ("    by: 2026-07-31\n", "    by: 2026-09-30\n"),
        ("band: limited", "band: not_at_present"),
    ):
        assert this in new
        new = new.replace(this, that, 1)
    new = re.sub(r"  - id: R3\n(?:    .*\n)+", "", new)
    called = "  - id: R10\n    child: P-03\n    action: A conference is called. It is time.\n    by: 2026-07-15\n"
    new = new.replace("recommendations:\n", f"recommendations:\n{called}", 1)
    (case / "analysis/J-02.yaml").write_text(new, "utf-8")
    change(
        case / "analysis/J-01.yaml", "status: final\n", "status: superseded\nsuperseded_by: J-02\n"
    )
    change(case / "sessions/N-014.yaml", "concern: none\n", "concern: none\nnext: 2026-07-20\n")
    us = ("--as", "LK", *LATER)
    words = ("--what", "She said tickling, not tickles.", "--why", "I misheard.", "--about", "S5")
    assert run("amend", "N-004", *words, "--case", ENGLAND, *us).code == 0
    (case.parent.parent / "houses.png").write_bytes(b"three houses")
    assert (
        run("attach", "houses.png", ENGLAND, "--to", "N-004", "--what", "Three houses.").code == 0
    )
    assert run("finish", "V-07", "--case", ENGLAND, *us).code in (0, 1)


def test_a_month_is_told_in_the_order_in_which_a_supervisor_asks(
    case: Path, run: Run, golden: Callable[[Path, str], None]
) -> None:
    a_month(case, run)
    ran = run("diff", ENGLAND, "--since", "2026-06-10", *LATER)
    assert ran.code == 0, ran.err
    assert max(map(len, ran.out.splitlines())) <= 80
    golden(GOLDEN, re.sub("commit [0-9a-f]{10}", "commit 0123456789", ran.out))


def test_nothing_changed_says_so(kept: Path, run: Run) -> None:
    ran = run("diff", ENGLAND, "--since", "2026-06-10")
    assert (ran.code, ran.err) == (0, "practice folder: invented people; today is 2026-06-10\n")
    assert ran.out.endswith(f"\nnothing has changed in {ENGLAND} since 2026-06-10\n")
    found = run("diff", ENGLAND, "--since", "2026-06-10", "--format", "json").out
    assert json.loads(found)["changes"] == []


def test_layout_comments_and_the_order_of_keys_say_nothing(case: Path, run: Run) -> None:
    for path in sorted(case.rglob("*.yaml")):
        text = path.read_text("utf-8")
        if path.stem in ("finished", "confirmations", "answers"):
            continue
        first, *rest = re.split(r"^(?=[a-z_]+:)", text, flags=re.MULTILINE)
        path.write_text(first + "# moved about\n".join(c.rstrip() + "\n" for c in reversed(rest)))
    assert said(run) == ""


def test_it_counts_from_the_last_supervision_before_today(kept: Path, run: Run) -> None:
    change(kept / CASE / "sessions/N-014.yaml", "concern: none", "concern: current")
    commit(kept, "2026-06-11T10:00:00+0100")
    early = run("diff", ENGLAND)
    assert (early.code, "nothing was saved by 2026-06-04" in early.err) == (2, True)
    add(
        kept / CASE, "supervision/V-07.yaml", "date: 2026-06-10\nsupervisor: JM\nnote: Gone over.\n"
    )
    for words in ((), ("--since", "supervision")):
        told = json.loads(run("diff", ENGLAND, *words, "--format", "json", *LATER).out)
        assert told["since"] == "2026-06-10"
        assert [change["at"] for change in told["changes"]] == ["N-014", "V-07"]


@pytest.fixture
def unsupervised(kept: Path) -> Path:
    """The same without a supervision, and changed twice since it was first committed."""
    for path in (kept / CASE / "supervision").iterdir():
        path.unlink()
    change(kept / CASE / "sessions/N-014.yaml", "concern: none", "concern: current")
    commit(kept, "2026-06-10T18:00:00+0100")
    change(kept / CASE / "sessions/N-013.yaml", "concern: none", "concern: historic")
    return kept


def test_without_a_supervision_it_compares_with_what_was_saved_first(
    unsupervised: Path, run: Run
) -> None:
    ran = run("diff", ENGLAND)
    assert ran.code == 0, ran.err
    _, second, *lines = ran.out.splitlines()
    assert second == "no supervision was held before today: what changed since it began, 2026-06-10"
    text = "\n".join(lines)
    assert "[N-014]" in text and "[N-013]" in text and "gone [V-01]" in text
    plain = json.loads(run("diff", ENGLAND, "--format", "json").out)
    assert plain["since"] == "2026-06-10"


def test_a_supervision_that_is_asked_for_and_was_never_held_is_an_error(
    unsupervised: Path, run: Run
) -> None:
    ran = run("diff", ENGLAND, "--since", "supervision")
    assert (ran.code, "no supervision was held before today" in ran.err) == (2, True)


def test_a_case_that_was_never_saved_says_so(unsupervised: Path, run: Run) -> None:
    git(unsupervised, "mv", CASE, "cases/C-7K3Q9X2F")
    ran = run("diff", "C-7K3Q9X2F")
    assert (ran.code, "nothing of this case was ever saved" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-06-11", "2026-06-11 is still to come"),
        ("June", "the day asked for is not a date"),
        ("2026-06-09", "nothing was saved by 2026-06-09"),
    ],
)
def test_a_day_of_which_nothing_is_known_is_refused(
    kept: Path, run: Run, day: str, said: str
) -> None:
    ran = run("diff", ENGLAND, "--since", day)
    assert (ran.code, said in ran.err, "hint: " in ran.err) == (2, True, True)


def test_without_git_it_says_so(practice: Path, run: Run) -> None:
    ran = run("diff", ENGLAND)
    assert (ran.code, "this folder is no git repository" in ran.err) == (2, True)


def test_it_writes_nothing(kept: Path, run: Run) -> None:
    change(kept / CASE / "sessions/N-014.yaml", "concern: none", "concern: current")
    before = git(kept, "status", "--porcelain", "--ignored")
    assert run("diff", ENGLAND, "--since", "2026-06-10").code == 0
    assert git(kept, "status", "--porcelain", "--ignored") == before


def test_what_was_not_committed_is_told_too_and_so_is_what_was(kept: Path, run: Run) -> None:
    change(kept / CASE / "sessions/N-014.yaml", "concern: none", "concern: current")
    commit(kept, "2026-06-20T10:00:00+0100")
    change(kept / CASE / "sessions/N-013.yaml", "concern: none", "concern: historic")
    text = said(run)
    assert "current [N-014]" in text and "historic [N-013]" in text


E_CHANGES: list[tuple[str, str, str, str]] = [
    (
        "escalations/E-01.yaml",
        "closed: 2026-05-14\n",
        "",
        "escalation of 2026-04-23, contact breach, about P-03 Ruby Osei, P-04 Jonah Osei: closed "
        "2026-05-14 taken out [E-01]",
    ),
    (
        "basis/A-01.yaml",
        "basis_status: alleged_nfa_police",
        "basis_status: found_by_court",
        "A-01, found by a court: status alleged; no further action by the police, now found by a court "
        "[A-01]",
    ),
    (
        "basis/A-01.yaml",
        "date: 2026-04-30\n    position: uncertain",
        "date: 2026-04-30\n    position: believes",
        "P-02 Carly Whitham on A-01, 2026-04-30: position uncertain, now believes",
    ),
    (
        "basis/A-01.yaml",
        "related: [A-02]",
        "related: []",
        "related A-02 taken out [A-01]",
    ),
    (
        "analysis/J-01.yaml",
        "    severity: very_serious\n    likelihood: moderate\n",
        "    severity: serious\n    likelihood: higher\n",
        "judgement for P-03 Ruby Osei, repeat: severity very serious, now serious; likelihood "
        "moderate, now higher [J-01#J1]",
    ),
    (
        "analysis/J-01.yaml",
        "    by: 2026-06-23\n",
        "    by: 2026-07-23\n",
        "by 2026-06-23, now 2026-07-23 [J-01#R1]",
    ),
    (
        "analysis/J-01.yaml",
        "  We were asked what risk",
        "  We were asked which risk",
        "analysis of 2026-06-01: summary changed [J-01]",
    ),
    (
        "analysis/J-01.yaml",
        "    kind: risk\n    about: [P-01, P-03, P-04]",
        "    kind: risk\n    about: [P-01, P-03]",
        "risk factor: about P-04 Jonah Osei taken out [J-01#F1]",
    ),
    (
        "sessions/N-004.yaml",
        "said: He's funny but",
        "said: He is funny but",
        "P-03 Ruby Osei said: “He is funny but he doesn't know when it's finished.”: said changed "
        "[N-004#S1]",
    ),
    (
        "arrangements/L-01.yaml",
        "  - who: P-04\n",
        "  - who: P-01\n    from: 2026-06\n  - who: P-04\n",
        "P-01 Neil Stanworth in Ms Whitham's house: lives there, from 2026-06",
    ),
    (
        "arrangements/L-01.yaml",
        "  - who: P-03\n    from: 2021-03\n",
        "  - who: P-03\n    from: 2021-03\n    to: 2026-06\n",
        "P-03 Ruby Osei in Ms Whitham's house: to 2026-06",
    ),
    (
        "arrangements/L-05.yaml",
        "parties: [P-01, P-02, P-05, P-06]",
        "parties: [P-06, P-01, P-02, P-05]",
        "parties in another order [L-05]",
    ),
    (
        "people/P-02.yaml",
        "    is: former_partner\n",
        "    is: partner\n",
        "P-02 Carly Whitham, partner of P-08 Daniel Osei: is former partner, now partner",
    ),
    (
        "case.yaml",
        "    adult_male: yes",
        "    adult_male: exception",
        "the case: eligibility criteria adult male yes, now exception [case]",
    ),
    (
        "referral.yaml",
        "police: nfa",
        "police: charged",
        "referral of 2026-01-12: police no further action, now charged [Q-01]",
    ),
    (
        "sessions/N-014.yaml",
        "status: final",
        "status: draft",
        "session with the man, P-01 Neil Stanworth, 2026-05-12: status final, now draft [N-014]",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), E_CHANGES)
def test_what_one_change_is_called(
    case: Path, run: Run, file: str, old: str, new: str, told: str
) -> None:
    change(case / file, old, new)
    [line] = said(run).splitlines()
    assert told in line


def test_a_record_that_is_gone_and_one_that_was_moved_are_told_apart(case: Path, run: Run) -> None:
    (case / "supervision/V-01.yaml").unlink()
    words = ("--to", SCOTLAND, "--why", "Wrong case.", "--case", ENGLAND, "--as", "LK")
    assert run("move", "V-02", *words).code == 0
    text = said(run)
    assert "supervision of 2026-02-04: gone [V-01]\n" in text
    assert f"supervision of 2026-03-03: moved to {SCOTLAND} [V-02]\n" in text


def test_a_record_that_cannot_be_relied_on_is_neither_new_nor_gone(kept: Path, run: Run) -> None:
    change(kept / CASE / "sessions/N-005.yaml", "session: arpc/1", "session: [")
    text = said(run)
    assert "N-005.yaml cannot be relied on as it is now: not compared [N-005.yaml]\n" in text
    commit(kept, "2026-06-10T11:00:00+0100")
    change(kept / CASE / "sessions/N-005.yaml", "session: [", "session: arpc/1")
    [line] = said(run).splitlines()
    assert "N-005.yaml cannot be relied on as it was then: not compared" in line


def test_findings_that_were_answered_are_told_with_the_reason(case: Path, run: Run) -> None:
    change(case / "sessions/N-007.yaml", "agreed_by: JM\n", "")
    words = ("--reason", "JM agreed by telephone.", "--agreed-by", "JM", "--as", "LK")
    rule = "child-not-interviewed-unagreed"
    assert run("answer", rule, "--case", ENGLAND, *words).code == 0
    assert f"{rule} answered by LK, agreed by JM: JM agreed by telephone. [N-007" in said(run)


def test_to_cite_is_not_to_have_read_and_to_confirm_is(
    case: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = "import sys; open(sys.argv[1], 'a').write('# looked at')"
    monkeypatch.setenv("EDITOR", shlex.join((sys.executable, "-c", edit)))
    change(case / "analysis/J-01.yaml", "status: final", "status: draft")
    change(case / "analysis/J-01.yaml", "rests_on: [F10, ", "rests_on: [N-004#S1, F10, ")
    run("edit", "J-01", "--case", ENGLAND, "--today", "2026-06-12")
    assert "J-01 cites, as they were on 2026-06-12: N-004#S1 [J-01]\n" in said(run)
    change(case / "sessions/N-004.yaml", "does tickles and", "does tickling and")
    words = ("--case", ENGLAND, "--as", "TB", "--today", "2026-06-15")
    assert run("confirm", "J-01", "N-004#S5", *words).code == 0
    confirmed = "J-01 confirmed by TB on 2026-06-15, for what had changed: N-004#S5 [J-01]\n"
    assert confirmed in said(run) and "read by" not in said(run)


def test_a_case_that_did_not_exist_then_is_named_as_such(kept: Path, run: Run) -> None:
    git(kept, "mv", CASE, "cases/C-7K3Q9X2F")
    ran = run("diff", "C-7K3Q9X2F", "--since", "2026-06-10")
    assert (ran.code, "there was no such case on 2026-06-10" in ran.err) == (2, True)


# Nothing is left out: whatever is changed in any record of either example is told, with its record and
# the name of its field, or the new value where that is a word.


def each_leaf(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from each_leaf(item, (*pointer, key))
    else:
        yield pointer


def holder(data: Any, pointer: Pointer) -> Any:
    for step in pointer[:-1]:
        data = data[step]
    return data


def as_other(record: Record, pointer: Pointer, value: object) -> Record:
    """The same record with another value at one place."""
    data = deepcopy(dict(record.data))
    holder(data, pointer)[pointer[-1]] = value
    return records.make(record.doc._replace(data=data), record.kind)


def another(record: Record, pointer: Pointer) -> object:
    """A value that the schema permits there and that stands nowhere else."""
    field = record.kind.field(pointer)
    assert field, pointer
    value = holder(record.data, pointer)[pointer[-1]]
    if others := [word for word in field.words if word != value]:
        return others[-1]
    if isinstance(value, int):
        return value + 1
    text = str(value)
    if re.fullmatch("[0-9]{4}.*", text):
        return f"1888{text[4:]}"  # a leap year
    return f"{text[:2]}88" if re.fullmatch("[A-Z]-[0-9]+", text) else f"{text}9"


def words_of(value: object) -> str:
    return str(value).replace("_", " ")


EXAMPLE_FILES = {
    name: loading.load(EXAMPLES / "cases" / name, "").file for name in (ENGLAND, SCOTLAND)
}


@pytest.mark.one_in(3)
@pytest.mark.parametrize(
    ("case_id", "kind"),
    [(name, cls.of) for name in EXAMPLE_FILES for cls in CLASSES],
)
def test_whatever_is_changed_in_a_record_is_told(case_id: str, kind: str) -> None:
    file = EXAMPLE_FILES[case_id]
    untold = []
    for record in [r for r in file.records if r.kind.name == kind]:
        alone = CaseFile(case_id, [record])
        for pointer in each_leaf(record.data):
            if pointer == (kind,):
                continue
            value = another(record, pointer)
            other = as_other(record, pointer, value)
            found = differing.changes(alone, CaseFile(case_id, [other]))
            if not any(names(change, record, pointer, value) for change in found):
                untold.append((record.key, pointer, value, found))
    assert untold == []


def names(change: Change, record: Record, pointer: Pointer, value: object) -> bool:
    """Whether a change says where it is, and what it is by the field's name or its new value."""
    where = change.at.partition("#")[0] in (record.key, record.id, str(value)) or (
        record.doc.file in change.at
    )
    keys = [words_of(step) for step in pointer if isinstance(step, str)]
    known = (*keys[-1:], words_of(value), *_CALLED.get(keys[-1], ()))
    return where and any(word in f"{change.text} {change.at}" for word in known)


_CALLED = {"until": ("ended",), "basis status": ("status",)}


@pytest.mark.parametrize("case_id", EXAMPLE_FILES)
def test_every_entry_that_is_added_or_taken_out_is_told(case_id: str) -> None:
    for record in EXAMPLE_FILES[case_id].records:
        for key, value in record.data.items():
            if not isinstance(value, list) or not isinstance(value[0], dict):
                continue
            for index in range(len(value)):
                data = deepcopy(dict(record.data))
                del data[key][index]
                less = records.make(record.doc._replace(data=data), record.kind)
                both = CaseFile(case_id, [record]), CaseFile(case_id, [less])
                [gone] = differing.changes(*both)
                [new] = differing.changes(*reversed(both))
                assert gone.text != new.text
                assert "taken out" in gone.text


def test_every_record_that_is_new_or_gone_is_told() -> None:
    for file in EXAMPLE_FILES.values():
        for record in file.records:
            alone, none = CaseFile(file.name, [record]), CaseFile(file.name, [])
            assert [c.at for c in differing.changes(alone, none)] == [record.key]
            told = differing.changes(none, alone)
            assert any(c.at == record.key and c.text.startswith("new ") for c in told)


def test_what_means_the_same_is_no_change_and_all_else_is() -> None:
    for before, after, same in (
        ({"a": " x \n"}, {"a": "x"}, True),
        ({"a": None, "b": []}, {}, True),
        ({"a": {"b": ""}}, {"a": None}, True),
        ({"a": [{"id": "S1", "said": "x"}]}, {"a": [{"said": "x", "id": "S1", "by": None}]}, True),
        ({"a": [{"said": "x"}, {"said": "y"}]}, {"a": [{"said": "y"}, {"said": "x"}]}, False),
        ({"a": [{"id": "S1"}, {"id": "S2"}]}, {"a": [{"id": "S1"}]}, False),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, False),
        ({"a": 1}, {"a": 2}, False),
    ):
        assert (differences(before, after) == []) is same, (before, after)


def test_subjects_come_in_the_order_in_which_a_supervisor_asks() -> None:
    both = CaseFile("C", []), EXAMPLE_FILES[ENGLAND]
    subjects = [change.subject for change in differing.changes(*both)]
    assert subjects == sorted(subjects, key=list(Subject).index)


anything = st.recursive(
    st.none() | st.sampled_from(["", "a", "b", " a\n"]) | st.integers(0, 2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.dictionaries(st.sampled_from(["id", "who", "x"]), inner), max_size=3)
        | st.dictionaries(st.sampled_from(["id", "a", "b"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(anything, anything, st.booleans())
def test_there_is_a_difference_wherever_the_meaning_differs(
    before: Any, after: Any, ids_stay: bool
) -> None:
    found = differences(before, after, ids_stay=ids_stay)
    same = meaning(before) == meaning(after)
    assert (found == []) is same
    assert differences(before, deepcopy(before), ids_stay=ids_stay) == []
