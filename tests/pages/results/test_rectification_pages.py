"""整改台账: its rows and figures, problems outside letters from opening to striking off, those of letters by task."""

from datetime import timedelta

from engine.commands.open_rectification import open_rectification
from engine.commands.start_case import start_case
from engine.moves.rectifying import Found
from tests.factories import new_project
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands

PROBLEM = "示例：未建立资产台账"


def opened(office: Office, finance: Hands) -> Hands:
    """A problem the audit found, put on the ledger by the pages."""
    finance.open("/rectifications/new?q=养老")
    finance.follow("/rectifications/new?case=1")
    finance.type("origin", "audit")
    finance.type("category", "rules")
    finance.type("problem", PROBLEM)
    finance.type("requirement", "示例：建立台账")
    finance.type("due_on", (office.today + timedelta(days=30)).isoformat())
    return finance.press("立项")


def why_that_day(hands: Hands) -> str:
    """What the one link to 为什么是这一天 on the page leads to."""
    (address,) = hands.page.xpath("//a[starts-with(@href, '/deadlines/')]/@href")
    return hands.follow(address).text()


def figures_of(hands: Hands) -> dict[str, str]:
    """The counters above the ledger."""
    pairs = hands.page.xpath("//dl[@class='jx-figures']/div")
    return {pair.findtext("dt"): pair.find("dd").text_content().strip() for pair in pairs}


def test_a_problem_outside_letters_is_opened_reported_returned_and_struck_off(
    office: Office, hands_of: SitsDown
) -> None:
    office.open_case()
    finance, clerk = hands_of(office.bureau.office), hands_of(office.bureau.clerk)

    opened(office, finance)
    put = finance.text()
    clerk.open("/rectifications").follow("/rectifications/1#report")
    clerk.type("responsible_person", "李经办")
    clerk.type("measures", "示例：已建台账")
    clerk.press("报送整改情况")
    without_evidence = clerk.status, clerk.said(), clerk.value("measures")
    clerk.type("evidence", "示例：台账照片")
    clerk.type("rules_improved", "1")
    clerk.type("recovered_wan", "1,003.5")
    clerk.press("报送整改情况")
    reported = clerk.text()
    finance.open("/rectifications/1").press("退回修改")
    without_reason = finance.status, finance.said()
    finance.type("reason", "示例：照片看不清")
    finance.press("退回修改")
    clerk.open("/rectifications/1")
    kept = clerk.value("responsible_person")
    clerk.type("measures", "示例：已重拍")
    clerk.type("evidence", "示例：清晰照片")
    clerk.type("recovered_wan", "3.5")
    clerk.press("报送整改情况")
    finance.open("/rectifications/1").press("通过并销号")
    figures = figures_of(finance.open("/rectifications"))

    assert "✓ 已立项" in put
    assert without_evidence == (422, "整改情况要写明责任人和措施，并附佐证，没有报送。请补齐。", ["示例：已建台账"])
    assert "等财政核验" in reported
    assert without_reason == (422, "退回整改要写明原因，没有办理。请补充。")
    assert kept == ["李经办"]
    assert (figures["台账"], figures["已销号"], figures["待核验"]) == ("1 条", "1", "0")
    assert (figures["追回资金"], figures["按期率"]) == ("3.5 万元", "100.00 %")


def test_a_problem_outside_letters_says_by_when_what_is_awaited_and_why(office: Office, hands_of: SitsDown) -> None:
    office.open_case()
    finance, clerk = hands_of(office.bureau.office), hands_of(office.bureau.clerk)

    opened(office, finance)
    why = why_that_day(finance)
    clerk.open("/rectifications/1#report")
    clerk.type("responsible_person", "李经办")
    clerk.type("measures", "示例：已建台账")
    clerk.type("evidence", "示例：台账照片")
    clerk.press("报送整改情况")
    awaited = clerk.text()
    of_finance = why_that_day(finance.open("/rectifications/1"))

    assert "整改事项另立-1：立项时写定的期限" in why
    assert "退回后就还有几个工作日" in why
    assert "整改落实·核验" in awaited
    assert "默认值，待签核（财政核验" in of_finance


def test_a_later_day_for_a_problem_outside_letters_is_given_on_its_page(office: Office, hands_of: SitsDown) -> None:
    office.open_case()
    finance, clerk = hands_of(office.bureau.office), hands_of(office.bureau.clerk)
    opened(office, finance)
    until = (office.today + timedelta(days=60)).isoformat()

    finance.type("until", "下月")
    finance.type("why", "示例：等审计核实")
    finance.press("延长期限")
    refused = finance.status, finance.said(), finance.value("why")
    finance.type("until", until)
    finance.press("延长期限")

    assert refused == (
        422,
        "新的期限写的是“下月”，读不出日期，没有延期。请按“2022-10-12”的样子填写。",
        ["示例：等审计核实"],
    )
    assert "✓ 已延期" in finance.text()
    assert f"延长至{until}" in finance.text()
    assert not clerk.open("/rectifications/1").page.xpath("//form[@id='extend']")


def test_what_cannot_be_read_is_refused_and_stays_typed(office: Office, hands_of: SitsDown) -> None:
    office.open_case()
    finance, clerk = hands_of(office.bureau.office), hands_of(office.bureau.clerk)
    finance.open("/rectifications/new?case=1")

    finance.type("problem", PROBLEM)
    finance.press("立项")
    no_category = finance.status, finance.said(), finance.value("problem")
    finance.type("category", "rules")
    finance.type("due_on", "下个月")
    finance.press("立项")
    no_day = finance.status, finance.said()
    finance.type("due_on", "2030-01-01")
    finance.type("amount_wan", "一百")
    finance.press("立项")
    no_amount = finance.status, finance.said(), finance.value("amount_wan")
    opened(office, finance)
    clerk.open("/rectifications/1")
    clerk.type("rules_improved", "三")
    clerk.press("报送整改情况")

    assert no_category == (422, "没有选择问题分类，没有立项。请选择一类。", [PROBLEM])
    assert no_day == (422, "整改期限写的是“下个月”，读不出日期，没有立项。请按“2022-10-12”的样子填写。")
    assert (no_amount[0], no_amount[2]) == (422, ["一百"])
    assert "不是数字" in no_amount[1]
    assert (clerk.status, clerk.value("rules_improved")) == (422, ["三"])


def test_what_no_row_can_keep_is_refused_and_the_page_goes_on(office: Office, hands_of: SitsDown) -> None:
    office.open_case()
    opened(office, hands_of(office.bureau.office))
    clerk = hands_of(office.bureau.clerk).open("/rectifications/1")
    word = clerk.page.xpath("string(//form[@id='report']//input[@name='_word']/@value)")
    typed = {"_word": word, "responsible_person": "李经办", "measures": "示例\x00措施", "evidence": "示例：照片"}

    answer = clerk.client.post("/rectifications/1/reports", data=typed)

    assert answer.status_code == 422
    assert "没有保存" in answer.text
    assert "示例：照片" in answer.text
    assert "待整改" in clerk.open("/rectifications/1").text()


def test_who_filed_is_told_so_and_cannot_verify(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    finance, department = hands_of(office.bureau.office), hands_of(office.bureau.department)
    opened(office, finance)

    clerk = hands_of(office.bureau.clerk).open("/rectifications/1")

    assert case == 1
    assert clerk.button("报送整改情况") is not None
    assert clerk.button("通过并销号") is None
    assert department.open("/rectifications/1").button("报送整改情况") is None
    assert finance.open("/rectifications/1").button("通过并销号") is None


def test_a_problem_of_a_letter_leads_to_its_task_and_says_whose_turn_it_is(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "rectification_item.plan_rectification")
    tasks = {task.item: task.id for task in office.tasks(case)}

    clerk = hands_of(office.bureau.clerk).open("/rectifications")
    finance = hands_of(office.bureau.office).open("/rectifications?category=satisfaction")

    assert clerk.page.xpath(f"//table//a[@href='/tasks/{tasks['q1']}']")
    assert "预算单位经办人" in finance.text()
    assert not finance.page.xpath("//table//a[starts-with(@href, '/tasks/')]")
    assert len(finance.page.xpath("//tbody/tr")) == 1
    clerk.follow("/rectifications/1")
    assert clerk.page.xpath(f"//a[@href='/tasks/{tasks['q1']}'][contains(@class, 'jx-button--main')]")
    assert clerk.page.xpath("//a[@href='/letters/1']")


def test_a_late_problem_is_said_to_be_late_and_nothing_is_applied_by_itself(office: Office, hands_of: SitsDown) -> None:
    office.open_case()
    finance = hands_of(office.bureau.office)
    opened(office, finance)
    office.clock.move_to(office.now + timedelta(days=40))

    ledger = finance.open("/rectifications?overdue=1").text()
    one = finance.open("/rectifications/1").text()

    assert "逾期" in ledger
    assert "可提出停拨或调减，须另行决定" in ledger
    assert "不自动执行" in one


def test_a_late_problem_of_a_letter_says_how_often_others_were_asked_and_how_far_up(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "rectification_item.plan_rectification", problems=1)
    finance = hands_of(office.bureau.office)
    unasked = finance.open("/rectifications/1").text()

    office.let_pass(case, "rectification.rectify")
    first = finance.open("/rectifications").text(), finance.open("/rectifications/1").text()
    office.let_pass(case, "rectification.escalate_department")
    second = finance.open("/rectifications/1").text()

    assert "已提请" not in unasked
    assert all("1 次，已提请预算单位负责人" in page for page in first)
    assert "2 次，已提请主管部门" in second
    assert "没有办结，提请预算单位负责人督办" in second
    assert "整改落实·提请财政督办" in second


def test_the_ledger_of_one_unit_is_found_by_choosing_it(office: Office, hands_of: SitsDown) -> None:
    bureau, found = office.bureau, Found("audit", "rules", PROBLEM, "示例：建立台账", office.today + timedelta(days=30))
    ours, finance = office.open_case(), hands_of(bureau.office)
    with office.transactions() as session:
        theirs = start_case(session, new_project(bureau, unit_id=bureau.department_id), by=bureau.office, at=office.now)
        open_rectification(session, ours, found, by=bureau.office, at=office.now)
    alone = finance.open("/rectifications").has("unit")
    with office.transactions() as session:
        assert theirs.case_id is not None
        open_rectification(session, theirs.case_id, found, by=bureau.office, at=office.now)

    offered = finance.open("/rectifications").offers("unit")
    finance.type("unit", str(bureau.department_id))
    finance.press("筛选")

    assert not alone
    assert set(offered) == {"", str(bureau.unit_id), str(bureau.department_id)}
    assert figures_of(finance)["台账"] == "1 条"
    assert len(finance.page.xpath("//tbody/tr")) == 1


def test_an_empty_ledger_says_when_something_will_stand_there(office: Office, hands_of: SitsDown) -> None:
    clerk = hands_of(office.bureau.clerk)

    assert "没有整改事项。结果反馈发出后自动列入。" in clerk.open("/rectifications").text()
    assert "当前条件下没有整改事项。" in clerk.open("/rectifications?state=closed").text()
    assert clerk.open("/rectifications/987654321").status == 404
