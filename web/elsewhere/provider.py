"""What the operator says about the identity provider: who it is, who we are to it, for which places it vouches."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from web.elsewhere.refusals import ElsewhereUnsound

PREFIX = "JIXIAO_OIDC_"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ANSWER = "/login/elsewhere/answer"
"""Where the provider sends people back to."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`places` are the jurisdictions it vouches for, `redirect_uri` our own address it sends people back to.

    `login_claim` names the claim that is a login of ours; None where only registered subjects come in.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    places: tuple[str, ...]
    login_claim: str | None = None


def provider_from(told: Mapping[str, str], known: Collection[str]) -> Provider | None:
    """The provider as JIXIAO_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _REDIRECT and _PLACES say; None without any.

    JIXIAO_OIDC_LOGIN_CLAIM may name a claim (preferred_username). `known` are the jurisdictions there are. Refuses half
    of it, an address without TLS outside this machine, and a place nobody knows; never repeats the secret.
    """
    names = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT", "PLACES")
    given = {name: told.get(f"{PREFIX}{name}", "").strip() for name in names}
    if not any(given.values()):
        return None
    missing = "、".join(f"{PREFIX}{name}" for name in names if not given[name])
    if missing:
        raise ElsewhereUnsound(f"统一身份认证只设了一部分，没有启动。还缺：{missing}。不用时请全部去掉。")
    for name in ("ISSUER", "REDIRECT"):
        must_be_safe(given[name], f"{PREFIX}{name}")
    if urlsplit(given["REDIRECT"]).path != ANSWER:
        raise ElsewhereUnsound(f"{PREFIX}REDIRECT 应是本系统的网址加 {ANSWER}，没有启动。请改正，并同样登记到对方。")
    places = tuple(dict.fromkeys(given["PLACES"].replace(",", " ").split()))
    strange, there_are = "、".join(place for place in places if place not in known), "、".join(known)
    if strange:
        raise ElsewhereUnsound(f"{PREFIX}PLACES 中的 {strange} 不是本系统的地区，没有启动。只能写：{there_are}。")
    return Provider(
        given["ISSUER"], given["CLIENT_ID"], given["CLIENT_SECRET"], given["REDIRECT"], places,
        told.get(f"{PREFIX}LOGIN_CLAIM", "").strip() or None,
    )  # fmt: skip


def must_be_safe(address: str, what: str) -> None:
    """Refuse an address that is not HTTPS, but for one of this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.hostname or parts.username is not None:
        raise ElsewhereUnsound(f"{what} 应是 https 开头的网址，没有启动。请核对。", what=what)
