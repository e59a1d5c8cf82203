"""Reports: everything a template may print, computed from a case, and the words around it.

model       the values that templates see; they decide nothing
evidence    citations as footnotes, and the index of what was cited
chronology  the case in order of time, derived from its records
assessment  the full assessment report for the referrer
rendering   a report as Markdown, HTML and PDF
"""
