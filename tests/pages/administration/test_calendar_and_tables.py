"""工作日历 and 决策表: what counts here, by which notice or document."""

import pytest

from engine.words import Role
from tests.office import Office
from tests.pages.administration.conftest import Before


def test_a_year_names_its_notice_and_every_day_that_differs_from_a_weekend(before: Before) -> None:
    page = before(Role.SYSTEM_ADMIN).get("/calendars/2022").text

    assert "国办发明电〔2021〕11号" in page
    assert "✓ 已确认" in page
    assert "10月8日（周六）" in page
    assert "调休上班" in page
    assert page.count('class="jx-month"') == 12


def test_a_year_nobody_recorded_says_that_no_day_is_guessed(before: Before) -> None:
    page = before(Role.SYSTEM_ADMIN).get("/calendars/2027").text

    assert "2027 年放假安排未录入" in page
    assert "不推算" in page
    assert "jx-month" not in page


def test_a_year_tells_how_many_deadlines_of_the_bureau_fall_into_it(office: Office, before: Before) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    due = office.deadlines(case)[0].due_on

    assert "个计时中的期限落在这一年" in before(Role.SYSTEM_ADMIN).get(f"/calendars/{due.year}").text


@pytest.mark.parametrize("year", ["0", "1900", "99999", "987654321"])
def test_a_year_nobody_budgets_for_is_not_found(before: Before, year: str) -> None:
    assert before(Role.SYSTEM_ADMIN).get(f"/calendars/{year}").status_code == 404


def test_a_policy_owner_begins_with_the_tables_and_reads_each_with_source_and_status(before: Before) -> None:
    owner = before(Role.POLICY_OWNER)

    begun, tables, grade = owner.get("/").location, owner.get("/policies/tables"), owner.get("/policies/tables/grade")

    assert begun == "/policies/tables"
    assert "评价等级" in tables.text
    assert "HX-14" in grade.text
    assert "由数据推定" in grade.text
    assert "本区未规定" in grade.text


def test_every_table_can_be_read_and_no_other(before: Before) -> None:
    owner = before(Role.POLICY_OWNER)
    addresses = {
        part.partition('"')[0] for part in owner.get("/policies/tables").text.split('href="')[1:]
        if part.startswith("/policies/tables/")
    }  # fmt: skip

    answers = {address: owner.get(address).status_code for address in addresses}

    assert len(addresses) > 15
    assert set(answers.values()) == {200}
    assert owner.get("/policies/tables/nothing").status_code in (404, 422)
