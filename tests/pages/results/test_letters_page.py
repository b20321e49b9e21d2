"""反馈意见函: the list, one letter as it was sent, and two of them side by side where the first did not hold."""

from engine.rectifications import Letter
from tests.office import Office
from tests.pages.conftest import SitsDown


def test_a_letter_is_found_and_read_with_its_problems_its_signing_and_what_is_to_be_done(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback")
    (task,) = office.tasks(case)

    finance = hands_of(office.bureau.office).open("/letters?state=waiting")
    listed = finance.text()
    finance.follow("/letters/1")
    clerk = hands_of(office.bureau.clerk).open("/letters/1")

    assert "待签收" in listed
    assert "2 项" in listed
    assert "关于示例：社区养老服务站建设经费绩效评价结果的反馈意见函" in finance.text()
    assert "问题清单 2 条" in finance.text()
    assert "签收以后起算异议期" in finance.text()
    assert finance.page.xpath("//a[contains(@href, '/deadlines/')]")
    assert clerk.page.xpath(f"//a[@href='/tasks/{task.id}'][contains(@class, 'jx-button--main')]")


def test_an_upheld_objection_shows_both_results_side_by_side_and_both_letters_stay(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback")
    office.do(case, "sign_feedback")
    office.do(case, "answer_feedback", objection="raised", reason="示例：得分有误")
    office.do(case, "review_objection", objection_result="upheld", reason="示例：经核实成立")
    finance = hands_of(office.bureau.office)
    meanwhile = finance.open("/letters/1").text()
    office.do(case, "correct_evaluation", score="92", grade="优")
    office.reach(case, "rectification", doc_number="示例财绩〔2022〕更1号")

    second = finance.open("/letters/2").text()
    finance.follow("/letters/1")

    assert "更正评价报告" in meanwhile
    assert "收回并重发" not in meanwhile
    assert "87.75" in second
    assert "92" in second
    assert "更正前" in second
    assert "提出异议，示例：得分有误" in second
    assert "历次发函" in second
    assert "本函已收回，由 示例财绩〔2022〕更1号 代替，两份都可查阅。" in finance.text()
    assert finance.page.xpath("//a[@href='/rectifications/1']")
    assert "由新函代替" in finance.text()


def test_what_is_not_there_is_said_in_a_sentence_for_each_reason(office: Office, hands_of: SitsDown) -> None:
    finance = hands_of(office.bureau.office)

    never = finance.open("/letters").text()
    filtered = finance.open("/letters?year=1999").text()
    unknown = finance.open("/letters/987654321")

    assert "还没有发出反馈意见函" in never
    assert "当前条件下没有反馈意见函" in filtered
    assert unknown.status == 404
    assert "没有这份反馈意见函，或者您无权查看" in unknown.text()


def test_a_letter_sent_wrongly_is_taken_back_on_its_page_and_the_unit_sees_both_and_what_changed(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback")
    finance = hands_of(office.bureau.office)

    finance.open("/letters/1").follow(f"/cases/{case}/letter-recall")
    told = finance.text()
    finance.type("reason", "示例：整改期限写错")
    finance.press("确认收回并重发")
    (mending,) = office.open_steps(case)
    waiting = finance.open("/rectifications").text(), finance.open("/rectifications/1").text()
    office.do(case, "revise_letter", doc_number="示例财绩〔2022〕更1号")
    unit = hands_of(office.bureau.clerk)
    old, new = unit.open("/letters/1").text(), unit.open("/letters/2").text()
    unit.follow(f"/submissions/{office.versions(case, 'F10')[-1].id}/comparison?with=1")

    assert "没有报送过的整改事项随函作废" in told
    assert mending == "feedback.revise_letter"
    assert all("待新函发出" in page for page in waiting)
    assert "待新函发出" not in finance.open("/rectifications").text()
    assert "随原函作废" in finance.open("/rectifications/1").text()
    assert "本函已由 王绩效 于" in old
    assert "收回：示例：整改期限写错。由 示例财绩〔2022〕更1号 代替，两份都可查阅。" in old
    assert "收回并重发 原函由 王绩效" in new
    assert "示例财绩〔2022〕更1号" in unit.text()


def test_a_letter_that_is_written_anew_gets_a_number_of_its_own_and_the_old_one_is_told_beside_it(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback")
    (letter,) = office.rows(Letter, case)
    finance = hands_of(office.bureau.office).open(f"/cases/{case}/letter-recall")
    finance.type("reason", "示例：整改期限写错")
    finance.press("确认收回并重发")
    (task,) = office.tasks(case)

    finance.open(f"/tasks/{task.id}")
    served = finance.value("doc_number"), finance.text()
    finance.type("doc_number", "示例财绩〔2022〕更1号")
    finance.press("存草稿")

    assert served[0] == [""]
    assert f"原函文号“{letter.number}”已随原函发出，不能再用，请另编文号。" in served[1]
    assert finance.value("doc_number") == ["示例财绩〔2022〕更1号"]


def test_nothing_speaks_of_a_new_letter_where_none_came_after_the_one_taken_back(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback")
    finance = hands_of(office.bureau.office)
    for what, why in (("letter-recall", "示例：发错了"), ("cancellation", "示例：项目撤销")):
        finance.open(f"/cases/{case}/{what}").type("reason", why)
        finance.press("确认收回并重发" if what == "letter-recall" else "确认取消案卷")

    history, ledger = finance.open(f"/cases/{case}?tab=timeline").text(), finance.open("/rectifications").text()

    assert "原函整改事项2项随原函作废" in history
    assert "随原函作废" in ledger
    assert not any(word in page for word in ("由新函代替", "待新函发出") for page in (history, ledger))


def test_only_finance_finds_how_to_take_a_letter_back_and_only_while_it_can(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback")
    address = f"//a[@href='/cases/{case}/letter-recall']"

    unit = hands_of(office.bureau.clerk).open("/letters/1")
    finance = hands_of(office.bureau.office).open("/letters/1")
    offered = bool(finance.page.xpath(address))
    office.reach(case, "result_use")
    finance.open("/letters/1")

    assert offered
    assert not unit.page.xpath(address)
    assert not finance.page.xpath(address)
