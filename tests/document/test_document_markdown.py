import re
from html import unescape
from unicodedata import category

import pytest
from document_nasty import NASTY, fuzzed_text
from document_sample import FAMILY, MATTER, source
from hypothesis import assume, example, given, settings
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from arpc.document import tree
from arpc.document.markdown import parse, plain_text, to_markdown
from arpc.document.shield import clean, shield, unshield
from arpc.errors import ArpcError

# Every place that a template may put a value in; «» stands for the value.
PLACES = """
# «» {.unnumbered}

## a «»

«»

a «» b **«»** *«»*«» `«»` **a «»**«» [«»](http://a.example)

second
«»

- «»
- a «»

1. «»

> «»

::: quote «»
«»
:::

::: callout «»
«»
:::

Table: «»

| «» | a «» |
|:---|---:|
| «» | «» **«»** |
| a[^n] | «» |

::: small
::: facts
| «» | |
|---|---|
| «» | «» |
:::
:::

a[^n] and [^«»] and[^n]

[^n]: «»

[^«»]: a «»
"""

plain_viewer = MarkdownIt("gfm-like", {"linkify": False, "html": True}).use(footnote_plugin)


def squeezed(text):
    return re.sub(r"\s", "", text)


def seen(markdown):
    """Return the words that a viewer shows, and the kinds of block and mark it sees."""
    page = plain_viewer.render(markdown)
    words = re.sub(r"<[^>]*>", "", re.sub(r"<br */?>", " ", page))
    kinds = [kind for kind in re.findall(r"<(\w+)", page) if kind not in ("br", "strong", "em")]
    return squeezed(unescape(words)), kinds


def shape(value):
    """Return the nesting of a tree without its words."""
    if isinstance(value, tuple):
        return [s for s in map(shape, value) if s is not None]
    if isinstance(value, tree.Text | tree.Break | tree.Paragraph | str | int | None):
        return (
            [shape(value.body)] if isinstance(value, tree.Paragraph) and shape(value.body) else None
        )
    return type(value).__name__, [shape(getattr(value, n)) for n in value.__dataclass_fields__]


@settings(max_examples=150, deadline=None)
@given(fuzzed_text)
@example("\n\n")
@example("")
def test_case_text_never_changes_the_structure_of_a_document(text):
    filled = parse(PLACES.replace("[^«»]", "[^id]").replace("«»", shield(clean(text))))
    assert shape(filled) == shape(parse(PLACES.replace("[^«»]", "[^id]").replace("«»", "word")))


@pytest.mark.parametrize("text", NASTY)
def test_case_text_is_read_literally_wherever_it_stands(text):
    words = plain_text(parse(PLACES.replace("[^«»]", "[^id]").replace("«»", shield(f"A{text}Z"))))
    places = PLACES.count("«»") - PLACES.count("[^«»]")
    assert squeezed(words).count(squeezed(f"A{text}Z")) == places


CONTEXTS = {
    "paragraph": ("{}", ""),
    "after words": ("Name: {} end", "Name: end"),
    "item": ("- {}", ""),
    "numbered item": ("1. {}", ""),
    "nested item": ("- a\n  - {}", "a"),
    "quote": ("::: quote\n{}\n:::", ""),
    "attribution": ("::: quote {}\na\n:::", "a—"),
    "callout": ("::: callout {}\na\n:::", "a"),
    "heading": ("## {}", ""),
    "strong": ("a **{}** b", "a b"),
    "strong within a word": ("a**{}**b", "ab"),
    "emphasis in strong": ("**a *{}***", "a"),
    "cell": ("| h | i |\n|---|---|\n| {} | j |", "hij"),
    "caption": ("Table: {}\n\n| h | i |\n|---|---|\n| k | j |", "Table:hikj"),
    "second line": ("x\\\n{}", "x"),
    "footnote": ("a[^1]\n\n[^1]: {}", "a[1]↩︎"),
    "link": ("[{}](https://a.example)", ""),
}


@settings(max_examples=80, deadline=None)
@given(fuzzed_text)
@example("end\\")
@example("^[^s]: z")
@example("a\n1. b\n---\n:--\n===\n# c #\n    d")
@example("a | b\n:--")
@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
def test_a_plain_viewer_shows_the_same_words(context, text):
    template, around = context
    text = clean(text)
    assume(any(category(c) not in ("Cf", "Cc", "Zs") for c in text))
    words, kinds = seen(to_markdown(parse(template.format(shield(text)))))
    assert sorted(words) == sorted(squeezed(around + text))
    assert squeezed(text) in words
    assert kinds == seen(to_markdown(parse(template.format("w"))))[1]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
def test_a_plain_viewer_shows_nasty_text_literally(context, text):
    words, _ = seen(to_markdown(parse(context[0].format(shield(text)))))
    assert squeezed(text) in words


def test_every_word_of_a_report_survives_in_its_markdown():
    text = to_markdown(parse(source()), figures=[FAMILY])
    words, _ = seen(text)
    for line in re.split(r"\n| \| ", plain_text(parse(source()))):
        assert squeezed(line) in words


def test_ordinary_prose_needs_no_backslash():
    assert "\\" not in to_markdown(parse(source()), MATTER, [FAMILY])
    text = "Mr O'Brien (38) said: \"no\" - twice! It's 50% of £3.20; see [sic] #4 + a_b/c-d."
    assert to_markdown(parse(shield(text))) == text.replace("[", "\\[") + "\n"


def test_containers_become_plain_markdown():
    text = to_markdown(
        parse(
            "::: contents\n:::\n\n# A {.unnumbered}\n\n::: quote Ann, 4 May\nOne.\n\nTwo.\n:::\n\n"
            "::: callout Mind this\n- a\n- b\n:::\n\n::: pagebreak\n:::\n\n::: figure family\n:::\n\n"
            "::: small\nEnd.[^x]\n:::\n\n[^x]: A *source*.\n"
        ),
        figures=[FAMILY],
    )
    assert text == (
        "# A\n\n> One.\n>\n> Two.\n>\n> — Ann, 4 May\n\n> **Mind this**\n>\n> - a\n> - b\n\n"
        f"*Figure: {FAMILY.caption}. {FAMILY.alt}*\n\nEnd.[^1]\n\n[^1]: A *source*.\n"
    )


def test_the_marking_and_the_status_come_first():
    assert to_markdown(parse("a"), MATTER).startswith(
        "**Practice record: invented people**\n\n**OFFICIAL-SENSITIVE: CHILD PROTECTION · DRAFT**\n"
    )


def test_headings_are_numbered_and_those_under_an_unnumbered_one_are_not():
    document = parse("# a\n\n### b\n\n# c {.unnumbered}\n\n## d\n\n# e\n\n## f\n\n## g")
    found = [(h.number, h.level, tree.words(h.body)) for h in tree.headings(document.blocks)]
    assert found == [
        *(("1", 1, "a"), ("1.1", 2, "b"), ("", 1, "c"), ("", 2, "d")),
        *(("2", 1, "e"), ("2.1", 2, "f"), ("2.2", 2, "g")),
    ]


def test_a_footnote_may_be_referred_to_again():
    [paragraph] = parse("a[^x] b[^y] c[^x]\n\n[^x]: one\n\n[^y]: two").blocks
    notes = [(i.number, i.occurrence) for i in paragraph.body if isinstance(i, tree.Note)]
    assert notes == [(1, 1), (2, 1), (1, 2)]


def test_containers_nest():
    [small] = parse("::: small\n::: quote A\na\n:::\n\n::: callout B\nb\n:::\n:::").blocks
    assert [type(block) for block in small.children] == [tree.Quote, tree.Callout]


def test_addresses_that_are_not_web_or_mail_are_only_words():
    [paragraph] = parse(f"[a](javascript:x) [b]({shield('http://a.example/b_c')})").blocks
    assert [type(inline) for inline in paragraph.body] == [tree.Text, tree.Text, tree.Link]
    assert paragraph.body[2].address == "http://a.example/b_c"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("a[^x]", "no text for footnote x"),
        ("a[^b c]\n\n[^b c]: d", "label with a space"),
        ("# a[^x]\n\n[^x]: b", "footnote in a heading"),
        ("a[^x]\n\n[^x]: b[^x]", "can't refer to a footnote"),
        ("::: quot\na\n:::", "unknown container: ::: quot"),
        ("::: Quote\na\n:::", "unknown container: ::: Quote"),
        ("a\n:::", "closes nothing"),
        ("::: quote\na", "does not close a container: ::: quote"),
        ("::: facts\na\n:::", "does not hold exactly one table"),
        ("::: quote A\n::: pagebreak\n:::\n:::", "in another block"),
    ],
)
def test_what_a_template_gets_wrong_stops_the_report(template, message):
    with pytest.raises(ArpcError, match=message):
        parse(template)


def test_a_figure_that_was_not_drawn_stops_the_report():
    with pytest.raises(ArpcError, match="not drawn: family"):
        to_markdown(parse("::: figure family\n:::"))


def test_nothing_shielded_is_left_in_any_output():
    text = to_markdown(parse(source()), MATTER, [FAMILY])
    assert unshield(text) == text
