"""A library as an Excel or CSV file: which header it has, and how much fits; the cells are judged elsewhere."""

from engine.indicators.rules import COLUMNS
from engine.sheets import Bounds, Template

OWNER = "归口"
HEADER = (*COLUMNS.values(), OWNER)
TEMPLATE = Template(HEADER, "指标", Bounds(size_bytes=4_000_000, rows=20_000), optional=1)
