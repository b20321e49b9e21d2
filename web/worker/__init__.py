"""`jixiao worker`: what runs without anybody at a page.

`jobs` is the clock: what is due, what is done every day (`daily`), launches nobody drives (`going_on`). `carrying` does
the jobs that changes leave behind, `posting` sends mail, `talking` lets robots speak in groups, `beside` runs all of it
next to the pages of a demo.
"""
