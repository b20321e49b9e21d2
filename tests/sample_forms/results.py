"""After the year: self-evaluation, spot review, evaluation."""

from typing import Any

from tests.sample_forms.cells import DEPARTMENT, NAME, UNIT, YEAR, line, paper, rows_with
from tests.sample_forms.targets import F02, F04

ACTUALS: dict[str, dict[str, Any]] = {
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
FUNDS_2021 = {
    "total": line("200", "180", "153"),
    "fiscal": line("190", "170", "145"),
    "carry_over": line("10", "10", "8"),
    "other": line("0", "0", "0"),
}
F06: dict[str, Any] = {
    "project_name": NAME,
    "fiscal_year": YEAR,
    "department": DEPARTMENT,
    "implementing_unit": UNIT,
    "target_version": 1,
    "funds": FUNDS_2021 | {"weight": "10", "score": "8.50"},
    "expected_goal": F02["annual_goal"],
    "actual_goal": "示例：四个站点建成，培训四百八十七人次，一处晚两个月投用。",
    "indicators": rows_with(ACTUALS),
}
F07: dict[str, Any] = {
    "department_name": UNIT,
    "fiscal_year": YEAR,
    "target_version": 1,
    "funds": {
        "total": line("820.12345", "800.12345", "770.12345"),
        "basic": line("620.12345", "620.12345", "617.12345"),
        "project": line("200", "180", "153"),
        "weight": "10",
        "score": "9.63",
    },
    "expected_goal": F04["goals"][0]["text"],
    "actual_goal": "示例：养老服务覆盖九成社区，机关正常运转。",
    "indicators": F06["indicators"],
    "problems": "示例：个别项目进度偏慢。",
    "next_measures": "示例：按月调度，提前采购。",
}
REVIEWED: dict[str, dict[str, Any]] = {
    row["id"]: {
        "self_value": row.get("actual_value"),
        "self_text": row.get("actual_text"),
        "self_score": row["score"],
        "review_value": row.get("actual_value"),
        "review_score": row["score"],
    }
    for row in F06["indicators"]
}
REVIEWED["y2"] |= {
    "review_value": "3",
    "review_score": "7.00",
    "clause": "partly_unfinished",
    "cut_percent": "30",
    "reason": "示例：一处站点现场核查尚未投用",
}
F08: dict[str, Any] = {
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
    "indicators": rows_with(REVIEWED),
    "grade": "良",
    "review_body": "示例评价机构",
}
EVALUATED = (
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
F09: dict[str, Any] = {
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
        for key, level1, level2, name, weight, score in EVALUATED
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
    "report": [paper("f1", "示例：评价报告")],
}
