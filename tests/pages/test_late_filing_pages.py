"""申请补报: what a deadline took away is read only with its draft, is asked for, and comes back when it is granted."""

from datetime import timedelta

import pytest

from engine.tasks import Task
from tests.integration.desk import deadline
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands

WHY = "示例：经办人住院"
GATE = "target_filing.budget_gate"


@pytest.fixture
def case(office: Office) -> int:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return case


@pytest.fixture
def filling(office: Office, case: int) -> Task:
    return office.tasks(case)[0]


def missed(office: Office, clerk: Hands, case: int, task: Task) -> None:
    """The clerk typed something, and the budget was closed before it was handed in."""
    clerk.open(f"/tasks/{task.id}")
    clerk.type("annual_goal", "示例：写到一半的目标")
    clerk.press("存草稿")
    office.let_pass(case, GATE)


def ask(clerk: Hands, case: int, task: Task, wanted: str, reason: str = WHY) -> None:
    clerk.open(f"/cases/{case}").follow(f"/tasks/{task.id}/late-filing")
    clerk.type("wanted_on", wanted)
    clerk.type("reason", reason)
    clerk.press("申请补报")


def test_what_the_day_took_away_is_read_only_and_its_draft_can_be_taken_home(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    clerk = hands_of(office.bureau.clerk)
    missed(office, clerk, case, filling)

    clerk.open(f"/tasks/{filling.id}")
    told = clerk.text()
    clerk.follow(f"/tasks/{filling.id}/late-filing").open(f"/tasks/{filling.id}")
    file = clerk.client.get(f"/tasks/{filling.id}/draft.csv")

    assert "申报已于 12月15日（周二） 截止，现在不能报送。草稿仍在；需要补报请点“申请补报”，由绩效股决定。" in told
    assert "示例：写到一半的目标" in told
    assert not clerk.has("annual_goal")
    assert clerk.button("存草稿") is None
    assert file.status_code == 200
    assert "示例：写到一半的目标" in file.get_data(as_text=True)


def test_what_is_due_to_be_taken_away_is_read_only_before_the_clock_has_done_so(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    clerk = hands_of(office.bureau.clerk)
    clerk.open(f"/tasks/{filling.id}").type("annual_goal", "示例：写到一半的目标")
    clerk.press("存草稿")
    office.clock.move_to(deadline(office, case, GATE).due_at + timedelta(hours=9))

    clerk.open(f"/tasks/{filling.id}")

    assert "“填报绩效目标”已过截止日，现在不能报送，正等系统收回。草稿仍在。" in clerk.text()
    assert "示例：写到一半的目标" in clerk.text()
    assert not clerk.has("annual_goal")
    assert [clerk.button(name) for name in ("存草稿", "报送", "逾期报送")] == [None, None, None]


def test_a_granted_request_brings_the_step_back_with_its_draft_and_marked_late(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    clerk, officer = hands_of(office.bureau.clerk), hands_of(office.bureau.office)
    missed(office, clerk, case, filling)
    wanted = office.today + timedelta(days=7)

    ask(clerk, case, filling, wanted.isoformat())
    asked = clerk.text(), clerk.button("申请补报")
    officer.open("/tasks").follow("/extension-requests")
    shown, given = officer.text(), officer.value("until")
    officer.type("reason", "示例：情况属实")
    officer.press("准予补报")
    (again,) = office.tasks(case)
    clerk.open(f"/tasks/{filling.id}").follow(f"/tasks/{again.id}")

    assert "正等绩效股答复" in asked[0]
    assert asked[1] is None
    assert "原截止12月15日" in shown
    assert WHY in shown
    assert given == [wanted.isoformat()]
    assert (again.element, again.due_on) == ("refile_target", wanted)
    assert clerk.value("annual_goal") == ["示例：写到一半的目标"]
    assert f"绩效股准予补报至 {wanted.month}月{wanted.day}日" in clerk.text()
    assert f"准予补报“填报绩效目标”（2020-12-15截止）至{wanted}" in clerk.open(f"/cases/{case}?tab=timeline").text()
    (day,) = [each for each in office.deadlines(case) if each.task_id == again.id]
    assert "准予补报时指定示例：情况属实" in clerk.open(f"/deadlines/{day.id}").text()


def test_a_declined_request_says_why_and_one_may_ask_again(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    clerk, officer = hands_of(office.bureau.clerk), hands_of(office.bureau.office)
    missed(office, clerk, case, filling)
    ask(clerk, case, filling, office.today.isoformat())

    officer.open("/extension-requests")
    officer.press("不予补报")
    without_reason = officer.status, officer.said()
    officer.type("reason", "示例：预算编审不能再等")
    officer.press("不予补报")

    assert without_reason == (422, "答复补报申请要写明理由，没有办理。请补充。")
    assert "没有待答复的" in officer.text()
    assert "不予补报：示例：预算编审不能再等" in clerk.open(f"/tasks/{filling.id}/late-filing").text()
    assert "不予补报：示例：预算编审不能再等" in clerk.open(f"/cases/{case}?tab=deadlines").text()
    assert clerk.open(f"/tasks/{filling.id}/late-filing").button("申请补报") is not None


def test_what_cannot_be_asked_is_refused_and_stays_on_the_page(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    clerk = hands_of(office.bureau.clerk)
    office.let_pass(case, GATE)

    ask(clerk, case, filling, "下周")
    unread = clerk.status, clerk.value("wanted_on"), clerk.value("reason")
    ask(clerk, case, filling, "2020-12-15")
    passed = clerk.status, clerk.said()
    ask(clerk, case, filling, "2020-12-31", reason=" ")
    without_reason = clerk.status

    assert unread == (422, ["下周"], [WHY])
    assert passed[0] == 422
    assert "不能早于今天" in passed[1]
    assert without_reason == 422


def test_the_answer_that_comes_second_is_refused(office: Office, hands_of: SitsDown, case: int, filling: Task) -> None:
    clerk = hands_of(office.bureau.clerk)
    office.let_pass(case, GATE)
    ask(clerk, case, filling, "2020-12-31")
    first, second = hands_of(office.bureau.office).open("/extension-requests"), hands_of(office.bureau.second_officer)
    second.open("/extension-requests")

    first.type("reason", "示例：同意")
    first.press("准予补报")
    second.type("reason", "示例：不同意")
    second.press("不予补报")

    assert second.status == 409
    assert "已经答复（准予补报）" in second.said()


def test_the_head_may_ask_and_another_unit_finds_nothing(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    office.let_pass(case, GATE)
    head, department = hands_of(office.bureau.head), hands_of(office.bureau.department)

    department.open(f"/tasks/{filling.id}/late-filing")
    ask(head, case, filling, "2020-12-31")

    assert department.status == 403
    assert "正等绩效股答复" in head.text()


def test_what_is_not_laid_down_says_so_and_offers_nothing(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "feedback.answer_feedback")
    silent = next(each for each in office.tasks(case) if each.element == "answer_feedback")
    office.let_pass(case, "feedback.objection")
    head = hands_of(office.bureau.head)

    told = head.open(f"/tasks/{silent.id}").text()
    head.open(f"/tasks/{silent.id}/late-filing")

    assert "本区未规定" in told
    assert head.button("申请补报") is None
    assert "本区未规定" in head.text()


def test_the_door_for_later_days_leads_on_to_late_filing(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    (gate,) = office.deadlines(case, GATE)
    office.let_pass(case, GATE)

    clerk = hands_of(office.bureau.clerk).open(f"/deadlines/{gate.id}/extension-request")

    clerk.follow(f"/tasks/{filling.id}/late-filing")
    assert clerk.heading() == "申请补报：填报绩效目标"


def test_the_work_list_tells_what_was_taken_away_until_it_is_asked_for_and_answered(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    clerk, officer = hands_of(office.bureau.clerk), hands_of(office.bureau.office)
    missed(office, clerk, case, filling)

    told = clerk.open("/tasks").text()
    clerk.follow(f"/tasks/{filling.id}/late-filing")
    clerk.type("wanted_on", "2020-12-31")
    clerk.type("reason", WHY)
    clerk.press("申请补报")
    asked = clerk.open("/tasks").text(), clerk.client.get("/tasks").get_data(as_text=True)
    officer.open("/extension-requests")
    officer.type("reason", "示例：情况属实")
    officer.press("准予补报")

    assert "有 1 件因期限届满收回，还没有报送" in told
    assert "已于 12月15日（周二） 截止，任务已收回。草稿仍在。需要补报的由绩效股决定。" in told
    assert "已申请补报，正等绩效股答复" in asked[0]
    assert f'href="/tasks/{filling.id}/draft.csv"' in asked[1]
    assert "已截止收回" not in clerk.open("/tasks").text()


def test_only_the_unit_it_was_taken_from_is_told_and_only_while_there_is_a_way_back(
    office: Office, hands_of: SitsDown, case: int
) -> None:
    office.let_pass(case, GATE)

    head, department = hands_of(office.bureau.head).open("/tasks"), hands_of(office.bureau.department).open("/tasks")
    told = head.text(), department.text()
    office.do(case, office.tasks(case)[0].element)

    assert "已截止收回" in told[0]
    assert "已截止收回" not in told[1]
    assert "已截止收回" not in head.open("/tasks").text()


def test_the_papers_of_a_case_say_which_version_was_let_in_late(
    office: Office, hands_of: SitsDown, case: int, filling: Task
) -> None:
    office.let_pass(case, GATE)
    ask(hands_of(office.bureau.clerk), case, filling, (office.today + timedelta(days=7)).isoformat())
    officer = hands_of(office.bureau.office).open("/extension-requests")
    officer.type("reason", "示例：情况属实")
    officer.press("准予补报")
    again = office.tasks(case)[0].element

    office.do(case, again)

    assert f"↩ 补报12月15日（周二） 截止；{WHY}" in officer.open(f"/cases/{case}?tab=documents").text()
