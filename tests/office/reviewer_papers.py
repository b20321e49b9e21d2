"""What finance and the agencies fill in: reviews, evaluations, the letter, result use, appraisal, publication."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.submissions.forms import FORMS, FormContext, prefill
from tests.factories_forms import valid_content
from tests.office.figures import HUNDRED, SPENT, Content, amount_of, grade_for, money, plain


def target_review(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    content = valid_content("F03") | {"object_name": context.object_name}
    answer = context.ask("target_review_route", object_kind=context.object_kind, amount_wan=context.amount_wan)
    rounds = [] if answer.undefined else [str(word) for word in answer.outputs.get("rounds") or ()]
    waiting = [word for word in rounds if word not in context.rounds_done]
    content["round"] = wishes.get("round") or (waiting[0] if waiting else "single")
    if not answer.undefined and answer.outputs.get("collective"):
        content |= {"reviewer_kind": "agency", "collective_session": "示例：第一场"}
    return content


def spot_review(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    """The unit's own scores confirmed, but nothing for `cut_rows`, which have no evidence."""
    blank, cut = prefill(FORMS["F08"], context), wishes.get("cut_rows", ())
    rows = [_reviewed(row, cut) for row in blank["indicators"]]
    execution = blank["self_execution_score"]
    total = sum((Decimal(row["review_score"]) for row in rows), Decimal(execution))
    return blank | {
        "accepted": True,
        "indicators": rows,
        "execution_score": execution,
        "grade": wishes.get("grade") or grade_for(context, total),
        "review_body": "示例机构",
    }


def _reviewed(row: Content, cut: Any) -> Content:
    same = {"review_score": row["self_score"]}
    if row.get("self_value") is not None:
        same["review_value"] = row["self_value"]
    if row["id"] not in cut:
        return row | same
    lost = {"clause": "no_evidence", "cut_percent": "100", "reason": "示例：没有佐证材料", "review_score": "0"}
    return row | same | lost


def key_evaluation(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    """A report that comes to `score`, with the first `problems` of the example (or none)."""
    amount, content = amount_of(context), valid_content("F09")
    total = Decimal(wishes.get("score", "87.75"))
    known = wishes.get("problems", 2)
    content |= {
        "object_name": context.object_name,
        "fiscal_year": context.fiscal_year,
        "organizer": wishes.get("organizer", "finance"),
        "agency": "示例机构",
        "amount_wan": str(amount),
        "executed_amount_wan": str(money(amount * SPENT)),
        "rows": _scored(content["rows"], total),
        "problems": content["problems"][:known],
        "suggestions": content["suggestions"][:known],
        "grade": wishes.get("grade") or grade_for(context, total),
    }
    return content


def _scored(rows: list[Content], total: Decimal) -> list[Content]:
    """The rows of the example, scored so that they sum to `total` exactly."""
    missing, scored = HUNDRED - total, []
    for row in rows:
        weight = Decimal(row["weight"])
        lost = min(missing, weight)
        missing -= lost
        why = {"deduction_reason": "示例：见证据", "clause": "示例：标准第 2 条", "evidence": ["E-01"]} if lost else {}
        bare = {key: row[key] for key in ("id", "level1", "level2", "name", "scope", "weight", "standard")}
        scored.append(bare | {"score": plain(weight - lost)} | why)
    return scored


def letter(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    """The result as it was evaluated, with the first `problems`; those of the example where the report names none."""
    today, blank = context.today or date(2022, 6, 1), prefill(FORMS["F10"], context)
    content = (
        valid_content("F10")
        | blank
        | {
            "doc_number": wishes.get("doc_number", f"示例财绩〔{today.year}〕{context.object_code}号"),
            "letter_on": today.isoformat(),
            "rectify_by": (today + timedelta(days=60)).isoformat(),
            "report_by": (today + timedelta(days=75)).isoformat(),
        }
    )
    content["problems"] = content["problems"][: wishes.get("problems")]
    named = {problem["id"] for problem in content["problems"]}
    content["suggestions"] = [advice for advice in content["suggestions"] if advice["problem"] in named]
    return content | ({"grade": wishes["grade"]} if "grade" in wishes else {})


def result_application(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    """The effect the linkage names for the grade, and the quota cut where the table has one."""
    blank = prefill(FORMS["F12"], context)
    answer = context.ask("budget_linkage", grade=blank.get("grade"), object_kind=context.object_kind)
    mode = "normal" if answer.undefined else str(answer.outputs["mode"])
    effect = wishes.get("effect") or {"strict": "control"}.get(mode, mode)
    row: Content = {
        "id": "a1",
        "occasion": "next_budget",
        "budget_year": context.fiscal_year + 2,
        "rule": answer.source or "本区未规定",
        "rule_version": "示例 v1",
        "effect": effect,
        "applied": True,
    }
    if effect == "proportional_cut":
        row |= {"base_wan": "120", "rate": "5", "approved_wan": "114"}
    row |= wishes.get("row", {})
    stopped = {"evaluation_kind": "monitoring"} if context.evaluation is None else {}
    return blank | stopped | {"effects": [row]}


def agency_appraisal(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    return valid_content("F13") | {"project": context.object_name, "agency": "示例机构"}


def disclosure(context: FormContext, wishes: Mapping[str, Any]) -> Content:
    """The result of the case published today, or withheld as `secret`; `also` is published beside it."""
    kinds = [wishes["kind"], *([wishes["also"]] if "also" in wishes else [])]
    return {
        "fiscal_year": context.fiscal_year,
        "items": [_disclosed(f"k{n}", kind, context, wishes.get("secret")) for n, kind in enumerate(kinds, start=1)],
    }


def _disclosed(row_id: str, kind: str, context: FormContext, secret: str | None) -> Content:
    today = (context.today or date(2022, 11, 1)).isoformat()
    row: Content = {"id": row_id, "kind": kind, "responsible_unit": "示例财政局", "due_on": today}
    if secret:
        return row | {"exempt": True, "exempt_reason": secret}
    answer = context.ask("publication_gate", document_kind=kind)
    steps = [] if answer.undefined else [str(step) for step in answer.outputs.get("steps") or ()]
    before = [step for step in steps if step != "publish"]
    return row | {
        "published_on": today,
        "url": "https://www.example.gov.cn/1",
        "contents": ["报告", "得分", "等级"],
        "gate": [{"id": f"s{n}", "step": step, "done_on": today} for n, step in enumerate(before, start=1)],
        "complete": True,
        "regular": True,
    }
