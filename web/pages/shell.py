"""What stands around every page: the top bar, the menu of the office one acts in, the banners."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request, url_for

from engine.deadlines.wording import day_words
from engine.directory import Actor, entrusted_to
from engine.moves.permissions import READS
from engine.queries.scope import sight_of
from engine.words import Role
from web.pages.asked import asked_year
from web.pages.formats import moment
from web.pages.notices import unread_words
from web.visits.reading import is_watched
from web.visits.site import site
from web.visits.visit import Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu; `sign` is the character that stands for it where the menu is narrow.

    `asked` is what the address asks for besides; `called` is what some offices call it otherwise.
    """

    label: str
    endpoint: str
    permission: str
    sign: str
    asked: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[Role, str] = field(default_factory=dict)

    def label_for(self, actor: Actor) -> str:
        """The entry as this office calls it."""
        return next((said for role, said in self.called.items() if role in actor.roles), self.label)

    @property
    def is_here(self) -> bool:
        """Whether it leads to the page that was asked for, or to one that asks for nothing more."""
        return request.endpoint == self.endpoint and self.asked.items() <= request.args.to_dict().items()


OWN_CASES = dict.fromkeys((Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT), "本单位案卷")
ASSIGNMENTS = Entry(
    "第三方机构", "assignments.all_assignments", "see_assignments", "三", called={Role.AGENCY: "我的项目"}
)
APPRAISALS = Entry("我的考核", "assignments.mine", "see_assignments", "考")
TASKS = Entry("我的待办", "tasks.mine", "see_tasks", "办")
OF_THE_UNIT = Entry("本单位全部", "tasks.mine", "see_tasks", "全", asked={"view": "unit"})
REVIEWS = Entry("审核队列", "reviews.queue", "see_reviews", "审")
LAUNCHES = Entry("工作部署", "launches.all_launches", "see_launches", "部")
SAMPLINGS = Entry("抽样", "samplings.all_samplings", "see_samplings", "抽")
PLANS = Entry("评价计划", "plans.all_plans", "see_plans", "计")
CASES = Entry("案卷", "cases.all_cases", "see_cases", "案", called=OWN_CASES)
DASHBOARD = Entry("驾驶舱", "dashboard.overview", "see_dashboard", "驾")
MONITORING = Entry("运行监控", "monitoring.board", "see_monitoring", "监")
LETTERS = Entry("反馈意见函", "letters.all_letters", "see_letters", "函")
RECTIFICATIONS = Entry("整改台账", "rectifications.ledger", "see_rectifications", "改")
RESULTS = Entry("结果应用清单", "result_applications.current", "see_result_applications", "果")
DISCLOSURES = Entry("公开事项", "disclosures.board", "see_disclosures", "公")
POLICIES = Entry("政策规则", "policy_tables.tables", "see_policies", "规", called={Role.POLICY_OWNER: "决策表"})
INDICATORS = Entry("指标库", "indicators.library", "see_indicators", "库")
DIRECTORY = Entry("组织与人员", "directory.people", "see_directory", "组", called={Role.SECURITY_ADMIN: "角色与授权"})
REGISTER = Entry("代理备案", "substitution_register.everybodys", "see_all_substitutions", "备")
SESSIONS = Entry("会话与锁定", "everybodys_sessions.everybody", "see_sessions", "会")
CALENDAR = Entry("工作日历", "calendars.one", "see_calendar", "历")
OPERATIONS = Entry("运行状况", "operations.counts", "see_operations", "运")
INCIDENTS = Entry("异常", "operations.faults", "see_operations", "异")
DEADLINES = Entry("期限队列", "operations.queue", "see_operations", "期")
PROCESSES = Entry("流程", "processes.diagrams", "see_processes", "流")
RECORDS = Entry("审计记录", "records.records", "see_audit", "审")
CHECKS = Entry("完整性校验", "journal_checks.last", "verify_audit", "校")
READINGS = Entry("查阅记录", "records.readings", "see_audit", "阅")
SUBSTITUTIONS = Entry("代理设置", "substitutions.mine", "see_substitutions", "代")
MENUS: Mapping[Role, tuple[tuple[Entry, ...], ...]] = {
    Role.PERFORMANCE_OFFICE: (
        (TASKS, REVIEWS, LAUNCHES, SAMPLINGS, PLANS), (CASES, DASHBOARD, MONITORING),
        (LETTERS, RECTIFICATIONS, RESULTS, DISCLOSURES), (POLICIES, INDICATORS, ASSIGNMENTS),
    ),
    Role.FINANCE_DIVISION: ((REVIEWS, TASKS, CASES, MONITORING, RESULTS, POLICIES, SAMPLINGS),),
    Role.OBSERVER: ((CASES, DASHBOARD, DISCLOSURES, SAMPLINGS),),
    Role.BUREAU_LEADER: ((DASHBOARD, TASKS, CASES, POLICIES, SAMPLINGS),),
    Role.AGENCY: ((ASSIGNMENTS, APPRAISALS, TASKS, CASES),),
    Role.UNIT_CLERK: ((TASKS, CASES, RECTIFICATIONS, INDICATORS, POLICIES),),
    Role.UNIT_HEAD: ((TASKS, OF_THE_UNIT, CASES, RECTIFICATIONS, SUBSTITUTIONS, POLICIES),),
    Role.DEPARTMENT: ((TASKS, REVIEWS, OF_THE_UNIT, CASES, RECTIFICATIONS, SUBSTITUTIONS, POLICIES),),
    Role.POLICY_OWNER: ((POLICIES, PROCESSES),),
    Role.SYSTEM_ADMIN: ((DIRECTORY, CALENDAR, PROCESSES),),
    Role.SECURITY_ADMIN: ((DIRECTORY, REGISTER, SESSIONS),),
    Role.AUDIT_ADMIN: ((RECORDS, CHECKS, READINGS),),
    Role.OPERATOR: ((OPERATIONS, INCIDENTS, DEADLINES, PROCESSES),),
}  # fmt: skip
"""Office → what it finds on the left, in groups; it begins with the first. Who holds several has all of theirs."""
YEARLY = frozenset(
    {
        "assignments.all_assignments", "cases.all_cases", "dashboard.overview", "disclosures.board",
        "launches.all_launches", "letters.all_letters", "monitoring.board", "plans.all_plans", "rectifications.ledger",
        "samplings.all_samplings",
    }
)  # fmt: skip
"""The pages whose address names a year of money."""
YEARS_BACK, YEARS_AHEAD = 5, 1


def serve(app: Flask) -> None:
    """Give every template the shell's parts."""
    app.jinja_env.globals.update(
        menu_of=menu_of, place_name=place_name, banners=banners, offices_of=offices_of, sees_cases=sees_cases,
        elsewhere_for=elsewhere_for, large_type=large_type, letter_keys=letter_keys, years_of=years_of,
        watermark=watermark, sight_of=sight_of, name_of=name_of, unread_words=unread_words,
    )  # fmt: skip


def menu_of(actor: Actor) -> list[dict[str, Any]]:
    """What this office finds on the left, its landing page first."""
    groups = [group for role, groups in MENUS.items() if role in actor.roles for group in groups]
    begins = {group[0].label for group in groups}
    entries = {entry.label: entry for group in groups for entry in group}
    here = max((entry for entry in entries.values() if entry.is_here), key=lambda entry: len(entry.asked), default=None)
    return [
        {
            "name": entry.label, "label": entry.label_for(actor), "url": url_for(entry.endpoint, **entry.asked),
            "sign": entry.sign, "is_here": entry is here, "apart": at > 0 and entry.label in begins,
        }
        for at, entry in enumerate(entries.values())
        if actor.roles & READS[entry.permission].offices
    ]  # fmt: skip


def name_of(endpoint: str, actor: Actor) -> str:
    """What this office calls a page of the menu: its title is that of the entry that leads there."""
    entries = (entry for groups in MENUS.values() for group in groups for entry in group)
    return next(entry for entry in entries if entry.endpoint == endpoint).label_for(actor)


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
        found.append(Banner(_stands_in(visit, visit.actor.acting_for)))
    if site().demo is not None:
        moves = bool(visit.actor.roles & READS["move_demo_clock"].offices)
        found.append(Banner(f"演示数据 · 演示时钟 {day_words(visit.today, shown_in=0)}", moves))
    return found[:2]


def _stands_in(visit: Visit, absent_id: int) -> str:
    """For whom one acts, and until which day."""
    entrusted = entrusted_to(visit.session, visit.arrival.person.id, visit.today)
    who = next((each for each in entrusted if each.absent_id == absent_id), None)
    if who is None:
        return "您正以同事的代理人身份办理"
    return f"您正以{who.name}的代理人身份办理（至 {day_words(who.until_on, shown_in=visit.today.year)}）"


def watermark(visit: Visit) -> str:
    """姓名 and time over the pages of those whose reading is on record; empty for everybody else."""
    return f"{visit.actor.name} {moment(visit.arrival.now)}" if is_watched(visit.actor) else ""
