"""Trying before doing: a page says what a command does, tries it, shows what would follow, and only then does it.

A trial is the real command in this transaction, taken back before anybody sees it. What was tried is what is done: when
a field was changed since, the page tries once more instead.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import make_response, redirect, render_template, request
from sqlalchemy.orm import Session

from engine.accounts import NotSignedIn
from engine.directory import Actor
from engine.errors import EngineError
from engine.moves.asking import Preview, preview
from engine.moves.attempts import told_actor
from engine.moves.incidents import Attempt, guarded
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.queries.case_in_hand import CaseInHand
from engine.queries.foretold import foretold
from engine.words import Role
from web.pages.proving import refused_proof, second_person
from web.pages.steps.asked import Control, Field, Given, typed_in
from web.visits import Visit
from web.visits.refusals import status_of

Rows = Sequence[tuple[str, str]]
REASON = Field("reason", "原因", Control.LONG, hint="记入案卷经过，办理过的人都看得到")
ANY_REASON = "试办"
"""What a trial is told where the page asks for nothing but a reason, before somebody wrote one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """What can be tried and then done on one page.

    `carry_out` takes a session, what was given, and by, at, key, expected (and `second`, where a second person has to
    agree). `about` is shown above the fields, `told` beside what would follow; `afterwards` is the address to go on to.
    `proven` asks for the password once more, `final` says that it cannot be taken back.
    """

    command: str
    title: str
    label: str
    what: str
    address: str
    back: str
    fields: Sequence[Field]
    carry_out: Callable[..., Receipt]
    afterwards: Callable[[Receipt], str]
    case: CaseInHand | None = None
    about: Rows = ()
    told: Callable[[Given, Receipt], Rows] = lambda given, receipt: ()
    proven: bool = False
    second: bool = False
    final: bool = False

    @property
    def asks_only_why(self) -> bool:
        """Whether nothing but a reason is asked, so that what follows can be shown at once."""
        return tuple(self.fields) == (REASON,)


def shown(visit: Visit, asked: Undertaking) -> Any:
    """The page before anything was typed."""
    typed = {each.name: each.usual for each in asked.fields}
    tried = _tried(visit, asked, {"reason": ANY_REASON}) if asked.asks_only_why else None
    return _page(visit, asked, typed, tried), 200


def answered(visit: Visit, asked: Undertaking) -> Any:
    """What was sent is tried, or, when it was tried just so and is confirmed, done."""
    typed = typed_in(asked.fields, request.form)
    if request.form.get("do") != "confirm":
        tried = _tried(visit, asked, typed)
        return _page(visit, asked, typed, tried), status_of(tried.refusal) if tried.refusal else 200
    if not asked.asks_only_why and request.form.get("tried") != _mark(typed):
        return _page(visit, asked, typed, _tried(visit, asked, typed), changed=True), 200
    response = make_response()
    try:
        receipt = _done(visit, asked, typed, response)
    except EngineError as refusal:
        visit.session.expire_all()
        return _refused(visit, asked, typed, response, refusal)
    if isinstance(receipt, EngineError):
        return _refused(visit, asked, typed, response, receipt)
    onward = redirect(asked.afterwards(receipt), 303)
    for cookie in response.headers.getlist("Set-Cookie"):
        onward.headers.add("Set-Cookie", cookie)
    return onward


def _refused(visit: Visit, asked: Undertaking, typed: Mapping[str, str], response: Any, refusal: EngineError) -> Any:
    tried = _tried(visit, asked, typed)
    response.set_data(_page(visit, asked, typed, tried, refusal=refusal))
    response.status_code = status_of(refusal)
    return response


def _tried(visit: Visit, asked: Undertaking, typed: Mapping[str, str]) -> Preview:
    how: dict[str, Any] = {"by": visit.actor, "at": visit.at, "key": None, "expected": None}
    if asked.second:
        how["second"] = _somebody(visit.actor)
    return preview(visit.session, _of_receipt(asked), Given(Outcome(""), typed), **how)


def _of_receipt(asked: Undertaking) -> Callable[..., Receipt]:
    return lambda session, given, **how: asked.carry_out(session, given, **how)


def _somebody(by: Actor) -> Actor:
    """Whoever will agree: in a trial nobody has been named yet."""
    return Actor(0, "同意人", by.jurisdiction, by.unit_id, frozenset({Role.PERFORMANCE_OFFICE}))


def _done(visit: Visit, asked: Undertaking, typed: Mapping[str, str], response: Any) -> Receipt | EngineError:
    """The receipt; a wrong password is given back instead of raised, so that the try stays counted."""
    how: dict[str, Any] = {"by": visit.actor, "at": visit.at, "key": _key(), "expected": _expected()}
    if asked.proven and (refusal := refused_proof(visit, response)) is not None:
        return refusal
    if asked.second:
        agreeing = second_person(visit)
        if isinstance(agreeing, NotSignedIn):
            return agreeing.refusal
        how["second"] = agreeing
    given = Given(Outcome(""), typed)
    if asked.case is None:
        with visit.session.begin_nested():
            return asked.carry_out(visit.session, given, **how)
    arguments = {"typed": dict(typed), "by": told_actor(visit.actor), "key": how["key"]}
    attempt = Attempt(asked.command, arguments, case_id=asked.case.case_id, by=visit.actor)

    def work(session: Session) -> Receipt:
        return asked.carry_out(session, given, **how)

    return guarded(visit.database, visit.jurisdiction, work, attempt, at=visit.at)


def _page(
    visit: Visit,
    asked: Undertaking,
    typed: Mapping[str, str],
    tried: Preview | None,
    *,
    refusal: EngineError | None = None,
    changed: bool = False,
) -> str:
    receipt = tried.receipt if tried is not None else None
    follows, told = None, tuple[tuple[str, str], ...]()
    if receipt is not None:
        told = tuple(asked.told(Given(Outcome(""), typed), receipt))
        if asked.case is not None:
            follows = foretold(visit.session, visit.actor, receipt, asked.case.diagrams_id)
    return render_template(
        "undertaking.html", visit=visit, asked=asked, case=asked.case, typed=typed, tried=tried, follows=follows,
        told=told, refusal=refusal or (tried.refusal if tried is not None else None), changed=changed,
        mark=_mark(typed), key=_key() or uuid4().hex, has_reason=bool(typed.get("reason", "").strip()),
        proven=visit.arrival.sign_in.is_proven(visit.arrival.now),
        second_login=request.form.get("second_login", "")[:200],
    )  # fmt: skip


def _mark(typed: Mapping[str, str]) -> str:
    """Knows again what was tried."""
    return hashlib.sha256(json.dumps(dict(typed), ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:32]


def _key() -> str | None:
    return request.form.get("key", "")[:64] or None


def _expected() -> int | None:
    told = request.form.get("expected", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None
