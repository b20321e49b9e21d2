"""An empty list says why: there never was any, the filter leaves nothing, or the rest is not one's own to see."""

import pytest

from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown

LISTS = ("/cases", "/letters", "/rectifications", "/disclosures?year=2021")


@pytest.mark.parametrize("list_", LISTS)
def test_who_sees_the_whole_bureau_is_told_that_there_never_was_any(
    office: Office, hands_of: SitsDown, list_: str
) -> None:
    text = hands_of(office.bureau.office).open(list_).text()

    assert "没有" in text
    assert "不在您的查看范围" not in text


@pytest.mark.parametrize("list_", LISTS[:3])
def test_a_unit_is_told_that_it_sees_its_own_only(office: Office, hands_of: SitsDown, list_: str) -> None:
    text = hands_of(office.bureau.clerk).open(list_).text()

    assert "您只能看到本单位的" in text


@pytest.mark.parametrize("list_", LISTS)
def test_a_filter_that_leaves_nothing_can_be_dropped(office: Office, hands_of: SitsDown, list_: str) -> None:
    joined = "&" if "?" in list_ else "?"

    text = hands_of(office.bureau.office).open(f"{list_}{joined}q=没有这样的").text()

    assert "当前条件下没有" in text
    assert "清除条件" in text


def test_what_the_filters_leave_nothing_of_names_the_filter_to_drop_and_how_much_there_would_be(
    office: Office, hands_of: SitsDown
) -> None:
    for _ in range(2):
        project_at(office, "fill_target")

    hands = hands_of(office.bureau.clerk).open("/tasks?stage=target_filing&q=没有这样的")
    cases = hands_of(office.bureau.office).open("/cases?year=1999&q=示例")

    assert "去掉“关键字：没有这样的”可看到 2 件" in hands.text()
    assert "阶段：绩效目标" not in hands.text()
    assert "去掉“年度：1999”可看到" in cases.text()


@pytest.mark.parametrize(
    ("address", "filter_", "found"),
    [
        ("/letters?q=没有这样的", "关键字：没有这样的", "1 份"),
        ("/letters?state=recalled", "状态：已收回", "1 份"),
        ("/rectifications?q=没有这样的", "关键字：没有这样的", "项"),
        ("/rectifications?overdue=1", "只看逾期", "项"),
        ("/assignments?year=1999", "年度：1999", "1 件"),
        ("/monitoring?year=2021&where=all&q=没有这样的", "关键字：没有这样的", "1 件"),
        ("/launches?year=1999", "年度：1999", "次"),
        ("/samplings?year=1999", "年度：1999", "次"),
        ("/plans?year=1999", "年度：1999", "1 份"),
    ],
)
def test_every_list_names_the_filter_to_drop_and_what_there_would_be(
    far_along: SitsDown, office: Office, address: str, filter_: str, found: str
) -> None:
    text = far_along(office.bureau.office).open(address).text()

    assert f"去掉“{filter_}”可看到" in text
    assert found in text.partition(f"去掉“{filter_}”可看到")[2][:12]


@pytest.fixture
def far_along(office: Office, hands_of: SitsDown) -> SitsDown:
    """A case whose letter is out, with problems to put right."""
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback", selected=True)
    return hands_of


def test_the_queue_names_the_filter_to_drop(office: Office, hands_of: SitsDown) -> None:
    project_at(office, "check_target")

    queue = hands_of(office.bureau.department).open("/reviews?q=没有这样的")

    assert "去掉“关键字：没有这样的”可看到 1 件" in queue.text()
