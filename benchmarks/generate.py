"""Write a service folder of invented cases, for measuring: `generate.py FOLDER --cases 100`.

The same seed gives the same bytes, and case number 7 is the same however many there are. A case
holds every kind of record, in the proportions of the hand-written examples: most of it is prose, and
most of that is session notes. Nothing in it is about anybody, and `arpc validate` finds no error.
"""

import argparse
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from arpc import ledgers, loading
from arpc.ids import new_case_id
from arpc.yamltext import flow, scalar

TODAY = date(2026, 6, 10)  # the practice day of every generated folder
OTHER_RECORDS = 20  # what a case holds besides sessions and documents
FEWEST_RECORDS = OTHER_RECORDS + 5  # one document, and a session with each of four people
WIDTH = 98

_BARE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}|[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}|yes|no"
)
"""What `arpc.yamltext.scalar` would quote, and people leave bare where the schema expects it."""

PEOPLE = ("P-01", "P-02", "P-03", "P-04", "P-05")
MAN, CARER, OLDER, YOUNGER, REFERRER = PEOPLE
MEETINGS = (
    ("man", MAN),
    ("carer", CARER),
    ("child", OLDER),
    ("child", YOUNGER),
    ("observation", YOUNGER),
    ("agency", REFERRER),
)
"""Whom the sessions are with, over and over until there are enough of them."""
CONCERN = 2
"""Which session raises the concern: the first with the older child."""

FIRST_NAMES = ("Alder", "Briony", "Corin", "Dilys", "Edmund", "Fern", "Garth", "Hazel", "Ivor")
LAST_NAMES = ("Ashdown", "Brackley", "Crowther", "Dunmore", "Eastlake", "Fallow", "Greaves")
TOWNS = ("Harrowmere", "Larkfield", "Oldbridge", "Thornley Brow", "Wexcombe")
SLOTS = {
    "who": ("She", "He", "The social worker", "A neighbour", "The teacher", "Their aunt"),
    "said": ("said", "explained", "remembered", "wrote later", "told us twice", "mentioned"),
    "day": ("on Mondays", "after school", "at the weekend", "in the evening", "in June"),
    "place": ("the kitchen", "the library", "the family centre", "the park", "the back garden"),
    "thing": ("a bicycle", "the timetable", "a jigsaw", "the shopping", "a letter", "the dishes"),
    "how": ("without being asked", "slowly", "with care", "for most of an hour", "twice"),
    "number": ("two", "three", "four", "five", "six"),
}
SENTENCES = (
    "{who} {said} that {thing} was left in {place} {day} and that nobody had minded.",
    "We met in {place} and began with {thing}, which took longer than we had planned.",
    "{who} came {number} minutes early and waited in {place} with {thing}.",
    "It was agreed to look at {thing} again {day}, when there would be more time.",
    "{who} {said} that the plan is working {day}, and less well when the bus is late.",
    "There was a pause, and then {who_small} went back to {thing} {how}.",
    "Asked what had changed, {who_small} spoke about {place} {how}.",
    '{who} said, "It is all right {day}, it is the rest of the week that is long."',
    "The {number} questions that we had brought were answered {how}.",
    "{who} had written down {number} things to say and got through all of them.",
    "Nobody else was in {place}, and the door was left open.",
    "We went through the leaflet {how} and left a copy beside {thing}.",
    "{who} {said} that money is short {day} (about £40 less than it was).",
    "The café next to {place} was shut, so we talked in the car: {thing} could wait.",
    "What is not known is who was in {place} {day}, and we did not guess.",
    "At the end {who_small} chose {thing} and asked when we would come again.",
)
WORDS = (
    "I like it best in {place}, because you can see who is coming.",
    "We had pancakes {day} and I did {thing}.",
    "Nobody told me about {thing}, I just knew.",
    "I'd want it to be the same {day}, but with fewer people.",
)
QUESTIONS = ("Tell me about {place}.", "What happened {day}?", "Tell me about {thing}.", "Go on.")

Data = dict[str, Any]


def main() -> None:
    """Read the command line and write the folder."""
    parser = argparse.ArgumentParser(description="Write a service folder of invented cases.")
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet, or is empty")
    parser.add_argument("--cases", type=int, required=True, help="how many cases")
    parser.add_argument("--records", type=int, default=30, help="record files of each (30)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed, the same bytes (7)")
    asked = parser.parse_args()
    if asked.records < FEWEST_RECORDS:
        parser.error(f"a whole case has at least {FEWEST_RECORDS} records")
    if asked.folder.exists() and any(asked.folder.iterdir()):
        parser.error(f"{asked.folder} is not empty")
    write_service(asked.folder, asked.cases, asked.records, asked.seed)


def write_service(folder: Path, cases: int, records: int, seed: int) -> None:
    """Write service.yaml and that many cases of that many records."""
    write(folder / "service.yaml", _service())
    for number in range(cases):
        rng = Random(f"{seed}/{number}")  # of its own, so that cases do not depend on their count
        case_id = new_case_id(rng.choice)
        for name, data in case_records(rng, case_id, records).items():
            write(folder / "cases" / case_id / name, data)
        _seal(folder / "cases" / case_id)


def _seal(case: Path) -> None:
    """Write down what the final records mean, as `arpc finish` does one by one."""
    records = loading.load(case, "").file.records
    entries = [
        ledgers.sealed(r.kind, r.data, by="LK", on=r.on) for r in records if r.status != "draft"
    ]
    ledgers.put(case, "finished", entries)


def write(path: Path, data: Data) -> None:
    """Write one record as people write them: prose under `|`, short lists in brackets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{line}\n" for line in _mapping(data, ""))
    path.write_text(text, encoding="utf-8", newline="\n")


def case_records(rng: Random, case_id: str, records: int) -> dict[str, Data]:
    """Return every record of one case, by its file's name."""
    rest = records - OTHER_RECORDS
    documents = max(1, rest // 4)
    days = _session_days(rng, rest - documents)
    opened, last = days[0] - timedelta(days=20), days[-1]
    bodies = {
        **_papers(rng, opened),
        **_people(rng, opened),
        **_bases(rng, opened, days[0]),
        **_consents(rng, days),
        **_arrangements(rng, opened),
        **_sessions(rng, days),
        **_documents(rng, opened, documents),
        "escalations/E-01": _escalation(rng, days[CONCERN]),
        **_supervisions(rng, days),
        "analysis/J-01": _analysis(rng, last + timedelta(days=20), documents),
        **_afterwards(rng, last + timedelta(days=25)),
    }
    return {f"{name}.yaml": _headed(name, case_id, body) for name, body in bodies.items()}


_KINDS = {
    "people": "person",
    "sessions": "session",
    "documents": "document",
    "consents": "consent",
    "arrangements": "arrangement",
    "escalations": "escalation",
    "reports": "report",
    "followups": "followup",
}


def _headed(name: str, case_id: str, body: Data) -> Data:
    """Put the header that every record has before what is its own."""
    folder, _, stem = name.rpartition("/")
    kind = _KINDS.get(folder, folder) or stem
    ids = {"case": {"id": case_id}, "referral": {"id": "Q-01", "case": case_id}}
    head = {kind: "arpc/1", **ids.get(kind, {"id": stem, "case": case_id})}
    own = {"date": body.pop("date"), "author": body.pop("author", "LK"), "status": "final"}
    return {**head, **own, **body}


def _service() -> Data:
    names = (("LK", "Lead practitioner"), ("TB", "Second practitioner"), ("JM", "Team manager"))
    return {
        "service": "arpc/1",
        "name": "Measured Family Assessment Service",
        "nation": "england",
        "staff": [{"code": code, "name": f"Invented {code}", "role": role} for code, role in names],
        "practice": {"today": TODAY},
    }


def _session_days(rng: Random, count: int) -> list[date]:
    """Days a week or so apart, the last of them long enough ago for a follow-up."""
    day = date(2024, 1, 8) + timedelta(days=rng.randrange(120))
    days = []
    for _ in range(count):
        days.append(day)
        day += timedelta(days=rng.randint(5, 9))
    return days


def _papers(rng: Random, opened: date) -> dict[str, Data]:
    """The case file and the referral."""
    criteria = (
        "adult_male no_learning_disability basis_present contact_with_child child_has_plan"
        " no_criminal_proceedings referred_by_childrens_services carer_identified"
        " carer_no_abuse_with_man carer_no_other_assessment"
    )
    case = {
        "date": opened,
        "nation": "england",
        "authority": f"{rng.choice(TOWNS)} Council",
        "lead": "LK",
        "second": "TB",
        "manager": "JM",
        "eligibility": {
            "decision": "accept",
            "date": opened + timedelta(days=4),
            "by": "JM",
            "criteria": dict.fromkeys(criteria.split(), "yes"),
            "note": prose(rng, 500),
        },
        "follow_up_from": "report_issued",
    }
    referral = {
        "date": opened,
        "from": REFERRER,
        "urgency": "standard",
        "reason": prose(rng, 1200),
        "questions": [{"id": f"Q{n}", "ask": sentence(rng)} for n in (1, 2, 3)],
        "contact": prose(rng, 400),
        "safety": prose(rng, 400),
        "police": "nfa",
        "police_checked": f"Safeguarding unit, by telephone with LK, {opened}",
        "needed_by": opened + timedelta(days=150),
        "needed_for": "plan_review",
        "acknowledged": opened + timedelta(days=1),
    }
    return {"case": case, "referral": referral}


def _people(rng: Random, opened: date) -> dict[str, Data]:
    carer, worker = ["protective_carer", "parent"], ["professional", "referrer"]
    roles = (["man"], carer, ["child"], ["child"], worker)
    born = (rng.randint(1970, 1990), rng.randint(1984, 1996), 2015, 2020, 0)
    family = rng.choice(LAST_NAMES)
    relations = {
        MAN: [{"to": CARER, "is": "partner", "from": "2022-04"}],
        CARER: [{"to": child, "is": "parent"} for child in (OLDER, YOUNGER)],
        OLDER: [{"to": YOUNGER, "is": "sibling"}],
        YOUNGER: [{"to": OLDER, "is": "sibling"}],
        REFERRER: [{"to": CARER, "is": "worker"}],
    }
    found: dict[str, Data] = {}
    for person, has, year in zip(PEOPLE, roles, born, strict=True):
        data: Data = {"date": opened, "name": f"{rng.choice(FIRST_NAMES)} {family}", "roles": has}
        if year:
            data["born"] = date(year, rng.randint(1, 12), rng.randint(1, 28))
            data |= {"languages": ["English"], "interpreter": "no", "needs": prose(rng, 150)}
        data["relations"] = relations[person]
        if "child" in has:
            data["plans"] = [{"status": "child_in_need", "from": opened - timedelta(days=30)}]
            data["in_scope"] = "yes"
        data |= {"contact": prose(rng, 120), "background": prose(rng, 500)}
        found[f"people/{person}"] = data
    return found


def _bases(rng: Random, opened: date, first_met: date) -> dict[str, Data]:
    positions = [
        {"who": MAN, "date": first_met, "position": "denies", "from": "N-001#S1"},
        {"who": CARER, "date": opened, "position": "uncertain", "from": "N-002#S1"},
    ]
    older = {
        "date": opened,
        "what": prose(rng, 300),
        "basis_status": "alleged_nfa_police",
        "evidence": ["D-01#S1"],
        "happened": "not known exactly",
        "positions": positions,
        "related": ["A-02"],
        "note": prose(rng, 400),
    }
    newer = {
        "date": opened,
        "what": prose(rng, 250),
        "basis_status": "concern_only",
        "evidence": ["D-01#S2"],
        "note": prose(rng, 200),
    }
    return {"basis/A-01": older, "basis/A-02": newer}


def _consents(rng: Random, days: Sequence[date]) -> dict[str, Data]:
    agreed = dict.fromkeys(
        ("take_part", "contact_agencies", "share_with_referrer", "follow_up_3y"), "given"
    )
    explained = ["purpose", "limits_of_confidentiality", "who_sees_the_report", "right_to_decline"]
    return {
        f"consents/K-0{number}": {
            "date": days[number - 1],
            "who": who,
            "given_by": who,
            "agreed": dict(agreed),
            "explained": explained,
            "how": prose(rng, 600),
            "understood": "yes",
        }
        for number, who in enumerate((MAN, CARER), 1)
    }


def _arrangements(rng: Random, opened: date) -> dict[str, Data]:
    household = {
        "date": opened,
        "type": "household",
        "name": "The carer's house",
        "address": f"{rng.randint(1, 90)} Example Street, {rng.choice(TOWNS)}",
        "members": [{"who": who, "from": "2021-03"} for who in (CARER, OLDER, YOUNGER)],
        "sleeping": prose(rng, 200),
        "note": prose(rng, 250),
    }
    agreement = {
        "date": opened,
        "type": "agreement",
        "parties": [MAN, CARER, REFERRER],
        "terms": [sentence(rng) for _ in range(4)],
        "review_by": opened + timedelta(days=180),
        "monitored": prose(rng, 150),
        "if_breached": prose(rng, 150),
        "note": prose(rng, 200),
    }
    return {"arrangements/L-01": household, "arrangements/L-02": agreement}


def _sessions(rng: Random, days: Sequence[date]) -> dict[str, Data]:
    return {
        f"sessions/N-{index + 1:03d}": _session(rng, index, day, days[index + 1 :])
        for index, day in enumerate(days)
    }


def _session(rng: Random, index: int, day: date, later: Sequence[date]) -> Data:
    sort, who = MEETINGS[index % len(MEETINGS)]
    data: Data = {
        "date": day,
        "author": rng.choice(("LK", "TB")),
        "with": sort,
        "who": [who],
        "where": "the family centre, upstairs room",
        "time": rng.choice(("10:00-11:30", "13:35-14:15", "15:10-15:55")),
    }
    if sort == "child":
        data |= {"alone": "yes", "explained": prose(rng, 200), "understood": "yes"}
        data["tools"] = "paper and felt pens"
    data["note"] = prose(rng, rng.randint(1500, 3000))
    data["statements"] = [_statement(rng, n, who) for n in range(1, rng.randint(4, 8))]
    data["thinking"] = prose(rng, rng.randint(300, 600))
    data["concern"] = "current" if index == CONCERN else "none"
    if index == CONCERN:
        data["escalation"] = "E-01"
    data["actions"] = [
        {"what": sentence(rng), "who": "LK", "by": day + timedelta(days=7), "done": day}
    ]
    if later:
        data["next"] = later[0]
    data["written"] = f"{day} 17:{rng.randint(10, 59)}"
    return data


def _statement(rng: Random, number: int, who: str) -> Data:
    """The first of a session are exact words after a question; the others vary."""
    form = "said" if number <= 2 else rng.choice(("said", "told", "observed"))
    data: Data = {"id": f"S{number}", form: fill(rng, rng.choice(WORDS))}
    if form == "said":
        data["asked"] = fill(rng, rng.choice(QUESTIONS))
    if form != "observed":
        data["by"] = who
    data["about"] = rng.sample(PEOPLE[:4], k=rng.randint(1, 2))
    if rng.random() < 0.3:
        data["not_for"] = ["man"]
    return data


def _documents(rng: Random, opened: date, count: int) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for number in range(1, count + 1):
        came = opened + timedelta(days=rng.randint(2, 12))
        found[f"documents/D-{number:02d}"] = {
            "date": came,
            "title": f"Paper {number}",
            "from": f"{rng.choice(TOWNS)} Council, family team",
            "type": rng.choice(("assessment", "letter", "school", "police_log")),
            "dated": opened - timedelta(days=40),
            "requested": opened,
            "received": came,
            "pages": rng.randint(1, 20),
            "read_by": "LK",
            "read_on": came,
            "reliability": "primary",
            "summary": prose(rng, 700),
            "statements": [
                {"id": f"S{n}", "states": sentence(rng), "about": [rng.choice(PEOPLE[:4])]}
                for n in range(1, rng.randint(4, 7))
            ],
        }
    return found


def _escalation(rng: Random, day: date) -> Data:
    report = {"name": "Duty officer", "at": f"{day} 16:22", "how": "telephone, then secure e-mail"}
    return {
        "date": day,
        "aware": f"{day} 15:58",
        "from": f"N-{CONCERN + 1:03d}#S2",
        "type": "contact_breach",
        "children": [OLDER, YOUNGER],
        "words": [f"N-{CONCERN + 1:03d}#S1", f"N-{CONCERN + 1:03d}#S2"],
        "safety": prose(rng, 400),
        "reported": [{"to": "childrens_services", **report}],
        "manager_told": f"{day} 16:31",
        "decision": "referred",
        "why": prose(rng, 400),
        "parents_told": prose(rng, 300),
        "outcome": prose(rng, 500),
        "closed": day + timedelta(days=20),
        "written": f"{day} 18:10",
    }


def _supervisions(rng: Random, days: Sequence[date]) -> dict[str, Data]:
    held = (days[len(days) // 2], days[-1] + timedelta(days=3))
    return {
        f"supervision/V-0{number}": {
            "date": day,
            "author": "JM",
            "supervisor": "JM",
            "people": ["LK", "TB"],
            "form": "case",
            "note": prose(rng, 500),
            "challenge": prose(rng, 500),
            "decisions": [{"what": sentence(rng), "who": "LK", "by": day, "done": day}],
        }
        for number, day in enumerate(held, 1)
    }


def _analysis(rng: Random, day: date, documents: int) -> Data:
    """The longest record: as deep as the schema goes, and full of citations."""
    valid_until = day + timedelta(days=180)
    document = f"D-{documents:02d}"
    factors = [
        {
            "id": f"F{n}",
            "kind": "risk" if n % 2 else "protective",
            "about": [MAN if n % 2 else OLDER],
            "text": prose(rng, 250),
            "rests_on": [f"N-00{rng.randint(1, 4)}#S1", f"{document}#S{rng.randint(1, 3)}"],
        }
        for n in range(1, 7)
    ]
    return {
        "date": day,
        "summary": prose(rng, 1200),
        "answers": [
            {"question": f"Q{n}", "answer": prose(rng, 400), "rests_on": ["J1", f"F{n}"]}
            for n in (1, 2, 3)
        ],
        "facts": [
            {"basis": basis, "treated_as": "alleged", "why": prose(rng, 200)}
            for basis in ("A-01", "A-02")
        ],
        "preconditions": {
            key: prose(rng, 350) for key in ("motivation", "internal", "external", "child")
        },
        "factors": factors,
        "hypotheses": [_hypothesis(rng, 1, "as_alleged"), _hypothesis(rng, 2, "other_explanation")],
        "contradictions": prose(rng, 400),
        "gaps": [
            {"what": sentence(rng), "why": sentence(rng), "effect": prose(rng, 150)}
            for _ in range(2)
        ],
        "culture": prose(rng, 300),
        "carers": [_carer_view(rng, document)],
        "children": [_child_view(rng, child) for child in (OLDER, YOUNGER)],
        "judgements": [
            _judgement(rng, n, child, valid_until) for n, child in enumerate((OLDER, YOUNGER), 1)
        ],
        "contact": [
            {
                "child": child,
                "form": "supervised_professional",
                "conditions": prose(rng, 250),
                "stop": prose(rng, 150),
                "rests_on": ["J1", "F1"],
            }
            for child in (OLDER, YOUNGER)
        ],
        "recommendations": [_recommendation(rng, n, day) for n in range(1, 6)],
    }


def _hypothesis(rng: Random, number: int, kind: str) -> Data:
    return {
        "id": f"H{number}",
        "kind": kind,
        "text": prose(rng, 250),
        "for": ["F1", "F3"],
        "against": ["F2", "N-002#S1"],
        "would_change": prose(rng, 150),
        "standing": "possible",
        "why": prose(rng, 300),
    }


def _carer_view(rng: Random, document: str) -> Data:
    data: Data = {"who": CARER, "knowledge": prose(rng, 300)}
    for part in ("capacity", "ability", "likelihood"):
        data |= {part: prose(rng, 250), f"{part}_rests_on": ["N-002#S1", f"{document}#S1"]}
    return {**data, "band": "adequate_with_support", "needs": prose(rng, 150)}


def _child_view(rng: Random, child: str) -> Data:
    return {
        "child": child,
        "impact": prose(rng, 500),
        "wishes": prose(rng, 250),
        "rests_on": [f"N-00{3 if child == OLDER else 4}#S1"],
        "will_be_told": prose(rng, 120),
    }


def _judgement(rng: Random, number: int, child: str, valid_until: date) -> Data:
    return {
        "id": f"J{number}",
        "child": child,
        "scenario": "repeat",
        "nature": prose(rng, 150),
        "severity": "serious",
        "likelihood": rng.choice(("lower", "moderate", "higher")),
        "imminence": prose(rng, 120),
        **{key: [short(rng) for _ in range(3)] for key in ("raised_by", "lowered_by", "signs")},
        "rests_on": ["F1", "F2", "F3", "H1", "H2"],
        "assumes": ["A-01"],
        "if_not": prose(rng, 150),
        "opinion": "qualified",
        "would_settle": prose(rng, 150),
        "confidence": "moderate",
        "confidence_why": prose(rng, 200),
        "valid_until": valid_until,
    }


def _recommendation(rng: Random, number: int, day: date) -> Data:
    return {
        "id": f"R{number}",
        "answers": ["J1", "J2"],
        "action": prose(rng, 150),
        "who": "Social worker, family team",
        "how": prose(rng, 200),
        "by": day + timedelta(days=60),
        "measure": prose(rng, 120),
        "available": "available",
        "if_not_done": prose(rng, 100),
    }


def _afterwards(rng: Random, issued: date) -> dict[str, Data]:
    """The report that was issued, a treatment and the first follow-up."""
    report = {
        "date": issued,
        "type": "assessment",
        "audience": "referrer",
        "version": 1,
        "analysis": "J-01",
        "approved_by": "JM",
        "approved_on": issued,
        "valid_until": issued + timedelta(days=175),
        "issued_to": [{"who": REFERRER, "date": issued, "how": "e-mail", "received": issued}],
        "feedback": [
            {"who": who, "date": issued + timedelta(days=5), "response": prose(rng, 300)}
            for who in PEOPLE[:4]
        ],
        "decision": {
            "meeting": "plan_review",
            "date": issued + timedelta(days=14),
            "recommendations": [{"id": f"R{n}", "outcome": "accepted"} for n in range(1, 6)],
        },
    }
    begun = issued + timedelta(days=30)
    treatment = {
        "date": begun,
        "who": MAN,
        "offer": "accepted",
        "why": prose(rng, 300),
        "goals": [
            {
                "id": f"G{n}",
                "text": sentence(rng),
                "targets": "J-01#F1",
                "baseline": sentence(rng),
                "measure": sentence(rng),
            }
            for n in (1, 2)
        ],
        "meetings": [
            {
                "date": begun + timedelta(days=14 * n),
                "note": prose(rng, 350),
                "goals": ["G1", "G2"],
                "progress": rng.choice(("better", "same")),
            }
            for n in range(1, 6)
        ],
    }
    followup = {
        "date": issued + timedelta(days=92),
        "point": "referrer_3m",
        "done": issued + timedelta(days=92),
        "who": [REFERRER],
        "note": prose(rng, 600),
        "areas": [
            {"area": area, "answer": "no", "text": prose(rng, 120)}
            for area in ("new_allegation_or_behaviour", "contact_now", "household")
        ],
        "harm": "none_known",
        "reassess": "no",
    }
    return {"reports/R-01": report, "treatment/T-01": treatment, "followups/F-01": followup}


def prose(rng: Random, length: int) -> str:
    """Paragraphs of at least `length` characters, always to be written under `|`."""
    paragraphs, written = [], 0
    while written < length:
        size = rng.randint(3, 6)
        sentences: list[str] = []
        while len(sentences) < size and written < length:
            sentences.append(sentence(rng))
            written += len(sentences[-1])
        paragraphs.append(" ".join(sentences))
    return "\n\n".join(paragraphs) + "\n"


def sentence(rng: Random) -> str:
    return fill(rng, rng.choice(SENTENCES))


def short(rng: Random) -> str:
    return f"{rng.choice(SLOTS['thing'])} in {rng.choice(SLOTS['place'])}"


def fill(rng: Random, pattern: str) -> str:
    """Put a word of each list into its place in a pattern."""
    words = {name: rng.choice(choices) for name, choices in SLOTS.items()}
    small = words["who"][0].lower() + words["who"][1:]
    return pattern.format(**words, who_small=small)


def _mapping(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _pair(key, value, indent)


def _pair(key: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield f"{indent}{key}:"
        yield from _mapping(value, f"{indent}  ")
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        yield f"{indent}{key}:"
        for item in value:
            first, *others = _mapping(item, f"{indent}    ")
            yield f"{indent}  - {first.lstrip()}"
            yield from others
    elif isinstance(value, list) and any(" " in item for item in value):
        yield f"{indent}{key}:"
        yield from (f"{indent}  - {scalar(item)}" for item in value)
    elif isinstance(value, list):
        yield f"{indent}{key}: {flow(value)}"
    elif isinstance(value, str) and value.endswith("\n"):
        yield f"{indent}{key}: |"
        yield from _wrapped(value, f"{indent}  ")
    else:
        bare = isinstance(value, int | date) or _BARE.fullmatch(value)
        yield f"{indent}{key}: {value if bare else scalar(value)}"


def _wrapped(text: str, indent: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.rstrip("\n").split("\n\n")):
        if number:
            yield ""
        lines = textwrap.wrap(paragraph, WIDTH - len(indent), break_on_hyphens=False)
        yield from (f"{indent}{line}" for line in lines)


if __name__ == "__main__":
    main()
