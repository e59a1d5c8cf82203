"""The texts that rules and clocks rest on, each named once.

`checked` says whether the wording was read at the source; where it was not, the product calls it our
inference and names the text as one to be checked. `INFERENCE` marks what is our own.
"""

from typing import NamedTuple


class Source(NamedTuple):
    """A text that a practice rule rests on."""

    title: str
    checked: bool = True
    note: str = ""

    def __str__(self) -> str:
        title = self.title if self.checked else INFERENCE.title
        return f"{title}{f'; {self.note}' if self.note else ''}"

    @property
    def to_check(self) -> str:
        """The text that is said to say so, where nobody has read it yet; it is no citation."""
        return "" if self.checked else self.title

    def saying(self, note: str) -> "Source":
        """The same source with a word on what it says, or on what is ours in the rule."""
        return self._replace(note=note)


INFERENCE = Source("our inference")
EVALUATION = Source(
    "Belton, Assessing the risk, protecting the child: final evaluation report (2017), summary"
)
PROGRAMME = Source(
    "Assessing the risk, protecting the child: the programme's published description"
)
INDIVIDUAL = Source("London safeguarding children procedures, referral and assessment")
RECORDING = Source("Recording policy and guidelines, Cumberland and Doncaster children's services")
RE_M_AND_N = Source("Re M and N [2018] EWFC 40", note="read in commentary, not in the judgment")
CASE_RECORDING = Source("Case recording procedures, Cambridgeshire children's services")
TALKING = Source("Dealing with disclosures, Solihull schools' safeguarding guidance")
FACT_SHEET = Source("NSPCC child protection fact sheet (2007)")
SCREENING = Source("Persons posing a risk to children, Barnsley safeguarding procedures")
PANEL_REMIT = Source(
    "Child Safeguarding Practice Review Panel, remit of the review of child sexual abuse within "
    "the family environment (2023), as reported"
)
NORFOLK = Source("Serious case review, Child P, Norfolk (2016), as reported")
HYPOTHESES = Source("Munro, cited in Guernsey child protection procedures, step one: hypothesise")
SAFETY_PLANNING = Source(
    "Child sexual abuse practice kit, safety planning, Queensland", note="design input, not UK law"
)
PROTECTIVE_CARERS = Source("Assessment of parents and carers, Bedford safeguarding procedures")
SUPERVISION = Source("Supervision policy, Nottinghamshire children's social care", note="local")
KNOWN_RISK = Source("Known risk from adults, Leeds safeguarding children partnership")
AFTER_REPORT = Source("NSPCC evaluation evidence on the programme (2015), summary")
AGE = Source("Family Law Reform Act 1969 s 9; Age of Legal Capacity (Scotland) Act 1991 s 6", False)
COUNCIL_RESPONSE = Source(
    "Working together to safeguard children (2013), in the Tees child protection procedures"
)
COUNCIL_ASSESSMENT = Source("Child and family assessment, glossary of proceduresonline.com")
CONFERENCE = Source(
    "Liverpool safeguarding children partnership procedures, initial child protection conferences"
)
CONFERENCES = Source("National Youth Advocacy Service, child protection conferences")
FAMILY_SEES_REPORT = Source(
    "East Riding safeguarding children partnership, attending a conference or core group",
    note="local",
)
WALES = Source("Wales Safeguarding Procedures, children at risk of harm, section 3 part 2")
SCOTLAND = Source(
    "Child protection guidance on rightdecisions.scot.nhs.uk, appendix C, timescales",
    note="local, not the national text",
)
NORTHERN_IRELAND = Source(
    "National guidance Northern Ireland, childprotectionuk.co.uk", note="secondary"
)
NI_REGISTER = Source(
    "Safeguarding Board for Northern Ireland procedures, child protection register"
)
POLICE_PROTECTION = Source("NSPCC, child protection system in Wales, referrals and investigations")
NOT_FOUND = Source("In re B (Children) [2008] UKHL 35", False)
EMERGENCY_ORDER = Source("Children Act 1989 ss 44 and 45", False)
COURT_TIMETABLE = Source(
    "Children Act 1989 s 32, as quoted in legal guidance on the 26-week time limit"
)
EXPERT_QUESTIONS = Source("Family Procedure Rules 2010, rule 25.10", False)
EXPERT_REPORT = Source("Family Procedure Rules 2010, practice direction 25B, para 9.1", False)
INSTRUCTION = Source("Practice Direction 25C, letters of instruction to experts, as quoted")
DUTY_TO_REPORT = Source(
    "Weightmans, the Crime and Policing Bill 2025: a new duty to report", note="secondary"
)
RECORDS_KEPT = Source(
    "[2015] EWHC 2134 (Admin), on how long a council kept child protection records"
)
REFERRAL_CRITERIA = Source(
    "Assessing the risk, protecting the child: the programme's published referral criteria"
)
SESSIONS_WITH_CHILD = Source(
    "Assessing the risk, protecting the child: the programme's published page on work with children"
)
SHARING = Source("Information sharing, Greater Manchester safeguarding children procedures")
SECTION_47 = Source("Child protection enquiries, Cumbria safeguarding children procedures")
INTERPRETERS = Source(
    "Working with interpreters, Cambridgeshire and Peterborough safeguarding children procedures"
)
HOUSEHOLD_CHILDREN = Source("Child protection conferences, Milton Keynes safeguarding procedures")
DIFFERENCES = Source("Initial and review child protection conferences, Bolton procedures")
TAKING_APART = Source("Child sexual abuse, Coventry safeguarding procedures")
PROTECTING_STUDY = Source(
    "Mothers' protection of their children after discovering abuse, a study read in its abstract"
)
PRECONDITIONS = Source("Howells on Finkelhor's four preconditions (1995), abstract")
ACTUARIAL = Source("Static-2002 coding rules (2009)")
SEVERAL_SOURCES = Source("Sexual Violence Risk-20, as described in an encyclopaedia")
FORMULATION = Source("Logan, Risk formulation: the key to risk management planning, lecture slides")
FORMULATING = Source("Royal College of Psychiatrists, formulating the risk of causing harm")
DENIAL = Source("Nunes and others on denial and recidivism (2007), abstract")
UNDERCOUNTED = Source(
    "Falshaw and others on reconviction, reoffending and recidivism (2003), abstract"
)
AFTER_TREATMENT = Source(
    "A study of treatment outcome and reconviction after residential treatment, abstract"
)
BROKEN_AGREEMENTS = Source("Child sexual abuse toolkit, case studies, Sutton")
HISTORY_UNUSED = Source("A child neglect review, as reported in Community Care (2018)")
FAMILY_REVIEW = Source(
    "Child Safeguarding Practice Review Panel on abuse within the family (2024), as reported"
)
