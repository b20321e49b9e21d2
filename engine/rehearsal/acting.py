"""What a rehearsal person does with a task: read what the diagram asks, decide by habit, use the command for it."""

from typing import Any

from engine.commands.complete_task import complete_task
from engine.commands.withdraw import withdraw
from engine.moves.lateness import hands_in_late
from engine.moves.move import wait_for
from engine.moves.outcome import Outcome
from engine.process import QuestionKind
from engine.rehearsal.desk import Desk
from engine.rehearsal.papers import hand_in
from engine.rehearsal.papers.words import LATE, reason_for
from engine.rehearsal.plan import LAST_DEALINGS, answer, habits
from engine.rehearsal.special import SPECIAL
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import Role, SubmissionState

SENT_BACK = ("returned", "revise")


def act(desk: Desk) -> None:
    """Do the task as the person at the desk; now and then the unit takes back what it filed instead."""
    if _takes_back(desk):
        return
    word = _word(desk)
    answers = _answers(desk, word)
    desk.memory.said |= answers
    command = desk.element.step.command
    if command:
        SPECIAL[command](desk, word, answers)
        return

    def finish(content: dict[str, Any] | None) -> None:
        late = hands_in_late(desk.task, desk.case, desk.element, word, desk.at)
        reason = reason_for(LATE if late else word, desk.chance_here("reason"))
        remarks = [dict(each) for each in desk.subject.remarks] if word == "returned" else None
        outcome = Outcome(word, content=content, answers=answers, reason=reason, remarks=remarks or None)
        complete_task(desk.session, desk.task.id, outcome, by=desk.by, at=desk.at)

    if desk.form is None or word in SENT_BACK:
        finish(None)
    else:
        hand_in(desk.form, desk, finish)


def _takes_back(desk: Desk) -> bool:
    """撤回: the unit takes its paper back before the next office decides, where the diagram lets it."""
    filed = desk.latest(desk.judges) if desk.judges else None
    if filed is None or desk.times > 1 or desk.subject.exemplary:
        return False
    if desk.chance_here("withdraw").random() >= habits().withdraw:
        return False
    if wait_for(desk.case.waits, f"{desk.task.process}.withdrawn", desk.task.id) is None:
        return False
    paper = desk.session.get_one(Submission, filed.id)
    if paper.state != SubmissionState.SUBMITTED:
        return False  # an office has judged it already
    filler = desk.session.get_one(Task, paper.task_id)
    by = desk.town.who(filler.unit_id, Role(filler.role))
    withdraw(desk.session, paper.id, by=by, at=desk.at, reason="示例：发现数据有误，撤回修改")
    return True


def _word(desk: Desk) -> str:
    """The normal outcome, or now and then a return: seldom the second time, never after that."""
    step = desk.element.step
    chance, known = desk.chance_here("word"), habits()
    if desk.times == 1 and f"{desk.task.process}.{desk.task.element}" in desk.subject.returned:
        return "returned"
    if desk.subject.exemplary:
        return step.normal_outcome
    share = {1: known.return_first_time, 2: known.return_second_time}.get(desk.times, 0.0)
    if "returned" in step.outcomes and chance.random() < share:
        return "returned"
    if "revise" in step.outcomes and desk.times == 1 and chance.random() < known.revise:
        return "revise"
    return step.normal_outcome


def _answers(desk: Desk, word: str) -> dict[str, Any]:
    if word in SENT_BACK:
        return {}
    chance = desk.chance_here("answers") if desk.times < LAST_DEALINGS else None
    answers: dict[str, Any] = {}
    for question in desk.element.step.asks:
        name = question.variable
        if question.kind is QuestionKind.AMOUNT:
            continue
        if name == "grade":
            answers[name] = desk.subject.published_grade
        elif question.choices:
            answers[name] = answer(name, list(question.choices), chance, desk.subject.published_grade)
        else:
            answers[name] = [] if question.kind is QuestionKind.LIST else "0"
    return answers
