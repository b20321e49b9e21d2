"""A mutation run: small changes are made to the code, one at a time, and the tests that cover it must notice.

`coverage_map` knows which test runs which line, `changes` finds what can be changed, `choice` picks the tests, `worker`
makes one change in a copy of the tree and runs them, `ledger` keeps what came of it. What may survive stands with its
reason in docs/mutation.md.
"""
