"""Which year's budget what follows from a result falls on."""

from collections.abc import Callable, Mapping

import pytest

from engine.cases import case_by_id
from engine.moves.move import Move
from engine.moves.occasions import OccasionNotLaidDown, uses_of
from engine.policies import Policies
from engine.results.model import Candidate, ResultEffect
from engine.stages import Library
from engine.words import ResultOf
from tests.integration.desk import SHORT, project_at
from tests.office import Office


def test_a_result_is_used_in_the_budget_of_its_year_and_in_the_one_drawn_up_after_it(office: Office) -> None:
    case = project_at(office, "approved")

    office.reach(case, "result_use.decide_result_use", **SHORT)

    proposed = office.rows(ResultEffect, case)
    assert [(row.effect, row.budget_year, row.occasion) for row in proposed] == [
        ("normal", 2022, "in_year"),
        ("normal", 2023, "next_budget"),
    ]


def test_what_monitoring_found_is_a_candidate_for_the_evaluations_of_the_next_year(office: Office) -> None:
    case = project_at(office, "approved")
    office.reach(case, "monitoring.decide_monitoring_disposal", executed_wan="1", **SHORT)

    office.do(case, "decide_monitoring_disposal", monitoring_disposal="candidate")

    assert [row.for_year for row in office.rows(Candidate, case)] == [2022]
    assert [each.payload["for_year"] for each in office.journal(case, "candidate.added")] == [2022]


def now_in_force(office: Office, library: Library, change: Callable[[Mapping[str, bytes]], dict[str, bytes]]) -> None:
    """Cases opened from now on run on 花溪's tables as they are then."""
    files = library.policies.of("huaxi").to_files()
    newer = Library(library.diagrams, Policies.from_files(change(files)))
    with office.database.upkeep() as session:
        newer.keep(session, office.now)
        office.database.freshen(session)


def without_the_table(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if "effect_occasion" not in name}


def a_year_later(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        name: content.replace(b'next_budget"><text>2<', b'next_budget"><text>3<') for name, content in files.items()
    }


def without_a_year(files: Mapping[str, bytes]) -> dict[str, bytes]:
    silent = {b'in_year"><text>1<': b'in_year"><text><', b'next_budget"><text>2<': b'next_budget"><text><'}
    for told, untold in silent.items():
        files = {name: content.replace(told, untold) for name, content in files.items()}
    return dict(files)


def years_of(office: Office, case: int) -> list[int]:
    return [row.budget_year for row in office.rows(ResultEffect, case)]


def test_the_year_is_the_one_of_the_table(office: Office, library: Library) -> None:
    now_in_force(office, library, a_year_later)
    case = project_at(office, "approved")

    office.reach(case, "result_use.decide_result_use", **SHORT)

    assert years_of(office, case) == [2022, 2024]


def test_a_case_on_tables_that_knew_no_years_goes_by_those_in_force(office: Office, library: Library) -> None:
    now_in_force(office, library, without_the_table)
    case = project_at(office, "approved")
    now_in_force(office, library, dict)

    office.reach(case, "result_use.decide_result_use", **SHORT)

    assert years_of(office, case) == [2022, 2023]


def test_nobody_assumes_a_year_where_none_is_laid_down(office: Office, library: Library) -> None:
    now_in_force(office, library, without_a_year)
    case = project_at(office, "approved")

    with office.transactions() as session:
        move = Move(session, case_by_id(session, case), office.bureau.division, office.now)
        with pytest.raises(OccasionNotLaidDown, match="评价结果用于哪一年的预算，本区没有规定"):
            uses_of(move, ResultOf.EVALUATION)
