"""备选名单 as pages show it: every member with its amount, marks, chance and the row behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.results.sampling import ALWAYS, NEVER
from engine.words import Mark

SETTLED = {ALWAYS: "必抽", NEVER: "回避"}


@dataclass(frozen=True, slots=True)
class Member:
    """One case of a frame; `weight` "0": ruled out by the table; `undefined`: 本区未规定.

    `draw` is "always" or "never" where that was settled before the draw, for `draw_reason`.
    """

    case_id: int
    code: str
    name: str
    object_kind: str
    amount_wan: Decimal
    marks: tuple[str, ...]
    weight: str
    source: str | None
    undefined: bool = False
    draw: str = ""
    draw_reason: str = ""

    @property
    def is_candidate(self) -> bool:
        """Whether it may be chosen at all."""
        return self.weight != "0" and self.draw != NEVER

    @property
    def settled(self) -> str:
        """What was settled of it before the draw, in a word; empty: it is drawn like the others."""
        return SETTLED.get(self.draw, "")


@dataclass(frozen=True, slots=True)
class Layer:
    """层: the members of one kind with one chance."""

    object_kind: str
    weight: str
    source: str | None
    cases: int


def members_of(frame: Sequence[Mapping[str, Any]], undefined: Sequence[int] = ()) -> tuple[Member, ...]:
    """The members as they are shown, those with the most chance first, then by amount."""
    found = (
        Member(
            case_id=int(member["case"]),
            code=member["code"],
            name=member["name"],
            object_kind=member["object_kind"],
            amount_wan=Decimal(member["amount_wan"]),
            marks=tuple(Mark.said(mark) for mark in member["marks"]),
            weight=member["weight"],
            source=member["source"],
            draw=member.get("draw", ""),
            draw_reason=member.get("draw_reason", ""),
            undefined=int(member["case"]) in undefined or member["source"] is None,
        )
        for member in frame
    )
    return tuple(sorted(found, key=lambda each: (-Decimal(each.weight), -each.amount_wan, each.code)))


def layers_of(members: Sequence[Member]) -> tuple[Layer, ...]:
    """How many there are of each kind and chance."""
    counts: dict[tuple[str, str, str | None], int] = {}
    for member in members:
        kind = (member.object_kind, member.weight, member.source)
        counts[kind] = counts.get(kind, 0) + 1
    return tuple(Layer(*kind, cases) for kind, cases in counts.items())


def total_wan(members: Sequence[Member]) -> Decimal:
    """What the members come to together, 万元."""
    return sum((member.amount_wan for member in members), Decimal(0))
