"""代办 on a page: tried first, then done with one's password and a second person's, and told on the case."""

import html
import re
from datetime import timedelta

from flask import Flask

from engine.accounts import open_account
from engine.directory import Person
from engine.words import Role
from tests.office import Office
from tests.pages.administration.conftest import PASSWORD, Before, Somebody
from tests.pages.visitor import Visitor, signed_in

WHY = "示例：经办人离岗，无人接办"
WAY = re.compile(r'<option value="([0-9a-f]{32}\.\d+\.approved)"')


def checking(office: Office) -> int:
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    return case


def tried(operator: Visitor, case: int) -> dict[str, str]:
    """What was chosen, tried on the page, with all the page sends by itself."""
    address = f"/cases/{case}/stand-in"
    (way,) = WAY.findall(operator.get(address).text)
    chosen = {"way": way, "reason": WHY, "opinion": ""}
    page = operator.post(address, {**chosen, "do": "try"}).text
    hidden = dict(re.findall(r'<input type="hidden" name="(key|expected|tried)" value="([^"]*)">', page))
    assert "确认代办" in page, html.unescape(page)
    assert "号人员" not in page
    return {**chosen, **hidden, "do": "confirm"}


def with_account(office: Office) -> str:
    """The login of the officer who agrees."""
    with office.transactions() as session:
        person = session.get_one(Person, office.bureau.office.person_id)
        open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
        return person.login


def test_an_operator_does_a_step_for_somebody_once_a_second_person_agreed(
    app: Flask, office: Office, before: Before
) -> None:
    case, operator, login = checking(office), before(Role.OPERATOR), with_account(office)
    sent = {**tried(operator, case), "second_login": login, "second_password": PASSWORD}

    answer = operator.post(f"/cases/{case}/stand-in", sent)

    assert answer.status_code == 303, answer.text
    assert "check_target" not in {task.element for task in office.tasks(case)}
    told = signed_in(app, office.bureau.office).get(f"/cases/{case}?tab=timeline").text
    assert "代办" in told
    assert WHY in told


def test_nothing_is_done_without_the_second_person(office: Office, before: Before) -> None:
    case, operator, login = checking(office), before(Role.OPERATOR), with_account(office)
    sent = tried(operator, case)

    wrong = operator.post(f"/cases/{case}/stand-in", {**sent, "second_login": login, "second_password": "wrong"})
    missing = [operator.post(f"/cases/{case}/stand-in", sent) for _ in range(6)][-1]
    with_blanks = {**sent, "second_login": f" {login} ", "second_password": ""}
    unfilled = operator.post(f"/cases/{case}/stand-in", with_blanks)

    assert "账号或密码不对，还可再试 4 次" in wrong.text
    assert "没有填写同意人的账号和密码" in missing.text
    assert "没有填写同意人的账号和密码" in unfilled.text
    assert {wrong.status_code, missing.status_code, unfilled.status_code} == {403}
    assert WHY in wrong.text
    assert "check_target" in {task.element for task in office.tasks(case)}


def test_the_password_is_asked_again_after_five_minutes(office: Office, before: Before) -> None:
    case, operator, login = checking(office), before(Role.OPERATOR), with_account(office)
    sent = {**tried(operator, case), "second_login": login, "second_password": PASSWORD}
    office.clock.move_to(office.now + timedelta(minutes=6))

    answer = operator.post(f"/cases/{case}/stand-in", {**sent, "password": "wrong"})

    assert answer.status_code == 403
    assert "check_target" in {task.element for task in office.tasks(case)}


def test_nobody_agrees_to_their_own_deed(office: Office, before: Before, app: Flask, somebody: Somebody) -> None:
    case = checking(office)
    both = somebody(Role.OPERATOR, Role.AUDIT_ADMIN)
    operator = signed_in(app, both)
    with office.transactions() as session:
        login = session.get_one(Person, both.person_id).login
    sent = {**tried(operator, case), "second_login": login, "second_password": PASSWORD}

    answer = operator.post(f"/cases/{case}/stand-in", sent)

    assert answer.status_code == 403
    assert "由另一人同意" in answer.text


def test_a_choice_that_is_none_is_refused_and_what_was_typed_stays(office: Office, before: Before) -> None:
    case, operator = checking(office), before(Role.OPERATOR)

    answer = operator.post(f"/cases/{case}/stand-in", {"way": "x.y.z", "reason": WHY, "do": "try"})

    assert answer.status_code == 422
    assert "没有选择代谁办理哪一步" in answer.text
    assert WHY in answer.text


def test_the_queue_of_deadlines_leads_to_standing_in_for_operators(office: Office, before: Before) -> None:
    case = checking(office)

    assert f"/cases/{case}/stand-in" in before(Role.OPERATOR).get("/operations/deadlines").text
    assert before(Role.UNIT_CLERK).get(f"/cases/{case}/stand-in").status_code == 403
