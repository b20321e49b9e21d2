"""公开事项 of a year: what stands before publication, what is missing, the three checks, and what was deliberated."""

from typing import Any

from flask import Blueprint, render_template, request

from engine.moves.permissions import permits
from engine.queries.publication_board import SETTLED, BoardFilters, publication_board
from engine.queries.publications import deliberations
from engine.queries.result_applications import OF_EFFECTS
from engine.words import DisclosureState, DocumentKind, Stage, labels_of
from web.pages.asked import address, asked_text, asked_word, asked_year
from web.pages.dropping import Drop, drops_of
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
    return render_template(
        "disclosures.html", visit=visit, lines=found.lines, year=year, kinds=labels_of(RESULTS), choices=CHOICES,
        state=state, filters=filters, states=DisclosureState.labels(), after=after,
        filtered=filters != BoardFilters(), drops=[] if found.lines or after else _drops(visit, year, filters),
        to_do=to_do(visit, Stage.RESULT_USE, about=lambda element: element not in OF_EFFECTS),
        sittings=deliberations(visit.session, visit.actor, fiscal_year=year).lines,
        may_record=permits("record_deliberation_of_year", visit.actor),
        record_url=address("/disclosures/deliberations/new", year=year, kind=filters.document_kind, q=filters.text),
        next_url=_address(year, filters, found.next) if found.next else None,
        first_url=_address(year, filters),
    )  # fmt: skip


def _drops(visit: Visit, year: int, filters: BoardFilters) -> list[Drop]:
    """The filters an empty board could do without."""
    chosen = OPEN if filters.settled is False else filters.state or ""
    said = {
        "document_kind": f"文书：{labels_of(RESULTS).get(filters.document_kind or '')}",
        "text": f"关键字：{filters.text}", **dict.fromkeys(("state", "settled"), f"状态：{CHOICES.get(chosen)}"),
    }  # fmt: skip
    return drops_of(
        lambda other: publication_board(visit.session, visit.actor, year, on=visit.today, filters=other),
        filters, BoardFilters(), said, lambda other: _address(year, other),
    )  # fmt: skip


def _address(year: int, filters: BoardFilters, after: str | None = None) -> str:
    state = OPEN if filters.settled is False else filters.state
    return address("/disclosures", year=year, kind=filters.document_kind, state=state, q=filters.text, after=after)


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
