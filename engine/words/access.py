"""Coming in and going out: what the access log tells, and why a session is over."""

from engine.words.worded import Worded


class Access(Worded):
    """What the access log tells of accounts and sessions."""

    SIGNED_IN = "signed_in", "登录"
    REFUSED = "refused", "登录未成功"
    LOCKED = "locked", "登录锁定"
    SIGNED_OUT = "signed_out", "退出"
    ENDED = "ended", "会话被结束"
    PROVEN = "proven", "再次认证"
    NOT_PROVEN = "not_proven", "再次认证未成功"
    SEAT_TAKEN = "seat_taken", "选用身份"
    STOOD_IN = "stood_in", "以代理人身份办理"
    OPENED = "opened", "建立账号"
    CLOSED = "closed", "停用账号"
    REOPENED = "reopened", "恢复账号"
    UNLOCKED = "unlocked", "解除锁定"
    LINKED = "linked", "登记统一身份认证"
    PASSWORD_CHANGED = "password_changed", "修改密码"
    PASSWORD_NOT_CHANGED = "password_not_changed", "修改密码未成功"
    PASSWORD_GIVEN = "password_given", "重置密码"
    SECOND_FACTOR_ON = "second_factor_on", "启用动态口令"
    SECOND_FACTOR_OFF = "second_factor_off", "停用动态口令"
    RECOVERY_CODES_MADE = "recovery_codes_made", "重新生成恢复码"
    READ = "read", "查阅"
    VERIFIED = "verified", "校验办理记录"
    EXPORTED = "exported", "导出办理记录"


class SignInEnd(Worded):
    """Why a session was ended before its time."""

    SIGNED_OUT = "signed_out", "本人退出"
    BY_ONESELF = "by_oneself", "本人在别处结束"
    PASSWORD = "password", "修改或重置了密码"
    SECOND_FACTOR = "second_factor", "启用或停用了动态口令"
    BY_ADMIN = "by_admin", "安全管理员结束"
    CLOSED = "closed", "账号已停用"
