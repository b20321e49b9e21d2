"""年度演练: a year of one jurisdiction, run through the real diagrams and tables, beside what was published of it.

- `inputs` reads the files a rehearsal starts from, all of them or none; `subjects` makes the objects of the year.
- `people` settles a town of example people; `plan` (plan.toml) says what finance sets going when, and their habits.
- `year` goes from one act of finance (`motions`) to the next; in between the `days` are lived: deadlines fire, and
  people act (`acting`) on what lies on their desks, with the `papers` they fill in and the `special` commands some
  steps have. The cases are shared out among processes (`elsewhere`); the result does not depend on how many.
- `rehearse` runs it all and reads the figures back (`report`, `histories`); `files` leaves them, `summary` tells them.
- `demo` stops three such years on one day.

Published scores go in as what the people write down; every figure that comes out is one the engine computed.
"""
