"""The nine stages of the year in their order, the two ways beside it, and the diagrams that are neither."""

from collections.abc import Mapping

from engine.words.worded import Worded


class Stage(Worded):
    """A part of an object's way, drawn in the diagram of the same name: the year's nine first, then the two beside."""

    EX_ANTE_ASSESSMENT = "ex_ante_assessment", "事前绩效评估"
    TARGET_FILING = "target_filing", "绩效目标申报"
    MONITORING = "monitoring", "绩效运行监控"
    SELF_EVALUATION = "self_evaluation", "绩效自评"
    SPOT_REVIEW = "spot_review", "自评复核"
    KEY_EVALUATION = "key_evaluation", "重点评价"
    FEEDBACK = "feedback", "结果反馈"
    RECTIFICATION = "rectification", "整改落实"
    RESULT_USE = "result_use", "结果应用与公开"
    BUDGET_ADJUSTMENT = "budget_adjustment", "预算调整"
    POLICY_EXPIRY = "policy_expiry", "到期政策再评估"

    @property
    def is_beside_the_year(self) -> bool:
        """Whether it is no step of the year: it interrupts one from outside, or takes its place."""
        return self in (Stage.BUDGET_ADJUSTMENT, Stage.POLICY_EXPIRY)

    @property
    def launch_message(self) -> str | None:
        """The message with which finance opens the stage (工作部署); None where it begins by itself or by a draw."""
        launched = self in (Stage.MONITORING, Stage.SELF_EVALUATION, Stage.RESULT_USE)
        return f"{self.value}.launched" if launched else None


STAGES = tuple(stage for stage in Stage if not stage.is_beside_the_year)
"""The stages of a year, in their order."""


class OtherDiagram(Worded):
    """A diagram that is no stage: the one that calls them all, and those that a stage calls."""

    CASE = "case", "案卷"
    RECTIFICATION_ITEM = "rectification_item", "单项整改"
    CORRECTION = "correction", "结果更正"


_LABELS = Stage.labels() | OtherDiagram.labels()
_CALLED_BY: Mapping[str, str] = {
    OtherDiagram.RECTIFICATION_ITEM: Stage.RECTIFICATION,
    OtherDiagram.CORRECTION: Stage.FEEDBACK,
}


def said_process(process: str) -> str:
    """A stage or another diagram as people call it.

    >>> said_process("monitoring"), said_process("case"), said_process("drawn_yesterday")
    ('绩效运行监控', '案卷', 'drawn_yesterday')
    """
    return _LABELS.get(process, process)


def stage_number(process: str) -> int | None:
    """The place of a stage in the year, from 1; what a stage calls stands where the stage does.

    >>> stage_number("monitoring"), stage_number("rectification_item"), stage_number("budget_adjustment")
    (3, 8, None)
    """
    stage = _CALLED_BY.get(process, process)
    return STAGES.index(Stage(stage)) + 1 if stage in STAGES else None
