"""示例函件: F10 with the result as the evaluation has it, and F11 on what was put right."""

from datetime import date, timedelta
from typing import Any

from engine.moves.letters import TELLING
from engine.rehearsal.desk import Desk
from engine.submissions.forms import FORMS, FormContext, prefill
from engine.words import RectificationMode, Role

Content = dict[str, Any]

DAYS_TO_RECTIFY = 60
DAYS_TO_REPORT = 14


def feedback(desk: Desk, context: FormContext) -> Content:
    """F10, under a number of its own; without a problem, or where it only tells the result, it demands nothing."""
    number = f"{desk.subject.code}-{desk.times}" if desk.times > 1 else desk.subject.code
    attached = {"attachments": [{"id": "f1", "name": "示例：复核报告"}]}  # where no report is there to be attached
    content = (
        attached
        | prefill(FORMS["F10"], context)
        | {
            "doc_number": f"示例财绩〔{desk.today.year}〕{desk.subject.fiscal_year}-{number}号",
            "letter_on": desk.today.isoformat(),
            "linkage_notice": "示例：评价结果按本区规定作为预算安排的依据",
        }
    )
    demands = desk.task.element != TELLING and content.get("problems")
    return content | (demanding(desk.today) if demands else {"demands": False})


def demanding(letter_on: date) -> Content:
    """What a letter of that day says where problems have to be put right."""
    rectify_by = letter_on + timedelta(days=DAYS_TO_RECTIFY)
    return {
        "requirements": "示例：逐项整改，责任到人，按期报送整改报告",
        "rectify_by": rectify_by.isoformat(),
        "report_by": (rectify_by + timedelta(days=DAYS_TO_REPORT)).isoformat(),
    }


def rectification(desk: Desk, context: FormContext) -> Content:
    """F11: the plan for one problem, then what was done about it, in the end the report on all of them."""
    content = prefill(FORMS["F11"], context)
    planning = desk.task.element == "plan_rectification"
    content["items"] = [_item(desk, row, planning) for row in content["items"]]
    if context.item is None:
        content |= {
            "overview": f"示例：{len(content['items'])} 项问题已逐项整改",
            "outcome": "示例：整改成果已转化为管理办法",
            "sealed": True,
            "report": [{"id": "f1", "name": "示例：整改报告"}],
        }
    return content


def _item(desk: Desk, row: Content, planning: bool) -> Content:
    told = row | {
        "kind": desk.memory.said.get("rectification_mode", RectificationMode.SCHEDULED),
        "responsible_person": "示例责任人",
        "measures": f"示例：针对第 {row['id'][1:]} 项问题制定措施并落实",
        "submitted_by": desk.town.who(desk.case.unit_id, Role.UNIT_CLERK).name,
    }
    if planning:
        return told | {"completed": False, "unfinished_reason": "示例：刚刚立项，按措施推进"}
    rules = [{"id": "z1", "name": "示例：管理办法"}] if row.get("category") in ("rules", "execution") else []
    return told | {
        "done": f"示例：第 {row['id'][1:]} 项问题已按措施整改到位",
        "improved_rules": rules,
        "evidence": [{"id": "f1", "name": "示例：整改佐证材料"}],
        "completed": True,
        "completed_on": desk.today.isoformat(),
    }
