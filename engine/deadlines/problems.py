"""The days of a problem on the ledger: by when it is put right, looked at, and who hears of it when it is not."""

from typing import NamedTuple

from engine.words import Role

RECTIFY = "rectification.rectify"
VERIFY = "rectification.verify"
REPORT = "rectification.report"
AGAIN = "rectification.again"
"""Working days a returned report gives besides those that are left; none where no table lays them down."""


class Passed(NamedTuple):
    """Whom a passed day is taken to, and by which day the next one hears of it."""

    office: Role
    next: str


CHAIN = {
    RECTIFY: Passed(Role.UNIT_HEAD, "rectification.escalate_department"),
    "rectification.escalate_department": Passed(Role.DEPARTMENT, "rectification.escalate_office"),
    "rectification.escalate_office": Passed(Role.PERFORMANCE_OFFICE, "rectification.urge_again"),
    "rectification.urge_again": Passed(Role.PERFORMANCE_OFFICE, "rectification.urge_again"),
}
"""From office to office, and at the last one again and again until the problem is struck off."""

DAYS_OF_PROBLEMS = frozenset({*CHAIN, VERIFY, AGAIN})
"""Every deadline a problem that stands in no letter can have: no diagram waits for them, and they outlive the case."""
