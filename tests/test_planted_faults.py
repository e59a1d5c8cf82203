"""A fault of every sort, planted in a copy of the example cases, is found at its line and column.

In each row `¦` marks the place at which the finding has to point; it is taken out before the file is
written. Where the finding points elsewhere, `at` quotes that place, with the mark in it.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from arpc import checking, cli, kinds, loading, rules, schema, yamldoc
from arpc.findings import Finding, Severity
from arpc.service import Service
from tests.conftest import ENGLAND, EXAMPLES, SCOTLAND, TODAY

MARK = "¦"
GONE = "the file is not there"

ANALYSIS = "analysis/J-01.yaml"
FIRST_MEETING = "sessions/N-001.yaml"
RUBY_FIRST, RUBY_SECOND = "sessions/N-004.yaml", "sessions/N-012.yaml"
JONAH_NOT_SEEN = "sessions/N-007.yaml"
LAST_MEETING = "sessions/N-014.yaml"
SUPERVISION = "supervision/V-01.yaml"


class Fault(NamedTuple):
    """One planted fault.

    `old` stands once in `file` and gives way to `new`; without `old`, `new` is the whole file, and
    GONE takes the file away.
    `also` names the other errors that rightly follow, as "file rule".
    """

    rule: str
    file: str
    old: str
    new: str
    at: tuple[str, str] | None = None
    also: tuple[str, ...] = ()
    case: str = ENGLAND


S6_OF_RUBY = "  - id: S7\n    observed: She held"  # the last statement of Ruby's first session

SCHEMA_FAULTS = [
    Fault("unknown-key", FIRST_MEETING, "with: man", "¦wiht: man"),
    Fault("unknown-key", ANALYSIS, "  - basis: A-01\n", "  - ¦bassis: A-01\n"),
    Fault(
        "missing-key",
        FIRST_MEETING,
        "author: LK\n",
        "",
        at=(FIRST_MEETING, "¦session: arpc/1"),
    ),
    Fault("wrong-type", FIRST_MEETING, "who: [P-01]", "who: ¦P-01"),
    Fault("wrong-type", "documents/D-01.yaml", "pages: 18", "pages: ¦eighteen"),
    Fault("not-a-permitted-word", FIRST_MEETING, "with: man", "with: ¦mann"),
    Fault("not-a-permitted-word", SUPERVISION, "supervision: arpc/1", "supervision: ¦arpc/2"),
    Fault("not-a-date", SUPERVISION, "date: 2026-02-04", "date: ¦2026-02-30"),
    Fault("not-a-date", SUPERVISION, "by: 2026-02-13", "by: ¦13 February 2026"),
    Fault("wrong-form", FIRST_MEETING, "time: 10:00-11:30", "time: ¦10.00-11.30"),
    Fault("wrong-form", RUBY_FIRST, "about: [P-02, P-06]", "about: [P-02, ¦Denise]"),
    Fault("out-of-range", "documents/D-01.yaml", "pages: 18", "pages: ¦0"),
    Fault("given-twice", RUBY_FIRST, "about: [P-02, P-06]", "¦about: [P-06, P-06]"),
    Fault(
        "more-faults",
        FIRST_MEETING,
        "with: man",
        "\n".join(f"made_up_{n}: x" for n in range(schema.MAX_FAULTS + 1)) + "\nwith: man",
        at=(FIRST_MEETING, "¦session: arpc/1"),
        also=(f"{FIRST_MEETING} unknown-key",),
    ),
    Fault("nothing-in-it", RUBY_FIRST, S6_OF_RUBY, "  - ¦{}\n" + S6_OF_RUBY),
]

READER_REFUSALS = [
    Fault("file-too-large", FIRST_MEETING, "", "¦note: |\n" + "  word\n" * 160_000),
    Fault("not-utf-8", FIRST_MEETING, "a clean work shirt", "a cle¦\udce9n work shirt"),
    Fault("control-character", FIRST_MEETING, "a clean work shirt", "a clean¦\u202e work shirt"),
    Fault("control-character", "people/P-01.yaml", "name: Neil", 'known_as: [¦"\\a"]\nname: Neil'),
    Fault("tab", FIRST_MEETING, "with: man", "with:¦\tman"),
    Fault(
        "git-conflict",
        FIRST_MEETING,
        "status: final\n",
        "¦<<<<<<< HEAD\nstatus: final\n=======\nstatus: draft\n>>>>>>> theirs\n",
    ),
    Fault("empty-file", SUPERVISION, "", "¦"),
    Fault("empty-file", SUPERVISION, "", "¦# to be written\n"),
    Fault("yaml-syntax", FIRST_MEETING, "who: [P-01]", "who: ¦[P-01"),
    Fault("yaml-syntax", FIRST_MEETING, "where: service office", "where: office¦: the small one"),
    Fault("yaml-syntax", SUPERVISION, "", "¦- a list\n"),
    Fault("duplicate-key", FIRST_MEETING, "with: man\n", "with: man\n¦with: man\n"),
    Fault("key-not-text", FIRST_MEETING, "with: man", "¦yes: man"),
    Fault("key-not-text", FIRST_MEETING, "with: man", "? ¦[with]\n: man"),
    Fault("anchor", FIRST_MEETING, "with: man", "with: ¦&w man"),
    Fault("anchor", FIRST_MEETING, "with: man", "with: ¦*w"),
    Fault("tag", FIRST_MEETING, "with: man", "with: ¦!w man"),
    Fault("directive", FIRST_MEETING, "session: arpc/1", "¦%YAML 1.1\n---\nsession: arpc/1"),
    Fault("second-document", FIRST_MEETING, "\nwritten:", "\n¦---\nwritten:"),
    Fault("too-deep", FIRST_MEETING, "with: man", "with: " + "[" * 23 + "¦[" + "]" * 24),
    Fault(
        "too-many-parts",
        SUPERVISION,
        "",
        "people:\n" + "- LK\n" * (yamldoc.MAX_NODES - 3) + "- ¦LK\n",
    ),
    Fault("doubtful-value", "sessions/N-003.yaml", "where: telephone", "where: ¦12:30"),
]

LOADING_FINDINGS = [
    Fault("file-of-no-kind", "sessions/notes.yaml", "", "¦session: arpc/1\n"),
    Fault("file-of-no-kind", "meetings/N-015.yaml", "", "¦session: arpc/1\n"),
    Fault("no-case-record", "case.yaml", "", GONE),
    Fault("locked", "sessions/N-015.yaml", "", "¦arpc-sealed: 1\n"),
    Fault("wrong-kind-of-record", FIRST_MEETING, "session: arpc/1", "¦basis: arpc/1"),
]

RULES_BROKEN = [
    Fault("broken-reference", RUBY_FIRST, "about: [P-02, P-06]", "about: [P-02, ¦P-66]"),
    Fault("broken-reference", ANALYSIS, "[F5, F8, F11, N-009#S5", "[F5, F8, F11, ¦N-009#S55"),
    Fault("broken-reference", ANALYSIS, "rests_on: [J1, J2, J3]", "rests_on: [J1, ¦J9, J3]"),
    Fault(
        "broken-reference-in-prose",
        RUBY_SECOND,
        "over three or four minutes (S2, S3)",
        "over three or four minutes (S2, ¦S9)",
    ),
    Fault(
        "broken-reference-in-prose",
        ANALYSIS,
        'bad people" (D-05#S6)',
        'bad people" (¦D-05#S66)',
    ),
    Fault(
        "id-given-twice", RUBY_FIRST, S6_OF_RUBY, "  - ¦id: S6\n    observed: So.\n" + S6_OF_RUBY
    ),
    Fault("id-not-as-file", SUPERVISION, "id: V-01", "id: ¦V-31"),
    Fault("record-of-another-case", SUPERVISION, "case: C-FK6SY95T", "case: ¦C-HB6GD1GT"),
    Fault("record-of-another-case", "case.yaml", "id: C-FK6SY95T", "id: ¦C-HB6GD1GT"),
    Fault("dated-in-the-future", "supervision/V-06.yaml", "date: 2026-06-04", "date: ¦2026-06-11"),
    Fault(
        "written-before-it-happened",
        LAST_MEETING,
        "written: 2026-05-14 10:40",
        "written: ¦2026-05-11 10:40",
    ),
    Fault("ends-before-it-begins", FIRST_MEETING, "time: 10:00-11:30", "time: ¦11:30-10:00"),
    Fault("next-before-its-session", FIRST_MEETING, "next: 2026-02-17", "next: ¦2026-01-17"),
    Fault(
        "note-written-late",
        LAST_MEETING,
        "written: 2026-05-14 10:40",
        "written: ¦2026-05-26 10:40",
    ),
    Fault(
        "met-before-birth",
        "people/P-04.yaml",
        "born: 2022-11-18",
        "born: 2026-02-26",
        at=("sessions/N-006.yaml", "who: [¦P-04, P-02]"),
    ),
    Fault(
        "statement-of-two-kinds",
        RUBY_FIRST,
        S6_OF_RUBY,
        "  - id: S7\n    told: She was quiet.\n    ¦observed: She held",
    ),
    Fault(
        "statement-without-text",
        RUBY_FIRST,
        S6_OF_RUBY,
        "  - ¦id: S8\n    asked: What then?\n" + S6_OF_RUBY,
    ),
    Fault(
        "statement-without-id", RUBY_FIRST, S6_OF_RUBY, "  - ¦observed: She yawned.\n" + S6_OF_RUBY
    ),
    Fault(
        "statement-without-speaker",
        "documents/D-01.yaml",
        "    by: P-08\n",
        "",
        at=("documents/D-01.yaml", "¦told: Mr Osei said that he has no complaint"),
    ),
    Fault(
        "child-not-seen",
        JONAH_NOT_SEEN,
        "with: child",
        "with: observation",
        at=("people/P-04.yaml", "¦roles: [child]"),
    ),
    Fault(
        "child-without-date-of-birth",
        "people/P-04.yaml",
        "born: 2022-11-18\n",
        "",
        at=("people/P-04.yaml", "¦person: arpc/1"),
    ),
    Fault(
        "child-not-interviewed-unagreed",
        JONAH_NOT_SEEN,
        "agreed_by: JM\n",
        "",
        at=(JONAH_NOT_SEEN, "¦not_seen: too_young"),
    ),
    Fault(
        "nothing-instead-of-interview",
        JONAH_NOT_SEEN,
        "instead: [N-006]\n",
        "",
        at=(JONAH_NOT_SEEN, "¦not_seen: too_young"),
    ),
    Fault(
        "man-present-with-child",
        RUBY_FIRST,
        "alone: yes\n",
        "alone: no\npresent:\n  - ¦who: P-01\n    why: He had brought her\n",
    ),
    Fault(
        "man-present-with-child",
        RUBY_FIRST,
        "who: [P-03]",
        "who: [P-03, ¦P-01]",
        also=(  # nothing now says whose the words are
            f"{RUBY_FIRST} no-words-of-the-child",
            f"{RUBY_FIRST} statement-without-speaker",
        ),
    ),
    Fault(
        "carer-present-unexplained",
        RUBY_FIRST,
        "alone: yes\n",
        "alone: no\npresent:\n  - ¦who: P-02\n",
    ),
    Fault("carer-present-unexplained", RUBY_FIRST, "alone: yes\n", "alone: ¦no\n"),
    Fault(
        "no-words-of-the-child",
        "sessions/N-011.yaml",
        "with: home_visit\nwho: [P-02, P-03, P-04]\n",
        "with: child\nwho: [P-03]\nalone: yes\nexplained: As last time.\nunderstood: yes\n",
        at=("sessions/N-011.yaml", "¦statements:"),
    ),
    Fault(
        "concern-without-escalation",
        RUBY_SECOND,
        "concern: current\nescalation: E-01\n",
        "concern: ¦current\n",
    ),
    Fault(
        "concern-reported-late",
        "escalations/E-01.yaml",
        "    at: 2026-04-23 14:22\n",
        "    ¦at: 2026-04-24 09:05\n",
    ),
    Fault(
        "not-referred-without-agreement",
        "escalations/E-01.yaml",
        "decision: referred",
        "decision: ¦not_referred",
    ),
    Fault(
        "protection-on-carers-word-alone",
        ANALYSIS,
        "    ability_rests_on: [N-008#S3, D-05#S4, D-05#S5, N-011#S3, N-003#S3]",
        "    ¦ability_rests_on: [N-008#S3]",
    ),
    Fault(
        "supervisor-not-able-to-intervene",
        ANALYSIS,
        "    able: yes\n    able_because: [D-05#S4, N-009#S3]",
        "    ¦able: no\n    able_because: [D-05#S4, N-009#S3]",
    ),
    Fault(
        "contact-not-settled-for-child",
        ANALYSIS,
        "  - child: P-04\n    form: supervised_approved_person",
        "  - child: P-03\n    form: supervised_approved_person",
        at=(ANALYSIS, "\n¦contact:\n"),
    ),
    Fault(
        "no-analysis",
        ANALYSIS,
        "  - id: J3\n    child: P-04",
        "  - id: J3\n    child: P-03",
        at=(ANALYSIS, "¦judgements:\n"),
    ),
    Fault("no-analysis", ANALYSIS, "", GONE, at=("case.yaml", "¦id: C-FK6SY95T")),
    Fault(
        "one-explanation-only",
        ANALYSIS,
        "    against: [F2, F3, N-012#S3, N-010#S4]\n",
        "",
        at=(ANALYSIS, "  - ¦id: H3"),
    ),
    Fault(
        "allegation-stated-as-fact",
        ANALYSIS,
        "  In our opinion Mr Stanworth should not live",
        "  We know when ¦the abuse began. In our opinion Mr Stanworth should not live",
    ),
    Fault(
        "allegation-stated-as-fact",
        ANALYSIS,
        "  In our opinion Mr Stanworth should not live",
        "  We know when ¦the\n  abuse began. In our opinion Mr Stanworth should not live",
    ),
    Fault(
        "evidence-moved",
        RUBY_FIRST,
        "said: He does tickles",
        "said: He does tickling",
        at=(ANALYSIS, "¦N-004#S5, N-012#S3, N-012#S5, N-006#S5"),
    ),
    Fault(
        "issued-file-changed",
        "reports/R-01.yaml",
        "issued_to:\n",
        f"files:\n  - name: ¦R-01.pdf\n    digest: sha256:{'0' * 64}\n\nissued_to:\n",
        case=SCOTLAND,
    ),
    Fault(
        "attached-file-changed",
        RUBY_FIRST,
        "\nwritten: 2026-02-12",
        "\nattachments:\n  - name: ¦N-004-1.jpg\n"
        f'    digest: "sha256:{"0" * 64}"\n    what: Her houses.\n\nwritten: 2026-02-12',
    ),
    Fault(
        "harm-learnt-without-escalation",
        "followups/F-03.yaml",
        "harm: none_known",
        "harm: ¦allegation",
        case=SCOTLAND,
    ),
    Fault(
        "report-knows-less-than-the-case",
        "sessions/N-012.yaml",
        "",
        "session: arpc/1\nid: N-012\ncase: C-HB6GD1GT\ndate: 2026-05-20\nauthor: RD\n"
        "status: draft\n\nwith: man\nwho: [P-01]\n",
        at=("reports/R-01.yaml", "date: ¦2023-06-15\nauthor"),
        also=(
            "sessions/N-012.yaml needed-to-finish",
            "sessions/N-012.yaml draft-behind-a-report",
        ),
        case=SCOTLAND,
    ),
    Fault(
        "changed-since-finished",
        FIRST_MEETING,
        "a clean work shirt",
        "a clean shirt",
        at=(FIRST_MEETING, "¦note: |"),
    ),
    Fault(
        "final-record-gone",
        "supervision/V-02.yaml",
        "",
        GONE,
        at=("finished.yaml", "- {id: ¦V-02,"),
    ),
    Fault(
        "called-final-by-hand",
        "finished.yaml",
        "  - {id: V-01,",
        "  - {id: V-99,",
        at=(SUPERVISION, "status: ¦final"),
    ),
    Fault(
        "two-records-with-one-id",
        "supervision/V-02b.yaml",
        "",
        "supervision: arpc/1\nid: ¦V-02\ncase: C-FK6SY95T\ndate: 2026-03-04\nauthor: TB\n"
        "status: draft\n",
        also=("supervision/V-02b.yaml needed-to-finish",),
    ),
    Fault(
        "approved-by-its-author",
        "reports/R-01.yaml",
        "approved_by: AS",
        "approved_by: ¦RD",
        case=SCOTLAND,
    ),
    Fault(
        "no-supervision-before-issue",
        "supervision/V-07.yaml",
        "date: 2023-05-24",
        "date: 2023-06-16",
        at=("case.yaml", "¦id: C-HB6GD1GT"),
        case=SCOTLAND,
    ),
    Fault("needed-to-finish", SUPERVISION, "supervisor: JM", "¦supervisor:"),
    Fault(
        "needed-to-finish",
        FIRST_MEETING,
        "concern: none\n",
        "",
        at=(FIRST_MEETING, "¦session: arpc/1"),
    ),
    Fault("needed-to-issue", "case.yaml", "manager: JM", "¦manager:"),
    Fault("needed-to-issue", "case.yaml", "    adult_male: yes", "    ¦adult_male:"),
    Fault("draft-behind-a-report", LAST_MEETING, "status: final", "status: ¦draft"),
    Fault("needed-to-close", "escalations/E-01.yaml", "closed: 2026-05-14", "¦closed:"),
]

SERVICE = "../../service.yaml"
POLICY = "  judgement_months: 6\n"
NEW_FOLLOWUP = (
    "followup: arpc/1\nid: F-05\ncase: C-HB6GD1GT\ndate: 2026-06-01\nauthor: RD\nstatus: final\n"
    "point: meeting_5y\n"
)

PRACTICE_BROKEN = [
    Fault(
        "met-before-eligibility-decision",
        "case.yaml",
        "  date: 2026-01-16\n",
        "  date: 2026-01-28\n",
        at=(FIRST_MEETING, "date: ¦2026-01-27"),
    ),
    Fault(
        "criterion-not-met-unexplained",
        "case.yaml",
        "    adult_male: yes",
        "    ¦adult_male: unknown",
    ),
    Fault("proceedings-not-rechecked", "referral.yaml", "police: nfa", "police: ¦charged"),
    Fault(
        "session-while-proceedings-run",
        "case.yaml",
        "eligibility:\n",
        "events:\n  - event: charged\n    date: 2026-05-11\n\neligibility:\n  rechecked:\n"
        "    - date: 2026-05-11\n      because: charge_or_investigation\n      outcome: pause\n",
        at=(LAST_MEETING, "date: ¦2026-05-12"),
    ),
    Fault(
        "domestic-abuse-not-rechecked",
        "case.yaml",
        "manager: JM\n",
        "manager: JM\nflags: [¦domestic_abuse]\n",
    ),
    Fault(
        "referral-question-not-answered",
        ANALYSIS,
        "  - question: Q5\n",
        "  - question: Q4\n",
        at=(ANALYSIS, "\n¦answers:\n"),
    ),
    Fault(
        "childs-plan-out-of-date",
        "people/P-03.yaml",
        "plans:\n  - status: child_in_need\n    from: 2025-12-08\n",
        "",
        at=("people/P-03.yaml", "¦person: arpc/1"),
    ),
    Fault(
        "previous-assessment-not-obtained",
        "referral.yaml",
        "    document: D-01\n",
        "",
        at=("referral.yaml", "  - ¦by: Harrowmere"),
    ),
    Fault(
        "child-of-household-left-out",
        "people/P-04.yaml",
        "in_scope: yes",
        "in_scope: no",
        at=("people/P-04.yaml", "¦roles: [child]"),
    ),
    Fault(
        "adult-met-without-consent",
        "consents/K-01.yaml",
        "date: 2026-01-27",
        "date: 2026-01-28",
        at=(FIRST_MEETING, "who: [¦P-01]"),
    ),
    Fault(
        "met-after-consent-ended",
        "consents/K-03.yaml",
        "take_part: given",
        "take_part: withdrawn",
        at=(RUBY_SECOND, "who: [¦P-03]"),
    ),
    Fault(
        "shared-without-basis",
        "case.yaml",
        "    basis: safeguarding_condition\n    why: |\n      Two overnight",
        "    why: |\n      Two overnight",
        at=("case.yaml", "  - ¦date: 2026-04-23"),
    ),
    Fault(
        "carried-and-not-confirmed",
        ANALYSIS,
        "\nturning_points:\n",
        "\ncarried:\n  from: J-01\n  ¦unconfirmed: [summary, F1]\n\nturning_points:\n",
    ),
    Fault(
        "shown-though-withheld",
        ANALYSIS,
        "shows: [F3, F8, F9, F13, P-03, P-04, R8]",
        "shows: [F3, ¦N-004#S5, F9, F13, P-03, P-04, R8]",
    ),
    Fault(
        "no-letter-for-child",
        "analysis/J-02.yaml",
        "  - child: P-03\n    dear: Eilidh\n    band: 8_to_11",
        "  - child: P-06\n    dear: Eilidh\n    band: 16_plus",
        at=("analysis/J-02.yaml", "¦id: J-02"),
        case=SCOTLAND,
    ),
    Fault(
        "letter-silent-on-a-wish",
        "analysis/J-02.yaml",
        """    kept: |
      You do not want your gran to know that you saw the lady move her seat. It is in the page that Ms
      Bain reads. It is not in your gran's copy.
""",
        "",
        at=("analysis/J-02.yaml", "  - ¦child: P-03\n    dear: Eilidh"),
        case=SCOTLAND,
    ),
    Fault(
        "letter-for-another-age",
        ANALYSIS,
        "    band: 8_to_11\n",
        "    band: ¦12_to_15\n",
    ),
    Fault(
        "follow-up-consent-not-sought",
        "consents/K-01.yaml",
        "  follow_up_5y: given\n",
        "",
        at=("consents/K-01.yaml", "¦agreed:"),
        case=SCOTLAND,
    ),
    Fault(
        "leading-question",
        RUBY_FIRST,
        "asked: Tell me about the one you coloured brown.",
        "asked: ¦Did he ever hurt you at home?",
    ),
    Fault(
        "interpreter-not-arranged",
        "people/P-03.yaml",
        "interpreter: no",
        "interpreter: yes",
        at=(RUBY_FIRST, "who: [¦P-03]"),
        also=(
            f"{RUBY_SECOND} interpreter-not-arranged",
            "sessions/N-011.yaml interpreter-not-arranged",
        ),
    ),
    Fault(
        "interpreted-by-family",
        RUBY_FIRST,
        "alone: yes\n",
        "alone: yes\ninterpreter: ¦her mother, who signs\n",
    ),
    Fault(
        "child-not-seen-lately",
        SERVICE,
        POLICY,
        f"{POLICY}  child_seen_months: 1\n",
        at=(RUBY_SECOND, "date: ¦2026-04-23"),
    ),
    Fault(
        "child-met-too-often",
        SERVICE,
        POLICY,
        f"{POLICY}  child_sessions: 1\n",
        at=(RUBY_SECOND, "date: ¦2026-04-23"),
    ),
    Fault(
        "man-met-too-seldom",
        SERVICE,
        POLICY,
        f"{POLICY}  man_sessions: 5\n",
        at=("people/P-01.yaml", "¦roles: [man]"),
    ),
    Fault(
        "carer-not-met-apart",
        "people/P-06.yaml",
        "roles: [family_supporter, supervisor_of_contact]",
        "¦roles: [protective_carer]",
        also=(f"{ANALYSIS} protection-not-taken-apart",),
    ),
    Fault(
        "carers-position-known-once",
        "people/P-06.yaml",
        "roles: [family_supporter, supervisor_of_contact]",
        "¦roles: [protective_carer]",
        also=(
            "people/P-06.yaml carer-not-met-apart",
            f"{ANALYSIS} protection-not-taken-apart",
        ),
    ),
    Fault(
        "disagreement-not-taken-further",
        "reports/R-01.yaml",
        "disagreement: |\n  None. The police",
        "¦disagreement: |\n  The police",
        case=SCOTLAND,
    ),
    Fault(
        "supervisor-who-does-not-believe",
        "basis/A-01.yaml",
        "    position: believes",
        "    position: disbelieves",
        at=(ANALYSIS, "supervisor: ¦P-06\n    able: yes\n    able_because: [N-004#S6"),
        also=(f"{ANALYSIS} supervisor-who-does-not-believe",),
    ),
    Fault(
        "broken-agreement-made-again",
        "arrangements/L-03.yaml",
        """terms:
  - Mr Stanworth does not stay overnight.
  - He has no time alone with Ruby or Jonah.
  - Ms Whitham is present at all contact.
  - He does not collect either child from school, nursery or gymnastics.
""",
        """terms:
  - Mr Stanworth does not come to the children's home at all, by day or night.
  - He sees the children only at Ms Marsh's, on Sundays, with Ms Marsh in the same room throughout.
  - He does not wash, change, dress, put to bed or read in bed to either child.
  - Nobody asks Ruby to keep anything quiet. If anybody does, telling is right.
  - Ms Marsh may end a visit without giving a reason, and rings Ms Nadar the same day.
""",
        at=("arrangements/L-05.yaml", "¦terms:"),
    ),
    Fault(
        "breach-without-escalation",
        "arrangements/L-03.yaml",
        "    escalation: E-01\n",
        "",
        at=("arrangements/L-03.yaml", "  - ¦date: 2026-04-10"),
    ),
    Fault(
        "child-came-after-analysis",
        "arrangements/L-01.yaml",
        "  - who: P-04\n    from: 2022-11",
        "  - who: ¦P-04\n    from: 2026-06-03",
    ),
    Fault(
        "contact-loosened-after-treatment",
        "arrangements/L-05.yaml",
        "",
        "arrangement: arpc/1\nid: L-05\ncase: C-HB6GD1GT\ndate: 2024-03-01\nauthor: RD\n"
        "status: final\ntype: contact\nman: P-01\nchild: P-03\nform: ¦unsupervised_day\n"
        "rests_on: family_arrangement\n",
        case=SCOTLAND,
    ),
    Fault(
        "learnt-after-analysis",
        "documents/D-06.yaml",
        "",
        "document: arpc/1\nid: D-06\ncase: C-FK6SY95T\ndate: 2026-06-03\nauthor: LK\nstatus: final\n"
        "title: School record\nfrom: Harrowmere Primary School\ntype: school\nreceived: ¦2026-06-03\n"
        "read_by: LK\nread_on: 2026-06-03\n",
    ),
    Fault("treated-as-proved", ANALYSIS, "    treated_as: alleged", "    treated_as: ¦proved"),
    Fault(
        "assumed-though-not-found",
        "basis/A-01.yaml",
        "basis_status: alleged_nfa_police",
        "basis_status: finding_not_made",
        at=(ANALYSIS, "rests_on: [F1, F5, F7, H1, H2]\n    assumes: [¦A-01]"),
        also=(f"{ANALYSIS} assumed-though-not-found",),
    ),
    Fault(
        "denial-as-risk-factor",
        ANALYSIS,
        "\nhypotheses:\n",
        "  - id: F15\n    kind: risk\n    about: [P-01]\n    ¦text: He denies what is alleged.\n"
        "    rests_on: [N-001#S4]\n\nhypotheses:\n",
    ),
    Fault(
        "actuarial-tool-not-for-him",
        ANALYSIS,
        "    applicable: no",
        "    applicable: yes",
        at=(ANALYSIS, "  - ¦name: Actuarial"),
    ),
    Fault(
        "tool-without-trained-user",
        ANALYSIS,
        "    by: LK\n    applicable: yes",
        "    applicable: yes",
        at=(ANALYSIS, "  - ¦name: Finkelhor's"),
    ),
    Fault(
        "factor-without-evidence",
        ANALYSIS,
        "    rests_on: [N-003#S1, D-04#S2, D-04#S3]\n",
        "",
        at=(ANALYSIS, "  - ¦id: F14"),
    ),
    Fault(
        "sure-from-one-source",
        ANALYSIS,
        """    rests_on: [F10, F11, F12, F13, F14]
    assumes: []
    if_not: |
      This course does not depend on the allegation either way. If it were found that what is
      alleged happened, the same course would be slower and narrower, and would not lead to his
      living there.
    opinion: provisional
    would_settle: |
      How the plan has been kept by the end of November, looked at in the light of at least three
      unannounced visits and Ruby's own word.
    confidence: low
""",
        "    rests_on: [N-004#S2, N-012#S3]\n    opinion: settled\n    confidence: ¦high\n",
    ),
    Fault(
        "cited-document-not-read",
        "documents/D-05.yaml",
        "read_by: LK\n",
        "",
        at=("documents/D-05.yaml", "¦document: arpc/1"),
    ),
    Fault(
        "missing-document-not-among-gaps",
        ANALYSIS,
        "    document: D-03\n",
        "",
        at=("documents/D-03.yaml", "¦requested: 2026-01-19"),
    ),
    Fault(
        "conflict-not-addressed",
        "sessions/N-010.yaml",
        "    conflicts: [N-001#S1]",
        "    ¦conflicts: [N-001#S5]",
    ),
    Fault(
        "protection-not-taken-apart",
        ANALYSIS,
        "  - who: P-02\n    knowledge: |",
        "  - who: P-06\n    knowledge: |",
        at=(ANALYSIS, "\n¦carers:\n"),
    ),
    Fault(
        "nothing-would-change-it",
        ANALYSIS,
        """    would_change: |
      A further breach of any kind; a gift, a message or a secret between him and either child; a
      wish to be the one who changes Jonah; a change in how Ruby is on Sunday evenings.
""",
        "",
        at=(ANALYSIS, "    ¦standing: leading"),
    ),
    Fault(
        "preconditions-half-answered",
        ANALYSIS,
        "  internal: |\n    He has a settled life",
        "    He has a settled life",
        at=(ANALYSIS, "\n¦preconditions:\n"),
    ),
    Fault(
        "judgement-lacks-part",
        ANALYSIS,
        """    imminence: |
      Over six to twelve months, if the help comes. It should not be expected before the autumn.
""",
        "",
        at=(ANALYSIS, "  - ¦id: J4"),
    ),
    Fault(
        "judgement-without-end",
        ANALYSIS,
        "and are five weeks.\n    valid_until: 2026-12-01",
        "and are five weeks.\n    valid_until: ¦2026-06-09",
    ),
    Fault(
        "firmer-than-its-assumption",
        ANALYSIS,
        "looked at again from the beginning.\n    opinion: qualified",
        "looked at again from the beginning.\n    opinion: ¦settled",
    ),
    Fault(
        "nothing-named-to-settle-it",
        ANALYSIS,
        """    opinion: provisional
    would_settle: |
      How the plan has been kept by the end of November, looked at in the light of at least three
      unannounced visits and Ruby's own word.
""",
        "    opinion: ¦provisional\n",
    ),
    Fault(
        "gap-without-effect",
        ANALYSIS,
        """    effect: |
      We can say nothing about sexual interest except in his own words, and we have drawn no
      conclusion from his having little to say.
""",
        "",
        at=(ANALYSIS, "  - ¦what: Anything about his use"),
    ),
    Fault(
        "sure-despite-gaps",
        ANALYSIS,
        """    confidence: low
    confidence_why: |
      Five weeks of a kept arrangement are encouraging, and are five weeks.
""",
        "    confidence: ¦high\n",
    ),
    Fault(
        "child-without-part-of-their-own",
        ANALYSIS,
        "  - child: P-04\n    impact: |",
        "  - child: P-03\n    impact: |",
        at=(ANALYSIS, "\n¦children:\n"),
    ),
    Fault(
        "childs-wishes-not-weighed",
        ANALYSIS,
        "    wishes: |\n      Not known, and not guessed at.",
        "      Not known, and not guessed at.",
        at=(ANALYSIS, "  - ¦child: P-04\n    impact: |"),
    ),
    Fault(
        "child-not-to-be-told",
        ANALYSIS,
        """    will_be_told: |
      There is nothing to tell a child of three about a report. His mother and his key worker will
      be told what to say if he asks where Neil is: "Neil is at his house. You see him at Auntie
      Dee's."
""",
        "",
        at=(ANALYSIS, "  - ¦child: P-04\n    impact: |"),
    ),
    Fault(
        "recommendation-answers-nothing",
        ANALYSIS,
        "    answers: [J4]\n",
        "",
        at=(ANALYSIS, "  - ¦id: R8"),
    ),
    Fault(
        "judgement-without-recommendation",
        ANALYSIS,
        "    answers: [J2]\n",
        "    answers: [J1]\n",
        at=(ANALYSIS, "  - ¦id: J2"),
    ),
    Fault(
        "recommendation-lacks-part",
        ANALYSIS,
        "    measure: An answer on file, whatever it is.\n",
        "",
        at=(ANALYSIS, "  - ¦id: R9"),
    ),
    Fault(
        "nothing-meanwhile",
        ANALYSIS,
        """    available: not_known
    otherwise: |
      The opinion stays qualified, and everybody who reads it should be told that it is.
""",
        "    available: ¦not_known\n",
    ),
    Fault(
        "promises-the-only-control",
        ANALYSIS,
        "\ncontact:\n",
        """  - ¦id: J5
    child: P-03
    scenario: other
    nature: Nights at the house again.
    severity: serious
    likelihood: moderate
    imminence: Not immediate.
    raised_by: [a lonely week]
    lowered_by: [the agreement that they signed in April]
    signs: [his boots are in the hall]
    rests_on: [F1]
    opinion: provisional
    would_settle: Who sleeps where.
    confidence: low
    valid_until: 2026-12-01

contact:
""",
        also=(f"{ANALYSIS} judgement-without-recommendation",),
    ),
    Fault(
        "loaded-term",
        FIRST_MEETING,
        "  Mr Stanworth was ten minutes early,",
        "  ¦Abusers plan ahead. Mr Stanworth was ten minutes early,",
    ),
    Fault(
        "label-without-evidence",
        FIRST_MEETING,
        "  A likeable man,",
        "  ¦Manipulative, perhaps. A likeable man,",
    ),
    Fault(
        "phrase-without-evidence",
        FIRST_MEETING,
        "  A likeable man,",
        "  He ¦engaged\n  well. A likeable man,",
    ),
    Fault(
        "opinion-as-observation",
        FIRST_MEETING,
        "observed: He stayed seated",
        "observed: ¦I think that he minded. He stayed seated",
    ),
    Fault(
        "same-passage-in-two-notes",
        "sessions/N-005.yaml",
        "  TB led. Mr Stanworth had",
        "  ¦He described Ms Whitham with warmth and some detail: what makes her laugh, that she gives\n"
        "  away her days off. About the children he was specific about food and vague about the rest.\n"
        "  He knew that Ruby will not eat mushrooms and did not know the name of her teacher.\n\n"
        "  TB led. Mr Stanworth had",
    ),
    Fault(
        "supervision-without-decision",
        "supervision/V-06.yaml",
        """decisions:
  - what: Ready for approval, subject to JM's reading of the printed report.
    who: JM
    by: 2026-06-12
  - what: Visit Ruby at school the day after the adults have been told, with a letter.
    who: LK
    by: 2026-06-19
""",
        "",
        at=("supervision/V-06.yaml", "¦supervision: arpc/1"),
    ),
    Fault(
        "treatment-before-report",
        "treatment/T-01.yaml",
        "date: 2023-08-22",
        "date: ¦2023-06-14",
        case=SCOTLAND,
    ),
    Fault(
        "treatment-without-target",
        "treatment/T-01.yaml",
        "    targets: J-01#F2\n",
        "",
        at=("treatment/T-01.yaml", "  - ¦id: G2"),
        case=SCOTLAND,
    ),
    Fault(
        "goal-without-measure",
        "treatment/T-01.yaml",
        """    measure: |
      Kirsty Rennie's diary, and what Ms Bain sees on a Sunday without notice.
""",
        "",
        at=("treatment/T-01.yaml", "  - ¦id: G2"),
        case=SCOTLAND,
    ),
    Fault(
        "progress-never-rated",
        "treatment/T-01.yaml",
        "  - id: G3\n",
        "  - ¦id: G4\n",
        case=SCOTLAND,
    ),
    Fault(
        "contact-attempted-unsafely",
        "followups/F-01.yaml",
        "    safe: yes",
        "    safe: ¦no",
        case=SCOTLAND,
    ),
    Fault(
        "follow-up-on-his-word-alone",
        "followups/F-05.yaml",
        "",
        f"{NEW_FOLLOWUP}done: 2026-06-01\n¦who: [P-01]\nnote: All is well, he says.\nareas:\n"
        "  - area: new_allegation_or_behaviour\n    answer: no\n    from: [P-01]\n"
        "harm: none_known\nreassess: no\n",
        case=SCOTLAND,
    ),
    Fault(
        "no-harm-known-not-asked",
        "followups/F-01.yaml",
        "  - area: new_allegation_or_behaviour\n    answer: no\n",
        "  - area: new_allegation_or_behaviour\n    answer: not_asked\n",
        at=("followups/F-01.yaml", "harm: ¦none_known"),
        case=SCOTLAND,
    ),
    Fault(
        "given-up-too-soon",
        "followups/F-05.yaml",
        "",
        f"{NEW_FOLLOWUP}attempts:\n  - how: telephone\nnot_done: ¦lost\n"
        "not_done_why: The number is dead.\nagreed_by: AS\n",
        case=SCOTLAND,
    ),
    Fault(
        "follow-up-not-done-unagreed",
        "followups/F-05.yaml",
        "",
        f"{NEW_FOLLOWUP}not_done: ¦declined\nnot_done_why: He would rather not.\n",
        case=SCOTLAND,
    ),
    Fault(
        "follow-up-left-open",
        "case.yaml",
        "follow_up_from: report_issued\n",
        "follow_up_from: report_issued\n\n¦closure:\n  reason: completed\n",
        also=("case.yaml needed-to-close",),
        case=SCOTLAND,
    ),
    Fault(
        "action-left-open",
        SUPERVISION,
        "    done: 2026-02-12\n",
        "",
        at=(SUPERVISION, "  - ¦what: See Ruby before half-term"),
    ),
]

FAULTS = [
    *SCHEMA_FAULTS,
    *READER_REFUSALS,
    *LOADING_FINDINGS,
    *RULES_BROKEN,
    *PRACTICE_BROKEN,
]
SHOWN_BELOW = {
    "not-a-plain-file",  # which no text can be
    "not-readable",  # nor this
    "signed-in-part",  # nor this, of two files: tests/test_signing.py
    "too-long",  # which only a service file can be
    "duty-to-report-not-considered",  # which takes two files, as does
    "met-together-despite-abuse",
}

# That a final record changed, or went, is found too, and what cites it asks to be read again.
CHANGE_ITSELF = ("changed-since-finished", "final-record-gone", "evidence-moved")

# What the examples lack with good reason: neither case is closed, and some things are on their way.
KNOWN = {
    ENGLAND: {
        ("case.yaml:1:1", "needed-to-close"),
        ("supervision/V-04.yaml:24:5", "action-left-open"),
        ("supervision/V-06.yaml:24:5", "action-left-open"),
        ("supervision/V-06.yaml:27:5", "action-left-open"),
    },
    SCOTLAND: {
        ("case.yaml:1:1", "follow-up-left-open"),
        ("case.yaml:1:1", "needed-to-close"),
        ("followups/F-04.yaml:1:1", "needed-to-finish"),
    },
}

Check = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """What `arpc validate` finds, later gates included, with files named from the case folder."""

    def call(case: str) -> list[dict[str, Any]]:
        monkeypatch.setattr(sys, "argv", ["arpc", "validate", case, "--format", "json"])
        with pytest.raises(SystemExit):
            cli.main()
        found = json.loads(capsys.readouterr().out)["findings"]
        return [{**f, "file": f["file"].removeprefix(f"cases/{case}/")} for f in found]

    return call


def plant(folder: Path, fault: Fault) -> str:
    """Write a fault below a case folder; return its text, the mark still in it."""
    path = folder / fault.file
    if fault.new == GONE:
        path.unlink()
        return ""
    text = fault.new
    if fault.old:
        whole = path.read_text(encoding="utf-8")
        assert whole.count(fault.old) == 1, f"{fault.old!r} does not stand once in {path.name}"
        text = whole.replace(fault.old, fault.new)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.replace(MARK, "").encode("utf-8", "surrogateescape"))
    return text


def place_of(folder: Path, fault: Fault, text: str) -> str:
    """Where the finding has to point, as "file:line:column"."""
    if fault.at is None:
        return place_of_mark(fault.file, text or MARK)
    file, quoted = fault.at
    whole = (folder / file).read_text(encoding="utf-8")
    plain = quoted.replace(MARK, "")
    assert whole.count(plain) == 1, f"{plain!r} does not stand once in {file}"
    return place_of_mark(file, whole.replace(plain, quoted))


def place_of_mark(file: str, text: str) -> str:
    before, mark, _ = text.partition(MARK)
    assert mark, f"nothing marks the place in {file}"
    return f"{file}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def place(finding: dict[str, Any]) -> str:
    return f"{finding['file']}:{finding['line']}:{finding['column']}"


def name_of(fault: Fault) -> str:
    return f"{fault.rule}-{Path(fault.file).stem}"


def test_there_is_a_planted_fault_for_everything_that_can_be_found() -> None:
    planted = {fault.rule for fault in FAULTS} | SHOWN_BELOW
    known = {*schema.RULES, *yamldoc.REFUSALS, *loading.RULES, *(rule.id for rule in rules.ALL)}
    assert known - planted == set()
    assert planted - known == set()


@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
def test_a_planted_fault_is_found_at_its_line_and_column_and_drags_nothing_along(
    fault: Fault, practice: Path, check: Check
) -> None:
    folder = practice / "cases" / fault.case
    wanted = place_of(folder, fault, plant(folder, fault))
    new = [f for f in check(fault.case) if (place(f), f["rule"]) not in KNOWN[fault.case]]
    assert wanted in {place(f) for f in new if f["rule"] == fault.rule}
    others = {
        f"{f['file']} {f['rule']}"
        for f in new
        if f["severity"] == "error"
        and (place(f), f["rule"]) != (wanted, fault.rule)
        and f["rule"] not in CHANGE_ITSELF
    }
    assert others == set(fault.also)


def test_a_person_reads_the_same_places(practice: Path, monkeypatch, capsys) -> None:
    folder = practice / "cases" / ENGLAND
    wanted = [
        (place_of(folder, fault, plant(folder, fault)), fault.rule)
        for fault in (SCHEMA_FAULTS[0], RULES_BROKEN[0])
    ]
    monkeypatch.setattr(sys, "argv", ["arpc", "validate", ENGLAND])
    with pytest.raises(SystemExit) as exit_info:
        cli.main()
    assert exit_info.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    for where, rule in wanted:
        begin = f"cases/{ENGLAND}/{where}: error: "
        assert any(line.startswith(begin) and line.endswith(f"[{rule}]") for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are other things there")
@pytest.mark.parametrize(
    ("put", "message", "hint"),
    [
        (
            lambda path: path.symlink_to("V-02.yaml"),
            "this is a link; expected a plain file",
            "put the file itself here, in the place of the link",
        ),
        (
            os.mkfifo,
            "this is a pipe; expected a plain file",
            "take it away: nothing is kept in it; bring the file back if it was lost",
        ),
        (
            Path.mkdir,
            "this is a folder; expected a plain file",
            "give the folder another name, and bring the file back if it was lost",
        ),
    ],
    ids=["a link", "a pipe", "a folder"],
)
def test_what_lies_in_the_place_of_a_record_is_named_with_what_to_do(
    practice: Path, put: Callable[[Path], object], message: str, hint: str
) -> None:
    folder = practice / "cases" / ENGLAND
    (folder / SUPERVISION).unlink()
    put(folder / SUPERVISION)
    [found] = [f for f in loading.load(folder, "").findings if f.rule == "not-a-plain-file"]
    assert (found.where.file, found.message, found.hint) == (SUPERVISION, message, hint)


def test_a_record_that_cannot_be_read_is_found_and_what_it_says_is_taken_for_nothing() -> None:
    refused = PermissionError(13, "Permission denied")
    loaded = loading.load_from(ENGLAND, [(SUPERVISION, refused)], "")
    [found] = [f for f in loaded.findings if f.where.file == SUPERVISION]
    assert (found.rule, found.message) == (
        "not-readable",
        "this cannot be read: Permission denied",
    )
    assert [damaged.file for damaged in loaded.file.damaged if damaged.kind == "supervision"]


def test_a_concern_under_the_duty_to_report_is_found_where_the_duty_is_in_force(
    practice: Path, check: Check
) -> None:
    folder = practice / "cases" / ENGLAND
    plant(folder, Fault("", "escalations/E-01.yaml", "type: contact_breach", "type: admission"))
    assert not {f["rule"] for f in check(ENGLAND)} & SHOWN_BELOW
    plant(folder, Fault("", SERVICE, "closing_days:", "duty_to_report: yes\n\nclosing_days:"))
    assert ("escalations/E-01.yaml:10:7", "duty-to-report-not-considered") in {
        (place(f), f["rule"]) for f in check(ENGLAND)
    }


def test_a_joint_meeting_is_found_where_domestic_abuse_was_known(
    practice: Path, check: Check
) -> None:
    folder = practice / "cases" / ENGLAND
    plant(folder, Fault("", LAST_MEETING, "who: [P-01]", "who: [P-01, P-02]"))
    assert not {f["rule"] for f in check(ENGLAND)} & SHOWN_BELOW
    plant(
        folder, Fault("", "escalations/E-01.yaml", "type: contact_breach", "type: domestic_abuse")
    )
    assert (f"{LAST_MEETING}:4:7", "met-together-despite-abuse") in {
        (place(f), f["rule"]) for f in check(ENGLAND)
    }


class Broken(NamedTuple):
    """What is found in the other files of a case before and after one of them was broken."""

    file: str
    before: list[Finding]
    after: list[Finding]
    not_checked: set[str]
    """The rules that say they could not be checked."""


def break_one_by_one(folder: Path, kind: str) -> Iterator[Broken]:
    """Break each file of a kind in turn, in a case that has every fault that can be together."""
    for fault in (*RULES_BROKEN, *PRACTICE_BROKEN):
        path = folder / fault.file
        if (
            fault.case == folder.name
            and path.is_file()
            and fault.old
            and path.read_text("utf-8").count(fault.old) == 1
        ):
            plant(folder, fault)
    before = found_in(folder)
    assert len({f.rule for f in before}) >= 4
    for path in sorted(folder.glob(kinds.kind(kind).files)):
        name, whole = path.relative_to(folder).as_posix(), path.read_bytes()
        path.write_bytes(b"[")
        after = found_in(folder)
        path.write_bytes(whole)
        yield Broken(
            name,
            [f for f in before if f.where.file != name],
            [f for f in after if f.where.file != name],
            {
                rule
                for f in after
                if f.rule == "not-checked"
                for rule in f.hint.removeprefix("not looked at by ").split(", ")
            },
        )


def found_in(folder: Path) -> list[Finding]:
    return checking.check_case(loading.load(folder, ""), TODAY, Service()).findings


EVERY_KIND = [
    (case, name)
    for case in (ENGLAND, SCOTLAND)
    for name in kinds.NAMES
    if any((EXAMPLES / "cases" / case).glob(kinds.kind(name).files))
]


@pytest.mark.one_in(3)
@pytest.mark.parametrize(("case", "kind"), EVERY_KIND)
def test_breaking_a_file_hides_nothing_in_another_but_names_the_rules_that_need_it(
    case: str, kind: str, tmp_path: Path
) -> None:
    folder = tmp_path / case
    shutil.copytree(EXAMPLES / "cases" / case, folder)
    for broken in break_one_by_one(folder, kind):
        record_id = Path(broken.file).stem
        hidden = [
            str(f)
            for f in broken.before
            if f not in broken.after
            and f.rule not in broken.not_checked
            # What the broken record itself holds cannot be known to be missing.
            and not (f.rule == "broken-reference" and f.message.startswith(f"{record_id}#"))
        ]
        assert hidden == [], f"hidden by {broken.file}"


@pytest.mark.one_in(3)
@pytest.mark.parametrize(("case", "kind"), EVERY_KIND)
def test_breaking_a_file_accuses_no_other(case: str, kind: str, tmp_path: Path) -> None:
    folder = tmp_path / case
    shutil.copytree(EXAMPLES / "cases" / case, folder)
    for broken in break_one_by_one(folder, kind):
        accused = [
            str(f) for f in broken.after if f not in broken.before and f.severity is Severity.ERROR
        ]
        assert accused == [], f"accused because of {broken.file}"


def test_a_record_that_cannot_be_read_says_how_many_rules_missed_it_and_which_say_nothing(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ENGLAND
    shutil.copytree(EXAMPLES / "cases" / ENGLAND, folder)
    (folder / LAST_MEETING).write_bytes(b"[")
    [found] = [f for f in found_in(folder) if f.rule == "not-checked"]
    assert found.where.file == LAST_MEETING and found.severity is Severity.WARNING
    looked, _, silent = found.hint.partition("; wholly silent until it is mended: ")
    missed = looked.removeprefix("not looked at by ").split(", ")
    assert found.message == f"{len(missed)} rules could not look at this record"
    wholly = silent.split(", ")
    assert "child-not-seen" in wholly and set(wholly) < set(missed)
