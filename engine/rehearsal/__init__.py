"""年度演练: a year of one jurisdiction, run through the real diagrams and tables, beside what was published of it.

`inputs` reads the files a rehearsal starts from; it refuses a file as a whole or takes all of it.
"""
