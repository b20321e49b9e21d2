"""What stands around every page: the top bar, the menu of the office one acts in, the banners."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for

from engine.deadlines.wording import day_words
from engine.directory import Actor, Person
from engine.moves.permissions import READS
from engine.words import Role
from web.visits.site import site
from web.visits.visit import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; `sign` is the character that stands for it where the menu is narrow.

    `offices` are those that find it there, where others come to the page in another way.
    """

    label: str
    endpoint: str
    permission: str
    sign: str
    offices: frozenset[Role] = frozenset(Role)


FINANCE = frozenset({Role.PERFORMANCE_OFFICE, Role.FINANCE_DIVISION})
ENTRIES = (
    Entry("我的考核", "assignments.mine", "see_assignments", "考", frozenset({Role.AGENCY})),
    Entry("我的待办", "tasks.mine", "see_tasks", "办"),
    Entry("审核队列", "reviews.queue", "see_reviews", "审"),
    Entry("案卷", "cases.all_cases", "see_cases", "案"),
    Entry("驾驶舱", "dashboard.overview", "see_dashboard", "驾"),
    Entry("运行监控", "monitoring.board", "see_monitoring", "监", FINANCE),
    Entry("第三方机构", "assignments.all_assignments", "see_assignments", "三"),
    Entry("组织与人员", "directory.people", "see_directory", "组"),
    Entry("代理设置", "substitutions.mine", "see_substitutions", "代", frozenset({Role.UNIT_HEAD, Role.DEPARTMENT})),
)
FIRST = {
    Role.PERFORMANCE_OFFICE: "tasks.mine",
    Role.FINANCE_DIVISION: "reviews.queue",
    Role.BUREAU_LEADER: "dashboard.overview",
    Role.AGENCY: "assignments.all_assignments",
}
"""Office → the page it begins with, where that is not the first it finds."""
UNIT = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT})


def serve(app: Flask) -> None:
    """Give every template the shell's parts."""
    app.jinja_env.globals.update(
        menu_of=menu_of, place_name=place_name, banners=banners, offices_of=offices_of, sees_cases=sees_cases
    )


def menu_of(actor: Actor) -> list[dict[str, Any]]:
    """What this office finds on the left, its landing page first."""
    mine = [entry for entry in ENTRIES if actor.roles & READS[entry.permission].offices & entry.offices]
    first = next((FIRST[role] for role in FIRST if role in actor.roles), None)
    return [
        {"label": _label(entry, actor), "url": url_for(entry.endpoint), "endpoint": entry.endpoint, "sign": entry.sign}
        for entry in sorted(mine, key=lambda entry: entry.endpoint != first)
    ]


def sees_cases(actor: Actor) -> bool:
    """Whether there is anything to search for: the administrators have no business data."""
    return not actor.roles.isdisjoint(READS["see_cases"].offices)


def landing(actor: Actor) -> str:
    """Where this office begins."""
    menu = menu_of(actor)
    return menu[0]["url"] if menu else url_for("identity.mine")


def place_name(jurisdiction: str) -> str:
    """花溪区 for huaxi."""
    return site().jurisdictions.get(jurisdiction, jurisdiction)


def offices_of(actor: Actor) -> str:
    """The offices one acts in, as people say them."""
    return "、".join(role.label for role in Role if role in actor.roles)


def banners(visit: Visit) -> list[str]:
    """What has to be known on every page, the most important first, two at the most."""
    found = []
    if visit.actor.acting_for is not None:
        absent = visit.session.get(Person, visit.actor.acting_for)
        found.append(f"您正以{absent.name if absent else '同事'}的代理人身份办理")
    if site().demo is not None:
        found.append(f"演示数据 · 演示时钟 {day_words(visit.today, shown_in=0)}")
    return found[:2]


def _label(entry: Entry, actor: Actor) -> str:
    """The entry as this office calls it."""
    if entry.endpoint == "cases.all_cases" and actor.roles & UNIT:
        return "本单位案卷"
    if entry.endpoint == "assignments.all_assignments" and Role.AGENCY in actor.roles:
        return "我的项目"
    if entry.endpoint == "directory.people" and Role.SECURITY_ADMIN in actor.roles:
        return "角色与授权"
    return entry.label
