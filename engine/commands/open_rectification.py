"""A problem found outside the letter (congress, audit, monitoring): onto the ledger, reported on, verified (GZ-16)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.cases import Case, case_by_id
from engine.clock import day_of
from engine.commands.move import Move
from engine.commands.repeating import done_before, remember
from engine.directory import Actor, NotYourUnit, Role
from engine.errors import InvalidInput, NotFound, WrongState
from engine.rectifications import Rectification, RectificationState
from engine.reviews import ReasonMissing, must_not_be_own

ORIGINS = {"monitoring": "监控", "congress": "人大审议", "audit": "审计"}


class RectificationNotFound(NotFound):
    """No such row in the ledger of this jurisdiction."""

    code = "rectification.not_found"


class RectificationRefused(InvalidInput):
    """The problem, or what is said to have been done about it, is not described well enough."""

    code = "rectification.refused"


class NotReported(WrongState):
    """There is nothing to verify yet."""

    code = "rectification.not_reported"


class HasItsOwnStep(WrongState):
    """The row stands in a letter and is worked on through its tasks."""

    code = "rectification.has_its_own_step"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found wrong, by whom (`origin`, a word of ORIGINS), and what has to be done until when."""

    origin: str
    category: str
    problem: str
    requirement: str
    due_on: date
    amount_wan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What the unit did about it: the person responsible, the measures, the evidence and what came of it."""

    responsible_person: str
    measures: str
    evidence: tuple[str, ...]
    rules_improved: int = 0
    recovered_wan: Decimal | None = None


def open_rectification(
    session: Session, case_id: int, found: Found, *, by: Actor, at: datetime, key: str | None = None
) -> Rectification:
    """立项: put a problem on the ledger of a case, closed or not; the unit of the case has to put it right."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    known = done_before(session, by.jurisdiction, key, "open_rectification", at, {})
    if known is not None:
        return rectification_by_id(session, int(known["rectification"]))
    case = case_by_id(session, case_id)
    _refuse_bad(found, day_of(at))
    row = Rectification(
        jurisdiction=case.jurisdiction, case_id=case.id, item=_next_item(session, case), origin=found.origin,
        category=found.category, problem=found.problem.strip(), requirement=found.requirement.strip(),
        amount_wan=found.amount_wan, unit_id=case.unit_id, opened_on=day_of(at), due_on=found.due_on,
        state=RectificationState.OPEN.value,
    )  # fmt: skip
    session.add(row)
    session.flush()
    remember(session, by.jurisdiction, key, {"rectification": row.id})
    due = found.due_on.isoformat()
    _note(session, case, by, at, "rectification.opened", items=[row.item], origin=found.origin, due_on=due)
    return row


def report_rectification(
    session: Session, rectification_id: int, done: Done, *, by: Actor, at: datetime, key: str | None = None
) -> Rectification:
    """报送整改情况: the unit says what it did about such a problem, with evidence."""
    by.must_hold(Role.UNIT_CLERK, Role.UNIT_HEAD)
    row = rectification_by_id(session, rectification_id)
    if _repeated(session, row, "report_rectification", by, at, key):
        return row
    _must_be_by_hand(row)
    row.must_be_open()
    if by.unit_id != row.unit_id:
        raise NotYourUnit("这项整改由其他单位办理，您不能报送。请由责任单位报送。", rectification=row.id)
    if not done.responsible_person.strip() or not done.measures.strip() or not any(done.evidence):
        raise RectificationRefused("整改情况要写明责任人和措施，并附佐证，没有报送。请补齐。", item=row.item)
    row.state, row.responsible_person = RectificationState.REPORTED.value, done.responsible_person.strip()
    row.rules_improved, row.recovered_wan = done.rules_improved, done.recovered_wan
    session.flush()
    told = {"item": row.item, "measures": done.measures, "evidence": list(done.evidence)}
    _note(session, case_by_id(session, row.case_id), by, at, "rectification.reported", **told)
    return row


def settle_rectification(
    session: Session,
    rectification_id: int,
    *,
    by: Actor,
    at: datetime,
    accepted: bool = True,
    reason: str | None = None,
    key: str | None = None,
) -> Rectification:
    """核验: finance strikes such a problem off, or returns it with a reason; never who reported it."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    row = rectification_by_id(session, rectification_id)
    if _repeated(session, row, "settle_rectification", by, at, key):
        return row
    _must_be_by_hand(row)
    row.must_be_open()
    if row.state != RectificationState.REPORTED:
        raise NotReported(f"整改事项{row.item}还没有报送整改情况，不能核验。请等单位报送。", item=row.item)
    must_not_be_own(by, _reporter(session, row))
    case = case_by_id(session, row.case_id)
    if accepted:
        row.state, row.verified_by, row.closed_on = RectificationState.CLOSED.value, by.person_id, day_of(at)
        session.flush()
        _note(session, case, by, at, "rectification.closed", item=row.item, rules_improved=row.rules_improved)
    elif not (reason or "").strip():
        raise ReasonMissing("退回整改要写明原因，没有办理。请补充。", item=row.item)
    else:
        row.state, row.rounds = RectificationState.RETURNED.value, row.rounds + 1
        session.flush()
        _note(session, case, by, at, "rectification.returned", item=row.item, reason=reason)
    return row


def rectification_by_id(session: Session, rectification_id: int) -> Rectification:
    """The ledger row of that number, locked; refuses one this jurisdiction does not have."""
    row = session.get(Rectification, rectification_id, with_for_update=True)
    if row is None:
        raise RectificationNotFound(
            "整改台账里没有这一项，或者它不属于本地区。请核对编号。", rectification=rectification_id
        )
    return row


def _refuse_bad(found: Found, today: date) -> None:
    if found.origin not in ORIGINS:
        choices = "、".join(ORIGINS.values())
        raise RectificationRefused(f"另立的整改事项来源只能是{choices}，没有立项。请重新选择。", origin=found.origin)
    if not found.problem.strip() or not found.requirement.strip():
        raise RectificationRefused("整改立项要写明问题和整改要求，没有立项。请补齐。")
    if found.due_on < today:
        raise RectificationRefused(f"整改期限{found.due_on:%Y-%m-%d}已过，没有立项。请定一个以后的日期。")


def _next_item(session: Session, case: Case) -> str:
    """另立-1, 另立-2 …: numbered within the case, so that they never meet the ids of a letter's problems."""
    session.refresh(case, with_for_update=True)
    by_hand = select(func.count()).where(Rectification.case_id == case.id, Rectification.origin.in_(ORIGINS))
    return f"另立-{(session.scalar(by_hand) or 0) + 1}"


def _must_be_by_hand(row: Rectification) -> None:
    if row.origin not in ORIGINS:
        raise HasItsOwnStep(f"整改事项{row.item}来自反馈意见函，请从待办里办理。", item=row.item)


def _reporter(session: Session, row: Rectification) -> int | None:
    return session.scalar(
        select(Entry.by)
        .where(
            Entry.jurisdiction == row.jurisdiction,
            Entry.case_id == row.case_id,
            Entry.type == "rectification.reported",
            Entry.payload["item"].astext == row.item,
        )
        .order_by(Entry.seq.desc())
        .limit(1)
    )


def _repeated(session: Session, row: Rectification, command: str, by: Actor, at: datetime, key: str | None) -> bool:
    return done_before(session, by.jurisdiction, key, command, at, {"rectification": row.id}) is not None


def _note(session: Session, case: Case, by: Actor, at: datetime, event: str, **facts: Any) -> None:
    move = Move(session, case, by, at)
    move.record(event, **facts)
    move.write()
