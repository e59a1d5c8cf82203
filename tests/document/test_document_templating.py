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
