"""Writing down how far a long work has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.directory import Actor, Person
from engine.errors import NotFound
from engine.portions.model import LongWork
from engine.portions.rules import QUIET
from engine.store.base import table_of
from engine.words import Role

UNIT, ACTING_FOR = "unit", "acting_for"
"""In the content of a work: with whose authority it was begun, beside who began it."""
GOES_ON = "goes_on"
"""In the content of a work: the last portion was done by nobody's page, so the next one may follow at once."""
_works = table_of(LongWork)


class WorkNotFound(NotFound):
    """No such work, or somebody else's."""

    code = "work.not_found"


def work_of(session: Session, kind: str, subject: object) -> LongWork | None:
    """The work of that kind on that subject, as it now stands; None where there never was one."""
    asked = select(LongWork).where(_works.c.kind == kind, _works.c.subject == str(subject))
    return session.scalars(asked.execution_options(populate_existing=True)).one_or_none()


def work_by_id(session: Session, kind: str, work_id: int, *, by: Actor) -> LongWork:
    """The work of that number which this person began. Refuses any other."""
    found = session.get(LongWork, work_id, populate_existing=True)
    if found is None or found.kind != kind or found.begun_by != by.person_id:
        raise WorkNotFound("没有这次办理，或者不是您开始的。请回到列表重新选择。", work=work_id)
    return found


def nothing_begun(session: Session) -> bool:
    """Whether no work of any kind stands between its beginning and its end; what somebody stopped does not count."""
    begun_ones = select(_works.c.id).where(_works.c.ended_at.is_(None), _works.c.stopped_at.is_(None))
    return session.scalar(begun_ones.limit(1)) is None


def left_alone(session: Session, kind: str, since: datetime) -> LongWork | None:
    """The work of that kind nobody has driven since then and nobody stopped, the one that waited longest; None without.

    One that goes on by itself is not waited for. Whoever gets it holds it to the end of the transaction: others are
    given another one, or none. `since` by the watch.
    """
    asked = (
        select(LongWork)
        .where(
            _works.c.kind == kind, _works.c.ended_at.is_(None), _works.c.stopped_at.is_(None),
            or_(_works.c.portion_at <= since, _works.c.content[GOES_ON].as_boolean()), _works.c.content.has_key(UNIT),
        )
        .order_by(_works.c.portion_at, _works.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    return session.scalars(asked.execution_options(populate_existing=True)).one_or_none()


def held_now(session: Session, work_id: int) -> LongWork | None:
    """That work to the end of the transaction; None where it is over, or somebody is at it just now."""
    asked = select(LongWork).where(_works.c.id == work_id, _works.c.ended_at.is_(None))
    return session.scalars(
        asked.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).one_or_none()


def begun_by(session: Session, kind: str, person_id: int, *, most: int) -> Sequence[LongWork]:
    """The latest works of that kind a person began."""
    asked = select(LongWork).where(_works.c.kind == kind, _works.c.begun_by == person_id)
    return session.scalars(asked.order_by(_works.c.id.desc()).limit(most)).all()


def begun(
    session: Session,
    kind: str,
    subject: object,
    total: int,
    *,
    by: Actor,
    at: datetime,
    content: Mapping[str, Any] | None = None,
) -> LongWork:
    """A work of `total` items on that subject, begun now unless it was begun before; `at` by the watch."""
    new = {
        "jurisdiction": by.jurisdiction, "kind": kind, "subject": str(subject),
        "content": {UNIT: by.unit_id, ACTING_FOR: by.acting_for, **(content or {})},
        "total": total, "done": 0, "failed": 0, "begun_by": by.person_id, "begun_at": at, "portion_at": at,
    }  # fmt: skip
    session.execute(insert(_works).values(new).on_conflict_do_nothing())
    found = work_of(session, kind, subject)
    assert found is not None
    return found


def noted(
    session: Session,
    work_id: int,
    *,
    left: int,
    moved: int,
    seconds: float,
    at: datetime,
    failed: int = 0,
    gave: Mapping[str, Any] | None = None,
    goes_on: bool = False,
) -> LongWork:
    """A portion of a work was done: `moved` items in `seconds`, `left` are still to be done, `failed` in all.

    `gave` is added to what its portions gave; where it `goes_on` no page is waited for. After a pause nobody asked for,
    it is written down that it went on.
    """
    asked = select(LongWork).where(_works.c.id == work_id).with_for_update()
    work = session.scalars(asked.execution_options(populate_existing=True)).one()
    if work.done and work.stopped_at is None and at - work.portion_at > QUIET:
        work.continued_at = at
    work.total = max(work.total, work.done + left)
    work.done, work.failed, work.portion_at, work.stopped_at = work.total - left, failed, at, None
    if moved:
        work.seconds_each = Decimal(str(round(seconds / moved, 6)))
    if gave:
        work.content = {**work.content, "gave": {**work.content.get("gave", {}), **gave}}
    work.content = {**work.content, GOES_ON: goes_on}
    work.ended_at = None if left else at
    session.flush()
    return work


def begun_with(session: Session, work: LongWork, *roles: Role) -> Actor:
    """Who began a work, as they did it: in these offices of that unit, for whomever they acted."""
    person = session.get_one(Person, work.begun_by)
    unit, acting_for = work.content[UNIT], work.content[ACTING_FOR]
    return Actor(person.id, person.name, work.jurisdiction, unit, frozenset(roles), acting_for)


def postponed(session: Session, work_id: int, *, at: datetime) -> None:
    """A portion came to nothing: the others are driven first."""
    session.execute(
        update(_works)
        .where(_works.c.id == work_id)
        .values(portion_at=at, content=_works.c.content.op("||")({GOES_ON: False}))
    )


def stopped(session: Session, work: LongWork, *, at: datetime) -> None:
    """No portion follows until somebody says so; what is done stays. Over or stopped already: nothing changes."""
    if work.ended_at is None and work.stopped_at is None:
        work.stopped_at = at
        session.flush()
