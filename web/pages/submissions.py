"""文书: a version of a paper to read, with all its versions and what was said of them; and two of them side by side."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request

from engine.moves.permissions import permits
from engine.queries.case_card import case_card
from engine.queries.copies import copies_of
from engine.queries.filing_receipts import filing_receipt
from engine.queries.scope import visible_case
from engine.queries.versions import PaperRead, Version, VersionNotFound, compare, paper_read
from engine.submissions.forms import MalformedForm, form_of
from web.forms import About, lines_of, tree_of
from web.pages.papers import remarks_of
from web.pages.posted import number_in
from web.visits import Visit, requires

page = Blueprint("submissions", __name__)


@page.get("/submissions/<uuid:submission_id>")
@requires("see_cases")
def one(visit: Visit, submission_id: UUID) -> Any:
    """The version of that number, to read."""
    paper = paper_read(visit.session, visit.actor, submission_id)
    version = paper.version
    tree = tree_of(form_of(version.form), paper.content, About(remarks=remarks_of([version]), fixed=True))
    case = visible_case(visit.session, visit.actor, paper.case_id)
    return render_template(
        "submission.html", visit=visit, paper=paper, version=version, tree=tree, case=case,
        copies=copies_of(visit.session, visit.actor, submission_id),
        may_copy=permits("copy_paper", visit.actor, case.state), copied=request.args.get("said") == "copied",
    )  # fmt: skip


@page.get("/submissions/<uuid:submission_id>/receipt")
@requires("see_cases")
def receipt(visit: Visit, submission_id: UUID) -> Any:
    """打印回执: number, object, form, version, who, when, digest, and the next step as it is now."""
    found = filing_receipt(visit.session, visit.actor, submission_id)
    case = case_card(visit.session, visit.actor, found.paper.case_id)
    return render_template("filing_receipt.html", visit=visit, receipt=found, case=case)


@page.get("/submissions/<uuid:submission_id>/versions/<int:number>")
@requires("see_cases")
def numbered(visit: Visit, submission_id: UUID, number: int) -> Any:
    """The n-th version of the same paper."""
    paper = paper_read(visit.session, visit.actor, submission_id)
    return redirect(f"/submissions/{_numbered(paper, number).submission_id}", 303)


@page.get("/submissions/<uuid:submission_id>/comparison")
@requires("see_cases")
def comparison(visit: Visit, submission_id: UUID) -> Any:
    """This version beside the n-th, the earlier one on the left; without a number beside the one before."""
    paper = paper_read(visit.session, visit.actor, submission_id)
    named = number_in(request.args.get("with", ""))
    other = _numbered(paper, named) if named is not None else paper.versions[max(paper.at - 1, 0)]
    before, after = sorted((other, paper.version), key=lambda version: version.version)
    try:
        found = compare(visit.session, visit.actor, before.submission_id, after.submission_id)
        lines, remarks = lines_of(form_of(after.form), found.changes), found.remarks
    except MalformedForm:
        lines, remarks = None, ()
    case = visible_case(visit.session, visit.actor, paper.case_id)
    return render_template(
        "comparison.html", visit=visit, paper=paper, before=before, after=after, lines=lines, remarks=remarks, case=case
    )


def _numbered(paper: PaperRead, number: int) -> Version:
    found = next((version for version in paper.versions if version.version == number), None)
    if found is None:
        raise VersionNotFound(f"这份文书没有第 {number} 稿。请从版本列表中选择。", version=number)
    return found
