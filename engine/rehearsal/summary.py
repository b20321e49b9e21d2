"""The result of a rehearsal in words, for a finance officer: the year's figures and every disagreement."""

from collections.abc import Mapping
from typing import Any

from engine.results.disagreements import measures

Result = Mapping[str, Any]

EXAMPLES = (
    "单位、机构、得分、等级和资金来自输入文件。人员、意见、日期、指标、退回、逾期、整改、预算调整，以及项目由哪个单位承担、"
    "部门的预算和自评得分，都是演练示例，不是这些单位和机构的真实情况。"
)


def summary(result: Result) -> str:
    """Markdown: figures, the way there, disagreements, what was not compared, remarks."""
    parts = [
        f"# {result['jurisdiction_title']} {result['year']} 年度演练",
        EXAMPLES,
        *_figures(result),
        *_way(result),
        *_disagreements(result),
        *_remarks(result),
    ]
    return "\n\n".join(parts) + "\n"


def headline(result: Result) -> str:
    """The result in a few lines, for a terminal."""
    return "\n".join([*_departments(result["departments"]), *_projects(result["projects"]), *_differences(result)])


def _figures(result: Result) -> list[str]:
    lines = [*_departments(result["departments"]), *_projects(result["projects"])]
    lines.append(f"{result['grades_compared']} 个对象中，{result['grades_equal']} 个按本区等级表得出的等级与公布一致。")
    beyond = result["evaluated_beyond_the_table"]
    if beyond:
        lines.append(f"按本区条件不必重点评价、因有公布得分而列入的 {len(beyond)} 个：{'、'.join(beyond)}。")
    return ["## 年度结果", "\n".join(f"- {line}" for line in lines)]


def _departments(departments: Result) -> list[str]:
    if not departments["count"]:
        return []
    span = f"最高 {departments['max']} 分，最低 {departments['min']} 分"
    return [f"部门整体 {departments['count']} 家：{_grades(departments)}；{span}。"]


def _projects(projects: Result) -> list[str]:
    if not projects["count"]:
        return []
    gap = projects["mean_self_minus_third_party"]
    money = f"资金 {projects['fund_lines']} 笔，共 {projects['funds_wan']} 万元"
    return [
        f"项目 {projects['count']} 个、{money}：{_grades(projects)}。",
        f"自评得分平均比第三方评价得分{'低' if gap.startswith('-') else '高'} {gap.lstrip('-')} 分。",
    ]


def _grades(part: Result) -> str:
    return "，".join(f"{grade} {count} 个" for grade, count in part["grades"].items())


def _way(result: Result) -> list[str]:
    rows = (
        ("案卷", f"{result['cases']} 份，办结 {result['cases_finished']} 份"),
        ("起止（演练时钟）", f"{result['first_day']} 至 {result['last_day']}"),
        ("人工步骤", result["human_steps"]),
        ("退回", result["returns"]),
        ("撤回", result["withdrawals"]),
        ("逾期办理", result["late_steps"]),
        ("期限届满", result["deadlines_fired"]),
        ("预算调整", result["budget_adjustments"]),
        ("反馈意见函", result["letters"]),
        ("整改事项", result["rectification_items"]),
        ("审计记录", f"{result['journal']['entries']} 条，校验{'通过' if result['journal']['holds'] else '未通过'}"),
    )
    table = ["| 过程 | 数量 |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)]
    return ["## 怎样得出", "\n".join(table)]


def _disagreements(result: Result) -> list[str]:
    agreeing, silent = result["published_agreeing"], result["published_not_computed"]
    parts = ["## 与公布数的差别", "\n".join(_differences(result))]
    if result["disagreements"]:
        head = ["| 指标 | 公布 | 演练得出 | 说明 |", "| --- | --- | --- | --- |"]
        parts.append("\n".join([*head, *(_row(each) for each in result["disagreements"])]))
    if agreeing:
        parts.append(f"一致的 {len(agreeing)} 项：{'、'.join(agreeing)}。")
    if silent:
        parts.append(f"演练不计算、没有对照的 {len(silent)} 项：{'、'.join(silent)}。")
    return parts


def _differences(result: Result) -> list[str]:
    count, remarks = len(result["disagreements"]), len(result["remarks"])
    told = f"有 {count} 处不一致" if count else "没有不一致"
    return [f"{told}，另有 {remarks} 处提示。" if remarks else f"{told}。"]


def _remarks(result: Result) -> list[str]:
    """What is no difference and worth knowing; the measures there are, when one was misspelt."""
    remarks = result["remarks"]
    if not remarks:
        return []
    parts = ["## 提示", "\n".join(f"- {each['measure']}：{each['note']}" for each in remarks)]
    if any(each["kind"] == "unknown_measure" for each in remarks):
        parts.append(known_measures())
    return parts


def known_measures() -> str:
    """The published measures a rehearsal can compare, in a sentence."""
    return f"能对照的指标：{'、'.join(measures())}。"


def _row(each: Mapping[str, str]) -> str:
    cells = (each["measure"], each["published"], each["computed"], each["note"])
    return f"| {' | '.join(cell.replace('|', '｜') for cell in cells)} |"
