"""驾驶舱: five figures with what they rest on, where the cases are stuck, and whom to urge."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, render_template, request

from engine.queries.grade_scales import grade_scales
from engine.queries.overdue import OverdueTasks, overdue_tasks
from engine.queries.year_amounts import year_amounts
from engine.queries.year_counts import EVERYTHING, Share, StageCount, stage_counts
from engine.queries.year_results import YearRows, year_rows, years_of
from engine.scoring import plain, rounded
from engine.words import STAGES, CaseState, Role, said_process
from web.csv_answers import csv_answer
from web.pages.asked import address, asked_word, asked_year
from web.pages.cases import BETWEEN, NATURES, OUTSIDE, UNIT_KINDS
from web.visits import Visit, requires

page = Blueprint("dashboard", __name__)

FULL_MARKS = Decimal(100)
MOST_CUT = 20
"""So many objects stand on the page, the greatest cut first; all are in the file."""
MEASURES = {"cases": "件数", "money": "资金"}
STATUSES = {
    "running": CaseState.ACTIVE.label,
    "overdue": "逾期",
    "suspended": CaseState.SUSPENDED.label,
    "closed": CaseState.CLOSED.label,
    "cancelled": CaseState.CANCELLED.label,
}
"""How a case stands, in the order in which a bar is drawn."""
WIDE, SEEN = 1000, 4
"""The whole width of the longest bar, and the least that can still be seen, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: how many cases, how much money, where it begins, how wide it is, and the list behind it."""

    status: str
    cases: int
    amount_wan: Decimal
    begins: int
    width: int
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One stage with its parts."""

    name: str
    parts: tuple[Part, ...]
    cases: int
    amount_wan: Decimal

    def of(self, status: str) -> Part | None:
        """The part of that status."""
        return next((part for part in self.parts if part.status == status), None)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the five figures say; a None has no rows to rest on. Means are rounded to two decimals."""

    rows: YearRows
    full_marks: int | None
    mean_gap: Decimal | None


@page.get("/dashboard")
@requires("see_dashboard")
def overview(visit: Visit) -> Any:
    """One year, of all cases or a share of them."""
    years = years_of(visit.session, visit.actor)
    year = asked_year() or (years[0] if years else visit.today.year)
    share = Share(asked_word("kind", UNIT_KINDS), asked_word("nature", NATURES))
    by = asked_word("by", MEASURES) or "cases"
    counts = stage_counts(visit.session, visit.actor, year, on=visit.today, share=share)
    rows = year_rows(visit.session, visit.actor, year, share=share)
    late = overdue_tasks(visit.session, visit.actor, on=visit.today, share=share)
    bars = bars_of(counts, year, by, share)
    graded = {line.no for line in rows.lines} | {unit.case_id for unit in rows.units}
    return render_template(
        "dashboard.html", visit=visit, years=years, year=year, share=share, kinds=UNIT_KINDS, natures=NATURES, by=by,
        figures=_figures(rows), bars=bars, answer=answer_of(bars, by), late=late, statuses=STATUSES, wide=WIDE,
        only_closed=_only_closed(visit), urges=_may_urge(visit, late),
        scales=grade_scales(visit.session, visit.actor, graded), filtered="year" in request.args or share != EVERYTHING,
        amounts=year_amounts(visit.session, visit.actor, year, share=share, most=MOST_CUT),
        amounts_url=address("/dashboard/amounts.csv", year=year, kind=share.unit_kind, nature=share.nature),
        late_url=address("/cases", overdue="1", units=share.unit_kind, nature=share.nature),
        whole_url=address("/dashboard", year=year, by=by),
        other_url=address(
            "/dashboard", year=year, kind=share.unit_kind, nature=share.nature, by="cases" if by == "money" else "money"
        ),
    )  # fmt: skip


@page.get("/dashboard/amounts.csv")
@requires("see_dashboard")
def amounts_file(visit: Visit) -> Response:
    """导出: what every project and policy of the year asked for, was found right with, and has now."""
    year = asked_year() or visit.today.year
    share = Share(asked_word("kind", UNIT_KINDS), asked_word("nature", NATURES))
    found = year_amounts(visit.session, visit.actor, year, share=share)
    rows = (
        (
            each.code, each.name, each.unit, plain(each.asked_wan),
            *((plain(each.asked_wan - each.cut.amount_wan), plain(each.cut.amount_wan), each.cut.rate) if each.cut
              else (None, None, None)),
            plain(each.now_wan),
        )
        for each in found.objects
    )  # fmt: skip
    heads = (
        "编码",
        "名称",
        "单位",
        "申报（万元）",
        "核定（万元）",
        "核减额（万元）",
        "核减率（%）",
        "现在的金额（万元）",
    )
    return csv_answer(f"核减-{year}.csv", [heads, *rows])


def _figures(rows: YearRows) -> Figures:
    projects = rows.statistics.projects
    if projects is None:
        return Figures(rows, None, None)
    full = sum(project.self_score == FULL_MARKS for project in projects.combination.projects)
    return Figures(rows, full, rounded(projects.combination.mean_self_minus_third_party))


def bars_of(counts: Iterable[StageCount], year: int, by: str, share: Share = EVERYTHING) -> tuple[Bar, ...]:
    """A bar a stage that has cases, in the order of the year; what stands between stages, or is over, comes last."""
    found: dict[str | None, list[StageCount]] = {stage.value: [] for stage in STAGES}
    for count in counts:
        found.setdefault(count.stage, []).append(count)
    longest = max((_total(parts, by) for parts in found.values()), default=Decimal(0))
    return tuple(
        _bar(stage, parts, by, longest, _lists_of(year, stage, share)) for stage, parts in found.items() if parts
    )


def _bar(
    stage: str | None, counts: Sequence[StageCount], by: str, longest: Decimal, list_of: Callable[[str], str]
) -> Bar:
    known = {count.status: count for count in counts}
    parts, begins = [], 0
    for status in STATUSES:
        if status in known:
            count = known[status]
            width = max(SEEN, int(_size(count, by) * WIDE / longest)) if longest else 0
            parts.append(Part(status, count.cases, count.amount_wan, begins, width, list_of(status)))
            begins += width
    name = said_process(stage) if stage is not None else OUTSIDE
    cases, money = sum(count.cases for count in counts), sum((count.amount_wan for count in counts), Decimal(0))
    return Bar(name, tuple(parts), cases, money)


def _lists_of(year: int, stage: str | None, share: Share) -> Callable[[str], str]:
    """Status → the list of cases under just this filter."""

    def list_of(status: str) -> str:
        state, overdue = (
            ("active", "1" if status == "overdue" else "0") if status in ("running", "overdue") else (status, "")
        )
        return address(
            "/cases", year=year, stage=stage or BETWEEN, state=state, overdue=overdue, units=share.unit_kind,
            nature=share.nature,
        )  # fmt: skip

    return list_of


def _total(counts: Sequence[StageCount], by: str) -> Decimal:
    return sum((_size(count, by) for count in counts), Decimal(0))


def _size(count: StageCount, by: str) -> Decimal:
    return count.amount_wan if by == "money" else Decimal(count.cases)


def answer_of(bars: Sequence[Bar], by: str) -> str:
    """The chart's question answered in one sentence: where most of what still moves stands."""
    moving = [bar for bar in bars if bar.of("running") or bar.of("overdue")]
    if not moving:
        return "没有在办的案卷。" if bars else "本年度还没有案卷。"
    most = max(moving, key=lambda bar: _moving(bar, by))
    late = most.of("overdue")
    many = sum(part.cases for part in most.parts if part.status in ("running", "overdue"))
    money = sum((part.amount_wan for part in most.parts if part.status in ("running", "overdue")), Decimal(0))
    size = f"{rounded(money):,} 万元" if by == "money" else f"{many} 件"
    return f"在办最多的是{most.name}：{size}，其中逾期 {late.cases if late else 0} 件。"


def _moving(bar: Bar, by: str) -> Decimal:
    parts = [part for part in bar.parts if part.status in ("running", "overdue")]
    return sum((part.amount_wan if by == "money" else Decimal(part.cases) for part in parts), Decimal(0))


def _only_closed(visit: Visit) -> bool:
    """Whether this office sees cases only once they are closed."""
    return visit.actor.roles == {Role.OBSERVER}


def _may_urge(visit: Visit, late: OverdueTasks) -> bool:
    return bool(late.first) and not _only_closed(visit)
