"""统一身份认证登录: to the identity provider and back, into a new session; and out of the provider's own."""

import json
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, request

from engine.accounts import NotSignedIn, SignedIn, sign_in_elsewhere, within
from engine.accounts import log as access_log
from engine.accounts.model import ELSEWHERE
from engine.accounts.refusals import SecretUnreadable
from engine.errors import EngineError
from engine.store import retrying
from engine.words import Access
from web.elsewhere import ElsewhereRefused, Provider, Sent, leaving, send, vouched
from web.pages.asked import one_line
from web.pages.login import end_former, form_again, keep_token, page_of_ours
from web.visits import open_to_all
from web.visits.site import site

page = Blueprint("elsewhere", __name__)
COOKIE, ITS_PATH = "jx_elsewhere", "/login/elsewhere"
SECONDS = 600
"""How long somebody may take at the provider."""
LONGEST_NEXT = 500
ANSWERS, ANSWERS_SECONDS = 60, 900
"""So many answers may come from one address; a whole office may sit behind it."""


@page.get("/login/elsewhere")
@open_to_all
def go() -> Any:
    """Send somebody to the provider; where to come back to is kept sealed in the browser."""
    provider, place = _provider(), request.args.get("place", "")
    if place not in provider.places:
        abort(404)
    try:
        address, sent = send(provider)
    except EngineError as refusal:
        return form_again(refusal)
    wanted = page_of_ours(request.args.get("next", "/"))
    told = {
        "state": sent.state, "nonce": sent.nonce, "verifier": sent.verifier, "place": place,
        "next": wanted if len(wanted) <= LONGEST_NEXT else "/", "until": site().watch.now().timestamp() + SECONDS,
    }  # fmt: skip
    response = make_response(redirect(address, 303))
    response.set_cookie(
        COOKIE, site().keys.seal(json.dumps(told)).decode(), max_age=SECONDS, httponly=True, samesite="Lax",
        secure=site().secure, path=ITS_PATH,
    )  # fmt: skip
    return response


@page.get("/login/elsewhere/answer")
@open_to_all
def come_back() -> Any:
    """Believe the provider's answer as far as it is checked, and open a session; each answer once."""
    provider, at = _provider(), site().watch.now()
    told: dict[str, Any] = {}
    try:
        told = _remembered()
        _must_be_first(told)
        sent = Sent(told["state"], told["nonce"], told["verifier"])
        person = vouched(provider, sent, {name: one_line(name) for name in ("state", "code", "iss", "error")}, at)
    except EngineError as refusal:
        _note(provider, told, refusal)
        return _forgotten(make_response(form_again(refusal)))

    def come_in(session: Any) -> SignedIn | NotSignedIn:
        answer = sign_in_elsewhere(
            session, person.subject, login=person.login, from_address=request.remote_addr or "",
            agent=request.user_agent.string, at=at,
        )  # fmt: skip
        if isinstance(answer, SignedIn):
            answer.sign_in.data = {ELSEWHERE: True}
        return answer

    answer = retrying(site().database, told["place"], come_in)
    if isinstance(answer, NotSignedIn):
        return _forgotten(make_response(form_again(answer.refusal)))
    end_former()
    response = _forgotten(make_response(redirect(told["next"], 303)))
    keep_token(response, told["place"], answer.token)
    return response


@page.get("/login/elsewhere/leaving")
@open_to_all
def leave() -> Any:
    """On to where the provider ends its own session."""
    try:
        return redirect(leaving(_provider()), 303)
    except EngineError as refusal:
        return form_again(refusal)


def _provider() -> Provider:
    found = site().elsewhere
    if found is None:
        abort(404)
    return found


def _remembered() -> dict[str, Any]:
    """What was kept in the browser when it was sent; refuses none, a foreign one, and one that is too old."""
    refusal = ElsewhereRefused(
        "这次登录不是从本页开始的，或超过 10 分钟没有完成，没有登录。请从登录页重新开始。", why="nothing remembered"
    )
    try:
        told = json.loads(site().keys.open(request.cookies.get(COOKIE, "")[:4000].encode("utf-8", "replace")))
    except (SecretUnreadable, ValueError) as fault:
        raise refusal from fault
    if told["until"] < site().watch.now().timestamp() or told["place"] not in _provider().places:
        raise refusal
    return dict(told)


def _must_be_first(told: dict[str, Any]) -> None:
    """Refuse an answer that came before, and too many from one address."""
    at, address = site().watch.now(), request.remote_addr or ""

    def count(session: Any) -> tuple[bool, bool]:
        return (
            within(session, "answer from elsewhere", told["state"], 1, SECONDS, at),
            within(session, "answers by address", address, ANSWERS, ANSWERS_SECONDS, at),
        )

    first, few = retrying(site().database, told["place"], count)
    if not first:
        raise ElsewhereRefused("这次登录已经用过，没有再登录。请从登录页重新开始。", why="state used before")
    if not few:
        raise ElsewhereRefused("从这个网络地址登录的次数太多，暂时不能登录。请过一刻钟再试。", why="too many")


def _note(provider: Provider, told: dict[str, Any], refusal: EngineError) -> None:
    """The access log of the place tells what was not believed; an answer to nothing is told to the first place."""
    why = f"{refusal.code}: {refusal.facts.get('why', '')}"
    retrying(
        site().database,
        told.get("place", provider.places[0]),
        lambda session: access_log.record(
            session, Access.REFUSED, person=None, at=site().watch.now(), from_address=request.remote_addr or "", why=why
        ),
    )


def _forgotten(response: Response) -> Response:
    response.delete_cookie(COOKIE, path=ITS_PATH)
    return response
