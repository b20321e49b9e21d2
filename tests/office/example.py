"""The worked example of `factories_forms` made to fit a case: its object, year and money, and what was wished for."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.rehearsal.papers.grades import grade_for
from engine.rehearsal.papers.money import by_source, execution, line
from engine.submissions.forms import FORMS, FormContext, prefill
from tests.factories_forms import valid_content
from tests.office.hand import GRADE, SCORE

Content = dict[str, Any]
Wishes = Mapping[str, Any]

HUNDRED, CENT = Decimal(100), Decimal("0.01")
REPORT = [{"id": "r1", "name": "示例：自评报告"}]
SPENT = Decimal("0.85")
"""How much of its budget the example spends; it makes its self-evaluation come out at 92.66."""
USUAL, QUALITATIVE = "受益户数", "社区环境"
"""The rows of the example whose answers do for any other indicator; rows are known by name, ids are given by whoever
filled in the target."""
ECONOMIC = {"id": "y10", "level2": "经济效益指标", "name": "节约照护支出户数", "weight": "5"}
"""广州市 asks for every kind of benefit (GZ-06): 15 points of social benefit become 10, and 5 of economic benefit."""


def target(context: FormContext, wishes: Wishes) -> Content:
    """F02 at the amount of the case."""
    amount = amount_of(context)
    content = valid_content("F02") | {
        "project_name": context.object_name,
        "project_code": context.object_code,
        "fiscal_year": context.fiscal_year,
        "department": context.department_name,
        "implementing_unit": context.unit_name,
        "start_on": f"{context.fiscal_year}-01-01",
        "end_on": f"{context.fiscal_year}-12-31",
        "funds": {"mid_term": by_source(amount), "annual": by_source(amount)},
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


def monitoring(context: FormContext, wishes: Wishes) -> Content:
    """On time in money and targets, unless `executed_wan` or `achieved` (a share of every target) say otherwise."""
    blank = prefill(FORMS["F05"], context)
    amount, month = amount_of(context), wishes.get("cutoff_month") or blank.get("cutoff_month", 7)
    executed = Decimal(wishes.get("executed_wan", _money(amount * month / 12)))
    reached = Decimal(wishes.get("achieved", 1))
    given = {row["name"]: row for row in valid_content("F05")["indicators"]}
    return blank | {
        "cutoff_month": month,
        "monitor": "department",
        "funds": execution(amount, executed),
        "forecast_executed_wan": str(max(executed, _money(amount * Decimal("0.97")))),
        "indicators": [_monitored(row, given, reached) for row in blank["indicators"]],
        "measures": "示例：按月调度，加快进度",
        "responsible_person": "示例责任人",
        "measures_due_on": f"{context.fiscal_year}-10-29",
    }


def _monitored(row: Content, given: Mapping[str, Content], reached: Decimal) -> Content:
    done = given.get(row["name"], given[USUAL]) | row
    if row["direction"] == "qualitative":
        return given[QUALITATIVE] | row | {"period_band": "partly" if reached >= Decimal("0.6") else "missed"}
    value = Decimal(row["target_value"])
    reached_now = value * (reached if row["direction"] != "≤" else 2 - reached)
    return done | {"period_value": _plain(reached_now)}


def self_evaluation(context: FormContext, wishes: Wishes) -> Content:
    """F06: every frozen row answered as in the worked example."""
    blank, amount = prefill(FORMS["F06"], context), amount_of(context)
    executed = Decimal(wishes.get("executed_wan", _money(amount * SPENT)))
    funds = execution(amount, executed) | _points(blank, executed / amount)
    version = wishes.get("target_version", context.target_version)
    rows = _evaluated(blank["indicators"])
    told = {"funds": funds, "indicators": rows, "target_version": version, "report": REPORT}
    return valid_content("F06") | blank | told


def department_self_evaluation(context: FormContext, wishes: Wishes) -> Content:
    """F07: the same of a whole department, which spends 30 万元 less than it has."""
    blank, amount = prefill(FORMS["F07"], context), amount_of(context)
    executed = Decimal(wishes.get("executed_wan", amount - 30))
    funds = {
        "total": line(amount, executed),
        "basic": line(amount - 180, executed - 153),
        "project": line(Decimal(180), Decimal(153)),
    } | _points(blank, executed / amount)
    told = {"funds": funds, "indicators": _evaluated(blank["indicators"]), "report": REPORT}
    return valid_content("F07") | blank | told


def _points(blank: Content, rate: Decimal) -> Content:
    weight = Decimal(blank["funds"]["weight"])
    return {"weight": str(weight), "score": str((weight * min(Decimal(1), rate)).quantize(CENT, ROUND_HALF_UP))}


def _evaluated(frozen: list[Content]) -> list[Content]:
    given = {row["name"]: row for row in valid_content("F06")["indicators"]}
    rows = [given.get(row["name"], given[USUAL]) | row for row in frozen]
    for row in rows:
        if Decimal(row["score"]) > Decimal(row["weight"]) or row["name"] == ECONOMIC["name"]:
            row["score"] = row["weight"]
    return rows


def spot_review(context: FormContext, wishes: Wishes) -> Content:
    """The unit's own scores confirmed, but nothing for `cut_rows`, which have no evidence."""
    blank, cut = prefill(FORMS["F08"], context), wishes.get("cut_rows", ())
    rows = [_reviewed(row, cut) for row in blank["indicators"]]
    own = blank["self_execution_score"]
    total = sum((Decimal(row["review_score"]) for row in rows), Decimal(own))
    return blank | {
        "accepted": True,
        "indicators": rows,
        "execution_score": own,
        "grade": wishes.get("grade") or grade_for(context, total, GRADE),
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


def evaluation(context: FormContext, wishes: Wishes) -> Content:
    """A report that comes to `score`, with the first `problems` of the example (or none)."""
    amount, content = amount_of(context), valid_content("F09")
    total = Decimal(wishes.get("score", SCORE))
    known = wishes.get("problems", 2)
    content |= {
        "object_name": context.object_name,
        "fiscal_year": context.fiscal_year,
        "organizer": wishes.get("organizer", "finance"),
        "agency": "示例机构",
        "amount_wan": str(amount),
        "executed_amount_wan": str(_money(amount * SPENT)),
        "rows": _scored(content["rows"], total),
        "problems": content["problems"][:known],
        "suggestions": content["suggestions"][:known],
        "grade": wishes.get("grade") or grade_for(context, total, GRADE),
        "deputies": wishes.get("deputies", []),
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
        scored.append(bare | {"score": _plain(weight - lost)} | why)
    return scored


def amount_of(context: FormContext) -> Decimal:
    assert context.amount_wan is not None
    return context.amount_wan


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _plain(value: Decimal) -> str:
    return format(value.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize(), "f")
