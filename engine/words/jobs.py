"""What the clock does by itself, and how often."""

from engine.words.worded import Worded


class Job(Worded):
    """Work that nobody presses a button for."""

    SWEEP = "sweep", "期限扫描"
    CHECK_DAYS = "check_days", "期限自查"
    ANCHOR = "anchor", "逐日锚定"
    CALENDAR = "calendar", "待定期限定日"
    POLICIES = "policies", "到期政策前瞻"
    PUBLICATIONS = "publications", "公开期限前瞻"
    SUBSTITUTIONS = "substitutions", "代理生效"
    FORGET_KEYS = "forget_keys", "清理请求编号"
    FORGET_SESSIONS = "forget_sessions", "清理登录会话"
    CLEAR_FILES = "clear_files", "清理无用附件"
