"""Pictures: what the records say is drawn, nothing lies on anything else, and words say the same."""

import random
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from arpc import loading
from arpc.pictures import dated, genogram, kin, layout, shapes, svg, telling, timeline
from arpc.pictures.grid import RADIUS
from arpc.provisions import AsOf
from arpc.service import Service
from tests.conftest import ENGLAND, EXAMPLES, ROOT, TODAY, Run

GOLDEN = ROOT / "tests/golden/pictures"
Area = tuple[float, float, float, float]


def person(name: str = "", role: str = "relative", **fields: str) -> str:
    """A person's record; `relations` is given as `child of P-01, partner of P-02`."""
    relations = fields.pop("relations", "")
    lines = [f"name: {name}", f"roles: [{role}]", *(f"{k}: {v}" for k, v in fields.items())]
    if relations:
        pairs = [part.split(" of ") for part in relations.split(", ")]
        lines += ["relations:", *(f"  - {{to: {to}, is: {word}}}" for word, to in pairs)]
    return "\n".join(lines) + "\n"


def people(*records: str) -> dict[str, str]:
    """Records of people, numbered from P-01."""
    return {f"people/P-{n:02}.yaml": record for n, record in enumerate(records, 1)}


def example(name: str = ENGLAND) -> AsOf:
    return AsOf(loading.load(EXAMPLES / "cases" / name, name).file, TODAY, Service())


# The genogram


def test_the_genogram_of_the_example_as_a_picture_and_as_text(golden) -> None:
    case = example()
    golden(GOLDEN / "genogram.svg", svg.write(genogram.draw(case)))
    golden(GOLDEN / "genogram.txt", telling.text(case, kin.family(case), 80))


def test_professionals_interpreters_and_referrers_are_not_in_it(as_of) -> None:
    family = kin.family(
        as_of(
            people(
                person("A", "man"),
                person("B", "professional", relations="worker of P-01"),
                person("C", "interpreter"),
                person("D", "referrer"),
                person("E", "referrer", relations="grandparent of P-01"),
                person("F", "professional"),
            )
            | {"arrangements/L-01.yaml": "type: household\nname: x\nmembers: [{who: P-06}]\n"}
        )
    )
    assert list(family.people) == ["P-01", "P-05", "P-06"]


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({"sex": "male"}, genogram.Sign("square")),
        ({"sex": "female"}, genogram.Sign("circle")),
        ({"sex": "other"}, genogram.Sign("diamond")),
        ({}, genogram.Sign("diamond")),
        ({"sex": "female", "died": "2020"}, genogram.Sign("circle", died=True)),
        ({"due": "2026-08-01", "sex": "male"}, genogram.Sign("triangle")),
        ({"due": "2026-05-01", "born": "2026-05-02", "sex": "male"}, genogram.Sign("square")),
        ({"role": "man", "sex": "male"}, genogram.Sign("square", is_man=True)),
        ({"role": "child"}, genogram.Sign("diamond", is_child=True)),
    ],
)
def test_a_person_has_the_sign_of_the_field(as_of, fields, sign) -> None:
    family = kin.family(as_of(people(person("A", **fields))))
    assert genogram.sign(family, family.people["P-01"]) == sign


def test_children_hang_below_their_parents_in_the_order_of_birth(as_of) -> None:
    family = kin.family(
        as_of(
            people(
                person("F", "man", relations="spouse of P-02"),
                person("M"),
                person("young", "child", born="2019", relations="child of P-01, child of P-02"),
                person("old", "child", born="2012-03-01", relations="child of P-02"),
                person("older", "child", born="2010", relations="child of P-01, child of P-02"),
            )
        )
    )
    assert family.rows == (("P-01", "P-02"), ("P-05", "P-04", "P-03"))
    assert {(b.parents, b.children) for b in family.broods} == {
        (("P-01", "P-02"), ("P-05", "P-03")),
        (("P-02",), ("P-04",)),
    }
    places = layout.lay_out(as_of({}), family, 0).places
    assert places["P-05"].x < places["P-03"].x
    assert places["P-05"].y == places["P-04"].y > places["P-01"].y == places["P-02"].y


def test_twins_come_from_one_point(as_of) -> None:
    twin = person("T", "child", born="2015-02-03", relations="child of P-01")
    case = as_of(people(person("M"), twin, twin))
    family = kin.family(case)
    found = layout.lay_out(case, family, 0)
    lines = [r.points for r in found.routes if r.how == kin.BORN and len(r.points) == 3]
    twins = [
        points
        for points in lines
        if points[-1][0] in (found.places["P-02"].x, found.places["P-03"].x)
    ]
    assert [points[:2] for points in twins] == [twins[0][:2]] * 2


@pytest.mark.parametrize(
    ("relation", "how", "ended", "words"),
    [
        ("is: spouse", kin.MARRIED, False, "A and B: married"),
        ("is: spouse, to_date: 2020", kin.MARRIED, True, "A and B: were married until 2020"),
        ("is: spouse, to_date: 2027", kin.MARRIED, False, "A and B: married until 2027"),
        ("is: partner, from: 2020-05", kin.COUPLE, False, "A and B: partners since May 2020"),
        ("is: former_partner", kin.COUPLE, True, "A and B: former partners"),
    ],
)
def test_a_couple_is_drawn_as_far_as_the_records_say(as_of, relation, how, ended, words) -> None:
    one = person("A", "man") + f"relations:\n  - {{to: P-02, {relation}}}\n"
    case = as_of(people(one, person("B")))
    [couple] = kin.family(case).couples
    assert (couple.how, couple.ended) == (how, ended)
    assert words in telling.text(case, kin.family(case), 80)
    [route] = layout.lay_out(case, kin.family(case), 0).routes
    assert (route.slash is not None) == ended


def test_a_death_is_no_separation(as_of) -> None:
    one = person("A", "man") + "relations:\n  - {to: P-02, is: spouse, to_date: 2020}\n"
    [couple] = kin.family(as_of(people(one, person("B", died="2020")))).couples
    assert not couple.ended


def test_adoption_and_fostering_are_told_apart(as_of) -> None:
    case = as_of(
        people(
            person("A"),
            person("B", "child", relations="adopted_child of P-01"),
            person("C", "child", relations="foster_child of P-01"),
        )
    )
    routes = layout.lay_out(case, kin.family(case), 0).routes
    assert {route.how for route in routes} == {kin.ADOPTED, kin.FOSTERED}
    assert genogram.sign(kin.family(case), case.file.people[1]).adopted
    assert "child: C, fostered" in telling.text(case, kin.family(case), 80)


def test_who_lives_together_is_of_the_day(as_of) -> None:
    case = as_of(
        people(person("A", "man"), person("B"), person("C"), person("D"))
        | {
            "arrangements/L-01.yaml": "type: household\nname: The flat\nmembers:\n"
            "  - {who: P-01}\n  - {who: P-02, to: 2026-06-09}\n  - {who: P-03, from: 2026-06-11}\n",
            "arrangements/L-02.yaml": "type: household\nname: Old\nuntil: 2026-01-01\nmembers: [{who: P-04}]\n",
        }
    )
    assert kin.family(case).homes == (kin.Home("A", "The flat", ("P-01",), ("P-02",)),)
    assert "Home A, The flat: A; no longer B" in telling.text(case, kin.family(case), 80)


def test_what_no_line_shows_is_told(as_of) -> None:
    case = as_of(
        people(
            person("Gran", sex="female", relations="parent of P-02, grandparent of P-03"),
            person("Mum"),
            person("Kid", "child", relations="child of P-02"),
            person("Kath", sex="female", relations="aunt_or_uncle of P-03"),
        )
    )
    assert kin.family(case).also == ("Kath is recorded as aunt of Kid",)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("parent of P-02", "parent of P-01", "B is recorded as parent of A, which other"),
        ("parent of P-02", "sibling of P-01", "B is recorded as sibling of A, which other"),
        ("parent of P-01", "", "A is recorded as their own parent"),
        ("partner of P-09", "", "A is recorded as related to P-09, who is not in the picture"),
    ],
)
def test_what_contradicts_is_named_and_everybody_is_drawn(as_of, one, other, told) -> None:
    case = as_of(people(person("A", "man", relations=one), person("B", relations=other)))
    drawing = genogram.draw(case)
    assert told in drawing.description
    assert told.split(",")[0] in " ".join(words(drawing))
    assert {*layout.lay_out(case, kin.family(case), 0).places} == {"P-01", "P-02"}


def test_a_third_parent_is_no_pair(as_of) -> None:
    kid = person("Kid", "child", relations="child of P-01, child of P-02, child of P-03")
    family = kin.family(as_of(people(person("A"), person("B"), person("C"), kid)))
    assert [brood.parents for brood in family.broods] == [("P-01",), ("P-02",), ("P-03",)]
    assert family.contradictions == ("more than two parents are recorded of Kid",)


def test_who_has_no_relation_stands_apart_and_the_picture_says_so(as_of) -> None:
    case = as_of(people(person("A", "man", relations="parent of P-02"), person("B"), person("C")))
    drawing = genogram.draw(case)
    assert "No relation recorded:" in words(drawing)
    assert "No relation recorded: C." in drawing.description


def test_a_picture_says_who_may_see_it_and_that_its_people_are_invented(
    practice: Path, run: Run
) -> None:
    above = "CONFIDENTIAL: CHILD PROTECTION · Practice record: invented people"
    for command in ("genogram", "timeline"):
        assert run(command, ENGLAND).out.startswith(above)
        assert f">{above}</text>" in run(command, ENGLAND, "--format", "svg").out


def test_an_empty_case_is_drawn(as_of) -> None:
    case = as_of({})
    assert ET.fromstring(svg.write(genogram.draw(case))) is not None
    assert ET.fromstring(svg.write(timeline.draw(dated.story(case)))) is not None
    told = telling.text(case, kin.family(case), 40).splitlines()
    assert told == ["CONFIDENTIAL: CHILD PROTECTION", "Genogram of the family on 10 June 2026"]


def a_family(seed: int) -> dict[str, str]:
    """Up to forty people: generations, several partners, twins, half-siblings, gaps, cycles."""
    chance = random.Random(seed)
    count = chance.randint(1, 40)
    words = ["child"] * 6 + ["partner", "spouse", "former_partner", "sibling", "half_sibling"]
    words += ["adopted_child", "foster_child", "step_parent", "grandparent", "cousin", "parent"]
    names = ["Jo", "Anna Maria", "Wilhelmina-Charlotte Featherstonehaugh", "W" * 40, "", "שרה לוי"]
    records = []
    for n in range(count):
        backwards = chance.random() < 0.9 and n > 0
        relations = {
            f"{chance.choice(words)} of P-{chance.randint(1, n if backwards else count):02}"
            for _ in range(chance.choice([0, 1, 1, 2, 2, 3]))
        }
        records.append(
            person(
                chance.choice(names),
                "man" if n == 0 else chance.choice(["child", "relative", "parent"]),
                sex=chance.choice(["male", "female", "other"]),
                born=chance.choice(["1950", "1980-02-03", "2015-02-03", "2015-02-03", ""]),
                relations=", ".join(sorted(relations)),
            )
        )
    members = "".join(f"  - {{who: P-{n:02}}}\n" for n in range(1, count + 1, 3))
    household = f"type: household\nname: One\nmembers:\n{members}"
    return people(*records) | {"arrangements/L-01.yaml": household}


@pytest.mark.parametrize("seed", range(40))
def test_no_symbol_or_label_lies_on_another_and_no_line_goes_through_one(as_of, seed: int) -> None:
    case = as_of(a_family(seed))
    family = kin.family(case)
    found = layout.lay_out(case, family, 40)
    assert {*found.places} == {*family.people}
    areas = {who: (p.x - 58, p.top, p.x + 58, p.bottom) for who, p in found.places.items()}
    for one, other in combinations(areas.values(), 2):
        assert not meet(one, other)
    for who, place in found.places.items():
        assert place.bottom - 4 - len(place.label) * 15 >= place.y + RADIUS + 5  # a double outline
        for line in place.label:
            assert shapes.room(line, 12) <= 116
        label = (place.x - 55, place.y + RADIUS + 8, place.x + 55, place.bottom - 4)
        symbol = (place.x - RADIUS, place.y - RADIUS, place.x + RADIUS, place.y + RADIUS)
        for route in found.routes:
            for start, end in pairwise(route.points):
                line_area = (*map(min, start, end), *map(max, start, end))
                assert not meet(label, line_area), who
                ends = {start[0], end[0]}
                own = any(abs(x - place.x) <= 14 for x in ends)
                assert own or not meet(symbol, line_area), who
    check_words(genogram.draw(case))


@pytest.mark.parametrize("seed", range(40))
def test_no_line_runs_along_another_but_that_of_a_twin(as_of, seed: int) -> None:
    case = as_of(a_family(seed))
    pieces = [
        (start, end, route)
        for route in layout.lay_out(case, kin.family(case), 40).routes
        for start, end in pairwise(route.points)
    ]
    for (a, b, one), (c, d, other) in combinations(pieces, 2):
        if one is other or one.points[:2] == other.points[:2]:  # twins come from one point
            continue
        for along, across in ((0, 1), (1, 0)):
            straight = a[across] == b[across] and c[across] == d[across]
            if straight and abs(a[across] - c[across]) < 3:
                first, last = sorted((a[along], b[along])), sorted((c[along], d[along]))
                assert min(first[1], last[1]) - max(first[0], last[0]) <= 0


def meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def words(drawing: shapes.Drawing) -> list[str]:
    return [mark.text for mark in drawing.marks if isinstance(mark, shapes.Words)]


def word_areas(drawing: shapes.Drawing) -> Iterator[Area]:
    for mark in drawing.marks:
        if isinstance(mark, shapes.Words) and mark.text:
            width = shapes.room(mark.text, mark.size)
            left = mark.x - (width / 2 if mark.anchor == "middle" else 0)
            yield left, mark.y - 0.8 * mark.size, left + width, mark.y + 0.2 * mark.size


def check_words(drawing: shapes.Drawing) -> None:
    """No words of a drawing lie on other words or beyond its edge."""
    areas = list(word_areas(drawing))
    for one, other in combinations(areas, 2):
        assert not meet(one, other)
    assert all(a[0] >= 0 and a[2] <= drawing.width and a[3] <= drawing.height for a in areas)


# What a drawing is made of


@pytest.mark.parametrize(
    "name",
    ['A <b> & "c" ]]>', "عبد الرحمن", "שרה", "W" * 60, "毛" * 30, "</text><script>x</script>"],
)
def test_a_name_is_shown_whole_and_is_never_markup(as_of, name: str) -> None:
    case = as_of(people(person(f"'{name}'", "man"), person("B", relations="partner of P-01")))
    tree = ET.fromstring(svg.write(genogram.draw(case)))
    assert {element.tag.rpartition("}")[2] for element in tree.iter()} <= {
        *("svg", "title", "desc", "rect", "text", "polyline", "polygon", "circle")
    }
    label = "".join(element.text or "" for element in tree.iter() if element.tag.endswith("text"))
    assert name.replace(" ", "") in label.replace(" ", "")
    description = tree.find("{http://www.w3.org/2000/svg}desc")
    assert description is not None and name in (description.text or "")


def test_a_drawing_is_an_image_with_a_name_and_loads_nothing() -> None:
    text = svg.write(genogram.draw(example()))
    tree = ET.fromstring(text)
    assert tree.get("role") == "img"
    assert tree.get("font-family") == "sans-serif"
    assert text.count("http") == 1  # the name space
    assert text == svg.write(genogram.draw(example()))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Ann Bell", ["Ann Bell"]),
        ("Wetherby-Smythe-Brown", ["Wetherby-", "Smythe-", "Brown"]),
        ("aaaaaaaaaaaaaaaaaaaaaa", ["aaaaaaaaaaaaa", "aaaaaaaaa"]),
        ("", [""]),
    ],
)
def test_words_are_broken_and_never_shortened(text, lines) -> None:
    assert shapes.wrap(text, 100, 12) == lines


# The timeline


def test_the_timeline_of_the_example_as_a_picture_and_as_text(golden) -> None:
    told = dated.story(example())
    golden(GOLDEN / "timeline.svg", svg.write(timeline.draw(told)))
    golden(GOLDEN / "timeline.txt", dated.text(told, 80))
    golden(GOLDEN / "timeline-40.txt", dated.text(told, 40))


def test_every_event_has_a_lane() -> None:
    for name in (ENGLAND, "C-HB6GD1GT"):
        assert {event.lane for event in dated.story(example(name)).events} <= {*dated.LANES}


def test_the_short_timeline_is_that_of_the_report() -> None:
    short = dated.story(example(), short=True)
    assert short.events == tuple(e for e in dated.story(example()).events if e.major)


@pytest.mark.parametrize("width", [40, 80])
def test_text_fits_the_terminal(width: int) -> None:
    case = example()
    for text in (
        dated.text(dated.story(case), width),
        telling.text(case, kin.family(case), width),
    ):
        assert max(map(len, text.splitlines())) <= width


def test_an_inexact_date_is_a_span_and_the_picture_says_so(as_of) -> None:
    told = dated.story(as_of(people(person("A", born="1980"), person("B", born="1990-02"))))
    rows, _, _ = timeline.place(told, 0)
    drawing = timeline.draw(told)
    bars = [m for m in drawing.marks if isinstance(m, shapes.Box) and m.width == 3]
    assert len(bars) == 2
    assert dated.last_day("1990-02").isoformat() == "1990-02-28"
    assert dated.INEXACT in drawing.description
    assert any(line.startswith("Where only a month") for line in words(drawing))
    assert [row.event is None for row in rows] == [False, False, True]


def test_what_has_no_date_is_in_the_timeline_in_the_words_of_its_record(as_of) -> None:
    case = as_of({"basis/A-01.yaml": "happened: early summer of 2019\n"})
    told = dated.story(case)
    said = "early summer of 2019, A-01 is said to have happened (A-01)"
    assert told.events == ()
    assert f"Without a date that can be placed\n  {said}\n" in dated.text(told, 80)
    drawing = timeline.draw(told)
    assert f"Without a date that can be placed: {said}." in drawing.description
    assert f"Without a date that can be placed: {said}." in words(drawing)


def test_a_long_quiet_time_is_shortened_by_a_mark(as_of) -> None:
    told = dated.story(
        as_of(people(person("A", born="2026-05-05"), person("B", born="2001-05-05")))
    )
    _, gaps, _ = timeline.place(told, 0)
    assert [gap.words for gap in gaps] == ["25 years without an entry"]
    assert "Between two jagged lines time is shortened." in words(timeline.draw(told))


def test_contact_is_a_bar_from_its_first_to_its_last_day(as_of) -> None:
    made = "type: contact\nman: P-01\nchild: P-02\nform: unsupervised_day\ndate: 2026-03-01\n"
    told = dated.story(
        as_of(
            people(person("A", "man", born="2026-01-01"), person("B", "child", born="2026-05-01"))
            | {"arrangements/L-01.yaml": f"{made}until: 2026-05-01\n"}
        )
    )
    rows, _, _ = timeline.place(told, 0)
    [contact] = told.contacts
    born = next(row.y for row in rows if row.event and row.event.source == "P-02")
    first = timeline.height_of(contact.since, rows)
    assert rows[0].y < first < born
    assert timeline.height_of(contact.until, rows) == born
    assert (
        "A and B: unsupervised contact by day, from 1 March 2026, until 1 May 2026 (L-01)"
        in timeline.draw(told).description
    )


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_no_words_of_a_timeline_lie_on_others(as_of, seed: int) -> None:
    check_words(timeline.draw(dated.story(as_of(a_family(seed)))))
    check_words(timeline.draw(dated.story(example("C-HB6GD1GT"))))


# The commands


@pytest.mark.parametrize("command", ["genogram", "timeline"])
def test_a_picture_is_printed_or_written(practice: Path, run: Run, command: str) -> None:
    code, out, _ = run(command, ENGLAND)
    assert code == 0
    assert "Neil Stanworth" in out
    assert run(command, ENGLAND, "-o", "out.svg")[1] == "wrote out.svg\n"
    assert (practice / "out.svg").read_text("utf-8") == run(command, ENGLAND, "--format", "svg")[1]
    assert run(command, ENGLAND, "-o", "out.txt")[1] == "wrote out.txt\n"
    assert (practice / "out.txt").read_text("utf-8") == out
    code, _, err = run(command, ENGLAND, "-o", "out.png")
    assert code == 2
    assert "names no format" in err


def test_a_record_that_cannot_be_relied_on_is_named(practice: Path, run: Run) -> None:
    path = practice / f"cases/{ENGLAND}/people/P-07.yaml"
    path.write_text(path.read_text("utf-8").replace("sex: female", "sex: f"), "utf-8")
    _, out, err = run("genogram", ENGLAND)
    assert "P-07.yaml cannot be relied on: it is not in the picture" in err
    assert "Pell" not in out + err
