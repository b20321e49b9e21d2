"""工作部署: open a stage for all cases of a year that wait for it; whoever arrives later goes on at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.events.cases import StageLaunched
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.delivering import Transactions, deliver_to_waiting
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.moves.years import must_be_a_fiscal_year
from engine.stages.model import Launch
from engine.words import Stage

LAUNCHED = {stage: stage.launch_message for stage in Stage if stage.launch_message is not None}
"""Stage that finance opens → the message its cases wait for."""


class StageNotLaunchable(InvalidInput):
    """The stage begins by itself or by a draw."""

    code = "stage.not_launchable"


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
) -> Receipt:
    """Announce a stage and open it for every waiting case, a chunk a transaction; `gave` says how many moved.

    Interrupted, it can simply be asked again: cases that moved no longer wait. `transactions` opens a transaction of
    the jurisdiction.
    """
    content = {"fiscal_year": fiscal_year, "stage": stage, "scope": dict(scope or {})}
    asked = Asked("launch_stage", by, at, key, content=content)
    with transactions() as session:
        receipt = once(session, asked, lambda: _announce(session, fiscal_year, stage, asked, scope))
    moved = deliver_to_waiting(
        transactions,
        fiscal_year,
        LAUNCHED[Stage(stage)],
        lambda case: {},
        by=by,
        at=at,
        scope=scope,
        progress=progress,
        note=lambda move: move.record(StageLaunched(stage=stage, fiscal_year=fiscal_year)),
    )
    return replace(receipt, gave={**receipt.gave, "moved": moved})


def _announce(
    session: Session, fiscal_year: int, stage: str, asked: Asked, scope: Mapping[str, Any] | None
) -> dict[str, int]:
    """Put the launch on record; from now on cases that arrive go on at once."""
    must_be_a_fiscal_year(fiscal_year)
    if stage not in LAUNCHED:
        choices = "、".join(each.label for each in LAUNCHED)
        raise StageNotLaunchable(f"环节“{stage}”不用部署，它随流程或抽样开始。可选：{choices}。", stage=stage)
    by, at = asked.by, asked.at
    launch = Launch(
        jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, message=LAUNCHED[Stage(stage)], scope=dict(scope or {}),
        variables={}, launched_by=by.person_id, launched_at=at,
    )  # fmt: skip
    session.add(launch)
    session.flush()
    told = StageLaunched(stage=stage, fiscal_year=fiscal_year, scope=launch.scope)
    record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return {"launch": launch.id}
