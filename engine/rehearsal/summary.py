"""The result of a rehearsal for a bureau head: ten figures, disagreements, what nobody laid down, what stands out.

`told` makes it of headings, sentences, tables and bars; `as_markdown` and `as_page` write the same as a text and as a
page with drawings.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.results.disagreements import measures
from engine.words import Grade

Result = Mapping[str, Any]

EXAMPLES = (
    "单位、机构、得分、等级和资金来自输入文件。人员、意见、日期、指标、退回、逾期、整改、预算调整，以及项目由哪个单位承担、"
    "部门的预算和自评得分，都是演练示例，不是这些单位和机构的真实情况。"
)
FROM_FILES, REHEARSED = "输入文件", "演练示例"


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a part begins."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences; as a list where they are of one kind."""

    texts: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below their heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts side by side, drawn where one can draw: name → how many."""

    title: str
    counts: Mapping[str, int]


Part = Heading | Lines | Table | Bars


def title_of(result: Result) -> str:
    """What the year is called."""
    return f"{result['jurisdiction_title']} {result['year']} 年度演练"


def told(result: Result) -> list[Part]:
    """Everything, in the order in which a bureau head asks."""
    return [
        Lines((EXAMPLES,)),
        *_ten_figures(result),
        *_disagreements(result),
        *_not_laid_down(result),
        *_standing_out(result),
        *_way(result),
        *_remarks(result),
    ]


def headline(result: Result) -> str:
    """The result in a few lines, for a terminal."""
    return "\n".join([*_departments(result["departments"]), *_projects(result["projects"]), *_differences(result)])


def known_measures() -> str:
    """The published measures a rehearsal can compare, in a sentence."""
    return f"能对照的指标：{'、'.join(measures())}。"


def _ten_figures(result: Result) -> Iterator[Part]:
    departments, projects = result["departments"], result["projects"]
    cut, late = result["amounts"], result["late_rectifications"]["items"]
    figures = (
        ("部门整体评价", _counted(departments, "家"), "按单位计，一家一个结果", FROM_FILES),
        ("部门最高、最低分", _span(departments), "评价得分，百分制", FROM_FILES),
        ("项目评价", _counted(projects, "个"), "按项目计，一个项目可有几笔资金", FROM_FILES),
        ("项目资金", _money(projects), "各笔相加，不四舍五入", FROM_FILES),
        ("优良率", _good(departments, projects), "（优＋良）÷评价对象，等级按本区等级表", FROM_FILES),
        ("自评与第三方", _gap(projects), "按项目平均，不按资金加权；几笔资金的取各笔自评的平均", FROM_FILES),
        ("核减", _cut(cut), "申报（更正后）减去最近一次核定，只计项目和政策", REHEARSED),
        ("退回", f"{result['returns']} 次", f"审核退回和负责人退改，共 {result['human_steps']} 个人工步骤", REHEARSED),
        (
            "整改事项",
            f"{result['rectification_items']} 项，逾期 {late} 项",
            "逾期：到期没有办完、请上级督促过的",
            REHEARSED,
        ),
        ("由人认定", f"{_times(result)} 次", "本区没有规定、由绩效股认定的步骤，逐项见下", REHEARSED),
    )
    yield Heading("一年十个数")
    rows = (tuple(map(str, (number, *figure))) for number, figure in enumerate(figures, 1))
    yield Table(("", "指标", "数", "口径", "来自"), tuple(rows))
    for name, part in (("部门整体", departments), ("项目", projects)):
        if part["count"]:
            yield Bars(f"{name}等级", part["grades"])
    lines = [f"{result['grades_compared']} 个对象中，{result['grades_equal']} 个按本区等级表得出的等级与公布一致。"]
    beyond = result["evaluated_beyond_the_table"]
    if beyond:
        lines.append(f"按本区条件不必重点评价、因有公布得分而列入的 {len(beyond)} 个：{_some(beyond)}。")
    yield Lines(tuple(lines), listed=True)


def _counted(part: Result, unit: str) -> str:
    return f"{part['count']} {unit}：{_grades(part)}" if part["count"] else "没有"


def _span(departments: Result) -> str:
    return f"{departments['max']}、{departments['min']}" if departments["count"] else "没有"


def _money(projects: Result) -> str:
    return f"{projects['funds_wan']} 万元，{projects['fund_lines']} 笔" if projects["count"] else "没有"


def _good(*parts: Result) -> str:
    every = sum(part["count"] for part in parts)
    good = sum(part["grades"].get(grade, 0) for part in parts for grade in Grade if grade.is_good and part["count"])
    return f"{good} ÷ {every} ＝ {100 * good / every:.2f} %"


def _gap(projects: Result) -> str:
    gap = projects["mean_self_minus_third_party"] if projects["count"] else None
    return "没有" if gap is None else f"自评平均{'低' if gap.startswith('-') else '高'} {gap.lstrip('-')} 分"


def _cut(cut: Result | None) -> str:
    if cut is None:
        return "没有核定过的金额"
    rate = "" if cut["rate"] is None else f"（{cut['rate']} %）"
    return f"{cut['cut_wan']} 万元{rate}，{cut['less']} 个"


def _times(result: Result) -> int:
    return sum(each["times"] for each in result["decided_by_people"])


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


def _some(names: Iterable[str], most: int = 10) -> str:
    every = list(names)
    return "、".join(every[:most]) + (" 等，其余见 results.json" if len(every) > most else "")


def _disagreements(result: Result) -> Iterator[Part]:
    agreeing, silent = result["published_agreeing"], result["published_not_computed"]
    yield Heading("与公布数的差别")
    yield Lines(tuple(_differences(result)))
    if result["disagreements"]:
        rows = tuple(
            (each["measure"], each["published"], each["computed"], each["note"]) for each in result["disagreements"]
        )
        yield Table(("指标", "公布", "演练得出", "说明"), rows)
    lines = []
    if agreeing:
        lines.append(f"一致的 {len(agreeing)} 项：{'、'.join(agreeing)}。")
    if silent:
        lines.append(f"演练不计算、没有对照的 {len(silent)} 项：{'、'.join(silent)}。")
    if lines:
        yield Lines(tuple(lines))


def _differences(result: Result) -> list[str]:
    count, remarks = len(result["disagreements"]), len(result["remarks"])
    nothing = "没有不一致" if result["published_agreeing"] else "等级没有不一致，没有可对照的公布汇总数"
    found = f"有 {count} 处不一致" if count else nothing
    return [f"{found}，另有 {remarks} 处提示。" if remarks else f"{found}。"]


def _not_laid_down(result: Result) -> Iterator[Part]:
    decided, undated = result["decided_by_people"], result["days_not_laid_down"]
    yield Heading("本区没有规定的")
    if not decided and not undated:
        yield Lines(("没有：每一步都有规定。",))
        return
    if decided:
        yield Lines((f"规则表答不了、由绩效股认定了 {_times(result)} 次；认定了什么是演练示例。",))
        rows = tuple((each["step"], str(each["times"]), _answers(each["answers"])) for each in decided)
        yield Table(("事项", "次数", "认定（示例）"), rows)
        yield Bars("由人认定的次数", {each["step"]: each["times"] for each in decided})
    if undated:
        yield Lines(("期限表没有规定、不设截止日的步骤：",))
        yield Table(("期限", "次数"), tuple((each["deadline"], str(each["times"])) for each in undated))


def _answers(answers: Mapping[str, int]) -> str:
    return "；".join(f"{answer}：{times} 次" for answer, times in answers.items())


def _standing_out(result: Result) -> Iterator[Part]:
    yield Heading("值得注意的")
    yield Lines(("得分最低的：",))
    yield Table(
        ("对象", "得分", "等级"), tuple((each["name"], each["score"], each["grade"]) for each in result["lowest"])
    )
    if result["widest_gaps"]:
        yield Lines(("自评与第三方相差最大的：",))
        rows = tuple((each["name"], each["self"], each["third_party"], each["gap"]) for each in result["widest_gaps"])
        yield Table(("项目", "自评", "第三方", "相差（分）"), rows)
    late = result["late_rectifications"]
    if late["units"]:
        yield Lines((f"整改逾期最多的单位（{REHEARSED}）：",))
        units = tuple((each["unit"], str(each["late"]), str(each["items"])) for each in late["units"])
        yield Table(("单位", "逾期（项）", "共（项）"), units)
    if result["effects"]:
        yield Lines((f"结果应用的建议（按规则表，金额为{REHEARSED}）：",))
        effects = tuple(
            (each["effect"], str(each["budget_year"]), str(each["objects"]), each["cut_wan"])
            for each in result["effects"]
        )
        yield Table(("怎样应用", "预算年度", "对象（个）", "扣减（万元）"), effects)


def _way(result: Result) -> Iterator[Part]:
    rows = (
        ("案卷", f"{result['cases']} 份，办结 {result['cases_finished']} 份"),
        ("起止（演练时钟）", f"{result['first_day']} 至 {result['last_day']}"),
        ("人工步骤", str(result["human_steps"])),
        ("退回", str(result["returns"])),
        ("撤回", str(result["withdrawals"])),
        ("逾期办理", str(result["late_steps"])),
        ("期限届满", str(result["deadlines_fired"])),
        ("预算调整", str(result["budget_adjustments"])),
        ("反馈意见函", str(result["letters"])),
        ("整改事项", str(result["rectification_items"])),
        ("审计记录", f"{result['journal']['entries']} 条，校验{'通过' if result['journal']['holds'] else '未通过'}"),
    )
    yield Heading("怎样得出")
    yield Table(("过程", "数量"), rows)


def _remarks(result: Result) -> Iterator[Part]:
    """What is no difference and worth knowing; the measures there are, when one was misspelt."""
    remarks = result["remarks"]
    if not remarks:
        return
    yield Heading("提示")
    yield Lines(tuple(f"{each['measure']}：{each['note']}" for each in remarks), listed=True)
    if any(each["kind"] == "unknown_measure" for each in remarks):
        yield Lines((known_measures(),))
