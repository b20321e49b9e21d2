"""结果应用清单 of a budget year: by which rule a result does what to whose money, and how far that has come."""

from typing import Any

from flask import Blueprint, render_template, request

from engine.errors import NotFound
from engine.queries.grade_scales import grade_scales
from engine.queries.open_steps import open_steps
from engine.queries.result_applications import OF_EFFECTS, ApplicationFilters, result_applications
from engine.submissions.forms.result_application import OCCASIONS
from engine.words import ApplicationState, EffectKind, EffectState, ScoreKind, Stage
from web.pages.asked import address, asked_text, asked_word
from web.pages.dropping import Drop, drops_of
from web.pages.letters import to_do
from web.visits import Visit, requires

page = Blueprint("result_applications", __name__)
FIRST_YEAR, LAST_YEAR = 1000, 9999


class NoSuchYear(NotFound):
    """A budget year has four digits."""

    code = "page.no_such_year"


@page.get("/result-applications")
@requires("see_result_applications")
def current(visit: Visit) -> Any:
    """The list of the budget that is made up this year."""
    return _page(visit, visit.today.year + 1)


@page.get("/result-applications/<int:budget_year>")
@requires("see_result_applications")
def of_year(visit: Visit, budget_year: int) -> Any:
    """The list of that budget."""
    if not FIRST_YEAR <= budget_year <= LAST_YEAR:
        raise NoSuchYear("没有这个预算年度。请从菜单打开结果应用清单。", budget_year=str(budget_year)[:40])
    return _page(visit, budget_year)


def _page(visit: Visit, budget_year: int) -> Any:
    """Fifty objects, the latest first."""
    filters, after = _filters(), request.args.get("after") or None
    found = result_applications(visit.session, visit.actor, budget_year, filters=filters, after=after)
    here = f"/result-applications/{budget_year}"
    return render_template(
        "result_applications.html", visit=visit, lines=found.lines, budget_year=budget_year, filters=filters,
        steps=_steps(visit, [line.case_id for line in found.lines]),
        to_do=to_do(visit, Stage.RESULT_USE, about=OF_EFFECTS.__contains__),
        effects=EffectKind.labels(), said_effect=EffectKind.said, states=ApplicationState.labels(),
        said_state=EffectState.said,
        said_score=ScoreKind.said, occasions=dict(OCCASIONS), here=here, filtered=filters != ApplicationFilters(),
        after=after, next_url=_address(here, filters, found.next) if found.next else None,
        first_url=_address(here, filters, None),
        drops=[] if found.lines or after else _drops(visit, budget_year, here, filters),
        scales=grade_scales(visit.session, visit.actor, [line.case_id for line in found.lines if line.grade]),
    )  # fmt: skip


def _steps(visit: Visit, case_ids: list[int]) -> dict[int, Any]:
    """What is open about each object's result now."""
    found = open_steps(visit.session, visit.actor, case_ids)
    return {case: [step for step in steps if step.element in OF_EFFECTS] for case, steps in found.items()}


def _filters() -> ApplicationFilters:
    return ApplicationFilters(
        effect=asked_word("effect", EffectKind.labels()),
        state=asked_word("state", ApplicationState.labels()),
        text=asked_text(),
    )


def _drops(visit: Visit, budget_year: int, here: str, filters: ApplicationFilters) -> list[Drop]:
    """The filters an empty list could do without."""
    said = {
        "effect": f"应用：{EffectKind.labels().get(filters.effect or '')}",
        "state": f"状态：{ApplicationState.labels().get(filters.state or '')}", "text": f"关键字：{filters.text}",
    }  # fmt: skip
    return drops_of(
        lambda other: result_applications(visit.session, visit.actor, budget_year, filters=other),
        filters, ApplicationFilters(), said, lambda other: _address(here, other, None), "个对象",
    )  # fmt: skip


def _address(here: str, filters: ApplicationFilters, after: str | None) -> str:
    return address(here, effect=filters.effect, state=filters.state, q=filters.text, after=after)
