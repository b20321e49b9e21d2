"""F05 绩效运行监控表: money and targets halfway through the year, side by side (双监控).

Source: forms.md F05; CH-06, CH-08, HX-05, HX-21, HC-07 to HC-09, JH-06, JH-08; 财预〔2019〕136号 by way of G3, G4.
The lights come from the jurisdiction's decision `monitoring_light`, the window from `monitoring_window`.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.scoring.numbers import percent_of, percentage, shown, text_of
from engine.submissions.forms import entries as e
from engine.submissions.forms import indicators as rows
from engine.submissions.forms import money
from engine.submissions.forms import monitoring_figures as figures
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import Answer, advised, missing, not_laid_down, noted, ruled, wrong
from engine.submissions.forms.form import ALL_KINDS, Data, Form
from engine.submissions.forms.header import known, same_name_as_budget, same_year_as_case
from engine.submissions.forms.measured import is_reached
from engine.submissions.forms.sheets import FormSchema
from engine.words import (
    SUGGESTED_DISPOSALS,
    Attainment,
    CaseKind,
    Disposal,
    Light,
    TimeProgress,
    options_of,
    spellings_of,
)

MONITORS = (("department", "部门日常监控"), ("finance", "财政重点监控"), ("agency", "第三方监控"))
SCOPES = (*options_of((CaseKind.PROJECT, CaseKind.WHOLE_DEPARTMENT)), ("bundle", "1+1+X 组合"))
CAUSES = (
    ("funding", "经费保障"),
    ("rules", "制度保障"),
    ("people", "人员保障"),
    ("equipment", "硬件条件保障"),
    ("other", "其他"),
)
LIGHTS = options_of(Light)
BANDS = options_of(Attainment)
DISPOSALS = options_of(SUGGESTED_DISPOSALS)


class MonitoredRow(rows.TargetColumns):
    """A frozen target row with what was done by the end of month N and what the year will bring."""

    period_value = e.figure("1–N 月执行情况", required_when="定量指标", main=True)
    period_text = e.text("1–N 月执行情况（文字）", limit=1000, required_when="定性指标", stands_for="period_value")
    period_band = e.choice("目前达成情况", BANDS, hint="定性指标")
    forecast_value = e.figure("全年预计完成值", required_when="定量指标", main=True)
    forecast_text = e.text(
        "全年预计完成情况（文字）", limit=1000, required_when="定性指标", stands_for="forecast_value"
    )
    likelihood = e.choice("完成目标可能性", rows.LIKELIHOODS, required="要预判全年能否完成", main=True)
    causes = e.choices("偏差原因", CAUSES, required_when="可能完不成")
    cause_note = e.long_text("偏差原因说明", limit=1000, required_when="可能完不成", own_words=True)


class MonitoringSheet(FormSchema):
    """The cells of F05."""

    object_name = e.text("监控对象名称", required="须与预算一致")
    fiscal_year = e.year("年度", required="按资金年度监控")
    monitor = e.choice("监控主体", MONITORS, required="部门日常监控和财政重点监控要分开")
    scope = e.choice("监控对象", SCOPES, required="须写明监控范围")
    bundle = e.text("1+1+X 组合编号", limit=60, required_when="监控对象为 1+1+X 组合")
    cutoff_month = e.whole("监控截止月", lowest=1, highest=12, required="执行率和时间进度按截止月计算")
    funds = e.part("资金", money.PeriodTable)
    planned_amount_wan = e.money("截至当月计划支付额", required_when="时间进度按用款计划计算")
    forecast_executed_wan = e.money("全年预计执行数", required="要预判全年执行")
    forecast_rate = e.percent("全年预计执行率", computed=True)
    time_progress = e.percent("时间进度", computed=True)
    progress_gap = e.percent("进度差", signed=True, computed=True, unit="百分点", hint="执行率 − 时间进度")
    achievement_rate = e.percent("目标完成进度", computed=True)
    indicators = e.rows("绩效指标监控", MonitoredRow, required="目标完成情况要逐条监控")
    money_light = e.choice("资金进度灯", LIGHTS, computed=True)
    target_light = e.choice("指标进度灯", LIGHTS, computed=True)
    measures = e.long_text("整改措施", limit=2000, required_when="亮黄灯或红灯", own_words=True)
    responsible_person = e.text("责任人", limit=40, required_when="亮黄灯或红灯")
    measures_due_on = e.day("整改期限", required_when="亮黄灯或红灯")
    suggested_disposals = e.choices(
        "处置意见",
        DISPOSALS,
        also=spellings_of(Disposal),
        required_when="亮红灯",
        hint="填本单位的建议，由财政部门审定",
    )


def _heading(data: Data, context: FormContext) -> Iterator[FormFinding]:
    yield from same_name_as_budget(data, context, "object_name", "监控对象名称")
    yield from same_year_as_case(data, context)
    if data.get("scope") == "bundle" and not data.get("bundle"):
        yield missing("bundle", "1+1+X 组合须写明组合编号，请补填。", "CH-08")
    month = data.get("cutoff_month")
    answer = context.ask("monitoring_window", object_kind=context.object_kind)
    if month is None:
        return
    if answer.undefined:
        yield not_laid_down("cutoff_month", f"监控截止月：本区没有规定，填的是 {month} 月。", "monitoring_window")
    elif answer.outputs.get("end_month") != month:
        expected = shown(Decimal(answer.outputs["end_month"]))
        yield ruled(answer, "cutoff_month", f"本区监控截止月为 {expected} 月，填的是 {month} 月。请核对。")


def _funds(data: Data, context: FormContext) -> Iterator[FormFinding]:
    funds = data.get("funds", {})
    yield from money.sources_add_up(funds)
    yield from money.spent_within_budget(funds, (("total", "年度资金总额"), *money.SOURCES), "funds")
    yield from money.no_budget_no_rate(funds.get("total", {}), "funds.total.annual_budget_wan")
    budget, forecast = funds.get("total", {}).get("annual_budget_wan"), data.get("forecast_executed_wan")
    executed = funds.get("total", {}).get("executed_amount_wan")
    if forecast is not None and executed is not None and forecast < executed:
        text = f"全年预计执行数 {shown(forecast)} 小于 1–N 月执行数 {shown(executed)}，请核对。"
        yield wrong("forecast_executed_wan", text)
    if budget is not None and context.amount_wan is not None and budget != context.amount_wan:
        text = f"全年预算数 {shown(budget)} 与预算（调整后）{shown(context.amount_wan)} 不一致，请核对。"
        yield wrong("funds.total.annual_budget_wan", text)
    if context.time_progress_method is None:
        text = "时间进度怎么算：本区没有规定，执行率是否落后由审核人判断。"
        yield not_laid_down("time_progress", text, "time_progress_method")
    if context.time_progress_method == TimeProgress.PAYMENT_PLAN and data.get("planned_amount_wan") is None:
        yield missing("planned_amount_wan", "本区时间进度按用款计划计算，“截至当月计划支付额”未填，请补填。")


def _rows(data: Data, context: FormContext) -> Iterator[FormFinding]:
    monitored = rows.rows_of(data)
    yield from rows.same_as_frozen(monitored, context.target, rows.FROZEN_COLUMNS, "绩效目标")
    for row in monitored:
        suffix = "text" if row.get("direction") == "qualitative" or row.get("target_date") else "value"
        for part, label in (("period", "1–N 月执行情况"), ("forecast", "全年预计完成情况")):
            if row.get(f"{part}_{suffix}") is None:
                text = f"指标{rows.called(row)}没有填{label}，请补填。"
                yield missing(rows.at(row, f"{part}_{suffix}"), text)
        if row.get("likelihood") in ("possible", "impossible") and not (row.get("causes") and row.get("cause_note")):
            text = f"指标{rows.called(row)}可能完不成，请选偏差原因并写明情况。"
            yield advised(rows.at(row, "cause_note"), text, "财预〔2019〕136号（一般知识）", "inferred")
        if row.get("likelihood") == "certain" and is_reached(row, row.get("forecast_value"), context) is False:
            text = f"指标{rows.called(row)}的全年预计达不到指标值，可能性却选“确定能”。请核对，或写说明。"
            yield advised(rows.at(row, "likelihood"), text, "表单目录 F05")


def _lights(data: Data, context: FormContext) -> Iterator[FormFinding]:
    answer = lights(data, context)
    if answer is None:
        return
    if answer.undefined:
        text = "双监控亮灯：本区没有规定，进度是否滞后由审核人判断。"
        yield not_laid_down("money_light", text, "monitoring_light")
        return
    shining = {answer.outputs.get("money_light"), answer.outputs.get("target_light")}
    if shining & {"yellow", "red"}:
        for key, label in (
            ("measures", "整改措施"),
            ("responsible_person", "责任人"),
            ("measures_due_on", "整改期限"),
        ):
            if not data.get(key):
                yield ruled(answer, key, f"进度滞后（{_progress(data, context)}），“{label}”未填，请补填。")
    if "red" in shining and not data.get("suggested_disposals"):
        text = f"进度严重滞后（{_progress(data, context)}），请填处置意见。"
        yield ruled(answer, "suggested_disposals", text)


def _supplement(data: Data, context: FormContext) -> Iterator[FormFinding]:
    """Spending behind time blocks supplements in principle (HC-08): said early, decided later."""
    spent, gone = figures.execution_rate(data), figures.time_progress(data, context)
    if spent is None or gone is None:
        return
    answer = context.ask("supplement_allowed", execution_rate=spent, time_progress=gone)
    if not answer.undefined and answer.outputs.get("allowed") is False:
        text = f"执行进度落后于序时进度（{_progress(data, context)}），原则上不予追加预算。"
        yield noted("funds.execution_rate", text, answer.source or "supplement_allowed", answer.status or "default")


def lights(data: Data, context: FormContext) -> Answer | None:
    """What `monitoring_light` says; None as long as neither money nor time can be told."""
    spent, gone = figures.execution_rate(data), figures.time_progress(data, context)
    achieved = figures.achievement_rate(data, context)
    if spent is None and achieved is None:
        return None
    return context.ask("monitoring_light", execution_rate=spent, time_progress=gone, achievement_rate=achieved)


def _progress(data: Data, context: FormContext) -> str:
    said = (
        ("执行率", figures.execution_rate(data)),
        ("时间进度", figures.time_progress(data, context)),
        ("目标完成进度", figures.achievement_rate(data, context)),
    )
    return "、".join(f"{label} {shown(percent_of(share))}%" for label, share in said if share is not None)


def _figures(data: Data, context: FormContext) -> dict[str, Any]:
    line = data.get("funds", {}).get("total", {})
    spent, gone = figures.execution_rate(data), figures.time_progress(data, context)
    achieved = figures.achievement_rate(data, context)
    answer = lights(data, context)
    shining = {} if answer is None or answer.undefined else answer.outputs
    return {
        "funds.execution_rate": money.execution_percent(line),
        "forecast_rate": percentage(data.get("forecast_executed_wan"), line.get("annual_budget_wan")),
        "time_progress": None if gone is None else percent_of(gone),
        "progress_gap": None if spent is None or gone is None else percent_of(spent - gone),
        "achievement_rate": None if achieved is None else percent_of(achieved),
        "money_light": shining.get("money_light"),
        "target_light": shining.get("target_light"),
    }


def _facts(data: Data, context: FormContext) -> dict[str, Any]:
    told = {
        "execution_rate": figures.execution_rate(data),
        "time_progress": figures.time_progress(data, context),
        "achievement_rate": figures.achievement_rate(data, context),
    }
    return {name: None if share is None else text_of(share) for name, share in told.items()}


def _blank(context: FormContext) -> Data:
    window = context.ask("monitoring_window", object_kind=context.object_kind)
    month = None if window.undefined else int(window.outputs["end_month"])
    scope = "whole_department" if context.object_kind == "whole_department" else "project"
    amount = None if context.amount_wan is None else text_of(context.amount_wan)
    return known(
        object_name=context.object_name,
        fiscal_year=context.fiscal_year,
        monitor="department",
        scope=scope,
        cutoff_month=month,
        funds={"total": {"annual_budget_wan": amount}} if amount else {},
    )


def _prefill(context: FormContext) -> Data:
    return known(indicators=rows.copied(context.target, rows.FROZEN_COLUMNS))


FORM = Form(
    code="F05",
    title="绩效运行监控表",
    object_kinds=ALL_KINDS,
    schema=MonitoringSheet(),
    rules=(_heading, _funds, _rows, _lights, _supplement),
    figures=_figures,
    facts=_facts,
    blank=_blank,
    prefill=_prefill,
)
