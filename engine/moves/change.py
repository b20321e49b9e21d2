"""What one command brings about in one case, collected before anything is written: rows, changes, events, the case."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy import Update as Statement
from sqlalchemy.orm import Session

from engine.audit.events import Event
from engine.audit.events.tasks import TaskClosed, TaskOpened
from engine.cases import Case, CasePapers, ends_without_result
from engine.clock import day_of
from engine.directory import Actor
from engine.moves.facts import Decider
from engine.policies import Policy
from engine.stages import library_of
from engine.store import Base
from engine.store.base import table_of
from engine.submissions.forms.context import Proposal
from engine.words import CaseState, TaskState

_OVER = (CaseState.CLOSED.value, CaseState.CANCELLED.value)


@dataclass(frozen=True, eq=False, slots=True)
class Update:
    """One prepared change; `refusal` is what to say when it does not hit exactly the rows meant (None: it may miss)."""

    statement: Statement
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said with the step that is taken: why, and what the money is cut to, with each of its lines."""

    reason: str | None = None
    reduced_wan: Decimal | None = None
    lines: Mapping[int, Decimal] | None = None


@dataclass
class Change:
    """Everything `writing.write` will write of one case; until then it leaves no trace.

    `forms` are the case's as they will be, `waits` to be changed in place; `begins` says that the case itself is new;
    `days` are the new deadlines as the journal tells them; `messages` reach the diagram once the step is taken;
    `proposals` are the effects the form filled in here settles.
    """

    session: Session
    case: Case
    by: Actor | None
    at: datetime
    begins: bool = False
    policy: Policy = field(init=False)
    decide: Decider = field(init=False)
    state: bytes = field(init=False)
    stage: str | None = field(init=False)
    forms: CasePapers = field(init=False)
    waits: dict[str, Any] = field(init=False)
    new_tasks: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    closed_tasks: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    new_deadlines: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    closed_timers: list[bytes] = field(default_factory=list)
    rows: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)
    updates: dict[Update, list[dict[str, Any]]] = field(default_factory=dict)
    events: list[tuple[Event, str | None]] = field(default_factory=list)
    days: dict[UUID, Event] = field(default_factory=dict)
    case_values: dict[str, Any] = field(default_factory=dict)
    messages: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    said: Said = Said()
    proposals: tuple[Proposal, ...] = ()

    def __post_init__(self) -> None:
        if self.by is not None:
            self.by.must_be_of(self.case.jurisdiction)
        self.policy = library_of(self.session).policy_version(self.session, self.case.policy_id)
        self.decide = Decider(self.case, self.policy, day_of(self.at), self.session)
        self.state, self.stage = self.case.process_state, self.case.stage
        self.forms, self.waits = self.case.forms, dict(self.case.waits)

    @contextmanager
    def as_of(self, instant: datetime) -> Iterator[None]:
        """Within, what happens counts from this instant, however late it is; the journal says when it was written."""
        now, self.at = self.at, instant
        self.decide.on = day_of(instant)
        try:
            yield
        finally:
            self.at = now
            self.decide.on = day_of(now)

    def add(self, entity: type[Base], **values: Any) -> dict[str, Any]:
        """Collect a row of this case for the entity's table."""
        row = {"jurisdiction": self.case.jurisdiction, "case_id": self.case.id, **values}
        self.rows.setdefault(table_of(entity), []).append(row)
        return row

    def latest(self, entity: type[Base]) -> dict[str, Any]:
        """The row of that entity collected last."""
        return self.rows[table_of(entity)][-1]

    def ask(self, update: Update, **values: Any) -> None:
        """Collect a change of rows that are there; the functions of `updates` say which."""
        self.updates.setdefault(update, []).append(values)

    @property
    def amount_wan(self) -> Decimal:
        """The amount of the case as it will be."""
        amount: Decimal = self.case_values.get("amount_wan", self.case.amount_wan)
        return amount

    @property
    def settled_wan(self) -> Decimal | None:
        """What was found right, as it will be."""
        amount: Decimal | None = self.case_values.get("settled_wan", self.case.settled_wan)
        return amount

    @property
    def ends(self) -> bool:
        """Whether the case is over with this move."""
        return self.case_values.get("state") in _OVER

    def record(self, event: Event) -> None:
        """Collect an event for the journal, with the stage in which the case stands now."""
        self.events.append((event, self.stage))

    def told(self) -> list[tuple[Event, str | None]]:
        """What happened, and after it what was taken back, what waits from now on, and by which days."""
        closed = (task for task, row in self.closed_tasks.items() if row["state"] == TaskState.CLOSED)
        now: list[Event] = [TaskClosed(task=task) for task in closed]
        now += [_opened(row) for row in self.new_tasks.values()]
        now += [day for deadline, day in self.days.items() if deadline in self.new_deadlines]
        return [*self.events, *((event, self.stage) for event in now)]

    def end(self, state: CaseState, event: Event) -> None:
        """Close or cancel the case; what it leaves behind is packed when the move is written."""
        without = ends_without_result(state, self.case.process, self.forms)
        self.case_values |= {"state": state, "closed_at": self.at, "stage": self.stage, "without_result": without}
        self.record(event)


def _opened(task: Mapping[str, Any]) -> TaskOpened:
    return TaskOpened(
        task=task["id"],
        step=f"{task['process']}.{task['element']}",
        role=task["role"],
        unit=task["unit_id"],
        round=task["round"],
        due_on=task["due_on"],
        item=task["item"],
    )
