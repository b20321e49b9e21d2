"""What the ordinary steps leave in the registers: who signed for a letter, how far a problem is, what was decided."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.audit.events.money import EffectSettled, ResultDecided
from engine.audit.events.rectifications import FeedbackSigned, RectificationReported
from engine.moves import updates
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.process import Element, StepKind
from engine.rectifications import Rectification
from engine.results.settled import Settled
from engine.submissions import Submission
from engine.submissions.forms.context import Proposal
from engine.submissions.forms.proposals import why_waived
from engine.tasks import Task
from engine.words import EffectKind, EffectState, OutcomeWord, RectificationState, Supervision

RECTIFIED = "confirm_rectification"
"""The step in which the head of the unit stands for what was put right."""
STOP_SIGNED = "sign_stop_payment"
"""The step in which a bureau leader signs that payment is to be stopped."""


def keep_ledgers(move: Move, task: Task, element: Element, outcome: Outcome) -> None:
    """Carry a finished step into the registers of letters, rectifications and effects."""
    assert move.by is not None
    judges = element.step.judges_for(move.case.object_kind)
    fills = element.step.form_for(move.case.object_kind)
    if judges == "F10" and outcome.word == "signed":
        updates.sign_letter(move, move.by.person_id, move.at)
        move.record(FeedbackSigned())
    elif fills == "F11" and task.item is not None:
        row = _row_of(move.latest(Submission)["content"], task.item)
        updates.rectify(move, task.item, responsible=row.get("responsible_person"))
    elif judges == "F11" and task.element == RECTIFIED and outcome.word == "submitted" and task.item is not None:
        updates.rectify(move, task.item, state=RectificationState.REPORTED)
        move.record(RectificationReported(item=task.item))
    elif outcome.answers.get("supervision") == Supervision.STOP_PAYMENT and task.item is not None:
        _problem(move, task.item).must_not_be_over()
    elif task.element == STOP_SIGNED and outcome.word == OutcomeWord.SIGNED_OFF and task.item is not None:
        _problem(move, task.item).must_not_be_over("请退回。")
    elif fills == "F12" and element.step.kind is StepKind.FILL:
        _decide_effects(move)


def _problem(move: Move, item: str) -> Rectification:
    of_case = Rectification.case_id == move.case.id, Rectification.item == item
    return move.session.scalars(select(Rectification).where(*of_case)).one()


def _row_of(content: Mapping[str, Any], item: str) -> Mapping[str, Any]:
    return next((row for row in content.get("items", ()) if row["id"] == item), {})


def _decide_effects(move: Move) -> None:
    """Each row of F12 settles the proposed effect it names; what no row names stays open.

    Exceptions are kept with their reasons and approvers (“原则上”).
    """
    content: Mapping[str, Any] = move.latest(Submission)["content"]
    rows = content.get("effects", ())
    exceptions = [f"{row['rule']}：{row['exception_reason']}" for row in rows if row.get("exception_reason")]
    applied = [row["effect"] for row in rows if row.get("applied") and row.get("effect")]
    settling = {row["settles"]: row for row in rows if row.get("settles") and row.get("standing")}
    still_open = tuple(each.effect.value for each in move.proposals if each.name not in settling)
    move.record(ResultDecided(effects=tuple(applied), exceptions=tuple(exceptions), still_open=still_open))
    for each in move.proposals:
        assert each.effect_id is not None
        settled = _settled(each, settling.get(each.name), content.get("explanations", {}))
        updates.settle_effect(move, each.effect_id, settled)
        if settled is not None:
            move.record(_told(each, settled))


def _settled(proposal: Proposal, row: Mapping[str, Any] | None, explanations: Mapping[str, str]) -> Settled | None:
    """What that row makes of the proposal; None where there is none."""
    if row is None:
        return None
    is_another = row["applied"] and row["effect"] != proposal.effect
    return Settled(
        EffectState(row["standing"]),
        EffectKind(row["effect"]) if is_another else None,
        why_waived(row, explanations),
        row.get("approved_by"),
    )


def _told(proposal: Proposal, settled: Settled) -> EffectSettled:
    return EffectSettled(
        effect=proposal.effect.value,
        state=settled.state.value,
        instead=settled.instead.value if settled.instead else None,
        reason=settled.reason,
        approved_by=settled.approved_by,
    )
