"""What must hold of every case at every moment, whoever did what to it and however it ended."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine import process
from engine.audit import Entry
from engine.audit.chain import first_break
from engine.audit.verify import heads_of
from engine.cases import Case
from engine.deadlines.model import Deadline
from engine.moves.repeating import DoneCommand
from engine.process import Step
from engine.reviews import Review
from engine.stages import diagrams_of, launched_for
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import CaseState, DeadlineState, TaskState

LIVING = (CaseState.ACTIVE.value, CaseState.SUSPENDED.value)
DONE_EVENTS = {
    "submission.filled", "submission.submitted", "submission.returned", "submission.approved", "task.completed",
}  # fmt: skip
"""Of these a completed task has exactly one in the journal."""


def faults(session: Session) -> list[str]:
    """Everything that is wrong with any case of the jurisdiction, in sentences; empty when all is well."""
    session.expire_all()
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    found = [f"case {case.id}: {fault}" for case in cases for fault in faults_of(session, case)]
    return found + list(_keys(session)) + list(_loose_journal(session))


def faults_of(session: Session, case: Case) -> Iterator[str]:
    """What is wrong with one case."""
    tasks = _rows(session, Task, case)
    deadlines = _rows(session, Deadline, case)
    seen = process.look(diagrams_of(session, case.diagrams_id), case.process_state)
    if case.state in LIVING:
        yield from _like_the_process(case, tasks, deadlines, seen)
        yield from _never_stuck(session, case, tasks)
        yield from _no_day_is_lost(tasks, deadlines)
    else:
        yield from _nothing_waits(tasks, deadlines)
    journal = sorted(_rows(session, Entry, case), key=lambda entry: entry.seq)
    yield from _chain(case, journal)
    yield from _told_once(tasks, deadlines, journal)
    submissions = _rows(session, Submission, case)
    yield from _versions(case, submissions)
    yield from _papers(session, case, tasks, deadlines, submissions)


def _rows(session: Session, entity: Any, case: Case) -> Sequence[Any]:
    """Every row of the case, packed or not."""
    rows = all_of(entity)
    return session.scalars(select(rows).where(rows.case_id == case.id)).all()


def _like_the_process(case: Case, tasks: Sequence[Task], deadlines: Sequence[Deadline], seen: Step) -> Iterator[str]:
    open_here = {task.id.bytes for task in tasks if task.state == TaskState.OPEN}
    waiting = {task.key for task in seen.opened_tasks}
    if open_here != waiting:
        yield f"open tasks {len(open_here)} but the process waits for {[task.element_id for task in seen.opened_tasks]}"
    catches = {catch.key.hex(): [catch.message, catch.host and catch.host.hex()] for catch in seen.opened_catches}
    if dict(case.waits) != catches:
        yield f"waits {dict(case.waits)} but the process {catches}"
    if case.stage != seen.stage:
        yield f"stage {case.stage} but the process stands in {seen.stage}"
    timers = {timer.key: timer for timer in seen.opened_timers}
    for deadline in deadlines:
        if deadline.state != DeadlineState.PENDING:
            continue
        if deadline.timer is not None and deadline.timer not in timers:
            yield f"{deadline.name} pends for a timer that is gone"
        if deadline.task_id is not None and deadline.task_id.bytes not in open_here:
            yield f"{deadline.name} pends for a task that is over"
        about = timers[deadline.timer].task if deadline.timer in timers else None
        if about is not None and (deadline.task_id is None or deadline.task_id.bytes != about):
            yield f"{deadline.name} pends for another task than its timer"


def _never_stuck(session: Session, case: Case, tasks: Sequence[Task]) -> Iterator[str]:
    if any(task.state == TaskState.OPEN for task in tasks):
        return
    outside = [message for message, host in case.waits.values() if host is None]
    if not outside:
        yield "nobody has anything to do and nothing is awaited"
    if case.state == CaseState.ACTIVE:
        for message in outside:
            launch = launched_for(
                session, jurisdiction=case.jurisdiction, fiscal_year=case.fiscal_year, message=message,
                object_kind=case.object_kind, case_id=case.id,
            )  # fmt: skip
            if launch is not None:
                yield f"waits for {message}, which was sent already"


def _no_day_is_lost(tasks: Sequence[Task], deadlines: Sequence[Deadline]) -> Iterator[str]:
    """What an open step shows is the earliest day that runs for it or has passed; where it shows none there is none."""
    kept: dict[Any, list[date]] = {}
    for each in deadlines:
        if each.due_on is not None and each.state in (DeadlineState.PENDING, DeadlineState.FIRED):
            kept.setdefault(each.task_id, []).append(each.due_on)
    for task in tasks:
        earliest = min(kept.get(task.id, ()), default=None)
        if task.state == TaskState.OPEN and task.due_on != earliest:
            yield f"{task.element} shows {task.due_on}, and the day kept for it is {earliest}"


def _nothing_waits(tasks: Sequence[Task], deadlines: Sequence[Deadline]) -> Iterator[str]:
    if any(task.state == TaskState.OPEN for task in tasks):
        yield "over, with open tasks"
    if any(deadline.state == DeadlineState.PENDING and not deadline.stands_alone for deadline in deadlines):
        yield "over, with pending deadlines"


def _chain(case: Case, journal: Sequence[Entry]) -> Iterator[str]:
    names = ("jurisdiction", "case_id", "seq", "type", "payload", "by", "acting_for", "at", "hash", "version", "stage")
    chain = [{name: getattr(entry, name) for name in names} for entry in journal]
    broken = first_break(chain)
    if broken:
        yield broken
    last = (chain[-1]["seq"], chain[-1]["hash"]) if chain else (0, bytes(32))
    if (case.journal_seq, case.journal_head) != last:
        yield f"the head says {case.journal_seq} entries, the journal has {last[0]}"


def _told_once(tasks: Sequence[Task], deadlines: Sequence[Deadline], journal: Sequence[Entry]) -> Iterator[str]:
    told = Counter(entry.payload["task"] for entry in journal if entry.type in DONE_EVENTS and "task" in entry.payload)
    done = {task.id.hex for task in tasks if task.state == TaskState.COMPLETED}
    for task, times in told.items():
        if task not in done or times != 1:
            yield f"task {task} is told {times} times and done {task in done}"
    if done - told.keys():
        yield f"done but not told: {done - told.keys()}"
    fired: dict[str, str] = {}
    for entry in journal:
        if entry.type == "deadline.fired":
            if entry.payload["id"] in fired:
                yield f"{entry.payload['deadline']} fired twice"
            fired[entry.payload["id"]] = entry.payload["deadline"]
        if entry.type == "deadline.extended":
            fired.pop(entry.payload["id"], None)  # put off after its day it runs again
    rows = {deadline.id.hex: deadline.name for deadline in deadlines if deadline.state == DeadlineState.FIRED}
    if fired != rows:
        yield f"fired by the journal {sorted(fired.values())}, by the table {sorted(rows.values())}"


def _versions(case: Case, submissions: Sequence[Submission]) -> Iterator[str]:
    by_form: dict[tuple[str, str | None], list[int]] = {}
    for submission in submissions:
        by_form.setdefault((submission.form, submission.item), []).append(submission.version)
    for (form, item), versions in by_form.items():
        if sorted(versions) != list(range(1, len(versions) + 1)):
            yield f"{form} {item or ''} has the versions {sorted(versions)}"
    known = {submission.id: submission for submission in submissions}
    target = [case.forms.target] if case.forms.target else []
    for latest in [*case.forms.latest.values(), *target]:
        stored = known.get(latest.id)
        if stored is None or stored.version != latest.version:
            yield f"{latest.form} points to version {latest.version}, which is not stored"


def _papers(
    session: Session,
    case: Case,
    tasks: Sequence[Task],
    deadlines: Sequence[Deadline],
    submissions: Sequence[Submission],
) -> Iterator[str]:
    ids = {task.id for task in tasks}
    done = {task.id for task in tasks if task.state == TaskState.COMPLETED}
    if {submission.task_id for submission in submissions} - done:
        yield "a version without a finished task"
    reviews = _rows(session, Review, case)
    if {review.task_id for review in reviews} - done:
        yield "an opinion without a finished task"
    if {review.submission_id for review in reviews if review.submission_id} - {each.id for each in submissions}:
        yield "an opinion on no version"
    if {deadline.task_id for deadline in deadlines if deadline.task_id} - ids:
        yield "a deadline of no task"


def _keys(session: Session) -> Iterator[str]:
    """A key that is remembered belongs to a task that is done."""
    tasks = all_of(Task)
    done = set(session.scalars(select(tasks.id).where(tasks.state == TaskState.COMPLETED.value)))
    for known in session.scalars(select(DoneCommand).where(DoneCommand.command == "complete_task")):
        if known.answer["gave"]["task"] not in {str(task) for task in done}:
            yield f"key {known.key} is remembered for a task that is not done"


def _loose_journal(session: Session) -> Iterator[str]:
    cases = set(session.scalars(select(Case.id)))
    loose = set(session.scalars(select(all_of(Entry).case_id).distinct())) - cases - {0}
    if loose:
        yield f"journal entries of no case: {sorted(loose)}"
    heads = heads_of(session, session.scalar(select(func.current_setting("app.jurisdiction"))) or "")
    own = session.scalar(select(func.max(Entry.seq)).where(Entry.case_id == 0))
    if heads.get(0, (0, b""))[0] != (own or 0):
        yield "the jurisdiction's own chain does not end where it says"


def row_counts(session: Session) -> dict[str, int]:
    """How many rows every table has, by the owner's eyes; equal before and after means nothing left a trace."""
    names = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"))
    return {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names.all()}
