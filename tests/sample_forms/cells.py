"""What the sample forms are made of: whose project it is, amounts and papers, and its nine indicators."""

from collections.abc import Mapping
from typing import Any

NAME = "示例：社区养老服务站建设经费"
UNIT = "示例单位甲"
DEPARTMENT = "示例主管部门"
YEAR = 2021


def indicator(row_id: str, level1: str, level2: str, name: str, weight: str, **cells: Any) -> dict[str, Any]:
    row = {"id": row_id, "level1": level1, "level2": level2, "name": name, "weight": weight}
    return row | {"data_source": "示例：业务台账", "calculation": "示例：按台账统计"} | cells


def amount(total: str, fiscal: str = "0", carry_over: str = "0", other: str = "0") -> dict[str, str]:
    return {"total_wan": total, "fiscal_wan": fiscal, "carry_over_wan": carry_over, "other_wan": other}


def line(initial: str, budget: str, executed: str) -> dict[str, str]:
    return {"initial_budget_wan": initial, "annual_budget_wan": budget, "executed_amount_wan": executed}


def paper(row_id: str, name: str) -> dict[str, str]:
    return {"id": row_id, "name": name}


INDICATORS = [
    indicator("y1", "产出指标", "数量指标", "培训护理人次", "15", direction="≥", target_value="500", unit="人次"),
    indicator("y2", "产出指标", "数量指标", "新建服务站点", "10", direction="=", target_value="4", unit="个"),
    indicator("y3", "产出指标", "质量指标", "验收合格率", "10", direction="≥", target_value="95", unit="%"),
    indicator("y4", "产出指标", "时效指标", "按期完成率", "8", direction="≥", target_value="100", unit="%"),
    indicator("y5", "产出指标", "成本指标", "单位成本", "7", direction="≤", target_value="0.30", unit="万元/人"),
    indicator("y6", "效益指标", "社会效益指标", "受益户数", "15", direction="≥", target_value="1000", unit="户"),
    indicator(
        "y7", "效益指标", "生态效益指标", "社区环境", "8", direction="qualitative", target_text="改善", calculation=None
    ),
    indicator(
        "y8",
        "效益指标",
        "可持续影响指标",
        "服务机制",
        "7",
        direction="qualitative",
        target_text="建立长效机制",
        calculation=None,
    ),
    indicator(
        "y9",
        "满意度指标",
        "服务对象满意度指标",
        "老人满意度",
        "10",
        direction="≥",
        target_value="90",
        unit="%",
        survey_method="示例：入户问卷",
        survey_population="示例：接受服务的老人",
    ),
]
TARGET_KEYS = ("id", "level1", "level2", "name", "direction", "target_value", "target_text", "unit", "weight")


def rows_with(columns: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The target columns of the indicators, filled on with the cells given for each row."""
    return [{key: row[key] for key in TARGET_KEYS if key in row} | columns[row["id"]] for row in INDICATORS]
