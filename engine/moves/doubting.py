"""▲ 存疑: what makes a paper doubtful for whoever judges it, said once for the sentence and for the order of the queue.

A task that judges keeps whether its paper is doubtful, so that a queue of any length begins with those. It is marked
when it opens; when a paper comes in that repeats another, or a case begins that has the name of another, so are the
tasks that wait with that other one.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)

from engine.cases import Case
from engine.cases.sight import WHOLE_TENANT
from engine.store.base import table_of
from engine.submissions import PaperText, Submission
from engine.tasks import CLEAR, DOUBTFUL, Task
from engine.words import CaseState, SubmissionState, TaskState

NEW_OBJECTS = ("F01", "F02")
"""Forms that say what an object is for, so that it can still be put together with another."""
SELF_EVALUATIONS = ("F06", "F07")
HANDED_IN = (*NEW_OBJECTS, "F04", "F05", *SELF_EVALUATIONS, "F09", "F11", "F15")
"""Forms a unit or an agency answers for; what finance writes itself is not put in doubt."""
MOST_ALIKE = 20
"""So many others are looked at for one task and for one text."""
_NOT_HANDED_IN = (SubmissionState.FILLED, SubmissionState.RETURNED, SubmissionState.WITHDRAWN)

_tasks, _cases, _texts, _papers = map(table_of, (Task, Case, PaperText, Submission))


def is_namesake(mine: Any, other: Any) -> ColumnElement[bool]:
    """Whether a case is another unit's of the same name, kind and year; cancelled ones do not count."""
    return and_(
        other.jurisdiction == mine.jurisdiction, other.fiscal_year == mine.fiscal_year, other.name == mine.name,
        other.object_kind == mine.object_kind, other.unit_id != mine.unit_id, other.state != CaseState.CANCELLED,
    )  # fmt: skip


def is_repeated(mine: Any, text: Any, other: Any, same: Any) -> ColumnElement[bool]:
    """Whether a text of the case `mine` stands in a paper another unit handed in, in whatever year.

    What the unit itself wrote in an earlier year is its own, whoever says the same.
    """
    return and_(
        same.digest == text.digest, other.id == same.case_id, other.jurisdiction == mine.jurisdiction,
        other.unit_id != mine.unit_id, other.state != CaseState.CANCELLED, ~_is_not_handed_in(same),
        ~_said_before(text.digest, mine.unit_id, mine.fiscal_year),
    )  # fmt: skip


def _is_not_handed_in(text: Any) -> ColumnElement[bool]:
    paper = _papers.alias()
    dropped = exists().where(paper.c.id == text.submission_id, paper.c.state.in_(_NOT_HANDED_IN))
    return dropped.correlate_except(paper)


def _said_before(digest: Any, unit_id: Any, fiscal_year: Any) -> ColumnElement[bool]:
    former, case = _texts.alias(), _cases.alias()
    earlier = (
        select(former.c.path)
        .join(case, case.c.id == former.c.case_id)
        .where(former.c.digest == digest, case.c.unit_id == unit_id, case.c.fiscal_year < fiscal_year)
    )
    return earlier.correlate_except(former, case).exists()


def _is_seen_from(office: Any, case: Any) -> ColumnElement[bool]:
    """Whether the office of a task may see a case: finance sees all, a department its own and those of its units."""
    return or_(
        office.role.in_(list(WHOLE_TENANT)), case.department_id == office.unit_id, case.unit_id == office.unit_id
    )


def _mark() -> Any:
    """Marks the task `judging` if its paper is doubtful, and those that wait with what it repeats.

    One at a time, because for a list PostgreSQL would make a new plan every time. A task somebody else is just now
    changing is left out: nobody waits for anybody here.
    """
    task, mine, other = _tasks.alias("task"), _cases.alias("mine"), _cases.alias("other")
    judged = (
        select(task.c.id, task.c.paper_id, task.c.role, task.c.unit_id, task.c.case_id)
        .where(task.c.id == bindparam("judging", type_=Uuid()))
        .subquery("judged")
    )
    found = union_all(_namesakes(judged, mine), _repeated(judged, mine)).lateral("found")
    alike = (
        select(
            judged.c.id.label("task_id"), _is_seen_from(judged.c, other.c).label("is_seen"), found.c.case_id,
            found.c.paper_id, found.c.digest, mine.c.unit_id, mine.c.department_id,
        )
        .select_from(judged.join(mine, mine.c.id == judged.c.case_id).join(found, true()))
        .join(other, other.c.id == found.c.case_id)
        .cte("alike")
    )  # fmt: skip
    both = union_all(select(alike.c.task_id).where(alike.c.is_seen), select(_waiting_with(alike).c.id))
    return _doubtful(both)


def _namesakes(judged: Any, mine: Any) -> Any:
    other = _cases.alias("namesake")
    return (
        select(other.c.id.label("case_id"), null().cast(Uuid()).label("paper_id"), null().cast(Uuid()).label("digest"))
        .where(is_namesake(mine.c, other.c), _is_of(judged.c.paper_id, NEW_OBJECTS))
        .limit(MOST_ALIKE)
        .correlate(judged, mine)
    )


def _repeated(judged: Any, mine: Any) -> Any:
    said, same, other = _texts.alias("said"), _texts.alias("same"), _cases.alias("repeated")
    return (
        select(other.c.id, same.c.submission_id, same.c.digest)
        .where(said.c.submission_id == judged.c.paper_id, is_repeated(mine.c, said.c, other.c, same.c))
        .limit(MOST_ALIKE)
        .correlate(judged, mine)
    )


def _is_of(paper_id: Any, forms: tuple[str, ...]) -> ColumnElement[bool]:
    paper = _papers.alias()
    return exists().where(paper.c.id == paper_id, paper.c.form.in_(forms)).correlate_except(paper)


def _waiting_with(alike: Any) -> Any:
    """The tasks that judge what the new papers repeat, or an object of their name, and are not marked yet."""
    waiting, theirs = _tasks.alias("waiting"), _cases.alias("theirs")
    repeats = and_(
        waiting.c.paper_id == alike.c.paper_id,
        ~_said_before(alike.c.digest, theirs.c.unit_id, theirs.c.fiscal_year),
    )
    return (
        select(waiting.c.id)
        .join(alike, alike.c.case_id == waiting.c.case_id)
        .join(theirs, theirs.c.id == waiting.c.case_id)
        .where(
            waiting.c.state == TaskState.OPEN, waiting.c.doubt_rank == CLEAR, _is_seen_from(waiting.c, alike.c),
            or_(repeats, and_(alike.c.paper_id.is_(None), _is_of(waiting.c.paper_id, NEW_OBJECTS))),
        )
        .with_for_update(key_share=True, skip_locked=True, of=waiting)
        .subquery("others")
    )  # fmt: skip


def _mark_namesakes() -> Any:
    """Marks what waits with the objects of another unit that have the name of the case `begun`."""
    begun, theirs, waiting = _cases.alias("begun"), _cases.alias("theirs"), _tasks.alias("waiting")
    found = (
        select(waiting.c.id)
        .select_from(begun.join(theirs, is_namesake(begun.c, theirs.c)).join(waiting, waiting.c.case_id == theirs.c.id))
        .where(
            begun.c.id == bindparam("begun"), waiting.c.state == TaskState.OPEN, waiting.c.doubt_rank == CLEAR,
            _is_of(waiting.c.paper_id, NEW_OBJECTS), _is_seen_from(waiting.c, begun.c),
        )
        .with_for_update(key_share=True, skip_locked=True, of=waiting)
        .subquery("found")
    )  # fmt: skip
    return _doubtful(select(found.c.id))


def _doubtful(found: Any) -> Any:
    """Marks the tasks found, which are looked for once: as a list, whatever the server believes of the tables.

    A plan made on a day when they were empty would otherwise look for them again at every task there is.
    """
    return update(_tasks).where(_tasks.c.id == any_(func.array(found.scalar_subquery()))).values(doubt_rank=DOUBTFUL)


MARK = _mark()
"""Goes behind the rows of a move, once for each task `judging` it opened."""
MARK_NAMESAKES = _mark_namesakes()
"""Goes behind the row of a case that has `begun`."""
