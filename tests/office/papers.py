"""The papers of the office: the examples of `factories_forms`, made to fit a case.

A paper names the case's own object, unit, year and money, answers to the papers before it, and explains what the checks
ask to have explained. `wishes` say what is special about it: `executed_wan`, `achieved`, `score`, `cut_rows`,
`problems`, `conclusion` …; `changes` put any cell by its path, last of all.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.submissions.forms import FORMS, FormContext, check
from engine.submissions.forms.paths import put
from tests.office import reviewer_papers as reviewer
from tests.office import unit_papers as unit
from tests.office.figures import Content

_WRITERS: dict[str, Callable[[FormContext, Mapping[str, Any]], Content]] = {
    "F01": unit.ex_ante,
    "F02": unit.project_target,
    "F03": reviewer.target_review,
    "F04": unit.department_target,
    "F05": unit.monitoring,
    "F06": unit.project_self_evaluation,
    "F07": unit.department_self_evaluation,
    "F08": reviewer.spot_review,
    "F09": reviewer.key_evaluation,
    "F10": reviewer.letter,
    "F11": unit.rectification,
    "F12": reviewer.result_application,
    "F13": reviewer.agency_appraisal,
    "F14": reviewer.disclosure,
    "F15": unit.policy_expiry,
}


def paper(code: str, context: FormContext, changes: Mapping[str, Any] | None = None, **wishes: Any) -> Content:
    """A content of that form that can be handed in for the case, with what was wished for."""
    content = _WRITERS[code](context, wishes)
    for path, value in (changes or {}).items():
        put(content, path, value)
    return explained(code, content, context)


def explained(code: str, content: Content, context: FormContext) -> Content:
    """The content with a sentence wherever the checks ask for one."""
    asked = [finding.field for finding in check(FORMS[code], content, context) if finding.severity == "explain"]
    given = dict.fromkeys(asked, "示例：情况属实，已经核对")
    return {**content, "explanations": {**given, **content.get("explanations", {})}} if given else content
