"""▲ 存疑: what reviewers are told to look at twice, and nobody else."""

import pytest
from sqlalchemy import select

from engine.cases import Case
from engine.commands.start_case import start_case
from engine.directory import Unit
from engine.tasks import CLEAR, DOUBTFUL
from engine.words import UnitKind
from tests.factories import new_project
from tests.integration.desk import SHORT, opened, project_at, the_task
from tests.office import FISCAL_YEAR, Office
from tests.pages.reviews.conftest import Seats

ALL_REACHED = {
    "indicators[y1].actual_value": "500",
    "indicators[y4].actual_value": "100",
    "indicators[y5].actual_value": "0.30",
    "indicators[y7].attainment": "achieved",
    "indicators[y7].attainment_percent": "100",
    "indicators[y8].attainment_percent": "100",
    "indicators[y9].actual_value": "90",
    "indicators[y1].score": "15",
    "indicators[y4].score": "8",
    "indicators[y5].score": "7",
    "indicators[y7].score": "8",
    "indicators[y8].score": "7",
    "indicators[y9].score": "10",
}


def _namesake(office: Office, case_id: int) -> int:
    """A project of another unit with the name of this one."""
    theirs = project_at(office, "check_target")
    with office.transactions() as session:
        other = session.scalars(select(Unit.id).where(Unit.name == "示例单位乙")).one()
        case = session.get_one(Case, theirs)
        case.name, case.unit_id = session.get_one(Case, case_id).name, other
    return theirs


def test_a_project_with_the_name_of_another_units_is_doubtful_and_leads_there(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    address = f"/reviews/{the_task(office, case, 'check_target').id}"
    judge = person("赵主管")
    before = judge.open(address)
    theirs = _namesake(office, case)

    seen = judge.open(address)
    batch = judge.open("/review-batches/new")

    assert "▲ 存疑" not in before.text
    assert "▲ 存疑 1" in seen.page.xpath("//nav[@class='jx-queue']")[0].text_content()
    assert "示例单位乙本年度也有同名的" in seen.text
    assert f"/cases/{theirs}" in seen.links()
    assert "存疑 1 处，须逐件审核。" in batch.text


@pytest.mark.parametrize(("called", "rank"), [("", DOUBTFUL), ("另一个名称", CLEAR)])
def test_what_waits_is_put_in_doubt_by_a_project_of_another_unit_that_begins_with_its_name(
    office: Office, called: str, rank: int
) -> None:
    case = project_at(office, "check_target")
    with office.transactions() as session:
        above = session.get_one(Unit, office.bureau.unit_id).department_id
        other = Unit(
            jurisdiction=office.bureau.jurisdiction, name="示例单位丙", kind=UnitKind.UNIT, department_id=above
        )
        session.add(other)
        session.flush()
        new = new_project(
            office.bureau,
            "示例-后来",
            name=called or session.get_one(Case, case).name,
            unit_id=other.id,
            fiscal_year=FISCAL_YEAR,
        )
        start_case(session, new, by=office.bureau.office, at=office.now)

    assert the_task(office, case, "check_target").doubt_rank == rank


def test_who_fills_in_is_not_told(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    _namesake(office, case)

    clerk = person("李经办")

    assert "▲ 存疑" not in clerk.open(f"/cases/{case}").text
    assert clerk.open(f"/reviews/{the_task(office, case, 'check_target').id}").status == 403


def test_a_project_of_the_same_name_in_another_year_is_no_doubt(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    with office.transactions() as session:
        session.get_one(Case, _namesake(office, case)).fiscal_year += 1

    seen = person("赵主管").open(f"/reviews/{the_task(office, case, 'check_target').id}")

    assert "▲ 存疑" not in seen.text


def test_a_department_is_not_told_of_a_case_it_may_not_see(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    with office.transactions() as session:
        session.get_one(Case, _namesake(office, case)).department_id = None
    address = f"/reviews/{the_task(office, case, 'check_target').id}"

    departments = person("赵主管").open(address)
    office.do(case, "check_target")
    finances = person("王绩效").open(f"/reviews/{office.tasks(case)[0].id}")

    assert "示例单位乙本年度也有同名的" not in departments.text
    assert "示例单位乙本年度也有同名的" in finances.text


def test_a_self_evaluation_with_full_marks_throughout_is_doubtful_and_leads_to_its_rows(
    office: Office, person: Seats
) -> None:
    case = opened(office)
    office.reach(case, "self_evaluation.fill_self_evaluation", **SHORT)
    office.do(case, "fill_self_evaluation", changes=ALL_REACHED)
    office.reach(case, "self_evaluation.check_self_evaluation")
    address = f"/reviews/{the_task(office, case, 'check_self_evaluation').id}"

    seen = person("赵主管").open(address)

    assert "自评的各项指标都得满分" in seen.text
    assert any(link.startswith(address) and link.endswith("#f.indicators") for link in seen.links())
