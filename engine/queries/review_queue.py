"""审核队列: versions that wait for an office's judgement, with what changed since it last looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, bindparam, func, null, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from engine.cases import Case, CasePaper, CasePapers
from engine.clock import day_of
from engine.directory import Actor
from engine.process import StepKind
from engine.queries import cursor
from engine.queries.desks import Shape, WorkFilters, along_the_index, bound, of_moving_case, on_desks, shape_of, tasks
from engine.queries.doubts import Doubt, InQuestion, doubts_of
from engine.queries.scope import Seat
from engine.queries.steps import Place, steps_of_kind
from engine.queries.worklist import EVERYTHING, WorkItem, item_of, line_columns, with_cases
from engine.reviews import Review
from engine.stages import diagrams_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.forms import FORMS, diff
from engine.tasks import Task
from engine.words import QueueView

_papers, _reviews, _earlier = table_of(Submission).c, table_of(Review).c, table_of(Task).alias("earlier").c


@dataclass(frozen=True, slots=True)
class ToReview:
    """A task of judging: which version of which form, since how many days it waits, and what is new in it.

    `last_seen` is the version the same step judged last, None the first time; `changes` counts the cells and rows that
    differ from it; `doubts` is what to look at twice.
    """

    item: WorkItem
    submission_id: UUID | None
    form: str | None
    title: str | None
    version: int
    waiting_days: int
    last_seen: int | None
    changes: int | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A part of the queue, and how many lines stand before it.

    The whole is not counted, which would mean reading every desk; `known` lines are known of, and `next` leads to more.
    """

    lines: tuple[ToReview, ...]
    next: str | None
    before: int

    @property
    def known(self) -> int:
        """The lines up to the end of this part: all there are, where `next` is None."""
        return self.before + len(self.lines)


def review_queue(
    session: Session,
    actor: Actor,
    *,
    on: date,
    seats: Sequence[Seat] = (),
    filters: WorkFilters = EVERYTHING,
    limit: int = 50,
    after: str | None = None,
    view: QueueView = QueueView.DOUBTFUL_FIRST,
) -> ReviewPage:
    """What waits for the actor's judgement, the doubtful before all others or as in the work list; `on` is today."""
    name = f"reviews {view}"
    place = cursor.read(after, name, filters)
    limit = cursor.within(limit)
    asked = bound(actor, seats, filters, on, place) | {"most": limit + 1}
    shape = shape_of(filters, paged=place is not None, doubtful_first=view is QueueView.DOUBTFUL_FIRST)
    statement = _lines(shape, steps_of_kind(session, StepKind.REVIEW))
    with along_the_index(session):
        rows = session.execute(statement, asked).all()
    before = place[-1] if place else 0
    shown, leads_on = cursor.page(
        name, filters, rows, limit, lambda row: (row.due_rank, row.money_rank, row.id, row.doubt_rank, before + limit)
    )
    judged = [_judged(session, row) for row in shown]
    seen, papers = _read(session, shown, judged)
    doubts = doubts_of(session, actor, [_in_question(*each, papers) for each in zip(shown, judged, strict=True)])
    lines = (_line(session, row, on, seen.get(row.id), papers) for row in shown)
    told = (replace(line, doubts=of_line) for line, of_line in zip(lines, doubts, strict=True))
    return ReviewPage(tuple(told), leads_on, before)


@cache
def _lines(shape: Shape, steps: tuple[Place, ...]) -> Select[Any]:
    judging = tuple_(tasks.process, tasks.element).in_(steps)
    found = with_cases(on_desks(shape, line_columns(), judging, of_moving_case()), shape.order).subquery("found")
    forms = table_of(Case).c.forms
    order = (found.c[column.name] for column in shape.order)
    return select(*found.c, forms).join(Case, table_of(Case).c.id == found.c.case_id).order_by(*order)


def _judged(session: Session, row: Any) -> CasePaper | None:
    """The latest version of the form a step judges."""
    step = diagrams_of(session, row.diagrams_id).element(row.process, row.element).step
    code = step.judges_for(row.object_kind)
    if code is None:
        return None
    papers: CasePapers = row.forms
    return papers.before(code, row.item)


def _read(
    session: Session, rows: Sequence[Any], judged: Sequence[CasePaper | None]
) -> tuple[dict[UUID, UUID], dict[UUID, Any]]:
    """Task → the version the same step of the same case judged last; and the versions themselves, those judged now
    among them. Both in one question."""
    if not rows:
        return {}, {}
    ids = [found.id for found in judged if found is not None]
    now = select(null().cast(Uuid()).label("task_id"), _papers.id, _papers.version, _papers.content)
    last = _last_seen([row.id for row in rows]).subquery("last")
    before = select(last.c.id, _papers.id, _papers.version, _papers.content).join(
        Submission, _papers.id == last.c.submission_id
    )
    judging = now.where(_papers.id == func.any(bindparam("judged", ids, type_=ARRAY(Uuid()))))
    found = session.execute(union_all(judging, before)).all()
    return {row.task_id: row.id for row in found if row.task_id is not None}, {row.id: row for row in found}


def _last_seen(ids: Sequence[UUID]) -> Select[Any]:
    return (
        select(tasks.id, _reviews.submission_id)
        .ext(distinct_on(tasks.id))
        .join(_earlier.case_id.table, (_earlier.case_id == tasks.case_id) & (_earlier.id != tasks.id))
        .join(Review, (_reviews.task_id == _earlier.id) & (_reviews.case_id == tasks.case_id))
        .where(
            tasks.id.in_(ids),
            _earlier.process == tasks.process,
            _earlier.element == tasks.element,
            _earlier.item.is_not_distinct_from(tasks.item),
            _reviews.submission_id.is_not(None),
        )
        .order_by(tasks.id, _reviews.at.desc())
    )


def _in_question(row: Any, judged: CasePaper | None, papers: Mapping[UUID, Any]) -> InQuestion:
    kept = papers.get(judged.id) if judged is not None else None
    form = judged.form if judged is not None else None
    content, kept_as = (kept.content, kept.id) if kept is not None else ({}, None)
    return InQuestion(row.case_id, form, content, kept_as)


def _line(session: Session, row: Any, on: date, seen: UUID | None, papers: Mapping[UUID, Any]) -> ToReview:
    found = _judged(session, row)
    form, submission_id = (found.form, found.id) if found is not None else (None, None)
    now = papers.get(submission_id) if submission_id else None
    before = papers.get(seen) if seen else None
    changed = None
    if form is not None and now is not None and before is not None:
        changed = len(diff(FORMS[form], before.content, now.content))
    return ToReview(
        item=item_of(session, row, on),
        submission_id=submission_id,
        form=form,
        title=FORMS[form].title if form else None,
        version=now.version if now is not None else 0,
        waiting_days=max(0, (on - day_of(row.opened_at)).days),
        last_seen=before.version if before is not None else None,
        changes=changed,
        doubts=(),
    )
