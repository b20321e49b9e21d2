"""features/target_filing, and what only targets need: indicators of some number and quality, and the budget gate."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, scenarios, then, when
from sqlalchemy import select

from engine.clock import shanghai
from engine.commands.answer_late_filing import answer_late_filing
from engine.commands.report_execution import report_execution
from engine.commands.request_late_filing import request_late_filing
from engine.moves.asking import moves_open_to
from engine.moves.executing import Reported
from engine.moves.settling import AskedAmount
from engine.process import Element, StepKind
from engine.submissions.forms.indicators import is_quantified
from engine.tasks import Task
from engine.words import TaskState
from tests.factories_forms import valid_content
from tests.office import FISCAL_YEAR
from tests.office.example import ECONOMIC
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story, fills
from tests.steps.words import AREAS

scenarios("../../features/target_filing")

GATE = "target_filing.budget_gate"
ONE_OF_EACH_KIND = {"y1": "40", "y5": "10", "y6": "10", "y10": "5", "y7": "8", "y8": "7", "y9": "10"}
"""Row of the example target → its points: seven kinds in seven rows."""

FLAWS: dict[str, tuple[str, dict[str, Any]]] = {
    "归类不当": ("indicators[y6].level2", {"indicators[y6].level2": "数量指标"}),
    "含混而没有计算方法": (
        "indicators[y2].calculation",
        {"indicators[y2].name": "服务明显改善的站点", "indicators[y2].calculation": None},
    ),
    "没有写当年工作": (
        "annual_goal",
        {"annual_goal": "示例：建成社区养老服务站", "mid_term_goal": "示例：建成社区养老服务站"},
    ),
}
"""What is wrong with a target (CH-24) → the cell that asks for a sentence, and the cells that make it so."""

FROM_THE_GATE = {"次日": 1, "前一天": -1, "前一周": -7}


@given(parsers.re(f"立卷时是预算编制截止日的(?P<when_>{'|'.join(FROM_THE_GATE)})"))
def begun_near_the_gate(story: Story, when_: str) -> None:
    policy = story.library.policies.of(AREAS[story.area])
    laid_down = policy.decide("deadline", dict(zip(("stage", "step"), GATE.split("."), strict=True))).outputs
    month, day = map(int, laid_down["month_day"].split("-"))
    gate = shanghai(FISCAL_YEAR + int(laid_down["year_offset"]), month, day, 9)
    story.office.clock.move_to(gate + timedelta(days=FROM_THE_GATE[when_]))


@when(parsers.re("单位经办人申请补报“(?P<step>[^“”]+)”，理由是“(?P<reason>[^“”]*)”"))
def asks_to_file_late(story: Story, step: str, reason: str) -> None:
    office = story.office
    with office.transactions() as session:
        closed = select(Task).where(Task.case_id == story.case_id, Task.state == TaskState.CLOSED)
        (task,) = [each for each in session.scalars(closed) if office.element(each).name == step]
        how: dict[str, Any] = {"reason": reason, "by": office.bureau.clerk, "at": office.now}
        gave = request_late_filing(session, task.id, office.today + timedelta(days=5), **how).gave
        story.numbers["补报"] = int(gave["request"])


@when(parsers.re("财政绩效股(?P<answer>准予|不予)补报，理由是“(?P<reason>[^“”]*)”"))
def answers_late_filing(story: Story, answer: str, reason: str) -> None:
    office = story.office
    until = office.today + timedelta(days=5) if answer == "准予" else None
    with office.transactions() as session:
        how: dict[str, Any] = {"reason": reason, "by": office.bureau.office, "at": office.now}
        answer_late_filing(session, story.numbers["补报"], until, **how)


@when(parsers.re(f"{OFFICE}{TRIES}填报没有对应职责的绩效目标"))
def fills_a_task_without_duty(story: Story, office: str, attempt: str | None) -> None:
    story.changes = {"tasks[t1].duty": None}
    with story.trying(attempt):
        story.act(office, _is_a_target)


@when(parsers.re(f"{OFFICE}{TRIES}填报没有(?P<part>年度目标|绩效指标)的绩效目标"))
def leaves_out_a_part(story: Story, office: str, attempt: str | None, part: str) -> None:
    story.changes = {{"年度目标": "annual_goal", "绩效指标": "indicators"}[part]: None}
    with story.trying(attempt):
        story.act(office, _is_a_target)


@when(parsers.re(f"{OFFICE}{TRIES}填报指标“(?P<flaw>{'|'.join(FLAWS)})”、不作说明的绩效目标"))
def fills_a_flawed_target(story: Story, office: str, attempt: str | None, flaw: str) -> None:
    cell, changes = FLAWS[flaw]
    story.changes = {**changes, "explanations": {cell: ""}}
    with story.trying(attempt):
        story.act(office, _is_a_target)


@when(parsers.re(f"{OFFICE}把培训护理人次的指标值改为(?P<value>\\d+)后填报绩效目标"))
def fills_another_target_value(story: Story, office: str, value: str) -> None:
    story.changes = {"indicators[y1].target_value": value}
    story.act(office, _is_a_target)


@when(parsers.re(f"{OFFICE}{TRIES}填报有(?P<count>\\d+)个指标、其中(?P<measured>\\d+)个可以量化的绩效目标"))
def fills_so_many_indicators(story: Story, office: str, attempt: str | None, count: str, measured: str) -> None:
    story.wishes["indicators"] = _indicators(int(count), int(measured))
    with story.trying(attempt):
        story.act(office, _is_a_target)


@when(parsers.re(f"{OFFICE}{TRIES}按“(?P<round_>[^“”]+)”填审核表并通过绩效目标"))
def reviews_in_another_round(story: Story, office: str, attempt: str | None, round_: str) -> None:
    rounds = {"金额与目标联合评审": "joint_review", "封库后定稿": "final_after_lock"}
    story.changes = {"round": rounds[round_]}
    with story.trying(attempt):
        story.act(office, fills("F03"))


@when(parsers.re(f"{OFFICE}{TRIES}不写场次就通过绩效目标"))
def reviews_without_a_session(story: Story, office: str, attempt: str | None) -> None:
    story.changes = {"collective_session": None}
    with story.trying(attempt):
        story.act(office, fills("F03"))


@when(parsers.re("到了预算编制截止日(?P<when_>当天|的次日)"))
def the_budget_gate_comes(story: Story, when_: str) -> None:
    gate = story.office.deadlines(story.case_id, GATE)[0]
    last_moment = gate.due_at - timedelta(hours=1)
    story.office.clock.move_to(last_moment if when_ == "当天" else last_moment + timedelta(hours=9))
    story.office.sweep(story.case_id)


@then(parsers.parse("有效目标中培训护理人次的指标值是{value}"))
def the_value_in_force(story: Story, value: str) -> None:
    in_force = story.office.case(story.case_id).forms.target
    content = next(v.content for v in story.versions("绩效目标") if v.id == in_force.id)
    assert next(row["target_value"] for row in content["indicators"] if row["id"] == "y1") == value


def _is_a_target(element: Element) -> bool:
    return element.step.kind is StepKind.FILL and fills("F02")(element)


def _indicators(count: int, measured: int) -> list[dict[str, Any]]:
    """All seven kinds in `count` rows, of which `measured` can be measured; the others lack a calculation."""
    example = {row["id"]: row for row in valid_content("F02")["indicators"]}
    example["y10"] = example["y6"] | ECONOMIC
    points = ONE_OF_EACH_KIND | ({"y3": "10", "y1": "30"} if count == 8 else {})
    rows = [example[row_id] | {"weight": weight} for row_id, weight in points.items()]
    for row in [row for row in rows if is_quantified(row)][measured:]:
        row["calculation"] = None
    assert (len(rows), sum(map(is_quantified, rows))) == (count, measured)
    return rows


# ── 上年执行 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(
    parsers.re("(?P<which>同一项目|本部门的另一个项目)上年预算(?P<budget>[\\d.]+)万元，已支出(?P<spent>[\\d.]+)万元")
)
def spent_the_year_before(story: Story, which: str, budget: str, spent: str) -> None:
    office, code = story.office, {"同一项目": "示例-2021-001", "本部门的另一个项目": "示例-2021-002"}[which]
    former = office.open_case(code=code, amount_wan=budget, fiscal_year=FISCAL_YEAR - 1)
    reported = Reported(office.today, Decimal(spent), "示例：国库系统")
    with office.transactions() as session:
        report_execution(session, former, reported, by=office.bureau.division, at=office.now)


@given("本部门还有一个项目上年没有安排预算")
def turned_down_the_year_before(story: Story) -> None:
    former = story.office.open_case(code="示例-2021-003", amount_wan="50", fiscal_year=FISCAL_YEAR - 1)
    story.office.reach(former, "target_filing.approve_budget")
    story.office.do(former, "approve_budget", target_result="not_arranged", reason="示例：没有立项依据")


@then(
    parsers.re(
        "核定金额时列出上年支出(?P<spent>[\\d.]+)万元、执行率(?P<rate>[\\d.]+)%，现在的金额多(?P<more>[\\d.]+)万元"
    )
)
def sees_what_was_spent(story: Story, spent: str, rate: str, more: str) -> None:
    before = asked_about(story).last_year

    assert before is not None
    assert before.spent.executed_wan == Decimal(spent)
    assert before.spent.rate == Decimal(rate) / 100
    assert before.more_wan == Decimal(more)


@then(parsers.parse("核定金额时列出本部门上年的执行率{rate}%"))
def sees_what_the_department_spent(story: Story, rate: str) -> None:
    before = asked_about(story).last_year

    assert before is not None
    assert before.department_rate == Decimal(rate) / 100


@then("核定金额时没有上年支出可列")
def sees_nothing_of_last_year(story: Story) -> None:
    assert asked_about(story).last_year is None


def asked_about(story: Story) -> AskedAmount:
    """What the division is shown at the step where it finds the amount right."""
    office = story.office
    task = next(task for task in office.tasks(story.case_id) if task.element == "approve_budget")
    with office.transactions() as session:
        moves = moves_open_to(session, task.id, office.bureau.division, at=office.now)
    return next(each.about for move in moves for each in move.questions if each.about is not None)
