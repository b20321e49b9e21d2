"""What a result does to a budget: pure rules over what the jurisdiction's tables answer (CH-20..23, GZ-14, JH-12).

The tables say *whether* and *how much*; this file only asks them and does the sums. Where a table has no row the effect
is `undefined` (本区未规定) and a person must propose one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from engine.errors import InvalidInput
from engine.scoring import ImpossibleNumber, exact, percent, plain, quota_cut
from engine.words import BudgetBase, CaseKind, EffectKind, EffectState, RowStatus

NOT_LAID_DOWN = RowStatus.UNDEFINED.label
QUOTA = BudgetBase.PUBLIC_EXPENSE_QUOTA
OPEN_TO_A_PERSON = tuple(kind for kind in EffectKind if kind not in (EffectKind.DEDUCT, EffectKind.UNDEFINED))
"""What can be decided where no table lays anything down."""


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
    """One proposed consequence. `base` names the money it falls on; amounts are 万元 and None where not known yet."""

    kind: EffectKind
    source: str
    status: RowStatus
    base: BudgetBase = BudgetBase.PROJECT_BUDGET
    note: str | None = None
    rate: Decimal | None = None
    base_wan: Decimal | None = None
    cut_wan: Decimal | None = None

    @property
    def label(self) -> str:
        """The effect in Chinese."""
        return EffectKind(self.kind).label


def linkage_effect(ask: Ask, **inputs: Any) -> Effect:
    """What the grade means for the object's next budget: guarantee, normal, strict, cut, cancel or undefined."""
    answer = ask("budget_linkage", **inputs)
    if answer.undefined:
        return _undefined("评价结果与预算挂钩的方式本区未规定，请提出意见并说明理由。")
    outputs = answer.outputs
    return _from(answer, EffectKind(outputs["mode"]), outputs.get("note"))


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
    base = BudgetBase(answer.outputs.get("base") or QUOTA)
    score_text = f"部门整体得分 {plain(whole_department_score)}，扣减 {percent(rate)}"
    if quota_wan is None:
        return replace(_from(answer, EffectKind.QUOTA_CUT, f"{score_text}，定额待填。"), base=base, rate=rate)
    cut = quota_cut(quota_wan, rate)
    sums = f"：{plain(quota_wan)}×{percent(rate)}＝{cut.cut_wan}，核定 {cut.left_wan} 万元。"
    effect = _from(answer, EffectKind.QUOTA_CUT, score_text + sums)
    return replace(effect, base=base, rate=rate, base_wan=quota_wan, cut_wan=cut.cut_wan)


def lapse_effect(ask: Ask) -> Effect:
    """What the office proposes for the money of a unit that does not put its problems right: to stop it (HC-18)."""
    answer = ask("rectification_lapse")
    stop = EffectKind.STOP_PAYMENT
    if answer.undefined or stop not in (answer.outputs["mode"], *(answer.outputs.get("also") or ())):
        return decided_by_a_person(stop, "整改逾期，提请停止拨款或调减")
    return _from(answer, stop, answer.outputs.get("note"))


def consequences(ask: Ask, facts: Mapping[str, Any]) -> tuple[Effect, ...]:
    """Every effect a finalised result of one case has.

    `facts` may hold `grade`, `object_kind`, `whole_department_score` (or `score` of a whole department) and
    `public_expense_quota_wan`; scores and amounts may be decimal text.
    """
    known = {name: facts[name] for name in ("grade", "object_kind") if facts.get(name) is not None}
    effects = [linkage_effect(ask, **known)]
    whole_department = facts.get("object_kind") == CaseKind.WHOLE_DEPARTMENT
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
    if effect.kind is not EffectKind.UNDEFINED:
        return effect
    if effect.base is QUOTA:
        rate = facts.get("quota_cut_rate")
        return effect if rate is None else _decided_quota(effect, exact(rate, "扣减比例"))
    mode = facts.get("mode")
    return effect if not mode else decided_by_a_person(str(mode), "本区未规定，由财政业务股认定")


def _decided_quota(effect: Effect, rate: Decimal) -> Effect:
    if rate > 1:
        raise ImpossibleNumber("扣减比例应写成 0 至 1 之间的小数，例如扣减 5% 写 0.05。请更正。", rate=str(rate))
    note = "本区未规定，由财政业务股认定扣减比例" if rate else "本区未规定，由财政业务股认定不扣减"
    return replace(effect, kind=EffectKind.QUOTA_CUT if rate else EffectKind.NO_CUT, rate=rate or None, note=note)


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
        "state": EffectState.PROPOSED,
        "settled_as": None,
        "decided_by": None,
        "decided_at": None,
        "exception_reason": None,
        "approved_by": None,
    }


def decided_by_a_person(kind: str, note: str | None = None) -> Effect:
    """An effect no table lays down, because somebody entitled to it decided so; refuses a kind nobody knows."""
    if kind not in OPEN_TO_A_PERSON:
        known = "、".join(known.label for known in OPEN_TO_A_PERSON)
        raise InvalidInput(f"没有“{kind}”这种结果应用方式。可选：{known}。", kind=kind)
    return Effect(EffectKind(kind), NOT_LAID_DOWN, RowStatus.UNDEFINED, note=note)


def _from(answer: Answer, kind: EffectKind, note: str | None) -> Effect:
    status = RowStatus(answer.status or RowStatus.UNDEFINED)
    return Effect(kind, answer.source or NOT_LAID_DOWN, status, note=note or None)


def _undefined(note: str) -> Effect:
    return Effect(EffectKind.UNDEFINED, NOT_LAID_DOWN, RowStatus.UNDEFINED, note=note)
