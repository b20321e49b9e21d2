"""The frame of a draw or a plan: every case that waits for it, and what the jurisdiction's table says of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, defer

from engine.cases import Case, cases_waiting_for
from engine.clock import day_of
from engine.errors import InvalidInput
from engine.moves.facts import decide_for
from engine.policies import Decision, DecisionInputRefused, Policy
from engine.results.model import Candidate
from engine.results.sampling import ALWAYS, NEVER, frame_hash
from engine.stages import library_of


@dataclass(frozen=True, slots=True)
class Purpose:
    """What cases are chosen for: the message they wait for and the table that says who may be chosen."""

    message: str
    decision: str
    name: str


PURPOSES = {
    "spot_review": Purpose("spot_review.drawn", "spot_review_pool", "自评复核"),
    "key_evaluation": Purpose("key_evaluation.planned", "key_evaluation_candidate", "重点评价"),
}


class PurposeUnknown(InvalidInput):
    """Nothing is chosen for this."""

    code = "sample.purpose_unknown"


@dataclass(frozen=True, slots=True)
class Frame:
    """Everybody who waits, as the JSON that is hashed: weight 0 for those the table rules out.

    `undefined` are the numbers of those of whom the table says nothing (本区未规定); they take part with weight 1.
    A member somebody marked has `draw` ("always", "never") and `draw_reason`.
    """

    members: tuple[Mapping[str, Any], ...]
    undefined: tuple[int, ...]

    @property
    def hash(self) -> bytes:
        """The SHA-256 both sides note down before they name their seeds."""
        return frame_hash(self.members)

    @property
    def candidates(self) -> tuple[int, ...]:
        """The numbers of those who may be chosen."""
        return tuple(
            member["case"] for member in self.members if member["weight"] != "0" and member.get("draw") != NEVER
        )

    @property
    def always(self) -> tuple[int, ...]:
        """The numbers of those who are in without being drawn (必抽)."""
        return tuple(member["case"] for member in self.members if member.get("draw") == ALWAYS)

    @property
    def never(self) -> tuple[int, ...]:
        """The numbers of those who are kept out (回避)."""
        return tuple(member["case"] for member in self.members if member.get("draw") == NEVER)

    def with_marks(self, marks: Mapping[int, "Drawing"]) -> "Frame":
        """The frame with 必抽 and 回避 of some members, each with its reason."""
        members = tuple({**member, **_marked(marks.get(member["case"]))} for member in self.members)
        return Frame(members, self.undefined)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was settled of one case before a draw: `draw` is "always" or "never"."""

    draw: str
    reason: str


def marks_in(frame: Sequence[Mapping[str, Any]]) -> dict[int, Drawing]:
    """Case → what a kept frame says was settled of it."""
    return {member["case"]: Drawing(member["draw"], member["draw_reason"]) for member in frame if "draw" in member}


def _marked(drawing: Drawing | None) -> dict[str, str]:
    return {"draw": drawing.draw, "draw_reason": drawing.reason} if drawing else {}


def purpose_of(word: str) -> Purpose:
    """The purpose of that name; refuses others."""
    if word not in PURPOSES:
        known = "、".join(PURPOSES)
        raise PurposeUnknown(f"没有“{word}”这种选取，可选：{known}。请核对后再办。", purpose=word)
    return PURPOSES[word]


def frame_for(session: Session, jurisdiction: str, fiscal_year: int, purpose: Purpose, *, at: datetime) -> Frame:
    """Who may be chosen now: cases of the year that wait, each with its amount, marks, weight and the row behind it."""
    library = library_of(session)
    listed = _listed_last_year(session, jurisdiction, fiscal_year)
    members, undefined = [], []
    for case in waiting_for(session, jurisdiction, fiscal_year, purpose.message):
        marks = _marks(case, listed)
        policy = library.policy_version(session, case.policy_id)
        answer = _asked(case, policy, purpose.decision, marks, day_of(at))
        members.append(_member(case, marks, answer))
        if answer.undefined:
            undefined.append(case.id)
    return Frame(tuple(members), tuple(undefined))


def _asked(case: Case, policy: Policy, decision: str, marks: Sequence[str], on: date) -> Decision:
    """What the table says of a case; facts of an earlier release that no table reads leave it to a person."""
    try:
        return decide_for(case, policy, decision, {"marks": marks}, on)
    except DecisionInputRefused:
        return policy.silent_about(decision)


def waiting_for(session: Session, jurisdiction: str, fiscal_year: int, message: str) -> Sequence[Case]:
    """The cases of the year that wait for `message`, by number."""
    waiting = cases_waiting_for(jurisdiction, fiscal_year, message)
    return session.scalars(waiting.options(defer(Case.process_state), defer(Case.forms))).all()


def _listed_last_year(session: Session, jurisdiction: str, fiscal_year: int) -> frozenset[tuple[str, str]]:
    """Kind and code of the objects that last year's monitoring put on this year's list (HC-09)."""
    earlier = aliased(Case)
    rows = session.execute(
        select(earlier.object_kind, earlier.code)
        .join(Candidate, Candidate.case_id == earlier.id)
        .where(Candidate.jurisdiction == jurisdiction, Candidate.for_year == fiscal_year)
    )
    return frozenset((row.object_kind, row.code) for row in rows)


def _marks(case: Case, listed: frozenset[tuple[str, str]]) -> list[str]:
    marks = set(case.facts.get("marks", ()))
    return sorted(marks | {"monitoring_candidate"} if (case.object_kind, case.code) in listed else marks)


def _member(case: Case, marks: Sequence[str], answer: Decision) -> Mapping[str, Any]:
    return {
        "case": case.id,
        "code": case.code,
        "name": case.name,
        "object_kind": case.object_kind,
        "amount_wan": _plain(case.amount_wan),
        "marks": list(marks),
        "weight": _weight(answer),
        "source": answer.source,
    }


def _weight(answer: Decision) -> str:
    if not answer.undefined and not answer.outputs["candidate"]:
        return "0"
    weight = answer.outputs["weight"]
    return "1" if weight is None else _plain(weight)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
