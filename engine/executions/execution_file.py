"""Execution figures as an Excel or CSV file, one row a project or one of its fund lines; the cells are judged
elsewhere."""

from typing import NamedTuple

from engine.sheets import Bounds, Template

HEADER = ("项目编号", "资金年度", "截至日", "资金", "执行数（万元）", "计划支付数（万元）", "来源")
TEMPLATE = Template(HEADER, "执行数", Bounds(size_bytes=2_000_000, rows=5_000), optional=2)


class Cells(NamedTuple):
    """One row in the order of `HEADER`; an empty `line` is the whole project."""

    code: str
    year: str
    as_of: str
    line: str
    executed: str
    planned: str
    source: str
