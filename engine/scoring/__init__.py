"""The arithmetic of forms and scores: no session, no clock, no policy; the same paper always gives the same points.

A `Sheet` of weighted rows is scored by `score` with a named, versioned `MethodSet`; every row answers 口径 with a
formula in Chinese. `totals`, `deductions` and `reductions` are the sums of the other forms, `combine_lines` turns fund
lines into projects. Impossible numbers and sheets that contradict themselves are refused; which grade a score means is
policy, not here.
"""

from engine.scoring.fund_lines import (
    SELF_SCORE_METHODS,
    Combination,
    CombinedProject,
    DisagreeingLines,
    FundLine,
    combine_lines,
)
from engine.scoring.method_sets import Method, MethodSet, method_set, method_set_for
from engine.scoring.methods import METHODS, UnknownMethod
from engine.scoring.numbers import ImpossibleNumber, NothingToCount, exact, mean, percent, plain, rounded
from engine.scoring.reductions import Reduction, quota_cut, reduction
from engine.scoring.scorer import by_method, score
from engine.scoring.sheet import (
    DateTarget,
    Direction,
    Execution,
    Given,
    Judgement,
    Measured,
    NotApplicable,
    Note,
    Quantity,
    Row,
    ScoredRow,
    ScoreSheet,
    Sheet,
    UnsoundSheet,
    execution_of,
)
from engine.scoring.totals import reached, total_of

__all__ = [
    "METHODS",
    "SELF_SCORE_METHODS",
    "Combination",
    "CombinedProject",
    "DateTarget",
    "Direction",
    "DisagreeingLines",
    "Execution",
    "FundLine",
    "Given",
    "ImpossibleNumber",
    "Judgement",
    "Measured",
    "Method",
    "MethodSet",
    "NotApplicable",
    "Note",
    "NothingToCount",
    "Quantity",
    "Reduction",
    "Row",
    "ScoreSheet",
    "ScoredRow",
    "Sheet",
    "UnknownMethod",
    "UnsoundSheet",
    "by_method",
    "combine_lines",
    "exact",
    "execution_of",
    "mean",
    "method_set",
    "method_set_for",
    "percent",
    "plain",
    "quota_cut",
    "reached",
    "reduction",
    "rounded",
    "score",
    "total_of",
]
