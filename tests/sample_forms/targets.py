"""Before the year and in it: appraisal, targets, monitoring."""

from typing import Any

from tests.sample_forms.cells import DEPARTMENT, INDICATORS, NAME, UNIT, YEAR, amount, line, paper, rows_with

F01: dict[str, Any] = {
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
    "requested": amount("360", "350", "10"),
    "requested_this_year_wan": "180",
    "basis_papers": [paper("p1", "示例：养老服务规划") | {"number": "示例〔2020〕1号", "present": True}],
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
    "papers": [paper("m1", "示例：可行性研究报告") | {"needed": True, "present": True}],
}
F02: dict[str, Any] = {
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
    "funds": {"mid_term": amount("360", "350", "10"), "annual": amount("180", "170", "10")},
    "mid_term_goal": "示例：两年建成八个社区养老服务站，形成长效服务机制。",
    "annual_goal": "示例：2021 年建成四个社区养老服务站，培训护理人员五百人次。",
    "template": "project.2015",
    "indicators": INDICATORS,
}
F03: dict[str, Any] = {
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
DEPARTMENT_INDICATORS = [
    row | {"task": "t1" if row["id"] in ("y1", "y2", "y3", "y4", "y6") else "t2"} for row in INDICATORS
]
F04: dict[str, Any] = {
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
    "indicators": DEPARTMENT_INDICATORS,
}
PERIOD: dict[str, dict[str, Any]] = {
    row["id"]: (
        {"period_text": "示例：正在推进", "period_band": "partly", "forecast_text": "示例：年底可完成"}
        if row["direction"] == "qualitative"
        else {"period_value": row["target_value"], "forecast_value": row["target_value"]}
    )
    | {"likelihood": "certain"}
    for row in INDICATORS
}
F05: dict[str, Any] = {
    "object_name": NAME,
    "fiscal_year": YEAR,
    "monitor": "department",
    "scope": "project",
    "cutoff_month": 7,
    "funds": {
        "total": line("200", "180", "110"),
        "fiscal": line("190", "170", "105"),
        "carry_over": line("10", "10", "5"),
        "other": line("0", "0", "0"),
    },
    "forecast_executed_wan": "175",
    "indicators": rows_with(PERIOD),
}
