"""待定的截止日: what the days wait for that cannot be counted before a year is confirmed, in words."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines.model import NOT_OVER, Deadline
from engine.directory import Actor
from engine.queries.scope import of_visible_case
from engine.store.base import table_of
from engine.words import Role, waits_words

_cases, _days = table_of(Case).c, table_of(Deadline).c


def waiting_days(session: Session, actor: Actor, case_ids: Collection[int]) -> Mapping[UUID, str]:
    """Open task → `20 个工作日，待 2027 年放假安排确认后确定`, of those of these cases that have no day yet.

    Only of cases the actor (or, for all of them, the operator) may see; asked of none, nothing is looked up.
    """
    if not case_ids:
        return {}
    rows = session.execute(
        select(_days.task_id, _days.working_days, _days.laid_down_on, _days.awaits_year)
        .join(Case, _cases.id == _days.case_id)
        .where(
            _days.jurisdiction == actor.jurisdiction, _days.case_id.in_(list(case_ids)),
            text(f"deadlines.{NOT_OVER}"), _days.due_on.is_(None),
            of_visible_case(_days.case_id, actor, whole=(Role.OPERATOR,)),
        )
        .order_by(_days.started_on.desc(), _days.id)
    )  # fmt: skip
    return {row.task_id: waits_words(row.working_days, row.laid_down_on, row.awaits_year) for row in rows}
