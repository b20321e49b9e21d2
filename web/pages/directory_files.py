"""导入单位和人员: the units and people of a list are registered; ⑤ the offices in it are given by another."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect

from engine.commands.bring_directory_file import bring_directory_file
from engine.commands.import_directory import import_directory
from engine.commands.settle_listed_offices import settle_listed_offices
from engine.directory.directory_file import TEMPLATE
from engine.errors import EngineError
from engine.moves.listing import DEPARTMENT, GIVEN_BY_FILE, KIND, LOGIN, NAME, OFFICES, UNIT
from engine.moves.permissions import permits
from engine.queries.directory_files import ListCheck, list_check, lists_brought
from engine.words import Role, UnitKind
from web.pages import imports
from web.pages.imports import Column, Import
from web.pages.posted import text_of
from web.visits import Visit, requires

page = Blueprint("directory_files", __name__)
_EXAMPLES = [
    ["示例教育局", UnitKind.DEPARTMENT.label, "", "示例王某", "shili.wang", Role.DEPARTMENT.label],
    ["示例小学", UnitKind.UNIT.label, "示例教育局", "示例李某", "shili.li", Role.UNIT_CLERK.label],
]


def _columns() -> Mapping[str, Column]:
    kinds, offices = [kind.label for kind in UnitKind], [role.label for role in GIVEN_BY_FILE]
    named = "、".join(f"“{office}”" for office in offices)
    return {
        UNIT: Column("单位全称；只登记人员的可以不填", "登记单位时填", width=32),
        KIND: Column(f"{'、'.join(kinds)}；已登记的单位可以不填", "新单位填", kinds),
        DEPARTMENT: Column("主管部门全称，已登记的或者本文件里的；没有的不填", width=32),
        NAME: Column("姓名；只登记单位的可以不填", "登记人员时填"),
        LOGIN: Column("登录用的账号，本地区不重复", "登记人员时填"),
        OFFICES: Column(
            f"{named}；几个岗位用分号隔开，同一个人可以写几行。由安全管理员授予；管理员岗位不从文件授予",
            choices=offices,
            width=32,
        ),
    }


LISTS = Import(
    home="/directory/imports", pages="directory", title="单位和人员", known="都已登记", template=TEMPLATE,
    bring=bring_directory_file, columns=_columns, examples=lambda: _EXAMPLES,
)  # fmt: skip


@page.get("/directory/imports")
@requires("see_directory")
def begin(visit: Visit) -> Any:
    """The template, the field for a file, the lists brought so far, and whose offices wait."""
    return _begin(visit)


@page.get("/directory/imports/template.csv")
@requires("bring_directory_file")
def template(visit: Visit) -> Response:
    """① as CSV."""
    return imports.template_csv(LISTS)


@page.get("/directory/imports/template.xlsx")
@requires("bring_directory_file")
def template_workbook(visit: Visit) -> Response:
    """① as a workbook."""
    return imports.template_workbook(LISTS)


@page.post("/directory/imports")
@requires("bring_directory_file")
def bring(visit: Visit) -> Any:
    """②; nothing is in the directory yet."""
    return imports.bring(visit, LISTS, _begin)


@page.get("/directory/imports/<int:list_id>")
@requires("see_directory")
def check(visit: Visit, list_id: int) -> Any:
    """③; once it is written, what came of it and the offices that wait."""
    return _check(visit, list_id)


@page.get("/directory/imports/<int:list_id>/marked.csv")
@requires("see_directory")
def marked(visit: Visit, list_id: int) -> Response:
    """The list again, with what is to be said of each row."""
    return imports.marked_csv(LISTS, _found(visit, list_id))


@page.get("/directory/imports/<int:list_id>/marked.xlsx")
@requires("see_directory")
def marked_workbook(visit: Visit, list_id: int) -> Response:
    """The same as a workbook."""
    return imports.marked_workbook(LISTS, _found(visit, list_id))


@page.get("/directory/imports/<int:list_id>/refused.xlsx")
@requires("see_directory")
def refused_rows(visit: Visit, list_id: int) -> Response:
    """Only the rows that cannot be written."""
    return imports.refused_workbook(LISTS, _found(visit, list_id))


@page.post("/directory/imports/<int:list_id>/completion")
@requires("import_directory")
def write(visit: Visit, list_id: int) -> Any:
    """④, all rows or none; with the second button only the sound ones."""
    only_sound, key = text_of("only_sound") == "1", text_of("key", 64) or None
    try:
        with visit.session.begin_nested():
            import_directory(visit.session, list_id, only_sound=only_sound, by=visit.actor, at=visit.at, key=key)
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
    lines, may_bring = lists_brought(visit.session, visit.actor), permits("bring_directory_file", visit.actor)
    return imports.begin_page(visit, LISTS, refusal, lines=lines, may_bring=may_bring)


def _found(visit: Visit, list_id: int) -> ListCheck:
    return list_check(visit.session, visit.actor, list_id)


def _check(visit: Visit, list_id: int, refusal: EngineError | None = None) -> Any:
    found = _found(visit, list_id)
    return imports.check_page(
        visit, LISTS, found, refusal, line=found.line, brings=_brings(found), reason=text_of("reason"),
        sound=sum(row.is_new for row in found.sound), left_out=len(found.rows) - len(found.sound),
        may_write=permits("import_directory", visit.actor), may_give=permits("settle_listed_offices", visit.actor),
    )  # fmt: skip


def _brings(found: ListCheck) -> dict[str, int]:
    """What is new in the rows that can be written."""
    return {
        "units": sum(row.new_unit for row in found.sound),
        "people": sum(row.new_person for row in found.sound),
        "offices": sum(len(row.offices) for row in found.sound),
    }
