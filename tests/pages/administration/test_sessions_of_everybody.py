"""安全管理员: sessions of everybody, locked logins, and every substitution."""

import re
from datetime import timedelta

from engine.accounts import sign_in
from engine.commands.name_substitute import name_substitute
from engine.directory import Actor
from engine.words import Role
from tests.office import Office
from tests.pages.administration.conftest import PASSWORD, Before, Somebody
from tests.pages.visitor import sign_in_of, signed_in
from web.pages.browsers import browser_words

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = f"{CHROME} Edg/120.0.0.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.44"


def test_the_security_administrator_ends_anybodys_session_and_the_record_says_who_did(
    before: Before, somebody: Somebody
) -> None:
    security, auditor = before(Role.SECURITY_ADMIN), before(Role.AUDIT_ADMIN)
    clerk = signed_in(security.app, somebody(Role.PERFORMANCE_OFFICE))
    number = sign_in_of(clerk.app, clerk).id

    listed = security.get("/directory/sessions").text
    answer = security.post(f"/directory/sessions/{number}/end")

    assert f"/directory/sessions/{number}/end" in listed
    assert answer.location == "/directory/sessions?said=ended"
    assert clerk.get("/tasks").location.startswith("/login")
    assert re.search(
        r"会话被结束</td>\s*<td[^>]*>由 示例安全管理员\d+ 办理安全管理员结束", auditor.get("/audit/records").text
    )
    assert security.post(f"/directory/sessions/{number}/end").status_code == 409
    assert security.post("/directory/sessions/987654/end").status_code == 404


def test_a_locked_login_is_listed_and_unlocked_and_opens_at_once(
    office: Office, before: Before, somebody: Somebody
) -> None:
    security, person = before(Role.SECURITY_ADMIN), somebody(Role.PERFORMANCE_OFFICE)
    login = f"{person.name}@{person.unit_id}"
    with office.transactions() as session:
        for _ in range(5):
            sign_in(
                session, login, "x", "", from_address="10.0.0.9", agent="", at=office.now,
                keys=security.app.extensions["jixiao"].keys,
            )  # fmt: skip

    listed = security.get("/directory/sessions").text
    answer = security.post(f"/directory/sessions/locks/{person.person_id}/removal")

    assert person.name in listed.partition("锁定的账号")[2].partition("</section>")[0]
    assert answer.location == "/directory/sessions?said=unlocked"
    assert "没有锁定的账号" in security.get("/directory/sessions").text


def test_the_register_lists_every_substitution_and_revokes_one_at_once(office: Office, before: Before) -> None:
    head, clerk, today = office.bureau.head, office.bureau.clerk, office.today
    with office.transactions() as session:
        receipt = name_substitute(
            session, head.person_id, clerk.person_id, today, today + timedelta(days=7), roles=[], by=head, at=office.now
        )
    security, here = before(Role.SECURITY_ADMIN), "/directory/substitution-register"

    listed = security.get(here).text
    answer = security.post(f"{here}/{receipt.gave['substitution']}/revocation", {"reason": "示例：提前回来"})

    assert "张负责" in listed
    assert "现在撤销" in listed
    assert answer.location == f"{here}?said=revoked"
    assert "已撤销" in security.get(here).text
    assert "张负责" not in security.get(f"{here}?running=1").text
    assert "去掉“委托人或代理人：没有这个人”" in security.get(f"{here}?q=没有这个人").text


def test_the_register_tells_which_substitutions_share_days_and_draws_the_coming_weeks(
    office: Office, before: Before, somebody: Somebody
) -> None:
    away, also_away, one, other = (somebody(Role.PERFORMANCE_OFFICE) for _ in range(4))
    today = office.today

    def names(absent: Actor, substitute: Actor, first: int, last: int) -> None:
        days = today + timedelta(days=first), today + timedelta(days=last)
        with office.transactions() as session:
            name_substitute(session, absent.person_id, substitute.person_id, *days, by=absent, at=office.now)

    names(away, one, 0, 5)
    names(away, other, 4, 8)
    names(also_away, one, 5, 5)
    names(other, also_away, 8, 90)
    page = before(Role.SECURITY_ADMIN).get("/directory/substitution-register").text

    said = page.partition("同一些日子的代理 3 处")[2].partition("</section>")[0]
    told = {each.partition("：")[2].partition("<")[0] for each in said.split("<li>")[1:]}
    assert told == {
        f"{away.name}同时由{one.name}、{other.name}代理同样的岗位",
        f"{one.name}同时代理{away.name}、{also_away.name}",
        f"{other.name}代理{away.name}，自己由{also_away.name}代理",
    }
    assert page.count('class="jx-strip"') == 4
    assert page.count("! 重叠") == 4


def test_an_empty_register_says_how_it_fills(before: Before) -> None:
    assert "还没有人委托代理" in before(Role.SECURITY_ADMIN).get("/directory/substitution-register").text


def test_the_three_administrators_are_never_one_person_and_the_page_says_so(before: Before, somebody: Somebody) -> None:
    security, system = before(Role.SECURITY_ADMIN), somebody(Role.SYSTEM_ADMIN)
    told = {"unit": str(system.unit_id), "role": "audit_admin"}

    answer = security.post(f"/directory/people/{system.person_id}/appointments", told)

    assert answer.status_code == 403
    assert "不能由一个人担任，通过代理也不行" in answer.text


def test_a_session_is_told_by_browser_and_system_in_words() -> None:
    told = [browser_words(agent) for agent in (CHROME, FIREFOX, EDGE, PHONE, WECHAT, "curl/8.5", "")]

    assert told == [
        "Chrome 109（Windows 10 或 11）",
        "Firefox 128（Linux）",
        "Edge 120（Windows 10 或 11）",
        "Safari 17（iOS）",
        "微信（安卓）",
        "认不出的浏览器",
        "没有说明",
    ]


def test_ones_own_sessions_show_no_raw_agent(before: Before) -> None:
    visitor = before(Role.UNIT_CLERK)

    page = visitor.get("/settings/sessions").text

    assert "认不出的浏览器" in page
    assert PASSWORD not in page
