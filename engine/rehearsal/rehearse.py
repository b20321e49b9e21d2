"""年度演练 from start to end: the objects of the files go through the year in an empty database, then are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.verify import Verification, verify
from engine.clock import shanghai
from engine.deadlines import UnconfirmedYear, WorkingCalendar
from engine.errors import InvalidInput, WrongState
from engine.policies import Policy
from engine.rehearsal.elsewhere import Elsewhere
from engine.rehearsal.ground import Ground
from engine.rehearsal.histories import histories
from engine.rehearsal.inputs import Department, ProjectLine, Published
from engine.rehearsal.motions import Finance
from engine.rehearsal.people import settle
from engine.rehearsal.plan import Motion, motions
from engine.rehearsal.report import report
from engine.rehearsal.subjects import Subject, subjects_of
from engine.rehearsal.year import YEARS_AFTER, Progress, Year, count_rows
from engine.store import Database


class NothingToRehearse(InvalidInput):
    """Neither departments nor projects were handed in."""

    code = "rehearsal.nothing"


class YearNotCovered(WrongState):
    """The rehearsed days would fall into a year whose working days nobody has confirmed."""

    code = "rehearsal.year_not_covered"


class JournalBroken(WrongState):
    """The journal of the rehearsal does not hold; its figures are worth nothing."""

    code = "rehearsal.journal_broken"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the files say."""

    departments: Sequence[Department] = ()
    projects: Sequence[ProjectLine] = ()
    published: Sequence[Published] = ()

    @property
    def objects(self) -> int:
        """How many departments and projects there are."""
        return len(self.departments) + len({line.no for line in self.projects})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rehearsal found: the figures as JSON, and the history of every case."""

    result: dict[str, Any]
    histories: list[dict[str, Any]]


def must_be_possible(inputs: Inputs, fiscal_year: int, calendar: WorkingCalendar) -> None:
    """Refuse, before anything starts, a rehearsal without objects or outside the confirmed calendar."""
    if not inputs.departments and not inputs.projects:
        raise NothingToRehearse("没有可演练的对象。请用 --departments 或 --projects 至少给出一份文件。")
    must_be_covered(motions(fiscal_year), fiscal_year, calendar)


def must_be_covered(planned: Sequence[Motion], fiscal_year: int, calendar: WorkingCalendar) -> None:
    """Refuse a fiscal year whose days of work are not all confirmed."""
    needed = range(min(planned).on.year, max(planned).on.year + YEARS_AFTER + 1)
    missing = [year for year in needed if not _is_confirmed(calendar, year)]
    if missing:
        listed = "、".join(str(year) for year in missing)
        raise YearNotCovered(
            f"{fiscal_year} 年度的演练要用到 {needed[0]} 至 {needed[-1]} 年的工作日历，其中 {listed} 年的放假安排还没有"
            "确认，没有开始。请换一个年度，或先维护并确认工作日历。",
            year=fiscal_year,
            unconfirmed=missing,
        )


def _is_confirmed(calendar: WorkingCalendar, year: int) -> bool:
    try:
        calendar.day(shanghai(year, 1, 1).date())
    except UnconfirmedYear:
        return False
    return True


def rehearse(
    database: Database,
    policy: Policy,
    fiscal_year: int,
    inputs: Inputs,
    seed: int,
    progress: Progress = lambda day, done, total: None,
    others: Sequence[Elsewhere] = (),
) -> Outcome:
    """Let every object of the inputs live through its year in this empty database; then count what came of it.

    Every step is a command, every figure of the result is read back from what the commands wrote. The processes of
    `others` take their share of the work; the result is the same with any number of them.
    """
    subjects = subjects_of(inputs.departments, inputs.projects, fiscal_year, seed)
    year = prepared(database, policy, subjects, motions(fiscal_year), seed, others)
    year.run(progress=progress)
    count_rows(database)
    with year.ground.transaction() as session:
        journal = _sound_journal(session, policy.name)
        result = report(
            session, policy, fiscal_year, seed, subjects, inputs.published, journal, year.ground.town.office
        )
        return Outcome(result, list(histories(session, policy.name, fiscal_year)))


def prepared(
    database: Database,
    policy: Policy,
    subjects: Sequence[Subject],
    planned: Sequence[Motion],
    seed: int,
    others: Sequence[Elsewhere] = (),
) -> Year:
    """A year with everybody in their offices on the evening before it begins."""
    with database.transaction(policy.name) as session:
        town = settle(session, policy.name, subjects)
    ground = Ground(database, town, seed)
    return Year(ground, Finance(ground, list(subjects), list(planned), _reviews_collectively(policy)), others)


def _reviews_collectively(policy: Policy) -> bool:
    """Whether third parties review targets or monitoring together (HC-05): then one must be at hand from the start."""
    asked = [
        policy.decide(decision, {"object_kind": kind})
        for decision in ("target_review_route", "monitoring_review_route")
        for kind in ("project", "whole_department")
    ]
    return any(not answer.undefined and answer.outputs["collective"] for answer in asked)


def _sound_journal(session: Session, jurisdiction: str) -> Verification:
    checked = verify(session, jurisdiction)
    if not checked.holds:
        first = checked.breaks[0]
        raise JournalBroken(
            f"演练的审计链校验没有通过（案卷{first.case_id}：{first.message}），结果不可信，没有写出。请联系运维人员。",
            breaks=len(checked.breaks),
        )
    return checked
