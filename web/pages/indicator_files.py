"""导入指标库: the entries of a file go into the library; a long file is written in portions."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, redirect, render_template

from engine.commands.bring_library_file import bring_library_file
from engine.commands.import_indicators import import_indicators
from engine.errors import EngineError
from engine.indicators import COLUMNS
from engine.indicators.library_file import OWNER, TEMPLATE
from engine.moves.indicators import DIRECTION_LABELS, levels, library_file
from engine.portions import Standing, work_of
from engine.queries.indicator_library import FileCheck, file_check, files_brought
from web.pages import imports
from web.pages.imports import Column, Import
from web.pages.portions import Portion, halt, is_driven, is_halted, standing
from web.pages.posted import text_of
from web.visits import Visit, requires

page = Blueprint("indicator_files", __name__)
KIND = "import"
AT_ONCE = 2000
"""So many entries are written within one request, which is one transaction; a longer file is written in portions."""


def _columns() -> Mapping[str, Column]:
    firsts, seconds = (list(dict.fromkeys(words)) for words in zip(*levels(), strict=True))
    directions = list(DIRECTION_LABELS.values())
    told = {
        "code": Column("本地区唯一的编码，不超过 40 字，不含空格", "是", is_short=True),
        "name": Column("指标名称，不超过 200 字", "是", width=32),
        "level1": Column("、".join(firsts), "是", firsts, is_short=True),
        "level2": Column("、".join(seconds), "是", seconds, is_short=True),
        "industry": Column("所属行业，可以不填"),
        "direction": Column("、".join(directions), "是", directions, is_short=True),
        "unit": Column("计量单位；定性指标不填", "定量填"),
        "calculation": Column("计算方法或口径", "定量填", width=48),
    }
    owner = Column("归口单位的名称；不填就是本单位", width=24)
    return {COLUMNS[column]: what for column, what in told.items()} | {OWNER: owner}


def _examples() -> Sequence[Sequence[str]]:
    first, second = levels()[0]
    return [["示例-001", "示例：新增公办学位数", first, second, "教育", "≥", "个", "当年新增学位数合计", ""]]


LIBRARY = Import(
    home="/indicators/imports", pages="indicator", title="指标库", known="库中已有、内容相同", template=TEMPLATE,
    bring=bring_library_file, columns=_columns, examples=_examples,
)  # fmt: skip


@page.get("/indicators/imports")
@requires("bring_library_file")
def begin(visit: Visit) -> Any:
    """The template, the field for a file, and the files brought so far."""
    return _begin(visit)


@page.get("/indicators/imports/template.csv")
@requires("bring_library_file")
def template(visit: Visit) -> Response:
    """① as CSV."""
    return imports.template_csv(LIBRARY)


@page.get("/indicators/imports/template.xlsx")
@requires("bring_library_file")
def template_workbook(visit: Visit) -> Response:
    """① as a workbook."""
    return imports.template_workbook(LIBRARY)


@page.post("/indicators/imports")
@requires("bring_library_file")
def bring(visit: Visit) -> Any:
    """②; nothing is in the library yet."""
    return imports.bring(visit, LIBRARY, _begin)


@page.get("/indicators/imports/<int:file_id>")
@requires("import_indicators")
def check(visit: Visit, file_id: int) -> Any:
    """③; while the file is being written, how far that has come."""
    work = standing(visit, KIND, file_id)
    if work is not None and work.is_running:
        kept = library_file(visit.session, visit.actor, file_id)
        return render_template("indicator_writing.html", visit=visit, file=kept, work=work, driven=is_driven())
    return _check(visit, file_id)


@page.get("/indicators/imports/<int:file_id>/marked.csv")
@requires("import_indicators")
def marked(visit: Visit, file_id: int) -> Response:
    """The file again, with what is to be said of each row."""
    return imports.marked_csv(LIBRARY, _found(visit, file_id))


@page.get("/indicators/imports/<int:file_id>/marked.xlsx")
@requires("import_indicators")
def marked_workbook(visit: Visit, file_id: int) -> Response:
    """The same as a workbook."""
    return imports.marked_workbook(LIBRARY, _found(visit, file_id))


@page.get("/indicators/imports/<int:file_id>/refused.xlsx")
@requires("import_indicators")
def refused_rows(visit: Visit, file_id: int) -> Response:
    """Only the rows that cannot be written."""
    return imports.refused_workbook(LIBRARY, _found(visit, file_id))


@page.post("/indicators/imports/<int:file_id>/completion")
@requires("import_indicators")
def write(visit: Visit, file_id: int) -> Any:
    """④, all rows or none; with the second button only the sound ones."""
    library_file(visit.session, visit.actor, file_id)
    return _write(visit, file_id, only_sound=text_of("only_sound") == "1", key=text_of("key", 64) or None)


@page.post("/indicators/imports/<int:file_id>/portions")
@requires("import_indicators")
def go_on(visit: Visit, file_id: int) -> Any:
    """The next portion of a long file."""
    kept, work = library_file(visit.session, visit.actor, file_id), work_of(visit.session, KIND, file_id)
    if work is None or kept.written_at is not None or is_halted(visit, work):
        return redirect(f"/indicators/imports/{file_id}", 303)
    return _write(visit, file_id, only_sound=bool(work.content.get("gave", {}).get("only_sound")))


@page.post("/indicators/imports/<int:file_id>/stop")
@requires("import_indicators")
def stop(visit: Visit, file_id: int) -> Any:
    """停止: what is written stays in the library."""
    library_file(visit.session, visit.actor, file_id)
    halt(visit, work_of(visit.session, KIND, file_id))
    return redirect(f"/indicators/imports/{file_id}", 303)


def _write(visit: Visit, file_id: int, *, only_sound: bool, key: str | None = None) -> Any:
    """A portion of the file; the page sends for the next while any are left."""
    portion = Portion()
    try:
        with visit.session.begin_nested():
            gave = import_indicators(
                visit.session, file_id, only_sound=only_sound, most=AT_ONCE, by=visit.actor, at=visit.at, key=key
            ).gave  # fmt: skip
    except EngineError as refusal:
        return _check(visit, file_id, refusal)
    left = gave.get("left", 0)
    portion.note(visit, KIND, file_id, moved=gave["added"], left=left, gave={"only_sound": only_sound})
    return redirect(f"/indicators/imports/{file_id}{'?auto=1' if left else ''}", 303)


def _begin(visit: Visit, refusal: EngineError | None = None) -> Any:
    return imports.begin_page(visit, LIBRARY, refusal, files=files_brought(visit.session, visit.actor), may_bring=True)


def _found(visit: Visit, file_id: int) -> FileCheck:
    return file_check(visit.session, visit.actor, file_id)


def _check(visit: Visit, file_id: int, refusal: EngineError | None = None) -> Any:
    found = _found(visit, file_id)
    return imports.check_page(
        visit, LIBRARY, found, refusal, work=_paused(visit, file_id), at_once=AT_ONCE, may_write=True,
        sound=sum(row.is_writable for row in found.rows), left_out=sum(row.is_wrong for row in found.rows),
    )  # fmt: skip


def _paused(visit: Visit, file_id: int) -> Standing | None:
    """The work of writing this file, where it stands still and something is left."""
    work = standing(visit, KIND, file_id)
    return None if work is None or work.is_over else work
