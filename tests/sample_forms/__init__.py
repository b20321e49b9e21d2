"""One valid content of every official form, by its number. All names and figures are 示例."""

from typing import Any

from tests.sample_forms.cells import DEPARTMENT, NAME, UNIT, YEAR, indicator
from tests.sample_forms.consequences import F10, F11, F12, F13, F14, F15, F16
from tests.sample_forms.results import F06, F07, F08, F09
from tests.sample_forms.targets import F01, F02, F03, F04, F05

__all__ = ["DEPARTMENT", "FORMS", "NAME", "UNIT", "YEAR", "indicator"]

FORMS: dict[str, dict[str, Any]] = {
    "F01": F01,
    "F02": F02,
    "F03": F03,
    "F04": F04,
    "F05": F05,
    "F06": F06,
    "F07": F07,
    "F08": F08,
    "F09": F09,
    "F10": F10,
    "F11": F11,
    "F12": F12,
    "F13": F13,
    "F14": F14,
    "F15": F15,
    "F16": F16,
}
