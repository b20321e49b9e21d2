"""导入指标库: ① a template ② a file ③ 核对, row by row ④ written, or not a single row."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, redirect, render_template, request

from engine.commands.bring_library_file import bring_library_file
from engine.commands.import_indicators import import_indicators
from engine.errors import EngineError, InvalidInput
from engine.indicators import COLUMNS
from engine.indicators.library_file import HEADER, MOST_BYTES
from engine.moves.indicators import DIRECTION_LABELS, CheckedLine, levels, library_file
from engine.queries.indicator_library import FileCheck, file_check, files_brought
from web.csv_answers import csv_answer
from web.pages.asked import address, asked_number
from web.pages.posted import text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("indicator_files", __name__)
PAGE = 200
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
    """The header and one example, with the words that can be used."""
    first, second = levels()[0]
    example = ["示例-001", "示例：新增公办学位数", first, second, "教育", "≥", "个", "当年新增学位数合计", ""]
    return csv_answer("指标库模板.csv", [list(HEADER), example])


@page.post("/indicators/imports")
@requires("bring_library_file")
def bring(visit: Visit) -> Any:
    """Keep the file and show what it would bring; nothing is in the library yet."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise NoFile("没有选择文件，没有读入。请选择填好的 CSV 文件后再上传。")
        raw = sent.stream.read(MOST_BYTES + 1)
        kept = bring_library_file(visit.session, sent.filename, raw, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _begin(visit, refusal)
    return redirect(f"/indicators/imports/{kept.gave['file']}", 303)


@page.get("/indicators/imports/<int:file_id>")
@requires("import_indicators")
def check(visit: Visit, file_id: int) -> Any:
    """核对."""
    return _check(visit, file_id)


@page.get("/indicators/imports/<int:file_id>/marked.csv")
@requires("import_indicators")
def marked(visit: Visit, file_id: int) -> Response:
    """The file again, with what is to be said of each row in a column of its own."""
    found = file_check(visit.session, visit.actor, file_id)
    rows = [[*_cells(line), "；".join(problem.message for problem in line.problems)] for line in found.lines]
    return csv_answer(f"核对-{found.name.rpartition('.')[0] or found.name}.csv", [[*HEADER, "核对结果"], *rows])


@page.post("/indicators/imports/<int:file_id>/completion")
@requires("import_indicators")
def write(visit: Visit, file_id: int) -> Any:
    """写入, all rows or none; with the second button only the sound ones."""
    only_sound, key = text_of("only_sound") == "1", text_of("key", 64) or None
    library_file(visit.session, visit.actor, file_id)
    try:
        import_indicators(visit.session, file_id, only_sound=only_sound, by=visit.actor, at=visit.at, key=key)
    except EngineError as refusal:
        return _check(visit, file_id, refusal)
    return redirect(f"/indicators/imports/{file_id}", 303)


def _begin(visit: Visit, refusal: EngineError | None = None) -> Any:
    return render_template(
        "indicator_import.html", visit=visit, refusal=refusal, files=files_brought(visit.session, visit.actor),
        header=HEADER, megabytes=MOST_BYTES // 1_000_000,
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
        lines=chosen[at : at + PAGE], columns=COLUMNS, directions=DIRECTION_LABELS, key=uuid4().hex, after=at,
        first_url=address(here, show=show),
        next_url=address(here, show=show, **{"from": leads_on}) if leads_on else None,
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


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
