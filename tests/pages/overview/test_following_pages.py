"""关注: a press on the page of a case, the list of those one follows, and what is heard of them in 我的待办."""

import sys

import pytest

from engine.commands import follow_case
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown


def test_a_case_is_followed_and_followed_no_more_where_one_reads_it(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "fill_target")
    hands = hands_of(office.bureau.office).open(f"/cases/{case}?tab=timeline")

    hands.press("关注")
    followed = hands.path, hands.button("取消关注") is not None, "做了什么" in hands.text()
    listed = hands.open("/cases?followed=1").text()
    hands.open(f"/cases/{case}").press("取消关注")

    assert followed == (f"/cases/{case}", True, True)
    assert office.case(case).name in listed
    assert hands.button("关注") is not None
    empty = hands.open("/cases?followed=1")
    assert "去掉“范围：我关注的”可看到 1 件" in empty.text()


def test_finance_hears_in_its_work_list_of_the_case_it_follows_and_goes_on_from_there(
    office: Office, hands_of: SitsDown
) -> None:
    case, other = project_at(office, "fill_target"), project_at(office, "fill_target")
    hands = hands_of(office.bureau.office)
    before = hands.open("/tasks").text()

    hands.open(f"/cases/{case}").press("关注")
    office.do(case, "fill_target")
    recent = hands.open("/tasks").page.xpath("//section[@aria-labelledby='recent']")[0]

    assert "最近动态" not in before
    assert set(recent.xpath(".//li//a/@href")) == {f"/cases/{case}?tab=timeline"}
    assert "关注" in recent.text_content()
    hands.follow("/cases?followed=1")
    assert office.case(case).name in hands.text()
    assert f"/cases/{other}" not in hands.page.xpath("//a/@href")


def test_a_filtered_list_of_followed_cases_keeps_its_address(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "fill_target")
    with office.transactions() as session:
        follow_case(session, case, by=office.bureau.office, at=office.now)

    hands = hands_of(office.bureau.office).open("/cases?followed=1&stage=monitoring")

    assert "去掉“阶段" in hands.text()
    assert any("followed=1" in link for link in hands.page.xpath("//a/@href"))


def test_one_case_too_many_is_said_on_the_page(
    office: Office, hands_of: SitsDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = project_at(office, "fill_target"), project_at(office, "fill_target")
    monkeypatch.setattr(sys.modules[follow_case.__module__], "MOST_FOLLOWED", 1)
    hands = hands_of(office.bureau.office)
    hands.open(f"/cases/{first}").press("关注")

    hands.open(f"/cases/{second}").press("关注")

    assert hands.status == 409
    assert "最多关注 1 份案卷，没有关注。" in hands.said()
    assert hands.button("关注") is not None
