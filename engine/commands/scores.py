"""From a filled form to a score: the method set of the jurisdiction adds up, its table names the grade."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from engine.clock import day_of
from engine.commands.change import Change
from engine.commands.facts import decide_for
from engine.scores import EVALUATION_KINDS, KIND_OF_FORM
from engine.scoring import method_set_for
from engine.submissions.forms.scored import scored


def total_of(move: Change, code: str, content: Mapping[str, Any]) -> tuple[Decimal, str, dict[str, Any]]:
    """The total of a form, the method set it was computed with, and the parts it is made of."""
    if code in ("F06", "F07"):
        sheet = scored(content, method_set_for(move.case.jurisdiction, move.case.fiscal_year).id)
        return sheet.total, sheet.method, {"subtotals": {k: str(v) for k, v in sheet.subtotals.items()}}
    total = Decimal(str(content["total_score"]))
    return total, f"{code.lower()}.sum_of_rows@1", {}


def keep_score(move: Change, code: str, content: Mapping[str, Any], submission_id: UUID) -> dict[str, Any]:
    """Keep the score of a version; gives score, grade (None: 本区未规定), evaluation_kind and, for a whole
    department, whole_department_score, as the diagrams read them."""
    kind = KIND_OF_FORM[code]
    total, method, basis = total_of(move, code, content)
    answer = decide_for(move.case, move.policy, "grade", {"score": total}, day_of(move.at))
    grade = None if answer.undefined else str(answer.outputs["grade"])
    basis |= {"grade_row": answer.row, "grade_source": answer.source, "grade_status": answer.status}
    lines = [str(line["self_score"]) for line in content.get("fund_lines", []) if line.get("self_score") is not None]
    if lines:
        basis["lines"] = lines
    move.add(
        "scores",
        id=uuid4(),
        submission_id=submission_id,
        kind=kind,
        total=total,
        method=method,
        grade=grade,
        basis=basis,
        scored_at=move.at,
    )
    move.record("score.given", kind=kind, total=str(total), grade=grade, method=method)
    evaluation = None if kind == "self" else EVALUATION_KINDS[kind]
    known: dict[str, Any] = {"score": str(total), "grade": grade, "evaluation_kind": evaluation}
    if move.case.object_kind == "whole_department":
        known["whole_department_score"] = str(total)
    return known
