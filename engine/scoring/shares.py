"""What judgements, satisfaction, budget execution and dates earn: shares of the weight, many of them by steps.

The numbers of bands and steps stand in method_sets.toml, each with its source.
"""

from dataclasses import dataclass
from decimal import Decimal

from engine.scoring.numbers import HUNDRED, ONE, ZERO, ImpossibleNumber, bounded, percent, plain
from engine.scoring.quantities import Earned
from engine.scoring.sheet import DateTarget, Execution, Judgement, Note, Quantity, UnsoundSheet
from engine.scoring.totals import reached

Step = tuple[Decimal, Decimal]
"""From this value on (inclusive), this share of the weight; tables run from high to low and end at 0."""


@dataclass(frozen=True, slots=True)
class Band:
    """A qualitative word: the shares it allows, `low` included; `high` included only where `closed`."""

    word: str
    low: Decimal
    high: Decimal
    closed: bool

    def holds(self, share: Decimal) -> bool:
        """May this share be given under this word?"""
        return self.low <= share and (share <= self.high if self.closed else share < self.high)

    @property
    def range(self) -> str:
        """From where to where, as a person writes it: 60.00%—<80.00%."""
        if self.low == self.high:
            return percent(self.low)
        return f"{percent(self.low)}—{'' if self.closed else '<'}{percent(self.high)}"


def judged_in_band(weight: Decimal, judgement: Judgement, bands: tuple[Band, ...]) -> Earned:
    """The share a person chose, which must lie in the band of the word they chose or be explained."""
    band = next((band for band in bands if band.word == judgement.word), None)
    if band is None:
        raise UnsoundSheet(f"定性结论“{judgement.word}”不在可选范围：{'、'.join(band.word for band in bands)}。")
    share = judgement.share
    if band.low == band.high:
        share = band.low if share is None else share
    if share is None:
        raise UnsoundSheet(f"定性结论“{band.word}”须同时填写得分比例（{band.range}）。")
    outside = f"得分比例 {percent(share)} 不在“{band.word}”的范围 {band.range} 内"
    if not band.holds(share) and not judgement.reason.strip():
        raise UnsoundSheet(f"{outside}，请改结论或改比例。")
    notes = () if band.holds(share) else (Note("outside_band", f"{outside}：{judgement.reason.strip()}"),)
    return Earned(weight * share, f"{band.word}（{band.range}）：{plain(weight)}×{percent(share)}", notes=notes)


def satisfaction_steps(weight: Decimal, satisfaction: Quantity, steps: tuple[Step, ...]) -> Earned:
    """满意度 by steps of the measured percentage; the target plays no part."""
    share = reached(max(ZERO, satisfaction.actual) / HUNDRED, steps)
    return Earned(weight * share, f"满意度 {plain(satisfaction.actual)}%，分档：{plain(weight)}×{percent(share)}")


def execution_proportional(weight: Decimal, execution: Execution) -> Earned:
    """预算执行率: w·min(1, B/A)."""
    rate = execution.executed / execution.budget
    how = f"{plain(weight)}×{plain(execution.executed)}÷{plain(execution.budget)}"
    formula = f"全年执行数不少于全年预算数，得满分（执行率 {percent(rate)}）" if rate >= ONE else how
    return Earned(weight * min(ONE, rate), formula, notes=_overspent(execution))


def execution_steps(weight: Decimal, execution: Execution, steps: tuple[Step, ...]) -> Earned:
    """预算执行率 by steps of B/A."""
    rate = execution.executed / execution.budget
    share = reached(rate, steps)
    formula = f"执行率 {percent(rate)}，分档：{plain(weight)}×{percent(share)}"
    return Earned(weight * share, formula, notes=_overspent(execution))


def _overspent(execution: Execution) -> tuple[Note, ...]:
    if execution.executed <= execution.budget:
        return ()
    return (Note("overspent", "全年执行数大于全年预算数，须说明原因。"),)


def date_on_time_or_judged(weight: Decimal, target: DateTarget) -> Earned:
    """A date target: on time earns the weight; late earns what a person gives, with a reason."""
    if target.done_on <= target.due_on:
        if target.points is not None:
            raise UnsoundSheet("按期完成的时间指标得满分，不需要人工给分。")
        return Earned(weight, f"{target.done_on:%Y-%m-%d} 完成，不晚于 {target.due_on:%Y-%m-%d}，得满分")
    if target.points is None or not target.reason.strip():
        raise UnsoundSheet("时间指标逾期完成，系统不自动计分，请评分人填写得分和理由。")
    if bounded(target.points, "时间指标得分") > weight:
        raise ImpossibleNumber(f"时间指标得分 {plain(target.points)} 超过分值 {plain(weight)}。")
    late = (target.done_on - target.due_on).days
    return Earned(target.points, f"逾期 {late} 天，人工给分（{target.reason.strip()}）")
