"""Moving a running case to today's diagrams and tables: whether it can, and how."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import process
from engine.audit.events.cases import CaseMigrated
from engine.cases import Case
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.move import Move
from engine.moves.offices import office_of
from engine.moves.updates import hand_over
from engine.reviews import ReasonMissing
from engine.stages import library_in_force
from engine.texts import is_blank


class MigrationRefused(WrongState):
    """The case stands where the new diagrams cannot take it over; `problems` lists why."""

    code = "case.migration_refused"


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


def migrate(session: Session, case: Case, reason: str, *, by: Actor, at: datetime) -> None:
    """Put the case on today's versions, unless it runs on them already."""
    if is_blank(reason):
        raise ReasonMissing("换用新版流程要写明原因，没有办理。请补充。", case_id=case.id)
    if _is_current(session, case):
        return
    library = library_in_force(session)
    old, new = library.diagrams_version(session, case.diagrams_id), library.diagrams_in_force(session)
    found = process.migrate(old, new, case.process_state)
    if found.state is None:
        raise MigrationRefused(
            f"“{case.name}”不能换用新版流程：{'；'.join(found.problems)}请办完当前步骤，或由运维移动步骤后再换。",
            case_id=case.id,
            problems=list(found.problems),
        )
    move = Move(session, case, by, at)
    before = {"diagrams": case.diagrams_id, "policy": case.policy_id}
    after = {"diagrams": library.diagrams_id, "policy": library.policy_ids[case.jurisdiction]}
    move.record(CaseMigrated(before=before, after=after, reason=reason))
    move.case_values |= {"diagrams_id": after["diagrams"], "policy_id": after["policy"]}
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


def _is_current(session: Session, case: Case) -> bool:
    library = library_in_force(session)
    return (case.diagrams_id, case.policy_id) == (library.diagrams_id, library.policy_ids[case.jurisdiction])


def _hand_over_tasks(move: Move, waiting: Iterable[process.Waiting]) -> None:
    """Where the new diagram draws a step in another lane, the open task goes to that office's pool."""
    for step in waiting:
        unit_id, role = office_of(move.case, step)
        hand_over(move, UUID(bytes=step.key), unit_id, role)
