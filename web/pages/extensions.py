"""延期: one deadline, or all of one name in a year, to a later day; the old day and the new side by side first."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint
from sqlalchemy.orm import Session

from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import extend_deadline
from engine.deadlines.wording import day_words
from engine.moves.receipts import Receipt
from engine.queries.case_in_hand import DayInHand, day_in_hand
from engine.queries.deadline_board import DaysToMove, days_to_move
from engine.words import said_deadline
from web.pages.asked import asked_year
from web.pages.steps.asked import Control, Field, Given, Unreadable
from web.pages.trying import REASON, Rows, Undertaking, answered, shown
from web.visits import Visit, requires

page = Blueprint("extensions", __name__)
UNTIL = Field("until", "新的截止日", Control.DAY)
NO_DAY_YET = "待放假安排确认后确定"
NO_DEADLINE = "没有选择哪一种期限，没有办理。请选择。"


@page.get("/deadlines/<uuid:deadline_id>/extension")
@requires("extend_deadline")
def one(visit: Visit, deadline_id: UUID) -> Any:
    """What is due when, and the day it is to be moved to."""
    return shown(visit, _one(visit, deadline_id))


@page.post("/deadlines/<uuid:deadline_id>/extension")
@requires("extend_deadline")
def move_one(visit: Visit, deadline_id: UUID) -> Any:
    """延长期限 of one deadline."""
    return answered(visit, _one(visit, deadline_id))


@page.get("/deadlines/extensions")
@requires("extend_all")
def all_of_a_kind(visit: Visit) -> Any:
    """The kinds of deadlines a year waits for, and the day they are to be moved to."""
    return shown(visit, _all(visit))


@page.post("/deadlines/extensions")
@requires("extend_all")
def move_all(visit: Visit) -> Any:
    """统一延期."""
    return answered(visit, _all(visit))


def _one(visit: Visit, deadline_id: UUID) -> Undertaking:
    kept = day_in_hand(visit.session, visit.actor, deadline_id)
    back = f"/cases/{kept.case.case_id}?tab=deadlines"

    def carry_out(session: Session, given: Given, **how: Any) -> Receipt:
        return extend_deadline(
            session, deadline_id, given.day("until", "新的截止日"), reason=given.text("reason"), **how
        )

    return Undertaking(
        command="extend_deadline", title="延长期限", label="延长期限", address=f"/deadlines/{deadline_id}/extension",
        what="截止日只能往后移，不能早于今天；已逾期还没有办的也可以延。"
        "在办任务随即显示新的日期，提醒按新的日期重新安排。", back=back, case=kept.case,
        fields=(UNTIL, REASON), about=_about(kept, visit.today), carry_out=carry_out,
        told=lambda given, receipt: (_old_and_new(kept.due_on, given.day("until", "新的截止日"), visit.today),),
        afterwards=lambda receipt: f"{back}&said=extended",
    )  # fmt: skip


def _about(kept: DayInHand, today: date) -> Rows:
    return (
        ("期限", said_deadline(kept.name)),
        ("起算", day_words(kept.started_on, shown_in=today.year)),
        ("现在的截止日", _day(kept.due_on, today)),
    )


def _old_and_new(old: date | None, new: date, today: date) -> tuple[str, str]:
    return "截止日", f"{_day(old, today)} → {_day(new, today)}"


def _day(on: date | None, today: date) -> str:
    return NO_DAY_YET if on is None else day_words(on, shown_in=today.year)


def _all(visit: Visit) -> Undertaking:
    kinds = {
        f"{kind.fiscal_year}.{kind.name}": kind for kind in days_to_move(visit.session, visit.actor, on=visit.today)
    }
    year = asked_year()

    def carry_out(session: Session, given: Given, **how: Any) -> Receipt:
        kind = kinds.get(given.text("kind"))
        if kind is None:
            raise Unreadable(NO_DEADLINE, field="kind")
        until, how = given.day("until", "新的截止日"), {name: how[name] for name in ("by", "at", "key")}
        return extend_all(session, kind.fiscal_year, kind.name, until, reason=given.text("reason"), **how)

    shown_kinds = {key: _kind_words(kind) for key, kind in kinds.items() if year in (None, kind.fiscal_year)}
    hint = "" if shown_kinds else "现在没有可以延的期限。"
    return Undertaking(
        command="extend_all", title="统一延期", label="统一延期", address="/deadlines/extensions", back="/cases",
        what="一个年度里同一种期限都移到同一天；已逾期还没有办的也移；截止日已在那一天或更晚的不动，已办结的不动。",
        fields=(Field("kind", "哪一种期限", Control.ONE_OF, shown_kinds, hint), UNTIL, REASON),
        carry_out=carry_out, told=lambda given, receipt: _moved(kinds[given.text("kind")], given, receipt, visit.today),
        afterwards=lambda receipt: f"/deadlines/extensions?moved={receipt.gave['moved']}",
    )  # fmt: skip


def _kind_words(kind: DaysToMove) -> str:
    stand = [f"在计时 {kind.many} 项，{kind.first} 至 {kind.last}"] if kind.many else []
    stand += [f"已逾期 {kind.late} 项，最早 {kind.oldest}"] if kind.late else []
    return f"{kind.fiscal_year} 年度 {said_deadline(kind.name)}（{'；'.join(stand)}）"


def _moved(kind: DaysToMove, given: Given, receipt: Receipt, today: date) -> Sequence[tuple[str, str]]:
    many = receipt.gave["moved"]
    return (
        ("移动", f"{many} 项；另有 {max(0, kind.many + kind.late - many)} 项的截止日已不早于新的日期，不动"),
        _old_and_new(kind.earliest, given.day("until", "新的截止日"), today),
    )
