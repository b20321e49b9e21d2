"""A test that goes the way of an earlier one finds what it would have come to by itself, to the numbers of rows."""

from typing import Any

import pytest
from sqlalchemy import text

from engine.cases import Case
from engine.stages import Library
from engine.store import Database, Logins
from tests.conftest import fresh_database
from tests.integration.desk import sound
from tests.kept_database import KeptDatabase
from tests.office import Office

PLACES = ("target_filing.check_target", "monitoring", "target_filing.fill_target")
"""The second lies behind the first, the third before both."""
ROWS = (
    "SELECT case_id, seq, type, at FROM journal ORDER BY case_id, seq",
    "SELECT id, code, stage, state, version, agency_id FROM cases ORDER BY id",
    "SELECT process, element, state, opened_at FROM tasks ORDER BY opened_at, process, element",
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename",
)


def came_to(database: Database, place: str, amount: str = "180") -> list[Any]:
    """What is there once a case has come to a place and gone one step on, with everything sound."""
    office = Office.opened(database)
    case_id = office.open_case(amount_wan=amount)
    office.reach(case_id, place)
    found: list[Any] = [office.now, office.open_steps(case_id), office.case(case_id).amount_wan]
    office.go_on(case_id)
    with office.transactions() as session:
        found += [[tuple(row) for row in session.execute(text(rows))] for rows in ROWS]
    sound(office)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_the_second_time_a_case_stands_where_it_stood_when_everything_was_done(
    kept_database: KeptDatabase, server: Logins, template: str, library: Library, place: str
) -> None:
    with fresh_database(server, template, library) as database:
        done = came_to(database, place)
    with kept_database.lent() as database:
        once = came_to(database, place)
    with kept_database.lent() as database:
        again = came_to(database, place)

    assert again == once == done


def test_another_case_is_never_taken_for_one_that_was_seen_before(kept_database: KeptDatabase) -> None:
    found = []
    for amount in ("180", "90", "180"):
        with kept_database.lent() as database:
            found.append(came_to(database, PLACES[0], amount)[2])

    assert [str(each.normalize()) for each in found] == ["1.8E+2", "9E+1", "1.8E+2"]


def test_what_a_test_did_on_its_way_stays_done(kept_database: KeptDatabase) -> None:
    with kept_database.lent() as database:
        came_to(database, PLACES[0])
    with kept_database.lent() as database:
        office = Office.opened(database)
        case_id = office.open_case(amount_wan="180")
        with office.transactions() as session:
            session.get_one(Case, case_id).name = "示例：途中改名"
        office.reach(case_id, PLACES[0])

        assert office.case(case_id).name == "示例：途中改名"


def test_what_the_owner_did_on_its_way_stays_done_too(kept_database: KeptDatabase) -> None:
    with kept_database.lent() as database:
        came_to(database, PLACES[0])
    with kept_database.lent() as database:
        office = Office.opened(database)
        case_id = office.open_case(amount_wan="180")
        with database.upkeep() as session:
            session.get_one(Case, case_id).name = "示例：途中改名"
        office.reach(case_id, PLACES[0])

        assert office.case(case_id).name == "示例：途中改名"
