"""The run of a job as a row."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base
from engine.words import Job


class JobRun(Base):
    """The last run of a job for a jurisdiction.

    `slot` is the instant it was planned for; `missed` how many before that nobody ran it for. Not ended: `worker` is at
    it, and was last heard of `alive_at`, or died. `done` counts what it did, `fault` says why it did not end well.
    """

    __tablename__ = "job_runs"

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    job: Mapped[Job] = mapped_column(primary_key=True)
    slot: Mapped[datetime]
    worker: Mapped[str]
    started_at: Mapped[datetime]
    alive_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    done: Mapped[int | None]
    fault: Mapped[str | None]
    missed: Mapped[int] = mapped_column(default=0)
