"""The shell: the year of the money in the top bar, help, and settings that stay inside it."""

from urllib.parse import quote

import pytest

from engine.words import Role
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands
from web.pages.guide import ABOUT
from web.pages.shell import MENUS

SETTINGS = (
    "/settings/display", "/settings/keys", "/settings/sessions", "/settings/second-factor", "/password", "/help",
)  # fmt: skip


def years(hands: Hands) -> dict[str, str]:
    """The years of the top bar with where they lead."""
    links = hands.page.xpath("//header//details[summary[starts-with(., '资金年度')]]//a")
    return {link.text: link.get("href") for link in links}


def test_a_year_of_money_shows_the_same_list_for_that_year(office: Office, hands_of: SitsDown) -> None:
    office.open_case()
    officer = hands_of(office.bureau.office).open("/letters?year=2021&state=signed")
    other = years(officer)["2020 年度"]

    officer.open(other)

    assert other == "/letters?state=signed&year=2020"
    assert "资金年度 2020" in officer.page.xpath("//header")[0].text_content()
    assert years(officer)["不指定年度"] == "/letters?state=signed"


def test_where_a_page_is_of_no_year_the_year_leads_to_its_cases(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    clerk = hands_of(office.bureau.clerk).open("/tasks?view=done")

    assert years(clerk)["2021 年度"] == "/cases?year=2021"
    assert clerk.open("/cases?year=2021").page.xpath(f"//a[@href='/cases/{case}']")


def test_no_address_can_upset_the_years(office: Office, hands_of: SitsDown) -> None:
    officer = hands_of(office.bureau.office).open(f"/cases?path=x&self=1&year=abc&q={quote('a&year=1#')}")

    assert years(officer)["2020 年度"] == "/cases?path=x&self=1&q=a%26year%3D1%23&year=2020"


@pytest.mark.parametrize("address", SETTINGS)
def test_ones_own_affairs_stay_inside_the_shell(office: Office, hands_of: SitsDown, address: str) -> None:
    clerk = hands_of(office.bureau.clerk).open(address)

    assert clerk.page.xpath("//nav[@aria-label='主菜单']//a[@href='/tasks']")
    assert clerk.page.xpath("count(//main)") == 1


def test_help_explains_every_page_of_ones_menu_and_names_whom_to_ask(office: Office, hands_of: SitsDown) -> None:
    clerk = hands_of(office.bureau.clerk).open("/help")
    menu = clerk.page.xpath("//nav[@aria-label='主菜单']//a/@href")
    explained = clerk.page.xpath("//section[@aria-labelledby='pages']//dt/a/@href")

    assert menu == explained != []
    assert {entry.label for groups in MENUS.values() for group in groups for entry in group} == set(ABOUT)
    (asked,) = clerk.page.xpath("//section[@aria-labelledby='people']")
    assert Role.SECURITY_ADMIN.label in asked.text_content()
