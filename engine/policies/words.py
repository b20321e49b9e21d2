"""The words of the decision tables, each with its Chinese name."""

LIGHT = {"green": "绿", "yellow": "黄", "red": "红"}

INDICATOR_KINDS = ("产出", "成本", "经济效益", "社会效益", "生态效益", "可持续影响", "服务对象满意度")
MARKS = {
    "large_livelihood": "资金量较大的民生项目",
    "livelihood": "民生保障",
    "government_investment": "政府投资",
    "major_impact": "具有重大影响",
    "district_key": "区委区政府重点",
    "socio_economic": "与经济社会发展密切相关",
    "public_attention": "社会关注度高",
    "wide_impact": "影响面大",
    "public_good": "公益性强",
    "congress_review": "人大专题审查",
    "monitoring_candidate": "监控列入备选",
}
EVALUATION_KINDS = {
    "monitoring": "运行监控",
    "self_evaluation": "自评",
    "spot_review": "自评复核",
    "key_evaluation": "重点评价",
    "whole_department": "部门整体评价",
    "expiry_evaluation": "到期再评估",
}
DOCUMENT_KINDS = {
    "target_government": "政府预算绩效目标",
    "target_department": "部门整体绩效目标",
    "target_project": "项目绩效目标",
    "self_evaluation_report": "重点项目自评报告",
    "key_evaluation_report": "重点评价报告",
    "whole_department_report": "部门整体评价报告",
    "spot_review_result": "自评复核结果",
    "annual_report": "年度绩效情况报告",
    "accounts_section": "决算绩效专章",
}
PUBLICATION_STEPS = {
    "leaders": "专报领导",
    "government": "报政府审议",
    "executive_meeting": "政府常务会审议",
    "congress": "人大（常委会）审议",
    "congress_reading": "汇编报人大参阅",
    "deputies": "送达参与的代表委员",
    "with_budget": "随预算",
    "with_accounts": "随决算",
    "publish": "公开",
}
REVIEW_ROUNDS = {
    "single": "一次审核",
    "library_review": "入库总体评审",
    "joint_review": "金额与目标联合评审",
    "final_after_lock": "封库后定稿",
}
DEADLINE_STAGES = {
    "ex_ante_assessment": "事前绩效评估",
    "target_filing": "绩效目标申报",
    "monitoring": "绩效运行监控",
    "self_evaluation": "绩效自评",
    "spot_review": "自评复核",
    "key_evaluation": "重点评价",
    "feedback": "结果反馈",
    "rectification": "整改落实",
    "result_use": "结果应用与公开",
    "budget_adjustment": "预算调整",
    "policy_expiry": "到期政策再评估",
}
