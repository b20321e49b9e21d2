"""九个阶段: which a case has gone through, where it stands, which did not apply and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.audit import Event
from engine.audit.events.cases import DecisionMade, StageEntered
from engine.audit.events.evaluations import CaseNotDrawn, CasePlanned, CaseSampled
from engine.policies import DECISIONS, Policy
from engine.queries.decision_tables import conditions_of
from engine.queries.telling import unknown_inputs
from engine.words import STAGES, CaseKind, said_process

DONE, CURRENT, SKIPPED, AHEAD = "done", "current", "skipped", "ahead"

APPLIES = {"ex_ante_assessment": "ex_ante_required", "rectification": "rectification_required"}
"""Stage → the table that says whether it applies; the others begin by a draw, a plan or by themselves."""

NOT_SELECTED = {"spot_review": "未抽中", "key_evaluation": "未列入年度评价计划"}
NOBODY = {"spot_review": "本年不抽", "key_evaluation": "本年不选"}
NOT_FOR_DEPARTMENTS = {"ex_ante_assessment", "spot_review"}
OF_THE_STRIP = tuple(kind.name for kind in (StageEntered, DecisionMade, CaseSampled, CasePlanned, CaseNotDrawn))
BEFORE = ("sample.drawn", "evaluation.planned", "sample.skipped")
"""What the last three were called in the journal of a case before events had versions."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a stage did not apply, or does: in words, and where a table said so its row, source and how firm it is."""

    words: str
    decision: str | None = None
    row: str | None = None
    source: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class StagePart:
    """One stage of the strip: done, current, skipped or ahead; since when; what a table said of it."""

    stage: str
    title: str
    state: str
    entered_at: datetime | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Noted:
    """An event of the case's journal and when it was written."""

    at: datetime
    event: Event


def stage_strip(
    object_kind: str, stage: str | None, over: bool, entries: Sequence[Noted], policy: Policy
) -> tuple[StagePart, ...]:
    """The nine stages in order; `stage` is where the case stands, `over` whether it is closed or cancelled."""
    entered: dict[str, datetime] = {}
    for entry in entries:
        if isinstance(entry.event, StageEntered):
            entered.setdefault(entry.event.stage, entry.at)
    reached = max((STAGES.index(name) for name in [*entered, stage or ""] if name in STAGES), default=-1)
    reasons = _reasons(object_kind, entries, policy)
    return tuple(
        _part(name, name == stage and not over, over or at < reached, entered.get(name), reasons.get(name))
        for at, name in enumerate(STAGES)
    )


def _part(name: str, current: bool, behind: bool, entered_at: datetime | None, reason: Reason | None) -> StagePart:
    if current:
        return StagePart(name, said_process(name), CURRENT, entered_at, reason)
    if not behind:
        return StagePart(name, said_process(name), AHEAD, None, None)
    if entered_at is None or name in NOT_SELECTED and reason is not None:
        return StagePart(name, said_process(name), SKIPPED, entered_at, reason or Reason("本案卷没有经过这个阶段"))
    return StagePart(name, said_process(name), DONE, entered_at, reason)


def _reasons(object_kind: str, entries: Iterable[Noted], policy: Policy) -> dict[str, Reason]:
    """Stage → why the case does not take part in it, as far as anybody said so."""
    found: dict[str, Reason] = {}
    if object_kind == CaseKind.WHOLE_DEPARTMENT:
        found = {stage: Reason("部门整体不做这个阶段") for stage in NOT_FOR_DEPARTMENTS}
    for event in (entry.event for entry in entries):
        if isinstance(event, DecisionMade):
            for stage, decision in APPLIES.items():
                if decision in event.answers:
                    found[stage] = ruling(policy, decision, event.told(decision))
        elif isinstance(event, CaseSampled | CasePlanned | CaseNotDrawn):
            stage = event.purpose
            found.pop(stage, None)
            if not (event.sampled or event.selected):
                found[stage] = Reason((NOBODY if isinstance(event, CaseNotDrawn) else NOT_SELECTED)[stage])
    return found


def ruling(policy: Policy, decision: str, answer: Mapping[str, Any] | None) -> Reason:
    """What a table answered, in the words of its columns, with the row it comes from; None is 本区未规定.

    Of an answer that depends on something unknown it is `missing` what: 资料不全.
    """
    signature = DECISIONS[decision]
    if answer is None:
        return Reason(f"{signature.title}：本区未规定", decision)
    if missing := answer.get("missing"):
        return Reason(f"{signature.title}：资料不全（不知道{unknown_inputs(decision, missing)}）", decision)
    told = "，".join(
        f"{column.label} {_said(answer[name], column.words)}" if len(signature.outputs) > 1
        else _said(answer[name], column.words)
        for name, column in signature.outputs.items()
        if answer.get(name) is not None
    )  # fmt: skip
    table = policy.table(decision)
    row = next((row for row in table.rows if row.id == answer.get("row")), None)
    if row is None:
        return Reason(f"{signature.title}：{told}", decision, answer.get("row"))
    because = conditions_of(table, row)
    words = f"{signature.title}：{told}{f'（{because}）' if because else ''}"
    return Reason(words, decision, row.id, row.source, row.status)


def _said(value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(words.get(word, word) for word in str(value).split()) if words else str(value)
