"""Units, people, the offices they hold, and who may act for whom.

An `Actor` is a person in one office at one moment; every command is told who acts, never looks it up by itself.
"""

from engine.directory.competent import competent_office, is_held
from engine.directory.model import (
    Actor,
    Appointment,
    DirectoryFile,
    NotYourOffice,
    NotYourUnit,
    Person,
    Substitution,
    Unit,
)
from engine.directory.people import (
    Entrusted,
    NoOffice,
    NotSubstitute,
    PersonNotFound,
    Seat,
    SeatNotChosen,
    UnitNotFound,
    acting_as,
    actor_of,
    entrusted_to,
    seated,
    seats_of,
)

__all__ = [
    "Actor",
    "Appointment",
    "DirectoryFile",
    "Entrusted",
    "NoOffice",
    "NotSubstitute",
    "NotYourOffice",
    "NotYourUnit",
    "Person",
    "PersonNotFound",
    "Seat",
    "SeatNotChosen",
    "Substitution",
    "Unit",
    "UnitNotFound",
    "acting_as",
    "actor_of",
    "competent_office",
    "entrusted_to",
    "is_held",
    "seated",
    "seats_of",
]
