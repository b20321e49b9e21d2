"""Units, people, the offices they hold, and who may act for whom.

An `Actor` is a person in one office at one moment; every command is told who acts, never looks it up by itself.
"""

from engine.directory.model import (
    Actor,
    Appointment,
    NotYourOffice,
    NotYourUnit,
    Person,
    Substitution,
    Unit,
)
from engine.directory.people import acting_as, actor_of
from engine.words import Role, UnitKind

__all__ = [
    "Actor",
    "Appointment",
    "NotYourOffice",
    "NotYourUnit",
    "Person",
    "Role",
    "Substitution",
    "Unit",
    "UnitKind",
    "acting_as",
    "actor_of",
]
