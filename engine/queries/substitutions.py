"""代理备案: every substitution of the jurisdiction, for the 安全管理员."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.directory import Actor, Person, Substitution
from engine.moves.permissions import must_be_let_in
from engine.queries import cursor
from engine.queries.directory import SubstitutionLine
from engine.words import Role


@dataclass(frozen=True, slots=True)
class SubstitutionFilters:
    """Which ones: of a person whose name has the text, only those that are not over on the day asked."""

    text: str = ""
    running: bool = False


EVERY_ONE = SubstitutionFilters()


def all_substitutions(
    session: Session,
    actor: Actor,
    *,
    on: date,
    filters: SubstitutionFilters = EVERY_ONE,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[SubstitutionLine]:
    """Who stands in for whom, when, in which offices; the latest said first. `on` is today."""
    must_be_let_in("see_all_substitutions", actor)
    absent, substitute = aliased(Person), aliased(Person)
    found = (
        select(
            Substitution.id, Substitution.absent_id, absent.name.label("absent"), substitute.name.label("substitute"),
            Substitution.from_on, Substitution.until_on, Substitution.roles, Substitution.revoked,
        )
        .join(absent, absent.id == Substitution.absent_id)
        .join(substitute, substitute.id == Substitution.substitute_id)
        .where(Substitution.jurisdiction == actor.jurisdiction)
    )  # fmt: skip
    if filters.running:
        found = found.where(Substitution.revoked.is_(False), Substitution.until_on >= on)
    if filters.text:
        found = found.where(
            absent.name.contains(filters.text, autoescape=True)
            | substitute.name.contains(filters.text, autoescape=True)
        )
    asked = (filters, on if filters.running else None)
    return cursor.turn(
        session, found, (Substitution.id,), _line, name="substitutions", filters=asked, limit=limit, after=after
    )


def _line(row: Any) -> SubstitutionLine:
    return SubstitutionLine(
        row.id, row.absent_id, row.absent, row.substitute, row.from_on, row.until_on,
        tuple(map(Role, row.roles or ())), row.revoked,
    )  # fmt: skip
