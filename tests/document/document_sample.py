"""A realistic assessment of invented people, about ten pages: for tests and for looking at."""

from datetime import date
from pathlib import Path

from arpc.document.figures import Figure
from arpc.document.matter import FrontMatter
from arpc.document.templating import render

MATTER = FrontMatter(
    title="Assessment of the risk Daniel Marsh may pose to children",
    subtitle="For the review conference on 1 December 2026",
    reference="CP-2026-0142",
    marking="OFFICIAL-SENSITIVE: CHILD PROTECTION",
    status="DRAFT",
    date=date(2026, 11, 22),
    author="Ruth Adeyemi, social worker",
    version="3",
    valid_until="22 February 2027, or any change in contact",
    practice="Practice record: invented people",
)

_SUMMARY = """
Mr Marsh (38) has asked to have unsupervised contact with his son Callum (11) and with Callum’s
half-sister Amara (4). This assessment says what is known of the risk he may pose to them, what is
not known, and what would have to be in place for the answer to change.

The concern rests on a caution in 2013 and on what two people said in 2018. He accepts the first
and part of the second. Since March 2024 he has worked with a specialist service, which reports
that he comes on time, speaks openly and does what is agreed.
"""

_METHOD = """
Nine people were spoken to between 12 October and 14 November 2026, Callum three times and always
in a place that he chose. Amara was seen twice at nursery. Nobody was asked to comment on what
another person had said without that person’s agreement.

Two people did not reply: the former neighbour and the GP who left the practice in 2020.
"""

_EVENTS = [
    (
        "14 Mar 2013",
        "Caution accepted for an offence against a child outside the family. He was 24.",
    ),
    ("2 Sep 2014", "Moves in with Ms Okoro. She was told of the caution by the social worker."),
    ("9 Jun 2015", "Callum born. Pre-birth assessment closes with a written agreement."),
    (
        "21 Jan 2018",
        "A relative says that he was alone with two children at a family gathering, which the written "
        "agreement did not allow. He says that he was in the next room, with the door open, and that "
        "his brother was with him throughout. The brother confirms part of this account; he was "
        "outside for what he puts at ten minutes and others put at half an hour.",
    ),
    (
        "30 Jan 2018",
        "Strategy discussion. No further action by police; children’s services assess.",
    ),
    (
        "17 May 2018",
        "Second account, from a neighbour, of the same gathering. It agrees on time and place.",
    ),
    ("4 Feb 2019", "Separation. Contact moves to the centre, supervised."),
    ("11 Nov 2021", "Amara born to Ms Okoro and Mr Bello."),
    ("6 Mar 2024", "Begins work with the specialist service; sixteen sessions to July 2025."),
    ("19 Aug 2025", "Service report: engagement good; three areas for further work are named."),
    ("2 Oct 2026", "Asks in writing for unsupervised contact with both children."),
    ("3 Nov 2026", "Callum seen at school. Says what he would like and what worries him."),
]

_FACTORS = [
    (
        "Past offence",
        "raises",
        "Caution of 2013, accepted and never disputed.",
        "sure",
        "2013",
        "Police",
        "none",
    ),
    (
        "Broke a written agreement",
        "raises",
        "Two accounts that agree on the time and place; his own account differs on who was in the room.",
        "fairly sure",
        "2018",
        "Relative; neighbour",
        "15 Jan 2027",
    ),
    (
        "Engagement with treatment",
        "lowers",
        "Sixteen sessions attended; the service names three areas still open.",
        "sure",
        "2024",
        "Service report",
        "20 Feb 2027",
    ),
    (
        "Supervised contact without concern",
        "lowers",
        "61 visits.",
        "sure",
        "2019",
        "Centre log",
        "monthly",
    ),
    ("Alcohol", "unclear", "", "not known", "", "GP did not reply", "15 Dec 2026"),
]

_PLAN = [
    (
        "Callum’s contact is safe and he has a say in it",
        "Contact every second Saturday at the centre, two hours, supervised by somebody Callum knows.",
        "Contact centre; Ms Hale",
        "from 5 Dec 2026",
        "The log after each visit; Callum’s own words once a month",
    ),
    (
        "The three open areas are worked on",
        "Eight further sessions. The service writes a report of what has changed, not of attendance only.",
        "Mr Marsh; the service",
        "20 Feb 2027",
        "The report, and a meeting of all three",
    ),
    (
        "What is not known about alcohol is found out",
        "Ask the new GP, with his consent.",
        "Ruth Adeyemi",
        "15 Dec 2026",
        "A letter on file",
    ),
]

_FAMILY = """
The picture shows the household as it was on 14 November 2026. Ms Okoro and the children live
together; Mr Marsh lives alone, eleven miles away, and his brother is his nearest relative.
"""

_JUDGEMENT = [
    """
    The question is not whether Mr Marsh is fond of Callum, which nobody doubts, but whether the
    children would be safe in his sole care. The evidence that he has changed is real and recent; the
    evidence of the earlier risk is older, better attested, and of a kind that does not fade by itself.
    """,
    """
    Three explanations of January 2018 were considered. The first, that nothing happened and the
    agreement was kept, does not fit the two independent accounts. The second, that it was broken for
    some minutes without intent, fits all of the evidence but rests on his word for its most important
    part. The third, that it was broken on purpose, fits the accounts but nothing since.

    We can't choose between the second and third on what is known. The plan is therefore made to be
    safe if the third is true, and fair if the second is.
    """,
    """
    Callum would like to see more of his father and would like Ms Hale to be there. Both can be done.
    Amara is too young to say, and nothing in her interest calls for contact now.
    """,
]

_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 210" width="640" height="210">
<title>Family</title><g fill="#fff" stroke="#1b1f24" stroke-width="2"><rect x="90" y="30" width="44"
height="44"/><circle cx="300" cy="52" r="22"/><rect x="470" y="30" width="44" height="44"/><rect x="190"
y="140" width="44" height="44"/><circle cx="400" cy="162" r="22"/><path d="M134 52H278M322 52H470M212
52V140M400 52V140"/></g><g font-family="'Source Sans 3'" font-size="14" text-anchor="middle"><text x="112"
y="20">Daniel Marsh, 38</text><text x="300" y="20">Grace Okoro, 36</text><text x="492" y="20">Tunde Bello,
37</text><text x="212" y="202">Callum, 11</text><text x="400" y="202">Amara, 4</text></g></svg>"""

FAMILY = Figure(
    name="family",
    svg=_SVG,
    alt="Daniel Marsh and Grace Okoro, separated, have a son, Callum, aged 11. Grace Okoro and "
    "Tunde Bello have a daughter, Amara, aged 4.",
    caption="The family on 14 November 2026",
)


def source() -> str:
    """Return the shielded Markdown of the sample."""
    return render(
        [Path(__file__).parent / "sample"],
        "assessment.md.j2",
        facts=[
            ("Name", "Daniel Marsh"),
            ("Born", "7 May 1988 (38)"),
            ("Address", "14 Orchard Rise, Anytown"),
            ("Children", "Callum Okoro-Marsh (11); Amara Bello (4) is Callum’s half-sister"),
            ("Asked by", "Review conference, 6 October 2026"),
            ("Question", "May contact be unsupervised, and if not, what would have to change?"),
        ],
        summary=_SUMMARY,
        method=_METHOD,
        people=[
            ("12 October 2026", "Grace Okoro", "Mother of both children", "At home"),
            ("20 October 2026", "Daniel Marsh", "Father of Callum", "Office, with his advocate"),
            ("3 November 2026", "Callum", "The child", "At school, alone"),
            ("9 November 2026", "Miriam Hale", "Specialist worker", "Video call"),
            ("14 November 2026", "Peter Marsh", "Brother of Daniel Marsh", "Telephone"),
        ],
        read="The file since 2013; the centre’s log of 61 visits; the report of 19 August 2025.",
        chronology=[
            {
                "date": when.replace(" ", "\u00a0"),
                "event": event,
                "source": f"s{index % 7}",
                "who": ("Police record", "Children’s services file", "Contact centre log")[
                    index % 3
                ],
                "bears": (
                    "Whether he has harmed a child",
                    "Whether he keeps to what was agreed, when nobody is looking",
                    "What the children know and want",
                )[index % 3],
                "weight": ("high", "some", "little")[index % 3],
            }
            for index, (when, event) in enumerate(_EVENTS * 3)
        ],
        sources=[
            {
                "id": f"s{n}",
                "text": f"Case record, volume {n + 1}, entry {n * 37 + 4}, read on 20 October 2026.",
            }
            for n in range(7)
        ],
        family=_FAMILY,
        child="I like it when Dad comes. I want to see him more.\n\nI want Miriam to be there as "
        "well, because then I don’t have to think about it.",
        man="I did what I did in 2013 and I have never said otherwise. In 2018 I was stupid about "
        "the rule, but nothing happened. I know that you have only my word for it.",
        mother="He has been better with Callum in the last two years than ever before. I still "
        "would not leave Amara with him. I could not tell you why, so I’m telling you that.",
        factors=_FACTORS,
        sure="The caution is certain. The events of January 2018 are known from two people who have "
        "no reason to agree, but from none who saw all of it. What has changed since is known from "
        "people who want it to be true, which is a reason for care and not for disbelief.",
        judgement=_JUDGEMENT,
        plan=_PLAN,
        annex=[
            f"Standard {n}: the record meets it; last entry on {n} November 2026"
            for n in range(1, 15)
        ],
        hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
