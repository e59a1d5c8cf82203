"""Case records for assessing the risk a man may pose to children, as plain text.

The map, from the top; a module imports only from the lines below its own:

cli, entry  the commands: parse, call one use case, print, exit code
            (the only code that prints, asks, or reads the clock and the environment); and what git
            itself starts, to seal and to open
issuing, annals, copying, tracing, differing, signing
            a report frozen when it is issued; who changed what in a case, and when; a copy for one
            reader, printed and looked through; what rests on what; what changed since a day; a record
            signed, approved or given back
exporting, pictures, pages
            findings and dates as JSON, SARIF, CSV, iCalendar; the genogram and the timeline; a case, a
            record and a person for reading
exchanging, shredding
            what is saved brought together with what others have saved; the end of a case, by the end of
            its keys
saving      what is written, kept in git
overview, searching, explaining, starting, reporting, register, amending, attaching, leaks, plainness
            where a case stands, words in all cases, what anything means, new folders and cases, the
            report, the plain register, what is done to records that are final, files kept beside
            records, what a finished copy shows that its reader may not see, and how easily it is read
surveying   what each of many cases comes to
linking, likeness, faults, doctoring
            two cases that belong together, people who may be one, what may be
            wrong with any file, and what with a computer, a folder, git and keys
rulebook, illustrating, practising, leftovers
            the rules and clocks as a document to sign; what the shipped examples show of each of them,
            and the examples as a folder to practise in; what a stopped writer left behind
checking, due, editing, undoing, halfway
            what is wrong in a case, what falls due, what happens to a record in an editor, the last
            thing written taken back, and what a save was stopped in
answering   findings that somebody answered, and when an answer lapses
rules, clocks, drafting
            good practice: one function each, with its reason and source; commented drafts
retention, threats, verifying
            how long a closed case is kept before somebody reviews whether it still is; who is kept from
            a sealed case, and by what; whether what was signed is good, and stands
provisions, history, reconciling, authorship
            what a rule and a clock are, and the engine that runs them; a case as git kept it on a day;
            two people's work on one case brought together; who changed which field of a record
service, rereading, audiences
            a service folder; what a conclusion cites, as it was when somebody read it; who reads a
            copy, and what of a case each may see
ledgers, recall
            what arpc writes down beside the records: final, read, answered; and what it remembers of a
            case outside of the service folder, as long as nothing that it rests on has changed
loading, signoffs
            a case folder: every file read, checked, typed; what was signed of it
casefile, citing, meaning, yamltext, carrying
            a case as rules see it; what a record points at; what it means; small edits to its text; a
            record begun from the one before
records, document
            what the code reads of each kind of record; Markdown to PDF, HTML, DOCX
schema, concurring, unread
            a record against its schema, in our own words; what two people said apart about who may open
            what, put one after the other; records that a merge made and nobody has read
kinds, yamldoc, sifting, sealed, checkpoints, gitlog, gitpeers
            the kinds of record, and the one reader; whether bytes may hold a word; a sealed service's
            people, and who may open what; a digest by which a rewritten history is found; git's history,
            and git between two repositories
findings, workdays, turning, sources, wordlists, writer, gitrepo, cores
            the words for everything above, dates, the next day on which an answer turns, the one writer,
            a folder as git keeps it, all cores of the computer
gitrun      the one way to git
sealing     how cases are kept sealed in git: bytes, keys and signatures
placing, gitfiles, gitfaults, gitobjects
            which files may lie where, under names that say nothing about anybody; what git reads before
            it is asked anything, why it could not do what it was asked, and what it keeps, object by object
ids         ids of cases, records and entries, and the citations that join them
resources, plainfiles, errors, disk, bounds, validators
            where the shipped files are; the one way into a file that others may have laid there; the
            one exception that reaches the user; bytes on the disk, whole or not at all; how much memory
            may go into what has no end; the library that checks schemas, quickly loaded
"""

__version__ = "0.1.0"
