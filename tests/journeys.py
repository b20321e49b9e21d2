"""One case on its way through the diagrams, for tests that begin in the middle of the year.

The operator puts it where a test begins; from there on the people of `tests.office` take the steps, a minute each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.audit import Entry
from engine.cases import Case
from engine.clock import SteppingClock, shanghai
from engine.commands.correct_state import correct_state
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.start_case import Line
from engine.directory import Actor
from engine.store import Database
from engine.tasks import Task
from tests.factories import Bureau, case_of
from tests.factories_forms import NAME, YEAR
from tests.office import Office
from tests.office.memory import by_heart

LETTER_DAY = shanghai(2022, 10, 12)


@dataclass
class Journey:
    """A case and the office that works on it; its clock moves on by a minute with every step."""

    office: Office
    case_id: int

    @property
    def database(self) -> Database:
        return self.office.database

    @property
    def bureau(self) -> Bureau:
        return self.office.bureau

    @property
    def at(self) -> datetime:
        return self.office.now

    def next_minute(self) -> datetime:
        self.office.clock.move_to(self.at + timedelta(minutes=1))
        return self.at

    def stand_at(self, stage: str) -> None:
        """Put the case at the beginning of a stage."""
        self.move_to("case", f"call_{stage}")

    def move_to(self, process: str, element: str) -> None:
        with self.office.transactions() as session:
            correct_state(
                session, self.case_id, process, element, reason="示例：从这一步开始", second=self.bureau.second_officer,
                by=self.bureau.office, at=self.at,
            )  # fmt: skip

    def waiting(self) -> list[str]:
        """The steps somebody can take now."""
        return sorted(task.element for task in self.tasks())

    def tasks(self) -> list[Task]:
        return self.office.tasks(self.case_id)

    def task(self, element: str, item: str | None = None) -> Task:
        (found,) = [task for task in self.tasks() if task.element == element and item in (None, task.item)]
        return found

    def do(
        self,
        element: str,
        word: str | None = None,
        *,
        item: str | None = None,
        by: Actor | None = None,
        content: Mapping[str, Any] | None = None,
        reason: str | None = None,
        **answers: Any,
    ) -> None:
        """Take a waiting step as the person it waits for, with its normal outcome unless told otherwise."""
        self.next_minute()
        self.office.do(self.case_id, element, word, by=by, item=item, content=content, reason=reason, **answers)

    def case(self) -> Case:
        return self.office.case(self.case_id)

    def journal(self, *types: str) -> list[Entry]:
        """The entries of these types, oldest first."""
        return [entry for entry in self.office.journal(self.case_id) if entry.type in types]


def begin(database: Database, bureau: Bureau, code: str = "示例-2021-001", **changes: Any) -> Journey:
    """A project of the year of the example forms, just begun."""
    given = {"name": NAME, "fiscal_year": YEAR, "lines": [Line("财政拨款", Decimal("180"))]} | changes
    clock = SteppingClock(LETTER_DAY)

    def start() -> int:
        with database.transaction(bureau.jurisdiction) as session:
            return case_of(session, bureau, code, at=LETTER_DAY, **given).id

    return Journey(Office(database, bureau, clock), by_heart(database, f"begin {code} {given}", start, clock))


def evaluated(journey: Journey) -> Journey:
    """The case with an accepted key evaluation of 87.75, waiting for the agency to be appraised."""

    by_heart(journey.database, f"evaluate {journey.case_id}", lambda: _evaluate(journey), journey.office.clock)
    return journey


def _evaluate(journey: Journey) -> None:
    journey.stand_at("key_evaluation")
    plan_evaluation(
        journey.office.transactions, YEAR, chosen=[journey.case_id], reason="示例：年度计划", by=journey.bureau.office,
        at=journey.next_minute(),
    )  # fmt: skip
    journey.do("assign_evaluator")
    journey.do("draft_evaluation")
    journey.do("comment_on_evaluation")
    journey.do("finish_evaluation")
    journey.do("accept_evaluation")
