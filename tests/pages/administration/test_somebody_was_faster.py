"""Two administrators at the same thing: the second is told who did what and when, and keeps what was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from engine.accounts import Account, SignIn
from engine.commands.name_substitute import name_substitute
from engine.directory import Actor, Unit
from engine.directory.directory_file import HEADER
from engine.texts import minute_of, told_who
from engine.words import Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.administration.conftest import Somebody
from tests.pages.visitor import Visitor, sign_in_of, signed_in

WHY = "示例：第二位写的原因"


@dataclass(frozen=True)
class Two:
    """Two people of one office, each with a page open."""

    first: Visitor
    second: Visitor
    faster: Actor

    def both_send(self, path: str, typed: Mapping[str, Any]) -> str:
        """The first is faster; what the second reads on the answer, which is a conflict."""
        done = self.first.post(path, typed)
        assert done.status_code in (200, 303), done.text
        late = self.second.post(path, {**typed, **({"reason": WHY} if "reason" in typed else {})})
        assert late.status_code == 409
        return str(late.text)


TwoOf = Callable[[Role], Two]


@pytest.fixture
def two(app: Flask, somebody: Somebody) -> TwoOf:
    """Two of an office before the pages."""

    def sit_down(role: Role) -> Two:
        one, other = somebody(role), somebody(role)
        return Two(signed_in(app, one), signed_in(app, other), one)

    return sit_down


@pytest.fixture
def told(office: Office) -> Callable[[Actor, str], str]:
    """Who did what, and when, as every conflict tells it."""
    return lambda who, what: told_who(who.name, what, minute_of(office.now))


Told = Callable[[Actor, str], str]


def test_an_office_given_by_a_colleague_is_told_with_the_colleague(
    office: Office, two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, person = two(Role.SECURITY_ADMIN), somebody(Role.OBSERVER).person_id
    chosen = {"unit": str(office.bureau.unit_id), "role": "unit_clerk"}

    said = admins.both_send(f"/directory/people/{person}/appointments", chosen)

    assert f"岗位{told(admins.faster, '授予岗位')}，不需要再授予。" in said
    assert '<option value="unit_clerk" selected>' in said
    assert f'<option value="{office.bureau.unit_id}" selected>' in said


def test_an_office_taken_by_a_colleague_is_told_with_the_colleague_and_the_reason_stays(
    office: Office, two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, person = two(Role.SECURITY_ADMIN), somebody(Role.OBSERVER).person_id
    taken = {"unit": str(office.bureau.finance_id), "role": "observer", "reason": "示例：轮岗"}

    said = admins.both_send(f"/directory/people/{person}/dismissals", taken)

    assert f"岗位{told(admins.faster, '免去岗位')}，不需要免去。" in said
    assert f"您写的原因：{WHY}" in said


def test_the_last_administrator_stays_and_it_is_told_who_took_the_office_of_the_other(
    office: Office, two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, kept, other = two(Role.SECURITY_ADMIN), somebody(Role.AUDIT_ADMIN), somebody(Role.AUDIT_ADMIN)
    taken = {"unit": str(office.bureau.finance_id), "role": "audit_admin", "reason": WHY}
    admins.first.post(f"/directory/people/{other.person_id}/dismissals", taken)

    refused = admins.second.post(f"/directory/people/{kept.person_id}/dismissals", taken)

    assert refused.status_code == 409
    assert f"唯一的审计管理员，另一位已免去{told(admins.faster, '免去岗位')}，没有免去。" in refused.text
    assert f'value="{WHY}"' in refused.text


def test_somebody_stopped_by_a_colleague_is_told_with_the_colleague_and_the_reason_stays(
    two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, person = two(Role.SYSTEM_ADMIN), somebody(Role.OBSERVER).person_id

    said = admins.both_send(f"/directory/people/{person}/stopping", {"reason": "示例：调离"})

    assert f"已经停用{told(admins.faster, '停用账号')}，没有改动。" in said
    assert f"您写的原因：{WHY}" in said


def test_an_account_opened_again_by_a_colleague_is_told_and_its_password_stays(
    two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, person = two(Role.SYSTEM_ADMIN), somebody(Role.OBSERVER).person_id
    admins.first.post(f"/directory/people/{person}/stopping")

    said = admins.both_send(f"/directory/people/{person}/account", {})

    assert f"正在使用{told(admins.faster, '恢复账号')}，没有改动。密码没有看到或忘了，请安全管理员重置。" in said


def test_who_got_a_first_account_from_a_colleague_is_told_and_gets_no_second_password(
    office: Office, two: TwoOf, told: Told
) -> None:
    admins = two(Role.SYSTEM_ADMIN)
    with office.transactions() as session:
        actor = person_in(session, session.get_one(Unit, office.bureau.unit_id), "示例新人", Role.UNIT_CLERK)

    said = admins.both_send("/directory/accounts", {"person": str(actor.person_id), "as": "page"})

    assert f"勾选的人已经有账号{told(admins.faster, '建立账号')}，没有再建。" in said


def test_no_password_is_given_to_an_account_a_colleague_stopped(two: TwoOf, somebody: Somebody, told: Told) -> None:
    system, security = two(Role.SYSTEM_ADMIN), two(Role.SECURITY_ADMIN)
    person = somebody(Role.OBSERVER).person_id
    system.first.post(f"/directory/people/{person}/stopping")

    refused = security.first.post(f"/directory/people/{person}/password")

    assert (refused.status_code, told(system.faster, "停用账号") in refused.text) == (409, True)


def test_a_second_factor_taken_off_by_a_colleague_is_told_with_the_colleague(
    office: Office, two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, person = two(Role.SECURITY_ADMIN), somebody(Role.OBSERVER).person_id
    with office.transactions() as session:
        session.execute(update(Account).where(Account.person_id == person).values(totp_since=office.now))

    said = admins.both_send(f"/directory/people/{person}/second-factor/removal", {})

    assert f"没有启用动态口令{told(admins.faster, '停用动态口令')}，没有改动。" in said


def test_a_subject_registered_by_a_colleague_for_somebody_else_is_told_and_stays_typed(
    two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, one, other = two(Role.SYSTEM_ADMIN), somebody(Role.OBSERVER), somebody(Role.OBSERVER)
    admins.first.post(f"/directory/people/{one.person_id}/subject", {"subject": "示例标识"})

    refused = admins.second.post(f"/directory/people/{other.person_id}/subject", {"subject": "示例标识"})

    assert refused.status_code == 409
    assert f"已登记给另一个人{told(admins.faster, '登记统一身份认证')}，没有改动。" in refused.text


def test_a_unit_and_a_login_registered_by_a_colleague_are_told_and_stay_typed(two: TwoOf, told: Told) -> None:
    admins = two(Role.SYSTEM_ADMIN)

    unit = admins.both_send("/directory/units", {"unit_name": "示例新单位", "kind": "unit"})
    person = admins.both_send("/directory/people", {"login": "li.xin", "name": "李新"})

    assert f"已有同名的单位{told(admins.faster, '登记单位')}，没有再登记。" in unit
    assert 'value="示例新单位"' in unit
    assert f"已有人使用{told(admins.faster, '登记人员')}，没有登记。" in person
    assert 'value="li.xin"' in person


def test_a_substitution_revoked_by_the_administrator_is_told_to_whoever_revokes_it_after(
    app: Flask, office: Office, two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, absent, instead = two(Role.SECURITY_ADMIN), somebody(Role.OBSERVER), somebody(Role.OBSERVER)
    with office.transactions() as session:
        number = name_substitute(
            session, absent.person_id, instead.person_id, office.today, office.today, by=absent, at=office.now
        ).gave["substitution"]  # fmt: skip

    said = admins.both_send(f"/directory/substitution-register/{number}/revocation", {"reason": "示例：提前返岗"})
    own = signed_in(app, absent).post(f"/directory/substitutions/{number}/revocation")

    assert f"已经撤销{told(admins.faster, '撤销代理')}，不需要再撤销。" in said
    assert f"您写的原因：{WHY}" in said
    assert (own.status_code, told(admins.faster, "撤销代理") in own.text) == (409, True)


def test_a_session_ended_by_a_colleague_is_told_with_the_colleague(
    app: Flask, two: TwoOf, somebody: Somebody, told: Told
) -> None:
    admins, over = two(Role.SECURITY_ADMIN), sign_in_of(app, signed_in(app, somebody(Role.OBSERVER))).id

    said = admins.both_send(f"/directory/sessions/{over}/end", {})

    assert f"这个会话已经结束{told(admins.faster, '会话被结束')}，不需要再结束。" in said


def test_a_list_registered_already_and_offices_settled_already_are_told_with_who_did_it(two: TwoOf, told: Told) -> None:
    system, security = two(Role.SYSTEM_ADMIN), two(Role.SECURITY_ADMIN)
    row = ("示例新学校", "预算单位", "", "陈一", "chen.yi", "预算单位经办人")
    raw = "\r\n".join(",".join(each) for each in (HEADER, row)).encode("utf-8-sig")
    here = system.first.post("/directory/imports", {"file": (BytesIO(raw), "示例名册.csv")}).location

    again = system.both_send(f"{here}/completion", {})
    brought = system.second.post("/directory/imports", {"file": (BytesIO(raw), "示例名册.csv")})
    offices = security.both_send(f"{here}/offices", {"granted": "0", "reason": "示例：不授予"})

    assert f"这份名册已登记{told(system.faster, '导入单位和人员')}，没有再写入。" in again
    assert brought.status_code == 409
    assert f"日已导入{told(system.faster, '导入单位和人员')}，没有再读入。" in brought.text
    assert f"没有待授予的岗位{told(security.faster, '办理名册中的岗位')}，没有办理。" in offices
    assert WHY in offices


def test_the_rule_of_the_second_factor_is_told_with_who_set_it(office: Office, two: TwoOf, told: Told) -> None:
    admins = two(Role.SECURITY_ADMIN)
    with office.transactions() as session:
        session.execute(update(SignIn).values(second_factor=True))

    said = admins.both_send("/directory/sign-in-rules", {"wanted": "yes", "reason": "示例：等保测评要求"})

    assert f"启用动态口令{told(admins.faster, '动态口令要求')}，没有改动。" in said
    assert f'value="{WHY}"' in said
