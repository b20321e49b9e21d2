"""One agency for one case, under a contract, with a lead evaluator who answers for it (CH-11, HX-25)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from engine.audit.events.evaluations import AgencyAssigned
from engine.directory import Unit
from engine.errors import InvalidInput, NotAllowed
from engine.moves.advising import advises
from engine.moves.move import Move
from engine.moves.updates import hand_over
from engine.results.model import Assignment
from engine.tasks import Task
from engine.texts import is_blank
from engine.words import LANES, Role, TaskState, UnitKind


class NotAnAgency(InvalidInput):
    """Only a registered agency can be assigned."""

    code = "assignment.not_an_agency"


class AgencyConflicted(NotAllowed):
    """The agency has a stake in what it would evaluate (财预〔2021〕6号, forms.md F13)."""

    code = "assignment.conflict_of_interest"


class AssignmentIncomplete(InvalidInput):
    """An assignment names the person who answers for it."""

    code = "assignment.incomplete"


@dataclass(frozen=True, slots=True)
class Engagement:
    """Which agency, who signs for it, under which contract, and whether it declared to have no stake."""

    agency_id: int
    lead_evaluator: str
    declared_independent: bool
    contract_number: str | None = None


def engage(move: Move, engagement: Engagement, *, stage: str, task_id: UUID | None) -> None:
    assert move.by is not None
    agency = _fit(move, engagement)
    move.case_values["agency_id"] = agency.id
    set_committed_value(move.case, "agency_id", agency.id)  # the step about to be taken opens the agency's tasks
    move.add(
        Assignment,
        stage=stage,
        agency_id=agency.id,
        contract_number=engagement.contract_number,
        lead_evaluator=engagement.lead_evaluator.strip(),
        task_id=task_id,
        assigned_by=move.by.person_id,
        assigned_at=move.at,
    )
    move.record(
        AgencyAssigned(
            stage=stage,
            agency=agency.name,
            agency_id=agency.id,
            lead_evaluator=engagement.lead_evaluator.strip(),
            contract=engagement.contract_number,
        )  # fmt: skip
    )
    _hand_over(move, agency)


def _fit(move: Move, engagement: Engagement) -> Unit:
    """The agency, if it may evaluate this case."""
    agency = move.session.get(Unit, engagement.agency_id)
    if agency is None or agency.kind != UnitKind.AGENCY:
        raise NotAnAgency("所选单位不是已登记的第三方机构，没有委派。请先登记机构。", agency=engagement.agency_id)
    if is_blank(engagement.lead_evaluator):
        raise AssignmentIncomplete("委派要写明主评人，没有委派。请补填。", agency=agency.id)
    if not engagement.declared_independent:
        raise AgencyConflicted(f"“{agency.name}”还没有作回避声明，没有委派。请其声明与被评价单位无利害关系。")
    if agency.id in (move.case.unit_id, move.case.department_id):
        raise AgencyConflicted(f"“{agency.name}”就是被评价单位，不能评价自己，没有委派。请另选机构。")
    if advises(move.session, agency.id, move.case):
        raise AgencyConflicted(
            f"“{agency.name}”本年度为被评价单位提供过咨询，应当回避，没有委派。请另选机构。", agency=agency.id
        )
    return agency


def _hand_over(move: Move, agency: Unit) -> None:
    """What lay with the 绩效股 for want of an agency, or with the agency before, goes to this one."""
    waiting = move.session.scalars(select(Task).where(Task.case_id == move.case.id, Task.state == TaskState.OPEN)).all()
    for task in waiting:
        if LANES.get(move.diagrams.element(task.process, task.element).lane or "") is Role.AGENCY:
            hand_over(move, task.id, agency.id, Role.AGENCY)
