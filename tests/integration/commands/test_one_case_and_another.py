"""What is done to one case leaves every row of another as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import inspect, text

from engine.commands.cancel import cancel
from engine.commands.issue_feedback import issue_feedback
from engine.commands.launch_stage import launch_stage
from engine.results.model import ResultEffect
from engine.scores.final import final_score, final_scores
from engine.store import Database
from tests.factories import Bureau
from tests.factories_forms import YEAR, valid_content
from tests.journeys import Journey, begin, evaluated

Rows = dict[str, list[str]]


@pytest.fixture
def pair(database: Database, bureau: Bureau) -> tuple[Journey, Journey]:
    """Two projects of the same unit, evaluated, whose letters have been issued."""
    first, second = (_with_a_letter(database, bureau, number) for number in (1, 2))
    return first, second


def _with_a_letter(database: Database, bureau: Bureau, number: int) -> Journey:
    journey = evaluated(begin(database, bureau, f"示例-2021-00{number}"))
    journey.do("appraise_agency")
    with database.transaction("huaxi") as session:
        content = valid_content("F10", doc_number=f"示例财绩〔2022〕{number}号")
        task = journey.task("issue_feedback_letter")
        issue_feedback(session, task.id, content, by=bureau.office, at=journey.next_minute())
    return journey


def _rows_of(journey: Journey) -> Rows:
    """Table → the rows of the case."""
    with journey.database.upkeep() as session:
        found = inspect(session.get_bind())
        owner = {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}
        where = {name: "case_id" for name, columns in owner.items() if "case_id" in columns} | {"cases": "id"}
        return {
            name: session.scalars(
                text(f"SELECT r::text FROM {name} r WHERE {key} = :case ORDER BY 1"), {"case": journey.case_id}
            ).all()
            for name, key in where.items()
        }


def _sign_and_plan(journey: Journey) -> None:
    journey.do("sign_feedback")
    journey.do("answer_feedback", reason="示例：无异议", objection="none")
    journey.do("plan_rectification", item="q1", rectification_mode="scheduled")
    journey.do("confirm_rectification_plan", item="q1")


def _object(journey: Journey) -> None:
    journey.do("sign_feedback")
    journey.do("answer_feedback", reason="示例：第二个问题不属实", objection="raised")
    journey.do("review_objection", reason="示例：核实成立", objection_result="upheld")
    journey.do("correct_evaluation")
    journey.do("accept_corrected_evaluation")
    with journey.database.transaction("huaxi") as session:
        content = valid_content("F10", doc_number="示例财绩〔2022〕3号")
        task = journey.task("issue_feedback_letter")
        issue_feedback(session, task.id, content, by=journey.bureau.office, at=journey.next_minute())


def _cancel(journey: Journey) -> None:
    with journey.database.transaction("huaxi") as session:
        cancel(session, journey.case_id, reason="示例：撤项", by=journey.bureau.office, at=journey.next_minute())


@pytest.mark.parametrize("deed", [_sign_and_plan, _object, _cancel])
def test_what_is_done_to_one_case_leaves_every_row_of_another_as_it_was(
    pair: tuple[Journey, Journey], deed: Callable[[Journey], Any]
) -> None:
    first, second = pair
    own, others = _rows_of(first), _rows_of(second)

    deed(first)

    assert _rows_of(first) != own
    assert _rows_of(second) == others
    assert {name for name, rows in others.items() if rows} >= {"tasks", "letters", "rectifications", "deadlines"}


def test_every_case_has_a_score_of_its_own(pair: tuple[Journey, Journey]) -> None:
    numbers = [journey.case_id for journey in pair]

    with pair[0].office.transactions() as session:
        alone = [final_score(session, number) for number in numbers]
        together = final_scores(session, numbers)

    assert [score.case_id for score in alone if score] == numbers
    assert {number: score.case_id for number, score in together.items()} == dict(zip(numbers, numbers, strict=True))


def test_settling_the_use_of_one_result_settles_no_other(pair: tuple[Journey, Journey]) -> None:
    first, second = pair
    for journey in pair:
        journey.stand_at("result_use")
    launch_stage(first.office.transactions, YEAR, "result_use", by=first.bureau.office, at=first.next_minute())
    for journey in pair:
        journey.move_to("result_use", "decide_result_use")

    first.do("decide_result_use", content=valid_content("F12", **{"effects[a1].settles": "e1"}))
    first.do("confirm_result_use")

    states = [[row.state for row in journey.office.rows(ResultEffect, journey.case_id)] for journey in pair]
    assert states == [["applied", "proposed"], ["proposed", "proposed"]]
