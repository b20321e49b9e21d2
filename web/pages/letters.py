"""反馈意见函: the letters that were issued, and one of them as it was sent, with what became of it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request

from engine.moves.permissions import permits
from engine.queries.cursor import MOST_LINES
from engine.queries.desks import WorkFilters
from engine.queries.grade_scales import grade_scales
from engine.queries.letter_card import LetterCard, letter_card
from engine.queries.letters import LetterFilters, letters
from engine.queries.open_steps import OpenStep, open_steps
from engine.queries.rectification_ledger import LedgerFilters, LedgerLine, rectification_ledger
from engine.queries.worklist import WorkItem, worklist
from engine.submissions.forms.problems import CATEGORIES
from engine.words import LetterState, OtherDiagram, Stage
from web.pages.asked import address, asked_number, asked_text, asked_word, asked_year
from web.pages.dropping import Drop, drops_of
from web.pages.formats import written_day
from web.visits import Visit, requires

page = Blueprint("letters", __name__)
OF_FEEDBACK = (Stage.FEEDBACK, OtherDiagram.CORRECTION)
MOST_TO_DO = 5
MOST_LOOKED_AT = 20


@page.get("/letters")
@requires("see_letters")
def all_letters(visit: Visit) -> Any:
    """Fifty letters, the latest first, under what lies on one's own desk about them."""
    filters, after = _filters(), request.args.get("after") or None
    found = letters(visit.session, visit.actor, filters=filters, after=after)
    return render_template(
        "letters.html", visit=visit, lines=found.lines, filters=filters, states=LetterState.labels(), after=after,
        filtered=filters != LetterFilters(), to_do=to_do(visit, *OF_FEEDBACK),
        next_url=_address(filters, found.next) if found.next else None, first_url=_address(filters, None),
        drops=[] if found.lines or after else _drops(visit, filters),
        scales=grade_scales(visit.session, visit.actor, [line.case_id for line in found.lines if line.grade]),
    )  # fmt: skip


@page.get("/letters/<int:letter_id>")
@requires("see_letters")
def one(visit: Visit, letter_id: int) -> Any:
    """The letter as it was sent on the left; its problems, signing, objection and earlier letters on the right."""
    card = letter_card(visit.session, visit.actor, letter_id)
    return render_template(
        "letter.html", visit=visit, card=card, rows=_rows(visit, card), steps=_steps(visit, card),
        categories=dict(CATEGORIES),
        written=written_day,
        scale=grade_scales(visit.session, visit.actor, [card.line.case_id]).get(card.line.case_id),
        may_recall=card.can_be_recalled and permits("recall_letter", visit.actor),
    )  # fmt: skip


def to_do(visit: Visit, *stages: str, about: Callable[[str], bool] = lambda element: True) -> list[WorkItem]:
    """What lies on one's own desk in these stages, the most pressing first; `about` chooses among their steps."""
    found: list[WorkItem] = []
    for stage in stages:
        filters = WorkFilters(stage=stage)
        items = worklist(visit.session, visit.actor, on=visit.today, filters=filters, limit=MOST_LOOKED_AT).items
        found += [item for item in items if about(item.element)]
    return found[:MOST_TO_DO]


def _rows(visit: Visit, card: LetterCard) -> dict[str, LedgerLine]:
    """The row of the ledger behind each problem of the letter, by the problem's id."""
    filters = LedgerFilters(case_id=card.line.case_id)
    found = rectification_ledger(visit.session, visit.actor, on=visit.today, filters=filters, limit=MOST_LINES).lines
    by_item = {line.item: line for line in found}
    ids = [problem["id"] for problem in card.content.get("problems") or ()]
    gone = card.line.replaced or card.line.recalled_at is not None
    replaced = {name: by_item.get(f"{name}（第{card.place}稿）") for name in ids} if gone else {}
    rows = {name: replaced.get(name) or by_item.get(name) if gone else by_item.get(name) for name in ids}
    return {name: row for name, row in rows.items() if row is not None}


def _steps(visit: Visit, card: LetterCard) -> list[OpenStep]:
    """What is to be done about the letter now; nothing about one that was replaced."""
    if card.line.replaced:
        return []
    steps = open_steps(visit.session, visit.actor, [card.line.case_id]).get(card.line.case_id, ())
    return [step for step in steps if step.process in OF_FEEDBACK]


def _filters() -> LetterFilters:
    return LetterFilters(
        fiscal_year=asked_year(),
        case_id=asked_number("case"),
        state=asked_word("state", LetterState.labels()),
        text=asked_text(),
    )


def _drops(visit: Visit, filters: LetterFilters) -> list[Drop]:
    """The filters an empty list could do without."""
    said = {
        "fiscal_year": f"年度：{filters.fiscal_year}", "case_id": "案卷",
        "state": f"状态：{LetterState.said(filters.state) if filters.state else ''}", "text": f"关键字：{filters.text}",
    }  # fmt: skip
    return drops_of(
        lambda other: letters(visit.session, visit.actor, filters=other), filters, LetterFilters(), said,
        lambda other: _address(other, None), "份",
    )  # fmt: skip


def _address(filters: LetterFilters, after: str | None) -> str:
    return address(
        "/letters", year=filters.fiscal_year, case=filters.case_id, state=filters.state, q=filters.text, after=after
    )
