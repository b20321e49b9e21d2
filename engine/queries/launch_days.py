"""A launch that was not made yet: what it would open for a case, and until when, and why it would be that day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.errors import EngineError
from engine.moves.asking import trial
from engine.moves.foretelling import inside
from engine.moves.receipts import Receipt, written_in
from engine.queries.deadline_reasons import Reason, reason_of
from engine.stages import diagrams_of


@dataclass(frozen=True, slots=True)
class StepAhead:
    """One step that would be open, for which office, and the code of the form it fills (None: none)."""

    name: str
    role: str
    form: str | None


@dataclass(frozen=True, slots=True)
class DayAhead:
    """One day that would be laid down; `deadline` is stage.step of the table, `reason` None where 本区未规定."""

    deadline: str
    due_on: date | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class CaseAhead:
    """What would be open in one case, and its days."""

    case_id: int
    steps: tuple[StepAhead, ...]
    days: tuple[DayAhead, ...]


def foretell_launch(
    session: Session,
    launch: Callable[..., Receipt],
    fiscal_year: int,
    stage: str,
    case_ids: Sequence[int],
    *,
    by: Actor,
    at: datetime,
    due_on: date | None = None,
    given_reason: str | None = None,
) -> tuple[CaseAhead, ...] | EngineError:
    """What a launch (`launch_stage`) would open for some cases, or the refusal it would meet; nothing is kept.

    One case of each kind and version is enough: the others go the same way, unless their facts differ.
    """
    with trial(session):
        since = len(written_in(session))
        given: dict[str, Any] = {"due_on": due_on, "reason": given_reason} if due_on else {}
        try:
            launch(
                inside(session),
                fiscal_year,
                stage,
                by=by,
                at=at,
                scope={"case_ids": list(case_ids)},
                missing=True,
                **given,
            )
        except EngineError as refusal:
            return refusal
        entries = [entry for each in written_in(session)[since:] for entry in each.entries]
        return tuple(_ahead(session, by, case_id, entries) for case_id in case_ids)


def _ahead(session: Session, by: Actor, case_id: int, entries: Sequence[Any]) -> CaseAhead:
    case = session.get_one(Case, case_id)
    mine = [entry for entry in entries if entry["case_id"] == case_id]
    steps = tuple(_step(session, case, entry["payload"]) for entry in mine if entry["type"] == "task.opened")
    return CaseAhead(case_id, steps, tuple(day for entry in mine for day in _day(session, by, entry)))


def _step(session: Session, case: Case, told: Any) -> StepAhead:
    process, _, element_id = told["step"].partition(".")
    element = diagrams_of(session, case.diagrams_id).element(process, element_id)
    return StepAhead(element.name, told["role"], element.step.form_for(case.object_kind))


def _day(session: Session, by: Actor, entry: Any) -> Sequence[DayAhead]:
    told = entry["payload"]
    if entry["type"] == "deadline.not_laid_down":
        return [DayAhead(told["deadline"], None, None)]
    if entry["type"] not in ("deadline.set", "deadline.awaits_calendar"):
        return []
    reason = reason_of(session, by, UUID(str(told["id"])))
    return [DayAhead(told["deadline"], reason.due_on, reason)]
