"""导入, whatever is imported: ① a template ② a file ③ 核对, row by row ④ written, all rows or only the sound ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol
from uuid import uuid4

from flask import Response, redirect, render_template, request

from engine.errors import EngineError, InvalidInput
from engine.moves.receipts import Receipt
from engine.sheets import VERDICT, CheckedRow, Template
from engine.submissions.scanning import must_be_clean
from web.csv_answers import csv_answer
from web.pages.asked import address, asked_number, asked_word
from web.visits import Visit
from web.visits.refusals import status_of
from web.visits.site import site
from web.workbook_answers import Sheet, workbook_answer

PAGE = 200
SHOWS = {"": "全部", "wrong": "只看错误", "look": "只看需核对", "new": "只看可写入"}
_WIDE = 60


class NoFile(InvalidInput):
    """The form came without a file."""

    code = "import.no_file"


@dataclass(frozen=True, slots=True)
class Column:
    """What goes into a column, when it has to be filled, and the words to choose from; `is_short` is never broken."""

    told: str
    needed: str = "否"
    choices: Sequence[str] = ()
    width: int | None = None
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Import:
    """One kind of file: its address, what its templates begin with, what it is called, and the command that keeps it.

    `columns` says what goes where, in the order of the template; `examples` are rows of one; `known` is said of a row
    of which nothing is new.
    """

    home: str
    pages: str
    title: str
    known: str
    template: Template
    bring: Callable[..., Receipt]
    columns: Callable[[], Mapping[str, Column]]
    examples: Callable[[], Sequence[Sequence[str]]]

    @property
    def megabytes(self) -> int:
        """So big a file may be."""
        return self.template.bounds.size_bytes // 1_000_000

    @property
    def widths(self) -> dict[str, int]:
        """Column → how wide a workbook shows it, where that is not seen from its name."""
        return {name: column.width for name, column in self.columns().items() if column.width} | {VERDICT: _WIDE}


class Found(Protocol):
    """A file somebody brought, and its rows as they would be written now."""

    @property
    def file(self) -> Any:
        """The file as it is kept."""

    @property
    def rows(self) -> Sequence[CheckedRow]:
        """Its rows, none once nothing of it waits."""


# ── ① ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def template_csv(kind: Import) -> Response:
    """The header and the examples."""
    return csv_answer(f"{kind.title}模板.csv", [kind.template.header, *kind.examples()])


def template_workbook(kind: Import) -> Response:
    """The same as a workbook: words to choose from in their columns, and a sheet that says what goes where."""
    columns = kind.columns()
    choices = {name: column.choices for name, column in columns.items() if column.choices}
    told = [[name, column.told, column.needed] for name, column in columns.items()]
    return workbook_answer(f"{kind.title}模板.xlsx", [
        Sheet(kind.template.things, kind.template.header, kind.examples(), choices, kind.widths),
        Sheet("填写说明", ("列", "填什么", "必填"), told, widths={"填什么": _WIDE}),
    ])  # fmt: skip


# ── ② ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def begin_page(visit: Visit, kind: Import, refusal: EngineError | None, **more: Any) -> Any:
    """The templates, the field for a file, and the files brought so far."""
    page = render_template(f"{kind.pages}_import.html", visit=visit, kind=kind, refusal=refusal, **more)
    return page, 200 if refusal is None else status_of(refusal)


def bring(visit: Visit, kind: Import, begin: Callable[[Visit, EngineError], Any]) -> Any:
    """Keep the file that was sent and show what it would bring; nothing is written yet."""
    try:
        name, raw = _sent(kind)
        must_be_clean(site().scanner, BytesIO(raw), name)
        with visit.session.begin_nested():
            kept = kind.bring(visit.session, name, raw, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return begin(visit, refusal)
    return redirect(f"{kind.home}/{kept.gave['file']}", 303)


def _sent(kind: Import) -> tuple[str, bytes]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile("没有选择文件，没有读入。请选择填好的 Excel 或 CSV 文件后再上传。")
    return sent.filename, sent.stream.read(kind.template.bounds.size_bytes + 1)


# ── ③ ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_page(visit: Visit, kind: Import, found: Found, refusal: EngineError | None, **more: Any) -> Any:
    """核对, some rows at a time; `more` is what the pages of this kind show besides."""
    show, at = asked_word("show", SHOWS) or "", asked_number("from", 6) or 0
    chosen = [row for row in found.rows if _is_shown(row, show)]
    here, leads_on = f"{kind.home}/{found.file.id}", at + PAGE if at + PAGE < len(chosen) else None
    page = render_template(
        f"{kind.pages}_check.html", visit=visit, kind=kind, file=found.file, here=here, refusal=refusal,
        counts=_counts(found.rows), total=len(found.rows), columns=kind.columns(), key=uuid4().hex,
        show=show, shows=SHOWS, rows=chosen[at : at + PAGE], after=at, first_url=address(here, show=show),
        next_url=address(here, show=show, **{"from": leads_on}) if leads_on else None, **more,
    )  # fmt: skip
    return page, 200 if refusal is None else status_of(refusal)


def marked_csv(kind: Import, found: Found) -> Response:
    """The file again, with what is to be said of each row in a column of its own."""
    return csv_answer(f"核对-{_stem(found)}.csv", [(*kind.template.header, VERDICT), *_marked(found.rows)])


def marked_workbook(kind: Import, found: Found) -> Response:
    """The same as a workbook; corrected, it can be brought again as it is."""
    sheet = Sheet("核对", (*kind.template.header, VERDICT), _marked(found.rows), widths=kind.widths)
    return workbook_answer(f"核对-{_stem(found)}.xlsx", [sheet])


def refused_workbook(kind: Import, found: Found) -> Response:
    """Only the rows that cannot be written, each with why and which row it was."""
    rows = [[*row.cells, f"原第 {row.row} 行：{row.said}"] for row in found.rows if row.is_wrong]
    sheet = Sheet("错误行", (*kind.template.header, VERDICT), rows, widths=kind.widths)
    return workbook_answer(f"错误行-{_stem(found)}.xlsx", [sheet])


def _is_shown(row: CheckedRow, show: str) -> bool:
    return {"wrong": row.is_wrong, "look": row.is_doubtful, "new": row.is_writable}.get(show, True)


def _counts(rows: Sequence[CheckedRow]) -> dict[str, int]:
    return {
        "new": sum(row.is_writable for row in rows),
        "look": sum(row.is_doubtful for row in rows),
        "wrong": sum(row.is_wrong for row in rows),
        "known": sum(row.is_known for row in rows),
    }


def _marked(rows: Sequence[CheckedRow]) -> list[list[str]]:
    return [[*row.cells, row.said] for row in rows]


def _stem(found: Found) -> str:
    name = str(found.file.name)
    return name.rpartition(".")[0] or name
