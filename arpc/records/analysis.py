"""What we make of it, entry by entry."""

from arpc.records.base import Citations, Day, Entries, Entry, Record, Text, Words


class Answer(Entry):
    """The answer to a question of the referral."""

    question = Text("question")
    short = Text("short")
    answer = Text("answer")
    rests_on = Citations("rests_on")


class Fact(Entry):
    """How an allegation, finding or conviction is treated in an analysis."""

    basis = Text("basis")
    treated_as = Text("treated_as")
    why = Text("why")


class Factor(Entry):
    """What raises risk or protects."""

    kind = Text("kind")
    about = Words("about")
    text = Text("text")
    rests_on = Citations("rests_on")


class Hypothesis(Entry):
    """One explanation, weighed."""

    kind = Text("kind")
    text = Text("text")
    speaks_for = Citations("for")
    speaks_against = Citations("against")
    none_against = Text("none_against")
    would_change = Text("would_change")
    standing = Text("standing")
    why = Text("why")


class Gap(Entry):
    """What is missing, and what that does to the opinion."""

    what = Text("what")
    why = Text("why")
    effect = Text("effect")
    document = Text("document")


class Tool(Entry):
    """A structured tool, by name only."""

    name = Text("name")
    by = Text("by")
    applicable = Text("applicable")
    why = Text("why")


class CarerView(Entry):
    """A carer's capacity, ability and likelihood to protect."""

    who = Text("who")
    knowledge = Text("knowledge")
    capacity = Text("capacity")
    capacity_rests_on = Citations("capacity_rests_on")
    ability = Text("ability")
    ability_rests_on = Citations("ability_rests_on")
    likelihood = Text("likelihood")
    likelihood_rests_on = Citations("likelihood_rests_on")
    band = Text("band")
    needs = Text("needs")


class ChildView(Entry):
    """What it means for one child."""

    child = Text("child")
    impact = Text("impact")
    wishes = Text("wishes")
    rests_on = Citations("rests_on")
    will_be_told = Text("will_be_told")


class Judgement(Entry):
    """A judgement of risk to one child in one scenario, in the practitioner's words."""

    child = Text("child")
    scenario = Text("scenario")
    nature = Text("nature")
    severity = Text("severity")
    likelihood = Text("likelihood")
    circumstances = Text("circumstances")
    imminence = Text("imminence")
    raised_by = Words("raised_by")
    lowered_by = Words("lowered_by")
    signs = Words("signs")
    rests_on = Citations("rests_on")
    assumes = Words("assumes")
    if_not = Text("if_not")
    opinion = Text("opinion")
    would_settle = Text("would_settle")
    confidence = Text("confidence")
    confidence_why = Text("confidence_why")
    valid_until = Day("valid_until")


class ContactView(Entry):
    """The contact recommended for one child."""

    child = Text("child")
    form = Text("form")
    supervisor = Text("supervisor")
    able = Text("able")
    able_because = Citations("able_because")
    conditions = Text("conditions")
    stop = Text("stop")
    rests_on = Citations("rests_on")


class Recommendation(Entry):
    """What should be done, by whom, how, by when, and how we will know."""

    child = Text("child")
    answers = Words("answers")
    action = Text("action")
    who = Text("who")
    how = Text("how")
    by = Day("by")
    measure = Text("measure")
    available = Text("available")
    otherwise = Text("otherwise")
    if_not_done = Text("if_not_done")


class TurningPoint(Entry):
    """An event that the practitioner chose, and what it meant."""

    source = Text("at")
    when = Text("date")
    meaning = Text("meaning")


class CopyWords(Entry):
    """What a copy says first to its reader, and what of the case it shows."""

    reader = Text("for")
    summary = Text("summary")
    shows = Citations("shows")
    by = Text("by")


class Letter(Entry):
    """A letter to a child, written by a person."""

    child = Text("child")
    dear = Text("dear")
    band = Text("band")
    met = Text("met")
    you_said = Text("you_said")
    i_said = Text("i_said")
    kept = Text("kept")
    next = Text("next")
    tell = Text("tell")
    by = Text("by")


class Analysis(Record):
    """What we make of it."""

    of = "analysis"
    summary = Text("summary")
    answers = Entries("answers", Answer)
    facts = Entries("facts", Fact)
    motivation = Text("preconditions", "motivation")
    internal = Text("preconditions", "internal")
    external = Text("preconditions", "external")
    resistance = Text("preconditions", "child")
    factors = Entries("factors", Factor)
    hypotheses = Entries("hypotheses", Hypothesis)
    contradictions = Text("contradictions")
    gaps = Entries("gaps", Gap)
    culture = Text("culture")
    tools = Entries("tools", Tool)
    carers = Entries("carers", CarerView)
    children = Entries("children", ChildView)
    judgements = Entries("judgements", Judgement)
    contact = Entries("contact", ContactView)
    recommendations = Entries("recommendations", Recommendation)
    carried_from = Text("carried", "from")
    unconfirmed = Words("carried", "unconfirmed")
    turning_points = Entries("turning_points", TurningPoint)
    copies = Entries("copies", CopyWords)
    letters = Entries("letters", Letter)
