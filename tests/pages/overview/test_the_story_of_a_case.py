"""案卷: its story with what followed folded, its scores side by side, its letters and what was made public."""

from datetime import timedelta

from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown


def test_what_followed_an_act_is_folded_below_it(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "check_target")

    officer = hands_of(office.bureau.office).open(f"/cases/{case}?tab=timeline")
    (filed,) = officer.page.xpath(
        "//main//tbody/tr[th[contains(., '确认绩效目标') and starts-with(normalize-space(), '报送')]]"
    )

    assert "张负责" in filed.text_content()
    (folded,) = filed.xpath(".//details")
    assert "任务下达" in folded.text_content()
    assert not officer.page.xpath("//main//tbody/tr[th[starts-with(normalize-space(), '任务下达')]]")


def test_a_story_is_told_by_what_its_lines_are_about(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "check_target")
    officer = hands_of(office.bureau.office)

    def lines(kind: str) -> str:
        cells = officer.open(f"/cases/{case}?tab=timeline&lines={kind}").page.xpath("//main//tbody/tr/th")
        return "\n".join(cell.text_content().strip() for cell in cells)

    assert "填报“填报绩效目标”" in lines("people")
    assert "任务下达" not in lines("people")
    assert "任务下达：" in lines("system")
    assert "设定期限：" in lines("deadline")
    assert not lines("notice")
    assert "还没有“通知”一类的经过" in officer.text()


def test_a_step_says_how_long_it_took(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "fill_target")
    office.clock.move_to(office.now + timedelta(days=3))
    office.reach(case, "target_filing.confirm_target")

    officer = hands_of(office.bureau.office).open(f"/cases/{case}?tab=timeline")
    (filled,) = officer.page.xpath("//main//tbody/tr[th[contains(., '填报“填报绩效目标”')]]/td[@data-label='用时']")

    assert filled.text_content().strip() == "3 天"


def test_scores_stand_side_by_side_and_letters_and_publications_among_the_papers(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback", selected=True, score="80.3")
    officer = hands_of(office.bureau.office)

    scores = officer.open(f"/cases/{case}?tab=scores").page
    columns = scores.xpath("//main//table[1]/thead/tr/th/a/text()")
    papers = officer.open(f"/cases/{case}?tab=documents")

    assert len(columns) >= 2
    assert "压线" in scores.xpath("//main//table[1]")[0].text_content()
    assert papers.page.xpath("//main//table[caption='反馈意见函']//a[starts-with(@href, '/letters/')]")
