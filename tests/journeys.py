"""One case on its way through the diagrams, for tests: who waits, and the next step taken by whom it waits for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.audit import Entry
from engine.cases import Case
from engine.clock import shanghai
from engine.commands.complete_task import complete_task
from engine.commands.correct_state import correct_state
from engine.commands.start_case import Line
from engine.directory import Actor
from engine.moves.outcome import Outcome
from engine.stages import diagrams_of
from engine.store import Database
from engine.tasks import Task, TaskState
from tests.factories import Bureau, case_of
from tests.factories_forms import NAME, YEAR, valid_content

LETTER_DAY = shanghai(2022, 10, 12)


@dataclass
class Journey:
    """A case and everybody who works on it; `at` moves on by a minute with every step."""

    database: Database
    bureau: Bureau
    case_id: int
    at: datetime = field(default=LETTER_DAY)

    def stand_at(self, stage: str) -> None:
        """Put the case at the beginning of a stage."""
        self.move_to("case", f"call_{stage}")

    def move_to(self, process: str, element: str) -> None:
        with self.database.transaction(self.bureau.jurisdiction) as session:
            correct_state(
                session, self.case_id, process, element, reason="示例：从这一步开始", second=self.bureau.second_officer,
                by=self.bureau.office, at=self.at,
            )  # fmt: skip

    def waiting(self) -> list[str]:
        """The steps somebody can take now."""
        return sorted(task.element for task in self.tasks())

    def tasks(self) -> list[Task]:
        with self.database.transaction(self.bureau.jurisdiction) as session:
            open_ones = select(Task).where(Task.case_id == self.case_id, Task.state == TaskState.OPEN.value)
            return list(session.scalars(open_ones.order_by(Task.item, Task.element)))

    def task(self, element: str, item: str | None = None) -> Task:
        (found,) = [task for task in self.tasks() if task.element == element and item in (None, task.item)]
        return found

    def next_minute(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

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
        """Take a waiting step as the person it waits for, with its first outcome unless told otherwise."""
        task = self.task(element, item)
        with self.database.transaction(self.bureau.jurisdiction) as session:
            diagrams = diagrams_of(session, session.get_one(Case, self.case_id).diagrams_id)
            usual = diagrams.element(task.process, element).step.normal_outcome
            outcome = Outcome(word or usual, content=content, answers=answers, reason=reason)
            complete_task(session, task.id, outcome, by=by or self.person_for(task), at=self.next_minute())

    def person_for(self, task: Task) -> Actor:
        offices = {actor.unit_id: {} for actor in self.bureau.everybody()}
        for actor in reversed(self.bureau.everybody()):
            offices[actor.unit_id] |= {role.value: actor for role in actor.roles}
        return offices[task.unit_id][task.role]

    def case(self) -> Case:
        with self.database.transaction(self.bureau.jurisdiction) as session:
            return session.get_one(Case, self.case_id)

    def journal(self, *types: str) -> list[Entry]:
        """The entries of these types, oldest first."""
        with self.database.transaction(self.bureau.jurisdiction) as session:
            entries = select(Entry).where(Entry.case_id == self.case_id, Entry.type.in_(types)).order_by(Entry.seq)
            return list(session.scalars(entries))


def begin(database: Database, bureau: Bureau, code: str = "示例-2021-001", **changes: Any) -> Journey:
    """A project of the year of the example forms, just begun."""
    given = {"name": NAME, "fiscal_year": YEAR, "lines": [Line("财政拨款", Decimal("180"))]} | changes
    with database.transaction(bureau.jurisdiction) as session:
        case = case_of(session, bureau, code, at=LETTER_DAY, **given)
        return Journey(database, bureau, case.id)


def evaluated(journey: Journey) -> Journey:
    """The case with an accepted key evaluation of 87.75, waiting for the agency to be appraised."""
    from engine.commands.accept_evaluation import accept_evaluation
    from engine.commands.assign_agency import assign_agency
    from engine.commands.plan_evaluation import plan_evaluation
    from engine.moves.engagement import Engagement

    bureau, database = journey.bureau, journey.database
    journey.stand_at("key_evaluation")
    plan_evaluation(
        lambda: database.transaction(bureau.jurisdiction), YEAR, chosen=[journey.case_id], reason="示例：年度计划",
        by=bureau.office, at=journey.next_minute(),
    )  # fmt: skip
    engagement = Engagement(bureau.agency_id, "孙主评", declared_independent=True)
    with database.transaction(bureau.jurisdiction) as session:
        task = journey.task("assign_evaluator")
        assign_agency(session, task.id, engagement, by=bureau.office, at=journey.next_minute())
    journey.do("draft_evaluation", content=valid_content("F09"))
    journey.do("comment_on_evaluation")
    journey.do("finish_evaluation", content=valid_content("F09"))
    with database.transaction(bureau.jurisdiction) as session:
        task = journey.task("accept_evaluation")
        accept_evaluation(session, task.id, by=bureau.office, at=journey.next_minute())
    return journey
