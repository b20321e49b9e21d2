"""Every refusal, in one tree: five families a door turns into answers, and one for operators."""

from typing import Any, ClassVar


class EngineError(Exception):
    """A refusal in a sentence for the person who asked; `facts` are for machines."""

    code: ClassVar[str] = "engine.error"

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class NotFound(EngineError):
    """What was named does not exist here (HTTP 404)."""

    code = "not_found"


class NotAllowed(EngineError):
    """The thing exists, but this person may not do this to it (HTTP 403)."""

    code = "not_allowed"


class InvalidInput(EngineError):
    """What was handed in cannot be accepted as it is (HTTP 422)."""

    code = "invalid_input"


class WrongState(EngineError):
    """The thing is in a state in which this cannot be done (HTTP 409)."""

    code = "wrong_state"


class Unavailable(EngineError):
    """What the answer depends on cannot be reached just now; nothing is wrong with what was asked (HTTP 503)."""

    code = "unavailable"


class DefinitionError(EngineError):
    """A diagram, table, pack or setting is unsound; the program does not start with it."""

    code = "definition.unsound"
