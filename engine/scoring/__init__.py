"""Scores as arithmetic: no session, no clock, no policy; the same sheet and method set always give the same total.

A `Sheet` of weighted rows is scored by `score` with a named, versioned `MethodSet`; every row answers 口径 with a
formula in Chinese. `review` compares a self-evaluation with its spot review, `evaluate` adds up a key evaluation from
its deductions, `combine_lines` turns fund lines into projects, `agency_statistics` lays agencies side by side.
Impossible numbers and sheets that contradict themselves are refused; which grade a score means is policy, not here.
"""

from engine.scoring.agencies import (
    AgencyStatistics,
    Payment,
    agency_payment,
    agency_statistics,
)
from engine.scoring.fund_lines import (
    SELF_SCORE_METHODS,
    Combination,
    CombinedProject,
    DisagreeingLines,
    FundLine,
    combine_lines,
)
from engine.scoring.key_evaluation import (
    Deduction,
    EvaluatedRow,
    Evaluation,
    EvaluationRow,
    Scope,
    cost_saving_rate,
    evaluate,
    ratio,
)
from engine.scoring.method_sets import Method, MethodSet, method_set, method_set_for
from engine.scoring.methods import METHODS, UnknownMethod
from engine.scoring.numbers import ImpossibleNumber, NothingToCount, exact, mean, percent, plain, rounded
from engine.scoring.scorer import score
from engine.scoring.sheet import (
    DateTarget,
    Direction,
    Execution,
    Judgement,
    Measured,
    NotApplicable,
    Note,
    Quantity,
    Row,
    Satisfaction,
    ScoredRow,
    ScoreSheet,
    Sheet,
    UnsoundSheet,
    execution_of,
    satisfaction_of,
)
from engine.scoring.spot_checks import SpotReview, copied_texts, full_marks, review
from engine.scoring.spot_review import Finding, Observation, Report, ReviewedRow, ReviewSheet, deviation

__all__ = [
    "AgencyStatistics",
    "Combination",
    "CombinedProject",
    "DateTarget",
    "Deduction",
    "Direction",
    "DisagreeingLines",
    "EvaluatedRow",
    "Evaluation",
    "EvaluationRow",
    "Execution",
    "Finding",
    "FundLine",
    "ImpossibleNumber",
    "Judgement",
    "METHODS",
    "Measured",
    "Method",
    "MethodSet",
    "NotApplicable",
    "Note",
    "NothingToCount",
    "Observation",
    "Payment",
    "Quantity",
    "Report",
    "ReviewSheet",
    "ReviewedRow",
    "Row",
    "SELF_SCORE_METHODS",
    "Satisfaction",
    "Scope",
    "ScoreSheet",
    "ScoredRow",
    "Sheet",
    "SpotReview",
    "UnknownMethod",
    "UnsoundSheet",
    "agency_payment",
    "agency_statistics",
    "combine_lines",
    "copied_texts",
    "cost_saving_rate",
    "deviation",
    "evaluate",
    "exact",
    "execution_of",
    "full_marks",
    "mean",
    "method_set",
    "method_set_for",
    "percent",
    "plain",
    "ratio",
    "review",
    "rounded",
    "satisfaction_of",
    "score",
]
