"""What a result does to a budget: pure rules over what the jurisdiction's tables answer (CH-20..23, GZ-14, JH-12).

The tables say *whether* and *how much*; this file only asks them, does the sums, and lays several effects on one
object side by side. Where a table has no row the effect is `undefined` (本区未规定) and a person must propose one.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from engine.errors import InvalidInput
from engine.results.reductions import quota_cut
from engine.scoring import ImpossibleNumber, exact, percent, plain

UNDEFINED = "undefined"
NOT_LAID_DOWN = "本区未规定"
PROJECT_BUDGET = "project_budget"
QUOTA = "public_expense_quota"
SUPPLEMENT = "supplement"


class WithoutReason(InvalidInput):
    """An exception from a rule that holds 原则上, without the reason and approver it needs."""

    code = "results.without_reason"


class Answer(Protocol):
    """What a decision table answered, with the row's source and status."""

    @property
    def undefined(self) -> bool: ...
    @property
    def outputs(self) -> Mapping[str, Any]: ...
    @property
    def source(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...


class Ask(Protocol):
    """Asks the jurisdiction's table `decision`; inputs not given are known to whoever answers."""

    def __call__(self, decision: str, **inputs: Any) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Effect:
    """One proposed consequence. `base` names the money it falls on; amounts are 万元 and None where not known yet.

    `in_principle` marks a rule that allows an exception with a reason and an approver.
    """

    kind: str
    source: str
    status: str
    base: str = PROJECT_BUDGET
    note: str | None = None
    rate: Decimal | None = None
    base_wan: Decimal | None = None
    cut_wan: Decimal | None = None
    in_principle: bool = False
    exception_reason: str | None = None
    approved_by: str | None = None

    @property
    def label(self) -> str:
        """The effect in Chinese."""
        return NOT_LAID_DOWN if self.kind == UNDEFINED else str(_kinds()[self.kind]["label"])


@dataclass(frozen=True, slots=True)
class Settled:
    """Several effects on one base: the one that applies (None: a person must decide), and all of them."""

    base: str
    applied: Effect | None
    alongside: tuple[Effect, ...]
    listed: tuple[Effect, ...]


def linkage_effect(ask: Ask, **inputs: Any) -> Effect:
    """What the grade means for the object's next budget: guarantee, normal, strict, cut, cancel or undefined."""
    answer = ask("budget_linkage", **inputs)
    if answer.undefined:
        return _undefined("评价结果与预算挂钩的方式本区未规定，请提出意见并说明理由。")
    outputs = answer.outputs
    return _from(answer, outputs["mode"], outputs.get("note"), in_principle=bool(outputs.get("override_needs_reason")))


def quota_effect(ask: Ask, whole_department_score: Decimal, quota_wan: Decimal | None = None) -> Effect | None:
    """The cut of the staff quota a low whole-department score brings (CH-21); None where the table says none.

    Only a whole-department score counts. Without the quota the rate is proposed and the amount left open.
    """
    answer = ask("quota_cut", whole_department_score=whole_department_score)
    if answer.undefined:
        return replace(_undefined("部门整体得分与公用经费定额是否挂钩本区未规定。"), base=QUOTA)
    rate = answer.outputs.get("rate")
    if not rate:
        return None
    base = str(answer.outputs.get("base") or QUOTA)
    score_text = f"部门整体得分 {plain(whole_department_score)}，扣减 {percent(rate)}"
    if quota_wan is None:
        return replace(_from(answer, "quota_cut", f"{score_text}，定额待填。"), base=base, rate=rate)
    cut = quota_cut(quota_wan, rate)
    sums = f"：{plain(quota_wan)}×{percent(rate)}＝{cut.amount_wan}，核定 {cut.approved_wan} 万元。"
    effect = _from(answer, "quota_cut", score_text + sums)
    return replace(effect, base=base, rate=rate, base_wan=quota_wan, cut_wan=cut.amount_wan)


def supplement_effect(ask: Ask, **inputs: Any) -> Effect | None:
    """不予追加 where spending lags behind time progress (HC-08); None where a supplement is allowed."""
    answer = ask("supplement_allowed", **inputs)
    if answer.undefined:
        return replace(_undefined("能否追加预算本区未规定，请提出意见并说明理由。"), base=SUPPLEMENT)
    if answer.outputs["allowed"]:
        return None
    in_principle = bool(answer.outputs.get("override_needs_reason"))
    effect = _from(answer, "no_supplement", "支出进度落后于序时进度，原则上不予追加。", in_principle=in_principle)
    return replace(effect, base=SUPPLEMENT)


def stop_payment(reason: str, *, source: str, status: str) -> Effect:
    """停止拨款 for poor effect or late rectification (HC-18)."""
    return Effect("stop_payment", source, status, note=_reason(reason), in_principle=True)


def claw_back(paid_wan: Decimal, amount_wan: Decimal, reason: str, *, source: str, status: str) -> Effect:
    """收回资金 where targets were missed (JH-13); never more than was paid."""
    if amount_wan > paid_wan:
        raise ImpossibleNumber(f"收回金额 {plain(amount_wan)} 大于已拨付的 {plain(paid_wan)} 万元，请核对。")
    note = _reason(reason)
    return Effect("claw_back", source, status, "paid", note, base_wan=paid_wan, cut_wan=amount_wan, in_principle=True)


def consequences(ask: Ask, facts: Mapping[str, Any]) -> tuple[Effect, ...]:
    """Every effect a finalised result of one case has.

    `facts` may hold `grade`, `object_kind`, `whole_department_score` (or `score` of a whole department) and
    `public_expense_quota_wan`; scores and amounts may be decimal text.
    """
    known = {name: facts[name] for name in ("grade", "object_kind") if facts.get(name) is not None}
    effects = [linkage_effect(ask, **known)]
    whole_department = facts.get("object_kind") == "whole_department"
    score = facts.get("whole_department_score", facts.get("score") if whole_department else None)
    if score is not None:
        quota = facts.get("public_expense_quota_wan")
        quota_wan = None if quota is None else exact(quota, "在职人员公用经费综合定额")
        quota_cut_effect = quota_effect(ask, exact(score, "部门整体得分"), quota_wan)
        effects += [quota_cut_effect] if quota_cut_effect else []
    return tuple(effects)


def propose(ask: Ask, facts: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """`consequences` as proposed rows of `result_effects`, without case and budget year.

    Where the tables are silent, `mode` and `quota_cut_rate` in `facts` are what a person decided instead.
    """
    return tuple(proposed(_as_decided(effect, facts)) for effect in consequences(ask, facts))


def _as_decided(effect: Effect, facts: Mapping[str, Any]) -> Effect:
    """An effect the tables leave open, as a person decided it: the linkage by `mode`, the quota by `quota_cut_rate`."""
    if effect.kind != UNDEFINED:
        return effect
    if effect.base == QUOTA:
        rate = facts.get("quota_cut_rate")
        return effect if rate is None else _decided_quota(effect, exact(rate, "扣减比例"))
    mode = facts.get("mode")
    return effect if not mode else decided_by_a_person(str(mode), "本区未规定，由财政业务股认定")


def _decided_quota(effect: Effect, rate: Decimal) -> Effect:
    if rate > 1:
        raise ImpossibleNumber("扣减比例应写成 0 至 1 之间的小数，例如扣减 5% 写 0.05。请更正。", rate=str(rate))
    note = "本区未规定，由财政业务股认定扣减比例" if rate else "本区未规定，由财政业务股认定不扣减"
    return replace(effect, kind="quota_cut" if rate else "normal", rate=rate or None, note=note)


def proposed(effect: Effect) -> dict[str, Any]:
    """An effect as a proposed row of `result_effects`, without case and budget year."""
    return {
        "effect": effect.kind,
        "rate": effect.rate,
        "base_wan": effect.base_wan,
        "cut_wan": effect.cut_wan,
        "note": effect.note,
        "source": effect.source,
        "status": effect.status,
        "state": "proposed",
        "decided_by": None,
        "decided_at": None,
        "exception_reason": effect.exception_reason,
    }


def decided_by_a_person(kind: str, note: str | None = None) -> Effect:
    """An effect no table lays down, because somebody entitled to it decided so; refuses a kind nobody knows."""
    if kind not in _kinds():
        raise InvalidInput(f"没有“{kind}”这种结果应用方式。可选：{'、'.join(_kinds())}。", kind=kind)
    return Effect(kind, NOT_LAID_DOWN, UNDEFINED, note=note)


def waive(effect: Effect, *, reason: str, approved_by: str) -> Effect:
    """The effect with an exception noted; it stays listed and no longer applies (F12 例外理由、审批人)."""
    if not effect.in_principle:
        raise WithoutReason(f"“{effect.label}”没有规定可以例外，不能不执行。", kind=effect.kind)
    if not reason.strip() or not approved_by.strip():
        raise WithoutReason(f"不执行“{effect.label}”须写明例外理由和审批人。", kind=effect.kind)
    return replace(effect, exception_reason=reason.strip(), approved_by=approved_by.strip())


def settle(effects: Iterable[Effect]) -> tuple[Settled, ...]:
    """The effects on one object, by the money they fall on: the strictest applies, all are listed.

    Waived effects do not apply. Of equally strict ones the larger cut applies, then the first.
    """
    by_base: dict[str, list[Effect]] = {}
    for effect in effects:
        by_base.setdefault(effect.base, []).append(effect)
    return tuple(_settled(base, tuple(on_base)) for base, on_base in by_base.items())


def _settled(base: str, effects: tuple[Effect, ...]) -> Settled:
    alive = [effect for effect in effects if effect.exception_reason is None and effect.kind != UNDEFINED]
    alongside = tuple(effect for effect in alive if _kinds()[effect.kind].get("alongside"))
    rivals = [effect for effect in alive if effect not in alongside]
    strictest = max(rivals, key=lambda effect: (_strictness(effect), effect.cut_wan or Decimal(0)), default=None)
    return Settled(base, strictest, alongside, effects)


def _strictness(effect: Effect) -> int:
    return list(_kinds()).index(effect.kind)


@cache
def _kinds() -> Mapping[str, Mapping[str, Any]]:
    """effects.toml by kind, from mild to strict."""
    document = tomllib.loads(files("engine.results").joinpath("effects.toml").read_text("utf-8"))
    return {entry["kind"]: entry for entry in document["effects"]}


def _from(answer: Answer, kind: str, note: str | None, *, in_principle: bool = False) -> Effect:
    source, status = answer.source or NOT_LAID_DOWN, answer.status or UNDEFINED
    return Effect(kind, source, status, note=note or None, in_principle=in_principle)


def _undefined(note: str) -> Effect:
    return Effect(UNDEFINED, NOT_LAID_DOWN, UNDEFINED, note=note)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise WithoutReason("停止拨款、收回资金须写明理由。")
    return reason.strip()
