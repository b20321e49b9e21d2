"""The deadline as a row: the truth about when something is due, what reminds of it and what follows."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.deadlines.problems import RECTIFY
from engine.store import Base, Row
from engine.store.base import same_tenant
from engine.words import Consequence, DeadlineState, EditionState, ExtensionState, RequestKind

NOT_OVER = "state NOT IN ('met', 'fired', 'dropped')"
"""The rows a case still has to keep, word for word as the index of the case has it.

“Not over” instead of “pending”: after a bulk launch the index of all pending rows looks empty to the planner until the
next ANALYZE, and with that word it would read ten thousand rows for one case.
"""


OVER = "state IN ('met', 'fired', 'dropped')"
"""The others, word for word as the index of what a case had to keep has it."""


TO_REMIND = "state IN ('pending', 'fired') AND remind_at IS NOT NULL"
"""Those somebody will be reminded of, before their day or after it."""


WAITS_FOR_A_YEAR = "state IN ('pending', 'fired') AND awaits_year IS NOT NULL"
"""Those that have no day yet, or not all their reminder days, because nobody confirmed a year.

Of those that have passed only the ones whose work is still open want them (`waits_for_a_year`).
"""


class Deadline(Base):
    """One date one task or process timer has to keep; `due_at` is the first instant that is late.

    `remind_at` is the instant at which its next reminder day begins, None when no reminder is to come. `row_id` is the
    row of the deadline table it rests on (None where a person gave the day), `calendar` the version of the working
    calendar it was counted with, `laid_down_on` its first day, before any move; those of earlier releases say neither.

    One without a day (`due_on` None) waits until the days of `awaits_year` are confirmed; it is then counted over
    `working_days`, or is `laid_down_on` by the rule of its row. Whether a timer takes its task away is `interrupting`;
    one without `consequence` leaves what follows to the diagram. `rectification_id` is the problem it is of.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        *same_tenant(case_id="cases", rectification_id="rectifications"),
        CheckConstraint("due_on IS NOT NULL OR awaits_year IS NOT NULL", name="dated_or_waiting"),
        CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name="day_and_instant"),
        Index("ix_deadlines_due", "due_at", postgresql_where=text("state = 'pending'")),
        Index("ix_deadlines_remind", "remind_at", postgresql_where=text(TO_REMIND)),
        Index("ix_deadlines_board", "jurisdiction", "due_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_deadlines_case", "case_id", postgresql_where=text(NOT_OVER)),
        Index("ix_deadlines_past", "case_id", postgresql_where=text(OVER)),
        Index("ix_deadlines_awaits_year", "jurisdiction", "awaits_year", postgresql_where=text(WAITS_FOR_A_YEAR)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    case_id: Mapped[int]
    task_id: Mapped[UUID | None]
    timer: Mapped[bytes | None] = mapped_column(LargeBinary)
    name: Mapped[str]
    started_on: Mapped[date]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    plan: Mapped[dict[str, Any]]
    consequence: Mapped[Consequence | None]
    state: Mapped[DeadlineState] = mapped_column(default=DeadlineState.PENDING)
    closed_at: Mapped[datetime | None]
    row_id: Mapped[str | None]
    calendar: Mapped[str | None]
    laid_down_on: Mapped[date | None]
    working_days: Mapped[int | None] = mapped_column(SmallInteger)
    awaits_year: Mapped[int | None] = mapped_column(SmallInteger)
    interrupting: Mapped[bool | None]
    rectification_id: Mapped[int | None]

    @property
    def on_ledger(self) -> int | None:
        """The problem whose day in the ledger it is; None for the other days of a problem and of everything else."""
        return self.rectification_id if self.name == RECTIFY else None

    @property
    def stands_alone(self) -> bool:
        """Whether it is the day of a problem no task or timer waits for: it goes on when its case is over."""
        return self.rectification_id is not None and self.task_id is None and self.timer is None

    @property
    def day(self) -> date:
        """Its day, of one that has one; every deadline that has passed has."""
        assert self.due_on is not None
        return self.due_on


class ExtensionRequest(Row, Base):
    """申请延期、申请补报: a unit asks for a later day, `wanted_on`, and says why; finance grants or declines it.

    The deadline of a 补报 is the one that took the task away; `opened_task_id` is what a granted one opened instead.
    """

    __tablename__ = "extension_requests"
    __table_args__ = (
        *same_tenant(case_id="cases", asked_by="people", answered_by="people"),
        Index("ix_extension_requests_case_id", "case_id"),
        Index(
            "uq_extension_requests_waiting",
            "jurisdiction",
            "deadline_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
    )

    case_id: Mapped[int]
    kind: Mapped[RequestKind] = mapped_column(default=RequestKind.EXTENSION)
    deadline_id: Mapped[UUID]
    due_on: Mapped[date]
    wanted_on: Mapped[date]
    reason: Mapped[str]
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    state: Mapped[ExtensionState] = mapped_column(default=ExtensionState.ASKED)
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    opened_task_id: Mapped[UUID | None]


class CalendarRecord(Base):
    """One year's holidays as they came with the program, for all jurisdictions; only a confirmed year counts."""

    __tablename__ = "calendars"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    confirmed: Mapped[bool]
    content: Mapped[dict[str, Any]]


class CalendarVersion(Base):
    """The working calendar of a jurisdiction as it once was in force, with all its years, confirmed or not.

    Written when it comes into force and never changed, so that a day can be told with what it was counted with.
    """

    __tablename__ = "calendar_versions"

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[list[Any]]


class CalendarEdition(Row, Base):
    """One writing of a year's days by a jurisdiction: a draft, until somebody else confirms it.

    Of a year at most one is a draft and one is confirmed; that one holds here instead of what came with the program.
    `content` is what `CalendarYear.parse` takes, without `confirmed`.
    """

    __tablename__ = "calendar_editions"
    __table_args__ = (
        *same_tenant(drafted_by="people", confirmed_by="people"),
        CheckConstraint("drafted_by <> confirmed_by", name="two_people"),
        *(
            Index(
                f"uq_calendar_editions_{state}",
                "jurisdiction",
                "year",
                unique=True,
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("draft", "confirmed")
        ),
    )

    year: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[dict[str, Any]]
    state: Mapped[EditionState] = mapped_column(default=EditionState.DRAFT)
    drafted_by: Mapped[int]
    drafted_at: Mapped[datetime]
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]
