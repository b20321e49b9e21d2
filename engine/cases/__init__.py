"""One object's way through the stages in one budget year.

A `Case` is a project, a whole department or a policy in one fiscal year; its `process_state` says where it stands, its
`forms` which version of each official form counts now. A case is changed only under its `version`.
"""

from engine.cases.model import (
    ANNUAL,
    TO_PUBLISH,
    Case,
    CaseNotActive,
    CaseNotFound,
    FundLine,
    Incident,
    case_by_id,
    ends_without_result,
)
from engine.cases.papers import CasePaper, CasePapers, LateFiling, OpenAdjustment
from engine.cases.search import search_words
from engine.cases.waiting import cases_waiting_for

__all__ = [
    "ANNUAL",
    "TO_PUBLISH",
    "Case",
    "CaseNotActive",
    "CaseNotFound",
    "CasePaper",
    "CasePapers",
    "FundLine",
    "Incident",
    "LateFiling",
    "OpenAdjustment",
    "case_by_id",
    "cases_waiting_for",
    "ends_without_result",
    "search_words",
]
