"""名册: units, people and their offices as an Excel or CSV file, one row an office; the cells are judged elsewhere."""

from typing import NamedTuple

from engine.sheets import Bounds, Template

HEADER = ("单位", "单位类型", "主管部门", "姓名", "账号", "岗位")
TEMPLATE = Template(HEADER, "单位和人员", Bounds(size_bytes=2_000_000, rows=3_000))


class Cells(NamedTuple):
    """One row in the order of `HEADER`."""

    unit: str
    kind: str
    department: str
    name: str
    login: str
    offices: str
