"""The year in figures, out of the rows the cases left."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from engine.cases import Case
from engine.commands.start_case import Line
from engine.queries.year_results import results_of
from engine.rectifications import Letter
from engine.results.statistics import YearStatistics
from engine.scores import Score
from engine.store import Database
from engine.submissions import Submission
from engine.words import CaseKind
from tests.factories import START, Bureau, case_of


def scored(
    database: Database,
    bureau: Bureau,
    code: str,
    kind: str,
    total: str,
    grade: str | None,
    *,
    state: str = "approved",
    basis: dict[str, Any] | None = None,
    content: dict[str, Any] | None = None,
    **case: Any,
) -> int:
    """A case (begun when `code` is new) with one more score, as if the paper behind it had been handed in."""
    with database.transaction("huaxi") as session:
        known = session.scalar(select(Case).where(Case.code == code))
        found = known or case_of(session, bureau, code, fiscal_year=2021, **case)
        submission = {
            "id": uuid4(), "jurisdiction": "huaxi", "case_id": found.id, "task_id": uuid4(), "stage": "key_evaluation",
            "form": "F09", "version": 1, "state": state, "content": content or {},
            "filled_by": bureau.agency.person_id, "filled_at": START,
        }  # fmt: skip
        session.execute(insert(Submission), submission)
        score = {
            "id": uuid4(), "jurisdiction": "huaxi", "case_id": found.id, "submission_id": submission["id"],
            "kind": kind, "total": Decimal(total), "method": "示例@1", "grade": grade, "basis": basis or {},
            "scored_at": START,
        }  # fmt: skip
        session.execute(insert(Score), score)
        return found.id


def results(database: Database) -> YearStatistics:
    with database.transaction("huaxi") as session:
        return results_of(session, "huaxi", 2021)


DEPARTMENT: dict[str, Any] = {"object_kind": CaseKind.WHOLE_DEPARTMENT}
TWO_LINES = [Line("本级", Decimal("60"), Decimal("98")), Line("经开区", Decimal("40.5"), Decimal("94"))]


def test_departments_are_counted_by_grade_with_the_best_and_the_lowest(database: Database, bureau: Bureau) -> None:
    for code, total, grade in (("D1", "96", "优"), ("D2", "80.2", "良"), ("D3", "88", "良")):
        scored(database, bureau, code, "third_party", total, grade, **DEPARTMENT)

    departments = results(database).departments

    assert departments is not None
    assert dict(departments.grades.grades) == {"优": 1, "良": 2}
    assert (departments.highest, departments.lowest) == (Decimal("96"), Decimal("80.2"))


def test_a_project_of_two_lines_counts_once_and_its_money_by_line(database: Database, bureau: Bureau) -> None:
    scored(database, bureau, "P1", "third_party", "90", "优", lines=TWO_LINES)

    projects = results(database).projects

    assert projects is not None
    assert (projects.grades.count, projects.combination.fund_lines) == (1, 2)
    assert projects.combination.funds_wan == Decimal("100.5")
    assert projects.combination.mean_self_minus_third_party == Decimal("6")


def test_a_line_without_a_score_of_its_own_has_that_of_the_self_evaluation(database: Database, bureau: Bureau) -> None:
    scored(database, bureau, "P1", "third_party", "90", "优")
    scored(database, bureau, "P1", "self", "97", "优")
    lines = [Line("本级", Decimal("60")), Line("经开区", Decimal("40"))]
    scored(database, bureau, "P2", "third_party", "80", "良", lines=lines)
    scored(database, bureau, "P2", "self", "90", "优", basis={"lines": ["92", "86"]})

    projects = results(database).projects

    assert projects is not None
    by_name = {project.no: project.self_score for project in projects.combination.projects}
    assert sorted(by_name.values()) == [Decimal("89"), Decimal("97")]


def test_what_only_the_unit_itself_scored_is_no_result_yet(database: Database, bureau: Bureau) -> None:
    scored(database, bureau, "P1", "self", "99", "优")
    scored(database, bureau, "P2", "spot_review", "85", "良")
    scored(database, bureau, "P3", "third_party", "85", "良", state="returned", lines=TWO_LINES)

    assert results(database).projects is None


def test_a_grade_nobody_laid_down_is_the_one_the_letter_states(database: Database, bureau: Bureau) -> None:
    case_id = scored(database, bureau, "D1", "third_party", "78", None, **DEPARTMENT)
    scored(database, bureau, "D2", "third_party", "70", None, **DEPARTMENT)
    with database.transaction("huaxi") as session:
        session.add(
            Letter(
                jurisdiction="huaxi", case_id=case_id, submission_id=uuid4(), number="示例1号",
                issued_on=date(2022, 10, 12), score=Decimal("78"), grade="中",
            )
        )  # fmt: skip

    departments = results(database).departments

    assert departments is not None
    assert dict(departments.grades.grades) == {"中": 1, "未定级": 1}


def test_the_completion_rate_is_all_spending_over_all_budgets(database: Database, bureau: Bureau) -> None:
    for code, budget, spent in (("P1", "100", "100"), ("P2", "300", "240")):
        money = {"amount_wan": budget, "executed_amount_wan": spent}
        scored(database, bureau, code, "third_party", "90", "优", content=money, lines=TWO_LINES)

    money_of_projects = results(database).project_money

    assert money_of_projects is not None
    assert money_of_projects.rate == Decimal("0.85")
    assert (money_of_projects.full, money_of_projects.from_ninety, money_of_projects.below_ninety) == (1, 0, 1)


def test_a_year_without_evaluations_has_no_figures(database: Database, bureau: Bureau) -> None:
    found = results(database)

    assert (found.departments, found.projects, found.project_money) == (None, None, None)
