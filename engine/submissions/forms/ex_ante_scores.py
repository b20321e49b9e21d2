"""The scored dimensions of an ex-ante assessment and the conclusion they suggest (always confirmed by a person)."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from engine.findings import FormFinding
from engine.policies.ex_ante_dimensions import DimensionSet, Suggestion, read_dimension_set, read_suggestion
from engine.scoring import plain
from engine.scoring.numbers import percentage, shown
from engine.scoring.totals import total_of
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import advised, noted, weighed
from engine.submissions.forms.grading import weights_make_hundred, within_full_marks
from engine.submissions.forms.shape import Data
from engine.submissions.forms.sheets import RowSchema
from engine.submissions.forms.templates import template
from engine.words import ExAnteConclusion

TABLE = "dimensions"
SAID = ExAnteConclusion.labels()


class Dimension(RowSchema):
    """One dimension: full marks, score, opinion."""

    name = e.text("维度", required="须写明维度")
    points = e.text("评分要点", limit=400)
    weight = e.weight("分值", required="各维度分值合计 100")
    score = e.score("得分", required="各维度都要评分")
    opinion = e.long_text("意见", limit=2000, required="各维度都要写意见")


@cache
def _national() -> tuple[tuple[DimensionSet, ...], Suggestion]:
    entries = template("ex_ante")
    return tuple(map(read_dimension_set, entries["ex_ante_dimensions"])), read_suggestion(entries["ex_ante_suggestion"])


def dimension_set(context: FormContext, object_type: str) -> DimensionSet:
    """The dimensions that hold here: the jurisdiction's own, else the general ones for projects or policies."""
    sets, _ = _national()
    return next(each for each in (*context.ex_ante_dimensions, *sets) if object_type in each.object_kinds)


def blank_dimensions(context: FormContext, object_type: str) -> list[Data]:
    """The rows to be scored."""
    return [
        {
            "id": row.id,
            "name": row.name,
            **({"weight": plain(row.weight)} if row.weight is not None else {}),
            **({"points": row.points} if row.points else {}),
        }
        for row in dimension_set(context, object_type).dimensions
    ]


def total_score(data: Data) -> Decimal | None:
    """Σ of the rounded rows; None until every dimension is scored."""
    return total_of(row.get("score") for row in data.get(TABLE, []))


def dimensions_are_scored(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """All dimensions that hold here are there, within their marks, out of 100."""
    rows = data.get(TABLE, [])
    yield from weights_make_hundred(rows, TABLE, "各维度")
    yield from within_full_marks(rows, TABLE)
    wanted = dimension_set(context, data.get("object_type", "project"))
    present = {row.get("name") for row in rows}
    lacking = [entry.name for entry in wanted.dimensions if entry.name not in present]
    if rows and lacking:
        text = f"缺少评估维度：{'、'.join(lacking)}。请补评。"
        yield weighed(wanted.status, TABLE, text, wanted.source)


def conclusion_fits(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """The conclusion is the one the score suggests, or says why not."""
    rule = context.ex_ante_suggestion or _national()[1]
    score, conclusion = total_score(data), data.get("conclusion")
    if score is None or conclusion is None:
        return
    suggested, why = _suggested(data, score, rule)
    if suggested == conclusion:
        return
    text = f"{why}，提示结论为“{SAID[suggested]}”，填的是“{SAID[conclusion]}”。请核对，或写说明。"
    if conclusion == "conditional" and suggested == "support":
        yield noted("conclusion", text, rule.source)
    else:
        yield advised("conclusion", text, rule.source, rule.status)


def _suggested(data: Data, score: Decimal, rule: Suggestion) -> tuple[str, str]:
    necessity: Data = next((row for row in data[TABLE] if row["id"] == "necessity"), {})
    reached, share = percentage(necessity.get("score"), necessity.get("weight")), rule.necessity_percent_at_least
    if reached is not None and reached < share:
        return (
            "reject",
            f"必要性得分 {shown(necessity['score'])} 低于分值 {shown(necessity['weight'])} 的 {plain(share)}%",
        )
    if score >= rule.support_from:
        return "support", f"总分 {shown(score)}"
    return ("conditional" if score >= rule.conditional_from else "reject"), f"总分 {shown(score)}"
