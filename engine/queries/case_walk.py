"""流程: the way of one case through a diagram, step by step: what was done, where it stands, what is still ahead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.deadlines.wording import limit_words
from engine.directory import Actor, Person
from engine.errors import NotFound
from engine.policies import Policy
from engine.process import OutlineStep
from engine.queries.case_card import Position, positions_of
from engine.queries.scope import visible_case
from engine.stages import diagrams_of, library_of
from engine.store.archives import all_of
from engine.tasks import Task
from engine.words import Stage, TaskState

BY_PEOPLE = frozenset({"userTask", "manualTask"})
"""Kinds of steps somebody does; of the others only where a case stands now is known."""

NOT_LAID_DOWN = "本区未规定"


class NotWalked(NotFound):
    """The case has not come to this diagram, or there is none of that name."""

    code = "case.not_walked"


class Walked(StrEnum):
    """How a step stands: done, the case stands there, to come, passed by without it, or done by the system."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    PASSED_BY = "passed_by"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class WalkedStep:
    """One step of the diagram; `times` it was done, `by` whom and `at` when last, and who has it until when now.

    `limit` is how long this case's tables give for it, in words; None for a step without a clock.
    """

    number: int
    element: str
    name: str
    lane: str | None
    state: Walked
    times: int
    by: str | None
    at: datetime | None
    holder: str | None
    due_on: date | None
    limit: str | None


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps of one diagram, and all diagrams this case has come to, in the order of the year."""

    process: str
    processes: tuple[str, ...]
    steps: tuple[WalkedStep, ...]


def case_walk(session: Session, actor: Actor, case_id: int, process: str | None = None) -> Walk:
    """The way of a case the actor may see through the diagram it stands in now, or through the one that is named."""
    case = visible_case(session, actor, case_id)
    diagrams = diagrams_of(session, case.diagrams_id)
    stands = positions_of(session, case)
    rows = _tasks(session, case_id)
    processes = _in_order({row.process for row in rows} | {place.process for place in stands})
    if not processes or (process is not None and process not in processes):
        raise NotWalked("这份案卷没有走到这个流程。请从案卷的“流程”中选择。", case_id=case_id, process=process)
    chosen = process or (_in_order({place.process for place in stands}) or processes)[-1]
    outline = diagrams.steps(chosen)
    here = [place for place in stands if place.process == chosen]
    done = [row for row in rows if row.process == chosen]
    limits = _limits(library_of(session).policy_version(session, case.policy_id), outline)
    return Walk(chosen, processes, tuple(_steps(outline, here, done, limits)))


def drawing_of(session: Session, actor: Actor, case_id: int, process: str) -> bytes:
    """The diagram a case walks through, as BPMN XML in the version the case runs on."""
    walk = case_walk(session, actor, case_id, process)
    return diagrams_of(session, visible_case(session, actor, case_id).diagrams_id).drawing(walk.process)


def _tasks(session: Session, case_id: int) -> Sequence[Any]:
    task, doer, holder = all_of(Task), aliased(Person), aliased(Person)
    return session.execute(
        select(
            task.process, task.element, task.state, task.completed_at, task.due_on, doer.name.label("by"),
            holder.name.label("holder"),
        )
        .outerjoin(doer, doer.id == task.completed_by)
        .outerjoin(holder, holder.id == task.holder_id)
        .where(task.case_id == case_id)
        .order_by(task.opened_at)
    ).all()  # fmt: skip


def _in_order(processes: Iterable[str]) -> tuple[str, ...]:
    order = [stage.value for stage in Stage]
    return tuple(sorted(processes, key=lambda each: (order.index(each) if each in order else len(order), each)))


def _limits(policy: Policy, outline: Sequence[OutlineStep]) -> Mapping[str, str]:
    """How long each step may take by the tables of the case: 本区未规定 where its clock has no row."""
    return {step.element_id: "；".join(_limit(policy, name) for name in step.deadlines) for step in outline}


def _limit(policy: Policy, name: str) -> str:
    stage, _, step = name.partition(".")
    decision = policy.decide("deadline", {"stage": stage, "step": step})
    return NOT_LAID_DOWN if decision.undefined else limit_words(decision.outputs)


def _steps(
    outline: Sequence[OutlineStep], here: Sequence[Position], rows: Sequence[Any], limits: Mapping[str, str]
) -> Iterable[WalkedStep]:
    by_element: Mapping[str, list[Any]] = {step.element_id: [] for step in outline}
    for row in rows:
        by_element.get(row.element, []).append(row)
    for number, step in enumerate(outline, start=1):
        mine = by_element[step.element_id]
        done = [row for row in mine if row.completed_at is not None]
        waits = next((row for row in mine if row.state == TaskState.OPEN), None)
        stands = waits is not None or any(place.element == step.element_id for place in here)
        last = done[-1] if done else None
        yield WalkedStep(
            number=number,
            element=step.element_id,
            name=step.name,
            lane=step.lane,
            state=_state(step, stands, bool(done), bool(here)),
            times=len(done),
            by=last.by if last is not None else None,
            at=last.completed_at if last is not None else None,
            holder=waits.holder if waits is not None else None,
            due_on=waits.due_on if waits is not None else None,
            limit=limits[step.element_id] or None,
        )


def _state(step: OutlineStep, stands: bool, done: bool, goes_on: bool) -> Walked:
    if stands:
        return Walked.NOW
    if done:
        return Walked.DONE
    if step.kind not in BY_PEOPLE:
        return Walked.SYSTEM
    return Walked.AHEAD if goes_on else Walked.PASSED_BY
