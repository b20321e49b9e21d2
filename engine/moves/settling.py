"""核定金额: what who reviews finds right, named with the step; the amount of the case follows (GZ-10, GZ-11)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.money import AmountSettled
from engine.cases import Case
from engine.clock import day_of
from engine.moves.amounts import (
    ASSESSMENT,
    AmountRefused,
    mark_target,
    refuse_no_amount,
    take_amount,
    target_form,
    told_lines,
)
from engine.moves.change import Said
from engine.moves.disposing import REDUCED, hear
from engine.moves.fund_lines import lines_of, split
from engine.moves.last_year import SpentLastYear, spent_last_year
from engine.moves.move import Move
from engine.moves.outcome import Outcome, OutcomeRefused
from engine.moves.requests import must_pass_no_threshold
from engine.process import Element, QuestionKind
from engine.reviews import ReasonMissing
from engine.store.base import table_of
from engine.submissions import Submission
from engine.tasks import Task
from engine.texts import is_blank, wan_in
from engine.words import ExAnteConclusion, LibraryEntry, Stage, TargetResult, said_question

TURNED_DOWN = frozenset({ExAnteConclusion.REJECT, LibraryEntry.REFUSED, TargetResult.NOT_ARRANGED})
"""Answers after which there is no money, so none is found right."""
_LONGEST = 40
_papers = table_of(Submission).c


@dataclass(frozen=True, slots=True)
class AskedAmount:
    """What an amount is asked about: as it stands, as an assessment suggests it, and several fund lines by number.

    `last_year` is what the same object spent the year before; it settles nothing. `is_filed`: a target lies there at
    this amount, so that another one sends it back. `cuts`: it is what a disposal after monitoring cuts the money to.
    """

    now_wan: Decimal
    proposed_wan: Decimal | None
    lines: tuple[tuple[int, str, Decimal], ...]
    is_filed: bool = False
    cuts: bool = False
    last_year: SpentLastYear | None = None


def asks_amount(element: Element) -> bool:
    """Whether a step may carry the amount that is found right."""
    return _variable(element) is not None


def asked_amount(session: Session, case: Case, element: Element, on: date) -> AskedAmount | None:
    """What somebody at this step may find right instead; None where the step asks for no amount."""
    if not asks_amount(element):
        return None
    lines = tuple((row.line_no, row.name, row.amount_wan) for row in lines_of(session, case.id))
    parts = lines if len(lines) > 1 else ()
    if _variable(element) == REDUCED:
        return AskedAmount(case.amount_wan, None, parts, cuts=True)
    filed = case.forms.of(target_form(case.object_kind)) is not None
    before = spent_last_year(session, case, on)
    return AskedAmount(case.amount_wan, _suggested(session, case), parts, filed, last_year=before)


def _suggested(session: Session, case: Case) -> Decimal | None:
    paper = case.forms.of(ASSESSMENT)
    if paper is None or case.stage != Stage.EX_ANTE_ASSESSMENT:
        return None
    content: Any = session.scalar(select(_papers.content).where(_papers.id == paper.id))
    told = (content or {}).get("suggested_wan")
    return Decimal(str(told)) if told not in (None, "") else None


def settle(move: Move, task: Task, element: Element, outcome: Outcome) -> Outcome:
    """Take the amount somebody named with the step, if they did; gives the outcome without it.

    The answer is an amount as it is typed, or {"wan": amount, "lines": {number: amount}}; nothing typed: as asked for.
    """
    move.said = Said(outcome.reason)
    variable = _variable(element)
    if variable is None:
        return outcome
    others = {name: value for name, value in outcome.answers.items() if name != variable}
    amount, lines = _read(outcome.answers.get(variable), said_question(variable))
    if variable == REDUCED:
        hear(move, others, amount, lines)
    elif amount is not None:
        if not TURNED_DOWN.isdisjoint(map(str, others.values())):
            raise OutcomeRefused(
                f"“{element.name}”不予支持、不予安排的不核定金额，没有办理。请把核定金额留空。", variable=variable
            )
        _take(move, task, amount, lines, outcome.reason)
    return replace(outcome, answers=others)


def _take(move: Move, task: Task, amount: Decimal, lines: Mapping[int, Decimal] | None, reason: str | None) -> None:
    case, there = move.case, lines_of(move.session, move.case.id)
    refuse_no_amount(amount, "核定金额")
    shares = split(there, amount, lines)
    is_changed = amount != case.amount_wan or any(shares[row.line_no] != row.amount_wan for row in there)
    if is_changed and is_blank(reason):
        raise ReasonMissing("核定的金额与申报的不同，要写明理由，没有办理。请在意见栏说明。", case_id=case.id)
    if amount > case.amount_wan:
        must_pass_no_threshold(move.session, case, amount, day_of(move.at))
    move.case_values["settled_wan"] = amount
    digest = take_amount(move, amount, shares) if is_changed else None
    if is_changed:
        mark_target(move, amount)
    move.record(
        AmountSettled(
            task=task.id,
            step=task.step,
            from_wan=case.amount_wan,
            amount_wan=amount,
            reason=reason,
            shares=told_lines(there, shares),
            lines=digest,
        )  # fmt: skip
    )


def _variable(element: Element) -> str | None:
    asked = (question.variable for question in element.step.asks if question.kind is QuestionKind.AMOUNT)
    return next(asked, None)


def _read(told: Any, label: str) -> tuple[Decimal | None, dict[int, Decimal] | None]:
    """The amount and what was said of each fund line; None, None where nothing was typed."""
    whole, parts = (told.get("wan"), told.get("lines")) if isinstance(told, Mapping) else (told, None)
    lines = {number: amount for number, amount in parts.items() if amount != ""} if isinstance(parts, Mapping) else {}
    if whole in (None, "") and not lines:
        return None, None
    if any(not str(number).isdecimal() for number in lines):
        raise AmountRefused(f"“{label}”各笔资金要按编号写明，没有办理。请核对。")
    return _wan(whole, label), {int(number): _wan(amount, label) for number, amount in lines.items()} or None


def _wan(told: Any, label: str) -> Decimal:
    amount = wan_in(told) if isinstance(told, str) else None
    if amount is None:
        said = f"写的是“{str(told)[:_LONGEST]}”，读不出金额" if told not in (None, "") else "没有填写"
        raise AmountRefused(f"“{label}”{said}，没有办理。请填写万元数，例如 980.00。")
    return amount
