"""执行数: how much of the money of a case is spent as of a day, as finance's ledgers tell it through the year.

Every report is a version of its own with its source; none is ever changed. Which one is the newest is told by the day
it is of, not by the day it came. `rules` works out how much of the year is gone by then.
"""

from engine.executions.execution_file import TEMPLATE, Cells
from engine.executions.model import ExecutionFigure, ExecutionFile
from engine.executions.rules import gone_by

__all__ = ["TEMPLATE", "Cells", "ExecutionFigure", "ExecutionFile", "gone_by"]
