"""What the stories of the five accounts need besides the years: two drafts with mistakes, a small library, one fault.

Everything here is 示例 and hangs on example units.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.commands.add_indicator import add_indicator
from engine.commands.save_draft import save_draft
from engine.moves.attempts import told_actor
from engine.moves.incidents import Attempt, note_incident
from engine.moves.outcome import Outcome
from engine.process import ProcessIncident
from engine.rehearsal.demo import demo_clock, late_filers
from engine.rehearsal.desk import Desk, Memory
from engine.rehearsal.papers import evaluation
from engine.rehearsal.people import Town
from engine.rehearsal.year import Year
from engine.stages import diagrams_of
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import Role, TaskState

STUCK = (2022, "P003")
"""Approving the monitoring table of this project failed, and can be tried again."""
DRAFTED = (2023, "P005")
"""The target somebody is mending: both remarks are open, and one weight has become two short."""
LIBRARY = (
    ("示例-JY-001", "新增公办学位数", "产出指标", "数量指标", "个", "当年新增公办幼儿园学位数合计"),
    ("示例-JY-002", "公办园在园幼儿数", "产出指标", "数量指标", "人", "年末公办园在园幼儿人数"),
    ("示例-JY-003", "普惠性幼儿园覆盖率", "效益指标", "社会效益指标", "%", "普惠性幼儿园在园幼儿数÷在园幼儿总数"),
    ("示例-JY-004", "家长满意度", "满意度指标", "服务对象满意度指标", "%", "满意和基本满意的有效问卷÷有效问卷"),
)


def leave_stories(year: Year) -> None:
    """Put into a demo that has come to its day what its stories begin with."""
    town = year.ground.town
    with year.ground.transaction() as session:
        _library(session, town)
        _draft(session, town)
        _report(session, year)
        _fault(session, town)


def _library(session: Session, town: Town) -> None:
    """共性指标 of the 绩效股, so that a clerk finds something to choose from."""
    for code, name, level1, level2, unit, calculation in LIBRARY:
        cells = {
            "code": code, "name": name, "level1": level1, "level2": level2, "industry": "教育", "direction": "≥",
            "unit": unit, "calculation": calculation,
        }  # fmt: skip
        add_indicator(session, cells, by=town.office, at=demo_clock().now())


def _draft(session: Session, town: Town) -> None:
    task = _open_task(session, *DRAFTED)
    by = town.who(task.unit_id, Role(task.role))
    paper = session.scalars(
        select(Submission)
        .where(Submission.case_id == task.case_id, Submission.form == "F02")
        .order_by(Submission.version.desc())
        .limit(1)
    ).one()
    rows = [dict(row) for row in paper.content["indicators"]]
    next(row for row in rows if row["id"] == "activity")["weight"] = "8"
    started = {**paper.content, "indicators": rows, "explanations": {}}
    save_draft(session, task.id, started, by=by, at=demo_clock().now())


def _report(session: Session, year: Year) -> None:
    """A report at its draft whose grade is one too high, with a deduction nothing is told for."""
    subject = late_filers()[0]
    task = _open_task(session, subject.fiscal_year, subject.code)
    case = session.get_one(Case, task.case_id)
    town, element = year.ground.town, diagrams_of(session, case.diagrams_id).element(task.process, task.element)
    by, at = town.who(task.unit_id, Role(task.role)), demo_clock().now()
    desk = Desk(session, year.ground.seed, town, case, subject, Memory(), task, element, by, at, times=1)
    content = evaluation.report(desk, desk.context("F09"))
    deducted = next(row for row in content["rows"] if row.get("evidence"))
    rows = [row | ({"evidence": []} if row is deducted else {}) for row in content["rows"]]
    save_draft(session, task.id, {**content, "rows": rows, "grade": "优"}, by=by, at=at)


def _fault(session: Session, town: Town) -> None:
    """异常: the department approved a monitoring table today, and the case could not go on; trying again helps."""
    task = _open_task(session, *STUCK)
    by = town.who(task.unit_id, Role(task.role))
    told = {"outcome": Outcome("approved").told(), "by": told_actor(by), "key": "示例：异常"}
    fault = ProcessIncident(
        "示例：审核通过后要查监控审核路线，当时规则正在换版，没有查到；规则现已就绪，可以重试。",
        process_id=task.process, element_id=task.element,
    )  # fmt: skip
    note_incident(session, Attempt("complete_task", told, task_id=task.id, by=by), fault, at=demo_clock().now())


def _open_task(session: Session, fiscal_year: int, code: str) -> Task:
    """The one task a project waits for."""
    open_ones = (
        select(Task)
        .join(Case, Case.id == Task.case_id)
        .where(Case.fiscal_year == fiscal_year, Case.code == code, Task.state == TaskState.OPEN)
    )
    return session.scalars(open_ones).one()
