"""The sentences of rehearsal people. Every one says 示例; none states a fact about a real unit or agency."""

from random import Random

EXPLANATION = "示例：情况属实，演练中按此填报。"
NOT_A_FACT = "演练编写，不是该单位的真实情况"

LATE = "late"
"""What asks for a reason besides an outcome: that something is handed in after its day."""

REASONS = {
    LATE: (
        "示例：经办人临时请假，交接延误",
        "示例：基础数据取得较晚，核对用时较长",
        "示例：与业务科室核对口径，未能按时报送",
    ),
    "returned": ("示例：个别内容依据不足，请补充后重报", "示例：指标与金额不够匹配，请核对", "示例：请补充佐证材料"),
    "revise": ("示例：请核对数据口径后再报", "示例：请与业务科室对一遍数字"),
    "decided": ("示例：按本区惯例办理", "示例：经股室会商，同意"),
}
"""Outcome (or `LATE`) → what people write when it asks for a reason."""

SHORTFALLS = (
    "示例：受年中计划调整影响，个别月份进度偏慢，已排入下年计划",
    "示例：前期准备时间较长，后期已加快推进并落实专人",
    "示例：部分数据采集口径有变化，已与主管部门重新核对",
    "示例：受天气和场地条件影响顺延，已约定补做时间",
)
"""Why an indicator was missed."""


def reason_for(outcome: str, chance: Random) -> str | None:
    """A reason, where the outcome asks for one."""
    choices = REASONS.get(outcome)
    return chance.choice(choices) if choices else None
