"""Documents: Jinja templates to Markdown, and Markdown to PDF, HTML and DOCX. Knows nothing of cases.

    shield           carries literal text through Markdown untouched
    templating       the Jinja environment: every output expression is shielded
    jinja_runtime    what compiled templates import in place of jinja2.runtime
    tree             the blocks and inlines of a document, holding the final words
    parser           the Markdown that templates may write
    numbering        the numbers of paragraphs
    reading          shielded Markdown -> tree
    markdown         the public face of Markdown: parse, plain_text, to_markdown
    matter, figures  what a document has besides its text: front matter, pictures
    columns          column widths and row heights of tables, estimated from the words
    keeping          what is kept together on a page
    glyphs           the shipped fonts, and the characters that they can print
    typesetting      the call of Typst
    drawing          pictures as Typst draws them
    typst_source     tree -> Typst code
    pdf              Typst code -> PDF bytes
    ooxml            the elements and the package of a Word file
    word_inlines, word_matter, word
                     tree -> Word file: its inlines; page 1 and the margins; its blocks
    docx             the public face of the Word file
    html             tree -> one HTML file

The design of the PDF is `templates/report.typ`, that of the HTML `templates/report.css`, that of
the Word file `templates/word`.
Importing this package imports nothing else, since most commands make no document.
"""
