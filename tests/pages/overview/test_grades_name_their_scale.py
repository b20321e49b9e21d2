"""A grade says on focus which scores make it, by whose table and of which year; without scripts."""

from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands

BEST, GOOD = (
    f"优（花溪区 {FISCAL_YEAR}：≥90，由数据推定，待签核）",
    f"良（花溪区 {FISCAL_YEAR}：80–<90，由数据推定，待签核）",
)


def grades(hands: Hands, path: str) -> list[str]:
    """Every grade of a page that can be focused, with what is then read."""
    found = hands.open(path).page.xpath("//main//*[contains(@class, 'jx-scale') and @tabindex='0']")
    return ["".join(each.itertext()) for each in found]


def test_every_list_and_the_case_itself_name_the_scale_of_that_case(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback", selected=True)
    officer, clerk = hands_of(office.bureau.office), hands_of(office.bureau.clerk)

    of_scores = grades(clerk, f"/cases/{case}?tab=scores")
    of_lists = [
        grades(officer, path) for path in ("/cases", "/letters", f"/cases/{case}", f"/cases/{case}?tab=documents")
    ]

    assert {BEST, GOOD} <= set(of_scores)
    assert all(GOOD in found for found in of_lists), of_lists


def test_the_dashboard_names_the_scale_of_what_it_counts(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "feedback", selected=True, score="85.5")

    assert grades(hands_of(office.bureau.leader), "/dashboard") == [GOOD]


def test_an_appraisal_names_the_scale_of_appraisals(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "feedback", selected=True)

    (appraised,) = grades(hands_of(office.bureau.agency), "/appraisals")

    assert appraised == "优（质量考核表：≥90，默认值，待签核）"


def test_cases_are_found_by_the_grades_of_the_scale_and_an_address_shows_others_the_same(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback", selected=True, score="85.5")
    officer = hands_of(office.bureau.office).open("/cases")
    offered = officer.page.xpath("//select[@name='grade']/option/text()")

    officer.type("grade", "良")
    officer.press("筛选")
    found = officer.page.xpath(f"//a[@href='/cases/{case}']")
    none = officer.open("/cases?grade=优")

    assert offered == ["全部", "优", "良", "等级表没有写的"]
    assert found
    assert "去掉“等级：优”可看到 1 件" in none.text()
    assert "去掉“等级：等级表没有写的”可看到 1 件" in officer.open("/cases?grade=none").text()
    assert officer.open("/cases?grade=没有这个等级").page.xpath(f"//a[@href='/cases/{case}']")
