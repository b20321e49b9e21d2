"""features/fiscal_year, what is kept beside the cases: who evaluates what, and the library of indicators."""

from collections.abc import Callable
from typing import Any

from pytest_bdd import given, parsers, scenarios, then, when
from sqlalchemy import select

from engine.commands.add_indicator import add_indicator
from engine.commands.assign_agency import assign_agency
from engine.commands.change_indicator import change_indicator
from engine.commands.name_adviser import name_adviser
from engine.directory import Unit
from engine.moves.engagement import Engagement
from engine.queries.assignments import agencies
from engine.queries.indicator_library import IndicatorCard, IndicatorFilters, indicator_card, indicator_library
from engine.words import CaseKind, UnitKind
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story
from tests.steps.words import OFFICES
from tests.steps.years import planned

scenarios(*(f"../../features/fiscal_year/{name}.feature" for name in ("agencies", "indicator_library")))

# ── agencies ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(parsers.parse("花溪区本年有{number:d}个项目列入重点评价"))
def planned_projects(story: Story, number: int) -> None:
    story.area = "花溪区"
    numbers = [story.office.open_case(CaseKind.PROJECT, f"示例-{n}") for n in range(number)]
    story.numbers = {"": numbers[0]} | {str(number): number for number in numbers}
    planned(story, numbers)


@when(parsers.parse("{one:d}个委派给“{first}”，{two:d}个委派给“{second}”"))
def are_given_to(story: Story, one: int, first: str, two: int, second: str) -> None:
    numbers = [number for name, number in story.numbers.items() if name]
    assert len(numbers) == one + two
    for number, name in zip(numbers, [first] * one + [second] * two, strict=True):
        _assign(story, number, name)


@given(parsers.parse("“{name}”本年指导该单位自评，已经登记"))
def advised(story: Story, name: str) -> None:
    reason = "示例：单位自请指导自评，见服务合同"
    agency, how = _agency(story, name), {"by": story.office.bureau.office, "at": story.office.now}
    assert story.case_id
    with story.office.transactions() as session:
        name_adviser(session, story.case_id, agency, reason=reason, **how)


@when(parsers.parse("改为委派“{name}”"))
def is_given_to_another(story: Story, name: str) -> None:
    _assign(story, story.case_id, name)


@then(parsers.parse("分包表上“{first}”承担{one:d}个，“{second}”承担{two:d}个"))
def shares_of_the_agencies(story: Story, first: str, one: int, second: str, two: int) -> None:
    with story.office.transactions() as session:
        lines = {line.agency: line.assignments for line in agencies(session, story.office.bureau.office)}
    assert lines == {first: one, second: two}


@then(parsers.re("每份案卷都轮到所委派的机构“(?P<step>[^“”]+)”"))
def each_agency_has_its_own(story: Story, step: str) -> None:
    tasks = [story.office.tasks(number)[0] for name, number in story.numbers.items() if name]
    one, other = _agency(story, "示例机构"), _agency(story, "示例机构乙")
    assert [story.office.element(task).name for task in tasks] == [step] * 3
    assert [task.unit_id for task in tasks] == [one, one, other]


def _assign(story: Story, case_id: int, name: str) -> None:
    office, agency = story.office, _agency(story, name)
    (task,) = office.tasks(case_id)
    how = {"by": office.bureau.office, "at": office.now}
    with office.transactions() as session:
        assign_agency(session, task.id, Engagement(agency, "示例主评人", True), **how)


def _agency(story: Story, name: str) -> int:
    """The registered agency of that name; one that is not there yet is registered."""
    bureau = story.office.bureau
    with story.office.transactions() as session:
        found = session.scalar(select(Unit).where(Unit.name == name, Unit.kind == UnitKind.AGENCY))
        agency = found or Unit(jurisdiction=bureau.jurisdiction, name=name, kind=UnitKind.AGENCY)
        session.add(agency)
        session.flush()
        return agency.id


# ── the library ──────────────────────────────────────────────────────────────────────────────────────────────────────


@when(parsers.re(f"{OFFICE}把(?P<industry>..)行业的“(?P<name>[^“”]+)”收入指标库"))
def is_added(story: Story, office: str, industry: str, name: str) -> None:
    gave = _told(story, office, add_indicator, _entry(name, industry)).gave
    story.numbers[name] = int(gave["indicator"])


@when(parsers.re(f"{OFFICE}{TRIES}更改“(?P<name>[^“”]+)”"))
def is_changed(story: Story, office: str, attempt: str | None, name: str) -> None:
    cells = _entry(name, "教育") | {"calculation": "示例：另一种算法"}
    with story.trying(attempt):
        _told(story, office, change_indicator, story.numbers[name], cells, "示例：口径有变化")


@then(parsers.re("“(?P<name>[^“”]+)”是(?P<scope>共性|个性)指标，归“(?P<owner>[^“”]+)”"))
def belongs_to(story: Story, name: str, scope: str, owner: str) -> None:
    line = _card(story, name).line
    assert (line.scope.label, line.owner) == (scope, owner)


@then(parsers.re("“(?P<name>[^“”]+)”改过1次，原来的写法还在"))
def was_changed_once(story: Story, name: str) -> None:
    (change,) = _card(story, name).changes
    assert [before for _, before, _ in change.cells] == [_entry(name, "教育")["calculation"]]


@then(parsers.re("(?P<industry>..)行业的指标有“(?P<name>[^“”]+)”"))
def the_industry_has(story: Story, industry: str, name: str) -> None:
    with story.office.transactions() as session:
        filters = IndicatorFilters(industry=industry)
        page = indicator_library(session, story.office.bureau.clerk, filters=filters)
    assert [line.name for line in page.lines] == [name]


def _entry(name: str, industry: str) -> dict[str, str]:
    return {
        "code": f"示例-{name}", "name": name, "level1": "产出指标", "level2": "数量指标",
        "industry": industry, "direction": "≥", "unit": "个", "calculation": "示例：按台账合计",
    }  # fmt: skip


def _card(story: Story, name: str) -> IndicatorCard:
    with story.office.transactions() as session:
        return indicator_card(session, story.office.bureau.clerk, story.numbers[name])


def _told(story: Story, office: str, command: Callable[..., Any], *given: Any) -> Any:
    by = next(actor for actor in story.office.bureau.everybody() if OFFICES[office] in actor.roles)
    with story.office.transactions() as session:
        return command(session, *given, by=by, at=story.office.now)
