"""申报金额: how long the unit may still say what it asks for, and which thresholds that must not slip past."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import ANNUAL, Case
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.amounts import ASSESSMENT
from engine.moves.facts import decide_for
from engine.process import Element, StepKind, UnknownElement
from engine.scoring import plain
from engine.stages import library_of, step_drawn
from engine.tasks import Task
from engine.words import CaseKind, OutcomeWord, Stage, TaskState

CONCLUSIONS = frozenset({"conclude_ex_ante", "review_entry"})
"""Steps that say of the request itself whether and how it is supported."""

_DECIDES_ASSESSMENT = "decide_ex_ante_required"


class RequestDecided(WrongState):
    """A review has decided about the request; what it asks for is no longer the unit's to change."""

    code = "request.decided"


class PastThreshold(WrongState):
    """At the new amount the object would have had to take a step that the case has left behind."""

    code = "request.past_threshold"


def must_still_be_asked_for(session: Session, case: Case) -> None:
    """Refuse once a review let anything pass or concluded about the request, and say who can change the amount then.

    What was only sent back is with the unit again.
    """
    if case.forms.target is not None:
        raise RequestDecided(
            "绩效目标已经批复，申报金额不能再更正。金额要变的，请财政部门办理预算调整。", case_id=case.id
        )
    decided = next(_decided(session, case), None)
    if decided is not None:
        raise RequestDecided(
            f"“{decided.name}”已经办理，申报金额不能再由单位更正。金额要改的，请联系财政部门，由其在评审、批复时核定。",
            case_id=case.id,
        )


def can_be_corrected(session: Session, by: Actor, case_id: int) -> bool:
    """Whether `by`, of a unit, may still change what this case asks for."""
    case = session.get_one(Case, case_id)
    if case.unit_id != by.unit_id:
        return False
    try:
        must_still_be_asked_for(session, case)
    except RequestDecided:
        return False
    return True


def must_pass_no_threshold(session: Session, case: Case, amount_wan: Decimal, on: date) -> None:
    """Refuse an amount at which the tables want an assessment or an entry review the case has gone past without it.

    Whole departments and policies that run out are on no way that leads there.
    """
    if case.object_kind == CaseKind.WHOLE_DEPARTMENT or case.process != ANNUAL:
        return
    steps = [element for _, element in _steps(session, case, TaskState.OPEN)]
    in_assessment = any(ASSESSMENT in _forms(element) or element.id == _DECIDES_ASSESSMENT for element in steps)
    if not in_assessment and _becomes_due(session, case, "ex_ante_required", amount_wan, on):
        raise _past("事前绩效评估", case, amount_wan)
    if case.stage != Stage.EX_ANTE_ASSESSMENT and _becomes_due(session, case, "entry_review_required", amount_wan, on):
        raise _past("入库评审", case, amount_wan)


def _past(step: str, case: Case, amount_wan: Decimal) -> PastThreshold:
    return PastThreshold(
        f"金额改为{plain(amount_wan)}万元就须先作{step}，案卷已经过了这一步，没有办理。请联系财政绩效股核对应走的环节。",
        case_id=case.id,
    )


def _becomes_due(session: Session, case: Case, decision: str, amount_wan: Decimal, on: date) -> bool:
    policy = library_of(session).policy_version(session, case.policy_id)
    before, after = (
        decide_for(case, policy, decision, {"amount_wan": amount}, on) for amount in (case.amount_wan, amount_wan)
    )
    return after.outputs.get("required") is True and before.outputs.get("required") is not True


def _decided(session: Session, case: Case) -> Iterator[Element]:
    """The steps that let something of the request pass, or concluded about it."""
    for task, element in _steps(session, case, TaskState.COMPLETED):
        word = OutcomeWord(task.outcome) if task.outcome else None
        passed = element.step.kind is StepKind.REVIEW and word is not None and not word.sends_back
        if passed or element.id in CONCLUSIONS:
            yield element


def _steps(session: Session, case: Case, state: TaskState) -> Iterator[tuple[Task, Element]]:
    for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.state == state)):
        try:
            yield task, step_drawn(session, case.diagrams_id, task.process, task.element)
        except UnknownElement:  # no diagrams ever drew it
            continue


def _forms(element: Element) -> set[str]:
    return {*element.step.forms.values(), *element.step.judges.values()}
