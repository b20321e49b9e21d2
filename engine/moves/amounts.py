"""The amount of a case changes: its fund lines, its open tasks and the light of its spending follow it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.audit.digests import content_of_lines, digest_of
from engine.cases import CasePapers
from engine.errors import InvalidInput, WrongState
from engine.moves import updates
from engine.moves.change import Change
from engine.moves.fund_lines import lines_of
from engine.moves.spending import follow_light
from engine.process import Element, QuestionKind
from engine.scoring import plain
from engine.store.base import table_of
from engine.store.figures import is_amount
from engine.submissions import Submission
from engine.words import CaseKind, OutcomeWord

AMOUNTS: Mapping[str, tuple[str, ...]] = {"F02": ("funds", "annual", "total_wan"), "F04": ("budget", "total_wan")}
"""Form of a target → where it says how much money the year has."""

_papers = table_of(Submission).c


class AmountRefused(InvalidInput):
    """What is to be the amount of a case is none."""

    code = "budget.amount_refused"


class AnotherAmount(WrongState):
    """The paper was filed at an amount that the case has no more."""

    code = "submission.another_amount"


def refuse_no_amount(amount_wan: Decimal, named: str) -> None:
    """Refuse what is no amount of 万元."""
    if not is_amount(amount_wan):
        text = f"{named}应是不小于0的万元数，最多六位小数，没有办理。请核对。"
        raise AmountRefused(text, amount_wan=str(amount_wan))


def target_form(object_kind: str) -> str:
    """The form of the target of this kind of object."""
    return "F04" if object_kind == CaseKind.WHOLE_DEPARTMENT else "F02"


def take_amount(change: Change, amount_wan: Decimal, shares: Mapping[int, Decimal]) -> str:
    """The case has this amount from now on, each fund line its share; gives the digest over the lines."""
    found = lines_of(change.session, change.case.id)
    change.case_values["amount_wan"] = change.decide.amount_wan = amount_wan
    updates.follow_amount(change, amount_wan)
    follow_light(change, amount_wan)
    for number, amount in shares.items():
        updates.cut_line(change, number, amount)
    return digest_of(content_of_lines((row.line_no, row.name, shares[row.line_no]) for row in found))


def told_lines(lines: Sequence[Any], shares: Mapping[int, Decimal]) -> tuple[str, ...]:
    """From what to what each of several fund lines goes, in words; the only one needs no words."""
    if len(lines) < 2:
        return ()
    return tuple(f"{row.name}{plain(row.amount_wan)}→{plain(shares[row.line_no])}" for row in lines)


def mark_target(change: Change, amount_wan: Decimal) -> None:
    """Note of a target that is filed and not yet in force whether it says another amount than the case now has."""
    paper = change.forms.of(target_form(change.case.object_kind))
    if paper is None or change.forms.target is not None:
        return
    told: Any = change.session.scalar(select(_papers.content).where(_papers.id == paper.id))
    for part in AMOUNTS[paper.form]:
        told = (told or {}).get(part)
    is_other = told is None or Decimal(str(told)) != amount_wan
    change.forms = change.forms.with_paper(replace(paper, other_amount=is_other), None)


def must_be_at_the_amount(
    forms: CasePapers, element: Element, object_kind: str, word: str, amount_wan: Decimal
) -> None:
    """Refuse to let a target pass that was filed at another amount than the case has now.

    Steps that are about the target let it pass, and those that are about the amount.
    """
    about_amount = any(question.kind is QuestionKind.AMOUNT for question in element.step.asks)
    about_target = element.step.judges_for(object_kind) in AMOUNTS
    paper = forms.of(target_form(object_kind)) if about_amount or about_target else None
    if paper is not None and paper.other_amount and not OutcomeWord(word).sends_back:
        raise AnotherAmount(
            f"绩效目标填报以后，金额改为{plain(amount_wan)}万元，目标里还是原来的金额，不能这样办理。请退回，由单位按新的金额重新填报。",
            amount_wan=str(amount_wan),
        )
