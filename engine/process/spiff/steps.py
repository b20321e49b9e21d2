"""The steps a case can take: a state and an answer in, the next state and everything that changed out.

Nothing here reads a clock, a database or a file. A failing step raises ProcessIncident and leaves the given state
valid, because the case in memory is thrown away.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import EngineError
from engine.process.model import CatchNotWaiting, Decide, ProcessIncident, Step, TaskNotWaiting, UnknownElement
from engine.process.spiff.codec import decode, encode
from engine.process.spiff.compact import compact
from engine.process.spiff.diagrams import Diagrams
from engine.process.spiff.events import let_go
from engine.process.spiff.look import (
    Open,
    as_catch,
    as_timer,
    as_waiting,
    handed_on,
    stage_of,
    stuck_process,
    waiting_in,
)
from engine.process.spiff.workflow import Case, Conditions, StepRecord
from engine.process.variables import checked_variables

_log = logging.getLogger(__name__)


def start(diagrams: Diagrams, process_id: str, variables: Mapping[str, Any], decide: Decide) -> Step:
    """A new case of a process, run until it first waits for somebody."""
    definition = diagrams.definition
    if process_id not in diagrams.process_ids:
        raise UnknownElement(f"没有名为“{process_id}”的流程。请核对流程编号。", process_id=process_id)
    given = checked_variables(variables)
    record = StepRecord(decide, definition.homes)
    case = Case(definition.specs[process_id], subprocess_specs=definition.specs, script_engine=Conditions(record))
    return stepped(diagrams, case, record, Open(), lambda: case.task_tree.data.update(given))


def complete(diagrams: Diagrams, state: bytes, key: bytes, variables: Mapping[str, Any], decide: Decide) -> Step:
    """A person has done the task `key`; outcome and routing variables go into the token. TaskNotWaiting if closed."""
    given = checked_variables(variables)
    record = StepRecord(decide, diagrams.definition.homes)
    case = decode(state, diagrams.definition, record)
    before = waiting_in(case)
    task = before.tasks.get(key)
    if task is None:
        raise TaskNotWaiting("该任务不在待办状态，不能办理；请刷新后查看最新待办。", key=key.hex())

    def act() -> None:
        task.data.update(given)
        case.run(task)

    return stepped(diagrams, case, record, before, act)


def deliver(diagrams: Diagrams, state: bytes, catch_key: bytes, variables: Mapping[str, Any], decide: Decide) -> Step:
    """A message for exactly this catch; its variables are merged into the token. CatchNotWaiting if nobody waits."""
    given = checked_variables(variables)
    record = StepRecord(decide, diagrams.definition.homes)
    case = decode(state, diagrams.definition, record)
    before = waiting_in(case)
    awaited = before.catches.get(catch_key)
    if awaited is None:
        raise CatchNotWaiting("流程已不在等待这条消息；请刷新后查看最新进度。", key=catch_key.hex())
    return stepped(diagrams, case, record, before, lambda: let_go(*awaited, given))


def fire(diagrams: Diagrams, state: bytes, timer_key: bytes, decide: Decide) -> Step | None:
    """A deadline has passed. None if the timer is not armed any more, so firing twice does nothing the second time."""
    record = StepRecord(decide, diagrams.definition.homes)
    case = decode(state, diagrams.definition, record)
    before = waiting_in(case)
    awaited = before.timers.get(timer_key)
    if awaited is None:
        return None
    return stepped(diagrams, case, record, before, lambda: let_go(*awaited, {}))


def look(diagrams: Diagrams, state: bytes) -> Step:
    """Everything waiting now, as opened; nothing is changed."""
    record = StepRecord(nobody_decides, diagrams.definition.homes)
    case = decode(state, diagrams.definition, record)
    return _told(diagrams, case, record, Open(), waiting_in(case), state)


def nobody_decides(name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """For reading a state only: a decision asked for then is a fault."""
    raise ProcessIncident(f"查看流程时不应作出决策“{name}”。")


def stepped(diagrams: Diagrams, case: Case, record: StepRecord, before: Open, act: Callable[[], None]) -> Step:
    """Act, run on until only people, messages and clocks remain, and tell what changed."""
    try:
        act()
        case.do_engine_steps()
        compact(case)
        found = waiting_in(case)
        state = encode(case, diagrams.definition)
    except Exception as error:
        raise _incident(case, record, error) from error
    stuck = stuck_process(case, found)
    if stuck is not None:
        raise ProcessIncident(
            f"流程“{stuck}”停住了：没有待办、没有消息、没有期限，也没有办结；请检查流程图后由运维跳转。",
            process_id=stuck,
        )
    return _told(diagrams, case, record, before, found, state)


def _told(diagrams: Diagrams, case: Case, record: StepRecord, before: Open, found: Open, state: bytes) -> Step:
    definition = diagrams.definition
    return Step(
        state=state,
        completed=case.completed,
        stage=stage_of(case, definition),
        ends=tuple(record.ends),
        opened_tasks=tuple(as_waiting(t, definition) for key, t in found.tasks.items() if key not in before.tasks),
        closed_tasks=tuple(key for key in before.tasks if key not in found.tasks),
        handed_on=tuple(handed_on(before, found)),
        opened_timers=tuple(as_timer(key, found, definition) for key in found.timers if key not in before.timers),
        closed_timers=tuple(key for key in before.timers if key not in found.timers),
        opened_catches=tuple(as_catch(k, t, definition) for k, t in found.catches.items() if k not in before.catches),
        closed_catches=tuple(key for key in before.catches if key not in found.catches),
        operations=tuple(record.operations),
        decisions=tuple(record.decisions),
    )


def _incident(case: Case, record: StepRecord, error: Exception) -> ProcessIncident:
    process_id = element_id = None
    if case.running is not None:
        process_id, element_id = record.place(case.running)
    if isinstance(error, EngineError):
        reason = error.message
    else:
        _log.error("a step of %s.%s failed", process_id, element_id, exc_info=error)
        reason = "程序在这里出了意料之外的错，详细经过在运行日志里。"
    place = f"{process_id}.{element_id}" if process_id else "开始处"
    return ProcessIncident(
        f"流程在“{place}”处不能继续：{reason} 案件保持原状，请联系运维。",
        process_id=process_id,
        element_id=element_id,
    )
