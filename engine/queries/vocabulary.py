"""How the words of diagrams and tables are said in Chinese: what a step was answered, and which deadline it was."""

from collections.abc import Mapping

from engine.policies.words import DEADLINE_STAGES

YES_NO = {"yes": "是", "no": "否"}
LINKAGE = {"guarantee": "优先保障", "normal": "正常安排", "strict": "从严从紧", "cut": "调减", "cancel": "撤销"}

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "ex_ante_verdict": {"needed": "须评估", "exempt": "不须评估"},
    "ex_ante_conclusion": {"support": "予以支持", "conditional": "调整后支持", "reject": "不予支持"},
    "entry_review_verdict": YES_NO,
    "library_entry": {"admitted": "准予入库", "refused": "不予入库"},
    "review_path": {"single": "一次审核", "collective": "集中审核", "three_gate": "三道审核"},
    "target_result": {"approved": "批复", "not_arranged": "不予安排预算", "pending": "准予补报"},
    "monitoring_review": {"collective": "集中审核", "plain": "不集中审核"},
    "key_monitoring": YES_NO,
    "monitoring_disposal": {
        "continue": "继续执行",
        "adjust": "调整目标",
        "cut": "调减预算",
        "stop": "停止执行",
        "candidate": "列入重点评价备选",
    },
    "supplement": {"allowed": "准予追加", "refused": "不予追加"},
    "self_evaluation_filing": YES_NO,
    "rectification_verdict": YES_NO,
    "rectification_mode": {"immediate": "立行立改", "scheduled": "分阶段整改"},
    "supervision": {"urge": "继续催办", "stop_payment": "提请停止拨款"},
    "objection": {"none": "没有异议", "raised": "提出异议"},
    "objection_result": {"upheld": "异议成立", "dismissed": "异议不成立"},
    "linkage": LINKAGE,
    "publication": {
        "exempt": "不公开",
        "direct": "直接公开",
        "congress": "报人大审议后公开",
        "government_congress": "报政府、人大审议后公开",
    },
    "deliberation": {"passed": "通过", "revise": "须修改"},
    "policy_conclusion": {"continue": "延续", "revise": "修订后延续", "terminate": "终止"},
}
"""Routing variable (`sets` in a diagram) → its words. A variable without words here is said as it was written."""

DEADLINE_STEPS: Mapping[str, str] = {
    "accept": "审定",
    "acknowledge": "签收调整通知",
    "amend": "按结论调整",
    "appraise": "考核机构",
    "approve": "批复",
    "assign": "委派机构",
    "budget_gate": "预算审核截止",
    "budget_lock": "预算编审封库",
    "check": "主管部门审核",
    "check_amended": "核对调整方案",
    "collective_review": "第三方集中审核",
    "comment": "单位说明",
    "conclude": "作出结论",
    "confirm": "单位确认",
    "congress": "人大审议",
    "decide": "审定",
    "dispose": "处置",
    "draft": "报告初稿",
    "entry_review": "入库评审",
    "expiry": "政策到期",
    "filing": "备案",
    "fill": "填报",
    "final_check": "核对定稿",
    "finalise": "部门定稿",
    "government": "政府审议",
    "issue": "发函",
    "joint_review": "联合评审",
    "key_review": "重点监控",
    "library_review": "入库总体评审",
    "notice_180": "到期前180天提醒",
    "notice_90": "到期前90天督办",
    "objection": "提出异议",
    "plan": "落实责任和措施",
    "publish": "公开",
    "rectify": "整改",
    "refile": "补报",
    "report": "报告",
    "review": "财政审核",
    "review_objection": "复核异议",
    "revise": "修改重报",
    "score": "复核打分",
    "sign": "签收",
    "supervise": "督办",
    "verify": "核验",
    "verify_report": "核验报告",
}
"""Second half of a deadline's name → what is due."""


def said_answer(variable: str, answer: object) -> str:
    """What a step was answered.

    >>> said_answer("objection", "none"), said_answer("grade", "优")
    ('没有异议', '优')
    """
    return ANSWERS.get(variable, {}).get(str(answer), str(answer))


def said_deadline(name: str) -> str:
    """Which deadline it was.

    >>> said_deadline("target_filing.revise")
    '绩效目标申报·修改重报'
    """
    stage, _, step = name.partition(".")
    return "·".join((DEADLINE_STAGES.get(stage, stage), DEADLINE_STEPS.get(step, step)))
