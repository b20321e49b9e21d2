"""随预算、决算公开的事项: what is open, until when, and one record for many at once, each told of afterwards."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from flask import Blueprint, render_template, request

from engine.commands.record_publication import Publication, PublicationRefused, record_publication
from engine.errors import EngineError
from engine.moves.repeating import LONGEST_TEXT
from engine.queries.publication_duties import DutyLine, publication_duties
from engine.words import DisclosureState, DocumentKind
from web.pages.asked import address, asked_text, asked_year, one_of, task_named
from web.pages.each_result import Done, Result, worst_first
from web.pages.posted import day_of_field, must_fit, text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("publication_duties", __name__)
MOST_AT_ONCE = 200
FIELDS = ("word", "published_on", "address", "ground", "withheld")
WORDS = {"published": DisclosureState.PUBLISHED.label, "withheld": "不公开"}
LONGEST_ADDRESS = 400


@page.get("/disclosures/duties")
@requires("see_disclosures")
def board(visit: Visit) -> Any:
    """What of the year is open, or with `all` everything, two hundred to a page."""
    return _page(visit)


@page.post("/disclosures/duties")
@requires("record_publication")
def carry_out(visit: Visit) -> Any:
    """Put on record for each item chosen that it is public or is not made public; tells what became of each."""
    items = dict.fromkeys(_items(request.form.getlist("item")))
    try:
        told = _told()
        if not items:
            raise PublicationRefused("没有选择事项，没有登记。请勾选要登记的事项。")
    except EngineError as refusal:
        return _page(visit, refusal=refusal, chosen=set(items))
    names = {(line.case_id, line.kind): line for line in _found(visit).lines}
    done = [_record(visit, names.get(item), item, told) for item in items]
    return render_template("publication_duties_done.html", visit=visit, done=worst_first(done), year=_year(visit))


def _page(visit: Visit, *, refusal: EngineError | None = None, chosen: set[Any] | None = None) -> tuple[str, int]:
    found, year, whole = _found(visit), _year(visit), _whole()
    own = [line for line in found.lines if line.mine and line.published_on is None]
    return render_template(
        "publication_duties.html", visit=visit, lines=found.lines, year=year, text=asked_text(), whole=whole,
        may_record=bool(own), grounds=any(not line.publishes for line in own), words=WORDS,
        states=DisclosureState.labels(), refusal=refusal, chosen=chosen, key=_key() or uuid4().hex,
        typed={name: text_of(name) for name in FIELDS}, here=_address(year, whole),
        after=request.args.get("after") or None,
        next_url=_address(year, whole, found.next) if found.next else None,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _found(visit: Visit) -> Any:
    return publication_duties(
        visit.session, visit.actor, _year(visit), on=visit.today, settled=None if _whole() else False,
        text=asked_text(), limit=MOST_AT_ONCE, after=request.args.get("after") or None,
    )  # fmt: skip


def _year(visit: Visit) -> int:
    """The year of the budget; this one where the address names none."""
    return asked_year() or visit.today.year


def _whole() -> bool:
    return request.args.get("all") == "1"


def _address(year: int, whole: bool, after: str | None = None) -> str:
    return address("/disclosures/duties", year=year, q=asked_text(), all="1" if whole else None, after=after)


def _told() -> dict[str, Any]:
    """What was typed, for every item the same; the engine says what else is missing."""
    word = text_of("word")
    if word not in WORDS:
        raise PublicationRefused("没有选择“已公开”或“不公开”，没有登记。请选择。")
    if word == "withheld":
        withheld = text_of("withheld").strip()
        must_fit(withheld, "不公开的理由", LONGEST_TEXT)
        if not withheld:
            raise PublicationRefused("不公开要写明理由，没有登记。请补充。")
        return {"withheld": withheld}
    if (published_on := day_of_field("published_on")) is None:
        told = text_of("published_on", 40)
        raise PublicationRefused(f"公开日写的是“{told}”，读不出日期，没有登记。请按“2022-02-12”的样子填写。")
    where, ground = text_of("address").strip(), text_of("ground").strip()
    must_fit(where, "网址", LONGEST_ADDRESS)
    must_fit(ground, "公开的依据", LONGEST_TEXT)
    if not where:
        raise PublicationRefused("公开要写明网址，没有登记。请补充。")
    return {"published_on": published_on, "address": where, "ground": ground or None}


def _items(sent: list[str]) -> Iterator[tuple[int, DocumentKind]]:
    """Case and kind of document; what is neither is passed over."""
    for each in sent[:MOST_AT_ONCE]:
        case, _, word = each.partition(".")
        kind = one_of(DocumentKind, word)
        if kind is not None and case.isascii() and case.isdigit() and len(case) <= 18:
            yield int(case), kind


def _record(visit: Visit, line: DutyLine | None, item: tuple[int, DocumentKind], told: dict[str, Any]) -> Done:
    """One item; what was settled since the list was shown is passed over."""
    if line is None:
        return Done("（看不到或已登记的事项）", "", Result.SKIPPED, "清单有变化，没有登记。请重新列出。")
    case_id, kind = item
    key = f"{_key()}{case_id}{kind}" if _key() else None
    try:
        with visit.database.transaction(visit.jurisdiction) as session:
            record_publication(session, case_id, Publication(kind, **told), by=visit.actor, at=visit.at, key=key)
    except EngineError as refusal:
        return Done(line.name, line.kind.label, Result.FAILED, refusal.message)
    return Done(line.name, line.kind.label, Result.DONE, "")


def _key() -> str:
    """What names this batch, so that sending it twice does it once."""
    told = task_named(request.form.get("key", ""))
    return told.hex if told is not None else ""
