"""期限 of a launch that was not made yet: the day what it opens would be due, and why it would be that day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import EngineError
from engine.moves.asking import trial
from engine.moves.foretelling import inside
from engine.moves.receipts import Receipt, written_in
from engine.queries.deadline_reasons import Reason, reason_of


@dataclass(frozen=True, slots=True)
class DayAhead:
    """What would be open for one case, for which office, until when; `reason` is None where 本区未规定.

    `deadline` is stage.step of the table.
    """

    case_id: int
    deadline: str
    due_on: date | None
    reason: Reason | None


def days_of_launch(
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
) -> tuple[DayAhead, ...] | EngineError:
    """The days a launch (`launch_stage`) would lay down for some cases, or the refusal it would meet; nothing is kept.

    One case of each kind is enough: cases on one version of the tables have the same days.
    """
    with trial(session):
        since = len(written_in(session))
        given: dict[str, Any] = {"due_on": due_on, "reason": given_reason} if due_on else {}
        try:
            launch(inside(session), fiscal_year, stage, by=by, at=at, scope={"case_ids": list(case_ids)}, **given)
        except EngineError as refusal:
            return refusal
        entries = [entry for each in written_in(session)[since:] for entry in each.entries]
        return tuple(day for entry in entries for day in _day(session, by, entry))


def _day(session: Session, by: Actor, entry: Any) -> Sequence[DayAhead]:
    told = entry["payload"]
    if entry["type"] == "deadline.not_laid_down":
        return [DayAhead(entry["case_id"], told["deadline"], None, None)]
    if entry["type"] != "deadline.set":
        return []
    reason = reason_of(session, by, told["id"])
    return [DayAhead(entry["case_id"], told["deadline"], reason.due_on, reason)]
