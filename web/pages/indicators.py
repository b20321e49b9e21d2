"""指标库: the entries that can be taken into a target, one entry with its changes, and what its keeper may do."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.add_indicator import add_indicator
from engine.commands.change_indicator import change_indicator
from engine.commands.restore_indicator import restore_indicator
from engine.commands.retire_indicator import retire_indicator
from engine.errors import EngineError
from engine.indicators import COLUMNS
from engine.indicators.rules import LONGEST, scope_kept_by
from engine.moves.indicators import DIRECTION_LABELS, indicator_by_id, levels
from engine.moves.permissions import permits
from engine.queries.indicator_library import (
    EVERY_ENTRY,
    IndicatorFilters,
    indicator_card,
    indicator_library,
    industries,
    keeps_any,
)
from engine.words import IndicatorScope, IndicatorState
from web.pages.asked import address, asked_text, one_of
from web.pages.dropping import Drop, drops_of
from web.pages.posted import number_of, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("indicators", __name__)
SAID = {"added": "已新增", "changed": "已保存改动", "retired": "已停用", "restored": "已恢复使用"}


@page.get("/indicators")
@requires("see_indicators")
def library(visit: Visit) -> Any:
    """Fifty entries in order of their codes."""
    filters, after = asked_filters(), request.args.get("after") or None
    found = indicator_library(visit.session, visit.actor, filters=filters, after=after)
    return render_template(
        "indicators.html", visit=visit, lines=found.lines, filters=filters, filtered=filters != EVERY_ENTRY,
        after=after, next_url=library_address("/indicators", filters, found.next) if found.next else None,
        first_url=library_address("/indicators", filters), may_add=permits("add_indicator", visit.actor),
        industries=choices_of(industries(visit.session, visit.actor)), level2s=level2s(),
        scopes=IndicatorScope.labels(), states=IndicatorState.labels(),
        drops=[] if found.lines or after else drops_in_library(visit, filters, EVERY_ENTRY, "/indicators"),
        own_is_empty=filters.own and not keeps_any(visit.session, visit.actor),
    )  # fmt: skip


@page.get("/indicators/new")
@requires("add_indicator")
def new(visit: Visit) -> Any:
    """An empty entry to fill in."""
    return _entry_form(visit, {})


@page.post("/indicators")
@requires("add_indicator")
def add(visit: Visit) -> Any:
    """新增指标; what was typed stays on the page when it is refused."""
    typed = _typed()
    try:
        with visit.session.begin_nested():
            made = add_indicator(visit.session, typed, by=visit.actor, at=visit.at, key=_key())
    except EngineError as refusal:
        return _entry_form(visit, typed, refusal)
    return redirect(f"/indicators/{made.gave['indicator']}?said=added", 303)


@page.get("/indicators/<int:indicator_id>")
@requires("see_indicators")
def one(visit: Visit, indicator_id: int) -> Any:
    """One entry, what it said before, and what its keeper may do."""
    return _card(visit, indicator_id)


@page.post("/indicators/<int:indicator_id>/versions")
@requires("change_indicator")
def change(visit: Visit, indicator_id: int) -> Any:
    """更改; what was typed stays on the page when it is refused."""
    typed = _typed()
    indicator_by_id(visit.session, indicator_id)
    try:
        with visit.session.begin_nested():
            change_indicator(
                visit.session, indicator_id, typed, text_of("reason"), version=number_of("version"), by=visit.actor,
                at=visit.at, key=_key(),
            )  # fmt: skip
    except EngineError as refusal:
        return _card(visit, indicator_id, refusal, typed)
    return redirect(f"/indicators/{indicator_id}?said=changed", 303)


@page.post("/indicators/<int:indicator_id>/retirement")
@requires("retire_indicator")
def retire(visit: Visit, indicator_id: int) -> Any:
    """停用."""
    indicator_by_id(visit.session, indicator_id)
    try:
        with visit.session.begin_nested():
            retire_indicator(visit.session, indicator_id, text_of("why"), by=visit.actor, at=visit.at, key=_key())
    except EngineError as refusal:
        return _card(visit, indicator_id, refusal)
    return redirect(f"/indicators/{indicator_id}?said=retired", 303)


@page.post("/indicators/<int:indicator_id>/restoration")
@requires("restore_indicator")
def restore(visit: Visit, indicator_id: int) -> Any:
    """恢复使用."""
    indicator_by_id(visit.session, indicator_id)
    try:
        with visit.session.begin_nested():
            restore_indicator(visit.session, indicator_id, text_of("why"), by=visit.actor, at=visit.at, key=_key())
    except EngineError as refusal:
        return _card(visit, indicator_id, refusal)
    return redirect(f"/indicators/{indicator_id}?said=restored", 303)


def asked_filters() -> IndicatorFilters:
    """What the address asks for; words it does not know ask for nothing."""
    return IndicatorFilters(
        text=asked_text(),
        industry=asked_text("industry") or None,
        level2=asked_text("level2") or None,
        scope=one_of(IndicatorScope, request.args.get("scope", "")),
        own=request.args.get("own") == "1",
        state=one_of(IndicatorState, request.args.get("state", "")),
    )


def library_address(path: str, filters: IndicatorFilters, after: str | None = None, **also: object) -> str:
    """The list of those filters from a place on."""
    return address(
        path, q=filters.text, industry=filters.industry, level2=filters.level2, scope=filters.scope,
        own="1" if filters.own else None, state=filters.state, after=after, **also,
    )  # fmt: skip


def level2s() -> dict[str, str]:
    """The second levels to choose from."""
    return {second: second for _, second in levels()}


def choices_of(words: Any) -> dict[str, str]:
    """Words that are their own labels."""
    return {word: word for word in words}


def drops_in_library(
    visit: Visit, filters: IndicatorFilters, plain: IndicatorFilters, path: str, **also: object
) -> list[Drop]:
    """The filters an empty list of entries at that address could do without; `plain` is the whole list."""
    said = {
        "text": f"关键字：{filters.text}", "industry": f"行业：{filters.industry}", "level2": f"二级：{filters.level2}",
        "scope": f"归口：{filters.scope.label if filters.scope else ''}", "own": "本部门",
        "state": f"状态：{filters.state.label if filters.state else ''}",
    }  # fmt: skip
    return drops_of(
        lambda other: indicator_library(visit.session, visit.actor, filters=other), filters, plain, said,
        lambda other: library_address(path, other, **also), "条",
    )  # fmt: skip


def _typed() -> dict[str, str]:
    """The cells of the form; first and second level are chosen together."""
    cells = {column: text_of(column) for column in COLUMNS if column not in ("level1", "level2")}
    first, _, second = text_of("levels", 100).partition("/")
    return {**cells, "level1": first, "level2": second}


def _key() -> str | None:
    return text_of("key", 64) or None


def _entry_form(visit: Visit, typed: Mapping[str, str], refusal: EngineError | None = None) -> Any:
    status = 200 if refusal is None else status_of(refusal)
    return render_template(
        "indicator_new.html", visit=visit, typed=typed, refusal=refusal, key=uuid4().hex,
        scope=scope_kept_by(visit.actor), **_choices(visit),
    ), status  # fmt: skip


def _card(
    visit: Visit, indicator_id: int, refusal: EngineError | None = None, typed: Mapping[str, str] | None = None
) -> Any:
    card = indicator_card(visit.session, visit.actor, indicator_id)
    now = {column: getattr(card.line, column) for column in COLUMNS}
    return render_template(
        "indicator.html", visit=visit, card=card, line=card.line, refusal=refusal, typed=typed or now,
        said=SAID.get(request.args.get("said", "")), key=uuid4().hex, reason=text_of("reason") if refusal else "",
        changing=typed is not None, **_choices(visit),
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _levels() -> dict[str, list[str]]:
    """First level → the second levels below it."""
    found: dict[str, list[str]] = {}
    for first, second in levels():
        found.setdefault(first, []).append(second)
    return found


def _choices(visit: Visit) -> dict[str, Any]:
    return {
        "columns": COLUMNS, "longest": LONGEST, "levels": _levels(), "directions": DIRECTION_LABELS,
        "industries": industries(visit.session, visit.actor),
    }  # fmt: skip
