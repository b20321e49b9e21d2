"""Every decision there is: what it is asked, what it answers, in which words. A table must have exactly these columns.

Words are identifiers with their Chinese name; amounts are 万元, rates and ratios are fractions (50 % is 0.5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from engine.policies.kinds import Kind
from engine.words import (
    Advice,
    BudgetBase,
    CaseKind,
    Consequence,
    DocumentKind,
    EffectKind,
    EntryWay,
    EscalationWay,
    EvaluationKind,
    Grade,
    IndicatorKind,
    Light,
    Linkage,
    Mark,
    ObjectFact,
    OnDayOff,
    Organizer,
    ProjectCategory,
    ProjectNature,
    PublicationStep,
    ResultOf,
    ReviewPath,
    ReviewRound,
    Role,
    SpendingFrequency,
    Stage,
    Suspension,
    TimeProgress,
    Worded,
    labels_of,
)


class Gather(StrEnum):
    """How a COLLECT table makes one output of the rows that match; empty cells never count."""

    ONE = "one"
    """The rows must not contradict each other."""
    ALL = "all"
    """True only if every row says true."""
    ANY = "any"
    """True as soon as one row says true."""
    MOST = "most"
    """The largest number."""
    LIST = "list"
    """All of them, in the order of the rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """One input or output: its Chinese heading, kind, allowed words, range (inclusive) or form.

    Of a rate, a person who types more than is `likely` has typed per cent.

    An output that came `later` is missing in tables of earlier releases, all such outputs at once; they say nothing.
    An input that came later is asked by no row of a table without it.
    """

    label: str
    kind: Kind
    words: Mapping[str, str] = field(default_factory=dict)
    low: Decimal | None = None
    high: Decimal | None = None
    form: str | None = None
    likely: Decimal | None = None
    gather: Gather = Gather.ONE
    later: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One decision: its Chinese name, its inputs and outputs in the order of the columns."""

    title: str
    inputs: Mapping[str, Column]
    outputs: Mapping[str, Column]


def _number(label: str, low: str | None = "0", high: str | None = None) -> Column:
    return Column(label, Kind.NUMBER, low=Decimal(low) if low else None, high=Decimal(high) if high else None)


def _word(label: str, words: Iterable[Worded]) -> Column:
    return Column(label, Kind.WORD, labels_of(words))


def _words(label: str, words: Iterable[Worded]) -> Column:
    return Column(label, Kind.WORDS, labels_of(words))


def _boolean(label: str, gather: Gather = Gather.ONE) -> Column:
    return Column(label, Kind.BOOLEAN, gather=gather)


OBJECT_KIND = _word("对象类型", CaseKind)
PROJECT_NATURE = _word(ObjectFact.PROJECT_NATURE.label, ProjectNature)
SPENDING_FREQUENCY = _word(ObjectFact.SPENDING_FREQUENCY.label, SpendingFrequency)
AMOUNT_WAN = _number("金额（万元）")
GRADE = _word("等级", Grade)
EXECUTION_RATE = replace(_number("预算执行率"), likely=Decimal(10))
TIME_PROGRESS = replace(_number("序时进度", high="1"), likely=Decimal(1))
REQUIRED = _boolean("是否需要")
ALSO = replace(_words("也可以", (EffectKind.CUT, EffectKind.CANCEL, EffectKind.STOP_PAYMENT)), later=True)
"""Other effects than the mode the same row lays down, as in “调减或撤销”: none of them is an exception."""

_CANDIDATE_INPUTS = {
    "amount_wan": AMOUNT_WAN,
    "object_kind": OBJECT_KIND,
    "marks": _words(ObjectFact.MARKS.label, Mark),
}
_CANDIDATE_OUTPUTS = {
    "candidate": _boolean("是否入选", Gather.ANY),
    "weight": Column("抽取权重", Kind.NUMBER, low=Decimal(0), gather=Gather.MOST),
}

DECISIONS: Mapping[str, Signature] = MappingProxyType(
    {
        "ex_ante_required": Signature(
            "是否须事前绩效评估",
            {
                "object_kind": OBJECT_KIND,
                "project_nature": PROJECT_NATURE,
                "spending_frequency": SPENDING_FREQUENCY,
                "amount_wan": AMOUNT_WAN,
            },
            {"required": REQUIRED},
        ),
        "entry_review_required": Signature(
            "是否须入库评审",
            {
                "project_nature": PROJECT_NATURE,
                "spending_frequency": SPENDING_FREQUENCY,
                "amount_wan": AMOUNT_WAN,
            },
            {"required": REQUIRED},
        ),
        "target_quality": Signature(
            "绩效目标质量",
            {
                "project_category": _word(ObjectFact.PROJECT_CATEGORY.label, ProjectCategory),
                "indicator_count": _number("三级指标条数"),
                "quantified_ratio": replace(_number("量化比例", high="1"), likely=Decimal(1)),
                "covered_kinds": _words("已覆盖的指标类别", IndicatorKind),
            },
            {
                "acceptable": _boolean("是否合格", Gather.ALL),
                "problems": Column("问题", Kind.TEXT, gather=Gather.LIST),
            },
        ),
        "target_review_route": Signature(
            "绩效目标审核路线",
            {"object_kind": OBJECT_KIND, "amount_wan": AMOUNT_WAN},
            {
                "route": _word("路线", (ReviewPath.SINGLE, ReviewPath.THREE_GATE)),
                "rounds": _words("各轮次（按先后）", ReviewRound),
                "collective": _boolean("是否第三方集中审核"),
            },
        ),
        "monitoring_window": Signature(
            "绩效运行监控区间",
            {"object_kind": OBJECT_KIND},
            {"end_month": Column("截止月份", Kind.NUMBER, low=Decimal(1), high=Decimal(12))},
        ),
        "monitoring_review_route": Signature(
            "绩效运行监控审核路线",
            {"object_kind": OBJECT_KIND, "marks": replace(_words("选取标记", Mark), later=True)},
            {"collective": _boolean("是否第三方集中审核")},
        ),
        "key_monitoring_required": Signature(
            "是否列入重点监控",
            {"amount_wan": AMOUNT_WAN, "object_kind": OBJECT_KIND},
            {"required": REQUIRED},
        ),
        "monitoring_light": Signature(
            "双监控亮灯",
            {
                "execution_rate": EXECUTION_RATE,
                "time_progress": TIME_PROGRESS,
                "achievement_rate": replace(_number("目标完成进度"), likely=Decimal(10)),
            },
            {
                "money_light": _word("资金进度灯", Light),
                "target_light": _word("目标进度灯", Light),
                "advice": _word("处置建议", Advice),
            },
        ),
        "time_progress_method": Signature(
            "序时进度算法", {"object_kind": OBJECT_KIND}, {"method": _word("算法", TimeProgress)}
        ),
        "supplement_allowed": Signature(
            "能否追加预算",
            {"execution_rate": EXECUTION_RATE, "time_progress": TIME_PROGRESS},
            {"allowed": _boolean("可否追加"), "override_needs_reason": _boolean("例外须说明理由")},
        ),
        "self_evaluation_filing_required": Signature(
            "自评是否须备案", {"amount_wan": AMOUNT_WAN}, {"required": REQUIRED}
        ),
        "self_evaluation_report_required": Signature(
            "自评是否须附自评报告", {"object_kind": OBJECT_KIND}, {"required": REQUIRED}
        ),
        "overachievement_flag": Signature(
            "完成值是否明显超预期",
            {"completion_ratio": replace(_number("完成比率（完成值÷指标值）"), likely=Decimal(10))},
            {"flagged": _boolean("是否预警"), "readings_agree": _boolean("两种读法是否一致")},
        ),
        "spot_review_pool": Signature("自评复核备选", _CANDIDATE_INPUTS, _CANDIDATE_OUTPUTS),
        "key_evaluation_candidate": Signature("重点评价备选", _CANDIDATE_INPUTS, _CANDIDATE_OUTPUTS),
        "evaluation_acceptance": Signature(
            "评价报告由谁验收",
            {"organizer": _word("组织者", Organizer)},
            {"office": _word("由谁验收", (Role.PERFORMANCE_OFFICE, Role.DEPARTMENT))},
        ),
        "grade": Signature(
            "评价等级",
            {"score": _number("得分", high="100"), "object_kind": OBJECT_KIND},
            {"grade": GRADE},
        ),
        "rectification_required": Signature(
            "是否须整改",
            {"grade": GRADE, "evaluation_kind": _word("评价类型", EvaluationKind)},
            {"required": REQUIRED},
        ),
        "letter_signature": Signature(
            "意见函是否由局领导签发",
            {"grade": GRADE, "evaluation_kind": _word("评价类型", EvaluationKind)},
            {"required": REQUIRED},
        ),
        "refusal_signature": Signature(
            "不予支持是否由局领导签发", {"object_kind": OBJECT_KIND}, {"required": REQUIRED}
        ),
        "stop_signature": Signature("停止拨款是否由局领导签发", {"object_kind": OBJECT_KIND}, {"required": REQUIRED}),
        "budget_linkage": Signature(
            "评价结果与预算挂钩",
            {"grade": GRADE, "object_kind": OBJECT_KIND},
            {
                "mode": _word("挂钩方式", Linkage),
                "also": ALSO,
                "includes_fair": _boolean("“中”以下是否含“中”"),
                "override_needs_reason": _boolean("例外须说明理由"),
                "note": Column("说明", Kind.TEXT),
            },
        ),
        "effect_occasion": Signature(
            "结果应用环节与年度",
            {"result_of": _word("结果来自", ResultOf)},
            {
                "in_year": _number("当年调整（基准年后第几年）"),
                "next_budget": _number("下年编制（基准年后第几年）"),
                "listed": _number("重点评价备选（基准年后第几年）"),
            },
        ),
        "rectification_lapse": Signature(
            "整改不到位的预算措施",
            {"object_kind": OBJECT_KIND},
            {
                "mode": _word("措施", (EffectKind.STOP_PAYMENT, EffectKind.CUT)),
                "also": ALSO,
                "note": Column("说明", Kind.TEXT),
            },
        ),
        "quota_cut": Signature(
            "公用经费定额扣减",
            {"whole_department_score": _number("部门整体得分", high="100")},
            {
                "rate": Column("扣减比例", Kind.NUMBER, low=Decimal(0), high=Decimal(1)),
                "base": _word("扣减基数", (BudgetBase.PUBLIC_EXPENSE_QUOTA,)),
            },
        ),
        "publication_gate": Signature(
            "公开前置程序",
            {"document_kind": _word("事项", DocumentKind)},
            {
                "steps": _words("步骤（按先后）", PublicationStep),
                "government_first": _boolean("先报政府"),
                "executive_meeting": _boolean("先上政府常务会"),
                "congress_first": _boolean("先经人大"),
            },
        ),
        "publication_period": Signature(
            "随预算、决算公开的时限",
            {"way": _word("随什么公开", (PublicationStep.WITH_BUDGET, PublicationStep.WITH_ACCOUNTS))},
            {
                "days": Column("日数（自然日）", Kind.NUMBER, low=Decimal(1), high=Decimal(365)),
                "remind_before": Column("提前几日提醒", Kind.NUMBER, low=Decimal(0), high=Decimal(365)),
            },
        ),
        "deadline": Signature(
            "办理期限",
            {"stage": _word("阶段", Stage), "step": Column("步骤", Kind.WORD)},
            {
                "working_days": Column("工作日数", Kind.NUMBER, low=Decimal(1), high=Decimal(365)),
                "month_day": Column("固定日期（月-日）", Kind.TEXT, form=r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
                "year_offset": Column("年度（0为资金年度）", Kind.NUMBER, low=Decimal(-2), high=Decimal(2)),
                "days_before_end": Column("到期前天数（自然日）", Kind.NUMBER, low=Decimal(0), high=Decimal(3650)),
                "suspension": replace(_word("暂停期间", Suspension), later=True),
                "longest_extension": Column(
                    "最长延期（自然日）", Kind.NUMBER, low=Decimal(1), high=Decimal(3650), later=True
                ),
                "on_day_off": _word("遇休息日", OnDayOff),
                "reminders": Column(
                    "催办（相对截止日的工作日）", Kind.TEXT, form=r"(0|[+-]\d{1,3})( (0|[+-]\d{1,3}))*( \+\d{1,3}\*)?"
                ),
                "consequence": _word("逾期后果", Consequence),
            },
        ),
        "late_filing": Signature(
            "截止后能否补报",
            {"stage": _word("阶段", Stage), "step": Column("步骤", Kind.WORD)},
            {"allowed": _boolean("可否申请补报")},
        ),
        "late_entry": Signature(
            "开始晚了怎样办",
            {"stage": _word("阶段", Stage), "days_left": _number("距截止日天数（自然日，过了为负）", low="-36500")},
            {"way": _word("办法", EntryWay)},
        ),
        "escalation": Signature(
            "整改逾期提请谁督办",
            {
                "over": _boolean("已销号或换函"),
                "overdue": _boolean("已过整改期限"),
                "escalations": _number("已提请督办次数"),
            },
            {
                "way": _word("怎样办", EscalationWay),
                "office": _word("提请谁", (Role.UNIT_HEAD, Role.DEPARTMENT, Role.PERFORMANCE_OFFICE)),
            },
        ),
    }
)
