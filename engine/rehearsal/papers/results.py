"""示例结果应用: F12 as the tables want it, F13 on the agency, F14 on what was made public."""

from decimal import Decimal
from typing import Any

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.grades import grade_for
from engine.scoring.numbers import share_of, text_of
from engine.submissions.forms import FORMS, FormContext, prefill
from engine.submissions.forms.disclosure_items import KINDS
from engine.submissions.forms.proposals import strictness
from engine.words import EffectKind, PublicationStep

Content = dict[str, Any]

CUT_PERCENT = Decimal(10)
QUOTA_PERCENT = Decimal(5)
PLAIN_SITE = "https://www.example.gov.cn"


def application(desk: Desk, context: FormContext) -> Content:
    """F12: every proposed effect has its row, the strictest for each budget is carried out, the others are listed.

    Money that monitoring stopped comes here without an evaluation.
    """
    content = prefill(FORMS["F12"], context)
    content["department"] = context.department_name or context.unit_name
    if context.evaluation is None:
        content["evaluation_kind"] = "monitoring"
    elif "grade" not in content:
        content["grade"] = grade_for(context, Decimal(content["total_score"]), desk.subject.published_grade)
    rows = [_settled(context, row) for row in content["effects"]]
    strictest = [_strictest(rows, row) for row in rows]
    content["effects"] = [
        row | {"applied": row is most or row["effect"] == EffectKind.NO_CUT}
        for row, most in zip(rows, strictest, strict=True)
    ]
    return content


def _strictest(rows: list[Content], beside: Content) -> Content:
    """The strictest row for the budget of that one."""
    budget = beside.get("occasion"), beside["budget_year"]
    same = [row for row in rows if (row.get("occasion"), row["budget_year"]) == budget]
    return max(same, key=lambda row: strictness(row["effect"]))


def _settled(context: FormContext, row: Content) -> Content:
    """A row for one proposal, with the amount the effect leaves; a quota nobody knows is made up, and said to be."""
    row = row | {"rule_version": "示例：现行"}
    base = context.amount_wan or Decimal(0)
    if row["effect"] == EffectKind.QUOTA_CUT:
        if "base_wan" not in row:
            row["rule_version"] = "示例：现行；定额为演练虚拟，按预算的5%举例"
        quota = Decimal(row.get("base_wan") or share_of(base, QUOTA_PERCENT))
        left = quota - share_of(quota, Decimal(row["rate"]))
        return row | {"base_wan": text_of(quota), "approved_wan": text_of(left)}
    if row["effect"] == EffectKind.CUT:
        return row | {"base_wan": text_of(base), "approved_wan": text_of(base - share_of(base, CUT_PERCENT))}
    if row["effect"] == EffectKind.CANCEL:
        return row | {"base_wan": text_of(base), "approved_wan": "0"}
    return row


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
