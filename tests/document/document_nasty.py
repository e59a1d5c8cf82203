"""Text as it may stand in case notes, chosen to be read as markup by something on the way."""

from hypothesis import strategies as st

NASTY = [
    "# Not a heading",
    "*bold* _em_ **x** __y__ ~~s~~ ==h==",
    '$x^2$ and $$y$$ \\(z\\) @ref #panic("x") #let a = 1; #[x] #x.y(z)',
    "<b>tag</b> <script>alert(1)</script> <!-- c --> </p> </style> ]]>",
    "`code` ```fence ~~~ tildes",
    "back\\slash \\n \\u{41} \\* \\| end\\",
    "[link](http://x.example) ![img](a.png) [^1] [^s0] [ref]: x [^s0]: y",
    "{{ 7*7 }} {% raw %} {# c #} ${x} %d %s {}",
    "a | b | c |",
    "1. one 2) two - dash + plus",
    "12. twelve",
    "- leading dash",
    "> quote",
    "    four spaces",
    "===",
    "---",
    "+ plus",
    "&amp; &lt; &#42; &copy;",
    'O\'Brien "quoted" -- --- ... (c) fi ffi',
    "https://example.org/a_b?c=d&e=f user@example.org",
    "::: quote fake",
    ":::",
    "Table: fake",
    "title {.unnumbered}",
    "…–—“”‘’€£ Łódź Zoë Ελένη Иван Nguyễn Thị Hương Ọláyínká ✓ ☐ ½",
    "~nbsp~ a~b",
    "/* c */ // d",
    "<label> <toc>",
    "0\\",
    '#"lit"; "); #panic(',
    "%PDF ()<<>>",
    "'; DROP TABLE --",
    "C #",
    "!",
    "*",
    "_",
    "__init__ a_b a__b",
    "`",
    "$",
    "\\",
    '"',
    "e\u0301 decomposed",
    "a\u200bb\u200dc\u2060d",
]

_FRAGMENTS = [
    *"#*_-+=>|`~$@<>&\\[]{}()!^:;'\"/%.,0123456789 \n\t",
    *("\n\n", "    ", "```", ":::", "::: quote x\n", "[^1]", "[^s]: z", "](", "<b>", "&amp;"),
    *("{{ x }}", "{% if %}", "http://a.b", "1. ", "- ", "> ", "===", "---", "| a |", "word"),
    *("{.unnumbered}", "Table: ", "é", "ß", "\u00a0", "\u2028", "Ω", "\u200b", "\x00", "\ue000"),
    *("\U000f0023", "٣", "½", "\u3000", "\u202e", "\ufeff", "«", "€", "🙂", "李", "\u0301"),
]

fuzzed_text = st.lists(
    st.sampled_from(_FRAGMENTS) | st.characters(codec="utf-8"), min_size=1, max_size=12
).map("".join)
