"""回执: a number that stays, for whoever handed a paper in, and for whoever asks for it later."""

from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands


def receipts_of(hands: Hands) -> list[str]:
    """The numbers a printed receipt lists, each with who and what."""
    return [" ".join(cell.text_content().strip() for cell in row) for row in hands.page.xpath("//main//tbody/tr")]


def test_whoever_files_is_led_to_a_receipt_that_prints_with_all_that_proves_the_filing(
    office: Office, hands_of: SitsDown
) -> None:
    case_id = office.open_case()
    office.reach(case_id, "target_filing.confirm_target")
    (paper,), code = office.versions(case_id, "F02"), office.case(case_id).code
    filled = office.journal(case_id, "submission.filled")[-1]
    clerk = hands_of(office.bureau.clerk)

    shown = clerk.open(f"/tasks/{paper.task_id}/receipt").text()
    clerk.follow(f"/submissions/{paper.id}/receipt")

    assert f"{code}-{filled.seq}" in shown
    for part in (
        office.case(case_id).name,
        "示例单位甲",
        "第 1 稿",
        filled.payload["digest"],
        "预算单位负责人",
        "打印于",
    ):
        assert part in clerk.text(), part
    (line,) = receipts_of(clerk)
    assert line.startswith(f"{code}-{filled.seq} 填报：填报绩效目标 李经办 2020年9月1日 09:00")
    assert not clerk.page.xpath("//main//script | //main//form")


def test_the_number_stays_and_the_head_who_hands_it_in_gets_one_of_their_own(
    office: Office, hands_of: SitsDown
) -> None:
    case_id = office.open_case()
    office.reach(case_id, "target_filing.confirm_target")
    (paper,) = office.versions(case_id, "F02")
    (confirming,) = office.tasks(case_id)
    address = f"/submissions/{paper.id}/receipt"
    (first,) = receipts_of(hands_of(office.bureau.clerk).open(address))

    office.finish(case_id)
    later = receipts_of(hands_of(office.bureau.clerk).open(address))
    head = hands_of(office.bureau.head).open(f"/tasks/{confirming.id}/receipt")

    assert later[0] == first
    assert "报送" in later[1]
    assert "张负责" in later[1]
    assert later[1].split()[0] in head.text()
    assert head.page.xpath(f"//a[@href='{address}']")


def test_who_only_judges_a_paper_is_given_no_receipt_of_it_and_the_paper_itself_leads_to_one(
    office: Office, hands_of: SitsDown
) -> None:
    case_id = office.open_case()
    office.reach(case_id, "target_filing.check_target")
    (checking,) = office.tasks(case_id)
    (paper,) = office.versions(case_id, "F02")
    office.do(case_id, "check_target")

    judge = hands_of(office.bureau.department).open(f"/tasks/{checking.id}/receipt")
    none = judge.page.xpath("//a[contains(@href, '/receipt')]")
    judge.open(f"/submissions/{paper.id}").follow(f"/submissions/{paper.id}/receipt")

    assert none == []
    assert judge.status == 200
