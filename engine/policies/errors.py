"""What this room refuses."""

from engine.errors import DefinitionError, InvalidInput, NotFound


class UnsoundTables(DefinitionError):
    """A table or pack is unsound; `findings` lists severity, file, line, element, message and remedy."""

    code = "policy.unsound"


class UnknownJurisdiction(NotFound):
    """No pack of that name; `known` lists those there are."""

    code = "policy.unknown_jurisdiction"


class UnknownDecision(NotFound):
    """No decision of that name; `known` lists those there are."""

    code = "policy.unknown_decision"


class DecisionInputRefused(InvalidInput):
    """An input is unknown, missing, of the wrong type or out of its range; `input` names it."""

    code = "policy.input_refused"
