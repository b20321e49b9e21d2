"""What a result does to money."""

from engine.words.worded import Worded


class EffectKind(Worded):
    """One consequence of a result, proposed by a table's row or listed in F12.

    `deduct` is a word of F12 only; `undefined` is proposed where a table says nothing and a person has to decide.
    Further spellings are those the official form uses.
    """

    NO_CUT = "no_cut", "不扣减"
    GUARANTEE = "guarantee", "优先保障"
    NORMAL = "normal", "正常安排"
    CONTINUE_POLICY = "continue_policy", "政策延续", "policy_continued"
    CANDIDATE = "candidate", "列入备选"
    NO_SUPPLEMENT = "no_supplement", "不予追加"
    STRICT = "strict", "从严从紧（控制安排）", "control", "控制安排", "从严从紧"
    MERGE = "merge", "合并"
    DEDUCT = "deduct", "扣减预算"
    QUOTA_CUT = "quota_cut", "按比例扣减公用经费定额", "proportional_cut", "按比例扣减"
    CUT = "cut", "调减"
    STOP_PAYMENT = "stop_payment", "停止拨款", "停拨"
    CLAW_BACK = "claw_back", "收回资金", "收回"
    END_POLICY = "end_policy", "政策终止", "policy_ended"
    CANCEL = "cancel", "撤销"
    UNDEFINED = "undefined", "本区未规定"


class EffectState(Worded):
    """How far an effect has come: nobody settled it yet, or what F12 says of it, row by row.

    `decided` is a word of earlier releases: the list was decided as a whole, and what became of the single effect is
    written in the list only.
    """

    PROPOSED = "proposed", "待审定"
    APPLIED = "applied", "执行"
    LISTED = "listed", "列明，由更严的代替"
    WAIVED = "waived", "例外不执行"
    DECIDED = "decided", "已审定（没有逐条记载）"


SETTLED = (EffectState.APPLIED, EffectState.LISTED, EffectState.WAIVED)
"""What a row of F12 makes of the proposed effect it names."""


class Occasion(Worded):
    """Which budget an effect is used in: the one drawn up next, or this year's adjusted one (HX-10)."""

    NEXT_BUDGET = "next_budget", "下年编制"
    IN_YEAR = "in_year", "当年调整"


class ResultOf(Worded):
    """What an effect follows from, and with it when it can be used."""

    EVALUATION = "evaluation", "评价结果"
    MONITORING = "monitoring", "监控处置"
    RECTIFICATION = "rectification", "整改逾期"
    POLICY_EXPIRY = "policy_expiry", "政策到期再评估"


class ApplicationState(Worded):
    """How far what is done with the result of one object has come: the steps of its diagram, in words."""

    PROPOSED = "proposed", "建议"
    CONSULTED = "consulted", "征求单位意见"
    DISPUTED = "disputed", "单位有不同意见"
    PARTLY = "partly", "有建议未审定"
    FINAL = "final", "定稿"


class BudgetBase(Worded):
    """The money an effect falls on."""

    PROJECT_BUDGET = "project_budget", "项目预算"
    PUBLIC_EXPENSE_QUOTA = "public_expense_quota", "在职人员公用经费综合定额"
    SUPPLEMENT = "supplement", "追加预算"
    PAID = "paid", "已拨付资金"


class Adjustment(Worded):
    """How a budget is adjusted during the year; of a target alone the money stays."""

    SUPPLEMENT = "supplement", "追加"
    CUT = "cut", "调减"
    TRANSFER = "transfer", "调剂"
    TARGET = "target", "只调整目标"
