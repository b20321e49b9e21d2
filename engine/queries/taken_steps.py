"""Steps of one's own unit that their deadlines took away, as long as the case stands where a way back is drawn."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, true, type_coerce
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.model import Deadline, ExtensionRequest
from engine.directory import Actor, Unit
from engine.moves.late_filing import MESSAGE, rule_for
from engine.moves.permissions import permits
from engine.queries.scope import visible_to
from engine.stages import step_name
from engine.store.base import table_of
from engine.tasks import Draft, Task
from engine.words import CaseState, DeadlineState, ExtensionState, TaskState

MOST_STEPS = 100
LED_BACK = f'$.*[0] ? (@ like_regex "[.]{MESSAGE}$")'
_cases, _tasks, _days = table_of(Case).c, table_of(Task).c, table_of(Deadline).c
_asked, _drafts = table_of(ExtensionRequest).c, table_of(Draft).c


@dataclass(frozen=True, slots=True)
class TakenStep:
    """One step: the task, the deadline that took it and its day, and of which case it is.

    `allowed` is what the table says about asking (None: 本区未规定); `waits`: a request has no answer yet; `drafted`:
    somebody had typed something.
    """

    task_id: UUID
    step: str
    case_id: int
    code: str
    name: str
    unit: str
    deadline_id: UUID
    due_on: date
    allowed: bool | None
    waits: bool
    drafted: bool


def taken_steps(session: Session, actor: Actor, *, case_id: int | None = None) -> tuple[TakenStep, ...]:
    """The steps of the actor's unit, of all its moving cases or of one, the latest day first.

    At most `MOST_STEPS`; none for offices that hand nothing in.
    """
    if not permits("request_late_filing", actor):
        return ()
    one = () if case_id is None else (_cases.id == case_id,)
    rows = session.execute(_statement(actor).where(*one)).all()
    latest = {(row.case_id, row.process): row for row in reversed(rows)}
    found = [_step(session, row) for row in latest.values()]
    return tuple(sorted(found, key=lambda each: (-each.due_on.toordinal(), each.code, each.step)))


def _statement(actor: Actor) -> Select[Any]:
    took = (
        select(_days.id, _days.name, _days.due_on, _days.started_on)
        .where(
            _days.case_id == _tasks.case_id, _days.task_id == _tasks.id, _days.timer.is_not(None),
            _days.state == DeadlineState.FIRED,
        )
        .order_by(_days.closed_at.desc(), _days.due_at.desc())
        .limit(1)
        .lateral("took")
    )  # fmt: skip
    waiting = select(_asked.id).where(_asked.deadline_id == took.c.id, _asked.state == ExtensionState.ASKED.value)
    here = func.jsonb_build_object("here", _tasks.process + f".{MESSAGE}")
    return (
        select(
            _tasks.id, _tasks.process, _tasks.element, _tasks.case_id, _cases.code, _cases.name,
            Unit.name.label("unit"), _cases.diagrams_id, _cases.policy_id, took.c.id.label("deadline_id"),
            took.c.name.label("deadline"), took.c.due_on, took.c.started_on, waiting.exists().label("waits"),
            select(_drafts.task_id).where(_drafts.task_id == _tasks.id).exists().label("drafted"),
        )
        .select_from(Task)
        .join(Case, _cases.id == _tasks.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(took, true())
        .where(
            visible_to(actor),
            _cases.state == CaseState.ACTIVE,
            func.jsonb_path_exists(_cases.waits, type_coerce(LED_BACK, JSONPATH)),
            func.jsonb_path_exists(_cases.waits, type_coerce("$.*[0] ? (@ == $here)", JSONPATH), here),
            _tasks.unit_id == actor.unit_id,
            _tasks.state == TaskState.CLOSED,
        )
        .order_by(_tasks.opened_at.desc(), _tasks.id)
        .limit(MOST_STEPS)
    )  # fmt: skip


def _step(session: Session, row: Any) -> TakenStep:
    rule = rule_for(session, row.policy_id, row.deadline, row.started_on)
    return TakenStep(
        task_id=row.id,
        step=step_name(session, row.diagrams_id, row.process, row.element),
        case_id=row.case_id,
        code=row.code,
        name=row.name,
        unit=row.unit,
        deadline_id=row.deadline_id,
        due_on=row.due_on,
        allowed=None if rule is None or rule.undefined else bool(rule.outputs["allowed"]),
        waits=row.waits,
        drafted=row.drafted,
    )
