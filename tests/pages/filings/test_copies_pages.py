"""抄送 on the pages: ticked on the paper, found under 抄送我的, read and nothing else."""

from uuid import UUID

import pytest

from engine.directory import Actor, Unit
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands


@pytest.fixture
def case(office: Office) -> int:
    case = office.open_case()
    office.reach(case, "target_filing.review_target")
    return case


@pytest.fixture
def paper(office: Office, case: int) -> UUID:
    return office.versions(case, "F02")[-1].id


def show(hands: Hands, paper: UUID, unit: str, *people: Actor, note: str = "示例：请知悉") -> None:
    hands.open(f"/submissions/{paper}").follow(f"/submissions/{paper}/copies")
    hands.choose("unit", unit)
    hands.press("看这个单位的人")
    hands.type("person", [str(person.person_id) for person in people])
    hands.type("note", note)
    hands.press("抄送")


def test_what_is_copied_is_found_and_read_by_the_colleague(
    office: Office, hands_of: SitsDown, case: int, paper: UUID
) -> None:
    clerk, division = hands_of(office.bureau.clerk), hands_of(office.bureau.division)

    show(clerk, paper, "示例财政局", office.bureau.division)
    sent = clerk.text()
    division.open("/tasks").follow("/tasks?view=copies")
    listed = division.text()
    (copy,) = division.page.xpath("//a[starts-with(@href, '/copies/')]/@href")
    division.follow(copy)
    shown = division.text()
    division.press("已阅")

    assert "✓ 已抄送" in sent
    assert "钱业务" in sent
    assert "抄送我的 1" in listed
    assert "附言：示例：请知悉" in listed
    assert "抄送，只供查看" in shown
    assert "✓ 已阅，抄送人看得到" in division.text()
    assert "抄送我的 1" not in division.text()
    assert "已阅" in clerk.open(f"/submissions/{paper}").text()
    assert "给钱业务：示例：请知悉" in clerk.open(f"/cases/{case}?tab=timeline").text()


def test_nobody_opens_what_was_copied_to_somebody_else(office: Office, hands_of: SitsDown, paper: UUID) -> None:
    with office.transactions() as session:
        unit = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT.value, department_id=None)
        session.add(unit)
        session.flush()
        neighbour = person_in(session, unit, "吴邻居", Role.UNIT_CLERK)
    clerk = hands_of(office.bureau.clerk)
    show(clerk, paper, "示例单位乙", neighbour)

    clerk.open("/copies/1")

    assert clerk.status == 404
    assert "不是抄送给您的" in clerk.text()


def test_nobody_ticked_is_refused_and_what_was_typed_stays(office: Office, hands_of: SitsDown, paper: UUID) -> None:
    clerk = hands_of(office.bureau.clerk).open(f"/submissions/{paper}/copies")
    clerk.type("note", "示例：请知悉")

    clerk.press("抄送")

    assert clerk.status == 422
    assert "请选择抄送给谁" in clerk.said()
    assert clerk.value("note") == ["示例：请知悉"]


def test_an_empty_list_says_what_copies_are(office: Office, hands_of: SitsDown) -> None:
    division = hands_of(office.bureau.division).open("/tasks?view=copies")

    assert "还没有人抄送材料给您" in division.text()


def test_an_agency_has_no_such_tab(office: Office, hands_of: SitsDown) -> None:
    agency = hands_of(office.bureau.agency).open("/tasks?view=copies")

    assert "抄送我的" not in agency.text()
