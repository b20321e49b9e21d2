"""申请延期、申请补报: a unit asks for a later day and says why; 绩效股 sees both days side by side and decides.

The two kinds are data: what is asked about, by which commands, in which words. Everything else is the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.answer_extension import answer_extension
from engine.commands.answer_late_filing import answer_late_filing
from engine.commands.request_extension import request_extension
from engine.commands.request_late_filing import request_late_filing
from engine.errors import EngineError, InvalidInput
from engine.moves.permissions import permits
from engine.queries.case_card import case_card
from engine.queries.deadline_reasons import reason_of
from engine.queries.extensions import Extension, extensions
from engine.queries.late_filings import LateFilingCard, late_filing_card
from engine.words import RequestKind, said_deadline
from web.pages.asked import address
from web.pages.posted import day_of_field, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("day_requests", __name__)


class NoDay(InvalidInput):
    """What was typed is no day."""

    code = "page.no_day"


@dataclass(frozen=True, slots=True)
class About:
    """What a request is about: the step of a case, the day it has, where one comes from, and what was asked before.

    `why_not` is why nobody can ask now, None where one can. `task_id` is the task a deadline has taken away, `rule`
    what the table says of asking for it.
    """

    name: str
    case_id: int
    case_name: str
    code: str
    unit: str
    deadline_id: UUID
    deadline: str
    due_on: date
    back: str
    after: str
    asked: tuple[Extension, ...]
    why_not: str | None
    task_id: UUID | None = None
    rule: LateFilingCard | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request: the words of its pages, the last part of its addresses, and the commands behind them."""

    asks: str
    wanted: str
    due: str
    hoped: str
    until: str
    grant: str
    decline: str
    what_follows: str
    what_grant_does: str
    answered_at: str
    about: Callable[[Visit, UUID], About]
    ask: Callable[..., Any]
    answer: Callable[..., Any]
    may_answer: str


def _running(visit: Visit, deadline_id: UUID) -> About:
    """A deadline whose work is still to be done, or why there is none to put off."""
    reason = reason_of(visit.session, visit.actor, deadline_id)
    card = case_card(visit.session, visit.actor, reason.case_id)
    kept = next((day for day in card.days if day.deadline_id == deadline_id), None)
    asked = extensions(visit.session, visit.actor, case_id=reason.case_id).lines
    back = f"/cases/{reason.case_id}?tab=deadlines"
    runs = kept is not None and kept.can_be_put_off
    taken = kept.task_id if kept is not None and kept.state == "fired" and not runs else None
    return About(
        name=said_deadline(reason.name), case_id=card.case_id, case_name=card.name, code=card.code, unit=card.unit,
        deadline_id=deadline_id, deadline=reason.name, due_on=reason.due_on, back=back, after=back,
        asked=tuple(each for each in asked if each.deadline_id == deadline_id and each.kind is RequestKind.EXTENSION),
        why_not=None if runs else "这个期限已经办结，或届满时已把任务收回，不能再申请延期。", task_id=taken,
    )  # fmt: skip


def _taken(visit: Visit, task_id: UUID) -> About:
    """A step its deadline took away."""
    card = late_filing_card(visit.session, visit.actor, task_id)
    here = f"/tasks/{task_id}"
    return About(
        name=card.step, case_id=card.case_id, case_name=card.name, code=card.code, unit=card.unit,
        deadline_id=card.deadline_id, deadline=card.deadline, due_on=card.due_on, back=here,
        after=f"{here}/late-filing", asked=card.asked, why_not=card.refusal.message if card.refusal else None,
        task_id=task_id, rule=card,
    )  # fmt: skip


KINDS: Mapping[RequestKind, Kind] = MappingProxyType(
    {
        RequestKind.EXTENSION: Kind(
            asks="申请延期", wanted="希望的截止日", due="申请时截止", hoped="希望延到", until="同意延到", grant="同意",
            decline="不予延期", what_follows="由绩效股决定；答复以前截止日不变，草稿不受影响。", what_grant_does="",
            answered_at="answer", about=_running, ask=request_extension, answer=answer_extension,
            may_answer="answer_extension",
        ),
        RequestKind.LATE_FILING: Kind(
            asks="申请补报", wanted="希望补报到", due="原截止", hoped="希望补报到", until="准予补报到",
            grant="准予补报", decline="不予补报",
            what_follows="由绩效股决定。准予的，这一步按准予的日期重新打开，草稿带过去，报送后记为逾期；"
            "答复以前流程照常往下办理。",
            what_grant_does="准予的，这一步按准予的日期重新打开，正在等的下一步随即收回；单位报送后记为逾期。",
            answered_at="late-filing", about=_taken, ask=request_late_filing, answer=answer_late_filing,
            may_answer="answer_late_filing",
        ),
    }
)  # fmt: skip


@page.get("/extension-requests")
@requires("see_extensions")
def waiting(visit: Visit) -> Any:
    """Requests in the cases one sees: those waiting, or all."""
    return _list(visit)


@page.get("/deadlines/<uuid:deadline_id>/extension-request")
@requires("request_extension")
def ask_to_extend(visit: Visit, deadline_id: UUID) -> Any:
    """申请延期: which day it is, which day one wants, and why."""
    return _form(visit, RequestKind.EXTENSION, deadline_id)


@page.post("/deadlines/<uuid:deadline_id>/extension-request")
@requires("request_extension")
def send_extension(visit: Visit, deadline_id: UUID) -> Any:
    """Send the request; the day stays until it is answered."""
    return _send(visit, RequestKind.EXTENSION, deadline_id)


@page.get("/tasks/<uuid:task_id>/late-filing")
@requires("request_late_filing")
def ask_to_file_late(visit: Visit, task_id: UUID) -> Any:
    """申请补报: until when it was due, until when one wants it, and why."""
    return _form(visit, RequestKind.LATE_FILING, task_id)


@page.post("/tasks/<uuid:task_id>/late-filing")
@requires("request_late_filing")
def send_late_filing(visit: Visit, task_id: UUID) -> Any:
    """Send the request; nothing moves until it is answered."""
    return _send(visit, RequestKind.LATE_FILING, task_id)


@page.post("/extension-requests/<int:request_id>/answer")
@requires("answer_extension")
def extend(visit: Visit, request_id: int) -> Any:
    """同意 with a day, or 不予延期."""
    return _answer(visit, RequestKind.EXTENSION, request_id)


@page.post("/extension-requests/<int:request_id>/late-filing")
@requires("answer_late_filing")
def let_file_late(visit: Visit, request_id: int) -> Any:
    """准予补报 until a day, or 不予补报."""
    return _answer(visit, RequestKind.LATE_FILING, request_id)


def _send(visit: Visit, kind: RequestKind, of: UUID) -> Any:
    after = KINDS[kind].about(visit, of).after
    try:
        wanted_on = _day("wanted_on", f"{KINDS[kind].wanted}读不出来，没有申请。")
        with visit.session.begin_nested():
            KINDS[kind].ask(visit.session, of, wanted_on, **_told(visit))
    except EngineError as refusal:
        visit.session.expire_all()
        return _form(visit, kind, of, refusal)
    return redirect(after, 303)


def _answer(visit: Visit, kind: RequestKind, request_id: int) -> Any:
    try:
        until = _day("until", f"“{KINDS[kind].until}”的日期读不出来，没有办理。") if "grant" in request.form else None
        with visit.session.begin_nested():
            KINDS[kind].answer(visit.session, request_id, until, **_told(visit))
    except EngineError as refusal:
        visit.session.expire_all()
        return _list(visit, refusal, request_id)
    return redirect("/extension-requests", 303)


def _day(field: str, refused: str) -> date:
    day = day_of_field(field)
    if day is None:
        raise NoDay(f"{refused}请按“2022-10-12”的样子填写。", field=field)
    return day


def _told(visit: Visit) -> dict[str, Any]:
    """What every such command is told besides its subject and day."""
    return {"reason": text_of("reason"), "by": visit.actor, "at": visit.at, "key": text_of("key", 64) or None}


def _form(visit: Visit, kind: RequestKind, of: UUID, refusal: EngineError | None = None) -> Any:
    return render_template(
        "day_request.html", visit=visit, kind=KINDS[kind], about=KINDS[kind].about(visit, of), refusal=refusal,
        here=request.path, key=uuid4().hex, typed={name: text_of(name) for name in ("wanted_on", "reason")},
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _list(visit: Visit, refusal: EngineError | None = None, about: int | None = None) -> Any:
    """延期和补报申请: those waiting or all; `about` is the request whose answer was refused."""
    every, after = request.args.get("view") == "all", request.args.get("after") or None
    found = extensions(visit.session, visit.actor, waiting=not every, after=after)
    view = "all" if every else None
    return render_template(
        "day_requests.html", visit=visit, lines=found.lines, every=every, refusal=refusal, about=about,
        key=uuid4().hex, after=after, kinds=KINDS,
        may_answer={word: permits(kind.may_answer, visit.actor) for word, kind in KINDS.items()},
        first_url=address("/extension-requests", view=view),
        next_url=address("/extension-requests", view=view, after=found.next) if found.next else None,
        typed={name: text_of(name) for name in ("until", "reason")},
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip
