"""Reports: everything a template may print, computed from a case, and the words around it.

model       the values that templates see; they decide nothing
copies      one copy to be made: the case, what its reader may see of it, how it is issued
front       what every report says of itself
evidence    citations as footnotes, and the index of what was cited
added       what was added to records that were final
chronology  the case in order of time, derived from its records
people      the family, the man, the carers, each child, in their own words
weighing    factors, explanations, judgements, contact, recommendations, limits
grounds     what it rests on: sessions, documents, consent, concerns
after       what the family said, treatment, follow-up, who stands behind it
assessment  the full assessment report for the referrer, or for a court
court       what a report for a court holds besides
conference  the copy for a conference or core group
family      the copy for the man or a carer
letter      the letter to a child
extract     stated facts for the police or another authority
review      the copy for the supervisor, without names or words
follow_up   what is so at a follow-up, beside what was judged
treatment   what a treatment set out to change, and what changed
chronicle   the chronology as a report of its own
catalogue   the reports that can be made of a case, by kind and reader
rendering   a report as Markdown, HTML and PDF
paragraphs  its numbered paragraphs: what each was printed from, and what it cites
"""
