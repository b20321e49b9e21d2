"""影响: what confirming the draft of a year would do to the days that run, told object by object before it is done."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.calendars import Effects, draft_of, effects_of, sound
from engine.moves.permissions import must_be_let_in, offices_let_in


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One deadline that would move: its case (`object_name` None for those without business in cases), step, days."""

    deadline_id: UUID
    code: str
    object_name: str | None
    deadline: str
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class CalendarEffects:
    """The list, its counts, and the fingerprint by which it is confirmed."""

    edition_id: int
    lines: tuple[EffectLine, ...]
    effects: Effects


def calendar_effects(session: Session, actor: Actor, year: int, today: date) -> CalendarEffects:
    """What the draft of a year would move in the actor's jurisdiction; refuses a year without a draft."""
    must_be_let_in("confirm_calendar", actor)
    draft = draft_of(session, actor.jurisdiction, year)
    effects = effects_of(session, actor.jurisdiction, sound(draft.content, year, confirmed=True), today)
    named = not actor.roles.isdisjoint(offices_let_in("see_cases"))
    lines = (
        EffectLine(
            each.deadline_id, each.case[0], each.case[1] if named else None, each.name, each.before, each.after
        )
        for each in effects.redatings
    )  # fmt: skip
    return CalendarEffects(draft.id, tuple(lines), effects)
