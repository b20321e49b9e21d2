"""What finance sets going for everybody: cases, stages, the draw for spot reviews, the plan of evaluations."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from engine.cases import case_by_id
from engine.commands.adjust_budget import MESSAGE, adjust_budget
from engine.commands.draw_sample import draw_sample
from engine.commands.launch_stage import launch_stage
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.skip_draw import skip_draw
from engine.commands.start_case import Line, NewCase
from engine.moves.frames import Frame
from engine.moves.move import wait_for
from engine.queries.samples import preview_frame
from engine.rehearsal.people import COLLECTIVE_REVIEWER
from engine.rehearsal.plan import Motion, dice, habits
from engine.rehearsal.subjects import Subject

if TYPE_CHECKING:
    from engine.rehearsal.year import Year

AGAIN_AFTER = timedelta(days=14)
HALF = 0.5
WITNESS = "示例见证人（人大代表）"
WHY_DRAWN = "示例：本区未规定抽取范围，全部项目参加抽取"
WHY_PLANNED = "示例：输入文件载有第三方得分的对象全部列入"
TOO_LATE_TO_DRAW = "示例：到达时抽取已经结束，不再补抽"


def set_in_motion(year: "Year", motion: Motion) -> None:
    """Carry out what finance planned for a day."""
    MOTIONS[motion.what](year, motion)


def _start(year: "Year", motion: Motion) -> None:
    for subject in year.coming:
        if subject.fiscal_year == motion.fiscal_year:
            year.begin(new_case(year, subject), subject)


def new_case(year: "Year", subject: Subject) -> NewCase:
    """The case of an object; where third parties review collectively, one of them is at hand from the start."""
    return NewCase(
        object_kind=subject.kind,
        code=subject.code,
        name=subject.name,
        unit_id=year.town.units[subject.unit],
        fiscal_year=subject.fiscal_year,
        lines=[Line(line.name, line.amount_wan) for line in subject.lines],
        facts=dict(subject.facts),
        agency_id=year.town.agencies[COLLECTIVE_REVIEWER] if year.reviews_collectively else None,
    )


def _launch(year: "Year", motion: Motion) -> None:
    launch_stage(year.transactions(), motion.fiscal_year, motion.what, by=year.town.office, at=year.clock.now())


def _adjust(year: "Year", motion: Motion) -> None:
    """Some departments get more or less money, some projects move it within the same sum (HX-06).

    Whoever was told to after monitoring is among them.
    """
    for case_id in year.cases_of(motion.fiscal_year):
        subject = year.subjects[case_id]
        chance = dice(year.seed, motion.fiscal_year, subject.code, "adjust")
        told_to = year.memories[case_id].said.get("monitoring_disposal") == "adjust"
        if chance.random() >= habits().adjust_budget and not told_to:
            continue
        with year.transaction() as session:
            case = case_by_id(session, case_id)
            if "target" not in case.forms or wait_for(case.waits, MESSAGE) is None:
                continue
            kind = chance.choice(("supplement", "cut")) if subject.is_whole_department else "transfer"
            factor = {"supplement": Decimal("1.08"), "cut": Decimal("0.95"), "transfer": Decimal(1)}[kind]
            amount = (case.amount_wan * factor).quantize(Decimal("0.000001"))
            by, at = year.town.division, year.clock.now()
            adjust_budget(session, case_id, amount, reason="示例：年中预算调整", by=by, at=at, kind=kind)
        year.look_at(case_id)


def _draw(year: "Year", motion: Motion) -> None:
    """Two seeds draw some of the projects that wait; of those who come later, as many as there are enough for."""
    by, at = year.town.office, year.clock.now()
    frame = _frame(year, motion, "spot_review")
    first = motion not in year.repeated
    share = len(frame.candidates) * habits().spot_review
    size = ceil(share) if first else floor(share + HALF)
    if frame.members and size:
        draw_sample(
            year.transactions(),
            motion.fiscal_year,
            "spot_review",
            size,
            finance_seed=f"财政 {year.seed} {motion.on}",
            witness_seed=f"见证 {year.seed} {motion.on}",
            witness=WITNESS,
            by=by,
            at=at,
            reason=WHY_DRAWN if frame.undefined else None,
        )
    elif frame.members:
        reason = "示例：没有符合抽取条件的项目" if first else TOO_LATE_TO_DRAW
        skip_draw(year.transactions(), motion.fiscal_year, "spot_review", reason=reason, by=by, at=at)
    _again_for_latecomers(year, motion, "spot_review", frame)


def _plan(year: "Year", motion: Motion) -> None:
    """Every object with a published third-party score is evaluated; where the table says otherwise, with a reason."""
    frame = _frame(year, motion, "key_evaluation")
    if frame.members:
        everybody = [member["case"] for member in frame.members]
        by_table = not frame.undefined and list(frame.candidates) == everybody
        led = [case_id for case_id in everybody if _led_by_department(year, case_id)]
        plan_evaluation(
            year.transactions(),
            motion.fiscal_year,
            by=year.town.office,
            at=year.clock.now(),
            chosen=None if by_table else everybody,
            department_led=led,
            reason=None if by_table else WHY_PLANNED,
        )
        for case_id in everybody:
            year.memories[case_id].said["organizer"] = "department" if case_id in led else "finance"
    _again_for_latecomers(year, motion, "key_evaluation", frame)


def _led_by_department(year: "Year", case_id: int) -> bool:
    subject = year.subjects[case_id]
    chance = dice(year.seed, subject.fiscal_year, subject.code, "organizer")
    return subject.department is not None and chance.random() < habits().department_led


def _frame(year: "Year", motion: Motion, purpose: str) -> Frame:
    with year.transaction() as session:
        return preview_frame(session, motion.fiscal_year, purpose, by=year.town.office, at=year.clock.now())


def _again_for_latecomers(year: "Year", motion: Motion, purpose: str, frame: Frame) -> None:
    """As long as somebody has not arrived yet, the same is done again after two weeks: nobody waits for ever."""
    told = year.told.setdefault((motion.fiscal_year, purpose), set())
    told |= {member["case"] for member in frame.members}
    expected = {case_id for case_id in year.cases_of(motion.fiscal_year) if _comes_to(purpose, year.subjects[case_id])}
    if expected - told - year.closed:
        year.plan_again(Motion(motion.on + AGAIN_AFTER, motion.fiscal_year, motion.what))


def _comes_to(purpose: str, subject: Subject) -> bool:
    """Whether the way of an object leads through a draw or plan at all."""
    if "policy_ends_on" in subject.facts:
        return False
    return purpose == "key_evaluation" or not subject.is_whole_department


MOTIONS: dict[str, Callable[["Year", Motion], None]] = {
    "start": _start,
    "monitoring": _launch,
    "adjustments": _adjust,
    "self_evaluation": _launch,
    "spot_review": _draw,
    "key_evaluation": _plan,
    "result_use": _launch,
}
"""What the plan calls it → how it is done."""
