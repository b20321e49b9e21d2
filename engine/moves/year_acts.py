"""整年办理: one act for many cases, kept with its frozen list, and how one item of it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.accounts.accounts import stopped_among
from engine.cases import CaseNotActive
from engine.clock import day_of
from engine.directory import Actor, NoOffice, Person, acting_as, seated, seats_of
from engine.moves.attempts import completed_safely
from engine.moves.faults import in_words, lies_with_database
from engine.moves.outcome import Outcome
from engine.moves.repeating import Asked
from engine.portions import LongWork, Result, begun, work_of
from engine.store import Database
from engine.store.database import ChangedMeanwhile
from engine.store.storable import StillBusy
from engine.tasks import NotYourTask, TaskNotFound, TaskNotOpen
from engine.words import Role

KIND = "year_act"
"""The kind of long work an act is; its subject names who began it, and what for."""
_PASSED_OVER = (ChangedMeanwhile, TaskNotOpen, TaskNotFound, NotYourTask, CaseNotActive)
"""Refusals of what somebody else did, or has to do, meanwhile."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act as it was asked for: the step of which year, how it ends, under which key."""

    fiscal_year: int
    step: str
    title: str
    outcome: Outcome
    key: str


@dataclass(frozen=True, slots=True)
class FrozenItem:
    """One case of it: the task, the version of the case that was seen, and what it is called."""

    task: str
    version: int
    name: str
    about: str


def begin_act(session: Session, act: Act, items: Sequence[FrozenItem], *, by: Actor, now: datetime) -> LongWork:
    """Keep the act; from now on it goes on by itself. One key is one act of a person; `now` by the watch."""
    frozen = [[item.task, item.version, item.name, item.about] for item in items]
    told = {**asdict(act), "outcome": act.outcome.told(), "roles": sorted(by.roles), "items": frozen}
    return begun(session, KIND, _subject(by, act.key), len(items), by=by, at=now, content=told)


def act_under(session: Session, key: str, *, by: Actor) -> LongWork | None:
    """The act that person began under this key; None where there is none."""
    return work_of(session, KIND, _subject(by, key))


def _subject(by: Actor, key: str) -> str:
    return f"{by.person_id} {key}"


def items_of(work: LongWork) -> tuple[FrozenItem, ...]:
    """The frozen list of an act."""
    return tuple(FrozenItem(*item) for item in work.content["items"])


def became_of(work: LongWork) -> Mapping[str, tuple[Result, str]]:
    """Task → what became of it and why, for those that had their turn."""
    return {task: (Result(result), why) for task, (result, why) in work.content.get("gave", {}).items()}


def carried_out(
    database: Database, session: Session, work: LongWork, item: FrozenItem, at: datetime
) -> tuple[Result, str] | None:
    """Take the step for one item, in a transaction of its own, with what its person may do at this moment.

    None where somebody is just busy with it: its turn comes again. Done once, however often it is
    tried; `session` only reads who acts.
    """
    outcome = Outcome(**work.content["outcome"])
    try:
        by, task_id = _acts_now(session, work, at), UUID(item.task)
        key, content = f"{work.content['key']}{task_id.hex}", {"task": task_id, **outcome.told()}
        asked = Asked("complete_task", by, at, key, item.version, content)
        completed_safely(database, work.jurisdiction, asked, task_id, outcome)
    except _PASSED_OVER as refusal:
        return Result.SKIPPED, refusal.message
    except StillBusy:
        return None
    except Exception as fault:
        if lies_with_database(fault):
            raise
        return Result.FAILED, in_words(fault).message
    return Result.DONE, ""


def _acts_now(session: Session, work: LongWork, at: datetime) -> Actor:
    """Who began it, in those of the offices of then that they hold today; refuses who holds none, or left."""
    content, person = work.content, session.get_one(Person, work.begun_by)
    if stopped_among(session, [person.id]):
        raise NoOffice(f"{person.name}的账号已停用，没有办理。请由同岗位的同事办理。", person=person.id)
    roles, unit, absent = [Role(role) for role in content["roles"]], content["unit"], content["acting_for"]
    if absent is None:
        return seated(person, seats_of(session, person.id), unit_id=unit, roles=roles)
    substitute = Actor(person.id, person.name, work.jurisdiction, unit, frozenset())
    return acting_as(session, substitute, absent, day_of(at), unit_id=unit, roles=roles)
