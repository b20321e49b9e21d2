"""What the service tasks of the diagrams ask for; every effect joins the move that reached it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from engine.audit.events.cases import NoteRecorded
from engine.audit.events.money import MonitoringDisposed, PaymentStopProposed
from engine.audit.events.papers import TargetFrozen
from engine.audit.events.rectifications import RectificationEscalated
from engine.audit.events.tasks import TaskEscalated, TaskOverdue
from engine.clock import day_of
from engine.moves import updates
from engine.moves.amounts import take_amount, target_form
from engine.moves.change import Change
from engine.moves.disposing import carry_out, onto_the_list
from engine.moves.facts import QUOTA, decide_for
from engine.moves.fund_lines import in_proportion, lines_of
from engine.moves.occasions import put_forward, uses_of
from engine.policies import Decision
from engine.process import Operation
from engine.rectifications import Rectification
from engine.results.linkage import decided_by_a_person, lapse_effect, propose, proposed
from engine.results.model import ResultEffect
from engine.words import Disposal, ResultOf, Role, Stage

Effect = Callable[[Change, Operation], None]


def mark_overdue(change: Change, operation: Operation) -> None:
    """Note that a step is past its day."""
    facts = _text(operation)
    change.record(TaskOverdue(step=_step(operation), deadline=facts.get("deadline"), item=facts.get("item")))


def escalate(change: Change, operation: Operation) -> None:
    """Take an overdue step to the next higher office; the ledger counts it, and says to whom a problem went."""
    facts = _text(operation)
    item, office = facts.get("item"), facts.get("office")
    if item is not None:
        updates.rectify(change, item, escalations=1, escalated_to=Role(office) if office else None)
    due_on = None if item is None else _day_on_ledger(change, item)
    if item is not None and office is not None and due_on is not None:
        change.record(RectificationEscalated(item=item, due_on=due_on, office=office))
    else:
        change.record(TaskEscalated(step=_step(operation), item=item, subject=facts.get("subject")))


def _day_on_ledger(change: Change, item: str) -> date | None:
    of_it = Rectification.case_id == change.case.id, Rectification.item == item
    return change.session.scalar(select(Rectification.due_on).where(*of_it))


def freeze_target_version(change: Change, operation: Operation) -> None:
    """The approved target becomes the version in force; an adjusted amount becomes the amount (HX-06).

    Open tasks and the fund lines of the case follow the amount, each line as it was said when the adjustment began.
    """
    code = target_form(change.case.object_kind)
    latest = change.forms.of(code)
    if latest is None:
        return
    change.forms = change.forms.with_target(latest)
    updates.freeze(change, latest.id, change.at)
    amount = lines = None
    if change.settled_wan is None:
        change.case_values["settled_wan"] = change.amount_wan
    if operation.parameters.get("origin") == "adjustment" and (pending := change.forms.adjustment) is not None:
        change.forms = change.forms.without_adjustment()
        amount = pending.amount_wan
        shares = pending.lines or in_proportion(lines_of(change.session, change.case.id), amount)
        lines = take_amount(change, amount, shares)
    change.record(
        TargetFrozen(form=code, paper_version=latest.version, amount_wan=amount, lines=lines, submission=latest.id)
    )


def add_evaluation_candidate(change: Change, operation: Operation) -> None:
    """Onto next year's list for key evaluation (HC-09)."""
    onto_the_list(change, _text(operation).get("text", "绩效运行监控"))


def apply_monitoring_disposal(change: Change, operation: Operation) -> None:
    """What the office decided after monitoring is told, and done."""
    told = _text(operation)
    disposal = Disposal(told["disposal"])
    change.record(
        MonitoringDisposed(
            disposal=disposal,
            reduced_wan=change.said.reduced_wan,
            advice=told.get("advice"),
            unit=change.case.unit_id,
        )
    )
    carry_out(change, disposal)


def propose_stop_payment(change: Change, operation: Operation) -> None:
    """Rectification is late: propose to stop payment or cut, by the row of the table where there is one (HC-18)."""

    def ask(decision: str, **inputs: Any) -> Decision:
        return decide_for(change.case, change.policy, decision, inputs, day_of(change.at))

    row = proposed(lapse_effect(ask))
    for use in uses_of(change, ResultOf.RECTIFICATION):
        change.add(ResultEffect, budget_year=use.budget_year, occasion=use.occasion, **row)
    change.record(PaymentStopProposed(item=_text(operation).get("item")))


def propose_result_effects(change: Change, operation: Operation) -> None:
    """What follows from the results of this case: what the tables say, or the one effect the diagram names."""
    facts = {name: value for name, value in operation.parameters.items() if value is not None}
    if QUOTA in change.case.facts:
        facts[QUOTA] = change.case.facts[QUOTA]
    named = facts.pop("effect", "evaluation")

    def ask(decision: str, **inputs: Any) -> Decision:
        return decide_for(change.case, change.policy, decision, facts | inputs, day_of(change.at))

    note = facts.get("note")
    effects = (
        propose(ask, facts)
        if named == "evaluation"
        else (proposed(decided_by_a_person(str(named), None if note is None else str(note))),)
    )
    is_expiry = operation.process_id == Stage.POLICY_EXPIRY
    put_forward(change, ResultOf.POLICY_EXPIRY if is_expiry else ResultOf.EVALUATION, effects)


def archive_case(change: Change, operation: Operation) -> None:
    """归档: the papers are complete. What the case leaves behind is packed with the move that ends it (`Change.end`),
    which is this one: the closing itself is packed too."""


def note(change: Change, operation: Operation) -> None:
    """Something worth reading later."""
    change.record(NoteRecorded(text=_text(operation).get("text", "备注")))


EFFECTS: dict[str, Effect] = {
    effect.__name__: effect
    for effect in (
        mark_overdue, escalate, freeze_target_version, add_evaluation_candidate, apply_monitoring_disposal,
        propose_stop_payment, propose_result_effects, archive_case, note,
    )
}  # fmt: skip
"""Operation name → effect; the names are those the lint knows (`process.lint.words.OPERATIONS`)."""


def _step(operation: Operation) -> str:
    return f"{operation.process_id}.{operation.element_id}"


def _text(operation: Operation) -> dict[str, str]:
    return {name: str(value) for name, value in operation.parameters.items() if value is not None}
