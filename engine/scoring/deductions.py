"""What is taken off a row, how far that carries, and how it is told: spot review (F08), evaluation and appraisals.

Which cuts a clause allows and what must be written beside one is data of the forms, not arithmetic.
"""

from collections.abc import Iterable
from decimal import Decimal

from engine.scoring.numbers import HUNDRED, SCORE_PLACES, ZERO, percentage, plain, product, rounded


def points_lost(weight: Decimal | None, score: Decimal | None) -> Decimal:
    """The points a row lost: none as long as it is not scored, none where it has its full marks."""
    return ZERO if weight is None or score is None else max(ZERO, weight - score)


def left_after(cut_percent: Decimal, points: Decimal) -> Decimal:
    """What is left of some points when so many percent are taken off, to two decimals.

    >>> left_after(Decimal(30), Decimal(10))
    Decimal('7.00')
    """
    return rounded(product(points, (HUNDRED - cut_percent) / HUNDRED), SCORE_PLACES)


def cut_fits(cut_percent: Decimal, score: Decimal, bases: Iterable[Decimal]) -> bool:
    """Whether a cut of so many percent, taken off one of these bases, gives this score."""
    return rounded(score, SCORE_PLACES) in {left_after(cut_percent, base) for base in bases}


def deviation(self_score: Decimal | None, reviewed_score: Decimal | None) -> Decimal | None:
    """偏离度 = (自评得分 − 复核得分)/自评得分 of the project, in percent; None where it has no meaning.

    >>> deviation(Decimal(100), Decimal("80.31"))
    Decimal('19.69')
    """
    if self_score is None or reviewed_score is None:
        return None
    return percentage(self_score - reviewed_score, self_score)


def evaluation_told(weight: Decimal, score: Decimal, reason: str = "") -> str:
    """The sum behind a row of an evaluation, which starts at its weight.

    >>> evaluation_told(Decimal(5), Decimal(4), "缺验收单")
    '5－1（缺验收单）＝4'
    """
    lost = points_lost(weight, score)
    if not lost:
        return f"未扣分，得满分 {plain(score)}"
    return f"{plain(weight)}－{plain(lost)}{_in_brackets(reason)}＝{plain(score)}"


def review_told(self_score: Decimal | None, score: Decimal, cut: str = "", reason: str = "") -> str:
    """How the reviewed points of a row came about; `cut` says which clause took how much.

    >>> review_told(Decimal(10), Decimal(7), "“个别未完成”扣减 30%", "一处未投用")
    '自评 10，“个别未完成”扣减 30%（一处未投用），复核 7'
    """
    if self_score is None:
        return f"复核 {plain(score)}{_in_brackets(reason)}"
    if self_score == score:
        return f"与自评一致，复核 {plain(score)}"
    how = "，".join(part for part in (f"自评 {plain(self_score)}", cut) if part)
    return f"{how}{_in_brackets(reason)}，复核 {plain(score)}"


def _in_brackets(reason: str) -> str:
    return f"（{reason.strip()}）" if reason.strip() else ""
