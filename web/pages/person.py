"""One person of 组织与人员: their offices and account, and what the two administrators may do about them.

Doors about an account are those of who may put people on the list (系统管理员) or give offices (安全管理员); what an
account takes besides is asked by the room of the accounts.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.accounts import give_password, link, new_password, open_account, reopen_account, unlock
from engine.accounts.second_factor import switch_off_for
from engine.commands.appoint import appoint
from engine.commands.dismiss import dismiss
from engine.commands.stop_person import stop_person
from engine.directory import Person
from engine.errors import EngineError
from engine.moves.appointing import person_by_id
from engine.moves.leaving import Heir, HeirRefused
from engine.moves.permissions import permits
from engine.queries.directory import person_line, substitutions_of, unit_tree
from engine.queries.leaving import held_by
from engine.words import Role
from web.pages.asked import asked_number
from web.pages.posted import number_in, number_of, one_line_of, text_of
from web.pages.refused import done_or_back
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.visits.site import site

page = Blueprint("person", __name__)
SAID = {
    "stopped": "已停用，会话已结束",
    "appointed": "已授予岗位",
    "dismissed": "已免去岗位",
    "unlocked": "已解除锁定",
    "code_off": "已停用动态口令",
    "registered": "已登记统一身份认证标识",
    "unregistered": "已取消统一身份认证登记",
}


@page.get("/directory/people/<int:person_id>")
@requires("see_directory")
def one(visit: Visit, person_id: int) -> Any:
    """Who they are, and what can be done."""
    return _page(visit, person_id)


def _on_the_page(act: Callable[[Visit, int], Any]) -> Callable[[Visit, int], Any]:
    """What is refused comes back on the page of the person as they stand now, with what was typed."""

    @wraps(act)
    def done(visit: Visit, person_id: int) -> Any:
        return done_or_back(visit, lambda: act(visit, person_id), lambda refusal: _page(visit, person_id, refusal))

    return done


@page.post("/directory/people/<int:person_id>/stopping")
@requires("stop_person")
@_on_the_page
def stop(visit: Visit, person_id: int) -> Any:
    """停用; the page shown before says how much is in hand."""
    gave = stop_person(
        visit.session, person_id, heirs=_heirs(), reason=text_of("reason").strip() or None, by=visit.actor, at=visit.at
    ).gave
    return _to(person_id, "stopped", gave["given_back"], gave["handed_over"])


@page.post("/directory/people/<int:person_id>/account")
@requires("add_person")
@_on_the_page
def let_in(visit: Visit, person_id: int) -> Any:
    """An account for who has none, or the closed one again; the password is shown once."""
    person = person_by_id(visit.session, person_id)
    if person_line(visit.session, visit.actor, person_id).account is None:
        password = new_password()
        open_account(visit.session, person, password, by=visit.actor, at=visit.arrival.now)
    else:
        password = reopen_account(visit.session, person_id, by=visit.actor, at=visit.arrival.now)
    return _shown(visit, person, password)


@page.post("/directory/people/<int:person_id>/subject")
@requires("add_person")
@_on_the_page
def register(visit: Visit, person_id: int) -> Any:
    """登记统一身份认证标识, or none any more."""
    told = one_line_of("subject")
    link(visit.session, person_id, told or None, by=visit.actor, at=visit.arrival.now)
    return _to(person_id, "registered" if told else "unregistered")


@page.post("/directory/people/<int:person_id>/password")
@requires("appoint")
@_on_the_page
def reset(visit: Visit, person_id: int) -> Any:
    """重置密码; shown once."""
    person = person_by_id(visit.session, person_id)
    return _shown(visit, person, give_password(visit.session, person_id, by=visit.actor, at=visit.arrival.now))


@page.post("/directory/people/<int:person_id>/unlocking")
@requires("appoint")
@_on_the_page
def let_try_again(visit: Visit, person_id: int) -> Any:
    """解除锁定."""
    unlock(visit.session, person_id, by=visit.actor, at=visit.arrival.now)
    return _to(person_id, "unlocked")


@page.post("/directory/people/<int:person_id>/second-factor/removal")
@requires("appoint")
@_on_the_page
def take_code_off(visit: Visit, person_id: int) -> Any:
    """停用动态口令 of somebody who lost telephone and recovery codes."""
    switch_off_for(visit.session, person_id, by=visit.actor, at=visit.arrival.now)
    return _to(person_id, "code_off")


@page.post("/directory/people/<int:person_id>/appointments")
@requires("appoint")
@_on_the_page
def give_office(visit: Visit, person_id: int) -> Any:
    """授予岗位."""
    appoint(visit.session, person_id, number_of("unit") or 0, text_of("role", 40), by=visit.actor, at=visit.at)
    return _to(person_id, "appointed")


@page.post("/directory/people/<int:person_id>/dismissals")
@requires("dismiss")
@_on_the_page
def take_office(visit: Visit, person_id: int) -> Any:
    """免去岗位."""
    receipt = dismiss(
        visit.session, person_id, number_of("unit") or 0, text_of("role", 40),
        reason=text_of("reason").strip() or None, by=visit.actor, at=visit.at,
    )  # fmt: skip
    return _to(person_id, "dismissed", receipt.gave["given_back"])


def _page(visit: Visit, person_id: int, refusal: EngineError | None = None) -> Any:
    line, may_stop = person_line(visit.session, visit.actor, person_id), permits("stop_person", visit.actor)
    return render_template(
        "person.html", visit=visit, person=line, roles=Role.labels(), tree=unit_tree(visit.session, visit.actor),
        substitutions=substitutions_of(visit.session, person_id), said=SAID.get(request.args.get("said", "")),
        back=asked_number("back", 9) or 0, over=asked_number("over", 9) or 0,
        held=held_by(visit.session, visit.actor, person_id, visit.today) if may_stop and line.held else (),
        is_oneself=person_id in visit.actor.persons,
        elsewhere=site().elsewhere is not None,
        may_stop=may_stop, may_appoint=permits("appoint", visit.actor),
        refusal=refusal, typed=request.form,
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _heirs() -> list[Heir]:
    """转给谁, as it was chosen for each office; one left alone gives its tasks back into the pool."""
    told = [each.split(" ") for each in request.form.getlist("heir") if each]
    if any(len(each) != 3 or each[1] not in set(Role) or not _is_number(each[0], each[2]) for each in told):
        raise HeirRefused("接办人没有选好，没有停用。请从列出的同事中选择。")
    return [Heir(int(unit), Role(role), int(person)) for unit, role, person in told]


def _is_number(*told: str) -> bool:
    return all(number_in(each, digits=18) is not None for each in told)


def _to(person_id: int, said: str, back: int = 0, over: int = 0) -> Any:
    return redirect(f"/directory/people/{person_id}?said={said}&back={back}&over={over}", 303)


def _shown(visit: Visit, person: Person, password: str) -> Any:
    return render_template("first_password.html", visit=visit, person=person, password=password)
