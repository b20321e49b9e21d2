"""What finance sets going for everybody: cases, stages, the draw for spot reviews, the plan of evaluations."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from math import ceil, floor

from sqlalchemy import select

from engine.cases import Case
from engine.commands.draw_sample import draw_sample
from engine.commands.launch_stage import launch_stage
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.skip_draw import skip_draw
from engine.commands.start_case import Line, NewCase, start_case
from engine.deadlines import shifted
from engine.moves.frames import Frame
from engine.queries.selections import preview_frame
from engine.rehearsal.ground import Ground, nine_on
from engine.rehearsal.people import COLLECTIVE_REVIEWER
from engine.rehearsal.plan import Motion, habits
from engine.rehearsal.subjects import Subject, led_by_department
from engine.words import CaseState

ONE_DAY = timedelta(days=1)
AGAIN_AFTER = timedelta(days=14)
HALF = 0.5
WITNESS = "示例见证人（人大代表）"
WHY_DRAWN = "示例：本区未规定抽取范围，全部项目参加抽取"
WHY_PLANNED = "示例：输入文件载有第三方得分的对象全部列入"
TOO_LATE_TO_DRAW = "示例：到达时抽取已经结束，不再补抽"


@dataclass
class Finance:
    """The finance office: what it has planned, which cases it has begun, whom it has told of a draw or plan.

    `own` are motions beyond those of the plan and how they are done; a rehearsal has none, the demo has.
    """

    ground: Ground
    coming: Sequence[Subject]
    planned: list[Motion]
    reviews_collectively: bool = False
    begun: dict[int, Subject] = field(default_factory=dict)
    told: dict[tuple[int, str], set[int]] = field(default_factory=dict)
    repeated: set[Motion] = field(default_factory=set)
    own: dict[str, "Act"] = field(default_factory=dict)
    today: date = date.min

    def __post_init__(self) -> None:
        heapify(self.planned)

    def next_morning(self) -> date | None:
        """The working day on which finance acts next."""
        if not self.planned:
            return None
        return shifted(max(self.planned[0].on - ONE_DAY, self.today), 1, self.ground.calendar)

    def act(self, today: date) -> tuple[Motion, ...]:
        """Carry out what is planned for today; gives what that was. Some of it (adjustments) each share does itself."""
        self.today = today
        done = []
        while self.planned and self.planned[0].on <= today:
            done.append(heappop(self.planned))
            (MOTIONS | self.own)[done[-1].what](self, done[-1])
        return tuple(done)

    @property
    def at(self) -> datetime:
        """When everything of today happens."""
        return nine_on(self.today)


def new_case(finance: Finance, subject: Subject) -> NewCase:
    """The case of an object; where third parties review collectively, one of them is at hand from the start."""
    town = finance.ground.town
    return NewCase(
        object_kind=subject.kind,
        code=subject.code,
        name=subject.name,
        unit_id=town.units[subject.unit],
        fiscal_year=subject.fiscal_year,
        lines=[Line(line.name, line.amount_wan) for line in subject.lines],
        facts=dict(subject.facts),
        agency_id=town.agencies[COLLECTIVE_REVIEWER] if finance.reviews_collectively else None,
    )


def begin(finance: Finance, subjects: Iterable[Subject]) -> None:
    """One after the other, so that every rehearsal gives an object the same number."""
    with finance.ground.transaction() as session:
        for subject in subjects:
            new = new_case(finance, subject)
            receipt = start_case(session, new, by=finance.ground.town.office, at=finance.at)
            finance.begun[receipt.gave["case"]] = subject


def _start(finance: Finance, motion: Motion) -> None:
    begun = {(subject.fiscal_year, subject.code) for subject in finance.begun.values()}
    of_year = [subject for subject in finance.coming if subject.fiscal_year == motion.fiscal_year]
    begin(finance, [subject for subject in of_year if (subject.fiscal_year, subject.code) not in begun])


def _launch(finance: Finance, motion: Motion) -> None:
    ground = finance.ground
    launch_stage(ground.transactions, motion.fiscal_year, motion.what, by=ground.town.office, at=finance.at)


def _leave_to_the_shares(finance: Finance, motion: Motion) -> None:
    """Nothing is done for all at once."""


def _draw(finance: Finance, motion: Motion) -> None:
    """Two seeds draw some of the projects that wait; of those who come later, as many as there are enough for."""
    ground, by, at = finance.ground, finance.ground.town.office, finance.at
    frame = _frame(finance, motion, "spot_review")
    first = motion not in finance.repeated
    share = len(frame.candidates) * habits().spot_review
    size = ceil(share) if first else floor(share + HALF)
    if frame.members and size:
        draw_sample(
            ground.transactions,
            motion.fiscal_year,
            "spot_review",
            size,
            finance_seed=f"财政 {ground.seed} {motion.on}",
            witness_seed=f"见证 {ground.seed} {motion.on}",
            witness=WITNESS,
            by=by,
            at=at,
            reason=WHY_DRAWN if frame.undefined else None,
        )
    elif frame.members:
        reason = "示例：没有符合抽取条件的项目" if first else TOO_LATE_TO_DRAW
        skip_draw(ground.transactions, motion.fiscal_year, "spot_review", reason=reason, by=by, at=at)
    _again_for_latecomers(finance, motion, "spot_review", frame)


def _plan(finance: Finance, motion: Motion) -> None:
    """Every object with a published third-party score is evaluated; where the table says otherwise, with a reason."""
    ground = finance.ground
    frame = _frame(finance, motion, "key_evaluation")
    if frame.members:
        everybody = [member["case"] for member in frame.members]
        by_table = not frame.undefined and list(frame.candidates) == everybody
        plan_evaluation(
            ground.transactions,
            motion.fiscal_year,
            by=ground.town.office,
            at=finance.at,
            chosen=None if by_table else everybody,
            department_led=[each for each in everybody if led_by_department(finance.begun[each], ground.seed)],
            reason=None if by_table else WHY_PLANNED,
        )
    _again_for_latecomers(finance, motion, "key_evaluation", frame)


def _frame(finance: Finance, motion: Motion, purpose: str) -> Frame:
    with finance.ground.transaction() as session:
        return preview_frame(session, motion.fiscal_year, purpose, by=finance.ground.town.office, at=finance.at)


def _again_for_latecomers(finance: Finance, motion: Motion, purpose: str, frame: Frame) -> None:
    """As long as somebody has not arrived yet, the same is done again after two weeks: nobody waits for ever."""
    told = finance.told.setdefault((motion.fiscal_year, purpose), set())
    told |= {member["case"] for member in frame.members}
    with finance.ground.transaction() as session:
        under_way = session.scalars(
            select(Case.id).where(Case.fiscal_year == motion.fiscal_year, Case.state != CaseState.CLOSED)
        ).all()
    if any(case_id not in told and _comes_to(purpose, finance.begun[case_id]) for case_id in under_way):
        again = Motion(motion.on + AGAIN_AFTER, motion.fiscal_year, motion.what)
        finance.repeated.add(again)
        heappush(finance.planned, again)


def _comes_to(purpose: str, subject: Subject) -> bool:
    """Whether the way of an object leads through a draw or plan at all."""
    if "policy_ends_on" in subject.facts:
        return False
    return purpose == "key_evaluation" or not subject.is_whole_department


Act = Callable[[Finance, Motion], None]
MOTIONS: dict[str, Act] = {
    "start": _start,
    "monitoring": _launch,
    "adjustments": _leave_to_the_shares,
    "self_evaluation": _launch,
    "spot_review": _draw,
    "key_evaluation": _plan,
    "result_use": _launch,
}
"""What the plan calls it → how it is done."""
