"""What a process tells its caller: who is waited for, which clocks run, what a step changed, why it may refuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import DefinitionError, InvalidInput, NotFound, WrongState
from engine.process.properties import StepProperties

Decide = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""(decision name, variables) -> {"undefined": bool, **outputs}; texts, booleans, integers, Decimals, lists and None.

Beside the variables of the case there is `stage`: the process that asks.
"""


@dataclass(frozen=True, slots=True)
class Element:
    """One shape of a diagram: id, Chinese name, the lane (office) it lies in, kind (BPMN tag) and properties.

    `properties` are as the diagram spells them; `step` is what they ask of the person there, read once.
    """

    id: str
    process_id: str
    name: str
    lane: str | None
    kind: str
    properties: Mapping[str, str]
    step: StepProperties = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "step", StepProperties.of(self.properties))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A human task now waiting; `key` names it until it closes, `item` is the multi-instance item it is about."""

    key: bytes
    process_id: str
    element_id: str
    name: str
    lane: str | None
    step: StepProperties
    item: str | None


@dataclass(frozen=True, slots=True)
class Catch:
    """A message waited for; `host` is the key of the activity whose border it sits on, None in the middle of a flow."""

    key: bytes
    process_id: str
    element_id: str
    message: str
    host: bytes | None


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock the process waits on, known by the name of its deadline; only `fire` makes it go off.

    `host` is the key of the activity whose border it sits on, `task` of the human task it is about: the host itself,
    or the one that waits inside of it; None where nobody is waited for. `item` is the multi-instance item it is about.
    """

    key: bytes
    process_id: str
    element_id: str
    deadline: str
    host: bytes | None
    interrupting: bool
    task: bytes | None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An effect the diagram asks for (service task); the engine carries it out in the transaction of the step."""

    name: str
    parameters: Mapping[str, Any]
    process_id: str
    element_id: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision table was asked in this step, and what it answered."""

    name: str
    result: Mapping[str, Any]
    process_id: str
    element_id: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: the new state, and everything opened and closed relative to the state it was given.

    `ends` are the end events reached in this step, as "process_id.element_id".
    `stage` is the process id of the stage the case now stands in; None between stages and when the case is completed.
    `handed_on` are pairs of a closed task and the one that waits instead in the same sub-process, which goes on (None:
    nobody waits in it now): the clocks around that sub-process run on.
    """

    state: bytes
    completed: bool
    stage: str | None = None
    ends: tuple[str, ...] = ()
    opened_tasks: tuple[Waiting, ...] = ()
    closed_tasks: tuple[bytes, ...] = ()
    handed_on: tuple[tuple[bytes, bytes | None], ...] = ()
    opened_timers: tuple[Timer, ...] = ()
    closed_timers: tuple[bytes, ...] = ()
    opened_catches: tuple[Catch, ...] = ()
    closed_catches: tuple[bytes, ...] = ()
    operations: tuple[Operation, ...] = ()
    decisions: tuple[DecisionMade, ...] = ()


@dataclass(frozen=True, slots=True)
class Migration:
    """Whether a running case can move to other diagrams; if not, `problems` says why, in Chinese."""

    possible: bool
    problems: tuple[str, ...] = field(default=())
    state: bytes | None = None


class DiagramRefused(DefinitionError):
    """A diagram is unsound; `findings` lists file, line, element, message and remedy."""

    code = "process.diagram_refused"


class ExpressionRefused(DefinitionError):
    """An expression in a diagram says something the restricted language does not know."""

    code = "process.expression_refused"


class ExpressionFailed(WrongState):
    """A sound expression met variables it cannot work with."""

    code = "process.expression_failed"


class ProcessIncident(WrongState):
    """The diagram could not be carried on; the state given stays valid and an operator has to look (`jump`)."""

    code = "process.incident"


class TaskNotWaiting(WrongState):
    """The task is not waiting (any more)."""

    code = "process.task_not_waiting"


class CatchNotWaiting(WrongState):
    """Nobody waits for this message (any more)."""

    code = "process.catch_not_waiting"


class JumpRefused(WrongState):
    """A jump there would leave the case in a place from which it cannot go on."""

    code = "process.jump_refused"


class StateUnreadable(WrongState):
    """A stored state is of an unknown format, damaged, or belongs to other diagrams."""

    code = "process.state_unreadable"


class UnknownElement(NotFound):
    """The diagrams hold no such process or element."""

    code = "process.unknown_element"


class VariablesRefused(InvalidInput):
    """Variables a process cannot carry: wrong type, too large, or a name that is none."""

    code = "process.variables_refused"
