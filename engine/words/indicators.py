"""The indicator library: whose an entry is, and whether it may still be chosen."""

from engine.words.worded import Worded


class IndicatorScope(Worded):
    """Common indicators are finance's, specific ones the department's or unit's that keeps them (GZ-07)."""

    COMMON = "common", "共性"
    SPECIFIC = "specific", "个性"


class IndicatorState(Worded):
    """A retired entry stays on the forms that have it and is not offered any more."""

    IN_USE = "in_use", "在用"
    RETIRED = "retired", "停用"
