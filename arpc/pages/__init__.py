"""What `arpc show` prints: a case for whoever is on duty, any record, and everything about a person.

These pages are for reading, so that they hold the words of records, which messages and logs never do.
They say what is recorded, and draw no conclusion from it.
"""
