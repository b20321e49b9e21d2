"""示例目标: F02 for a project, F04 for a whole department, and F03 for whoever reviews them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.indicators import Row, target_rows, theme_of
from engine.rehearsal.papers.money import by_source
from engine.scoring.numbers import share_of, text_of
from engine.submissions.forms import FORMS, FormContext, prefill
from engine.submissions.forms.project_target import next_revision
from engine.submissions.forms.trees import tree_for

Content = dict[str, Any]

COLLECTIVE_SESSION = "示例：第一场集中审核"
ROUND_OF_STEP = {
    "review_for_library": "library_review",
    "review_jointly": "joint_review",
    "check_final_target": "final_after_lock",
}
ADJUSTED = "示例：年中预算调整，按调整后金额重报"
BASIC_SHARE = Decimal(60)
STAFF_SHARE = Decimal(80)


def of_project(desk: Desk, context: FormContext) -> Content:
    """F02, at the amount now in the budget line."""
    started = prefill(FORMS["F02"], context)
    written = started if context.target else started | _project(desk, context)
    return written | _money(context) | _revision(context)


def _project(desk: Desk, context: FormContext) -> Content:
    theme, chance, year = theme_of(desk.subject), desk.chance("target"), context.fiscal_year
    facts = desk.subject.facts
    version = f"（第{desk.times}次报送）" if desk.times > 1 else ""
    return {
        "department": context.department_name or context.unit_name,
        "implementing_unit": context.unit_name,
        "person_in_charge": "示例负责人",
        "phone": "示例电话",
        "project_nature": "new" if facts.get("project_nature") == "new" else "continuing",
        "project_category": facts.get("project_category", "other"),
        "start_on": date(year, 1, 1).isoformat(),
        "end_on": date(year, 12, 31).isoformat(),
        "basis": "示例：本级年度工作安排和项目批复",
        "activities": f"示例：{theme['activity']}{version}",
        "mid_term_goal": f"示例：三年内持续{theme['goal']}，并形成长效管理",
        "annual_goal": f"示例：{year} 年{theme['goal']}{version}",
        "indicators": _rows(desk, context, chance.randrange(1_000_000)),
    }


def of_department(desk: Desk, context: FormContext) -> Content:
    """F04: basic expenditure and projects of a department, tied to its duties and tasks."""
    started = prefill(FORMS["F04"], context)
    started.pop("tasks_total_wan", None)  # the engine adds it up anew
    written = started if context.target else started | _department(desk, context)
    return written | _budget(desk, context) | _revision(context)


def _department(desk: Desk, context: FormContext) -> Content:
    theme = theme_of(desk.subject)
    rows = _rows(desk, context, desk.chance("target").randrange(1_000_000))
    for row in rows:
        row["task"] = "t2" if row["id"] in ("cost", "ecological") else "t1"
    return {
        "duties": [{"id": "d1", "text": "示例：履行本部门主要职责"}, {"id": "d2", "text": "示例：保障机关运转"}],
        "goals": [{"id": "g1", "text": f"示例：{context.fiscal_year} 年{theme['goal']}"}],
        "indicators": rows,
    }


def _rows(desk: Desk, context: FormContext, number: int) -> list[Row]:
    rows = target_rows(theme_of(desk.subject), tree_for(context), desk.chance("indicators", number))
    return [row | dict(desk.subject.slips.get(row["id"], {})) for row in rows]


def _money(context: FormContext) -> Content:
    amount = by_source(context.amount_wan or Decimal(0))
    return {"funds": {"mid_term": amount, "annual": amount}}


def _budget(desk: Desk, context: FormContext) -> Content:
    amount = context.amount_wan or Decimal(0)
    basic = share_of(amount, BASIC_SHARE)
    staff, project = share_of(basic, STAFF_SHARE), amount - basic
    return {
        "budget": {
            "total_wan": text_of(amount),
            "basic_wan": text_of(basic),
            "personnel_wan": text_of(staff),
            "public_wan": text_of(basic - staff),
            "project_wan": text_of(project),
        },
        "tasks": [
            _task("t1", "示例：年度重点任务", theme_of(desk.subject)["activity"], "d1", project)
            | {"projects": ["示例：重点任务项目"]},
            _task("t2", "示例：机关运转", "保障人员和公用经费", "d2", basic) | {"basic_support": True},
        ],
    }


def _task(row_id: str, name: str, content: str, duty: str, amount: Decimal) -> Content:
    return {
        "id": row_id,
        "name": name,
        "content": f"示例：{content}",
        "duty": duty,
        "total_wan": text_of(amount),
        "fiscal_wan": text_of(amount),
        "other_wan": "0",
    }


def _revision(context: FormContext) -> Content:
    return {"revision": next_revision(context) | {"reason": ADJUSTED}} if context.budget_adjusted else {}


def review(desk: Desk, context: FormContext) -> Content:
    """F03 of somebody who lets the target through, in the round whose turn it is."""
    route = context.ask("target_review_route", object_kind=context.object_kind, amount_wan=context.amount_wan)
    content = prefill(FORMS["F03"], context)
    content |= {
        "round": _round(desk.task.element, [] if route.undefined else route.outputs.get("rounds") or []),
        "reviewer_kind": "agency" if desk.task.role == "agency" else "finance",
        "marks": [mark | {"score": _mark(mark["weight"], desk)} for mark in content["marks"]],
        "disposal": "approved",
    }
    if not route.undefined and route.outputs.get("collective"):
        content["collective_session"] = COLLECTIVE_SESSION
    return content


def _round(element: str, rounds: Sequence[str]) -> str:
    """The round of the step; an adjusted target is looked at in the first of the rounds laid down."""
    return ROUND_OF_STEP.get(element) or (rounds[0] if rounds else "single")


def _mark(weight: str, desk: Desk) -> str:
    full = int(Decimal(weight))
    return str(full - desk.chance_here(f"mark {weight}").choice((0, 1, 1, 2)))
