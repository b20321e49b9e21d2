"""新建案卷: an object described well opens its first steps, any other is refused with what was typed."""

import pytest
from sqlalchemy import select

from engine.cases import Case
from engine.commands.cancel import cancel
from engine.directory import Unit
from tests.office import FISCAL_YEAR, Office
from tests.pages.hands import Hands


def test_a_case_is_begun_for_an_object_and_opens_its_first_steps(office: Office, officer: Hands) -> None:
    officer.open("/cases").follow("/cases/new")
    officer.type("object_kind", "project")
    officer.type("name", "示例：图书馆通风改造")
    officer.type("code", "示例-新-1")
    officer.choose("unit", "示例单位甲")
    officer.type("fiscal_year", "2022")
    officer.type("lines", "财政拨款\t1,180.00\n上级补助 20")
    for name, word in (
        ("project_nature", "continuing"), ("spending_frequency", "recurrent"), ("project_category", "other"),
    ):  # fmt: skip
        officer.type(name, word)
    officer.press("试办")
    tried = officer.text()
    officer.press("确认新建案卷")

    assert "2 笔，1,200 万元" in tried
    assert officer.heading() == "示例：图书馆通风改造"
    assert "案卷已建立" in officer.text()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("lines", "财政拨款", "读不出名称和金额"),
        ("lines", "万元", "读不出名称和金额"),
        ("lines", "财政拨款 1_000", "读不出名称和金额"),
        ("lines", "财政拨款 12,34", "读不出名称和金额"),
        ("fiscal_year", "明年", "四位数的年份"),
        ("name", "", "名称和编码都要填写"),
        ("policy_ends_on", "年底", "政策到期日应写成"),
    ],
)
def test_an_object_that_is_not_described_well_begins_no_case(
    office: Office, officer: Hands, field: str, typed: str, said: str
) -> None:
    officer.open("/cases/new")
    officer.type("object_kind", "project")
    officer.type("name", "示例：图书馆通风改造")
    officer.type("code", "示例-新-2")
    officer.choose("unit", "示例单位甲")
    officer.type("lines", "财政拨款 180")
    officer.type(field, typed)
    officer.press("试办")

    assert officer.status == 422
    assert said in officer.said()
    assert officer.value(field) == [typed]
    with office.transactions() as session:
        assert session.scalars(select(Case.code).where(Case.code == "示例-新-2")).all() == []


def test_after_a_cancelled_case_the_object_begins_anew_and_each_page_leads_to_the_other(
    office: Office, officer: Hands, case_id: int
) -> None:
    first, code = case_id, office.case(case_id).code
    with office.transactions() as session:
        cancel(session, first, reason="示例：撤销", by=office.bureau.office, at=office.now)
    officer.open("/cases/new")
    _described(officer, code)

    officer.press("试办")
    tried = officer.text()
    officer.press("确认新建案卷")
    second = officer.path

    assert f"第 {first} 号案卷（已经结束，没有结果）" in tried
    assert "前一份案卷" in officer.text()
    officer.follow(f"/cases/{first}")
    assert "后一份案卷" in officer.text()
    assert officer.follow(second).path == second


def test_a_unit_without_a_department_is_told_who_does_its_steps(office: Office, officer: Hands) -> None:
    with office.transactions() as session:
        session.get_one(Unit, office.bureau.unit_id).department_id = None
    officer.open("/cases/new")
    _described(officer, "示例-新-9")

    officer.press("试办")

    assert "主管部门的步骤由本单位的预算单位负责人办理" in officer.text()


def _described(officer: Hands, code: str) -> None:
    told = {"object_kind": "project", "name": "示例：另立", "code": code, "lines": "财政拨款 180"}
    for name, typed in told.items():
        officer.type(name, typed)
    officer.choose("unit", "示例单位甲")
    officer.type("fiscal_year", str(FISCAL_YEAR))
