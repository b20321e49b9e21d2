"""features/spot_review, and what only the spot review needs: the draw and its witnesses."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when
from sqlalchemy import select

from engine.commands.draw_sample import draw_sample
from engine.queries.selections import recount
from engine.results.model import Sample
from engine.scores import Score
from tests.factories import sample_of
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story, fills

scenarios("../../features/spot_review")

SEEDS = {"finance_seed": "示例甲", "witness_seed": "示例乙"}
Draw = Callable[..., Sample]


@pytest.fixture
def draw(story: Story) -> Draw:
    """A draw by the 绩效股; `how` says what is missing or different."""

    def drawn(size: int, **how: Any) -> Sample:
        office = story.office
        how = {"witness": "示例见证人", "reason": "示例：年度计划"} | SEEDS | how
        receipt = draw_sample(
            office.transactions, 2021, "spot_review", size, by=office.bureau.office, at=office.now, **how
        )
        return sample_of(office.transactions, receipt)

    return drawn


@given("抽中了本案卷")
def will_be_drawn(story: Story) -> None:
    story.wishes["sampled"] = True


@given("同年另有一个没有标记的项目也在等待抽取")
def another_project_waits(story: Story) -> None:
    story.numbers["另一个"] = story.open_case("示例-2", marks=[])
    story.office.reach(story.numbers["另一个"], "spot_review")


@when(parsers.parse("财政绩效股在见证下抽取{size:d}个"))
def is_drawn(draw: Draw, size: int) -> None:
    draw(size)


@when(parsers.parse("财政绩效股试图在没有见证人时抽取{size:d}个"))
def is_drawn_without_witness(story: Story, draw: Draw, size: int) -> None:
    with story.trying("试图"):
        draw(size, witness="")


@when(parsers.parse("财政绩效股试图不写理由就抽取{size:d}个"))
def is_drawn_without_reason(story: Story, draw: Draw, size: int) -> None:
    with story.trying("试图"):
        draw(size, reason=None)


@when(parsers.re(f"{OFFICE}{TRIES}填报扣分而不写理由的复核表"))
def cuts_without_a_reason(story: Story, office: str, attempt: str | None) -> None:
    story.wishes["cut_rows"] = ("y1",)
    story.changes = {"indicators[y1].reason": None}
    with story.trying(attempt):
        story.act(office, fills("F08"))


@when(parsers.re(f"{OFFICE}{TRIES}委派没有作回避声明的机构"))
def assigns_an_undeclared_agency(story: Story, office: str, attempt: str | None) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "assign_spot_reviewer", declared_independent=False)


@then("抽中的是本案卷")
def this_one_is_drawn(story: Story) -> None:
    assert [choice["case"] for choice in _sample(story).drawn] == [story.case_id]
    assert ("财政绩效股", "委派复核机构") in story.waiting()


@then("另一个项目进入重点评价")
def the_other_goes_on(story: Story) -> None:
    assert story.office.case(story.numbers["另一个"]).stage == "key_evaluation"


@then("按留存的名单和两枚种子复算，结果相同")
def anyone_can_repeat_it(story: Story) -> None:
    with story.office.transactions() as session:
        again = recount(session, story.office.bureau.office, _sample(story).id)
    assert again.holds
    assert again.again == (story.case_id,)


@then(parsers.parse("复核得分是{total}，等级是“{grade}”"))
def the_review_came_to(story: Story, total: str, grade: str) -> None:
    kept = story.office.rows(Score, story.case_id)[-1]
    assert (kept.kind, kept.total, kept.grade) == ("spot_review", Decimal(total), grade)


def _sample(story: Story) -> Sample:
    with story.office.transactions() as session:
        return session.scalars(select(Sample).order_by(Sample.id.desc()).limit(1)).one()
