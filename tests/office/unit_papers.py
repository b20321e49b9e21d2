"""What the unit and its department fill in: targets, monitoring, self-evaluation, rectification, expiring policies."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.submissions.forms import FORMS, FormContext, prefill
from tests.factories_forms import valid_content
from tests.office.figures import (
    HUNDRED,
    SPENT,
    Content,
    all_fiscal,
    amount_of,
    line,
    money,
    plain,
    points_text,
    spending,
)

ECONOMIC = {"id": "y10", "level2": "经济效益指标", "name": "节约照护支出户数", "weight": "5"}
"""广州市 asks for every kind of benefit (GZ-06): 15 points of social benefit become 10, and 5 of economic benefit."""


def ex_ante(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    amount = amount_of(context)
    return valid_content("F01") | {
        "object_name": context.object_name,
        "object_code": context.object_code,
        "fiscal_year": context.fiscal_year,
        "object_type": "policy" if context.object_kind == "policy" else "project",
        "department": context.department_name,
        "implementing_unit": context.unit_name,
        "start_on": f"{context.fiscal_year}-01-01",
        "end_on": f"{context.fiscal_year + 1}-12-31",
        "requested": all_fiscal(amount),
        "requested_this_year_wan": str(amount),
        "suggested_wan": str(amount),
        "dimensions": _judged(_dimensions(context, wishes.get("without_dimension"))),
    }


def _dimensions(context: FormContext, left_out: str | None) -> list[Content]:
    return [row for row in prefill(FORMS["F01"], context)["dimensions"] if row["id"] != left_out]


def _judged(rows: list[Content]) -> list[Content]:
    """Full marks; where the jurisdiction gives no marks to its dimensions, the hundred is shared out."""
    even = HUNDRED // len(rows)
    shares = [even] * (len(rows) - 1) + [HUNDRED - even * (len(rows) - 1)]
    marks = [row.get("weight", str(share)) for row, share in zip(rows, shares, strict=True)]
    said = "示例：符合要求。"
    return [row | {"weight": m, "score": m, "opinion": said} for row, m in zip(rows, marks, strict=True)]


def project_target(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    amount = amount_of(context)
    content = valid_content("F02") | {
        "project_name": context.object_name,
        "project_code": context.object_code,
        "fiscal_year": context.fiscal_year,
        "department": context.department_name,
        "implementing_unit": context.unit_name,
        "project_category": wishes.get("project_category", "development"),
        "start_on": f"{context.fiscal_year}-01-01",
        "end_on": f"{context.fiscal_year}-12-31",
        "funds": {"mid_term": all_fiscal(amount), "annual": all_fiscal(amount)},
    }
    content["indicators"] = wishes.get("indicators") or _indicators(context, content["indicators"])
    return content | _revision(context)


def _indicators(context: FormContext, rows: list[Content]) -> list[Content]:
    if context.jurisdiction != "guangzhou":
        return rows
    social = next(row for row in rows if row["id"] == "y6")
    return [row | ({"weight": "10"} if row is social else {}) for row in rows] + [social | ECONOMIC]


def _revision(context: FormContext) -> Content:
    if not context.budget_adjusted:
        return {}
    before, after = str(context.amount_before_wan), str(context.amount_wan)
    return {"revision": {"reason": "示例：年中调整预算", "amount_before_wan": before, "amount_after_wan": after}}


def department_target(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    amount, content = amount_of(context), valid_content("F04")
    running = amount - 180
    content |= {
        "department_name": context.object_name,
        "fiscal_year": context.fiscal_year,
        "budget": content["budget"]
        | {
            "total_wan": str(amount),
            "basic_wan": str(running),
            "personnel_wan": str(running - 120),
        },
    }
    content["tasks"][1] |= {"total_wan": str(running), "fiscal_wan": str(running)}
    return content | _revision(context)


def monitoring(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    """On time in money and targets, unless `executed_wan` or `achieved` (a share of every target) say otherwise."""
    blank = prefill(FORMS["F05"], context)
    amount, month = amount_of(context), wishes.get("cutoff_month") or blank.get("cutoff_month", 7)
    executed = Decimal(wishes.get("executed_wan", money(amount * month / 12)))
    reached = Decimal(wishes.get("achieved", 1))
    given = {row["id"]: row for row in valid_content("F05")["indicators"]}
    forecast = max(executed, money(amount * Decimal("0.97")))
    return blank | {
        "cutoff_month": month,
        "monitor": wishes.get("monitor", "department"),
        "funds": spending(amount, executed),
        "forecast_executed_wan": str(wishes.get("forecast_wan", forecast)),
        "indicators": [_monitored(row, given, reached) for row in blank["indicators"]],
        "measures": "示例：按月调度，加快进度",
        "responsible_person": "示例责任人",
        "measures_due_on": f"{context.fiscal_year}-10-29",
    }


def _monitored(row: Content, given: Mapping[str, Content], reached: Decimal) -> Content:
    done = given.get(row["id"], given["y6"]) | row
    if row["direction"] == "qualitative":
        return done | {"period_band": "partly" if reached >= Decimal("0.6") else "missed"}
    value = Decimal(row["target_value"])
    reached_now = value * reached if row["direction"] != "≤" else value / (reached or 1)
    return done | {"period_value": plain(reached_now)}


def project_self_evaluation(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    blank, amount = prefill(FORMS["F06"], context), amount_of(context)
    executed = Decimal(wishes.get("executed_wan", money(amount * SPENT)))
    points = Decimal(blank["funds"]["weight"]) * min(Decimal(1), executed / amount)
    return (
        valid_content("F06")
        | blank
        | {
            "funds": spending(amount, executed) | {"weight": blank["funds"]["weight"], "score": points_text(points)},
            "indicators": _evaluated(blank["indicators"], wishes),
            "target_version": wishes.get("target_version", context.target_version),
        }
    )


def department_self_evaluation(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    blank, amount = prefill(FORMS["F07"], context), amount_of(context)
    executed = Decimal(wishes.get("executed_wan", amount - 30))
    points = Decimal(blank["funds"]["weight"]) * min(Decimal(1), executed / amount)
    funds = {
        "total": line(amount + 20, amount, executed),
        "basic": line(amount - 180, amount - 180, executed - 153),
        "project": line(Decimal(200), Decimal(180), Decimal(153)),
        "weight": blank["funds"]["weight"],
        "score": points_text(points),
    }
    return valid_content("F07") | blank | {"funds": funds, "indicators": _evaluated(blank["indicators"], wishes)}


def _evaluated(frozen: list[Content], wishes: Mapping[str, Any]) -> list[Content]:
    """Every frozen row answered as in the worked example; `actual` puts other figures: {"y6": {"actual_value": …}}."""
    given = {row["id"]: row for row in valid_content("F06")["indicators"]}
    rows = [given.get(row["id"], given["y6"]) | row for row in frozen]
    for row in rows:
        if Decimal(row["score"]) > Decimal(row["weight"]) or row["id"] == ECONOMIC["id"]:
            row["score"] = row["weight"]
        row |= wishes.get("actual", {}).get(row["id"], {})
    return rows


def rectification(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    """What is planned, or with `done` what was carried out and shown."""
    done, today = wishes.get("done", True), context.today or date(2022, 6, 1)
    planned = {
        "responsible_person": wishes.get("responsible_person", "示例责任人"),
        "measures": "示例：建立用款计划制度，按月调度。",
    }
    shown = {
        "completed": True,
        "completed_on": today.isoformat(),
        "done": "示例：制度已印发，按月调度。",
        "improved_rules": [{"id": "z1", "name": "示例：用款计划管理办法"}],
        "evidence": [{"id": "f2", "name": "示例：制度文本"}],
    }
    unfinished = {"completed": False, "unfinished_reason": "示例：刚立项，按计划推进。"}
    blank = prefill(FORMS["F11"], context)
    items = [row | planned | (shown if done else unfinished) for row in blank["items"]]
    return blank | {"items": items, "overview": "示例：问题已逐项整改。", "sealed": True}


def policy_expiry(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    """The department's evaluation; with `conclusion` also what finance makes of it."""
    ends_on, conclusion = wishes["ends_on"], wishes.get("conclusion")
    content = valid_content("F15") | {
        "policy_name": context.object_name,
        "department": context.department_name,
        "expiry_on": ends_on,
        "evaluated_on": (context.today or date(2021, 5, 20)).isoformat(),
        "conclusion": conclusion,
        "finance_opinion": "示例：综合评估意见。" if conclusion else None,
        "new_policy": "示例〔2021〕2号" if conclusion in ("continue", "revise") else None,
        "budget_wan": "105" if conclusion in ("continue", "revise") else "0",
    }
    return {key: value for key, value in content.items() if value is not None}
