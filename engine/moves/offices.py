"""To whose desk a step goes: the lane names the office, the case names the unit."""

from engine.cases import Case
from engine.errors import DefinitionError
from engine.process import Waiting
from engine.words import LANES, Role


def office_of(case: Case, waiting: Waiting) -> tuple[int, Role]:
    """The unit and the office that work on a waiting step.

    What an agency has to do lies with the 绩效股 until an agency is assigned.
    """
    role = LANES.get(waiting.lane or "")
    if role is None:
        raise DefinitionError(
            f"流程图“{waiting.process_id}”的“{waiting.name}”不在任何已知泳道，不知道由谁办理。请在流程图中把它放进泳道。",
            element=waiting.element_id,
        )
    if role in (Role.UNIT_CLERK, Role.UNIT_HEAD):
        return case.unit_id, role
    if role is Role.DEPARTMENT:
        return case.department_id or case.unit_id, role
    if role is Role.AGENCY:
        return (case.agency_id, role) if case.agency_id else (case.finance_id, Role.PERFORMANCE_OFFICE)
    return case.finance_id, role
