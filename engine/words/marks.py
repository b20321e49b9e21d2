"""What objects and indicators are marked with in the tables: marks, lights, advice, kinds of indicator."""

from engine.words.worded import Worded


class Mark(Worded):
    """Why an object may be chosen for a spot review or a key evaluation."""

    LARGE_LIVELIHOOD = "large_livelihood", "资金量较大的民生项目"
    LIVELIHOOD = "livelihood", "民生保障"
    GOVERNMENT_INVESTMENT = "government_investment", "政府投资"
    MAJOR_IMPACT = "major_impact", "具有重大影响"
    DISTRICT_KEY = "district_key", "区委区政府重点"
    SOCIO_ECONOMIC = "socio_economic", "与经济社会发展密切相关"
    PUBLIC_ATTENTION = "public_attention", "社会关注度高"
    WIDE_IMPACT = "wide_impact", "影响面大"
    PUBLIC_GOOD = "public_good", "公益性强"
    CONGRESS_REVIEW = "congress_review", "人大专题审查"
    MONITORING_CANDIDATE = "monitoring_candidate", "监控列入备选"
    EXPIRING_FUND = "expiring_fund", "到期需延续的专项资金"
    SIX_PRIORITIES = "six_priorities", "六稳六保支出"
    MAJOR_INFRASTRUCTURE = "major_infrastructure", "重大基础设施"
    KEY_LIVELIHOOD = "key_livelihood", "重点民生"
    CONGRESS_ITEM = "congress_item", "人大审议的项目"


class Light(Worded):
    """How a progress shows in 双监控."""

    GREEN = "green", "绿"
    YELLOW = "yellow", "黄"
    RED = "red", "红"

    @property
    def sign(self) -> str:
        """The light for somebody who sees no colours: ● 正常, ◆ 滞后, ▲ 严重 (ux 2.9)."""
        return _SIGNS[self]


_SIGNS = dict(zip(Light, ("● 正常", "◆ 滞后", "▲ 严重"), strict=True))


class TimeProgress(Worded):
    """How 序时进度 is told: whole months that are over, days that are over, or what was to be paid by then."""

    MONTH = "month", "按月"
    DAY = "day", "按天"
    PAYMENT_PLAN = "payment_plan", "按用款计划"


class Advice(Worded):
    """What the two lights of 双监控 together suggest."""

    CONTINUE = "continue", "继续执行"
    CHECK_PAYMENT = "check_payment", "查支付，可收回结余"
    CHECK_QUALITY = "check_quality", "查质量与合规"
    CUT_OR_SUSPEND = "cut_or_suspend", "调减或暂停，列入重点评价备选"


class IndicatorKind(Worded):
    """What an indicator is about, as the quality of a target is judged by it (GZ-06)."""

    OUTPUT = "产出", "产出"
    COST = "成本", "成本"
    ECONOMIC = "经济效益", "经济效益"
    SOCIAL = "社会效益", "社会效益"
    ECOLOGICAL = "生态效益", "生态效益"
    SUSTAINABILITY = "可持续影响", "可持续影响"
    SATISFACTION = "服务对象满意度", "服务对象满意度"
