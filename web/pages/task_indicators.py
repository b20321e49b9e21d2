"""Rows of a target taken over: chosen from 指标库, those of last year, and the library's words put back.

Whatever was typed into the form is kept with it: every button here sends the whole form, and the draft is saved with
the rows added. A form that changed meanwhile goes on to 存草稿, which shows both texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request

from engine.commands.save_draft import DraftChanged, save_draft
from engine.errors import EngineError, InvalidInput, NotFound, WrongState
from engine.moves.permissions import offices_let_in
from engine.queries.indicator_library import (
    EVERY_ENTRY,
    entries_by_code,
    indicator_library,
    industries,
)
from engine.queries.last_year import rows_of_last_year
from engine.queries.task_card import PaperToFill, TaskCard, task_card
from engine.submissions.forms import form_of
from engine.submissions.forms.from_library import (
    PROMISED_AGAIN,
    TAKEN,
    departures,
    not_there_yet,
    restored,
    row_from,
)
from engine.submissions.forms.indicators import TargetRow
from engine.submissions.forms.layout import layout
from engine.tasks import Task
from engine.words import IndicatorScope, IndicatorState
from web.forms import Posted, Tree, read_post
from web.forms.rows import fresh_id, ids_in, rows_at
from web.forms.shown import typed as in_control
from web.forms.shown import typed_items
from web.forms.tree import Field, Row, Table
from web.pages.indicators import asked_filters, choices_of, drops_in_library, level2s, library_address
from web.pages.task import filling_on
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("task_indicators", __name__)
MOST_CODES = 100
CODE = "library_code"
LABELS = {name: str(TargetRow().fields[name].metadata["label"]) for name in TAKEN}


class NoSuchTable(NotFound):
    """The step fills no form, or its form has no such table that takes entries of the library."""

    code = "page.no_such_table"


class TableFull(InvalidInput):
    """More rows than the table has room for."""

    code = "page.table_full"


class NothingChosen(InvalidInput):
    """No entry was ticked, or none that can be taken."""

    code = "page.no_indicator_chosen"


@dataclass(frozen=True, slots=True)
class Beside:
    """What a table of a form has to do with the library: how many rows last year had that it has not, which of its rows
    (by path) promise what last year's did, and in which (path → labels of the cells) the entry's words were changed."""

    task_id: str
    table: str
    again: int = 0
    same: frozenset[str] = frozenset()
    changed: Mapping[str, Sequence[str]] = field(default_factory=dict)


@page.get("/tasks/<uuid:task_id>/indicators")
@requires("save_draft")
def choose(visit: Visit, task_id: UUID) -> Any:
    """Fifty entries to tick, beside those the form has."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    return _page(visit, card, _table_asked(card))


@page.post("/tasks/<uuid:task_id>/indicators/choice")
@requires("save_draft")
def begin_choosing(visit: Visit, task_id: UUID) -> Any:
    """从指标库选用: what was typed is kept first."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    table = _table_of(card, request.form.get("library", ""))
    return _kept(visit, card, _typed(card).content, f"/tasks/{task_id}/indicators?table={table}")


@page.post("/tasks/<uuid:task_id>/indicators")
@requires("save_draft")
def take(visit: Visit, task_id: UUID) -> Any:
    """Add a row for each entry that was ticked, with what else was typed."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    table = _table_of(card, request.form.get("table", ""))
    codes = list(dict.fromkeys(request.form.getlist("code")))[:MOST_CODES]
    entries = entries_by_code(visit.session, visit.actor, codes)
    wanted = [entries[code] for code in codes if code in entries and entries[code].state is IndicatorState.IN_USE]
    if not wanted:
        refusal = NothingChosen("没有选中指标，或选中的刚被停用，没有加入。请勾选后再加入。")
        return _page(visit, card, table, refusal)
    return _with_rows(visit, card, table, [row_from(entry) for entry in wanted])


@page.post("/tasks/<uuid:task_id>/indicators/last-year")
@requires("save_draft")
def take_again(visit: Visit, task_id: UUID) -> Any:
    """沿用上年: the rows of last year's target the form does not have yet."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    table = _table_of(card, request.form.get("again", ""))
    return _with_rows(visit, card, table, rows_of_last_year(visit.session, visit.actor, card.case_id))


@page.post("/tasks/<uuid:task_id>/indicators/restoration")
@requires("save_draft")
def put_back(visit: Visit, task_id: UUID) -> Any:
    """还原: the words of the library in the row that was named; everything else of it stays."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    table, _, row_id = request.form.get("restore", "")[:100].rstrip("]").partition("[")
    content = _typed(card).content
    rows = rows_at(content, _table_of(card, table))
    at = next((at for at, row in enumerate(rows) if row.get("id") == row_id), None)
    if at is not None:
        entry = entries_by_code(visit.session, visit.actor, [str(rows[at].get(CODE, ""))]).get(rows[at].get(CODE, ""))
        rows[at] = restored(rows[at], entry) if entry is not None else rows[at]
    return _kept(visit, card, content, filling_on(task_id, f"{table}[{row_id}]"))


@page.app_template_global("library_of")
def library_of(table: Table, tree: Tree) -> Beside | None:
    """What is said of the library beside a table to fill in; None where its rows do not come from there."""
    visit: Visit | None = g.get("visit")
    task_id = (request.view_args or {}).get("task_id")
    if visit is None or task_id is None or table.fixed or not _takes_entries(tree.code, table.path):
        return None
    task = visit.session.get(Task, task_id)
    if task is None or visit.actor.roles.isdisjoint(offices_let_in("see_indicators")):
        return None
    typed = {row.path: _typed_cells(row) for row in table.rows}
    again = rows_of_last_year(visit.session, visit.actor, task.case_id)
    missing = len(not_there_yet(again, [*typed.values()]))
    return Beside(str(task_id), table.path, missing, _same(typed, again), _changed(visit, typed))


def _takes_entries(form: str, table: str) -> bool:
    """Whether the rows of a table of that form can come out of the library."""
    cell = layout(form_of(form).schema).by_name.get(table)
    return cell is not None and cell.inside is not None and CODE in cell.inside.by_name


def _same(typed: Mapping[str, Mapping[str, str]], again: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The paths of rows that promise, cell by cell, what a row of last year's target did."""
    promised = [[_in_words(row.get(name)) for name in PROMISED_AGAIN] for row in again]
    return frozenset(
        path for path, cells in typed.items() if [cells.get(name, "") for name in PROMISED_AGAIN] in promised
    )


def _in_words(value: Any) -> str:
    return "\n".join(typed_items(value)) if isinstance(value, list) else in_control(value)


def _changed(visit: Visit, typed: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Path of a row → labels of what its entry says otherwise."""
    codes = [cells[CODE] for cells in typed.values() if cells.get(CODE)]
    entries = entries_by_code(visit.session, visit.actor, codes)
    found = {
        path: departures(cells, entries[cells[CODE]]) for path, cells in typed.items() if cells.get(CODE) in entries
    }
    return {path: [LABELS[name] for name in names] for path, names in found.items() if names}


def _typed_cells(row: Row) -> dict[str, str]:
    """What stands in the cells of a row, by column."""
    fields = [*(each for cell in row.cells for each in cell), *(part for part in row.rest if isinstance(part, Field))]
    return {each.column.name: each.value for each in fields}


def _page(visit: Visit, card: TaskCard, table: str, refusal: EngineError | None = None) -> Any:
    paper = _must_fill(card)
    plain = replace(EVERY_ENTRY, state=IndicatorState.IN_USE)
    filters, after = replace(asked_filters(), state=IndicatorState.IN_USE), request.args.get("after") or None
    found = indicator_library(visit.session, visit.actor, filters=filters, after=after)
    here = f"/tasks/{card.task_id}/indicators"
    rows = rows_at(paper.content, table)
    promised = {row.get(CODE): row for row in rows_of_last_year(visit.session, visit.actor, card.case_id)}
    return render_template(
        "task_indicators.html", visit=visit, card=card, table=table, refusal=refusal, lines=found.lines,
        filters=filters, filtered=filters != plain, after=after, here=here,
        drops=[] if found.lines or after else drops_in_library(visit, filters, plain, here, table=table),
        there={row.get(CODE) for row in rows}, promised=promised, draft_version=_version_of(paper),
        next_url=library_address(here, filters, found.next, table=table) if found.next else None,
        first_url=library_address(here, filters, table=table), scopes=IndicatorScope.labels(), level2s=level2s(),
        industries=choices_of(industries(visit.session, visit.actor)),
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _with_rows(visit: Visit, card: TaskCard, table: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    """The draft with these rows behind those it has; an indicator that is there already is not added again."""
    paper, content = _must_fill(card), _typed(card).content
    group = layout(form_of(paper.form).schema)
    there = rows_at(content, table)
    new = not_there_yet(rows, there)
    room = group.by_name[table].limit - len(there)
    if len(new) > room:
        raise TableFull(f"这张表最多 {group.by_name[table].limit} 行，加不下 {len(new)} 行，没有加入。请少选几条。")
    used = {row_id for known in (paper.content, content, paper.before or {}) for row_id in ids_in(group, known)}
    inside = group.by_name[table].inside
    numbered = inside.numbered if inside is not None else ""
    added = []
    for row in new:
        row_id = fresh_id(used, numbered)
        used.add(row_id)
        added.append({"id": row_id, **row})
    content[table] = [*there, *added]
    focus = f"{table}[{added[0]['id']}]" if added else table
    return _kept(visit, card, content, filling_on(card.task_id, focus))


def _kept(visit: Visit, card: TaskCard, content: Mapping[str, Any], then: str) -> Any:
    """Save the draft and go on; where a colleague was faster, 存草稿 takes the same form and shows both texts."""
    told = request.form.get("draft_version", "")
    version = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None
    try:
        with visit.session.begin_nested():
            save_draft(visit.session, card.task_id, content, by=visit.actor, at=visit.at, version=version)
    except DraftChanged:
        return redirect(f"/tasks/{card.task_id}/draft", 307)
    return redirect(then, 303)


def _typed(card: TaskCard) -> Posted:
    paper = _must_fill(card)
    return read_post(
        form_of(paper.form),
        request.form,
        paper.content,
        carried=paper.carried,
        filler=paper.filler,
        earlier=[paper.before or {}],
    )


def _must_fill(card: TaskCard) -> PaperToFill:
    if card.to_fill is None:
        raise WrongState("这件任务已经办结，或这一步不填表，没有加入。请刷新待办。", task_id=str(card.task_id))
    return card.to_fill


def _table_asked(card: TaskCard) -> str:
    return _table_of(card, request.args.get("table", ""))


def _table_of(card: TaskCard, name: str) -> str:
    """The table of that name, if the form of the step has one that takes entries of the library."""
    if not _takes_entries(_must_fill(card).form, name):
        raise NoSuchTable("这张表不从指标库选用，或没有这张表。请回到任务页，从指标表上打开指标库。", table=name[:40])
    return name


def _version_of(paper: PaperToFill) -> int | str:
    return paper.draft.version if paper.draft is not None else ""
