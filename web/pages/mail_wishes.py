"""通知设置: which notices one wants by mail, where and when; 发送一条试试; 手机日历."""

from secrets import token_urlsafe
from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.accounts.limits import digest_of
from engine.commands.subscribe_calendar import subscribe_calendar
from engine.commands.try_mail import try_mail
from engine.commands.wish_for_mail import Wishes, wish_for_mail
from engine.errors import EngineError
from engine.moves.permissions import permits
from engine.queries.mail_wishes import mail_wishes
from engine.queries.message_groups import groups_reached
from engine.queries.own_days import calendar_feed
from engine.words import NoticeKind
from web.pages.calendar_feeds import address_of
from web.pages.posted import number_in, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.visits.site import site

page = Blueprint("mail_wishes", __name__)
SAID = {
    "kept": "已保存。",
    "tried": "已交给发件服务器，几秒后刷新本页看结果。",
    "ended": "日历地址已停用，手机上的不再更新。",
}
TOKEN_BYTES = 32


@page.get("/settings/notifications")
@requires("see_notices")
def mine(visit: Visit) -> Any:
    """As it is now, and how the last mail went."""
    return _page(visit)


@page.post("/settings/notifications")
@requires("wish_for_mail")
def choose(visit: Visit) -> Any:
    """保存."""
    kinds = [kind for kind in NoticeKind if kind.value in request.form.getlist("kind")]
    quiet = [number_in(text_of(name, 2), digits=2) for name in ("quiet_from", "quiet_until")]
    wishes = Wishes(text_of("address", 300), kinds, text_of("how", 10) == "digest", *quiet)
    try:
        with visit.session.begin_nested():
            wish_for_mail(visit.session, wishes, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _page(visit, refusal, wishes)
    return redirect("/settings/notifications?said=kept", 303)


@page.post("/settings/notifications/trial")
@requires("try_mail")
def try_it(visit: Visit) -> Any:
    """发送一条试试."""
    try:
        with visit.session.begin_nested():
            try_mail(visit.session, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _page(visit, refusal)
    return redirect("/settings/notifications?said=tried", 303)


@page.post("/settings/notifications/calendar")
@requires("subscribe_calendar")
def calendar(visit: Visit) -> Any:
    """生成地址 (told once, on this very page), or 停用."""
    token = token_urlsafe(TOKEN_BYTES) if text_of("do", 10) == "new" else None
    subscribe_calendar(visit.session, None if token is None else digest_of(token), by=visit.actor, at=visit.at)
    if token is None:
        return redirect("/settings/notifications?said=ended", 303)
    return _page(visit, feed_address=address_of(visit.actor.jurisdiction, token))


def _page(visit: Visit, refusal: EngineError | None = None, typed: Wishes | None = None, feed_address: str = "") -> Any:
    kept = mail_wishes(visit.session, visit.actor)
    told = render_template(
        "mail_wishes.html", visit=visit, kinds=NoticeKind, wishes=typed or kept, kept=kept, refusal=refusal,
        mails=site().mails, said=SAID.get(request.args.get("said", "")), hours=range(24),
        groups=groups_reached(visit.session, visit.actor), keeps_groups=permits("add_message_group", visit.actor),
        feed=calendar_feed(visit.session, visit.actor), feed_address=feed_address,
    )  # fmt: skip
    return told, status_of(refusal) if refusal is not None else 200
