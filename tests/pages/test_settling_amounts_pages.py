"""核定金额: typed where a review decides, with what it is about beside it, and refused in a sentence."""

from decimal import Decimal

from engine.commands.report_execution import report_execution
from engine.commands.start_case import Line
from engine.moves.executing import Reported
from engine.stages import Library
from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import SitsDown
from tests.pages.newer_diagrams import put_in_service

TWO = (Line("财政拨款", Decimal(60)), Line("经开区拨款", Decimal(120)))


def test_the_conclusion_names_another_amount_than_was_asked_for(office: Office, hands_of: SitsDown) -> None:
    case_id = office.open_case(amount_wan="361", project_nature="new")
    office.reach(case_id, "ex_ante_assessment.fill_ex_ante", ex_ante_verdict="needed")
    office.do(case_id, "fill_ex_ante", changes={"suggested_wan": "320.5"})
    office.reach(case_id, "ex_ante_assessment.conclude_ex_ante", ex_ante_verdict="needed")
    (task,) = office.tasks(case_id)
    officer = hands_of(office.bureau.office).open(f"/tasks/{task.id}")
    before = officer.text()

    officer.type("answer.ex_ante_conclusion", "conditional")
    officer.type("answer.approved_wan", "1,300.5元")
    officer.type("reason", "示例：压减设备费")
    officer.press("决定")
    refused = (officer.status, officer.said(), officer.value("answer.approved_wan"))
    officer.type("answer.approved_wan", "300.5")
    officer.press("决定")

    assert "不填就是现在的 361 万元" in before
    assert "评估报告建议 320.5 万元" in before
    assert "请按“退回”" not in before
    assert refused[0] == 422
    assert "读不出金额" in refused[1]
    assert refused[2] == ["1,300.5元"]
    assert office.case(case_id).amount_wan == Decimal("300.5")


def test_who_approves_the_budget_sends_the_target_back_with_the_amount_of_each_sum(
    office: Office, hands_of: SitsDown
) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "target_filing.approve_budget")
    (task,) = office.tasks(case_id)
    division = hands_of(office.bureau.division).open(f"/tasks/{task.id}")

    before = division.text()
    division.type("answer.target_result", "approved")
    division.type("answer.approved_wan", "150")
    division.type("answer.approved_wan.1", "50")
    division.type("answer.approved_wan.2", "100")
    division.type("reason", "示例：财力不足")
    division.press("决定")
    refused = (division.status, division.said(), division.value("answer.approved_wan.2"))
    division.press("退回")

    assert "核定别的金额请按“退回”" in before
    assert refused[0] == 409
    assert "请退回，由单位按这个金额重新填报" in refused[1]
    assert refused[2] == ["100"]
    assert office.open_steps(case_id) == ["target_filing.revise_target"]
    assert office.case(case_id).amount_wan == 150


def test_who_approves_the_budget_reads_what_was_spent_of_it_the_year_before(office: Office, hands_of: SitsDown) -> None:
    former = office.open_case(amount_wan="260", fiscal_year=FISCAL_YEAR - 1)
    reported = Reported(office.today, Decimal("192.4"), "示例：国库系统")
    with office.transactions() as session:
        report_execution(session, former, reported, by=office.bureau.division, at=office.now)
    case_id = office.open_case(amount_wan="200")
    office.reach(case_id, "target_filing.approve_budget")

    (task,) = office.tasks(case_id)
    read = hands_of(office.bureau.division).open(f"/tasks/{task.id}").text()

    assert f"同一对象上年（{FISCAL_YEAR - 1} 年）截至 {reported.as_of} 支出 192.4 万元" in read
    assert "预算 260 万元，执行率 74.00%；现在的金额比上年支出多 7.6 万元" in read
    assert "本部门上年全部资金执行率 74.00%" in read
    assert "不自动核减" in read


def test_a_review_names_the_amount_with_the_return_though_passing_fills_a_form(
    office: Office, hands_of: SitsDown, library: Library
) -> None:
    asks = '<spiffworkflow:property name="deadline" value="target_filing.review"/>'
    put_in_service(office, library, asks, f'<spiffworkflow:property name="sets" value="approved_wan:amount"/>{asks}')
    case_id = office.open_case()
    office.reach(case_id, "target_filing.review_target")
    (task,) = office.tasks(case_id)
    officer = hands_of(office.bureau.office).open(f"/tasks/{task.id}")

    officer.type("answer.approved_wan", "150")
    officer.type("reason", "示例：压减会议费")
    officer.press("退回")

    assert office.open_steps(case_id) == ["target_filing.revise_target"]
    assert office.case(case_id).amount_wan == 150
