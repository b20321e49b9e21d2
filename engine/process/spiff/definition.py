"""The parsed diagrams as all cases share them: specs, their numbers in stored states, and a fingerprint of both."""

import hashlib
from collections.abc import Mapping
from typing import Any

from engine.process.expressions import compile_expression
from engine.process.model import DiagramRefused, Element, ExpressionRefused
from engine.process.spiff.parser import parse_specs
from engine.process.spiff.private import output_names
from engine.process.spiff.specs import AnySubProcess, CallActivity, DoOperation, EachItem, ExclusiveGateway


class Definition:
    """Immutable after construction. A stored state names specs by number, so the numbers follow the sorted names.

    `homes` maps every process, embedded or not, to the process its diagram belongs to.
    `shape` is a fingerprint of steps, kinds and order: diagrams of equal shape can read each other's states.
    """

    def __init__(self, roots: Mapping[str, Any], elements: Mapping[tuple[str, str], Element]) -> None:
        self.elements = elements
        self.specs = parse_specs(roots)
        self.process_ids = tuple(sorted(self.specs))
        self.spec_names = {pid: tuple(sorted(self.specs[pid].task_specs)) for pid in self.process_ids}
        self.process_number = {pid: number for number, pid in enumerate(self.process_ids)}
        self.spec_number = {
            pid: {name: number for number, name in enumerate(names)} for pid, names in self.spec_names.items()
        }
        self.homes = self._find_homes()
        self.shape = self._fingerprint()
        self._check_calls()
        self._compile_expressions()
        self._connect_instances()

    def element_of(self, process_id: str, spec: Any) -> Element:
        """The drawn element behind a spec."""
        return self.elements[self.homes[process_id], spec.bpmn_id]

    def spec_of(self, process_id: str, element_id: str) -> tuple[str, Any] | None:
        """The (embedded) process and spec behind an element of a diagram, if it is a step a token can stand at."""
        for inner, home in self.homes.items():
            if home == process_id and element_id in self.specs[inner].task_specs:
                return inner, self.specs[inner].task_specs[element_id]
        return None

    def drawn_in(self, inner: str) -> tuple[str, str] | None:
        """The process around an embedded sub-process, and the id of the sub-process in it; None for another process."""
        for outer, process in self.specs.items():
            for spec in process.task_specs.values():
                if isinstance(spec, AnySubProcess) and not isinstance(spec, CallActivity) and spec.spec == inner:
                    return outer, str(spec.bpmn_id)
        return None

    def calls_others(self, process_id: str) -> bool:
        """Whether a process, or a sub-process drawn inside it, calls another process."""
        return any(
            isinstance(spec, CallActivity)
            for inner, home in self.homes.items()
            if home == process_id
            for spec in self.specs[inner].task_specs.values()
        )

    def _fingerprint(self) -> bytes:
        wiring = [
            (pid, name, type(spec).__name__, output_names(spec))
            for pid in self.process_ids
            for name, spec in sorted(self.specs[pid].task_specs.items())
        ]
        return hashlib.sha256(repr(wiring).encode()).digest()[:8]

    def _find_homes(self) -> dict[str, str]:
        outer = {
            spec.spec: pid
            for pid, process in self.specs.items()
            for spec in process.task_specs.values()
            if isinstance(spec, AnySubProcess) and not isinstance(spec, CallActivity)
        }
        homes = {}
        for pid in self.process_ids:
            home = pid
            while home in outer:
                home = outer[home]
            homes[pid] = home
        return homes

    def _check_calls(self) -> None:
        for pid, process in self.specs.items():
            for spec in process.task_specs.values():
                if isinstance(spec, CallActivity) and spec.spec not in self.specs:
                    raise DiagramRefused(
                        f"流程图不能使用（{pid}，{spec.bpmn_id}）：被调用的流程“{spec.spec}”不存在。",
                        process_id=pid,
                        element=spec.bpmn_id,
                    )

    def _compile_expressions(self) -> None:
        for pid, process in self.specs.items():
            for spec in process.task_specs.values():
                for source in _expressions(spec):
                    try:
                        compile_expression(source)
                    except ExpressionRefused as error:
                        raise DiagramRefused(
                            f"流程图不能使用（{pid}，{spec.bpmn_id}）：{error.message}",
                            process_id=pid,
                            element=spec.bpmn_id,
                        ) from error

    def _connect_instances(self) -> None:
        """An instance reports back to its multi-instance task; the library connects them only while creating them."""
        for process in self.specs.values():
            for spec in process.task_specs.values():
                if isinstance(spec, EachItem):
                    process.task_specs[spec.task_spec].completed_event.connect(spec.merge_child)


def _expressions(spec: Any) -> list[str]:
    if isinstance(spec, ExclusiveGateway):
        return [condition.args[0] for condition, _ in spec.cond_task_specs if condition is not None]
    if isinstance(spec, DoOperation):
        return [parameter["value"] for parameter in spec.operation_params.values()]
    if isinstance(spec, EachItem) and spec.condition is not None:
        return [spec.condition]
    return []
