"""Evaluations: their kinds, who leads them, whose score it is, and what it comes to."""

from engine.words.worded import Worded


class EvaluationKind(Worded):
    """What a result comes from, as the decision tables know it."""

    MONITORING = "monitoring", "运行监控", "运行监控（停止执行，未评价）"
    SELF_EVALUATION = "self_evaluation", "自评"
    SPOT_REVIEW = "spot_review", "自评复核"
    KEY_EVALUATION = "key_evaluation", "重点评价"
    WHOLE_DEPARTMENT = "whole_department", "部门整体评价"
    EXPIRY_EVALUATION = "expiry_evaluation", "到期再评估"


class ScoreKind(Worded):
    """Whose score it is, the weightiest first: of several scores of a case the first of these counts."""

    THIRD_PARTY = "third_party", "第三方评价"
    DEPARTMENT = "department", "部门评价"
    SPOT_REVIEW = "spot_review", "复核"
    SELF = "self", "自评"

    @property
    def evaluation(self) -> EvaluationKind:
        """The kind of evaluation the decision tables are asked about."""
        if self is ScoreKind.SPOT_REVIEW:
            return EvaluationKind.SPOT_REVIEW
        return EvaluationKind.SELF_EVALUATION if self is ScoreKind.SELF else EvaluationKind.KEY_EVALUATION


class Organizer(Worded):
    """Who leads an evaluation (HC-14)."""

    FINANCE = "finance", "财政牵头"
    DEPARTMENT = "department", "部门自主"

    @property
    def evaluation(self) -> str:
        """What an evaluation led by them is called in its report."""
        return "财政评价" if self is Organizer.FINANCE else "部门评价"


class Selection(Worded):
    """How it was settled which of the waiting cases are looked at."""

    DRAWN = "drawn", "抽取"
    PLANNED = "planned", "按计划选取"
    SKIPPED = "skipped", "本年不选"


class SamplingState(Worded):
    """Where a draw by two people stands."""

    OPEN = "open", "待填种子"
    DRAWN = "drawn", "已抽取"
    VOID = "void", "已作废"


class SeedSide(Worded):
    """Who of the two gives a seed: finance, which handles the draw, or the one who watches it."""

    HANDLER = "handler", "经办"
    SUPERVISOR = "supervisor", "监督"


class Grade(Worded):
    """The grades there are, best first; which of them a jurisdiction gives is in its table."""

    EXCELLENT = "优", "优"
    GOOD = "良", "良"
    FAIR = "中", "中"
    LOW = "低", "低"
    POOR = "差", "差"

    @property
    def is_good(self) -> bool:
        """Whether it counts for 优良率."""
        return self in (Grade.EXCELLENT, Grade.GOOD)


class GradeGround(Worded):
    """What a settled grade rests on, where it is not simply the table's."""

    REPORT = "report", "按评价报告说明的理由"
    PERSON = "person", "认定"


class Attainment(Worded):
    """How far a qualitative indicator was reached."""

    ACHIEVED = "achieved", "达成"
    PARTLY = "partly", "部分达成"
    MISSED = "missed", "未达成"

    @property
    def in_full(self) -> str:
        """The band as the self-evaluation form prints it."""
        return {
            Attainment.ACHIEVED: "达成年度指标",
            Attainment.PARTLY: "部分达成年度指标并具有一定效果",
            Attainment.MISSED: "未达成年度指标且效果较差",
        }[self]


class ReviewRound(Worded):
    """A round in which a target is reviewed (GZ-11)."""

    SINGLE = "single", "一次审核"
    LIBRARY_REVIEW = "library_review", "入库总体评审"
    JOINT_REVIEW = "joint_review", "金额与目标联合评审"
    FINAL_AFTER_LOCK = "final_after_lock", "封库后定稿"
