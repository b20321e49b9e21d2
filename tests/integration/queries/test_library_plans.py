"""Among thousands of entries the library reads what it shows and little else, whatever is looked for."""

import pytest
from sqlalchemy import text

from engine.queries.indicator_library import IndicatorFilters, indicator_library, industries
from engine.store import Database
from engine.words import IndicatorState
from tests.factories import Bureau, bureau_in
from tests.integration.queries.plans import Plans, asked_by, plans_of

MANY = 12_000
PAGE = 50
MOST_ROWS = 2_500
_PLANTED = """
INSERT INTO indicators (jurisdiction, code, name, level1, level2, industry, direction, unit, calculation, scope,
                        owner_id, state, search, version, changed_at)
SELECT 'huaxi', 'K-' || lpad(n::text, 6, '0'), '指标' || n, '产出指标', '数量指标', '行业' || n % 60, '≥', '个', '',
       'specific', :unit, 'in_use',
       'k-' || lpad(n::text, 6, '0') || ' 指标' || n || CASE WHEN n % 4000 = 7 THEN '覆盖率 fgl' ELSE ' zb' END,
       1, now()
FROM generate_series(1, :many) n
"""


@pytest.fixture(scope="module")
def kept(shared_database: Database) -> Bureau:
    """The people of a jurisdiction with many entries."""
    with shared_database.transaction("huaxi") as session:
        bureau = bureau_in(session)
    with shared_database.upkeep() as session:
        session.execute(text(_PLANTED), {"unit": bureau.unit_id, "many": MANY})
    with shared_database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return bureau


def rows_of_library(plans: Plans) -> int:
    """Rows of entries and of their words that were looked at, those left out again included."""
    nodes = [node for node in plans._nodes() if str(node.get("Relation Name", "")).startswith("indicator")]
    return int(
        sum((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in nodes)
    )


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (IndicatorFilters(), PAGE),
        (IndicatorFilters(text="指标"), PAGE),
        (IndicatorFilters(text="指"), PAGE),
        (IndicatorFilters(text="zb", state=IndicatorState.IN_USE), PAGE),
        (IndicatorFilters(text="覆盖率"), MANY // 4000),
        (IndicatorFilters(text="指标8007覆盖率"), 1),
        (IndicatorFilters(text="没有这样的"), 0),
        (IndicatorFilters(industry="行业7"), PAGE),
        (IndicatorFilters(level2="时效指标"), 0),
        (IndicatorFilters(own=True), PAGE),
    ],
    ids=str,
)
def test_a_page_reads_what_it_shows_and_little_else(
    shared_database: Database, kept: Bureau, filters: IndicatorFilters, found: int
) -> None:
    with shared_database.transaction("huaxi") as session:
        shown = len(indicator_library(session, kept.clerk, filters=filters).lines)

    plans = plans_of(shared_database, lambda s: indicator_library(s, kept.clerk, filters=filters))

    assert shown == found
    assert rows_of_library(plans) <= MOST_ROWS


def test_a_page_takes_one_statement_and_a_second_one_to_choose_what_to_look_up(
    shared_database: Database, kept: Bureau
) -> None:
    plain = asked_by(shared_database, lambda s: indicator_library(s, kept.clerk))
    searched = asked_by(
        shared_database, lambda s: indicator_library(s, kept.clerk, filters=IndicatorFilters(text="覆盖率"))
    )

    assert (len(plain), len(searched)) == (1, 2)


def test_the_industries_are_found_by_leaps(shared_database: Database, kept: Bureau) -> None:
    plans = plans_of(shared_database, lambda s: industries(s, kept.clerk))

    assert rows_of_library(plans) <= 3 * 61
