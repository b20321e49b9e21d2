"""整改销号: finance looks at the evidence for one problem and strikes it off the ledger, or sends it back (CH-33)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.rectifications import RectificationClosed, RectificationReturned
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.finishing import finish
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.problems import day_again
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.updates import rectify
from engine.rectifications import Rectification
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import RectificationState

REPORT = "F11"


class EvidenceMissing(WrongState):
    """A problem is only struck off when the unit says it is done and shows it."""

    code = "rectification.evidence_missing"


def close_rectification(
    session: Session,
    task_id: UUID,
    *,
    accepted: bool = True,
    reason: str | None = None,
    remarks: list[dict[str, Any]] | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Verify the unit's report on one problem: strike it off, or return it with a reason.

    Refuses a verifier who filed or confirmed the report, and a report without evidence. The ledger keeps who verified
    and when, the rules improved (JH-16) and the money recovered.
    """
    outcome = Outcome("approved" if accepted else "returned", reason=reason, remarks=remarks)

    def also(move: Move, task: Task) -> None:
        assert task.item is not None
        if accepted:
            _strike_off(move, task.item)
        else:
            rectify(move, task.item, state=RectificationState.RETURNED, rounds=1)
            due_on = _go_on(move, task.item, day_of(task.opened_at))
            move.record(RectificationReturned(item=task.item, reason=reason, due_on=due_on))

    asked = Asked("close_rectification", by, at, key, expected, {"task": task_id, **outcome.told()})
    return finish(session, asked, task_id, outcome, named="close_rectification", also=also)


def _go_on(move: Move, item: str, reported_on: date) -> date | None:
    """The day of the ledger from now on; the step that opens next keeps it."""
    problem = _on_ledger(move, item)
    if problem is not None and problem.due_on is not None:
        problem.due_on = day_again(move, problem.due_on, reported_on)
        move.session.flush()
    return None if problem is None else problem.due_on


def _strike_off(move: Move, item: str) -> None:
    assert move.by is not None
    row = _reported(move, item)
    rules = len(row.get("improved_rules") or ())
    recovered = Decimal(row["recovered_wan"]) if row.get("recovered_wan") is not None else None
    rectify(
        move,
        item,
        state=RectificationState.CLOSED,
        responsible=row.get("responsible_person"),
        rules_improved=rules,
        recovered_wan=Decimal(recovered) if recovered is not None else None,
        verified_by=move.by.person_id,
        closed_on=day_of(move.at),
    )
    move.record(RectificationClosed(item=item, rules_improved=rules, recovered_wan=recovered))


def _on_ledger(move: Move, item: str) -> Rectification | None:
    return move.session.scalar(
        select(Rectification).where(Rectification.case_id == move.case.id, Rectification.item == item)
    )


def _reported(move: Move, item: str) -> Mapping[str, Any]:
    """The row of the latest report that speaks of this problem, if it says done and shows it."""
    ledger = _on_ledger(move, item)
    if ledger is not None:
        ledger.must_be_open()
    latest = move.forms.latest[REPORT, item]
    content = move.session.scalars(select(Submission.content).where(Submission.id == latest.id)).one()
    row = next((row for row in content.get("items", ()) if row["id"] == item), None)
    if row is None or not row.get("completed") or not row.get("evidence"):
        raise EvidenceMissing(
            f"整改事项{item}的报告没有写明已完成并附佐证，不能销号。请退回单位补齐，或核对后再办。", item=item
        )
    return dict(row)
