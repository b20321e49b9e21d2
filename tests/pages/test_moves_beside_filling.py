"""撤回, 转办: what one can do about a task besides filling it in."""

import pytest

from engine.commands.claim import claim
from engine.directory import Unit
from engine.words import Role
from tests.factories import person_in
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown


def test_a_unit_takes_back_what_the_next_office_has_not_decided(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    paper = office.versions(case, "F02")[-1].id
    hands = hands_of(office.bureau.clerk).open("/tasks?view=sent")
    listed = hands.text()

    hands.follow(f"/submissions/{paper}/withdrawal")
    hands.type("reason", "示例：发现笔误")
    hands.press("撤回")

    assert "第 1 稿" in listed
    assert hands.path == f"/cases/{case}"
    assert "✓ 已撤回" in hands.text()
    assert office.open_steps(case) == ["target_filing.revise_target"]
    (told,) = office.journal(case, "submission.withdrawn")
    assert told.payload["reason"] == "示例：发现笔误"


def test_one_press_in_the_list_takes_a_task_out_of_the_pool_and_opens_it(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    hands = hands_of(office.bureau.clerk).open("/tasks")

    hands.press(to=f"/tasks/{task.id}/claim")

    assert hands.path == f"/tasks/{task.id}"
    assert hands.button(to=f"/tasks/{task.id}/claim") is None
    assert [told.by for told in office.journal(case, "task.claimed")] == [office.bureau.clerk.person_id]


def test_taking_back_is_offered_until_the_next_office_has_decided(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    paper = office.versions(case, "F02")[-1].id
    links = hands_of(office.bureau.clerk).open(f"/cases/{case}").page.xpath("//a[contains(@href, '/withdrawal')]/@href")

    office.do(case, "check_target")
    hands = hands_of(office.bureau.clerk).open(f"/cases/{case}")
    later = hands.page.xpath("//a[contains(@href, '/withdrawal')]/@href")
    hands.open(f"/submissions/{paper}/withdrawal")

    assert links == [f"/submissions/{paper}/withdrawal"]
    assert later == []
    assert "不能撤回" in hands.text()


def test_a_judge_takes_nothing_back(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.check_target")

    page = hands_of(office.bureau.department).open(f"/cases/{case}").page

    assert page.xpath("//a[contains(@href, '/withdrawal')]") == []


def test_a_task_goes_to_a_colleague_with_a_reason_and_keeps_its_day(office: Office, hands_of: SitsDown) -> None:
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task.id}/transfer")

    hands.press("转办")
    without_reason = hands.status, hands.said()
    hands.type("to", str(colleague.person_id))
    hands.type("reason", "示例：外出培训")
    hands.press("转办")

    (now,) = office.tasks(case)
    assert without_reason[0] == 422
    assert "✓ 已转办，截止日不变。" in hands.text()
    assert (now.holder_id, now.due_on) == (colleague.person_id, task.due_on)


@pytest.mark.parametrize("to", ["987654321", "x", ""])
def test_a_task_goes_to_nobody_else(office: Office, hands_of: SitsDown, to: str) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task.id}/transfer")
    (word,) = hands.open("/tasks").page.xpath("(//input[@name='_word'])[1]/@value")

    answer = hands.client.post(f"/tasks/{task.id}/transfer", data={"_word": word, "to": to, "reason": "示例"})

    assert answer.status_code == 422
    assert "没有转办" in answer.text


def test_the_head_of_the_unit_hands_over_what_a_clerk_holds(office: Office, hands_of: SitsDown) -> None:
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    with office.transactions() as session:
        claim(session, task.id, by=office.bureau.clerk, at=office.now)
    head = hands_of(office.bureau.head).open("/tasks?view=unit")

    head.follow(f"/tasks/{task.id}/transfer")
    head.type("to", str(colleague.person_id))
    head.type("reason", "示例：李经办休假")
    head.press("转办")

    assert office.tasks(case)[0].holder_id == colleague.person_id


def test_a_colleagues_form_is_read_only(office: Office, hands_of: SitsDown) -> None:
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    with office.transactions() as session:
        claim(session, task.id, by=colleague, at=office.now)

    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task.id}")

    assert "吴经办正在办理（9月1日 09:00 起）。" in hands.text()
    assert "吴经办填的内容，只能看" in hands.text()
    assert not hands.has("annual_goal")
    assert hands.button("存草稿") is None


def test_the_own_tasks_say_who_did_what_before_each_and_what_is_done_does_not(
    office: Office, hands_of: SitsDown
) -> None:
    case_id = project_at(office, "check_target")
    office.do(case_id, "check_target", "returned")

    mine = hands_of(office.bureau.clerk).open("/tasks")
    waiting = mine.page.xpath("//td[@data-label='上一步']")
    done = mine.open("/tasks?view=done").page.xpath("//td[@data-label='上一步']")

    assert [cell.text_content().strip() for cell in waiting] == ["赵主管 退回审核绩效目标 · 9月1日 09:00"]
    assert done == []
