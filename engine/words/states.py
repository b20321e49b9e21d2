"""How things stand: cases, tasks, papers, problems, deadlines, incidents, and the rows of the tables."""

from engine.words.worded import Worded, labels_of


class CaseState(Worded):
    """Whether the case moves."""

    ACTIVE = "active", "办理中"
    SUSPENDED = "suspended", "暂停"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已取消"


class TaskState(Worded):
    """Where a work item stands."""

    OPEN = "open", "待办"
    COMPLETED = "completed", "已办结"
    CLOSED = "closed", "已收回"


class SubmissionState(Worded):
    """草稿 lives in drafts; a version is filled, then handed in, then judged."""

    FILLED = "filled", "已填报"
    SUBMITTED = "submitted", "已报送"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "通过"
    WITHDRAWN = "withdrawn", "已撤回"

    @property
    def counts(self) -> bool:
        """Whether what the version says still counts; a returned or withdrawn one never does."""
        return self not in (SubmissionState.RETURNED, SubmissionState.WITHDRAWN)


class RectificationState(Worded):
    """Where one problem of the ledger stands."""

    OPEN = "open", "待整改"
    REPORTED = "reported", "已报送"
    RETURNED = "returned", "退回修改"
    CLOSED = "closed", "已销号"
    REPLACED = "replaced", "随原函作废"


class LetterState(Worded):
    """How far a letter has come; `delivered`: nobody signed for it in time, which counts as delivery."""

    WAITING = "waiting", "待签收"
    SIGNED = "signed", "已签收"
    DELIVERED = "delivered", "逾期视为送达"
    REPLACED = "replaced", "由新函代替"
    RECALLED = "recalled", "已收回"


class RectificationOrigin(Worded):
    """Where a problem of the ledger was found."""

    SELF_EVALUATION = "self_evaluation", "自评"
    MONITORING = "monitoring", "监控"
    SPOT_REVIEW = "spot_review", "自评复核"
    KEY_EVALUATION = "key_evaluation", "重点评价"
    WHOLE_DEPARTMENT = "whole_department", "部门整体评价", "整体评价"
    CONGRESS = "congress", "人大审议"
    AUDIT = "audit", "审计"

    @property
    def is_by_hand(self) -> bool:
        """Whether the row stands in no letter and somebody opened it (GZ-16)."""
        return self in (RectificationOrigin.MONITORING, RectificationOrigin.CONGRESS, RectificationOrigin.AUDIT)


class DeadlineState(Worded):
    """Pending until it is met, fires, or the thing it was for goes away."""

    PENDING = "pending", "计时中"
    MET = "met", "按期办结"
    FIRED = "fired", "已届满"
    DROPPED = "dropped", "不再计时"


class RemarkState(Worded):
    """What became of a reviewer's remark in the next version."""

    UNCHANGED = "unchanged", "未改"
    CHANGED = "changed", "已改"
    EXPLAINED = "explained", "已说明"

    @property
    def taken_up(self) -> str:
        """The same of an objection by who was heard: whether it was taken up."""
        return {"unchanged": "未答复", "changed": "采纳", "explained": "不采纳，已说明"}[self.value]


class ExtensionState(Worded):
    """What became of a unit's request for a later day."""

    ASKED = "asked", "待答复"
    GRANTED = "granted", "同意延期"
    DECLINED = "declined", "不予延期"


class EditionState(Worded):
    """How one writing of a year's working days stands."""

    DRAFT = "draft", "草稿"
    CONFIRMED = "confirmed", "已确认"
    REPLACED = "replaced", "已由新稿代替"


class RequestKind(Worded):
    """What a later day is asked for: a deadline that still runs, or a step a deadline has taken away."""

    EXTENSION = "extension", "延期"
    LATE_FILING = "late_filing", "补报"

    def answer(self, state: ExtensionState) -> str:
        """How people say what became of a request of this kind.

        >>> RequestKind.LATE_FILING.answer(ExtensionState.GRANTED), RequestKind.EXTENSION.answer(ExtensionState.ASKED)
        ('准予补报', '待答复')
        """
        if self is RequestKind.EXTENSION or state is ExtensionState.ASKED:
            return state.label
        return "准予补报" if state is ExtensionState.GRANTED else "不予补报"


class IncidentState(Worded):
    """Whether a failed automatic step was put right."""

    OPEN = "open", "待处理"
    RESOLVED = "resolved", "已消除"


class AutomaticStep(Worded):
    """What the system does behind people's backs, as an incident names it when it fails."""

    COMPLETE_TASK = "complete_task", "办结后流程继续"
    FIRE_DEADLINE = "fire_deadline", "期限到期"
    DELIVER_MESSAGE = "deliver_message", "部署送达案卷"
    CHECK_DAYS = "check_days", "期限自查"


class RowStatus(Worded):
    """How firmly a table's answer stands, from firm to weak; `default` is our proposal until the office signs it.

    `undefined` is no status of a row: a person decided because no table says anything.
    """

    STATED = "stated", "原文"
    INFERRED = "inferred", "由数据推定，待签核", "由数据推定"
    DEFAULT = "default", "默认值，待签核", "默认值待签核"
    UNDEFINED = "undefined", "本区未规定"


ROW_STATUSES = labels_of(status for status in RowStatus if status is not RowStatus.UNDEFINED)
"""What a row of a table may rest on, from firm to weak, each with its label."""


class QueueView(Worded):
    """In which order what waits to be judged is listed."""

    DOUBTFUL_FIRST = "doubtful", "有存疑在前"
    BY_DUE_DAY = "due", "按期限和资金"


class Pressing(Worded):
    """What finance looks at first when it comes to its desk."""

    TO_REVIEW = "to_review", "待审"
    DUE_TODAY = "due_today", "今日截止"
    UNITS_LATE = "units_late", "单位逾期"
    FAULTS = "faults", "异常"


class LineKind(Worded):
    """What a line of a case's story is about: what people did, what followed, days, and what somebody was told."""

    PEOPLE = "people", "人"
    SYSTEM = "system", "系统"
    DEADLINE = "deadline", "期限"
    NOTICE = "notice", "通知"
