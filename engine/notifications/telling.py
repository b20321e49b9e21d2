"""From entries of the journal to notices: each person once for each, however often it is asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.audit.events import Event, read_entry
from engine.audit.events.papers import SubmissionReturned
from engine.audit.model import Entry
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.deadlines.problems import VERIFY
from engine.directory import Person, Unit, competent_office
from engine.notifications.messages import TELLING, Message, OfDay, Office, To, message_of
from engine.notifications.model import Notice
from engine.notifications.receivers import Receivers, holders_of
from engine.rectifications import Rectification
from engine.stages import step_names
from engine.store.archives import all_of, row_by_id
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import NoticeKind, Role


def tell(session: Session, entries: Mapping[int, Sequence[int]]) -> Sequence[int]:
    """Write the notices of these entries (numbers by case, 0: the jurisdiction's chain); gives those that are new."""
    told = [
        (entry, message) for chain in _chains(session, entries) for entry, message in _messages(session, chain)
    ]  # fmt: skip
    if not told:
        return []
    latest = max(entry.at for entry, _ in told)
    receivers = Receivers(session, (message.to for _, message in told), day_of(latest))
    rows = [row for entry, message in told for row in _rows(session, entry, message, receivers)]
    if not rows:
        return []
    new = insert(table_of(Notice)).on_conflict_do_nothing().returning(Notice.id)
    return session.scalars(new, rows).all()


def told_since(session: Session, jurisdiction: str, since: datetime) -> dict[int, list[int]]:
    """The entries of that instant or later of which somebody is told, for `tell`."""
    entry: Any = all_of(Entry)
    rows = session.execute(
        select(entry.case_id, entry.seq)
        .where(entry.jurisdiction == jurisdiction, entry.at >= since, entry.type.in_(TELLING))
        .order_by(entry.case_id, entry.seq)
    )
    found: dict[int, list[int]] = {}
    for case_id, seq in rows:
        found.setdefault(case_id, []).append(seq)
    return found


@dataclass(frozen=True, slots=True)
class _Chain:
    """Some entries of one case, or of no case, in their order."""

    case: Case | None
    entries: Sequence[Entry]


def _chains(session: Session, entries: Mapping[int, Sequence[int]]) -> Iterator[_Chain]:
    wanted = {(case, seq) for case, seqs in entries.items() for seq in seqs}
    at_work = session.scalars(select(Entry).where(tuple_(Entry.case_id, Entry.seq).in_(wanted))).all()
    found = {(entry.case_id, entry.seq): entry for entry in at_work}
    for case_id in sorted({case for case, seq in wanted - found.keys()}):  # packed meanwhile, because the case is over
        packed: Any = all_of(Entry)
        rows = session.scalars(select(packed).where(packed.case_id == case_id, packed.seq.in_(entries[case_id])))
        found |= {(entry.case_id, entry.seq): entry for entry in rows}
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(entries)))}
    for case_id, seqs in entries.items():
        yield _Chain(cases.get(case_id), [found[case_id, seq] for seq in sorted(seqs) if (case_id, seq) in found])


def _messages(session: Session, chain: _Chain) -> Iterator[tuple[Entry, Message]]:
    events = [(entry, read_entry(entry.type, entry.version, entry.payload)) for entry in chain.entries]
    scene = _Scene(session, chain.case, [event for _, event in events], chain.entries[-1].at if events else None)
    for entry, event in events:
        message = message_of(event, entry.by, scene, entry.at)
        if message is not None:
            subject = f"{chain.case.name}：" if chain.case is not None else ""
            yield entry, replace(message, words=f"{subject}{message.words}")


def _rows(session: Session, entry: Entry, message: Message, receivers: Receivers) -> Iterator[dict[str, Any]]:
    """A row for everybody it is for; where nobody is there to do it, for those who can put somebody there."""
    people, kind, words, task = receivers.of(message.to), message.kind, message.words, message.task
    empty = receivers.nobody_in(message.to)
    if empty is not None:
        for person in sorted(holders_of(session, Role.SYSTEM_ADMIN, Role.OPERATOR)):
            yield _row(entry, person, NoticeKind.UNREACHED, _nobody_there(session, empty), None)
    for person in sorted(people):
        yield _row(entry, person, kind, words, task)


def _row(entry: Entry, person: int, kind: NoticeKind, words: str, task: UUID | None) -> dict[str, Any]:
    return {
        "jurisdiction": entry.jurisdiction, "person_id": person, "kind": kind, "case_id": entry.case_id or None,
        "seq": entry.seq, "task_id": task, "words": words, "made_at": entry.at,
    }  # fmt: skip


def _nobody_there(session: Session, office: Office) -> str:
    """Nothing of the case: who can put somebody there sees no business data."""
    unit_id, role = office
    unit = session.scalar(select(Unit.name).where(Unit.id == unit_id)) or ""
    return f"{unit}的“{role.label}”岗位没有人，有任务等待办理。请安排人员"


class _Scene:
    """What is around some events of one case."""

    def __init__(self, session: Session, case: Case | None, events: Iterable[Event], at: datetime | None) -> None:
        self._session, self._case = session, case
        self.returned = any(isinstance(event, SubmissionReturned) for event in events)
        self.shown_in = day_of(at).year if at is not None else 0

    def task(self, id_: UUID | None) -> Task | None:
        """The task of that id, however long it is over."""
        return None if id_ is None else row_by_id(self._session, Task, id_)

    def step(self, task: Task) -> str:
        """The name of its step, with its item."""
        return self.step_named(task.step) + (f"（{task.item}）" if task.item else "")

    def step_named(self, step: str) -> str:
        """The name of a step of the case."""
        return step if self._case is None else step_names(self._session, self._case.diagrams_id)(step)

    def of_day(self, id_: UUID | None) -> OfDay:
        """Whose day a deadline is: of who has its task, of the unit that has to put a problem right, or of nobody."""
        deadline = None if id_ is None else row_by_id(self._session, Deadline, id_)
        if deadline is None:
            return OfDay()
        task = self.task(deadline.task_id)
        if task is not None:
            held = (task.holder_id,) if task.holder_id is not None else ()
            return OfDay(To(held, (task.unit_id, task.role)), task.unit_id, self.step(task), task.id)
        problem = None
        if deadline.rectification_id is not None:
            problem = self._session.get(Rectification, deadline.rectification_id)
        if problem is None or self._case is None:
            return OfDay()
        if deadline.name == VERIFY:
            to = To((), (self._case.finance_id, Role.PERFORMANCE_OFFICE))
            return OfDay(to, self._case.finance_id, f"核验整改{problem.item}")
        if deadline.on_ledger is None:  # until then others are asked to see to it, who are told of that
            return OfDay()
        return OfDay(To((), (problem.unit_id, Role.UNIT_CLERK)), problem.unit_id, f"整改{problem.item}")

    def person(self, number: int) -> str:
        """The name of a person."""
        return self._session.scalar(select(Person.name).where(Person.id == number)) or ""

    def sees_to(self, item: str, role: Role) -> Office | None:
        """Whose office of that kind sees to a problem of the case: its unit's, the department's, or finance's."""
        assert self._case is not None
        if role is Role.PERFORMANCE_OFFICE:
            return self._case.finance_id, role
        mine = Rectification.case_id == self._case.id, Rectification.item == item
        unit = self._session.scalar(select(Rectification.unit_id).where(*mine)) or self._case.unit_id
        if role is Role.DEPARTMENT:
            return competent_office(self._session, unit, self._case.department_id)
        return unit, role

    def above(self, unit_id: int) -> tuple[Office, ...]:
        """Who hears of what is late in a unit: its head, the department, the 绩效股."""
        assert self._case is not None
        department = self._case.department_id
        return (
            (unit_id, Role.UNIT_HEAD),
            *(((department, Role.DEPARTMENT),) if department is not None else ()),
            (self._case.finance_id, Role.PERFORMANCE_OFFICE),
        )
