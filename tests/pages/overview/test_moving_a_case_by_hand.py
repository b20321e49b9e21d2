"""迁移 and 移动步骤 on their pages: a case goes over to newer versions, or to another step, with a second person."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.accounts import open_account
from engine.cases import Case
from engine.directory import Actor, Person, Unit
from engine.stages.model import Definition
from engine.words import Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import PASSWORD, SitsDown
from tests.pages.hands import Hands
from tests.pages.overview.conftest import FILLING
from web.visits.site import NAME

LONG_AFTER = timedelta(minutes=6)


def offers(officer: Hands, case_id: int, noun: str) -> bool:
    """Whether the case offers that command."""
    return bool(officer.open(f"/cases/{case_id}").page.xpath(f"//a[@href='/cases/{case_id}/{noun}']"))


def test_a_case_on_todays_versions_has_nothing_to_migrate(officer: Hands, case_id: int) -> None:
    offered = offers(officer, case_id, "migration")

    officer.open(f"/cases/{case_id}/migration")

    assert not offered

    assert "已经在用现行的流程和规则" in officer.said()
    assert officer.button("确认换用新版流程") is None


def test_a_case_on_older_versions_is_tried_and_moved_to_todays(office: Office, officer: Hands, case_id: int) -> None:
    with office.database.upkeep() as session:
        kept = session.get_one(Definition, office.case(case_id).policy_id)
        older = Definition(kind="policy", name=kept.name, hash="示例", files=kept.files, kept_at=office.now, turn=0)
        session.add(older)
        session.flush()
        session.execute(update(Case).where(Case.id == case_id).values(policy_id=older.id))

    second = office.bureau.second_officer
    officer.open(f"/cases/{case_id}/migration").type("reason", "示例：统一换用现行规则")
    tried = officer.text()
    offered = [offers(officer, case_id, noun) for noun in ("migration", "migration-undone")]
    officer.open(f"/cases/{case_id}/migration").type("reason", "示例：统一换用现行规则")
    officer.type("second_login", f"{second.name}@{second.unit_id}")
    officer.type("second_password", PASSWORD)
    officer.press("确认换用新版流程")

    assert offered == [True, False]
    assert "试运行可以换" in tried
    assert "停在填报绩效目标" in tried
    assert "已换用新版流程和规则" in officer.text()
    assert office.case(case_id).policy_id == kept.id

    officer.open(f"/cases/{case_id}").follow(f"/cases/{case_id}/migration-undone").type("reason", "示例：先不换")
    officer.press("确认撤回迁移")

    assert "已换回原来的流程和规则" in officer.text()
    assert not offers(officer, case_id, "migration-undone")
    assert offers(officer, case_id, "migration")
    assert office.case(case_id).policy_id == older.id


def test_a_step_is_moved_with_the_password_and_a_second_person(office: Office, officer: Hands, case_id: int) -> None:
    second = office.bureau.second_officer
    officer.open(f"/cases/{case_id}/correction")
    officer.type("step", "target_filing.check_target")
    officer.type("reason", "示例：误退")
    officer.press("试办")
    tried = officer.text()
    officer.type("second_login", f"{second.name}@{second.unit_id}")
    officer.type("second_password", PASSWORD)
    officer.press("确认移动步骤")

    assert "收回填报绩效目标" in tried
    assert "步骤已移动" in officer.text(), officer.said()
    assert office.open_steps(case_id) == ["target_filing.check_target"]
    assert office.journal(case_id, "case.corrected")[0].payload["agreed_by"] == second.person_id


@pytest.mark.parametrize("who", ["office", "clerk"])
def test_nobody_agrees_to_moving_a_step_who_may_not(
    office: Office, hands_of: SitsDown, officer: Hands, case_id: int, who: str
) -> None:
    agreeing: Actor = getattr(office.bureau, who)
    officer.open(f"/cases/{case_id}/correction")
    officer.type("step", "target_filing.check_target")
    officer.type("reason", "示例：误退")
    officer.press("试办")
    officer.type("second_login", f"{agreeing.name}@{agreeing.unit_id}")
    officer.type("second_password", PASSWORD)

    officer.press("确认移动步骤")

    assert officer.status == 403
    assert "同意" in officer.said()
    assert office.open_steps(case_id) == [FILLING]


def test_a_wrong_password_of_oneself_or_the_second_person_moves_nothing_and_is_counted(
    office: Office, officer: Hands, case_id: int
) -> None:
    second, watch = office.bureau.second_officer, officer.client.application.extensions[NAME].watch
    watch.move_to(watch.now() + LONG_AFTER)
    officer.open(f"/cases/{case_id}/correction")
    officer.type("step", "target_filing.check_target")
    officer.type("reason", "示例：误退")
    officer.press("试办")
    said = []
    for password in ("wrong", "wrong", PASSWORD):
        officer.type("password", password)
        officer.type("second_login", f"{second.name}@{second.unit_id}")
        officer.type("second_password", "wrong")
        officer.press("确认移动步骤")
        said.append(officer.said())

    assert ["还可再试 4 次" in said[0], "还可再试 3 次" in said[1], "还可再试 4 次" in said[2]] == [True] * 3
    assert office.open_steps(case_id) == [FILLING]


def test_an_operator_moves_a_step_without_seeing_the_case(office: Office, hands_of: SitsDown, case_id: int) -> None:
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.finance_id)
        operator = person_in(session, unit, "冯运维", Role.OPERATOR)
        open_account(
            session, session.get_one(Person, operator.person_id), PASSWORD, by=None, at=office.now, must_change=False
        )
    hands = hands_of(operator)

    seen = hands.open(f"/cases/{case_id}").status
    hands.open(f"/cases/{case_id}/correction")

    assert seen == 403
    assert "target_filing.check_target" in hands.offers("step")
