"""代理备案: every substitution of the jurisdiction, for the 安全管理员."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
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


class Clash(StrEnum):
    """Why two substitutions of the same days are to be looked at."""

    TWO_FOR_ONE = "two_for_one"
    ONE_FOR_TWO = "one_for_two"
    AWAY_HIMSELF = "away_himself"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two substitutions that share days, both included, and an office; `who` is the person they have in common.

    TWO_FOR_ONE: `who` is absent and both `others` stand in; ONE_FOR_TWO: `who` stands in for both; AWAY_HIMSELF: `who`
    stands in for the first of them and has the second stand in for himself.
    """

    kind: Clash
    who: str
    others: tuple[str, str]
    first: date
    last: date
    lines: tuple[int, int]


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


def overlaps(session: Session, actor: Actor, *, on: date) -> list[Overlap]:
    """The substitutions that are not over and share days with another one of the same people, the earliest first."""
    must_be_let_in("see_all_substitutions", actor)
    running = session.scalars(
        select(Substitution)
        .where(
            Substitution.jurisdiction == actor.jurisdiction,
            Substitution.revoked.is_(False),
            Substitution.until_on >= on,
        )
        .order_by(Substitution.from_on, Substitution.id)
    ).all()
    of_person = defaultdict[int, list[Substitution]](list)
    for each in running:
        of_person[each.absent_id].append(each)
        of_person[each.substitute_id].append(each)
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(of_person)))
    names = {row.id: row.name for row in people}
    pairs = [(who, *pair) for who, theirs in of_person.items() for pair in combinations(theirs, 2)]
    found = [told for each in pairs if (told := _overlap(*each, names)) is not None]
    return sorted(found, key=lambda each: (each.first, each.lines))


def _overlap(who: int, one: Substitution, other: Substitution, names: Mapping[int, str]) -> Overlap | None:
    """What two substitutions of one person have in common; None where they share no day, or two deputies no office."""
    first, last = max(one.from_on, other.from_on), min(one.until_on, other.until_on)
    if first > last:
        return None
    if one.absent_id == other.absent_id == who:
        if not one.scope & other.scope:
            return None
        kind, others = Clash.TWO_FOR_ONE, (one.substitute_id, other.substitute_id)
    elif one.substitute_id == other.substitute_id == who:
        kind, others = Clash.ONE_FOR_TWO, (one.absent_id, other.absent_id)
    else:
        serving, away = (one, other) if one.substitute_id == who else (other, one)
        kind, others = Clash.AWAY_HIMSELF, (serving.absent_id, away.substitute_id)
    told = names.get(others[0], ""), names.get(others[1], "")
    return Overlap(kind, names.get(who, ""), told, first, last, (one.id, other.id))


def _line(row: Any) -> SubstitutionLine:
    return SubstitutionLine(
        row.id, row.absent_id, row.absent, row.substitute, row.from_on, row.until_on,
        tuple(map(Role, row.roles or ())), row.revoked,
    )  # fmt: skip
