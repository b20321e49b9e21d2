"""审计记录 and 查阅记录: what the 审计管理员 reads; nothing can be changed here."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from engine.queries.access_records import RecordFilters, access_lines, journal_lines, kinds_of_events
from engine.words import Access, SignInEnd
from web.pages.asked import address, asked_text, asked_word
from web.pages.dropping import drops_of
from web.visits import Visit, requires

page = Blueprint("records", __name__)
RECORDS, READINGS = "/audit/records", "/audit/readings"
PERSON = "姓名或账号"
TABS = {"access": "登录与账号", "journal": "办理记录"}
WHY = {
    "account.wrong_credentials": "账号或密码不对",
    "account.password_missing": "没有填密码",
    "account.wrong_code": "动态口令不对",
    "account.code_needed": "没有填动态口令",
    "account.locked": "账号已锁定",
    "account.closed": "账号已停用",
    "account.first_password_expired": "初始密码已过期",
    "account.weak_password": "新密码太容易猜",
    "account.password_used_before": "新密码用过",
    "account.not_found": "没有登记到本系统的账号",
    "account.secret_unreadable": "动态口令暂时不能核对",
    "account.not_proven": "没有密码可以核对",
    "elsewhere.refused": "统一身份认证的答复没有通过核对",
    "elsewhere.away": "统一身份认证没有应答",
}
"""What a refusal in the access log means, by its code."""
PLACES = {
    "cases": "案卷", "tasks": "待办", "submissions": "报送件", "deadlines": "为什么是这一天", "calendars": "工作日历",
    "letters": "反馈意见函", "rectifications": "整改", "samplings": "抽样", "selections": "选取结果",
    "plans": "评价计划", "policies": "政策规则", "dashboard": "驾驶舱", "monitoring": "运行监控",
    "disclosures": "公开事项",
    "result-applications": "结果应用清单", "launches": "工作部署", "assignments": "第三方机构", "agencies": "机构考核",
    "indicators": "指标库", "attachments": "附件", "files": "附件", "copies": "抄送", "views": "视图",
    "settings": "本人设置", "password": "本人设置", "identity": "切换身份", "directory": "组织与人员",
}  # fmt: skip
"""The first word of an address → what one sees there."""
WHYS = WHY | SignInEnd.labels()


@page.get(RECORDS)
@requires("see_audit")
def records(visit: Visit) -> Any:
    """The access log, or the journal, fifty lines at a time, the latest first."""
    tab = asked_word("tab", TABS) or "access"
    kinds = Access.labels() if tab == "access" else kinds_of_events()
    filters, after = _filters(kinds), request.args.get("after") or None
    read = access_lines if tab == "access" else journal_lines
    found: Any = read(visit.session, visit.actor, filters=filters, after=after)
    return render_template(
        "records.html", visit=visit, tabs=TABS, tab=tab, kinds=kinds, filters=filters, lines=found.lines, after=after,
        filtered=filters != RecordFilters(), first_url=_address(RECORDS, filters, tab=tab), whys=WHYS,
        next_url=_address(RECORDS, filters, tab=tab, after=found.next) if found.next else None,
        drops=[] if found.lines or after else drops_of(
            lambda other: read(visit.session, visit.actor, filters=other), filters, RecordFilters(),
            _said(filters, kinds, "姓名" if tab == "journal" else PERSON),
            lambda other: _address(RECORDS, other, tab=tab), "条",
        ),
    )  # fmt: skip


@page.get(READINGS)
@requires("see_audit")
def readings(visit: Visit) -> Any:
    """What observers have been shown."""
    filters, after = _filters({}), request.args.get("after") or None
    found = access_lines(visit.session, visit.actor, readings=True, filters=filters, after=after)
    return render_template(
        "readings.html", visit=visit, filters=filters, place=_place, lines=found.lines, after=after,
        filtered=filters != RecordFilters(), first_url=_address(READINGS, filters),
        next_url=_address(READINGS, filters, after=found.next) if found.next else None,
        drops=[] if found.lines or after else drops_of(
            lambda other: access_lines(visit.session, visit.actor, readings=True, filters=other), filters,
            RecordFilters(), _said(filters, {}, PERSON), lambda other: _address(READINGS, other), "条",
        ),
    )  # fmt: skip


def _said(filters: RecordFilters, kinds: dict[str, str], person: str) -> dict[str, str]:
    """Each filter in words."""
    kind = kinds.get(filters.kind or "")
    return {"text": f"{person}：{filters.text}", "kind": f"事项：{kind}", "day": f"日期：{filters.day}"}


def _place(path: str) -> str:
    """What an address shows, in words."""
    return PLACES.get(path.strip("/").split("/")[0], "其他页面")


def _filters(kinds: dict[str, str]) -> RecordFilters:
    return RecordFilters(text=asked_text(), kind=asked_word("kind", kinds), day=_asked_day())


def _asked_day() -> date | None:
    """A day of this century; None for anything else."""
    try:
        told = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return told if 2000 <= told.year < 2100 else None


def _address(path: str, filters: RecordFilters, **more: str | None) -> str:
    return address(path, q=filters.text, kind=filters.kind, day=filters.day, **more)
