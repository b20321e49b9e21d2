"""What everybody in a crowd does at once."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from engine.commands.claim import claim
from engine.commands.complete_task import complete_task
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_deadline import fire_deadline
from engine.commands.fire_due import fire_due
from engine.commands.launch_stage import launch_stage
from engine.commands.resume import resume
from engine.commands.save_draft import save_draft
from engine.commands.start_case import NewCase, start_case
from engine.commands.suspend import suspend
from engine.directory import Actor
from engine.moves.launching import LaunchedAlready
from engine.store import Database
from tests.integration.crowd import attempt, in_any_order
from tests.integration.desk import Prepared
from web.wiring import transactions_of

Results = list[tuple[Any, str]]


def complete(database: Database, number: int, steps: list[Prepared], at: datetime, keyed: bool) -> Results:
    """Finish every step, under a key of the step or without one."""
    return [
        (
            step.task_id,
            attempt(database, lambda s, step=step: complete_step(s, step, at, str(step.task_id) if keyed else None)),
        )
        for step in in_any_order(number, steps)
    ]


def take(database: Database, number: int, tasks: list[UUID], at: datetime, by: Actor) -> Results:
    """Claim every task."""
    return [
        (task, attempt(database, lambda s, task=task: claim(s, task, by=by, at=at)))
        for task in in_any_order(number, tasks)
    ]


def sweep(database: Database, number: int, deadlines: list[UUID], at: datetime) -> list[bool]:
    """Let every deadline take effect, as the clock of every machine does."""
    fired = []
    for deadline in in_any_order(number, deadlines):
        with database.transaction("huaxi") as session:
            fired.append(fire_deadline(session, deadline, at=at))
    return fired


def sweep_together(database: Database, number: int, chunk: int, at: datetime) -> int:
    """Let all that is due take effect, a few cases a transaction; how many deadlines did."""
    return fire_due(transactions_of(database, "huaxi"), at=at, chunk=chunk)


def open_cases(database: Database, number: int, objects: list[NewCase], by: Actor, at: datetime) -> Results:
    """Open a case for every object."""
    return [
        (new.code, attempt(database, lambda s, new=new: start_case(s, new, by=by, at=at)))
        for new in in_any_order(number, objects)
    ]


def launch(database: Database, number: int, by: Actor, at: datetime) -> int:
    """Launch monitoring for everybody; how many cases moved, or -1 when somebody else had launched it."""
    try:
        receipt = launch_stage(transactions_of(database, "huaxi"), 2021, "monitoring", by=by, at=at)
    except LaunchedAlready:
        return -1
    return int(receipt.gave["moved"])


def storm(
    database: Database, number: int, cases: list[int], steps: list[Prepared], deadlines: list[UUID], finance: Actor,
    at: datetime,
) -> Results:  # fmt: skip
    """Everything at once, again and again, in an order of one's own."""
    chance = Random(number)
    results: Results = []
    how: dict[str, Any] = {"reason": "示例", "by": finance, "at": at}
    for turn in range(12):
        case, step, deadline = chance.choice(cases), chance.choice(steps), chance.choice(deadlines)
        until = date(2021, 1, 1) + timedelta(days=20 * turn + number)
        deeds: dict[str, Any] = {
            "complete": lambda s, step=step: complete_step(s, step, at, None),
            "claim": lambda s, step=step: claim(s, step.task_id, by=step.by, at=at),
            "draft": lambda s, step=step: save_draft(s, step.task_id, {"n": number}, by=step.by, at=at),
            "fire": lambda s, deadline=deadline: fire_deadline(s, deadline, at=at),
            "extend": lambda s, deadline=deadline, until=until: extend_deadline(s, deadline, until, **how),
            "extend all": lambda s, until=until: extend_all(s, 2021, "target_filing.budget_gate", until, **how),
            "suspend": lambda s, case=case: suspend(s, case, **how),
            "resume": lambda s, case=case: resume(s, case, **how),
        }
        name = chance.choice(list(deeds))
        results.append((name, attempt(database, deeds[name])))
    return results


def complete_step(session: Any, step: Prepared, at: datetime, key: str | None) -> None:
    """One person's step."""
    complete_task(session, step.task_id, step.outcome, by=step.by, at=at, key=key)


def launch_for(office: Any, scope: dict[str, Any]) -> int:
    """Launch monitoring for some cases, in this process."""
    return int(
        launch_stage(office.transactions, 2021, "monitoring", by=office.bureau.office, at=office.now, scope=scope).gave[
            "moved"
        ]
    )
