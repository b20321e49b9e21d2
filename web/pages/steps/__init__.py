"""Steps that end with a command of their own, a module a command: what they ask besides, and how they are carried out.

`STEPS` is the table; a step that is not in it ends with `complete_task`, and asks only what its diagram says.
"""

from collections.abc import Mapping

from web.pages.steps import (
    accept_evaluation,
    assign_agency,
    close_rectification,
    issue_feedback,
    plain,
    publish,
    record_deliberation,
    record_deliberation_of_case,
    sign_letter,
)
from web.pages.steps.asked import Control, Field, Given, Step, Unreadable, typed_in
from web.pages.steps.carrying import carried_out

STEPS: Mapping[str, Step] = {
    "assign_agency": assign_agency,
    "accept_evaluation": accept_evaluation,
    "issue_feedback": issue_feedback,
    "sign_letter": sign_letter,
    "record_deliberation": record_deliberation,
    "publish": publish,
    "close_rectification": close_rectification,
}
"""`command` of the element in its diagram → the module that asks and does."""


def step_for(command: str | None) -> Step:
    """The module of a step; the plain one where the diagram names no command."""
    return STEPS[command] if command is not None else plain


__all__ = [
    "STEPS",
    "Control",
    "Field",
    "Given",
    "Step",
    "Unreadable",
    "carried_out",
    "record_deliberation_of_case",
    "step_for",
    "typed_in",
]
