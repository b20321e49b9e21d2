"""导入执行数: the figures of a file are put on record in their cases, each a version of its own."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect

from engine.commands.bring_execution_file import bring_execution_file
from engine.commands.import_execution import import_execution
from engine.errors import EngineError
from engine.executions import TEMPLATE
from engine.moves.executing import AS_OF, CODE, EXECUTED, LINE, LONGEST_SOURCE, PLANNED, SOURCE, YEAR
from engine.queries.executions import FigureCheck, execution_check, executions_brought
from web.pages import imports
from web.pages.imports import Column, Import
from web.pages.posted import text_of
from web.visits import Visit, requires

page = Blueprint("execution_files", __name__)
_EXAMPLES = [
    ["示例-2022-001", "2022", "2022-09-30", "", "120.5", "", "示例：国库集中支付系统"],
    ["示例-2022-002", "2022", "2022-09-30", "财政拨款", "60", "", "示例：国库集中支付系统"],
    ["示例-2022-002", "2022", "2022-09-30", "上级补助", "35.2", "", "示例：国库集中支付系统"],
]


def _columns() -> Mapping[str, Column]:
    return {
        CODE: Column("案卷的编号", "是"),
        YEAR: Column("四位数字，钱是哪一年的", "是", is_short=True),
        AS_OF: Column("执行数到哪一天为止，写成 2022-09-30", "是", is_short=True),
        LINE: Column("项目有几笔资金、要分开报的，写资金名称，同一天的每一笔都要有一行；报合计的留空", width=24),
        EXECUTED: Column("1 月 1 日到截至日的累计支出", "是"),
        PLANNED: Column("到截至日按用款计划应支付的累计数；时间进度按用款计划算的地区填"),
        SOURCE: Column(f"数字从哪里来，不超过 {LONGEST_SOURCE} 字；不填就是文件名", width=32),
    }


FIGURES = Import(
    home="/monitoring/imports", pages="execution", title="执行数", known="已登记过、内容相同", template=TEMPLATE,
    bring=bring_execution_file, columns=_columns, examples=lambda: _EXAMPLES,
)  # fmt: skip


@page.get("/monitoring/imports")
@requires("bring_execution_file")
def begin(visit: Visit) -> Any:
    """The template, the field for a file, and the files brought so far."""
    return _begin(visit)


@page.get("/monitoring/imports/template.csv")
@requires("bring_execution_file")
def template(visit: Visit) -> Response:
    """① as CSV."""
    return imports.template_csv(FIGURES)


@page.get("/monitoring/imports/template.xlsx")
@requires("bring_execution_file")
def template_workbook(visit: Visit) -> Response:
    """① as a workbook."""
    return imports.template_workbook(FIGURES)


@page.post("/monitoring/imports")
@requires("bring_execution_file")
def bring(visit: Visit) -> Any:
    """②; nothing is in any case yet."""
    return imports.bring(visit, FIGURES, _begin)


@page.get("/monitoring/imports/<int:figures_id>")
@requires("import_execution")
def check(visit: Visit, figures_id: int) -> Any:
    """③; once it is written, what came of it."""
    return _check(visit, figures_id)


@page.get("/monitoring/imports/<int:figures_id>/marked.csv")
@requires("import_execution")
def marked(visit: Visit, figures_id: int) -> Response:
    """The file again, with what is to be said of each row."""
    return imports.marked_csv(FIGURES, _found(visit, figures_id))


@page.get("/monitoring/imports/<int:figures_id>/marked.xlsx")
@requires("import_execution")
def marked_workbook(visit: Visit, figures_id: int) -> Response:
    """The same as a workbook."""
    return imports.marked_workbook(FIGURES, _found(visit, figures_id))


@page.get("/monitoring/imports/<int:figures_id>/refused.xlsx")
@requires("import_execution")
def refused_rows(visit: Visit, figures_id: int) -> Response:
    """Only the rows that cannot be written."""
    return imports.refused_workbook(FIGURES, _found(visit, figures_id))


@page.post("/monitoring/imports/<int:figures_id>/completion")
@requires("import_execution")
def write(visit: Visit, figures_id: int) -> Any:
    """④, all rows or none; with the second button only the sound ones."""
    only_sound, key = text_of("only_sound") == "1", text_of("key", 64) or None
    try:
        with visit.session.begin_nested():
            import_execution(visit.session, figures_id, only_sound=only_sound, by=visit.actor, at=visit.at, key=key)
    except EngineError as refusal:
        return _check(visit, figures_id, refusal)
    return redirect(f"/monitoring/imports/{figures_id}", 303)


def _begin(visit: Visit, refusal: EngineError | None = None) -> Any:
    files = executions_brought(visit.session, visit.actor)
    return imports.begin_page(visit, FIGURES, refusal, files=files, may_bring=True)


def _found(visit: Visit, figures_id: int) -> FigureCheck:
    return execution_check(visit.session, visit.actor, figures_id, at=visit.at)


def _check(visit: Visit, figures_id: int, refusal: EngineError | None = None) -> Any:
    found = _found(visit, figures_id)
    return imports.check_page(
        visit, FIGURES, found, refusal, figures=found.figures, may_write=True,
        sound=sum(row.is_writable for row in found.rows), left_out=sum(row.is_wrong for row in found.rows),
    )  # fmt: skip
