"""The changes a move may make to rows that are already there: each a statement, and the function that asks for it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, and_, bindparam, func, or_, select, text, update

from engine.cases import FundLine
from engine.deadlines.model import NOT_OVER, OVER, Deadline
from engine.deadlines.reminding import Following
from engine.executions import ExecutionFigure
from engine.moves.change import Change, Update
from engine.moves.doubting import MARK_NAMESAKES
from engine.rectifications import Letter, Rectification
from engine.results.model import ResultEffect
from engine.results.settled import Settled
from engine.scores import Score
from engine.store.base import table_of
from engine.submissions.model import Submission
from engine.tasks import Task
from engine.words import DeadlineState, EffectState, Light, RectificationState, Role, SubmissionState, TaskState

_tasks, _deadlines, _submissions = table_of(Task), table_of(Deadline), table_of(Submission)
_rectifications, _effects, _letters = table_of(Rectification), table_of(ResultEffect), table_of(Letter)
_lines, _figures, _scores = table_of(FundLine), table_of(ExecutionFigure), table_of(Score)
_signed = _letters.alias()
_latest_letter = select(func.max(_signed.c.id)).where(_signed.c.case_id == bindparam("of_case")).scalar_subquery()


_HAND_OVER = Update(
    update(_tasks)
    .where(
        _tasks.c.id == bindparam("task_id"),
        _tasks.c.state == TaskState.OPEN,
        or_(_tasks.c.unit_id != bindparam("to_unit"), _tasks.c.role != bindparam("to_role")),
    )
    .values(unit_id=bindparam("to_unit"), role=bindparam("to_role"), holder_id=None)
)
_JUDGE = Update(
    update(_submissions).where(_submissions.c.id == bindparam("submission_id")).values(state=bindparam("new_state"))
)
_SUBMIT = Update(
    update(_submissions)
    .where(_submissions.c.id == bindparam("submission_id"))
    .values(state=SubmissionState.SUBMITTED, submitted_by=bindparam("person"), submitted_at=bindparam("now"))
)
_FREEZE = Update(
    update(_submissions).where(_submissions.c.id == bindparam("submission_id")).values(frozen_at=bindparam("now"))
)
_CUT_LINE = Update(
    update(_lines)
    .where(_lines.c.case_id == bindparam("of_case"), _lines.c.line_no == bindparam("number"))
    .values(amount_wan=bindparam("amount"))
)
_FOLLOW_AMOUNT = Update(
    update(_tasks)
    .where(_tasks.c.case_id == bindparam("of_case"), _tasks.c.state == TaskState.OPEN)
    .values(amount_wan=bindparam("amount"))
)
_SHINE = Update(update(_figures).where(_figures.c.id == bindparam("figure_id")).values(money_light=bindparam("light")))
_TAKE_BACK_TASKS = Update(
    update(_tasks)
    .where(_tasks.c.case_id == bindparam("of_case"), _tasks.c.state == TaskState.OPEN.value)
    .values(state=TaskState.CLOSED.value, paper_id=None, doubt_rank=None)
)
_DROP_DEADLINES = Update(
    update(_deadlines)
    .where(
        _deadlines.c.case_id == bindparam("of_case"),
        text(f"deadlines.{NOT_OVER}"),
        or_(
            _deadlines.c.rectification_id.is_(None), _deadlines.c.task_id.is_not(None), _deadlines.c.timer.is_not(None)
        ),  # a problem that stands in no letter outlives its case
    )
    .values(state=DeadlineState.DROPPED.value, closed_at=bindparam("now"))
)
_awaits = func.coalesce(bindparam("awaits", type_=_deadlines.c.awaits_year.type), _deadlines.c.awaits_year)
_FIRE = Update(
    update(_deadlines)
    .where(
        _deadlines.c.id == bindparam("deadline_id"),
        _deadlines.c.state == DeadlineState.PENDING,
        _deadlines.c.due_at <= bindparam("now"),
    )
    .values(state=DeadlineState.FIRED, closed_at=bindparam("now"), remind_at=bindparam("next"), awaits_year=_awaits),
    refusal="期限刚被延长或已处理，这一步没有写入。请刷新后再试；填写的内容已保留。",
)
PUT_OFF_AFTERWARDS = and_(_deadlines.c.timer.is_(None), _deadlines.c.interrupting.is_not(None))
"""Days of clocks of the diagram that had passed and were put off: the clock has gone off, whoever has the work by then
has the day."""

_HAND_ON = Update(
    update(_deadlines)
    .where(
        _deadlines.c.case_id == bindparam("of_case"),
        or_(
            text(f"deadlines.{NOT_OVER}"),
            and_(text(f"deadlines.{OVER}"), _deadlines.c.state == DeadlineState.FIRED.value),
        ),
        _deadlines.c.task_id == bindparam("from_task"),
        or_(
            and_(
                _deadlines.c.timer.is_not(None),
                _deadlines.c.timer != func.all(bindparam("over", type_=ARRAY(LargeBinary))),
            ),
            and_(PUT_OFF_AFTERWARDS, bindparam("to_task", type_=Uuid()).is_not(None)),
        ),
    )
    .values(task_id=bindparam("to_task"))
)
_REMIND = Update(
    update(_deadlines)
    .where(
        _deadlines.c.id == bindparam("deadline_id"),
        _deadlines.c.state.in_((DeadlineState.PENDING, DeadlineState.FIRED)),
        _deadlines.c.remind_at == bindparam("was"),
    )
    .values(remind_at=bindparam("next"), awaits_year=_awaits),
    refusal="期限刚被延长或已处理，没有催办。请稍后再试。",
)
_RECTIFY = Update(
    update(_rectifications)
    .where(_rectifications.c.case_id == bindparam("of_case"), _rectifications.c.item == bindparam("of_item"))
    .values(
        state=func.coalesce(bindparam("new_state", type_=_rectifications.c.state.type), _rectifications.c.state),
        rounds=_rectifications.c.rounds + bindparam("more_rounds"),
        escalations=_rectifications.c.escalations + bindparam("more_escalations"),
        escalated_to=func.coalesce(
            bindparam("reached", type_=_rectifications.c.escalated_to.type), _rectifications.c.escalated_to
        ),
        responsible_person=func.coalesce(bindparam("responsible"), _rectifications.c.responsible_person),
        rules_improved=func.coalesce(bindparam("rules_count"), _rectifications.c.rules_improved),
        recovered_wan=func.coalesce(bindparam("recovered"), _rectifications.c.recovered_wan),
        verified_by=func.coalesce(bindparam("verifier"), _rectifications.c.verified_by),
        closed_on=func.coalesce(bindparam("closed"), _rectifications.c.closed_on),
    )
)
_SETTLE_EFFECT = Update(
    update(_effects)
    .where(_effects.c.id == bindparam("effect_id"))
    .values(
        state=bindparam("new_state"),
        settled_as=bindparam("instead"),
        decided_by=bindparam("person"),
        decided_at=bindparam("now"),
        exception_reason=bindparam("why"),
        approved_by=bindparam("approver"),
    )
)
_SIGN_LETTER = Update(
    update(_letters)
    .where(_letters.c.id == _latest_letter, _letters.c.signed_at.is_(None))
    .values(signed_by=bindparam("person"), signed_at=bindparam("now"))
)

_DOUBT_NAMESAKES = Update(MARK_NAMESAKES)
_SETTLE_GRADE = Update(
    update(_scores)
    .where(_scores.c.submission_id == bindparam("scored"))
    .values(grade=bindparam("settled"), basis=bindparam("kept"))
)
IN_ORDER = (
    _HAND_OVER, _JUDGE, _SUBMIT, _FREEZE, _CUT_LINE, _FOLLOW_AMOUNT, _SHINE, _FIRE, _HAND_ON, _REMIND,
    _RECTIFY, _SETTLE_EFFECT, _SIGN_LETTER, _TAKE_BACK_TASKS, _DROP_DEADLINES, _DOUBT_NAMESAKES,
    _SETTLE_GRADE,
)  # fmt: skip
"""All of them, in the order in which a move makes them."""


def hand_over(change: Change, task_id: UUID, unit_id: int, role: Role) -> None:
    """An open task goes to the pool of another office; one that lies there already stays in its holder's hands."""
    change.ask(_HAND_OVER, task_id=task_id, to_unit=unit_id, to_role=role)


def judge(change: Change, submission_id: UUID, state: SubmissionState) -> None:
    """A version was approved, returned or withdrawn."""
    change.ask(_JUDGE, submission_id=submission_id, new_state=state)


def hand_in(change: Change, submission_id: UUID, person_id: int, at: datetime) -> None:
    """The head of the unit confirmed a version."""
    change.ask(_SUBMIT, submission_id=submission_id, person=person_id, now=at)


def freeze(change: Change, submission_id: UUID, at: datetime) -> None:
    """A version is the one later stages work from."""
    change.ask(_FREEZE, submission_id=submission_id, now=at)


def cut_line(change: Change, number: int, amount_wan: Decimal) -> None:
    """A fund line becomes this much (万元); all together make the amount of the case."""
    change.ask(_CUT_LINE, of_case=change.case.id, number=number, amount=amount_wan)


def follow_amount(change: Change, amount_wan: Decimal) -> None:
    """The open tasks of the case, those the move opens among them, are listed by the new amount (万元)."""
    change.ask(_FOLLOW_AMOUNT, of_case=change.case.id, amount=amount_wan)
    for task in change.new_tasks.values():
        task["amount_wan"] = amount_wan


def shine(change: Change, figure_id: UUID, light: Light | None) -> None:
    """The newest execution figure of the case shows in this light."""
    change.ask(_SHINE, figure_id=figure_id, light=light)


def take_everything_back(change: Change, at: datetime) -> None:
    """Nothing of the case waits any more: open tasks are taken back, deadlines dropped but those of problems."""
    change.ask(_TAKE_BACK_TASKS, of_case=change.case.id)
    change.ask(_DROP_DEADLINES, of_case=change.case.id, now=at)


def fire(change: Change, deadline_id: UUID, following: Following) -> None:
    """A deadline has taken effect, and the `following` reminder is next; refused when somebody was faster."""
    change.ask(_FIRE, deadline_id=deadline_id, now=change.at, next=following.at, awaits=following.awaits_year)


def hand_on(change: Change, from_task: UUID, to_task: UUID | None, over: Sequence[bytes]) -> None:
    """The clocks around a task, those that went off too, are now about another; those in `over` are gone with it.

    A day that was put off after its clock went off stays somebody's: where nobody waits now it is over with the task.
    """
    change.ask(_HAND_ON, of_case=change.case.id, from_task=from_task, to_task=to_task, over=list(over))


def remind(change: Change, deadline_id: UUID, was: datetime, following: Following) -> None:
    """The reminder due at `was` is done, the `following` one is next; refused when the day was moved meanwhile."""
    change.ask(_REMIND, deadline_id=deadline_id, was=was, next=following.at, awaits=following.awaits_year)


def rectify(
    change: Change,
    item: str,
    *,
    state: RectificationState | None = None,
    rounds: int = 0,
    escalations: int = 0,
    escalated_to: Role | None = None,
    responsible: str | None = None,
    rules_improved: int | None = None,
    recovered_wan: Decimal | None = None,
    verified_by: int | None = None,
    closed_on: date | None = None,
) -> None:
    """One row of the rectification ledger moves on; what is None stays, rounds and escalations are added."""
    change.ask(
        _RECTIFY,
        of_case=change.case.id, of_item=item, new_state=state, more_rounds=rounds,
        more_escalations=escalations, reached=escalated_to, responsible=responsible, rules_count=rules_improved,
        recovered=recovered_wan, verifier=verified_by, closed=closed_on,
    )  # fmt: skip


def settle_effect(change: Change, effect_id: int, settled: Settled | None) -> None:
    """A row of F12 settles one proposed effect; None: no row names it, and it is open (again)."""
    assert change.by is not None
    who, when = (None, None) if settled is None else (change.by.person_id, change.at)
    row = settled or Settled(EffectState.PROPOSED)
    change.ask(
        _SETTLE_EFFECT,
        effect_id=effect_id, new_state=row.state, instead=row.instead, person=who, now=when, why=row.reason,
        approver=row.approved_by,
    )  # fmt: skip


def sign_letter(change: Change, person_id: int, at: datetime) -> None:
    """The unit signed for the letter that is out."""
    change.ask(_SIGN_LETTER, of_case=change.case.id, person=person_id, now=at)


def doubt_namesakes(change: Change) -> None:
    """What waits with the objects of other units that have the name of a case that begins is put in doubt."""
    change.ask(_DOUBT_NAMESAKES, begun=change.case.id)


def settle_grade(change: Change, submission_id: UUID, grade: str, basis: dict[str, Any]) -> None:
    """The score of a version has this grade from now on; its basis says why."""
    change.ask(_SETTLE_GRADE, scored=submission_id, settled=grade, kept=basis)


def settled_grades(change: Change) -> dict[UUID, str]:
    """The grades this move settles, by the version that was scored."""
    return {row["scored"]: row["settled"] for row in change.updates.get(_SETTLE_GRADE, ())}
