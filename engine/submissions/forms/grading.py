"""Whether scored rows stay within their full marks, and a grade is the one the jurisdiction gives for the score."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import shown, total
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import not_laid_down, ruled, wrong
from engine.submissions.forms.paths import cell

Row = Mapping[str, Any]


def within_full_marks(rows: Iterable[Row], table: str, score_key: str = "score") -> Iterator[FormFinding]:
    """得分 ≤ 分值 in every row."""
    for row in rows:
        score, marks = row.get(score_key), row.get("weight")
        if score is not None and marks is not None and score > marks:
            place = cell(table, row["id"], score_key)
            name = row.get("name") or row.get("item") or row["id"]
            yield wrong(place, f"“{name}”得分 {shown(score)} 大于分值 {shown(marks)}，请更正。")


def weights_make_hundred(rows: list[Row], table: str, what: str) -> Iterator[FormFinding]:
    """Full marks of all rows together are 100."""
    if not rows or any(row.get("weight") is None for row in rows):
        return
    whole = total(row["weight"] for row in rows)
    if whole != 100:
        yield wrong(table, f"{what}的分值合计是 {shown(whole)}，应为 100。请调整各行分值。")


def grade_agrees(score: Decimal | None, grade: str | None, context: FormContext) -> Iterator[FormFinding]:
    """The grade is the one the table gives for the score; without a table it is only said that none holds."""
    if score is None or grade is None:
        return
    answer = context.ask("grade", score=score, object_kind=context.object_kind)
    if answer.undefined:
        yield not_laid_down("grade", f"得分 {shown(score)} 对应的等级：本区没有规定，“{grade}”未作核对。", "grade")
    elif answer.outputs.get("grade") != grade:
        expected = answer.outputs.get("grade")
        yield ruled(answer, "grade", f"得分 {shown(score)} 按本区等级表应为“{expected}”，填的是“{grade}”。请更正。")
