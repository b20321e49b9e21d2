"""What people are asked at a step and what they can answer: a vocabulary a variable, and one table of them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.words.effects import Adjustment, EffectKind
from engine.words.evaluations import Grade
from engine.words.worded import Worded, labels_of


class YesNo(Worded):
    """Whether something is needed here."""

    YES = "yes", "是"
    NO = "no", "否"


class ExAnteVerdict(Worded):
    """Whether an object goes through the ex-ante assessment."""

    NEEDED = "needed", "须评估"
    EXEMPT = "exempt", "不须评估"


class ExAnteConclusion(Worded):
    """What the ex-ante assessment comes to."""

    SUPPORT = "support", "予以支持"
    CONDITIONAL = "conditional", "调整后支持"
    REJECT = "reject", "不予支持"


class LibraryEntry(Worded):
    """Whether a project comes into the library."""

    ADMITTED = "admitted", "准予入库"
    REFUSED = "refused", "不予入库"


class ReviewPath(Worded):
    """How a target is reviewed; the table's route says only whether one round or three."""

    SINGLE = "single", "一次审核"
    COLLECTIVE = "collective", "集中审核"
    THREE_GATE = "three_gate", "三道审核"


class TargetResult(Worded):
    """What becomes of a target at the end of the budget."""

    APPROVED = "approved", "批复"
    NOT_ARRANGED = "not_arranged", "不予安排预算"
    PENDING = "pending", "准予补报"


class MonitoringReview(Worded):
    """Whether a third party reviews the monitoring sheets together."""

    COLLECTIVE = "collective", "集中审核"
    PLAIN = "plain", "不集中审核"


class Disposal(Worded):
    """What is done after monitoring; `cancel` and `no_supplement` are only suggested in F05."""

    CONTINUE = "continue", "继续执行"
    ADJUST = "adjust", "调整目标", "adjust_target"
    CUT = "cut", "调减预算"
    SUSPEND = "suspend", "暂停"
    STOP = "stop", "停止执行"
    CANCEL = "cancel", "取消"
    NO_SUPPLEMENT = "no_supplement", "不予追加"
    CANDIDATE = "candidate", "列入重点评价备选", "列入备选"


DISPOSALS = (
    Disposal.CONTINUE, Disposal.ADJUST, Disposal.CUT, Disposal.SUSPEND, Disposal.STOP, Disposal.CANDIDATE,
)  # fmt: skip
"""What the office can decide after monitoring; every one is carried out by `engine.moves.disposing`."""
SUGGESTED_DISPOSALS = tuple(disposal for disposal in Disposal if disposal is not Disposal.STOP)
"""What a unit can suggest in F05."""


class SupplementVerdict(Worded):
    """Whether more money is given."""

    ALLOWED = "allowed", "准予追加"
    REFUSED = "refused", "不予追加"


class RectificationMode(Worded):
    """In which time a problem is put right; `lasting` is a word of F11 only."""

    IMMEDIATE = "immediate", "立行立改", "at_once"
    SCHEDULED = "scheduled", "分阶段整改", "by_stage"
    LASTING = "lasting", "长期坚持"


class Supervision(Worded):
    """What is done about a problem that is not put right in time."""

    URGE = "urge", "继续催办"
    STOP_PAYMENT = "stop_payment", "提请停止拨款"


class Objection(Worded):
    """What the unit says to a result."""

    NONE = "none", "没有异议"
    RAISED = "raised", "提出异议"


class ObjectionResult(Worded):
    """What the office says to an objection."""

    UPHELD = "upheld", "异议成立"
    DISMISSED = "dismissed", "异议不成立"


class UseObjectionResult(Worded):
    """What a bureau leader says to the objection to a proposed result use; there is no other round."""

    MAINTAINED = "maintained", "维持"
    CORRECTED = "corrected", "更正"


class Linkage(Worded):
    """How the next budget is tied to a result; every mode is an effect of the same word."""

    GUARANTEE = EffectKind.GUARANTEE.value, EffectKind.GUARANTEE.label
    NORMAL = EffectKind.NORMAL.value, EffectKind.NORMAL.label
    STRICT = EffectKind.STRICT.value, "从严从紧"
    CUT = EffectKind.CUT.value, EffectKind.CUT.label
    CANCEL = EffectKind.CANCEL.value, EffectKind.CANCEL.label


class PublicationWay(Worded):
    """By which way a result is made public."""

    EXEMPT = "exempt", "不公开"
    DIRECT = "direct", "直接公开"
    CONGRESS = "congress", "报人大审议后公开"
    GOVERNMENT_CONGRESS = "government_congress", "报政府、人大审议后公开"


class DeliberationResult(Worded):
    """What a sitting says of a document."""

    PASSED = "passed", "通过"
    REVISE = "revise", "须修改"


class PolicyConclusion(Worded):
    """What becomes of a policy that runs out."""

    CONTINUE = "continue", "延续"
    REVISE = "revise", "修订后延续"
    TERMINATE = "terminate", "终止"
    AGAIN = "again", "退回重新评价"


@dataclass(frozen=True, slots=True)
class Question:
    """What a step asks: its label, and the words that can be answered; none where the answer is free text."""

    label: str
    words: tuple[Worded, ...]

    @property
    def options(self) -> dict[str, str]:
        """Word → label."""
        return labels_of(self.words)


def _asked(label: str, words: Iterable[Worded] = ()) -> Question:
    return Question(label, tuple(words))


QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        "adjustment_kind": _asked("调整类型", Adjustment),
        "approved_wan": _asked("核定金额（万元）"),
        "deliberation": _asked("审议结果", DeliberationResult),
        "entry_review_verdict": _asked("是否须入库评审", YesNo),
        "ex_ante_conclusion": _asked("评估结论", ExAnteConclusion),
        "ex_ante_verdict": _asked("是否须事前绩效评估", ExAnteVerdict),
        "grade": _asked("评价等级", Grade),
        "key_monitoring": _asked("是否列入重点监控", YesNo),
        "library_entry": _asked("入库意见", LibraryEntry),
        "linkage": _asked("挂钩方式", Linkage),
        "monitoring_disposal": _asked("处置意见", DISPOSALS),
        "monitoring_review": _asked("监控审核方式", MonitoringReview),
        "objection": _asked("对反馈意见有无异议", Objection),
        "objection_result": _asked("异议是否成立", ObjectionResult),
        "policy_conclusion": _asked("再评估结论", PolicyConclusion),
        "publication": _asked("公开方式", PublicationWay),
        "quota_cut_rate": _asked("公用经费定额扣减比例（0至1之间的小数）"),
        "reduced_wan": _asked("调减后的金额（万元）"),
        "rectification_mode": _asked("整改类型", (RectificationMode.IMMEDIATE, RectificationMode.SCHEDULED)),
        "rectification_verdict": _asked("是否须整改", YesNo),
        "review_path": _asked("绩效目标审核路线", ReviewPath),
        "self_evaluation_filing": _asked("自评是否须备案", YesNo),
        "supervision": _asked("督办意见", Supervision),
        "supplement": _asked("能否追加预算", SupplementVerdict),
        "target_result": _asked("绩效目标处理结果", TargetResult),
        "use_objection": _asked("对结果应用有无异议", Objection),
        "use_objection_result": _asked("对结果应用的异议怎样处理", UseObjectionResult),
    }
)
"""Routing variable (`sets` in a diagram, or brought by a message) → the question and its answers."""


def said_question(variable: str) -> str:
    """What a step asks; a variable nobody described is said as it is written."""
    question = QUESTIONS.get(variable)
    return question.label if question else variable


def said_answer(variable: str, answer: object) -> str:
    """What a step was answered; what has no words is said as it was written.

    >>> said_answer("objection", "none"), said_answer("quota_cut_rate", "0.05")
    ('没有异议', '0.05')
    """
    question = QUESTIONS.get(variable)
    return question.options.get(str(answer), str(answer)) if question else str(answer)
