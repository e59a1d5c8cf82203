import os

import pytest
from document_nasty import NASTY

from arpc.document.markdown import parse, plain_text
from arpc.document.shield import unshield
from arpc.document.templating import check_fields, environment, render
from arpc.errors import ArpcError

NAME = "*N* <b>&amp; #x [l](u) `c` \\ $y$ @z | {{ 7*7 }}"
MARKUP = set("*<>&#[]`$@|{}\\")

# Each prints case text; the template's own marks are the two pairs of stars at most.
CONSTRUCTIONS = {
    "output": "{{ name }}",
    "constant": "{{ '*a* & b' }}",
    "constants joined": "{{ '*a*' ~ ' & b' }}",
    "joined to a constant": "{{ 'a*' ~ name }}",
    "macro": "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(name) }}",
    "macro joined": "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(name) ~ name }}",
    "macro added": "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(name) + name }}",
    "added to a macro": "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ name + m(name) }}",
    "macro formatted": "{% macro m(x) %}**%s {{ x }}**{% endmacro %}{{ m(name) % name }}",
    "macro format method": "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(name).format(name) }}",
    "macro repeated": "{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(name) * 2 }}",
    "macro joins": "{% macro m() %}**{% endmacro %}{{ m().join([name, name]) }}",
    "set block": "{% set s %}**{{ name }}**{% endset %}{{ s }}",
    "set": "{% set s = name ~ '*' %}{{ s }}",
    "join": "{{ names | join(', ') }}",
    "join by markup": "{{ names | join('*') }}",
    "join attribute": "{{ people | join(', ', attribute='name') }}",
    "percent": "{{ 'x %s' % name }}",
    "format": "{{ '{}'.format(name) }}",
    "call": "{% macro c() %}**{{ caller() }}**{% endmacro %}{% call c() %}{{ name }}{% endcall %}",
    "filter block": "{% filter oneline %}**{{ name }}**{% endfilter %}",
    "escaping off": "{% autoescape false %}{{ name }}{% endautoescape %}",
    "slice": "{{ name[:9] }}",
    "method": "{{ name.upper() }}",
    "list": "{{ names }}",
    "choice": "{{ name if true else '' }}",
    "loop": "{% for n in names %}{{ n }}{% endfor %}",
    "namespace": "{% set ns = namespace(v='') %}{% for n in names %}"
    "{% set ns.v = ns.v ~ n %}{% endfor %}{{ ns.v }}",
    "paras": "{{ name | paras }}",
    "paras twice": "{{ name | paras | paras }}",
    "oneline": "{{ name | oneline }}",
    "oneline of paras": "{{ name | paras | oneline }}",
    "block": "{% block b %}{{ name }}{% endblock %}{{ self.b() + name }}",
}


@pytest.fixture
def shielded(tmp_path):
    def shielded(template, **context):
        (tmp_path / "t.md.j2").write_text(template, encoding="utf-8")
        return render([tmp_path], "t.md.j2", **context)

    return shielded


@pytest.mark.parametrize("template", CONSTRUCTIONS.values(), ids=CONSTRUCTIONS)
def test_no_construction_lets_case_text_through_unshielded(shielded, template):
    text = shielded(template, name=NAME, names=[NAME, 3], people=[{"name": NAME}])
    assert not set(text.replace("**", "")) & MARKUP
    assert unshield(text)


@pytest.mark.parametrize("text", NASTY)
def test_text_is_printed_as_it_is(shielded, text):
    document = parse(shielded("a **{{ x }}**{{ x }} b", x=text))
    assert plain_text(document) == f"a {text}{text} b".replace("\t", " ")


@pytest.mark.parametrize(
    "name",
    ["safe", "escape", "e", "forceescape", "replace", "tojson", "striptags", "sum", "length"],
)
def test_filters_that_trust_or_compute_do_not_exist(shielded, name):
    with pytest.raises(ArpcError, match=f"line 1: No filter named '{name}'"):
        shielded(f"{{{{ x | {name} }}}}", x="a")


def test_templates_have_no_way_to_the_insides_of_python(shielded):
    for template in ("{{ x.__class__.__mro__ }}", "{{ x.format.__globals__ }}"):
        with pytest.raises(ArpcError):
            shielded(template, x="a")


def test_a_missing_value_is_an_error_that_names_the_place(shielded):
    with pytest.raises(ArpcError, match=r"template t.md.j2, line 2: 'nobody' is undefined"):
        shielded("a\n{{ nobody }}")


def test_a_missing_template_is_an_error_that_names_it(tmp_path):
    with pytest.raises(ArpcError, match=r"there is no template letter\.md\.j2"):
        render([tmp_path], "letter.md.j2")


def test_templates_outside_the_folder_are_not_found(tmp_path):
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (tmp_path / "templates").mkdir()
    with pytest.raises(ArpcError, match="there is no template"):
        render([tmp_path / "templates"], "../secret")


def test_nothing_and_truth_are_printed_in_words(shielded):
    assert unshield(shielded("{{ none }}|{{ true }}|{{ x }}", x=False)) == "|Yes|No"


def test_paras_makes_paragraphs_of_plain_text(shielded):
    text = shielded("{{ x | paras }}", x="a\nb\n \nc\n\n\n\nd")
    assert text == "a b\n\nc\n\nd"


def test_values_are_cleaned_so_that_none_can_pose_as_shielded_text(shielded):
    """U+F0041 would be read as a shielded "A", U+F0000 as nothing."""
    for template in (
        "{{ x }}",
        "{{ x | oneline }}",
        "{{ x | paras }}",
        "{{ x ~ '!' }}",
        "{{ [x] | join }}",
    ):
        text = shielded(template, x="a\U000f0041\U000f0000\ue000")
        assert unshield(text).rstrip("!") == "a\ufffd\ufffd\ufffd"
    macro = "{% macro m(x) %}*{% endmacro %}{{ m('') ~ x }}"
    assert unshield(shielded(macro, x="\U000f0041")) == "*\ufffd"


def test_line_ends_of_every_kind_are_white_space(shielded):
    assert unshield(shielded("{{ x | oneline }}", x="a\u2028b\r\nc\x85d")) == "a b c d"
    assert shielded("{{ x | paras }}", x="a\r\n\r\nb") == "a\n\nb"


def test_oneline_keeps_no_break_spaces(shielded):
    assert (
        unshield(shielded("{{ x | oneline }}", x=" 3\u00a0May\n at  home ")) == "3\u00a0May at home"
    )


def test_an_environment_is_safe_without_render(tmp_path):
    assert "*" not in environment(tmp_path).from_string("{{ x }}").render(x="*a*")


def test_what_a_nearer_folder_has_stands_before_the_same_of_a_farther_one(tmp_path):
    for folder, text in (("ours", "ours {% include 'head.j2' %}"), ("theirs", "theirs")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "head.j2").write_text(folder, "utf-8")
        (tmp_path / folder / "t.j2").write_text(text, "utf-8")
    (tmp_path / "theirs/t.j2").unlink()
    folders = [tmp_path / "theirs", tmp_path / "ours"]
    assert render(folders, "t.j2") == "ours theirs"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ report.sumary }}", "template t.j2, line 1: report has no sumary"),
        ("{% if false %}\n{{ report.nothing.more }}{% endif %}", "line 2: report has no nothing"),
        ("{% include 'part.j2' %}", "template part.j2, line 3: report has no title"),
        ("{% include 'gone.j2' %}", "there is no template gone.j2"),
        ("{% if %}", "template t.j2, line 1"),
    ],
)
def test_a_field_that_is_not_there_is_noticed_wherever_it_stands(tmp_path, text, said):
    (tmp_path / "t.j2").write_text(text, "utf-8")
    (tmp_path / "part.j2").write_text("\n\n{{ report.title }}", "utf-8")
    with pytest.raises(ArpcError, match=said) as caught:
        check_fields([tmp_path], "t.j2", {"report": ["summary"]})
    assert "sumary" not in str(caught.value) or caught.value.hint == "did you mean summary?"


def test_a_template_whose_fields_are_looked_through_may_be_nested_as_it_likes(tmp_path):
    (tmp_path / "t.j2").write_text("{{ " + "(" * 20_000)
    with pytest.raises(ArpcError, match=r"^template t\.j2 is nested too deep$"):
        check_fields([tmp_path], "t.j2", {})


TOO_MUCH = {
    "a loop in a loop in a loop": "{% for a in many %}{% for b in many %}{% for c in many %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "a loop whose turns are all left out": "{% for a in many %}{% for b in many if 0 %}"
    "{% endfor %}{% endfor %}",
    "a loop that prints much": "{% for a in many %}{{ long }}{% endfor %}",
    "a loop that prints its own text": "{% for a in many %}"
    + "*a* {{ 1 }}" * 4000
    + "{% endfor %}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a macro that calls itself twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}"
    "{% endif %}{% endmacro %}{{ m(60) }}",
    "a template that includes itself": "{% include 't.md.j2' %}{% include 't.md.j2' %}",
    "a template that extends itself": "{% extends 't.md.j2' %}",
    "a block in itself": "{% block b %}{{ self.b() }}{% endblock %}",
    "a text that doubles": "{% set n = namespace(v='a') %}{% for a in many %}"
    "{% set n.v = n.v ~ n.v %}{% endfor %}",
    "a list that doubles": "{% set n = namespace(v=[1]) %}{% for a in many %}"
    "{% set n.v = n.v + n.v %}{% endfor %}",
    "a text many times": "{{ 'a' * 999999999999 }}",
    "a list many times": "{{ [1] * 999999999999 }}",
    "a block of text many times": "{% set s %}a{% endset %}{{ s * 999999999999 }}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a number that grows": "{% set n = namespace(v=9) %}{% for a in many %}{% set n.v = n.v * n.v %}"
    "{% endfor %}",
    "a wide text": "{{ 'a'.ljust(999999999999) }}",
    "a wide block of text": "{% set s %}a{% endset %}{{ s.center(999999999999) }}",
    "a wide number": "{{ '%999999999d' % 1 }}",
    "a number as wide as is asked": "{{ '%*d' % (999999999, 1) }}",
    "a wide form": "{{ '{:999999999}'.format(1) }}",
    "a form as wide as is asked": "{{ '{:{}}'.format(1, 999999999) }}",
    "bytes": "{{ (1).to_bytes(999999999, 'big') }}",
    "one text in the gaps of another": "{{ long.join(long) }}",
    "a text that replaces itself": "{{ long.replace('a', long) }}",
    "copies of a text": "{% for a in many %}{% set b = long[1:] %}{% endfor %}",
    "letters that grow when they are joined": "{{ many | join(long) }}",
    "brackets": "{{ " + "(" * 20_000 + " }}",
    "loops in loops": "{% for a in long %}" * 500 + "{% endfor %}" * 500,
    "conditions in conditions": "{% if 1 %}" * 2000 + "{% endif %}" * 2000,
    "a number without end": "{{ " + "9" * 60_000 + " }}",
    "a template as long as a book": "a" * 70_000,
    "what is no number": "{{ 1 + 'a' }}",
    "nothing to divide by": "{{ 1 // 0 }}",
    "what cannot be called": "{{ 1() }}",
    "an encoding": "{{ 'a'.encode('idna') }}",
}


@pytest.mark.parametrize("template", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_template_that_asks_for_too_much_is_refused_at_once(shielded, template):
    with pytest.raises(ArpcError, match=r"^template t\.md\.j2"):
        shielded(template, many=list(range(100_000)), long="a" * 1_000_000)


def test_what_a_template_is_refused_is_told_without_what_it_printed(shielded):
    with pytest.raises(ArpcError) as refused:
        shielded("{{ name + 1 }}", name="Quillfeather")
    assert str(refused.value) == "template t.md.j2, line 1: it fails with TypeError"


def test_a_template_that_lies_elsewhere_or_is_no_plain_file_is_not_read(tmp_path):
    folder, elsewhere = tmp_path / "templates", tmp_path / "elsewhere"
    folder.mkdir(), elsewhere.mkdir()
    (elsewhere / "t.md.j2").write_text("secret")
    (folder / "parts").symlink_to(elsewhere)
    (folder / "link.md.j2").symlink_to(elsewhere / "t.md.j2")
    os.mkfifo(folder / "pipe.md.j2")
    (folder / "bytes.md.j2").write_bytes(b"\xff")
    (folder / "itself.md.j2").symlink_to("itself.md.j2")
    for name, said in {
        "parts/t.md.j2": "there is no template",
        "link.md.j2": "there is no template",
        "pipe.md.j2": "it is a pipe",
        "itself.md.j2": "it is a link",
        "bytes.md.j2": "it is not UTF-8 text",
    }.items():
        with pytest.raises(ArpcError, match=said):
            render([folder], name)
