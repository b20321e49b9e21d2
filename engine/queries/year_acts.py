"""整年办理: steps that are one act for many cases of a year, what of them waits for somebody, and the list of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select, tuple_
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Appointment, Person, Unit
from engine.moves.asking import OpenQuestion
from engine.process import Element, Question, QuestionKind, StepProperties, UnknownElement
from engine.queries.desks import ORDER, WorkFilters, bound, cases, of_moving_case, on_desks, shape_of, tasks
from engine.queries.steps import Place, year_wide_steps
from engine.stages import diagrams_of
from engine.store.base import table_of
from engine.words import CaseState, OutcomeWord, TaskState

MOST = 5_000
"""So many cases are one act; behind them, it says “more than”."""
_EVERYTHING = shape_of(WorkFilters())
_people, _units, _appointments = table_of(Person).c, table_of(Unit).c, table_of(Appointment).c


@dataclass(frozen=True, slots=True)
class YearAct:
    """A step of a year: how many cases the actor could take it for now, `more` where there are more than `MOST`."""

    fiscal_year: int
    process: str
    element: str
    title: str
    number: int
    more: bool
    amount_wan: Decimal
    due_on: date | None

    @property
    def step(self) -> str:
        """The step as process.element."""
        return f"{self.process}.{self.element}"


@dataclass(frozen=True, slots=True)
class ActItem:
    """One case of the list: the task, the version of the case as it stands, and `why` it is left out, if it is."""

    task_id: UUID
    case_id: int
    version: int
    code: str
    name: str
    unit: str
    amount_wan: Decimal
    due_on: date | None
    why: str | None


@dataclass(frozen=True, slots=True)
class ActList:
    """The list as it is frozen: `word` is how the step ends, `questions` what is answered once for all of it."""

    fiscal_year: int
    process: str
    element: str
    title: str
    word: str
    needs_reason: bool
    questions: tuple[OpenQuestion, ...]
    items: tuple[ActItem, ...]
    more: bool

    @property
    def step(self) -> str:
        """The step as process.element."""
        return f"{self.process}.{self.element}"

    @property
    def frozen(self) -> tuple[ActItem, ...]:
        """What can be done."""
        return tuple(item for item in self.items if item.why is None)

    @property
    def left_out(self) -> tuple[ActItem, ...]:
        """What has to be looked at by itself."""
        return tuple(item for item in self.items if item.why is not None)

    @property
    def amount_wan(self) -> Decimal:
        """The money of what can be done."""
        return sum((item.amount_wan for item in self.frozen), Decimal(0))


def year_acts(session: Session, actor: Actor, *, on: date) -> tuple[YearAct, ...]:
    """What lies on the actor's desks that can be done for many cases at once, by year and step; `on` is today."""
    steps = year_wide_steps(session, actor.roles)
    if not steps:
        return ()
    rows = session.execute(_numbers(steps), bound(actor, (), WorkFilters(), on) | {"most": MOST + 1}).all()
    more = sum(row.number for row in rows) > MOST
    return tuple(
        YearAct(
            row.fiscal_year,
            row.process,
            row.element,
            _title(session, row),
            row.number,
            more,
            row.amount_wan,
            row.due_on,
        )
        for row in rows
    )


def year_act(session: Session, actor: Actor, fiscal_year: int, step: str) -> ActList | None:
    """The first `MOST` cases of a year that wait for that step (process.element) with the actor's office.

    None where the step is no year-wide one of theirs, or nothing waits for it. A case on earlier diagrams belongs to
    it if its own asks for the same.
    """
    process, _, element = step.partition(".")
    if (process, element) not in year_wide_steps(session, actor.roles):
        return None
    rows = session.execute(_waiting(actor, fiscal_year, (process, element))).all()
    if not rows:
        return None
    newest = _element(session, max(row.diagrams_id for row in rows), process, element)
    if newest is None:
        return None
    same = {
        number: (own := _element(session, number, process, element)) is not None
        and _asks(own.step) == _asks(newest.step)
        for number in {row.diagrams_id for row in rows}
    }
    word, listed = newest.step.normal_outcome, sorted(rows[:MOST], key=_by_name)
    return ActList(
        fiscal_year=fiscal_year, process=process, element=element, title=newest.name, word=word,
        needs_reason=OutcomeWord(word).needs_reason, questions=tuple(map(OpenQuestion.of, _for_all(newest.step))),
        items=tuple(_item(row, actor, same[row.diagrams_id]) for row in listed), more=len(rows) > MOST,
    )  # fmt: skip


@cache
def _numbers(steps: tuple[Place, ...]) -> Select[Any]:
    here = tuple_(tasks.process, tasks.element).in_(steps)
    columns = [tasks.case_id, tasks.process, tasks.element, tasks.due_on]
    found = on_desks(_EVERYTHING, columns, here, of_moving_case()).subquery("found")
    by = (cases.fiscal_year, found.c.process, found.c.element)
    return (
        select(
            *by, func.count().label("number"), func.sum(cases.amount_wan).label("amount_wan"),
            func.min(found.c.due_on).label("due_on"), func.max(cases.diagrams_id).label("diagrams_id"),
        )
        .join(Case, cases.id == found.c.case_id)
        .group_by(*by)
        .order_by(*by)
    )  # fmt: skip


def _waiting(actor: Actor, fiscal_year: int, place: Place) -> Select[Any]:
    """Whoever took them: those in a colleague's hands are told of."""
    in_office = exists().where(
        _appointments.person_id == tasks.holder_id,
        _appointments.unit_id == tasks.unit_id,
        _appointments.role == tasks.role,
    )
    return (
        select(
            tasks.id, tasks.case_id, tasks.holder_id, tasks.due_on, cases.code, cases.name, cases.amount_wan,
            cases.state, cases.diagrams_id, cases.journal_seq, _units.name.label("unit"), _people.name.label("holder"),
            in_office.label("held"),
        )
        .join(Case, cases.id == tasks.case_id)
        .join(Unit, _units.id == cases.unit_id)
        .outerjoin(Person, _people.id == tasks.holder_id)
        .where(
            tasks.jurisdiction == actor.jurisdiction, tasks.unit_id == actor.unit_id,
            tasks.role.in_([role.value for role in sorted(actor.roles)]), tasks.state == TaskState.OPEN,
            tuple_(tasks.process, tasks.element) == place, cases.fiscal_year == fiscal_year,
        )
        .order_by(*ORDER)
        .limit(MOST + 1)
    )  # fmt: skip


def _item(row: Any, actor: Actor, same: bool) -> ActItem:
    return ActItem(
        row.id, row.case_id, row.journal_seq, row.code, row.name, row.unit, row.amount_wan, row.due_on,
        _why_left_out(row, actor, same),
    )  # fmt: skip


def _by_name(row: Any) -> tuple[str, str]:
    """As somebody compares it with a list on paper."""
    return row.unit, row.code


def _why_left_out(row: Any, actor: Actor, same: bool) -> str | None:
    if row.state != CaseState.ACTIVE:
        return "案卷暂停中，恢复后再办。"
    if row.holder_id is not None and row.held and not actor.is_or_stands_for(row.holder_id):
        return f"{row.holder}已签收，由其办理；如需接手，请在任务页请求接手。"
    return None if same else "这件案卷按较早的流程图办理，这一步要填的不同，须逐件办理。"


def _element(session: Session, diagrams_id: int, process: str, element: str) -> Element | None:
    try:
        return diagrams_of(session, diagrams_id).element(process, element)
    except UnknownElement:
        return None


def _asks(step: StepProperties) -> Sequence[Any]:
    """What an act gives to each of its cases."""
    return (step.normal_outcome, _for_all(step), step.command, dict(step.forms), dict(step.judges))


def _for_all(step: StepProperties) -> tuple[Question, ...]:
    """The questions one answer does for; an amount is each case's own, and is left as it was asked for."""
    return tuple(question for question in step.asks if question.kind is not QuestionKind.AMOUNT)


def _title(session: Session, row: Any) -> str:
    found = _element(session, row.diagrams_id, row.process, row.element)
    return found.name if found is not None else str(row.element)
