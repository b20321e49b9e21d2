"""Nothing somebody wrote is cut off: what is too long is refused in words and stands on the page as it was typed."""

from collections.abc import Callable

import pytest
from lxml.html import HtmlElement

from engine.reviews.model import Review
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands
from web.pages.launch_list import LONGEST_LIST

MOST = 4000
SAID = "示例：情况如下\n"
Written = Callable[[Office, SitsDown, str], tuple[int, Hands]]


def of_most(text: str, most: int = MOST) -> str:
    """The text again and again, to the last character there is room for."""
    return (text * (most // len(text) + 1))[: most - 1] + "。"


def suspending(office: Office, hands_of: SitsDown, text: str) -> tuple[int, Hands]:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    hands = hands_of(office.bureau.office).open(f"/cases/{case}/suspension")
    hands.type("reason", text)
    return case, hands.press("确认暂停案卷")


def sending_back(office: Office, hands_of: SitsDown, text: str) -> tuple[int, Hands]:
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    hands = hands_of(office.bureau.department).open(f"/tasks/{office.tasks(case)[0].id}")
    hands.type("reason", text)
    return case, hands.press(name="word", value="returned")


WAYS = [suspending, sending_back]


def written(page: HtmlElement, name: str) -> str:
    """What stands in the box of that name."""
    (box,) = page.xpath(f"//textarea[@name='{name}']")
    return str(box.text or "").removeprefix("\n")


@pytest.mark.parametrize("way", WAYS)
def test_a_text_one_character_too_long_is_refused_and_stands_there_whole(
    office: Office, hands_of: SitsDown, way: Written
) -> None:
    text = of_most(SAID) + "完"

    _, hands = way(office, hands_of, text)

    assert (hands.status, "有一处文字写了4001字，最多4000字" in hands.said()) == (422, True)
    assert written(hands.page, "reason") == text


@pytest.mark.parametrize("way", WAYS)
def test_the_longest_text_is_taken_though_a_browser_sends_every_line_break_as_two(
    office: Office, hands_of: SitsDown, way: Written
) -> None:
    text = of_most(SAID)

    case, hands = way(office, hands_of, text.replace("\n", "\r\n"))

    assert (hands.status, hands.said()) == (200, "")
    said = [told.payload.get("reason") for told in office.journal(case)]
    assert text in [*said, *(review.reason for review in office.rows(Review, case))]


def test_a_pasted_list_that_is_too_long_is_not_launched_in_part(office: Office, hands_of: SitsDown) -> None:
    office.open_case()
    text = of_most("示例：查不到的单位\n", LONGEST_LIST) + "完"
    hands = hands_of(office.bureau.office).open("/launches/new?year=2021&stage=monitoring").press("下一步")
    hands.type("whose", "list")
    hands.type("names", text)

    hands.press("下一步")

    assert (hands.status, "名单超过 20 万字" in hands.said()) == (422, True)
    assert written(hands.page, "names") == text
