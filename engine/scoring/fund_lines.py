"""Several fund lines, one project: count by project, money by line, one third-party score per project (HX-16).

How a project's self score follows from its lines is a named method, because the published tables do not say. On the
花溪 2021 data (29 projects, 35 lines) the mean self score is above the mean third-party score by

    mean_of_lines@1     5.65 (5.6457)     the mean of a project's lines; what the product reports
    first_line@1        5.69              the first line printed for a project
    funds_weighted@1    5.64              lines weighted by their money

while averaging over 35 lines instead of 29 projects gives 5.28 and contradicts HX-16.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from engine.errors import InvalidInput
from engine.scoring.methods import UnknownMethod
from engine.scoring.numbers import HUNDRED, ZERO, ImpossibleNumber, NothingToCount, bounded, mean, plain


class DisagreeingLines(InvalidInput):
    """Lines of one project that name different third-party scores or grades."""

    code = "scoring.disagreeing_lines"


class FundLine(Protocol):
    """One line of money of a project, with its own self score and the project's third-party score and grade."""

    @property
    def no(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def funds_wan(self) -> Decimal: ...
    @property
    def self_score(self) -> Decimal: ...
    @property
    def third_party_score(self) -> Decimal: ...
    @property
    def grade(self) -> str: ...


SelfScore = Callable[[Sequence[FundLine]], Decimal]


@dataclass(frozen=True, slots=True)
class CombinedProject:
    """One project; `name` is that of its first line, `self_score` is unrounded."""

    no: int
    name: str
    lines: int
    funds_wan: Decimal
    self_score: Decimal
    third_party_score: Decimal
    grade: str


@dataclass(frozen=True, slots=True)
class Combination:
    """All projects of a year, in the order they first appear; means are over projects and unrounded."""

    projects: tuple[CombinedProject, ...]
    fund_lines: int
    funds_wan: Decimal
    mean_self_score: Decimal
    mean_third_party_score: Decimal
    method: str

    @property
    def mean_self_minus_third_party(self) -> Decimal:
        """How much higher the units rate themselves than the agencies do (HX-15)."""
        return self.mean_self_score - self.mean_third_party_score


def mean_of_lines(lines: Sequence[FundLine]) -> Decimal:
    """The plain mean of the lines' self scores."""
    return mean([line.self_score for line in lines])


def first_line(lines: Sequence[FundLine]) -> Decimal:
    """The self score of the first line."""
    return lines[0].self_score


def funds_weighted(lines: Sequence[FundLine]) -> Decimal:
    """The lines' self scores weighted by their money; their plain mean if there is no money."""
    funds = sum((line.funds_wan for line in lines), ZERO)
    if funds == 0:
        return mean_of_lines(lines)
    return sum((line.self_score * line.funds_wan for line in lines), ZERO) / funds


SELF_SCORE_METHODS: Mapping[str, SelfScore] = {
    "mean_of_lines@1": mean_of_lines,
    "first_line@1": first_line,
    "funds_weighted@1": funds_weighted,
}


def combine_lines(lines: Iterable[FundLine], method: str = "mean_of_lines@1") -> Combination:
    """The projects the lines make up; refuses none at all, and lines of one project that disagree."""
    if method not in SELF_SCORE_METHODS:
        raise UnknownMethod(
            f"没有名为“{method}”的自评分合并方法，可选：{'、'.join(SELF_SCORE_METHODS)}。", method=method
        )
    by_project: dict[int, list[FundLine]] = {}
    for line in lines:
        _must_be_possible(line)
        by_project.setdefault(line.no, []).append(line)
    if not by_project:
        raise NothingToCount("没有任何项目资金行，无法汇总。")
    projects = tuple(_combined(its_lines, SELF_SCORE_METHODS[method]) for its_lines in by_project.values())
    return Combination(
        projects=projects,
        fund_lines=sum(project.lines for project in projects),
        funds_wan=sum((project.funds_wan for project in projects), ZERO),
        mean_self_score=mean([project.self_score for project in projects]),
        mean_third_party_score=mean([project.third_party_score for project in projects]),
        method=method,
    )


def _combined(lines: Sequence[FundLine], self_score: SelfScore) -> CombinedProject:
    first = lines[0]
    for line in lines[1:]:
        if (line.third_party_score, line.grade) != (first.third_party_score, first.grade):
            raise DisagreeingLines(
                f"序号 {first.no} 的各资金行第三方得分或等级不一致："
                f"{plain(first.third_party_score)} {first.grade} 与 {plain(line.third_party_score)} {line.grade}，"
                "同一项目只能有一个，请核对。",
                no=first.no,
            )
    return CombinedProject(
        no=first.no,
        name=first.name,
        lines=len(lines),
        funds_wan=sum((line.funds_wan for line in lines), ZERO),
        self_score=self_score(lines),
        third_party_score=first.third_party_score,
        grade=first.grade,
    )


def _must_be_possible(line: FundLine) -> None:
    bounded(line.funds_wan, "资金")
    for value, what in ((line.self_score, "自评得分"), (line.third_party_score, "第三方得分")):
        if bounded(value, what) > HUNDRED:
            raise ImpossibleNumber(f"序号 {line.no} 的{what} {plain(value)} 超过 100。", no=line.no)
