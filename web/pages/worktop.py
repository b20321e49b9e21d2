"""What stands around 我的待办: what presses in finance, how a unit's people are loaded, where its cases stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.queries.done_work import done_work
from engine.queries.own_progress import Progress, own_progress
from engine.queries.pressing import pressing
from engine.queries.publication_duties import duties_open
from engine.queries.recent_moves import recent_moves
from engine.queries.scope import sight_of
from engine.queries.unit_load import unit_load
from engine.queries.year_acts import year_acts
from engine.words import STAGES, Pressing, Stage
from web.pages.cases import BETWEEN, OUTSIDE
from web.visits import Visit

WAYS = {
    Pressing.TO_REVIEW: "/reviews",
    Pressing.DUE_TODAY: "/tasks?view=open&due=today",
    Pressing.UNITS_LATE: "/cases?overdue=units",
    Pressing.FAULTS: "/operations/incidents",
}
"""The list of each number: just what was counted."""


def worktop_of(visit: Visit, view: str, *, first: bool, last_done: bool) -> Mapping[str, Any]:
    """What the page of a tab tells beside its list, on its first page; `last_done` asks for the day of what was done.

    The tab of one's own work tells everything, that of the unit's how its people are loaded.
    """
    session, actor = visit.session, visit.actor
    own = first and view == "open"
    progress = own_progress(session, actor) if own else ()
    return {
        "pressing": pressing(session, actor, on=visit.today) if own else (),
        "ways": WAYS,
        "to_publish": duties_open(session, actor, on=visit.today) if own else {},
        "year_acts": year_acts(session, actor, on=visit.today) if own else (),
        "load": unit_load(session, actor, on=visit.today) if first and view in ("open", "unit") else (),
        "whose": (sight_of(actor) or "").removesuffix("的"),
        "progress": progress,
        "progress_stages": _stages(progress),
        "recent": recent_moves(session, actor) if own else (),
        "last_done": next(iter(done_work(session, actor, limit=1).lines), None) if own and last_done else None,
    }


def _stages(progress: Sequence[Progress]) -> Mapping[Stage | None, tuple[str, str]]:
    """The columns: those of every year, then what else somebody has; each with its name and its word in an address."""
    found = {stage for year in progress for stage in year.stages}
    columns: dict[Stage | None, tuple[str, str]] = {
        stage: (stage.label, stage.value) for stage in Stage if stage in STAGES or stage in found
    }
    return columns | ({None: (OUTSIDE, BETWEEN)} if None in found else {})
