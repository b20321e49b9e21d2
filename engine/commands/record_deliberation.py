"""审议: which body considered the result, when, and whether it passed; publication waits for it (CH-18, GZ-17)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.audit import Event
from engine.cases import case_by_id
from engine.clock import day_of
from engine.commands.complete_task import finish
from engine.commands.gate import kind_of
from engine.commands.move import Move
from engine.commands.outcome import Outcome
from engine.commands.repeating import done_before, remember
from engine.commands.writing import record_outside_cases
from engine.directory import Actor, Role
from engine.errors import InvalidInput
from engine.policies import DECISIONS
from engine.results.model import Deliberation
from engine.results.publication import DELIBERATIONS
from engine.reviews import ReasonMissing
from engine.tasks import Task

STEPS = {
    "record_government_deliberation": ("government", "executive_meeting"),
    "record_congress_deliberation": ("congress", "congress_reading"),
}
"""Step of the diagram → the bodies whose sitting it records."""


class DeliberationRefused(InvalidInput):
    """The sitting cannot be recorded as it was described."""

    code = "deliberation.refused"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting: the body (a word of DELIBERATIONS), the day, whether it passed, and the opinion given."""

    body: str
    held_on: date
    passed: bool = True
    opinion: str | None = None


def record_deliberation(
    session: Session, task_id: UUID, sitting: Sitting, *, by: Actor, at: datetime, key: str | None = None
) -> Task:
    """Finish a step “登记审议” of one case; not passed leads to 研究处理审议意见 and asks for the opinion."""
    _refuse_bad(sitting, at)
    answers = {"deliberation": "passed" if sitting.passed else "revise"}
    outcome = Outcome("recorded", answers=answers, reason=sitting.opinion)

    def also(move: Move, task: Task) -> None:
        meant = STEPS.get(task.element, tuple(DELIBERATIONS))
        if sitting.body not in meant:
            names = "或".join(DELIBERATIONS[body] for body in meant)
            raise DeliberationRefused(f"这一步登记的是{names}，没有登记。请重新选择。", body=sitting.body)
        kind = kind_of(session, move.case)
        if kind is None:
            raise DeliberationRefused(
                "本案卷还没有可报审议的评价结果，没有登记。请先完成评价或复核。", case_id=move.case.id
            )
        _keep(move, sitting, kind)

    return finish(session, task_id, outcome, by=by, at=at, key=key, command="record_deliberation", also=also)


def record_deliberation_of_case(
    session: Session, case_id: int, sitting: Sitting, *, by: Actor, at: datetime, key: str | None = None
) -> None:
    """Note a sitting about one case that is no step of its diagram (专报领导, 送达代表委员)."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    _refuse_bad(sitting, at)
    case = case_by_id(session, case_id)
    if done_before(session, by.jurisdiction, key, "record_deliberation_of_case", at, {"case_id": case_id}) is not None:
        return
    kind = kind_of(session, case)
    if kind is None:
        raise DeliberationRefused("本案卷还没有可报审议的评价结果，没有登记。请先完成评价或复核。", case_id=case_id)
    move = Move(session, case, by, at)
    _keep(move, sitting, kind)
    move.write()


def record_deliberation_of_year(
    session: Session,
    fiscal_year: int,
    document_kind: str,
    sitting: Sitting,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Deliberation:
    """Note a sitting about all documents of a kind in a year, as congress considers them together."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    _refuse_bad(sitting, at)
    if document_kind not in DECISIONS["publication_gate"].inputs["document_kind"].words:
        raise DeliberationRefused(
            f"没有“{document_kind}”这种公开事项，没有登记。请重新选择。", document_kind=document_kind
        )
    known = done_before(session, by.jurisdiction, key, "record_deliberation_of_year", at, {})
    if known is not None:
        return session.get_one(Deliberation, int(known["deliberation"]))
    row = Deliberation(
        jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, case_id=None,
        **_columns(sitting, document_kind, by, at),
    )  # fmt: skip
    session.add(row)
    session.flush()
    remember(session, by.jurisdiction, key, {"deliberation": row.id})
    facts = {"fiscal_year": fiscal_year, **_told(sitting, document_kind)}
    record_outside_cases(session, by.jurisdiction, [Event("deliberation.recorded", facts)], by=by, at=at)
    return row


def _keep(move: Move, sitting: Sitting, kind: str) -> None:
    assert move.by is not None
    move.add("deliberations", fiscal_year=move.case.fiscal_year, **_columns(sitting, kind, move.by, move.at))
    move.record("deliberation.recorded", **_told(sitting, kind))


def _columns(sitting: Sitting, kind: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "document_kind": kind,
        "body": sitting.body,
        "held_on": sitting.held_on,
        "passed": sitting.passed,
        "opinion": sitting.opinion,
        "recorded_by": by.person_id,
        "recorded_at": at,
    }


def _told(sitting: Sitting, kind: str) -> dict[str, Any]:
    held_on = sitting.held_on.isoformat()
    return {
        "document_kind": kind,
        "body": sitting.body,
        "held_on": held_on,
        "passed": sitting.passed,
        "opinion": sitting.opinion,
    }


def _refuse_bad(sitting: Sitting, at: datetime) -> None:
    if sitting.body not in DELIBERATIONS:
        choices = "、".join(DELIBERATIONS.values())
        raise DeliberationRefused(f"审议程序只能是{choices}，没有登记。请重新选择。", body=sitting.body)
    if sitting.held_on > day_of(at):
        raise DeliberationRefused(f"审议日期{sitting.held_on:%Y-%m-%d}还没有到，没有登记。请在会后登记。")
    if not sitting.passed and not (sitting.opinion or "").strip():
        raise ReasonMissing("审议未通过的要写明意见，没有登记。请补充。")
