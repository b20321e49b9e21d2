"""群机器人: the groups notices go to, for the 系统管理员: register one, try it, end it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.commands.add_message_group import NewGroup, add_message_group
from engine.commands.end_message_group import end_message_group
from engine.commands.try_message_group import try_message_group
from engine.errors import EngineError
from engine.notifications.robots import RobotHosts, SealedRobot
from engine.queries.directory import unit_tree
from engine.queries.mail_wishes import USUAL
from engine.queries.message_groups import message_groups
from engine.words import NoticeKind
from web.pages.posted import number_of, one_line_of
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.visits.site import site

page = Blueprint("message_groups", __name__)
ADDRESS = "/settings/message-groups"
SAID = {
    "added": "已登记。",
    "ended": "已停用，还没有发的不再发。",
    "tried": "已交给后台，半分钟内发出，刷新本页看结果。",
}


@page.get(ADDRESS)
@requires("add_message_group")
def all_groups(visit: Visit) -> Any:
    """Those in use, and a form for another."""
    return _page(visit)


@page.post(ADDRESS)
@requires("add_message_group")
def add(visit: Visit) -> Any:
    """登记; the address is never shown again."""
    try:
        with visit.session.begin_nested():
            robot = SealedRobot.of(
                one_line_of("url"), one_line_of("secret"), site().keys, site().robots or RobotHosts()
            )
            group = NewGroup(one_line_of("group_name"), robot, number_of("unit"), one_line_of("login"), _kinds())
            add_message_group(visit.session, group, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _page(visit, refusal)
    return redirect(f"{ADDRESS}?said=added", 303)


@page.post(f"{ADDRESS}/<int:group_id>/trial")
@requires("try_message_group")
def try_it(visit: Visit, group_id: int) -> Any:
    """发送一条试试."""
    try:
        with visit.session.begin_nested():
            try_message_group(visit.session, group_id, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _page(visit, refusal)
    return redirect(f"{ADDRESS}?said=tried", 303)


@page.post(f"{ADDRESS}/<int:group_id>/end")
@requires("end_message_group")
def end(visit: Visit, group_id: int) -> Any:
    """停用."""
    try:
        with visit.session.begin_nested():
            end_message_group(visit.session, group_id, by=visit.actor, at=visit.at)
    except EngineError as refusal:
        return _page(visit, refusal)
    return redirect(f"{ADDRESS}?said=ended", 303)


def _kinds() -> list[NoticeKind]:
    return [kind for kind in NoticeKind if kind.value in request.form.getlist("kind")]


def _page(visit: Visit, refusal: EngineError | None = None) -> Any:
    typed = {name: one_line_of(name) for name in ("group_name", "url", "login", "unit")}
    told = render_template(
        "message_groups.html", visit=visit, groups=message_groups(visit.session, visit.actor), kinds=NoticeKind,
        chosen=_kinds() if refusal else USUAL, typed=typed, units=unit_tree(visit.session, visit.actor),
        refusal=refusal, said=SAID.get(request.args.get("said", "")), sends=site().robots is not None,
    )  # fmt: skip
    return told, status_of(refusal) if refusal is not None else 200
