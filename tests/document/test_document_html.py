import re
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from document_nasty import NASTY
from document_sample import FAMILY, MATTER, source

from arpc.document.figures import Figure
from arpc.document.html import to_html
from arpc.document.markdown import parse, plain_text
from arpc.document.shield import shield

VOID = {"meta", "br", "hr", "img", "col", "wbr"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed, in order."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self._open = [], [], []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "style" not in self._open:
            self.words.append(data)

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]

    @property
    def tags(self):
        """The elements, without places where a long string may break."""
        return [tag for tag, _ in self.elements if tag != "wbr"]

    @property
    def text(self):
        return "".join(self.words)


@pytest.fixture(scope="module")
def html():
    return to_html(parse(source()), MATTER, [FAMILY])


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_the_same_input_gives_the_same_file(html):
    assert to_html(parse(source()), MATTER, [FAMILY]) == html


def test_every_word_is_in_the_file(page):
    words = squeezed(page.text)
    for line in re.split(r"\n| \| ", plain_text(parse(source()))):
        assert squeezed(line) in words
    for value in (MATTER.title, MATTER.subtitle, MATTER.practice, MATTER.banner, FAMILY.caption):
        assert squeezed(value) in words
    for _, value in MATTER.details:
        assert squeezed(value) in words


def test_there_is_no_script_and_nothing_comes_from_elsewhere(html, page):
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "iframe", "object"})
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert attributes.get("src", "data:").startswith("data:")
        assert attributes.get("href", "#").startswith(("#", "https://", "mailto:"))
    assert "url(" not in html
    assert "@import" not in html


def test_the_policy_allows_the_style_sheet_and_held_pictures_only(html, page):
    [policy] = [m["content"] for m in page.all("meta") if "http-equiv" in m]
    style = re.search(r"<style>(.*)</style>", html, re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_landmarks_headings_and_language_are_there(page):
    assert page.all("html") == [{"lang": "en-GB"}]
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    assert page.all("main") == [{"id": "main"}]
    assert page.all("nav") == [{"class": "contents", "aria-labelledby": "contents"}]
    assert len(page.all("h1")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_reference_within_the_file_leads_somewhere_and_ids_are_unique(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    assert targets <= set(ids)
    assert {a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a} <= set(ids)


def test_tables_have_captions_scoped_headers_and_can_be_scrolled_by_keyboard(page):
    assert len(page.all("caption")) == 5
    assert all("scope" in header for header in page.all("th"))
    regions = [d for d in page.all("div") if d.get("role") == "group"]
    assert len(regions) == len(page.all("table")) + len(page.all("img"))
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)


def test_footnotes_lead_to_their_text_and_back_from_every_reference(page):
    roles = [a["role"] for a in page.all("a") if "role" in a]
    assert roles.count("doc-noteref") == roles.count("doc-backlink") == 39
    assert [s["role"] for s in page.all("section")] == ["doc-endnotes"]


def test_a_picture_is_held_in_the_file_with_its_words(page):
    [image] = page.all("img")
    assert image["alt"] == FAMILY.alt
    assert b64decode(image["src"].partition(",")[2]).decode() == FAMILY.svg


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_literal_and_changes_no_element(text):
    def filled(value):
        s = shield(value)
        matter = replace(MATTER, **dict.fromkeys(("title", "subtitle", "marking", "author"), value))
        markdown = (
            f"# a {s}\n\nb {s}[^x]\n\n[^x]: c {s}\n\n::: quote {s}\n{s}\n:::\n\n::: callout {s}\nd\n"
            f":::\n\nTable: {s}\n\n| e{s} | f |\n|---|---|\n| g{s} | h |\n\n::: figure p\n:::"
        )
        return Page(to_html(parse(markdown), matter, [Figure("p", FAMILY.svg, value, value)]))

    page, plain = filled(f"A{text}Z"), filled("w")
    assert squeezed(page.text).count(squeezed(f"A{text}Z")) == squeezed(plain.text).count("w")
    assert page.tags == plain.tags


def test_the_marking_is_printed_on_every_page_of_paper(html):
    assert '@bottom-center{content:"OFFICIAL\\2d SENSITIVE\\3a  CHILD PROTECTION"}' in html


def test_a_column_without_a_title_has_no_empty_header():
    page = Page(to_html(parse("| | b |\n|---|---|\n| R1 | c |"), MATTER))
    assert page.all("th") == [{"scope": "col"}, {"scope": "row"}]
    assert len(page.all("td")) == 2


@pytest.mark.parametrize("code", ["N-001", "N-004#S3", "C-FK6SY95T", "2026-03-04"])
def test_a_code_stays_on_one_line(code):
    html = to_html(parse(f"see ({shield(code)}), please"), MATTER)
    whole, rest = re.search(r'<span class="whole">(.*?)</span>([^)]*)', html).groups()
    assert whole + rest == code


def test_a_string_longer_than_a_line_may_break_and_is_copied_whole():
    address = "https://example.org/a_long_address_of_a_page/with_parts?and=more&and=so_on"
    for markdown in (shield(address), f"| a |\n|---|\n| {shield(address)} |"):
        html = to_html(parse(markdown), MATTER)
        assert "https:<wbr>/<wbr>/<wbr>example.<wbr>org/<wbr>" in html
        assert address in Page(html).text
    assert "<wbr>" not in to_html(parse("x" * 24), MATTER)


def test_regions_that_scroll_are_no_landmarks(html, page):
    assert 'role="region"' not in html
    assert {d["class"] for d in page.all("div") if d.get("role") == "group"} == {
        "scroll",
        "scroll picture",
    }
