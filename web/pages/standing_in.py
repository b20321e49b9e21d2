"""代办: what the page asks an operator who does a step for somebody who cannot."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.commands.stand_in import stand_in
from engine.directory import Actor
from engine.moves.asking import OpenQuestion
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.process import QuestionKind
from engine.queries.case_in_hand import CaseInHand
from engine.queries.stand_ins import StandIn, stand_ins
from web.pages.formats import wan
from web.pages.steps.asked import Control, Field, Given, Unreadable
from web.pages.trying import REASON, Rows
from web.visits import Visit

NOTHING_CHOSEN = "没有选择代谁办理哪一步，没有办理。请选择。"
ANSWER = "answer."


def stand_in_fields(visit: Visit, case: CaseInHand) -> Sequence[Field]:
    """Which step for whom and how it ends, what it asks besides, an opinion, and why."""
    ways = stand_ins(visit.session, visit.actor, case.case_id, at=visit.at)
    options = {_told(way): _label(way) for way in ways}
    hint = "只列出由人办理的在办步骤；报送的是经办人已存的草稿，代办人不填表"
    asked = {question.variable: question for way in ways for question in way.questions}
    return (
        Field("way", "代办哪一步", Control.ONE_OF, options, hint=hint),
        *(field for question in asked.values() for field in _fields(question)),
        Field("opinion", "意见", Control.LONG, hint="退回、逾期等须写明理由的写在这里，其他可不写"),
        REASON,
    )


def stand_in_about(visit: Visit, case: CaseInHand) -> Rows:
    """Said where there is nothing to choose from."""
    if stand_ins(visit.session, visit.actor, case.case_id, at=visit.at):
        return ()
    return (("在办", "没有可以代办的步骤：没有在办任务、要用专门页面办理，或岗位上没有人（请安全管理员先授予岗位）"),)


def carry_out(session: Session, case_id: int, given: Given, *, by: Actor, at: datetime, **how: Any) -> Receipt:
    """Do what was chosen; refuses what is not among the choices."""
    told = given.text("way")
    way = next((way for way in stand_ins(session, by, case_id, at=at) if _told(way) == told), None)
    if way is None:
        raise Unreadable(NOTHING_CHOSEN, field="way")
    typed = {question.variable: _answer(question, given) for question in way.questions}
    answers = {variable: answer for variable, answer in typed.items() if answer}
    outcome = Outcome(way.word, answers=answers, reason=given.text("opinion") or None)
    return stand_in(
        session, way.task_id, way.person_id, outcome, reason=given.text("reason"), by=by, at=at, **how
    )  # fmt: skip


def _told(way: StandIn) -> str:
    return f"{way.task_id.hex}.{way.person_id}.{way.word}"


def _label(way: StandIn) -> str:
    what = f"{way.step}（{way.item}）" if way.item else way.step
    files = f"（报送已存的{way.files}）" if way.files else ""
    return f"代{way.person}：{what}——{way.label}{files}"


def _fields(question: OpenQuestion) -> Iterator[Field]:
    yield _question(question)
    for number, line, amount in question.about.lines if question.about else ():
        yield Field(
            f"{ANSWER}{question.variable}.{number}", f"其中：{line}", Control.LINE, hint=f"现在 {wan(amount)} 万元"
        )


def _question(question: OpenQuestion) -> Field:
    name, hint = f"{ANSWER}{question.variable}", "所选步骤要问这一项的才填"
    if question.options:
        return Field(name, question.label, Control.ONE_OF, question.options, hint=hint)
    if question.kind is QuestionKind.LIST:
        return Field(name, question.label, Control.LONG, hint=f"每行一项；{hint}")
    return Field(name, question.label, Control.LINE, hint=hint)


def _answer(question: OpenQuestion, given: Given) -> str | list[str] | dict[str, Any]:
    typed = given.text(f"{ANSWER}{question.variable}")
    if question.about is not None and question.about.lines:
        names = {str(number): f"{ANSWER}{question.variable}.{number}" for number, _, _ in question.about.lines}
        return {"wan": typed, "lines": {number: given.text(name) for number, name in names.items()}}
    if question.kind is QuestionKind.LIST:
        return [line.strip() for line in typed.splitlines() if line.strip()]
    return typed
