"""登记审议: which body considered the result, when, and whether it passed; publication waits for it (CH-18, GZ-17)."""

from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.finishing import finish
from engine.moves.gate import kind_of
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.sittings import STEPS, DeliberationRefused, Sitting, keep_sitting, refuse_bad_sitting
from engine.tasks import Task
from engine.words import DELIBERATIONS, PublicationStep


def record_deliberation(
    session: Session,
    task_id: UUID,
    sitting: Sitting,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Finish a step “登记审议” of one case; not passed leads to 研究处理审议意见 and asks for the opinion."""
    refuse_bad_sitting(sitting, at)
    answers = {"deliberation": "passed" if sitting.passed else "revise"}
    outcome = Outcome("recorded", answers=answers, reason=sitting.opinion)

    def also(move: Move, task: Task) -> None:
        meant = STEPS.get(task.element, DELIBERATIONS)
        if sitting.body not in meant:
            names = "或".join(map(PublicationStep.said, meant))
            raise DeliberationRefused(f"这一步登记的是{names}，没有登记。请重新选择。", body=sitting.body)
        kind = kind_of(session, move.case)
        if kind is None:
            raise DeliberationRefused(
                "本案卷还没有可报审议的评价结果，没有登记。请先完成评价或复核。", case_id=move.case.id
            )
        keep_sitting(move, sitting, kind)

    content = {"task": task_id, "sitting": astuple(sitting)}
    asked = Asked("record_deliberation", by, at, key, expected, content)
    return finish(session, asked, task_id, outcome, named="record_deliberation", also=also)
