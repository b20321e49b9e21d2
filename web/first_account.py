"""The first administrators of a jurisdiction, opened by the operator at the machine: nobody is there yet who could."""

from typing import Any

from engine.accounts import new_password, open_account
from engine.clock import SystemClock
from engine.commands.begin_administration import begin_administration
from engine.directory import Person
from engine.words import Role
from web.settings import Settings
from web.wiring import logins_of, open_database

OFFICES = {role.label: role for role in Role if role.is_administrator}


def open_first_account(settings: Settings, jurisdiction: str, login: str, name: str, office: str) -> dict[str, Any]:
    """Put somebody on the list as the first of an administrator's office, with an account; tells the first password.

    It opens for seven days and is changed at the first sign-in. Refuses an office somebody holds already.
    """
    at = SystemClock().now()
    database = open_database(logins_of(settings), settings.bpmn, at)
    try:
        policies = database.parts["library"].policies
        place = policies.named(jurisdiction).name
        bureau = f"{policies.titles()[place]}财政局"
        with database.transaction(place) as session:
            receipt = begin_administration(session, place, login, name, OFFICES[office], bureau=bureau, at=at)
            person, password = session.get_one(Person, receipt.gave["person"]), new_password()
            open_account(session, person, password, by=None, at=at)
    finally:
        database.close()
    return {"jurisdiction": place, "login": login, "name": name, "office": office, "password": password}


def first_account_words(told: dict[str, Any]) -> str:
    """What the operator is shown, once."""
    return (
        f"已开设{told['office']}：{told['name']}（账号 {told['login']}）。\n"
        f"第一次登录的密码：{told['password']}\n"
        "只显示这一次；七天内登录有效，登录后要先修改密码。\n"
        "系统、安全、审计管理员由三个人担任：用 --office 再开设另外两位，或请安全管理员在“组织与人员”中授予。"
    )
