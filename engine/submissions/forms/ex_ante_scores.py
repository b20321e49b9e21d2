"""The scored dimensions of an ex-ante assessment and the conclusion they suggest (always confirmed by a person)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import percentage, shown
from engine.scoring.totals import total_of
from engine.submissions.forms import entries as e
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import advised, listed, noted
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


def dimension_set(jurisdiction: str, object_type: str) -> dict[str, Any]:
    """The dimensions that hold here: the jurisdiction's own, else the general ones for projects or policies."""
    of_type = [
        entry for entry in template("ex_ante")["dimension_set"] if entry["for_policy"] == (object_type == "policy")
    ]
    own = [entry for entry in of_type if jurisdiction in entry["jurisdictions"]]
    general = [entry for entry in of_type if not entry["jurisdictions"]]
    chosen: dict[str, Any] = (own or general)[0]
    return chosen


def blank_dimensions(jurisdiction: str, object_type: str) -> list[Data]:
    """The rows to be scored."""
    rows = dimension_set(jurisdiction, object_type)["dimensions"]
    return [{key: value for key, value in row.items() if value} for row in rows]


def total_score(data: Data) -> Decimal | None:
    """Σ of the rounded rows; None until every dimension is scored."""
    return total_of(row.get("score") for row in data.get(TABLE, []))


def dimensions_are_scored(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """All dimensions that hold here are there, within their marks, out of 100."""
    rows = data.get(TABLE, [])
    yield from weights_make_hundred(rows, TABLE, "各维度")
    yield from within_full_marks(rows, TABLE)
    wanted = dimension_set(context.jurisdiction, data.get("object_type", "project"))
    present = {row.get("name") for row in rows}
    lacking = [entry["name"] for entry in wanted["dimensions"] if entry["name"] not in present]
    if rows and lacking:
        text = f"缺少评估维度：{'、'.join(lacking)}。请补评。"
        yield listed(wanted, TABLE, text)


def conclusion_fits(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """The conclusion is the one the score suggests, or says why not."""
    rule, score, conclusion = template("ex_ante")["conclusion"], total_score(data), data.get("conclusion")
    if score is None or conclusion is None:
        return
    suggested, why = _suggested(data, score, rule)
    if suggested == conclusion:
        return
    text = f"{why}，提示结论为“{SAID[suggested]}”，填的是“{SAID[conclusion]}”。请核对，或写说明。"
    if conclusion == "conditional" and suggested == "support":
        yield noted("conclusion", text, rule["source"])
    else:
        yield advised("conclusion", text, rule["source"], rule["status"])


def _suggested(data: Data, score: Decimal, rule: dict[str, Any]) -> tuple[str, str]:
    necessity: Data = next((row for row in data[TABLE] if row["id"] == "necessity"), {})
    reached, share = percentage(necessity.get("score"), necessity.get("weight")), rule["necessity_percent_at_least"]
    if reached is not None and reached < Decimal(share):
        return "reject", f"必要性得分 {shown(necessity['score'])} 低于分值 {shown(necessity['weight'])} 的 {share}%"
    if score >= Decimal(rule["support_from"]):
        return "support", f"总分 {shown(score)}"
    return ("conditional" if score >= Decimal(rule["conditional_from"]) else "reject"), f"总分 {shown(score)}"
