"""示例评估: F01 before money is asked for, F15 before a policy goes on."""

from datetime import date
from decimal import Decimal
from typing import Any

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.indicators import theme_of
from engine.rehearsal.papers.money import by_source
from engine.scoring.numbers import share_of, text_of
from engine.submissions.forms import FORMS, FormContext, prefill

Content = dict[str, Any]

GOOD_SHARE = Decimal(88)


def report(desk: Desk, context: FormContext) -> Content:
    """F01: a report of the department itself, in favour of the whole amount."""
    theme, year = theme_of(desk.subject), context.fiscal_year
    amount = text_of(context.amount_wan or Decimal(0))
    content = prefill(FORMS["F01"], context)
    return content | {
        "project_nature": desk.subject.facts.get("project_nature", "continuing"),
        "spending_frequency": desk.subject.facts.get("spending_frequency", "recurrent"),
        "department": context.department_name or context.unit_name,
        "implementing_unit": context.unit_name,
        "start_on": date(year, 1, 1).isoformat(),
        "end_on": date(year, 12, 31).isoformat(),
        "requested": by_source(context.amount_wan or Decimal(0)),
        "requested_this_year_wan": amount,
        "basis_papers": [{"id": "b1", "name": "示例：立项依据文件", "present": True}],
        "content": f"示例：{theme['activity']}",
        "plan": "示例：上半年启动，年底前完成",
        "target_summary": f"示例：{theme['goal']}",
        "assessor_kind": "department",
        "methods": ["cost_benefit"],
        "dimensions": _scored(content["dimensions"]),
        "conclusion": "support",
        "suggested_wan": amount,
        "papers": [{"id": "m1", "name": "示例：实施方案", "needed": True, "present": True}],
    }


def _scored(dimensions: list[Content]) -> list[Content]:
    """Every dimension with its weight (even ones where none is laid down) and a good score."""
    base, more = divmod(100, len(dimensions))
    rows = []
    for number, row in enumerate(dimensions):
        weight = Decimal(row.get("weight") or base + (number < more))
        score = text_of(share_of(weight, GOOD_SHARE))
        rows.append(row | {"weight": text_of(weight), "score": score, "opinion": "示例：基本符合要求"})
    return rows


def policy_expiry(desk: Desk, context: FormContext) -> Content:
    """F15: the evaluation of a policy that ends with the fiscal year; finance adds opinion and conclusion."""
    year = context.fiscal_year
    amount = text_of(context.amount_wan or Decimal(0))
    score = Decimal(desk.chance("policy").randrange(80_00, 96_00)) / 100
    answer = context.ask("grade", score=score, object_kind=context.object_kind)
    content = prefill(FORMS["F15"], context) | {
        "doc_number": f"示例〔{year - 2}〕1号",
        "start_on": date(year - 2, 1, 1).isoformat(),
        "expiry_on": desk.subject.facts.get("policy_ends_on", date(year, 12, 31).isoformat()),
        "department": context.department_name or context.unit_name,
        "funds": [{"id": "r1", "year": year, "budget_wan": amount, "executed_amount_wan": amount}],
        "evaluation_report": [{"id": "f1", "name": "示例：政策评价报告"}],
        "total_score": text_of(score),
        "grade": "本区未规定" if answer.undefined else str(answer.outputs["grade"]),
        "evaluated_on": desk.today.isoformat(),
    }
    if desk.task.element != "conclude_policy":
        return content
    conclusion = desk.memory.said["policy_conclusion"]
    goes_on = {"new_policy": f"示例〔{year + 1}〕1号"} if conclusion in ("continue", "revise") else {}
    return content | goes_on | {"finance_opinion": "示例：政策总体有效，同意按结论办理", "conclusion": conclusion}
