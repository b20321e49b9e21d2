"""请求接手: on the page of a colleague's task one asks for it; the holder and the head see who did, and answer."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from engine.commands.claim import claim
from engine.commands.decline_takeover import decline_takeover
from engine.commands.request_takeover import request_takeover
from engine.directory import Actor, Unit
from engine.store import Database
from engine.store.database import ChangedMeanwhile
from engine.words import Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import SitsDown


@pytest.fixture
def colleague(office: Office) -> Actor:
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)


@pytest.fixture
def case(office: Office) -> int:
    return office.open_case()


@pytest.fixture
def task(office: Office, case: int, colleague: Actor) -> UUID:
    """The form of a target, in the hands of the colleague."""
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    taken(office, task.id, colleague)
    return task.id


def taken(office: Office, task: UUID, by: Actor) -> None:
    with office.transactions() as session:
        claim(session, task, by=by, at=office.now)


def asked(office: Office, task: UUID, by: Actor, reason: str = "") -> None:
    with office.transactions() as session:
        request_takeover(session, task, reason=reason, by=by, at=office.now)


@pytest.fixture
def mine(office: Office, case: int) -> UUID:
    """The form of a target, in the hands of the clerk."""
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    taken(office, task.id, office.bureau.clerk)
    return task.id


def test_who_reads_a_colleagues_form_asks_for_it_and_sees_that_the_request_waits(
    office: Office, hands_of: SitsDown, case: int, task: UUID
) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    before = hands.text()

    hands.type("reason", "示例：项目由我联系")
    hands.press("请求接手", to=f"/tasks/{task}/takeovers")

    assert "吴经办正在办理（9月1日 09:00 起）。" in before
    assert hands.path == f"/tasks/{task}"
    assert "您在 9月1日 09:00 请求接手：示例：项目由我联系。等吴经办或单位负责人转办。" in hands.text()
    assert hands.button(to=f"/tasks/{task}/takeovers") is None
    assert len(office.journal(case, "task.takeover_requested")) == 1


def test_who_is_not_first_at_the_case_is_tried_again(
    office: Office, hands_of: SitsDown, task: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def not_first(*given: Any, **how: Any) -> Any:
        tried.append(given)
        if len(tried) == 1:
            raise ChangedMeanwhile("这份案卷刚被别人更新，您的办理没有写入。")
        return request_takeover(*given, **how)

    monkeypatch.setattr("web.pages.takeovers.request_takeover", not_first)
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")

    hands.press("请求接手", to=f"/tasks/{task}/takeovers")

    assert len(tried) == 2
    assert "您在 9月1日 09:00 请求接手。" in hands.text()


def test_too_long_a_reason_is_refused_in_words(office: Office, hands_of: SitsDown, task: UUID) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")

    (word,) = hands.page.xpath("(//input[@name='_word'])[1]/@value")

    answer = hands.client.post(f"/tasks/{task}/takeovers", data={"_word": word, "reason": "长" * 201})

    assert answer.status_code == 422
    assert "理由不超过200字，没有办理。" in answer.text


def test_the_holder_sees_who_asked_in_the_list_and_on_the_page_and_hands_over_with_what_was_said(
    office: Office, hands_of: SitsDown, case: int, mine: UUID, colleague: Actor
) -> None:
    asked(office, mine, colleague, "示例：项目由我联系")
    hands = hands_of(office.bureau.clerk)

    listed = hands.open("/tasks").text()
    told = hands.open(f"/tasks/{mine}").text()
    hands.follow(f"/tasks/{mine}/transfer?to={colleague.person_id}")
    hands.press("转办")

    assert "请求接手 吴经办在 9月1日 09:00 请求接手：示例：项目由我联系。" in listed
    assert "吴经办在 9月1日 09:00 请求接手：示例：项目由我联系。" in told
    assert office.tasks(case)[0].holder_id == colleague.person_id
    (handed_over,) = office.journal(case, "task.transferred")
    assert handed_over.payload["reason"] == "应吴经办请求接手：示例：项目由我联系"


def test_the_holder_keeps_the_task_and_who_asked_reads_why(
    office: Office, hands_of: SitsDown, mine: UUID, colleague: Actor
) -> None:
    hands = hands_of(office.bureau.clerk)
    asked(office, mine, colleague)
    hands.open(f"/tasks/{mine}")

    hands.press("不转：吴经办")
    without_reason = hands.status, hands.said()
    hands.type("reason", "示例：今天就报送")
    hands.press("不转：吴经办")

    assert without_reason[0] == 422
    assert "不转要写明理由" in without_reason[1]
    assert hands.path == f"/tasks/{mine}"
    assert "请求接手" not in hands.text()


def test_who_was_declined_reads_the_reason_and_may_ask_again(
    office: Office, hands_of: SitsDown, task: UUID, colleague: Actor
) -> None:
    with office.transactions() as session:
        receipt = request_takeover(session, task, by=office.bureau.clerk, at=office.now)
        decline_takeover(session, receipt.gave["takeover"], reason="示例：今天就报送", by=colleague, at=office.now)

    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")

    assert "吴经办 9月1日 09:00 答复不转：示例：今天就报送" in hands.text()
    hands.press("再次请求接手")
    assert "请求接手。等吴经办或单位负责人转办。" in hands.text()


def test_the_head_sees_who_asked_and_hands_over_from_the_list_of_the_unit(
    office: Office, hands_of: SitsDown, case: int, mine: UUID, colleague: Actor
) -> None:
    asked(office, mine, colleague)
    head = hands_of(office.bureau.head).open("/tasks?view=unit")

    head.follow(f"/tasks/{mine}/transfer?to={colleague.person_id}")
    head.press("转办")

    assert office.tasks(case)[0].holder_id == colleague.person_id
    assert "请求接手" not in head.open("/tasks?view=unit").text()


def test_a_request_answered_from_a_page_left_open_is_told_to_be_over(
    office: Office, hands_of: SitsDown, case: int, mine: UUID, colleague: Actor
) -> None:
    asked(office, mine, colleague)
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{mine}")
    office.do(case, "fill_target")

    hands.type("reason", "示例")
    hands.press("不转：吴经办")

    assert hands.status == 409
    assert "已经办结" in hands.text()


def test_the_list_asks_who_wants_its_tasks_once_however_many_there_are(
    database: Database, office: Office, hands_of: SitsDown, mine: UUID, colleague: Actor
) -> None:
    hands, statements = hands_of(office.bureau.clerk), []
    event.listen(database.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    def said() -> int:
        statements.clear()
        hands.open("/tasks")
        return len(statements)

    with_one = said()
    for number in range(3):
        case = office.open_case(code=f"示例-{number}")
        office.reach(case, "target_filing.fill_target")
        (task,) = office.tasks(case)
        taken(office, task.id, office.bureau.clerk)
        asked(office, task.id, colleague)

    assert said() == with_one
    assert hands.text().count("吴经办在") == 3
