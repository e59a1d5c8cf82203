"""Records that keep to every schema and say what nobody would: times, kin, numbers, words."""

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conftest import CASE_ID, with_header
from tests.hostile.commands import CASE

Spoil = Callable[[Path], object]

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "=HYPERLINK(0)", "|calc", "%0A=1")
UNSEEN = "a\u200bb\u200fc\u061cd\u2060e\u00adf\U000e0041g"
MARKUP = (
    "*N* <b>&amp; [l](u) `c` \\ $y$ @z | {{ 7*7 }} {% x %} #let a = 1 <script>alert(1)</script>"
)
CALENDAR = "a\\nEND:VEVENT\\nBEGIN:VEVENT\\nSUMMARY:b"


def record(name: str, text: str) -> Spoil:
    """A record of the case, with the header that it needs."""

    def spoil(folder: Path) -> None:
        path = folder / "cases" / CASE / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(with_header(name, text).replace(CASE_ID, CASE), "utf-8")

    return spoil


def both(*spoils: Spoil) -> Spoil:
    """One after the other."""
    return lambda folder: [spoil(folder) for spoil in spoils]


def everything() -> Iterator[tuple[str, Spoil]]:
    """Yield each, by name."""
    yield from _days()
    yield from _kin()
    yield from _many()
    yield from _words()


def _days() -> Iterator[tuple[str, Spoil]]:
    for day in ("0001-01-01", "0001-12-31", "9999-01-01", "9999-12-31"):
        near = "1900-01-01" if day < "1" else "2099-12-31"
        yield f"a session on {day}", record("sessions/N-060.yaml", f"date: {day}\nwith: man\n")
        yield (
            f"everything on {day}",
            both(
                record(
                    "sessions/N-060.yaml", f"date: {day}\nwith: child\nwho: [P-03]\nnext: {day}\n"
                ),
                record(
                    "people/P-50.yaml", f"name: Ada\nroles: [child]\nin_scope: yes\nborn: {near}\n"
                ),
                record("consents/K-50.yaml", f"date: {day}\nwho: P-01\nreview: {day}\n"),
                record("supervision/V-50.yaml", f"date: {day}\n"),
                record(
                    "arrangements/L-50.yaml",
                    f"date: {day}\ntype: agreement\nuntil: {day}\nreview_by: {day}\n",
                ),
                record("escalations/E-50.yaml", f"date: {day}\n"),
                record("documents/D-50.yaml", f"date: {day}\ntitle: A\ndated: {near}\n"),
                record(
                    "basis/A-50.yaml", f"date: {day}\nfirst_told_on: {near}\nhappened: {near}\n"
                ),
                record("followups/F-50.yaml", f"date: {day}\n"),
            ),
        )
        yield f"a practice on {day}", _in_service("today: 2026-06-10", f"today: {day}")
        yield f"a case of {day}", _in_case("date: 2026-01-12", f"date: {day}")
        yield f"a case decided on {day}", _in_case("  date: 2026-01-16", f"  date: {day}")
    yield "as many days of policy as may be", _in_service("note_days: 3", "note_days: 30")


def _in_service(old: str, new: str) -> Spoil:
    return _in("service.yaml", old, new)


def _in_case(old: str, new: str) -> Spoil:
    return _in(f"cases/{CASE}/case.yaml", old, new)


def _in(path: str, old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> None:
        text = (folder / path).read_text("utf-8")
        assert old in text, old
        (folder / path).write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def person(number: int, *kin: str, name: str = "Ada Moss", roles: str = "child") -> Spoil:
    """Somebody with kin, each as `P-02 parent`."""
    lines = "".join(
        f"  - {{to: {to}, is: {kind}}}\n" for to, kind in (each.split() for each in kin)
    )
    text = f"name: {name}\nroles: [{roles}]\nborn: 2015-01-01\n"
    return record(f"people/P-{number:02d}.yaml", f"{text}relations:\n{lines}" if kin else text)


def _kin() -> Iterator[tuple[str, Spoil]]:
    yield "a parent of themselves", person(50, "P-50 parent")
    yield "a partner of themselves", person(50, "P-50 partner")
    yield (
        "two who are each other's parent",
        both(person(50, "P-51 parent"), person(51, "P-50 parent")),
    )
    ring = [person(50 + n, f"P-{50 + (n + 1) % 30} parent") for n in range(30)]
    yield "thirty in a ring of parents", both(*ring)
    line = [person(100 + n, f"P-{101 + n} child") for n in range(400)]
    yield "four hundred generations", both(*line)
    yield "a thousand kin of one", person(50, *(f"P-{n:02d} sibling" for n in range(1, 1000)))
    kinds = ("parent", "child", "sibling", "partner", "grandparent", "aunt_or_uncle", "cousin")
    tangle = [
        person(100 + n, *(f"P-{100 + (n * k + k) % 150} {kinds[k % 7]}" for k in range(1, 12)))
        for n in range(150)
    ]
    yield "a hundred and fifty in a tangle", both(*tangle)
    yield "kin who are not there", person(50, "P-998 parent", "P-777 partner")


def _many() -> Iterator[tuple[str, Spoil]]:
    told = "".join(f"  - id: S{n}\n    told: He said so, {n} times.\n" for n in range(1, 1000))
    yield "a thousand statements", record("sessions/N-060.yaml", f"with: man\nstatements:\n{told}")
    people = [person(100 + n, name=f"Ada Moss {n}", roles="professional") for n in range(900)]
    yield "nine hundred people", both(*people)
    alike = [person(100 + n, name="Neil Stanworth", roles="family_supporter") for n in range(900)]
    yield "nine hundred people of one name", both(*alike)
    sessions = [
        record(f"sessions/N-{n}.yaml", "with: man\nnote: He came.\n") for n in range(1000, 2500)
    ]
    yield "fifteen hundred sessions", both(*sessions)
    days = "".join(
        f"  - {1900 + n // 300}-{n % 12 + 1:02d}-{n % 28 + 1:02d}\n" for n in range(20_000)
    )
    yield "twenty thousand closing days", _in_service("  - 2026-12-24\n", days)
    words = "".join(f"    - word{n}\n" for n in range(20_000))
    yield (
        "twenty thousand words of a service",
        _in_service("policy:", f"words:\n  loaded:\n{words}policy:"),
    )
    words = "".join(f"    - {'a ' * 30}{n}x\n" for n in range(1000))
    yield (
        "a thousand words of a service that begin alike",
        both(
            _in_service("policy:", f"words:\n  loaded:\n{words}policy:"),
            record("sessions/N-060.yaml", f"with: man\nnote: |\n  {'a ' * 450_000}\n"),
        ),
    )
    slow = "".join(f"    - {'a' * n}\n" for n in range(1, 1200))
    note = "note: |\n  " + "a" * 900_000 + "\n"
    yield (
        "words of a service that are each other's beginning",
        both(
            _in_service("policy:", f"words:\n  loaded:\n{slow}policy:"),
            record("sessions/N-060.yaml", f"with: man\n{note}"),
        ),
    )
    staff = "".join(f"  - code: {_code(n)}\n    name: Ada Moss\n" for n in range(3000))
    yield "three thousand staff", _in_service("staff:\n", f"staff:\n{staff}")


def _code(number: int) -> str:
    return "".join(chr(ord("A") + number // 26**place % 26) for place in range(3))


def _words() -> Iterator[tuple[str, Spoil]]:
    for what, word in {
        "letters that nobody sees": UNSEEN,
        "markup": MARKUP,
        "marks upon marks": "Z" + "\u0301" * 300,
        **{f"the formula {each}": each for each in FORMULAS},
    }.items():
        yield f"{what} wherever a text may stand", in_every_text(word)
    yield "calendar lines wherever a text may have lines", calendar_lines()


def calendar_lines() -> Spoil:
    """Lines that a calendar would take for its own, wherever a text may have lines."""
    said = f'"{CALENDAR}"'.replace("\\\\", "\\")
    return both(
        record("people/P-50.yaml", f"name: Ada\nroles: [child]\nin_scope: yes\ncontact: {said}\n"),
        _in_service("name: Larkfield Family Assessment Service", f"name: {said}"),
        _in_service("address: 12 Tenter Street, Harrowmere", f"address: {said}"),
        _in_service('marking: "CONFIDENTIAL: CHILD PROTECTION"', f"marking: {said}"),
    )


def in_every_text(word: str) -> Spoil:
    """The word in names, titles, notes and the service's own texts."""
    said = '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return both(
        record(
            "people/P-50.yaml",
            f"name: {said}\nalias: {said}\nroles: [child]\nin_scope: yes\nborn: 2015-01-01\nneeds: {said}\n"
            f"contact: {said}\nbackground: {said}\nrelations:\n  - {{to: P-01, is: child}}\n",
        ),
        record(
            "sessions/N-060.yaml",
            f"with: child\nwho: [P-50]\nwhere: {said}\nnote: {said}\nthinking: {said}\n"
            f"statements:\n  - id: S1\n    said: {said}\n    asked: {said}\n"
            f"actions:\n  - what: {said}\n    who: LK\n    by: 2026-06-20\n",
        ),
        record("documents/D-50.yaml", f"title: {said}\n"),
        record(
            "supervision/V-50.yaml",
            f"date: 2026-06-05\ndecisions:\n  - what: {said}\n    who: LK\n    by: 2026-06-12\n",
        ),
        _in_case("authority: Harrowmere Council", f"authority: {said}"),
        _in_service("name: Larkfield Family Assessment Service", f"name: {said}"),
        _in_service("address: 12 Tenter Street, Harrowmere", f"address: {said}"),
        _in_service('marking: "CONFIDENTIAL: CHILD PROTECTION"', f"marking: {said}"),
        _in_service("    name: Leila Kassar", f"    name: {said}"),
    )
