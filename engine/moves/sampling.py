"""A draw that two people prepare: what may be done with it while no seed, one or both are there."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.events.evaluations import SampleDrawn, SamplingVoided
from engine.directory import Actor, Person
from engine.errors import NotFound, WrongState
from engine.moves.conflicts import last_outside_cases
from engine.moves.frames import marks_in
from engine.moves.selections import keep, ready_to_draw
from engine.results.model import Sampling
from engine.results.sampling import draw
from engine.words import SamplingState, SeedSide


class SamplingNotFound(NotFound):
    """No such draw in this jurisdiction."""

    code = "sampling.not_found"


class SamplingOver(WrongState):
    """The draw was made or given up."""

    code = "sampling.over"


class SeedsMissing(WrongState):
    """One of the two has not given a seed yet."""

    code = "sampling.seeds_missing"


def open_sampling_of(session: Session, sampling_id: int) -> Sampling:
    """The draw of that number for change; refuses one that is not there, was made or given up."""
    sampling = session.get(Sampling, sampling_id, with_for_update=True, populate_existing=True)
    if sampling is None:
        raise SamplingNotFound("没有这次抽样，或者它不属于本地区。请核对编号。", sampling=sampling_id)
    if sampling.state is not SamplingState.OPEN:
        who = last_outside_cases(session, sampling.jurisdiction, SampleDrawn, SamplingVoided, sampling=[sampling_id])
        raise SamplingOver(
            f"第{sampling_id}次抽样{sampling.state.label}{who}，不能再办理。请核对办理结果。",
            sampling=sampling_id,
            state=sampling.state,
        )
    return sampling


def draw_by_seeds(session: Session, sampling: Sampling, *, by: Actor, at: datetime) -> int:
    """Draw out of the frame that was frozen, which must still be the one there is; gives the number of the record."""
    if sampling.handler_seed is None or sampling.supervisor_seed is None:
        missing = SeedSide.HANDLER if sampling.handler_seed is None else SeedSide.SUPERVISOR
        raise SeedsMissing(f"{missing.label}一方还没有填种子，没有抽取。请双方都填好后再抽。", side=missing)
    year, purpose = sampling.fiscal_year, sampling.purpose
    frame = ready_to_draw(
        session, year, purpose, sampling.size, organizer=sampling.organizer, reason=sampling.reason, by=by, at=at,
        seen=sampling.frame_hash, marks=marks_in(sampling.frame),
    )  # fmt: skip
    seeds = (sampling.handler_seed, sampling.supervisor_seed)
    more = {"organizer": sampling.organizer} if purpose == "key_evaluation" else {}
    chosen = [{"case": case, **more} for case in draw(frame.members, *seeds, sampling.size)]
    told: dict[str, Any] = {
        "witness": _witness(session, sampling), "reason": sampling.reason, "sampling": sampling.id,
    }  # fmt: skip
    return keep(session, year, purpose, frame, chosen, event=SampleDrawn, by=by, at=at, seeds=seeds, **told)


def _witness(session: Session, sampling: Sampling) -> str:
    """The name of the one who gave the second seed."""
    person = session.get_one(Person, sampling.supervisor_id)
    return person.name
