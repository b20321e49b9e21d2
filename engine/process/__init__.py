"""The way of a case through its diagrams: bytes in, bytes out; no database, no clock, no opinion about deadlines.

`Diagrams.parse` checks and reads the BPMN files once: `elements` with what each step asks for (`properties`), and a
telling of each diagram in words (`outline`); `differences` tells two versions of one apart.
`start` opens a case and returns a `Step`: the state to store and
what opened (human tasks, messages waited for, named deadlines). From then on `complete` (a person has answered),
`deliver` (a message for exactly one catch), `fire` (a deadline has passed) and `jump` (an operator puts the case
somewhere else) each take the stored state and return the next `Step`, told relative to the state given.
A state holds open tokens and routing outcomes only (`spiff.codec`), forgets what is over (`spiff.compact`) and belongs
to the diagrams it was made with; `migrate` moves it to others if that is safe. Anything a diagram wants done outside
comes back as an `Operation`; decisions are asked through the `decide` given. A step that fails raises `ProcessIncident`
and the old state stays valid.
"""

from engine.process.differences import Altered, Difference, differences
from engine.process.model import (
    Catch,
    CatchNotWaiting,
    Decide,
    DecisionMade,
    DiagramRefused,
    Element,
    ExpressionFailed,
    ExpressionRefused,
    JumpRefused,
    Migration,
    Operation,
    ProcessIncident,
    StateUnreadable,
    Step,
    TaskNotWaiting,
    Timer,
    UnknownElement,
    VariablesRefused,
    Waiting,
)
from engine.process.outline import NextStep, OutlineStep
from engine.process.properties import Question, QuestionKind, StepKind, StepProperties
from engine.process.spiff import Diagrams, complete, deliver, fire, jump, look, migrate, start

__all__ = [
    "Altered",
    "Catch",
    "CatchNotWaiting",
    "Decide",
    "DecisionMade",
    "DiagramRefused",
    "Diagrams",
    "Difference",
    "Element",
    "ExpressionFailed",
    "ExpressionRefused",
    "JumpRefused",
    "Migration",
    "NextStep",
    "Operation",
    "OutlineStep",
    "ProcessIncident",
    "Question",
    "QuestionKind",
    "StateUnreadable",
    "Step",
    "StepKind",
    "StepProperties",
    "TaskNotWaiting",
    "Timer",
    "UnknownElement",
    "VariablesRefused",
    "Waiting",
    "complete",
    "deliver",
    "differences",
    "fire",
    "jump",
    "look",
    "migrate",
    "start",
]
