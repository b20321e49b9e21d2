"""示例自评: F06 of a project and F07 of a whole department, giving the self score its people want."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.answers import answered, spent_of
from engine.rehearsal.papers.indicators import theme_of
from engine.rehearsal.papers.money import execution, line
from engine.rehearsal.papers.targets import BASIC_SHARE
from engine.rehearsal.subjects import Subject
from engine.scoring import method_set_for
from engine.scoring.numbers import share_of, text_of, total
from engine.submissions.forms import FORMS, FormContext, prefill
from engine.submissions.forms.trees import tree_for

Content = dict[str, Any]


def of_project(desk: Desk, context: FormContext) -> Content:
    """F06; several fund lines carry a self score each (HX-16)."""
    content = prefill(FORMS["F06"], context)
    budgets = amounts_of(desk.subject, context.amount_wan or Decimal(0))
    spent = spent_by_line(desk, budgets, context)
    content |= {
        "department": context.department_name or context.unit_name,
        "implementing_unit": context.unit_name,
        "funds": content["funds"] | execution(total(budgets), total(spent)),
        "actual_goal": f"示例：{theme_of(desk.subject)['goal']}，总体达到预期",
    }
    if len(budgets) > 1:
        content["fund_lines"] = [
            _fund_line(number, money.name, money.self_score, budget, used)
            for number, (money, budget, used) in enumerate(zip(desk.subject.lines, budgets, spent, strict=True), 1)
        ]
    return _scored(desk, context, content)


def of_department(desk: Desk, context: FormContext) -> Content:
    """F07, with basic expenditure and projects."""
    content = prefill(FORMS["F07"], context)
    amount = context.amount_wan or Decimal(0)
    (spent,) = spent_by_line(desk, [amount], context)
    basic, basic_spent = share_of(amount, BASIC_SHARE), share_of(spent, BASIC_SHARE)
    content |= {
        "funds": content["funds"]
        | {
            "total": line(amount, spent),
            "basic": line(basic, basic_spent),
            "project": line(amount - basic, spent - basic_spent),
        },
        "actual_goal": f"示例：{theme_of(desk.subject)['goal']}，总体达到预期",
        "problems": "示例：个别任务进度安排偏后",
        "next_measures": "示例：按季度调度，提前安排",
    }
    return _scored(desk, context, content)


def amounts_of(subject: Subject, amount: Decimal) -> list[Decimal]:
    """The amount in force by line: as the files have them, the first line carrying what an adjustment changed."""
    amounts = [line.amount_wan for line in subject.lines]
    return [amounts[0] + amount - total(amounts), *amounts[1:]]


def spent_by_line(desk: Desk, budgets: Sequence[Decimal], context: FormContext) -> list[Decimal]:
    """What was spent of each line by the end of the year; one chance for all, so that they show the same rate."""
    wanted, weight = desk.subject.self_score, tree_for(context).execution_weight
    return [spent_of(budget, wanted, weight, desk.chance("money")) for budget in budgets]


def _scored(desk: Desk, context: FormContext, content: Content) -> Content:
    method_set = method_set_for(context.jurisdiction, context.fiscal_year, context.scoring)
    answer = context.ask("self_evaluation_report_required", object_kind=context.object_kind)
    if not answer.undefined and answer.outputs["required"]:
        content["report"] = [{"id": "r1", "name": "示例：自评报告"}]
    return answered(content, desk.subject.self_score, method_set, desk.chance("excuse"))


def _fund_line(number: int, name: str, self_score: Decimal, budget: Decimal, spent: Decimal) -> Content:
    return {
        "id": f"z{number}",
        "name": name,
        "annual_budget_wan": text_of(budget),
        "executed_amount_wan": text_of(spent),
        "self_score": text_of(self_score),
    }
