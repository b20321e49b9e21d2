"""Open tokens as bytes and back: one format byte, then msgpack that names specs by number and data by difference.

Format 2 has CRC-32 of the rest between the byte and the rest, so that damage is found whatever it hit; format 1, which
is still read, has not. The rest is [shape, completed, names, workflows]; `names` are the variables, elsewhere told by
number. Each workflow is [process number, caller, rows], the case first and every sub-process after its caller; caller
is [workflow, row] or None. A row is [parent row, spec number, state, id, instance number, changed variables, deleted
variables, order of arrival] without trailing blanks. Variables are told as the difference to the parent row, or to the
calling row for the first row of a sub-process: [name, value, name, value, …]. Only tasks somebody may name later have
an id (16 bytes). Nothing in here is a time.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple
from zlib import crc32

import msgpack

from engine.process.model import StateUnreadable
from engine.process.spiff.definition import Definition
from engine.process.spiff.events import CatchingEvent
from engine.process.spiff.joins import UnstructuredJoin
from engine.process.spiff.private import report_to, restored
from engine.process.spiff.specs import EachItem, Task, TaskState, is_instance
from engine.process.spiff.workflow import Case, CaseSub, Conditions, StepRecord

FORMAT = 2
_WITHOUT_CHECKSUM = 1
_CHECKSUM_BYTES = 4

_STATES = (TaskState.WAITING, TaskState.READY, TaskState.STARTED, TaskState.COMPLETED, TaskState.CANCELLED)
_STATE_NUMBER = {state: number for number, state in enumerate(_STATES)}
_DECIMAL = 1
_CONTAINERS = (dict, list)
_DAMAGED = "流程状态已损坏，无法读取；请从备份恢复。"
_TRANSIENT = frozenset({"merged", "event_fired", "payload"})
_UNNAMED = [number.to_bytes(16) for number in range(512)]


class Row(NamedTuple):
    """One task of a workflow; `parent` is the number of an earlier row, -1 for the first."""

    parent: int
    spec: int
    state: int
    key: bytes | None = None
    instance: int | None = None
    changed: list[Any] | None = None
    deleted: list[int] | None = None
    arrival: int = 0

    def trimmed(self) -> tuple[Any, ...]:
        """Without trailing blanks; the first three cells always stay."""
        length = len(self)
        while length > 3 and self[length - 1] == _BLANK[length - 1]:
            length -= 1
        return self[:length]


_BLANK = Row(0, 0, 0)


def encode(case: Case, definition: Definition) -> bytes:
    """The state of a compacted case."""
    names: dict[str, int] = {}
    workflows = [] if case.completed else _encoded_workflows(case, definition, names)
    body = msgpack.packb([definition.shape, case.completed, list(names), workflows], default=_pack_decimal)
    return bytes([FORMAT]) + crc32(body).to_bytes(_CHECKSUM_BYTES) + bytes(body)


def decode(state: bytes, definition: Definition, record: StepRecord) -> Case:
    """The case behind a state; StateUnreadable if it is of another format, damaged, or of other diagrams."""
    try:
        body = _body(state)
        shape, completed, names, workflows = msgpack.unpackb(body, ext_hook=_unpack_decimal, strict_map_key=True)
    except (ValueError, TypeError, ArithmeticError, msgpack.UnpackException) as error:
        raise StateUnreadable(_DAMAGED) from error
    if shape != definition.shape:
        raise StateUnreadable("流程状态属于另一版流程图；请用该版流程图打开，或先迁移。")
    try:
        return _Decoder(definition, record, names).case(completed, workflows)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise StateUnreadable(_DAMAGED) from error


def _body(state: bytes) -> bytes:
    """What lies behind format and checksum."""
    if state[:1] == bytes([_WITHOUT_CHECKSUM]):
        return state[1:]
    if state[:1] != bytes([FORMAT]):
        raise StateUnreadable("流程状态的格式不认识，可能由其他版本写入；请用写入它的版本打开，或先迁移。")
    said, body = state[1 : 1 + _CHECKSUM_BYTES], state[1 + _CHECKSUM_BYTES :]
    if said != crc32(body).to_bytes(_CHECKSUM_BYTES):
        raise StateUnreadable(_DAMAGED)
    return body


def _pack_decimal(value: Any) -> msgpack.ExtType:
    if isinstance(value, Decimal):
        return msgpack.ExtType(_DECIMAL, str(value).encode())
    raise TypeError(f"{type(value).__name__} cannot be stored in a process state")


def _unpack_decimal(code: int, data: bytes) -> Decimal:
    if code != _DECIMAL:
        raise ValueError(f"unknown extension {code}")
    return Decimal(data.decode())


def _encoded_workflows(case: Case, definition: Definition, names: dict[str, int]) -> list[Any]:
    workflows = [case, *sorted(case.subprocesses.values(), key=lambda sub: sub.depth)]
    places: dict[bytes, tuple[int, int, Task]] = {}
    encoded = []
    for number, workflow in enumerate(workflows):
        tasks = list(workflow.tasks.values())
        places.update((task.id, (number, row, task)) for row, task in enumerate(tasks))
        caller = places[workflow.parent_task_id] if workflow is not case else None
        rows = _rows(tasks, definition.spec_number[workflow.spec.name], caller[2].data if caller else {}, names)
        encoded.append([definition.process_number[workflow.spec.name], list(caller[:2]) if caller else None, rows])
    return encoded


def _rows(
    tasks: list[Task], numbers: dict[str, int], outside: dict[str, Any], names: dict[str, int]
) -> list[tuple[Any, ...]]:
    position = {task: row for row, task in enumerate(tasks)}
    joined = sorted((t for t in tasks if isinstance(t.task_spec, UnstructuredJoin)), key=lambda t: t.last_state_change)
    arrival = {task.id: order for order, task in enumerate(joined, start=1)}
    rows = []
    for task in tasks:
        parent = task.parent
        base = parent.data if parent is not None else outside
        row = Row(
            parent=position.get(parent, -1),
            spec=numbers[task.task_spec.name],
            state=_STATE_NUMBER[task.state],
            key=task.id if _is_named(task) else None,
            instance=_instance(task),
            changed=_changed(base, task.data, names),
            deleted=[names.setdefault(key, len(names)) for key in base if key not in task.data] or None,
            arrival=arrival.get(task.id, 0),
        )
        rows.append(row.trimmed())
    return rows


def _changed(base: dict[str, Any], data: dict[str, Any], names: dict[str, int]) -> list[Any] | None:
    changed: list[Any] = []
    for key, value in data.items():
        if key not in base or base[key] != value or type(base[key]) is not type(value):
            changed += (names.setdefault(key, len(names)), value)
    return changed or None


def _is_named(task: Task) -> bool:
    """People, messages, clocks and the hosts of border events are named by id; multi-instance children never are."""
    state = task.state
    if state == TaskState.READY:
        return True
    if state == TaskState.WAITING:
        return isinstance(task.task_spec, CatchingEvent)
    return state == TaskState.STARTED and not is_instance(task)


def _instance(task: Task) -> int | None:
    """Which item of a multi-instance task this is; anything else a live task remembers would be lost: refused."""
    if task.has_state(TaskState.FINISHED_MASK):
        return None
    unknown = task.internal_data.keys() - _TRANSIENT - {"key_or_index"}
    if unknown:
        raise ValueError(f"task {task.task_spec.name} remembers {sorted(unknown)}, which a state does not store")
    index: int | None = task.internal_data.get("key_or_index")
    return index


class _Decoder:
    """Builds the tasks of a case without running any of the library's own construction."""

    def __init__(self, definition: Definition, record: StepRecord, names: list[str]) -> None:
        self.definition = definition
        self.record = record
        self.names = names
        self.unnamed = 0

    def case(self, completed: bool, workflows: list[Any]) -> Case:
        case: Case | None = None
        tasks: list[list[Task]] = []
        for process_number, caller, rows in workflows:
            spec = self.definition.specs[self.definition.process_ids[process_number]]
            if case is None or caller is None:
                workflow = case = self.empty_case(spec)
                outside: dict[str, Any] = {}
            else:
                calling = tasks[caller[0]][caller[1]]
                workflow, outside = self.sub(spec, calling, case), calling.data
            tasks.append(self.tasks(workflow, rows, outside))
        if case is None:
            case = self.empty_case(next(iter(self.definition.specs.values())))
        case.completed = completed
        return case

    def empty_case(self, spec: Any) -> Case:
        engine = Conditions(self.record)
        return Case(spec, begins=False, subprocess_specs=self.definition.specs, script_engine=engine)

    def sub(self, spec: Any, caller: Task, case: Case) -> CaseSub:
        sub = CaseSub(spec, caller, case, begins=False)
        report_to(caller, sub)
        case.subprocesses[caller.id] = sub
        return sub

    def tasks(self, workflow: Any, rows: Iterable[list[Any]], outside: dict[str, Any]) -> list[Task]:
        names, specs = self.definition.spec_names[workflow.spec.name], workflow.spec.task_specs
        tasks: list[Task] = []
        for cells in rows:
            row = Row(*cells)
            parent = tasks[row.parent] if row.parent >= 0 else None
            task = self.task(row, workflow, specs[names[row.spec]], parent)
            task.data = self.variables(row, outside if parent is None else parent.data)
            tasks.append(task)
        workflow.task_tree = tasks[0]
        return tasks

    def task(self, row: Row, workflow: Any, spec: Any, above: Task | None) -> Task:
        key = row.key if row.key is not None else self.next_unnamed()
        task = restored(key, workflow, spec, _STATES[row.state], above)
        task.last_state_change = float(row.arrival)
        task.triggered = is_instance(task)
        if row.instance is not None:
            task.internal_data["key_or_index"] = row.instance
        if isinstance(spec, EachItem):
            task.internal_data["merged"] = []
        return task

    def variables(self, row: Row, base: dict[str, Any]) -> dict[str, Any]:
        """A task's own variables: containers are copied, because the library changes them in place."""
        data = dict(base)
        for name, value in base.items():
            if isinstance(value, _CONTAINERS):
                data[name] = value.copy()
        changed = iter(row.changed or ())
        for number, value in zip(changed, changed, strict=True):
            data[self.names[number]] = value
        for number in row.deleted or ():
            del data[self.names[number]]
        return data

    def next_unnamed(self) -> bytes:
        """An id for a task nobody can name, the same from one reading to the next."""
        number, self.unnamed = self.unnamed, self.unnamed + 1
        return _UNNAMED[number] if number < len(_UNNAMED) else number.to_bytes(16)
