"""features/ex_ante_assessment, and what only the assessment needs: a report with a dimension left out."""

from decimal import Decimal

from pytest_bdd import given, parsers, scenarios, then, when

from engine.commands.correct_facts import correct_facts
from engine.policies import DECISIONS
from engine.queries.year_amounts import year_amounts
from engine.scoring import Reduction
from engine.words import ObjectFact
from tests.office import FISCAL_YEAR
from tests.papers import policies
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story
from tests.steps.words import AREAS, NATURES

scenarios("../../features/ex_ante_assessment")


@given("须做事前评估")
def an_assessment_is_wanted(story: Story) -> None:
    story.wishes["ex_ante_verdict"] = "needed"


@given(parsers.parse("没有登记“{fact}”"))
def nobody_knows(story: Story, fact: str) -> None:
    story.facts[next(each.value for each in ObjectFact if each.label == fact)] = None


@then(parsers.parse("“{title}”资料不全，不知道“{fact}”"))
def the_answer_depends_on(story: Story, title: str, fact: str) -> None:
    answer = story.ask(title)
    assert [DECISIONS[answer.decision].inputs[name].label for name in answer.missing] == [fact]


@when(parsers.re(f"财政绩效股{TRIES}把项目性质更正为“(?P<nature>[^“”]+)”，理由是“(?P<reason>[^“”]*)”"))
def corrects_the_nature(story: Story, attempt: str | None, nature: str, reason: str) -> None:
    office, facts = story.office, {ObjectFact.PROJECT_NATURE.value: NATURES[nature]}
    with story.trying(attempt), office.transactions() as session:
        correct_facts(session, story.case_id, facts, reason=reason, by=office.bureau.office, at=office.now)


@then(parsers.parse("本年核减{amount}万元，核减率{rate}%"))
def the_year_was_cut(story: Story, amount: str, rate: str) -> None:
    with story.office.transactions() as session:
        cut = year_amounts(session, story.office.bureau.office, FISCAL_YEAR).cut
    assert cut == Reduction(Decimal(amount), Decimal(rate))


@when(parsers.re(f"{OFFICE}{TRIES}填报没有评估“(?P<dimension>[^“”]+)”的事前评估报告"))
def leaves_out_a_dimension(story: Story, office: str, attempt: str | None, dimension: str) -> None:
    sets = policies().of(AREAS[story.area]).pack.ex_ante_dimensions
    left_out = next(row.id for each in sets for row in each.dimensions if row.name == dimension)
    story.changes = {"explanations": {"dimensions": ""}}
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_ex_ante", without_dimension=left_out)


@when(parsers.re(f"{OFFICE}{TRIES}按(?P<amount>[\\d.]+)万元填报事前评估报告"))
def requests_another_amount(story: Story, office: str, attempt: str | None, amount: str) -> None:
    story.changes = {"requested.total_wan": amount, "requested.fiscal_wan": amount}
    story.changes |= {"requested_this_year_wan": amount, "suggested_wan": amount}
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_ex_ante")
