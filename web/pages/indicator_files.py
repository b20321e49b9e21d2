"""导入指标库: ① a template ② a file ③ 核对, row by row ④ written, or not a single row."""

from io import BytesIO
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, redirect, render_template, request

from engine.commands.bring_library_file import bring_library_file
from engine.commands.import_indicators import import_indicators
from engine.errors import EngineError, InvalidInput
from engine.indicators import COLUMNS
from engine.indicators.library_file import HEADER, MOST_BYTES, MOST_ROWS, OWNER
from engine.moves.indicators import DIRECTION_LABELS, CheckedLine, levels, library_file
from engine.portions import Standing, work_of
from engine.queries.indicator_library import FileCheck, file_check, files_brought
from engine.sheets import VERDICT
from engine.submissions.scanning import must_be_clean
from web.csv_answers import csv_answer
from web.pages.asked import address, asked_number
from web.pages.portions import Portion, halt, is_driven, is_halted, standing
from web.pages.posted import text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.visits.site import site
from web.workbook_answers import Sheet, workbook_answer

page = Blueprint("indicator_files", __name__)
PAGE = 200
KIND = "import"
AT_ONCE = 2000
"""So many entries are written within one request, which is one transaction; a longer file is written in portions."""
_WIDTHS = {COLUMNS["name"]: 32, COLUMNS["calculation"]: 48, OWNER: 24, VERDICT: 60}
SHOWS = {"": "全部", "wrong": "只看错误", "look": "只看需核对"}


class NoFile(InvalidInput):
    """The form came without a file."""

    code = "indicator.no_file"


@page.get("/indicators/imports")
@requires("bring_library_file")
def begin(visit: Visit) -> Any:
    """The template, the field for a file, and the files brought so far."""
    return _begin(visit)


@page.get("/indicators/template.csv")
@requires("bring_library_file")
def template(visit: Visit) -> Response:
    """The header and one example."""
    return csv_answer("指标库模板.csv", [list(HEADER), _example()])


@page.get("/indicators/template.xlsx")
@requires("bring_library_file")
def template_workbook(visit: Visit) -> Response:
    """The same as a workbook: words to choose from in their columns, and a sheet that says what goes where."""
    firsts, seconds = (list(dict.fromkeys(words)) for words in zip(*levels(), strict=True))
    labels = list(DIRECTION_LABELS.values())
    told = [[column, *what] for column, what in _explained(firsts, seconds, labels).items()]
    return workbook_answer("指标库模板.xlsx", [
        Sheet("指标", HEADER, [_example()], {COLUMNS["level1"]: firsts, COLUMNS["level2"]: seconds,
              COLUMNS["direction"]: labels}, _WIDTHS),
        Sheet("填写说明", ("列", "填什么", "必填"), told, widths={"填什么": 60}),
    ])  # fmt: skip


@page.post("/indicators/imports")
@requires("bring_library_file")
def bring(visit: Visit) -> Any:
    """Keep the file and show what it would bring; nothing is in the library yet."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise NoFile("没有选择文件，没有读入。请选择填好的 Excel 或 CSV 文件后再上传。")
        raw = sent.stream.read(MOST_BYTES + 1)
        must_be_clean(site().scanner, BytesIO(raw), sent.filename)
        with visit.session.begin_nested():
            kept = bring_library_file(visit.session, sent.filename, raw, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _begin(visit, refusal)
    return redirect(f"/indicators/imports/{kept.gave['file']}", 303)


@page.get("/indicators/imports/<int:file_id>")
@requires("import_indicators")
def check(visit: Visit, file_id: int) -> Any:
    """核对; while the file is being written, how far that has come."""
    work = standing(visit, KIND, file_id)
    if work is not None and work.is_running:
        kept = library_file(visit.session, visit.actor, file_id)
        return render_template("indicator_writing.html", visit=visit, file=kept, work=work, driven=is_driven())
    return _check(visit, file_id)


@page.get("/indicators/imports/<int:file_id>/marked.csv")
@requires("import_indicators")
def marked(visit: Visit, file_id: int) -> Response:
    """The file again, with what is to be said of each row in a column of its own."""
    found = file_check(visit.session, visit.actor, file_id)
    rows = [[*_cells(line), _verdict(line)] for line in found.lines]
    return csv_answer(f"核对-{_stem(found)}.csv", [[*HEADER, VERDICT], *rows])


@page.get("/indicators/imports/<int:file_id>/marked.xlsx")
@requires("import_indicators")
def marked_workbook(visit: Visit, file_id: int) -> Response:
    """The same as a workbook; corrected, it can be brought again as it is."""
    found = file_check(visit.session, visit.actor, file_id)
    rows = [[*_cells(line), _verdict(line)] for line in found.lines]
    return workbook_answer(f"核对-{_stem(found)}.xlsx", [Sheet("核对", (*HEADER, VERDICT), rows, widths=_WIDTHS)])


@page.get("/indicators/imports/<int:file_id>/refused.xlsx")
@requires("import_indicators")
def refused_rows(visit: Visit, file_id: int) -> Response:
    """Only the rows that cannot be written, each with why and which row it was."""
    found = file_check(visit.session, visit.actor, file_id)
    rows = [[*_cells(line), f"原第 {line.row} 行：{_verdict(line)}"] for line in found.lines if line.is_wrong]
    return workbook_answer(f"错误行-{_stem(found)}.xlsx", [Sheet("错误行", (*HEADER, VERDICT), rows, widths=_WIDTHS)])


@page.post("/indicators/imports/<int:file_id>/completion")
@requires("import_indicators")
def write(visit: Visit, file_id: int) -> Any:
    """写入, all rows or none; with the second button only the sound ones."""
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
    return render_template(
        "indicator_import.html", visit=visit, refusal=refusal, files=files_brought(visit.session, visit.actor),
        header=HEADER, megabytes=MOST_BYTES // 1_000_000, rows=MOST_ROWS,
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _check(visit: Visit, file_id: int, refusal: EngineError | None = None) -> Any:
    found, show, at = (
        file_check(visit.session, visit.actor, file_id),
        request.args.get("show", ""),
        asked_number("from", 6) or 0,
    )
    show = show if show in SHOWS else ""
    chosen = [line for line in found.lines if _is_shown(line, show)]
    leads_on = at + PAGE if at + PAGE < len(chosen) else None
    here = f"/indicators/imports/{file_id}"
    return render_template(
        "indicator_check.html", visit=visit, file=found, refusal=refusal, counts=_counts(found), show=show, shows=SHOWS,
        work=_paused(visit, file_id), at_once=AT_ONCE,
        lines=chosen[at : at + PAGE], columns=COLUMNS, directions=DIRECTION_LABELS, key=uuid4().hex, after=at,
        first_url=address(here, show=show),
        next_url=address(here, show=show, **{"from": leads_on}) if leads_on else None,
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _paused(visit: Visit, file_id: int) -> Standing | None:
    """The work of writing this file, where it stands still and something is left."""
    work = standing(visit, KIND, file_id)
    return None if work is None or work.is_over else work


def _is_shown(line: CheckedLine, show: str) -> bool:
    return line.is_wrong if show == "wrong" else bool(line.problems) and not line.is_wrong if show == "look" else True


def _counts(found: FileCheck) -> dict[str, int]:
    wrong = sum(line.is_wrong for line in found.lines)
    known = sum(line.known and not line.is_wrong for line in found.lines)
    look = sum(bool(line.problems) and not line.is_wrong for line in found.lines)
    return {"wrong": wrong, "known": known, "look": look, "new": len(found.lines) - wrong - known}


def _cells(line: CheckedLine) -> list[str]:
    told = [getattr(line.entry, column) for column in COLUMNS]
    told[list(COLUMNS).index("direction")] = DIRECTION_LABELS.get(line.entry.direction, line.entry.direction)
    return [*told, line.owner]


def _verdict(line: CheckedLine) -> str:
    return "；".join(problem.message for problem in line.problems)


def _stem(found: FileCheck) -> str:
    return found.name.rpartition(".")[0] or found.name


def _example() -> list[str]:
    first, second = levels()[0]
    return ["示例-001", "示例：新增公办学位数", first, second, "教育", "≥", "个", "当年新增学位数合计", ""]


def _explained(firsts: list[str], seconds: list[str], directions: list[str]) -> dict[str, tuple[str, str]]:
    """Column → what goes there, and whether it has to."""
    told = {
        "code": ("本地区唯一的编码，不超过 40 字，不含空格", "是"),
        "name": ("指标名称，不超过 200 字", "是"),
        "level1": ("、".join(firsts), "是"),
        "level2": ("、".join(seconds), "是"),
        "industry": ("所属行业，可以不填", "否"),
        "direction": ("、".join(directions), "是"),
        "unit": ("计量单位；定性指标不填", "定量填"),
        "calculation": ("计算方法或口径", "定量填"),
    }
    return {COLUMNS[column]: what for column, what in told.items()} | {OWNER: ("归口单位的名称；不填就是本单位", "否")}
