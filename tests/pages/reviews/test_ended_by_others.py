"""On the page of a task: who comes second loses nothing they wrote, and who sends the same again is told the same."""

from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.reviews.conftest import Seats

APPROVE, RETURN = ("word", "approved"), ("word", "returned")


def test_whoever_decides_a_task_after_somebody_else_is_told_who_did_and_keeps_what_they_wrote(
    office: Office, person: Seats
) -> None:
    case = project_at(office, "check_target")
    office.do(case, "check_target")
    address = f"/tasks/{office.tasks(case)[0].id}"
    slow, fast = person("周绩效"), person("王绩效")
    form = slow.open(address).form("/completion")
    fast.send(fast.open(address).form("/completion"), RETURN, reason="示例：目标太笼统")

    seen = slow.send(form, RETURN, reason="示例：请写明数量", remark__0__text="示例：每年几处")

    assert seen.status == 409
    assert "您这次的办理没有写入" in seen.text
    assert "王绩效" in seen.text
    assert "示例：请写明数量" in seen.text
    assert "示例：每年几处" in seen.text


def test_the_same_decision_sent_again_shows_the_receipt_again_and_another_one_is_not_taken(
    office: Office, person: Seats
) -> None:
    case = project_at(office, "check_target")
    office.do(case, "check_target")
    judge = person("王绩效")
    form = judge.open(f"/tasks/{office.tasks(case)[0].id}").form("/completion")

    first = judge.send(form, RETURN, reason="示例：请写明数量")
    again = judge.send(form, RETURN)
    otherwise = judge.send(form, APPROVE)

    assert "回执" in first.text
    assert again.text == first.text
    assert otherwise.status == 409
    assert "您这次的办理没有写入" in otherwise.text
