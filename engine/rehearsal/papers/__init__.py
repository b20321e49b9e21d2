"""示例表单: every official form as the people of a rehearsal fill it in, so that nothing in it stops.

What is made up is marked 示例. Scores come from the input files where these have one: F06 and F07 are answered so that
the scoring method gives the self score, the rows of F09 so that they sum to the third-party score.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.moves.filling import SubmissionIncomplete
from engine.rehearsal.desk import Desk
from engine.rehearsal.papers import (
    evaluation,
    ex_ante,
    letters,
    monitoring,
    results,
    self_evaluation,
    spot_review,
    targets,
)
from engine.rehearsal.papers.words import EXPLANATION
from engine.submissions.forms import FormContext

Content = dict[str, Any]
Writer = Callable[[Desk, FormContext], Content]

WRITERS: Mapping[str, Writer] = {
    "F01": ex_ante.report,
    "F02": targets.of_project,
    "F03": targets.review,
    "F04": targets.of_department,
    "F05": monitoring.sheet,
    "F06": self_evaluation.of_project,
    "F07": self_evaluation.of_department,
    "F08": spot_review.sheet,
    "F09": evaluation.report,
    "F10": letters.feedback,
    "F11": letters.rectification,
    "F12": results.application,
    "F13": results.agency_appraisal,
    "F14": results.disclosure,
    "F15": ex_ante.policy_expiry,
}


def hand_in(code: str, desk: Desk, use: Callable[[Content], object]) -> None:
    """Fill the form in and use it; where its checks ask for an explanation, give one and use it again."""
    content = WRITERS[code](desk, desk.context(code))
    try:
        use(content)
    except SubmissionIncomplete as refusal:
        if any(finding["severity"] != "explain" for finding in refusal.facts["findings"]):
            raise
        use(explained(content, [finding["field"] for finding in refusal.facts["findings"]]))


def explained(content: Content, fields: Iterable[str]) -> Content:
    """The content with an explanation for each of these fields."""
    return content | {"explanations": content.get("explanations", {}) | dict.fromkeys(fields, EXPLANATION)}
