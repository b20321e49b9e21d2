"""第三方: how far the evaluation of a case has come, as its diagram knows it, and whose turn it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.queries.scope import of_visible_case
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import STAGES, CaseState, Role, Stage, TaskState

_cases, _tasks = table_of(Case).c, table_of(Task).c

PHASES = {
    "assign_evaluator": "委派",
    "assign_department_evaluator": "委派",
    "draft_evaluation": "初稿",
    "comment_on_evaluation": "征求意见",
    "finish_evaluation": "定稿",
    "accept_evaluation": "验收",
    "accept_department_evaluation": "验收",
    "decide_evaluation_grade": "验收",
    "appraise_agency": "质量考核",
}
"""Step of the evaluation → its phase. 方案 and 现场 are the agency's own work, of which no diagram knows."""
IN_ORDER = tuple(dict.fromkeys(PHASES.values()))
_ORDER = [each.value for each in STAGES]
_BEYOND = _ORDER[_ORDER.index(Stage.KEY_EVALUATION.value) + 1 :]
UNDER_WAY = _cases.state.in_((CaseState.ACTIVE, CaseState.SUSPENDED)) & func.coalesce(_cases.stage, "").not_in(_BEYOND)
"""Whether the evaluation of a case is not behind it yet: what an agency still works on."""


@dataclass(frozen=True, slots=True)
class AgencyStep:
    """An open step of a case an agency works on: what, whose, until when."""

    task_id: UUID
    name: str
    process: str
    role: Role
    unit_id: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The phase an evaluation is in (None: none of `IN_ORDER`), whether it is done, and what is open in the case."""

    phase: str | None
    done: bool
    steps: tuple[AgencyStep, ...]

    def state_of(self, phase: str) -> str:
        """done, current or ahead."""
        if self.done:
            return "done"
        if self.phase is None:
            return "ahead"
        here, there = IN_ORDER.index(self.phase), IN_ORDER.index(phase)
        return "current" if here == there else "done" if there < here else "ahead"


def progress_of(session: Session, actor: Actor, case_ids: Iterable[int]) -> Mapping[int, Progress]:
    """How far each of these cases has come, of those the actor may see."""
    ids = list(case_ids)
    found = session.execute(
        select(_cases.id, _cases.stage, _cases.state, _cases.diagrams_id).where(
            of_visible_case(_cases.id, actor), _cases.id.in_(ids)
        )
    ).all()
    open_tasks = session.scalars(
        select(Task)
        .where(_tasks.case_id.in_([case.id for case in found]), _tasks.state == TaskState.OPEN)
        .order_by(_tasks.opened_at)
    ).all()
    progress = {}
    for case in found:
        tasks = [task for task in open_tasks if task.case_id == case.id]
        steps = tuple(
            AgencyStep(
                task.id, step_name(session, case.diagrams_id, task.process, task.element), task.process, task.role,
                task.unit_id, task.due_on,
            )
            for task in tasks
        )  # fmt: skip
        here = [task.element for task in tasks if task.process == Stage.KEY_EVALUATION.value]
        phase = next((PHASES[element] for element in here if element in PHASES), None)
        progress[case.id] = Progress(phase, phase is None and _is_past(case.stage, case.state), steps)
    return progress


def _is_past(stage: str | None, state: str) -> bool:
    """Whether a case has left the evaluation behind."""
    return state == CaseState.CLOSED or stage in _BEYOND
