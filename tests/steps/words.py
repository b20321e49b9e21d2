"""The words of the features, each with what the engine calls it."""

from collections.abc import Sequence

from engine.words import Role

AREAS = {"从化区": "conghua", "花溪区": "huaxi", "海沧区": "haicang", "广州市": "guangzhou", "江汉区": "jianghan"}
KINDS = {"项目": "project", "部门整体": "whole_department", "政策": "policy"}
NATURES = {"新增": "new", "延续": "continuing", "到期续期": "expiring"}
FREQUENCIES = {"经常性": "recurrent", "一次性": "one_off"}
OFFICES = {
    "单位经办人": Role.UNIT_CLERK,
    "单位负责人": Role.UNIT_HEAD,
    "主管部门": Role.DEPARTMENT,
    "财政业务股": Role.FINANCE_DIVISION,
    "财政绩效股": Role.PERFORMANCE_OFFICE,
    "第三方机构": Role.AGENCY,
    "局领导": Role.BUREAU_LEADER,
}
BASES = {"原文": "stated", "由数据推定": "inferred", "默认值待签核": "default", "无": None}
PAPERS = {
    "事前评估报告": ("F01",),
    "绩效目标": ("F02", "F04"),
    "目标审核表": ("F03",),
    "监控表": ("F05",),
    "自评表": ("F06", "F07"),
    "复核表": ("F08",),
    "评价报告": ("F09",),
    "反馈意见函": ("F10",),
    "整改报告": ("F11",),
    "结果应用清单": ("F12",),
    "到期评价": ("F15",),
}
VERSION_STATES = {
    "填好": "filled",
    "已报送": "submitted",
    "被退回": "returned",
    "已通过": "approved",
    "已撤回": "withdrawn",
}
LEDGER_STATES = {"待整改": "open", "已报送": "reported", "被退回": "returned", "已销号": "closed"}
EFFECTS = {
    "优先保障": "guarantee",
    "正常安排": "normal",
    "从严从紧": "strict",
    "调减": "cut",
    "撤销": "cancel",
    "扣减公用经费定额": "quota_cut",
    "停止拨款": "stop_payment",
    "不扣减": "no_cut",
    "政策延续": "continue_policy",
    "政策终止": "end_policy",
    "本区未规定": "undefined",
}
ANSWERS = {
    "ex_ante_verdict": {"须评估": "needed", "免予评估": "exempt"},
    "ex_ante_conclusion": {"予以支持": "support", "调整后支持": "conditional", "不予支持": "reject"},
    "entry_review_verdict": {"须评审": "yes", "不须评审": "no"},
    "library_entry": {"准予入库": "admitted", "不予入库": "refused"},
    "review_path": {"一次审核": "single", "第三方集中审核": "collective", "三道审核": "three_gate"},
    "target_result": {"批复": "approved", "不予安排": "not_arranged", "准予补报": "pending"},
    "monitoring_review": {"须集中审核": "collective", "不集中审核": "plain"},
    "key_monitoring": {"列入重点监控": "yes", "不列入重点监控": "no"},
    "monitoring_disposal": {
        "继续执行": "continue",
        "调整目标": "adjust",
        "调减预算": "cut",
        "暂停": "suspend",
        "停止执行": "stop",
        "列入备选": "candidate",
    },
    "self_evaluation_filing": {"须备案": "yes", "不须备案": "no"},
    "grade": {grade: grade for grade in "优良中低差"},
    "rectification_verdict": {"须整改": "yes", "不须整改": "no"},
    "objection": {"认可": "none", "提出异议": "raised"},
    "objection_result": {"异议成立": "upheld", "异议不成立": "dismissed"},
    "rectification_mode": {"立行立改": "immediate", "分阶段整改": "scheduled"},
    "supervision": {"继续催办": "urge", "停止拨款": "stop_payment"},
    "linkage": {"优先保障": "guarantee", "正常安排": "normal", "从严从紧": "strict", "调减": "cut", "撤销": "cancel"},
    "publication": {
        "不公开": "exempt",
        "直接公开": "direct",
        "报人大": "congress",
        "先报政府再报人大": "government_congress",
    },
    "use_objection": {"没有异议": "none", "提出异议": "raised"},
    "use_objection_result": {"维持": "maintained", "更正": "corrected"},
    "quota_cut_rate": {"不扣减": "0"},
    "deliberation": {"审议通过": "passed", "审议须修改": "revise"},
    "supplement": {"准予追加": "allowed", "不予追加": "refused"},
    "policy_conclusion": {
        "延续": "continue",
        "修订后延续": "revise",
        "终止": "terminate",
        "退回重新评价": "again",
    },
}
"""Routing variable → what people say → the value in the diagram."""


def routing_answer(said: str, variables: Sequence[str]) -> dict[str, str]:
    """What a person says, as the answer to one of the variables a step asks for.

    >>> routing_answer("不予支持", ["ex_ante_conclusion"])
    {'ex_ante_conclusion': 'reject'}
    """
    for variable in variables:
        if said in ANSWERS.get(variable, {}):
            return {variable: ANSWERS[variable][said]}
    raise AssertionError(f"这一步问的是“{'、'.join(variables)}”，没有“{said}”这种认定")
