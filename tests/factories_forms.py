"""Valid contents of every official form, and the context in which they are valid. All names and figures are 示例.

`valid_content("F02", project_name="…", **{"indicators[y1].weight": "16"})` starts from a form without any finding that
stops it and changes only what is named, by path. The forms belong together: F05 to F07 answer to F02 and F04, F08 to
F06, F10 to F09, F11 to F10, F12 to F09.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.submissions.forms import FORMS, FormContext, check
from engine.submissions.forms.paths import put

NAME = "示例：社区养老服务站建设经费"
UNIT = "示例单位甲"
DEPARTMENT = "示例主管部门"
YEAR = 2021


@dataclass(frozen=True)
class Said:
    """What a decision table answers in a test."""

    undefined: bool = True
    outputs: dict[str, Any] = field(default_factory=dict)
    source: str | None = None
    status: str | None = None


def stated(**outputs: Any) -> Said:
    return Said(False, outputs, "示例依据", "stated")


def default(**outputs: Any) -> Said:
    return Said(False, outputs, "示例默认值", "default")


def inferred(**outputs: Any) -> Said:
    return Said(False, outputs, "示例推定", "inferred")


def form_context(answers: Mapping[str, Any] | None = None, **changes: Any) -> FormContext:
    """A case of 花溪 in 2021 whose tables say only what `answers` gives: a Said, or a function of the inputs."""
    known = answers or {}

    def decide(decision: str, inputs: Mapping[str, Any]) -> Said:
        answer = known.get(decision, Said())
        return answer(inputs) if callable(answer) else answer

    cells: dict[str, Any] = {
        "jurisdiction": "huaxi",
        "fiscal_year": YEAR,
        "object_kind": "project",
        "decide": decide,
        "object_name": NAME,
        "object_code": "示例-2021-001",
        "unit_name": UNIT,
        "department_name": DEPARTMENT,
        "amount_wan": Decimal("180"),
    }
    return FormContext(**(cells | changes))


def context_for(code: str, answers: Mapping[str, Any] | None = None, **changes: Any) -> FormContext:
    """The context in which `valid_content(code)` can be handed in."""
    return form_context(answers, **(_NEEDED.get(code, dict)() | changes))


def valid_content(code: str, /, **changes: Any) -> dict[str, Any]:
    """A content of that form that nothing stops; `changes` are by path, None removes a cell."""
    content = copy.deepcopy(_FORMS[code])
    for path, value in changes.items():
        put(content, path, value)
    return content


def examine(
    code: str, changes: Mapping[str, Any] | None = None, answers: Mapping[str, Any] | None = None, **context: Any
) -> list[FormFinding]:
    """What the checks find in the valid form with these cells changed, in its own context."""
    return check(FORMS[code], valid_content(code, **(changes or {})), context_for(code, answers, **context))


def one_at(field: str, findings: list[FormFinding]) -> FormFinding:
    """The single finding at that field."""
    (finding,) = [finding for finding in findings if finding.field == field]
    return finding


def indicator(row_id: str, level1: str, level2: str, name: str, weight: str, **cells: Any) -> dict[str, Any]:
    row = {"id": row_id, "level1": level1, "level2": level2, "name": name, "weight": weight}
    return row | {"data_source": "示例：业务台账", "calculation": "示例：按台账统计"} | cells


def _amount(total: str, fiscal: str = "0", carry_over: str = "0", other: str = "0") -> dict[str, str]:
    return {"total_wan": total, "fiscal_wan": fiscal, "carry_over_wan": carry_over, "other_wan": other}


def _line(initial: str, budget: str, executed: str) -> dict[str, str]:
    return {"initial_budget_wan": initial, "annual_budget_wan": budget, "executed_amount_wan": executed}


def _paper(row_id: str, name: str) -> dict[str, str]:
    return {"id": row_id, "name": name}


_INDICATORS = [
    indicator("y1", "产出指标", "数量指标", "培训护理人次", "15", direction="≥", target_value="500", unit="人次"),
    indicator("y2", "产出指标", "数量指标", "新建服务站点", "10", direction="=", target_value="4", unit="个"),
    indicator("y3", "产出指标", "质量指标", "验收合格率", "10", direction="≥", target_value="95", unit="%"),
    indicator("y4", "产出指标", "时效指标", "按期完成率", "8", direction="≥", target_value="100", unit="%"),
    indicator("y5", "产出指标", "成本指标", "单位成本", "7", direction="≤", target_value="0.30", unit="万元/人"),
    indicator("y6", "效益指标", "社会效益指标", "受益户数", "15", direction="≥", target_value="1000", unit="户"),
    indicator(
        "y7", "效益指标", "生态效益指标", "社区环境", "8", direction="qualitative", target_text="改善", calculation=None
    ),
    indicator(
        "y8",
        "效益指标",
        "可持续影响指标",
        "服务机制",
        "7",
        direction="qualitative",
        target_text="建立长效机制",
        calculation=None,
    ),
    indicator(
        "y9",
        "满意度指标",
        "服务对象满意度指标",
        "老人满意度",
        "10",
        direction="≥",
        target_value="90",
        unit="%",
        survey_method="示例：入户问卷",
        survey_population="示例：接受服务的老人",
    ),
]
_TARGET_KEYS = ("id", "level1", "level2", "name", "direction", "target_value", "target_text", "unit", "weight")


def _rows_with(columns: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The target columns of the indicators, filled on with the cells given for each row."""
    return [{key: row[key] for key in _TARGET_KEYS if key in row} | columns[row["id"]] for row in _INDICATORS]


_ACTUALS: dict[str, dict[str, Any]] = {
    "y1": {"actual_value": "487", "score": "14.61", "deviation_reason": "示例：一期培训因疫情停办，已排入下年计划"},
    "y2": {"actual_value": "4", "score": "10"},
    "y3": {"actual_value": "98", "score": "10"},
    "y4": {"actual_value": "75", "score": "6", "deviation_reason": "示例：一处站点晚两个月完工，已约谈施工单位"},
    "y5": {"actual_value": "0.33", "score": "6.30", "deviation_reason": "示例：材料涨价，下年改为集中采购"},
    "y6": {"actual_value": "1680", "score": "15", "deviation_reason": "示例：邻近社区并入，下年调高指标值"},
    "y7": {
        "actual_text": "示例：两处场地完成绿化",
        "attainment": "partly",
        "attainment_percent": "75",
        "score": "6",
        "deviation_reason": "示例：另两处场地权属未定，已报街道协调",
    },
    "y8": {
        "actual_text": "示例：制度已印发并运行",
        "attainment": "achieved",
        "attainment_percent": "95",
        "score": "6.65",
        "deviation_reason": "示例：个别站点执行不齐，已列入检查",
    },
    "y9": {"actual_value": "86.4", "score": "9.60", "deviation_reason": "示例：饭菜口味意见较多，已更换供餐单位"},
}
_PERIOD: dict[str, dict[str, Any]] = {
    row["id"]: (
        {"period_text": "示例：正在推进", "period_band": "partly", "forecast_text": "示例：年底可完成"}
        if row["direction"] == "qualitative"
        else {"period_value": row["target_value"], "forecast_value": row["target_value"]}
    )
    | {"likelihood": "certain"}
    for row in _INDICATORS
}
_FUNDS_2021 = {
    "total": _line("200", "180", "153"),
    "fiscal": _line("190", "170", "145"),
    "carry_over": _line("10", "10", "8"),
    "other": _line("0", "0", "0"),
}

_F01: dict[str, Any] = {
    "object_name": NAME,
    "object_code": "示例-2021-001",
    "fiscal_year": YEAR,
    "object_type": "project",
    "project_nature": "new",
    "spending_frequency": "one_off",
    "department": DEPARTMENT,
    "implementing_unit": UNIT,
    "start_on": "2021-01-01",
    "end_on": "2022-12-31",
    "requested": _amount("360", "350", "10"),
    "requested_this_year_wan": "180",
    "basis_papers": [_paper("p1", "示例：养老服务规划") | {"number": "示例〔2020〕1号", "present": True}],
    "content": "示例：建设四个社区养老服务站，培训护理人员。",
    "plan": "示例：上半年选址施工，下半年验收投用。",
    "target_summary": "示例：年内建成四站，培训五百人次。",
    "assessor_kind": "agency",
    "assessor_name": "示例评估机构",
    "methods": ["cost_benefit", "expert_advice"],
    "experts": [
        {
            "id": "x1",
            "name": "示例专家",
            "organisation": "示例大学",
            "speciality": "公共管理",
            "opinion": "示例：立项依据充分，建议压减设备费。",
            "signed": True,
        }
    ],
    "dimensions": [
        {"id": key, "name": name, "weight": "20", "score": "17", "opinion": "示例：基本符合要求。"}
        for key, name in (
            ("necessity", "立项必要性"),
            ("economy", "投入经济性"),
            ("target_reasonableness", "绩效目标合理性"),
            ("feasibility", "实施方案可行性"),
            ("financing_compliance", "筹资合规性"),
        )
    ],
    "conclusion": "support",
    "suggested_wan": "320.5",
    "problems": [{"id": "w1", "problem": "示例：设备清单偏多。", "suggestion": "示例：按床位数核定设备。"}],
    "papers": [_paper("m1", "示例：可行性研究报告") | {"needed": True, "present": True}],
}
_F02: dict[str, Any] = {
    "project_name": NAME,
    "project_code": "示例-2021-001",
    "fiscal_year": YEAR,
    "department": DEPARTMENT,
    "implementing_unit": UNIT,
    "person_in_charge": "示例负责人",
    "phone": "示例电话",
    "project_nature": "new",
    "project_category": "development",
    "start_on": "2021-01-01",
    "end_on": "2022-12-31",
    "funds": {"mid_term": _amount("360", "350", "10"), "annual": _amount("180", "170", "10")},
    "mid_term_goal": "示例：两年建成八个社区养老服务站，形成长效服务机制。",
    "annual_goal": "示例：2021 年建成四个社区养老服务站，培训护理人员五百人次。",
    "template": "project.2015",
    "indicators": _INDICATORS,
}
_F03: dict[str, Any] = {
    "object_name": NAME,
    "round": "single",
    "reviewer_kind": "finance",
    "marks": [
        {"id": key, "group": group, "item": item, "weight": weight, "score": score}
        for key, group, item, weight, score in (
            ("complete_standard", "完整性", "规范完整", "10", "9"),
            ("complete_clear", "完整性", "明确清晰", "10", "9"),
            ("relevant_target", "相关性", "目标相关", "10", "9"),
            ("relevant_indicator", "相关性", "指标科学", "10", "8"),
            ("suitable_performance", "适当性", "绩效合理", "15", "13"),
            ("suitable_funds", "适当性", "资金匹配", "15", "13"),
            ("feasible_possible", "可行性", "实现可能", "15", "14"),
            ("feasible_conditions", "可行性", "条件充分", "15", "13"),
        )
    ],
    "disposal": "approved",
}
_DEPARTMENT_INDICATORS = [
    row | {"task": "t1" if row["id"] in ("y1", "y2", "y3", "y4", "y6") else "t2"} for row in _INDICATORS
]
_F04: dict[str, Any] = {
    "department_name": UNIT,
    "department_code": "示例-401",
    "fiscal_year": YEAR,
    "duties": [{"id": "d1", "text": "示例：组织本区养老服务"}, {"id": "d2", "text": "示例：保障机关运转"}],
    "tasks": [
        {
            "id": "t1",
            "name": "示例：社区养老",
            "content": "示例：建站和培训",
            "duty": "d1",
            "projects": [NAME],
            "total_wan": "180",
            "fiscal_wan": "170",
            "other_wan": "10",
        },
        {
            "id": "t2",
            "name": "示例：机关运转",
            "content": "示例：人员和公用经费",
            "duty": "d2",
            "basic_support": True,
            "total_wan": "620.12345",
            "fiscal_wan": "620.12345",
            "other_wan": "0",
        },
    ],
    "budget": {
        "total_wan": "800.12345",
        "basic_wan": "620.12345",
        "personnel_wan": "500.12345",
        "public_wan": "120",
        "project_wan": "180",
    },
    "goals": [{"id": "g1", "text": "示例：养老服务覆盖全部社区，机关正常运转。"}],
    "template": "department.outputs",
    "indicators": _DEPARTMENT_INDICATORS,
}
_F05: dict[str, Any] = {
    "object_name": NAME,
    "fiscal_year": YEAR,
    "monitor": "department",
    "scope": "project",
    "cutoff_month": 7,
    "funds": {
        "total": _line("200", "180", "110"),
        "fiscal": _line("190", "170", "105"),
        "carry_over": _line("10", "10", "5"),
        "other": _line("0", "0", "0"),
    },
    "forecast_executed_wan": "175",
    "indicators": _rows_with(_PERIOD),
}
_F06: dict[str, Any] = {
    "project_name": NAME,
    "fiscal_year": YEAR,
    "department": DEPARTMENT,
    "implementing_unit": UNIT,
    "target_version": 1,
    "funds": _FUNDS_2021 | {"weight": "10", "score": "8.50"},
    "expected_goal": _F02["annual_goal"],
    "actual_goal": "示例：四个站点建成，培训四百八十七人次，一处晚两个月投用。",
    "indicators": _rows_with(_ACTUALS),
}
_F07: dict[str, Any] = {
    "department_name": UNIT,
    "fiscal_year": YEAR,
    "target_version": 1,
    "funds": {
        "total": _line("820.12345", "800.12345", "770.12345"),
        "basic": _line("620.12345", "620.12345", "617.12345"),
        "project": _line("200", "180", "153"),
        "weight": "10",
        "score": "9.63",
    },
    "expected_goal": _F04["goals"][0]["text"],
    "actual_goal": "示例：养老服务覆盖九成社区，机关正常运转。",
    "indicators": _F06["indicators"],
    "problems": "示例：个别项目进度偏慢。",
    "next_measures": "示例：按月调度，提前采购。",
}
_REVIEWED: dict[str, dict[str, Any]] = {
    row["id"]: {
        "self_value": row.get("actual_value"),
        "self_text": row.get("actual_text"),
        "self_score": row["score"],
        "review_value": row.get("actual_value"),
        "review_score": row["score"],
    }
    for row in _F06["indicators"]
}
_REVIEWED["y2"] |= {
    "review_value": "3",
    "review_score": "7.00",
    "clause": "partly_unfinished",
    "cut_percent": "30",
    "reason": "示例：一处站点现场核查尚未投用",
}
_F08: dict[str, Any] = {
    "object_code": "示例-2021-001",
    "object_name": NAME,
    "fiscal_year": YEAR,
    "department": DEPARTMENT,
    "implementing_unit": UNIT,
    "initial_budget_wan": "200",
    "annual_budget_wan": "180",
    "executed_amount_wan": "153",
    "accepted": True,
    "self_total_score": "92.66",
    "self_conclusion": "优",
    "self_execution_score": "8.50",
    "execution_score": "8.50",
    "indicators": _rows_with(_REVIEWED),
    "grade": "良",
    "review_body": "示例评价机构",
}
_EVALUATED = (
    ("basis", "决策", "项目立项", "立项依据充分性", "5", "5"),
    ("procedure", "决策", "项目立项", "立项程序规范性", "5", "5"),
    ("budgeting", "决策", "资金投入", "预算编制科学性", "5", "4"),
    ("execution", "过程", "资金管理", "预算执行率", "10", "8.5"),
    ("practice", "过程", "组织实施", "制度执行有效性", "10", "8"),
    ("completed", "产出", "产出数量", "实际完成率", "20", "18"),
    ("qualified", "产出", "产出质量", "质量达标率", "15", "14.25"),
    ("benefit", "效益", "项目效益", "实施效益", "20", "17"),
    ("satisfaction", "效益", "项目效益", "满意度", "10", "8"),
)
_F09: dict[str, Any] = {
    "object_name": NAME,
    "fiscal_year": YEAR,
    "organizer": "finance",
    "agency": "示例评价机构",
    "lead_evaluator": "示例主评人",
    "amount_wan": "180",
    "executed_amount_wan": "153",
    "rows": [
        {
            "id": key,
            "level1": level1,
            "level2": level2,
            "name": name,
            "scope": "specific" if key == "benefit" else "common",
            "weight": weight,
            "standard": "示例：完全达到得满分，按比例扣分",
            "score": score,
        }
        | (
            {}
            if weight == score
            else {"deduction_reason": "示例：见证据", "clause": "示例：标准第 2 条", "evidence": ["E-01"]}
        )
        for key, level1, level2, name, weight, score in _EVALUATED
    ],
    "evidence_items": [{"id": "E-01", "text": "示例：现场核查记录"}],
    "grade": "良",
    "basic_facts": "示例：项目由街道实施，涉及四个社区。",
    "work_done": "示例：评价组核查台账、现场和问卷。",
    "conclusion": "示例：项目基本实现预期目标，部分站点投用偏晚。",
    "analysis": "示例：产出完成较好，过程管理和执行率有差距。",
    "problems": [
        {
            "id": "q1",
            "category": "execution",
            "fact": "示例：全年支出一百五十三万元，进度偏慢。",
            "basis": "示例：国库支付记录",
            "amount_wan": "27",
        },
        {"id": "q2", "category": "satisfaction", "fact": "示例：供餐满意度偏低。", "basis": "示例：问卷"},
    ],
    "suggestions": [
        {"id": "s1", "problem": "q1", "text": "示例：按月编制用款计划。"},
        {"id": "s2", "problem": "q2", "text": "示例：更换供餐单位并回访。"},
    ],
    "report": [_paper("f1", "示例：评价报告")],
}
_F10: dict[str, Any] = {
    "doc_number": "示例财绩〔2022〕1号",
    "letter_on": "2022-10-12",
    "addressee": UNIT,
    "object_name": NAME,
    "fiscal_year": YEAR,
    "amount_wan": "180",
    "total_score": "87.75",
    "grade": "良",
    "agency": "示例评价机构",
    "problems": _F09["problems"],
    "suggestions": _F09["suggestions"],
    "requirements": "示例：逐项整改，责任到人，按期报送整改报告。",
    "rectify_by": "2022-12-12",
    "report_by": "2022-12-26",
    "linkage_notice": "示例：评价结果作为下年预算安排的参考。",
    "attachments": [_paper("f1", "示例：评价报告")],
}
_F11: dict[str, Any] = {
    "object_name": NAME,
    "letter_number": "示例财绩〔2022〕1号",
    "letter_on": "2022-10-12",
    "overview": "示例：两个问题，一个已整改，一个正在整改。",
    "items": [
        {
            "id": "q1",
            "origin": "key_evaluation",
            "problem": _F09["problems"][0]["fact"],
            "category": "execution",
            "amount_wan": "27",
            "requirement": "示例：按月编制用款计划。",
            "responsible_unit": UNIT,
            "responsible_person": "示例责任人",
            "due_on": "2022-12-12",
            "measures": "示例：建立用款计划制度。",
            "done": "示例：制度已印发，按月调度。",
            "improved_rules": [_paper("z1", "示例：用款计划管理办法")],
            "evidence": [_paper("f2", "示例：制度文本")],
            "completed": True,
            "completed_on": "2022-11-30",
            "submitted_by": "示例经办人",
            "verified_by": "示例核验人",
            "verified_on": "2022-12-05",
        },
        {
            "id": "q2",
            "origin": "key_evaluation",
            "problem": _F09["problems"][1]["fact"],
            "category": "satisfaction",
            "requirement": "示例：更换供餐单位并回访。",
            "responsible_unit": UNIT,
            "responsible_person": "示例责任人",
            "due_on": "2022-12-12",
            "measures": "示例：重新招标供餐单位。",
            "completed": False,
            "unfinished_reason": "示例：招标公告期未满，十二月上旬完成。",
        },
    ],
    "sealed": True,
}
_F12: dict[str, Any] = {
    "object_name": NAME,
    "department": DEPARTMENT,
    "evaluation_kind": "key_evaluation",
    "fiscal_year": YEAR,
    "total_score": "87.75",
    "grade": "良",
    "effects": [
        {
            "id": "a1",
            "occasion": "next_budget",
            "budget_year": 2023,
            "rule": "示例规则",
            "rule_version": "示例 v1",
            "effect": "normal",
            "applied": True,
        }
    ],
}
_F13: dict[str, Any] = {
    "agency": "示例评价机构",
    "contract_number": "示例-合-001",
    "contract_wan": "12",
    "project": NAME,
    "lead_evaluator": "示例主评人",
    "appraiser_kind": "finance",
    "appraiser": "示例考核人",
    "items": [
        {"id": key, "item": item, "weight": weight, "score": score}
        | ({} if weight == score else {"reason": "示例：个别材料补报"})
        for key, item, weight, score in (
            ("plan", "方案", "15", "14"),
            ("team", "组织与人员", "15", "15"),
            ("fieldwork", "现场与沟通", "15", "14"),
            ("evidence", "数据与证据", "20", "18"),
            ("report", "报告质量", "25", "22"),
            ("time_secrecy", "时限与保密", "10", "9"),
        )
    ],
    "times_returned": 1,
    "payment_rate": "100",
    "penalty_wan": "0",
}
_F14: dict[str, Any] = {
    "fiscal_year": YEAR,
    "items": [
        {
            "id": "k1",
            "kind": "key_evaluation_report",
            "responsible_unit": DEPARTMENT,
            "due_on": "2022-11-01",
            "published_on": "2022-10-28",
            "url": "https://www.example.gov.cn/1",
            "contents": ["报告", "得分", "等级"],
            "gate": [{"id": "s1", "step": "congress", "done_on": "2022-09-28"}],
            "complete": True,
            "regular": True,
        },
        {
            "id": "k2",
            "kind": "target_project",
            "responsible_unit": DEPARTMENT,
            "due_on": "2022-11-01",
            "exempt": True,
            "exempt_reason": "示例：涉密，已经保密审查批准",
        },
    ],
}
_F15: dict[str, Any] = {
    "policy_name": "示例：养老服务补贴办法",
    "doc_number": "示例〔2018〕1号",
    "start_on": "2018-07-22",
    "expiry_on": "2021-07-21",
    "department": DEPARTMENT,
    "funds": [
        {"id": "r1", "year": 2019, "budget_wan": "100", "executed_amount_wan": "96.5"},
        {"id": "r2", "year": 2020, "budget_wan": "110", "executed_amount_wan": "108.86676"},
    ],
    "evaluation_report": [_paper("f1", "示例：政策评价报告")],
    "total_score": "88",
    "grade": "良",
    "evaluated_on": "2021-05-20",
    "finance_opinion": "示例：政策有效，建议修订补贴标准后延续。",
    "conclusion": "revise",
    "new_policy": "示例〔2021〕2号",
    "budget_year": 2022,
    "budget_wan": "105",
}
_F16: dict[str, Any] = {
    "fiscal_year": YEAR,
    "appraised_kind": "department",
    "appraised": DEPARTMENT,
    "appraiser": "示例财政局",
    "cells": [
        {
            "id": f"c{number}_{level}",
            "area": area,
            "level": level,
            "name": f"示例：{area}",
            "weight": weight,
            "origin": "manual",
            "score": weight,
        }
        for number, area in enumerate(("基础工作", "绩效目标管理", "绩效运行监控", "绩效评价", "评价结果应用"), start=1)
        for level, weight in (("exists", "6"), ("covers", "7"), ("quality", "7"))
    ],
}
_FORMS: dict[str, dict[str, Any]] = {
    "F01": _F01,
    "F02": _F02,
    "F03": _F03,
    "F04": _F04,
    "F05": _F05,
    "F06": _F06,
    "F07": _F07,
    "F08": _F08,
    "F09": _F09,
    "F10": _F10,
    "F11": _F11,
    "F12": _F12,
    "F13": _F13,
    "F14": _F14,
    "F15": _F15,
    "F16": _F16,
}
_DEPARTMENT: dict[str, Any] = {
    "object_kind": "whole_department",
    "object_name": UNIT,
    "object_code": "示例-401",
    "amount_wan": Decimal("800.12345"),
}
_NEEDED: dict[str, Any] = {
    "F01": lambda: {"amount_wan": Decimal("360")},
    "F03": lambda: {"target": valid_content("F02")},
    "F04": lambda: _DEPARTMENT,
    "F05": lambda: {"target": valid_content("F02")},
    "F06": lambda: {"target": valid_content("F02"), "target_version": 1},
    "F07": lambda: _DEPARTMENT | {"target": valid_content("F04"), "target_version": 1},
    "F08": lambda: {"self_evaluation": valid_content("F06", total_score="92.66")},
    "F10": lambda: {"evaluation": valid_content("F09", total_score="87.75")},
    "F11": lambda: {"letter": valid_content("F10"), "submitter": "示例经办人", "today": date(2022, 12, 10)},
    "F12": lambda: {"evaluation": valid_content("F09", total_score="87.75")},
    "F15": lambda: {"object_kind": "policy", "object_name": "示例：养老服务补贴办法"},
}
