"""送签, 签发: the draft as paper before the leader, who numbers and signs it with the password, or sends it back."""

from collections.abc import Iterator

import pytest

from engine.rectifications import Letter
from engine.store import Database
from tests.integration.desk import sound
from tests.office import Office
from tests.pages.conftest import PASSWORD, SitsDown
from tests.pages.visitor import Visitor, sign_in_of
from tests.pages.year import Year
from web.visits.visit import COOKIE


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """广州市: letters that demand rectification are signed by a bureau leader."""
    office = Office.opened(database, "guangzhou")
    yield office
    sound(office)


def test_a_letter_goes_up_is_read_as_paper_and_goes_out_with_the_number_given_at_signing(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")
    (task,) = office.tasks(case)
    leader = hands_of(office.bureau.leader)

    first = leader.open("/tasks").text()
    page = leader.open(f"/tasks/{task.id}").text()
    leader.type("number", "示例财绩〔2022〕66号")
    leader.press(name="word", value="signed_off")

    (letter,) = office.rows(Letter, case)
    unit = hands_of(office.bureau.clerk).open(f"/letters/{letter.id}").text()
    assert "待签发 1" in first
    assert "草稿" in page
    assert "关于示例：社区养老服务站建设经费绩效评价结果的反馈意见函" in page
    assert "由局领导签发。依据：默认值，待签核（GZ-16" in page
    assert leader.path == f"/tasks/{task.id}/receipt"
    assert letter.number == "示例财绩〔2022〕66号"
    assert "反馈意见函 示例财绩〔2022〕66号" in unit


def test_a_refused_request_is_signed_or_sent_back_with_a_reason(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case(amount_wan="1000", project_nature="new")
    office.reach(case, "ex_ante_assessment.sign_refusal", ex_ante_conclusion="reject")
    (task,) = office.tasks(case)
    leader = hands_of(office.bureau.leader)

    page = leader.open(f"/tasks/{task.id}").text()
    leader.press(name="word", value="returned")
    unreasoned = leader.status
    leader.type("reason", "示例：立项依据在附件里")
    leader.press(name="word", value="returned")
    again = office.open_steps(case)
    office.do(case, "conclude_ex_ante", ex_ante_conclusion="reject")
    (task,) = office.tasks(case)
    leader.open(f"/tasks/{task.id}").press(name="word", value="signed_off")

    assert "签发不予支持的结论" in page
    assert unreasoned == 422
    assert again == ["ex_ante_assessment.conclude_ex_ante"]
    assert office.case(case).state == "closed"


def test_without_a_number_or_a_day_nothing_is_signed_and_what_was_typed_stays(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")
    (task,) = office.tasks(case)
    leader = hands_of(office.bureau.leader).open(f"/tasks/{task.id}")

    leader.type("number", "  ")
    leader.press(name="word", value="signed_off")
    unnumbered = leader.status, leader.said()
    leader.type("number", "示例财绩〔2022〕66号")
    leader.type("letter_on", "月底")
    leader.press(name="word", value="signed_off")

    assert unnumbered == (422, "没有写文号，没有签发。请填写文号。")
    assert (leader.status, leader.value("number")) == (422, ["示例财绩〔2022〕66号"])
    assert "发函日期写的是“月底”，读不出日期" in leader.said()
    assert office.open_steps(case) == ["feedback.sign_letter"]


def test_signing_takes_the_password_again_and_sending_back_does_not(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")
    (task,) = office.tasks(case)
    leader = hands_of(office.bureau.leader)
    cookie = leader.client.get_cookie(COOKIE)
    assert cookie is not None
    with office.transactions() as session:
        visitor = Visitor(leader.client.application, cookie.value)
        session.merge(sign_in_of(leader.client.application, visitor)).proven_at = None

    leader.open(f"/tasks/{task.id}").type("password", "bushi-zhege-mima")
    leader.press(name="word", value="signed_off")
    wrong = leader.status, office.open_steps(case)
    leader.type("password", PASSWORD)
    leader.press(name="word", value="signed_off")

    assert wrong == (403, ["feedback.sign_letter"])
    assert leader.path == f"/tasks/{task.id}/receipt"
    assert office.open_steps(case) == ["feedback.sign_feedback"]


def test_what_the_leader_sends_back_comes_to_the_office_with_the_remark_and_goes_up_again(
    office: Office, hands_of: SitsDown
) -> None:
    year = Year(office, hands_of, office.open_case())
    office.reach(year.case_id, "feedback.sign_letter")
    (task,) = office.tasks(year.case_id)

    leader = hands_of(office.bureau.leader).open(f"/tasks/{task.id}")
    leader.type("remark.0.text", "示例：整改期限太短")
    leader.type("reason", "示例：请放宽整改期限")
    leader.press(name="word", value="returned")
    (mending,) = office.tasks(year.case_id)
    writer = hands_of(office.bureau.office).open(f"/tasks/{mending.id}")

    assert leader.path == f"/tasks/{task.id}/receipt"
    assert writer.heading().startswith("修改反馈意见函")
    assert "示例：整改期限太短" in writer.text()
    assert writer.button("送签", name="check") is not None


def test_where_the_table_demands_it_the_office_finds_one_way_only(office: Office, hands_of: SitsDown) -> None:
    year = Year(office, hands_of, office.open_case())
    work, hands = year.reach("feedback.issue_feedback_letter")

    assert "由局领导签发。依据：" in hands.text()
    assert hands.button("送签", name="check") is not None
    assert work.command == "issue_feedback"
