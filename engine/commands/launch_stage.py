"""工作部署: open a stage for all cases of a year that wait for it; whoever arrives later goes on at once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.events.cases import StageLaunched
from engine.directory import Actor, Role
from engine.errors import InvalidInput
from engine.moves.delivering import Transactions, deliver_to_waiting
from engine.moves.repeating import done_before
from engine.moves.writing import record_outside_cases
from engine.stages.model import Launch

MESSAGES = {
    "monitoring": "monitoring.launched",
    "self_evaluation": "self_evaluation.launched",
    "result_use": "result_use.launched",
}


class StageNotLaunchable(InvalidInput):
    """The stage begins by itself or by a draw."""

    code = "stage.not_launchable"


def announce(
    session: Session,
    fiscal_year: int,
    stage: str,
    *,
    by: Actor,
    at: datetime,
    scope: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Launch | None:
    """Put the launch on record; None when this key did so before. From now on cases that arrive go on at once."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    if stage not in MESSAGES:
        choices = "、".join(MESSAGES)
        raise StageNotLaunchable(f"环节“{stage}”不用部署，它随流程或抽样开始。可选：{choices}。", stage=stage)
    asked = {"stage": stage, "fiscal_year": fiscal_year}
    if done_before(session, by.jurisdiction, key, "launch_stage", at, asked) is not None:
        return None
    launch = Launch(
        jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, message=MESSAGES[stage], scope=dict(scope or {}),
        variables={}, launched_by=by.person_id, launched_at=at,
    )  # fmt: skip
    session.add(launch)
    session.flush()
    told = StageLaunched(stage=stage, fiscal_year=fiscal_year, scope=launch.scope)
    record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return launch


def launch_stage(
    transactions: Transactions,
    fiscal_year: int,
    stage: str,
    *,
    by: Actor,
    at: datetime,
    scope: Mapping[str, Any] | None = None,
    key: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Announce a stage and open it for every waiting case, a chunk a transaction; gives how many cases moved.

    Interrupted, it can simply be asked again: cases that moved no longer wait. `transactions` opens a transaction of
    the jurisdiction.
    """
    with transactions() as session:
        announce(session, fiscal_year, stage, by=by, at=at, scope=scope, key=key)
    return deliver_to_waiting(
        transactions,
        fiscal_year,
        MESSAGES[stage],
        lambda case: {},
        by=by,
        at=at,
        scope=scope,
        progress=progress,
        note=lambda move: move.record(StageLaunched(stage=stage, fiscal_year=fiscal_year)),
    )
