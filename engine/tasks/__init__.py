"""Work items: who has to do what, and in which state it stands.

A task mirrors one waiting human step of a process and has the same key. It guards its own state: open, claimed by one
person, completed or withdrawn once.
"""

from engine.tasks.model import (
    CLEAR,
    DOUBTFUL,
    Draft,
    NotYourTask,
    Reminder,
    TakeoverRequest,
    Task,
    TaskNotFound,
    TaskNotOpen,
)

__all__ = [
    "CLEAR",
    "DOUBTFUL",
    "Draft",
    "NotYourTask",
    "Reminder",
    "TakeoverRequest",
    "Task",
    "TaskNotFound",
    "TaskNotOpen",
]
