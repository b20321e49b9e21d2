"""A sitting of government or congress, as commands record it (CH-18, GZ-17)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.audit.events.publication import DeliberationRecorded
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.move import Move
from engine.results.model import Deliberation
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import DELIBERATIONS

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


def keep_sitting(move: Move, sitting: Sitting, kind: str) -> None:
    assert move.by is not None
    move.add(Deliberation, fiscal_year=move.case.fiscal_year, **columns_of(sitting, kind, move.by, move.at))
    move.record(told_of(sitting, kind))


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


def told_of(sitting: Sitting, kind: str, fiscal_year: int | None = None) -> DeliberationRecorded:
    return DeliberationRecorded(
        document_kind=kind,
        body=sitting.body,
        held_on=sitting.held_on,
        passed=sitting.passed,
        opinion=sitting.opinion,
        fiscal_year=fiscal_year,
    )


def refuse_bad_sitting(sitting: Sitting, at: datetime) -> None:
    if sitting.body not in DELIBERATIONS:
        choices = "、".join(step.label for step in DELIBERATIONS)
        raise DeliberationRefused(f"审议程序只能是{choices}，没有登记。请重新选择。", body=sitting.body)
    if sitting.held_on > day_of(at):
        raise DeliberationRefused(f"审议日期{sitting.held_on:%Y-%m-%d}还没有到，没有登记。请在会后登记。")
    if not sitting.passed and is_blank(sitting.opinion):
        raise ReasonMissing("审议未通过的要写明意见，没有登记。请补充。")
