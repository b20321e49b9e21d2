"""The papers of the office: as the people of a rehearsal write them, with what a test wishes put in.

Tests and features call rows and figures of one project by name: its target, how far it came, its review and its report
are the worked example of `factories_forms`, made to fit the case. `wishes` say what is special about a paper
(`executed_wan`, `achieved`, `score`, `cut_rows`, `problems` …); `changes` put any cell by its path, last of all.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.rehearsal.desk import Desk as RehearsalDesk
from engine.rehearsal.papers import WRITERS
from engine.rehearsal.papers import explained as with_explanations
from engine.submissions.forms import FORMS, FormContext, check
from engine.submissions.forms.paths import put
from tests.office import example, wished

Content = dict[str, Any]
Wishes = Mapping[str, Any]

EXAMPLES: Mapping[str, Callable[[FormContext, Wishes], Content]] = {
    "F02": example.target,
    "F05": example.monitoring,
    "F06": example.self_evaluation,
    "F07": example.department_self_evaluation,
    "F08": example.spot_review,
    "F09": example.evaluation,
}
WISHED: Mapping[str, Callable[[Content, FormContext, Wishes], Content]] = {
    "F01": wished.assessment,
    "F04": wished.department_target,
    "F10": wished.letter,
    "F11": wished.rectification,
    "F12": wished.result_application,
    "F14": wished.disclosure,
}


def paper(code: str, desk: RehearsalDesk, changes: Mapping[str, Any], wishes: Wishes) -> Content:
    """A content of that form that can be handed in at this desk, with what was wished for."""
    context = desk.context(code)
    if code in EXAMPLES:
        content = EXAMPLES[code](context, wishes)
    else:
        content = WRITERS[code](desk, context)
        content = WISHED[code](content, context, wishes) if code in WISHED else content
    for path, value in changes.items():
        put(content, path, value)
    return explained(code, content, context)


def explained(code: str, content: Content, context: FormContext) -> Content:
    """The content with a sentence wherever the checks ask for one and nobody wished for another."""
    asked = [finding.field for finding in check(FORMS[code], content, context) if finding.severity == "explain"]
    wished_for = content.get("explanations", {})
    return with_explanations(content, [field for field in asked if field not in wished_for])
