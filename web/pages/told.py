"""What somebody tells with a decision: its word, answers to questions, a reason, remarks; read as it was typed."""

from typing import Any

from werkzeug.datastructures import MultiDict

from engine.errors import InvalidInput
from engine.moves.asking import OpenMove
from engine.moves.settling import AskedAmount
from engine.process import QuestionKind
from engine.queries.task_card import TaskCard
from web.forms.shown import typed
from web.pages.posted import number_in

MOST_REMARKS = 50


class NotOpenToYou(InvalidInput):
    """The step knows no such way to end."""

    code = "page.no_such_move"


def move_of(card: TaskCard, word: str) -> OpenMove:
    """The way of that word to end the task; refuses a word the step does not know."""
    found = next((move for move in card.moves if move.word == word), None)
    if found is None:
        raise NotOpenToYou("没有选择怎样办理，或这一步不能这样办。请返回任务重新选择。", word=word[:40])
    return found


def told_in(form: MultiDict[str, str], card: TaskCard, move: OpenMove) -> dict[str, Any]:
    """Answers, reason and remarks as they were typed."""
    answers: dict[str, Any] = {}
    for question in move.questions:
        name = f"answer.{question.variable}"
        if question.kind is QuestionKind.LIST:
            answers[question.variable] = [line.strip() for line in form.get(name, "").splitlines() if line.strip()]
        elif question.about is not None:
            answers |= _amount(form, question.variable, question.about)
        elif form.get(name, ""):
            answers[question.variable] = form[name]
    reason = typed(form.get("reason", "")).strip() or None
    remarks = said_in(form) if move.remarks else None
    return {"answers": answers, "reason": reason, "remarks": remarks or None}


def _amount(form: MultiDict[str, str], variable: str, about: AskedAmount) -> dict[str, Any]:
    """What was typed for an amount, of several fund lines for each; nothing where it was left empty."""
    whole = typed(form.get(f"answer.{variable}", "")).strip()
    lines = {str(number): typed(form.get(f"answer.{variable}.{number}", "")).strip() for number, _, _ in about.lines}
    if not whole and not any(lines.values()):
        return {}
    return {variable: {"wan": whole, "lines": lines} if lines else whole}


def said_in(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """The remarks somebody typed: those with words or a template, in their order."""
    found = []
    for number in range(MOST_REMARKS):
        path, template, text = (
            typed(form.get(f"remark.{number}.{part}", "")).strip() for part in ("path", "template", "text")
        )
        if template or text:
            found.append({"path": path, "template": number_in(template), "text": text})
    return found


def usual_answers(move: OpenMove) -> dict[str, Any]:
    """The first answer to each question: what a preview goes by."""
    return {
        question.variable: [] if question.kind is QuestionKind.LIST else next(iter(question.options), "")
        for question in move.questions
        if not question.may_be_left_out
    }
