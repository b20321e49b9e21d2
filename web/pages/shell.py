"""What stands around every page: the top bar, the menu of the office one acts in, the banners."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request, url_for

from engine.deadlines.wording import day_words
from engine.directory import Actor, Person
from engine.moves.permissions import READS
from engine.queries.scope import sight_of
from engine.words import Role
from web.pages.asked import asked_year
from web.pages.formats import moment
from web.visits.reading import is_watched
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


UNIT = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT})
PERFORMANCE = frozenset({Role.PERFORMANCE_OFFICE})
FINANCE = frozenset({Role.PERFORMANCE_OFFICE, Role.FINANCE_DIVISION})
OPERATOR = frozenset({Role.OPERATOR})
ENTRIES = (
    Entry("我的考核", "assignments.mine", "see_assignments", "考", frozenset({Role.AGENCY})),
    Entry("我的待办", "tasks.mine", "see_tasks", "办"),
    Entry("审核队列", "reviews.queue", "see_reviews", "审"),
    Entry("工作部署", "launches.all_launches", "see_launches", "部"),
    Entry("抽样", "samplings.all_samplings", "see_samplings", "抽"),
    Entry("评价计划", "plans.all_plans", "see_plans", "计"),
    Entry("案卷", "cases.all_cases", "see_cases", "案"),
    Entry("驾驶舱", "dashboard.overview", "see_dashboard", "驾"),
    Entry("运行监控", "monitoring.board", "see_monitoring", "监", FINANCE),
    Entry("反馈意见函", "letters.all_letters", "see_letters", "函", PERFORMANCE),
    Entry("整改台账", "rectifications.ledger", "see_rectifications", "改", PERFORMANCE | UNIT),
    Entry("结果应用清单", "result_applications.current", "see_result_applications", "果", FINANCE),
    Entry("公开事项", "disclosures.board", "see_disclosures", "公", PERFORMANCE | {Role.OBSERVER}),
    Entry("政策规则", "policy_tables.tables", "see_policies", "规"),
    Entry(
        "指标库", "indicators.library", "see_indicators", "库", frozenset({Role.UNIT_CLERK, Role.PERFORMANCE_OFFICE})
    ),
    Entry("第三方机构", "assignments.all_assignments", "see_assignments", "三"),
    Entry("组织与人员", "directory.people", "see_directory", "组"),
    Entry("代理备案", "substitution_register.everybodys", "see_all_substitutions", "备"),
    Entry("会话与锁定", "everybodys_sessions.everybody", "see_sessions", "会"),
    Entry("工作日历", "calendars.one", "see_calendar", "历", frozenset({Role.SYSTEM_ADMIN})),
    Entry("运行状况", "operations.counts", "see_operations", "运", OPERATOR),
    Entry("异常", "operations.faults", "see_operations", "异", OPERATOR),
    Entry("期限队列", "operations.queue", "see_operations", "期", OPERATOR),
    Entry("流程", "processes.diagrams", "see_processes", "流", OPERATOR | {Role.SYSTEM_ADMIN, Role.POLICY_OWNER}),
    Entry("审计记录", "records.records", "see_audit", "审"),
    Entry("完整性校验", "journal_checks.last", "verify_audit", "校", frozenset({Role.AUDIT_ADMIN})),
    Entry("查阅记录", "records.readings", "see_audit", "阅"),
    Entry("代理设置", "substitutions.mine", "see_substitutions", "代", frozenset({Role.UNIT_HEAD, Role.DEPARTMENT})),
)
YEARLY = frozenset(
    {
        "assignments.all_assignments", "cases.all_cases", "dashboard.overview", "disclosures.board",
        "launches.all_launches", "letters.all_letters", "monitoring.board", "plans.all_plans", "rectifications.ledger",
        "samplings.all_samplings",
    }
)  # fmt: skip
"""The pages whose address names a year of money."""
YEARS_BACK, YEARS_AHEAD = 5, 1
FIRST = {
    Role.PERFORMANCE_OFFICE: "tasks.mine",
    Role.FINANCE_DIVISION: "reviews.queue",
    Role.OBSERVER: "cases.all_cases",
    Role.BUREAU_LEADER: "dashboard.overview",
    Role.AGENCY: "assignments.all_assignments",
}
"""Office → the page it begins with, where that is not the first it finds."""


def serve(app: Flask) -> None:
    """Give every template the shell's parts."""
    app.jinja_env.globals.update(
        menu_of=menu_of, place_name=place_name, banners=banners, offices_of=offices_of, sees_cases=sees_cases,
        elsewhere_for=elsewhere_for, large_type=large_type, letter_keys=letter_keys, years_of=years_of,
        watermark=watermark, sight_of=sight_of, name_of=name_of,
    )  # fmt: skip


def menu_of(actor: Actor) -> list[dict[str, Any]]:
    """What this office finds on the left, its landing page first."""
    mine = [entry for entry in ENTRIES if actor.roles & READS[entry.permission].offices & entry.offices]
    first = next((FIRST[role] for role in FIRST if role in actor.roles), None)
    return [
        {"label": _label(entry, actor), "url": url_for(entry.endpoint), "endpoint": entry.endpoint, "sign": entry.sign}
        for entry in sorted(mine, key=lambda entry: entry.endpoint != first)
    ]


def name_of(endpoint: str, actor: Actor) -> str:
    """What this office calls a page of the menu: its title is that of the entry that leads there."""
    return _label(next(entry for entry in ENTRIES if entry.endpoint == endpoint), actor)


def elsewhere_for(jurisdiction: str) -> str:
    """Where people of that place come in by the identity provider; empty where they do not."""
    there = site().elsewhere is not None and jurisdiction in site().elsewhere.places
    return url_for("elsewhere.go", place=jurisdiction) if there else ""


def large_type() -> bool:
    """Whether whoever looks wants 大字."""
    return bool(g.get("large_type"))


def letter_keys() -> bool:
    """Whether a letter, figure or sign alone is a key for whoever looks."""
    return bool(g.get("letter_keys", True))


def sees_cases(actor: Actor) -> bool:
    """Whether there is anything to search for: the administrators have no business data."""
    return not actor.roles.isdisjoint(READS["see_cases"].offices)


@dataclass(frozen=True, slots=True)
class Years:
    """资金年度 of the top bar: what is chosen, and where each other year is shown."""

    said: str
    entries: tuple[dict[str, Any], ...]


def years_of(visit: Visit) -> Years:
    """The same page for another year of money where its address names one; elsewhere the cases of that year."""
    yearly = request.endpoint in YEARLY
    path, asked = (request.path, asked_year()) if yearly else (url_for("cases.all_cases"), None)
    kept = [told for told in request.args.items() if told[0] not in ("year", "after")] if yearly else []
    last = visit.today.year + YEARS_AHEAD
    years: list[int | None] = [*range(last, last - YEARS_BACK - YEARS_AHEAD - 1, -1)]
    entries = [
        {
            "label": f"{year} 年度" if year else "不指定年度",
            "url": f"{path}?{urlencode([*kept, *([('year', year)] if year else [])])}".rstrip("?"),
            "chosen": yearly and year == asked,
        }
        for year in (years + [None] if yearly else years)
    ]
    return Years(f"资金年度 {asked}" if asked else "资金年度", tuple(entries))


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


@dataclass(frozen=True, slots=True)
class Banner:
    """A line over a page; the demo's lets who may do so move the clock."""

    words: str
    moves_clock: bool = False


def banners(visit: Visit) -> list[Banner]:
    """What has to be known on every page, the most important first, two at the most."""
    found = []
    if visit.actor.acting_for is not None:
        absent = visit.session.get(Person, visit.actor.acting_for)
        found.append(Banner(f"您正以{absent.name if absent else '同事'}的代理人身份办理"))
    if site().demo is not None:
        moves = bool(visit.actor.roles & READS["move_demo_clock"].offices)
        found.append(Banner(f"演示数据 · 演示时钟 {day_words(visit.today, shown_in=0)}", moves))
    return found[:2]


def watermark(visit: Visit) -> str:
    """姓名 and time over the pages of those whose reading is on record; empty for everybody else."""
    return f"{visit.actor.name} {moment(visit.arrival.now)}" if is_watched(visit.actor) else ""


def _label(entry: Entry, actor: Actor) -> str:
    """The entry as this office calls it."""
    if entry.endpoint == "cases.all_cases" and actor.roles & UNIT:
        return "本单位案卷"
    if entry.endpoint == "assignments.all_assignments" and Role.AGENCY in actor.roles:
        return "我的项目"
    if entry.endpoint == "directory.people" and Role.SECURITY_ADMIN in actor.roles:
        return "角色与授权"
    if entry.endpoint == "policy_tables.tables" and Role.POLICY_OWNER in actor.roles:
        return "决策表"
    return entry.label
