"""抄送: name colleagues who are to see one version; what was shown to oneself, read and no more."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.copy_paper import LONGEST_NOTE, copy_paper
from engine.commands.read_copy import read_copy
from engine.errors import EngineError
from engine.queries.copies import copied_paper, copies_of, people_to_copy_to, units_to_copy_to
from engine.queries.scope import visible_case
from engine.queries.versions import paper_read
from engine.submissions.forms import form_of
from web.forms import About, tree_of
from web.pages.posted import number_in, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("copies", __name__)
UNREADABLE = -1
"""Nobody's number: what is ticked and no number of ours."""


@page.get("/submissions/<uuid:submission_id>/copies")
@requires("copy_paper")
def choose(visit: Visit, submission_id: UUID) -> Any:
    """Whom to show it to: the people of one unit, one's own at first."""
    return _page(visit, submission_id, number_in(request.args.get("unit", ""), digits=18) or visit.actor.unit_id)


@page.post("/submissions/<uuid:submission_id>/copies")
@requires("copy_paper")
def show(visit: Visit, submission_id: UUID) -> Any:
    """抄送 to those who are ticked, and back to the paper; who may see it is asked before anything else."""
    paper_read(visit.session, visit.actor, submission_id)
    people = [_person(told) for told in request.form.getlist("person")]
    try:
        with visit.session.begin_nested():
            copy_paper(
                visit.session, submission_id, people, note=text_of("note"), by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        visit.session.expire_all()
        unit = number_in(text_of("unit"), digits=18) or visit.actor.unit_id
        return _page(visit, submission_id, unit, refusal, set(people))
    return redirect(f"/submissions/{submission_id}?said=copied", 303)


@page.get("/copies/<int:copy_id>")
@requires("see_copies")
def one(visit: Visit, copy_id: int) -> Any:
    """The version that was shown to oneself, with the facts of its case."""
    found = copied_paper(visit.session, visit.actor, copy_id)
    tree = tree_of(form_of(found.copy.form), found.content, About(fixed=True))
    return render_template("copy.html", visit=visit, copy=found.copy, tree=tree)


@page.post("/copies/<int:copy_id>/reading")
@requires("read_copy")
def read(visit: Visit, copy_id: int) -> Any:
    """已阅, and back to the list."""
    read_copy(visit.session, copy_id, by=visit.actor, at=visit.at)
    return redirect("/tasks?view=copies&said=read", 303)


def _person(told: str) -> int:
    found = number_in(told, digits=18)
    return UNREADABLE if found is None else found


def _page(
    visit: Visit,
    submission_id: UUID,
    unit_id: int,
    refusal: EngineError | None = None,
    ticked: set[int] | None = None,
) -> Any:
    paper = paper_read(visit.session, visit.actor, submission_id)
    case = visible_case(visit.session, visit.actor, paper.case_id)
    has_it = {each.person_id for each in copies_of(visit.session, visit.actor, submission_id)}
    return render_template(
        "copy_new.html", visit=visit, paper=paper, version=paper.version, case=case, unit_id=unit_id, has_it=has_it,
        units={str(number): name for number, name in units_to_copy_to(visit.session, visit.actor).items()},
        people=people_to_copy_to(visit.session, visit.actor, unit_id), ticked=ticked or set(), refusal=refusal,
        note=text_of("note"), longest=LONGEST_NOTE, key=uuid4().hex,
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip
