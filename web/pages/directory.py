"""组织与人员: units left, people right; put new ones on the list."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.accounts import new_password, open_account
from engine.commands.add_person import add_person
from engine.commands.add_unit import add_unit
from engine.directory import Person
from engine.errors import EngineError
from engine.moves.permissions import permits
from engine.queries.directory import people_of, unit_tree
from engine.queries.directory_files import lists_waiting
from engine.words import UnitKind
from web.pages.asked import address, asked_number, asked_text
from web.pages.dropping import Drop, drops, how_many
from web.pages.posted import number_of, text_of
from web.pages.unit_names import all_of, short_names
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("directory", __name__)


@page.get("/directory")
@requires("see_directory")
def people(visit: Visit) -> Any:
    """Fifty people, of all units or one."""
    return _page(visit)


@page.get("/directory/units")
@page.get("/directory/people")
@page.get("/directory/roles")
@requires("see_directory")
def parts(visit: Visit) -> Any:
    """Units, people and their offices stand on one page."""
    return redirect("/directory", 303)


@page.post("/directory/units")
@requires("add_unit")
def new_unit(visit: Visit) -> Any:
    """登记单位; what was typed stays on the page when it is refused."""
    try:
        with visit.session.begin_nested():
            receipt = add_unit(
                visit.session, text_of("unit_name").strip(), text_of("kind"), number_of("department"),
                by=visit.actor, at=visit.at,
            )  # fmt: skip
    except EngineError as refusal:
        return _page(visit, refusal)
    return redirect(address("/directory", unit=receipt.gave["unit"]), 303)


@page.post("/directory/people")
@requires("add_person")
def new_person(visit: Visit) -> Any:
    """登记人员, with an account; its first password is shown on the answer and nowhere again."""
    try:
        with visit.session.begin_nested():
            receipt = add_person(
                visit.session, text_of("login").strip(), text_of("name").strip(), by=visit.actor, at=visit.at
            )
    except EngineError as refusal:
        return _page(visit, refusal)
    person, password = visit.session.get_one(Person, receipt.gave["person"]), new_password()
    open_account(visit.session, person, password, by=visit.actor, at=visit.arrival.now)
    return render_template("first_password.html", visit=visit, person=person, password=password)


@dataclass(frozen=True, slots=True)
class _People:
    """Which people: of a unit, found by those words."""

    unit_id: int | None = None
    text: str = ""


def _drops(visit: Visit, filters: _People) -> list[Drop]:
    """The filters an empty list of people could do without."""

    def found(other: _People) -> str:
        lines, leads_on = people_of(visit.session, visit.actor, unit_id=other.unit_id, text=other.text)
        return how_many(len(lines), bool(leads_on), "人")

    said = {"unit_id": "单位", "text": f"关键字：{filters.text}"}
    return drops(filters, _People(), said, found, lambda other: address("/directory", unit=other.unit_id, q=other.text))


def _page(visit: Visit, refusal: EngineError | None = None) -> Any:
    unit_id, after, text = asked_number("unit"), asked_number("after") or 0, asked_text()
    lines, leads_on = people_of(visit.session, visit.actor, unit_id=unit_id, text=text, after=after)
    status = 200 if refusal is None else status_of(refusal)
    tree = unit_tree(visit.session, visit.actor)
    left_out, names = short_names(tree)
    units = all_of(tree)
    return render_template(
        "directory.html", visit=visit, tree=tree, left_out=left_out, names=names, lines=lines,
        lacking=[unit for unit in units if unit.lacking],
        here=next((unit for unit in units if unit.id == unit_id), None), unit_id=unit_id,
        text=text, after=after, refusal=refusal, kinds=UnitKind.labels(), typed=request.form,
        may_add=permits("add_person", visit.actor), first_url=address("/directory", unit=unit_id, q=text),
        next_url=address("/directory", unit=unit_id, q=text, after=leads_on) if leads_on else None,
        waiting=lists_waiting(visit.session, visit.actor),
        drops=_drops(visit, _People(unit_id, text)) if text and not lines and not after else [],
    ), status  # fmt: skip
