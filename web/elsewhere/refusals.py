"""Why nobody comes in by 统一身份认证."""

from engine.errors import DefinitionError, NotAllowed, Unavailable


class ElsewhereUnsound(DefinitionError):
    """What the operator says about the provider is not enough, or not safe."""

    code = "settings.elsewhere_unsound"


class ElsewhereAway(Unavailable):
    """The provider does not answer, or answers what nobody can read."""

    code = "elsewhere.away"


class ElsewhereRefused(NotAllowed):
    """What came back is not believed; `why` names the check that failed, for the log."""

    code = "elsewhere.refused"
