"""确认放假安排: a second person puts a drafted year in force, and with it the days of the deadlines they choose."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.accounts.limits import one_at_a_time
from engine.audit.events import Event
from engine.audit.events.calendars import CalendarConfirmed, DeadlineDayKept, DeadlineRedated
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.editions import keep_version
from engine.deadlines.model import CalendarEdition, Deadline
from engine.directory import Actor
from engine.errors import NotAllowed, WrongState
from engine.moves import writing
from engine.moves.calendars import (
    Effects,
    Redating,
    calendar_with,
    draft_of,
    effects_of,
    must_not_be_confirmed,
    sound,
)
from engine.moves.change import Change
from engine.moves.dating import date_waiting, waiting_in
from engine.moves.receipts import Receipt
from engine.moves.redating import DayMove, move_days
from engine.moves.repeating import Asked, once
from engine.words import EditionState


class OwnDraft(NotAllowed):
    """Who wrote the draft does not confirm it."""

    code = "calendar.own_draft"


class DraftChanged(WrongState):
    """The draft or what it would do is not what was looked at."""

    code = "calendar.draft_changed"


def confirm_calendar(
    session: Session,
    edition_id: int,
    year: int,
    seen: str,
    chosen: Collection[UUID] | None = None,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Put the draft in force and move the `chosen` deadlines (None: all it would move) in the same transaction.

    What waited for the year gets its day with it.

    `edition_id` and `seen`, the fingerprint of the effects, say what was looked at; refuses when either has changed,
    and whoever wrote the draft. What is not chosen keeps its day, and its case says so. `gave` counts all three.
    """
    content = {
        "edition": edition_id,
        "year": year,
        "seen": seen,
        "chosen": None if chosen is None else sorted(map(str, chosen)),
    }
    asked = Asked("confirm_calendar", by, at, key, content=content)
    return once(session, asked, lambda: _confirm(session, edition_id, year, seen, chosen, asked))


def _confirm(
    session: Session, edition_id: int, year: int, seen: str, chosen: Collection[UUID] | None, asked: Asked
) -> dict[str, int]:
    by, at = asked.by, asked.at
    one_at_a_time(session, "calendar", f"{by.jurisdiction} {year}")
    must_not_be_confirmed(session, edition_id)
    draft = draft_of(session, by.jurisdiction, year)
    if by.is_or_stands_for(draft.drafted_by):
        raise OwnDraft("这份放假安排是您起草的，要由另一人确认，没有办理。请另一位系统管理员或财政绩效股核对后确认。")
    announced = sound(draft.content, year, confirmed=True)
    looked_at = effects_of(session, by.jurisdiction, announced, day_of(at))
    cases = _kept_still(session, looked_at, by.jurisdiction)
    effects = effects_of(session, by.jurisdiction, announced, day_of(at))
    if draft.id != edition_id or {looked_at.fingerprint, effects.fingerprint} != {seen}:
        raise DraftChanged("草稿或受影响的期限刚有变化，没有确认。请重新核对下面的清单后再确认。", year=year)
    calendar = calendar_with(session, announced)
    moved = [each for each in effects.redatings if chosen is None or each.deadline_id in set(chosen)]
    _put_in_force(session, draft, asked)
    keep_version(session, by.jurisdiction, calendar)
    _redate(session, cases, effects, moved, announced.source, asked)
    dated = date_waiting(session, by.jurisdiction, calendar, at=at, by=by)
    told = CalendarConfirmed(
        year=year, edition=draft.id, source=announced.source, drafted_by=draft.drafted_by, calendar=calendar.version,
        redated=len(moved), kept=len(effects.redatings) - len(moved), dated=dated,
    )  # fmt: skip
    writing.record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return {"edition": draft.id, "redated": told.redated, "kept": told.kept, "dated": dated}


def _put_in_force(session: Session, draft: CalendarEdition, asked: Asked) -> None:
    session.execute(
        update(CalendarEdition)
        .where(
            CalendarEdition.jurisdiction == draft.jurisdiction,
            CalendarEdition.year == draft.year,
            CalendarEdition.state == EditionState.CONFIRMED,
        )
        .values(state=EditionState.REPLACED)
        .execution_options(synchronize_session=False)
    )
    draft.state, draft.confirmed_by, draft.confirmed_at = EditionState.CONFIRMED, asked.by.person_id, asked.at
    session.flush()


def _kept_still(session: Session, effects: Effects, jurisdiction: str) -> Sequence[Case]:
    """The cases whose days would move, as they stand now; none of them goes on until this transaction is over.

    Nor do those that wait for a year: all are locked in one order.
    """
    moving = {each.case_id for each in effects.redatings}
    waiting = session.scalars(waiting_in(jurisdiction).with_only_columns(Deadline.case_id).order_by(None))
    ids = moving.union(waiting)
    asked = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(key_share=True)
    cases = session.scalars(asked.execution_options(populate_existing=True))
    return [case for case in cases if case.id in moving]


def _redate(
    session: Session, cases: Sequence[Case], effects: Effects, moved: list[Redating], source: tuple[str, ...],
    asked: Asked,
) -> None:  # fmt: skip
    """Every case tells what became of its days."""
    go = {each.deadline_id for each in moved}
    year = int(asked.content["year"])
    moves = [_moved(each, year, source, goes=each.deadline_id in go) for each in effects.redatings]
    move_days(session, [Change(session, case, asked.by, asked.at) for case in cases], moves)


def _moved(each: Redating, year: int, source: tuple[str, ...], *, goes: bool) -> DayMove:
    """What becomes of one deadline: it goes with the year, or keeps the day it has."""
    told: Event
    if goes:
        told = DeadlineRedated(
            id=each.deadline_id, deadline=each.name, before=each.before, after=each.after, year=year, source=source
        )  # fmt: skip
    else:
        told = DeadlineDayKept(
            id=each.deadline_id, deadline=each.name, due_on=each.before, would_be=each.after, year=year, source=source
        )  # fmt: skip
    return DayMove(each.deadline_id, each.case_id, each.task_id, each.cells if goes else {}, told)
