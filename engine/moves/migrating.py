"""Moving a running case to today's diagrams and tables: whether it can, and how."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import process
from engine.audit import Entry
from engine.audit.events.cases import CaseMigrated, MigrationUndone
from engine.cases import Case
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.incidents import resolve_all
from engine.moves.move import Move, office_of
from engine.moves.second_person import must_be_second
from engine.moves.updates import hand_over
from engine.process import Diagrams
from engine.reviews import ReasonMissing
from engine.stages import library_in_force
from engine.texts import is_blank


class MigrationRefused(WrongState):
    """The case stands where the new diagrams cannot take it over; `problems` lists why."""

    code = "case.migration_refused"


class NothingToUndo(WrongState):
    """The last thing that happened to the case was no migration."""

    code = "case.nothing_to_undo"


@dataclass(frozen=True, slots=True)
class Prospect:
    """What migrating one case would do: whether it can, what stands in the way, and the steps it waits at."""

    case_id: int
    code: str
    name: str
    current: bool
    problems: tuple[str, ...]
    steps: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether the case can go over as it stands."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one case of several: None as `refusal` means it went over."""

    case_id: int
    refusal: str | None


def preview_migration(session: Session, case_ids: Sequence[int]) -> list[Prospect]:
    """迁移试运行: where each case would land on today's diagrams and tables; changes nothing."""
    cases = session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id))
    return [_prospect(session, case) for case in cases]


def can_be_migrated(session: Session, case_id: int) -> bool:
    """Whether there are newer diagrams or tables than those the case runs on."""
    return not _is_current(session, session.get_one(Case, case_id))


def _is_current(session: Session, case: Case) -> bool:
    library = library_in_force(session)
    return (case.diagrams_id, case.policy_id) == (library.diagrams_id, library.policy_ids[case.jurisdiction])


def _hand_over_tasks(move: Move, waiting: Iterable[process.Waiting]) -> None:
    """Where the new diagram draws a step in another lane, the open task goes to that office's pool."""
    for step in waiting:
        unit_id, role = office_of(move.session, move.case, step)
        hand_over(move, UUID(bytes=step.key), unit_id, role)


def migrate(session: Session, case: Case, reason: str, second: Actor, *, by: Actor, at: datetime) -> None:
    """Put the case on today's versions, unless it runs on them already; `second` agrees to it.

    A day that could not take effect is tried again by the next sweep.
    """
    must_be_second(second, by, "换用新版流程")
    if is_blank(reason):
        raise ReasonMissing("换用新版流程要写明原因，没有办理。请补充。", case_id=case.id)
    if _is_current(session, case):
        return
    resolve_all(session, case, "fire_deadline", by=by, at=at, how="换用新版流程")
    library = library_in_force(session)
    after = {"diagrams": library.diagrams_id, "policy": library.policy_ids[case.jurisdiction]}
    move = Move(session, case, by, at)
    move.record(CaseMigrated(before=_versions(case), after=after, reason=reason, agreed_by=second.person_id))
    _go_over(move, library.diagrams_in_force(session), after, "换用新版流程")


def go_back(session: Session, case: Case, reason: str, *, by: Actor, at: datetime) -> None:
    """Put the case back on the versions it was on before; only as long as nothing has happened to it since."""
    if is_blank(reason):
        raise ReasonMissing("撤回迁移要写明原因，没有办理。请补充。", case_id=case.id)
    before = _versions_before(session, case)
    if before is None:
        raise NothingToUndo(
            f"“{case.name}”最近一次办理不是换用新版流程，不能撤回。迁移后只要办过别的，就请按新版办下去。",
            case_id=case.id,
        )
    move = Move(session, case, by, at)
    move.record(MigrationUndone(before=_versions(case), after=before, reason=reason))
    _go_over(move, library_in_force(session).diagrams_version(session, before["diagrams"]), before, "换回原来的流程")


def _versions(case: Case) -> dict[str, int]:
    return {"diagrams": case.diagrams_id, "policy": case.policy_id}


def _versions_before(session: Session, case: Case) -> dict[str, int] | None:
    """What the case was on, if its migration is the last thing on its record."""
    last = session.scalar(select(Entry).where(Entry.case_id == case.id).order_by(Entry.seq.desc()).limit(1))
    if last is None or last.type != CaseMigrated.name:
        return None
    return {name: int(last.payload["before"][name]) for name in ("diagrams", "policy")}


def _go_over(move: Move, new: Diagrams, versions: Mapping[str, int | None], deed: str) -> None:
    """Put the case where it stands on these versions; the entry that says so is on the move already."""
    case = move.case
    found = process.migrate(move.diagrams, new, case.process_state)
    if found.state is None:
        raise MigrationRefused(
            f"“{case.name}”不能{deed}：{'；'.join(found.problems)}请办完当前步骤，或由运维移动步骤后再换。",
            case_id=case.id,
            problems=list(found.problems),
        )
    move.case_values |= {"diagrams_id": versions["diagrams"], "policy_id": versions["policy"]}
    looked = process.look(new, found.state)
    move.state, move.stage = found.state, looked.stage
    _hand_over_tasks(move, looked.opened_tasks)
    move.write()


def _prospect(session: Session, case: Case) -> Prospect:
    library = library_in_force(session)
    old = library.diagrams_version(session, case.diagrams_id)
    found = process.migrate(old, library.diagrams_in_force(session), case.process_state)
    steps = tuple(waiting.name for waiting in process.look(old, case.process_state).opened_tasks)
    return Prospect(case.id, case.code, case.name, _is_current(session, case), found.problems, steps)
