"""抽样: the frame frozen first, then six digits of each of two people, unseen by the other; then the draw."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.draw_sampling import draw_sampling
from engine.commands.give_seed import give_seed
from engine.commands.open_sampling import open_sampling
from engine.commands.skip_draw import skip_draw
from engine.commands.void_sampling import void_sampling
from engine.errors import EngineError, InvalidInput
from engine.moves.permissions import permits
from engine.queries.launch_work import awaited_of_finance
from engine.queries.samplings import SamplingLine, sampling_card, samplings
from engine.queries.scope import WHOLE_TENANT
from engine.queries.selections import PURPOSES, preview_frame, samples
from engine.words import Organizer, Role, SamplingState, SeedSide, Stage
from web.pages.asked import address, asked_word, asked_year
from web.pages.dropping import year_dropped
from web.pages.frames import SETTLED, layers_of, members_of, total_wan
from web.pages.launches import AT_ONCE
from web.pages.posted import number_of, text_of, year_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("samplings", __name__)
MOST_ROWS = 300
"""A longer list is pasted, not gone through row by row."""
ROW = "settled_"
"""How the fields begin in which a row's 必抽 or 回避 is chosen."""
SPOT_REVIEW = Stage.SPOT_REVIEW.value


class SamplingUnreadable(InvalidInput):
    """Year, purpose, size or the frame looked at cannot be read."""

    code = "sampling.unreadable"


@page.get("/samplings")
@requires("see_samplings")
def all_samplings(visit: Visit) -> Any:
    """What is being drawn, and what was drawn or not drawn in earlier years."""
    year, after = asked_year(), request.args.get("after") or None
    found = samplings(visit.session, visit.actor, fiscal_year=year, limit=20)
    kept = samples(visit.session, visit.actor, fiscal_year=year, after=after)
    awaited = [each for each in awaited_of_finance(visit.session, visit.actor) if each.stage == SPOT_REVIEW]
    return render_template(
        "samplings.html", visit=visit, year=year, kept=kept.lines, awaited=awaited,
        open=[line for line in found.lines if line.state is SamplingState.OPEN],
        void=[line for line in found.lines if line.state is SamplingState.VOID],
        after=after, first_url=address("/samplings", year=year), may_open=permits("open_sampling", visit.actor),
        next_url=address("/samplings", year=year, after=kept.next) if kept.next else None,
        drops=[] if kept.lines or after
        else year_dropped(lambda: samples(visit.session, visit.actor), year, "/samplings", "次"),
    )  # fmt: skip


@page.get("/samplings/new")
@requires("open_sampling")
def begin(visit: Visit) -> Any:
    """① the frame as it stands now."""
    return _new(visit, asked_year(), asked_word("purpose", PURPOSES) or SPOT_REVIEW)


@page.post("/samplings")
@requires("open_sampling")
def freeze(visit: Visit) -> Any:
    """冻结 the frame that was looked at; another one meanwhile is refused."""
    year, purpose, size = year_of(), text_of("purpose", 40), number_of("size")
    try:
        if year is None or size is None:
            raise SamplingUnreadable("年度要填四位，抽取数量要填整数，没有冻结。请填写后再办。")
        with visit.session.begin_nested():
            receipt = open_sampling(
                visit.session, year, purpose, size, by=visit.actor, at=visit.at, seen_hash=_seen(),
                organizer=text_of("organizer", 40) or Organizer.FINANCE.value, reason=text_of("reason").strip() or None,
                key=text_of("key", 64) or None, **_settled(visit, year, purpose),
            )  # fmt: skip
    except EngineError as refusal:
        return _new(visit, year, purpose, refusal)
    return redirect(f"/samplings/{receipt.gave['sampling']}", 303)


@page.post("/samplings/skips")
@requires("skip_draw")
def skip(visit: Visit) -> Any:
    """本年不抽, with a reason."""
    year, purpose = year_of(), text_of("purpose", 40)
    try:
        if year is None:
            raise SamplingUnreadable("年度没有填好，没有办理。请填四位年度。")
        receipt = skip_draw(
            lambda: visit.database.transaction(visit.jurisdiction), year, purpose, reason=text_of("skip_reason"),
            by=visit.actor, at=visit.at, key=text_of("key", 64) or None, most=AT_ONCE,
        )  # fmt: skip
    except EngineError as refusal:
        return _new(visit, year, purpose, refusal)
    return redirect(f"/selections/{receipt.gave['sample']}", 303)


@page.get("/samplings/<int:sampling_id>")
@requires("see_samplings")
def one(visit: Visit, sampling_id: int) -> Any:
    """One draw in preparation; what was drawn has a page of its own."""
    return _one(visit, sampling_id)


@page.post("/samplings/<int:sampling_id>/seeds")
@requires("give_seed")
def seal(visit: Visit, sampling_id: int) -> Any:
    """封存 one side's six digits; they are not shown again before the draw."""
    sampling_card(visit.session, visit.actor, sampling_id)
    try:
        with visit.session.begin_nested():
            give_seed(
                visit.session, sampling_id, text_of("side", 20), text_of("seed", 20).strip(),
                by=visit.actor, at=visit.at, key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        return _one(visit, sampling_id, refusal)
    return redirect(f"/samplings/{sampling_id}?said=sealed", 303)


@page.post("/samplings/<int:sampling_id>/draw")
@requires("draw_sampling")
def draw(visit: Visit, sampling_id: int) -> Any:
    """抽取."""
    try:
        receipt = draw_sampling(
            lambda: visit.database.transaction(visit.jurisdiction), sampling_id, by=visit.actor, at=visit.at,
            most=AT_ONCE, key=text_of("key", 64) or None,
        )  # fmt: skip
    except EngineError as refusal:
        return _one(visit, sampling_id, refusal)
    return redirect(f"/selections/{receipt.gave['sample']}", 303)


@page.post("/samplings/<int:sampling_id>/voiding")
@requires("void_sampling")
def give_up(visit: Visit, sampling_id: int) -> Any:
    """作废, with a reason; the page of a new draw opens."""
    line = sampling_card(visit.session, visit.actor, sampling_id).line
    try:
        with visit.session.begin_nested():
            void_sampling(
                visit.session, sampling_id, reason=text_of("reason"), by=visit.actor, at=visit.at,
                key=text_of("key", 64) or None,
            )  # fmt: skip
    except EngineError as refusal:
        return _one(visit, sampling_id, refusal)
    return redirect(f"/samplings/new?year={line.fiscal_year}&purpose={line.purpose}", 303)


def _new(visit: Visit, year: int | None, purpose: str, refusal: EngineError | None = None) -> Any:
    visit.session.expire_all()
    awaited = [each for each in awaited_of_finance(visit.session, visit.actor) if each.stage in PURPOSES]
    if year is None:
        year = next((each.fiscal_year for each in awaited if each.stage == purpose), visit.today.year)
    frame = None
    try:
        frame = preview_frame(visit.session, year, purpose, by=visit.actor, at=visit.at)
    except EngineError as unknown:
        refusal = refusal or unknown
    members = members_of(frame.members, frame.undefined) if frame else ()
    return render_template(
        "new_sampling.html", visit=visit, year=year, purpose=purpose, purposes=PURPOSES, members=members,
        layers=layers_of(members), candidates=[each for each in members if each.is_candidate], total=total_wan(members),
        undefined=[each for each in members if each.undefined], frame_hash=frame.hash.hex() if frame else "",
        by_rows=len(members) <= MOST_ROWS,
        organizers=Organizer.labels(), awaited=awaited, refusal=refusal, typed=request.form, key=uuid4().hex,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _one(visit: Visit, sampling_id: int, refusal: EngineError | None = None) -> Any:
    visit.session.expire_all()
    card = sampling_card(visit.session, visit.actor, sampling_id)
    members = members_of(card.members)
    return render_template(
        "sampling.html", visit=visit, line=card.line, members=members, layers=layers_of(members),
        total=total_wan(members), sides=_sides(card.line), linked=bool(visit.actor.roles & WHOLE_TENANT),
        mine=_may_seal(visit, card.line), refusal=refusal,
        may_draw=permits("draw_sampling", visit.actor), said=request.args.get("said", ""), key=uuid4().hex,
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _sides(line: SamplingLine) -> list[tuple[SeedSide, Any]]:
    return [(SeedSide.HANDLER, line.handler), (SeedSide.SUPERVISOR, line.supervisor)]


def _may_seal(visit: Visit, line: SamplingLine) -> set[SeedSide]:
    """The side this person is asked for, if any: finance handles first, one person never gives both."""
    if line.state is not SamplingState.OPEN or not permits("give_seed", visit.actor):
        return set()
    given = {side: seed for side, seed in _sides(line) if seed is not None}
    if any(seed.person_id in visit.actor.persons for seed in given.values()):
        return set()
    if Role.PERFORMANCE_OFFICE in visit.actor.roles and SeedSide.HANDLER not in given:
        return {SeedSide.HANDLER}
    return {SeedSide.SUPERVISOR} - set(given)


def _settled(visit: Visit, year: int, purpose: str) -> dict[str, dict[int, str]]:
    """必抽 and 回避 with why, by the numbers of their cases: chosen row by row, and pasted a line each."""
    chosen = [name for name in request.form if name.startswith(ROW) and request.form[name] in SETTLED]
    if not (chosen or text_of("always").strip() or text_of("never").strip()):
        return {}
    frame = preview_frame(visit.session, year, purpose, by=visit.actor, at=visit.at)
    cases = {str(member["code"]): int(member["case"]) for member in frame.members}
    settled = {name: _lines(name, label, cases) for name, label in SETTLED.items()}
    for code, case in cases.items():
        how = text_of(f"{ROW}{case}", 20)
        if how not in SETTLED:
            continue
        why = text_of(f"why_{case}").strip()
        if not why:
            raise SamplingUnreadable(f"“{code}”选了{SETTLED[how]}，没有写原因，没有冻结。请在这一行写明。")
        if any(case in lines for lines in settled.values()):
            raise SamplingUnreadable(f"“{code}”在名单里选了，又粘贴了一次，没有冻结。请留一处。")
        settled[how][case] = why
    return settled


def _lines(name: str, label: str, cases: Mapping[str, int]) -> dict[int, str]:
    """Case → why. Refuses a code the frame does not have, one named twice, and a line without a reason."""
    found: dict[int, str] = {}
    for number, line in enumerate(text_of(name).splitlines(), start=1):
        code, *why = line.strip().split("\t" if "\t" in line else None, maxsplit=1) or [""]
        if not code:
            continue
        if code not in cases or cases[code] in found:
            problem = "写了两次" if code in cases else "不在名单里"
            raise SamplingUnreadable(f"{label}第 {number} 行的编号“{code[:40]}”{problem}，没有冻结。请核对。")
        if not why or not why[0].strip():
            raise SamplingUnreadable(f"{label}第 {number} 行“{code[:40]}”没有写原因，没有冻结。请在编号后空一格写明。")
        found[cases[code]] = why[0].strip()
    return found


def _seen() -> bytes | None:
    """The hash of the frame the page showed; refuses one that is none."""
    try:
        return bytes.fromhex(text_of("seen", 64)) or None
    except ValueError as reason:
        raise SamplingUnreadable("名单指纹读不出来，没有冻结。请刷新页面，重新核对名单。") from reason
