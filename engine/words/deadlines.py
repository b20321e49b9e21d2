"""Days and deadlines: what they are for, what follows when time is up, and what a day off does to them."""

from datetime import date

from engine.words.stages import Stage
from engine.words.worded import Worded


class Consequence(Worded):
    """What follows when the time of a step is up; of a clock in a diagram the diagram says it."""

    REMIND = "remind", "继续催办"
    MARK_OVERDUE = "mark_overdue", "记逾期"
    ESCALATE = "escalate", "提级督办"
    CLOSE = "close", "截止关闭"
    SUSPEND = "suspend", "暂停"
    CANDIDATE = "candidate", "列入重点评价备选"
    BLOCK_SUPPLEMENT = "block_supplement", "不予追加预算"


class OnDayOff(Worded):
    """What becomes of a fixed date on which nobody works. No source lays it down, so it stays unless a row says."""

    STAYS = "stays", "不变"
    NEXT = "next", "顺延到其后"
    PREVIOUS = "previous", "提前到其前"


class Suspension(Worded):
    """What becomes of a day while its case stands still. Where no table says, the time is given back."""

    GIVEN_BACK = "given_back", "恢复时补回"
    RUNS_ON = "runs_on", "照常计算"


class EntryWay(Worded):
    """How a stage goes on that begins when the day it has to be done by is near or over."""

    ORDINARY = "ordinary", "照常办理"
    AT_ONCE = "at_once", "立即办理"
    LATE = "late", "按迟到办理"


class EscalationWay(Worded):
    """What becomes of the supervision of a problem that is not put right when it is looked at again."""

    ESCALATE = "escalate", "提请督办"
    WAIT = "wait", "暂不提请"
    END = "end", "不再督办"


class DayKind(Worded):
    """Why a day is worked or not."""

    WORKING = "working", "工作日"
    MAKE_UP = "make_up", "调休上班"
    WEEKEND = "weekend", "周末"
    HOLIDAY = "holiday", "法定节假日"


class DeadlineStep(Worded):
    """What is due: the second half of a deadline's name, behind the stage."""

    ACCEPT = "accept", "审定"
    ACKNOWLEDGE = "acknowledge", "签收调整通知"
    AMEND = "amend", "按结论调整"
    APPRAISE = "appraise", "考核机构"
    APPROVE = "approve", "批复"
    ASSIGN = "assign", "委派机构"
    BUDGET_GATE = "budget_gate", "预算审核截止"
    BUDGET_LOCK = "budget_lock", "预算编审封库"
    CHECK = "check", "主管部门审核"
    CHECK_AMENDED = "check_amended", "核对调整方案"
    COLLECTIVE_REVIEW = "collective_review", "第三方集中审核"
    COMMENT = "comment", "单位说明"
    CONCLUDE = "conclude", "作出结论"
    CONFIRM = "confirm", "单位确认"
    CONGRESS = "congress", "人大审议"
    CONGRESS_OPINIONS = "congress_opinions", "研究处理审议意见"
    DECIDE = "decide", "审定"
    DECIDE_ENTRY = "decide_entry", "认定是否入库评审"
    DECIDE_FILING = "decide_filing", "认定是否备案"
    DECIDE_GRADE = "decide_grade", "认定等级"
    DECIDE_KEY = "decide_key", "认定是否重点监控"
    DECIDE_LINKAGE = "decide_linkage", "认定挂钩方式"
    DECIDE_PUBLICATION = "decide_publication", "认定公开程序"
    DECIDE_QUOTA = "decide_quota", "认定定额扣减"
    DECIDE_RECTIFICATION = "decide_rectification", "认定是否整改"
    DECIDE_REQUIRED = "decide_required", "认定是否评估"
    DECIDE_ROUTE = "decide_route", "认定审核路线"
    DECIDE_UNAPPROVED = "decide_unapproved", "认定未过审目标"
    DISPOSE = "dispose", "处置"
    DRAFT = "draft", "报告初稿"
    ESCALATE_DEPARTMENT = "escalate_department", "提请主管部门督办"
    ESCALATE_OFFICE = "escalate_office", "提请财政督办"
    ENTRY_REVIEW = "entry_review", "入库评审"
    EVALUATE = "evaluate", "开展评价"
    EXPIRY = "expiry", "政策到期"
    FILING = "filing", "备案"
    CORRECT = "correct", "更正"
    FILL = "fill", "填报"
    FINAL_CHECK = "final_check", "核对定稿"
    FINALISE = "finalise", "部门定稿"
    GOVERNMENT = "government", "政府审议"
    GOVERNMENT_OPINIONS = "government_opinions", "办理政府审议意见"
    ISSUE = "issue", "发函"
    SIGN_OFF = "sign_off", "局领导签发"
    JOINT_REVIEW = "joint_review", "联合评审"
    KEY_REVIEW = "key_review", "重点监控"
    LATE_EVALUATE = "late_evaluate", "到期后补做评价"
    LIBRARY_REVIEW = "library_review", "入库总体评审"
    NOTICE_180 = "notice_180", "到期前180天提醒"
    NOTICE_90 = "notice_90", "到期前90天督办"
    OBJECTION = "objection", "提出异议"
    PLAN = "plan", "落实责任和措施"
    PUBLISH = "publish", "公开"
    RECTIFY = "rectify", "整改"
    REFILE = "refile", "补报"
    REPORT = "report", "报告"
    REVIEW = "review", "财政审核"
    REVIEW_OBJECTION = "review_objection", "复核异议"
    REVISE = "revise", "修改重报"
    SCORE = "score", "复核打分"
    SIGN = "sign", "签收"
    SUPERVISE = "supervise", "督办"
    URGE_AGAIN = "urge_again", "再次督办"
    SUPPLEMENT = "supplement", "认定能否追加"
    VERIFY = "verify", "核验"
    VERIFY_REPORT = "verify_report", "核验报告"


def said_deadline(name: str) -> str:
    """Which deadline it was.

    >>> said_deadline("target_filing.revise")
    '绩效目标申报·修改重报'
    """
    stage, _, step = name.partition(".")
    return "·".join((Stage.said(stage), DeadlineStep.said(step)))


def waits_words(working_days: int | None, wanted: date | None, year: int) -> str:
    """How a day is told that cannot be counted yet.

    >>> waits_words(20, None, 2027)
    '20 个工作日，待 2027 年放假安排确认后确定'
    """
    what = f"{working_days} 个工作日" if working_days else "" if wanted is None else f"{wanted}，遇休息日调整"
    return f"{what}，待 {year} 年放假安排确认后确定" if what else f"待 {year} 年放假安排确认后确定"
