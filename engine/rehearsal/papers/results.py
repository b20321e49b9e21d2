"""示例结果应用: F12 as the tables want it, F13 on the agency, F14 on what was made public."""

from decimal import Decimal
from typing import Any

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.grades import grade_for
from engine.scoring.numbers import percent_of, share_of, text_of
from engine.submissions.forms import FORMS, FormContext, prefill
from engine.submissions.forms.disclosure_items import KINDS
from engine.submissions.forms.result_application import EFFECTS
from engine.words import EffectKind, PublicationStep

Content = dict[str, Any]

NOT_LAID_DOWN = "本区未规定，由财政业务股认定"
CUT_PERCENT = Decimal(10)
QUOTA_PERCENT = Decimal(5)
LONGEST_RULE = 200
PLAIN_SITE = "https://www.example.gov.cn"


def application(desk: Desk, context: FormContext) -> Content:
    """F12: the linkage the table gives for the grade, and the quota cut of a department where there is one.

    Money that monitoring stopped comes here without an evaluation.
    """
    content = prefill(FORMS["F12"], context)
    content["department"] = context.department_name or context.unit_name
    if context.evaluation is None:
        content["evaluation_kind"] = "monitoring"
    elif "grade" not in content:
        content["grade"] = grade_for(context, Decimal(content["total_score"]), desk.subject.published_grade)
    rows = [_linkage(desk, context, content), *_quota(context, content)]
    strictest = max(rows, key=lambda row: int(EFFECTS[row["effect"]]["strictness"]))
    year = context.fiscal_year + 2
    shared = {"occasion": "next_budget", "budget_year": year, "rule_version": "示例：现行"}
    content["effects"] = [
        {"id": f"a{number}", **shared, **row, "applied": row is strictest} for number, row in enumerate(rows, start=1)
    ]
    return content


def _linkage(desk: Desk, context: FormContext, content: Content) -> Content:
    answer = context.ask("budget_linkage", grade=content.get("grade"), object_kind=context.object_kind)
    mode = desk.memory.said.get("linkage", "normal") if answer.undefined else str(answer.outputs["mode"])
    row = {"rule": (answer.source or NOT_LAID_DOWN)[:LONGEST_RULE], "effect": mode}
    if mode not in ("cut", "cancel"):
        return row
    base = context.amount_wan or Decimal(0)
    left = base - share_of(base, CUT_PERCENT) if mode == "cut" else Decimal(0)
    return row | {"base_wan": text_of(base), "approved_wan": text_of(left)}


def _quota(context: FormContext, content: Content) -> list[Content]:
    """A department below the score laid down loses a share of its public-expense quota (CH-21)."""
    if context.object_kind != "whole_department" or context.evaluation is None:
        return []
    answer = context.ask("quota_cut", whole_department_score=Decimal(content["total_score"]))
    if answer.undefined or not answer.outputs["rate"]:
        return []
    base, percent = share_of(context.amount_wan or Decimal(0), QUOTA_PERCENT), percent_of(answer.outputs["rate"])
    return [
        {
            "rule": (answer.source or "")[:LONGEST_RULE],
            "effect": EffectKind.QUOTA_CUT,
            "base_wan": text_of(base),
            "rate": text_of(percent),
            "approved_wan": text_of(base - share_of(base, percent)),
        }
    ]


def agency_appraisal(desk: Desk, context: FormContext) -> Content:
    """F13 with full marks: nothing is known about the work of a real agency, so nothing is held against it."""
    content = prefill(FORMS["F13"], context)
    return content | {
        "contract_number": f"示例-合-{desk.subject.code}",
        "contract_wan": text_of(Decimal(desk.chance("contract").randrange(200, 900)) / 100),
        "project": context.object_name,
        "appraiser_kind": "finance",
        "appraiser": desk.by.name,
        "items": [item | {"score": item["weight"]} for item in content["items"]],
        "times_returned": desk.memory.reports_returned,
        "payment_rate": "100",
        "penalty_wan": "0",
    }


def disclosure(desk: Desk, context: FormContext) -> Content:
    """F14: the result of the case, made public today, after every step the jurisdiction puts before that."""
    kind = desk.memory.said["document_kind"]
    gate = context.ask("publication_gate", document_kind=kind)
    ordered = () if gate.undefined else gate.outputs.get("steps") or ()
    steps = [step for step in ordered if step != PublicationStep.PUBLISH]
    today = desk.today.isoformat()
    days = [desk.memory.sittings.get(step, desk.today).isoformat() for step in steps]
    item = {
        "id": "k1",
        "kind": kind,
        "responsible_unit": context.department_name or context.unit_name,
        "due_on": today,
        "published_on": today,
        "url": f"{PLAIN_SITE}/{desk.subject.fiscal_year}/{desk.subject.code}",
        "contents": list(KINDS[kind]["contents"]),
        "gate": [{"id": f"g{n}", "step": step, "done_on": max(days[:n])} for n, step in enumerate(steps, start=1)],
        "complete": True,
        "regular": True,
    }
    return prefill(FORMS["F14"], context) | {"items": [item]}
