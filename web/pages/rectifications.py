"""整改台账: every problem, whose it is, by when, how far; what stands in no letter is reported and verified here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.extend_rectification import extend_rectification
from engine.commands.open_rectification import open_rectification
from engine.commands.report_rectification import report_rectification
from engine.commands.settle_rectification import settle_rectification
from engine.errors import EngineError
from engine.moves.permissions import permits
from engine.moves.rectifying import OUTSIDE_LETTERS, Done, Found, RectificationRefused
from engine.queries.case_list import CaseFilters, case_list
from engine.queries.open_steps import OpenStep, open_steps
from engine.queries.rectification_card import RectificationCard, rectification_card
from engine.queries.rectification_ledger import (
    LedgerFilters,
    LedgerLine,
    ledger_counts,
    ledger_units,
    rectification_ledger,
)
from engine.queries.scope import visible_case
from engine.scoring.numbers import exact
from engine.submissions.forms.problems import CATEGORIES
from engine.words import RectificationOrigin, RectificationState, Stage, labels_of
from web.pages.asked import address, asked_number, asked_text, asked_word, asked_year
from web.pages.dropping import Drop, drops_of
from web.pages.letters import to_do
from web.pages.posted import day_of_field, number_of, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("rectifications", __name__)
ITEM = "rectification_item"
"""The diagram every problem of a letter goes through."""
KINDS = dict(CATEGORIES)
MOST_CASES = 20
SAID = {
    "opened": "已立项", "reported": "已报送整改情况，等财政核验", "closed": "已核验销号", "extended": "已延期",
    "returned": "已退回单位",
}  # fmt: skip
FIELDS = ("origin", "category", "problem", "requirement", "amount_wan", "due_on")
REPORTED = ("responsible_person", "measures", "evidence", "rules_improved", "recovered_wan")


@page.get("/rectifications")
@requires("see_rectifications")
def ledger(visit: Visit) -> Any:
    """Fifty problems, the latest first, under the figures of all of them."""
    filters, after = _filters(), request.args.get("after") or None
    units = ledger_units(visit.session, visit.actor)
    found = rectification_ledger(visit.session, visit.actor, on=visit.today, filters=filters, after=after)
    return render_template(
        "rectifications.html", visit=visit, lines=found.lines, filters=filters, after=after, units=units,
        counts=ledger_counts(visit.session, visit.actor, on=visit.today, filters=filters),
        steps=_steps(visit, found.lines), to_do=to_do(visit, ITEM, Stage.RECTIFICATION),
        origins=RectificationOrigin.labels(), kinds=KINDS, states=RectificationState.labels(), by_hand=OUTSIDE_LETTERS,
        filtered=filters != LedgerFilters(), may_open=permits("open_rectification", visit.actor),
        may_report=permits("report_rectification", visit.actor),
        may_settle=permits("settle_rectification", visit.actor),
        next_url=_address(filters, found.next) if found.next else None, first_url=_address(filters, None),
        drops=[] if found.lines or after else _drops(visit, filters, units),
    )  # fmt: skip


@page.get("/rectifications/new")
@requires("open_rectification")
def new(visit: Visit) -> Any:
    """立项: first the case is looked for, then the problem is written down."""
    return _new(visit, asked_number("case"))


@page.post("/rectifications")
@requires("open_rectification")
def put_on_the_ledger(visit: Visit) -> Any:
    """立项; what was typed stays on the page when it is refused."""
    case_id = number_of("case")
    typed = {name: text_of(name) for name in FIELDS}
    try:
        if case_id is None:
            raise RectificationRefused("没有选择案卷，没有立项。请先选定一份案卷。")
        visible_case(visit.session, visit.actor, case_id)
        with visit.session.begin_nested():
            receipt = open_rectification(
                visit.session, case_id, _found(typed), by=visit.actor, at=visit.at, key=text_of("key", 64) or None
            )
    except EngineError as refusal:
        return _new(visit, case_id, typed=typed, refusal=refusal)
    return redirect(f"/rectifications/{receipt.gave['rectification']}?said=opened", 303)


@page.get("/rectifications/<int:rectification_id>")
@requires("see_rectifications")
def one(visit: Visit, rectification_id: int) -> Any:
    """One problem, and what is to be done about it."""
    return _page(visit, rectification_card(visit.session, visit.actor, rectification_id, on=visit.today))


@page.post("/rectifications/<int:rectification_id>/reports")
@requires("report_rectification")
def report(visit: Visit, rectification_id: int) -> Any:
    """填报整改; what was typed stays on the page when it is refused."""
    card = rectification_card(visit.session, visit.actor, rectification_id, on=visit.today)
    typed = {name: text_of(name) for name in REPORTED}
    key = text_of("key", 64) or None
    try:
        with visit.session.begin_nested():
            report_rectification(visit.session, rectification_id, _done(typed), by=visit.actor, at=visit.at, key=key)
    except EngineError as refusal:
        return _page(visit, card, typed=typed, refusal=refusal)
    return redirect(f"/rectifications/{rectification_id}?said=reported", 303)


@page.post("/rectifications/<int:rectification_id>/verification")
@requires("settle_rectification")
def verify(visit: Visit, rectification_id: int) -> Any:
    """核验: 通过 or 退回; the reason stays on the page when it is refused."""
    card = rectification_card(visit.session, visit.actor, rectification_id, on=visit.today)
    accepted, reason = request.form.get("word") == "approved", text_of("reason").strip()
    try:
        if request.form.get("word") not in ("approved", "returned"):
            raise RectificationRefused("没有选择通过还是退回，没有核验。请按其中一个按钮。")
        with visit.session.begin_nested():
            settle_rectification(
                visit.session, rectification_id, accepted=accepted, reason=reason or None, by=visit.actor,
                at=visit.at, key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        return _page(visit, card, typed={"reason": reason}, refusal=refusal)
    return redirect(f"/rectifications/{rectification_id}?said={'closed' if accepted else 'returned'}", 303)


@page.post("/rectifications/<int:rectification_id>/extension")
@requires("extend_rectification")
def extend(visit: Visit, rectification_id: int) -> Any:
    """延长期限; what was typed stays on the page when it is refused."""
    card = rectification_card(visit.session, visit.actor, rectification_id, on=visit.today)
    typed = {name: text_of(name) for name in ("until", "why")}
    try:
        until = day_of_field("until")
        if until is None:
            raise RectificationRefused(
                f"新的期限写的是“{typed['until'][:40]}”，读不出日期，没有延期。请按“2022-10-12”的样子填写。"
            )
        with visit.session.begin_nested():
            extend_rectification(
                visit.session, rectification_id, until, reason=typed["why"].strip(), by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        return _page(visit, card, typed=typed, refusal=refusal)
    return redirect(f"/rectifications/{rectification_id}?said=extended", 303)


def _page(
    visit: Visit,
    card: RectificationCard,
    *,
    typed: dict[str, str] | None = None,
    refusal: EngineError | None = None,
) -> Any:
    reports = card.awaits_report and permits("report_rectification", visit.actor)
    return render_template(
        "rectification.html", visit=visit, card=card, steps=_steps(visit, [card.line]).get(card.line.id, ()),
        origins=RectificationOrigin.labels(), kinds=KINDS, key=uuid4().hex,
        typed=typed or {"responsible_person": card.line.responsible_person or ""}, refusal=refusal,
        said=SAID.get(request.args.get("said", "")), reports=reports and visit.actor.unit_id == card.line.unit_id,
        settles=card.awaits_verdict and permits("settle_rectification", visit.actor),
        extends=card.awaits_report and permits("extend_rectification", visit.actor),
        is_own=not card.reporters.isdisjoint(visit.actor.persons),
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _new(
    visit: Visit, case_id: int | None, *, typed: dict[str, str] | None = None, refusal: EngineError | None = None
) -> Any:
    case = visible_case(visit.session, visit.actor, case_id) if case_id is not None else None
    text = asked_text()
    filters = CaseFilters(text=text)
    asked = case is None and bool(text.strip())
    found = case_list(visit.session, visit.actor, on=visit.today, filters=filters, limit=MOST_CASES) if asked else None
    return render_template(
        "rectification_new.html", visit=visit, case=case, text=text, found=found, refusal=refusal, key=uuid4().hex,
        typed=typed or {}, kinds=KINDS,
        origins=labels_of(OUTSIDE_LETTERS),
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _steps(visit: Visit, lines: Any) -> dict[int, tuple[OpenStep, ...]]:
    """The open steps of each problem that stands in a letter."""
    shown: list[LedgerLine] = list(lines)
    steps = open_steps(visit.session, visit.actor, {line.case_id for line in shown})
    return {
        line.id: tuple(step for step in steps.get(line.case_id, ()) if step.process == ITEM and step.item == line.item)
        for line in shown
    }


def _found(typed: dict[str, str]) -> Found:
    """What was typed about a problem; the command says what is missing."""
    if typed["category"] not in KINDS:
        raise RectificationRefused("没有选择问题分类，没有立项。请选择一类。", field="category")
    due_on = day_of_field("due_on")
    if due_on is None:
        told = typed["due_on"][:40]
        raise RectificationRefused(f"整改期限写的是“{told}”，读不出日期，没有立项。请按“2022-10-12”的样子填写。")
    amount = _amount(typed["amount_wan"], "涉及金额")
    return Found(typed["origin"], typed["category"], typed["problem"], typed["requirement"], due_on, amount)


def _done(typed: dict[str, str]) -> Done:
    """What was typed about the work; the command says what is missing."""
    rules = typed["rules_improved"].strip() or "0"
    if not (rules.isascii() and rules.isdigit() and len(rules) <= 9):
        raise RectificationRefused(f"完善制度写的是“{rules[:40]}”，应是项数，没有报送。请填整数，没有的填 0。")
    evidence = tuple(line.strip() for line in typed["evidence"].splitlines() if line.strip())
    recovered = _amount(typed["recovered_wan"], "追回金额")
    return Done(typed["responsible_person"][:40], typed["measures"], evidence, int(rules), recovered)


def _amount(told: str, label: str) -> Decimal | None:
    return exact(told.strip().replace(",", ""), label) if told.strip() else None


def _filters() -> LedgerFilters:
    return LedgerFilters(
        case_id=asked_number("case"),
        unit_id=asked_number("unit"),
        origin=asked_word("origin", RectificationOrigin.labels()),
        category=asked_word("category", KINDS),
        state=asked_word("state", RectificationState.labels()),
        fiscal_year=asked_year(),
        overdue=request.args.get("overdue") == "1",
        text=asked_text(),
    )


def _drops(visit: Visit, filters: LedgerFilters, units: Mapping[int, str]) -> list[Drop]:
    """The filters an empty ledger could do without."""
    said = {
        "case_id": "案卷", "unit_id": f"单位：{units.get(filters.unit_id or 0, '不在台账')}",
        "origin": f"来源：{RectificationOrigin.labels().get(filters.origin or '')}",
        "category": f"类别：{KINDS.get(filters.category or '')}",
        "state": f"进度：{RectificationState.labels().get(filters.state or '')}",
        "fiscal_year": f"年度：{filters.fiscal_year}", "overdue": "只看逾期", "text": f"关键字：{filters.text}",
    }  # fmt: skip
    return drops_of(
        lambda other: rectification_ledger(visit.session, visit.actor, on=visit.today, filters=other),
        filters, LedgerFilters(), said, lambda other: _address(other, None), "项",
    )  # fmt: skip


def _address(filters: LedgerFilters, after: str | None) -> str:
    return address(
        "/rectifications", case=filters.case_id, unit=filters.unit_id, origin=filters.origin,
        category=filters.category, state=filters.state, year=filters.fiscal_year,
        overdue="1" if filters.overdue else None, q=filters.text, after=after,
    )  # fmt: skip
