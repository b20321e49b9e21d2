"""登记审议 for many results at once: the list is frozen first, each item is told of afterwards.

One sitting considers many documents: their cases are put on record one by one, each in a transaction of its own; where
the sitting was about all documents of the kind in the year, that is put on record once more for the year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, render_template, request

from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.commands.record_deliberation_of_year import record_deliberation_of_year
from engine.errors import EngineError
from engine.moves.outcome import Outcome
from engine.moves.sittings import DeliberationRefused, Sitting, refuse_bad_sitting
from engine.queries.publication_board import BoardFilters, BoardLine, publication_board
from engine.queries.task_card import task_card
from engine.words import DELIBERATIONS, DeliberationResult, DocumentKind, PublicationStep, labels_of
from web.pages.asked import address, asked_text, asked_word, asked_year, one_of
from web.pages.disclosures import RESULTS, last_year
from web.pages.each_result import Done, Result, worst_first
from web.pages.posted import day_of_field, text_of
from web.pages.reviews import task_named
from web.pages.steps import Given, carried_out, step_for
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("deliberations", __name__)
MOST_AT_ONCE = 100
FIELDS = ("held_on", "word", "opinion", "whole")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which results a sitting is to be put on record for; nothing is listed before kind and body are chosen."""

    year: int
    kind: DocumentKind | None
    body: PublicationStep | None
    text: str

    @classmethod
    def told(cls, visit: Visit) -> "Asked":
        """What the address says; words nobody knows ask for nothing."""
        kind, body = asked_word("kind", labels_of(RESULTS)), asked_word("body", labels_of(DELIBERATIONS))
        return cls(
            asked_year() or last_year(visit),
            one_of(DocumentKind, kind or ""),
            one_of(PublicationStep, body or ""),
            asked_text(),
        )

    def address(self, path: str) -> str:
        """A page under the same conditions."""
        return address(path, year=self.year, kind=self.kind, body=self.body, q=self.text)


@page.get("/disclosures/deliberations/new")
@requires("record_deliberation_of_year")
def freeze(visit: Visit) -> Any:
    """The results under the conditions as they stand now, and those left out with their reasons."""
    return _form(visit, Asked.told(visit))


@page.post("/disclosures/deliberations")
@requires("record_deliberation_of_year")
def carry_out(visit: Visit) -> Any:
    """Put the sitting on record for every result chosen, and for the year where asked; tells what became of each."""
    asked = Asked.told(visit)
    items = dict(_items(request.form.getlist("item")))
    whole = request.form.get("whole") == "1"
    try:
        sitting = _sitting(asked)
        refuse_bad_sitting(sitting, visit.at)
        if not items and not whole:
            raise DeliberationRefused("没有选择案卷，没有登记。请勾选要登记的案卷，或勾选整年。")
    except EngineError as refusal:
        return _form(visit, asked, refusal=refusal, chosen=set(items))
    done = [_of_year(visit, asked, sitting)] if whole else []
    names = {line.case_id: line for line in _lines(visit, asked)[0]}
    done += [_of_case(visit, case, task, names.get(case), sitting) for case, task in items.items()]
    return render_template("deliberations_done.html", visit=visit, asked=asked, done=worst_first(done), sitting=sitting)


def _form(
    visit: Visit, asked: Asked, *, refusal: EngineError | None = None, chosen: set[int] | None = None
) -> tuple[str, int]:
    lines, more = _lines(visit, asked)
    told = [(line, line.why_not_recorded_now(asked.body)) for line in lines] if asked.body is not None else []
    return render_template(
        "deliberations.html", visit=visit, asked=asked, kinds=labels_of(RESULTS), bodies=labels_of(DELIBERATIONS),
        frozen=[line for line, why in told if why is None], left_out=[(line, why) for line, why in told if why],
        more=more, most=MOST_AT_ONCE, refusal=refusal, chosen=chosen, key=_key() or uuid4().hex,
        typed={name: text_of(name) for name in FIELDS}, results=DeliberationResult.labels(),
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _lines(visit: Visit, asked: Asked) -> tuple[tuple[BoardLine, ...], bool]:
    """What is not settled yet of that kind, and whether there is more than can be done at once."""
    if asked.kind is None or asked.body is None:
        return (), False
    filters = BoardFilters(document_kind=asked.kind, settled=False, text=asked.text)
    found = publication_board(
        visit.session, visit.actor, asked.year, on=visit.today, filters=filters, limit=MOST_AT_ONCE
    )
    return found.lines, found.next is not None


def _sitting(asked: Asked) -> Sitting:
    """What was typed; the engine says what else is missing."""
    if asked.body is None or asked.kind is None:
        raise DeliberationRefused("没有选择事项和程序，没有登记。请先选好并列出案卷。")
    if (held_on := day_of_field("held_on")) is None:
        told = text_of("held_on", 40)
        raise DeliberationRefused(f"会议日期写的是“{told}”，读不出日期，没有登记。请按“2022-10-12”的样子填写。")
    if (said := one_of(DeliberationResult, text_of("word"))) is None:
        raise DeliberationRefused("没有选择审议结果，没有登记。请选择“通过”或“须修改”。")
    return Sitting(asked.body, held_on, said is DeliberationResult.PASSED, text_of("opinion").strip() or None)


def _items(sent: list[str]) -> Iterator[tuple[int, UUID | None]]:
    """Case and the task in which the sitting is put on record; None where no task does."""
    for each in sent[:MOST_AT_ONCE]:
        case, _, task = each.partition(".")
        if case.isascii() and case.isdigit() and len(case) <= 18:
            yield int(case), task_named(task)


def _of_year(visit: Visit, asked: Asked, sitting: Sitting) -> Done:
    """The sitting for all documents of the kind in the year."""
    assert asked.kind is not None
    name = f"{asked.year} 年度{asked.kind.label}全部"
    try:
        with visit.database.transaction(visit.jurisdiction) as session:
            record_deliberation_of_year(
                session, asked.year, asked.kind, sitting, by=visit.actor, at=visit.at, key=_key() or None
            )
    except EngineError as refusal:
        return Done(name, "", Result.FAILED, refusal.message)
    return Done(name, "", Result.DONE, "")


def _of_case(visit: Visit, case_id: int, task_id: UUID | None, line: BoardLine | None, sitting: Sitting) -> Done:
    """One result; a case that went on since the list was frozen is refused as anywhere."""
    if line is None:
        return Done("（看不到或已不在清单中的案卷）", "", Result.SKIPPED, "清单冻结后有变化，没有登记。请重新列出。")
    key = f"{_key()}{task_id.hex if task_id else case_id}" if _key() else None
    try:
        if task_id is not None:
            _through_its_step(visit, task_id, sitting, key)
        else:
            why = line.why_not_recorded_now(PublicationStep(sitting.body))
            if why is not None:
                return Done(line.name, line.document, Result.SKIPPED, why)
            with visit.database.transaction(visit.jurisdiction) as session:
                record_deliberation_of_case(session, case_id, sitting, by=visit.actor, at=visit.at, key=key)
    except EngineError as refusal:
        return Done(line.name, line.document, Result.FAILED, refusal.message)
    return Done(line.name, line.document, Result.DONE, "")


def _through_its_step(visit: Visit, task_id: UUID, sitting: Sitting, key: str | None) -> None:
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    said = DeliberationResult.PASSED if sitting.passed else DeliberationResult.REVISE
    typed = {"body": sitting.body, "held_on": sitting.held_on.isoformat(), "opinion": sitting.opinion or ""}
    given = Given(Outcome("recorded", answers={"deliberation": said.value}), typed)
    carried_out(visit, card, step_for("record_deliberation"), given, key=key)


def _key() -> str:
    """What names this batch, so that sending it twice does it once."""
    told = task_named(request.form.get("key", ""))
    return told.hex if told is not None else ""
