"""The amount of a case changes: its fund lines, its open tasks and the light of its spending follow it."""

from collections.abc import Iterator, Mapping, Sequence
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
from engine.submissions.forms import FORMS
from engine.words import CaseKind, OutcomeWord

AMOUNTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "F01": (("requested", "total_wan"), ("requested_this_year_wan",)),
    "F02": (("funds", "annual", "total_wan"),),
    "F04": (("budget", "total_wan"),),
}
"""Form about the request → where it may say how much money the year has."""
ASSESSMENT = "F01"

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
    if change.forms.target is None:
        _mark(change, target_form(change.case.object_kind), amount_wan)


def mark_request(change: Change, amount_wan: Decimal) -> None:
    """The same of every paper about the request: an assessment that is under way too."""
    mark_target(change, amount_wan)
    _mark(change, ASSESSMENT, amount_wan)


def _mark(change: Change, form: str, amount_wan: Decimal) -> None:
    paper = change.forms.of(form)
    if paper is None:
        return
    content = change.session.scalar(select(_papers.content).where(_papers.id == paper.id)) or {}
    is_other = all(told != amount_wan for told in _told_in(content, form))
    change.forms = change.forms.with_paper(replace(paper, other_amount=is_other), None)


def _told_in(content: Mapping[str, Any], form: str) -> Iterator[Decimal]:
    for path in AMOUNTS[form]:
        told: Any = content
        for part in path:
            told = (told or {}).get(part)
        if told is not None:
            yield Decimal(str(told))


def must_be_at_the_amount(
    forms: CasePapers, element: Element, object_kind: str, word: str, amount_wan: Decimal
) -> None:
    """Refuse to let a paper about the request pass that was filed at another amount than the case has now.

    Steps that are about the paper let it pass, and, of a target, those that are about the amount.
    """
    code = element.step.judges_for(object_kind)
    if code is None and any(question.kind is QuestionKind.AMOUNT for question in element.step.asks):
        code = target_form(object_kind)
    paper = forms.of(code) if code is not None and code in AMOUNTS else None
    if paper is not None and paper.other_amount and not OutcomeWord(word).sends_back:
        raise AnotherAmount(
            f"{FORMS[paper.form].title}是按别的金额填报的，金额为{plain(amount_wan)}万元，不能这样办理。请退回，由单位按这个金额重新填报。",
            amount_wan=str(amount_wan),
        )
