"""What people are told of, by themselves or from a clock."""

from engine.words.worded import Worded


class NoticeKind(Worded):
    """Why somebody gets a notice."""

    NEW_TASK = "new_task", "新任务"
    RETURNED = "returned", "退回"
    DUE_SOON = "due_soon", "临近截止"
    DUE_TODAY = "due_today", "今日截止"
    OVERDUE = "overdue", "逾期"
    COPIED = "copied", "抄送"
    REMINDED = "reminded", "催办"
    ENTRUSTED = "entrusted", "代理生效"
    DAY_MOVED = "day_moved", "期限变更"
    DISPOSED = "disposed", "监控处置"
    FINISHED = "finished", "后台办完"
    ACT_FINISHED = "act_finished", "批量办完"
    UNREACHED = "unreached", "无人办理"


class Robot(Worded):
    """Whose robot speaks in a group."""

    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"


class SendingState(Worded):
    """How far a mail or a message has come."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已送出"
    GIVEN_UP = "given_up", "未送达"
