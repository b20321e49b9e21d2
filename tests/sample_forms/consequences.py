"""What follows from a result: the letter, rectification, what is public, the appraisals."""

from typing import Any

from tests.sample_forms.cells import DEPARTMENT, NAME, UNIT, YEAR, paper
from tests.sample_forms.results import F09

F10: dict[str, Any] = {
    "doc_number": "示例财绩〔2022〕1号",
    "letter_on": "2022-10-12",
    "addressee": UNIT,
    "object_name": NAME,
    "fiscal_year": YEAR,
    "amount_wan": "180",
    "total_score": "87.75",
    "grade": "良",
    "agency": "示例评价机构",
    "problems": F09["problems"],
    "suggestions": F09["suggestions"],
    "requirements": "示例：逐项整改，责任到人，按期报送整改报告。",
    "rectify_by": "2022-12-12",
    "report_by": "2022-12-26",
    "linkage_notice": "示例：评价结果作为下年预算安排的参考。",
    "attachments": [paper("f1", "示例：评价报告")],
}
F11: dict[str, Any] = {
    "object_name": NAME,
    "letter_number": "示例财绩〔2022〕1号",
    "letter_on": "2022-10-12",
    "overview": "示例：两个问题，一个已整改，一个正在整改。",
    "items": [
        {
            "id": "q1",
            "origin": "key_evaluation",
            "problem": F09["problems"][0]["fact"],
            "category": "execution",
            "amount_wan": "27",
            "requirement": "示例：按月编制用款计划。",
            "responsible_unit": UNIT,
            "responsible_person": "示例责任人",
            "due_on": "2022-12-12",
            "measures": "示例：建立用款计划制度。",
            "done": "示例：制度已印发，按月调度。",
            "improved_rules": [paper("z1", "示例：用款计划管理办法")],
            "evidence": [paper("f2", "示例：制度文本")],
            "completed": True,
            "completed_on": "2022-11-30",
            "submitted_by": "示例经办人",
            "verified_by": "示例核验人",
            "verified_on": "2022-12-05",
        },
        {
            "id": "q2",
            "origin": "key_evaluation",
            "problem": F09["problems"][1]["fact"],
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
F12: dict[str, Any] = {
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
F13: dict[str, Any] = {
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
F14: dict[str, Any] = {
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
F15: dict[str, Any] = {
    "policy_name": "示例：养老服务补贴办法",
    "doc_number": "示例〔2018〕1号",
    "start_on": "2018-07-22",
    "expiry_on": "2021-07-21",
    "department": DEPARTMENT,
    "funds": [
        {"id": "r1", "year": 2019, "budget_wan": "100", "executed_amount_wan": "96.5"},
        {"id": "r2", "year": 2020, "budget_wan": "110", "executed_amount_wan": "108.86676"},
    ],
    "evaluation_report": [paper("f1", "示例：政策评价报告")],
    "total_score": "88",
    "grade": "良",
    "evaluated_on": "2021-05-20",
    "finance_opinion": "示例：政策有效，建议修订补贴标准后延续。",
    "conclusion": "revise",
    "new_policy": "示例〔2021〕2号",
    "budget_year": 2022,
    "budget_wan": "105",
}
F16: dict[str, Any] = {
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
