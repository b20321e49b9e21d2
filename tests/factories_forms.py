"""Valid contents of every official form, and the context in which they are valid. All names and figures are 示例.

`valid_content("F02", project_name="…", **{"indicators[y1].weight": "16"})` starts from a form without any finding that
stops it and changes only what is named, by path. The forms belong together: F05 to F07 answer to F02 and F04, F08 to
F06, F10 to F09, F11 to F10, F12 to F09.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.findings import FormFinding
from engine.submissions.forms import FORMS, FormContext, check
from engine.submissions.forms.paths import put
from tests.sample_forms import DEPARTMENT, NAME, UNIT, YEAR
from tests.sample_forms import FORMS as SAMPLES


@dataclass(frozen=True)
class Said:
    """What a decision table answers in a test."""

    undefined: bool = True
    outputs: dict[str, Any] = field(default_factory=dict)
    source: str | None = None
    status: str | None = None


def stated(**outputs: Any) -> Said:
    return Said(False, outputs, "示例依据", "stated")


def default(**outputs: Any) -> Said:
    return Said(False, outputs, "示例默认值", "default")


def inferred(**outputs: Any) -> Said:
    return Said(False, outputs, "示例推定", "inferred")


def form_context(answers: Mapping[str, Any] | None = None, **changes: Any) -> FormContext:
    """A case of 花溪 in 2021 whose tables say only what `answers` gives: a Said, or a function of the inputs."""
    known = answers or {}

    def decide(decision: str, inputs: Mapping[str, Any]) -> Said:
        answer = known.get(decision, Said())
        return answer(inputs) if callable(answer) else answer

    cells: dict[str, Any] = {
        "jurisdiction": "huaxi",
        "fiscal_year": YEAR,
        "object_kind": "project",
        "decide": decide,
        "object_name": NAME,
        "object_code": "示例-2021-001",
        "unit_name": UNIT,
        "department_name": DEPARTMENT,
        "amount_wan": Decimal("180"),
    }
    return FormContext(**(cells | changes))


def context_for(code: str, answers: Mapping[str, Any] | None = None, **changes: Any) -> FormContext:
    """The context in which `valid_content(code)` can be handed in."""
    return form_context(answers, **(_NEEDED.get(code, dict)() | changes))


def valid_content(code: str, /, **changes: Any) -> dict[str, Any]:
    """A content of that form that nothing stops; `changes` are by path, None removes a cell."""
    content = copy.deepcopy(SAMPLES[code])
    for path, value in changes.items():
        put(content, path, value)
    return content


def examine(
    code: str, changes: Mapping[str, Any] | None = None, answers: Mapping[str, Any] | None = None, **context: Any
) -> list[FormFinding]:
    """What the checks find in the valid form with these cells changed, in its own context."""
    return check(FORMS[code], valid_content(code, **(changes or {})), context_for(code, answers, **context))


def one_at(field: str, findings: list[FormFinding]) -> FormFinding:
    """The single finding at that field."""
    (finding,) = [finding for finding in findings if finding.field == field]
    return finding


_DEPARTMENT: dict[str, Any] = {
    "object_kind": "whole_department",
    "object_name": UNIT,
    "object_code": "示例-401",
    "amount_wan": Decimal("800.12345"),
}
_NEEDED: dict[str, Any] = {
    "F01": lambda: {"amount_wan": Decimal("360")},
    "F03": lambda: {"target": valid_content("F02")},
    "F04": lambda: _DEPARTMENT,
    "F05": lambda: {"target": valid_content("F02")},
    "F06": lambda: {"target": valid_content("F02"), "target_version": 1},
    "F07": lambda: _DEPARTMENT | {"target": valid_content("F04"), "target_version": 1},
    "F08": lambda: {"self_evaluation": valid_content("F06", total_score="92.66")},
    "F10": lambda: {"evaluation": valid_content("F09", total_score="87.75")},
    "F11": lambda: {"letter": valid_content("F10"), "submitter": "示例经办人", "today": date(2022, 12, 10)},
    "F12": lambda: {"evaluation": valid_content("F09", total_score="87.75")},
    "F15": lambda: {"object_kind": "policy", "object_name": "示例：养老服务补贴办法"},
}
