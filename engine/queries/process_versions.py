"""流程: the diagrams with their versions, how many cases run on each, and which could be put on today's."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from engine.stages import diagrams_of, library_in_force
from engine.stages.model import Definition
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import CaseState, OtherDiagram, Stage, TaskState

MOST_AT_ONCE = 200
_cases, _tasks, _journal = table_of(Case).c, table_of(Task).c, table_of(Entry).c
RUNNING = (CaseState.ACTIVE, CaseState.SUSPENDED)
"""How a case stands that is not over."""


class NoSuchProcess(NotFound):
    """There is no diagram of that name."""

    code = "process.not_found"


class NoSuchVersion(NotFound):
    """The diagram has no version of that number."""

    code = "process.version_not_found"

    @classmethod
    def of(cls, process: str, number: int) -> "NoSuchVersion":
        """The refusal of that number."""
        return cls("这个流程没有这一版。请从各版本中选择。", process=process, number=number)


@dataclass(frozen=True, slots=True)
class DiagramVersion:
    """One version of one diagram: its number from 1, since when it is kept, cases running on it, whether it is today's.

    `definitions` are the sets of diagrams in which it is drawn so, the oldest first.
    """

    number: int
    kept_at: datetime
    cases: int
    in_force: bool
    definitions: tuple[int, ...]


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

    def version(self, number: int) -> DiagramVersion:
        """The version of that number. Refuses one there is not."""
        for version in self.versions:
            if version.number == number:
                return version
        raise NoSuchVersion.of(self.process, number)

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
    shelf, standing = _shelf(session), _standing(session, actor)
    return tuple(_line(session, process, shelf, standing) for process in _in_order(session))


def process_line(session: Session, actor: Actor, process: str) -> ProcessLine:
    """One diagram. Refuses a name none has."""
    must_be_let_in("see_processes", actor)
    _must_be_drawn(session, process)
    return _line(session, process, _shelf(session), _standing(session, actor, process))


def definitions_by_version(session: Session, process: str) -> Mapping[int, tuple[int, ...]]:
    """Number of a version of a diagram → the sets of diagrams in which it is drawn so. Refuses a name none has."""
    _must_be_drawn(session, process)
    kept = _kept(session, process, _shelf(session))
    return {number: tuple(row.id for row in rows) for number, rows in enumerate(kept, start=1)}


def migration_prospects(session: Session, actor: Actor, process: str) -> tuple[Prospect, ...]:
    """迁移试运行: what would become of each case that has a task in this diagram and is not on today's versions.

    At most `MOST_AT_ONCE` of them, the oldest first. Nothing is changed. Refuses a name no diagram has.
    """
    must_be_let_in("migrate_case", actor)
    _must_be_drawn(session, process)
    library = library_in_force(session)
    here = select(_tasks.case_id).where(_tasks.process == process, _tasks.state == TaskState.OPEN)
    numbers = session.scalars(
        select(_cases.id)
        .where(
            _cases.jurisdiction == actor.jurisdiction,
            _cases.state.in_(RUNNING),
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
            _cases.state.in_(RUNNING),
            _cases.id.in_(here),
            _journal.type == CaseMigrated.name,
        )
        .order_by(_journal.at.desc(), _cases.id)
        .limit(MOST_AT_ONCE)
    )
    return tuple(Migrated(row.id, row.code, row.name, row.at) for row in rows)


def _must_be_drawn(session: Session, process: str) -> None:
    if process not in library_in_force(session).diagrams.process_ids:
        raise NoSuchProcess("没有这个流程。请从流程列表中选择。", process=process)


def _in_order(session: Session) -> list[str]:
    order = [*Stage, *OtherDiagram]
    known = library_in_force(session).diagrams.process_ids
    return sorted(known, key=lambda each: (order.index(each) if each in order else len(order), each))


def _shelf(session: Session) -> Sequence[Any]:
    return session.execute(
        select(Definition.id, Definition.kept_at).where(Definition.kind == "diagrams").order_by(Definition.id)
    ).all()


def _standing(session: Session, actor: Actor, process: str | None = None) -> Sequence[Any]:
    """Per diagram (or in the one named) and version: cases with an open task there, and the tasks."""
    here = [] if process is None else [_tasks.process == process]
    return session.execute(
        select(
            _tasks.process, _cases.diagrams_id, func.count(_cases.id.distinct()).label("cases"),
            func.count().label("tasks"),
        )
        .join(Case, _cases.id == _tasks.case_id)
        .where(
            _tasks.jurisdiction == actor.jurisdiction, _tasks.state == TaskState.OPEN, _cases.state.in_(RUNNING), *here
        )
        .group_by(_tasks.process, _cases.diagrams_id)
    ).all()  # fmt: skip


def _line(session: Session, process: str, shelf: Sequence[Any], standing: Sequence[Any]) -> ProcessLine:
    library = library_in_force(session)
    here = [row for row in standing if row.process == process]
    running = {row.diagrams_id: row.cases for row in here}
    versions = tuple(_versions(_kept(session, process, shelf), running, library.diagrams_id))
    elsewhere = sum(cases for number, cases in running.items() if number != library.diagrams_id)
    return ProcessLine(process, versions[::-1], sum(row.tasks for row in here), elsewhere)


def _kept(session: Session, process: str, shelf: Sequence[Any]) -> Collection[Sequence[Any]]:
    """The sets of diagrams by version of this one: those with the same drawing of it are one version."""
    same: Mapping[bytes, list[Any]] = defaultdict(list)
    for row in shelf:
        diagrams = diagrams_of(session, row.id)
        if process in diagrams.process_ids:
            same[diagrams.drawing(process)].append(row)
    return same.values()


def _versions(
    kept: Collection[Sequence[Any]], running: Mapping[int, int], today: int | None
) -> Iterator[DiagramVersion]:
    for number, rows in enumerate(kept, start=1):
        yield DiagramVersion(
            number=number,
            kept_at=rows[0].kept_at,
            cases=sum(running.get(row.id, 0) for row in rows),
            in_force=any(row.id == today for row in rows),
            definitions=tuple(row.id for row in rows),
        )
