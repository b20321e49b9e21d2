"""关注: a case somebody wants to hear of, which is their own affair; who loses sight of a case hears no more of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases.model import Case
from engine.cases.sight import visible_to
from engine.directory import Actor
from engine.store import Base
from engine.store.base import same_tenant, table_of

MOST_FOLLOWED = 100
"""So many cases somebody follows at a time: what is done in each of them is looked up for 最近动态."""


class FollowedCase(Base):
    """That a person follows a case."""

    __tablename__ = "followed_cases"
    __table_args__ = (*same_tenant(person_id="people", case_id="cases"),)

    person_id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    followed_at: Mapped[datetime]


_followed, _cases = table_of(FollowedCase).c, table_of(Case).c


def followed_by(actor: Actor) -> Select[Any]:
    """The numbers of the cases the person at the keyboard follows and, as they act now, may see."""
    mine = _followed.jurisdiction == actor.jurisdiction, _followed.person_id == actor.person_id
    return select(_followed.case_id).join(Case, _cases.id == _followed.case_id).where(*mine, visible_to(actor))
