"""Problems and suggestions, as evaluation reports and letters list them: every problem has its suggestion."""

from collections.abc import Iterator

from engine.findings import FormFinding
from engine.submissions.forms import entries as e
from engine.submissions.forms.findings import missing, wrong
from engine.submissions.forms.paths import cell
from engine.submissions.forms.shape import Data
from engine.submissions.forms.sheets import RowSchema

CATEGORIES = (
    ("rules", "制度规定不健全"),
    ("funds_use", "资金使用不规范"),
    ("responsibility", "项目责任不落实"),
    ("targets", "目标指标"),
    ("execution", "预算执行"),
    ("assets", "资产管理"),
    ("satisfaction", "满意度"),
    ("other", "其他"),
)


class Problem(RowSchema):
    """One problem: class, fact, basis, money; people read its number for years, as 整改事项1."""

    numbered = ""
    category = e.choice("问题分类", CATEGORIES, required="整改台账按分类统计")
    fact = e.long_text("事实", limit=2000, required="须写清事实")
    basis = e.text("依据", limit=400, required="须写明依据的规定或证据")
    amount_wan = e.money("涉及金额", hint="不涉及金额的留空")


class Suggestion(RowSchema):
    """One suggestion, for one problem."""

    problem = e.text("对应问题", limit=40, required="建议要对应到问题（问题的行号）", refers_to="problems")
    text = e.long_text("建议", limit=2000, required="须写明怎样改")


def every_problem_is_answered(data: Data) -> Iterator[FormFinding]:
    """One suggestion or more per problem, and no suggestion to a problem that is not there."""
    problems = {problem["id"]: number for number, problem in enumerate(data.get("problems", []), start=1)}
    answered = {suggestion.get("problem") for suggestion in data.get("suggestions", [])}
    for row_id, number in problems.items():
        if row_id not in answered:
            place = cell("problems", row_id, "fact")
            yield missing(place, f"第 {number} 个问题没有建议，请至少写一条。", "表单目录 F10")
    for suggestion in data.get("suggestions", []):
        if suggestion.get("problem") and suggestion["problem"] not in problems:
            place = cell("suggestions", suggestion["id"], "problem")
            yield wrong(place, "这条建议对应的问题不在问题列表中，请重新选择。")
