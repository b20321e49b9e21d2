"""The sixteen official forms: one module each, its marshmallow schema the single source for page, API, Excel and print.

A form is read (`Form.load`), checked (`check`: arithmetic, cross-field, cross-form, the jurisdiction's tables), stored
with its computed cells (`settle`), compared with its last version (`diff`), and tells the process what it decided
(`facts`). `blank` and `prefill` hand it out. Content is plain JSON with decimals as text; nothing made up lives here.
What may stop a form is narrow: arithmetic, required cells and rules that are `stated` (see `findings`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from engine.errors import NotFound
from engine.submissions.forms import (
    agency_appraisal,
    department_self_evaluation,
    department_target,
    disclosure_items,
    ex_ante_report,
    feedback_letter,
    key_evaluation_report,
    monitoring_sheet,
    policy_expiry,
    project_self_evaluation,
    project_target,
    rectification_report,
    result_application,
    spot_review_sheet,
    target_review,
    work_appraisal,
)
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.diff import FieldChange, diff, diff_of_drafts
from engine.submissions.forms.findings import Answer
from engine.submissions.forms.form import (
    Form,
    TakenIn,
    blank,
    check,
    facts,
    fingerprints,
    load,
    prefill,
    refigured,
    settle,
    take_in,
)
from engine.submissions.forms.shape import FormTooLarge, MalformedForm, parse
from engine.submissions.forms.values import ReadValue, read_value

_MODULES = (
    ex_ante_report,
    project_target,
    target_review,
    department_target,
    monitoring_sheet,
    project_self_evaluation,
    department_self_evaluation,
    spot_review_sheet,
    key_evaluation_report,
    feedback_letter,
    rectification_report,
    result_application,
    agency_appraisal,
    disclosure_items,
    policy_expiry,
    work_appraisal,
)
FORMS: Mapping[str, Form] = MappingProxyType({module.FORM.code: module.FORM for module in _MODULES})


class UnknownForm(NotFound):
    """There is no official form of that code."""

    code = "form.unknown"


def form_of(code: str) -> Form:
    """The form of that code; refuses one that does not exist."""
    if code not in FORMS:
        raise UnknownForm(f"没有编号为“{code[:20]}”的表单。现有 F01 至 F16，请核对编号。", form=code[:20])
    return FORMS[code]


__all__ = [
    "FORMS",
    "Answer",
    "FieldChange",
    "Finding",
    "Form",
    "FormContext",
    "FormTooLarge",
    "MalformedForm",
    "ReadValue",
    "TakenIn",
    "UnknownForm",
    "blank",
    "check",
    "diff",
    "diff_of_drafts",
    "facts",
    "fingerprints",
    "form_of",
    "load",
    "parse",
    "prefill",
    "read_value",
    "refigured",
    "settle",
    "take_in",
]
