"""流程: the diagrams with their versions, how many cases run on each, and which could be put on today's."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.cases import CaseMigrated
from engine.cases import Case
from engine.directory import Actor
from engine.errors import NotFound
from engine.moves.migrating import Prospect, preview_migration
from engine.moves.permissions import must_be_let_in
from engine.stages import library_in_force
from engine.stages.model import Definition
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import CaseState, OtherDiagram, Stage, TaskState

MOST_AT_ONCE = 200
_cases, _tasks, _journal = table_of(Case).c, table_of(Task).c, table_of(Entry).c
_RUNNING = (CaseState.ACTIVE, CaseState.SUSPENDED)


class NoSuchProcess(NotFound):
    """There is no diagram of that name."""

    code = "process.not_found"


@dataclass(frozen=True, slots=True)
class DiagramVersion:
    """One version of one diagram: its number from 1, since when it is kept, cases running on it, whether it is today's.

    `steps_added` and `steps_gone` name what differs from the version before; both are empty where only the drawing or
    the ways between steps changed.
    """

    number: int
    kept_at: datetime
    cases: int
    in_force: bool
    steps_added: tuple[str, ...]
    steps_gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """One diagram: its versions, the newest first, open tasks in it, and cases in it that are not on today's."""

    process: str
    versions: tuple[DiagramVersion, ...]
    open_tasks: int
    elsewhere: int

    @property
    def in_force(self) -> DiagramVersion:
        """The version new cases start on."""
        return next(version for version in self.versions if version.in_force)

    @property
    def cases(self) -> int:
        """Running cases, whatever version they are on."""
        return sum(version.cases for version in self.versions)


@dataclass(frozen=True, slots=True)
class Migrated:
    """A running case whose migration is the last thing on its record, so that it can be taken back."""

    case_id: int
    code: str
    name: str
    at: datetime


def process_lines(session: Session, actor: Actor) -> tuple[ProcessLine, ...]:
    """Every diagram in the order of the year; a case is counted in the diagrams in which it has an open task."""
    must_be_let_in("see_processes", actor)
    shelf = _shelf(session)
    standing = _standing(session, actor)
    tasks: Counter[str] = Counter()
    for row in standing:
        tasks[row.process] += row.tasks
    return tuple(_line(session, process, shelf, standing, tasks[process]) for process in _in_order(session))


def process_line(session: Session, actor: Actor, process: str) -> ProcessLine:
    """One diagram. Refuses a name none has."""
    found = {line.process: line for line in process_lines(session, actor)}
    if process not in found:
        raise NoSuchProcess("没有这个流程。请从流程列表中选择。", process=process)
    return found[process]


def migration_prospects(session: Session, actor: Actor, process: str) -> tuple[Prospect, ...]:
    """迁移试运行: what would become of each case that has a task in this diagram and is not on today's versions.

    At most `MOST_AT_ONCE` of them, the oldest first. Nothing is changed. Refuses a name no diagram has.
    """
    must_be_let_in("migrate_case", actor)
    if process not in _in_order(session):
        raise NoSuchProcess("没有这个流程。请从流程列表中选择。", process=process)
    library = library_in_force(session)
    here = select(_tasks.case_id).where(_tasks.process == process, _tasks.state == TaskState.OPEN)
    numbers = session.scalars(
        select(_cases.id)
        .where(
            _cases.jurisdiction == actor.jurisdiction,
            _cases.state.in_(_RUNNING),
            _cases.id.in_(here),
            (_cases.diagrams_id != library.diagrams_id) | (_cases.policy_id != library.policy_ids[actor.jurisdiction]),
        )
        .order_by(_cases.id)
        .limit(MOST_AT_ONCE)
    ).all()
    return tuple(preview_migration(session, numbers))


def just_migrated(session: Session, actor: Actor, process: str) -> tuple[Migrated, ...]:
    """What could be taken back of the migrations of cases with a task in this diagram; the newest first, so many."""
    must_be_let_in("undo_migration", actor)
    here = select(_tasks.case_id).where(_tasks.process == process, _tasks.state == TaskState.OPEN)
    rows = session.execute(
        select(_cases.id, _cases.code, _cases.name, _journal.at)
        .join(Entry, (_journal.case_id == _cases.id) & (_journal.seq == _cases.journal_seq))
        .where(
            _cases.jurisdiction == actor.jurisdiction,
            _cases.state.in_(_RUNNING),
            _cases.id.in_(here),
            _journal.type == CaseMigrated.name,
        )
        .order_by(_journal.at.desc(), _cases.id)
        .limit(MOST_AT_ONCE)
    )
    return tuple(Migrated(row.id, row.code, row.name, row.at) for row in rows)


def _in_order(session: Session) -> list[str]:
    order = [*Stage, *OtherDiagram]
    known = library_in_force(session).diagrams.process_ids
    return sorted(known, key=lambda each: (order.index(each) if each in order else len(order), each))


def _shelf(session: Session) -> Sequence[Any]:
    return session.execute(
        select(Definition.id, Definition.kept_at).where(Definition.kind == "diagrams").order_by(Definition.id)
    ).all()


def _standing(session: Session, actor: Actor) -> Sequence[Any]:
    """Per diagram and version: cases with an open task there, and the tasks."""
    return session.execute(
        select(
            _tasks.process, _cases.diagrams_id, func.count(_cases.id.distinct()).label("cases"),
            func.count().label("tasks"),
        )
        .join(Case, _cases.id == _tasks.case_id)
        .where(
            _tasks.jurisdiction == actor.jurisdiction, _tasks.state == TaskState.OPEN, _cases.state.in_(_RUNNING)
        )
        .group_by(_tasks.process, _cases.diagrams_id)
    ).all()  # fmt: skip


def _line(
    session: Session, process: str, shelf: Sequence[Any], standing: Sequence[Any], open_tasks: int
) -> ProcessLine:
    library = library_in_force(session)
    running = {row.diagrams_id: row.cases for row in standing if row.process == process}
    same: Mapping[bytes, list[Any]] = defaultdict(list)
    for row in shelf:
        diagrams = library.diagrams_version(session, row.id)
        if process in diagrams.process_ids:
            same[diagrams.drawing(process)].append(row)
    versions = tuple(_versions(session, process, same.values(), running))
    elsewhere = sum(cases for number, cases in running.items() if number != library.diagrams_id)
    return ProcessLine(process, versions[::-1], open_tasks, elsewhere)


def _versions(session: Session, process: str, same: Any, running: Mapping[int, int]) -> Iterator[DiagramVersion]:
    """Bundles with the same drawing of this diagram are one version of it."""
    library = library_in_force(session)
    before: Mapping[str, str] | None = None
    for number, rows in enumerate(same, start=1):
        steps = {step.element_id: step.name for step in library.diagrams_version(session, rows[0].id).steps(process)}
        added = [name for element, name in steps.items() if before is not None and element not in before]
        gone = [name for element, name in (before or {}).items() if element not in steps]
        yield DiagramVersion(
            number=number,
            kept_at=rows[0].kept_at,
            cases=sum(running.get(row.id, 0) for row in rows),
            in_force=any(row.id == library.diagrams_id for row in rows),
            steps_added=tuple(added),
            steps_gone=tuple(gone),
        )
        before = steps
