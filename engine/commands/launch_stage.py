"""工作部署: open a stage for all cases of a year that wait for it; whoever arrives later goes on at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.events.cases import StageLaunched
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.delivering import Transactions
from engine.moves.launching import begin_to_carry, carry_launch, must_be_a_day_to_give, not_launched_yet
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
    due_on: date | None = None,
    reason: str | None = None,
    missing: bool = False,
    most: int | None = None,
    key: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Receipt:
    """Announce a stage and open it for every waiting case, a chunk a transaction; `gave` says how many moved.

    `due_on` is the day what opens has to be done by, instead of the table's, for a stated `reason`; it holds for late
    comers until it has passed. Interrupted, or stopped after `most` cases (`gave` says how many are `left`), a
    worker goes on with it (`carry_on_launch`), or whoever asks again under its key or by `continue_launch`: cases that
    moved no longer wait. `transactions`
    opens a transaction of the jurisdiction.

    Refuses what a launch was made for already, and says whose it is; only with `missing` (补建) it is made for those
    that still wait.
    """
    content = {"fiscal_year": fiscal_year, "stage": stage, "scope": dict(scope or {})}
    words = (("due_on", due_on), ("reason", reason), ("missing", missing or None))
    given = {name: told for name, told in words if told is not None}
    asked = Asked("launch_stage", by, at, key, content=content | given)

    def announce(session: Session) -> dict[str, int]:
        must_be_a_fiscal_year(fiscal_year)
        must_be_a_day_to_give(due_on, reason, at)
        return _announce(session, fiscal_year, stage, asked)

    with transactions() as session:
        receipt = once(session, asked, lambda: announce(session))
    done = carry_launch(transactions, receipt.gave["launch"], by=by, at=at, most=most, progress=progress)
    return replace(receipt, gave={**receipt.gave, "moved": done.moved, "left": done.left})


def _announce(session: Session, fiscal_year: int, stage: str, asked: Asked) -> dict[str, int]:
    """Put the launch on record; from now on cases that arrive go on at once."""
    if stage not in LAUNCHED:
        choices = "、".join(each.label for each in LAUNCHED)
        raise StageNotLaunchable(f"阶段“{stage}”不用部署，它随流程或抽样开始。可选：{choices}。", stage=stage)
    by, at = asked.by, asked.at
    due_on, reason = asked.content.get("due_on"), asked.content.get("reason")
    scope = not_launched_yet(session, fiscal_year, Stage(stage), asked.content, by=by)
    launch = Launch(
        jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, message=LAUNCHED[Stage(stage)], scope=scope,
        variables={}, launched_by=by.person_id, launched_at=at, due_on=due_on, due_reason=reason,
    )  # fmt: skip
    session.add(launch)
    session.flush()
    begin_to_carry(session, launch, by=by, at=at)
    told = StageLaunched(stage=stage, fiscal_year=fiscal_year, scope=launch.scope, due_on=due_on, reason=reason)
    record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return {"launch": launch.id}
