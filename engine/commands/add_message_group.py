"""群机器人: the 系统管理员 has the notices of a unit, or of one person, told in a group as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.notices import MessageGroupAdded
from engine.directory import Actor, Person
from engine.errors import InvalidInput
from engine.moves.appointing import unit_by_id
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.notifications import MessageGroup
from engine.notifications.robots import SealedRobot
from engine.words import NoticeKind

LONGEST_NAME = 40


class MessageGroupRefused(InvalidInput):
    """It has no name, is for nobody or for two, or would be told nothing."""

    code = "message_group.refused"


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What it is called, its robot, whose notices it hears (a unit's, or those of this `login`), and which kinds."""

    name: str
    robot: SealedRobot
    unit_id: int | None
    login: str
    kinds: Sequence[NoticeKind]


def add_message_group(session: Session, group: NewGroup, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Register it; what is told from now on goes there too. `gave` says which group."""
    name, login = group.name.strip(), group.login.strip()

    def work() -> dict[str, int]:
        if not 0 < len(name) <= LONGEST_NAME:
            raise MessageGroupRefused(f"群要有名称，最多 {LONGEST_NAME} 字，没有登记。请填写。")
        if (group.unit_id is None) == (not login):
            raise MessageGroupRefused("请选一个单位，或写一个账号，只选其一，没有登记。")
        if not group.kinds:
            raise MessageGroupRefused("没有选发哪些事项，没有登记。请至少选一项。")
        unit = None if group.unit_id is None else unit_by_id(session, group.unit_id).id
        row = MessageGroup(
            jurisdiction=by.jurisdiction, name=name, robot=group.robot.robot, sealed=group.robot.sealed, unit_id=unit,
            person_id=_person(session, by.jurisdiction, login), kinds=sorted(group.kinds), added_by=by.person_id,
            added_at=at,
        )  # fmt: skip
        session.add(row)
        session.flush()
        told = MessageGroupAdded(group=row.id, group_name=name, robot=row.robot, unit=unit, person=row.person_id)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"group": row.id}

    content = {
        "name": name, "robot": group.robot.digest, "unit": group.unit_id, "login": login,
        "kinds": sorted(group.kinds),
    }  # fmt: skip
    return once(session, Asked("add_message_group", by, at, key, content=content), work)


def _person(session: Session, jurisdiction: str, login: str) -> int | None:
    if not login:
        return None
    mine = Person.jurisdiction == jurisdiction, Person.login == login
    found = session.scalar(select(Person.id).where(*mine))
    if found is None:
        raise MessageGroupRefused(f"没有账号“{login}”，没有登记。请核对账号。", login=login)
    return found
