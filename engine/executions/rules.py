"""序时进度 at the end of a day, by the method of the jurisdiction; no session, no clock."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from engine.scoring.numbers import ratio
from engine.words import TimeProgress

_ONE = Decimal(1)
_MONTHS = Decimal(12)


def gone_by(
    as_of: date, method: TimeProgress | None, planned_wan: Decimal | None = None, amount_wan: Decimal | None = None
) -> Decimal | None:
    """How much of the year is gone (0–1, six decimals); None without a method, and without a plan where one counts.

    By month only months that are over count: HC-08 leaves open what 序时 is, so money is not called late too early.

    >>> gone_by(date(2021, 7, 31), TimeProgress.MONTH), gone_by(date(2021, 8, 30), TimeProgress.MONTH)
    (Decimal('0.583333'), Decimal('0.583333'))
    >>> gone_by(date(2021, 6, 30), TimeProgress.DAY)
    Decimal('0.495890')
    >>> gone_by(date(2021, 6, 30), TimeProgress.PAYMENT_PLAN, Decimal(30), Decimal(120))
    Decimal('0.250000')
    """
    if method is TimeProgress.MONTH:
        return ratio(Decimal(as_of.month - (as_of.day < monthrange(as_of.year, as_of.month)[1])), _MONTHS)
    if method is TimeProgress.DAY:
        year = date(as_of.year, 1, 1)
        days = (date(as_of.year + 1, 1, 1) - year).days
        return ratio(Decimal((as_of + timedelta(days=1) - year).days), Decimal(days))
    share = ratio(planned_wan, amount_wan) if method is TimeProgress.PAYMENT_PLAN else None
    return None if share is None else min(_ONE, share)
