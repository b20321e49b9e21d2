"""委托代理: for some days somebody stands in for a person who is away."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from engine.audit.events.directory import Substituted
from engine.clock import day_of
from engine.directory import Actor, Person, Substitution, seats_of
from engine.moves.appointing import must_stay_apart, one_at_a_time, person_by_id
from engine.moves.chains import Days, must_not_chain
from engine.moves.entrusting import SubstitutionRefused, must_be_theirs
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.words import Role

LONGEST = timedelta(days=366)
"""First and last day included."""


def name_substitute(
    session: Session,
    absent_id: int,
    substitute_id: int,
    from_on: date,
    until_on: date,
    *,
    roles: Sequence[Role] = (),
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Let one person act for another from a day to a day, both included; in `roles` only, if some are named.

    Without `roles` all offices are entrusted but those of the three administrators: they have to be named.

    The absent person does it, or the security admin, never a substitute. Refuses days in the past and more than 366,
    oneself, an office the absent person does not hold, two administrators' offices within one person's reach, and
    substitutions of the same days that run in a circle or more than three in a row. `gave` says the substitution.
    """
    scope = sorted({Role(role).value for role in roles})

    def work() -> dict[str, int]:
        _refuse_bad_days(from_on, until_on, day_of(at))
        substitute = _must_be_another(session, absent_id, substitute_id)
        _refuse_bad_scope(session, absent_id, scope)
        one_at_a_time(session, by.jurisdiction)
        must_not_chain(session, absent_id, substitute_id, Days(from_on, until_on))
        must_stay_apart(session, substitute, frozenset(map(Role, scope)), day_of(at))
        row = Substitution(
            jurisdiction=by.jurisdiction, absent_id=absent_id, substitute_id=substitute_id,
            from_on=from_on, until_on=until_on, roles=scope or None,
            began_at=at if from_on == day_of(at) else None,
        )  # fmt: skip
        session.add(row)
        told = Substituted(
            absent=absent_id, substitute=substitute_id, from_on=from_on, until_on=until_on, scope=tuple(scope)
        )
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"substitution": row.id}

    must_be_theirs(by, absent_id)
    content = {
        "absent": absent_id, "substitute": substitute_id, "from_on": from_on, "until_on": until_on, "roles": scope,
    }  # fmt: skip
    return once(session, Asked("name_substitute", by, at, key, content=content), work)


def _refuse_bad_days(from_on: date, until_on: date, today: date) -> None:
    if from_on < today:
        raise SubstitutionRefused("代理不能从过去的日期开始，没有办理。请从今天或以后的日期起。", from_on=str(from_on))
    if until_on < from_on:
        raise SubstitutionRefused("代理的截止日早于开始日，没有办理。请核对日期。", until_on=str(until_on))
    if until_on - from_on >= LONGEST:
        raise SubstitutionRefused(
            f"一次代理最长{LONGEST.days}天，没有办理。请缩短日期，到期再办。", until_on=str(until_on)
        )


def _must_be_another(session: Session, absent_id: int, substitute_id: int) -> Person:
    if absent_id == substitute_id:
        raise SubstitutionRefused("不能委托自己代理自己，没有办理。请选择另一位同事。", substitute=substitute_id)
    person_by_id(session, absent_id)
    return person_by_id(session, substitute_id)


def _refuse_bad_scope(session: Session, absent_id: int, scope: list[str]) -> None:
    held = {role for seat in seats_of(session, absent_id) for role in seat.roles}
    if not held:
        raise SubstitutionRefused("委托人没有任职，没有可以代理的岗位。请先请系统管理员设置岗位。", absent=absent_id)
    if not scope and all(role.is_administrator for role in held):
        raise SubstitutionRefused(
            "管理员岗位要逐个写明才能委托，没有办理。请选择代理的岗位。", absent=absent_id, roles=sorted(held)
        )
    missing = [Role(word) for word in scope if word not in held]
    if missing:
        told = "、".join(role.label for role in missing)
        raise SubstitutionRefused(f"委托人没有这些岗位：{told}，没有办理。请重新选择代理范围。", roles=list(missing))
