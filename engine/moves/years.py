"""The fiscal years there are cases of."""

from engine.errors import InvalidInput

FISCAL_YEARS = range(2000, 2101)


class YearRefused(InvalidInput):
    """No case can be of this year. Fact: the year."""

    code = "year.refused"


def must_be_a_fiscal_year(year: int) -> None:
    """Refuse a year nobody budgets for, before anything is put on record about it."""
    if year not in FISCAL_YEARS:
        raise YearRefused(f"{year}不是可用的资金年度，没有办理。请核对。", year=year)
