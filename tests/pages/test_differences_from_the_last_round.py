"""显示与上轮差异: what stood in the last round under every field that differs, to be turned off and on again."""

import pytest

from engine.commands.complete_task import complete_task
from engine.moves.outcome import Outcome
from engine.queries.drafts import draft_of
from engine.tasks import Task
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands

BEFORE = "//*[@id='f.annual_goal.before']"
TURN_OFF, TURN_ON = {"name": "differences", "value": "0"}, {"name": "differences", "value": "1"}


@pytest.fixture
def mending(office: Office) -> Task:
    """A target its department has sent back."""
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    (judged,) = office.tasks(case)
    remarks = [{"path": "annual_goal", "text": "请写明"}]
    with office.transactions() as session:
        sent_back = Outcome("returned", reason="请改", remarks=remarks)
        complete_task(session, judged.id, sent_back, by=office.bureau.department, at=office.now)
    (task,) = office.tasks(case)
    return task


@pytest.fixture
def hands(office: Office, hands_of: SitsDown, mending: Task) -> Hands:
    return hands_of(office.bureau.clerk).open(f"/tasks/{mending.id}")


def test_a_field_that_was_changed_says_what_it_was_in_the_last_round(hands: Hands) -> None:
    (goal,) = hands.value("annual_goal")
    untouched = hands.page.xpath(BEFORE)

    hands.type("annual_goal", "新建社区养老服务站 4 个")
    hands.press("存草稿 Ctrl S")

    (before,) = hands.page.xpath(BEFORE)
    assert untouched == []
    assert before.text_content() == f"第 1 轮：{goal}"


def test_turning_the_differences_off_keeps_what_was_typed_and_stays_off_while_one_saves(
    office: Office, hands: Hands, mending: Task
) -> None:
    hands.type("annual_goal", "新建社区养老服务站 4 个")
    hands.press("不显示与上轮差异", **TURN_OFF)
    turned_off = hands.page.xpath(BEFORE), hands.value("annual_goal")
    hands.type("mid_term_goal", "新建社区养老服务站 9 个")
    hands.press("存草稿 Ctrl S")
    saved = hands.page.xpath(BEFORE)
    hands.press("显示与上轮差异", **TURN_ON)

    with office.transactions() as session:
        kept = draft_of(session, office.bureau.clerk, mending.id).content
    assert turned_off == ([], ["新建社区养老服务站 4 个"])
    assert saved == []
    assert len(hands.page.xpath(BEFORE)) == 1
    assert (kept["annual_goal"], kept["mid_term_goal"]) == ("新建社区养老服务站 4 个", "新建社区养老服务站 9 个")


def test_a_row_that_is_gone_stays_named_without_the_differences(hands: Hands) -> None:
    (gone, *_) = hands.page.xpath("//button[@name='remove' and starts-with(@value, 'indicators[')]/@value")

    hands.press(name="remove", value=gone)
    hands.press(**TURN_OFF)

    assert "第 1 轮有、现已删去" in hands.text()


def test_there_is_nothing_to_turn_on_in_the_first_round(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)

    assert hands_of(office.bureau.clerk).open(f"/tasks/{task.id}").button(name="differences") is None
