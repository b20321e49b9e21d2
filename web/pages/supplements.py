"""追加: what the department has spent by the newest figures, in rows, where more money is asked for and decided on."""

from engine.moves.spending import DepartmentProgress
from engine.queries.executions import SupplementOutlook, supplement_outlook
from engine.queries.task_card import TaskCard
from engine.scoring.numbers import percent
from engine.words import RowStatus
from web.pages.formats import iso, wan
from web.pages.trying import Rows
from web.visits import Visit

DECIDED_AT = ("decide_supplement", "decide_supplement_exception")
"""The steps of `budget_adjustment` at which a person decides whether money is added."""


def outlook_of(visit: Visit, card: TaskCard) -> Rows:
    """The same on the page of a step that decides on it; nothing on others."""
    if card.element not in DECIDED_AT or not card.is_open:
        return ()
    return outlook(visit, card.case_id)


def outlook(visit: Visit, case_id: int) -> Rows:
    """What a supplement of the case would be held against today."""
    found = supplement_outlook(visit.session, visit.actor, case_id, on=visit.today)
    return (*_progress(found.progress), ("能否追加", _answer(found)))


def _progress(progress: DepartmentProgress) -> Rows:
    if progress.execution_rate is None or progress.time_progress is None:
        why = f"{progress.without} 个还没有执行数" if progress.without else "算不出序时进度"
        return (("部门支出进度", f"不能判断：本年在办的 {progress.projects} 个对象中，{why}"),)
    spent, of = wan(progress.executed_wan), wan(progress.of_wan)
    figures = f"{spent}÷{of} 万元，{progress.projects} 个对象的最新执行数，截至 {_days(progress)}"
    unsure = (
        "" if progress.can_be_told else f"；其中 {progress.outdated} 个执行数不是现在的，不能判断，可先登记最新执行数"
    )
    return (
        ("部门支出进度", f"{percent(progress.execution_rate)}（{figures}）"),
        ("序时进度", f"{percent(progress.time_progress)}（算到今天）{unsure}"),
    )


def _days(progress: DepartmentProgress) -> str:
    first, last = iso(progress.first_on), iso(progress.last_on)
    return first if first == last else f"{first} 至 {last}"


def _answer(found: SupplementOutlook) -> str:
    answer = found.answer
    if answer.undefined:
        return f"{'资料不全' if found.laid_down else '本区未规定'}，由财政业务股认定"
    said = "可以追加" if answer.outputs["allowed"] else "原则上不予追加，例外由财政业务股认定并写明理由"
    return f"{said}（依据：{answer.source}；{RowStatus.said(answer.status)}）"
