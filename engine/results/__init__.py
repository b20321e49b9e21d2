"""What follows from a result: effects on the next budget, the year's figures, and where published figures differ.

Pure rules: `linkage` asks the jurisdiction's tables and proposes effects, `statistics` adds a year up (projects by
project, money by line, 完成率 as ΣB/ΣA), `disagreements` lays published aggregates beside the computed ones. The rows
these become are in `model`.
"""

from engine.results.disagreements import (
    Comparison,
    Disagreement,
    disagreements,
    figures_of,
    grade_disagreements,
)
from engine.results.figures import figures
from engine.results.linkage import (
    Effect,
    consequences,
    linkage_effect,
    propose,
    quota_effect,
)
from engine.results.statistics import (
    CompletionStatistics,
    DepartmentStatistics,
    GradeStatistics,
    Money,
    ProjectStatistics,
    YearStatistics,
    completion_statistics,
    grade_statistics,
    year_statistics,
)

__all__ = [
    "Comparison",
    "CompletionStatistics",
    "DepartmentStatistics",
    "Disagreement",
    "Effect",
    "GradeStatistics",
    "Money",
    "ProjectStatistics",
    "YearStatistics",
    "completion_statistics",
    "consequences",
    "disagreements",
    "figures",
    "figures_of",
    "grade_disagreements",
    "grade_statistics",
    "linkage_effect",
    "propose",
    "quota_effect",
    "year_statistics",
]
