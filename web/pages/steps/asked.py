"""What a step with a command of its own asks besides its form and the questions of the diagram, and what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.queries.task_card import TaskCard
from web.forms.shown import typed
from web.visits import Visit


class Unreadable(InvalidInput):
    """What was typed into one of the fields cannot be read, or nothing was chosen."""

    code = "page.unreadable"


class Control(StrEnum):
    """How a field is drawn."""

    LINE = "line"
    LONG = "long"
    DAY = "day"
    ONE_OF = "one_of"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled field. `options` are value → label; `usual` is what stands there before anybody types."""

    name: str
    label: str
    control: Control
    options: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    usual: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What the person brings: the outcome, and the fields as they were typed, each by its name."""

    outcome: Outcome
    typed: Mapping[str, str]

    def text(self, name: str) -> str:
        """A field without the white space around it; "" where nothing was typed."""
        return self.typed.get(name, "").strip()

    def number(self, name: str, otherwise: str) -> int:
        """The number an option stands for; refuses with the sentence `otherwise` where none was chosen."""
        told = self.text(name)
        if not told.isascii() or not told.isdigit() or len(told) > 18:
            raise Unreadable(otherwise, field=name)
        return int(told)

    def day(self, name: str, label: str) -> date:
        """The day typed as 2022-10-12; refuses anything else."""
        told = self.text(name)
        try:
            return datetime.strptime(told, "%Y-%m-%d").date()  # noqa: DTZ007 - a day in China has no zone
        except ValueError:
            said = f"写的是“{told[:40]}”，读不出日期" if told else "没有填写"
            raise Unreadable(f"{label}{said}，没有办理。请按“2022-10-12”的样子填写。", field=name) from None


class Step(Protocol):
    """A module of this package: what is shown and asked beside the form, and the command that ends the step."""

    def fields(self, visit: Visit, card: TaskCard) -> Sequence[Field]:
        """The fields to be asked, in their order."""
        ...

    def carry_out(
        self,
        session: Session,
        task_id: UUID,
        given: Given,
        *,
        by: Actor,
        at: datetime,
        key: str | None = None,
        expected: int | None = None,
    ) -> Receipt:
        """End the step; refuses what the command refuses, and fields it cannot read."""
        ...


def typed_in(fields: Sequence[Field], form: Mapping[str, Any]) -> dict[str, str]:
    """The fields as they were typed; a box not ticked is ""."""
    return {each.name: typed(form.get(each.name, "")) for each in fields}
