"""The words of the domain, each written once with its Chinese label: what is stored, sent, asked in tables and shown.

A vocabulary is an enum on `Worded`: a member equals its text, `.label` is what people read, `labels()` gives word →
label. `objects`: what is appraised. `stages`: the way through the year. `offices`: who works here. `outcomes`: how a
step ends. `answers`: what steps ask. `evaluations`: scores and grades. `effects`: what a result does to money.
`documents`: what is made public. `deadlines`: days and what is due. `states`: how things stand. `marks`: what the
tables look at. `indicators`: the indicator library. `access`: who came in and what became of it.
"""

from engine.words.access import Access, SignInEnd
from engine.words.answers import (
    DISPOSALS,
    QUESTIONS,
    SUGGESTED_DISPOSALS,
    DeliberationResult,
    Disposal,
    ExAnteConclusion,
    ExAnteVerdict,
    LibraryEntry,
    Linkage,
    MonitoringReview,
    Objection,
    ObjectionResult,
    PolicyConclusion,
    PublicationWay,
    Question,
    RectificationMode,
    ReviewPath,
    Supervision,
    SupplementVerdict,
    TargetResult,
    YesNo,
    said_answer,
    said_question,
)
from engine.words.deadlines import Consequence, DayKind, DeadlineStep, OnDayOff, said_deadline
from engine.words.documents import DELIBERATIONS, DocumentKind, PublicationStep
from engine.words.effects import Adjustment, BudgetBase, EffectKind, EffectState
from engine.words.evaluations import Attainment, EvaluationKind, Grade, Organizer, ReviewRound, ScoreKind, Selection
from engine.words.indicators import IndicatorScope, IndicatorState
from engine.words.marks import Advice, IndicatorKind, Light, Mark
from engine.words.objects import CaseKind, ProjectCategory, ProjectNature, SpendingFrequency
from engine.words.offices import LANES, Role, UnitKind
from engine.words.outcomes import OutcomeWord
from engine.words.stages import STAGES, OtherDiagram, Stage, said_process
from engine.words.states import (
    ROW_STATUSES,
    CaseState,
    DeadlineState,
    IncidentState,
    RectificationOrigin,
    RectificationState,
    RemarkState,
    RowStatus,
    SubmissionState,
    TaskState,
)
from engine.words.worded import Worded, labels_of, options_of, spellings_of

__all__ = [
    "DELIBERATIONS",
    "DISPOSALS",
    "LANES",
    "QUESTIONS",
    "ROW_STATUSES",
    "STAGES",
    "SUGGESTED_DISPOSALS",
    "Access",
    "Adjustment",
    "Advice",
    "Attainment",
    "BudgetBase",
    "CaseKind",
    "CaseState",
    "Consequence",
    "DayKind",
    "DeadlineState",
    "DeadlineStep",
    "DeliberationResult",
    "Disposal",
    "DocumentKind",
    "EffectKind",
    "EffectState",
    "EvaluationKind",
    "ExAnteConclusion",
    "ExAnteVerdict",
    "Grade",
    "IncidentState",
    "IndicatorKind",
    "IndicatorScope",
    "IndicatorState",
    "LibraryEntry",
    "Light",
    "Linkage",
    "Mark",
    "MonitoringReview",
    "Objection",
    "ObjectionResult",
    "OnDayOff",
    "Organizer",
    "OtherDiagram",
    "OutcomeWord",
    "PolicyConclusion",
    "ProjectCategory",
    "ProjectNature",
    "PublicationStep",
    "PublicationWay",
    "Question",
    "RectificationMode",
    "RectificationOrigin",
    "RectificationState",
    "RemarkState",
    "ReviewPath",
    "ReviewRound",
    "Role",
    "RowStatus",
    "ScoreKind",
    "Selection",
    "SignInEnd",
    "SpendingFrequency",
    "Stage",
    "SubmissionState",
    "Supervision",
    "SupplementVerdict",
    "TargetResult",
    "TaskState",
    "UnitKind",
    "Worded",
    "YesNo",
    "labels_of",
    "options_of",
    "said_answer",
    "said_deadline",
    "said_process",
    "said_question",
    "spellings_of",
]
