"""Words that a practitioner would think twice about: the lists, in one place, and how they are found.

Each list is a tuple of regular expressions without anchors, matched as whole words in any case. A
service adds plain words and phrases of its own. What stands in quotation marks is somebody else's
and is never looked at. The lists are ours; they are kept short, because a wrong alarm costs more
trust than a missed word.
"""

import re
from functools import cache, cached_property

AS_FACT = (
    r"(?:the|this|such) (?:sexual )?abuse(?! of (?:alcohol|drugs|medicines?|tablets))",
    r"(?:his|the) (?:sexual )?(?:offen[cs]es?|offending|crimes?|victims?|assaults?)",
    r"his (?:sexual )?abuse",
    r"(?:the|her|their|a) (?:perpetrator|offender|abuser)(?! (?:manage|programme|unit|team))",
    r"(?:he|mr [a-z'-]+) (?:has |had )?(?:sexually )?(?:abused|assaulted|molested|raped)",
    r"(?:he|mr [a-z'-]+) (?:has |had )?(?:sexually )?touched her(?! (?:arm|sleeve|shoulder|hand|elbow))",
    r"disclosed (?:that he|the abuse|abuse)",
    r"victims? of (?:his|sexual)",
)
"""What says of an allegation that it is so."""

LOADED = (
    r"p(?:a)?edophiles?",
    r"sex(?:ual)? offenders?(?!['’]? (?:register|treatment|programme|manage|unit|team))",
    r"(?:sexual |child )?predators?",
    r"predatory",
    r"perverts?",
    r"child molesters?",
    r"perpetrators?(?! programme)",
    r"abusers?",
    r"(?:her|his|their|known|other|previous|further|potential|future|next) victims?",
    r"groom(?:ed|s|ing) (?:the (?:child|children|girls?|boys?|family|carer|mother)|behaviou?rs?|process)",
    r"groom(?:ed|s|ing) (?:her|him|them)(?! (?:pony|horse|dog|cat|rabbit|hair|coat|beard))",
    r"disclosed (?:that he|the abuse|abuse|sexual)",
    r"(?:his|the) (?:index )?offen[cs](?:e|es|ing) (?:against|towards|on) (?:her|him|them|the)",
)
"""What treats a man as guilty of what nobody has proved."""

LABELS = (
    r"schedule (?:one|1)(?: offenders?)?",
    r"disguised compliance",
    r"(?:is|was|remains?|remained|are|still) in denial",
    r"attention[- ]seeking",
    r"manipulative",
    r"hard[- ]to[- ]reach",
    r"failed to protect",
    r"failure to protect",
    r"colluded?",
    r"colluding",
    r"collusive",
    r"(?:is|was|are|were) non[- ]?complian(?:t|ce)",
    r"promiscuous",
    r"a poor historian",
    r"resistant to (?:change|services|support|professionals)",
    r"lack(?:s|ed|ing)? insight",
    r"over[- ]?sexuali[sz]ed",
    r"streetwise",
)
"""What says more about the writer than about the person."""

EMPTY = (
    r"engag(?:ed|es|ing) (?:very |really )?well",
    r"(?:had|have|has|were|was|are|is|with) no concerns?(?! (?:about|that|for|over))",
    r"no concerns? (?:were |was |have been |has been )?(?:noted|raised|identified|reported|observed|seen)",
    r"(?:interact|behav|respond|present|communicat)(?:ed|es|ing|s) appropriately",
    r"appropriate (?:interactions?|behaviou?rs?|responses?|relationships?|parenting|attachments?)",
    r"good (?:enough )?attachments?",
    r"a (?:strong|good|close|positive|secure) bond",
    r"(?:very |really )?positive (?:relationship|interactions?|engagement|attitude)",
    r"presented (?:as )?(?:well|fine|happy|okay|settled)",
    r"ticks? all the boxes",
    r"says? all the right things",
    r"home conditions (?:were|are) (?:good|fine|adequate|acceptable)",
)
"""What sounds like evidence and is none."""

LEADING = (
    r"(?:did|does|has|is|was|were|will|would) (?:he|she|they|uncle|daddy|dad|mummy|mum|grandad"
    r"|grandpa) (?:ever |also |then |usually )?(?:touch\w*|hurt\w*|hit\w*|kiss\w*|tickl\w*|undress\w*"
    r"|frighten\w*|scare\w*|threat\w*|make you|made you|ask you to|tell you not to|put his)",
    r"(?:he|she|they|it) (?:\w+,? ){1,6}(?:didn't|did not|doesn't|hasn't|wasn't|isn't) (?:he|she|they|it)",
    r"(?:isn't|wasn't|wouldn't) (?:it|that) (?:true|right|because)",
    r"(?:did it|does it) hurt when",
    r"has (?:anyone|anybody|somebody|someone) (?:ever )?(?:touched|hurt|kissed)",
    r"you(?:'re| are| were) (?:scared|frightened|afraid) of \w+,? (?:aren't|weren't) you",
    r"(?:are|were) you (?:scared|frightened|afraid) of (?:him|her|them)",
    r"^did (?:your )?\w+(?: \w+)? (?:tell|ask|make|get) you to (?:say|tell)",
    r"^(?:don't|didn't) you (?:like|want|think|feel|love|miss)",
    r"was it (?:your |uncle |grand)\w+ who",
    r"you (?:like|love|miss|hate|want) \w+(?: \w+)?,? (?:don't|do) you",
)
"""Questions that hold their own answer."""

OPINION = (
    r"(?:i|we) (?:think|thought|believe[sd]?|suspect(?:ed)?|feel|felt)(?: that)?",
    r"(?:seems?|seemed|appears?|appeared) to (?:me|us)",
    r"in (?:my|our) (?:view|opinion)",
    r"(?:clearly|obviously|evidently|undoubtedly) (?:because|upset|afraid|frightened|lying|coached"
    r"|scared|hiding|attached|traumati[sz]ed)",
    r"which (?:shows|suggests|proves|indicates|means) that",
    r"this (?:shows|suggests|proves|indicates) (?:that )?",
)
"""What explains instead of saying what was seen."""

ACTUARIAL = (
    r"static[- ]?(?:99r?|2002r?)",
    r"stable[- ]?200[07]",
    r"acute[- ]?200[07]",
    r"rm[ -]?2000(?:/?[svc])?",
    r"risk matrix(?: 2000)?",
    r"oasys",
    r"osp(?:/?[a-z]+)?",
    r"ogrs[ ]?\d?",
    r"sorag",
    r"vrag(?:-r)?",
    r"rrasor",
    r"mnsost(?:-r)?",
    r"(?:scales?|tools?) for sexual reoffending",
    r"actuarial",
)
"""Names of scales that were made from men who were sentenced."""

PROMISE = (
    r"agreements?",
    r"agree[sd]?",
    r"sign(?:s|ed)?",
    r"promis(?:e|es|ed)",
    r"assur(?:e|es|ed|ances?)",
    r"undertak(?:e|es|en|ings?)",
)
"""What rests on somebody's word."""

_RELATIVES = (
    r"(?:his|her|their|the) (?:own )?(?:mother|father|sister|brother|aunt|uncle|cousin|daughter|son"
    r"|grandmother|grandfather|partner|wife|husband|neighbour|friend)",
    r"(?:family|neighbour|friend|child)(?: member)?",
    r"(?:mum|mummy|dad|daddy|auntie|gran|granny)",
)

_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’(?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_HEDGE = re.compile(
    r"\b(?:alleg\w*|accus\w*|claim\w*|if|whether|assum\w*|suppos\w*|said|says|told|tells|states?|stated"
    r"|reported\w*|reports|den(?:y|ies|ied)|unproved|not proved|hypothes\w*|believe[sd]?|suspect\w*"
    r"|possib\w*|may have|might have|would have|risk of|fear\w*|no finding|not found|caution\w*|drunk\w*"
    r"|driving|motoring|theft|shoplift\w*)\b",
    re.IGNORECASE,
)


_CHOICE = re.compile(r"\(\?:([\w |]*)\)(\??)")
"""A choice of plain words at the beginning of a pattern, and whether it may be left out."""
_LONG = 100  # letters


class WordList:
    """One list, looked for in texts."""

    def __init__(self, patterns: tuple[str, ...], own: tuple[str, ...]) -> None:
        ours = _by_beginning([one for each in patterns for one in _spread(each)])
        ours = ours.replace("n't", "n['’]t").replace("^", r"(?<=\A.)").replace(" ", r"\s+")
        theirs = {" ".join(word.lower().split()).replace("’", "'") for word in own}
        every = "|".join(filter(None, (ours, _of_letters(sorted(theirs - {""})))))
        self._pattern = rf"[^\w](?:{every})\b"

    @cached_property
    def _lower(self) -> re.Pattern[str]:
        # It begins with what parts words, so that the search skips from one word to the next.
        return re.compile(self._pattern)

    def first_in(self, text: str) -> str:
        """The first of its words in a text, as it stands there; "" if there is none."""
        found = self._lower.search(f" {text.lower()}")
        if not found:
            return ""
        lower = found[0][1:]
        start = found.start()
        # A few letters get longer in lower case, so that places may differ.
        return text[start : start + len(lower)] if len(text.lower()) == len(text) else lower


def _spread(pattern: str) -> list[str]:
    """A pattern that begins with a choice, such as "(?:his|the) abuse", as one for each of the choices.

    One that goes on for long stays one: to make it many takes longer than is won by it.
    """
    found = _CHOICE.match(pattern)
    if not found or len(pattern) - found.end() > _LONG:
        return [pattern]
    choices = [*found[1].split("|"), *([""] if found[2] else [])]
    rest = pattern[found.end() :]
    return [each for choice in choices for each in _spread(choice + rest)]


def _by_beginning(patterns: list[str], known: str = "") -> str:
    """One pattern for all of these, each of which begins with `known`, parted by the letter that follows.

    So a word is tried against the few that begin like it, and not against all of them.
    """
    if len(patterns) < 3:
        return "|".join(each[len(known) :] for each in patterns)
    groups: dict[str, list[str]] = {}
    for each in patterns:
        letter = each[len(known) : len(known) + 1]
        is_letter = letter.isalpha() and each[len(known) + 1 : len(known) + 2] not in (
            "?",
            "*",
            "{",
        )
        groups.setdefault(letter if is_letter else "", []).append(each)
    others = [each[len(known) :] for each in groups.pop("", [])]
    parted = (f"{k}(?:{_by_beginning(group, known + k)})" for k, group in groups.items())
    return "|".join((*parted, *others))


def _of_letters(words: list[str], known: int = 0) -> str:
    """A pattern for these words, each of which begins with the same `known` letters, and nothing more than words.

    Whatever a service lists is parted letter by letter: no text, however long, is read more than once for it. A
    word is at most as long as its schema says, so that nothing is nested without end.
    """
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[known : known + 1], []).append(word)
    ends = [""] if groups.pop("", None) else []
    parted = [_LETTERS.get(k, re.escape(k)) + _of_letters(g, known + 1) for k, g in groups.items()]
    one_of = "|".join((*parted, *ends))
    return one_of if len(parted) + len(ends) < 2 else f"(?:{one_of})"


_LETTERS = {" ": r"\s+", "'": "['’]"}


def as_fact() -> WordList:
    """What states an allegation as a fact."""
    return _list(AS_FACT)


def loaded(own: tuple[str, ...] = ()) -> WordList:
    """Loaded terms, with a service's own."""
    return _list(LOADED, own)


def labels(own: tuple[str, ...] = ()) -> WordList:
    """Labels, with a service's own."""
    return _list(LABELS, own)


def empty(own: tuple[str, ...] = ()) -> WordList:
    """Empty phrases, with a service's own."""
    return _list(EMPTY, own)


def leading(own: tuple[str, ...] = ()) -> WordList:
    """Leading questions, with beginnings of a service's own."""
    return _list(LEADING, own)


def any_of_them(*own: tuple[str, ...]) -> WordList:
    """All of what is looked for in a practitioner's own words: one look for most records."""
    return _list(
        (*AS_FACT, *LOADED, *LABELS, *EMPTY), tuple(word for words in own for word in words)
    )


def opinion() -> WordList:
    """Opinions."""
    return _list(OPINION)


def actuarial() -> WordList:
    """Names of actuarial scales."""
    return _list(ACTUARIAL)


def promise() -> WordList:
    """What rests on somebody's word."""
    return _list(PROMISE)


def relative() -> WordList:
    """Family and friends."""
    return _list(_RELATIVES)


def without_quotations(text: str) -> str:
    """The text on one line, with what stands in quotation marks taken out."""
    return " ".join(_QUOTED.sub("…", text).split())


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return _SENTENCE_END.split(text)


def is_hedged(sentence: str) -> bool:
    """Whether a sentence says whose account it is, or that it is not known."""
    return bool(_HEDGE.search(sentence))


@cache
def _list(patterns: tuple[str, ...], own: tuple[str, ...] = ()) -> WordList:
    return WordList(patterns, own)


COMMON = frozenset(
    (
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "asked",
        "at",
        "be",
        "because",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "more",
        "my",
        "no",
        "not",
        "of",
        "on",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "said",
        "say",
        "says",
        "she",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "told",
        "two",
        "up",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    )
)
"""Words of which any five may stand in a row without being a quotation of anybody."""
