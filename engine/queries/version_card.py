"""One version of a diagram: its steps, its drawing, what differs from the version before, and the cases on it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.moves.permissions import must_be_let_in
from engine.process import Difference, OutlineStep, differences
from engine.queries import cursor
from engine.queries.process_versions import (
    RUNNING,
    DiagramVersion,
    NoSuchVersion,
    ProcessLine,
    definitions_by_version,
    process_line,
)
from engine.queries.scope import visible_case, visible_to
from engine.stages import diagrams_of, step_name
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import CaseState, TaskState

NAME = "cases_of_version"
_cases, _tasks = table_of(Case).c, table_of(Task).c


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version of the diagram `line` tells of.

    By number of every version: `changes` are its differences from the one before, None for the first, `closed` the
    cases that came to their end on it.
    """

    line: ProcessLine
    version: DiagramVersion
    steps: tuple[OutlineStep, ...]
    changes: Mapping[int, tuple[Difference, ...] | None]
    closed: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class CaseOnVersion:
    """A case with open tasks in the diagram: which steps, and the next day of them."""

    case_id: int
    code: str
    name: str
    unit: str
    state: CaseState
    steps: tuple[str, ...]
    due_on: date | None


def version_card(session: Session, actor: Actor, process: str, number: int) -> VersionCard:
    """One version of one diagram. Refuses a name none has, and a number it has not."""
    line = process_line(session, actor, process)
    version = line.version(number)
    drawings = {each.number: _drawing(session, process, each) for each in line.versions}
    changes = {
        each: differences(drawings[each - 1], drawing, process) if each > 1 else None
        for each, drawing in drawings.items()
    }
    steps = diagrams_of(session, version.definitions[0]).steps(process)
    return VersionCard(line, version, steps, changes, _closed(session, actor, line))


def version_drawing(session: Session, actor: Actor, process: str, number: int) -> bytes:
    """The drawing of that version, as BPMN XML."""
    must_be_let_in("see_processes", actor)
    definitions = definitions_by_version(session, process)
    if number not in definitions:
        raise NoSuchVersion.of(process, number)
    return diagrams_of(session, definitions[number][0]).drawing(process)


def cases_on_version(
    session: Session, actor: Actor, card: VersionCard, *, limit: int = 50, after: str | None = None
) -> cursor.Page[CaseOnVersion]:
    """The cases the actor may see that are at work in this diagram on this version, the latest opened first.

    Who may see no cases is refused; how many there are stands on the version.
    """
    must_be_let_in("see_processes", actor)
    must_be_let_in("see_cases", actor)
    process, version = card.line.process, card.version
    here = select(_tasks.case_id).where(
        _tasks.jurisdiction == actor.jurisdiction, _tasks.process == process, _tasks.state == TaskState.OPEN
    )
    found = (
        select(_cases.id, _cases.code, _cases.name, Unit.name.label("unit"), _cases.state, _cases.diagrams_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .where(
            visible_to(actor),
            _cases.state.in_(RUNNING),
            _cases.diagrams_id.in_(version.definitions),
            _cases.id.in_(here),
        )
    )
    page = cursor.turn(
        session, found, (_cases.id,), lambda row: row, name=NAME, filters=(process, version.number), limit=limit,
        after=after,
    )  # fmt: skip
    tasks = _open_tasks(session, process, [row.id for row in page.lines])
    return cursor.Page(tuple(_case(session, process, row, tasks.get(row.id, ())) for row in page.lines), page.next)


def version_walked(session: Session, actor: Actor, case_id: int, process: str) -> int:
    """The number of the version of a diagram on which a case the actor may see is."""
    must_be_let_in("see_processes", actor)
    diagrams_id = visible_case(session, actor, case_id).diagrams_id
    versions = definitions_by_version(session, process)
    return next(number for number, definitions in versions.items() if diagrams_id in definitions)


def _drawing(session: Session, process: str, version: DiagramVersion) -> bytes:
    return diagrams_of(session, version.definitions[0]).drawing(process)


def _closed(session: Session, actor: Actor, line: ProcessLine) -> Mapping[int, int]:
    """Per version: the cases of the actor's jurisdiction that came to their end on it."""
    rows = session.execute(
        select(_cases.diagrams_id, func.count().label("cases"))
        .where(_cases.jurisdiction == actor.jurisdiction, _cases.state == CaseState.CLOSED)
        .group_by(_cases.diagrams_id)
    )
    closed = {row.diagrams_id: row.cases for row in rows}
    return {each.number: sum(closed.get(number, 0) for number in each.definitions) for each in line.versions}


def _open_tasks(session: Session, process: str, case_ids: list[int]) -> Mapping[int, list[Any]]:
    rows = session.execute(
        select(_tasks.case_id, _tasks.element, _tasks.due_on)
        .where(_tasks.case_id.in_(case_ids), _tasks.process == process, _tasks.state == TaskState.OPEN)
        .order_by(_tasks.opened_at, _tasks.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _case(session: Session, process: str, row: Any, tasks: Sequence[Any]) -> CaseOnVersion:
    days = [task.due_on for task in tasks if task.due_on is not None]
    steps = (step_name(session, row.diagrams_id, process, task.element) for task in tasks)
    return CaseOnVersion(
        case_id=row.id,
        code=row.code,
        name=row.name,
        unit=row.unit,
        state=row.state,
        steps=tuple(dict.fromkeys(steps)),
        due_on=min(days, default=None),
    )
