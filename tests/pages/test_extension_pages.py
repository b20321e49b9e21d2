"""申请延期: a unit asks for a later day, finance answers with both days side by side."""

from datetime import date, timedelta

from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands


def running(office: Office) -> tuple[int, str]:
    """A case whose target is being filled in, and the deadline of that step."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    task = office.tasks(case)[0]
    return case, str(next(each.id for each in office.deadlines(case) if each.task_id == task.id))


def ask(hands: Hands, case: int, deadline: str, wanted: str, reason: str = "示例：经办人住院") -> None:
    hands.open(f"/cases/{case}?tab=deadlines").follow(f"/deadlines/{deadline}/extension-request")
    hands.type("wanted_on", wanted)
    hands.type("reason", reason)
    hands.press("申请延期")


def test_a_granted_day_is_the_tasks_at_once(office: Office, hands_of: SitsDown) -> None:
    case, deadline = running(office)
    (task,) = office.tasks(case)
    assert task.due_on is not None
    wanted = task.due_on + timedelta(days=7)
    clerk, officer = hands_of(office.bureau.clerk), hands_of(office.bureau.office)

    ask(clerk, case, deadline, wanted.isoformat())
    asked = clerk.text(), office.tasks(case)[0].due_on
    officer.open("/tasks").follow("/extension-requests")
    shown = officer.text(), officer.value("until")
    officer.type("reason", "示例：情况属实")
    officer.press("同意")

    assert "待答复" in asked[0]
    assert asked[1] == task.due_on
    assert "示例：经办人住院" in shown[0]
    assert shown[1] == [wanted.isoformat()]
    assert office.tasks(case)[0].due_on == wanted
    assert [entry.type for entry in office.journal(case)][-2:] == ["deadline.extension_requested", "deadline.extended"]
    assert "同意延期：示例：情况属实" in clerk.open(f"/cases/{case}?tab=deadlines").text()


def test_a_declined_request_leaves_the_day_and_says_why(office: Office, hands_of: SitsDown) -> None:
    case, deadline = running(office)
    due_on = office.tasks(case)[0].due_on
    clerk, officer = hands_of(office.bureau.clerk), hands_of(office.bureau.office)
    ask(clerk, case, deadline, "2020-12-31")

    officer.open("/extension-requests")
    officer.press("不予延期")
    without_reason = officer.status, officer.said()
    officer.type("reason", "示例：预算编审不能再等")
    officer.press("不予延期")

    assert without_reason == (422, "答复延期申请要写明理由，没有办理。请补充。")
    assert "没有待答复的延期申请" in officer.text()
    assert office.tasks(case)[0].due_on == due_on
    assert "不予延期：示例：预算编审不能再等" in clerk.open(f"/cases/{case}?tab=deadlines").text()


def test_what_cannot_be_asked_is_refused_and_stays_on_the_page(office: Office, hands_of: SitsDown) -> None:
    case, deadline = running(office)
    clerk = hands_of(office.bureau.clerk)

    ask(clerk, case, deadline, "下周")
    unread = clerk.status, clerk.value("wanted_on"), clerk.value("reason")
    ask(clerk, case, deadline, date(2020, 9, 2).isoformat())
    earlier = clerk.status, clerk.said()
    ask(clerk, case, deadline, "2020-12-31", reason=" ")
    without_reason = clerk.status
    head = hands_of(office.bureau.head).open(f"/deadlines/{deadline}/extension-request")
    ask(clerk, case, deadline, "2020-12-31")
    clerk.open(f"/deadlines/{deadline}/extension-request")
    head.type("wanted_on", "2020-12-30")
    head.type("reason", "示例：负责人也来申请")
    head.press("申请延期")

    assert unread == (422, ["下周"], ["示例：经办人住院"])
    assert earlier[0] == 422
    assert "新的截止日应晚于" in earlier[1]
    assert without_reason == 422
    assert "申请延期至 12月31日（周四）：示例：经办人住院。 正等绩效股答复。" in clerk.text()
    assert clerk.button("申请延期") is None
    assert (head.status, head.said()) == (409, "这个期限已经申请过延期，正等绩效股答复，没有再申请。")
    assert head.value("reason") == ["示例：负责人也来申请"]


def test_a_request_is_answered_once(office: Office, hands_of: SitsDown) -> None:
    case, deadline = running(office)
    ask(hands_of(office.bureau.clerk), case, deadline, "2020-12-31")
    first, second = hands_of(office.bureau.office).open("/extension-requests"), hands_of(office.bureau.second_officer)
    second.open("/extension-requests")

    first.type("reason", "示例：同意")
    first.press("同意")
    second.type("reason", "示例：不同意")
    second.press("不予延期")

    assert second.status == 409
    assert "已经答复（同意延期）" in second.said()


def test_another_unit_asks_for_nothing(office: Office, hands_of: SitsDown) -> None:
    _, deadline = running(office)
    department = hands_of(office.bureau.department)

    department.open(f"/deadlines/{deadline}/extension-request")
    department.type("wanted_on", "2020-12-31")
    department.type("reason", "示例")
    department.press("申请延期")

    assert department.status == 403
    assert "不由您的单位办理" in department.said()
