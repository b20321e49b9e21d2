"""The first page of every list there is, as those ask for it who see most and least."""

from datetime import UTC, date, datetime
from typing import Any

from engine.directory import Actor
from engine.queries.assignments import agencies, assignments
from engine.queries.attachments import attachments
from engine.queries.case_card import case_card
from engine.queries.case_list import CaseFilters, case_list
from engine.queries.deadline_board import deadline_board
from engine.queries.grade_reasons import why_this_grade
from engine.queries.incidents import incidents
from engine.queries.letters import letters
from engine.queries.open_steps import open_steps
from engine.queries.publication_board import publication_board
from engine.queries.publication_duties import publication_duties
from engine.queries.rectification_ledger import rectification_ledger
from engine.queries.redated_days import redated_days
from engine.queries.result_applications import result_applications
from engine.queries.result_effects import result_effects
from engine.queries.review_queue import review_queue
from engine.queries.taken_steps import taken_steps
from engine.queries.year_acts import year_acts
from engine.words import Role
from tests.integration.queries.conftest import Crowd

TODAY = date(2022, 3, 10)
CASE = 1_000_403
"""One of the unit's cases; it is closed, so that it has no process to look at."""


def clerk_of(crowd: Crowd) -> Actor:
    return Actor(crowd.bureau.clerk.person_id, "示例", "huaxi", crowd.first_unit + 3, frozenset({Role.UNIT_CLERK}))


def lists(crowd: Crowd) -> dict[str, Any]:
    """The first page of every list, as finance and as a unit ask for it."""
    at = datetime(2022, 3, 10, tzinfo=UTC)
    found: dict[str, Any] = {}
    for who, actor in (("finance", crowd.bureau.office), ("unit", clerk_of(crowd))):
        asked: dict[str, Any] = {
            "cases": lambda s, a: case_list(s, a, on=TODAY),
            "cases of a year": lambda s, a: case_list(s, a, on=TODAY, filters=CaseFilters(fiscal_year=2021)),
            "cases of a stage": lambda s, a: case_list(
                s, a, on=TODAY, filters=CaseFilters(fiscal_year=2021, stage="monitoring", state="active")
            ),
            "deadlines": lambda s, a: deadline_board(s, a, at=at),
            "ledger": lambda s, a: rectification_ledger(s, a, on=TODAY),
            "effects": lambda s, a: result_effects(s, a, 2023),
            "publication board": lambda s, a: publication_board(s, a, 2021, on=TODAY),
            "publication duties": lambda s, a: publication_duties(s, a, 2021, on=TODAY),
            "open steps": lambda s, a: open_steps(s, a, [CASE]),
            "reviews": lambda s, a: review_queue(s, a, on=TODAY),
            "letters": letters,
            "incidents": incidents,
            "acts for a year": lambda s, a: year_acts(s, a, on=TODAY),
            "taken steps": taken_steps,
            "redated days": lambda s, a: redated_days(s, a, at=at),
            "assignments": assignments,
            "agencies": agencies,
            "attachments": lambda s, a: attachments(s, a, CASE),
            "one case": lambda s, a: case_card(s, a, CASE),
            "why this grade": lambda s, a: why_this_grade(s, a, CASE),
        }
        found |= {f"{name} ({who})": (read, actor) for name, read in asked.items()}
    found["publication duties (unit)"] = (lambda s, a: publication_duties(s, a, 2021, on=TODAY), clerk_of(crowd))
    # the whole list of a budget year is shown to finance alone
    found["applications (finance)"] = (lambda s, a: result_applications(s, a, 2023), crowd.bureau.office)
    return found
