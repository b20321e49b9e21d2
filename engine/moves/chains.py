"""代理链: who stands in for whom on the same days; never in a circle, and only a few in a row."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Person, Substitution
from engine.moves.entrusting import SubstitutionRefused

MOST_IN_A_ROW = 3


class Days(NamedTuple):
    """From a day to a day, both included."""

    first: date
    last: date

    def common(self, other: Substitution) -> "Days | None":
        """The days a substitution shares with these, if any."""
        both = Days(max(self.first, other.from_on), min(self.last, other.until_on))
        return both if both.first <= both.last else None


class _Way(NamedTuple):
    """People one after another, who all stand in on `days`."""

    people: tuple[int, ...]
    days: Days


def must_not_chain(session: Session, absent_id: int, substitute_id: int, days: Days) -> None:
    """Refuse a substitution with which somebody would stand in for himself, or more than three follow one another.

    The refusal names the people and the days.
    """
    running = session.scalars(
        select(Substitution).where(
            Substitution.revoked.is_(False), Substitution.from_on <= days.last, Substitution.until_on >= days.first
        )
    ).all()
    ahead, behind = _by("absent_id", running), _by("substitute_id", running)
    for way in _ways(_Way((absent_id, substitute_id), days), ahead, "substitute_id"):
        if way.people[-1] == absent_id:
            raise SubstitutionRefused(
                f"{_told(session, way)}，代理转回了委托人自己，没有办理。请另选一位这几天在岗的同事，或错开日期。",
                people=list(way.people),
            )
        for whole in _ways(_Way(way.people[::-1], way.days), behind, "absent_id"):
            if len(whole.people) > MOST_IN_A_ROW + 1:
                told = _told(session, _Way(whole.people[::-1], whole.days))
                raise SubstitutionRefused(
                    f"{told}，代理连着超过 {MOST_IN_A_ROW} 层，没有办理。请直接委托实际办理的同事，或错开日期。",
                    people=list(whole.people[::-1]),
                )


def _ways(way: _Way, links: Mapping[int, Sequence[Substitution]], to: str) -> Iterator[_Way]:
    """The way itself, and every way it goes on, until it is too long or in a circle."""
    yield way
    if len(way.people) > MOST_IN_A_ROW + 1 or way.people[-1] in way.people[:-1]:
        return
    for link in links.get(way.people[-1], ()):
        days = way.days.common(link)
        if days is not None:
            yield from _ways(_Way((*way.people, getattr(link, to)), days), links, to)


def _by(end: str, running: Sequence[Substitution]) -> dict[int, list[Substitution]]:
    at = attrgetter(end)
    return {person: list(links) for person, links in groupby(sorted(running, key=at), key=at)}


def _told(session: Session, way: _Way) -> str:
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(way.people)))
    names = {row.id: row.name for row in found}
    links = [
        f"{names.get(one)}由{names.get(other)}代理" for one, other in zip(way.people, way.people[1:], strict=False)
    ]
    return f"{way.days.first}至{way.days.last}，{'，'.join(links)}"
