"""Case records for assessing the risk a man may pose to children, as plain text.

The map, from the top; a module imports only from the lines below its own:

cli         the commands: parse, call one use case, print, exit code
            (the only code that prints, asks, or reads the clock and the environment)
checking, due, register, overview, explaining, starting, editing, drafting, reporting, issuing
            the use cases; exporting turns what they return into JSON, CSV, iCalendar
rules, clocks
            good practice: one function each, with its reason and source
provisions  what a rule and a clock are, and the engine that runs them
casefile, service
            a case, a service folder: every file read, checked, typed
records     what the code reads of each kind of record
meaning, yamltext, schema, kinds, yamldoc
            a record's digest, small edits, its schema, the kinds, the one reader
document    Markdown to PDF and HTML; knows nothing of cases
writer, gitrepo, workdays, sources, ids, findings, resources, errors
            the one writer, the one git wrapper, dates, and the words for everything above
"""

__version__ = "0.1.0"
