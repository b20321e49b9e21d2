"""A sitting of government or congress, as commands record it (CH-18, GZ-17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.audit.events.publication import DeliberationRecorded
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import InvalidInput, WrongState
from engine.moves.gate import gate_of, participants_of, passed_on
from engine.moves.move import Move
from engine.results.model import Deliberation
from engine.results.publication import steps_first
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import DELIBERATIONS, PublicationStep

STEPS: Mapping[str, tuple[str, ...]] = {
    "record_government_deliberation": ("government", "executive_meeting"),
    "record_congress_deliberation": ("congress", "congress_reading"),
}
"""Step of the diagram → the bodies whose sitting it records."""
WITH_TASK = frozenset(body for bodies in STEPS.values() for body in bodies)
"""What a task of the diagram records; the rest of a gate (专报领导, 送达代表委员) is noted beside it."""


class DeliberationRefused(InvalidInput):
    """The sitting cannot be recorded as it was described."""

    code = "deliberation.refused"


class OutOfTurn(WrongState):
    """The jurisdiction's table puts something before this that is not on record, or was passed only later."""

    code = "deliberation.out_of_turn"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting: the body (a word of DELIBERATIONS), the day, whether it passed, and the opinion given."""

    body: str
    held_on: date
    passed: bool = True
    opinion: str | None = None


def keep_sitting(move: Move, sitting: Sitting, kind: str) -> None:
    """Put it on record; refuses what the gate of the jurisdiction puts behind something that is not on record yet."""
    assert move.by is not None
    _must_be_its_turn(move, sitting, kind)
    move.add(Deliberation, fiscal_year=move.case.fiscal_year, **columns_of(sitting, kind, move.by, move.at))
    move.record(told_of(sitting, kind, delivered_to=_delivered_to(move, sitting)))


def _delivered_to(move: Move, sitting: Sitting) -> tuple[str, ...]:
    return participants_of(move.session, move.case) if sitting.body == PublicationStep.DEPUTIES else ()


def _must_be_its_turn(move: Move, sitting: Sitting, kind: str) -> None:
    gate = gate_of(move.case, move.policy, kind, day_of(move.at))
    order = list(gate.outputs.get("steps") or ())
    first = steps_first(order, sitting.body, WITH_TASK)
    if not first or not sitting.passed:
        return
    passed = passed_on(move.session, move.case, kind)
    missing = [step for step in first if step not in passed]
    if missing:
        names = "、".join(map(PublicationStep.said, missing))
        raise OutOfTurn(
            f"按本区规定，登记{PublicationStep.said(sitting.body)}以前要先登记{names}，没有登记。请先登记。依据：{gate.source}",
            steps=missing,
        )
    before = order[: order.index(sitting.body)]
    later = [step for step in first if step in before and passed[step] > sitting.held_on]
    if later:
        names = "、".join(f"{PublicationStep.said(step)}（{passed[step]:%Y-%m-%d}）" for step in later)
        raise OutOfTurn(f"日期{sitting.held_on:%Y-%m-%d}早于{names}，没有登记。请核对日期。", steps=later)


def columns_of(sitting: Sitting, kind: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "document_kind": kind,
        "body": sitting.body,
        "held_on": sitting.held_on,
        "passed": sitting.passed,
        "opinion": sitting.opinion,
        "recorded_by": by.person_id,
        "recorded_at": at,
    }


def told_of(
    sitting: Sitting, kind: str, fiscal_year: int | None = None, delivered_to: tuple[str, ...] = ()
) -> DeliberationRecorded:
    return DeliberationRecorded(
        document_kind=kind,
        body=sitting.body,
        held_on=sitting.held_on,
        passed=sitting.passed,
        opinion=sitting.opinion,
        fiscal_year=fiscal_year,
        delivered_to=delivered_to,
    )


def refuse_bad_sitting(sitting: Sitting, at: datetime) -> None:
    if sitting.body not in DELIBERATIONS:
        choices = "、".join(step.label for step in DELIBERATIONS)
        raise DeliberationRefused(f"审议程序只能是{choices}，没有登记。请重新选择。", body=sitting.body)
    if sitting.held_on > day_of(at):
        raise DeliberationRefused(f"审议日期{sitting.held_on:%Y-%m-%d}还没有到，没有登记。请在会后登记。")
    if not sitting.passed and is_blank(sitting.opinion):
        raise ReasonMissing("审议未通过的要写明意见，没有登记。请补充。")
