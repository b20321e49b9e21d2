"""预览打印: what was filled in so far as paper, without a control, kept before it is shown."""

from uuid import UUID

import pytest

from engine.queries.drafts import draft_of
from tests.office import Office
from tests.pages.conftest import SitsDown


@pytest.fixture
def case(office: Office) -> int:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return case


@pytest.fixture
def task(office: Office, case: int) -> UUID:
    return office.tasks(case)[0].id


def test_what_was_just_typed_is_kept_and_stands_on_the_paper(office: Office, hands_of: SitsDown, task: UUID) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    hands.type("annual_goal", "新建社区养老服务站 4 个")

    hands.press("预览打印")

    with office.transactions() as session:
        assert draft_of(session, office.bureau.clerk, task).content["annual_goal"] == "新建社区养老服务站 4 个"
    assert hands.path == f"/tasks/{task}/print"
    assert "新建社区养老服务站 4 个" in hands.text()
    assert "草稿，没有报送 · 李经办" in hands.text()


def test_the_paper_has_nothing_to_fill_in_and_no_check(office: Office, hands_of: SitsDown, task: UUID) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}/print")

    (main,) = hands.page.xpath("//main")
    assert list(main.iter("input", "select", "textarea", "button")) == []
    assert main.xpath(".//*[contains(@class, 'jx-problem')]") == []
    assert "还没有保存过" in hands.text()
    hands.follow(f"/tasks/{task}")


def test_a_step_that_is_over_is_shown_as_it_ended(office: Office, hands_of: SitsDown, case: int, task: UUID) -> None:
    office.do(case, "fill_target")

    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}/print")

    assert hands.path == f"/tasks/{task}"
    assert "已办结" in hands.text()
