"""Text as it may stand in case notes, chosen to be read as markup by something on the way."""

from hypothesis import strategies as st

from arpc.document.shield import shield

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

FRAGMENTS = [
    *"#*_-+=>|`~$@<>&\\[]{}()!^:;'\"/%.,0123456789 \n\t",
    *("\n\n", "    ", "```", ":::", "::: quote x\n", "[^1]", "[^s]: z", "](", "<b>", "&amp;"),
    *("{{ x }}", "{% if %}", "http://a.b", "1. ", "- ", "> ", "===", "---", "| a |", "word"),
    *("{.unnumbered}", "Table: ", "é", "ß", "\u00a0", "\u2028", "Ω", "\u200b", "\x00", "\ue000"),
    *("\U000f0023", "٣", "½", "\u3000", "\u202e", "\ufeff", "«", "€", "🙂", "李", "\u0301"),
]

fuzzed_text = st.lists(
    st.sampled_from(FRAGMENTS) | st.characters(codec="utf-8"), min_size=1, max_size=12
).map("".join)


def hard_markdown(random):
    """Return a document that has everything too long: words are numbered, so that each can be missed."""

    def words(count):
        return shield(" ".join(f"q{random.randrange(10**7):07d}" for _ in range(count)))

    blocks = [f"# {words(200)}", words(500)]
    blocks.append(f"::: quote {words(200)}\n{words(500)}\n:::")
    blocks.append(f"::: callout {words(200)}\n{words(500)}\n:::")
    blocks.append(f"- {words(400)}\n- {words(2)}")
    blocks.append("y" * 700 + words(1))
    for count in range(2, 8):
        rows = [[words(random.choice((1, 3, 10, 30))) for _ in range(count)] for _ in range(5)]
        rows.append([words(600), *(words(1) for _ in range(count - 1))])
        rows.append(["x" * 200 + words(1)] * count)
        rows.append([shield("\n".join("a" * 60)), *(["W" * 40] * (count - 1))])
        rows.append(["李" * 50, *([""] * (count - 1))])
        header = [words(2 if count % 2 else 150) for _ in range(count)]
        lines = (f"| {' | '.join(row)} |" for row in (header, ["---"] * count, *rows))
        blocks += [f"Table: {words(30)}", "\n".join(lines)]
    blocks.append(
        f"::: facts\n| {words(300)} | |\n|---|---|\n| {words(300)} | {words(300)} |\n"
        f"| {'y' * 700} | b |\n:::"
    )
    for n in range(60):
        blocks.append(f"{words(2)}[^n{n}] {words(1)}[^n{n // 2}]")
        blocks.append(f"[^n{n}]: {words((1, 5, 20, 60, 300)[n % 5])}")
    return "\n\n".join(blocks)
