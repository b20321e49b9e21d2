"""From a filled form to a score: the method set of the jurisdiction adds up, its table names the grade."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from engine.audit.digests import content_of_score, digest_of
from engine.audit.events.papers import ScoreGiven
from engine.clock import day_of
from engine.moves.change import Change
from engine.moves.facts import decide_for
from engine.scores import KIND_OF_FORM, Score, basis
from engine.scoring import ScoreSheet, method_set_for
from engine.submissions.forms.scored import scored
from engine.submissions.forms.self_evaluation_scores import is_unscored


def sheet_of(move: Change, code: str, content: Mapping[str, Any]) -> ScoreSheet:
    """The rows of a form with their points: by the jurisdiction's method set, or as a person gave them."""
    if code in ("F06", "F07"):
        chosen = method_set_for(move.case.jurisdiction, move.case.fiscal_year, move.policy.pack.scoring)
        return scored(content, chosen.id)
    return scored(content, f"{code.lower()}.sum_of_rows@1")


def _settled_before(move: Change, kind: str, total: Decimal) -> Score | None:
    """The same total with a grade somebody settled already: that is asked once."""
    same = Score.case_id == move.case.id, Score.kind == kind, Score.total == total, Score.basis["settled"].is_not(None)
    return move.session.scalar(select(Score).where(*same).order_by(Score.scored_at.desc()).limit(1))


def keep_score(move: Change, code: str, content: Mapping[str, Any], submission_id: UUID) -> dict[str, Any]:
    """Keep the score of a version; gives score, grade (None: 本区未规定), evaluation_kind and, for a whole
    department, whole_department_score, as the diagrams read them. A self-evaluation without points has none.

    A grade that was settled where the table gives none stays with the same total."""
    kind = KIND_OF_FORM[code]
    if kind == "self" and is_unscored(content):
        return {"score": None, "grade": None, "evaluation_kind": None}
    sheet = sheet_of(move, code, content)
    total, method = sheet.total if kind == "self" else Decimal(str(content["total_score"])), sheet.method
    kept = basis(sheet)
    answer = decide_for(move.case, move.policy, "grade", {"score": total}, day_of(move.at))
    grade = None if answer.undefined else str(answer.outputs["grade"])
    kept |= {"grade_row": answer.row, "grade_source": answer.source, "grade_status": answer.status}
    if grade is None and (before := _settled_before(move, kind, total)) is not None:
        grade, kept["settled"] = before.grade, before.basis["settled"]
    lines = [str(line["self_score"]) for line in content.get("fund_lines", []) if line.get("self_score") is not None]
    if lines:
        kept["lines"] = lines
    row = move.add(
        Score,
        id=uuid4(),
        submission_id=submission_id,
        kind=kind,
        total=total,
        method=method,
        grade=grade,
        basis=kept,
        scored_at=move.at,
    )
    digest = digest_of(content_of_score(row))
    move.record(ScoreGiven(kind=kind, total=total, grade=grade, method=method, submission=submission_id, digest=digest))
    evaluation = None if kind == "self" else kind.evaluation
    known: dict[str, Any] = {"score": str(total), "grade": grade, "evaluation_kind": evaluation}
    if move.case.object_kind == "whole_department":
        known["whole_department_score"] = str(total)
    return known
