"""Who may see which cases, as every read asks it; the condition itself is that of `engine.cases.sight`."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, exists, func, or_, select, true

from engine.cases import Case
from engine.cases.sight import OWN_UNIT, WHOLE_TENANT, Seat, seats_of, visible_case, visible_to, ways_apart
from engine.directory import Actor
from engine.queries.engagements import agency_then
from engine.rectifications import Letter
from engine.store.base import table_of
from engine.words import Role

_cases, _letters = table_of(Case).c, table_of(Letter).c

LETTER = "F10"
"""The form 反馈意见函 is written in."""
APPRAISAL = "F13"
"""The form an agency's work is appraised in."""


def sight_of(actor: Actor) -> str | None:
    """Which cases this actor sees, as one says it before a noun (本单位的); None for those who see all."""
    if actor.roles & WHOLE_TENANT:
        return None
    if Role.DEPARTMENT in actor.roles:
        return "本部门和所属单位的"
    if actor.roles & OWN_UNIT:
        return "本单位的"
    if Role.AGENCY in actor.roles:
        return "委派给本机构的"
    return "已归档的" if Role.OBSERVER in actor.roles else None


def of_visible_case(case_id: Any, actor: Actor, *, whole: Iterable[Role] = ()) -> ColumnElement[bool]:
    """The same condition on a row that hangs on a case, `case_id` being its column; `cases` has to be joined.

    Who sees neither all nor all that are closed sees few cases; they are found first, and the rows by them.
    """
    visible = visible_to(actor, whole=whole)
    if actor.roles & (WHOLE_TENANT | {Role.OBSERVER, *whole}):
        return visible
    few = select(_cases.id).where(visible).correlate(None).scalar_subquery()
    return cast("ColumnElement[bool]", case_id == func.any(func.array(few)))


def may_be_read(paper: Any, actor: Actor) -> ColumnElement[bool]:
    """The condition on a version of a paper of a visible case: a letter that did not go out is finance's own, and no
    agency reads the appraisal of the one that was engaged before it."""
    if actor.roles & WHOLE_TENANT:
        return true()
    went_out = exists().where(_letters.case_id == paper.case_id, _letters.submission_id == paper.id)
    readable = or_(paper.form != LETTER, went_out)
    if Role.AGENCY not in actor.roles:
        return readable
    return readable & or_(paper.form != APPRAISAL, agency_then(paper.case_id, paper.filled_at) == actor.unit_id)


__all__ = [
    "WHOLE_TENANT",
    "Seat",
    "may_be_read",
    "of_visible_case",
    "seats_of",
    "sight_of",
    "visible_case",
    "visible_to",
    "ways_apart",
]
