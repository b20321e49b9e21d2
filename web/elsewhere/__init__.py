"""统一身份认证: people come in by an identity provider of the place, over OpenID Connect.

`provider` is what the operator says about it; `protocol` sends somebody there and believes what comes back only as far
as it was checked (authorization code with PKCE, state, nonce, signed id_token); `talking` is the one place that speaks
HTTP to it. Whom its word opens a session for is the engine's matter (`engine.accounts.sign_in_elsewhere`).
"""

from web.elsewhere.protocol import Sent, Vouched, leaving, send, vouched
from web.elsewhere.provider import Provider, provider_from
from web.elsewhere.refusals import ElsewhereAway, ElsewhereRefused, ElsewhereUnsound

__all__ = [
    "ElsewhereAway",
    "ElsewhereRefused",
    "ElsewhereUnsound",
    "Provider",
    "Sent",
    "Vouched",
    "leaving",
    "provider_from",
    "send",
    "vouched",
]
