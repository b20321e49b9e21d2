"""From a filled form to a score: the method set of the jurisdiction adds up, its table names the grade."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from engine.audit.digests import score_digest
from engine.audit.events.papers import ScoreGiven
from engine.clock import day_of
from engine.moves.change import Change
from engine.moves.facts import decide_for
from engine.scoring import (
    DateTarget,
    Direction,
    Judgement,
    Measured,
    NotApplicable,
    Quantity,
    Row,
    Sheet,
    execution_of,
    method_set_for,
    score,
)
from engine.scoring.model import Score

KINDS = {"F06": "self", "F07": "self", "F08": "spot_review", "F09": "third_party"}
EVALUATION_KINDS = {"F08": "spot_review", "F09": "key_evaluation"}
BANDS = {"achieved": "达成", "partly": "部分达成", "missed": "未达成"}


def total_of(move: Change, code: str, content: Mapping[str, Any]) -> tuple[Decimal, str, dict[str, Any]]:
    """The total of a form, the method set it was computed with, and the parts it is made of."""
    if code in ("F06", "F07"):
        chosen = method_set_for(move.case.jurisdiction, move.case.fiscal_year)
        scored = score(self_evaluation_sheet(content), chosen)
        return scored.total, scored.method_set, {"subtotals": {k: str(v) for k, v in scored.subtotals.items()}}
    total = Decimal(str(content["total_score"]))
    return total, f"{code.lower()}.sum_of_rows@1", {}


def keep_score(move: Change, code: str, content: Mapping[str, Any], submission_id: UUID) -> dict[str, Any]:
    """Keep the score of a version; gives score, grade (None: 本区未规定), evaluation_kind and, for a whole
    department, whole_department_score, as the diagrams read them."""
    total, method, basis = total_of(move, code, content)
    answer = decide_for(move.case, move.policy, "grade", {"score": total}, day_of(move.at))
    grade = None if answer.undefined else str(answer.outputs["grade"])
    basis |= {"grade_row": answer.row, "grade_source": answer.source, "grade_status": answer.status}
    lines = [str(line["self_score"]) for line in content.get("fund_lines", []) if line.get("self_score") is not None]
    if lines:
        basis["lines"] = lines
    row = move.add(
        Score,
        id=uuid4(),
        submission_id=submission_id,
        kind=KINDS[code],
        total=total,
        method=method,
        grade=grade,
        basis=basis,
        scored_at=move.at,
    )
    digest = score_digest(row)
    move.record(
        ScoreGiven(kind=KINDS[code], total=total, grade=grade, method=method, submission=submission_id, digest=digest)
    )
    known: dict[str, Any] = {"score": str(total), "grade": grade, "evaluation_kind": EVALUATION_KINDS.get(code)}
    if move.case.object_kind == "whole_department":
        known["whole_department_score"] = str(total)
    return known


def self_evaluation_sheet(content: Mapping[str, Any]) -> Sheet:
    """F06 or F07 as a score sheet: the indicator rows and 预算执行率."""
    rows = [_row(row) for row in content.get("indicators", [])]
    funds = content.get("funds", {})
    if funds.get("weight") is not None:
        money = funds.get("total", {})
        budget, executed = Decimal(money["annual_budget_wan"]), Decimal(money["executed_amount_wan"])
        measured = execution_of(budget, executed)
        rows.append(Row("预算执行率", "预算执行率", "预算执行率", Decimal(funds["weight"]), measured))
    return Sheet(tuple(rows))


def _row(row: Mapping[str, Any]) -> Row:
    return Row(row["level1"], row["level2"], row["name"], Decimal(row["weight"]), _measured(row))


def _measured(row: Mapping[str, Any]) -> Measured:
    if row.get("not_applicable_reason"):
        return NotApplicable(row["not_applicable_reason"])
    if row["direction"] == "qualitative":
        return Judgement(BANDS[row["attainment"]], Decimal(row["attainment_percent"]) / 100)
    if row.get("target_date"):
        points = Decimal(row["score"]) if row.get("score") is not None else None
        return DateTarget(
            date.fromisoformat(row["target_date"]),
            date.fromisoformat(row["actual_date"]),
            points,
            row.get("deviation_reason", ""),
        )
    between = row["direction"] == "range"
    return Quantity(
        Direction("区间" if between else row["direction"]),
        Decimal(row["lower"] if between else row["target_value"]),
        Decimal(row["actual_value"]),
        upper=Decimal(row["upper"]) if between else None,
        explanation=row.get("deviation_reason", ""),
    )
