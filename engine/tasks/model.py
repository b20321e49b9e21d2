"""The task and its draft."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.directory import Actor, NotYourUnit
from engine.errors import NotAllowed, NotFound, WrongState
from engine.store import Base, Row
from engine.store.base import MONEY, same_tenant
from engine.words import OutcomeWord, Role, TaskState

DOUBTFUL, CLEAR = 0, 1
"""The ranks of a task whose paper should be looked at twice, and of any other that judges; the rest have none."""


class TaskNotFound(NotFound):
    """No such task in this jurisdiction."""

    code = "task.not_found"


class TaskNotOpen(WrongState):
    """The task was completed, or the diagram took it away."""

    code = "task.not_open"


class NotYourTask(NotAllowed):
    """Somebody else holds the task."""

    code = "task.held_by_another"


class Task(Base):
    """One step for one office; `holder_id` is who claimed it, None while it lies in the office's pool.

    `amount_wan` is the case's amount while the task is open, `paper_id` the version it judges, or the one it mends
    because it was sent back; only what judges has a `doubt_rank`. The ranks are what a list is ordered by, the most
    pressing first: a task without a due day comes last, more money comes first, of what is to be judged the doubtful
    before the rest. They are whole numbers and days because under row-level security PostgreSQL compares only such
    types inside an index.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        *same_tenant(case_id="cases", unit_id="units", holder_id="people", completed_by="people", acting_for="people"),
        UniqueConstraint("id", "jurisdiction"),
        Index(
            "ix_tasks_desk",
            "unit_id",
            "role",
            "holder_id",
            "due_rank",
            "money_rank",
            "id",
            postgresql_where=text("state = 'open'"),
            postgresql_include=["jurisdiction"],
        ),
        Index(
            "ix_tasks_doubtful",
            "unit_id",
            "role",
            "holder_id",
            "doubt_rank",
            "due_rank",
            "money_rank",
            "id",
            postgresql_where=text("state = 'open' AND doubt_rank IS NOT NULL"),
            postgresql_include=["jurisdiction"],
        ),
        Index(
            "ix_tasks_unit",
            "unit_id",
            "due_rank",
            "money_rank",
            "id",
            postgresql_where=text("state = 'open'"),
            postgresql_include=["jurisdiction", "holder_id", "case_id"],
        ),
        Index(
            "ix_tasks_newest",
            "unit_id",
            "role",
            "holder_id",
            "opened_at",
            "id",
            postgresql_where=text("state = 'open'"),
            postgresql_include=["jurisdiction"],
        ),
        Index("ix_tasks_done", "completed_by", "completed_at", "id", postgresql_where=text("completed_by IS NOT NULL")),
        Index("ix_tasks_done_for", "acting_for", "completed_at", "id", postgresql_where=text("acting_for IS NOT NULL")),
        Index("ix_tasks_due", "jurisdiction", "due_on", "id", postgresql_where=text("state = 'open'")),
        Index("ix_tasks_case", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    case_id: Mapped[int]
    process: Mapped[str]
    element: Mapped[str]
    item: Mapped[str | None]
    role: Mapped[Role]
    unit_id: Mapped[int]
    holder_id: Mapped[int | None]
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    round: Mapped[int] = mapped_column(SmallInteger, default=1)
    opened_at: Mapped[datetime]
    due_on: Mapped[date | None]
    amount_wan: Mapped[Decimal] = mapped_column(MONEY, server_default="0")
    paper_id: Mapped[UUID | None]
    doubt_rank: Mapped[int | None] = mapped_column(SmallInteger)
    due_rank: Mapped[date] = mapped_column(Computed("COALESCE(due_on, '9999-12-31'::date)", persisted=True))
    money_rank: Mapped[int] = mapped_column(
        Computed("(- (LEAST(amount_wan, 9000000000000::numeric) * 1000000::numeric))::bigint", persisted=True)
    )
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[int | None]
    acting_for: Mapped[int | None]
    outcome: Mapped[OutcomeWord | None]

    @property
    def step(self) -> str:
        """process.element, as events and diagrams name it."""
        return f"{self.process}.{self.element}"

    @property
    def mends(self) -> bool:
        """Whether it is to mend a paper that was sent back."""
        return self.paper_id is not None and self.doubt_rank is None

    def must_be_open(self) -> None:
        """Refuse a task that is over."""
        if self.state == TaskState.COMPLETED:
            raise TaskNotOpen(
                "这件任务已经办结，不能重复办理；您填写的内容没有报送。如需修改，请先申请撤回。", task_id=str(self.id)
            )
        if self.state != TaskState.OPEN:
            raise TaskNotOpen("这件任务已随流程变化收回，不需要再办理。请刷新待办。", task_id=str(self.id))

    def must_lie_in_unit_of(self, by: Actor) -> None:
        """Refuse an actor of another unit."""
        if by.unit_id != self.unit_id:
            raise NotYourUnit("这件任务由其他单位办理，您不能办理。请从自己的待办列表打开。", task_id=str(self.id))

    def must_lie_with(self, by: Actor) -> None:
        """Refuse an actor of another unit or office."""
        self.must_lie_in_unit_of(by)
        by.must_hold(self.role)

    def must_be_for(self, by: Actor, *, held: bool = True) -> None:
        """Refuse an actor of another unit or office, and one who finds the task in somebody else's hands.

        `held` False: who once took it has left the office, so it lies in the pool again.
        """
        self.must_lie_with(by)
        if held and self.holder_id is not None and not by.is_or_stands_for(self.holder_id):
            raise NotYourTask("这件任务已由同事签收，正在办理。如需接手，请在任务页请求接手。", task_id=str(self.id))


class Draft(Base):
    """What somebody has typed into a task so far; never lost, never counted."""

    __tablename__ = "drafts"
    __table_args__ = (*same_tenant(task_id="tasks", saved_by="people"),)

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    version: Mapped[int] = mapped_column(SmallInteger, default=1)
    content: Mapped[dict[str, Any]]
    saved_by: Mapped[int]
    saved_at: Mapped[datetime]


class Reminder(Row, Base):
    """催办: once somebody was asked to do a task; `number` counts those of the task.

    `person_id` held the task then, None: it lay in the pool of `unit_id`. `to_head`: the head of the unit was told too.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        *same_tenant(case_id="cases", unit_id="units", person_id="people", reminded_by="people"),
        UniqueConstraint("task_id", "number"),
        Index("ix_reminders_unit", "unit_id", "id"),
    )

    case_id: Mapped[int]
    task_id: Mapped[UUID]
    unit_id: Mapped[int]
    number: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[int | None]
    to_head: Mapped[bool]
    text: Mapped[str]
    reminded_by: Mapped[int]
    reminded_at: Mapped[datetime]


class TakeoverRequest(Row, Base):
    """请求接手: `asked_by` would like the task that `holder_id` had in hand then.

    It waits until `over_at`: the holder declined it (`declined_by`, with an `answer`), or the task went into other
    hands. A task that is done or lies in the pool again leaves nothing to ask for, whatever stands here.
    """

    __tablename__ = "takeover_requests"
    __table_args__ = (
        *same_tenant(case_id="cases", holder_id="people", asked_by="people", declined_by="people"),
        Index("ix_takeover_requests_task", "task_id"),
        Index(
            "uq_takeover_requests_waiting",
            "jurisdiction",
            "task_id",
            "asked_by",
            unique=True,
            postgresql_where=text("over_at IS NULL"),
        ),
    )

    case_id: Mapped[int]
    task_id: Mapped[UUID]
    holder_id: Mapped[int]
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    reason: Mapped[str]
    over_at: Mapped[datetime | None]
    declined_by: Mapped[int | None]
    answer: Mapped[str | None]
