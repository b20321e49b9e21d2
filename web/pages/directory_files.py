"""导入单位和人员: ① a template ② a file ③ 核对, row by row ④ registered, all or nothing; ⑤ the offices, by another."""

from io import BytesIO
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, redirect, render_template, request

from engine.commands.bring_directory_file import bring_directory_file
from engine.commands.import_directory import import_directory
from engine.commands.settle_listed_offices import settle_listed_offices
from engine.directory.directory_file import HEADER, MOST_BYTES, MOST_ROWS
from engine.errors import EngineError, InvalidInput
from engine.moves.listing import DEPARTMENT, GIVEN_BY_FILE, KIND, LOGIN, NAME, OFFICES, UNIT, ListedRow
from engine.moves.permissions import permits
from engine.queries.directory_files import ListCheck, list_check, lists_brought
from engine.sheets import VERDICT
from engine.submissions.scanning import must_be_clean
from engine.words import Role, UnitKind
from web.csv_answers import csv_answer
from web.pages.asked import address, asked_number
from web.pages.posted import text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.visits.site import site
from web.workbook_answers import Sheet, workbook_answer

page = Blueprint("directory_files", __name__)
PAGE = 200
SHOWS = {"": "全部", "wrong": "只看错误", "new": "只看新登记的"}
_WIDTHS = {UNIT: 32, DEPARTMENT: 32, OFFICES: 32, VERDICT: 60}
_EXAMPLE = [
    ["示例教育局", UnitKind.DEPARTMENT.label, "", "示例王某", "shili.wang", Role.DEPARTMENT.label],
    ["示例小学", UnitKind.UNIT.label, "示例教育局", "示例李某", "shili.li", Role.UNIT_CLERK.label],
]
_TOLD = {
    UNIT: ("单位全称；只登记人员的可以不填", "登记单位时填"),
    KIND: ("、".join(kind.label for kind in UnitKind) + "；已登记的单位可以不填", "新单位填"),
    DEPARTMENT: ("主管部门全称，已登记的或者本文件里的；没有的不填", "否"),
    NAME: ("姓名；只登记单位的可以不填", "登记人员时填"),
    LOGIN: ("登录用的账号，本地区不重复", "登记人员时填"),
    OFFICES: (
        "、".join(f"“{role.label}”" for role in GIVEN_BY_FILE)
        + "；几个岗位用分号隔开，同一个人可以写几行。由安全管理员授予；管理员岗位不从文件授予",
        "否",
    ),
}


class NoFile(InvalidInput):
    """The form came without a file."""

    code = "directory.no_file"


@page.get("/directory/imports")
@requires("see_directory")
def begin(visit: Visit) -> Any:
    """The template, the field for a file, the lists brought so far, and whose offices wait."""
    return _begin(visit)


@page.get("/directory/imports/template.csv")
@requires("bring_directory_file")
def template(visit: Visit) -> Response:
    """The header and two examples."""
    return csv_answer("单位和人员模板.csv", [list(HEADER), *_EXAMPLE])


@page.get("/directory/imports/template.xlsx")
@requires("bring_directory_file")
def template_workbook(visit: Visit) -> Response:
    """The same as a workbook: words to choose from in their columns, and a sheet that says what goes where."""
    choices = {KIND: [kind.label for kind in UnitKind], OFFICES: [role.label for role in GIVEN_BY_FILE]}
    told = [[column, *what] for column, what in _TOLD.items()]
    return workbook_answer("单位和人员模板.xlsx", [
        Sheet("单位和人员", HEADER, _EXAMPLE, choices, _WIDTHS),
        Sheet("填写说明", ("列", "填什么", "必填"), told, widths={"填什么": 60}),
    ])  # fmt: skip


@page.post("/directory/imports")
@requires("bring_directory_file")
def bring(visit: Visit) -> Any:
    """Keep the file and show what it would bring; nothing is in the directory yet."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise NoFile("没有选择文件，没有读入。请选择填好的 Excel 或 CSV 文件后再上传。")
        raw = sent.stream.read(MOST_BYTES + 1)
        must_be_clean(site().scanner, BytesIO(raw), sent.filename)
        with visit.session.begin_nested():
            kept = bring_directory_file(visit.session, sent.filename, raw, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _begin(visit, refusal)
    return redirect(f"/directory/imports/{kept.gave['file']}", 303)


@page.get("/directory/imports/<int:list_id>")
@requires("see_directory")
def check(visit: Visit, list_id: int) -> Any:
    """核对; once it is written, what came of it and the offices that wait."""
    return _check(visit, list_id)


@page.get("/directory/imports/<int:list_id>/marked.xlsx")
@requires("see_directory")
def marked(visit: Visit, list_id: int) -> Response:
    """The list again, with what is to be said of each row in a column of its own; corrected, it can be brought so."""
    found = list_check(visit.session, visit.actor, list_id)
    rows = [[*row.cells, _verdict(row)] for row in found.rows]
    stem = found.line.file.name.rpartition(".")[0] or found.line.file.name
    return workbook_answer(f"核对-{stem}.xlsx", [Sheet("核对", (*HEADER, VERDICT), rows, widths=_WIDTHS)])


@page.post("/directory/imports/<int:list_id>/completion")
@requires("import_directory")
def write(visit: Visit, list_id: int) -> Any:
    """登记, all rows or none."""
    try:
        with visit.session.begin_nested():
            import_directory(visit.session, list_id, by=visit.actor, at=visit.at, key=text_of("key", 64) or None)
    except EngineError as refusal:
        return _check(visit, list_id, refusal)
    return redirect(f"/directory/imports/{list_id}", 303)


@page.post("/directory/imports/<int:list_id>/offices")
@requires("settle_listed_offices")
def settle(visit: Visit, list_id: int) -> Any:
    """授予 all offices of the list, or none of them with a reason."""
    granted, reason = text_of("granted") == "1", text_of("reason").strip()
    try:
        with visit.session.begin_nested():
            settle_listed_offices(
                visit.session, list_id, granted, reason=reason or None, by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        return _check(visit, list_id, refusal)
    return redirect(f"/directory/imports/{list_id}", 303)


def _begin(visit: Visit, refusal: EngineError | None = None) -> Any:
    return render_template(
        "directory_import.html", visit=visit, refusal=refusal, lines=lists_brought(visit.session, visit.actor),
        header=HEADER, megabytes=MOST_BYTES // 1_000_000, most=MOST_ROWS,
        may_bring=permits("bring_directory_file", visit.actor),
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _check(visit: Visit, list_id: int, refusal: EngineError | None = None) -> Any:
    found, show, at = (
        list_check(visit.session, visit.actor, list_id),
        request.args.get("show", ""),
        asked_number("from", 6) or 0,
    )
    chosen = [row for row in found.rows if _is_shown(row, show)]
    leads_on = at + PAGE if at + PAGE < len(chosen) else None
    here = f"/directory/imports/{list_id}"
    return render_template(
        "directory_check.html", visit=visit, file=found.line.file, line=found.line, refusal=refusal,
        counts=_counts(found), show=show, shows=SHOWS, rows=chosen[at : at + PAGE], header=HEADER, after=at,
        key=uuid4().hex, may_write=permits("import_directory", visit.actor),
        may_give=permits("settle_listed_offices", visit.actor), reason=text_of("reason"),
        first_url=address(here, show=show),
        next_url=address(here, show=show, **{"from": leads_on}) if leads_on else None,
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _is_shown(row: ListedRow, show: str) -> bool:
    return {"wrong": row.is_wrong, "new": not row.is_known and not row.is_wrong}.get(show, True)


def _counts(found: ListCheck) -> dict[str, int]:
    return {
        "wrong": sum(row.is_wrong for row in found.rows),
        "known": sum(row.is_known for row in found.rows),
        "units": sum(row.new_unit for row in found.rows if not row.is_wrong),
        "people": sum(row.new_person for row in found.rows if not row.is_wrong),
        "offices": sum(len(row.offices) for row in found.rows if not row.is_wrong),
    }


def _verdict(row: ListedRow) -> str:
    return "；".join(problem.message for problem in row.problems)
