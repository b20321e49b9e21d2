"""OpenID Connect: an authorization code with PKCE, state and nonce, and an id_token believed only when all of it holds.

The metadata and the keys are read anew for each sign-in, so that a key the provider has withdrawn opens nothing.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from web.elsewhere.provider import Provider
from web.elsewhere.refusals import ElsewhereAway, ElsewhereRefused
from web.elsewhere.talking import AWAY, told_by

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"]
"""Signatures by a key only the provider has; nothing symmetric, and never none."""
LEEWAY_SECONDS = 60
"""How far the two clocks may be apart."""
SCOPE = "openid profile"


@dataclass(frozen=True, slots=True)
class Sent:
    """What is remembered of somebody on the way to the provider, in their browser, sealed."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider vouches for: its own name of the person, and a login of ours where it is trusted with those."""

    subject: str
    login: str | None


def send(provider: Provider) -> tuple[str, Sent]:
    """The address at the provider to send somebody to, and what to remember meanwhile."""
    sent = Sent(*(secrets.token_urlsafe(32) for _ in range(3)))
    address = prepare_grant_uri(
        _endpoint(_metadata(provider), "authorization_endpoint"), provider.client_id, "code",
        redirect_uri=provider.redirect_uri, scope=SCOPE, state=sent.state, nonce=sent.nonce,
        code_challenge=create_s256_code_challenge(sent.verifier), code_challenge_method="S256",
    )  # fmt: skip
    return str(address), sent


def vouched(provider: Provider, sent: Sent, answer: Mapping[str, str], at: datetime) -> Vouched:
    """Whom the provider vouches for in its answer to what was sent.

    Refuses another state or issuer, no code, and an id_token that is not the provider's, not for us, not of this
    sign-in, or over; the refusal's fact `why` names the check.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), sent.state.encode()):
        raise _refused("state")
    if (answer.get("iss") or provider.issuer) != provider.issuer:
        raise _refused("iss of the answer")
    if answer.get("error") or not answer.get("code"):
        raise ElsewhereRefused("统一身份认证没有同意登录。请在那里登录成功后再试，或用账号密码登录。", why="no code")
    metadata = _metadata(provider)
    tokens = _tokens(provider, metadata, answer["code"], sent)
    claims = _claims(provider, metadata, tokens, sent, at)
    login = claims.get(provider.login_claim) if provider.login_claim else None
    return Vouched(str(claims["sub"]), login if isinstance(login, str) else None)


def leaving(provider: Provider) -> str:
    """The address at the provider that ends its own session; our login page where it has none."""
    here = urlunsplit((*urlsplit(provider.redirect_uri)[:2], "/login", "", ""))
    target = _metadata(provider).get("end_session_endpoint")
    if not isinstance(target, str):
        return here
    return str(add_params_to_uri(target, [("client_id", provider.client_id), ("post_logout_redirect_uri", here)]))


def _metadata(provider: Provider) -> dict[str, Any]:
    told = told_by(str(get_well_known_url(provider.issuer, external=True)))
    if told.get("issuer") != provider.issuer:
        raise _refused("issuer of the metadata")
    return told


def _endpoint(metadata: Mapping[str, Any], name: str) -> str:
    found = metadata.get(name)
    if not isinstance(found, str):
        raise ElsewhereAway(AWAY, why=f"no {name}")
    return found


def _tokens(provider: Provider, metadata: Mapping[str, Any], code: str, sent: Sent) -> dict[str, Any]:
    body = prepare_token_request(
        "authorization_code", redirect_uri=provider.redirect_uri, code=code, code_verifier=sent.verifier
    )
    ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    address = _endpoint(metadata, "token_endpoint")
    auth = ClientAuth(provider.client_id, provider.client_secret, way)
    return told_by(*_in_order(auth.prepare("POST", address, headers, body)))


def _in_order(prepared: tuple[str, dict[str, str], str]) -> tuple[str, str, dict[str, str]]:
    address, headers, body = prepared
    return address, body, headers


def _claims(
    provider: Provider, metadata: Mapping[str, Any], tokens: Mapping[str, Any], sent: Sent, at: datetime
) -> CodeIDToken:
    told = told_by(_endpoint(metadata, "jwks_uri")).get("keys")
    ours = [key for key in told if _signs(key)] if isinstance(told, list) else []
    mine = {"essential": True}
    try:
        token = jwt.decode(str(tokens.get("id_token", "")), KeySet.import_key_set({"keys": ours}), ALGORITHMS)
        claims = CodeIDToken(
            token.claims, token.header,
            {"iss": {**mine, "value": provider.issuer}, "aud": {**mine, "value": provider.client_id}, "sub": mine},
            {"nonce": sent.nonce, "client_id": provider.client_id, "access_token": tokens.get("access_token")},
        )  # fmt: skip
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, KeyError, TypeError) as fault:
        raise _refused(getattr(fault, "description", None) or type(fault).__name__) from fault
    return claims


def _signs(key: Any) -> bool:
    """Whether a key of the provider's set is one its signatures can be checked with."""
    return isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"


def _refused(why: str) -> ElsewhereRefused:
    return ElsewhereRefused(
        "统一身份认证的答复没有通过核对，没有登录。请从登录页重新开始；一直不行请联系系统管理员。", why=str(why)[:200]
    )
