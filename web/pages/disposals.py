"""监控处置: what each way to decide after monitoring brings about, tried before somebody decides."""

from engine.commands.complete_task import complete_task
from engine.moves.asking import OpenMove, OpenQuestion, Preview, preview
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.process import QuestionKind
from engine.queries.task_card import TaskCard
from engine.words import Disposal, Role, Stage
from web.pages.formats import day_in_a_list
from web.pages.trying import Rows
from web.visits import Visit

ASKED = "monitoring_disposal"
ON_RECORD = ("budget.adjusted", "candidate.added", "case.suspended", "result.proposed")
"""Events that say what is done, besides the steps that open and the stage that begins."""
NOTHING_LEFT = "0"
"""An amount every cut may name, for a trial before somebody names the right one."""


def followed_by(visit: Visit, card: TaskCard) -> Rows:
    """Each answer and what follows from it, where the step asks for a disposal and can be taken."""
    move = next((move for move in card.moves if move.possible), None)
    options = {question.variable: question.options for question in move.questions} if move else {}
    if move is None or not card.is_open or ASKED not in options:
        return ()
    return tuple((label, _told(visit, _tried(visit, card, move, word))) for word, label in options[ASKED].items())


def _tried(visit: Visit, card: TaskCard, move: OpenMove, word: str) -> Preview:
    asked = next((question for question in move.questions if question.kind is QuestionKind.AMOUNT), None)
    cut = {asked.variable: _nothing(asked)} if asked is not None and word == Disposal.CUT else {}
    outcome = Outcome(move.word, answers={ASKED: word, **cut}, reason="预览")
    return preview(visit.session, complete_task, card.task_id, outcome, by=visit.actor, at=visit.at)


def _nothing(asked: OpenQuestion) -> object:
    lines = asked.about.lines if asked.about is not None else ()
    return {"wan": NOTHING_LEFT, "lines": {str(n): NOTHING_LEFT for n, _, _ in lines}} if lines else NOTHING_LEFT


def _told(visit: Visit, tried: Preview) -> str:
    if tried.receipt is None:
        return tried.refusal.message if tried.refusal is not None else ""
    next_steps = [
        f"轮到{Role.said(opened.role)}“{opened.name}”"
        + (f"，截止{day_in_a_list(opened.due_on, visit.today)}" if opened.due_on else "")
        for opened in tried.opens
    ]
    return "；".join([*_recorded(tried.receipt), *next_steps])


def _recorded(receipt: Receipt) -> list[str]:
    told = [event.title for event in receipt.events if event.name in ON_RECORD]
    stages = [Stage(event.facts["stage"]).label for event in receipt.events if event.name == "stage.entered"]
    return told + [f"进入{stage}" for stage in stages]
