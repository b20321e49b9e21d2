"""公开事项 of a year: what stands before publication, what is missing, the three checks, and what was deliberated."""

from typing import Any

from flask import Blueprint, render_template, request

from engine.moves.permissions import permits
from engine.queries.publication_board import SETTLED, BoardFilters, publication_board
from engine.queries.publications import deliberations
from engine.queries.result_applications import OF_EFFECTS
from engine.words import DisclosureState, DocumentKind, Stage, labels_of
from web.pages.asked import address, asked_text, asked_word, asked_year
from web.pages.letters import to_do
from web.visits import Visit, requires

page = Blueprint("disclosures", __name__)
OPEN = "open"
CHOICES = labels_of(SETTLED) | {OPEN: "还没有公开"}
RESULTS = (
    DocumentKind.SELF_EVALUATION_REPORT,
    DocumentKind.SPOT_REVIEW_RESULT,
    DocumentKind.KEY_EVALUATION_REPORT,
    DocumentKind.WHOLE_DEPARTMENT_REPORT,
)
"""What the result of a case can be published as."""


@page.get("/disclosures")
@requires("see_disclosures")
def board(visit: Visit) -> Any:
    """Fifty results of the year, and the sittings on record."""
    year, after = asked_year() or last_year(visit), request.args.get("after") or None
    state = asked_word("state", CHOICES)
    filters = filters_for(state)
    found = publication_board(visit.session, visit.actor, year, on=visit.today, filters=filters, after=after)
    told = {"year": year, "kind": filters.document_kind, "state": state, "q": filters.text}
    return render_template(
        "disclosures.html", visit=visit, lines=found.lines, year=year, kinds=labels_of(RESULTS), choices=CHOICES,
        state=state, filters=filters, states=DisclosureState.labels(), after=after,
        filtered=filters != BoardFilters(),
        to_do=to_do(visit, Stage.RESULT_USE, about=lambda element: element not in OF_EFFECTS),
        sittings=deliberations(visit.session, visit.actor, fiscal_year=year).lines,
        may_record=permits("record_deliberation_of_year", visit.actor),
        record_url=address("/disclosures/deliberations/new", year=year, kind=filters.document_kind, q=filters.text),
        next_url=address("/disclosures", **told, after=found.next) if found.next else None,
        first_url=address("/disclosures", **told),
    )  # fmt: skip


def filters_for(state: str | None = None) -> BoardFilters:
    """Which results the address asks for."""
    return BoardFilters(
        document_kind=asked_word("kind", labels_of(RESULTS)),
        state=state if state != OPEN else None,
        settled=False if state == OPEN else None,
        text=asked_text(),
    )


def last_year(visit: Visit) -> int:
    """The year of money whose results are at hand where the address names none."""
    return visit.today.year - 1
