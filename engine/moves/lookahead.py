"""What comes near and somebody has to see to: years without holidays, policies that end, results to be made public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, literal_column, or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.cases import TO_PUBLISH, Case
from engine.clock import day_of, start_of_day
from engine.deadlines.model import CalendarEdition, Deadline
from engine.deadlines.reminding import waits_for_a_year
from engine.directory import Unit
from engine.moves.due import calendar_of
from engine.moves.publishing import documents, last_told, published_in
from engine.stages import library_in_force
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import (
    CaseKind,
    CaseState,
    DeadlineState,
    DocumentKind,
    EditionState,
    PublicationStep,
    TaskState,
)

CONFIRMED_BY = (12, 1)
"""Month and day by which the holidays of the next year are to be confirmed; a default, the notice comes in autumn."""

TOLD_FOR = timedelta(days=365)
"""So long after its end a policy nobody evaluated is still told of; a budget year later there is nothing to decide."""

EX_ANTE, ENDS_ON = "F01", "end_on"
"""The paper that says how long a policy is to run, and its cell."""

TARGETS = ("F02", "F04")
"""The forms of a target."""

PUBLISHING = "publish_result"
"""The step of the diagram that makes a result public or withholds it."""

_cases, _days, _tasks = table_of(Case).c, table_of(Deadline).c, table_of(Task).c


@dataclass(frozen=True, slots=True)
class YearToConfirm:
    """A year whose holidays ought to be confirmed by now; `waiting` deadlines wait for it, `drafted`: one has begun."""

    year: int
    waiting: int
    drafted: bool


@dataclass(frozen=True, slots=True)
class EndingPolicy:
    """A policy that ends soon, or has ended, and nobody began to evaluate; by its own ex-ante report."""

    case_id: int
    code: str
    name: str
    unit: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class NearPublication:
    """A result, or its target of that `kind`, that is to be made public: its day is near by the tables, or over."""

    case_id: int
    name: str
    unit: str
    due_on: date
    kind: DocumentKind | None = None


def years_to_confirm(session: Session, jurisdiction: str, on: date) -> tuple[YearToConfirm, ...]:
    """This year, the next from `CONFIRMED_BY` on, and every year some deadline waits for, as far as not confirmed."""
    confirmed = {year.year for year in calendar_of(session).years if year.confirmed}
    waiting = _waiting(session, jurisdiction)
    wanted = {on.year, *waiting} | ({on.year + 1} if on >= date(on.year, *CONFIRMED_BY) else set())
    missing = sorted(wanted - confirmed)
    if not missing:
        return ()
    drafts = session.scalars(
        select(CalendarEdition.year).where(
            CalendarEdition.jurisdiction == jurisdiction, CalendarEdition.state == EditionState.DRAFT
        )
    ).all()
    return tuple(YearToConfirm(year, waiting.get(year, 0), year in drafts) for year in missing)


def _waiting(session: Session, jurisdiction: str) -> Mapping[int, int]:
    rows = session.execute(
        select(_days.awaits_year, func.count())
        .where(_days.jurisdiction == jurisdiction, *waits_for_a_year())
        .group_by(_days.awaits_year)
    )
    return {row[0]: row[1] for row in rows}


def policies_ending(session: Session, jurisdiction: str, on: date) -> tuple[EndingPolicy, ...]:
    """Policies whose first notice (HC-19, by the jurisdiction's deadline table) is due, without a case of their end."""
    days = _notice_days(session, jurisdiction, on)
    if days is None:
        return ()
    began = aliased(Case)
    same = or_(began.code == Case.code, and_(began.unit_id == Case.unit_id, began.name == Case.name))
    begun = select(began.id).where(
        began.jurisdiction == jurisdiction, began.object_kind == CaseKind.POLICY, same,
        began.facts.has_key("policy_ends_on"), ~began.without_result,
    )  # fmt: skip
    rows = session.execute(
        select(_cases.id, _cases.code, _cases.name, Unit.name.label("unit"))
        .join(Unit, Unit.id == _cases.unit_id)
        .where(
            _cases.jurisdiction == jurisdiction, _cases.object_kind == CaseKind.POLICY,
            ~_cases.facts.has_key("policy_ends_on"), ~begun.exists(),
        )
    ).all()  # fmt: skip
    ends = _ends(session, [row.id for row in rows])
    near = (EndingPolicy(row.id, row.code, row.name, row.unit, ends[row.id]) for row in rows if row.id in ends)
    told = [each for each in near if on - TOLD_FOR <= each.ends_on <= on + timedelta(days=days)]
    return tuple(sorted(told, key=lambda each: (each.ends_on, each.case_id)))


def _notice_days(session: Session, jurisdiction: str, on: date) -> int | None:
    """How many days before its end a policy is first called up."""
    library = library_in_force(session)
    policy = library.policy_version(session, library.policy_ids[jurisdiction])
    row = policy.decide("deadline", {"stage": "policy_expiry", "step": "notice_180"}, on=on)
    before_end = None if row.undefined else row.outputs.get("days_before_end")
    return None if before_end is None else int(before_end)


def _ends(session: Session, case_ids: Sequence[int]) -> dict[int, date]:
    """When the policies of these cases end, by the latest version of their ex-ante reports."""
    if not case_ids:
        return {}
    paper = all_of(Submission)
    rows = session.execute(
        select(paper.case_id, paper.content[ENDS_ON].astext)
        .where(paper.case_id.in_(case_ids), paper.form == EX_ANTE)
        .order_by(paper.case_id, paper.version)
    )
    return {row[0]: date.fromisoformat(row[1]) for row in rows if row[1]}


def publications_near(session: Session, jurisdiction: str, on: date) -> tuple[NearPublication, ...]:
    """Results (JH-17) whose step of publication has its first reminder day or its day behind it, the earliest first."""
    reminded = _days.plan["reminders"][0].astext <= on.isoformat()
    running = (_days.state == DeadlineState.PENDING) & or_(_days.due_on <= on, reminded)
    rows = session.execute(
        select(_cases.id, _cases.name, Unit.name, _days.due_on)
        .select_from(Task)
        .join(Case, _cases.id == _tasks.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(Deadline, _days.task_id == _tasks.id)
        .where(
            _tasks.jurisdiction == jurisdiction, _tasks.state == TaskState.OPEN, _tasks.element == PUBLISHING,
            _cases.state == CaseState.ACTIVE, _days.due_on.is_not(None),
            or_(_days.state == DeadlineState.FIRED, running),
        )
        .order_by(_days.due_on, _cases.id)
    )  # fmt: skip
    return tuple(NearPublication(*row) for row in rows)


def targets_near(session: Session, jurisdiction: str, on: date) -> tuple[NearPublication, ...]:
    """Targets of running cases that go out with the budget (CH-19, GZ-19) and are near their day or past it.

    Nobody has put on record what became of them; a year after its day a target is told no more.
    """
    library = library_in_force(session)
    policy = library.policy_version(session, library.policy_ids[jurisdiction])
    period = policy.decide("publication_period", {"way": PublicationStep.WITH_BUDGET}, on=on)
    kinds = [kind for kind, steps in published_in(policy, on).items() if PublicationStep.WITH_BUDGET in steps]
    if period.undefined or not kinds:
        return ()
    days, ahead = timedelta(days=int(period.outputs["days"])), timedelta(days=int(period.outputs["remind_before"]))
    of = documents(kinds)
    last, paper = last_told(of), table_of(Submission).c
    approved = func.min(paper.frozen_at)
    rows = session.execute(
        select(_cases.id, _cases.name, Unit.name, of.c.kind, approved)
        .select_from(Case)
        .join(of, true())
        .join(Unit, Unit.id == _cases.unit_id)
        .join(Submission, paper.case_id == _cases.id)
        .outerjoin(last, true())
        .where(
            _cases.jurisdiction == jurisdiction, _cases.state == CaseState.ACTIVE, literal_column(TO_PUBLISH),
            of.c.kind.in_(kinds),
            paper.form.in_(TARGETS), paper.frozen_at.is_not(None),
            last.c.published_on.is_(None), last.c.withheld_reason.is_(None),
        )
        .group_by(_cases.id, _cases.name, Unit.name, of.c.kind)
        .having(approved < start_of_day(on - days + ahead + timedelta(days=1)))
        .having(approved >= start_of_day(on - days - TOLD_FOR))
        .order_by(approved, _cases.id)
    )  # fmt: skip
    return tuple(NearPublication(row[0], row[1], row[2], day_of(row[4]) + days, DocumentKind(row[3])) for row in rows)
