"""逾期报送 on the pages: the reason is asked on 报送前核对, kept when it is refused, and shown to whoever judges."""

import pytest

from engine.commands.save_draft import save_draft
from tests.factories_forms import valid_content
from tests.office import Desk, Office
from tests.pages.conftest import SitsDown

WHY = "示例：经办人住院，交接用了几天"


@pytest.fixture
def case(office: Office) -> int:
    """A target that is complete as a draft, a day after it was due."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    office.let_pass(case, "target_filing.fill")
    (task,) = office.tasks(case)
    with office.transactions() as session:
        content = Desk(session, office.bureau, session.merge(task), office.now).paper()
        save_draft(session, task.id, content or valid_content("F02"), by=office.bureau.clerk, at=office.now)
    return case


def test_the_page_says_that_it_is_late_and_asks_why(office: Office, hands_of: SitsDown, case: int) -> None:
    task = office.tasks(case)[0].id
    clerk = hands_of(office.bureau.clerk).open(f"/tasks/{task}")

    said = clerk.text()
    clerk.press("逾期报送")

    assert "! 逾期 1 个工作日。仍可报送，将记为逾期" in said
    assert clerk.heading() == "报送前核对"
    assert "逾期原因（必填）" in clerk.text()
    assert "下一步" in clerk.text()


def test_without_a_reason_nothing_is_handed_in(office: Office, hands_of: SitsDown, case: int) -> None:
    task = office.tasks(case)[0].id
    clerk = hands_of(office.bureau.clerk).open(f"/tasks/{task}/check")

    clerk.press("确认逾期报送")

    assert clerk.status == 422
    assert "需要写明原因，没有报送" in clerk.said()
    assert clerk.has("reason")
    assert office.versions(case, "F02") == []


def test_whoever_judges_reads_the_reason(office: Office, hands_of: SitsDown, case: int) -> None:
    task = office.tasks(case)[0].id
    clerk = hands_of(office.bureau.clerk).open(f"/tasks/{task}/check")
    clerk.type("reason", WHY)

    clerk.press("确认逾期报送")
    head = hands_of(office.bureau.head).open(f"/tasks/{office.tasks(case)[0].id}")
    office.reach(case, "target_filing.review_target")
    judging = office.tasks(case)[0].id
    officer = hands_of(office.bureau.office)

    assert clerk.heading() == "已办理"
    assert f"逾期报送：{WHY}" in head.text()
    assert f"逾期报送：{WHY}" in officer.open(f"/reviews/{judging}").text()
    assert f"逾期报送：{WHY}" in officer.open(f"/tasks/{judging}").text()
    assert WHY in officer.open(f"/cases/{case}?tab=timeline").text()
    assert f"! 逾期 1 个工作日9月28日（周一） 截止；{WHY}" in officer.open(f"/cases/{case}?tab=documents").text()
    assert f"逾期报送：{WHY}" in officer.open(f"/submissions/{office.versions(case, 'F02')[-1].id}").text()
